"""Construction of lists."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from neurosynth.engine.kernels import UNDEFINED_WORD
from neurosynth.language.language import A, Language
from neurosynth_dsls.lists.machine import Data, copy, same

__all__ = ["part"]

part = Language("lists.making")


def _range_size(n: int) -> int:
    return n


@part.primitive(python="list(range({0}))", size=_range_size)
def range_(n: int) -> Sequence[int]:
    """The numbers from 0 to n - 1; none for a negative n."""
    return list(range(n))


@range_.kernel
def range_below_kernel(out: Data, n: int) -> int:
    if n > out.size:
        return -1
    for k in range(n):
        out[k] = k
    return max(n, 0)


def _replicated_size(n: int, x: object) -> int:
    return n


@part.primitive(python="([{1}] * {0})", size=_replicated_size)
def replicate(n: int, x: A) -> Sequence[A]:
    """The value n times; never for a negative n."""
    return [x] * max(n, 0)


@replicate.kernel
def replicate_kernel(out: Data, n: int, x: int) -> int:
    if n > out.size:
        return -1
    for k in range(n):
        out[k] = x
    return max(n, 0)


@part.primitive(python="[{0}]")
def singleton(x: A) -> Sequence[A]:
    """The list with this one element."""
    return [x]


@singleton.kernel
def singleton_kernel(out: Data, x: int) -> int:
    if out.size < 1:
        return -1
    out[0] = x
    return 1


@part.primitive(python="[{0}, *{1}]")
def cons(x: A, xs: Sequence[A]) -> Sequence[A]:
    """The list with one more element in front."""
    return [x, *xs]


@cons.kernel
def cons_kernel(out: Data, x: int, data: Data, start: int, length: int) -> int:
    if length >= out.size:
        return -1
    out[0] = x
    for k in range(length):
        out[k + 1] = data[start + k]
    return length + 1


@cons.inverse(0)
def cons_element(output: Sequence[A], xs: Sequence[A]) -> Iterator[A]:
    """First argument of ``cons``."""
    if output and output[1:] == xs:
        yield output[0]


@cons.inverse_kernel(0)
def cons_element_kernel(goal: Data, goal_start: int, goal_length: int, data: Data, start: int, length: int) -> int:
    if goal_length == length + 1 and same(goal, goal_start + 1, data, start, length):
        return goal[goal_start]  # type: ignore[no-any-return]  # arrays are Any here
    return UNDEFINED_WORD


@cons.inverse(1)
def cons_rest(output: Sequence[A], x: A) -> Iterator[Sequence[A]]:
    """Second argument of ``cons``."""
    if output and output[0] == x:
        yield output[1:]


@cons.inverse_kernel(1)
def cons_rest_kernel(out: Data, goal: Data, goal_start: int, goal_length: int, x: int) -> int:
    if goal_length > 0 and goal[goal_start] == x:
        return copy(out, goal, goal_start + 1, goal_length - 1)
    return -1


@part.primitive(python="[*{0}, {1}]")
def snoc(xs: Sequence[A], x: A) -> Sequence[A]:
    """The list with one more element at the end."""
    return [*xs, x]


@snoc.kernel
def snoc_kernel(out: Data, data: Data, start: int, length: int, x: int) -> int:
    if length >= out.size:
        return -1
    copy(out, data, start, length)
    out[length] = x
    return length + 1


@snoc.inverse(0)
def snoc_rest(output: Sequence[A], x: A) -> Iterator[Sequence[A]]:
    """First argument of ``snoc``."""
    if output and output[-1] == x:
        yield output[:-1]


@snoc.inverse_kernel(0)
def snoc_rest_kernel(out: Data, goal: Data, goal_start: int, goal_length: int, x: int) -> int:
    if goal_length > 0 and goal[goal_start + goal_length - 1] == x:
        return copy(out, goal, goal_start, goal_length - 1)
    return -1


@snoc.inverse(1)
def snoc_element(output: Sequence[A], xs: Sequence[A]) -> Iterator[A]:
    """Second argument of ``snoc``."""
    if output and output[:-1] == xs:
        yield output[-1]


@snoc.inverse_kernel(1)
def snoc_element_kernel(goal: Data, goal_start: int, goal_length: int, data: Data, start: int, length: int) -> int:
    if goal_length == length + 1 and same(goal, goal_start, data, start, length):
        return goal[goal_start + length]  # type: ignore[no-any-return]  # arrays are Any here
    return UNDEFINED_WORD


def _appended_size(xs: list[object], ys: list[object]) -> int:
    return len(xs) + len(ys)


@part.primitive(python="[*{0}, *{1}]", size=_appended_size, hash_kernel="concat")
def append(xs: Sequence[A], ys: Sequence[A]) -> Sequence[A]:
    """The elements of the first list, then those of the second."""
    return [*xs, *ys]


@append.kernel
def append_kernel(out: Data, a: Data, a_start: int, a_length: int, b: Data, b_start: int, b_length: int) -> int:
    if a_length + b_length > out.size:
        return -1
    copy(out, a, a_start, a_length)
    for k in range(b_length):
        out[a_length + k] = b[b_start + k]
    return a_length + b_length


@append.inverse(0)
def append_left(output: Sequence[A], ys: Sequence[A]) -> Iterator[Sequence[A]]:
    """First argument of ``append``."""
    cut = len(output) - len(ys)
    if cut >= 0 and output[cut:] == ys:
        yield output[:cut]


@append.inverse_kernel(0)
def append_left_kernel(
    out: Data, goal: Data, goal_start: int, goal_length: int, data: Data, start: int, length: int
) -> int:
    cut = goal_length - length
    if cut >= 0 and same(goal, goal_start + cut, data, start, length):
        return copy(out, goal, goal_start, cut)
    return -1


@append.inverse(1)
def append_right(output: Sequence[A], xs: Sequence[A]) -> Iterator[Sequence[A]]:
    """Second argument of ``append``."""
    if output[: len(xs)] == xs:
        yield output[len(xs) :]


@append.inverse_kernel(1)
def append_right_kernel(
    out: Data, goal: Data, goal_start: int, goal_length: int, data: Data, start: int, length: int
) -> int:
    rest = goal_length - length
    if rest >= 0 and same(goal, goal_start, data, start, length):
        return copy(out, goal, goal_start + length, rest)
    return -1


def _flattened_size(xss: list[list[object]]) -> int:
    return sum(map(len, xss))


@part.primitive(size=_flattened_size)
def flatten(xss: Sequence[Sequence[A]]) -> Sequence[A]:
    """The elements of all inner lists in order."""
    return [x for xs in xss for x in xs]
