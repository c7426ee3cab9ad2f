"""Bit by bit."""

from __future__ import annotations

from neurosynth.engine.kernels import Word
from neurosynth.language.language import Language
from neurosynth_dsls.bitvectors.machine import BINARY, UNARY, mask

__all__ = ["part"]

part = Language("bitvectors.bitwise")


@part.primitive(name="xor", commutative=True, python="{0} != {1}")
def exclusive_or(p: bool, q: bool) -> bool:
    """Whether exactly one holds."""
    return p != q


@exclusive_or.kernel
@exclusive_or.inverse_kernel(0, 1)
def exclusive_or_kernel(p: int, q: int) -> int:
    return 1 if p != q else 0


@exclusive_or.inverse(0, 1)
def inverse_exclusive_or(output: bool, other: bool) -> list[bool]:
    """The missing condition."""
    return [output != other]


@part.primitive(type=UNARY)
def bvnot(x: int, *, n: int) -> int:
    """Every bit flipped."""
    return x ^ ((1 << n) - 1)


@bvnot.kernel
@bvnot.inverse_kernel(0)
def bvnot_kernel(x: Word, n: int) -> Word:
    return x ^ mask(n)


@bvnot.inverse(0)
def inverse_bvnot(output: int, *, n: int) -> list[int]:
    """The value whose complement is ``output``."""
    return [output ^ ((1 << n) - 1)]


@part.primitive(type=BINARY, commutative=True, python="{0} & {1}")
def bvand(x: int, y: int, *, n: int) -> int:
    """Bits set in both."""
    return x & y


@bvand.kernel
def bvand_kernel(x: Word, y: Word, n: int) -> Word:
    return x & y


@part.primitive(type=BINARY, commutative=True, python="{0} | {1}")
def bvor(x: int, y: int, *, n: int) -> int:
    """Bits set in at least one."""
    return x | y


@bvor.kernel
def bvor_kernel(x: Word, y: Word, n: int) -> Word:
    return x | y


@part.primitive(type=BINARY, commutative=True, python="{0} ^ {1}")
def bvxor(x: int, y: int, *, n: int) -> int:
    """Bits set in exactly one."""
    return x ^ y


@bvxor.kernel
@bvxor.inverse_kernel(0, 1)
def bvxor_kernel(x: Word, y: Word, n: int) -> Word:
    return x ^ y


@bvxor.inverse(0, 1)
def inverse_bvxor(output: int, other: int, *, n: int) -> list[int]:
    """The missing argument of an exclusive or."""
    return [output ^ other]


@part.primitive(type=BINARY, commutative=True)
def bvnand(x: int, y: int, *, n: int) -> int:
    """Bits not set in both."""
    return (x & y) ^ ((1 << n) - 1)


@bvnand.kernel
def bvnand_kernel(x: Word, y: Word, n: int) -> Word:
    return (x & y) ^ mask(n)


@part.primitive(type=BINARY, commutative=True)
def bvnor(x: int, y: int, *, n: int) -> int:
    """Bits set in neither."""
    return (x | y) ^ ((1 << n) - 1)


@bvnor.kernel
def bvnor_kernel(x: Word, y: Word, n: int) -> Word:
    return (x | y) ^ mask(n)


@part.primitive(type=BINARY, commutative=True)
def bvxnor(x: int, y: int, *, n: int) -> int:
    """Bits that are the same in both."""
    return x ^ y ^ ((1 << n) - 1)


@bvxnor.kernel
@bvxnor.inverse_kernel(0, 1)
def bvxnor_kernel(x: Word, y: Word, n: int) -> Word:
    return x ^ y ^ mask(n)


@bvxnor.inverse(0, 1)
def inverse_bvxnor(output: int, other: int, *, n: int) -> list[int]:
    """The missing argument of an equivalence, bit by bit."""
    return [output ^ other ^ ((1 << n) - 1)]
