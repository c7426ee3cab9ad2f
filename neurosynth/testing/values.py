"""Random values, functions and ground instances for the checks; the same seed gives the same ones."""

from __future__ import annotations

import random
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from neurosynth.language.language import Language
from neurosynth.language.primitive import Primitive, Undefined
from neurosynth.values.frozen import freeze
from neurosynth.values.registry import domain_of
from neurosynth.values.types import (
    INT,
    Arrow,
    Size,
    Type,
    TypeConstructor,
    is_ground,
    parse_type,
    substitute,
    type_variables,
)

__all__ = ["Known", "answering", "draw", "ground_types", "instances", "known_values", "request", "show", "sized"]

WIDTHS = (8, 64)
"""Widths of bit-vectors for size variables in the checks."""


Known = Mapping[Type, Sequence[Any]]
"""Values of types that are used in addition to random ones: a function may be defined on few texts."""


def draw(t: Type, rng: random.Random, known: Known | None = None) -> Any:
    """A value of a ground type: lists as tuples, functions as deterministic callables.

    Raises:
        AssertionError: for a type without random values.
    """
    if known and known.get(t) and rng.random() < 0.4:
        return rng.choice(known[t])
    match t:
        case TypeConstructor():
            return domain_of(t).draw(rng, lambda part: draw(part.type, rng, known))
        case Arrow(_, result):
            return _function(result, rng, known)
    raise AssertionError(
        f"no values of type {t} can be drawn; allowed: types without variables, functions between them"
    )


def _function(result: Type, rng: random.Random, known: Known | None) -> Any:
    answers = [draw(result, rng, known) for _ in range(4)]
    partial = rng.random() < 0.25

    def function(*arguments: Any) -> Any:
        chosen = zlib.crc32(repr(arguments).encode()) % 5
        if chosen == 4:
            if partial:
                raise Undefined("drawn to be undefined there")
            chosen = 0
        return answers[chosen]

    return function


def answering(calls: Sequence[tuple[tuple[Any, ...], Any]], elsewhere: Any) -> Callable[..., Any]:
    """The function that answers the calls ``(arguments, result)``, and all others with ``elsewhere``."""
    answers = dict(calls)
    return lambda *arguments: answers.get(arguments, elsewhere)


def known_values(language: Language, values: Mapping[str, Sequence[Any]] | None) -> Known:
    """The language's constants, and ``values`` by the text of their type."""
    found: dict[Type, list[Any]] = {}
    for constant, _ in language.constants:
        found.setdefault(constant.type, []).append(constant.value)
    for text, more in (values or {}).items():
        found.setdefault(parse_type(text), []).extend(freeze(v) for v in more)
    return found


def sized(t: Type | Size) -> frozenset[str]:
    """The size variables of a type."""
    match t:
        case Size():
            return frozenset(type_variables(t))
        case TypeConstructor(_, arguments):
            return frozenset().union(*map(sized, arguments))
        case Arrow(parameters, result):
            return frozenset().union(*map(sized, (*parameters, result)))
    return frozenset()


def instances(primitive: Primitive, types: Sequence[Type], rng: random.Random) -> list[Primitive]:
    """Up to six ground instances: type variables over ``types``, size variables over 1, 8 and 32 bits."""
    variables, sizes = list(type_variables(primitive.type)), sized(primitive.type)
    if not variables:
        return [primitive]
    found: dict[str, Primitive] = {}
    for _ in range(12):
        bindings = {v: rng.choice((1, 8, 32)) if v in sizes else rng.choice(types) for v in variables}
        instance = primitive.at(bindings)
        found.setdefault(str(instance.type), instance)
    return list(found.values())[:6]


def ground_types(language: Language, width: int) -> tuple[Type, ...]:
    """The types of values in the language's signatures and constants, the most frequent first.

    Type variables become int, size variables ``width``.
    """
    counts: dict[Type, int] = {}
    for primitive in language.primitives.values():
        sizes = sized(primitive.type)
        bindings = {v: width if v in sizes else INT for v in type_variables(primitive.type)}
        for t in _values((*primitive.parameters, primitive.result)):
            ground = substitute(t, bindings)
            if is_ground(ground):
                counts[ground] = counts.get(ground, 0) + 1
    for constant, _ in language.constants:
        counts[constant.type] = counts.get(constant.type, 0) + 1
    return tuple(sorted(counts, key=lambda t: (-counts[t], str(t))))


def _values(types: Sequence[Type]) -> Iterator[Type]:
    """The types among ``types`` and in their arrows that are not arrows."""
    for t in types:
        if isinstance(t, Arrow):
            yield from _values((*t.parameters, t.result))
        else:
            yield t


def request(parameters: Sequence[Type], result: Type) -> Type:
    """``p1 -> … -> result``."""
    assert not isinstance(result, Arrow)
    return Arrow(tuple(parameters), result) if parameters else result


def show(values: Sequence[Any]) -> str:
    """Arguments for a message."""
    texts = ("<function>" if callable(v) else repr(v) for v in values)
    return ", ".join(t if len(t) <= 60 else t[:57] + "..." for t in texts)
