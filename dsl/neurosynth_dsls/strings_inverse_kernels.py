"""Compiled inverse semantics of the language ``strings``; the Python ones are in ``strings_inverses``.

Each takes the goal first, then the known arguments in order, and returns the missing one as a kernel returns a result; undefined
where no value of that argument gives the goal, ``ANY`` where each does.
"""

from __future__ import annotations

import numpy as np
from numba.extending import register_jitable

from neurosynth.engine.constants import ANY, UNDEFINED_WORD
from neurosynth.engine.hashing import Data
from neurosynth_dsls.strings_kernels import copy, find, in_range, to_int, word


def inverse_concat_first(out: Data, a: Data, i: int, n: int, b: Data, j: int, m: int) -> int:
    """The goal ``a`` without the known end ``b``."""
    if m > n:
        return -1
    for k in range(m):
        if a[i + n - m + k] != b[j + k]:
            return -1
    return copy(out, 0, a, i, n - m)


def inverse_concat_second(out: Data, a: Data, i: int, n: int, b: Data, j: int, m: int) -> int:
    """The goal ``a`` without the known beginning ``b``."""
    if m > n:
        return -1
    for k in range(m):
        if a[i + k] != b[j + k]:
            return -1
    return copy(out, 0, a, i + m, n - m)


def inverse_char_at(goal: Data, i: int, n: int, b: Data, j: int, m: int) -> int:
    """Where the goal is in ``b``, a character of it, first; of no character behind the last."""
    if n == 0:
        return m
    at = find(b, j, m, goal, i, n, 0) if n == 1 else -1
    return at if at >= 0 else UNDEFINED_WORD


def inverse_substring_start(goal: Data, i: int, n: int, b: Data, j: int, m: int, count: int) -> int:
    """Where the goal is in ``b``, first, so that ``count`` characters from there on are the goal."""
    if n == 0:
        return m
    if count < n:
        return UNDEFINED_WORD
    if count > n:  # more were wanted than there were: at the end
        return m - n if n <= m and find(b, j + m - n, n, goal, i, n, 0) == 0 else UNDEFINED_WORD
    at = find(b, j, m, goal, i, n, 0)
    return at if at >= 0 else UNDEFINED_WORD


def inverse_substring_count(goal: Data, i: int, n: int, b: Data, j: int, m: int, at: int) -> int:
    """The goal's length, where it stands in ``b`` at that position."""
    if n == 0:
        return 0
    if at < 0 or at + n > m:
        return UNDEFINED_WORD
    return n if find(b, j + at, n, goal, i, n, 0) == 0 else UNDEFINED_WORD


@register_jitable
def _same(a: Data, i: int, b: Data, j: int, n: int) -> bool:
    """Whether ``n`` characters from there on are the same."""
    same = 0
    while same < n and a[np.uint64(i + same)] == b[np.uint64(j + same)]:
        same += 1
    return same == n


def inverse_replace_pattern(
    out: Data, goal: Data, i: int, n: int, b: Data, j: int, m: int, c: Data, k: int, l: int
) -> int:
    """What was replaced by ``c`` in ``b``: the first piece between what stays, if it occurs nowhere before."""
    size = m - (n - l)
    if size <= 0:
        return -1
    tail = 0  # characters at the end that may have stayed
    while tail < min(n, m) and goal[i + n - 1 - tail] == b[j + m - 1 - tail]:
        tail += 1
    at = 0
    while at <= n - l:
        fits = n - l - at <= tail and _same(goal, i + at, c, k, l)
        if fits and find(b, j, m, b, j + at, size, 0) == at:
            return copy(out, 0, b, j + at, size)
        if at == n or goal[i + at] != b[j + at]:
            return -1
        at += 1
    return -1


def inverse_replace_by(out: Data, goal: Data, i: int, n: int, b: Data, j: int, m: int, c: Data, k: int, l: int) -> int:
    """What stands in the goal where ``c`` was first in ``b``; anything where it is not."""
    at = find(b, j, m, c, k, l, 0)
    before = at if at >= 0 else m
    after = m - l - at if at >= 0 else 0
    size = n - before - after
    if size < 0 or (at < 0 and size > 0):
        return -1
    if not (_same(goal, i, b, j, before) and _same(goal, i + n - after, b, j + m - after, after)):
        return -1
    return copy(out, 0, goal, i + before, size) if at >= 0 else ANY


def inverse_replace_all_by(
    out: Data, goal: Data, i: int, n: int, b: Data, j: int, m: int, c: Data, k: int, l: int
) -> int:
    """What stands in the goal wherever ``c`` was in ``b``; anything where it is not."""
    count, first, size = 0, 0, 0
    for known in (
        False,
        True,
    ):  # how often the pattern occurs, which says how long that is; then whether all else stays
        read, written = 0, 0
        while True:
            at = find(b, j, m, c, k, l, read) if l > 0 else -1
            end = at if at >= 0 else m
            if known:
                if written + end - read > n or not _same(goal, i + written, b, j + read, end - read):
                    return -1
                written += end - read
            if at < 0:
                break
            if known:
                if written + size > n or not _same(goal, i + written, goal, i + first, size):
                    return -1
                written += size
            else:
                first = at if count == 0 else first
                count += 1
            read = at + l
        if known:
            if written != n:
                return -1
        elif count > 0:
            size = (n - m + count * l) // count
            if size < 0 or first + size > n:
                return -1
    return copy(out, 0, goal, i + first, size) if count > 0 else ANY


def inverse_from_int(goal: Data, i: int, n: int) -> int:
    """The number whose digits the goal is."""
    if n == 0 or (n > 1 and goal[i] == 48):
        return UNDEFINED_WORD
    value = to_int(goal, i, n)
    return value if value >= 0 else UNDEFINED_WORD


def inverse_subtract_second(goal: int, x: int) -> int:
    return in_range(x - goal)


def inverse_word(goal: Data, i: int, n: int, b: Data, j: int, m: int) -> int:
    """Which word of ``b`` the goal is, first."""
    index = 0
    while True:
        start, length = word(b, j, m, index)
        if length == 0:
            return index if n == 0 else UNDEFINED_WORD
        if length == n and find(b, start, n, goal, i, n, 0) == 0:
            return index
        index += 1


def inverse_field(goal: Data, i: int, n: int, b: Data, j: int, m: int, c: Data, k: int, l: int) -> int:
    """Which field of ``b``, split at ``c``, the goal is, first."""
    start, index = 0, 0
    while l > 0:
        end = find(b, j, m, c, k, l, start)
        length = (end if end >= 0 else m) - start
        if length == n and find(b, j + start, n, goal, i, n, 0) == 0:
            return index
        if end < 0:
            return index + 1 if n == 0 else UNDEFINED_WORD
        start = end + l
        index += 1
    if n == m and find(b, j, m, goal, i, n, 0) == 0:
        return 0
    return 1 if n == 0 else UNDEFINED_WORD
