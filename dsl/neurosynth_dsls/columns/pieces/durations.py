"""Durations as pieces: a clock, a count of units, or the time between two moments, written unit by unit."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from neurosynth.language.evaluate import Evaluator
from neurosynth.language.pieces import Column, Frame, Piece
from neurosynth.language.program import Program
from neurosynth_dsls.columns.duration_format import write_duration
from neurosynth_dsls.columns.pieces.building import call
from neurosynth_dsls.columns.pieces.clock_days import within_days
from neurosynth_dsls.columns.pieces.duration_readings import DurationReading, duration_readings
from neurosynth_dsls.columns.pieces.scaled_durations import scaled_durations
from neurosynth_dsls.columns.pieces.signed_durations import signed_durations
from neurosynth_dsls.columns.pieces.text_index import TextIndex

__all__ = ["Durations"]

BASE = 8
"""Bits of any duration."""
AGAIN = 3
"""Bits of another unit of the duration just written."""
UNREAD = 20
"""Bits if a duration is read from none of the table's rows; proportional if not from some."""

FEW = 10
"""Bits of a duration that one or two rows of a branch tell."""

TOPS = ("D", "H", "M", "S")
"""The largest written unit, which takes the whole duration."""
_LARGEST = {"D": 2, "H": 0, "M": 1, "S": 4}
"""Bits of a largest unit."""
PARTS = (*TOPS, "L")
"""Written units: thousandths of seconds are behind the seconds."""
_SHOWN = {"L": ("%L",), "D": ("%-D",), "H": ("%-H", "%H"), "M": ("%-M", "%M"), "S": ("%-S", "%S")}


@dataclass(frozen=True)
class Durations:
    """Durations of the inputs."""

    name: str = "durations"

    def bind(self, column: Column) -> BoundDurations:
        """Read the inputs."""
        return BoundDurations(column)


class BoundDurations:
    """The durations of one column."""

    def __init__(self, column: Column) -> None:
        self.index = TextIndex()
        told = _DIGIT if column.believes else _CLOCK  # few rows tell a duration only if they look like one
        if not all(map(told.search, column.outputs)):
            return
        evaluator = Evaluator()
        seen = set()
        for reading in (*duration_readings(column), *within_days(column), *scaled_durations(column)):
            function = evaluator.function(reading.build())
            spans = tuple(function(row) for row in column.rows)
            if not all(isinstance(s, timedelta) for s in spans) or spans in seen:
                continue
            seen.add(spans)
            unread = sum(not isinstance(function(row), timedelta) for row in column.judged)
            cost = reading.cost + UNREAD * unread // max(1, len(column.judged)) + FEW * (not column.believes)
            for piece in (*_fields(column, reading, cost, spans), *signed_durations(column, reading, cost, spans)):
                self.index.add(piece)

    def starting(self, positions: Sequence[int], rests: Sequence[str]) -> Iterator[Piece]:
        """The units that the rests start with."""
        for piece in self.index.starting(rests):
            if all(len(t) == len(r) or not r[len(t)].isdigit() for t, r in zip(piece.texts, rests, strict=True)):
                yield piece


def _fields(column: Column, reading: DurationReading, cost: int, spans: Sequence[timedelta]) -> Iterator[Piece]:
    def write(format: str) -> Program:
        return call("duration.format", format, reading.build())

    thousandths = all(_THOUSANDTHS.search(o) for o in column.outputs)
    for top, largest in enumerate(TOPS):
        for unit in PARTS[top:]:
            if unit == "L" and not thousandths:
                continue
            for code in _SHOWN[unit]:
                texts = tuple(_text(s, largest, code) for s in spans)
                if all(t and t in o for t, o in zip(texts, column.outputs, strict=True)):
                    open_ = all(len(t) > 1 and not t.startswith("0") for t in texts)
                    # by default the largest unit is not padded, nor is one behind a blank: 51° 6'
                    apart = all(re.search(rf"\s{t}(?!\d)", o) for t, o in zip(texts, column.outputs, strict=True))
                    padded = open_ and ("-" not in code) == (unit == largest or apart)
                    value = (reading.key, "duration", largest)
                    bits = BASE + cost + 2 * (unit != largest) + padded + _LARGEST[largest]
                    yield Piece(
                        texts,
                        bits,
                        lambda c=code: write(c),  # type: ignore[misc]  # a bound default has no type
                        value,
                        (reading.key, "duration " + largest),
                        AGAIN,
                        False,
                        Frame(code, write, _escape, once=True),
                        name=code,
                    )


_DIGIT, _CLOCK = re.compile(r"\d"), re.compile(r"(?<!\d)\d+:\d\d(?!\d)")
_THOUSANDTHS = re.compile(r"\d[.,]\d{3}(?!\d)")


def _text(span: timedelta, largest: str, code: str) -> str:
    """One unit of a duration whose format has ``largest`` as its largest unit."""
    if code[-1] == largest:
        return write_duration(code, span)
    between = "".join(f"%{u}:" for u in PARTS[PARTS.index(largest) : PARTS.index(code[-1])])
    return write_duration(f"{between}{code}", span).rsplit(":", 1)[1]


def _escape(text: str) -> str:
    return text.replace("%", "%%").replace("|", "%|")
