"""Numbers divided by a plain divisor and rounded up, down or to a coarse step: started tenths of an hour, leave to half days, days to weeks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import partial
from itertools import combinations, permutations
from math import inf, log2

from neurosynth.language.program import Program
from neurosynth_dsls.columns.decimals import round_to
from neurosynth_dsls.columns.number_format import CONTEXT
from neurosynth_dsls.columns.pieces.building import call
from neurosynth_dsls.columns.pieces.number_lines import Rule, decimal, times
from neurosynth_dsls.columns.pieces.told_numbers import NumberReading, digits_of

__all__ = ["divided_steps", "products"]

BASE = 32
"""Bits of a divisor and a step, without those of either."""
DIVISORS = (
    *((60, 0), (12, 1), (24, 2), (7, 2), (100, 2), (1000, 2), (2, 2), (3, 3), (4, 3), (5, 3), (6, 3), (8, 4), (9, 4)),
    *((10, 3), (15, 4), (20, 4), (25, 5), (30, 3), (40, 4), (50, 4), (52, 4), (365, 3), (360, 5)),
)
"""Divisors, and their bits: parts of units come first."""
MODES = (("half_up", 0), ("ceiling", 4), ("floor", 4))
"""Roundings, and their bits."""
MOST = 3
"""Maximum number of steps tried, the coarsest ones of which all results are multiples."""
DOUBT = 8
"""Bits at most by which a step is doubted where all results are multiples of a coarser one."""
TOLD, SURE = 3.5, 6.0
"""Bits of a factor that the rows must tell, and those from which on it is not doubted."""
LONGEST = 12
"""Digits from which on numbers are identifiers."""
PRODUCT = 10
"""Bits of the product or the quotient of two numbers."""
NUMBERS = 4
"""Numbers of a row that are multiplied and divided, the cheapest."""


def divided_steps(
    xs: Sequence[Decimal],
    ys: Sequence[Decimal],
    steps: Sequence[tuple[Decimal, int]],
    shown: int,
    *,
    made: bool = False,
) -> Iterator[Rule]:
    """``x / n`` rounded to a multiple of a step, up, down or to the nearest; the nearest one with all shown decimals is no case of it.

    Args:
        xs: numbers of the row.
        ys: numbers of the outputs.
        steps: steps, with their bits.
        shown: decimals of the outputs.
        made: whether ``xs`` are products or quotients, which are rounded without a divisor, too.
    """
    pairs = dict(zip(xs, ys, strict=True))
    if len(pairs) < 3 or len(set(ys)) < 3 or min(xs) < 0 or min(ys) < 0:
        return
    if any(v.adjusted() >= LONGEST for v in (*xs, *ys)) or any(pairs[x] != y for x, y in zip(xs, ys, strict=True)):
        return
    finest = Decimal(1).scaleb(-shown)
    fitting = [(step, bits) for step, bits in reversed(steps) if step >= finest and all(y % step == 0 for y in ys)]
    for step, bits in fitting[:MOST]:
        doubt = min(DOUBT, int(len(pairs) * log2(fitting[0][0] / step) / 2))
        for mode, extra in MODES:
            if mode == "half_up" and step == finest:
                continue
            low, high = _bounds(pairs, float(step), mode)
            told = log2(high / (high - low)) if 0 < low < high < inf else SURE if low == high else 0
            if told < TOLD:
                continue
            for n, more in (((1, 0),) if made else ()) + DIVISORS:
                if low * (1 - NEAR) <= 1 / n <= high * (1 + NEAR) and _fits(pairs, n, step, mode):
                    cost = BASE + bits + extra + more + doubt + int(2 * max(0.0, SURE - told))
                    name = f"factor {Fraction(1, n)} {step} {mode}"
                    yield Rule(name, "factor", cost, partial(_build, Fraction(1, n), step, mode), places=shown)


NEAR = 1e-9
"""What binary fractions may be wrong by, relative to the value."""


def _bounds(pairs: dict[Decimal, Decimal], step: float, mode: str) -> tuple[float, float]:
    """The least and the greatest factor that the rows allow, as binary fractions."""
    below, above = {"half_up": (0.5, 0.5), "ceiling": (1.0, 0.0), "floor": (0.0, 1.0)}[mode]
    low = max((float(y) - below * step) / float(x) for x, y in pairs.items() if x)
    high = min((float(y) + above * step) / float(x) for x, y in pairs.items() if x)
    return low, high


def _fits(pairs: dict[Decimal, Decimal], n: int, step: Decimal, mode: str) -> bool:
    return all(round_to(step, mode, CONTEXT.divide(x, Decimal(n))) == y for x, y in pairs.items())


def _build(a: Fraction, step: Decimal, mode: str, p: Program) -> Program:
    return call("decimal.round", decimal(step), mode, times(p, a))


def products(readings: Sequence[NumberReading]) -> list[NumberReading]:
    """The products and quotients of two numbers of a row."""
    best: dict[object, NumberReading] = {}
    for reading in sorted((r for r in readings if r.plain), key=lambda r: r.cost):
        if min(reading.values) >= 0 and max(v.adjusted() for v in reading.values) < LONGEST // 2:
            best.setdefault((reading.key[0], *digits_of(reading)), reading)
    numbers = [r for r in best.values() if len(set(r.values)) > 1][:NUMBERS]
    found = [_both("*", a, b) for a, b in combinations(numbers, 2)]
    return found + [_both("/", a, b) for a, b in permutations(numbers, 2) if all(b.values)]


def _both(sign: str, a: NumberReading, b: NumberReading) -> NumberReading:
    compute = CONTEXT.multiply if sign == "*" else CONTEXT.divide
    values = tuple(compute(x, y) for x, y in zip(a.values, b.values, strict=True))
    build = partial(_program, sign, a, b)
    return NumberReading((f"decimal.{sign}", a.key, b.key), a.cost + b.cost + PRODUCT, build, values, False)


def _program(sign: str, a: NumberReading, b: NumberReading) -> Program:
    return call(f"decimal.{sign}", a.build(), b.build())
