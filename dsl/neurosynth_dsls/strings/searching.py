"""Lengths, positions and tests, as in SMT-LIB."""

from __future__ import annotations

from neurosynth.engine.kernels import Data, helper
from neurosynth.language.language import Language
from neurosynth_dsls.strings.machine import find

__all__ = ["part"]

part = Language("strings.searching")


@helper
def _compare(a: Data, i: int, n: int, b: Data, j: int, m: int) -> int:
    """Negative, zero or positive if ``a`` comes before, equals or comes after ``b``."""
    for k in range(min(n, m)):
        if a[i + k] < b[j + k]:
            return -1
        if a[i + k] > b[j + k]:
            return 1
    return n - m


@part.primitive(name="str.len", python="len({0})")
def length(s: str) -> int:
    """Number of characters."""
    return len(s)


@length.kernel
def length_kernel(a: Data, i: int, n: int) -> int:
    return n


@part.primitive(name="str.indexof")
def index_of(s: str, pattern: str, start: int) -> int:
    """First position from start on where the second text occurs in the first; -1 for none."""
    return s.find(pattern, start) if start >= 0 else -1


@index_of.kernel
def index_of_kernel(a: Data, i: int, n: int, b: Data, j: int, m: int, start: int) -> int:
    return find(a, i, n, b, j, m, start) if start >= 0 else -1


@part.primitive(name="str.rindexof", python="{0}.rfind({1})")
def last_index_of(s: str, pattern: str) -> int:
    """Last position where the second text occurs in the first; -1 for none."""
    return s.rfind(pattern)


@last_index_of.kernel
def last_index_of_kernel(a: Data, i: int, n: int, b: Data, j: int, m: int) -> int:
    for at in range(n - m, -1, -1):
        if find(a, i + at, m, b, j, m, 0) == 0:
            return at
    return -1


@part.primitive(name="str.prefixof", python="{1}.startswith({0})")
def is_prefix(prefix: str, s: str) -> bool:
    """Whether the second text starts with the first."""
    return s.startswith(prefix)


@is_prefix.kernel
def is_prefix_kernel(a: Data, i: int, n: int, b: Data, j: int, m: int) -> int:
    return 1 if n <= m and find(b, j, n, a, i, n, 0) == 0 else 0


@part.primitive(name="str.suffixof", python="{1}.endswith({0})")
def is_suffix(suffix: str, s: str) -> bool:
    """Whether the second text ends with the first."""
    return s.endswith(suffix)


@is_suffix.kernel
def is_suffix_kernel(a: Data, i: int, n: int, b: Data, j: int, m: int) -> int:
    return 1 if n <= m and find(b, j + m - n, n, a, i, n, 0) == 0 else 0


@part.primitive(name="str.contains", python="{1} in {0}")
def contains(s: str, pattern: str) -> bool:
    """Whether the second text occurs in the first."""
    return pattern in s


@contains.kernel
def contains_kernel(a: Data, i: int, n: int, b: Data, j: int, m: int) -> int:
    return 1 if find(a, i, n, b, j, m, 0) >= 0 else 0


@part.primitive(name="str.<", cost=2, python="{0} < {1}")
def text_less(s: str, t: str) -> bool:
    """Whether the first text comes before the second, by code points."""
    return s < t


@text_less.kernel
def text_less_kernel(a: Data, i: int, n: int, b: Data, j: int, m: int) -> int:
    return 1 if _compare(a, i, n, b, j, m) < 0 else 0


@part.primitive(name="str.<=", cost=2, python="{0} <= {1}")
def text_less_equal(s: str, t: str) -> bool:
    """Whether the first text comes before the second or is the same, by code points."""
    return s <= t


@text_less_equal.kernel
def text_less_equal_kernel(a: Data, i: int, n: int, b: Data, j: int, m: int) -> int:
    return 1 if _compare(a, i, n, b, j, m) <= 0 else 0


@part.primitive(name="str.is_digit")
def is_digit(s: str) -> bool:
    """Whether it is one character, 0 to 9."""
    return len(s) == 1 and "0" <= s <= "9"


@is_digit.kernel
def is_digit_kernel(a: Data, i: int, n: int) -> int:
    return 1 if n == 1 and 48 <= a[i] <= 57 else 0
