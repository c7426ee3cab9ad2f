"""Durations whose largest unit is left out where there is none of it: ``1 day, 2:03`` and ``23:59``, ``1h 05m`` and ``45m``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import partial

from neurosynth.language.pieces import Column, Piece
from neurosynth.language.program import Program
from neurosynth_dsls.columns.duration_format import write_duration
from neurosynth_dsls.columns.pieces.building import call
from neurosynth_dsls.columns.pieces.duration_readings import DurationReading, duration_readings
from neurosynth_dsls.columns.pieces.number_lines import decimal

__all__ = ["LeadingUnits"]

BASE = 22
"""Bits of a duration whose largest unit may be left out."""
LETTER, OTHER = 3, 1
"""Bits of the letters and other characters around its numbers."""
PLURAL = 4
"""Bits of another word behind one unit."""
UNITS = (("D", "day", timedelta(days=1)), ("H", "h", timedelta(hours=1)), ("M", "min", timedelta(minutes=1)))
"""Units that may be left out: their letter, name and length."""
ORDER = "DHMS"
_NUMBER = re.compile(r"\d+")
_PARTS = re.compile(r"\d+|\D+")


@dataclass(frozen=True)
class LeadingUnits:
    """Durations whose largest unit may be left out."""

    name: str = "leading units"

    def bind(self, column: Column) -> BoundLeadingUnits:
        """Compare the durations of the inputs with the outputs."""
        return BoundLeadingUnits(column)


class BoundLeadingUnits:
    """The durations of one column."""

    def __init__(self, column: Column) -> None:
        self.pieces: list[Piece] = []
        outputs = column.outputs
        if column.leaf or len(outputs) < 3 or not all(isinstance(o, str) for o in outputs):
            return
        counts = {len(_NUMBER.findall(o)) for o in outputs}
        if len(counts) == 2 and max(counts) <= len(ORDER) and min(counts) == max(counts) - 1 > 0:
            for reading in duration_readings(column):
                if min(reading.values) >= timedelta():
                    self.pieces += _pieces(column, reading, max(counts))

    def starting(self, positions: Sequence[int], rests: Sequence[str]) -> Iterator[Piece]:
        """The durations, if the rests are the whole outputs."""
        if not any(positions):
            yield from (p for p in self.pieces if p.texts == tuple(rests))


def _pieces(column: Column, reading: DurationReading, count: int) -> Iterator[Piece]:
    for letter, name, unit in UNITS:
        letters = ORDER[ORDER.index(letter) :][:count]
        rows = [*zip(reading.values, column.outputs, strict=True)]
        small = [(span, o) for span, o in rows if span < unit]
        single = [(span, o) for span, o in rows if unit <= span < 2 * unit]
        several = [(span, o) for span, o in rows if span >= 2 * unit]
        if not small or len(letters) < count or (not single and not several):
            continue
        less = _format(small, letters[1:])
        form = _format(several or single, letters)
        if less is None or form is None:
            continue
        one = form if not single or _fits(single, form) else _format(single, letters)
        if one is not None:
            texts = re.sub(r"%-?[DHMS]", "", less + form + (one if one != form else ""))
            bits = sum(LETTER if c.isalpha() else OTHER for c in texts) + PLURAL * (one != form)
            build = partial(_program, reading, name, less, one, form)
            yield Piece(tuple(column.outputs), BASE + reading.cost + bits, build, name="leading unit")


def _format(rows: Sequence[tuple[timedelta, str]], letters: str) -> str | None:
    """The format with some units with which all durations are written as they are; the first unit is not padded by default."""
    parts = _PARTS.findall(rows[0][1])
    if sum(p[0].isdigit() for p in parts) != len(letters):
        return None
    formats, left = [""], iter(letters)
    for part in parts:
        if part[0].isdigit():
            unit = next(left)
            codes = (f"%-{unit}", f"%{unit}") if unit == letters[0] or " " in rows[0][1] else (f"%{unit}", f"%-{unit}")
            formats = [f + c for f in formats for c in codes]
        else:
            formats = [f + part.replace("%", "%%").replace("|", "%|") for f in formats]
    return next((f for f in formats if _fits(rows, f)), None)


def _fits(rows: Sequence[tuple[timedelta, str]], form: str) -> bool:
    return all(write_duration(form, span) == o for span, o in rows)


def _program(reading: DurationReading, name: str, less: str, one: str, form: str) -> Program:
    def write(f: str) -> Program:
        return call("duration.format", f, reading.build())

    def below(count: int) -> Program:
        return call("duration.<", reading.build(), call("duration.of", name, decimal(Decimal(count))))

    more = write(form) if one == form else call("ite", below(2), write(one), write(form))
    return call("ite", below(1), write(less), more)
