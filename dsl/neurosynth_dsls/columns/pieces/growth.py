"""Growth over several periods: ``a (1 + r / 100) ** n`` for three numbers of a row, its rate, and ``a k ** n`` for a factor that the rows
tell."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from itertools import permutations
from math import log2

import numpy as np

from neurosynth.language.program import Program
from neurosynth_dsls.columns.pieces.building import call
from neurosynth_dsls.columns.pieces.expressions import Floats
from neurosynth_dsls.columns.pieces.formula_constants import bits_of, plainest
from neurosynth_dsls.columns.pieces.number_lines import decimal

__all__ = ["Growth", "growths"]

BITS = 12
"""Bits of growth, in addition to those of its numbers."""
RATE = 14
"""Bits of the rate of growth."""
PERIODS = 60
"""Maximum number of periods."""
LEAST, MOST = 0.5, 2.0
"""Factors of one period."""
DIGITS = 5
"""Digits of such a factor at most: 1.0375."""
ONE = Decimal(1)

Growth = tuple[int, int, float, str, Callable[[Program, Sequence[Program]], Program]]
"""The number that grows, the bits, the bits of choosing it, a name, and the program from that of the number and those of all numbers."""


def growths(values: Floats, low: Floats, high: Floats) -> Iterator[Growth]:
    """The growths of numbers that lead into the bounds on all rows.

    Args:
        values: the numbers of the rows, ``(N, E)`` for ``N`` numbers and ``E`` rows.
        low: the least results, ``(E,)``.
        high: the greatest ones.
    """
    count = len(values)
    for n in range(count):
        periods = values[n]
        if (periods != np.floor(periods)).any() or periods.min() < 0 or not 1 < periods.max() <= PERIODS:
            continue
        for a, r in permutations([i for i in range(count) if i != n], 2):
            for sign, name in ((1, "more"), (-1, "less")):
                grown = values[a] * (1 + sign * values[r] / 100) ** periods
                if ((low <= grown) & (grown <= high)).all():
                    yield a, BITS, log2(2 * count**3), f"grows {name} {r} {n}", _by_rate(sign, r, n)
        for a, b in permutations([i for i in range(count) if i != n], 2):
            if (values[a] > 0).all() and (periods > 0).all():
                rate = 100 * ((values[b] / values[a]) ** (1 / periods) - 1)
                if ((low <= rate) & (rate <= high)).all():
                    yield b, RATE, log2(2 * count**3), f"rate {a} {n}", _rate(a, n)
        for a in range(count):
            if a != n and len(set(periods)) > 1 and (k := _factor(values[a], periods, low, high)) is not None:
                yield a, BITS + bits_of(k), log2(count**2) + bits_of(k), f"grows {k} {n}", _by_factor(k, n)


def _rate(start: int, periods: int) -> Callable[[Program, Sequence[Program]], Program]:
    """The percentage by which a number grows in each period from another number on."""

    def build(p: Program, numbers: Sequence[Program]) -> Program:
        each = call("decimal./", decimal(ONE), numbers[periods])
        factor = call("decimal.power", call("decimal./", p, numbers[start]), each)
        return call("decimal.shift", 2, call("decimal.-", factor, decimal(ONE)))

    return build


def _factor(amounts: Floats, periods: Floats, low: Floats, high: Floats) -> Decimal | None:
    """The plainest factor of one period."""
    told = periods > 0
    if (amounts <= 0).any() or (low[told] <= 0).any():
        return None
    if not ((low <= amounts) & (amounts <= high))[~told].all():
        return None
    least = ((low / amounts)[told] ** (1 / periods[told])).max()
    most = ((high / amounts)[told] ** (1 / periods[told])).min()
    k = plainest(float(least), float(most)) if least <= most else None
    plain = k is not None and k != 1 and LEAST <= k <= MOST and len(k.normalize().as_tuple().digits) <= DIGITS
    return k if plain else None


def _by_rate(sign: int, rate: int, periods: int) -> Callable[[Program, Sequence[Program]], Program]:
    def build(p: Program, numbers: Sequence[Program]) -> Program:
        share = call("decimal.shift", -2, numbers[rate])
        factor = call("decimal.+" if sign > 0 else "decimal.-", decimal(ONE), share)
        return call("decimal.*", p, call("decimal.power", factor, numbers[periods]))

    return build


def _by_factor(k: Decimal, periods: int) -> Callable[[Program, Sequence[Program]], Program]:
    return lambda p, numbers: call("decimal.*", p, call("decimal.power", decimal(k), numbers[periods]))
