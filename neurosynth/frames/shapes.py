"""The shape of a text: which kinds of characters follow one another.  Rows that look unlike all others are named by it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

__all__ = ["CellShapes", "shape"]


class _Classes(dict[int, str]):
    """Character → what stands for its class; for ``str.translate``, which asks for each character once."""

    def __missing__(self, code: int) -> str:
        c = chr(code)
        found = "9" if c.isdecimal() else " " if c.isspace() else c
        if c.isalpha():
            found = "A" if c.isupper() or c.istitle() else "a"
        self[code] = found
        return found


_CLASSES = _Classes()
_MIXED = re.compile(r"A+a[Aa]*|a+A[Aa]*")
_MIXED_MARK = "\x00"


def shape(text: str) -> str:
    """Digits as ``9``, words by their case as ``A``, ``a`` or ``Aa``, a run of white space as one space, the rest as it is.

    ``shape("12 Main St.")`` is ``"9 Aa Aa."``: how long a number or a word is makes no difference.
    """
    found = text.translate(_CLASSES)
    if "A" in found and "a" in found:
        found = _MIXED.sub(_MIXED_MARK, found)
    for one in "9aA ":
        two = one + one
        while two in found:
            found = found.replace(two, one)
    return found.replace(_MIXED_MARK, "Aa")


class CellShapes:
    """The shapes that a column was seen to have."""

    MOST = 200
    """Shapes kept; a column with more of them is free text, in which nothing is unusual."""

    def __init__(self, known: Iterable[str] = (), *, missing: bool = False) -> None:
        """``known``: shapes; ``missing``: whether cells may be missing."""
        self.known = set(known)
        self.missing = missing

    @classmethod
    def of(cls, cells: Iterable[Any]) -> CellShapes:
        """The shapes of a column's cells."""
        found = cls()
        for cell in cells:
            if cell is None:
                found.missing = True
            elif len(found.known) <= cls.MOST:
                found.known.add(shape(str(cell)))
        return found

    @property
    def free(self) -> bool:
        """Whether the column is free text."""
        return len(self.known) > self.MOST

    def fits(self, cell: Any) -> bool:
        """Whether a cell looks like one that was seen."""
        if cell is None:
            return self.missing
        return self.free or shape(str(cell)) in self.known

    def to_json(self) -> dict[str, Any]:
        """``{"shapes": [...], "missing": true}``; no shapes where the column is free text."""
        return {"shapes": sorted(self.known) if len(self.known) <= self.MOST else [], "missing": self.missing}
