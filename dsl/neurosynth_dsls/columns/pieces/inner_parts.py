"""Parts of the items of lists, before or behind a sign that all items have: the name before a number, the value behind a key."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from neurosynth.language.program import Lambda, Variable
from neurosynth.values.types import STRING
from neurosynth_dsls.columns.pieces.building import call

__all__ = ["inner_parts"]

SIGNS = 3
"""Maximum number of signs that are tried."""
FIRST, LAST = 6, 7
"""Bits of a part before the first sign or behind the last one, and of all before the last one."""
UNLIKE, LEAST = 14, 3
"""Bits for a part beyond whose sign all other items have another kind of sign than those of the examples, proportional if some have,
and the least."""

Items = list[str]
_CUTS: tuple[tuple[int, Callable[[str, str], tuple[str, str]]], ...] = (
    (FIRST, lambda x, s: (x.partition(s)[0], x.partition(s)[2][:1])),
    (FIRST, lambda x, s: (x.rpartition(s)[2], x.rpartition(s)[0][-1:])),
    (LAST, lambda x, s: (x.rpartition(s)[0] or x, x.rpartition(s)[2][:1])),
)
"""Bits, and the part of an item with what stands beyond the sign."""


def inner_parts(
    lists: Sequence[Items], outputs: Sequence[str], listed: Callable[[], list[str]]
) -> Iterator[tuple[tuple[Items, ...], int, Lambda]]:
    """The parts of all items, with their bits and what makes them of an item, if they stand in the outputs.

    ``listed`` gives the items of all rows of the table.
    """
    for sign in _shared_signs(lists):
        seen: list[tuple[Items, ...]] = []
        others: list[str] | None = None
        for (bits, cut), n in zip(_CUTS, (0, -1, None), strict=True):
            items = tuple([cut(x, sign)[0].strip() for x in xs] for xs in lists)
            if not all(x and x in o for xs, o in zip(items, outputs, strict=True) for x in xs):
                continue
            others = listed() if others is None else others
            if items in seen and all(x.count(sign) < 2 for x in others):
                continue
            seen.append(items)
            shown = {_kind(cut(x, sign)[1]) for xs in lists for x in xs}
            unlike = sum(_kind(cut(x, sign)[1]) not in shown for x in others)
            if unlike:
                bits += max(LEAST, UNLIKE * unlike // len(others))
            item = Variable(0, STRING)
            part = call("text.before_last", item, sign) if n is None else call("text.split_at", item, sign, n)
            yield items, bits, Lambda((STRING,), call("str.trim", part))


def _kind(sign: str) -> str:
    return "9" if sign.isdigit() else "a" if sign.isalpha() else sign


def _shared_signs(lists: Sequence[Items]) -> list[str]:
    """Signs that all items have: a key and its value, a name and its number."""
    every = [x for xs in lists for x in xs]
    if len(every) < 2:
        return []
    shared = set.intersection(*({*re.findall(r"[^\w]", x)} for x in every))
    return sorted(shared)[:SIGNS]
