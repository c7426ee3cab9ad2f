"""Compiled semantics of ``strings_text``; the protocol is that of docs/kernels.md.

A string is ``data[start : start + length]``; parameters come as ``a, i, n``, then ``b, j, m``.  Classes of letters and case
mappings are compiled for ASCII only: a text with another character asks for the reference function with -2.  Digits are
0 to 9 and white space is all of Unicode's, so that numbers, words and ends never ask.
"""

from __future__ import annotations

from numba.extending import register_jitable

from neurosynth.engine.constants import UNDEFINED_WORD
from neurosynth.engine.hashing import Data
from neurosynth_dsls.strings_kernels import ASK_REFERENCE, copy, find, is_space

DIGIT, LETTER, CAPITAL, SMALL = range(4)


@register_jitable
def _belongs(c: int, kind: int) -> bool:
    """Whether an ASCII character is of a class; beyond ASCII true of none."""
    if kind == DIGIT:
        return 48 <= c <= 57
    return (kind != SMALL and 65 <= c <= 90) or (kind != CAPITAL and 97 <= c <= 122)


@register_jitable
def _beyond_ascii(a: Data, i: int, n: int) -> bool:
    for k in range(n):  # noqa: SIM110 -- numba compiles no generators
        if a[i + k] >= 128:
            return True
    return False


@register_jitable
def _run(a: Data, i: int, n: int, index: int, kind: int) -> tuple[int, int]:
    """Run ``index`` of the characters of a class."""
    if kind != DIGIT and _beyond_ascii(a, i, n):
        return i, ASK_REFERENCE
    if index < 0:
        for k in range(n):  # a run starts after another character or the beginning
            if _belongs(a[i + k], kind) and (k == 0 or not _belongs(a[i + k - 1], kind)):
                index += 1
        if index < 0:
            return i, 0
    start = 0
    while start < n:
        end = start
        while end < n and _belongs(a[i + end], kind):
            end += 1
        if end > start:
            if index == 0:
                return i + start, end - start
            index -= 1
        start = end + 1
    return i, 0


@register_jitable
def _kept(out: Data, a: Data, i: int, n: int, kind: int, wanted: bool) -> int:
    """The characters of a class, or those of no class."""
    if kind != DIGIT and _beyond_ascii(a, i, n):
        return ASK_REFERENCE
    written = 0
    for k in range(n):
        if _belongs(a[i + k], kind) == wanted:
            if written == out.size:
                return -1
            out[written] = a[i + k]
            written += 1
    return written


# Parts of a text.


def number(a: Data, i: int, n: int, index: int) -> tuple[int, int]:
    return _run(a, i, n, index, DIGIT)


def letters(a: Data, i: int, n: int, index: int) -> tuple[int, int]:
    return _run(a, i, n, index, LETTER)


def before(a: Data, i: int, n: int, b: Data, j: int, m: int) -> tuple[int, int]:
    at = find(a, i, n, b, j, m, 0)
    return i, at if at >= 0 else n


def after(a: Data, i: int, n: int, b: Data, j: int, m: int) -> tuple[int, int]:
    at = find(a, i, n, b, j, m, 0)
    return (i + at + m, n - at - m) if at >= 0 else (i, 0)


def take(a: Data, i: int, n: int, count: int) -> tuple[int, int]:
    return i, min(count, n) if count >= 0 else max(n + count, 0)


def drop(a: Data, i: int, n: int, count: int) -> tuple[int, int]:
    start = min(count, n) if count >= 0 else max(n + count, 0)
    return i + start, n - start


def inverse_take(goal: Data, i: int, n: int, b: Data, j: int, m: int) -> int:
    """The goal's length, where ``b`` starts with it."""
    return n if n <= m and find(b, j, n, goal, i, n, 0) == 0 else UNDEFINED_WORD


def inverse_drop(goal: Data, i: int, n: int, b: Data, j: int, m: int) -> int:
    """What ``b`` has before the goal, where it ends with it."""
    return m - n if n <= m and find(b, j + m - n, n, goal, i, n, 0) == 0 else UNDEFINED_WORD


def initials(out: Data, a: Data, i: int, n: int) -> int:
    written = 0
    for k in range(n):
        if not is_space(a[i + k]) and (k == 0 or is_space(a[i + k - 1])):
            if written == out.size:
                return -1
            out[written] = a[i + k]
            written += 1
    return written


def capitals(a: Data, i: int, n: int, index: int) -> tuple[int, int]:
    return _run(a, i, n, index, CAPITAL)


def lowers(a: Data, i: int, n: int, index: int) -> tuple[int, int]:
    return _run(a, i, n, index, SMALL)


# A text without some of its characters.


def only_digits(out: Data, a: Data, i: int, n: int) -> int:
    return _kept(out, a, i, n, DIGIT, True)


def only_letters(out: Data, a: Data, i: int, n: int) -> int:
    return _kept(out, a, i, n, LETTER, True)


def only_capitals(out: Data, a: Data, i: int, n: int) -> int:
    return _kept(out, a, i, n, CAPITAL, True)


def drop_digits(out: Data, a: Data, i: int, n: int) -> int:
    return _kept(out, a, i, n, DIGIT, False)


def squeeze(out: Data, a: Data, i: int, n: int) -> int:
    written = 0
    for k in range(n):
        if k == 0 or a[i + k] != a[i + k - 1]:
            if written == out.size:
                return -1
            out[written] = a[i + k]
            written += 1
    return written


def collapse(out: Data, a: Data, i: int, n: int) -> int:
    written = 0
    for k in range(n):
        if is_space(a[i + k]):
            continue
        gap = 1 if written > 0 and is_space(a[i + k - 1]) else 0
        if written + gap >= out.size:
            return -1
        if gap == 1:
            out[written] = 32
        out[written + gap] = a[i + k]
        written += gap + 1
    return written


# A text written otherwise.


def capitalize(out: Data, a: Data, i: int, n: int) -> int:
    if _beyond_ascii(a, i, n):
        return ASK_REFERENCE
    if n > out.size:
        return -1
    for k in range(n):
        c = int(a[i + k])
        if k == 0:
            out[k] = c - 32 if _belongs(c, SMALL) else c
        else:
            out[k] = c + 32 if _belongs(c, CAPITAL) else c
    return n


def swapcase(out: Data, a: Data, i: int, n: int) -> int:
    if _beyond_ascii(a, i, n):
        return ASK_REFERENCE
    if n > out.size:
        return -1
    for k in range(n):
        c = int(a[i + k])
        out[k] = c ^ 32 if _belongs(c, LETTER) else c  # one bit tells capitals from small letters
    return n


def pad_left(out: Data, a: Data, i: int, n: int, count: int, b: Data, j: int, m: int) -> int:
    gap = count - n if m > 0 and count > n else 0
    if gap + n > out.size:
        return -1
    for k in range(gap):
        out[k] = b[j]
    return copy(out, gap, a, i, n)
