"""The language ``bitvectors``: SMT-LIB's operators on bit-vectors of any width from 1 to 64.

A value is a plain non-negative ``int`` below ``2**n``; functions get the width ``n`` by keyword.  Everything is total:
division by zero and shifts by the width or more are as SMT-LIB defines them.  Operators with indices
(``extract 7 0``) are made on demand by their full name.

Widths above 64 have no machine word: indices that always lead there are refused, and a ``concat`` or extension of a
wide argument that does has reference semantics only.
"""

from __future__ import annotations

from neurosynth.language.language import Language
from neurosynth_dsls.bitvectors_indexed import MAX_WIDTH, indexed
from neurosynth_dsls.logic import logic

__all__ = ["MAX_WIDTH", "bitvectors"]

_KERNELS = "neurosynth_dsls.bitvectors_kernels:"
_UNARY = "bitvec n -> bitvec n"
_BINARY = "bitvec n -> bitvec n -> bitvec n"
_TEST = "bitvec n -> bitvec n -> bool"


# Inverse semantics: (output, other arguments) -> the values the missing argument may have.


def inverse_bvnot(output: int, *, n: int) -> list[int]:
    """The value whose complement is ``output``."""
    return [output ^ ((1 << n) - 1)]


def inverse_bvneg(output: int, *, n: int) -> list[int]:
    """The value whose two's complement is ``output``."""
    return [-output & ((1 << n) - 1)]


def inverse_bvadd(output: int, other: int, *, n: int) -> list[int]:
    """The missing summand."""
    return [(output - other) & ((1 << n) - 1)]


def inverse_bvsub_first(output: int, second: int, *, n: int) -> list[int]:
    """What ``second`` was taken from."""
    return [(output + second) & ((1 << n) - 1)]


def inverse_bvsub_second(output: int, first: int, *, n: int) -> list[int]:
    """What was taken from ``first``."""
    return [(first - output) & ((1 << n) - 1)]


def inverse_bvxor(output: int, other: int, *, n: int) -> list[int]:
    """The missing argument of an exclusive or."""
    return [output ^ other]


def inverse_bvxnor(output: int, other: int, *, n: int) -> list[int]:
    """The missing argument of an equivalence, bit by bit."""
    return [output ^ other ^ ((1 << n) - 1)]


def inverse_bvmul(output: int, other: int, *, n: int) -> list[int]:
    """A missing factor, the only one where the other is odd."""
    zeros = max((other & -other).bit_length() - 1, 0)
    factor = (output >> zeros) * pow(other >> zeros, -1, 1 << 64) & ((1 << n) - 1) if other else 0
    return [factor] if bvmul(other, factor, n=n) == output else []


def inverse_bvshl_value(output: int, y: int, *, n: int) -> list[int]:
    """What was shifted left: of all such values the one with zeros for the bits that were lost."""
    x = output >> y
    return [x] if bvshl(x, y, n=n) == output else []


def inverse_bvshl_count(output: int, x: int, *, n: int) -> list[int]:
    """By how much it was shifted left, at least."""
    return next(([k] for k in range(n + 1) if bvshl(x, k, n=n) == output), [])


def inverse_bvlshr_value(output: int, y: int, *, n: int) -> list[int]:
    """What was shifted right: of all such values the one with zeros for the bits that were lost."""
    x = bvshl(output, y, n=n)
    return [x] if bvlshr(x, y, n=n) == output else []


def inverse_bvlshr_count(output: int, x: int, *, n: int) -> list[int]:
    """By how much it was shifted right, at least."""
    return next(([k] for k in range(n + 1) if bvlshr(x, k, n=n) == output), [])


def inverse_bvashr_value(output: int, y: int, *, n: int) -> list[int]:
    """What was shifted right: of all such values the one with zeros for the bits that were lost, or any by the whole width."""
    x = bvshl(output, y, n=n) if y < n else output
    return [x] if bvashr(x, y, n=n) == output else []


def inverse_bvashr_count(output: int, x: int, *, n: int) -> list[int]:
    """By how much it was shifted right, at least."""
    return next(([k] for k in range(n + 1) if bvashr(x, k, n=n) == output), [])


bitvectors = Language("bitvectors", doc="SMT-LIB bit-vectors of any width from 1 to 64.", family=indexed)

for _shared in logic.primitives.values():
    bitvectors.add(_shared)


def inverse_exclusive_or(output: bool, other: bool) -> list[bool]:
    """The missing condition."""
    return [output != other]


@bitvectors.primitive(
    name="xor",
    commutative=True,
    python="{0} != {1}",
    kernel=_KERNELS + "exclusive_or",
    inverse=(inverse_exclusive_or, inverse_exclusive_or),
    inverse_kernels=(_KERNELS + "exclusive_or", _KERNELS + "exclusive_or"),
)
def exclusive_or(p: bool, q: bool) -> bool:
    """Whether exactly one holds."""
    return p != q


# Bit by bit.


@bitvectors.primitive(
    type=_UNARY,
    kernel=_KERNELS + "bvnot",
    inverse=(inverse_bvnot,),
    inverse_kernels=(_KERNELS + "bvnot",),
)
def bvnot(x: int, *, n: int) -> int:
    """Every bit flipped."""
    return x ^ ((1 << n) - 1)


@bitvectors.primitive(type=_BINARY, commutative=True, python="{0} & {1}", kernel=_KERNELS + "bvand")
def bvand(x: int, y: int, *, n: int) -> int:
    """Bits set in both."""
    return x & y


@bitvectors.primitive(type=_BINARY, commutative=True, python="{0} | {1}", kernel=_KERNELS + "bvor")
def bvor(x: int, y: int, *, n: int) -> int:
    """Bits set in at least one."""
    return x | y


@bitvectors.primitive(
    type=_BINARY,
    commutative=True,
    python="{0} ^ {1}",
    kernel=_KERNELS + "bvxor",
    inverse=(inverse_bvxor, inverse_bvxor),
    inverse_kernels=(_KERNELS + "bvxor", _KERNELS + "bvxor"),
)
def bvxor(x: int, y: int, *, n: int) -> int:
    """Bits set in exactly one."""
    return x ^ y


@bitvectors.primitive(type=_BINARY, commutative=True, kernel=_KERNELS + "bvnand")
def bvnand(x: int, y: int, *, n: int) -> int:
    """Bits not set in both."""
    return (x & y) ^ ((1 << n) - 1)


@bitvectors.primitive(type=_BINARY, commutative=True, kernel=_KERNELS + "bvnor")
def bvnor(x: int, y: int, *, n: int) -> int:
    """Bits set in neither."""
    return (x | y) ^ ((1 << n) - 1)


@bitvectors.primitive(
    type=_BINARY,
    commutative=True,
    kernel=_KERNELS + "bvxnor",
    inverse=(inverse_bvxnor, inverse_bvxnor),
    inverse_kernels=(_KERNELS + "bvxnor", _KERNELS + "bvxnor"),
)
def bvxnor(x: int, y: int, *, n: int) -> int:
    """Bits that are the same in both."""
    return x ^ y ^ ((1 << n) - 1)


# Arithmetic, modulo 2**n.


@bitvectors.primitive(
    type=_UNARY,
    kernel=_KERNELS + "bvneg",
    inverse=(inverse_bvneg,),
    inverse_kernels=(_KERNELS + "bvneg",),
)
def bvneg(x: int, *, n: int) -> int:
    """Two's complement."""
    return -x & ((1 << n) - 1)


@bitvectors.primitive(
    type=_BINARY,
    commutative=True,
    kernel=_KERNELS + "bvadd",
    inverse=(inverse_bvadd, inverse_bvadd),
    inverse_kernels=(_KERNELS + "bvsub", _KERNELS + "bvsub"),
)
def bvadd(x: int, y: int, *, n: int) -> int:
    """Sum."""
    return (x + y) & ((1 << n) - 1)


@bitvectors.primitive(
    type=_BINARY,
    kernel=_KERNELS + "bvsub",
    inverse=(inverse_bvsub_first, inverse_bvsub_second),
    inverse_kernels=(_KERNELS + "bvadd", _KERNELS + "inverse_bvsub_second"),
)
def bvsub(x: int, y: int, *, n: int) -> int:
    """First minus second."""
    return (x - y) & ((1 << n) - 1)


@bitvectors.primitive(
    type=_BINARY,
    commutative=True,
    kernel=_KERNELS + "bvmul",
    inverse=(inverse_bvmul, inverse_bvmul),
    inverse_kernels=(_KERNELS + "inverse_bvmul", _KERNELS + "inverse_bvmul"),
)
def bvmul(x: int, y: int, *, n: int) -> int:
    """Product."""
    return (x * y) & ((1 << n) - 1)


@bitvectors.primitive(type=_BINARY, kernel=_KERNELS + "bvudiv")
def bvudiv(x: int, y: int, *, n: int) -> int:
    """Quotient of unsigned numbers; all bits set where the second is zero."""
    return x // y if y else (1 << n) - 1


@bitvectors.primitive(type=_BINARY, kernel=_KERNELS + "bvurem")
def bvurem(x: int, y: int, *, n: int) -> int:
    """Remainder of unsigned numbers; the first where the second is zero."""
    return x % y if y else x


@bitvectors.primitive(type=_BINARY, kernel=_KERNELS + "bvsdiv")
def bvsdiv(x: int, y: int, *, n: int) -> int:
    """Quotient of signed numbers, towards zero; by zero, 1 for a negative first and all bits set for another."""
    all_bits = (1 << n) - 1
    p, q = x - (x >> (n - 1) << n), y - (y >> (n - 1) << n)
    if q == 0:
        return 1 if p < 0 else all_bits
    quotient = abs(p) // abs(q)
    return (quotient if (p < 0) == (q < 0) else -quotient) & all_bits


@bitvectors.primitive(type=_BINARY, kernel=_KERNELS + "bvsrem")
def bvsrem(x: int, y: int, *, n: int) -> int:
    """Remainder of signed numbers with the sign of the first; the first where the second is zero."""
    p, q = x - (x >> (n - 1) << n), y - (y >> (n - 1) << n)
    if q == 0:
        return x
    remainder = abs(p) % abs(q)
    return (remainder if p >= 0 else -remainder) & ((1 << n) - 1)


@bitvectors.primitive(type=_BINARY, kernel=_KERNELS + "bvsmod")
def bvsmod(x: int, y: int, *, n: int) -> int:
    """Remainder of signed numbers with the sign of the second; the first where the second is zero."""
    p, q = x - (x >> (n - 1) << n), y - (y >> (n - 1) << n)
    return (p % q if q else p) & ((1 << n) - 1)


# Shifts.


@bitvectors.primitive(
    type=_BINARY,
    kernel=_KERNELS + "bvshl",
    inverse=(inverse_bvshl_value, inverse_bvshl_count),
    inverse_kernels=(_KERNELS + "inverse_bvshl_value", _KERNELS + "inverse_bvshl_count"),
)
def bvshl(x: int, y: int, *, n: int) -> int:
    """First shifted left by the second; 0 from the width on."""
    return (x << y) & ((1 << n) - 1) if y < n else 0


@bitvectors.primitive(
    type=_BINARY,
    python="{0} >> {1}",
    kernel=_KERNELS + "bvlshr",
    inverse=(inverse_bvlshr_value, inverse_bvlshr_count),
    inverse_kernels=(_KERNELS + "inverse_bvlshr_value", _KERNELS + "inverse_bvlshr_count"),
)
def bvlshr(x: int, y: int, *, n: int) -> int:
    """First shifted right by the second, zeros coming in."""
    return x >> y


@bitvectors.primitive(
    type=_BINARY,
    kernel=_KERNELS + "bvashr",
    inverse=(inverse_bvashr_value, inverse_bvashr_count),
    inverse_kernels=(_KERNELS + "inverse_bvashr_value", _KERNELS + "inverse_bvashr_count"),
)
def bvashr(x: int, y: int, *, n: int) -> int:
    """First shifted right by the second, copies of the sign bit coming in."""
    return (x - (x >> (n - 1) << n)) >> y & ((1 << n) - 1)


# Comparison.


@bitvectors.primitive(
    type="bitvec n -> bitvec n -> bitvec 1",
    commutative=True,
    python="int({0} == {1})",
    kernel=_KERNELS + "bvcomp",
)
def bvcomp(x: int, y: int, *, n: int) -> int:
    """One bit: whether both are the same."""
    return int(x == y)


@bitvectors.primitive(type=_TEST, python="{0} < {1}", kernel=_KERNELS + "bvult")
def bvult(x: int, y: int, *, n: int) -> bool:
    """Whether the first is less, as unsigned numbers."""
    return x < y


@bitvectors.primitive(type=_TEST, python="{0} <= {1}", kernel=_KERNELS + "bvule")
def bvule(x: int, y: int, *, n: int) -> bool:
    """Whether the first is at most the second, as unsigned numbers."""
    return x <= y


@bitvectors.primitive(type=_TEST, python="{0} > {1}", kernel=_KERNELS + "bvugt")
def bvugt(x: int, y: int, *, n: int) -> bool:
    """Whether the first is more, as unsigned numbers."""
    return x > y


@bitvectors.primitive(type=_TEST, python="{0} >= {1}", kernel=_KERNELS + "bvuge")
def bvuge(x: int, y: int, *, n: int) -> bool:
    """Whether the first is at least the second, as unsigned numbers."""
    return x >= y


# Flipping the sign bits turns the signed order into the unsigned one.


@bitvectors.primitive(type=_TEST, kernel=_KERNELS + "bvslt")
def bvslt(x: int, y: int, *, n: int) -> bool:
    """Whether the first is less, as signed numbers."""
    return x ^ (1 << (n - 1)) < y ^ (1 << (n - 1))


@bitvectors.primitive(type=_TEST, kernel=_KERNELS + "bvsle")
def bvsle(x: int, y: int, *, n: int) -> bool:
    """Whether the first is at most the second, as signed numbers."""
    return x ^ (1 << (n - 1)) <= y ^ (1 << (n - 1))


@bitvectors.primitive(type=_TEST, kernel=_KERNELS + "bvsgt")
def bvsgt(x: int, y: int, *, n: int) -> bool:
    """Whether the first is more, as signed numbers."""
    return x ^ (1 << (n - 1)) > y ^ (1 << (n - 1))


@bitvectors.primitive(type=_TEST, kernel=_KERNELS + "bvsge")
def bvsge(x: int, y: int, *, n: int) -> bool:
    """Whether the first is at least the second, as signed numbers."""
    return x ^ (1 << (n - 1)) >= y ^ (1 << (n - 1))


@bitvectors.primitive(type="bitvec n -> bitvec m -> bitvec n+m", kernel=_KERNELS + "concat")
def concat(x: int, y: int, *, m: int, n: int) -> int:
    """Bits of the first above those of the second, which has m."""
    return x << m | y
