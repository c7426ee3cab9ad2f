"""Amounts in two units of which none is written where there is none of it: ``2 lb 5 oz``, ``2 lb``, ``9 oz``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from neurosynth.language.pieces import Column, Piece
from neurosynth.language.program import Program
from neurosynth_dsls.columns.pieces.building import call, text
from neurosynth_dsls.columns.pieces.number_lines import Rule, decimal
from neurosynth_dsls.columns.pieces.number_readings import NumberReading, number_readings
from neurosynth_dsls.columns.pieces.number_values import rules

__all__ = ["SparseUnits"]

BASE = 24
"""Bits of an amount in two units of which either may be left out."""
RADICES = ((12, 0), (16, 2), (60, 2), (7, 3), (14, 3), (24, 4), (100, 4), (1000, 4), (20, 5))
"""How many of the smaller unit make up the larger, with bits."""
LETTER = 2
"""Bits of a letter of a unit."""
LONGEST = 9
"""Digits of numbers that are tried: longer ones are identifiers."""
READINGS = 3
"""Number of numbers that are tried, the cheapest."""
_UNIT = r"(\s?[^\W\d_]{1,8}|[\"'″′])"
_TWO = re.compile(rf"(\d{{1,6}}){_UNIT}(,? |)(\d{{1,4}}){_UNIT}")
_ONE = re.compile(rf"(\d{{1,6}}){_UNIT}")


@dataclass(frozen=True)
class SparseUnits:
    """Amounts in two units of which either may be left out."""

    name: str = "sparse units"

    def bind(self, column: Column) -> BoundSparseUnits:
        """Compare the numbers of the inputs with the outputs."""
        return BoundSparseUnits(column)


@dataclass(frozen=True, slots=True)
class _Form:
    """The texts of the units, and how many of the smaller one make up the larger."""

    large: str
    between: str
    small: str
    radix: int
    less: bool
    """Whether an amount has no larger unit where there is none of it."""
    round: bool
    """Whether an amount has no smaller unit where there is none of it."""


class BoundSparseUnits:
    """The amounts of one column."""

    def __init__(self, column: Column) -> None:
        self.pieces: list[Piece] = []
        outputs = column.outputs
        if column.leaf or len(outputs) < 3 or not all(isinstance(o, str) for o in outputs):
            return
        two = [m for m in map(_TWO.fullmatch, outputs) if m]
        one = [m for m in map(_ONE.fullmatch, outputs) if m]
        if not two or len(two) + len(one) < len(outputs) or len({m.groups()[1:3] + m.groups()[4:] for m in two}) > 1:
            return
        large, between, small = two[0][2], two[0][3], two[0][5]
        alone = {m[2] for m in one}
        if not one or large == small or not alone <= {large, small}:
            return
        for radix, bits in RADICES:
            form = _Form(large, between, small, radix, small in alone, large in alone)
            amounts = [_amount(o, form) for o in outputs]
            told = [a for a in amounts if a is not None]
            if len(told) < len(outputs) or len({*told}) < 3:
                continue
            cost = BASE + bits + sum(LETTER if c.isalpha() else 1 for c in large + small)
            for reading in _readings(column):
                for rule in rules(reading.values, told, (), 0, True):
                    build = partial(_program, reading, rule, form)
                    bits_of_all = cost + reading.cost + rule.cost
                    self.pieces.append(Piece(tuple(outputs), bits_of_all, build, name="units"))

    def starting(self, positions: Sequence[int], rests: Sequence[str]) -> Iterator[Piece]:
        """The amounts, if the rests are the whole outputs."""
        if not any(positions):
            yield from (p for p in self.pieces if p.texts == tuple(rests))


def _readings(column: Column) -> list[NumberReading]:
    found = (r for r in number_readings(column) if r.plain and max(v.adjusted() for v in r.values) < LONGEST)
    return sorted(found, key=lambda r: r.cost)[:READINGS]


def _amount(output: str, form: _Form) -> Decimal | None:
    """The amount in the smaller unit; None where the output would be written otherwise."""
    two, one = _TWO.fullmatch(output), _ONE.fullmatch(output)
    if two:
        whole, rest = int(two[1]), int(two[4])
        written = (rest or not form.round) and (whole or not form.less)
        return Decimal(whole * form.radix + rest) if rest < form.radix and written else None
    if one is None:
        return None
    count = int(one[1])
    if one[2] == form.large:
        return Decimal(count * form.radix) if count else None
    return Decimal(count) if count < form.radix else None


def _program(reading: NumberReading, rule: Rule, form: _Form) -> Program:
    amount, units = rule.build(reading.build()), decimal(Decimal(form.radix))
    whole = call("decimal.round", decimal(Decimal(1)), "floor", call("decimal./", amount, units))
    rest = call("decimal.mod", amount, units)
    larger = call("str.++", call("decimal.format", "0", whole), text(form.large))
    smaller = call("str.++", call("decimal.format", "0", rest), text(form.small))
    both = call("str.++", larger, call("str.++", text(form.between), smaller) if form.between else smaller)
    if form.round:
        both = call("ite", call("=", decimal(Decimal(0)), rest), larger, both)
    return call("ite", call("decimal.<", amount, units), smaller, both) if form.less else both
