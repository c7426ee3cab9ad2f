"""The type of readings of dates and times."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any

from neurosynth.language.pieces import Column
from neurosynth.language.program import Program
from neurosynth_dsls.columns.pieces.building import function_of

__all__ = ["Reading", "remembered"]

ROWS = 4096
"""Number of rows whose moments are remembered: a table may have many more."""


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """One way to read moments from an input."""

    key: tuple[Any, ...]
    cost: int
    build: Callable[[], Program]
    read: Callable[[tuple[Any, ...]], Any]
    """From a row to a moment, ``UNDEFINED`` or None."""
    fields: frozenset[str]
    """The parts of the moments that the texts contain: Y, m, d, H, M, S."""
    implied: frozenset[str] = frozenset()
    """Those of them that no text contains and that are zero: the seconds of ``7:00``."""
    dated: bool = True
    """Whether the texts look like dates or times, not like plain numbers."""
    fixed: bool = False
    """Whether the input is the same in the whole table (a day up to which ages are counted), and useful only for comparisons."""
    moved: bool = False
    """Whether another input has already moved the moments, so that nothing else is derived from them."""
    origin: Any = None
    """The input of these moments before they were moved."""

    @property
    def place(self) -> tuple[Any, ...]:
        """The place of the moments: an input, or a part of one."""
        return self.key[:-1]


def remembered(column: Column, key: Hashable, build: Callable[[], Program]) -> Callable[[tuple[Any, ...]], Any]:
    """The function of a program, whose values all branches of the table share; ``key`` tells it from others."""
    memo: dict[Any, Callable[[tuple[Any, ...]], Any]] = column.memo.setdefault("moments read", {})
    if key not in memo:
        known: dict[tuple[Any, ...], Any] = {}
        functions: list[Callable[[tuple[Any, ...]], Any]] = []

        def read(row: tuple[Any, ...]) -> Any:
            if row not in known:
                if not functions:
                    functions.append(function_of(build()))
                if len(known) >= ROWS:
                    known.clear()
                known[row] = functions[0](row)
            return known[row]

        memo[key] = read
    return memo[key]
