"""Times and days that numbers count from a first one, in equal steps: when lesson 4 begins, which date is day 12."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial

from neurosynth.language.pieces import Column, Piece
from neurosynth.language.program import Program
from neurosynth_dsls.columns.date_format import read_moment, write_moment
from neurosynth_dsls.columns.pieces.building import call
from neurosynth_dsls.columns.pieces.number_lines import decimal
from neurosynth_dsls.columns.pieces.number_readings import NumberReading, number_readings
from neurosynth_dsls.columns.pieces.text_index import TextIndex

__all__ = ["NumberedMoments"]

BASE = 44
"""Bits of a first moment and a step."""
DIGIT = 3
"""Bits of each digit of the step."""
FEWEST = 3
"""Minimum number of different numbers, as two are on a line in any case."""
DEAREST = 6
"""Bits from which on a number is of something else."""
_CLOCK = re.compile(r"(?<![\d:])\d{1,2}:\d\d(?![\d:])")
_DAY = re.compile(r"(?<!\d)(?:\d{4}-\d\d-\d\d|\d{1,2}([./])\d{1,2}\1\d{4})(?!\d)")
CLOCKS = ("%H:%M", "%-H:%M")
DAYS = ("%Y-%m-%d", "%d.%m.%Y", "%-d.%-m.%Y", "%m/%d/%Y", "%-m/%-d/%Y", "%d/%m/%Y", "%-d/%-m/%Y")
"""Formats of the moments."""


@dataclass(frozen=True)
class NumberedMoments:
    """Moments that numbers count."""

    name: str = "numbered moments"

    def bind(self, column: Column) -> BoundMoments:
        """Look for moments on a line over the numbers."""
        return BoundMoments(column)


class BoundMoments:
    """The moments of one column."""

    def __init__(self, column: Column) -> None:
        self.index = TextIndex()
        if column.leaf or len(column.rows) < FEWEST or not all(isinstance(o, str) for o in column.outputs):
            return
        for pattern, formats, unit in ((_CLOCK, CLOCKS, "min"), (_DAY, DAYS, "day")):
            found = [pattern.search(o) for o in column.outputs]
            texts = tuple(m.group() for m in found if m is not None)
            if len(texts) < len(column.outputs) or len(set(texts)) < FEWEST:
                continue
            numbers = [r for r in number_readings(column) if r.plain and r.cost < DEAREST]
            for format in formats:
                moments = _moments(format, texts)
                for reading in numbers if moments else ():
                    for piece in _on_line(texts, moments, format, unit, reading):
                        self.index.add(piece)

    def starting(self, positions: Sequence[int], rests: Sequence[str]) -> Iterator[Piece]:
        """The moments that the rests start with."""
        return self.index.starting(rests)


def _moments(format: str, texts: Sequence[str]) -> list[datetime]:
    """The moments in a format that writes exactly these texts; none if it does not."""
    try:
        moments = [read_moment(format, t) for t in texts]
    except (ValueError, OverflowError):
        return []
    return moments if all(write_moment(format, m) == t for m, t in zip(moments, texts, strict=True)) else []


def _on_line(
    texts: tuple[str, ...], moments: Sequence[datetime], format: str, unit: str, reading: NumberReading
) -> Iterator[Piece]:
    """The first moment and the step, if all moments are so many whole steps behind the first one as their numbers are greater than one."""
    length = timedelta(minutes=1) if unit == "min" else timedelta(days=1)
    pairs = dict(zip(reading.values, moments, strict=True))
    if len(pairs) < FEWEST or not all(x == x.to_integral_value() and abs(x) < 10**6 for x in pairs):
        return
    (x0, m0), (x1, m1), *_ = pairs.items()
    step, rest = divmod((m1 - m0) // length, int(x1 - x0))
    if rest or not step or any(m - m0 != step * int(x - x0) * length for x, m in pairs.items()):
        return
    number = 1 if min(pairs) >= 1 else 0
    first = m0 + step * (number - int(x0)) * length
    if unit == "min" and first.date() != m0.date():
        return
    cost = BASE + reading.cost + DIGIT * len(str(abs(step))) * (step != 1)
    build = partial(_build, reading, number, step, format, unit, write_moment(format, first))
    yield Piece(texts, cost, build, name="numbered moment")


def _build(reading: NumberReading, number: int, step: int, format: str, unit: str, first: str) -> Program:
    count = reading.build()
    if number:
        count = call("decimal.-", count, decimal(Decimal(number)))
    if step != 1:
        count = call("decimal.*", count, decimal(Decimal(step)))
    moment = call("datetime.add", call("decimal.to_int", count), unit, call("datetime.parse", format, first))
    return call("datetime.format", format, moment)
