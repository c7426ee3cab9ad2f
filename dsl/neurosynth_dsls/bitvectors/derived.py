"""The rest of SMT-LIB's operators, and what cvc5 and z3 add: reductions, overflow, conversions, rotation by a value.

Files and programs may use them; enumeration uses them only if the grammar of a task has them, because other operators express the same,
and each would make every level larger.
"""

from __future__ import annotations

from neurosynth.engine.kernels import UNDEFINED_WORD, WORD_LIMIT, Word, helper, np
from neurosynth.language.language import Language
from neurosynth_dsls.bitvectors.machine import BINARY, TEST, mask, minus, sign, signed_bits

__all__ = ["part"]

part = Language("bitvectors.derived")

REDUCTION = "bitvec n -> bitvec 1"
NUMBER = "bitvec n -> int"

# --- reductions and choice --------------------------------------------------------------------------------------------


@part.primitive(type=REDUCTION, enumerated=False, python="int({0} != 0)")
def bvredor(x: int, *, n: int) -> int:
    """One bit: whether any bit is set."""
    return int(x != 0)


@bvredor.kernel
def bvredor_kernel(x: Word, n: int) -> Word:
    return np.uint64(1) if x != np.uint64(0) else np.uint64(0)


@part.primitive(type=REDUCTION, enumerated=False)
def bvredand(x: int, *, n: int) -> int:
    """One bit: whether all bits are set."""
    return int(x == (1 << n) - 1)


@bvredand.kernel
def bvredand_kernel(x: Word, n: int) -> Word:
    return np.uint64(1) if x == mask(n) else np.uint64(0)


@part.primitive(type="bitvec 1 -> bitvec n -> bitvec n -> bitvec n", enumerated=False, python="{1} if {0} else {2}")
def bvite(c: int, x: int, y: int, *, n: int) -> int:
    """Second where the first is #b1, else the third."""
    return x if c else y


@bvite.kernel
def bvite_kernel(c: Word, x: Word, y: Word, n: int) -> Word:
    return x if c != np.uint64(0) else y


# --- rotation by a value ----------------------------------------------------------------------------------------------


@part.primitive(type=BINARY, enumerated=False)
def ext_rotate_left(x: int, y: int, *, n: int) -> int:
    """First turned left by the second, modulo the width; what leaves comes in again on the right."""
    return (x << y % n | x >> (n - y % n)) & ((1 << n) - 1)


@helper
@ext_rotate_left.kernel
def ext_rotate_left_kernel(x: Word, y: Word, n: int) -> Word:
    left = y % np.uint64(n)
    return x if left == np.uint64(0) else ((x << left) | (x >> (np.uint64(n) - left))) & mask(n)


@part.primitive(type=BINARY, enumerated=False)
def ext_rotate_right(x: int, y: int, *, n: int) -> int:
    """First turned right by the second, modulo the width; what leaves comes in again on the left."""
    return (x >> y % n | x << (n - y % n)) & ((1 << n) - 1)


@ext_rotate_left.inverse_kernel(0)
@ext_rotate_right.kernel
def ext_rotate_right_kernel(x: Word, y: Word, n: int) -> Word:
    right = y % np.uint64(n)
    return x if right == np.uint64(0) else ((x >> right) | (x << (np.uint64(n) - right))) & mask(n)


ext_rotate_right.inverse_kernel(0)(ext_rotate_left_kernel)


@ext_rotate_left.inverse(0)
def inverse_ext_rotate_left(output: int, y: int, *, n: int) -> list[int]:
    """The value whose rotation to the left is ``output``."""
    return [ext_rotate_right(output, y, n=n)]


@ext_rotate_right.inverse(0)
def inverse_ext_rotate_right(output: int, y: int, *, n: int) -> list[int]:
    """The value whose rotation to the right is ``output``."""
    return [ext_rotate_left(output, y, n=n)]


# --- overflow ---------------------------------------------------------------------------------------------------------


@helper
def _size(x: Word, n: int) -> Word:
    return minus(x, n) if x & sign(n) != np.uint64(0) else x


@helper
def _differ(x: Word, y: Word, n: int) -> bool:
    """Whether the signs differ."""
    return bool((x ^ y) & sign(n) != np.uint64(0))


@helper
def _product_beyond(x: Word, y: Word, most: Word) -> bool:
    """Whether the product of two unsigned numbers is more than ``most``."""
    return bool(x != np.uint64(0) and y > most // x)


@part.primitive(type="bitvec n -> bool", enumerated=False)
def bvnego(x: int, *, n: int) -> bool:
    """Whether the negation of a signed number overflows: that of the least one does."""
    return x == 1 << (n - 1)


@bvnego.kernel
def bvnego_kernel(x: Word, n: int) -> int:
    return 1 if x == sign(n) else 0


@part.primitive(type=TEST, commutative=True, enumerated=False)
def bvuaddo(x: int, y: int, *, n: int) -> bool:
    """Whether the sum of unsigned numbers overflows."""
    return x + y >= 1 << n


@bvuaddo.kernel
def bvuaddo_kernel(x: Word, y: Word, n: int) -> int:
    return 1 if y > mask(n) - x else 0


@part.primitive(type=TEST, commutative=True, enumerated=False)
def bvsaddo(x: int, y: int, *, n: int) -> bool:
    """Whether the sum of signed numbers overflows."""
    p, q = x - (x >> (n - 1) << n), y - (y >> (n - 1) << n)
    return not -(1 << (n - 1)) <= p + q < 1 << (n - 1)


@bvsaddo.kernel
def bvsaddo_kernel(x: Word, y: Word, n: int) -> int:
    return 1 if not _differ(x, y, n) and _differ(x, (x + y) & mask(n), n) else 0


@part.primitive(type=TEST, enumerated=False, python="{0} < {1}")
def bvusubo(x: int, y: int, *, n: int) -> bool:
    """Whether the difference of unsigned numbers is below zero."""
    return x < y


@bvusubo.kernel
def bvusubo_kernel(x: Word, y: Word, n: int) -> int:
    return 1 if x < y else 0


@part.primitive(type=TEST, enumerated=False)
def bvssubo(x: int, y: int, *, n: int) -> bool:
    """Whether the difference of signed numbers overflows."""
    p, q = x - (x >> (n - 1) << n), y - (y >> (n - 1) << n)
    return not -(1 << (n - 1)) <= p - q < 1 << (n - 1)


@bvssubo.kernel
def bvssubo_kernel(x: Word, y: Word, n: int) -> int:
    return 1 if _differ(x, y, n) and _differ(x, (x - y) & mask(n), n) else 0


@part.primitive(type=TEST, commutative=True, enumerated=False)
def bvumulo(x: int, y: int, *, n: int) -> bool:
    """Whether the product of unsigned numbers overflows."""
    return x * y >= 1 << n


@bvumulo.kernel
def bvumulo_kernel(x: Word, y: Word, n: int) -> int:
    return 1 if _product_beyond(x, y, mask(n)) else 0


@part.primitive(type=TEST, commutative=True, enumerated=False)
def bvumul_noovfl(x: int, y: int, *, n: int) -> bool:
    """Whether the product of unsigned numbers does not overflow."""
    return x * y < 1 << n


@bvumul_noovfl.kernel
def bvumul_noovfl_kernel(x: Word, y: Word, n: int) -> int:
    return 0 if _product_beyond(x, y, mask(n)) else 1


@part.primitive(type=TEST, commutative=True, enumerated=False)
def bvsmulo(x: int, y: int, *, n: int) -> bool:
    """Whether the product of signed numbers overflows."""
    p, q = x - (x >> (n - 1) << n), y - (y >> (n - 1) << n)
    return not -(1 << (n - 1)) <= p * q < 1 << (n - 1)


@bvsmulo.kernel
def bvsmulo_kernel(x: Word, y: Word, n: int) -> int:
    most = sign(n) if _differ(x, y, n) else sign(n) - np.uint64(1)
    return 1 if _product_beyond(_size(x, n), _size(y, n), most) else 0


@part.primitive(type=TEST, commutative=True, enumerated=False)
def bvsmul_noovfl(x: int, y: int, *, n: int) -> bool:
    """Whether the product of signed numbers is not too large."""
    p, q = x - (x >> (n - 1) << n), y - (y >> (n - 1) << n)
    return p * q < 1 << (n - 1)


@bvsmul_noovfl.kernel
def bvsmul_noovfl_kernel(x: Word, y: Word, n: int) -> int:
    most = sign(n) - np.uint64(1)
    return 0 if not _differ(x, y, n) and _product_beyond(_size(x, n), _size(y, n), most) else 1


@part.primitive(type=TEST, commutative=True, enumerated=False)
def bvsmul_noudfl(x: int, y: int, *, n: int) -> bool:
    """Whether the product of signed numbers is not too small."""
    p, q = x - (x >> (n - 1) << n), y - (y >> (n - 1) << n)
    return p * q >= -(1 << (n - 1))


@bvsmul_noudfl.kernel
def bvsmul_noudfl_kernel(x: Word, y: Word, n: int) -> int:
    return 0 if _differ(x, y, n) and _product_beyond(_size(x, n), _size(y, n), sign(n)) else 1


@part.primitive(type=TEST, enumerated=False)
def bvsdivo(x: int, y: int, *, n: int) -> bool:
    """Whether the quotient of signed numbers overflows: that of the least one by -1 does."""
    return x == 1 << (n - 1) and y == (1 << n) - 1


@bvsdivo.kernel
def bvsdivo_kernel(x: Word, y: Word, n: int) -> int:
    return 1 if x == sign(n) and y == mask(n) else 0


# --- conversions ------------------------------------------------------------------------------------------------------


@part.primitive(type=NUMBER, enumerated=False, python="{0}")
def ubv_to_int(x: int, *, n: int) -> int:
    """The unsigned number."""
    return x


@ubv_to_int.kernel
def ubv_to_int_kernel(x: Word, n: int) -> int:
    return UNDEFINED_WORD if x > np.uint64(WORD_LIMIT) else int(x)


@part.primitive(type=NUMBER, enumerated=False, python="{0}")
def bv2nat(x: int, *, n: int) -> int:
    """The unsigned number, as SMT-LIB 2.6 called it."""
    return x


bv2nat.kernel(ubv_to_int_kernel)


@part.primitive(type=NUMBER, enumerated=False)
def sbv_to_int(x: int, *, n: int) -> int:
    """The signed number."""
    return x - (x >> (n - 1) << n)


@sbv_to_int.kernel
def sbv_to_int_kernel(x: Word, n: int) -> int:
    size = _size(x, n)
    if size > np.uint64(WORD_LIMIT):
        return UNDEFINED_WORD
    return -int(size) if x & sign(n) != np.uint64(0) else int(size)


@ubv_to_int.inverse(0)
@bv2nat.inverse(0)
def inverse_ubv_to_int(output: int, *, n: int) -> list[int]:
    """The bits of the number, where there are as many."""
    return [output] if 0 <= output < 1 << n else []


@ubv_to_int.inverse_kernel(0)
@bv2nat.inverse_kernel(0)
def inverse_ubv_to_int_kernel(goal: int, n: int) -> Word:
    return signed_bits(goal, n)


@sbv_to_int.inverse(0)
def inverse_sbv_to_int(output: int, *, n: int) -> list[int]:
    """The bits of the number, where there are as many."""
    return [output & ((1 << n) - 1)] if -(1 << (n - 1)) <= output < 1 << (n - 1) else []


@sbv_to_int.inverse_kernel(0)
def inverse_sbv_to_int_kernel(goal: int, n: int) -> Word:
    return signed_bits(goal, n)
