"""The pictures that learned primitives build, if values are pictures."""

from __future__ import annotations

from neurosynth.language.evaluate import Evaluator
from neurosynth.language.language import Language
from neurosynth.language.learned import Library
from neurosynth.language.primitive import UNDEFINED, Primitive
from neurosynth.language.program import Apply, Constant, Program
from neurosynth.training.drawings import Drawing
from neurosynth.values.registry import domain_of
from neurosynth.values.types import Arrow, Type, TypeConstructor, is_ground

__all__ = ["built", "shown_arguments"]


def built(library: Library, language: Language) -> list[Drawing]:
    """Each learned primitive applied to plain arguments; those whose values are not pictures are left out."""
    found = []
    for abstraction in library.abstractions:
        primitive = language.get(abstraction.name)
        if primitive is None:
            continue  # left out because the base has changed
        program = shown_arguments(primitive, language)
        if program is None or not isinstance(program.type, TypeConstructor):
            continue
        value = Evaluator().run(program, ())
        shapes = () if value is UNDEFINED else domain_of(program.type).shapes(value)
        if shapes:
            found.append(Drawing(f"{program}\n(round {abstraction.round})", shapes))
    return found


def shown_arguments(primitive: Primitive, language: Language) -> Program | None:
    """The primitive on arguments that show its effect: 3, 4 … for numbers, and primitives without arguments for other types.

    None if a parameter has no such argument: functions, types with variables.
    """
    arguments: list[Program] = []
    for position, t in enumerate(primitive.parameters):
        found = _plain(t, language, position)
        if found is None:
            return None
        arguments.append(found)
    return Apply(primitive, tuple(arguments), primitive.result)


def _plain(t: Type, language: Language, position: int) -> Program | None:
    if isinstance(t, Arrow) or not is_ground(t):
        return None
    constants = [c for c, _ in language.constants if c.type == t]
    if constants:
        return constants[min(2 + position, len(constants) - 1)]
    closed = [p for p in language.primitives.values() if not p.parameters and p.result == t and p.macro is None]
    if closed:
        return Apply(closed[0], (), t)
    landmarks = domain_of(t).landmarks
    return Constant(landmarks[0], t) if landmarks else None
