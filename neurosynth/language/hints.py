"""The hints of a language about its values, for searches: which can be part of an output, and with which arguments functions are
called.

Enumeration keeps every distinct value. If outputs are built of parts, as towers are of blocks, most values are part of no output of the
task, and neither is anything made of them. A language declares a test for this with :meth:`neurosynth.Language.keeps`; the search then
treats such values as undefined.

Bodies of lambdas are compared on sample points of their parameters. A language whose functions are only ever called with a few values,
as the body of a loop is with 1, 2, 3 …, declares them with :meth:`neurosynth.Language.points`; the search then uses only those, and
applies functions by looking their values up.

A language may also declare of what its programs are usually made: short functions and the primitives that are applied one after the other,
with :meth:`neurosynth.Language.usual`. A search of its own then tries long programs of these alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from neurosynth.values.types import Arrow, Type

__all__ = ["NO_HINTS", "Hints", "Keep", "Points", "Usual"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Keep:
    """The test whether a value can be part of an output."""

    type: Type
    """The type of the tested values."""
    output: Type
    """The type of the outputs of the tasks for which it is."""
    outline: Callable[[Any], Sequence[int]]
    """What the test reads of an output: whole numbers, computed once."""
    test: Callable[[Sequence[int], Any], bool]
    """``(outline, value) -> `` whether the value can be part of the output. It may be true too often, but never false for a part."""
    kernel: Callable[..., bool] | None = None
    """The same on machine values: ``(scratch, outline, start, length, *value)``, where ``scratch`` has four times as many words as the
    longest sequence."""
    ending: str = ""
    """A primitive without arguments that gives a value of the type. If primitives take their continuation as the last argument, this
    one means that nothing follows: a result that is not a part with it, or not new, is not tried with anything else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Points:
    """The arguments with which functions are called."""

    type: Type
    """The type of the parameter."""
    values: tuple[Any, ...]
    """The values with which functions are called, frozen."""
    always: tuple[Any, ...] = ()
    """Those with which every function is called: a body that is undefined there is never useful."""
    varying: bool = False
    """Whether functions that ignore their arguments are left out, because programs without a function do the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Usual:
    """What long programs are usually made of."""

    primitives: tuple[str, ...]
    """The names of primitives that are applied one after the other."""
    functions: tuple[tuple[Arrow, str], ...] = ()
    """Functions that are usual as their arguments: the type and the text of each."""


@dataclass(frozen=True, slots=True)
class Hints:
    """All hints of a language for searches."""

    keeps: tuple[Keep, ...] = ()
    points: tuple[Points, ...] = ()
    functions: tuple[Type, ...] = ()
    """Types that functions may take and give, in addition to those that are always allowed."""

    usual: tuple[Usual, ...] = ()
    """What long programs are usually made of."""

    def __add__(self, other: Hints) -> Hints:
        return Hints(
            (*self.keeps, *other.keeps),
            (*self.points, *other.points),
            (*self.functions, *other.functions),
            (*self.usual, *other.usual),
        )

    def for_output(self, output: Type) -> Hints:
        """The tests that are useful for outputs of a type."""
        return replace(self, keeps=tuple(k for k in self.keeps if k.output == output))

    def keep(self, t: Type) -> Keep | None:
        """The test for values of a type."""
        return next((k for k in self.keeps if k.type == t), None)

    def points_of(self, t: Type) -> Points | None:
        """The arguments of a type with which functions are called, if they are declared."""
        return next((p for p in self.points if p.type == t), None)

    def varying(self, function: Arrow) -> bool:
        """Whether functions of a type that ignore their arguments are left out."""
        return all((p := self.points_of(t)) is not None and p.varying for t in function.parameters)


NO_HINTS = Hints()
"""The hints of a language that declares none."""
