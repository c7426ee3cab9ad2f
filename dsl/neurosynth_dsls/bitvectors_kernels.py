"""Compiled semantics of ``bitvectors``; the protocol is that of docs/kernels.md.

Values are ``uint64``, widths and indices ``int64``.  Every constant and count is made ``uint64`` before it meets a
value: where numba sees both signs it computes in floating point.  Shifts by 64 are undefined in machine code and
never made.
"""

from __future__ import annotations

import numpy as np
from numba.extending import register_jitable

Word = np.uint64

ZERO = np.uint64(0)
ONE = np.uint64(1)
ALL = np.uint64(0xFFFFFFFFFFFFFFFF)


@register_jitable
def _mask(n: int) -> Word:
    """The lowest ``n`` bits, 1 to 64."""
    return ALL >> np.uint64(64 - n)


@register_jitable
def _sign(n: int) -> Word:
    """The sign bit of width ``n``."""
    return ONE << np.uint64(n - 1)


@register_jitable
def _minus(x: Word, n: int) -> Word:
    """Two's complement."""
    return (ZERO - x) & _mask(n)


@register_jitable
def _size(x: Word, n: int) -> Word:
    """Absolute value of a signed number."""
    return _minus(x, n) if x & _sign(n) != ZERO else x


def exclusive_or(p: int, q: int) -> int:
    return 1 if p != q else 0


# Bit by bit.


def bvnot(x: Word, n: int) -> Word:
    return x ^ _mask(n)


def bvand(x: Word, y: Word, n: int) -> Word:
    return x & y


def bvor(x: Word, y: Word, n: int) -> Word:
    return x | y


def bvxor(x: Word, y: Word, n: int) -> Word:
    return x ^ y


def bvnand(x: Word, y: Word, n: int) -> Word:
    return (x & y) ^ _mask(n)


def bvnor(x: Word, y: Word, n: int) -> Word:
    return (x | y) ^ _mask(n)


def bvxnor(x: Word, y: Word, n: int) -> Word:
    return x ^ y ^ _mask(n)


# Arithmetic.


def bvneg(x: Word, n: int) -> Word:
    return _minus(x, n)


def bvadd(x: Word, y: Word, n: int) -> Word:
    return (x + y) & _mask(n)


def bvsub(x: Word, y: Word, n: int) -> Word:
    return (x - y) & _mask(n)


def inverse_bvsub_second(goal: Word, x: Word, n: int) -> Word:
    return (x - goal) & _mask(n)


def bvmul(x: Word, y: Word, n: int) -> Word:
    return (x * y) & _mask(n)


def inverse_bvmul(goal: Word, x: Word, n: int) -> Word:
    """A factor that goes with ``x``: Newton's iteration gives the inverse modulo 2^64 of its odd part."""
    if x == ZERO:
        return ZERO
    odd, rest = x, goal
    while odd & ONE == ZERO:
        odd, rest = odd >> ONE, rest >> ONE
    inverse = odd  # right in its lowest three bits, and in twice as many after each step
    for _ in range(5):
        inverse = inverse * (np.uint64(2) - odd * inverse)
    return (rest * inverse) & _mask(n)


def bvudiv(x: Word, y: Word, n: int) -> Word:
    return _mask(n) if y == ZERO else x // y


def bvurem(x: Word, y: Word, n: int) -> Word:
    return x if y == ZERO else x % y


def bvsdiv(x: Word, y: Word, n: int) -> Word:
    negative = x & _sign(n) != ZERO
    if y == ZERO:
        return ONE if negative else _mask(n)
    quotient = _size(x, n) // _size(y, n)
    return quotient if negative == (y & _sign(n) != ZERO) else _minus(quotient, n)


def bvsrem(x: Word, y: Word, n: int) -> Word:
    if y == ZERO:
        return x
    remainder = _size(x, n) % _size(y, n)
    return _minus(remainder, n) if x & _sign(n) != ZERO else remainder


def bvsmod(x: Word, y: Word, n: int) -> Word:
    if y == ZERO:
        return x
    remainder = _size(x, n) % _size(y, n)
    if x & _sign(n) != ZERO:
        remainder = _minus(remainder, n)
    # the sign of the first so far; one more of the second where the signs differ
    return (remainder + y) & _mask(n) if remainder != ZERO and (x ^ y) & _sign(n) != ZERO else remainder


# Shifts.


@register_jitable
def bvshl(x: Word, y: Word, n: int) -> Word:
    return ZERO if y >= np.uint64(n) else (x << y) & _mask(n)


@register_jitable
def bvlshr(x: Word, y: Word, n: int) -> Word:
    return ZERO if y >= np.uint64(n) else x >> y


@register_jitable
def bvashr(x: Word, y: Word, n: int) -> Word:
    negative = x & _sign(n) != ZERO
    if y >= np.uint64(n):
        return _mask(n) if negative else ZERO
    # complement, shift zeros in, complement back: ones come in
    return ((x ^ _mask(n)) >> y) ^ _mask(n) if negative else x >> y


# Their inverses: of all values that are shifted to the goal the one that a shift back gives, and the least count.  Where
# there is none the result is some value; the engine runs it forwards.


def inverse_bvshl_value(goal: Word, y: Word, n: int) -> Word:
    return bvlshr(goal, y, n)


def inverse_bvlshr_value(goal: Word, y: Word, n: int) -> Word:
    return bvshl(goal, y, n)


def inverse_bvashr_value(goal: Word, y: Word, n: int) -> Word:
    return goal if y >= np.uint64(n) else (goal << y) & _mask(n)


def inverse_bvshl_count(goal: Word, x: Word, n: int) -> Word:
    for k in range(n):
        if (x << np.uint64(k)) & _mask(n) == goal:
            return np.uint64(k)
    return np.uint64(n)


def inverse_bvlshr_count(goal: Word, x: Word, n: int) -> Word:
    for k in range(n):
        if x >> np.uint64(k) == goal:
            return np.uint64(k)
    return np.uint64(n)


def inverse_bvashr_count(goal: Word, x: Word, n: int) -> Word:
    for k in range(n):
        if bvashr(x, np.uint64(k), n) == goal:
            return np.uint64(k)
    return np.uint64(n)


# Comparison; flipping the sign bits turns the signed order into the unsigned one.


def bvcomp(x: Word, y: Word, n: int) -> Word:
    return ONE if x == y else ZERO


def bvult(x: Word, y: Word, n: int) -> int:
    return 1 if x < y else 0


def bvule(x: Word, y: Word, n: int) -> int:
    return 1 if x <= y else 0


def bvugt(x: Word, y: Word, n: int) -> int:
    return 1 if x > y else 0


def bvuge(x: Word, y: Word, n: int) -> int:
    return 1 if x >= y else 0


def bvslt(x: Word, y: Word, n: int) -> int:
    return 1 if x ^ _sign(n) < y ^ _sign(n) else 0


def bvsle(x: Word, y: Word, n: int) -> int:
    return 1 if x ^ _sign(n) <= y ^ _sign(n) else 0


def bvsgt(x: Word, y: Word, n: int) -> int:
    return 1 if x ^ _sign(n) > y ^ _sign(n) else 0


def bvsge(x: Word, y: Word, n: int) -> int:
    return 1 if x ^ _sign(n) >= y ^ _sign(n) else 0


# Other widths.


def concat(x: Word, y: Word, m: int, n: int) -> Word:
    return (x << np.uint64(m)) | y


def extract(x: Word, i: int, j: int, n: int) -> Word:
    return (x >> np.uint64(j)) & _mask(i - j + 1)


def zero_extend(x: Word, k: int, n: int) -> Word:
    return x


def sign_extend(x: Word, k: int, n: int) -> Word:
    return x | (_mask(n + k) ^ _mask(n)) if x & _sign(n) != ZERO else x


def rotate_left(x: Word, k: int, n: int) -> Word:
    left = k % n
    if left == 0:
        return x
    return ((x << np.uint64(left)) | (x >> np.uint64(n - left))) & _mask(n)


def rotate_right(x: Word, k: int, n: int) -> Word:
    right = k % n
    if right == 0:
        return x
    return ((x >> np.uint64(right)) | (x << np.uint64(n - right))) & _mask(n)


def repeat(x: Word, k: int, n: int) -> Word:
    result = x
    for _ in range(k - 1):
        result = (result << np.uint64(n)) | x
    return result
