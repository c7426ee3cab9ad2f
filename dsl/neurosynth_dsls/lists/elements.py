"""From lists to elements and numbers."""

from __future__ import annotations

from collections.abc import Sequence

from neurosynth.engine.kernels import UNDEFINED_WORD
from neurosynth.language.language import A, Language
from neurosynth_dsls.lists.machine import HALF, Data, position, times, within

__all__ = ["part"]

part = Language("lists.elements")


@part.primitive(python="{0}[0]", raises=(IndexError,))
def head(xs: Sequence[A]) -> A:
    """First element; undefined on an empty list."""
    return xs[0]


@head.kernel
def head_kernel(data: Data, start: int, length: int) -> int:
    return data[start] if length > 0 else UNDEFINED_WORD


@part.primitive(python="{0}[-1]", raises=(IndexError,))
def last(xs: Sequence[A]) -> A:
    """Last element; undefined on an empty list."""
    return xs[-1]


@last.kernel
def last_kernel(data: Data, start: int, length: int) -> int:
    return data[start + length - 1] if length > 0 else UNDEFINED_WORD


@part.primitive(python="{1}[{0}]", raises=(IndexError,))
def access(n: int, xs: Sequence[A]) -> A:
    """Element n, counted from 0, and from the end for a negative n; undefined out of range."""
    return xs[n]


@access.kernel
def access_kernel(n: int, data: Data, start: int, length: int) -> int:
    at = n if n >= 0 else length + n
    return data[start + at] if 0 <= at < length else UNDEFINED_WORD


@part.primitive(python="min({0})", raises=(ValueError,))
def minimum(xs: Sequence[int]) -> int:
    """Smallest element; undefined on an empty list."""
    return min(xs)


@minimum.kernel
def minimum_kernel(data: Data, start: int, length: int) -> int:
    if length == 0:
        return UNDEFINED_WORD
    best: int = data[start]
    for k in range(start + 1, start + length):
        if data[k] < best:
            best = data[k]
    return best


@part.primitive(python="max({0})", raises=(ValueError,))
def maximum(xs: Sequence[int]) -> int:
    """Largest element; undefined on an empty list."""
    return max(xs)


@maximum.kernel
def maximum_kernel(data: Data, start: int, length: int) -> int:
    if length == 0:
        return UNDEFINED_WORD
    best: int = data[start]
    for k in range(start + 1, start + length):
        if data[k] > best:
            best = data[k]
    return best


@part.primitive(python="sum({0})")
def sum_(xs: Sequence[int]) -> int:
    """Sum of the elements; 0 for an empty list."""
    return sum(xs)


@sum_.kernel
def total_kernel(data: Data, start: int, length: int) -> int:
    # In two parts of 31 bits and more, because partial sums may exceed 64 bits although the total does not.
    high = 0
    low = 0
    for k in range(start, start + length):
        high += data[k] >> 31
        low += data[k] & (HALF - 1)
    high += low >> 31
    if high < -HALF or high >= HALF:
        return UNDEFINED_WORD
    return within(high * HALF + (low & (HALF - 1)))


@part.primitive
def product(xs: Sequence[int]) -> int:
    """Product of the elements; 1 for an empty list."""
    result = 1
    for x in xs:
        result *= x
    return result


@product.kernel
def product_kernel(data: Data, start: int, length: int) -> int:
    # One zero makes the product zero, however large a partial product is.
    if position(0, data, start, length) >= 0:
        return 0
    result = 1
    for k in range(start, start + length):
        result = times(result, data[k])
        if result == UNDEFINED_WORD:
            return UNDEFINED_WORD
    return result


@part.primitive(python="len({0})")
def length(xs: Sequence[A]) -> int:
    """Number of elements."""
    return len(xs)


@length.kernel
def length_kernel(data: Data, start: int, length: int) -> int:
    return length


@part.primitive(python="(not {0})")
def is_empty(xs: Sequence[A]) -> bool:
    """Whether the list has no elements."""
    return not xs


@is_empty.kernel
def is_empty_kernel(data: Data, start: int, length: int) -> int:
    return 1 if length == 0 else 0


@part.primitive(python="({0} in {1})")
def contains(x: A, xs: Sequence[A]) -> bool:
    """Whether the value occurs in the list."""
    return x in xs


@contains.kernel
def contains_kernel(x: int, data: Data, start: int, length: int) -> int:
    return 1 if position(x, data, start, length) >= 0 else 0


@part.primitive
def index(x: A, xs: Sequence[A]) -> int:
    """Position of the value's first occurrence, counted from 0; -1 where there is none."""
    return xs.index(x) if x in xs else -1


@index.kernel
def index_kernel(x: int, data: Data, start: int, length: int) -> int:
    return position(x, data, start, length)
