"""Numbers in units of which each has its own decimals: ``1.2 million``, ``85 thousand``, ``640``; ``1,2 Mio.`` and ``85 Tsd.``; ``2 crore``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, partial

from neurosynth.language.pieces import Column, Piece
from neurosynth.language.program import Program
from neurosynth_dsls.columns.decimals import round_to
from neurosynth_dsls.columns.pieces.building import call, function_of, text
from neurosynth_dsls.columns.pieces.number_guess import NumberTexts, number_texts
from neurosynth_dsls.columns.pieces.number_lines import decimal
from neurosynth_dsls.columns.pieces.number_readings import NumberReading, number_readings

__all__ = ["GradedUnits"]

BASE, UNIT = 22, 2
"""Bits of units of different numbers of decimals, and of each of them."""
UNSHOWN = 6
"""Bits of each unit that other rows reach, but no example."""
FEWEST = 2
"""Fewest units, or none as one of them."""


def _powers(names: str) -> Mapping[str, int]:
    return {name: 3 * n for n, name in enumerate(names.split(), 1)}


FAMILIES: tuple[Mapping[str, int], ...] = (
    *map(_powers, ("K M B T", "k M B T", "k m b t", "K M bn tn", "k m bn tn", "k mn bn tn", "k M Md")),
    *map(_powers, ("thousand million billion trillion", "Thousand Million Billion Trillion", "thousand mn bn tn")),
    *map(
        _powers,
        ("Tsd. Mio. Mrd. Bio.", "Tsd Mio Mrd Bio", "tsd. Mio. Mrd.", "T Mio. Mrd.", "tys. mln mld", "тыс. млн млрд"),
    ),
    {"lakh": 5, "crore": 7},
    {"L": 5, "Cr": 7},
)
"""Units that belong together, by name, and the powers of ten that they mean."""
_BEHIND = re.compile(r"(\d[\d.,' ]*(?<=\d))(?:(\s?)([^\W\d_]+\.?))?")


@dataclass(frozen=True)
class GradedUnits:
    """Numbers in units of which each has its own decimals."""

    name: str = "graded units"

    def bind(self, column: Column) -> BoundGradedUnits:
        """Compare the numbers of the inputs with those of the outputs."""
        return BoundGradedUnits(column)


@dataclass(frozen=True, slots=True)
class _Unit:
    """How numbers are written from a power of ten on."""

    power: int
    notation: NumberTexts
    behind: str
    """The unit, and the blank before it."""

    @property
    def step(self) -> Decimal:
        """To what the numbers are rounded."""
        return Decimal(1).scaleb(-self.notation.decimals)

    def build(self, number: Program) -> Program:
        """The program of the text of a number."""
        if not self.behind:
            return call("decimal.format", self.notation.pattern, number)
        scaled = call("decimal.round", decimal(self.step), "half_up", call("decimal.shift", -self.power, number))
        return call("str.++", call("decimal.format", self.notation.pattern, scaled), text(self.behind))


class BoundGradedUnits:
    """The numbers of one column."""

    def __init__(self, column: Column) -> None:
        self.column = column
        self.usable = not column.leaf and len(column.outputs) > FEWEST and _has_units(column.outputs)

    def starting(self, positions: Sequence[int], rests: Sequence[str]) -> Iterator[Piece]:
        """Numbers with units that the rests start with."""
        if not self.usable or any(
            p and o[p - 1].isdigit() for p, o in zip(positions, self.column.outputs, strict=True)
        ):
            return
        found = [_BEHIND.match(r) for r in rests]
        read = [m for m in found if m is not None]
        if len(read) == len(rests):
            for family in FAMILIES:
                yield from _pieces(self.column, self.readings, read, family)

    @cached_property
    def readings(self) -> list[NumberReading]:
        """Numbers of the inputs that are not negative, found on first use."""
        return [r for r in number_readings(self.column) if r.plain and min(r.values) >= 0]


def _has_units(outputs: Sequence[str]) -> bool:
    """Whether some numbers of the outputs have a unit of one family, and there are several units, or numbers without any."""
    found = [{m[3] or "" for m in _BEHIND.finditer(o)} for o in outputs]
    return any(
        len({u for units in found for u in units if u in family}) + any(units - {*family} for units in found) >= FEWEST
        for family in FAMILIES
        if all(found)
    )


def _pieces(
    column: Column, readings: Sequence[NumberReading], read: Sequence[re.Match[str]], family: Mapping[str, int]
) -> Iterator[Piece]:
    names = [m[3] if m[3] in family else "" for m in read]
    blanks = {m[2] for m, name in zip(read, names, strict=True) if name}
    if len({*names}) < FEWEST or len(blanks) > 1:
        return
    blank = blanks.pop()
    texts = tuple(m[1] + blank + name if name else m[1] for m, name in zip(read, names, strict=True))
    powers = [family.get(name, 0) for name in names]
    for reading in readings:
        shown: dict[int, NumberTexts] = {}
        for power in {*powers}:
            rows = [n for n, p in enumerate(powers) if p == power]
            notation = _notation([reading.values[n] for n in rows], [read[n][1] for n in rows], power)
            if notation is not None:
                shown[power] = notation
        needed = _needed(column, reading, powers, family) if len(shown) == len({*powers}) else None
        if needed is not None:
            made = [_Unit(p, shown.get(p) or _like(shown, p), _behind(family, blank, p)) for p in needed]
            bits = sum(UNIT + n.cost for n in shown.values()) + UNSHOWN * (len(made) - len(shown))
            yield Piece(texts, BASE + reading.cost + bits, partial(_program, reading, made), name="graded units")


def _behind(family: Mapping[str, int], blank: str, power: int) -> str:
    return next((blank + name for name, p in family.items() if p == power), "")


def _notation(values: Sequence[Decimal], texts: Sequence[str], power: int) -> NumberTexts | None:
    """The notation of some numbers in a unit; without a unit, none is rounded."""
    scaled = [v.scaleb(-power) for v in values]
    if power and min(scaled) < 1:
        return None
    for found in sorted(number_texts(texts), key=lambda f: (f.fixed != bool(power), f.cost)):
        step = Decimal(1).scaleb(-found.decimals)
        told = [round_to(step, "half_up", v) for v in scaled] if power else scaled
        if not found.kept and told == list(found.values):
            return found
    return None


def _needed(
    column: Column, reading: NumberReading, powers: Sequence[int], family: Mapping[str, int]
) -> list[int] | None:
    """The powers of the units that the rows of the table need, in rising order; None if an example lacks a unit that others have."""
    rows = [*zip(reading.values, powers, strict=True)]
    allowed = [p for p in family.values() if p in powers or all(v < _ten(p) or own > p for v, own in rows)]
    read = function_of(reading.build())
    values = [v for v in map(read, column.every) if isinstance(v, Decimal)]
    if min(values) < 0:
        return None
    needed = {*powers, *(_reached(v, (0, *allowed)) for v in values)}
    return sorted(needed) if all(_reached(v, sorted(needed)) == own for v, own in rows) else None


def _ten(power: int) -> Decimal:
    return Decimal(10) ** power


def _reached(value: Decimal, powers: Sequence[int]) -> int:
    """The largest power that a number reaches, or the least one."""
    return max((p for p in powers if value >= _ten(p)), default=powers[0])


def _like(shown: Mapping[int, NumberTexts], power: int) -> NumberTexts:
    """The notation of a unit that no example shows: that of the next larger or smaller one; without a unit, numbers as they are."""
    near = shown[min(shown, key=lambda p: (not p, abs(p - power), p))]
    if power:
        return near
    comma = near.pattern.startswith("[comma]")
    return next(f for f in number_texts(["1,5" if comma else "1.5"]) if f.pattern.endswith("#*"))


def _program(reading: NumberReading, units: Sequence[_Unit]) -> Program:
    first, *rest = units
    program = first.build(reading.build())
    for unit in rest:
        below = call("decimal.<", reading.build(), decimal(Decimal(10) ** unit.power))
        program = call("ite", below, program, unit.build(reading.build()))
    return program
