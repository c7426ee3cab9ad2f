"""Constants in formulas: the bounds that every row sets, the simplest number within them, and programs that use it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np

from neurosynth.language.program import Program
from neurosynth_dsls.columns.pieces.building import call
from neurosynth_dsls.columns.pieces.expressions import Floats
from neurosynth_dsls.columns.pieces.number_factors import UNITS
from neurosynth_dsls.columns.pieces.number_lines import decimal, plainest_whole, times

__all__ = [
    "CONSTANT",
    "TRIED",
    "Constant",
    "bits_of",
    "constants",
    "ends",
    "less",
    "plainest",
    "plus",
    "power_of_ten",
    "quotients",
    "scaled_by",
]

TRIED = 24
"""Number of expressions that are verified for one series of outputs, the cheapest."""
CONSTANT = 9
"""Bits of a constant, in addition to its digits."""
DIGIT = 3
"""Bits of a digit of it, about log2(10)."""
UNIT = 8
"""Bits of a common factor between units, instead of its digits."""
SIXTIETH = 3
"""Bits of a sixtieth, instead of its digits: minutes beside hours."""
INVERSES = (60, 12, 24, 7, 3600, 1440, 365, 360, 52)
"""Common divisors between units, which no decimal is the inverse of."""

Constant = Decimal | Fraction
"""A constant: a decimal, or the inverse of a divisor."""


def ends(first: Floats, last: Floats) -> tuple[Floats, Floats]:
    return np.minimum(first, last), np.maximum(first, last)


def less(low: Floats, high: Floats, e: Floats) -> tuple[Floats, Floats]:
    return low - e, high - e


def quotients(low: Floats, high: Floats, e: Floats) -> tuple[Floats, Floats]:
    """The bounds of ``k`` in ``low <= k e <= high``; none if both ``e`` and the result are zero."""
    first, last = ends(low / e, high / e)
    free = (e == 0) & (low <= 0) & (high >= 0)
    return np.where(free, -np.inf, np.where(e == 0, np.nan, first)), np.where(
        free, np.inf, np.where(e == 0, np.nan, last)
    )


def constants(least: Floats, most: Floats, costs: Any, *, scaled: bool) -> Iterator[tuple[int, Constant]]:
    """Lines whose bounds agree on all rows, the cheapest, with the simplest number within them; a factor may be the inverse of a common
    divisor."""
    low, high = least.max(axis=1), most.min(axis=1)
    lines = np.flatnonzero((low <= high) & np.isfinite(low) & np.isfinite(high))
    for line in lines[np.argsort(costs[lines], kind="stable")][:TRIED]:
        first, last = float(low[line]), float(high[line])
        k = plainest(first, last)
        if k is None:
            continue
        odd = scaled and len(k.normalize().as_tuple().digits) > 1
        inverse = next((n for n in INVERSES if first <= 1 / n <= last), None) if odd else None
        yield int(line), k if inverse is None else Fraction(1, inverse)


def plainest(low: float, high: float) -> Decimal | None:
    """The decimal with the fewest places between two numbers; of several, the middle one, or one that ends with a 5."""
    if low <= 0 <= high:
        return Decimal(0)
    if high < 0:
        found = plainest(-high, -low)
        return -found if found is not None else None
    for places in range(-6, 9):
        scale = 10.0**places
        n, last = -(-low * scale // 1), high * scale // 1
        if n <= last and abs(last) < 10**9:
            return Decimal(plainest_whole(low * scale, high * scale)).scaleb(-places)
    return None


def power_of_ten(k: Constant) -> int | None:
    """The exponent of a power of ten."""
    if isinstance(k, Fraction):
        return None
    return k.adjusted() if k.normalize().as_tuple().digits == (1,) else None


def bits_of(k: Constant) -> int:
    """Bits of a constant."""
    if isinstance(k, Fraction):
        return CONSTANT + (SIXTIETH if k.denominator == 60 else UNIT)
    fraction = Fraction(k)
    return CONSTANT + (UNIT if fraction in UNITS else DIGIT * len(k.normalize().as_tuple().digits))


def plus(p: Program, k: Constant) -> Program:
    assert isinstance(k, Decimal)
    return call("decimal.+" if k > 0 else "decimal.-", p, decimal(abs(k)))


def scaled_by(p: Program, k: Constant) -> Program:
    if isinstance(k, Fraction):
        return times(p, k)
    power = power_of_ten(k)
    return call("decimal.shift", power, p) if power is not None else call("decimal.*", p, decimal(k))
