"""Rules with bounds: a number kept within limits, the amount above a limit, a share of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import log2

from neurosynth.language.program import Input, Program
from neurosynth_dsls.columns.decimals import round_to
from neurosynth_dsls.columns.pieces.building import call, function_of
from neurosynth_dsls.columns.pieces.number_kept import kept
from neurosynth_dsls.columns.pieces.number_lines import Rule, decimal, exact, times
from neurosynth_dsls.columns.types import DECIMAL

__all__ = ["bound_bits", "bounded"]

BASE = 17
"""Bits of a rule with a bound."""
BOUND = 5
"""Bits of a bound, in addition to its digits."""
ZERO = 2
"""Bits of the bound zero."""
DIGIT = 3
"""Bits of a digit of a constant, about log2(10)."""
MARGIN = 2
"""Minimum number of bits of the outputs beyond those of the constants."""
NOTHING = 10
"""Bits of a bound that only zeros reach: the number is missing there rather than small."""
ROUNDED = 6
"""Bits of rounding the result."""
ROUND = 2
"""Number of digits of typical bounds."""
FEW = 2
"""Number of different results that do not determine a line with a bound."""
DOUBTED = 1.5
"""Bits for each bit that the constants take beyond what the outputs tell: no rule is certain, but one with round numbers is likely."""
ODD = 9
"""Bits of each further digit: 432,234 is a number, not a bound."""
SLOPE = 5
"""Bits of a factor, in addition to its digits."""


@dataclass(frozen=True, slots=True)
class _Line:
    """``a (x + c)``."""

    a: Fraction
    c: Fraction

    def at(self, x: Decimal) -> Fraction:
        """Its value."""
        return self.a * (Fraction(x) + self.c)


@kept
def bounded(xs: Sequence[Decimal], ys: Sequence[Decimal], shown: int) -> Iterator[Rule]:
    """Rules with which every x becomes its y: ``min(high, max(low, a (x + c)))`` with one bound or both, rounded to the shown decimals.
    The smallest y may be the lower bound, and the largest the upper one, if rows whose line is beyond reach them. At least one row must
    be between, and a slope and an offset are accepted if one of them is trivial or two rows determine both.
    """
    low, high = min(ys), max(ys)
    if len(set(xs)) < 2 or not _ordered(xs, ys):
        return
    for lower, upper in ((low, None), (None, high), (low, high)):
        inner = [(x, y) for x, y in zip(xs, ys, strict=True) if y not in (lower, upper)]
        if len(inner) == len(xs) or not inner or (lower == upper):
            continue
        for line in _lines(inner, lower, xs, ys):
            if not _fits(line, xs, ys, lower, upper, shown) or not _beyond(line, xs, ys, shown):
                continue
            if _confirmed(line, dict(inner), lower, upper):
                yield from _rule(line, xs, ys, lower, upper, shown)


def _beyond(line: _Line, xs: Sequence[Decimal], ys: Sequence[Decimal], shown: int) -> bool:
    """Whether the line leads to another number somewhere, which a bound explains."""
    half = Fraction(1, 2) / 10**shown
    return any(abs(line.at(x) - Fraction(y)) > half for x, y in zip(xs, ys, strict=True))


def _confirmed(line: _Line, inner: Mapping[Decimal, Decimal], lower: Decimal | None, upper: Decimal | None) -> bool:
    """Whether more rows than determine the line are between the bounds, or all its constants have one digit, or nothing is below zero."""
    if len(inner) > (line.a != 1) + (line.c != 0) or (lower == 0 and upper is None):
        return True
    slopes = [v for v in (exact(line.a), exact(1 / line.a)) if v is not None]
    slope = min((_digits(v) for v in slopes), default=ROUND)
    offset = exact(line.c)
    others = [slope, ROUND if offset is None else _digits(offset)]
    return max(*others, *(_digits(b) for b in (lower, upper) if b is not None)) <= 1


def _ordered(xs: Sequence[Decimal], ys: Sequence[Decimal]) -> bool:
    """Whether larger numbers never lead to smaller results, or never to larger ones."""
    led = [y for _, y in sorted(zip(xs, ys, strict=True))]
    return led in (sorted(led), sorted(led, reverse=True))


def _lines(
    inner: Sequence[tuple[Decimal, Decimal]], lower: Decimal | None, xs: Sequence[Decimal], ys: Sequence[Decimal]
) -> Iterator[_Line]:
    """Lines through the rows between the bounds: the number itself, a shift, a multiple, and both if two rows determine them."""
    yield _Line(Fraction(1), Fraction(0))
    (x0, y0), *rest = dict(inner).items()
    if y0 != x0:
        yield _Line(Fraction(1), Fraction(y0) - Fraction(x0))
    if x0 and y0 and y0 != x0:
        yield _Line(Fraction(y0) / Fraction(x0), Fraction(0))
    for x1, y1 in rest[:1]:
        a = (Fraction(y1) - Fraction(y0)) / (Fraction(x1) - Fraction(x0))
        if a:
            yield _Line(a, Fraction(y0) / a - Fraction(x0))


def _fits(
    line: _Line, xs: Sequence[Decimal], ys: Sequence[Decimal], lower: Decimal | None, upper: Decimal | None, shown: int
) -> bool:
    half = Fraction(1, 2) / 10**shown
    for x, y in zip(xs, ys, strict=True):
        value = line.at(x)
        if y == lower:
            if value > Fraction(y) + half:
                return False
        elif y == upper:
            if value < Fraction(y) - half:
                return False
        elif abs(value - Fraction(y)) > half:
            return False
    return True


def _rule(
    line: _Line, xs: Sequence[Decimal], ys: Sequence[Decimal], lower: Decimal | None, upper: Decimal | None, shown: int
) -> Iterator[Rule]:
    a, c = exact(line.a), exact(line.c)
    inverse = exact(1 / line.a)
    if c is None or (a is None and inverse is None):
        return
    constants = sum(bound_bits(b) for b in (lower, upper) if b is not None)
    reached = [(x, y) for x, y in zip(xs, ys, strict=True) if y and y in (lower, upper)]
    constants += NOTHING if reached and not any(x for x, _ in reached) else 0
    constants += 0 if line.a == 1 else SLOPE + DIGIT * min(_digits(v) for v in (a, inverse) if v is not None)
    constants += 0 if not c else SLOPE + DIGIT * _digits(c)
    told = sum(max(1.0, log2(1 + float(abs(y)) * 10**shown)) for y in set(ys))
    cost = BASE + constants
    if constants + MARGIN > told:  # that many constants fit any numbers
        numbers = (Decimal(str(float(line.a))), c, *(b for b in (lower, upper) if b is not None))
        if len(set(ys)) <= FEW or any(_digits(n) > ROUND for n in numbers):
            return
        cost += int(DOUBTED * (constants + MARGIN - told))
    make = _builder(line, c, lower, upper)
    name = f"between {lower} {upper} {line.a} {line.c}"
    function = function_of(make(Input(0, DECIMAL)))
    found = [function((x,)) for x in xs]
    if found == list(ys):
        yield Rule(name, name, cost, make)
        return
    step = Decimal(1).scaleb(-shown)
    if all(isinstance(v, Decimal) and round_to(step, "half_up", v) == y for v, y in zip(found, ys, strict=True)):
        yield Rule(
            f"{name} {step}",
            name,
            cost + ROUNDED,
            lambda p: call("decimal.round", decimal(step), "half_up", make(p)),
        )


def _builder(line: _Line, c: Decimal, lower: Decimal | None, upper: Decimal | None) -> Callable[[Program], Program]:
    def build(p: Program) -> Program:
        moved = p if not c else call("decimal.+" if c > 0 else "decimal.-", p, decimal(abs(c)))
        if lower == 0 and line.a > 0:  # a share of the amount above the bound
            moved = call("decimal.max", decimal(Decimal(0)), moved)
        value = times(moved, line.a)
        if lower is not None and not (lower == 0 and line.a > 0):
            value = call("decimal.max", decimal(lower), value)
        return value if upper is None else call("decimal.min", decimal(upper), value)

    return build


def bound_bits(bound: Decimal) -> int:
    """Bits of a bound: few for a round number."""
    digits = _digits(bound)
    return ZERO if not bound else BOUND + DIGIT * min(digits, ROUND) + ODD * max(0, digits - ROUND)


def _digits(value: Decimal) -> int:
    return len(value.normalize().as_tuple().digits)
