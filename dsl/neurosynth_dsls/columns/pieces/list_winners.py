"""An item with a name and an amount, written in another way: ``Tue 15`` as ``Tue (15)``, ``3 tea`` as ``tea: 3``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from neurosynth.language.program import Program
from neurosynth_dsls.columns.pieces.building import call

__all__ = ["rewritten"]

BOTH = 6
"""Bits of both parts of an item, in either order."""
BETWEEN, WORD = 1, 2
"""Bits of each sign written between and around them, and of each letter and digit."""
LONGEST = 12
"""Maximum number of characters between them."""
PATTERNS = (
    (0, r"(.*?[^\W_])\W+(-?\d[\d.,:]*)\W*"),
    (1, r"(.*?[^\W_])\W+(\d[\d.,:]*\s?(?:[^\W\d_]+(?:/[^\W\d_]+)?|[%°€£$]\w?))\W*"),
    (2, r"(-?\d[\d.,:]*)\W+([^\W_].*)"),
)
"""Bits and patterns of items: a name before a number, before a number with a unit, and behind a number."""
_CLOSING = {"(": ")", "[": "]"}
Rewriting = tuple[int, tuple[str, ...], Callable[[Program], Program]]
"""Bits, the texts of all rows, and what makes them of an item."""


def rewritten(items: Sequence[str], outputs: Sequence[str]) -> Iterator[Rewriting]:
    """Both parts of one item of each row, with the text between them and the bracket behind them in the outputs."""
    for bits, pattern in PATTERNS:
        found = [re.fullmatch(pattern, x) for x in items]
        parts = [(m[1], m[2]) for m in found if m is not None]
        if len(parts) < len(items):
            continue
        for turned in (False, True):
            pairs = [(b, a) if turned else (a, b) for a, b in parts]
            between = _between(*pairs[0], outputs[0])
            if between is None:
                continue
            end = next((close for sign, close in _CLOSING.items() if between.endswith(sign)), "")
            texts = tuple(f"{a}{between}{b}{end}" for a, b in pairs)
            told = all(t in o for t, o in zip(texts, outputs, strict=True))
            if told and any(t not in x for t, x in zip(texts, items, strict=True)):
                signs = sum(WORD if c.isalnum() else BETWEEN for c in between + end)
                by = rf"\2{between}\1{end}" if turned else rf"\1{between}\2{end}"
                yield bits + BOTH + signs, texts, partial(call, "re.replace", f"^{pattern}$", by)


def _between(first: str, second: str, output: str) -> str | None:
    """What stands between two texts in an output."""
    found = re.search(rf"(?<!\w){re.escape(first)}(.{{1,{LONGEST}}}?){re.escape(second)}(?!\w)", output)
    if found is None or "\\" in found[1] or found[1][0].isdigit():
        return None  # it would name another group
    return found[1]
