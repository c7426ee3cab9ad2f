"""Differences between a year and the year of a date: how old somebody becomes in a year, which anniversary it brings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from neurosynth.language.pieces import Column
from neurosynth.language.program import Program
from neurosynth_dsls.columns.pieces.building import call, function_of
from neurosynth_dsls.columns.pieces.date_readings import readings

__all__ = ["YearNumber", "calendar_years"]

YearNumber = tuple[tuple[Any, ...], int, Callable[[], Program], tuple[Decimal, ...]]
"""Key, bits, the builder of the program, values on the example rows."""

YEARS = 11
"""Bits of the difference of two calendar years."""
FIRST, LAST = 1500, 2200
"""The years that numbers may be."""


def calendar_years(column: Column) -> Iterator[YearNumber]:
    """The years of one input less those of another, where one is a number and the other a date, or both are dates."""
    if len(column.inputs) < 2:
        return
    found = [*_years(column)]
    for i, cost, build, values in found:
        for j, other_cost, other, others in found:
            told = tuple(x - y for x, y in zip(values, others, strict=True))
            if i != j and min(told) >= 0:
                program = partial(_less, build, other)
                yield ("years", i, j), cost + other_cost + YEARS, program, told


def _less(one: Callable[[], Program], other: Callable[[], Program]) -> Program:
    return call("decimal.-", one(), other())


def _years(column: Column) -> Iterator[tuple[int, int, Callable[[], Program], Sequence[Decimal]]]:
    """The years of the inputs: whole cells, and the years of dates."""
    seen: set[int] = set()
    for i, source in enumerate(column.inputs):
        cells = [row[i] for row in column.rows]
        if all(isinstance(c, str) and c.isdecimal() and FIRST <= int(c[:9]) <= LAST for c in cells):
            seen.add(i)
            yield i, 0, partial(call, "decimal.parse", "0", source), [Decimal(c) for c in cells]
    for reading in readings(column):
        i = reading.key[0]
        if i in seen or not reading.dated or not {"Y", "m", "d"} <= reading.fields or len(reading.key) > 2:
            continue
        build = partial(_year, reading.build)
        function = function_of(build())
        values = [function(row) for row in column.rows]
        if all(isinstance(v, Decimal) for v in values):
            seen.add(i)
            yield i, reading.cost, build, values


def _year(moment: Callable[[], Program]) -> Program:
    return call("decimal.from_int", call("datetime.part", "year", moment()))
