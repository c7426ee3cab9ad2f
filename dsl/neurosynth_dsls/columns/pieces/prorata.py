"""Amounts of a month or year by the share of it before or after a date or a month: the rent from the day of moving in, a fee from April on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from math import log2

from neurosynth.language.pieces import Column
from neurosynth.language.program import Program
from neurosynth_dsls.columns.calendar_steps import between, ends_of
from neurosynth_dsls.columns.decimals import round_to
from neurosynth_dsls.columns.number_format import CONTEXT
from neurosynth_dsls.columns.pieces.building import call, text
from neurosynth_dsls.columns.pieces.date_readings import readings as date_readings
from neurosynth_dsls.columns.pieces.moment_reading import Reading
from neurosynth_dsls.columns.pieces.number_lines import Rule, decimal
from neurosynth_dsls.columns.pieces.told_numbers import NumberReading

__all__ = ["Shares"]

BASE = 16
"""Bits of an amount by the share of a period."""
SHARES = (("left", 1, 0), ("past", 0, 0), ("left", 0, 2), ("past", -1, 3))
"""What is counted of the days of a period, how many more count, and bits: the day itself belongs to the first two."""
UNITS = (("month", 0), ("year", 2))
"""Periods, with bits."""
DAY = frozenset("Ymd")
"""Fields of a date whose days are counted."""
MONTHS, EACH, IN_YEAR = "months", "each month", 12
"""The unit of shares of a year that are full months, that of amounts for each of them, and their number."""
PERIODS = ((MONTHS, IN_YEAR, 0), (EACH, 1, 2))
"""What an amount is divided by, with bits."""
BY_MONTHS = (("left", 1, 0), ("left", 0, 2), ("past", 0, 0), ("past", -1, 2))
"""What is counted of the months of a year, how many more count, and bits: the month itself is the last one that is past."""
FEWEST = 3
"""Rows that are needed."""
ROUNDED = 4
"""Bits of rounding the amount."""
DIRECTED, HALVES = 6, 5
"""Additional bits of rounding it up or down, and to halves: days of leave."""
TOLD = 10
"""Bits of the results that tell such a rounding."""


@dataclass(frozen=True, slots=True, eq=False)
class _Share:
    """The days or months of a period that are counted, and all of them, on the example rows."""

    key: tuple[object, ...]
    cost: int
    reading: Reading
    days: tuple[Decimal, ...]
    all: tuple[Decimal, ...]

    def times(self, number: NumberReading) -> Program:
        """The program of an amount by this share."""
        kind, more, unit = self.key[-3:]
        assert isinstance(more, int)
        if unit in (MONTHS, EACH):
            month = call("decimal.from_int", call("datetime.part", "month", self.reading.build()))
            amount = call("decimal.*", number.build(), _months(month, kind == "left", more))
            return amount if unit == EACH else call("decimal./", amount, decimal(Decimal(IN_YEAR)))
        day, last = self.reading.build(), call("datetime.end_of", text(str(unit)), self.reading.build())
        first = call("datetime.floor", text(str(unit)), "", day)
        counted = call("datetime.between", "day", *((day, last) if kind == "left" else (first, day)))
        size = call("datetime.between", "day", first, last)
        counted, size = (call("decimal.from_int", p) for p in (counted, size))
        more += kind == "past"
        if more:
            counted = call("decimal.+", counted, decimal(Decimal(more)))
        return call(
            "decimal./", call("decimal.*", number.build(), counted), call("decimal.+", size, decimal(Decimal(1)))
        )


def _months(month: Program, left: bool, more: int) -> Program:
    """The months of a year behind a month or up to it, and ``more`` of them."""
    if left:
        return call("decimal.-", decimal(Decimal(IN_YEAR + more)), month)
    return call("decimal.-", month, decimal(Decimal(-more))) if more else month


class Shares:
    """The shares of months and years that the dates of one column tell."""

    def __init__(self, column: Column) -> None:
        usable = column.believes and len(column.rows) >= FEWEST and len(column.inputs) > 1
        self.shares = [*_shares(column)] if usable else []

    def rounded(
        self, numbers: Sequence[NumberReading], ys: Sequence[Decimal], shown: int
    ) -> Iterator[tuple[NumberReading, Rule]]:
        """Amounts by a share, and the rounding from them to the numbers ``ys``."""
        for share in self.shares:
            for number in numbers:
                if not number.plain or number.key[0] == share.reading.place[0]:
                    continue
                parts = zip(number.values, share.days, share.all, strict=True)
                values = tuple(CONTEXT.divide(CONTEXT.multiply(x, n), size) for x, n, size in parts)
                rule = _rounding(values, ys, shown)
                if rule is not None:
                    key = ("share", *share.key, number.key)
                    yield (
                        NumberReading(key, number.cost + share.cost, partial(share.times, number), values, False),
                        rule,
                    )


def _rounding(values: Sequence[Decimal], ys: Sequence[Decimal], shown: int) -> Rule | None:
    """The rounding that leads from amounts to the numbers ``ys``: to the decimals that are shown, or to halves."""
    steps = [(Decimal(1).scaleb(-shown), 0)] + [(Decimal("0.5"), HALVES)] * (shown == 1)
    for mode, more in (("half_up", 0), ("ceiling", DIRECTED), ("floor", DIRECTED)):
        for step, bits in steps:
            if more + bits and sum(log2(1 + abs(float(y / step))) for y in {*ys}) < TOLD:
                continue
            if all(round_to(step, mode, v) == y for v, y in zip(values, ys, strict=True)):
                key = "round" if not more + bits else f"round {step} {mode}"
                build = partial(call, "decimal.round", decimal(step), mode)
                return Rule(key, "round", ROUNDED + more + bits, build, places=shown)
    return None


def _shares(column: Column) -> Iterator[_Share]:
    best: dict[object, Reading] = {}
    for reading in sorted(date_readings(column), key=lambda r: not r.fields >= DAY):
        if reading.dated and "m" in reading.fields and not reading.fixed:
            best.setdefault(reading.place, reading)
    for reading in best.values():
        moments = [reading.read(row) for row in column.rows]
        if not all(isinstance(m, date) for m in moments):
            continue
        months = [m.month for m in moments]
        for kind, more, cost in BY_MONTHS if len({*months}) > 1 else ():
            counted = tuple(Decimal((IN_YEAR - m if kind == "left" else m) + more) for m in months)
            for unit, size, bits in PERIODS:
                every = (Decimal(size),) * len(counted)
                yield _Share(
                    (reading.key, kind, more, unit), BASE + bits + cost + reading.cost, reading, counted, every
                )
        for unit, bits in UNITS if reading.fields >= DAY else ():
            last = ends_of(moments, unit)
            if last is None:
                continue
            left = [between("day", m, e) for m, e in zip(moments, last, strict=True)]
            sizes = [(e.timetuple().tm_yday if unit == "year" else e.day) for e in last]
            for kind, more, cost in SHARES:
                past = left if kind == "left" else [n - k for n, k in zip(sizes, left, strict=True)]
                counted = tuple(Decimal(n + more) for n in past)
                if len({*counted}) > 1:
                    every = tuple(map(Decimal, sizes))
                    yield _Share(
                        (reading.key, kind, more, unit), BASE + bits + cost + reading.cost, reading, counted, every
                    )
