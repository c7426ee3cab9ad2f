"""Numbers, and conversions between texts and numbers."""

from __future__ import annotations

from neurosynth.engine.kernels import ASK_REFERENCE, UNDEFINED_WORD, WORD_LIMIT, Data, helper
from neurosynth.language.language import Language
from neurosynth_dsls.strings.machine import in_range

__all__ = ["part"]

part = Language("strings.numbers")

MOST_DIGITS = 4300  # Python's default limit for conversions, beyond which the reference raises
CODE_POINTS = 0x30000  # characters of SMT-LIB


@part.primitive(name="str.to.int", smtlib="str.to_int", raises=(ValueError,))
def to_int(s: str) -> int:
    """Number written in decimal digits; -1 for any other text.  More than 4300 digits are undefined, as in Python."""
    return int(s) if s.isascii() and s.isdigit() else -1


@helper
@to_int.kernel
def to_int_kernel(a: Data, i: int, n: int) -> int:
    if n == 0:
        return -1
    for k in range(n):
        if a[i + k] < 48 or a[i + k] > 57:
            return -1
    if n > MOST_DIGITS:
        return UNDEFINED_WORD
    value = 0
    for k in range(n):
        digit = int(a[i + k]) - 48
        if value > (WORD_LIMIT - digit) // 10:
            return UNDEFINED_WORD
        value = value * 10 + digit
    return value


@part.primitive(name="int.to.str", smtlib="str.from_int", raises=(ValueError,))
def from_int(n: int) -> str:
    """Decimal digits of a number; "" for a negative one.  More than 4300 digits are undefined, as in Python."""
    return str(n) if n >= 0 else ""


@from_int.kernel
def from_int_kernel(out: Data, v: int) -> int:
    if v < 0:
        return 0
    digits, rest = 1, v // 10
    while rest > 0:
        digits, rest = digits + 1, rest // 10
    if digits > out.size:
        return -1
    for k in range(digits - 1, -1, -1):
        out[k] = 48 + v % 10
        v = v // 10
    return digits


@from_int.inverse(0)
def inverse_from_int(output: str) -> list[int]:
    """The number that decimal digits spell, if without zeros in front."""
    plain = output.isascii() and output.isdigit() and (output == "0" or output[0] != "0") and len(output) <= 4300
    return [int(output)] if plain else []


@from_int.inverse_kernel(0)
def inverse_from_int_kernel(goal: Data, i: int, n: int) -> int:
    """The number whose digits the goal is."""
    if n == 0 or (n > 1 and goal[i] == 48):
        return UNDEFINED_WORD
    value = to_int_kernel(goal, i, n)
    return value if value >= 0 else UNDEFINED_WORD


@part.primitive(name="str.to_code", cost=2)
def to_code(s: str) -> int:
    """Code point of a text of one character; -1 for any other."""
    return ord(s) if len(s) == 1 else -1


@to_code.kernel
def to_code_kernel(a: Data, i: int, n: int) -> int:
    return int(a[i]) if n == 1 else -1


@part.primitive(name="str.from_code", cost=2)
def from_code(n: int) -> str:
    """Character with code point n; "" outside 0 to 196607, the characters of SMT-LIB."""
    return chr(n) if 0 <= n < 0x30000 else ""


@from_code.kernel
def from_code_kernel(out: Data, v: int) -> int:
    if v < 0 or v >= CODE_POINTS:
        return 0
    if out.size < 1:
        return -1
    if v >= 128 and out.itemsize == 1:  # not representable in bytes
        return ASK_REFERENCE
    out[0] = v
    return 1


@part.primitive(name="+", commutative=True, python="{0} + {1}")
def add(m: int, n: int) -> int:
    """Sum."""
    return m + n


@add.kernel
def add_kernel(x: int, y: int) -> int:
    return in_range(x + y)


@add.inverse(0, 1)
def inverse_add(output: int, other: int) -> list[int]:
    """The missing summand."""
    return [output - other]


@part.primitive(name="-", python="{0} - {1}")
def subtract(m: int, n: int) -> int:
    """First minus second."""
    return m - n


@add.inverse_kernel(0, 1)
@subtract.kernel
def subtract_kernel(x: int, y: int) -> int:
    return in_range(x - y)


@subtract.inverse(0)
def inverse_subtract_first(output: int, second: int) -> list[int]:
    """The first argument of the subtraction."""
    return [output + second]


subtract.inverse_kernel(0)(add_kernel)


@subtract.inverse(1)
def inverse_subtract_second(output: int, first: int) -> list[int]:
    """The second argument of the subtraction."""
    return [first - output]


@subtract.inverse_kernel(1)
def inverse_subtract_second_kernel(goal: int, x: int) -> int:
    return in_range(x - goal)


@part.primitive(name="neg", cost=2, python="-{0}", smtlib="-")
def negate(n: int) -> int:
    """The number with the other sign."""
    return -n


@negate.kernel
@negate.inverse_kernel(0)
def negate_kernel(x: int) -> int:
    return -x


@negate.inverse(0)
def inverse_negate(output: int) -> list[int]:
    """The negated number."""
    return [-output]


@part.primitive(name="<", python="{0} < {1}")
def less(m: int, n: int) -> bool:
    """Whether the first is less than the second."""
    return m < n


@less.kernel
def less_kernel(x: int, y: int) -> int:
    return 1 if x < y else 0


@part.primitive(name="<=", python="{0} <= {1}")
def less_equal(m: int, n: int) -> bool:
    """Whether the first is at most the second."""
    return m <= n


@less_equal.kernel
def less_equal_kernel(x: int, y: int) -> int:
    return 1 if x <= y else 0


@part.primitive(name=">", cost=2, python="{0} > {1}")
def greater(m: int, n: int) -> bool:
    """Whether the first is more than the second."""
    return m > n


@greater.kernel
def greater_kernel(x: int, y: int) -> int:
    return 1 if x > y else 0


@part.primitive(name=">=", cost=2, python="{0} >= {1}")
def greater_equal(m: int, n: int) -> bool:
    """Whether the first is at least the second."""
    return m >= n


@greater_equal.kernel
def greater_equal_kernel(x: int, y: int) -> int:
    return 1 if x >= y else 0
