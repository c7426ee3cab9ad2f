"""Misconduct of primitives, and the messages about it: raising an undeclared exception, ending the process, recursing without end,
returning a value of another type, or changing arguments."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Any

from neurosynth.errors import PrimitiveBug, shortened
from neurosynth.language.primitive import UNDEFINED, Primitive, Undefined
from neurosynth.language.program import Program
from neurosynth.values.registry import domain_of
from neurosynth.values.types import BOOL, INT, STRING, Type, TypeConstructor, is_ground

__all__ = ["fault_of", "kinds_of", "raised", "recursed", "returned"]

_DEEP = 100
"""Number of a primitive's own frames in a stack overflow from which the primitive is to blame, not the depth of the program."""


def kinds_of(t: Type) -> tuple[type, ...]:
    """The Python types of a type's values, if these decide membership; otherwise empty."""
    return next(((kind,) for known, kind in _KINDS if known == t), ())


_KINDS = ((INT, int), (BOOL, bool), (STRING, str))


def fault_of(t: Type) -> Callable[[Any], bool] | None:
    """Whether a value is of another type than ``t``; None if that is unknown, or if :func:`kinds_of` decides it."""
    if kinds_of(t) or not isinstance(t, TypeConstructor) or not is_ground(t):
        return None
    domain = domain_of(t)
    kinds = () if domain.element is None else kinds_of(domain.element.type)
    if kinds:
        wanted = set(kinds)
        return lambda value: type(value) not in (list, tuple) or not wanted.issuperset(map(type, value))
    kind = domain.python
    if isinstance(kind, type):  # a value beyond the domain's limits is undefined, which is not the primitive's fault
        return lambda value: not (isinstance(value, kind) or domain.has(domain.freeze(value)))
    return lambda value: not (domain.has(value) or domain.has(domain.freeze(value)))


def returned(primitive: Primitive, values: Sequence[Any], value: Any, program: Program | None) -> PrimitiveBug:
    """The bug of a primitive that returned a value of another type than declared."""
    kind = type(value).__name__
    said = f"returned {_show(value)} ({kind}), which is not a valid {primitive.result}"
    if isinstance(value, (list, tuple)):
        kinds = sorted({type(v).__name__ for v in value})
        said = f"returned {_show(value)} ({kind} of {', '.join(kinds) or 'nothing'}), which is not a valid {primitive.result}"
    remedy = f"return a value of its declared type, {primitive.result}, or declare another"
    if value is None:
        remedy = "see that every way through it ends with a return; where the value is undefined, raise what raises= declares"
    return _bug(primitive, values, said, remedy, program)


def raised(primitive: Primitive, values: Sequence[Any], error: BaseException, program: Program | None) -> PrimitiveBug:
    """The bug of a primitive that raised an undeclared exception."""
    kind, said = type(error).__name__, _message(error)
    remedy = f"if the value is undefined there, add raises=({kind},) to its declaration"
    if isinstance(error, SystemExit):
        remedy = "a primitive must not end the process: return a value, or raise what raises= declares"
    elif isinstance(error, MemoryError):
        remedy = "add size= to its declaration: results that are too large are then undefined before they are made"
    elif isinstance(error, (AttributeError, TypeError)) and "'tuple' object" in said:
        remedy = "its arguments are tuples and cannot be changed: work on a copy, list(argument)"
    return _bug(primitive, values, f"raised {kind}{f': {said}' if said else ''}", remedy, program)


def recursed(
    primitive: Primitive, values: Sequence[Any], error: RecursionError, evaluator: str, program: Program | None
) -> PrimitiveBug | None:
    """The bug of a primitive that called itself too often; None if the program is nested too deeply.

    ``evaluator``: the file whose frames belong to the program's own nesting.
    """
    if _own_frames(error.__traceback__, evaluator) < _DEEP:
        return None
    remedy = "write it as a loop, or add raises=(RecursionError,) to its declaration"
    return _bug(primitive, values, f"raised RecursionError: {_message(error)}", remedy, program)


def _own_frames(place: TracebackType | None, evaluator: str) -> int:
    count = 0
    while place is not None:
        count += place.tb_frame.f_code.co_filename != evaluator
        place = place.tb_next
    return count


def _bug(primitive: Primitive, values: Sequence[Any], said: str, remedy: str, program: Program | None) -> PrimitiveBug:
    arguments = ", ".join(_show(v, primitive.lazy) for v in values)
    declared = f"; it is declared at {primitive.origin}" if primitive.origin else ""
    return PrimitiveBug(primitive.name, arguments, said, remedy + declared, "" if program is None else str(program))


def _message(error: BaseException) -> str:
    try:
        return shortened(str(error), 300)
    except Exception as second:  # including an exception of the plugin whose text has a bug
        return f"(its message cannot be had: {type(second).__name__})"


def _show(value: Any, lazy: bool = False) -> str:
    """A value for a message; a lazy one is computed, and a function is only mentioned."""
    if lazy and callable(value):
        try:
            value = value()
        except (Undefined, PrimitiveBug):
            value = UNDEFINED
    if callable(value):
        return "<function>"
    try:
        return shortened(repr(value))
    except Exception as error:  # an integer of thousands of digits, or a plugin's own class
        return f"<{type(value).__name__}: {type(error).__name__}>"
