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
