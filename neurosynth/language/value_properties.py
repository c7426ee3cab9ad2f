"""Properties of values that a language adds to those of the domains; see :mod:`neurosynth.values.properties`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from neurosynth.errors import InputError
from neurosynth.language.primitive import type_of_function
from neurosynth.values.properties import Property, Relation
from neurosynth.values.types import BOOL, Arrow, Type, is_ground

__all__ = ["TypedProperty", "TypedRelation", "declared_property"]


@dataclass(frozen=True, slots=True)
class TypedProperty:
    """A property of values of one type."""

    type: Type
    holds_of: Property

    @property
    def types(self) -> tuple[Type, ...]:
        """The types to which it applies."""
        return (self.type,)

    @property
    def name(self) -> str:
        """In the form for models."""
        return self.holds_of.name


@dataclass(frozen=True, slots=True)
class TypedRelation:
    """A relation between an input of one type and an output of one type."""

    input: Type
    output: Type
    holds_of: Relation

    @property
    def types(self) -> tuple[Type, ...]:
        """The types to which it applies, the input's first."""
        return (self.input, self.output)

    @property
    def name(self) -> str:
        """In the form for models."""
        return self.holds_of.name


def declared_property(function: Callable[..., bool], language: str) -> TypedProperty | TypedRelation:
    """The property or relation of an annotated function.

    Raises:
        InputError: for another number of parameters, an annotation that is missing or not a ground type, or another result than
            ``bool``; the message names the language.
    """
    name: str = getattr(function, "__name__", "")
    words = name.replace("_", " ").strip()
    declared = type_of_function(function)
    where = f"language {language!r}: property {name!r}"
    if not isinstance(declared, Arrow) or len(declared.parameters) not in (1, 2):
        raise InputError(f"{where} is of type {declared}; allowed: one value, or an input and an output")
    if declared.result != BOOL:
        raise InputError(f"{where} gives {declared.result}; allowed: bool")
    for t in declared.parameters:
        if not is_ground(t) or isinstance(t, Arrow):
            raise InputError(f"{where} takes {t}; allowed: types without variables and arrows, such as list[int]")
    if len(declared.parameters) == 1:
        return TypedProperty(declared.parameters[0], Property(words, function))
    given, output = declared.parameters
    return TypedRelation(given, output, Relation(words, function))
