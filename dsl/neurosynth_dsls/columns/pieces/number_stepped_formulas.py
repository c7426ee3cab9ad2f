"""Results of formulas rounded to a coarse step: a mean of marks to the nearest half, an amount of cash to 5 cents, a total to full tens."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import cached_property, partial
from math import log2
from typing import Any

import numpy as np
import numpy.typing as npt

from neurosynth.language.pieces import Column
from neurosynth.language.program import Input, Program
from neurosynth_dsls.columns.decimals import round_to
from neurosynth_dsls.columns.pieces.building import call, function_of
from neurosynth_dsls.columns.pieces.expressions import NATURAL, Expressions
from neurosynth_dsls.columns.pieces.number_lines import Rule, decimal
from neurosynth_dsls.columns.pieces.number_readings import NumberReading
from neurosynth_dsls.columns.types import DECIMAL

__all__ = ["SteppedFormulas"]

BASE = 8
"""Bits of any formula."""
STEPS = tuple(
    (Decimal(step), bits)
    for step, bits in (("0.5", 4), ("0.25", 6), ("0.05", 5), ("5", 5), ("10", 5), ("50", 8), ("100", 7), ("1000", 8))
)
"""Steps, and their bits."""
MODES = (("half_up", 6), ("floor", 9), ("ceiling", 9))
"""Roundings, and their bits."""
CHOICE, MARGIN = 3, 3
"""Bits of choosing a step and a rounding, and of the outputs beyond those of choosing the formula."""
WHOLE, MOST = "plain", 6
"""The way of reading a cell that is a number, and the largest number of inputs."""
TRIED = 20
"""Number of formulas that are computed exactly for a step, the cheapest."""
SLACK = 1e-9
"""Maximum error of binary fractions, as a share of the step."""


class SteppedFormulas:
    """Such results in one column."""

    def __init__(self, column: Column, readings: Sequence[NumberReading]) -> None:
        whole: dict[Any, NumberReading] = {}
        for r in sorted((r for r in readings if r.plain), key=lambda r: (r.key[1] != WHOLE, r.cost)):
            whole.setdefault(r.key[0], r)
        self.numbers = sorted(whole.values(), key=lambda r: str(r.key[0]))
        self.usable = column.believes and 2 <= len(self.numbers) <= MOST and len(column.rows) > 1

    @cached_property
    def table(self) -> Expressions:
        """Expressions over one number of each input."""
        return Expressions([r.values for r in self.numbers], [r.cost for r in self.numbers])

    def leading(self, ys: Sequence[Decimal], shown: int) -> Iterator[tuple[NumberReading, Rule]]:
        """Means and sums of all numbers, and formulas of two, that a coarse step leads to the numbers ``ys``, of which ``shown`` decimals
        are written."""
        unit = Decimal(1).scaleb(-shown)
        steps = [(s, bits) for s, bits in STEPS if unit < s < 1000 * unit and not any(v % s for v in ys)]
        if not steps or not self.usable or len(set(ys)) < 2:
            return
        y = np.array([float(v) for v in ys])
        for step, bits in steps:
            told = sum(log2(1 + float(abs(v) / step)) for v in set(ys)) - CHOICE - MARGIN
            for line in self._near(y, float(step), told):
                xs = self._values(line)
                for mode, more in MODES if xs else ():
                    if xs != list(ys) and all(round_to(step, mode, x) == v for x, v in zip(xs, ys, strict=True)):
                        yield self._reading(line, xs), _rule(step, mode, bits + more)
                        break

    def _near(self, y: npt.NDArray[np.float64], size: float, told: float) -> list[int]:
        """The cheapest lines of which no value is farther away than the step, and that so many bits tell."""
        table = self.table
        near = (np.abs(table.values - y) <= size * (1 + SLACK)).all(axis=1)
        lines = (n for n in np.flatnonzero(near).tolist() if n >= table.count)
        found = (n for n in lines if n < table.sizes[1] or table.bits(n) <= NATURAL)
        return sorted((n for n in found if table.bits(n) < told), key=lambda n: int(table.costs[n]))[:TRIED]

    def _values(self, line: int) -> list[Decimal]:
        """The exact values of a line; none if one of them is undefined."""
        arguments = [Input(i, DECIMAL) for i in range(len(self.numbers))]
        function = function_of(self.table.build(line, arguments))
        xs = [function(row) for row in zip(*(r.values for r in self.numbers), strict=True)]
        return xs if all(isinstance(x, Decimal) for x in xs) else []

    def _reading(self, line: int, xs: Sequence[Decimal]) -> NumberReading:
        key = ("formula", self.table.text(line), *(r.key for r in self.numbers))
        cost = BASE + int(self.table.costs[line])
        return NumberReading(key, cost, partial(self._program, line), tuple(xs), False)

    def _program(self, line: int) -> Program:
        return self.table.build(line, [r.build() for r in self.numbers])


def _rule(step: Decimal, mode: str, cost: int) -> Rule:
    exponent = step.normalize().as_tuple().exponent
    assert isinstance(exponent, int)
    return Rule(f"round {step} {mode}", "round", cost, partial(_rounded, step, mode), max(0, -exponent))


def _rounded(step: Decimal, mode: str, p: Program) -> Program:
    return call("decimal.round", decimal(step), mode, p)
