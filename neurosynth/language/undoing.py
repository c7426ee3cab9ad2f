"""Inverses of macros, composed of those of the parts of their bodies. An argument that occurs once in a body is found from the outside
in: the inverse of each part on the path to it gives the argument that contains it. The other arguments of a part are known, because
they read only the macro's other arguments.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from neurosynth.language.evaluate import Evaluator
from neurosynth.language.primitive import UNDEFINED, Primitive
from neurosynth.language.program import Apply, Input, Lambda, Program
from neurosynth.values.types import Arrow, Type, unify

__all__ = ["instance_of", "inverses_of", "undoing"]

_MOST = 32
"""Maximum number of values that inverses give for an argument."""


@dataclass(frozen=True, slots=True)
class _OnTheWay:
    """A part on the path to an argument, and which of its own arguments is next."""

    part: Apply
    position: int

    @property
    def others(self) -> tuple[Program, ...]:
        """The arguments that are not on the path."""
        arguments = self.part.arguments
        return (*arguments[: self.position], *arguments[self.position + 1 :])


def inverses_of(body: Program, arity: int) -> tuple[Callable[..., Any] | None, ...] | None:
    """:attr:`~neurosynth.language.primitive.Primitive.inverse` of a macro with this body, or None where no argument has one."""
    found = tuple(
        partial(_undone, body, position) if _invertible(_way(body, position)) else None for position in range(arity)
    )
    return found if any(found) else None


def undoing(primitive: Primitive, position: int) -> Primitive | None:
    """A macro that computes an argument of a macro from the output and the other arguments, by the inverse kernels of the parts.

    None if a part has none, or if the argument occurs more than once or in a lambda.
    """
    way = _way(primitive.macro, position)
    if way is None:
        return None
    value: Program = Input(0, primitive.macro.type)
    for step in way:
        part = _undoing_part(step)
        if part is None:
            return None
        known = (_renumbered(p, position) for p in step.others)
        value = Apply(part, (value, *known), step.part.arguments[step.position].type)
    parameters = (primitive.macro.type, *(t for i, t in enumerate(primitive.parameters) if i != position))
    name, result = f"{primitive.name}: argument {position + 1}", primitive.parameters[position]
    if isinstance(result, Arrow):
        return None  # only the reference semantics has inverses for functions
    return Primitive(
        name=name,
        type=Arrow(parameters, result),
        function=partial(_no_reference, name),
        macro=value,
    )


def instance_of(p: Apply) -> Primitive:
    """The primitive of an application at the types there."""
    bindings: dict[str, Type | int] = {}
    wanted = (*p.primitive.parameters, p.primitive.result)
    for parameter, t in zip(wanted, (*(a.type for a in p.arguments), p.type), strict=True):
        unify(parameter, t, bindings)
    return p.primitive.at(bindings)


def _undoing_part(step: _OnTheWay) -> Primitive | None:
    """The inverse of a part for the next argument, by its inverse kernel or by those of its own parts."""
    inner = step.part.primitive
    if inner.macro is not None:
        return undoing(instance_of(step.part), step.position)
    kernels, result = inner.inverse_kernels, step.part.arguments[step.position].type
    if kernels is None or kernels[step.position] is None or isinstance(result, Arrow):
        return None
    name = f"{inner.name}: argument {step.position + 1}"
    return Primitive(
        name=name,
        type=Arrow((step.part.type, *(p.type for p in step.others)), result),
        function=partial(_no_reference, name),
        kernel=kernels[step.position],
        sizes=inner.sizes,
    )


def _way(body: Program, position: int) -> list[_OnTheWay] | None:
    """The parts from the root of a body to an argument; None if it is the body itself, or occurs more than once or in a lambda."""
    steps: list[_OnTheWay] = []
    while isinstance(body, Apply):
        places = [
            i
            for i, a in enumerate(body.arguments)
            for p in a.subprograms()
            if isinstance(p, Input) and p.index == position
        ]
        if len(places) != 1:
            return None
        steps.append(_OnTheWay(body, places[0]))
        body = body.arguments[places[0]]
    return steps if isinstance(body, Input) and steps else None


def _invertible(way: list[_OnTheWay] | None) -> bool:
    """Whether every part has an inverse for the argument on the path, and no other argument is a function."""
    if way is None:
        return False
    for step in way:
        inverse = step.part.primitive.inverse
        if inverse is None or inverse[step.position] is None:
            return False
        if any(isinstance(p, Lambda) or isinstance(p.type, Arrow) for p in step.others):
            return False
    return True


def _undone(body: Program, position: int, output: Any, *others: Any) -> Iterator[Any]:
    """The possible values of an argument."""
    way = _way(body, position)
    assert way is not None
    values = [*others[:position], UNDEFINED, *others[position:]]
    evaluator, found = Evaluator(), [output]
    for step in way:
        known = [evaluator.run(p, values) for p in step.others]
        inverse = step.part.primitive.inverse
        if any(value is UNDEFINED for value in known) or inverse is None:
            return
        asked = inverse[step.position]
        assert asked is not None
        found = [value for one in found for value in asked(one, *known)][:_MOST]
    yield from found


def _renumbered(program: Program, position: int) -> Program:
    """A program over a macro's arguments as one over the output and all arguments except one."""
    match program:
        case Input(index):
            return Input(index + 1 if index < position else index, program.type)
        case Lambda(parameters, body):
            return Lambda(parameters, _renumbered(body, position))
        case Apply(primitive, arguments):
            return Apply(primitive, tuple(_renumbered(a, position) for a in arguments), program.type)
    return program


def _no_reference(name: str, *values: Any) -> Any:
    """Represents a function where only a kernel is needed."""
    raise AssertionError(f"{name} has a kernel only; called with {values!r}")
