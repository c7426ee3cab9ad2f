"""Matches of a regex in a text, for functions and for kernels.

A regex below ``KINDS`` is the code of a character; from there on it is a kind of token. Kinds are those of ASCII.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from neurosynth.engine.kernels import Data, helper, np

__all__ = [
    "KINDS",
    "PROP_CASE",
    "TOKENS",
    "count_matches",
    "edge",
    "edge_of",
    "match",
    "nth",
    "nth_match",
    "signed",
    "spans",
]

KINDS = 256
NUMBER, WORD, ALPHANUM, ALL_CAPS, PROP_CASE, LOWER, DIGIT, CHAR = range(8)
"""Kinds of token."""

TOKENS = (
    "[0-9]+",
    "[A-Za-z]+",
    "[A-Za-z0-9]+",
    "[A-Z]+",
    "[A-Z][a-z]+",
    "[a-z]+",
    "[0-9]",
    "[]A-Za-z0-9&,.?!@()[%{}/:;$#\"' ]",
)
"""Their regexes."""

_OF_DIGITS = 1 << NUMBER | 1 << ALPHANUM | 1 << DIGIT | 1 << CHAR
_OF_CAPITALS = 1 << WORD | 1 << ALPHANUM | 1 << ALL_CAPS | 1 << CHAR
_OF_SMALL = 1 << WORD | 1 << ALPHANUM | 1 << PROP_CASE | 1 << LOWER | 1 << CHAR
"""The kinds of token that may contain such a character, one bit each."""
_SIGNS = sum(1 << ord(sign) for sign in " !\"#$%&'(),./:;?")
"""The delimiters below code 64, one bit each."""
_BRACKETS = sum(1 << (ord(sign) - 64) for sign in "@[]{}")
"""Those from there on."""


def spans(s: str, regex: int) -> Iterator[tuple[int, int]]:
    """Start and end of all matches of a regex."""
    pattern = TOKENS[regex & 7] if regex >= 256 else re.escape(chr(regex))
    return (found.span() for found in re.finditer(pattern, s))


def nth(s: str, kind: int, index: int) -> str:
    """Token ``index`` of a kind; "" if there is none."""
    tokens = re.findall(TOKENS[kind], s)
    place = index - 1 if index > 0 else len(tokens) + index
    return tokens[place] if 0 <= place < len(tokens) else ""


def edge(s: str, regex: int, index: int, at_end: bool) -> int:
    """The start or the end of match ``index``; -1 if there are no matches."""
    matches = list(spans(s, regex))
    place = index - 1 if index > 0 else len(matches) + index
    if not matches:
        return -1
    if place >= len(matches):
        return len(matches) - 1
    return matches[place][at_end] if place >= 0 else 0


@helper
def belongs(c: int, kind: int) -> bool:
    """Whether tokens of a kind may contain a character."""
    if 48 <= c <= 57:
        return (_OF_DIGITS >> kind) & 1 == 1
    if 65 <= c <= 90:
        return (_OF_CAPITALS >> kind) & 1 == 1
    if 97 <= c <= 122:
        return (_OF_SMALL >> kind) & 1 == 1
    code = int(c)  # 64 bits, whatever the type of the text's elements is
    return kind == CHAR and code < 128 and ((_SIGNS >> code) & 1 if code < 64 else (_BRACKETS >> (code - 64)) & 1) == 1


@helper
def signed(word: int) -> int:
    """A bit-vector as a signed number: numba computes in floating point if signed and unsigned numbers are combined."""
    return np.int64(word)  # type: ignore[return-value]  # to mypy numpy's numbers are no ints


@helper
def match(a: Data, i: int, n: int, regex: int, at: int) -> tuple[int, int]:
    """Start and end of the first match from ``at`` on; -1 for none."""
    p = at
    if regex < KINDS:
        while p < n and a[i + p] != regex:
            p += 1
        return (p, p + 1) if p < n else (-1, -1)
    kind = regex & 7
    if kind == PROP_CASE:
        while p + 1 < n and not (belongs(a[i + p], ALL_CAPS) and belongs(a[i + p + 1], LOWER)):
            p += 1
        if p + 1 >= n:
            return -1, -1
        end = p + 2
        while end < n and belongs(a[i + end], LOWER):
            end += 1
        return p, end
    while p < n and not belongs(a[i + p], kind):
        p += 1
    if p >= n:
        return -1, -1
    end = p + 1
    if kind != DIGIT and kind != CHAR:
        while end < n and belongs(a[i + end], kind):
            end += 1
    return p, end


@helper
def count_matches(a: Data, i: int, n: int, regex: int) -> int:
    """Number of matches."""
    found, at = 0, 0
    while True:
        start, at = match(a, i, n, regex, at)
        if start < 0:
            return found
        found += 1


@helper
def nth_match(a: Data, i: int, n: int, regex: int, index: int) -> tuple[int, int, int]:
    """Start and end of match ``index``; if there is none, -1, -1 and the number of matches."""
    wanted = index - 1
    if index <= 0:
        count = count_matches(a, i, n, regex)
        wanted = count + index
        if wanted < 0 or wanted >= count:
            return -1, -1, count
    seen, at = 0, 0
    while True:
        start, end = match(a, i, n, regex, at)
        if start < 0:
            return -1, -1, seen
        if seen == wanted:
            return start, end, seen
        seen, at = seen + 1, end


@helper
def edge_of(a: Data, i: int, n: int, regex: int, index: int, at_end: int) -> int:
    """The start or the end of match ``index``; -1 if there are no matches."""
    start, end, count = nth_match(a, i, n, regex, index)
    if start >= 0:
        return end if at_end != 0 else start
    if count == 0:
        return -1
    return 0 if index < 0 else count - 1
