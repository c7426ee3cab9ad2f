"""Hashes of sequences: polynomials, so that the hash of a whole follows from those of its parts without touching elements.

For use in hash kernels and loops; ``power[k]`` is ``BASE**k`` modulo 2**64.
"""

from __future__ import annotations

from neurosynth.engine.kernels import Data, Powers, Word, helper, np

__all__ = ["BASE", "concatenation", "hash_of", "joined"]

BASE = 0x9E3779B97F4A7C15
"""Base of the polynomial hash of sequences, modulo 2**64."""


_MIX = 0xD6E8FEB86659FD93


@helper
def hash_of(a: Data, i: int, n: int) -> Word:
    """Hash of ``a[i : i + n]``.

    Products with powers of an odd base leave the highest bits of an element where they are, so that those of several elements cancel out:
    of 3,500 small drawings 56 had the hash of another, as rows of a picture differ in their last points.  What is above 32 bits is
    therefore mixed into the lower half; characters and small numbers stay as they are.

    Compiled code of ``store/tables.py`` is kept for as long as that file's text stays the same: a change here must change it, too.
    """
    h = np.uint64(0)
    for k in range(n):
        x = np.uint64(a[np.uint64(i + k)]) + np.uint64(1)
        h = h * np.uint64(BASE) + (x ^ ((x >> np.uint64(32)) * np.uint64(_MIX) >> np.uint64(32)))
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
