"""Amounts of a whole month or year by the share of it before or after a date: the rent from the day of moving in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial

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
FEWEST = 3
"""Rows that are needed."""
ROUNDED = 4
"""Bits of rounding the amount."""


@dataclass(frozen=True, slots=True, eq=False)
class _Share:
    """The days of a period that are counted, and all its days, on the example rows."""

    key: tuple[object, ...]
    cost: int
    reading: Reading
    days: tuple[Decimal, ...]
    all: tuple[Decimal, ...]

    def times(self, number: NumberReading) -> Program:
        """The program of an amount by this share."""
        kind, more, unit = self.key[-3:]
        assert isinstance(more, int)
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


class Shares:
    """The shares of months and years that the dates of one column tell."""

    def __init__(self, column: Column) -> None:
        usable = column.believes and len(column.rows) >= FEWEST and len(column.inputs) > 1
        self.shares = [*_shares(column)] if usable else []

    def rounded(
        self, numbers: Sequence[NumberReading], ys: Sequence[Decimal], shown: int
    ) -> Iterator[tuple[NumberReading, Rule]]:
        """Amounts by a share, and the rounding from them to the numbers ``ys``."""
        step = Decimal(1).scaleb(-shown)
        for share in self.shares:
            for number in numbers:
                if not number.plain or number.key[0] == share.reading.place[0]:
                    continue
                parts = zip(number.values, share.days, share.all, strict=True)
                values = tuple(CONTEXT.divide(CONTEXT.multiply(x, n), size) for x, n, size in parts)
                if all(round_to(step, "half_up", v) == y for v, y in zip(values, ys, strict=True)):
                    key = ("share", *share.key, number.key)
                    made = NumberReading(key, number.cost + share.cost, partial(share.times, number), values, False)
                    yield (
                        made,
                        Rule("round", "round", ROUNDED, lambda p: call("decimal.round", decimal(step), "half_up", p)),
                    )


def _shares(column: Column) -> Iterator[_Share]:
    best: dict[object, Reading] = {}
    for reading in date_readings(column):
        if reading.dated and {"Y", "m", "d"} <= reading.fields and not reading.fixed:
            best.setdefault(reading.place, reading)
    for reading in best.values():
        moments = [reading.read(row) for row in column.rows]
        if not all(isinstance(m, date) for m in moments):
            continue
        for unit, bits in UNITS:
            last = ends_of(moments, unit)
            if last is None:
                continue
            left = [between("day", m, e) for m, e in zip(moments, last, strict=True)]
            every = [(e.timetuple().tm_yday if unit == "year" else e.day) for e in last]
            for kind, more, cost in SHARES:
                counted = left if kind == "left" else [n - k for n, k in zip(every, left, strict=True)]
                days = tuple(Decimal(n + more) for n in counted)
                if len({*days}) > 1:
                    yield _Share(
                        (reading.key, kind, more, unit),
                        BASE + bits + cost + reading.cost,
                        reading,
                        days,
                        tuple(map(Decimal, every)),
                    )
