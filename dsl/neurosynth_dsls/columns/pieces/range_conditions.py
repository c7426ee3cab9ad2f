"""Conditions on ranges that a row tells: whether a reading is within the limits ``2–8 °C`` beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from neurosynth.language.pieces import Column, Condition
from neurosynth.language.program import Program
from neurosynth_dsls.columns.pieces.building import call, function_of
from neurosynth_dsls.columns.pieces.number_readings import NumberReading, number_readings

__all__ = ["RangeConditions", "ranges_of"]

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
        yield from _within_times(column)
        if len(column.inputs) < 2 or not any(_tells_ranges(column, i) for i in range(len(column.inputs))):
            return
        plain = sorted((r for r in number_readings(column) if r.plain and r.cost < DEAREST), key=lambda r: r.cost)
        best: dict[int, NumberReading] = {}
        for reading in plain:
            best.setdefault(reading.key[0], reading)
        for low, high in ranges_of(column, plain):
            for j, number in best.items():
                if not _tells_ranges(column, j):
                    build = partial(_within, low, high, number)
                    function = function_of(build())
                    every = tuple(function(row) is True for row in column.every)
                    at = dict(zip(column.every, every, strict=True))
                    rows = tuple(at[row] for row in column.rows)
                    if len(set(rows)) == 2:
                        cost = WITHIN + low.cost + high.cost + number.cost
                        yield Condition(cost, rows, every, build, "within a range")


def ranges_of(column: Column, plain: Sequence[NumberReading]) -> Iterator[tuple[NumberReading, NumberReading]]:
    """The two ends of each range that an input tells in all rows of the table."""
    for i in range(len(column.inputs)):
        if _tells_ranges(column, i):
            low, high = (next((r for r in plain if r.key == (i, "number", n)), None) for n in (0, 1))
            if low is not None and high is not None and all(map(Decimal.__le__, low.values, high.values)):
                yield low, high


CLOCK = r"\d{1,2}:\d\d"
TIMES = 16
"""Bits of a time of day that is within the times that another input tells."""
_TIME, _TIMES = re.compile(rf"\s*{CLOCK}\s*"), re.compile(rf"\D{{0,12}}{CLOCK}\D{{1,6}}{CLOCK}\D{{0,12}}")


def _within_times(column: Column) -> Iterator[Condition]:
    """Whether a time is within two others of a cell, of which the last may belong to them or not: ``09:00-17:30``."""
    known = column.memo.setdefault("times", [_kind_of_times(column, i) for i in range(len(column.inputs))])
    for i, j in ((i, j) for i, a in enumerate(known) for j, b in enumerate(known) if (a, b) == ("range", "time")):
        first, last, time = _minutes(column, i, 0), _minutes(column, i, 1), _minutes(column, j, 0)
        start = call("decimal.<=", first, time)
        for name in ("decimal.<", "decimal.<="):
            program = call("and", start, call(name, time, last))
            function = function_of(program)
            every = tuple(function(row) is True for row in column.every)
            at = dict(zip(column.every, every, strict=True))
            rows = tuple(at[row] for row in column.rows)
            if len(set(rows)) == 2:
                yield Condition(TIMES, rows, every, lambda p=program: p, "within times")  # type: ignore[misc]  # a bound default has no type


def _kind_of_times(column: Column, i: int) -> str:
    cells = [row[i] for row in column.every if row[i]]
    if not cells or not all(isinstance(c, str) for c in cells):
        return ""
    return "time" if all(map(_TIME.fullmatch, cells)) else "range" if all(map(_TIMES.fullmatch, cells)) else ""


def _minutes(column: Column, i: int, n: int) -> Program:
    return call("duration.in", "min", call("duration.parse", "%H:%M", call("text.match", column.inputs[i], CLOCK, n)))


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
