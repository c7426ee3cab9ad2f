"""Concatenation, and characters and pieces by position, as in SMT-LIB."""

from __future__ import annotations

from neurosynth.engine.kernels import UNDEFINED_WORD, Data
from neurosynth.language.language import Language
from neurosynth_dsls.strings.machine import copy, find

__all__ = ["part"]

part = Language("strings.pieces")


def _joined_size(s: str, t: str) -> int:
    return len(s) + len(t)


@part.primitive(name="str.++", python="{0} + {1}", size=_joined_size, hash_kernel="concat")
def concat(s: str, t: str) -> str:
    """First text followed by the second."""
    return s + t


@concat.kernel
def concat_kernel(out: Data, a: Data, i: int, n: int, b: Data, j: int, m: int) -> int:
    if n + m > out.size:
        return -1
    copy(out, 0, a, i, n)
    return copy(out, n, b, j, m)


@concat.inverse(0)
def inverse_concat_first(output: str, second: str) -> list[str]:
    """The text before ``second``, if ``output`` ends in it."""
    return [output[: len(output) - len(second)]] if output.endswith(second) else []


@concat.inverse_kernel(0)
def inverse_concat_first_kernel(out: Data, a: Data, i: int, n: int, b: Data, j: int, m: int) -> int:
    """The goal ``a`` without the known end ``b``."""
    if m > n:
        return -1
    for k in range(m):
        if a[i + n - m + k] != b[j + k]:
            return -1
    return copy(out, 0, a, i, n - m)


@concat.inverse(1)
def inverse_concat_second(output: str, first: str) -> list[str]:
    """The text after ``first``, if ``output`` starts with it."""
    return [output[len(first) :]] if output.startswith(first) else []


@concat.inverse_kernel(1)
def inverse_concat_second_kernel(out: Data, a: Data, i: int, n: int, b: Data, j: int, m: int) -> int:
    """The goal ``a`` without the known beginning ``b``."""
    if m > n:
        return -1
    for k in range(m):
        if a[i + k] != b[j + k]:
            return -1
    return copy(out, 0, a, i + m, n - m)


@part.primitive(name="str.at")
def char_at(s: str, i: int) -> str:
    """Character at position i, counted from 0; "" where there is none."""
    return s[i] if 0 <= i < len(s) else ""


@char_at.kernel(slices=True)
def char_at_kernel(a: Data, i: int, n: int, at: int) -> tuple[int, int]:
    if at < 0 or at >= n:
        return i, 0
    return i + at, 1


@char_at.inverse(1)
def inverse_char_at(output: str, s: str) -> list[int]:
    """Positions of that character; for an empty output, the position after the last character."""
    return [i for i, c in enumerate(s) if c == output] if output else [len(s)]


@char_at.inverse_kernel(1)
def inverse_char_at_kernel(goal: Data, i: int, n: int, b: Data, j: int, m: int) -> int:
    """First position of the goal in ``b``, as one character; for an empty goal, the position after the last character."""
    if n == 0:
        return m
    at = find(b, j, m, goal, i, n, 0) if n == 1 else -1
    return at if at >= 0 else UNDEFINED_WORD


@part.primitive(name="str.substr")
def substring(s: str, i: int, n: int) -> str:
    """At most n characters from position i on; "" where i is not a position."""
    return s[i : i + n] if 0 <= i < len(s) and n > 0 else ""


@substring.kernel(slices=True)
def substring_kernel(a: Data, i: int, n: int, at: int, count: int) -> tuple[int, int]:
    if at < 0 or at >= n or count <= 0:
        return i, 0
    return i + at, min(count, n - at)


@substring.inverse(1)
def inverse_substring_start(output: str, s: str, n: int) -> list[int]:
    """Positions from which at most n characters give the output; for an empty output, the position after the last character."""
    return [i for i in range(len(s)) if s[i : i + max(n, 0)] == output] if output else [len(s)]


@substring.inverse_kernel(1)
def inverse_substring_start_kernel(goal: Data, i: int, n: int, b: Data, j: int, m: int, count: int) -> int:
    """First position in ``b`` from which ``count`` characters give the goal."""
    if n == 0:
        return m
    if count < n:
        return UNDEFINED_WORD
    if count > n:  # more characters were requested than there are: at the end
        return m - n if n <= m and find(b, j + m - n, n, goal, i, n, 0) == 0 else UNDEFINED_WORD
    at = find(b, j, m, goal, i, n, 0)
    return at if at >= 0 else UNDEFINED_WORD


@substring.inverse(2)
def inverse_substring_count(output: str, s: str, i: int) -> list[int]:
    """The output's length, if it occurs there."""
    return [len(output)] if not output or (i >= 0 and s.startswith(output, i)) else []


@substring.inverse_kernel(2)
def inverse_substring_count_kernel(goal: Data, i: int, n: int, b: Data, j: int, m: int, at: int) -> int:
    """The goal's length, if it occurs in ``b`` at that position."""
    if n == 0:
        return 0
    if at < 0 or at + n > m:
        return UNDEFINED_WORD
    return n if find(b, j + at, n, goal, i, n, 0) == 0 else UNDEFINED_WORD
