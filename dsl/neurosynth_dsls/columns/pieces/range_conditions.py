"""Conditions on ranges that a row tells: whether a reading is within the limits ``2–8 °C`` beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from neurosynth.language.evaluate import Evaluator
from neurosynth.language.pieces import Column, Condition
from neurosynth.language.program import Program
from neurosynth_dsls.columns.pieces.building import call
from neurosynth_dsls.columns.pieces.number_readings import NumberReading, number_readings

__all__ = ["RangeConditions"]

WITHIN = 12
"""Bits of being within a range of the row, in addition to those of the three numbers."""
DEAREST = 8
"""Bits from which on a number is of something else."""
_RANGE = re.compile(r"[^\d\n]{0,6}\d+(?:[.,]\d+)?\D{0,8}?(?:[-–—]|\.\.|to|bis|à)\D{0,3}\d+(?:[.,]\d+)?\D{0,12}")


@dataclass(frozen=True)
class RangeConditions:
    """Whether a number of one input is within the range that another input tells."""

    name: str = "ranges"

    def conditions(self, column: Column) -> Iterator[Condition]:
        """The conditions that are true on some of the example rows and false on others."""
        ranges = [i for i in range(len(column.inputs)) if _tells_ranges(column, i)]
        if not ranges or len(column.inputs) < 2:
            return
        plain = sorted((r for r in number_readings(column) if r.plain and r.cost < DEAREST), key=lambda r: r.cost)
        best: dict[int, NumberReading] = {}
        for reading in plain:
            best.setdefault(reading.key[0], reading)
        for i in ranges:
            low, high = (next((r for r in plain if r.key == (i, "number", n)), None) for n in (0, 1))
            if low is None or high is None:
                continue
            for j, number in best.items():
                if j not in ranges:
                    build = partial(_within, low, high, number)
                    function = Evaluator().function(build())
                    every = tuple(function(row) is True for row in column.every)
                    at = dict(zip(column.every, every, strict=True))
                    rows = tuple(at[row] for row in column.rows)
                    if len(set(rows)) == 2 and all(a <= b for a, b in zip(low.values, high.values, strict=True)):
                        cost = WITHIN + low.cost + high.cost + number.cost
                        yield Condition(cost, rows, every, build, "within a range")


def _tells_ranges(column: Column, i: int) -> bool:
    """Whether an input is a range in all rows of the table."""
    known: dict[int, bool] = column.memo.setdefault("ranges", {})
    if i not in known:
        cells = [row[i] for row in column.every if row[i]]
        known[i] = bool(cells) and all(isinstance(c, str) and _RANGE.fullmatch(c) for c in cells)
    return known[i]


def _within(low: NumberReading, high: NumberReading, number: NumberReading) -> Program:
    at_least = call("decimal.<=", low.build(), number.build())
    return call("and", at_least, call("decimal.<=", number.build(), high.build()))
