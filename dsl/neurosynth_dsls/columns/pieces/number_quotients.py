"""Whole quotients and remainders: boxes of twelve, full weeks and the days left, pages, waves of 200 runners."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import partial
from math import gcd, log2

from neurosynth.language.program import Program
from neurosynth_dsls.columns.pieces.building import call
from neurosynth_dsls.columns.pieces.number_lines import Rule, decimal

__all__ = ["divided"]

_USUAL = "2 3 4 5 6 7 10 12 14 16 20 24 25 30 36 50 60 64 100 128 256 360 365 1000 1024 1440 3600"
DIVISORS = tuple(map(Decimal, _USUAL.split()))
"""Divisors whose whole quotient and remainder are tried."""
QUOTIENT, REST = 30, 26
"""Bits of the quotient, and of the remainder, of a usual divisor."""
EVEN = 10
"""Bits at most by which a quotient is likelier where nothing is left of any number: few numbers are multiples by chance."""
PLACE, PLACES = 30, (*range(2, 13), 15, 16, 20, 24, 25, 30, 32, 36, 40, 48, 50, 60, 96, 100)
"""Bits of the place in a group, and sizes of groups."""
SOLVED, DIGIT = 2, 4
"""Additional bits of another divisor, and of each of its digits."""
ROUND = 2
"""Digits of such a divisor, zeros at the end aside."""
LARGEST = 10_000
"""The largest such divisor."""
NARROW = Fraction(5, 4)
"""How many times the least divisor that the rows allow the greatest one may be, so that they tell it."""
ROUNDINGS = (("floor", 0), ("ceiling", 1))
"""How a quotient becomes whole, with bits: full boxes, and boxes that are needed."""
NEAREST = 1
"""Bits of rounding up where the nearest number is the same, in addition to those of the chance."""
MULTIPLES = (100, 25, 12, 10, 5, 4, 2)
"""Of divisors with as many digits, multiples of these are likelier, in this order."""
DIGITS = 18
"""Digits from which on numbers are not divided: the context of decimals has no quotient of so many digits."""


def divided(xs: Sequence[Decimal], ys: Sequence[Decimal]) -> Iterator[Rule]:
    """The whole quotient, up or down, and the remainder of a usual divisor; the quotient of another one that the rows tell."""
    if min(*xs, *ys) < 0 or all(x < 2 for x in xs) or max(xs).adjusted() >= DIGITS:
        return
    yield from _usual_rests(xs, ys)
    if any(y != y.to_integral_value() for y in ys):
        return
    usual = {mode: [n for n in DIVISORS if _is_quotient(xs, ys, n, mode)] for mode, _ in ROUNDINGS}
    for mode, bits in ROUNDINGS:
        for n in usual[mode]:
            even = min(EVEN, int(log2(n) * len(set(xs)))) if all(x % n == 0 for x in xs) else 0
            near = _nearest(xs, ys, n) if mode == "ceiling" else 0
            yield _quotient(n, mode, QUOTIENT + bits - even + near)
    if len(set(xs)) < 3 or len(set(ys)) < 2:
        return
    yield from _places(xs, ys)
    yield from _rest(xs, ys)
    if any(usual.values()):
        return
    for mode, bits in ROUNDINGS:
        solved = _solved(xs, ys, mode)
        if solved is not None:
            digits = len(solved.normalize().as_tuple().digits)
            yield _quotient(solved, mode, QUOTIENT + bits + SOLVED + DIGIT * digits)


def _nearest(xs: Sequence[Decimal], ys: Sequence[Decimal], n: Decimal) -> int:
    """Bits of the chance that every quotient that was rounded up is also rounded to the nearest: half of them are."""
    rounded = [y for x, y in zip(xs, ys, strict=True) if x % n]
    closer = all(2 * (y * n - x) <= n for x, y in zip(xs, ys, strict=True))
    return NEAREST + len(rounded) if rounded and closer else 0


def _usual_rests(xs: Sequence[Decimal], ys: Sequence[Decimal]) -> Iterator[Rule]:
    """The remainder of a usual divisor, with the decimals of the number."""
    if tuple(xs) != tuple(ys):
        for n in DIVISORS:
            if all(x % n == y for x, y in zip(xs, ys, strict=True)):
                yield Rule(f"divmod {n} rest", f"divmod {n}", REST, partial(_modulo, n))


def _places(xs: Sequence[Decimal], ys: Sequence[Decimal]) -> Iterator[Rule]:
    """The place of a number in its group, both counted from one: seat 6 of row 2 for 12 and rows of six."""
    for n in PLACES:
        if n in ys and all((x - 1) % n + 1 == y for x, y in zip(xs, ys, strict=True)) and max(xs) > n:
            yield Rule(f"divmod {n} place", f"divmod {n} ceiling", PLACE, partial(_place, Decimal(n)))


def _place(n: Decimal, p: Program) -> Program:
    one = decimal(Decimal(1))
    return call("decimal.+", call("decimal.mod", call("decimal.-", p, one), decimal(n)), one)


def _rest(xs: Sequence[Decimal], ys: Sequence[Decimal]) -> Iterator[Rule]:
    """The remainder of the roundest divisor that no list holds and the rows tell: all numbers less their remainders are its multiples."""
    if any(x != x.to_integral_value() or x < y for x, y in zip(xs, ys, strict=True)):
        return
    common = gcd(*(int(x - y) for x, y in zip(xs, ys, strict=True)))
    found = [n for n in range(int(max(ys)) + 1, min(common, LARGEST) + 1) if common % n == 0 and _digits(n) <= ROUND]
    if found and not any(n in DIVISORS for n in found):
        n = Decimal(min(found, key=_oddness))
        cost = REST + SOLVED + DIGIT * _digits(int(n))
        yield Rule(f"divmod {n} rest", f"divmod {n}", cost, partial(_modulo, n))


def _modulo(n: Decimal, p: Program) -> Program:
    return call("decimal.mod", p, decimal(n))


def _is_quotient(xs: Sequence[Decimal], ys: Sequence[Decimal], n: Decimal, mode: str) -> bool:
    return any(ys) and all(_whole(x, n, mode) == y for x, y in zip(xs, ys, strict=True))


def _whole(x: Decimal, n: Decimal, mode: str) -> Decimal:
    return x // n + (mode == "ceiling" and x % n != 0)


def _quotient(n: Decimal, mode: str, cost: int) -> Rule:
    family = f"divmod {n}" if mode == "floor" else f"divmod {n} {mode}"
    return Rule(f"{family} quotient", family, cost, partial(_build, n, mode))


def _build(n: Decimal, mode: str, p: Program) -> Program:
    return call("decimal.round", decimal(Decimal(1)), mode, call("decimal./", p, decimal(n)))


def _solved(xs: Sequence[Decimal], ys: Sequence[Decimal], mode: str) -> Decimal | None:
    """The roundest divisor that gives the quotients, if the rows leave little choice."""
    bounds = [_bounds(Fraction(x), int(y), mode) for x, y in zip(xs, ys, strict=True)]
    low, high = max(b[0] for b in bounds), min((b[1] for b in bounds if b[1] is not None), default=None)
    if high is None or low <= 0 or high < low or high > low * NARROW or high > LARGEST:
        return None
    found = [n for n in range(max(2, -(-low.numerator // low.denominator)), int(high) + 1) if _digits(n) <= ROUND]
    divisors = map(Decimal, sorted(found, key=_oddness))
    return next((n for n in divisors if _is_quotient(xs, ys, n, mode)), None)  # one end of the bounds is open


def _bounds(x: Fraction, y: int, mode: str) -> tuple[Fraction, Fraction | None]:
    """The least and the greatest divisor that lead from a number to a quotient, with the open end."""
    least, most = (x / (y + 1), y) if mode == "floor" else (x / y if y else x, y - 1)
    return least, x / most if most > 0 else None


def _digits(n: int) -> int:
    return len(str(n).rstrip("0"))


def _oddness(n: int) -> tuple[int, int, int]:
    """A key by which round numbers come first."""
    return _digits(n), next((i for i, m in enumerate(MULTIPLES) if n % m == 0), len(MULTIPLES)), n
