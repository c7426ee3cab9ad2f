"""Lines ``a x + b`` whose results are rounded, with constants that intervals from three or more rows leave open."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import combinations

from neurosynth.language.program import Program
from neurosynth_dsls.columns.pieces.building import call
from neurosynth_dsls.columns.pieces.number_lines import Rule, decimal, exact, line, simplest

__all__ = ["rounded_lines"]

COST = 38
"""Bits of a rounded line, without those of its constants."""
SAVED = 4
"""Number of digits that the results must have more than both constants: otherwise some line fits any results."""
MOST = 4
"""Maximum number of digits of each constant: a line of longer ones fits three numbers that hardly differ from the results."""
PLACES = 4
"""Maximum number of decimals of a slope in the middle of its bounds that is tried beside the plainest one."""


def rounded_lines(xs: Sequence[Decimal], ys: Sequence[Decimal], shown: int) -> Iterator[Rule]:
    """The line through three or more points whose results are rounded, a half up, to as many decimals as are shown."""
    pairs = {Fraction(x): Fraction(y) for x, y in zip(xs, ys, strict=True)}
    if len(pairs) < 3:
        return
    half = Fraction(1, 2 * 10**shown)
    bounds = [
        sorted(((y - v - 2 * half) / (x - u), (y - v + 2 * half) / (x - u)))
        for (x, y), (u, v) in combinations(pairs.items(), 2)
    ]
    low, high = max(b[0] for b in bounds), min(b[1] for b in bounds)
    if low >= high or low <= 0 <= high:
        return
    told = sum(len(y.as_tuple().digits) for y in dict(zip(xs, ys, strict=True)).values())
    for a in _slopes(low, high):
        least, most = (f(y + side - a * x for x, y in pairs.items()) for f, side in ((max, -half), (min, half)))
        if least >= most or least <= 0 <= most:
            continue
        b = _plainest(least, most - (most - least) / 64)  # a half goes up
        if b is None or all(a * x + b == y for x, y in pairs.items()):
            continue
        spelled = _digits(a) + _digits(b)
        if max(_digits(a), _digits(b)) <= MOST and spelled + SAVED <= told:
            yield Rule(f"rounded {a} {b} {shown}", "rounded line", COST + spelled, _Builder(a, b, shown), places=shown)
            return


def _slopes(low: Fraction, high: Fraction) -> Iterator[Fraction]:
    plain = _plainest(low, high)
    if plain is not None:
        yield plain
    for places in range(PLACES):
        a = Fraction(round((low + high) / 2 * 10**places), 10**places)
        if low <= a <= high and a != plain:
            yield a


def _plainest(low: Fraction, high: Fraction) -> Fraction | None:
    if low > 0:
        return simplest(low, high)
    found = simplest(-high, -low)
    return None if found is None else -found


def _digits(a: Fraction) -> int:
    """Digits that write a constant: a decimal, or a quotient."""
    return len(str(exact(abs(a)) or abs(a)).strip("0").replace(".", "").replace("/", ""))


class _Builder:
    """Makes the program of a rounded line."""

    def __init__(self, a: Fraction, b: Fraction, shown: int) -> None:
        self.a, self.b, self.shown = a, b, shown

    def __call__(self, p: Program) -> Program:
        return call("decimal.round", decimal(Decimal(1).scaleb(-self.shown)), "half_up", line(p, self.a, self.b))
