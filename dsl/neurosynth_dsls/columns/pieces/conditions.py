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
from neurosynth.language.program import Program
from neurosynth_dsls.columns.pieces.building import call

__all__ = ["TextConditions"]

WORDS = 12
"""Maximum number of words of a text for which conditions look."""
TIMES = 3
"""Mean number of occurrences of the two values of a column from which they count as kinds of rows."""
KEYWORD = 6
"""Bits of looking for a word that some rows of the table have."""
NUMBERS = 8
"""Bits that counting digits or characters costs in a column of numbers, which are compared as numbers."""
_NUMBER = re.compile(r"\s*[-+]?(0|[1-9]\d{0,8})([.,]\d+)?\s*")
_WORD = re.compile(r"[^\W_]+")


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
    (8, r"[AEIOUaeiou].*", "whole", "starts with a vowel"),
    (7, r"[^a-z]*", "whole", "has no small letter"),
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
            lengths = _output_lengths(column.outputs)
            tests = _tests(texts, any(v is None for v in shown), _keywords(values, texts), lengths)
            for test in (*_of_two(values), *tests, *_any_case(texts, values)):
                rows = tuple(_holds(test, v) for v in shown)
                if len(set(rows)) == 2:
                    every = tuple(_holds(test, v) for v in values)
                    yield Condition(
                        test.cost, rows, every, partial(test.build, program), test.name, test.general, test.text
                    )


def _holds(test: _Test, value: Any) -> bool:
    return test.holds(value) if value is not None else test is MISSING


MISSING = _Test(3, lambda v: v is None, lambda p: call("is_missing", p), "is missing")
EMPTY = _Test(3, lambda s: not s.strip(), lambda p: call("=", call("str.trim", p), ""), "is empty")


def _keywords(values: Sequence[Any], texts: Sequence[str]) -> frozenset[str]:
    """Words of the examples that some but not all other rows of the table have: they distinguish kinds of rows."""
    words = {w for t in texts for w in _WORD.findall(t)}
    rows = [set(_WORD.findall(v)) for v in dict.fromkeys(values) if isinstance(v, str)]
    counts = {w: sum(w in row for row in rows) for w in words}
    return frozenset(w for w, n in counts.items() if 1 < n < len(rows))


def _of_two(values: Sequence[Any]) -> Iterator[_Test]:
    """Whether a column with exactly two values has the first of them: a truth value, yes or no."""
    found = list(dict.fromkeys(v for v in values if v is not None))
    if len(found) == 2 and (len(values) >= TIMES * len(found) or set(found) == {"true", "false"}):
        value = "true" if "true" in found else found[0]
        yield _Test(4, lambda t: t == value, lambda p: call("=", p, value), f"is {value!r}")


def _output_lengths(outputs: Sequence[Any]) -> frozenset[int]:
    """Lengths that several outputs share, and one more, to which longer texts may have been cut."""
    counts = Counter(len(o) for o in outputs if isinstance(o, str))
    return frozenset(m for n, times in counts.items() if times > 1 for m in (n, n + 1))


def _tests(texts: list[str], missing: bool, keywords: frozenset[str], lengths: frozenset[int]) -> Iterator[_Test]:
    if missing:
        yield MISSING
    yield EMPTY
    yield from _parts(texts, keywords)
    for s in sorted(set(texts)):
        yield _equals(s)
    for cost, pattern, how, name in PATTERNS:
        yield _looks(cost, pattern, name, whole=how == "whole")
    yield from _counts(texts, lengths)
    for pattern in sorted({_shape(t) for t in texts if len(t) <= 60}):
        yield _looks(8, pattern, "looks like", whole=True)


def _equals(s: str) -> _Test:
    cost = min(24, 7 + len(s) + sum(c.isdigit() for c in s))
    return _Test(cost, lambda t: t == s, lambda p: call("=", p, s), f"is {s!r}", False)


def _looks(cost: int, pattern: str, name: str, *, whole: bool) -> _Test:
    found = re.compile(pattern, re.S)
    if whole:
        return _Test(cost, lambda t: found.fullmatch(t) is not None, lambda p: call("text.matches", p, pattern), name)
    return _Test(cost, lambda t: found.search(t) is not None, lambda p: call("text.contains_pattern", p, pattern), name)


def _parts(texts: list[str], keywords: frozenset[str]) -> Iterator[_Test]:
    parts = {c for t in texts for c in t if not c.isalnum()}
    for t in texts:
        parts |= {*re.findall(r"[^\W_]+", t)[:WORDS], t[:1], t[-1:]}
    for s in sorted(parts - {""}):
        yield from _literal(s, s in keywords)


def _any_case(texts: Sequence[str], values: Sequence[Any]) -> Iterator[_Test]:
    """Words that several texts have in different cases, so that they are more than the mark of one row."""
    spelled: dict[str, set[str]] = {}
    for word in sorted({w for t in texts for w in _WORD.findall(t)[:WORDS] if len(w) > 1}):
        spelled.setdefault(word.lower(), set()).add(word)
    keywords = _keywords([v.lower() for v in values if isinstance(v, str)], [t.lower() for t in texts])
    for word, words in spelled.items():
        if len(words) > 1:
            cost = KEYWORD + 1 if word in keywords else min(14, 8 + len(word))
            yield _Test(cost, partial(_has_small, word), partial(_contains_small, word), f"has {word!r} in any case")


def _has_small(word: str, text: str) -> bool:
    return word in text.lower()


def _contains_small(word: str, text: Program) -> Program:
    return call("str.contains", call("str.lower", text), word)


def _literal(s: str, keyword: bool) -> Iterator[_Test]:
    general = not s[0].isalnum()
    if general:
        cost = 5
    elif keyword and len(s) > 1 and s.isalpha():
        cost = KEYWORD
    elif len(s) == 1:
        cost = 16 if s.isdigit() else 9
    else:
        cost = min(24, 4 + 9 * len(s)) if s.isdigit() else min(14, 6 + len(s))
    yield _Test(cost, lambda t: s in t, lambda p: call("str.contains", p, s), f"has {s!r}", general, s)
    yield _Test(
        cost + 1, lambda t: t.startswith(s), lambda p: call("str.prefixof", s, p), f"starts with {s!r}", general
    )
    yield _Test(cost + 1, lambda t: t.endswith(s), lambda p: call("str.suffixof", s, p), f"ends with {s!r}", general)


def _counts(texts: list[str], lengths: frozenset[int]) -> Iterator[_Test]:
    signs = sorted({c for t in texts for c in t if not c.isalnum()})
    numbers = NUMBERS if texts and all(_NUMBER.fullmatch(t) for t in texts) else 0
    counted = [(8, re.escape(c), repr(c)) for c in signs] + [(7 + numbers, r"\d", "digits"), (8, r"[^\W_]+", "words")]
    for cost, pattern, name in counted:
        found = re.compile(pattern)
        for n in sorted({len(found.findall(t)) for t in texts})[1:]:
            if n > 1:
                yield _at_least(cost, n, pattern, name)
    ordered = sorted({len(t) for t in texts})
    for low, high in pairwise(ordered):
        for n in sorted({high, *(n for n in lengths if low < n < high)}):
            yield _long(n, numbers + (5 if n in lengths and n < high else 11))
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


def _shape(text: str) -> str:
    """A pattern for texts of this shape: runs of digits and letters of any length, and everything else literally."""
    return "".join(
        r"\d+" if run[0].isdigit() else r"[^\W\d_]+" if run[0].isalpha() else re.escape(run)
        for run in re.findall(r"\d+|[^\W\d_]+|.", text, re.S)
    )
