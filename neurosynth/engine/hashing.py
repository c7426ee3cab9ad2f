"""Hashes of sequences: polynomials, so that the hash of a whole follows from those of its parts without touching elements.

For use in hash kernels and loops; ``power[k]`` is ``BASE**k`` modulo 2**64.
"""

from __future__ import annotations

from neurosynth.engine.kernels import Data, Powers, Word, helper, np

__all__ = ["BASE", "concatenation", "hash_of", "joined"]

BASE = 0x9E3779B97F4A7C15
"""Base of the polynomial hash of sequences, modulo 2**64."""


@helper
def hash_of(a: Data, i: int, n: int) -> Word:
    """Hash of ``a[i : i + n]``."""
    h = np.uint64(0)
    for k in range(n):
        h = h * np.uint64(BASE) + (np.uint64(a[np.uint64(i + k)]) + np.uint64(1))
    return h


@helper
def joined(power: Powers, first: Word, second: Word, m: int) -> Word:
    """Hash of a sequence followed by another of length ``m``."""
    return np.uint64(first * power[m] + second)


def concatenation(
    limit: int, power: Powers, a: Data, i: int, n: int, f: Word, b: Data, j: int, m: int, g: Word
) -> tuple[int, Word]:
    """Hash kernel of concatenation."""
    if n + m > limit:
        return -1, f
    return n + m, joined(power, f, g, m)
