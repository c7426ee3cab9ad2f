"""``check_rows``: a table of calls, each of which tests everything that belongs to a primitive.

A kernel runs here as a plain Python function on machine values, which needs no compiling and shows where it went wrong.
``check_language`` runs the same kernels in compiled loops.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeGuard

import numpy as np

from neurosynth.engine import constants
from neurosynth.engine.constants import UNDEFINED_WORD, WORD_LIMIT
from neurosynth.engine.hashing import hash_of
from neurosynth.engine.kernels.choice import NOTES, Loop, inverse_kernel_of, kernel_of, kind_of
from neurosynth.engine.store.tables import powers
from neurosynth.export.base import ExportError
from neurosynth.export.python import PythonExporter
from neurosynth.language.evaluate import Budget, Evaluator
from neurosynth.language.language import Language
from neurosynth.language.primitive import UNDEFINED, Primitive, Undefined
from neurosynth.language.program import Apply, Input
from neurosynth.testing.values import answering, show
from neurosynth.values.frozen import freeze, typed_key
from neurosynth.values.reading import type_of_values
from neurosynth.values.registry import domain_of
from neurosynth.values.types import INT, Arrow, Type, is_ground, type_variables, unify

__all__ = ["Row", "check_call", "check_inverse", "check_rows", "ground", "value_of"]

ROOM = 64
"""Longest string or list."""
MARGIN = 5
"""Number of other elements on both sides of a sequence, and of the space where a kernel writes."""

Row = tuple[str | Primitive, tuple[Any, ...], Any]
"""A primitive by name, or itself if it has sizes; its arguments; its value."""


def check_rows(language: Language, rows: Sequence[Row], *, beyond: Language | None = None) -> None:
    """Check a table of calls ``(primitive, arguments, value)``; every primitive of the language needs a row.

    On each row the function must give the value (``UNDEFINED`` if there is none). So must its kernel, and the exported Python code. Its
    hash kernel must give the value's length and hash. Its inverses must give arguments with this value, and inverse kernels the first
    of them.

    Args:
        language: the language itself.
        rows: the table.
        beyond: a language that this one includes, whose primitives have rows elsewhere.

    Raises:
        AssertionError: with the fault, the primitive and the arguments.
    """
    named = {row[0] if isinstance(row[0], str) else row[0].name for row in rows}
    own = {n: p for n, p in language.primitives.items() if beyond is None or p != beyond.get(n)}
    missing = sorted(set(own) - named)
    assert not missing, (
        f"language {language.name!r}: no row for {', '.join(missing)}; add (name, arguments, value), what it gives for them"
    )
    inverted: set[tuple[str, int]] = set()
    for name, arguments, value in rows:
        primitive = ground(language[name] if isinstance(name, str) else name, arguments)
        inverted |= {(primitive.name, i) for i in check_call(primitive, arguments, value)}
    for p in own.values():
        idle = [
            i + 1 for i, inverse in enumerate(p.inverse or ()) if inverse is not None and (p.name, i) not in inverted
        ]
        assert not idle, (
            f"primitive {p}: the inverse of argument {idle[0]} gives nothing for any row; add one for which it does"
        )


def ground(primitive: Primitive, arguments: Sequence[Any]) -> Primitive:
    """The primitive at the types of its arguments; undetermined type variables become int."""
    if is_ground(primitive.type):
        return primitive
    bindings: dict[str, Type | int] = {}
    for argument, t in zip(arguments, primitive.parameters, strict=True):
        if not callable(argument):
            unify(t, type_of_values([argument], primitive.name), bindings)
    return primitive.at({v: bindings.get(v, INT) for v in type_variables(primitive.type)})


def value_of(primitive: Primitive, arguments: Sequence[Any], *, room: int = ROOM) -> Any:
    """The value by the reference semantics under the budget of search."""
    kind = kind_of(primitive.result)
    slots = tuple(Input(i, t) for i, t in enumerate(primitive.parameters))
    budget = Budget(size=10_000 if kind in "wu" else room, bits=64 if kind == "u" else 62)
    return Evaluator(budget).run(Apply(primitive, slots, primitive.result), [freeze(a) for a in arguments])


def check_call(primitive: Primitive, arguments: Sequence[Any], *value: Any, room: int = ROOM) -> set[int]:
    """Check one call of a ground primitive like :func:`check_rows`, against ``value`` if one is given.

    Returns the positions of arguments whose inverse gave a value.

    Raises:
        AssertionError: with the fault.
    """
    arguments = tuple(freeze(a) for a in arguments)
    room = max(room, len(arguments[0])) if primitive.slices else room  # a piece of an existing sequence always fits
    found = value_of(primitive, arguments, room=room)
    if value:
        _same(primitive, arguments, "its function", found, freeze(value[0]))
    loop = kernel_of(primitive, *_kinds(primitive))
    typed = list(zip(primitive.parameters, arguments, strict=True))
    if _runs(loop):
        for wide in (True, False) if _narrow(arguments) else (True,):
            given = _run(loop, primitive.sizes, typed, primitive.result, room, wide)
            asks = given is _ASK and not (_narrow((*arguments, found)) and found is not UNDEFINED)
            _same(primitive, arguments, "its kernel", found if asks else given, found)
            if loop.hashed:
                given = _run_hashed(loop, typed, room, wide)
                hashed = found if found is UNDEFINED else (len(found), _hash(found))
                _same(primitive, arguments, "its hash kernel", hashed if given is _ASK else given, hashed)
    if found is UNDEFINED:
        return set()
    _export(primitive, arguments, found)
    return {
        i
        for i, inverse in enumerate(primitive.inverse or ())
        if inverse is not None and check_inverse(primitive, i, found, arguments[:i] + arguments[i + 1 :], room=room)
    }


def check_inverse(primitive: Primitive, position: int, output: Any, known: Sequence[Any], *, room: int = ROOM) -> bool:
    """Whether the inverse of an argument gives a value for an output and known other arguments.

    Raises:
        AssertionError: if a value does not give the output, or the first one differs from that of its kernel.
    """
    assert primitive.inverse is not None
    inverse = primitive.inverse[position]
    assert inverse is not None
    output, known = freeze(output), tuple(freeze(a) for a in known)
    t = primitive.parameters[position]
    where = f"primitive {primitive}: the inverse of argument {position + 1}"
    found = [freeze(v) for v in inverse(output, *known)]

    def again(v: Any) -> Any:
        argument = answering(v, v[0][1] if v else None) if isinstance(t, Arrow) else v
        return value_of(primitive, (*known[:position], argument, *known[position:]), room=10_000)

    for v in found:
        if isinstance(t, Arrow) and len(dict(v)) < len(set(v)):
            continue  # there is no function with two answers to the same
        _same(primitive, known, f"with {v!r} that {where} gives for {output!r}, its function", again(v), output)
    loop = inverse_kernel_of(primitive, position, *_kinds(primitive))
    if not _runs(loop):
        return bool(found)
    types = (primitive.result, *primitive.parameters[:position], *primitive.parameters[position + 1 :])
    given = _run(loop, primitive.sizes, list(zip(types, (output, *known), strict=True)), t, room, True)
    fitting = [
        v for v in found if (len(v) <= room if loop.result in "ci" else loop.result == "u" or abs(v) <= WORD_LIMIT)
    ]
    if loop.result == "u":  # which has no word for "there is none"
        given = given if again(given) == output else UNDEFINED
    if given is not _ANY:
        wanted = fitting[0] if fitting else UNDEFINED
        _same(primitive, (output, *known), f"the inverse kernel of argument {position + 1}", given, wanted)
    return bool(found)


def _kinds(primitive: Primitive) -> tuple[str, str]:
    return "".join(kind_of(t) for t in primitive.parameters), kind_of(primitive.result)


def _runs(loop: Loop | None) -> TypeGuard[Loop]:
    """Whether the loop has its own kernel: neither a conditional nor an expression of other kernels."""
    return loop is not None and ":" in loop.kernel and not loop.kernel.startswith("=")


def _same(primitive: Primitive, arguments: Sequence[Any], what: str, found: Any, wanted: Any) -> None:
    assert typed_key(found) == typed_key(wanted), (
        f"primitive {primitive}: {what} gives {found!r} for ({show(arguments)}), wanted is {wanted!r}"
    )


# --- machine values ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Special:
    """The answers of a kernel other than values."""

    name: str


_ASK, _ANY = _Special("asks the function"), _Special("anything")


def _function(reference: str) -> Callable[..., Any]:
    module, name = reference.split(":")
    found: Callable[..., Any] = getattr(importlib.import_module(module), name)
    return found


def _narrow(values: Sequence[Any]) -> bool:
    """Whether all texts are ASCII, so that arrays of bytes can represent them."""
    return all(not isinstance(v, str) or v.isascii() for v in values)


def _passed(kind: str, t: Type, value: Any, wide: bool) -> list[Any]:
    """A value in the form for a kernel: sequences are inside other data that cannot be written to."""
    if kind == "f":
        return [_apply, (value, t)]
    stored = domain_of(t).encode(value)
    if kind in "wu":
        return [np.uint64(stored) if kind == "u" else stored]
    elements = list(map(ord, stored)) if kind == "c" else stored
    data = np.full(len(elements) + 2 * MARGIN, 97, _dtype(kind, wide))
    data[MARGIN : MARGIN + len(elements)] = elements
    data.flags.writeable = False
    return [data, MARGIN, len(elements)]


def _dtype(kind: str, wide: bool) -> Any:
    return np.int64 if kind == "i" else np.int32 if wide else np.uint8


def _apply(f: tuple[Callable[..., Any], Arrow], a: Any, i: int, b: Any, j: int, n: int, out: Any) -> None:
    """The engine's compiled function of this name, in Python."""
    call, t = f
    domains, result = [domain_of(p) for p in t.parameters], domain_of(t.result)
    for k in range(n):
        words = (int(a[i + k]), int(b[j + k]))[: len(domains)]
        try:
            out[k] = result.encode(call(*(d.decode(word) for d, word in zip(domains, words, strict=True))))
        except Undefined:
            out[k] = UNDEFINED_WORD


def _run(
    loop: Loop, sizes: Mapping[str, int], values: Sequence[tuple[Type, Any]], t: Type, room: int, wide: bool
) -> Any:
    """A kernel's answer as a value of type ``t``; checks that it writes only to its own space."""
    passed = [p for kind, (of, v) in zip(loop.arguments, values, strict=True) for p in _passed(kind, of, v, wide)]
    passed += [sizes[name] for name in sorted(sizes)]
    scratch = [np.zeros(4 * max(room, ROOM), np.int64)] if "f" in loop.arguments else []
    kernel = _function(loop.kernel)
    with np.errstate(over="ignore"):  # words are expected to wrap around
        if loop.slices:
            start, length = kernel(*passed)
            data = next(p for p in passed if isinstance(p, np.ndarray))
        elif loop.result in "ci":
            data, start = np.full(room + 2 * MARGIN, 77, _dtype(loop.result, wide)), MARGIN
            length = kernel(*scratch, data[start : start + room], *passed)
            around = np.concatenate([data[:start], data[start + room :]])
            assert (around == 77).all(), f"{loop.kernel} writes beyond its room of {room}"
        else:
            word = kernel(*scratch, *passed)
            if loop.result == "w" and word == UNDEFINED_WORD:
                return UNDEFINED
            return domain_of(t).decode(int(word))
    match int(length):
        case -1:
            return UNDEFINED
        case constants.ASK_REFERENCE:
            return _ASK
        case constants.UNCHANGED:
            return values[0][1] if len(values[0][1]) <= room else UNDEFINED
        case constants.ANY:
            return _ANY
    elements = data[start : start + length].tolist()
    return domain_of(t).decode("".join(map(chr, elements)) if loop.result == "c" else tuple(elements))


def _run_hashed(loop: Loop, values: Sequence[tuple[Type, Any]], room: int, wide: bool) -> Any:
    """The length and hash of a result by a hash kernel."""
    power = powers(len(max((v for _, v in values if isinstance(v, (str, tuple))), key=len, default="")) + room)
    passed = []
    for kind, (of, v) in zip(loop.arguments, values, strict=True):
        passed.append([*_passed(kind, of, v, wide), *([_hash(v)] if kind in "ci" else [])])
    with np.errstate(over="ignore"):
        notes = []
        if loop.noted:
            notes.append(np.zeros(NOTES, np.uint64))
            _function(loop.noted)(*notes, power, *(p for part in passed[:-1] for p in part))
            passed = passed[-1:]
        length, found = _function(loop.hashed)(room, power, *notes, *(p for part in passed for p in part))
    first = values[0][1]
    whole = (len(first), _hash(first)) if len(first) <= room else UNDEFINED
    special = {-1: UNDEFINED, constants.ASK_REFERENCE: _ASK, constants.UNCHANGED: whole}
    return special.get(int(length), (int(length), int(found)))


def _hash(value: Any) -> int:
    elements = np.array(list(map(ord, value)) if isinstance(value, str) else value, np.int64)
    with np.errstate(over="ignore"):
        return int(hash_of(elements, 0, len(value)))


# --- exported code -----------------------------------------------------------------------------------------------


def _exported(primitive: Primitive) -> Callable[..., Any] | None:
    return _exported_from(
        primitive, primitive.origin
    )  # two languages may use one name and type with different meanings


@cache
def _exported_from(primitive: Primitive, origin: str) -> Callable[..., Any] | None:
    """The function in the exported Python code of one call, executed as at a prompt; None if there is none."""
    exporter, space = PythonExporter(), dict[str, Any]()
    try:
        code = exporter.export(Apply(primitive, tuple(Input(i, t) for i, t in enumerate(primitive.parameters))))
    except ExportError:
        if primitive.python is not None:
            raise
        return None
    exec(compile(code, "<exported call>", "exec"), space)
    found: Callable[..., Any] = space[exporter.function]
    return found


def _export(primitive: Primitive, arguments: Sequence[Any], value: Any) -> None:
    if (function := _exported(primitive)) is not None:
        typed = zip(primitive.parameters, arguments, strict=True)
        found = function(*(a if isinstance(t, Arrow) else domain_of(t).thaw(a) for t, a in typed))
        _same(primitive, arguments, "its exported Python code", domain_of(primitive.result).freeze(found), value)
