"""Compiled inverse semantics of the language ``lists``; the Python ones are in ``lists_inverses``.

Each takes the goal's output first, then the known arguments in order, and returns the missing argument as a kernel
returns a result: a word, or ``out`` filled and its length; undefined where no value of that argument gives the goal.
"""

from __future__ import annotations

from neurosynth.engine.constants import UNDEFINED_WORD
from neurosynth_dsls.lists_kernels import Data, copy, same, within


def add_missing(goal: int, known: int) -> int:
    return within(goal - known)


def subtract_minuend(goal: int, b: int) -> int:
    return within(goal + b)


def subtract_subtrahend(goal: int, a: int) -> int:
    return within(a - goal)


def neg_missing(goal: int) -> int:
    return -goal


def reverse_missing(out: Data, goal: Data, goal_start: int, goal_length: int) -> int:
    if goal_length > out.size:
        return -1
    for k in range(goal_length):
        out[k] = goal[goal_start + goal_length - 1 - k]
    return goal_length


def cons_element(goal: Data, goal_start: int, goal_length: int, data: Data, start: int, length: int) -> int:
    if goal_length == length + 1 and same(goal, goal_start + 1, data, start, length):
        return goal[goal_start]  # type: ignore[no-any-return]  # arrays are Any here
    return UNDEFINED_WORD


def cons_rest(out: Data, goal: Data, goal_start: int, goal_length: int, x: int) -> int:
    if goal_length > 0 and goal[goal_start] == x:
        return copy(out, goal, goal_start + 1, goal_length - 1)
    return -1


def snoc_element(goal: Data, goal_start: int, goal_length: int, data: Data, start: int, length: int) -> int:
    if goal_length == length + 1 and same(goal, goal_start, data, start, length):
        return goal[goal_start + length]  # type: ignore[no-any-return]  # arrays are Any here
    return UNDEFINED_WORD


def snoc_rest(out: Data, goal: Data, goal_start: int, goal_length: int, x: int) -> int:
    if goal_length > 0 and goal[goal_start + goal_length - 1] == x:
        return copy(out, goal, goal_start, goal_length - 1)
    return -1


def append_left(out: Data, goal: Data, goal_start: int, goal_length: int, data: Data, start: int, length: int) -> int:
    cut = goal_length - length
    if cut >= 0 and same(goal, goal_start + cut, data, start, length):
        return copy(out, goal, goal_start, cut)
    return -1


def append_right(out: Data, goal: Data, goal_start: int, goal_length: int, data: Data, start: int, length: int) -> int:
    rest = goal_length - length
    if rest >= 0 and same(goal, goal_start, data, start, length):
        return copy(out, goal, goal_start + length, rest)
    return -1


def taken_count(goal: Data, goal_start: int, goal_length: int, data: Data, start: int, length: int) -> int:
    if goal_length <= length and same(goal, goal_start, data, start, goal_length):
        return goal_length
    return UNDEFINED_WORD


def dropped_count(goal: Data, goal_start: int, goal_length: int, data: Data, start: int, length: int) -> int:
    at = length - goal_length
    if at >= 0 and same(goal, goal_start, data, start + at, goal_length):
        return at
    return UNDEFINED_WORD
