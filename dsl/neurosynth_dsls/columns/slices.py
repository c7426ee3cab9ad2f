"""Parts of a text by positions and patterns; patterns are Python's regular expressions, written as runs of classes.

``slices`` is not a separate language: ``columns`` includes its primitives. Positions count from 0, and from -1 backwards, as in Python.
Missing parts are undefined, so that a program that reads past the end of some row can be distinguished from one that does not.
"""

from __future__ import annotations

import re

from neurosynth.language.language import Language

__all__ = ["slices"]

slices = Language("slices", doc="Parts of a text by positions and patterns, for columns of data.")


@slices.primitive(name="text.slice", python="{0}[{1}:{2}]")
def slice_(s: str, start: int, end: int) -> str:
    """Characters from position start up to, not including, position end; negative positions count from the end."""
    return s[start:end]


@slices.primitive(name="text.index", python="{0}.index({1})", raises=(ValueError,))
def index(s: str, part: str) -> int:
    """Position at which the second text first occurs in the first; undefined where it does not."""
    return s.index(part)


@slices.primitive(name="text.rindex", python="{0}.rindex({1})", raises=(ValueError,))
def rindex(s: str, part: str) -> int:
    """Position at which the second text last occurs in the first; undefined where it does not."""
    return s.rindex(part)


@slices.primitive(name="text.index_from", python="{0}.index({1}, {2})", raises=(ValueError,))
def index_from(s: str, part: str, start: int) -> int:
    """Position at which the second text first occurs from position start on; undefined where it does not."""
    return s.index(part, start)


@slices.primitive(name="text.split_at", python="{0}.split({1})[{2}]", raises=(ValueError, IndexError))
def split_at(s: str, separator: str, n: int) -> str:
    """Piece n of the text split at each separator, from 0, or from -1 backwards; undefined where there is none."""
    return s.split(separator)[n]


@slices.primitive(name="text.word_at", python="{0}.split()[{1}]", raises=(IndexError,))
def word_at(s: str, n: int) -> str:
    """Word n of the text split at white space, from 0, or from -1 backwards; undefined where there is none."""
    return s.split()[n]


@slices.primitive(name="text.match", raises=(IndexError, re.error))
def match(s: str, pattern: str, n: int) -> str:
    """Match n of a regular expression, from 0, or from -1 backwards; undefined where there is none."""
    return [m.group() for m in re.finditer(pattern, s)][n]


@slices.primitive(name="text.match_start", raises=(IndexError, re.error))
def match_start(s: str, pattern: str, n: int) -> int:
    """Position at which match n of a regular expression starts; undefined where there is none."""
    return [m.start() for m in re.finditer(pattern, s)][n]


@slices.primitive(name="text.match_end", raises=(IndexError, re.error))
def match_end(s: str, pattern: str, n: int) -> int:
    """Position after match n of a regular expression; undefined where there is none."""
    return [m.end() for m in re.finditer(pattern, s)][n]


@slices.primitive(name="text.match_from", raises=(AttributeError, re.error))
def match_from(s: str, pattern: str, start: int) -> str:
    """What a regular expression matches at position start; undefined where it does not match there."""
    return re.compile(pattern).match(s, start).group()  # type: ignore[union-attr]  # no match is undefined


@slices.primitive(name="text.replace_pattern", raises=(re.error,))
def replace_pattern(s: str, pattern: str, by: str) -> str:
    """First text with every match of a regular expression replaced by a text, taken literally."""
    return re.sub(pattern, lambda m: by, s)


@slices.primitive(name="text.matches", raises=(re.error,))
def matches(s: str, pattern: str) -> bool:
    """Whether a regular expression matches the whole text."""
    return re.fullmatch(pattern, s) is not None


@slices.primitive(name="text.contains_pattern", raises=(re.error,))
def contains_pattern(s: str, pattern: str) -> bool:
    """Whether a regular expression matches anywhere in the text."""
    return re.search(pattern, s) is not None


@slices.primitive(name="text.count_pattern", raises=(re.error,))
def count_pattern(s: str, pattern: str) -> int:
    """How many matches a regular expression has, none overlapping."""
    return sum(1 for _ in re.finditer(pattern, s))
