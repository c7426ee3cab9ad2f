"""The type of values without a declared one: examples in Python, JSON without a type."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from neurosynth.errors import InputError
from neurosynth.values.frozen import freeze, show
from neurosynth.values.registry import domain_of, type_of_object
from neurosynth.values.types import INT, STRING, Type, TypeConstructor, TypeVariable, list_of

__all__ = ["has_type", "type_of_values", "type_told_by_all"]

_MISSING = TypeVariable("missing")
_UNKNOWN = TypeVariable("a")
_DECIMAL = TypeConstructor("decimal")


def has_type(value: Any, t: Type) -> bool:
    """Whether a (frozen) value belongs to a ground type; none belongs to a function type."""
    return isinstance(t, TypeConstructor) and domain_of(t).has(value)


def type_of_values(values: Iterable[Any], where: str) -> Type:
    """The one type of all ``values``; an element type never seen becomes int.

    Missing values fit every type that has them.

    Raises:
        InputError: for null, floats, objects, or values of different types, with the values.
    """
    found: Type | None = None
    missing = False
    for value in values:
        t = _type_of(freeze(value), where)
        missing = missing or t == _MISSING
        merged = t if found is None else _merge(found, t)
        if merged is None:
            raise InputError(
                f"{where}: values of different types, {found} and {t} ({show(value)}); all need the same type"
            )
        found = merged
    if found is None:
        raise InputError(f"{where}: no values")
    settled = _default(found)
    if found == _MISSING or (missing and not domain_of(settled).nullable):
        raise _no_type(None, where)
    return settled


def type_told_by_all(values: Iterable[Any]) -> Type | None:
    """The type of values of which some have none by themselves: text for texts and null, decimal for numbers with fractions or null."""
    examples = {type(v): v for v in values}
    known = {k: v for k, v in examples.items() if v is not None}
    if [*known] == [str] and len(examples) > 1:
        return STRING
    numbers = bool(known) and all(_is_number(v) for v in known.values())
    return _DECIMAL if numbers and [*examples] != [int] else None


def _is_number(value: Any) -> bool:
    """Whether a value is a whole number, a decimal, or a float that no domain has as its own."""
    own = type_of_object(value)
    return own in (INT, _DECIMAL) or (own is None and isinstance(value, float))


def _no_type(value: Any, where: str) -> InputError:
    shown = "null" if value is None else repr(value)
    return InputError(
        f"{where}: {shown} has no type here; allowed: integers, true and false, strings, decimals, dates and times, "
        "lists of these"
    )


def _type_of(value: Any, where: str) -> Type:
    if value is None:
        return _MISSING
    known = type_of_object(value)
    if known is not None:
        return known
    if not isinstance(value, tuple):
        raise _no_type(value, where)
    element: Type = _UNKNOWN
    for v in value:
        merged = _merge(element, _type_of(v, where))
        if merged is None:
            raise InputError(f"{where}: the list {show(value)} mixes types; all elements need the same type")
        element = merged
    if _MISSING in (element, *map(_of_missing, value)) and (
        not isinstance(element, TypeConstructor) or not domain_of(element).nullable
    ):
        raise _no_type(None, where)
    return list_of(element)


def _of_missing(value: Any) -> Type | None:
    return _MISSING if value is None else None


def _merge(a: Type, b: Type) -> Type | None:
    match a, b:
        case TypeVariable(), _:
            return b if b != _MISSING else a if a != _UNKNOWN else b
        case _, TypeVariable():
            return a
        case TypeConstructor("list", (x,)), TypeConstructor("list", (y,)):
            inner = _merge(x, y)  # type: ignore[arg-type]  # a list's argument is a type
            return None if inner is None else list_of(inner)
    return a if a == b else None


def _default(t: Type) -> Type:
    match t:
        case TypeVariable():
            return INT
        case TypeConstructor("list", (x,)):
            return list_of(_default(x))  # type: ignore[arg-type]  # a list's argument is a type
    return t
