"""What a language tells search about its values: which can be part of an output, and what functions are called with.

Enumeration keeps every distinct value.  Where outputs are built of parts, as towers are of blocks, most values are part of no
output of the task, and nothing that is made of them is either.  A language that can tell says so with
:meth:`neurosynth.Language.keeps`; search then takes such values for undefined.

A lambda's body is told apart from others on sample points of its parameters.  A language whose functions are only ever called
with a few values, as the body of a loop is with 1, 2, 3 …, names them with :meth:`neurosynth.Language.points`; search then looks at those
alone, and applies functions by looking their values up.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from neurosynth.values.types import Type

__all__ = ["NO_HINTS", "Hints", "Keep", "Points"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Keep:
    """The test whether a value can be part of an output."""

    type: Type
    """Of the values that are tested."""
    output: Type
    """Of the outputs of the tasks it is for."""
    outline: Callable[[Any], Sequence[int]]
    """What the test reads of an output: whole numbers, made once."""
    test: Callable[[Sequence[int], Any], bool]
    """``(outline, value) -> `` whether the value can be part of the output.  It may say yes too often, never no to a part."""
    kernel: Callable[..., bool] | None = None
    """The same on machine values: ``(scratch, outline, start, length, *value)``, where ``scratch`` has four times as many words as the
    longest sequence."""
    ending: str = ""
    """A primitive without arguments that gives a value of the type.  Where primitives take what comes after them as their last argument, this
    one stands for nothing more: what is no part with it, or nothing new, is not tried with anything else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Points:
    """What parameters of functions are."""

    type: Type
    """Of the parameter."""
    values: tuple[Any, ...]
    """The values that functions are called with, frozen."""
    always: tuple[Any, ...] = ()
    """Those that every function is called with: a body that is undefined there is none that helps."""


@dataclass(frozen=True, slots=True)
class Hints:
    """All that a language tells search about its values."""

    keeps: tuple[Keep, ...] = ()
    points: tuple[Points, ...] = ()
    functions: tuple[Type, ...] = ()
    """Types that functions may take and give, beside those that all functions may."""

    def __add__(self, other: Hints) -> Hints:
        return Hints((*self.keeps, *other.keeps), (*self.points, *other.points), (*self.functions, *other.functions))

    def for_output(self, output: Type) -> Hints:
        """Those that are of use for outputs of a type."""
        return Hints(tuple(k for k in self.keeps if k.output == output), self.points, self.functions)

    def keep(self, t: Type) -> Keep | None:
        """The test of values of a type."""
        return next((k for k in self.keeps if k.type == t), None)

    def points_of(self, t: Type) -> Points | None:
        """What parameters of a type are, where that is known."""
        return next((p for p in self.points if p.type == t), None)


NO_HINTS = Hints()
"""Of a language that tells nothing."""
