"""Conditionals, equality and connectives, which several of the shipped languages include.

``logic`` is not a language for searches: it has no constants and nothing to compare. A language includes these primitives with
``language.include(logic)``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from neurosynth.engine.kernels import Data
from neurosynth.language.language import A, Language

__all__ = ["logic"]

logic = Language("logic", doc="Conditionals, equality and connectives.")


@logic.primitive(name="ite", type="bool -> a -> a -> a", lazy=True, kernel="select", python="{1} if {0} else {2}")
def if_then_else(condition: Callable[[], bool], then: Callable[[], Any], otherwise: Callable[[], Any]) -> Any:
    """Second argument where the first is true, else the third."""
    return then() if condition() else otherwise()


@logic.primitive(name="=", commutative=True, python="{0} == {1}")
def equal(x: A, y: A) -> bool:
    """Whether both are the same."""
    return x == y


@equal.kernel("ww", "uu")
def equal_words_kernel(x: int, y: int) -> int:
    return 1 if x == y else 0


@equal.kernel("ss")
def equal_sequences_kernel(a: Data, i: int, n: int, b: Data, j: int, m: int) -> int:
    if n != m:
        return 0
    for k in range(n):
        if a[i + k] != b[j + k]:
            return 0
    return 1


@logic.primitive(name="distinct", commutative=True, enumerated=False, python="{0} != {1}")
def different(x: A, y: A) -> bool:
    """Whether both differ."""
    return x != y


@different.kernel("ww", "uu")
def different_words_kernel(x: int, y: int) -> int:
    return 1 if x != y else 0


@different.kernel("ss")
def different_sequences_kernel(a: Data, i: int, n: int, b: Data, j: int, m: int) -> int:
    if n != m:
        return 1
    for k in range(n):
        if a[i + k] != b[j + k]:
            return 1
    return 0


@logic.primitive(name="and", commutative=True, python="{0} and {1}")
def both(p: bool, q: bool) -> bool:
    """Whether both hold."""
    return p and q


@both.kernel
def both_kernel(p: int, q: int) -> int:
    return 1 if p != 0 and q != 0 else 0


@logic.primitive(name="or", commutative=True, python="{0} or {1}")
def either(p: bool, q: bool) -> bool:
    """Whether at least one holds."""
    return p or q


@either.kernel
def either_kernel(p: int, q: int) -> int:
    return 1 if p != 0 or q != 0 else 0


@logic.primitive(name="not", python="not {0}")
def negation(p: bool) -> bool:
    """Whether it does not hold."""
    return not p


@negation.kernel
@negation.inverse_kernel(0)
def negation_kernel(p: int) -> int:
    return 1 if p == 0 else 0


@negation.inverse(0)
def inverse_not(output: bool) -> list[bool]:
    """The one value whose negation is ``output``."""
    return [not output]


@logic.primitive(name="=>", cost=2, python="not {0} or {1}")
def implies(p: bool, q: bool) -> bool:
    """Whether the second holds wherever the first does."""
    return not p or q


@implies.kernel
def implies_kernel(p: int, q: int) -> int:
    return 1 if p == 0 or q != 0 else 0
