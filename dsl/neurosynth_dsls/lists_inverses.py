"""Inverse semantics of the language ``lists``: from the output and the other arguments to the missing argument.

Each function takes the output, then the known arguments in order, and yields every value the missing one may have.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from neurosynth.language.language import A, B, C


def addend(total: int, known: int) -> Iterator[int]:
    """Either argument of ``+``."""
    yield total - known


def minuend(difference: int, b: int) -> Iterator[int]:
    """First argument of ``-``."""
    yield difference + b


def subtrahend(difference: int, a: int) -> Iterator[int]:
    """Second argument of ``-``."""
    yield a - difference


def negated(value: int) -> Iterator[int]:
    """Argument of ``neg``."""
    yield -value


def complement(value: bool) -> Iterator[bool]:
    """Argument of ``not``."""
    yield not value


def reversed_list(output: Sequence[A]) -> Iterator[Sequence[A]]:
    """Argument of ``reverse``."""
    yield output[::-1]


def cons_element(output: Sequence[A], xs: Sequence[A]) -> Iterator[A]:
    """First argument of ``cons``."""
    if output and output[1:] == xs:
        yield output[0]


def cons_rest(output: Sequence[A], x: A) -> Iterator[Sequence[A]]:
    """Second argument of ``cons``."""
    if output and output[0] == x:
        yield output[1:]


def snoc_rest(output: Sequence[A], x: A) -> Iterator[Sequence[A]]:
    """First argument of ``snoc``."""
    if output and output[-1] == x:
        yield output[:-1]


def snoc_element(output: Sequence[A], xs: Sequence[A]) -> Iterator[A]:
    """Second argument of ``snoc``."""
    if output and output[:-1] == xs:
        yield output[-1]


def append_left(output: Sequence[A], ys: Sequence[A]) -> Iterator[Sequence[A]]:
    """First argument of ``append``."""
    cut = len(output) - len(ys)
    if cut >= 0 and output[cut:] == ys:
        yield output[:cut]


def append_right(output: Sequence[A], xs: Sequence[A]) -> Iterator[Sequence[A]]:
    """Second argument of ``append``."""
    if output[: len(xs)] == xs:
        yield output[len(xs) :]


def taken_count(output: Sequence[A], xs: Sequence[A]) -> Iterator[int]:
    """First argument of ``take``; of the many that give a whole list its length."""
    if xs[: len(output)] == output:
        yield len(output)


def dropped_count(output: Sequence[A], xs: Sequence[A]) -> Iterator[int]:
    """First argument of ``drop``; of the many that leave nothing or everything the one that is a position."""
    start = len(xs) - len(output)
    if start >= 0 and xs[start:] == output:
        yield start


# Functions: what they must answer, as calls (arguments, result)

Calls = list[tuple[tuple[Any, ...], Any]]


def mapped(output: Sequence[B], xs: Sequence[A]) -> Iterator[Calls]:
    """Function of ``map``."""
    if len(output) == len(xs):
        yield [((x,), y) for x, y in zip(xs, output, strict=True)]


def zipped(output: Sequence[C], xs: Sequence[A], ys: Sequence[B]) -> Iterator[Calls]:
    """Function of ``zipwith``."""
    if len(output) == min(len(xs), len(ys)):
        yield [((x, y), z) for x, y, z in zip(xs, ys, output, strict=False)]


def scanned(output: Sequence[A], xs: Sequence[A]) -> Iterator[Calls]:
    """Function of ``scan``: each result comes from the one before it."""
    if len(output) == len(xs) and output[:1] == xs[:1]:
        yield [((before, x), y) for before, x, y in zip(output, xs[1:], output[1:], strict=False)]


def kept(output: Sequence[A], xs: Sequence[A]) -> Iterator[Calls]:
    """Predicate of ``filter``: equal elements are all kept or all left out."""
    if tuple(x for x in xs if x in output) == tuple(output):
        yield [((x,), x in output) for x in xs]


def taken(output: Sequence[A], xs: Sequence[A]) -> Iterator[Calls]:
    """Predicate of ``takewhile``."""
    end = len(output)
    if tuple(xs[:end]) == tuple(output):
        yield from _consistent([((x,), True) for x in xs[:end]] + [((x,), False) for x in xs[end : end + 1]])


def dropped(output: Sequence[A], xs: Sequence[A]) -> Iterator[Calls]:
    """Predicate of ``dropwhile``."""
    start = len(xs) - len(output)
    if start >= 0 and tuple(xs[start:]) == tuple(output):
        yield from _consistent([((x,), True) for x in xs[:start]] + [((x,), False) for x in xs[start : start + 1]])


def _consistent(calls: Calls) -> Iterator[Calls]:
    """The calls, unless the same arguments would have to give different results."""
    if len(dict(calls)) == len(set(calls)):
        yield calls
