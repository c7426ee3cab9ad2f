"""Tests, connectives and the conditional."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from neurosynth.language.language import A, Language
from neurosynth_dsls.lists.machine import Data, same

__all__ = ["part"]

part = Language("lists.booleans")


@part.primitive(python="({0} % 2 == 0)")
def even(a: int) -> bool:
    """Whether the number is divisible by two."""
    return a % 2 == 0


@even.kernel
def even_kernel(a: int) -> int:
    return 1 - (a & 1)


@part.primitive(python="({0} % 2 == 1)")
def odd(a: int) -> bool:
    """Whether the number is not divisible by two."""
    return a % 2 == 1


@odd.kernel
def odd_kernel(a: int) -> int:
    return a & 1


@part.primitive(name=">", python="({0} > {1})")
def greater(a: int, b: int) -> bool:
    """Whether the first number is larger."""
    return a > b


@greater.kernel
def greater_kernel(a: int, b: int) -> int:
    return 1 if a > b else 0


@part.primitive(name="<", python="({0} < {1})")
def less(a: int, b: int) -> bool:
    """Whether the first number is smaller."""
    return a < b


@less.kernel
def less_kernel(a: int, b: int) -> int:
    return 1 if a < b else 0


@part.primitive(name=">=", python="({0} >= {1})")
def at_least(a: int, b: int) -> bool:
    """Whether the first number is not smaller."""
    return a >= b


@at_least.kernel
def at_least_kernel(a: int, b: int) -> int:
    return 1 if a >= b else 0


@part.primitive(name="<=", python="({0} <= {1})")
def at_most(a: int, b: int) -> bool:
    """Whether the first number is not larger."""
    return a <= b


@at_most.kernel
def at_most_kernel(a: int, b: int) -> int:
    return 1 if a <= b else 0


@part.primitive(name="=", commutative=True, python="({0} == {1})")
def equal(a: A, b: A) -> bool:
    """Whether two values are the same."""
    return a == b


@equal.kernel("ww")
def equal_words_kernel(a: int, b: int) -> int:
    return 1 if a == b else 0


@equal.kernel("ss")
def equal_sequences_kernel(a: Data, a_start: int, a_length: int, b: Data, b_start: int, b_length: int) -> int:
    return 1 if a_length == b_length and same(a, a_start, b, b_start, a_length) else 0


@part.primitive(python="(not {0})")
def not_(a: bool) -> bool:
    """True for false, false for true."""
    return not a


@not_.kernel
def logical_not_kernel(a: int) -> int:
    return 1 - a


@not_.inverse(0)
def complement(value: bool) -> Iterator[bool]:
    """Argument of ``not``."""
    yield not value


@part.primitive(commutative=True, python="({0} and {1})")
def and_(a: bool, b: bool) -> bool:
    """Whether both hold."""
    return a and b


@and_.kernel
def logical_and_kernel(a: int, b: int) -> int:
    return a & b


@part.primitive(commutative=True, python="({0} or {1})")
def or_(a: bool, b: bool) -> bool:
    """Whether at least one holds."""
    return a or b


@or_.kernel
def logical_or_kernel(a: int, b: int) -> int:
    return a | b


@part.primitive(type="bool -> a -> a -> a", lazy=True, python="({1} if {0} else {2})", kernel="select")
def if_(condition: Callable[[], bool], then: Callable[[], Any], otherwise: Callable[[], Any]) -> Any:
    """The second argument where the first holds, else the third; the other one may be undefined."""
    return then() if condition() else otherwise()
