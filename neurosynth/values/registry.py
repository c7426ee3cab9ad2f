"""From a type to its domain, from a word, a Python value or an annotation to its type; and how a language adds types.

A type name means one domain in a process: types are equal when their texts are, whichever language uses them.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from neurosynth.errors import InputError
from neurosynth.values.domain import Domain
from neurosynth.values.types import Size, Type, TypeConstructor, declare, declared, parse_type

__all__ = [
    "add_type",
    "added_types",
    "annotated",
    "domain_of",
    "element_type",
    "is_known",
    "read_word",
    "requests_of",
    "type_of_object",
]

_SHIPPED = {
    "int": "integers:Int",
    "bool": "booleans:Bool",
    "string": "strings:String",
    "bitvec": "bitvectors:Bitvec",
    "list": "lists:List",
    "decimal": "decimals:Decimal",
    "date": "dates:Date",
    "time": "dates:Time",
    "datetime": "dates:DateTime",
    "duration": "dates:Duration",
}
"""The module of each type's domain, which is imported on first use."""
_WRITTEN = "allowed: types without variables and arrows, like list int"
_USUAL = ("int", "bool", "bitvec")
"""Types whose literals are words, and which are read before the modules of the others are imported."""
_RARE = ("decimal", "date", "time", "datetime", "duration")
_CLASSES = {
    "int": "builtins.int",
    "bool": "builtins.bool",
    "string": "builtins.str",
    "decimal": "decimal.Decimal",
    "date": "datetime.date",
    "time": "datetime.time",
    "datetime": "datetime.datetime",
    "duration": "datetime.timedelta",
}
"""Full names of the Python classes of values, which are compared without being imported."""


@dataclass(frozen=True, slots=True)
class _Added:
    """A type that a language declared."""

    domain: Domain
    owner: str
    origin: str


_added: dict[str, _Added] = {}
_annotations: list[tuple[Any, str]] = []
"""Represents an added type in the annotations of primitives."""


def _shipped(name: str) -> type[Domain]:
    module, _, attribute = _SHIPPED[name].partition(":")
    found: type[Domain] = getattr(importlib.import_module(f"neurosynth.values.{module}"), attribute)
    return found


@lru_cache(maxsize=1024)
def domain_of(t: Type) -> Domain:
    """The domain of a ground type that is not an arrow.

    Raises:
        InputError: for any other type, and for an unknown name.
    """
    if not isinstance(t, TypeConstructor):
        raise InputError(f"values of type {t} can neither be written nor made up; {_WRITTEN}")
    if t.name in _added:
        return _added[t.name].domain
    if t.name not in _SHIPPED:
        raise InputError(f"type {t} is unknown; known: {', '.join(declared())}; load the language that brings it first")
    arguments = [_size(t, a) if isinstance(a, Size) else domain_of(a) for a in t.arguments]
    return _shipped(t.name).of(t, *arguments)


def is_known(t: Type) -> bool:
    """Whether a type has a domain: it has no variables, no arrow, and no unknown name."""
    return (
        isinstance(t, TypeConstructor)
        and (t.name in _SHIPPED or t.name in _added)
        and all(a.value is not None if isinstance(a, Size) else is_known(a) for a in t.arguments)
    )


def _size(t: TypeConstructor, size: Size) -> int:
    if size.value is None:
        raise InputError(f"values of type {t} can neither be written nor made up; {_WRITTEN}")
    return size.value


def element_type(t: Type) -> Type | None:
    """The type of the elements, if values of a ground type are lists."""
    domain = domain_of(t) if isinstance(t, TypeConstructor) else None
    return domain.element.type if domain is not None and domain.element is not None else None


def add_type(
    name: str, meaning: Domain | Type | str, *, annotation: Any = None, owner: str = "", origin: str = ""
) -> TypeConstructor:
    """Make a type name known to this process.

    Args:
        name: how types are written.
        meaning: a domain, or a known type whose representation the values have.
        annotation: the Python object that, as an annotation of a primitive, means this type; by default the domain's
            own class of values, where it has one.
        owner: who declares it, for messages.
        origin: file and line of the declaration, for messages.

    Raises:
        InputError: for a name that cannot be one, or that already means something else; both places are named.
    """
    t = TypeConstructor(name)
    if isinstance(meaning, Domain):
        domain = replace(meaning, type=t, bare=False)
        annotation = domain.python if annotation is None else annotation
    else:
        domain = replace(domain_of(parse_type(meaning) if isinstance(meaning, str) else meaning), type=t, bare=False)
    if name in _SHIPPED:
        raise InputError(
            f"{_who(owner, origin)} brings a type {name!r}, which every language has; give it another name"
        )
    added, known = _Added(domain, owner, origin), _added.get(name)
    if known is not None and not _same(known, added):
        raise InputError(
            f"type {name!r} means two things: {_meaning(known)} of {_who(known.owner, known.origin)}, and "
            f"{_meaning(added)} of {_who(owner, origin)}; languages of one process need different names for them"
        )
    _check_annotation(annotation, name, added)
    declare(name)
    if annotation is not None and (annotation, name) not in _annotations:
        _annotations.append((annotation, name))
    if known is None or known.domain != domain:
        _added[name] = added
        for cached in (domain_of, read_word, parse_type):
            cached.cache_clear()
    return t


def _check_annotation(annotation: Any, name: str, added: _Added) -> None:
    for known, other in _annotations:
        if annotation is not None and known == annotation and other != name:
            entry = _added[other]
            raise InputError(
                f"{_who(added.owner, added.origin)}: the annotation {annotation!r} already means type {other!r} "
                f"of {_who(entry.owner, entry.origin)}; give {name!r} another class, or an Annotated"
            )


def _same(known: _Added, added: _Added) -> bool:
    """Whether a second declaration repeats the first: an equal domain, or the same lines run again (a notebook's cell)."""
    if known.domain == added.domain:
        return True
    one, other = type(known.domain), type(added.domain)
    again = (one.__module__, one.__qualname__) == (other.__module__, other.__qualname__)
    return again and one is not other and known.owner == added.owner


def _who(owner: str, origin: str) -> str:
    return f"{owner or 'a language'} ({origin})" if origin else owner or "a language"


def _meaning(added: _Added) -> str:
    return (
        repr(added.domain)
        .replace(f"type={added.domain.type!r}, bare=False, ", "")
        .replace(f"type={added.domain.type!r}, bare=False", "")
    )


@lru_cache(maxsize=65536)
def read_word(text: str) -> tuple[Any, TypeConstructor] | None:
    """Value and type of a word of program text that is a literal of a shipped type; None for any other word.

    Raises:
        ValueError: for a word that looks like a literal and is not one (``2024-02-30``), with the reason.
    """
    for name in _USUAL:
        found = _shipped(name).read_word(text)
        if found is not None:
            return found
    if text.lstrip("-")[:1] in tuple("0123456789P"):
        for name in _RARE:
            found = _shipped(name).read_word(text)
            if found is not None:
                return found
    return None


def added_types() -> frozenset[str]:
    """Names of the types that languages declared."""
    return frozenset(_added)


def requests_of(name: str) -> tuple[str, ...]:
    """Request types that suit a language over a shipped type; see :attr:`Domain.requests`."""
    return _shipped(name).requests if name in _SHIPPED else ()


def annotated(hint: Any) -> TypeConstructor | None:
    """The type that a Python annotation without arguments means for a primitive, or None."""
    for known, name in _annotations:
        if known == hint:
            return TypeConstructor(name)
    if not isinstance(hint, type):
        return None
    return next((TypeConstructor(name) for name, known in _CLASSES.items() if known == _full_name(hint)), None)


def _full_name(kind: type) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"


def type_of_object(value: Any) -> TypeConstructor | None:
    """The type of a frozen value by its Python class; None for tuples, missing values and values without a type."""
    for name, entry in _added.items():
        if isinstance(entry.domain.python, type) and isinstance(value, entry.domain.python):
            return TypeConstructor(name)
    for kind in type(value).__mro__:
        full = _full_name(kind)
        for name, known in _CLASSES.items():
            if known == full:
                return TypeConstructor(name)
    return None
