"""Conditionals, equality and connectives: what several of the shipped languages start from.

``logic`` is no language to search in by itself: it has no constants and nothing to compare.  A language takes these
primitives over with ``language.add``.  Kernels are named by text, so that importing a language loads no compiler.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from neurosynth.language.language import A, Language

__all__ = ["logic"]

logic = Language("logic", doc="Conditionals, equality and connectives.")

_KERNELS = "neurosynth_dsls.logic_kernels:"


def inverse_not(output: bool) -> list[bool]:
    """The one value whose negation is ``output``."""
    return [not output]


@logic.primitive(name="ite", type="bool -> a -> a -> a", lazy=True, kernel="select", python="{1} if {0} else {2}")
def if_then_else(condition: Callable[[], bool], then: Callable[[], Any], otherwise: Callable[[], Any]) -> Any:
    """Second argument where the first is true, else the third."""
    return then() if condition() else otherwise()


@logic.primitive(
    name="=",
    commutative=True,
    python="{0} == {1}",
    kernel={"ww": _KERNELS + "equal_words", "uu": _KERNELS + "equal_words", "ss": _KERNELS + "equal_sequences"},
)
def equal(x: A, y: A) -> bool:
    """Whether both are the same."""
    return x == y


@logic.primitive(name="and", commutative=True, python="{0} and {1}", kernel=_KERNELS + "both")
def both(p: bool, q: bool) -> bool:
    """Whether both hold."""
    return p and q


@logic.primitive(name="or", commutative=True, python="{0} or {1}", kernel=_KERNELS + "either")
def either(p: bool, q: bool) -> bool:
    """Whether at least one holds."""
    return p or q


@logic.primitive(
    name="not",
    python="not {0}",
    kernel=_KERNELS + "negation",
    inverse=(inverse_not,),
    inverse_kernels=(_KERNELS + "negation",),
)
def negation(p: bool) -> bool:
    """Whether it does not hold."""
    return not p


@logic.primitive(name="=>", cost=2, python="not {0} or {1}", kernel=_KERNELS + "implies")
def implies(p: bool, q: bool) -> bool:
    """Whether the second holds wherever the first does."""
    return not p or q
