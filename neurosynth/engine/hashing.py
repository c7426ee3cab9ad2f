"""Hashes of sequences: polynomials, so that the hash of a whole follows from those of its parts without touching elements.

For use in hash kernels and loops; ``power[k]`` is ``BASE**k`` modulo 2**64.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from numba.extending import register_jitable

__all__ = ["BASE", "concatenation", "hash_of", "joined"]

BASE = np.uint64(0x9E3779B97F4A7C15)
"""Base of the polynomial hash of sequences, modulo 2**64."""
_ONE = np.uint64(1)

Data = npt.NDArray[np.integer[Any]]
Powers = npt.NDArray[np.uint64]


@register_jitable
def hash_of(a: Data, i: int, n: int) -> np.uint64:
    """Hash of ``a[i : i + n]``."""
    h = np.uint64(0)
    for k in range(n):
        h = h * BASE + (np.uint64(a[np.uint64(i + k)]) + _ONE)
    return h


@register_jitable
def joined(power: Powers, first: np.uint64, second: np.uint64, m: int) -> np.uint64:
    """Hash of a sequence followed by another of length ``m``."""
    return np.uint64(first * power[m] + second)


def concatenation(
    limit: int, power: Powers, a: Data, i: int, n: int, f: np.uint64, b: Data, j: int, m: int, g: np.uint64
) -> tuple[int, np.uint64]:
    """Hash kernel of concatenation."""
    if n + m > limit:
        return -1, f
    return n + m, joined(power, f, g, m)
