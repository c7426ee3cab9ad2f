"""Compiled semantics of the language ``lists``: primitives that take functions.

``scratch`` comes first, then ``out`` where the result is a list, then ``apply, f`` for the function:
``apply(f, a, i, b, j, n, out)`` computes ``out[k] = f(a[i + k])`` or ``f(a[i + k], b[j + k])`` for ``k < n``.  One
undefined answer makes the whole value undefined, as an exception inside the Python callable does.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from numba.extending import register_jitable

from neurosynth.engine.constants import UNDEFINED_WORD

Data = Any  # a one-dimensional array of int64
Applier = Callable[[Any, Data, int, Data, int, int, Data], None]


@register_jitable
def defined(values: Data, length: int) -> bool:
    """Whether none of the first ``length`` words is undefined."""
    for k in range(length):  # noqa: SIM110 -- numba compiles no generators
        if values[k] == UNDEFINED_WORD:
            return False
    return True


@register_jitable
def answers(scratch: Data, apply: Applier, f: Any, data: Data, start: int, length: int) -> bool:
    """Put the predicate's answers on all elements into ``scratch``; whether all are defined (and fit)."""
    if length > scratch.size:
        return False
    apply(f, data, start, data, start, length, scratch)
    return defined(scratch, length)


@register_jitable
def held(scratch: Data, length: int) -> int:
    """How many answers come before the first negative one."""
    for k in range(length):
        if scratch[k] == 0:
            return k
    return length


def map_(scratch: Data, out: Data, apply: Applier, f: Any, data: Data, start: int, length: int) -> int:
    if length > out.size:
        return -1
    apply(f, data, start, data, start, length, out)
    return length if defined(out, length) else -1


def filter_(scratch: Data, out: Data, apply: Applier, f: Any, data: Data, start: int, length: int) -> int:
    if not answers(scratch, apply, f, data, start, length):
        return -1
    kept = 0
    for k in range(length):
        if scratch[k] != 0:
            if kept == out.size:
                return -1
            out[kept] = data[start + k]
            kept += 1
    return kept


def count(scratch: Data, apply: Applier, f: Any, data: Data, start: int, length: int) -> int:
    if not answers(scratch, apply, f, data, start, length):
        return UNDEFINED_WORD
    counted = 0
    for k in range(length):
        if scratch[k] != 0:
            counted += 1
    return counted


def all_(scratch: Data, apply: Applier, f: Any, data: Data, start: int, length: int) -> int:
    if not answers(scratch, apply, f, data, start, length):
        return UNDEFINED_WORD
    return 1 if held(scratch, length) == length else 0


def any_(scratch: Data, apply: Applier, f: Any, data: Data, start: int, length: int) -> int:
    if not answers(scratch, apply, f, data, start, length):
        return UNDEFINED_WORD
    for k in range(length):
        if scratch[k] != 0:
            return 1
    return 0


def takewhile(scratch: Data, out: Data, apply: Applier, f: Any, data: Data, start: int, length: int) -> int:
    if not answers(scratch, apply, f, data, start, length):
        return -1
    kept = held(scratch, length)
    if kept > out.size:
        return -1
    for k in range(kept):
        out[k] = data[start + k]
    return kept


def dropwhile(scratch: Data, out: Data, apply: Applier, f: Any, data: Data, start: int, length: int) -> int:
    if not answers(scratch, apply, f, data, start, length):
        return -1
    skipped = held(scratch, length)
    if length - skipped > out.size:
        return -1
    for k in range(skipped, length):
        out[k - skipped] = data[start + k]
    return length - skipped


def zipwith(
    scratch: Data,
    out: Data,
    apply: Applier,
    f: Any,
    a: Data,
    a_start: int,
    a_length: int,
    b: Data,
    b_start: int,
    b_length: int,
) -> int:
    length = min(a_length, b_length)
    if length > out.size:
        return -1
    apply(f, a, a_start, b, b_start, length, out)
    return length if defined(out, length) else -1


def scan(scratch: Data, out: Data, apply: Applier, f: Any, data: Data, start: int, length: int) -> int:
    if length > out.size or scratch.size < 1:
        return -1
    if length > 0:
        out[0] = data[start]
    for k in range(1, length):
        apply(f, out, k - 1, data, start + k, 1, scratch)
        if scratch[0] == UNDEFINED_WORD:
            return -1
        out[k] = scratch[0]
    return length


def fold(scratch: Data, apply: Applier, f: Any, initial: int, data: Data, start: int, length: int) -> int:
    if scratch.size < 2:
        return UNDEFINED_WORD
    # The result so far is in one cell and the next one goes to another: apply may write before it has read.
    following = scratch[1:]
    scratch[0] = initial
    for k in range(start, start + length):
        apply(f, scratch, 0, data, k, 1, following)
        if following[0] == UNDEFINED_WORD:
            return UNDEFINED_WORD
        scratch[0] = following[0]
    return scratch[0]  # type: ignore[no-any-return]  # arrays are Any here
