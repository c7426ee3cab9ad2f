"""The numbers on which formulas are tried where a branch has few rows: whole cells, or both numbers of a table's only cells."""

from __future__ import annotations

import re
from collections.abc import Sequence

from neurosynth.language.pieces import Column
from neurosynth_dsls.columns.pieces.told_numbers import NumberReading

__all__ = ["whole_numbers"]

BOTH = (("number", 0), ("number", 1))
"""The ways of reading the first and the second number of a text."""
_NUMBERS = re.compile(r"\d[\d,]*(?:\.\d+)?")


def whole_numbers(column: Column, readings: Sequence[NumberReading]) -> list[NumberReading]:
    """Numbers that are whole cells, or both numbers of cells that have two, where a table has one input: ``5 of 8``."""
    if "two numbers" not in column.memo:
        cells = [row[0] for row in column.every if row[0]] if len(column.inputs) == 1 else []
        two = bool(cells) and all(isinstance(c, str) and len(_NUMBERS.findall(c)) == 2 for c in cells)
        column.memo["two numbers"] = two
    if column.memo["two numbers"]:
        return [r for r in readings if r.key[1:] in BOTH]
    return [r for r in readings if r.key[1] == "plain"]
