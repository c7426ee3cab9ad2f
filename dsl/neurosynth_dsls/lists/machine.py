"""Helpers for kernels of lists.

A list is ``(data, start, length)``, an undefined word is ``UNDEFINED_WORD``, and an undefined or too long list has length -1. Words are
at most 62 bits long, so a sum of two fits 64 bits and is exact before it is checked.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from neurosynth.engine.kernels import UNDEFINED_WORD, WORD_LIMIT, helper

__all__ = [
    "HALF",
    "Applier",
    "Data",
    "answers",
    "copy",
    "defined",
    "held",
    "position",
    "same",
    "solved",
    "solved_list",
    "times",
    "within",
]


Data = Any  # a one-dimensional array of int64
Applier = Callable[[Any, Data, int, Data, int, int, Data], None]

HALF = 1 << 31


@helper
def within(value: int) -> int:
    """``value`` if it has at most 62 bits, otherwise undefined."""
    if -WORD_LIMIT <= value <= WORD_LIMIT:
        return value
    return UNDEFINED_WORD


@helper
def times(a: int, b: int) -> int:
    """The product if it has at most 62 bits, otherwise undefined; never overflows."""
    if -HALF < a < HALF and -HALF < b < HALF:
        return a * b
    if a == 0 or b == 0:
        return 0
    if abs(a) > WORD_LIMIT // abs(b):
        return UNDEFINED_WORD
    return a * b


@helper
def copy(out: Data, data: Data, start: int, length: int) -> int:
    """Write the elements to ``out``; returns their number, or -1 if they do not fit."""
    if length > out.size:
        return -1
    for k in range(length):
        out[k] = data[start + k]
    return length


@helper
def same(a: Data, a_start: int, b: Data, b_start: int, length: int) -> bool:
    """Whether ``length`` elements are equal."""
    for k in range(length):  # noqa: SIM110 -- numba compiles no generators
        if a[a_start + k] != b[b_start + k]:
            return False
    return True


@helper
def position(x: int, data: Data, start: int, length: int) -> int:
    """Index of the first ``x``, or -1."""
    for k in range(length):
        if data[start + k] == x:
            return k
    return -1


@helper
def defined(values: Data, length: int) -> bool:
    """Whether none of the first ``length`` words is undefined."""
    for k in range(length):  # noqa: SIM110 -- numba compiles no generators
        if values[k] == UNDEFINED_WORD:
            return False
    return True


@helper
def answers(scratch: Data, apply: Applier, f: Any, data: Data, start: int, length: int) -> bool:
    """Write the predicate's answers on all elements to ``scratch``; returns whether all are defined (and fit)."""
    if length > scratch.size:
        return False
    apply(f, data, start, data, start, length, scratch)
    return defined(scratch, length)


@helper
def held(scratch: Data, length: int) -> int:
    """Number of answers before the first negative one."""
    for k in range(length):
        if scratch[k] == 0:
            return k
    return length


@helper
def answer(scratch: Data, apply: Applier, f: Any, data: Data, at: int, second: bool, x: int) -> int:
    """The function's value at ``x`` and ``data[at]``; ``second``: whether ``x`` is its second argument."""
    scratch[0] = x
    rest = scratch[1:]
    if second:
        apply(f, data, at, scratch, 0, 1, rest)
    else:
        apply(f, scratch, 0, data, at, 1, rest)
    return rest[0]  # type: ignore[no-any-return]  # arrays are Any here


@helper
def solved(scratch: Data, apply: Applier, f: Any, data: Data, at: int, second: bool, wanted: int) -> int:
    """An argument for which the function has the ``wanted`` value, as :func:`answer`, or undefined.

    It is found from the values at 0 and 1, as if the function were a straight line, and then tried.
    """
    zero = answer(scratch, apply, f, data, at, second, 0)
    one = answer(scratch, apply, f, data, at, second, 1)
    if zero == UNDEFINED_WORD or one == UNDEFINED_WORD:
        return UNDEFINED_WORD
    if one == zero or (wanted - zero) % (one - zero) != 0:
        return UNDEFINED_WORD
    x = within((wanted - zero) // (one - zero))
    if x == UNDEFINED_WORD or answer(scratch, apply, f, data, at, second, x) != wanted:
        return UNDEFINED_WORD
    return x


@helper
def solved_list(
    scratch: Data,
    out: Data,
    goal: Data,
    goal_start: int,
    goal_length: int,
    apply: Applier,
    f: Any,
    data: Data,
    start: int,
    length: int,
    second: bool,
) -> int:
    """Write the shortest list that, together with a known one, the function turns into the goal.

    Returns:
        its length, or -1 if there is none.
    """
    if goal_length > length or goal_length > out.size or scratch.size < 2:
        return -1
    for k in range(goal_length):
        out[k] = solved(scratch, apply, f, data, start + k, second, goal[goal_start + k])
        if out[k] == UNDEFINED_WORD:
            return -1
    return goal_length
