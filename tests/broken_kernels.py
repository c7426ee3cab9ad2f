"""Kernels for tests: right and wrong ones for the same functions."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from neurosynth.engine.constants import UNDEFINED_WORD

Words = npt.NDArray[np.int64]


def add(a: int, b: int) -> int:
    """Sum."""
    return a + b


def subtract(a: int, b: int) -> int:
    """Difference."""
    return a - b


def undefined(a: int, b: int) -> int:
    """Never defined."""
    return UNDEFINED_WORD


def once(out: Words, xs: Words, i: int, n: int) -> int:
    """A copy where the list twice is wanted."""
    out[:n] = xs[i : i + n]
    return n


def twice(out: Words, xs: Words, i: int, n: int) -> int:
    """The list twice, by way of an array of its own: kernels may allocate."""
    whole = np.empty(2 * n, np.int64)
    whole[:n] = xs[i : i + n]
    whole[n:] = xs[i : i + n]
    out[: 2 * n] = whole
    return 2 * n


def summed(a: int, b: int) -> int:
    """Sum, of a list built for the purpose."""
    both = [a, b]
    return both[0] + both[1]
