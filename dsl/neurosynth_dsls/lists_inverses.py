"""Inverse semantics of the language ``lists``: from the output and the other arguments to the missing argument.

Each function takes the output, then the known arguments in order, and yields every value the missing one may have.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from neurosynth.language.language import A


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
