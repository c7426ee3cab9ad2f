"""The remaining operators of SMT-LIB's integers, and those that cvc5 adds to its strings.

Files and programs may use them; enumeration uses them only if the grammar of a task has them.
"""

from __future__ import annotations

from neurosynth.engine.kernels import UNDEFINED_WORD, WORD_LIMIT, Data
from neurosynth.language.language import Language
from neurosynth_dsls.strings.machine import in_range

__all__ = ["part"]

part = Language("strings.rest")


@part.primitive(name="str.rev", enumerated=False, python="{0}[::-1]")
def rev(s: str) -> str:
    """From end to start."""
    return s[::-1]


@rev.kernel
def rev_kernel(out: Data, a: Data, i: int, n: int) -> int:
    if n > out.size:
        return -1
    for k in range(n):
        out[k] = a[i + n - 1 - k]
    return n


@rev.inverse(0)
def inverse_rev(output: str) -> list[str]:
    """The text whose reversal is ``output``."""
    return [output[::-1]]


rev.inverse_kernel(0)(rev_kernel)


@part.primitive(name="str.to_lower", enumerated=False)
def to_lower(s: str) -> str:
    """Letters A to Z small, all others as they are."""
    return "".join(c.lower() if c.isascii() else c for c in s)


@to_lower.kernel
def to_lower_kernel(out: Data, a: Data, i: int, n: int) -> int:
    if n > out.size:
        return -1
    for k in range(n):
        c = int(a[i + k])
        out[k] = c + 32 if 65 <= c <= 90 else c
    return n


@part.primitive(name="str.to_upper", enumerated=False)
def to_upper(s: str) -> str:
    """Letters a to z capital, all others as they are."""
    return "".join(c.upper() if c.isascii() else c for c in s)


@to_upper.kernel
def to_upper_kernel(out: Data, a: Data, i: int, n: int) -> int:
    if n > out.size:
        return -1
    for k in range(n):
        c = int(a[i + k])
        out[k] = c - 32 if 97 <= c <= 122 else c
    return n


@part.primitive(name="str.update", enumerated=False)
def update(s: str, i: int, by: str) -> str:
    """Characters from a position on overwritten by those of the last, as far as the text goes; the same text for a wrong position."""
    return s[:i] + by[: len(s) - i] + s[i + len(by) :] if 0 <= i < len(s) else s


@update.kernel
def update_kernel(out: Data, a: Data, i: int, n: int, at: int, b: Data, j: int, m: int) -> int:
    if n > out.size:
        return -1
    for k in range(n):
        out[k] = b[j + k - at] if 0 <= at <= k and k - at < m else a[i + k]
    return n


@part.primitive(name="*", commutative=True, enumerated=False, python="{0} * {1}")
def multiply(m: int, n: int) -> int:
    """Product."""
    return m * n


@multiply.kernel
def multiply_kernel(x: int, y: int) -> int:
    if x == UNDEFINED_WORD or y == UNDEFINED_WORD:
        return UNDEFINED_WORD
    if x != 0 and abs(y) > WORD_LIMIT // abs(x):
        return UNDEFINED_WORD
    return in_range(x * y)


@part.primitive(name="div", enumerated=False, raises=(ZeroDivisionError,))
def quotient(m: int, n: int) -> int:
    """Quotient whose remainder is never negative; undefined for division by zero."""
    return m // n if n >= 0 else -(m // -n)


@quotient.kernel
def quotient_kernel(x: int, y: int) -> int:
    if y == 0:
        return UNDEFINED_WORD
    return x // y if y > 0 else -(x // -y)


@part.primitive(name="mod", enumerated=False, raises=(ZeroDivisionError,), python="{0} % abs({1})")
def remainder(m: int, n: int) -> int:
    """Remainder of a division, never negative; undefined for division by zero."""
    return m % abs(n)


@remainder.kernel
def remainder_kernel(x: int, y: int) -> int:
    return UNDEFINED_WORD if y == 0 else x % abs(y)


@part.primitive(name="abs", enumerated=False, python="abs({0})")
def size(n: int) -> int:
    """Number without its sign."""
    return abs(n)


@size.kernel
def size_kernel(x: int) -> int:
    return abs(x)
