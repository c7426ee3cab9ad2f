"""Rates by tiers: 5 % of amounts below 10,000, and 8 % of those from there on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from itertools import pairwise
from math import log2

from neurosynth.language.program import Program
from neurosynth_dsls.columns.decimals import round_to
from neurosynth_dsls.columns.pieces.building import call
from neurosynth_dsls.columns.pieces.formula_constants import plainest
from neurosynth_dsls.columns.pieces.number_kept import kept
from neurosynth_dsls.columns.pieces.number_lines import Rule, decimal
from neurosynth_dsls.columns.pieces.thresholds import thresholds_between

__all__ = ["tier_rules"]

BASE = 16
"""Bits of a choice between rates."""
RATE, DIGIT = 4, 3
"""Bits of a rate, and of each of its digits."""
DIGITS = 2
"""Digits of a rate: 12.5 % has three, which two rows must tell."""
MOST = 3
"""Tiers at most."""
ROUNDED = 5
"""Bits of rounding the result."""
CLOSE = 1e-9
"""What binary fractions may be wrong by."""


@dataclass(slots=True)
class _Tier:
    """Rows in a row by their number, and the bounds of their common rate."""

    first: Decimal
    last: Decimal
    low: float
    high: float
    count: int = 1

    @property
    def rate(self) -> Decimal | None:
        """The plainest rate, if it is plain enough for so many rows."""
        found = Decimal(0) if self.low <= 0 <= self.high else plainest(self.low, self.high)
        if found is None or found < 0:
            return None
        return found if len(found.normalize().as_tuple().digits) <= DIGITS + (self.count > 1) else None


@kept
def tier_rules(xs: Sequence[Decimal], ys: Sequence[Decimal], shown: int) -> Iterator[Rule]:
    """A rate for small numbers and others for larger ones, rounded to the decimals that are shown if necessary."""
    if len(set(xs)) < 3 or min(xs) <= 0 or min(ys) < 0 or len(set(ys)) < 3:
        return
    tiers = _tiers(dict(sorted(zip(xs, ys, strict=True))), 0.5 * 10.0**-shown)
    if not 2 <= len(tiers) <= MOST or len(tiers) >= len(set(xs)):
        return
    rates = [t.rate for t in tiers]
    if any(r is None for r in rates):
        return
    found = [r for r in rates if r is not None]
    bounds = [min(thresholds_between(a.last, b.first, ()), key=lambda t: t[1]) for a, b in pairwise(tiers)]
    bits = sum(RATE + DIGIT * len(r.normalize().as_tuple().digits) * (r not in (0, 1)) for r in found)
    bits += sum(b for _, b in bounds)
    if bits > sum(log2(1 + float(y.scaleb(shown))) for y in set(ys)):
        return
    limits, step = [t for t, _ in bounds], Decimal(1).scaleb(-shown)
    build = partial(_rated, limits, found)
    products = [_rate(x, limits, found) * x for x in xs]
    if products == list(ys):
        yield Rule(f"tiers {found}", "tiers", BASE + bits, build)
    elif all(round_to(step, "half_up", v) == y for v, y in zip(products, ys, strict=True)):
        yield Rule(f"tiers {found} {shown}", "tiers", BASE + bits + ROUNDED, partial(_rounded, step, limits, found))


def _tiers(pairs: dict[Decimal, Decimal], half: float) -> list[_Tier]:
    tiers: list[_Tier] = []
    for x, y in pairs.items():
        low, high = (float(y) - half) / float(x), (float(y) + half) / float(x)
        if tiers and max(low, tiers[-1].low) <= min(high, tiers[-1].high) + CLOSE:
            joint = _Tier(
                tiers[-1].first, x, max(low, tiers[-1].low), min(high, tiers[-1].high) + CLOSE, tiers[-1].count + 1
            )
            if joint.rate is not None:
                tiers[-1] = joint
                continue
        tiers.append(_Tier(x, x, low, high))
    return tiers


def _rate(x: Decimal, bounds: Sequence[Decimal], rates: Sequence[Decimal]) -> Decimal:
    return rates[sum(b <= x for b in bounds)]


def _rounded(step: Decimal, bounds: Sequence[Decimal], rates: Sequence[Decimal], p: Program) -> Program:
    return call("decimal.round", decimal(step), "half_up", _rated(bounds, rates, p))


def _rated(bounds: Sequence[Decimal], rates: Sequence[Decimal], p: Program) -> Program:
    chosen = decimal(rates[0])
    for bound, rate in zip(bounds, rates[1:], strict=True):
        chosen = call("ite", call("decimal.<=", decimal(bound), p), decimal(rate), chosen)
    return call("decimal.*", p, chosen)
