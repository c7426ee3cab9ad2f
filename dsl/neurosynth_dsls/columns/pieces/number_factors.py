"""Factors between numbers read and numbers written, which are rounded: known ratios of units, and others that the rows leave open."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from math import inf, log2

from neurosynth.language.program import Input, Program
from neurosynth_dsls.columns.pieces.building import call, function_of
from neurosynth_dsls.columns.pieces.number_lines import Rule, anchored, decimal, plainest, times, written
from neurosynth_dsls.columns.types import DECIMAL

__all__ = [
    "EXACT",
    "KNOWN",
    "ROUGH",
    "SAVED",
    "TIMES",
    "UNCONFIRMED",
    "UNITS",
    "factor_rules",
    "unit_between",
    "verified",
]


def factor_rules(xs: Sequence[Decimal], ys: Sequence[Decimal], shown: int, fixed: bool) -> Iterator[Rule]:
    """``a x``, rounded as far as is shown."""
    yield from verified(_factor(xs, ys, shown, fixed), xs, ys)


def verified(found: Iterator[Rule], xs: Sequence[Decimal], ys: Sequence[Decimal]) -> Iterator[Rule]:
    """The rules whose programs do with 28 digits what their fractions do exactly."""
    for rule in found:
        function = function_of(rule.build(Input(0, DECIMAL)))
        if all(function((x,)) == y for x, y in zip(xs, ys, strict=True)):
            yield rule


_FACTORS = """
    1.609344 0.45359237 28.349523125 0.028349523125 453.59237 2.54 25.4 0.0254 0.3048 0.9144 1.8 60 3600 86400
    0.09290304 9 4046.8564224 43560 4.184 1.852 3.6 1000 12 3 16 7 24 30 365 52 100 1024 1048576
    1073741824 3.785411784 6.35029318 4.54609 236.5882365 473.176473 29.5735295625 0.40468564224 1.2 1.19 1.1 0.9 0.8
"""
_RARE = "3.14159265358979 6.28318530717959 0.0174532925199433 14.5939 6.80389"
"""Factors of circles and angles, and of units that few people know."""
_TAXES = """
    1.025 1.026 1.027 1.05 1.055 1.06 1.07 1.077 1.08 1.081 1.09 1.12 1.13 1.14 1.15 1.16 1.17 1.18 1.21 1.22 1.23 1.24
    1.25 1.255 1.27
"""
"""Rates of taxes on sales, which prices include: other factors than these lie near some of them."""
USUAL, PLAIN = 31, 34
"""Bits of a factor between units, and of another one without its digits."""
UNCONFIRMED = 4
"""Bits of a line through two points alone."""
CONFIRMING = 3
"""Number of digits that each of two numbers must have to tell a factor."""
SAVED = 3
"""Number of digits more than the factor's that both together must have."""
KNOWN = 2
"""Digits that choosing one of the known factors is worth."""
ROUGH = 1e-9
"""What binary fractions may be wrong by, relative to the value."""
RARE, SURE = 8, 7.0
"""Bits of a factor that few tables need, in addition to those of a usual one, and the bits of a factor that the rows may tell before they
make up for them: 57.296 that three rows tell to four digits is no chance."""
SURE_TAX = 9.0
"""The same bits of a tax: a price less 5 % is near a price without a tax of 5 %."""
TIMES = 12  # the largest whole factor that is as plain as one between units
SHORT = 3
"""Bits of a rounded number that shows fewer significant digits than others: one of ten ends with a zero by chance."""
EXACT = 6
"""Bits that a factor between units saves where no number had to be rounded."""
USUAL_RATES = tuple(map(Fraction, ("1.1", "1.19", "1.2")))
"""Rates of taxes that are among the usual factors."""
UNITS = tuple(map(Fraction, f"{_FACTORS} {_RARE}".split()))
"""Factors between units of measurement, and usual ones of prices: cheaper than others that fit as well."""


_RARELY = {u: SURE for v in map(Fraction, _RARE.split()) for u in (v, 1 / v)}
_KNOWN = frozenset(u for v in UNITS for u in (v, 1 / v))
_RATES = tuple(map(Fraction, _TAXES.split()))
_TAXED = frozenset(u for v in (*_RATES, *USUAL_RATES) for u in (v, 1 / v, 1 - 1 / v)) - _KNOWN
"""Net to gross, gross to net, and gross to the tax inside."""
_RARELY |= dict.fromkeys(_TAXED, SURE_TAX)
"""Factors that few tables need, and the bits that the rows may tell of them before they are believed."""
_FACTOR = {float(u): u for u in (*_KNOWN, *_TAXED)}
_ORDERED = sorted(_FACTOR)


def _factor(xs: Sequence[Decimal], ys: Sequence[Decimal], shown: int, fixed: bool) -> Iterator[Rule]:
    """``a x`` rounded to the decimals or to the significant digits that are shown: intervals for ``a`` from all rows."""
    if not all(xs) or not all(ys):
        return
    pairs = dict(zip(xs, ys, strict=True))
    for significant in (False, True):
        digits = max(len(y.as_tuple().digits) for y in ys) if significant else shown
        interval = _interval(xs, ys, digits, significant)
        if interval is None:
            continue
        low, high = interval
        known = unit_between(low, high)
        rare = _rare(low, high, _RARELY[known]) if known is not None and known in _RARELY else 0
        plain = plainest(low, high) if rare else None
        if plain is not None and PLAIN + len(written(plain)) < USUAL + rare:
            known = None
        scale = anchored(xs, ys, 0 if significant else shown, low, high)
        a = known if known is not None else scale if scale is not None else plainest(low, high)
        if a == high and low < high:  # where a half goes up, the greatest factor is just too great
            a = plainest(low, high - (high - low) / 64)
        if a is None or a <= 0 or _is_power_of_ten(a):
            continue
        odd = rare if known is not None else len(written(a))
        if len(pairs) == 2:
            told = [len(str(abs(int(y.scaleb(shown))))) for y in pairs.values()]
            spelled = len(written(a).strip("0.").replace(".", "")) if known is None else KNOWN + (known in _TAXED)
            if min(told) < CONFIRMING or sum(told) < SAVED + spelled:
                continue
            odd += UNCONFIRMED
        if known is not None and all(Fraction(y) == known * Fraction(x) for x, y in zip(xs, ys, strict=True)):
            odd = -EXACT  # nothing had to be rounded
        base = USUAL if known is not None else PLAIN
        rounded = (y for x, y in zip(xs, ys, strict=True) if Fraction(y) != a * Fraction(x))
        short = SHORT * sum(len(y.as_tuple().digits) < digits for y in rounded)
        bits = base + odd + (short + (5 if digits <= 5 else 0) if significant else 1 if fixed else 4)
        yield Rule(f"factor {a} {digits} {significant}", "factor", bits, _factor_builder(a, digits, significant))


def _rare(low: Fraction, high: Fraction, sure: float) -> int:
    """Bits of a rare factor between two numbers: fewer if they are close to each other."""
    told = log2(high / (high - low)) if low < high else inf
    return int(max(0.0, RARE - max(0.0, told - sure)))


def unit_between(low: Fraction, high: Fraction) -> Fraction | None:
    """The usual factor between two numbers, if there is one; a rare one where there is no other."""
    start = bisect_left(_ORDERED, float(low) * (1 - ROUGH))
    found = [_FACTOR[value] for value in _ORDERED[start : start + 3] if low <= _FACTOR[value] <= high]
    return min(found, key=_RARELY.__contains__, default=None)


def _factor_builder(a: Fraction, digits: int, significant: bool) -> Callable[[Program], Program]:
    def build(p: Program) -> Program:
        if significant:
            return call("decimal.round_significant", digits, "half_up", times(p, a))
        return call("decimal.round", decimal(Decimal(1).scaleb(-digits)), "half_up", times(p, a))

    return build


def _interval(
    xs: Sequence[Decimal], ys: Sequence[Decimal], digits: int, significant: bool
) -> tuple[Fraction, Fraction] | None:
    """The factors that lead from every x to its y as it is rounded: fractions, after a look with binary ones that rules out most."""
    low, high = 0.0, inf
    for x, y in zip(xs, ys, strict=True):
        half = 10.0 ** (y.adjusted() - digits + 1 if significant else -digits) / 2
        ends = sorted(((float(y) - half) / float(x), (float(y) + half) / float(x)))
        low, high = max(low, ends[0]), min(high, ends[1])
        if low > high * (1 + ROUGH):
            return None
    halves = [Fraction(10) ** (y.adjusted() - digits + 1 if significant else -digits) / 2 for y in ys]
    bounds = [
        sorted(((Fraction(y) - half) / Fraction(x), (Fraction(y) + half) / Fraction(x)))
        for x, y, half in zip(xs, ys, halves, strict=True)
    ]
    least, most = max(b[0] for b in bounds), min(b[1] for b in bounds)
    return (least, most) if least <= most else None


def _is_power_of_ten(a: Fraction) -> bool:
    text = str(max(a, 1 / a))
    return text.startswith("1") and set(text[1:]) <= {"0"}
