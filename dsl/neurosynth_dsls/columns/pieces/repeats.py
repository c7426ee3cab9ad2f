"""Texts repeated by a number: four stars for 4, a hyphen for each level of a heading, what is left of five in another sign."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import partial
from itertools import pairwise

from neurosynth.language.pieces import Column, Piece
from neurosynth.language.program import Program
from neurosynth_dsls.columns.decimals import round_to
from neurosynth_dsls.columns.pieces.building import call, text
from neurosynth_dsls.columns.pieces.number_lines import decimal, line
from neurosynth_dsls.columns.pieces.number_readings import number_readings
from neurosynth_dsls.columns.pieces.substrings import texts_of
from neurosynth_dsls.columns.pieces.told_numbers import NumberReading

__all__ = ["Repeats"]

BASE = 16
"""Bits of a text that is repeated, in addition to the number of times."""
LINE = 6
"""Additional bits if the number is multiplied or moved first."""
LETTER = 8
"""Additional bits of a letter or digit, which is seldom repeated."""
MOST, UNITS = 200, 6
"""Repetitions, and repeated characters, at most."""
MODES = (("half_up", 8), ("floor", 9), ("ceiling", 11))
"""Roundings of the number of times, with bits."""
FACTORS = (1, -1, 2, 3, 4)
"""By how much a number is multiplied before a text is repeated so many times."""
COUNTED = ("length", "words")
"""Numbers of characters and of words."""
SHIFT = 20
"""What is added to it at most."""


@dataclass(frozen=True)
class Repeats:
    """Characters and inputs that are repeated as often as a number says."""

    name: str = "repeats"

    def bind(self, column: Column) -> BoundRepeats:
        """Find what is repeated in the outputs."""
        return BoundRepeats(column)


class BoundRepeats:
    """The repeated texts of one column."""

    def __init__(self, column: Column) -> None:
        self.pieces = list(_pieces(column)) if column.believes and len(column.rows) > 1 else []

    def starting(self, positions: Sequence[int], rests: Sequence[str]) -> Iterator[Piece]:
        """The repeated texts that the rests start with, where they are not followed by the same again."""
        for piece in self.pieces:
            unit = max(piece.texts, key=len)[:1]
            if all(
                r.startswith(t) and (t == "" or r[len(t) : len(t) + 1] != unit)
                for r, t in zip(rests, piece.texts, strict=True)
            ):
                yield piece


def _pieces(column: Column) -> Iterator[Piece]:
    units = _units(column.outputs)
    sources = [
        (p, texts) for i, p in enumerate(column.inputs) if (texts := texts_of(column, i, column.rows)) is not None
    ]
    if not units and not any(
        len(t) * 2 <= len(o) for _, texts in sources for t, o in zip(texts, column.outputs, strict=True)
    ):
        return
    for reading in _rounded(number_readings(column)):
        if any(v != v.to_integral_value() or abs(v) > MOST for v in reading.values) or len(set(reading.values)) < 2:
            continue
        numbers = [int(v) for v in reading.values]
        for unit in units:
            yield from _of_unit(unit, column.outputs, reading, numbers)
        for source, texts in sources:
            values = tuple(t * n for t, n in zip(texts, numbers, strict=True))
            if any(n > 1 for n in numbers) and all(v and v in o for v, o in zip(values, column.outputs, strict=True)):
                yield Piece(
                    values, BASE + reading.cost, partial(_repeated, reading, 1, 0, source), name="repeated input"
                )


def _rounded(readings: Sequence[NumberReading]) -> Iterator[NumberReading]:
    """The readings, and those with decimals rounded to whole numbers: four stars for 4.4 and for 3.5."""
    for reading in readings:
        yield reading
        if (
            reading.plain
            and max(map(abs, reading.values)) <= MOST
            and any(v != v.to_integral_value() for v in reading.values)
        ):
            for mode, bits in MODES:
                values = tuple(round_to(Decimal(1), mode, v) for v in reading.values)
                build = partial(_round, mode, reading)
                yield NumberReading((reading.key, mode), reading.cost + bits, build, values, False)


def _round(mode: str, reading: NumberReading) -> Program:
    return call("decimal.round", decimal(Decimal(1)), mode, reading.build())


def _of_unit(unit: str, outputs: Sequence[str], reading: NumberReading, numbers: Sequence[int]) -> Iterator[Piece]:
    """The character as often as the number, or a line of it, says."""
    counts = [o.count(unit) for o in outputs]
    counted = any(how in reading.key for how in COUNTED)
    for factor in FACTORS:
        shift = counts[0] - factor * numbers[0]
        if counted and (factor != 1 or shift):
            continue  # a line of the length of a text is a coincidence
        if abs(shift) <= SHIFT and all(c == factor * n + shift for c, n in zip(counts, numbers, strict=True)):
            texts = tuple(unit * c for c in counts)
            if all(t in o for t, o in zip(texts, outputs, strict=True)):
                bits = BASE + reading.cost + LINE * (factor != 1) + LINE * (shift != 0) + LETTER * unit.isalnum()
                yield Piece(texts, bits, partial(_repeated, reading, factor, shift, text(unit)), name="repeated")
            return


def _repeated(reading: NumberReading, factor: int, shift: int, what: Program) -> Program:
    times = call("decimal.to_int", line(reading.build(), Fraction(factor), Fraction(shift)))
    return call("text.repeat", times, what)


def _units(outputs: Sequence[str]) -> list[str]:
    """Characters that stand side by side in an output, and not equally often in all of them."""
    counts: dict[str, int] = {}
    for output in outputs:
        for a, b in pairwise(output):
            if a == b:
                counts[a] = counts.get(a, 0) + 1
    some = [c for c in counts if len({o.count(c) for o in outputs}) > 1]
    return sorted(some, key=lambda c: (-counts[c], c))[:UNITS]
