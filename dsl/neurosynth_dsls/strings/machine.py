"""Helpers for kernels of texts.

A text is ``data[start : start + length]``, code points in ``uint8`` (all of them ASCII) or ``int32``; parameters come as ``a, i, n``,
then ``b, j, m``, then ``c, k, l``. Inner loops use unsigned indices, which do not wrap around in numba: copying takes half the time.
Classes of letters and case mappings are compiled for ASCII only; for other characters, kernels ask the reference semantics.
"""

from __future__ import annotations

from neurosynth.engine.kernels import UNDEFINED_WORD, WORD_LIMIT, Data, helper, np

__all__ = ["CAPITAL", "DIGIT", "LETTER", "SMALL", "belongs", "beyond_ascii", "copy", "find", "in_range", "is_space"]


DIGIT, LETTER, CAPITAL, SMALL = range(4)
"""Classes of characters."""


@helper
def find(a: Data, i: int, n: int, b: Data, j: int, m: int, start: int) -> int:
    """First position from ``start >= 0`` on where ``b`` occurs in ``a``, or -1."""
    if m == 0:
        return start if start <= n else -1
    first = b[j]
    for at in range(start, n - m + 1):
        if a[np.uint64(i + at)] == first:
            same = 1
            while same < m and a[np.uint64(i + at + same)] == b[np.uint64(j + same)]:
                same += 1
            if same == m:
                return at
    return -1


@helper
def copy(out: Data, at: int, a: Data, i: int, n: int) -> int:
    """Write ``a`` to ``out`` from ``at`` on; returns the position after it, or -1 and writes nothing if it does not fit."""
    if at + n > out.size:
        return -1
    for k in range(n):
        out[np.uint64(at + k)] = a[np.uint64(i + k)]
    return at + n


@helper
def is_space(c: int) -> bool:
    """White space as in Python's ``str.isspace``: the characters that ``strip`` and ``split`` use."""
    if c < 128:
        return c == 32 or 9 <= c <= 13 or 28 <= c <= 31
    return (
        c == 0x85
        or c == 0xA0
        or c == 0x1680
        or 0x2000 <= c <= 0x200A
        or c == 0x2028
        or c == 0x2029
        or c == 0x202F
        or c == 0x205F
        or c == 0x3000
    )


@helper
def in_range(v: int) -> int:
    """``v``, or the undefined word if it is beyond the integers of search."""
    return v if -WORD_LIMIT <= v <= WORD_LIMIT else UNDEFINED_WORD


@helper
def belongs(c: int, kind: int) -> bool:
    """Whether an ASCII character belongs to a class; false for all others."""
    if kind == DIGIT:
        return 48 <= c <= 57
    return (kind != SMALL and 65 <= c <= 90) or (kind != CAPITAL and 97 <= c <= 122)


@helper
def beyond_ascii(a: Data, i: int, n: int) -> bool:
    for k in range(n):  # noqa: SIM110 -- numba compiles no generators
        if a[i + k] >= 128:
            return True
    return False
