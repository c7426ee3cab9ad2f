"""Ordinals of numbers that dates tell: the 10th anniversary, the 2nd Thursday of a month, the 3rd quarter."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from neurosynth.language.pieces import Column, Piece
from neurosynth.language.program import Program
from neurosynth_dsls.columns.notations import ordinal
from neurosynth_dsls.columns.pieces.building import call, function_of
from neurosynth_dsls.columns.pieces.date_readings import readings
from neurosynth_dsls.columns.pieces.number_lines import decimal
from neurosynth_dsls.columns.pieces.number_readings import number_readings
from neurosynth_dsls.columns.pieces.text_index import TextIndex

__all__ = ["CountedOrdinals"]

BASE = 12
"""Bits of such an ordinal."""
NEXT = 3
"""Bits of one more: the 4th year, after three years."""
FIELDS = (("%n", 4), ("%q", 5), ("%-V", 8))
"""Which of its weekdays in the month, the quarter, the week, with bits."""
SPANS = ("year", "month", "week", "day")
"""Units of the time between two dates that are counted."""
_ORDINAL = re.compile(r"\d(?:st|nd|rd|th)(?![^\W_])")
_LARGEST = 10_000


@dataclass(frozen=True)
class CountedOrdinals:
    """Ordinals of numbers that dates tell."""

    name: str = "ordinals"

    def bind(self, column: Column) -> BoundOrdinals:
        """Count on the example rows."""
        return BoundOrdinals(column)


class BoundOrdinals:
    """The ordinals of one column."""

    def __init__(self, column: Column) -> None:
        self.index = TextIndex()
        if not column.believes or not all(isinstance(o, str) and _ORDINAL.search(o) for o in column.outputs):
            return
        for values, cost, build in (*_spans(column), *_fields(column)):
            if not all(v == v.to_integral_value() and 0 < v < _LARGEST for v in values):
                continue
            texts = tuple(ordinal(int(v)) for v in values)
            if all(t in o for t, o in zip(texts, column.outputs, strict=True)):
                self.index.add(Piece(texts, BASE + cost, partial(_ordinal, build), name="ordinal"))

    def starting(self, positions: Sequence[int], rests: Sequence[str]) -> Iterator[Piece]:
        """The ordinals that the rests start with."""
        return self.index.starting(rests)


def _ordinal(build: Callable[[], Program]) -> Program:
    return call("ordinal.write", call("decimal.to_int", build()))


Counted = tuple[Sequence[Decimal], int, Callable[[], Program]]


def _spans(column: Column) -> Iterator[Counted]:
    """The time between two dates, and one more."""
    for reading in number_readings(column):
        if reading.key[0] == "years" or (reading.key[0] == "between" and reading.key[1] in SPANS):
            yield reading.values, reading.cost, reading.build
            yield [v + 1 for v in reading.values], reading.cost + NEXT, partial(_next, reading.build)


def _next(build: Callable[[], Program]) -> Program:
    return call("decimal.+", build(), decimal(Decimal(1)))


def _fields(column: Column) -> Iterator[Counted]:
    """Numbers that a format of dates writes."""
    for reading in readings(column):
        if not reading.dated or reading.fixed or not {"m", "d"} <= reading.fields:
            continue
        for field, bits in FIELDS:
            build = partial(_field, field, reading.build)
            function = function_of(build())
            values = [function(row) for row in column.rows]
            if all(isinstance(v, Decimal) for v in values):
                yield values, reading.cost + bits, build


def _field(field: str, moment: Callable[[], Program]) -> Program:
    return call("decimal.parse", "0", call("datetime.format", field, moment()))
