"""The shapes of a column's texts, by which rows that look unlike all others are recognised."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from neurosynth.values.words import text_shape

__all__ = ["CellShapes"]


class CellShapes:
    """The known shapes of a column."""

    MOST = 200
    """Maximum number of shapes; a column with more of them is free text, in which nothing is unusual."""

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
        """Whether a cell has a known shape."""
        if cell is None:
            return self.missing
        return self.free or text_shape(str(cell)) in self.known

    def to_json(self) -> dict[str, Any]:
        """``{"shapes": [...], "missing": true}``; no shapes if the column is free text."""
        return {"shapes": sorted(self.known) if len(self.known) <= self.MOST else [], "missing": self.missing}
