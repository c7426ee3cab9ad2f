"""Amounts in two units, of which the smaller one makes up the larger: ``180 cm`` as ``5'11"``, 87 days as ``12+3`` weeks.

The two numbers of an output make one amount, which is sought like any number, and then divided again.
"""

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

__all__ = ["MixedUnits"]

BASE = 18
"""Bits of an amount in two units."""
RADICES = ((12, 0), (16, 2), (14, 3), (7, 3), (20, 4), (60, 4), (100, 5), (24, 5))
"""How many of the smaller unit make up the larger, with bits: inches, ounces, pounds, days, minutes, hours."""
FEWEST = 3
"""Different amounts that are needed."""
LONGEST = 9
"""Digits of numbers that are tried: longer ones are identifiers."""
READINGS = 4
"""Number of numbers that are tried, the cheapest."""
OTHER = ("", ".", ",", "-", "–", "/")
"""Signs between decimals, dates and the ends of ranges rather than between units."""
_TWO = re.compile(r"(\d{1,6})(\D{1,8})(\d{1,6})(?!\d)(?!\.\d)")


@dataclass(frozen=True)
class MixedUnits:
    """Amounts in two units."""

    name: str = "mixed units"

    def bind(self, column: Column) -> BoundMixedUnits:
        """Note the column; its numbers are read on first use."""
        return BoundMixedUnits(column)


class BoundMixedUnits:
    """The amounts of one column."""

    def __init__(self, column: Column) -> None:
        self.column = column
        self.usable = column.believes and all(isinstance(o, str) and _TWO.search(o) for o in column.outputs)
        self.known: dict[tuple[str, ...], list[Piece]] = {}

    def starting(self, positions: Sequence[int], rests: Sequence[str]) -> Iterator[Piece]:
        """Two numbers that the rests start with."""
        if not self.usable:
            return
        found = [m for m in map(_TWO.match, rests) if m is not None]
        if len(found) < len(rests) or len({m[2] for m in found}) > 1:
            return
        if any(p and o[p - 1].isdigit() for p, o in zip(positions, self.column.outputs, strict=True)):
            return
        texts = tuple(m.group() for m in found)  # of one sign
        if texts not in self.known:
            pairs = [(int(m[1]), int(m[3])) for m in found]
            self.known[texts] = list(self._in_units(texts, found, pairs))
        yield from self.known[texts]

    def _readings(self) -> list[NumberReading]:
        found = (r for r in number_readings(self.column) if r.plain and max(v.adjusted() for v in r.values) < LONGEST)
        return sorted(found, key=lambda r: r.cost)[:READINGS]

    def _spans(self) -> list[NumberReading]:
        """Days and months between two dates, which no factor changes."""
        return [r for r in number_readings(self.column) if r.key[:2] in (("between", "day"), ("between", "month"))]

    def _in_units(
        self, texts: tuple[str, ...], found: Sequence[re.Match[str]], pairs: Sequence[tuple[int, int]]
    ) -> Iterator[Piece]:
        padded = all(len(m[3]) > 1 for m in found)
        if any(m[3].startswith("0") and len(m[3]) > 1 for m in found) and not padded:
            return
        sign = found[0][2]
        if sign.strip() in OTHER:
            return
        for n, bits in RADICES:
            amounts = [Decimal(a * n + b) for a, b in pairs]
            if any(b >= n for _, b in pairs) or len({*amounts}) < FEWEST or not any(a for a, _ in pairs):
                continue
            for reading in self._spans():
                if reading.values == tuple(amounts):
                    cost = BASE + bits + len(sign) // 2 + reading.cost
                    rule = Rule("", "", 0, lambda p: p)
                    yield Piece(
                        texts, cost, partial(_build, reading, rule, n, sign, "00" if padded else "0"), name="two units"
                    )
            for reading in self._readings():
                for rule in rules(reading.values, amounts, (), 0, True):
                    cost = BASE + bits + len(sign) // 2 + reading.cost + rule.cost
                    build = partial(_build, reading, rule, n, sign, "00" if padded else "0")
                    yield Piece(texts, cost, build, name="two units")


def _build(reading: NumberReading, rule: Rule, n: int, sign: str, pattern: str) -> Program:
    amount = rule.build(reading.build())
    units = decimal(Decimal(n))
    whole = call("decimal.round", decimal(Decimal(1)), "floor", call("decimal./", amount, units))
    rest = call("decimal.format", pattern, call("decimal.mod", amount, units))
    return call("str.++", call("decimal.format", "0", whole), call("str.++", text(sign), rest))
