"""Comparison and concatenation; flipping the sign bits turns the signed order into the unsigned one."""

from __future__ import annotations

from neurosynth.engine.kernels import Word, np
from neurosynth.language.language import Language
from neurosynth_dsls.bitvectors.machine import TEST, sign

__all__ = ["part"]

part = Language("bitvectors.comparison")


@part.primitive(type="bitvec n -> bitvec n -> bitvec 1", commutative=True, python="int({0} == {1})")
def bvcomp(x: int, y: int, *, n: int) -> int:
    """One bit: whether both are the same."""
    return int(x == y)


@bvcomp.kernel
def bvcomp_kernel(x: Word, y: Word, n: int) -> Word:
    return np.uint64(1) if x == y else np.uint64(0)


@part.primitive(type=TEST, python="{0} < {1}")
def bvult(x: int, y: int, *, n: int) -> bool:
    """Whether the first is less, as unsigned numbers."""
    return x < y


@bvult.kernel
def bvult_kernel(x: Word, y: Word, n: int) -> int:
    return 1 if x < y else 0


@part.primitive(type=TEST, python="{0} <= {1}")
def bvule(x: int, y: int, *, n: int) -> bool:
    """Whether the first is at most the second, as unsigned numbers."""
    return x <= y


@bvule.kernel
def bvule_kernel(x: Word, y: Word, n: int) -> int:
    return 1 if x <= y else 0


@part.primitive(type=TEST, python="{0} > {1}")
def bvugt(x: int, y: int, *, n: int) -> bool:
    """Whether the first is more, as unsigned numbers."""
    return x > y


@bvugt.kernel
def bvugt_kernel(x: Word, y: Word, n: int) -> int:
    return 1 if x > y else 0


@part.primitive(type=TEST, python="{0} >= {1}")
def bvuge(x: int, y: int, *, n: int) -> bool:
    """Whether the first is at least the second, as unsigned numbers."""
    return x >= y


@bvuge.kernel
def bvuge_kernel(x: Word, y: Word, n: int) -> int:
    return 1 if x >= y else 0


@part.primitive(type=TEST)
def bvslt(x: int, y: int, *, n: int) -> bool:
    """Whether the first is less, as signed numbers."""
    return x ^ (1 << (n - 1)) < y ^ (1 << (n - 1))


@bvslt.kernel
def bvslt_kernel(x: Word, y: Word, n: int) -> int:
    return 1 if x ^ sign(n) < y ^ sign(n) else 0


@part.primitive(type=TEST)
def bvsle(x: int, y: int, *, n: int) -> bool:
    """Whether the first is at most the second, as signed numbers."""
    return x ^ (1 << (n - 1)) <= y ^ (1 << (n - 1))


@bvsle.kernel
def bvsle_kernel(x: Word, y: Word, n: int) -> int:
    return 1 if x ^ sign(n) <= y ^ sign(n) else 0


@part.primitive(type=TEST)
def bvsgt(x: int, y: int, *, n: int) -> bool:
    """Whether the first is more, as signed numbers."""
    return x ^ (1 << (n - 1)) > y ^ (1 << (n - 1))


@bvsgt.kernel
def bvsgt_kernel(x: Word, y: Word, n: int) -> int:
    return 1 if x ^ sign(n) > y ^ sign(n) else 0


@part.primitive(type=TEST)
def bvsge(x: int, y: int, *, n: int) -> bool:
    """Whether the first is at least the second, as signed numbers."""
    return x ^ (1 << (n - 1)) >= y ^ (1 << (n - 1))


@bvsge.kernel
def bvsge_kernel(x: Word, y: Word, n: int) -> int:
    return 1 if x ^ sign(n) >= y ^ sign(n) else 0


@part.primitive(type="bitvec n -> bitvec m -> bitvec n+m")
def concat(x: int, y: int, *, m: int, n: int) -> int:
    """Bits of the first above those of the second, which has m."""
    return x << m | y


@concat.kernel
def concat_kernel(x: Word, y: Word, m: int, n: int) -> Word:
    return (x << np.uint64(m)) | y
