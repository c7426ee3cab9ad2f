"""Calls of functions that a macro is given: ``(call x0 a)`` in its body applies its argument ``x0`` to a variable of a lambda.

So ``map`` is ``(rec_list x0 empty (lambda (a b c) (cons (call x1 a) c)))``.  Only bodies of macros hold calls: where a macro is written out with
a lambda as that argument, the lambda's body stands in the place of the call.  Enumeration makes no programs with them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from neurosynth.language.language import Language
from neurosynth.language.primitive import Primitive
from neurosynth.values.types import parse_type

__all__ = ["CALLS", "has_calls", "is_call", "with_calls"]


def _call(function: Callable[..., Any], *arguments: Any) -> Any:
    return function(*arguments)


CALLS = tuple(
    Primitive(
        name=name,
        type=parse_type(t),
        function=_call,
        doc="The function applied; stands in bodies of learned primitives only.",
        enumerated=False,
        python=python,
        origin="neurosynth.language.calls",
    )
    for name, t, python in (
        ("call", "(a -> b) -> a -> b", "{0}({1})"),
        ("call_2", "(a -> b -> c) -> a -> b -> c", "{0}({1}, {2})"),
    )
)
"""By how many arguments the function has, from 1."""


def is_call(primitive: Primitive) -> bool:
    """Whether a primitive applies its first argument to the others."""
    return primitive.function is _call


def has_calls(text: str) -> bool:
    """Whether the text of a body may hold calls."""
    return any(f"({p.name} " in text for p in CALLS)


def with_calls(language: Language) -> Language:
    """The language with what bodies with calls need; the language itself where it has that, or other primitives of these names."""
    missing = [p for p in CALLS if language.get(p.name) is None]
    return language.with_primitives(missing) if missing else language
