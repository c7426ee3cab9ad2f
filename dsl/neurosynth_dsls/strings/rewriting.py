"""Texts in another form."""

from __future__ import annotations

from neurosynth.engine.kernels import ASK_REFERENCE, Data
from neurosynth.language.language import Language
from neurosynth_dsls.strings.machine import CAPITAL, LETTER, SMALL, belongs, beyond_ascii, copy

__all__ = ["part"]

part = Language("strings.rewriting")


@part.primitive(name="str.capitalize", cost=3, python="{0}.capitalize()")
def capitalize(s: str) -> str:
    """First character capital, all other letters small."""
    return s.capitalize()


@capitalize.kernel
def capitalize_kernel(out: Data, a: Data, i: int, n: int) -> int:
    if beyond_ascii(a, i, n):
        return ASK_REFERENCE
    if n > out.size:
        return -1
    for k in range(n):
        c = int(a[i + k])
        if k == 0:
            out[k] = c - 32 if belongs(c, SMALL) else c
        else:
            out[k] = c + 32 if belongs(c, CAPITAL) else c
    return n


@part.primitive(name="str.swapcase", cost=3, python="{0}.swapcase()")
def swapcase(s: str) -> str:
    """Capital letters small, small ones capital."""
    return s.swapcase()


@swapcase.kernel
def swapcase_kernel(out: Data, a: Data, i: int, n: int) -> int:
    if beyond_ascii(a, i, n):
        return ASK_REFERENCE
    if n > out.size:
        return -1
    for k in range(n):
        c = int(a[i + k])
        out[k] = c ^ 32 if belongs(c, LETTER) else c  # one bit distinguishes capitals from small letters
    return n


def _padded_size(s: str, n: int, c: str) -> int:
    return max(len(s), n) if c else len(s)


@part.primitive(name="str.pad_left", cost=2, size=_padded_size)
def pad_left(s: str, n: int, c: str) -> str:
    """Made n characters long by putting the first character of c in front; longer texts and an empty c change nothing."""
    return c[:1] * max(0, n - len(s)) + s


@pad_left.kernel
def pad_left_kernel(out: Data, a: Data, i: int, n: int, count: int, b: Data, j: int, m: int) -> int:
    gap = count - n if m > 0 and count > n else 0
    if gap + n > out.size:
        return -1
    for k in range(gap):
        out[k] = b[j]
    return copy(out, gap, a, i, n)
