"""The shapes of a column's texts.  Rows that look unlike all others are named by them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from neurosynth.values.words import text_shape

__all__ = ["CellShapes"]


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
                found.known.add(text_shape(str(cell)))
        return found

    @property
    def free(self) -> bool:
        """Whether the column is free text."""
        return len(self.known) > self.MOST

    def fits(self, cell: Any) -> bool:
        """Whether a cell looks like one that was seen."""
        if cell is None:
            return self.missing
        return self.free or text_shape(str(cell)) in self.known

    def to_json(self) -> dict[str, Any]:
        """``{"shapes": [...], "missing": true}``; no shapes where the column is free text."""
        return {"shapes": sorted(self.known) if len(self.known) <= self.MOST else [], "missing": self.missing}
