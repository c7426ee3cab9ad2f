"""A digest of what a kernel computes: compiled code stays valid as long as the digest is the same. It covers the bytecode and
everything that this names, not the source text. Changing a comment, a docstring or another primitive of the same file therefore
compiles nothing again, and changing a helper in another file does.
"""

from __future__ import annotations

import hashlib
import importlib
from collections.abc import Callable, Iterator
from functools import cache
from types import CodeType, FunctionType, ModuleType
from typing import Any

__all__ = ["digest_of"]

_FOREIGN = ("numba", "numpy", "math", "builtins")
"""Packages whose functions are not examined."""


@cache
def digest_of(reference: str) -> str:
    """Digest of the kernel ``module:function``, including the functions, constants and modules that it names."""
    module, name = reference.split(":")
    found = hashlib.sha256()
    for part in _function(getattr(importlib.import_module(module), name), set()):
        found.update(repr(part).encode())
    return found.hexdigest()


def _function(function: Callable[..., Any], seen: set[int]) -> Iterator[Any]:
    """The parts of a plain or compiled function that the digest covers."""
    plain = getattr(function, "py_func", function)
    if id(plain) in seen:
        return
    seen.add(id(plain))
    yield plain.__qualname__, plain.__defaults__
    names = list(_code(plain.__code__, plain.__doc__))
    yield from names
    for name in sorted(set(_names(plain.__code__))):
        if name in plain.__globals__:
            yield name
            yield from _value(plain.__globals__[name], _names(plain.__code__), seen)
    for cell in plain.__closure__ or ():
        yield from _value(cell.cell_contents, [], seen)


def _code(code: CodeType, doc: str | None) -> Iterator[Any]:
    """Instructions, names and constants, without line numbers and docstring."""
    yield code.co_code, code.co_names, code.co_varnames, code.co_freevars, code.co_argcount
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _code(constant, None)
        elif isinstance(constant, frozenset):
            yield sorted(map(repr, constant))  # its own order differs from process to process
        elif doc is None or constant != doc:
            yield constant


def _names(code: CodeType) -> list[str]:
    inner = [name for c in code.co_consts if isinstance(c, CodeType) for name in _names(c)]
    return [*code.co_names, *inner]


def _value(value: Any, names: list[str], seen: set[int]) -> Iterator[Any]:
    """The digest of a value that a kernel reads: functions by what they compute, arrays by their elements."""
    if isinstance(value, ModuleType):
        yield value.__name__
        if not value.__name__.startswith(_FOREIGN):
            for name in sorted(set(names) & set(vars(value))):
                yield name
                yield from _value(vars(value)[name], [], seen)
    elif isinstance(value, FunctionType) or isinstance(getattr(value, "py_func", None), FunctionType):
        if not str(value.__module__).startswith(_FOREIGN):
            yield from _function(value, seen)
    elif isinstance(value, type):
        yield value.__module__, value.__qualname__
    elif callable(getattr(value, "tobytes", None)):
        yield str(getattr(value, "dtype", "")), value.tobytes()
    else:
        yield value
