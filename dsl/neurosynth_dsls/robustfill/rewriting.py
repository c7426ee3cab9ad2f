"""Texts in another form."""

from __future__ import annotations

import dataclasses
import re

from neurosynth.engine.kernels import ASK_REFERENCE, UNCHANGED, Data, helper
from neurosynth.language.language import Language
from neurosynth_dsls.robustfill.matching import KINDS, PROP_CASE, TOKENS, count_matches, match, nth, nth_match, signed
from neurosynth_dsls.strings import words
from neurosynth_dsls.strings.machine import copy, find

__all__ = ["part"]

part = Language("robustfill.rewriting")

UPPER_CASE, LOWER_CASE, PROPER_CASE = range(3)


@helper
def _gather(out: Data, a: Data, i: int, n: int, regex: int, most: int) -> int:
    """The first ``most`` matches, concatenated."""
    written, at = 0, 0
    while most > 0:
        start, at = match(a, i, n, regex, at)
        if start < 0:
            break
        written = copy(out, written, a, i + start, at - start)
        if written < 0:
            return -1
        most -= 1
    return written


@helper
def _without(out: Data, a: Data, i: int, n: int, start: int, end: int, char: int) -> int:
    """The text with the first occurrence of the piece from ``start`` to ``end`` replaced by a character; -1 removes it."""
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


@helper
def _all(out: Data, a: Data, i: int, n: int, regex: int, char: int) -> int:
    """The text with each match replaced by a character; -1 removes it."""
    start, end = match(a, i, n, regex, 0)
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
        start, end = match(a, i, n, regex, end)
    return copy(out, written, a, i + read, n - read)


@helper
def _one_by_one(out: Data, a: Data, i: int, n: int, start: int, end: int, char: int) -> int:
    """The text with each token of a capital and small letters replaced in turn, at its first occurrence.

    Only such tokens can arise from replacing: ``A`` and the text after it.
    """
    length = copy(out, 0, a, i, n)
    while start >= 0:
        at, size = find(out, 0, length, a, i + start, end - start, 0), end - start
        if at >= 0:
            out[at] = char
            for k in range(at + size, length):
                out[k - size + 1] = out[k]
            length -= size - 1
        start, end = match(a, i, n, KINDS + PROP_CASE, end)
    return length


part.add(dataclasses.replace(words.part["str.trim"], name="Trim", cost=2))


@part.primitive(name="ToCase", type="string -> case -> string", cost=2)
def to_case(s: str, case: int) -> str:
    """With letters capital, small or proper."""
    return s.upper() if case == 0 else s.lower() if case == 1 else s.capitalize() if case == 2 else s


@to_case.kernel
def to_case_kernel(out: Data, a: Data, i: int, n: int, case: int) -> int:
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


@part.primitive(
    name="Replace", type="string -> delimiter -> delimiter -> string", cost=2, python="{0}.replace(chr({1}), chr({2}))"
)
def replace(s: str, old: int, new: int) -> str:
    """With another delimiter in the place of every one that is the first."""
    return s.replace(chr(old), chr(new))


@replace.kernel
def replace_kernel(out: Data, a: Data, i: int, n: int, old: int, new: int) -> int:
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


@part.primitive(name="GetFirst", type="string -> token -> int -> string", cost=2)
def get_first(s: str, kind: int, count: int) -> str:
    """So many of the first tokens, side by side; for a negative number all but so many of the last."""
    return "".join(re.findall(TOKENS[kind], s)[:count])


@get_first.kernel
def get_first_kernel(out: Data, a: Data, i: int, n: int, kind: int, count: int) -> int:
    regex = KINDS + signed(kind)
    return _gather(out, a, i, n, regex, count if count >= 0 else count_matches(a, i, n, regex) + count)


@part.primitive(name="GetAll", type="string -> token -> string", cost=2)
def get_all(s: str, kind: int) -> str:
    """All tokens, side by side."""
    return "".join(re.findall(TOKENS[kind], s))


@get_all.kernel
def get_all_kernel(out: Data, a: Data, i: int, n: int, kind: int) -> int:
    return _gather(out, a, i, n, KINDS + signed(kind), n)


@part.primitive(name="Substitute", type="string -> token -> int -> character -> string", cost=2)
def substitute(s: str, kind: int, index: int, c: int) -> str:
    """With a character in the place of what first reads like the token of an index, if there is one."""
    found = nth(s, kind, index)
    return s.replace(found, chr(c), 1) if found else s


@substitute.kernel
def substitute_kernel(out: Data, a: Data, i: int, n: int, kind: int, index: int, char: int) -> int:
    start, end, _ = nth_match(a, i, n, KINDS + signed(kind), index)
    return _without(out, a, i, n, start, end, signed(char))


@part.primitive(name="SubstituteAll", type="string -> token -> character -> string", cost=2)
def substitute_all(s: str, kind: int, c: int) -> str:
    """With a character in the place of each token, one after the other."""
    for found in re.findall(TOKENS[kind], s):
        s = s.replace(found, chr(c), 1)
    return s


@substitute_all.kernel
def substitute_all_kernel(out: Data, a: Data, i: int, n: int, kind: int, char: int) -> int:
    return _all(out, a, i, n, KINDS + signed(kind), signed(char))


@part.primitive(name="Remove", type="string -> token -> int -> string", cost=2)
def remove(s: str, kind: int, index: int) -> str:
    """Without what first reads like the token of an index, if there is one."""
    found = nth(s, kind, index)
    return s.replace(found, "", 1) if found else s


@remove.kernel
def remove_kernel(out: Data, a: Data, i: int, n: int, kind: int, index: int) -> int:
    start, end, _ = nth_match(a, i, n, KINDS + signed(kind), index)
    return _without(out, a, i, n, start, end, -1)


@part.primitive(name="RemoveAll", type="string -> token -> string", cost=2)
def remove_all(s: str, kind: int) -> str:
    """Without all tokens of a kind."""
    for found in re.findall(TOKENS[kind], s):
        s = s.replace(found, "", 1)
    return s


@remove_all.kernel
def remove_all_kernel(out: Data, a: Data, i: int, n: int, kind: int) -> int:
    return _all(out, a, i, n, KINDS + signed(kind), -1)
