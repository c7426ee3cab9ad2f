"""Whole years or months from a date to a fixed day that the examples tell: ages on 1 September, service on 31 December."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, datetime, timedelta
from functools import partial

from neurosynth.language.pieces import Column, Piece
from neurosynth.language.program import Program
from neurosynth_dsls.columns.calendar_steps import add_months, between
from neurosynth_dsls.columns.pieces.building import call
from neurosynth_dsls.columns.pieces.date_readings import readings
from neurosynth_dsls.columns.pieces.moment_reading import Reading
from neurosynth_dsls.columns.pieces.text_index import TextIndex

__all__ = ["Ages"]

BASE = 42
"""Bits of a number of years or months up to a fixed day."""
UNITS = (("year", 12, 0), ("month", 1, 5))
"""Units, their months and bits."""
FEWEST = 3
"""Minimum number of different dates that tell the day."""
USUAL = (
    *(
        (12, 31, 0),
        (1, 1, 0),
        (9, 1, 1),
        (8, 31, 1),
        (6, 30, 1),
        (7, 1, 1),
        (4, 1, 2),
        (3, 31, 2),
        (10, 1, 2),
        (9, 30, 2),
    ),
)
"""Months and days up to which ages are usually counted, with bits."""
FIRST, LAST, OTHER = 4, 5, 12
"""Bits of the first or last day of another month, and of any other day."""
DAYS = 4
"""Number of days that are proposed, the likeliest."""
OLDEST = 130
"""Years of the oldest age."""
_NUMBER = re.compile(r"(?<![\d.,])\d{1,4}(?![.,]?\d)")


@dataclass(frozen=True)
class Ages:
    """Ages on a fixed day."""

    name: str = "ages"

    def bind(self, column: Column) -> BoundAges:
        """Find the days on which all examples have their age."""
        return BoundAges(column)


class BoundAges:
    """The ages of one column."""

    def __init__(self, column: Column) -> None:
        self.index = TextIndex()
        if not column.believes or not all(isinstance(o, str) for o in column.outputs):
            return
        found = [_NUMBER.findall(o) for o in column.outputs]
        numbers = [*zip(*found, strict=True)] if len({*map(len, found)}) == 1 else []
        numbers = [texts for texts in dict.fromkeys(numbers) if len({*texts}) > 1]
        for reading in readings(column) if numbers else ():
            moments = [reading.read(row) for row in column.rows]
            if not reading.dated or reading.fixed or not {"Y", "m", "d"} <= reading.fields:
                continue
            if len({*moments}) >= FEWEST and all(isinstance(m, datetime) for m in moments):
                for texts in numbers:
                    for piece in _pieces(reading, moments, texts):
                        self.index.add(piece)

    def starting(self, positions: Sequence[int], rests: Sequence[str]) -> Iterator[Piece]:
        """The ages that the rests start with."""
        for piece in self.index.starting(rests):
            if not any(r[len(t) : len(t) + 1].isdigit() for r, t in zip(rests, piece.texts, strict=True)):
                yield piece


def _pieces(reading: Reading, moments: Sequence[datetime], texts: Sequence[str]) -> Iterator[Piece]:
    ages = [*map(int, texts)]
    for unit, months, bits in UNITS:
        latest = max(m.year for m in moments) + (max(ages) + 1) * months // 12 + 1
        if (
            max(ages) * months > OLDEST * 12
            or latest > MAXYEAR
            or any(str(a) != t for a, t in zip(ages, texts, strict=True))
        ):
            continue
        first = max(add_months(m, a * months) for m, a in zip(moments, ages, strict=True))
        behind = min(add_months(m, (a + 1) * months) for m, a in zip(moments, ages, strict=True))
        for extra, day in sorted(_days(first, behind - timedelta(days=1)))[:DAYS]:
            if all(between(unit, m, day) == a for m, a in zip(moments, ages, strict=True)):
                build = partial(_age, reading, unit, day)
                yield Piece(tuple(texts), BASE + bits + extra + reading.cost, build, name="age")


def _days(first: datetime, last: datetime) -> Iterator[tuple[int, datetime]]:
    """The days of an interval up to which ages may be counted, with bits: usual ones, ends of months, or the one in the middle."""
    usual = {(m, d): bits for m, d, bits in USUAL}
    some = False
    for n in range(max(0, (last - first).days + 1)):
        day = first + timedelta(days=n)
        ends = FIRST if day.day == 1 else LAST if (day + timedelta(days=1)).day == 1 else None
        bits = usual.get((day.month, day.day), ends)
        if bits is not None:
            some = True
            yield bits, day
    if not some and first <= last:
        yield OTHER, first + (last - first) // 2


def _age(reading: Reading, unit: str, day: datetime) -> Program:
    until = call("datetime.parse", "%Y-%m-%d", f"{day:%Y-%m-%d}")
    return call("decimal.format", "0", call("decimal.from_int", call("datetime.between", unit, reading.build(), until)))
