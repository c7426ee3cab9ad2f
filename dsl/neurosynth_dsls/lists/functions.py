"""Primitives that take functions.

Kernels get ``scratch`` first, then ``out`` if the result is a list, then ``apply, f`` for the function: ``apply(f, a, i, b, j, n,
out)`` computes ``out[k] = f(a[i + k])`` or ``f(a[i + k], b[j + k])`` for ``k < n``. One undefined answer makes the whole value
undefined, like an exception in the Python callable. Predicates are evaluated on every element before any answer is used (``all``,
``any``, ``takewhile``, ``dropwhile``), whatever the order of evaluation. The inverse for a functional argument gives the required calls
of the function: calls ``((a, b …), result)``. The inverse kernel for a list, given
the function, solves for element after element.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from neurosynth.engine.kernels import UNDEFINED_WORD
from neurosynth.language.language import A, B, C, Language
from neurosynth_dsls.lists.machine import Applier, Data, answers, defined, held, solved, solved_list

__all__ = ["part"]

part = Language("lists.functions")

Calls = list[tuple[tuple[Any, ...], Any]]


def _consistent(calls: Calls) -> Iterator[Calls]:
    """The calls, unless equal arguments would require different results."""
    if len(dict(calls)) == len(set(calls)):
        yield calls


@part.primitive(python="list(map({0}, {1}))")
def map_(f: Callable[[A], B], xs: Sequence[A]) -> Sequence[B]:
    """The function's value at each element."""
    return [f(x) for x in xs]


@map_.kernel
def map_kernel(scratch: Data, out: Data, apply: Applier, f: Any, data: Data, start: int, length: int) -> int:
    if length > out.size:
        return -1
    apply(f, data, start, data, start, length, out)
    return length if defined(out, length) else -1


@map_.inverse(0)
def mapped(output: Sequence[B], xs: Sequence[A]) -> Iterator[Calls]:
    """Function of ``map``."""
    if len(output) == len(xs):
        yield [((x,), y) for x, y in zip(xs, output, strict=True)]


@map_.inverse_kernel(1)
def unmapped_kernel(
    scratch: Data, out: Data, goal: Data, goal_start: int, goal_length: int, apply: Applier, f: Any
) -> int:
    if goal_length > out.size or scratch.size < 2:
        return -1
    for k in range(goal_length):
        out[k] = solved(scratch, apply, f, scratch, 0, False, goal[goal_start + k])
        if out[k] == UNDEFINED_WORD:
            return -1
    return goal_length


@part.primitive(python="list(filter({0}, {1}))")
def filter_(f: Callable[[A], bool], xs: Sequence[A]) -> Sequence[A]:
    """The elements the predicate holds for."""
    return [x for x in xs if f(x)]


@filter_.kernel
def filter_kernel(scratch: Data, out: Data, apply: Applier, f: Any, data: Data, start: int, length: int) -> int:
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


@filter_.inverse(0)
def kept(output: Sequence[A], xs: Sequence[A]) -> Iterator[Calls]:
    """Predicate of ``filter``: equal elements are either all kept or all left out."""
    if tuple(x for x in xs if x in output) == tuple(output):
        yield [((x,), x in output) for x in xs]


@part.primitive(python="sum(map({0}, {1}))")
def count(f: Callable[[A], bool], xs: Sequence[A]) -> int:
    """How many elements the predicate holds for."""
    return sum([f(x) for x in xs])


@count.kernel
def count_kernel(scratch: Data, apply: Applier, f: Any, data: Data, start: int, length: int) -> int:
    if not answers(scratch, apply, f, data, start, length):
        return UNDEFINED_WORD
    counted = 0
    for k in range(length):
        if scratch[k] != 0:
            counted += 1
    return counted


@part.primitive(python="all(list(map({0}, {1})))")
def all_(f: Callable[[A], bool], xs: Sequence[A]) -> bool:
    """Whether the predicate holds for every element."""
    return False not in [f(x) for x in xs]


@all_.kernel
def all_kernel(scratch: Data, apply: Applier, f: Any, data: Data, start: int, length: int) -> int:
    if not answers(scratch, apply, f, data, start, length):
        return UNDEFINED_WORD
    return 1 if held(scratch, length) == length else 0


@part.primitive(python="any(list(map({0}, {1})))")
def any_(f: Callable[[A], bool], xs: Sequence[A]) -> bool:
    """Whether the predicate holds for some element."""
    return True in [f(x) for x in xs]


@any_.kernel
def any_kernel(scratch: Data, apply: Applier, f: Any, data: Data, start: int, length: int) -> int:
    if not answers(scratch, apply, f, data, start, length):
        return UNDEFINED_WORD
    for k in range(length):
        if scratch[k] != 0:
            return 1
    return 0


@part.primitive
def takewhile(f: Callable[[A], bool], xs: Sequence[A]) -> Sequence[A]:
    """The elements before the first one the predicate fails for."""
    kept = [f(x) for x in xs]
    return xs[: kept.index(False)] if False in kept else xs


@takewhile.kernel
def takewhile_kernel(scratch: Data, out: Data, apply: Applier, f: Any, data: Data, start: int, length: int) -> int:
    if not answers(scratch, apply, f, data, start, length):
        return -1
    kept = held(scratch, length)
    if kept > out.size:
        return -1
    for k in range(kept):
        out[k] = data[start + k]
    return kept


@takewhile.inverse(0)
def taken(output: Sequence[A], xs: Sequence[A]) -> Iterator[Calls]:
    """Predicate of ``takewhile``."""
    end = len(output)
    if tuple(xs[:end]) == tuple(output):
        yield from _consistent([((x,), True) for x in xs[:end]] + [((x,), False) for x in xs[end : end + 1]])


@part.primitive
def dropwhile(f: Callable[[A], bool], xs: Sequence[A]) -> Sequence[A]:
    """The elements from the first one the predicate fails for."""
    kept = [f(x) for x in xs]
    return xs[kept.index(False) :] if False in kept else xs[:0]


@dropwhile.kernel
def dropwhile_kernel(scratch: Data, out: Data, apply: Applier, f: Any, data: Data, start: int, length: int) -> int:
    if not answers(scratch, apply, f, data, start, length):
        return -1
    skipped = held(scratch, length)
    if length - skipped > out.size:
        return -1
    for k in range(skipped, length):
        out[k - skipped] = data[start + k]
    return length - skipped


@dropwhile.inverse(0)
def dropped(output: Sequence[A], xs: Sequence[A]) -> Iterator[Calls]:
    """Predicate of ``dropwhile``."""
    start = len(xs) - len(output)
    if start >= 0 and tuple(xs[start:]) == tuple(output):
        yield from _consistent([((x,), True) for x in xs[:start]] + [((x,), False) for x in xs[start : start + 1]])


def _zipped_size(f: object, xs: list[int], ys: list[int]) -> int:
    return min(len(xs), len(ys))


@part.primitive(python="list(map({0}, {1}, {2}))", size=_zipped_size)
def zipwith(f: Callable[[A, B], C], xs: Sequence[A], ys: Sequence[B]) -> Sequence[C]:
    """The function's value at each pair of elements; as long as the shorter list."""
    return [f(x, y) for x, y in zip(xs, ys, strict=False)]


@zipwith.kernel
def zipwith_kernel(
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


@zipwith.inverse(0)
def zipped(output: Sequence[C], xs: Sequence[A], ys: Sequence[B]) -> Iterator[Calls]:
    """Function of ``zipwith``."""
    if len(output) == min(len(xs), len(ys)):
        yield [((x, y), z) for x, y, z in zip(xs, ys, output, strict=False)]


@zipwith.inverse_kernel(1)
def unzipped_first_kernel(
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
) -> int:
    return solved_list(scratch, out, goal, goal_start, goal_length, apply, f, data, start, length, False)


@zipwith.inverse_kernel(2)
def unzipped_second_kernel(
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
) -> int:
    return solved_list(scratch, out, goal, goal_start, goal_length, apply, f, data, start, length, True)


@part.primitive
def scan(f: Callable[[A, A], A], xs: Sequence[A]) -> Sequence[A]:
    """Running results: the first element, then the function of the last result and the next element."""
    results = list(xs[:1])
    for x in xs[1:]:
        results.append(f(results[-1], x))
    return results


@scan.kernel
def scan_kernel(scratch: Data, out: Data, apply: Applier, f: Any, data: Data, start: int, length: int) -> int:
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


@scan.inverse(0)
def scanned(output: Sequence[A], xs: Sequence[A]) -> Iterator[Calls]:
    """Function of ``scan``: each result comes from the previous one."""
    if len(output) == len(xs) and output[:1] == xs[:1]:
        yield [((before, x), y) for before, x, y in zip(output, xs[1:], output[1:], strict=False)]


@scan.inverse_kernel(1)
def unscanned_kernel(
    scratch: Data, out: Data, goal: Data, goal_start: int, goal_length: int, apply: Applier, f: Any
) -> int:
    if goal_length > out.size or scratch.size < 2:
        return -1
    if goal_length > 0:
        out[0] = goal[goal_start]
    for k in range(1, goal_length):
        out[k] = solved(scratch, apply, f, goal, goal_start + k - 1, True, goal[goal_start + k])
        if out[k] == UNDEFINED_WORD:
            return -1
    return goal_length


@part.primitive
def fold(f: Callable[[B, A], B], initial: B, xs: Sequence[A]) -> B:
    """Last of the results that start with the initial value and go on as the function of result and element."""
    result = initial
    for x in xs:
        result = f(result, x)
    return result


@fold.kernel
def fold_kernel(scratch: Data, apply: Applier, f: Any, initial: int, data: Data, start: int, length: int) -> int:
    if scratch.size < 2:
        return UNDEFINED_WORD
    # The result so far is in one cell and the next one in another, because apply may write before it has read.
    following = scratch[1:]
    scratch[0] = initial
    for k in range(start, start + length):
        apply(f, scratch, 0, data, k, 1, following)
        if following[0] == UNDEFINED_WORD:
            return UNDEFINED_WORD
        scratch[0] = following[0]
    return scratch[0]  # type: ignore[no-any-return]  # arrays are Any here
