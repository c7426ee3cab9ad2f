"""The functions and primitives that a language declares as usual (:meth:`neurosynth.Language.usual`)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from neurosynth.language.hints import Usual
from neurosynth.language.language import Language
from neurosynth.language.program import Apply, Lambda, Program
from neurosynth.language.syntax import parse_program

__all__ = ["usual_functions", "usual_primitives"]


def usual_functions(language: Language, *, either_order: bool = False) -> tuple[Program, ...]:
    """The functions that are usual as arguments, each once; with ``either_order``, also with the arguments of commutative primitives
    exchanged.

    Raises:
        ParseError: for one that is not a function of its type in this language.
    """
    return _functions(language, language.hints.usual, either_order)


@lru_cache(maxsize=16)  # every solve asks, and reading twenty of them takes some milliseconds
def _functions(language: Language, declared: Sequence[Usual], either_order: bool) -> tuple[Program, ...]:
    given = [f for usual in declared for f in usual.functions]
    found = [parse_program(text, language, expected=t, inputs=()) for t, text in given]
    if either_order:
        found += [Lambda(f.parameters, _exchanged(f.body)) for f in found if isinstance(f, Lambda)]
    return tuple(dict.fromkeys(found))


def _exchanged(body: Program) -> Program:
    match body:
        case Apply(primitive, (first, second)) if primitive.commutative:
            return Apply(primitive, (second, first), body.type)
    return body


def usual_primitives(language: Language) -> frozenset[str]:
    """The names of primitives that are applied one after the other."""
    return frozenset(name for usual in language.hints.usual for name in usual.primitives)
