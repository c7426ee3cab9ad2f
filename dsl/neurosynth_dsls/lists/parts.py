"""From lists to lists."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from neurosynth.engine.kernels import UNDEFINED_WORD, helper
from neurosynth.language.language import A, Language
from neurosynth_dsls.lists.machine import Data, copy, position, same

__all__ = ["part"]

part = Language("lists.parts")

_SHORT = 32  # up to this length, insertion sort is faster than heap sort


@helper
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


@helper
def _end(n: int, length: int) -> int:
    """The place in a list at which a slice ends: a negative n is counted from the end."""
    return max(0, min(n if n >= 0 else length + n, length))


@part.primitive(python="{1}[:{0}]")
def take(n: int, xs: Sequence[A]) -> Sequence[A]:
    """First n elements; all but the last -n for a negative n."""
    return xs[:n]


@take.kernel
def take_kernel(out: Data, n: int, data: Data, start: int, length: int) -> int:
    return copy(out, data, start, _end(n, length))


@take.inverse(0)
def taken_count(output: Sequence[A], xs: Sequence[A]) -> Iterator[int]:
    """First argument of ``take``; of the many that give a whole list, its length."""
    if xs[: len(output)] == output:
        yield len(output)


@take.inverse_kernel(0)
def taken_count_kernel(goal: Data, goal_start: int, goal_length: int, data: Data, start: int, length: int) -> int:
    if goal_length <= length and same(goal, goal_start, data, start, goal_length):
        return goal_length
    return UNDEFINED_WORD


@part.primitive(python="{1}[{0}:]")
def drop(n: int, xs: Sequence[A]) -> Sequence[A]:
    """All but the first n elements; the last -n for a negative n."""
    return xs[n:]


@drop.kernel
def drop_kernel(out: Data, n: int, data: Data, start: int, length: int) -> int:
    skipped = _end(n, length)
    return copy(out, data, start + skipped, length - skipped)


@drop.inverse(0)
def dropped_count(output: Sequence[A], xs: Sequence[A]) -> Iterator[int]:
    """First argument of ``drop``; of the many that leave nothing or everything, the one that is a position."""
    start = len(xs) - len(output)
    if start >= 0 and xs[start:] == output:
        yield start


@drop.inverse_kernel(0)
def dropped_count_kernel(goal: Data, goal_start: int, goal_length: int, data: Data, start: int, length: int) -> int:
    at = length - goal_length
    if at >= 0 and same(goal, goal_start, data, start + at, goal_length):
        return at
    return UNDEFINED_WORD


@part.primitive(raises=(IndexError,))
def tail(xs: Sequence[A]) -> Sequence[A]:
    """All but the first element; undefined on an empty list."""
    if not xs:
        raise IndexError("tail of an empty list")
    return xs[1:]


@tail.kernel
def tail_kernel(out: Data, data: Data, start: int, length: int) -> int:
    if length == 0:
        return -1
    return copy(out, data, start + 1, length - 1)


@part.primitive(raises=(IndexError,))
def init(xs: Sequence[A]) -> Sequence[A]:
    """All but the last element; undefined on an empty list."""
    if not xs:
        raise IndexError("init of an empty list")
    return xs[:-1]


@init.kernel
def init_kernel(out: Data, data: Data, start: int, length: int) -> int:
    if length == 0:
        return -1
    return copy(out, data, start, length - 1)


@part.primitive(python="{0}[::-1]")
def reverse(xs: Sequence[A]) -> Sequence[A]:
    """The elements in the opposite order."""
    return xs[::-1]


@reverse.kernel
def reverse_kernel(out: Data, data: Data, start: int, length: int) -> int:
    if length > out.size:
        return -1
    for k in range(length):
        out[k] = data[start + length - 1 - k]
    return length


@reverse.inverse(0)
def reversed_list(output: Sequence[A]) -> Iterator[Sequence[A]]:
    """Argument of ``reverse``."""
    yield output[::-1]


@reverse.inverse_kernel(0)
def reverse_missing_kernel(out: Data, goal: Data, goal_start: int, goal_length: int) -> int:
    if goal_length > out.size:
        return -1
    for k in range(goal_length):
        out[k] = goal[goal_start + goal_length - 1 - k]
    return goal_length


@part.primitive(python="sorted({0})")
def sort(xs: Sequence[int]) -> Sequence[int]:
    """The elements in ascending order."""
    return sorted(xs)


@sort.kernel
def sort_kernel(out: Data, data: Data, start: int, length: int) -> int:
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


@part.primitive(python="list(dict.fromkeys({0}))")
def unique(xs: Sequence[A]) -> Sequence[A]:
    """Each value once, where it occurs first."""
    return list(dict.fromkeys(xs))


@unique.kernel
def unique_kernel(out: Data, data: Data, start: int, length: int) -> int:
    kept = 0
    for k in range(start, start + length):
        if position(data[k], out, 0, kept) < 0:
            if kept == out.size:
                return -1
            out[kept] = data[k]
            kept += 1
    return kept


@part.primitive
def delete(x: A, xs: Sequence[A]) -> Sequence[A]:
    """The list without any occurrence of the value."""
    return [y for y in xs if y != x]


@delete.kernel
def delete_kernel(out: Data, x: int, data: Data, start: int, length: int) -> int:
    kept = 0
    for k in range(start, start + length):
        if data[k] != x:
            if kept == out.size:
                return -1
            out[kept] = data[k]
            kept += 1
    return kept
