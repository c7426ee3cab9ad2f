"""Conditions on the inputs of a row: the content, the shape and the length of a text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Any

from neurosynth.language.pieces import Column, Condition
from neurosynth.language.program import Constant, Program
from neurosynth.values.types import STRING, list_of
from neurosynth_dsls.columns.pieces.building import call
from neurosynth_dsls.columns.pieces.verdicts import forms_of_yes, means_yes, says_yes
from neurosynth_dsls.columns.python_phrases import says_nothing

__all__ = ["TextConditions", "blank_conditions"]

WORDS = 12
"""Maximum number of words of a text for which conditions look."""
TIMES = 3
"""Mean number of occurrences of the two values of a column from which they count as kinds of rows."""
SIMPLE = 3
"""Runs of a simple shape; a longer one says more about the examples than the number of its words does."""
INSIDE = 6
"""Bits for a letter anywhere inside words: what tells rows apart is usually the start or the end of a text, or a word. One more bit is
for a capital at the start, where most names differ anyway."""
NUMBERS = 8
"""Bits that counting digits or characters costs in a column of numbers, which are compared as numbers."""
BLANKS = 3
"""Additional bits of counting blanks, because words are counted."""
_NUMBER = re.compile(r"\s*[-+]?(0|[1-9]\d{0,8})([.,]\d+)?\s*")
_MEASURED = re.compile(r"\s*[-+]?(0|[1-9]\d{0,8})([.,]\d+)?\s*|\s*\d{1,2}:\d\d(:\d\d)?\s*")
"""Numbers and times of day, or lengths of time."""
_DIGIT, _DECIMALS = re.compile(r"\d"), re.compile(r"\d[.,]\d")
_WORD = re.compile(r"[^\W_]+")
KEYWORD = 5
"""Bits of a word in any letter case; in a certain case it is one of several."""
_LETTERS = re.compile(r"[^\W\d_]{3,}")


@dataclass(frozen=True, slots=True)
class _Test:
    cost: int
    holds: Callable[[Any], bool]
    build: Callable[[Program], Program]
    name: str
    general: bool = True
    """Whether it is about the shape of a text rather than its words."""
    text: str = ""
    """The text that it looks for."""


PATTERNS = (
    (4, r"\d", "contains", "has a digit"),
    (4, r"[^\W\d_]", "contains", "has a letter"),
    (4, r"\s*-?\d+(\.\d+)?\s*", "whole", "is a number"),
    (4, r"\s*\d.*", "whole", "starts with a digit"),
    (5, r".*\d\s*", "whole", "ends with a digit"),
    (6, r"[A-Z].*", "whole", "starts with a capital"),
    (6, r"[a-z]", "contains", "has a small letter"),
    (10, r"[AEIOUaeiou].*", "whole", "starts with a vowel"),
    (7, r"[^a-z]*", "whole", "has no small letter"),
    (9, r"[^@\s]+@[^@\s]+\.[^@\s.]+", "whole", "is an address of mail"),
    (6, r"[\"“„«(\[{]", "contains", "has a bracket or a quote"),
)


@dataclass(frozen=True)
class TextConditions:
    """Conditions on texts."""

    name: str = "texts"

    def conditions(self, column: Column) -> Iterator[Condition]:
        """The conditions that are true on some of the example rows and false on others."""
        at = {row: k for k, row in enumerate(column.every)}
        for i, program in enumerate(column.inputs):
            values = [row[i] for row in column.every]
            if not all(v is None or isinstance(v, str) for v in values):
                continue
            shown = [values[at[row]] for row in column.rows]
            texts = [v for v in shown if v is not None]
            lengths = _output_lengths(texts, column.outputs)
            tests = list(_tests(texts, any(v is None for v in shown), _keywords(values, texts), lengths, _odd(values)))
            told = [o for row, o in zip(column.rows, column.outputs, strict=True) if row[i] is not None]
            some = [
                *_yes(values),
                *_parities(texts, values),
                *_of_two(values),
                *_one_of(texts, told, _odd(values)),
                *_small_keywords(values, texts),
            ]
            if any(v is None and o is not None for v, o in zip(shown, column.outputs, strict=True)):
                some, tests = [], [MISSING]  # any other test is missing on a missing cell, and so is a choice by it
            for test in (*some, *tests):
                rows = tuple(_holds(test, v) for v in shown)
                if len(set(rows)) == 2:
                    every = tuple(_holds(test, v) for v in values)
                    yield Condition(
                        test.cost, rows, every, partial(test.build, program), test.name, test.general, test.text
                    )


def blank_conditions(column: Column) -> Iterator[Condition]:
    """Whether an input is blank, or missing, where some example rows have such a cell and some have another one."""
    for i, program in enumerate(column.inputs):
        values = [row[i] for row in column.every]
        test = MISSING if any(row[i] is None for row in column.rows) else EMPTY
        if all(v is None or isinstance(v, str) for v in values):
            rows = tuple(_holds(test, row[i]) for row in column.rows)
            if len(set(rows)) == 2:
                every = tuple(_holds(test, v) for v in values)
                yield Condition(test.cost, rows, every, partial(test.build, program), test.name)


def _holds(test: _Test, value: Any) -> bool:
    return test.holds(value) if value is not None else test is MISSING


MISSING = _Test(3, lambda v: v is None, lambda p: call("is_missing", p), "is missing")
EMPTY = _Test(3, lambda s: not s.strip(), lambda p: call("=", call("str.trim", p), ""), "is empty")

NOTHING = _Test(4, says_nothing, lambda p: call("text.says_nothing", p), "says nothing")

PALINDROME = _Test(9, lambda s: s == s[::-1], lambda p: call("=", p, call("str.reverse", p)), "is a palindrome")


COMMON, SELDOM, RARE = 6, 3, 4
"""Bits of such a word, and additional ones if less than one of so many rows have it."""


def _keywords(values: Sequence[Any], texts: Sequence[str]) -> dict[str, int]:
    """Words of the examples that some but not all other rows of the table have, with bits: they distinguish kinds of rows."""
    words = {w for t in texts for w in _WORD.findall(t)}
    rows = [set(_WORD.findall(v)) for v in dict.fromkeys(values) if isinstance(v, str)]
    counts = {w: sum(w in row for row in rows) for w in words}
    return {w: COMMON + SELDOM * (RARE * n < len(rows)) for w, n in counts.items() if 1 < n < len(rows)}


LISTED, ENTRY, LONGEST = 6, 2, 24
"""Bits of a test for one of some texts, of each of them, and their maximum number of characters."""


def _one_of(texts: Sequence[str], outputs: Sequence[Any], odd: frozenset[str]) -> Iterator[_Test]:
    """Whether a text is one of those with the same output, if others stay as they are: ``N/A``, ``-`` and ``none`` are missing."""
    stays = {t for t, o in zip(texts, outputs, strict=True) if t == o}
    groups: dict[Any, list[str]] = {}
    for text, output in zip(texts, outputs, strict=True):
        if stays and text not in stays and len(text) <= LONGEST:
            groups.setdefault(output, []).append(text)
    for group in groups.values():
        listed = tuple(dict.fromkeys(group))
        if len(listed) > 1:
            cost = LISTED + ENTRY * len(listed) + NUMBERS * (odd >= set(listed))
            keys = Constant(listed, list_of(STRING))
            yield _Test(cost, lambda t, k=listed: t in k, lambda p, k=keys: call("is_one_of", k, p), "is one of", False)  # type: ignore[misc]  # a bound default has no type


def _small_keywords(values: Sequence[Any], texts: Sequence[str]) -> Iterator[_Test]:
    """Words that several rows of the table have in different letter cases, in any of them."""
    forms: dict[str, set[str]] = {}
    for v in dict.fromkeys(values):
        for word in _LETTERS.findall(v) if isinstance(v, str) else ():
            forms.setdefault(word.lower(), set()).add(word)
    shown = {w.lower() for t in texts for w in _LETTERS.findall(t)}
    for word in sorted(w for w in shown if len(forms.get(w, ())) > 1):
        yield _Test(
            KEYWORD,
            lambda t, w=word: w in t.lower(),  # type: ignore[misc]  # a bound default has no type
            lambda p, w=word: call("str.contains", call("str.lower", p), w),  # type: ignore[misc]  # a bound default has no type
            f"has {word!r} in any case",
            sum(word in t.lower() for t in texts) > 1,  # otherwise it is the mark of one row
            word,
        )


def _of_two(values: Sequence[Any]) -> Iterator[_Test]:
    """Whether a column with exactly two values has the first of them: a truth value, yes or no."""
    found = list(dict.fromkeys(v for v in values if v is not None))
    if len(found) == 2 and (len(values) >= TIMES * len(found) or set(found) == {"true", "false"}):
        value = "true" if "true" in found else found[0]
        yield _Test(4, lambda t: t == value, lambda p: call("=", p, value), f"is {value!r}")


def _output_lengths(texts: Sequence[str], outputs: Sequence[Any]) -> frozenset[int]:
    """Lengths that several outputs share that begin like a text, and one more, to which longer texts may have been cut."""
    starts = {t[:BEGINS].casefold() for t in texts}
    counts = Counter(len(o) for o in outputs if isinstance(o, str) and o[:BEGINS].casefold() in starts)
    return frozenset(m for n, times in counts.items() if times > 1 for m in (n, n + 1))


BEGINS = 3
"""Characters by which an output that may have been cut from a text is recognised."""


def _tests(
    texts: list[str], missing: bool, keywords: dict[str, int], lengths: frozenset[int], odd: frozenset[str]
) -> Iterator[_Test]:
    if missing:
        yield MISSING
    yield EMPTY
    if any(t and says_nothing(t) for t in texts):
        yield NOTHING
    yield from _parts(texts, keywords)
    yield from _prefixes(texts)
    if all(map(_LETTERS.search, texts)):
        yield PALINDROME
    for s in sorted(set(texts)):
        yield _equals(s, NUMBERS * (s in odd))
    for cost, pattern, how, name in PATTERNS:
        yield _looks(cost, pattern, name, whole=how == "whole")
    yield from _counts(texts, lengths)
    for pattern, runs in sorted({_shape(t) for t in texts if len(t) <= 60}):
        more = POINT * (pattern == r"\d+" and any(map(_DECIMALS.search, texts)))  # the others are numbers as well
        yield _looks(8 + more + max(0, runs - SIMPLE) // 2, pattern, "looks like", whole=True)


def _odd(values: Sequence[Any]) -> frozenset[str]:
    """The dates that a column has only once, and such numbers of a column of numbers: measured or counted, they name no kind of row."""
    texts = [v for v in values if isinstance(v, str)]
    numeric = all(map(_DIGIT.search, texts))
    once = (t for t, n in Counter(texts).items() if n == 1)
    return frozenset(t for t in once if (numeric and _MEASURED.fullmatch(t)) or _DATE.fullmatch(t))


def _equals(s: str, more: int) -> _Test:
    cost = more + min(24, 7 + len(s) + sum(c.isdigit() for c in s))
    return _Test(cost, lambda t: t == s, lambda p: call("=", p, s), f"is {s!r}", False)


def _looks(cost: int, pattern: str, name: str, *, whole: bool) -> _Test:
    found = re.compile(pattern, re.S)
    if whole:
        return _Test(cost, lambda t: found.fullmatch(t) is not None, lambda p: call("text.matches", p, pattern), name)
    return _Test(cost, lambda t: found.search(t) is not None, lambda p: call("text.contains_pattern", p, pattern), name)


def _parts(texts: list[str], keywords: dict[str, int]) -> Iterator[_Test]:
    parts = {c for t in texts for c in t if not c.isalnum()}
    words = {w for t in texts for w in re.findall(r"[^\W_]+", t)[:WORDS]}
    parts |= words | {end for t in texts for end in (t[:1], t[-1:])}
    codes = all(t.isalpha() and len(t) <= CODES for t in texts)
    numbers = all(map(_NUMBER.fullmatch, texts))
    dates = all(map(_DATE.fullmatch, filter(_DIGIT.search, texts)))
    for s in sorted(parts - {""}):
        more = LETTER * (codes and s not in words) + POINT * (numbers and s in ".,")
        more += DATE * (dates and s.isdigit() and s not in words)
        yield from _literal(s, keywords.get(s), more, inside=s.isalnum() and s not in words)


DATE = 5
"""Additional bits of one digit of dates, which are compared as dates."""
_DATE = re.compile(r"\d{1,4}([-/.])\d{1,2}\1\d{1,4}|\d{1,2}[-/]\d{4}|\d{4}-\d\d")
POINT = 4
"""Additional bits of a decimal mark in a column of numbers: numbers are compared by their values."""
CODES, LETTER = 3, 4
"""Letters that codes of countries, sizes or kinds have at most, and bits of one of them alone: codes are meant as a whole."""
PREFIX, CODE = 9, 7
"""Bits of the first digits of codes, and digits from which on a number without zeros in front is a code."""


def _prefixes(texts: list[str]) -> Iterator[_Test]:
    """The first two or three digits of codes, which tell their kinds, if several examples have them."""
    if not all(t.isdecimal() and len(t) > 3 for t in texts) or not any(t[0] == "0" or len(t) >= CODE for t in texts):
        return
    for n in (2, 3):
        for s, times in sorted(Counter(t[:n] for t in texts).items()):
            if 1 < times < len(texts):
                yield _begins(s, PREFIX + n)


def _yes(values: Sequence[Any]) -> Iterator[_Test]:
    """Whether a cell means yes, if the table says so in several ways: ``yes``, ``Y`` and ``1``."""
    forms = forms_of_yes(values)
    if forms is not None:
        yield _Test(5, says_yes, partial(means_yes, forms), "means yes")


EVEN = (("last", r"[02468]$", 13), ("last but one", r"[02468]\d$", 12))
"""Digits of codes that are even or odd, as those of personal numbers tell the sex."""


def _parities(texts: list[str], values: Sequence[Any]) -> Iterator[_Test]:
    """Whether a digit at the end of codes of one length is even."""
    codes = [v for v in values if isinstance(v, str)]
    if len(texts) > PARITIES and len({*map(len, codes)}) == 1 and all(map(_ENDS_IN_CODE.search, codes)):
        for name, pattern, bits in EVEN:
            yield _looks(bits, pattern, f"its {name} digit is even", whole=False)


PARITIES = 3
"""Examples that say nothing yet of even and odd."""
_ENDS_IN_CODE = re.compile(r"^[\d\W]{4,}\d{4}$")


def _begins(s: str, cost: int) -> _Test:
    return _Test(cost, lambda t: t.startswith(s), lambda p: call("str.prefixof", s, p), f"starts with {s!r}", text=s)


def _literal(s: str, keyword: int | None, more: int, *, inside: bool) -> Iterator[_Test]:
    general = not s[0].isalnum()
    if general:
        cost = 5
    elif keyword is not None and len(s) > 1 and s.isalpha():
        cost = keyword
    elif len(s) == 1:
        cost = 16 if s.isdigit() else 9
    else:
        cost = min(24, 4 + 9 * len(s)) if s.isdigit() else min(14, 6 + len(s))
    cost += more
    has = cost + INSIDE * inside
    yield _Test(has, lambda t: s in t, lambda p: call("str.contains", p, s), f"has {s!r}", general, s)
    starts = cost + 1 + (inside and s.isupper())
    yield _Test(starts, lambda t: t.startswith(s), lambda p: call("str.prefixof", s, p), f"starts with {s!r}", general)
    yield _Test(cost + 1, lambda t: t.endswith(s), lambda p: call("str.suffixof", s, p), f"ends with {s!r}", general)


def _counts(texts: list[str], lengths: frozenset[int]) -> Iterator[_Test]:
    signs = sorted({c for t in texts for c in t if not c.isalnum()})
    numbers = NUMBERS if texts and all(_NUMBER.fullmatch(t) for t in texts) else 0
    # between blanks, Smith-Jones is one word; which words are meant is open where the examples have as many of either kind
    spaced = all(len(t.split()) == len(_WORD.findall(t)) for t in texts) and any(len(t.split()) > 1 for t in texts)
    counted = [(8 + BLANKS * c.isspace(), re.escape(c), repr(c)) for c in signs] + [
        (7 + numbers, r"\d", "digits"),
        (8, r"\S+" if spaced else r"[^\W_]+", "words"),
    ]
    for cost, pattern, name in counted:
        found = re.compile(pattern)
        for n in sorted({len(found.findall(t)) for t in texts})[1:]:
            if n > 1:
                yield _at_least(cost, n, pattern, name)
    ordered = sorted({len(t) for t in texts})
    for low, high in pairwise(ordered):
        for n in sorted({high, *(n for n in lengths if low < n < high)}):
            yield _long(n, numbers + (4 if n in lengths and n < high else 11))
    for n in ordered[1:-1]:
        yield _Test(12, lambda t, n=n: len(t) == n, lambda p, n=n: call("=", call("str.len", p), n), f"{n} characters")  # type: ignore[misc]  # a bound default has no type


def _at_least(cost: int, n: int, pattern: str, name: str) -> _Test:
    found = re.compile(pattern)
    return _Test(
        cost,
        lambda t: len(found.findall(t)) >= n,
        lambda p: call(">=", call("text.count_pattern", p, pattern), n),
        f"{n} or more {name}",
    )


def _long(n: int, cost: int) -> _Test:
    return _Test(cost, lambda t: len(t) >= n, lambda p: call(">=", call("str.len", p), n), f"{n} or more characters")


def _shape(text: str) -> tuple[str, int]:
    """A pattern for texts of this shape, runs of digits and letters of any length and everything else literally; the number of runs."""
    runs = re.findall(r"\d+|[^\W\d_]+|.", text, re.S)
    kinds = (r"\d+" if r[0].isdigit() else r"[^\W\d_]+" if r[0].isalpha() else re.escape(r) for r in runs)
    return "".join(kinds), len(runs)
