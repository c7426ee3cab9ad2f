"""Arithmetic modulo 2**n; division by zero follows SMT-LIB."""

from __future__ import annotations

from neurosynth.engine.kernels import Word, helper, np
from neurosynth.language.language import Language
from neurosynth_dsls.bitvectors.machine import BINARY, UNARY, mask, minus, sign

__all__ = ["part"]

part = Language("bitvectors.arithmetic")


@helper
def _size(x: Word, n: int) -> Word:
    """Absolute value of a signed number."""
    return minus(x, n) if x & sign(n) != np.uint64(0) else x


@part.primitive(type=UNARY)
def bvneg(x: int, *, n: int) -> int:
    """Two's complement."""
    return -x & ((1 << n) - 1)


@bvneg.kernel
@bvneg.inverse_kernel(0)
def bvneg_kernel(x: Word, n: int) -> Word:
    return minus(x, n)


@bvneg.inverse(0)
def inverse_bvneg(output: int, *, n: int) -> list[int]:
    """The value whose two's complement is ``output``."""
    return [-output & ((1 << n) - 1)]


@part.primitive(type=BINARY, commutative=True)
def bvadd(x: int, y: int, *, n: int) -> int:
    """Sum."""
    return (x + y) & ((1 << n) - 1)


@bvadd.kernel
def bvadd_kernel(x: Word, y: Word, n: int) -> Word:
    return (x + y) & mask(n)


@bvadd.inverse(0, 1)
def inverse_bvadd(output: int, other: int, *, n: int) -> list[int]:
    """The missing summand."""
    return [(output - other) & ((1 << n) - 1)]


@part.primitive(type=BINARY)
def bvsub(x: int, y: int, *, n: int) -> int:
    """First minus second."""
    return (x - y) & ((1 << n) - 1)


@bvadd.inverse_kernel(0, 1)
@bvsub.kernel
def bvsub_kernel(x: Word, y: Word, n: int) -> Word:
    return (x - y) & mask(n)


@bvsub.inverse(0)
def inverse_bvsub_first(output: int, second: int, *, n: int) -> list[int]:
    """The first argument of the subtraction."""
    return [(output + second) & ((1 << n) - 1)]


bvsub.inverse_kernel(0)(bvadd_kernel)


@bvsub.inverse(1)
def inverse_bvsub_second(output: int, first: int, *, n: int) -> list[int]:
    """The second argument of the subtraction."""
    return [(first - output) & ((1 << n) - 1)]


@bvsub.inverse_kernel(1)
def inverse_bvsub_second_kernel(goal: Word, x: Word, n: int) -> Word:
    return (x - goal) & mask(n)


@part.primitive(type=BINARY, commutative=True)
def bvmul(x: int, y: int, *, n: int) -> int:
    """Product."""
    return (x * y) & ((1 << n) - 1)


@bvmul.kernel
def bvmul_kernel(x: Word, y: Word, n: int) -> Word:
    return (x * y) & mask(n)


@bvmul.inverse(0, 1)
def inverse_bvmul(output: int, other: int, *, n: int) -> list[int]:
    """A missing factor, which is unique if the other one is odd."""
    zeros = max((other & -other).bit_length() - 1, 0)
    factor = (output >> zeros) * pow(other >> zeros, -1, 1 << 64) & ((1 << n) - 1) if other else 0
    return [factor] if bvmul(other, factor, n=n) == output else []


@bvmul.inverse_kernel(0, 1)
def inverse_bvmul_kernel(goal: Word, x: Word, n: int) -> Word:
    """The factor that, multiplied by ``x``, gives the goal: Newton's iteration gives the inverse of its odd part modulo 2^64."""
    if x == np.uint64(0):
        return np.uint64(0)
    odd, rest = x, goal
    while odd & np.uint64(1) == np.uint64(0):
        odd, rest = odd >> np.uint64(1), rest >> np.uint64(1)
    inverse = odd  # three bits are right at first, and twice as many after each step
    for _ in range(5):
        inverse = inverse * (np.uint64(2) - odd * inverse)
    return (rest * inverse) & mask(n)


@part.primitive(type=BINARY)
def bvudiv(x: int, y: int, *, n: int) -> int:
    """Quotient of unsigned numbers; all bits set where the second is zero."""
    return x // y if y else (1 << n) - 1


@bvudiv.kernel
def bvudiv_kernel(x: Word, y: Word, n: int) -> Word:
    return mask(n) if y == np.uint64(0) else x // y


@part.primitive(type=BINARY)
def bvurem(x: int, y: int, *, n: int) -> int:
    """Remainder of unsigned numbers; the first where the second is zero."""
    return x % y if y else x


@bvurem.kernel
def bvurem_kernel(x: Word, y: Word, n: int) -> Word:
    return x if y == np.uint64(0) else x % y


@part.primitive(type=BINARY)
def bvsdiv(x: int, y: int, *, n: int) -> int:
    """Quotient of signed numbers, towards zero; by zero, 1 for a negative first and all bits set for another."""
    all_bits = (1 << n) - 1
    p, q = x - (x >> (n - 1) << n), y - (y >> (n - 1) << n)
    if q == 0:
        return 1 if p < 0 else all_bits
    quotient = abs(p) // abs(q)
    return (quotient if (p < 0) == (q < 0) else -quotient) & all_bits


@bvsdiv.kernel
def bvsdiv_kernel(x: Word, y: Word, n: int) -> Word:
    negative = x & sign(n) != np.uint64(0)
    if y == np.uint64(0):
        return np.uint64(1) if negative else mask(n)
    quotient = _size(x, n) // _size(y, n)
    return quotient if negative == (y & sign(n) != np.uint64(0)) else minus(quotient, n)


@part.primitive(type=BINARY)
def bvsrem(x: int, y: int, *, n: int) -> int:
    """Remainder of signed numbers with the sign of the first; the first where the second is zero."""
    p, q = x - (x >> (n - 1) << n), y - (y >> (n - 1) << n)
    if q == 0:
        return x
    remainder = abs(p) % abs(q)
    return (remainder if p >= 0 else -remainder) & ((1 << n) - 1)


@bvsrem.kernel
def bvsrem_kernel(x: Word, y: Word, n: int) -> Word:
    if y == np.uint64(0):
        return x
    remainder = _size(x, n) % _size(y, n)
    return minus(remainder, n) if x & sign(n) != np.uint64(0) else remainder


@part.primitive(type=BINARY)
def bvsmod(x: int, y: int, *, n: int) -> int:
    """Remainder of signed numbers with the sign of the second; the first where the second is zero."""
    p, q = x - (x >> (n - 1) << n), y - (y >> (n - 1) << n)
    return (p % q if q else p) & ((1 << n) - 1)


@bvsmod.kernel
def bvsmod_kernel(x: Word, y: Word, n: int) -> Word:
    if y == np.uint64(0):
        return x
    remainder = _size(x, n) % _size(y, n)
    if x & sign(n) != np.uint64(0):
        remainder = minus(remainder, n)
    # with the sign of the first argument; add the second one if the signs differ
    return (remainder + y) & mask(n) if remainder != np.uint64(0) and (x ^ y) & sign(n) != np.uint64(0) else remainder
