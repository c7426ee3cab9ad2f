"""Integers."""

from __future__ import annotations

from collections.abc import Iterator

from neurosynth.engine.kernels import UNDEFINED_WORD
from neurosynth.language.language import Language
from neurosynth_dsls.lists.machine import times, within

__all__ = ["part"]

part = Language("lists.numbers")


@part.primitive(name="+", commutative=True, python="({0} + {1})")
def add(a: int, b: int) -> int:
    """Sum of two numbers."""
    return a + b


@add.kernel
def add_kernel(a: int, b: int) -> int:
    return within(a + b)


@add.inverse(0, 1)
def addend(total: int, known: int) -> Iterator[int]:
    """Either argument of ``+``."""
    yield total - known


@add.inverse_kernel(0, 1)
def add_missing_kernel(goal: int, known: int) -> int:
    return within(goal - known)


@part.primitive(name="-", python="({0} - {1})")
def subtract(a: int, b: int) -> int:
    """The first number less the second."""
    return a - b


@subtract.kernel
def subtract_kernel(a: int, b: int) -> int:
    return within(a - b)


@subtract.inverse(0)
def minuend(difference: int, b: int) -> Iterator[int]:
    """First argument of ``-``."""
    yield difference + b


@subtract.inverse_kernel(0)
def subtract_minuend_kernel(goal: int, b: int) -> int:
    return within(goal + b)


@subtract.inverse(1)
def subtrahend(difference: int, a: int) -> Iterator[int]:
    """Second argument of ``-``."""
    yield a - difference


@subtract.inverse_kernel(1)
def subtract_subtrahend_kernel(goal: int, a: int) -> int:
    return within(a - goal)


@part.primitive(name="*", commutative=True, python="({0} * {1})")
def multiply(a: int, b: int) -> int:
    """Product of two numbers."""
    return a * b


@multiply.kernel
def multiply_kernel(a: int, b: int) -> int:
    return times(a, b)


@part.primitive(python="({0} // {1})", raises=(ZeroDivisionError,))
def div(a: int, b: int) -> int:
    """Quotient, rounded down; undefined for divisor 0."""
    return a // b


@div.kernel
def div_kernel(a: int, b: int) -> int:
    if b == 0:
        return UNDEFINED_WORD
    return a // b


@part.primitive(python="({0} % {1})", raises=(ZeroDivisionError,))
def mod(a: int, b: int) -> int:
    """Remainder of the division rounded down, with the divisor's sign; undefined for divisor 0."""
    return a % b


@mod.kernel
def mod_kernel(a: int, b: int) -> int:
    if b == 0:
        return UNDEFINED_WORD
    return a % b


@part.primitive(python="(-{0})")
def neg(a: int) -> int:
    """The number with the other sign."""
    return -a


@neg.kernel
def neg_kernel(a: int) -> int:
    return -a


@neg.inverse(0)
def negated(value: int) -> Iterator[int]:
    """Argument of ``neg``."""
    yield -value


@neg.inverse_kernel(0)
def neg_missing_kernel(goal: int) -> int:
    return -goal


@part.primitive(python="abs({0})")
def abs_(a: int) -> int:
    """Magnitude of the number."""
    return abs(a)


@abs_.kernel
def absolute_kernel(a: int) -> int:
    return abs(a)


@part.primitive(commutative=True, python="min({0}, {1})")
def min2(a: int, b: int) -> int:
    """The smaller of two numbers."""
    return min(a, b)


@min2.kernel
def min2_kernel(a: int, b: int) -> int:
    return a if a < b else b


@part.primitive(commutative=True, python="max({0}, {1})")
def max2(a: int, b: int) -> int:
    """The larger of two numbers."""
    return max(a, b)


@max2.kernel
def max2_kernel(a: int, b: int) -> int:
    return a if a > b else b
