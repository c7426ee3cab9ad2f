"""Compiled semantics of the language ``lists``: words and first-order list functions.

Plain functions on machine values, as ``docs/kernels.md`` describes: a list is ``(data, start, length)``, an undefined
word ``UNDEFINED_WORD``, an undefined or too long list the length -1.  Words are at most 62 bits long, so a sum of two
fits 64 bits and is exact before it is checked.  Shared helpers are ``register_jitable``; all of it runs as plain Python
too.
"""

from __future__ import annotations

from typing import Any

from numba.extending import register_jitable

from neurosynth.engine.constants import UNDEFINED_WORD, WORD_LIMIT

Data = Any  # a one-dimensional array of int64

_HALF = 1 << 31
_SHORT = 32  # up to here insertion sort beats heap sort


@register_jitable
def within(value: int) -> int:
    """``value`` where it has at most 62 bits, else undefined."""
    if -WORD_LIMIT <= value <= WORD_LIMIT:
        return value
    return UNDEFINED_WORD


@register_jitable
def times(a: int, b: int) -> int:
    """The product where it has at most 62 bits, else undefined; never overflows."""
    if -_HALF < a < _HALF and -_HALF < b < _HALF:
        return a * b
    if a == 0 or b == 0:
        return 0
    if abs(a) > WORD_LIMIT // abs(b):
        return UNDEFINED_WORD
    return a * b


@register_jitable
def copy(out: Data, data: Data, start: int, length: int) -> int:
    """Write the elements to ``out``; their number, or -1 where they do not fit."""
    if length > out.size:
        return -1
    for k in range(length):
        out[k] = data[start + k]
    return length


@register_jitable
def same(a: Data, a_start: int, b: Data, b_start: int, length: int) -> bool:
    """Whether ``length`` elements are equal."""
    for k in range(length):  # noqa: SIM110 -- numba compiles no generators
        if a[a_start + k] != b[b_start + k]:
            return False
    return True


@register_jitable
def position(x: int, data: Data, start: int, length: int) -> int:
    """Index of the first ``x``, or -1."""
    for k in range(length):
        if data[start + k] == x:
            return k
    return -1


# Integers


def add(a: int, b: int) -> int:
    return within(a + b)


def subtract(a: int, b: int) -> int:
    return within(a - b)


def multiply(a: int, b: int) -> int:
    return times(a, b)


def div(a: int, b: int) -> int:
    if b == 0:
        return UNDEFINED_WORD
    return a // b


def mod(a: int, b: int) -> int:
    if b == 0:
        return UNDEFINED_WORD
    return a % b


def neg(a: int) -> int:
    return -a


def absolute(a: int) -> int:
    return abs(a)


def min2(a: int, b: int) -> int:
    return a if a < b else b


def max2(a: int, b: int) -> int:
    return a if a > b else b


# Booleans


def even(a: int) -> int:
    return 1 - (a & 1)


def odd(a: int) -> int:
    return a & 1


def greater(a: int, b: int) -> int:
    return 1 if a > b else 0


def less(a: int, b: int) -> int:
    return 1 if a < b else 0


def at_least(a: int, b: int) -> int:
    return 1 if a >= b else 0


def at_most(a: int, b: int) -> int:
    return 1 if a <= b else 0


def equal_words(a: int, b: int) -> int:
    return 1 if a == b else 0


def equal_sequences(a: Data, a_start: int, a_length: int, b: Data, b_start: int, b_length: int) -> int:
    return 1 if a_length == b_length and same(a, a_start, b, b_start, a_length) else 0


def logical_not(a: int) -> int:
    return 1 - a


def logical_and(a: int, b: int) -> int:
    return a & b


def logical_or(a: int, b: int) -> int:
    return a | b


# From lists to elements


def head(data: Data, start: int, length: int) -> int:
    return data[start] if length > 0 else UNDEFINED_WORD


def last(data: Data, start: int, length: int) -> int:
    return data[start + length - 1] if length > 0 else UNDEFINED_WORD


def access(n: int, data: Data, start: int, length: int) -> int:
    return data[start + n] if 0 <= n < length else UNDEFINED_WORD


def minimum(data: Data, start: int, length: int) -> int:
    if length == 0:
        return UNDEFINED_WORD
    best: int = data[start]
    for k in range(start + 1, start + length):
        if data[k] < best:
            best = data[k]
    return best


def maximum(data: Data, start: int, length: int) -> int:
    if length == 0:
        return UNDEFINED_WORD
    best: int = data[start]
    for k in range(start + 1, start + length):
        if data[k] > best:
            best = data[k]
    return best


def total(data: Data, start: int, length: int) -> int:
    # In two halves of 31 bits and more: partial sums may pass 64 bits where the whole does not.
    high = 0
    low = 0
    for k in range(start, start + length):
        high += data[k] >> 31
        low += data[k] & (_HALF - 1)
    high += low >> 31
    if high < -_HALF or high >= _HALF:
        return UNDEFINED_WORD
    return within(high * _HALF + (low & (_HALF - 1)))


def product(data: Data, start: int, length: int) -> int:
    # A zero anywhere makes the whole zero, however large a partial product is.
    if position(0, data, start, length) >= 0:
        return 0
    result = 1
    for k in range(start, start + length):
        result = times(result, data[k])
        if result == UNDEFINED_WORD:
            return UNDEFINED_WORD
    return result


def length(data: Data, start: int, length: int) -> int:
    return length


def is_empty(data: Data, start: int, length: int) -> int:
    return 1 if length == 0 else 0


def contains(x: int, data: Data, start: int, length: int) -> int:
    return 1 if position(x, data, start, length) >= 0 else 0


def index(x: int, data: Data, start: int, length: int) -> int:
    return position(x, data, start, length)


# From lists to lists


def take(out: Data, n: int, data: Data, start: int, length: int) -> int:
    return copy(out, data, start, max(0, min(n, length)))


def drop(out: Data, n: int, data: Data, start: int, length: int) -> int:
    skipped = max(0, min(n, length))
    return copy(out, data, start + skipped, length - skipped)


def tail(out: Data, data: Data, start: int, length: int) -> int:
    if length == 0:
        return -1
    return copy(out, data, start + 1, length - 1)


def init(out: Data, data: Data, start: int, length: int) -> int:
    if length == 0:
        return -1
    return copy(out, data, start, length - 1)


def reverse(out: Data, data: Data, start: int, length: int) -> int:
    if length > out.size:
        return -1
    for k in range(length):
        out[k] = data[start + length - 1 - k]
    return length


@register_jitable
def _sift_down(heap: Data, root: int, size: int) -> None:
    value = heap[root]
    child = 2 * root + 1
    while child < size:
        if child + 1 < size and heap[child + 1] > heap[child]:
            child += 1
        if heap[child] <= value:
            break
        heap[root] = heap[child]
        root = child
        child = 2 * root + 1
    heap[root] = value


def sort(out: Data, data: Data, start: int, length: int) -> int:
    if copy(out, data, start, length) < 0:
        return -1
    if length <= _SHORT:
        for k in range(1, length):
            value = out[k]
            hole = k
            while hole > 0 and out[hole - 1] > value:
                out[hole] = out[hole - 1]
                hole -= 1
            out[hole] = value
        return length
    for root in range(length // 2 - 1, -1, -1):
        _sift_down(out, root, length)
    for end in range(length - 1, 0, -1):
        largest = out[0]
        out[0] = out[end]
        out[end] = largest
        _sift_down(out, 0, end)
    return length


def unique(out: Data, data: Data, start: int, length: int) -> int:
    kept = 0
    for k in range(start, start + length):
        if position(data[k], out, 0, kept) < 0:
            if kept == out.size:
                return -1
            out[kept] = data[k]
            kept += 1
    return kept


def delete(out: Data, x: int, data: Data, start: int, length: int) -> int:
    kept = 0
    for k in range(start, start + length):
        if data[k] != x:
            if kept == out.size:
                return -1
            out[kept] = data[k]
            kept += 1
    return kept


# Making lists


def range_below(out: Data, n: int) -> int:
    if n > out.size:
        return -1
    for k in range(n):
        out[k] = k
    return max(n, 0)


def replicate(out: Data, n: int, x: int) -> int:
    if n > out.size:
        return -1
    for k in range(n):
        out[k] = x
    return max(n, 0)


def singleton(out: Data, x: int) -> int:
    if out.size < 1:
        return -1
    out[0] = x
    return 1


def cons(out: Data, x: int, data: Data, start: int, length: int) -> int:
    if length >= out.size:
        return -1
    out[0] = x
    for k in range(length):
        out[k + 1] = data[start + k]
    return length + 1


def snoc(out: Data, data: Data, start: int, length: int, x: int) -> int:
    if length >= out.size:
        return -1
    copy(out, data, start, length)
    out[length] = x
    return length + 1


def append(out: Data, a: Data, a_start: int, a_length: int, b: Data, b_start: int, b_length: int) -> int:
    if a_length + b_length > out.size:
        return -1
    copy(out, a, a_start, a_length)
    for k in range(b_length):
        out[a_length + k] = b[b_start + k]
    return a_length + b_length
