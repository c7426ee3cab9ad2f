"""The shape of a text: which kinds of characters follow one another.  Rows that look unlike all others are named by it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

__all__ = ["Shapes", "shape"]

_RUN = re.compile(r"(?P<digits>\d+)|(?P<space>\s+)|[^\W\d_]+")


@lru_cache(maxsize=1 << 16)
def shape(text: str) -> str:
    """Digits as ``9``, words by their case as ``A``, ``a`` or ``Aa``, a run of white space as one space, the rest as it is.

    ``shape("12 Main St.")`` is ``"9 Aa Aa."``: how long a number or a word is makes no difference.
    """
    return _RUN.sub(_kind, text)


def _kind(match: re.Match[str]) -> str:
    text = match.group()
    if match.group("digits"):
        return "9"
    if match.group("space"):
        return " "
    return "A" if text.isupper() else "a" if text.islower() else "Aa"


class Shapes:
    """The shapes that a column was seen to have."""

    MOST = 200
    """Shapes kept; a column with more of them is free text, in which nothing is unusual."""

    def __init__(self, known: Iterable[str] = (), *, missing: bool = False) -> None:
        """``known``: shapes; ``missing``: whether cells may be missing."""
        self.known = set(known)
        self.missing = missing

    @classmethod
    def of(cls, cells: Iterable[Any]) -> Shapes:
        """The shapes of a column's cells."""
        found = cls()
        for cell in cells:
            if cell is None:
                found.missing = True
            elif len(found.known) <= cls.MOST:
                found.known.add(shape(str(cell)))
        return found

    def fits(self, cell: Any) -> bool:
        """Whether a cell looks like one that was seen."""
        if cell is None:
            return self.missing
        return len(self.known) > self.MOST or shape(str(cell)) in self.known

    def to_json(self) -> dict[str, Any]:
        """``{"shapes": [...], "missing": true}``; no shapes where the column is free text."""
        return {"shapes": sorted(self.known) if len(self.known) <= self.MOST else [], "missing": self.missing}
