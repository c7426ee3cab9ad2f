"""Compiled semantics of ``strings``; the protocol is that of docs/kernels.md.

A string is ``data[start : start + length]``, code points in ``uint8`` (all of them ASCII) or ``int32``; parameters come
as ``a, i, n``, then ``b, j, m``, then ``c, k, l``.  A result of -2 asks for the reference function: case mappings are
compiled for ASCII only.  Helpers are ordinary functions that numba may inline; the inner loops index by unsigned numbers, for
which numba provides no wrapping around: copying takes half the time.
"""

from __future__ import annotations

import numpy as np
from numba.extending import register_jitable

from neurosynth.engine.constants import UNDEFINED_WORD, WORD_LIMIT
from neurosynth.engine.hashing import Data, Powers, hash_of, joined

Hash = np.uint64
ZERO = np.uint64(0)

ASK_REFERENCE = -2
UNCHANGED = -3  # the result is the first argument
MOST_DIGITS = 4300  # what Python converts by default; the reference raises beyond
CODE_POINTS = 0x30000  # characters of SMT-LIB


@register_jitable
def find(a: Data, i: int, n: int, b: Data, j: int, m: int, start: int) -> int:
    """First position from ``start >= 0`` on where ``b`` occurs in ``a``, or -1."""
    if m == 0:
        return start if start <= n else -1
    first = b[j]
    for at in range(start, n - m + 1):
        if a[np.uint64(i + at)] == first:
            same = 1
            while same < m and a[np.uint64(i + at + same)] == b[np.uint64(j + same)]:
                same += 1
            if same == m:
                return at
    return -1


@register_jitable
def copy(out: Data, at: int, a: Data, i: int, n: int) -> int:
    """Write ``a`` to ``out`` from ``at`` on; the position after it, or -1, nothing written, where it does not fit."""
    if at + n > out.size:
        return -1
    for k in range(n):
        out[np.uint64(at + k)] = a[np.uint64(i + k)]
    return at + n


@register_jitable
def _compare(a: Data, i: int, n: int, b: Data, j: int, m: int) -> int:
    """Negative, zero or positive as ``a`` comes before, is or comes after ``b``."""
    for k in range(min(n, m)):
        if a[i + k] < b[j + k]:
            return -1
        if a[i + k] > b[j + k]:
            return 1
    return n - m


@register_jitable
def is_space(c: int) -> bool:
    """White space as Python's ``str.isspace`` has it: the characters that ``strip`` and ``split`` go by."""
    if c < 128:
        return c == 32 or 9 <= c <= 13 or 28 <= c <= 31
    return (
        c == 0x85
        or c == 0xA0
        or c == 0x1680
        or 0x2000 <= c <= 0x200A
        or c == 0x2028
        or c == 0x2029
        or c == 0x202F
        or c == 0x205F
        or c == 0x3000
    )


@register_jitable
def in_range(v: int) -> int:
    """``v``, or the undefined word beyond the integers of search."""
    return v if -WORD_LIMIT <= v <= WORD_LIMIT else UNDEFINED_WORD


# Text, as SMT-LIB has it.


def concat(out: Data, a: Data, i: int, n: int, b: Data, j: int, m: int) -> int:
    if n + m > out.size:
        return -1
    copy(out, 0, a, i, n)
    return copy(out, n, b, j, m)


def char_at(a: Data, i: int, n: int, at: int) -> tuple[int, int]:
    if at < 0 or at >= n:
        return i, 0
    return i + at, 1


def substring(a: Data, i: int, n: int, at: int, count: int) -> tuple[int, int]:
    if at < 0 or at >= n or count <= 0:
        return i, 0
    return i + at, min(count, n - at)


def replace_first(out: Data, a: Data, i: int, n: int, b: Data, j: int, m: int, c: Data, k: int, l: int) -> int:
    at = find(a, i, n, b, j, m, 0)
    if at < 0:
        return UNCHANGED
    if n - m + l > out.size:
        return -1
    copy(out, 0, a, i, at)
    copy(out, at, c, k, l)
    return copy(out, at + l, a, i + at + m, n - at - m)


def replace_all(out: Data, a: Data, i: int, n: int, b: Data, j: int, m: int, c: Data, k: int, l: int) -> int:
    read, written = 0, 0
    while m > 0:
        at = find(a, i, n, b, j, m, read)
        if at < 0:
            break
        written = copy(out, written, a, i + read, at - read)
        if written < 0:
            return -1
        written = copy(out, written, c, k, l)
        if written < 0:
            return -1
        read = at + m
    return copy(out, written, a, i + read, n - read)


def note_first(
    notes: Powers, power: Powers, a: Data, i: int, n: int, f: Hash, b: Data, j: int, m: int, g: Hash
) -> None:
    """Where the pattern is, and the hashes of what stands before and after it: the same for every replacement."""
    at = find(a, i, n, b, j, m, 0)
    notes[0] = np.uint64(at + 1)
    if at >= 0:
        rest = n - m - at
        head = hash_of(a, i, at)
        notes[1], notes[2], notes[3] = np.uint64(n - m), np.uint64(rest), head
        notes[4] = f - joined(power, joined(power, head, g, m), ZERO, rest)


def replaced_first(limit: int, power: Powers, notes: Powers, c: Data, k: int, l: int, h: Hash) -> tuple[int, Hash]:
    if notes[0] == ZERO:
        return UNCHANGED, h
    size = int(notes[1]) + l
    if size > limit:
        return -1, h
    return size, joined(power, joined(power, notes[3], h, l), notes[4], int(notes[2]))


def replaced_all(
    limit: int,
    power: Powers,
    a: Data,
    i: int,
    n: int,
    f: Hash,
    b: Data,
    j: int,
    m: int,
    g: Hash,
    c: Data,
    k: int,
    l: int,
    h: Hash,
) -> tuple[int, Hash]:
    """Like :func:`replaced_first`, of every occurrence."""
    at = find(a, i, n, b, j, m, 0) if m > 0 else -1
    if at < 0:
        return UNCHANGED, f
    read, written = 0, 0
    head, result = ZERO, ZERO  # of what was read, of what is written
    while at >= 0:
        gap = at - read
        between = hash_of(a, i + read, gap)
        head = joined(power, joined(power, head, between, gap), g, m)
        written += gap + l
        if written > limit:
            return -1, f
        result = joined(power, joined(power, result, between, gap), h, l)
        read = at + m
        at = find(a, i, n, b, j, m, read)
    rest = n - read
    if written + rest > limit:
        return -1, f
    return written + rest, joined(power, result, f - joined(power, head, ZERO, rest), rest)


def length(a: Data, i: int, n: int) -> int:
    return n


def index_of(a: Data, i: int, n: int, b: Data, j: int, m: int, start: int) -> int:
    return find(a, i, n, b, j, m, start) if start >= 0 else -1


def last_index_of(a: Data, i: int, n: int, b: Data, j: int, m: int) -> int:
    for at in range(n - m, -1, -1):
        if find(a, i + at, m, b, j, m, 0) == 0:
            return at
    return -1


def is_prefix(a: Data, i: int, n: int, b: Data, j: int, m: int) -> int:
    return 1 if n <= m and find(b, j, n, a, i, n, 0) == 0 else 0


def is_suffix(a: Data, i: int, n: int, b: Data, j: int, m: int) -> int:
    return 1 if n <= m and find(b, j + m - n, n, a, i, n, 0) == 0 else 0


def contains(a: Data, i: int, n: int, b: Data, j: int, m: int) -> int:
    return 1 if find(a, i, n, b, j, m, 0) >= 0 else 0


def text_less(a: Data, i: int, n: int, b: Data, j: int, m: int) -> int:
    return 1 if _compare(a, i, n, b, j, m) < 0 else 0


def text_less_equal(a: Data, i: int, n: int, b: Data, j: int, m: int) -> int:
    return 1 if _compare(a, i, n, b, j, m) <= 0 else 0


def is_digit(a: Data, i: int, n: int) -> int:
    return 1 if n == 1 and 48 <= a[i] <= 57 else 0


# Text and numbers.


@register_jitable
def to_int(a: Data, i: int, n: int) -> int:
    if n == 0:
        return -1
    for k in range(n):
        if a[i + k] < 48 or a[i + k] > 57:
            return -1
    if n > MOST_DIGITS:
        return UNDEFINED_WORD
    value = 0
    for k in range(n):
        digit = int(a[i + k]) - 48
        if value > (WORD_LIMIT - digit) // 10:
            return UNDEFINED_WORD
        value = value * 10 + digit
    return value


def from_int(out: Data, v: int) -> int:
    if v < 0:
        return 0
    digits, rest = 1, v // 10
    while rest > 0:
        digits, rest = digits + 1, rest // 10
    if digits > out.size:
        return -1
    for k in range(digits - 1, -1, -1):
        out[k] = 48 + v % 10
        v = v // 10
    return digits


def to_code(a: Data, i: int, n: int) -> int:
    return int(a[i]) if n == 1 else -1


def from_code(out: Data, v: int) -> int:
    if v < 0 or v >= CODE_POINTS:
        return 0
    if out.size < 1:
        return -1
    if v >= 128 and out.itemsize == 1:  # beyond ASCII, which is all that bytes hold
        return ASK_REFERENCE
    out[0] = v
    return 1


# Numbers.


def add(x: int, y: int) -> int:
    return in_range(x + y)


def subtract(x: int, y: int) -> int:
    return in_range(x - y)


def negate(x: int) -> int:
    return -x


def less(x: int, y: int) -> int:
    return 1 if x < y else 0


def less_equal(x: int, y: int) -> int:
    return 1 if x <= y else 0


def greater(x: int, y: int) -> int:
    return 1 if x > y else 0


def greater_equal(x: int, y: int) -> int:
    return 1 if x >= y else 0


# Beyond SMT-LIB.


def lower(out: Data, a: Data, i: int, n: int) -> int:
    if n > out.size:
        return -1
    for k in range(n):
        c = int(a[i + k])
        if c >= 128:
            return ASK_REFERENCE
        out[k] = c + 32 if 65 <= c <= 90 else c
    return n


def upper(out: Data, a: Data, i: int, n: int) -> int:
    if n > out.size:
        return -1
    for k in range(n):
        c = int(a[i + k])
        if c >= 128:
            return ASK_REFERENCE
        out[k] = c - 32 if 97 <= c <= 122 else c
    return n


def title(out: Data, a: Data, i: int, n: int) -> int:
    if n > out.size:
        return -1
    inside = False  # of a run of letters
    for k in range(n):
        c = int(a[i + k])
        if c >= 128:
            return ASK_REFERENCE
        if 65 <= c <= 90:
            out[k] = c + 32 if inside else c
            inside = True
        elif 97 <= c <= 122:
            out[k] = c if inside else c - 32
            inside = True
        else:
            out[k] = c
            inside = False
    return n


def trim(a: Data, i: int, n: int) -> tuple[int, int]:
    start, end = 0, n
    while start < end and is_space(a[i + start]):
        start += 1
    while end > start and is_space(a[i + end - 1]):
        end -= 1
    return i + start, end - start


def reverse(out: Data, a: Data, i: int, n: int) -> int:
    if n > out.size:
        return -1
    for k in range(n):
        out[k] = a[i + n - 1 - k]
    return n


@register_jitable
def word(a: Data, i: int, n: int, index: int) -> tuple[int, int]:
    if index < 0:
        for k in range(n):  # a word starts after white space or the beginning
            if not is_space(a[i + k]) and (k == 0 or is_space(a[i + k - 1])):
                index += 1
        if index < 0:
            return i, 0
    start = 0
    while True:
        while start < n and is_space(a[i + start]):
            start += 1
        end = start
        while end < n and not is_space(a[i + end]):
            end += 1
        if index == 0:
            return i + start, end - start
        if end == n:
            return i, 0
        index -= 1
        start = end


@register_jitable
def field(a: Data, i: int, n: int, b: Data, j: int, m: int, index: int) -> tuple[int, int]:
    if m == 0:
        return i, n if index == 0 or index == -1 else 0
    if index < 0:
        at = 0
        while at >= 0:
            index += 1
            at = find(a, i, n, b, j, m, at)
            at = at + m if at >= 0 else -1
        if index < 0:
            return i, 0
    start = 0
    while True:
        end = find(a, i, n, b, j, m, start)
        if index == 0:
            return i + start, (end if end >= 0 else n) - start
        if end < 0:
            return i, 0
        index -= 1
        start = end + m
