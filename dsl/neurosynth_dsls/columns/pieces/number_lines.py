"""Programs for lines ``a x + b`` with exact constants, and the type of rules from one number to another."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import partial
from math import ceil, floor

from neurosynth.language.program import Program
from neurosynth_dsls.columns.number_format import CONTEXT
from neurosynth_dsls.columns.pieces.building import call

__all__ = [
    "Rule",
    "anchored",
    "decimal",
    "exact",
    "line",
    "plainest",
    "plainest_whole",
    "rests",
    "simplest",
    "times",
    "written",
]

REST, DIGIT = 20, 3
"""Bits of what is left up to a number, and of each of its digits."""
FRACTION = 2
"""Digits of a decimal from which on a fraction such as 1/6 or 5/12 is plainer."""
SHORTER = 2
"""Characters that a divisor must save: ``/ 1.37`` instead of ``* 0.729927``."""
LONG = 7
"""Characters of a factor from which on a divisor such as ``1/1.2`` can save so many."""


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """A rule from a number to another."""

    key: str
    family: str
    """The ends of one range share it."""
    cost: int
    build: Callable[[Program], Program]
    places: int | None = None
    """Number of decimals of the multiples to which it rounds, if it rounds."""

    @property
    def significant(self) -> bool:
        """Whether it rounds to significant digits, and its numbers have any number of decimals."""
        return self.family == "significant" or (self.family == "factor" and self.key.endswith(" True"))


def decimal(value: Decimal) -> Program:
    """A decimal as a program."""
    return call("decimal", f"{value:f}")


def line(p: Program, a: Fraction, b: Fraction) -> Program:
    constant = exact(abs(b))
    if a == -1 and b > 0 and constant is not None:  # the rest up to a number, as in 100 - x
        return call("decimal.-", decimal(constant), p)
    scaled = times(p, a)
    if not b:
        return scaled
    if constant is not None:
        return call("decimal.+" if b > 0 else "decimal.-", scaled, decimal(constant))
    if (before := exact(b / a)) is not None:  # (x - 32) * 5/9
        return times(call("decimal.+" if before > 0 else "decimal.-", p, decimal(abs(before))), a)
    offset = call("decimal./", decimal(Decimal(b.numerator)), decimal(Decimal(b.denominator)))
    return call("decimal.+", scaled, offset)


def rests(xs: Sequence[Decimal], ys: Sequence[Decimal]) -> Iterator[Rule]:
    """What is left up to a number, such as ``8 - x`` for a scale of 1 to 7 turned round, and a number more or less: the second of two rows
    confirms it."""
    if len(set(xs)) < 2:
        return
    for a in (-1, 1):
        b = ys[0] - a * xs[0]
        if b and (a > 0 or b > 0) and all(y == a * x + b for x, y in zip(xs, ys, strict=True)):
            cost = REST + DIGIT * len(b.normalize().as_tuple().digits)
            yield Rule(f"linear {a} {b}", "linear", cost, partial(line, a=Fraction(a), b=Fraction(b)))


def times(p: Program, a: Fraction) -> Program:
    """The product with a fraction: a factor if it is an exact decimal, otherwise a division."""
    if a == 1:
        return p
    if (factor := exact(a)) is not None:
        return call("decimal.*", p, decimal(factor))
    if (divisor := exact(1 / a)) is not None:
        return call("decimal./", p, decimal(divisor))
    product = p if a.numerator == 1 else call("decimal.*", p, decimal(Decimal(a.numerator)))
    return call("decimal./", product, decimal(Decimal(a.denominator)))


def exact(a: Fraction) -> Decimal | None:
    """The fraction as a decimal of at most 15 digits, or None."""
    value = CONTEXT.divide(Decimal(a.numerator), Decimal(a.denominator))
    digits = len(value.normalize().as_tuple().digits)
    return value if digits <= 15 and Fraction(value) == a else None


def plainest_whole(low: float | Fraction, high: float | Fraction) -> int:
    """The whole number with the most zeros at the end between two bounds; of several, one with a 5 before them, or one near the middle."""
    step = 1
    while floor(high / (10 * step)) * 10 * step >= low and 10 * step <= high:
        step *= 10
    first, last = ceil(low / step), floor(high / step)
    five = last // 5 * 5
    return (five if five >= first else min(max(round((low + high) / 2 / step), first), last)) * step


def anchored(
    xs: Sequence[Decimal], ys: Sequence[Decimal], shown: int, low: Fraction, high: Fraction
) -> Fraction | None:
    """The quotient of a row whose result has one digit although two decimals are written: 1023 is the 5.00 volts of a whole scale.

    One of a hundred results would have two zeros by chance. It must be a factor between the bounds, and no other row may be such.
    """
    round_rows = [(x, y) for x, y in zip(xs, ys, strict=True) if len(y.normalize().as_tuple().digits) == 1 and y >= 1]
    if shown < 2 or len(round_rows) != 1 or len(set(xs)) < 3:
        return None
    a = Fraction(round_rows[0][1]) / Fraction(round_rows[0][0])
    return a if low <= a < high and exact(a) is None else None


def simplest(low: Fraction, high: Fraction) -> Fraction | None:
    """The plainest number between two: the decimal with the fewest places, or a fraction of few digits that is shorter to write."""
    for places in range(14):
        scale = 10**places
        if -(-low * scale // 1) <= high * scale:
            a = Fraction(plainest_whole(low * scale, high * scale), scale)
            break
    else:
        return None
    written = str(exact(a) or a)
    if low > 0 and a.denominator > 1 and len(written.lstrip("0.")) > FRACTION:
        for denominator in range(3, 13):
            numerator = -(-low * denominator // 1)
            if numerator <= high * denominator:
                found = Fraction(numerator, denominator)
                return found if len(str(found)) < len(written) else a
    return a


def plainest(low: Fraction, high: Fraction) -> Fraction | None:
    """As :func:`simplest`, or one divided by the plainest number if that is much shorter to write."""
    a = simplest(low, high)
    if a is None or low <= 0 or len(written(a)) < LONG:
        return a
    divisor = simplest(1 / high, 1 / low)
    if divisor is None or exact(divisor) is None or divisor == 1:
        return a
    return 1 / divisor if len(written(1 / divisor)) + SHORTER <= len(written(a)) else a


def written(a: Fraction) -> str:
    """A factor as it is written: a decimal, or the shorter of a quotient and one divided by a decimal."""
    if (factor := exact(a)) is not None:
        return str(factor)
    divisor = exact(1 / a)
    return str(a) if divisor is None else min(str(a), f"1/{divisor}", key=len)
