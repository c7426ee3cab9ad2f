"""The shapes of texts: what programs write on rows without outputs is compared with the outputs of the examples by them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import Any

__all__ = [
    "DIGIT",
    "ENDLESS",
    "LETTER",
    "PADDED",
    "PADDED_NO_HOUR",
    "RUN",
    "all_words",
    "as_one",
    "has_digits",
    "is_code",
    "kind_of",
    "merges_word",
    "shape",
    "shapes_of",
    "short_decimals",
    "splits_word",
    "with_decimals",
    "without_minus",
]

NUMBERS = 3
"""Number of numbers in one output that may lack their decimals, the last ones."""


_SHAPES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\s+"), " "),
    (re.compile(r"^-(?=[\d.])"), ""),
    (re.compile(r"(?<![\d.,])\d{1,3}(?:,\d{3})+(?![,\d])|\d+"), "0"),
    (re.compile(r"[^\W\d_]+"), "a"),
    (re.compile(r"([^\w\s.,;:/\\()-])\1+"), r"\1"),
)


def shape(text: str, inner: str = "") -> str:
    """A text with every run of digits, letters, white space or one and the same sign as one character.

    A leading minus is left out, and digits in groups of three are one run. Letters with one of the ``inner`` signs between them are one
    word, to which a point belongs, too, if it is one of them: an initial.
    """
    if inner:
        between = f"[{re.escape(inner)}]"
        point = r"(?:\.(?=\s|$))?" if "." in inner else ""
        text = re.sub(rf"[^\W\d_]+(?:{between}[^\W\d_]+)*{point}", "a", text)
    for pattern, by in _SHAPES:
        text = pattern.sub(by, text)
    return text


_DECIMALS = re.compile(r"(?<![0.,])0\.0(?![.,]?0)")


def shapes_of(outputs: Iterable[str], inner: str = "") -> frozenset[str]:
    """The shapes of outputs. If numbers have decimals, also the shapes without them: ``0.9`` and then ``1``."""
    found = {shape(text, inner) for text in outputs}
    for text in list(found):
        ends = [m.start() + 1 for m in _DECIMALS.finditer(text)][-NUMBERS:]
        for count in range(1, len(ends) + 1):
            for chosen in combinations(ends, count):
                found.add("".join(c for i, c in enumerate(text) if i not in chosen and i - 1 not in chosen))
    return frozenset(found)


ENDLESS = re.compile(r"\.\d{12}")
"""Decimals of a quotient that nobody writes out."""
LETTER = re.compile(r"[^\W\d_]")
PADDED = re.compile(r"(?<![\d.,:])(?<!\d[a-z])0\d(?![\d.,])")
"""A number of two digits that begins with a zero, except for those that follow another number: minutes behind ``:`` or ``h``."""
PADDED_NO_HOUR = re.compile(PADDED.pattern + r"(?!:\d\d)")
"""The same without the hours of a time, which have their zero more often than days do."""
DIGIT = re.compile(r"\d")


def has_digits(row: Sequence[Any]) -> bool:
    """Whether any cell has a digit."""
    return any(c.isdigit() for v in row if isinstance(v, str) for c in v)


def splits_word(row: Sequence[Any], value: str, inner: str) -> bool:
    """Whether a value that is a part of an input ends there within a word, at a sign that belongs to words."""
    if not value or not value[0].isalpha() or not value[-1].isalpha():
        return False
    for text in row:
        at = text.find(value) if isinstance(text, str) else -1
        while at >= 0:
            before, behind = text[:at], text[at + len(value) :]
            cut = len(before) > 1 and before[-1] in inner and before[-2].isalpha()
            cut = cut or (behind[:1] in inner and behind != "" and (behind[1:2].isalpha() or behind[0] == "."))
            if not cut:
                return False
            at = text.find(value, at + 1)
            if at < 0:
                return True
    return False


def merges_word(row: Sequence[Any], value: str, inner: str) -> bool:
    """Whether a value has both parts of a word of an input without the sign that is inside it: ``SmithJones``."""
    texts = [text for text in row if isinstance(text, str) and any(c in text for c in inner)] if inner else []
    inside = re.compile(rf"([^\W\d_]{{2,}})[{re.escape(inner)}]([^\W\d_]{{2,}})") if texts else None
    for m in (m for text in texts for m in inside.finditer(text)) if inside is not None else ():
        if m.group() not in value and re.search(rf"{m[1]}\W?{m[2]}", value):
            return True
    return False


RUN, _BETWEEN = re.compile(r"[^\W_]+"), re.compile(r"[\W_]+")


def all_words(row: Sequence[Any], output: str) -> bool:
    """Whether all words and numbers of a row's inputs occur in an output, in any letter case, whatever is between them."""
    text = _BETWEEN.sub("", output.casefold())
    return all(run.casefold() in text for v in row if isinstance(v, str) for run in RUN.findall(v))


def with_decimals(shape: str, text: str, row: Sequence[Any], shapes: frozenset[str]) -> bool:
    """Whether a shape is known except for decimals, and the numbers with decimals are copied from an input."""
    if _DECIMALS.sub("0", shape) not in shapes:
        return False
    return all(any(n in v for v in row if isinstance(v, str)) for n in re.findall(r"\d+\.\d+", text))


def without_minus(shape: str, shapes: frozenset[str]) -> bool:
    """Whether a number of this shape is known with a minus, and other numbers are known without one."""
    return shape[:1] == "0" and f"-{shape}" in shapes and any(s[:1] == "0" for s in shapes)


FEW_DECIMALS = 3
"""Decimals up to which a computed number may have some although no output has any."""


def short_decimals(shape: str, text: str, shapes: frozenset[str]) -> bool:
    """Whether a shape is known except for a few decimals."""
    if _DECIMALS.sub("0", shape) not in shapes:
        return False
    return all(len(n) <= FEW_DECIMALS for n in re.findall(r"(?<=\d\.)\d+", text))


_REPEATED = re.compile(r"(a[^a0]+)\1+")


def as_one(shape: str) -> str:
    """A shape in which adjacent words, and words with the same separator after each, count as one."""
    return _REPEATED.sub(r"\1", re.sub(r"a(?: a)+", "a", shape))


def is_code(text: str) -> bool:
    """Whether a text is made of capitals and digits alone, in any order."""
    return text.isalnum() and text.isascii() and text == text.upper()


def kind_of(c: str) -> str:
    """The kind of a character: letters with marks, or the sign itself. Digits, plain letters and blanks have none."""
    if c.isalpha():
        return "" if c.isascii() else "é"
    return "" if c.isdigit() or c.isspace() else c
