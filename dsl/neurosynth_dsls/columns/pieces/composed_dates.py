"""Dates made of several inputs: the birthday of a date in the year of another input, the day, month and year of three inputs, and a year
and a day of the year of two."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import permutations

from neurosynth.language.pieces import Column
from neurosynth.language.program import Program
from neurosynth.values.types import STRING
from neurosynth_dsls.columns.pieces.building import call
from neurosynth_dsls.columns.pieces.moment_reading import Reading, remembered

__all__ = ["composed"]

IN_YEAR = 12
"""Bits of a date in the year of another input, in addition to those of the date."""
OF_DATE, NEXT = 23, 25
"""Bits of a date in the year of another date, and of its next anniversary: more than those of not reading the other date."""
OF_THREE = 6
"""Bits of a date made of three inputs."""
OF_TWO = 8
"""Bits of a date made of a year and a day of the year."""
DAY, ORDINAL = "%Y-%m-%d", "%Y-%j"
_YEAR, _MONTH, _DAY = (re.compile(p) for p in (r"(?:19|20)\d\d", r"0?[1-9]|1[0-2]", r"0?[1-9]|[12]\d|3[01]"))
_DAY_OF_YEAR = re.compile(r"0{0,2}[1-9]|0?[1-9]\d|[12]\d\d|3[0-5]\d|36[0-6]")


def composed(column: Column, known: Sequence[Reading]) -> Iterator[Reading]:
    """The dates made of several inputs, beside those that are ``known``."""
    years, months, days = (_inputs(column, pattern) for pattern in (_YEAR, _MONTH, _DAY))
    for reading in known:
        if reading.dated and not reading.moved and {"m", "d"} <= reading.fields and len(reading.key) == 2:
            for year in years:
                if year != reading.key[0]:
                    yield from _made(
                        column,
                        (reading.key[0], "in year", year, reading.key[-1]),
                        reading.cost + IN_YEAR,
                        partial(_in_year, reading, column.inputs[year]),
                    )
            others = (r for r in known if r.dated and {"Y", "m", "d"} <= r.fields and r.key[0] != reading.key[0])
            for other in others if not reading.fixed else ():
                for name, bits, build in (("in year of", OF_DATE, _in_same_year), ("next", NEXT, _next)):
                    key = (reading.key[0], name, other.key[0], reading.key[-1])
                    yield from _made(column, key, reading.cost + other.cost + bits, partial(build, reading, other))
            break
    for chosen in permutations(range(len(column.inputs)), 3) if years and len(column.inputs) > 2 else ():
        year, month, day = chosen
        if year in years and month in months and day in days:
            build = partial(_of_three, *(column.inputs[n] for n in chosen))
            yield from _made(column, (*chosen, DAY), OF_THREE, build)

    for year in years:
        for day in _inputs(column, _DAY_OF_YEAR):
            if day not in (year, *days):  # else they are days of a month
                build = partial(_of_two, column.inputs[year], column.inputs[day])
                yield from _made(column, (year, day, ORDINAL), OF_TWO, build)


def _inputs(column: Column, pattern: re.Pattern[str]) -> list[int]:
    """The inputs whose texts all match."""
    return [
        n
        for n, source in enumerate(column.inputs)
        if source.type == STRING
        and all(isinstance(row[n], str) and pattern.fullmatch(row[n].strip()) for row in column.every if row[n])
        and all(row[n] for row in column.rows)
    ]


def _made(column: Column, key: tuple[object, ...], cost: int, build: partial[Program]) -> Iterator[Reading]:
    read = remembered(column, build(), build)
    if all(hasattr(read(row), "year") for row in column.rows):
        yield Reading(key, cost, build, read, frozenset("Ymd"), moved=True)


def _in_year(reading: Reading, year: Program) -> Program:
    return call("datetime.parse", DAY, call("str.++", year, call("datetime.format", "-%m-%d", reading.build())))


def _in_same_year(reading: Reading, other: Reading) -> Program:
    return _in_year(reading, call("datetime.format", "%Y", other.build()))


def _next(reading: Reading, other: Reading) -> Program:
    """The anniversary of a date on or after another date."""
    day = _in_same_year(reading, other)
    return call("ite", call("datetime.<", day, other.build()), call("datetime.add", 1, "year", day), day)


def _of_three(year: Program, month: Program, day: Program) -> Program:
    rest = call("str.++", "-", call("str.++", month, call("str.++", "-", day)))
    return call("datetime.parse", DAY, call("str.++", year, rest))


def _of_two(year: Program, day: Program) -> Program:
    return call("datetime.parse", ORDINAL, call("str.++", year, call("str.++", "-", day)))
