"""Primitives that a sample hardly contains: a guide learns little about them, and the user is told beforehand."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from neurosynth.language.language import Language

__all__ = ["SELDOM", "coverage_note", "programs_in"]

SELDOM = 0.001
"""The share of programs below which a primitive counts as rare."""
_ENOUGH = 2000
"""Number of programs from which such a small share is significant."""
_SHOWN = 8
"""Maximum number of primitives that are named."""
_WORD = re.compile(r'"(?:[^"\\]|\\.)*"|[^\s()\[\]]+')


def coverage_note(programs: Iterable[str], language: Language) -> str:
    """A sentence that names the primitives which fewer than one program in a thousand applies; nothing if there are none. ``programs``:
    their texts. Fewer than 2,000 programs are not judged, nor are primitives that a language makes on demand.
    """
    counts: Counter[str] = Counter()
    total = 0
    for text in programs:
        counts.update({word for word in _WORD.findall(text) if not word.startswith('"')})
        total += 1
    if total < _ENOUGH:
        return ""
    seldom = sorted((counts[name], name) for name in language.primitives if counts[name] < SELDOM * total)
    if not seldom:
        return ""
    named = ", ".join(f"{name} ({count})" for count, name in seldom[:_SHOWN])
    more = f" and {len(seldom) - _SHOWN} more" if len(seldom) > _SHOWN else ""
    return (
        f"hardly any of {total:,} programs apply {named}{more}: a guide learns little about those; use --raised 1, add request "
        "types that need them (--type), or inputs that suit them (Language.inputs)"
    )


def programs_in(path: str | Path) -> Iterator[str]:
    """The texts of the programs of a sample."""
    with Path(path).open(encoding="utf-8") as lines:
        for line in lines:
            text = json.loads(line).get("program")
            if isinstance(text, str):
                yield text
