"""White space, words and fields."""

from __future__ import annotations

from neurosynth.engine.kernels import UNDEFINED_WORD, Data, helper
from neurosynth.language.language import Language
from neurosynth_dsls.strings.machine import find, is_space

__all__ = ["part"]

part = Language("strings.words")


@part.primitive(name="str.trim", python="{0}.strip()")
def trim(s: str) -> str:
    """Without white space at both ends."""
    return s.strip()


@trim.kernel(slices=True)
def trim_kernel(a: Data, i: int, n: int) -> tuple[int, int]:
    start, end = 0, n
    while start < end and is_space(a[i + start]):
        start += 1
    while end > start and is_space(a[i + end - 1]):
        end -= 1
    return i + start, end - start


@part.primitive(name="str.reverse", python="{0}[::-1]")
def reverse(s: str) -> str:
    """Characters in reverse order."""
    return s[::-1]


@reverse.kernel
@reverse.inverse_kernel(0)
def reverse_kernel(out: Data, a: Data, i: int, n: int) -> int:
    if n > out.size:
        return -1
    for k in range(n):
        out[k] = a[i + n - 1 - k]
    return n


@reverse.inverse(0)
def inverse_reverse(output: str) -> list[str]:
    """The text whose reversal is ``output``."""
    return [output[::-1]]


@part.primitive(name="str.word")
def word(s: str, n: int) -> str:
    """Word n of the text split at white space, from 0, or from -1 backwards; "" where there is none."""
    words = s.split()
    return words[n] if -len(words) <= n < len(words) else ""


@helper
@word.kernel(slices=True)
def word_kernel(a: Data, i: int, n: int, index: int) -> tuple[int, int]:
    if index < 0:
        for k in range(n):  # a word starts after white space or the beginning
            if not is_space(a[i + k]) and (k == 0 or is_space(a[i + k - 1])):
                index += 1
        if index < 0:
            return i, 0
    start = 0
    while True:
        while start < n and is_space(a[i + start]):
            start += 1
        end = start
        while end < n and not is_space(a[i + end]):
            end += 1
        if index == 0:
            return i + start, end - start
        if end == n:
            return i, 0
        index -= 1
        start = end


@word.inverse(1)
def inverse_word(output: str, s: str) -> list[int]:
    """The indices of the word, from 0; for an empty word, also the number of words."""
    words = s.split()
    return [i for i, w in enumerate(words) if w == output] if output else [len(words)]


@word.inverse_kernel(1)
def inverse_word_kernel(goal: Data, i: int, n: int, b: Data, j: int, m: int) -> int:
    """The first index of the goal among the words of ``b``."""
    index = 0
    while True:
        start, length = word_kernel(b, j, m, index)
        if length == 0:
            return index if n == 0 else UNDEFINED_WORD
        if length == n and find(b, start, n, goal, i, n, 0) == 0:
            return index
        index += 1


@part.primitive(name="str.field")
def field(s: str, separator: str, n: int) -> str:
    """Field n of the text split at each separator, from 0, or from -1 backwards; "" where there is none."""
    fields = s.split(separator) if separator else [s]
    return fields[n] if -len(fields) <= n < len(fields) else ""


@helper
@field.kernel(slices=True)
def field_kernel(a: Data, i: int, n: int, b: Data, j: int, m: int, index: int) -> tuple[int, int]:
    if m == 0:
        return i, n if index == 0 or index == -1 else 0
    if index < 0:
        at = 0
        while at >= 0:
            index += 1
            at = find(a, i, n, b, j, m, at)
            at = at + m if at >= 0 else -1
        if index < 0:
            return i, 0
    start = 0
    while True:
        end = find(a, i, n, b, j, m, start)
        if index == 0:
            return i + start, (end if end >= 0 else n) - start
        if end < 0:
            return i, 0
        index -= 1
        start = end + m


@field.inverse(2)
def inverse_field(output: str, s: str, separator: str) -> list[int]:
    """Which fields it is, counted from 0; nothing is also one more than there are."""
    fields = s.split(separator) if separator else [s]
    return [*(i for i, f in enumerate(fields) if f == output), *([] if output else [len(fields)])]


@field.inverse_kernel(2)
def inverse_field_kernel(goal: Data, i: int, n: int, b: Data, j: int, m: int, c: Data, k: int, l: int) -> int:
    """The first index of the goal among the fields of ``b``, split at ``c``."""
    start, index = 0, 0
    while l > 0:
        end = find(b, j, m, c, k, l, start)
        length = (end if end >= 0 else m) - start
        if length == n and find(b, j + start, n, goal, i, n, 0) == 0:
            return index
        if end < 0:
            return index + 1 if n == 0 else UNDEFINED_WORD
        start = end + l
        index += 1
    if n == m and find(b, j, m, goal, i, n, 0) == 0:
        return 0
    return 1 if n == 0 else UNDEFINED_WORD
