"""Patterns: regular expressions of Python's ``re``, for extracting, testing and replacing.

The search builds them from runs of character classes (``[0-9]+``, ``[A-Z]{2}``, literal text); a program may contain any.
"""

from __future__ import annotations

import re

from neurosynth.language.language import Language

__all__ = ["patterns"]

patterns = Language("patterns", doc="Regular expressions: extract, test, replace, split.")

_BAD = (re.error, IndexError)


@patterns.primitive(name="re.extract", raises=_BAD)
def extract(pattern: str, n: int, s: str) -> str:
    """Match n of a pattern, from 0, or from -1 backwards; "" where there is none."""
    found = [m.group() for m in re.finditer(pattern, s)]
    return found[n] if -len(found) <= n < len(found) else ""


@patterns.primitive(name="re.group", raises=_BAD)
def group(pattern: str, n: int, s: str) -> str:
    """Group n (from 1) of the first match of a pattern; "" where there is none."""
    found = re.search(pattern, s)
    return (found.group(n) or "") if found else ""


@patterns.primitive(name="re.test", raises=_BAD)
def test(pattern: str, s: str) -> bool:
    """Whether a pattern matches anywhere."""
    return re.search(pattern, s) is not None


@patterns.primitive(name="looks_like", raises=_BAD)
def looks_like(pattern: str, s: str) -> bool:
    """Whether the whole text matches a pattern, such as [0-9]+-[A-Z]{2}."""
    return re.fullmatch(pattern, s) is not None


@patterns.primitive(name="re.replace", raises=_BAD)
def replace(pattern: str, by: str, s: str) -> str:
    r"""Every match of a pattern replaced; \1 in the second text is the first group."""
    return re.sub(pattern, by, s)


@patterns.primitive(name="re.count", raises=_BAD)
def count(pattern: str, s: str) -> int:
    """How many matches a pattern has."""
    return sum(1 for _ in re.finditer(pattern, s))


@patterns.primitive(name="re.split", raises=_BAD)
def split(pattern: str, s: str) -> list[str]:
    """Pieces between the matches of a pattern."""
    pieces, position = [], 0
    for found in re.finditer(pattern, s):
        if found.end() > found.start():
            pieces.append(s[position : found.start()])
            position = found.end()
    return [*pieces, s[position:]]


@patterns.primitive(name="re.find_all", raises=_BAD)
def find_all(pattern: str, s: str) -> list[str]:
    """All matches of a pattern."""
    return [m.group() for m in re.finditer(pattern, s)]
