"""Rules by functions of numbers: squares, roots, powers, logarithms, angles, and their products with π."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache, partial

from neurosynth.language.program import Program
from neurosynth_dsls.columns.number_format import CONTEXT
from neurosynth_dsls.columns.pieces.building import call
from neurosynth_dsls.columns.pieces.number_lines import Rule, decimal, times

__all__ = ["function_rules"]

ROUNDED = 3
"""Bits of a rounding to the decimals that are shown."""
FACTOR, SOLVED = 6, 12
"""Bits of a known factor of a function's values, and additional bits of any other one."""
NEAR = 1e-9
"""What binary fractions may be wrong by, relative to the value."""
_PI = Fraction("3.14159265358979")
_SQUARES = (_PI, _PI / 4, 4 * _PI, Fraction(1, 2))
_CUBES = (_PI * 4 / 3, _PI / 6)
_LEVELS = (Fraction(-1), Fraction(10), Fraction(20))


@dataclass(frozen=True, slots=True, eq=False)
class _NumberFunction:
    """A function of a number, by binary fractions and as a program."""

    name: str
    cost: int
    value: Callable[[float], float]
    build: Callable[[Program], Program]
    factors: tuple[Fraction, ...] = ()
    """Factors of its values that are known: of circles and spheres, of levels in decibels."""
    scaled: Callable[[Decimal], Decimal] | None = None
    """The values in decimals, for functions whose values may have any factor."""


def _raised(n: int) -> Callable[[Program], Program]:
    return lambda p: call("decimal.power", p, decimal(Decimal(n)))


def _power_of(n: int) -> Callable[[Program], Program]:
    return lambda p: call("decimal.power", decimal(Decimal(n)), p)


def _logarithm(n: int) -> Callable[[Program], Program]:
    return lambda p: call("decimal.log", decimal(Decimal(n)), p)


def _of_degrees(function: Callable[[float], float], degrees: float) -> float:
    return function(math.radians(degrees))


def _reciprocal(x: Decimal) -> Decimal:
    return CONTEXT.divide(Decimal(1), x)


FUNCTIONS = (
    _NumberFunction("square", 24, lambda x: x * x, _raised(2), _SQUARES, lambda x: CONTEXT.multiply(x, x)),
    _NumberFunction("cube", 27, lambda x: x**3, _raised(3), _CUBES),
    _NumberFunction("sqrt", 25, math.sqrt, partial(call, "decimal.sqrt")),
    _NumberFunction("2 to the", 28, lambda x: 2.0**x, _power_of(2)),
    _NumberFunction("10 to the", 28, lambda x: 10.0**x, _power_of(10)),
    _NumberFunction(
        "reciprocal", 27, lambda x: 1 / x, partial(call, "decimal./", decimal(Decimal(1))), (), _reciprocal
    ),
    _NumberFunction("log10", 28, math.log10, _logarithm(10), _LEVELS),
    _NumberFunction("ln", 28, math.log, partial(call, "decimal.ln")),
    _NumberFunction("log2", 29, math.log2, _logarithm(2)),
    _NumberFunction("exp", 30, math.exp, partial(call, "decimal.exp")),
    _NumberFunction("sin", 30, partial(_of_degrees, math.sin), partial(call, "decimal.sin")),
    _NumberFunction("cos", 30, partial(_of_degrees, math.cos), partial(call, "decimal.cos")),
    _NumberFunction("tan", 31, partial(_of_degrees, math.tan), partial(call, "decimal.tan")),
)
"""Names, bits, functions."""
LARGEST = 1e15
"""Values above are not compared as binary fractions."""


@lru_cache(maxsize=256)
def _values(xs: tuple[Decimal, ...]) -> tuple[tuple[_NumberFunction, tuple[float, ...]], ...]:
    """The functions that are defined on all numbers, with their values."""
    found = []
    for function in FUNCTIONS:
        try:
            values = tuple(function.value(float(x)) for x in xs)
        except (ValueError, OverflowError, ZeroDivisionError):
            continue
        if all(abs(v) < LARGEST for v in values):
            found.append((function, values))
    return tuple(found)


def function_rules(
    xs: Sequence[Decimal],
    ys: Sequence[Decimal],
    shown: int,
    by_factor: Callable[[Sequence[Decimal], Sequence[Decimal]], Iterator[Rule]],
) -> Iterator[Rule]:
    """Rules by one function, whose values are the outputs or are rounded to ``shown`` decimals; at least two different numbers.

    ``by_factor`` gives the rules by a factor between values and outputs.
    """
    if len(set(xs)) < 2 or len(set(ys)) < 2:
        return
    half = 0.5 * 10.0**-shown
    wanted = [float(y) for y in ys]
    for function, values in _values(tuple(xs)):
        for factor in (None, *function.factors):
            a = 1.0 if factor is None else float(factor)
            pairs = [(a * v, y) for v, y in zip(values, wanted, strict=True)]
            if not all(abs(v - y) <= half * (1 + NEAR) + abs(v) * NEAR for v, y in pairs):
                continue
            exact = all(abs(v - y) <= abs(y) * NEAR for v, y in pairs)
            cost = function.cost + FACTOR * (factor is not None)
            name = function.name if factor is None else f"{function.name} by {a:.3f}"
            build = partial(_built, function, factor)
            if exact:
                yield Rule(name, "function", cost, build)
            if not exact or shown:
                yield Rule(f"{name} {shown}", "function", cost + ROUNDED, partial(_rounded, shown, build))
            break
        else:
            if function.scaled is not None and len(set(xs)) > 2:
                for rule in by_factor([function.scaled(x) for x in xs], ys):
                    build = partial(_after, function, rule)
                    yield Rule(f"{function.name} {rule.key}", "function", rule.cost + SOLVED, build)


def _built(function: _NumberFunction, factor: Fraction | None, p: Program) -> Program:
    return function.build(p) if factor is None else times(function.build(p), factor)


def _after(function: _NumberFunction, rule: Rule, p: Program) -> Program:
    return rule.build(function.build(p))


def _rounded(shown: int, build: Callable[[Program], Program], p: Program) -> Program:
    return call("decimal.round", decimal(Decimal(1).scaleb(-shown)), "half_up", build(p))
