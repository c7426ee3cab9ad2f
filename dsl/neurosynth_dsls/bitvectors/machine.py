"""Types, and helpers for kernels, of the operators on bit-vectors.

Values are ``uint64``, widths and indices ``int64``. Every constant and count is converted to ``uint64`` before it is combined with a
value, because numba computes in floating point if both signs occur. Shifts by 64 are undefined in machine code and never used.
"""

from __future__ import annotations

from neurosynth.engine.kernels import Word, helper, np

__all__ = ["BINARY", "TEST", "UNARY", "mask", "minus", "sign", "signed_bits"]


UNARY = "bitvec n -> bitvec n"
BINARY = "bitvec n -> bitvec n -> bitvec n"
TEST = "bitvec n -> bitvec n -> bool"


@helper
def mask(n: int) -> Word:
    """The lowest ``n`` bits, 1 to 64."""
    return np.uint64(0xFFFFFFFFFFFFFFFF) >> np.uint64(64 - n)


@helper
def sign(n: int) -> Word:
    """The sign bit of width ``n``."""
    return np.uint64(1) << np.uint64(n - 1)


@helper
def minus(x: Word, n: int) -> Word:
    """Two's complement."""
    return (np.uint64(0) - x) & mask(n)


@helper
def signed_bits(x: int, n: int) -> Word:
    """The lowest ``n`` bits of an integer, a negative one in two's complement."""
    return np.uint64(x) & mask(n) if x >= 0 else minus(np.uint64(-x), n)
