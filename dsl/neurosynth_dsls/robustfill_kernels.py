"""Compiled semantics of ``robustfill``; the protocol is that of docs/kernels.md.

A string is ``data[start : start + length]``; parameters come as ``a, i, n``.  A regex is the code of a character below
``KINDS``, a kind of token from there on.  Kinds are ASCII's, so that only ``to_case`` asks for the reference function
beyond ASCII (-2).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba.extending import register_jitable

from neurosynth.engine.kernels import ASK_REFERENCE, UNCHANGED, Data
from neurosynth_dsls.strings.machine import copy, find, is_space

KINDS = 256
NUMBER, WORD, ALPHANUM, ALL_CAPS, PROP_CASE, LOWER, DIGIT, CHAR = range(8)
UPPER_CASE, LOWER_CASE, PROPER_CASE = range(3)
DELIMITERS = "&,.?!@()[]%{}/:;$#\"' "


def _classes() -> np.ndarray[Any, np.dtype[np.int64]]:
    """For each ASCII character a bit a kind: whether tokens of that kind may hold it."""
    found = np.zeros(128, np.int64)
    for code in range(128):
        ch = chr(code)
        small, large, digit = ch.islower(), ch.isupper(), ch.isdigit()
        letter = small or large
        member = (digit, letter, letter or digit, large, letter, small, digit, letter or digit or ch in DELIMITERS)
        found[code] = sum(1 << kind for kind, inside in enumerate(member) if inside)
    return found


_CLASSES = _classes()


@register_jitable
def _signed(word: int) -> int:
    """A bit-vector as a number: numba makes a float of a signed and an unsigned one together."""
    return np.int64(word)  # type: ignore[return-value]  # to mypy numpy's numbers are no ints


@register_jitable
def _belongs(c: int, kind: int) -> bool:
    """Whether tokens of a kind may hold a character."""
    return c < 128 and (_CLASSES[c] >> kind) & 1 == 1


@register_jitable
def _match(a: Data, i: int, n: int, regex: int, at: int) -> tuple[int, int]:
    """Where the first match from ``at`` on starts and ends; -1 for none."""
    p = at
    if regex < KINDS:
        while p < n and a[i + p] != regex:
            p += 1
        return (p, p + 1) if p < n else (-1, -1)
    kind = regex & 7
    if kind == PROP_CASE:
        while p + 1 < n and not (_belongs(a[i + p], ALL_CAPS) and _belongs(a[i + p + 1], LOWER)):
            p += 1
        if p + 1 >= n:
            return -1, -1
        end = p + 2
        while end < n and _belongs(a[i + end], LOWER):
            end += 1
        return p, end
    while p < n and not _belongs(a[i + p], kind):
        p += 1
    if p >= n:
        return -1, -1
    end = p + 1
    if kind != DIGIT and kind != CHAR:
        while end < n and _belongs(a[i + end], kind):
            end += 1
    return p, end


@register_jitable
def _count(a: Data, i: int, n: int, regex: int) -> int:
    """How many matches there are."""
    found, at = 0, 0
    while True:
        start, at = _match(a, i, n, regex, at)
        if start < 0:
            return found
        found += 1


@register_jitable
def _nth(a: Data, i: int, n: int, regex: int, index: int) -> tuple[int, int, int]:
    """Where match ``index`` starts and ends; where there is none -1, -1 and the number of matches."""
    wanted = index - 1
    if index <= 0:
        count = _count(a, i, n, regex)
        wanted = count + index
        if wanted < 0 or wanted >= count:
            return -1, -1, count
    seen, at = 0, 0
    while True:
        start, end = _match(a, i, n, regex, at)
        if start < 0:
            return -1, -1, seen
        if seen == wanted:
            return start, end, seen
        seen, at = seen + 1, end


@register_jitable
def _edge(a: Data, i: int, n: int, regex: int, index: int, at_end: int) -> int:
    """The start or the end of match ``index``; -1 where nothing matches at all."""
    start, end, count = _nth(a, i, n, regex, index)
    if start >= 0:
        return end if at_end != 0 else start
    if count == 0:
        return -1
    return 0 if index < 0 else count - 1


# Lifts.


def token(kind: int) -> int:
    return KINDS + _signed(kind)


def mark(delimiter: int) -> int:
    return _signed(delimiter)


def sign(delimiter: int) -> int:
    return _signed(delimiter)


# Pieces.


def const(out: Data, char: int) -> int:
    if out.size < 1:
        return -1
    if char >= 128 and out.itemsize == 1:  # beyond ASCII, which is all that bytes hold
        return ASK_REFERENCE
    out[0] = char
    return 1


def sub_str(a: Data, i: int, n: int, first: int, last: int) -> tuple[int, int]:
    p, q = _signed(first), _signed(last)
    p = p - 64 if p > 31 else p
    q = q - 64 if q > 31 else q
    p = p - 1 if p > 0 else n + p
    q = q - 1 if q > 0 else n + q
    if p < 0 or p >= min(q, n):
        return i, 0
    return i + p, max(min(q + 1, n) - p, 0)


def get_span(
    a: Data, i: int, n: int, regex1: int, index1: int, end1: int, regex2: int, index2: int, end2: int
) -> tuple[int, int]:
    p = _edge(a, i, n, _signed(regex1), index1, end1)
    if p < 0:
        return i, 0
    q = _edge(a, i, n, _signed(regex2), index2, end2)
    return i + p, max(q - p, 0)


def get_token(a: Data, i: int, n: int, kind: int, index: int) -> tuple[int, int]:
    start, end, _ = _nth(a, i, n, KINDS + _signed(kind), index)
    return (i + start, end - start) if start >= 0 else (i, 0)


def get_upto(a: Data, i: int, n: int, regex: int) -> tuple[int, int]:
    start, end = _match(a, i, n, _signed(regex), 0)
    return i, (end if start >= 0 else 0)


def get_from(a: Data, i: int, n: int, regex: int) -> tuple[int, int]:
    start, end = _match(a, i, n, _signed(regex), 0)
    return (i + end, n - end) if start >= 0 else (i, 0)


def trim(a: Data, i: int, n: int) -> tuple[int, int]:
    start, end = 0, n
    while start < end and is_space(a[i + start]):
        start += 1
    while end > start and is_space(a[i + end - 1]):
        end -= 1
    return i + start, end - start


# A text written otherwise.


@register_jitable
def _gather(out: Data, a: Data, i: int, n: int, regex: int, most: int) -> int:
    """The first ``most`` matches, side by side."""
    written, at = 0, 0
    while most > 0:
        start, at = _match(a, i, n, regex, at)
        if start < 0:
            break
        written = copy(out, written, a, i + start, at - start)
        if written < 0:
            return -1
        most -= 1
    return written


def get_first(out: Data, a: Data, i: int, n: int, kind: int, count: int) -> int:
    regex = KINDS + _signed(kind)
    return _gather(out, a, i, n, regex, count if count >= 0 else _count(a, i, n, regex) + count)


def get_all(out: Data, a: Data, i: int, n: int, kind: int) -> int:
    return _gather(out, a, i, n, KINDS + _signed(kind), n)


def to_case(out: Data, a: Data, i: int, n: int, case: int) -> int:
    if case > PROPER_CASE:
        return UNCHANGED
    if n > out.size:
        return -1
    for k in range(n):
        c = int(a[i + k])
        if c >= 128:
            return ASK_REFERENCE
        capital = case == UPPER_CASE or (case == PROPER_CASE and k == 0)
        if capital and 97 <= c <= 122:
            c -= 32
        elif not capital and 65 <= c <= 90:
            c += 32
        out[k] = c
    return n


def replace(out: Data, a: Data, i: int, n: int, old: int, new: int) -> int:
    k = 0
    while k < n and a[i + k] != old:
        k += 1
    if k == n:
        return UNCHANGED
    if n > out.size:
        return -1
    for k in range(n):
        out[k] = new if a[i + k] == old else a[i + k]
    return n


@register_jitable
def _without(out: Data, a: Data, i: int, n: int, start: int, end: int, char: int) -> int:
    """The text with its first piece that reads like ``start`` to ``end`` replaced by a character; -1 for by nothing."""
    if start < 0:
        return UNCHANGED
    at, size = find(a, i, n, a, i + start, end - start, 0), end - start
    written = copy(out, 0, a, i, at)
    if written >= 0 and char >= 0:
        if written == out.size:
            return -1
        out[written] = char
        written += 1
    return copy(out, written, a, i + at + size, n - at - size) if written >= 0 else -1


def substitute(out: Data, a: Data, i: int, n: int, kind: int, index: int, char: int) -> int:
    start, end, _ = _nth(a, i, n, KINDS + _signed(kind), index)
    return _without(out, a, i, n, start, end, _signed(char))


def remove(out: Data, a: Data, i: int, n: int, kind: int, index: int) -> int:
    start, end, _ = _nth(a, i, n, KINDS + _signed(kind), index)
    return _without(out, a, i, n, start, end, -1)


def substitute_all(out: Data, a: Data, i: int, n: int, kind: int, char: int) -> int:
    return _all(out, a, i, n, KINDS + _signed(kind), _signed(char))


def remove_all(out: Data, a: Data, i: int, n: int, kind: int) -> int:
    return _all(out, a, i, n, KINDS + _signed(kind), -1)


@register_jitable
def _all(out: Data, a: Data, i: int, n: int, regex: int, char: int) -> int:
    """With a character in the place of each match; -1 for nothing."""
    start, end = _match(a, i, n, regex, 0)
    if start < 0:
        return UNCHANGED
    if char >= 0 and regex == KINDS + PROP_CASE:
        return _one_by_one(out, a, i, n, start, end, char) if n <= out.size else ASK_REFERENCE
    written, read = 0, 0
    while start >= 0:
        written = copy(out, written, a, i + read, start - read)
        if written < 0 or (char >= 0 and written == out.size):
            return -1
        if char >= 0:
            out[written] = char
            written += 1
        read = end
        start, end = _match(a, i, n, regex, end)
    return copy(out, written, a, i + read, n - read)


@register_jitable
def _one_by_one(out: Data, a: Data, i: int, n: int, start: int, end: int, char: int) -> int:
    """Each token of a capital and small letters in turn, wherever its like comes first.

    Only these tokens may come to be by putting a character in the place of another: ``A`` and what stands behind it.
    """
    length = copy(out, 0, a, i, n)
    while start >= 0:
        at, size = find(out, 0, length, a, i + start, end - start, 0), end - start
        if at >= 0:
            out[at] = char
            for k in range(at + size, length):
                out[k - size + 1] = out[k]
            length -= size - 1
        start, end = _match(a, i, n, KINDS + PROP_CASE, end)
    return length
