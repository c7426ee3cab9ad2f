"""What stands around a piece of a text: the same signs as in the examples speak for it, others against it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import takewhile

__all__ = ["CONTEXT", "Contexts"]

CONTEXT = 18
"""Bits for a piece that on all rows of the table has other signs before it than on any example, and as many for those behind it."""

SEPARATORS = ",;:|"
"""Signs that, with the blank behind them, are one sign."""

Place = tuple[str, int, int]
"""A text, and where a piece of it begins and ends."""


class Contexts:
    """The signs around a piece in the examples."""

    def __init__(self, shown: Iterable[Place]) -> None:
        found = list(shown)
        self.before = {_before(t, a) for t, a, _ in found}
        self.behind = {_behind(t, b) for t, _, b in found}
        self.word_before = _shared_word([t[:a][::-1] for t, a, _ in found])[::-1]
        self.word_behind = _shared_word([t[b:] for t, _, b in found])

    def unlike(self, place: Place, *, counted: bool = False) -> float:
        """How unlike the signs around it are those of the examples, 0 to 2; a ``counted`` end may be that of the text.

        If all examples have the same word on one side, a text that has this word elsewhere is unlike them, too.
        """
        text, start, end = place
        before, behind = _unlike(_before(text, start), self.before), _unlike(_behind(text, end), self.behind)
        if counted and end == len(text):
            behind = 0.0
        if self.word_before and not text.endswith(self.word_before, 0, start) and self.word_before in text:
            before = 1.0
        if self.word_behind and not text.startswith(self.word_behind, end) and self.word_behind in text:
            behind = 1.0
        return before + behind


_WHOLE_WORDS = re.compile(r"[\W_]*[^\W_]*[^\W\d_][^\W_]*[\W_]+")


def _shared_word(texts: Sequence[str]) -> str:
    """The word, with the signs around it, that several texts begin with; empty if they share none."""
    if len({*texts}) < 2:
        return ""
    shared = "".join(c[0] for c in takewhile(lambda c: len({*c}) == 1, zip(*texts, strict=False)))
    found = _WHOLE_WORDS.match(shared)
    return found.group() if found else ""


def _unlike(context: str, shown: set[str]) -> float:
    """An end of the text is less unlike than another sign."""
    return 0.0 if context in shown else 1.0 if context else 0.5


def _before(text: str, at: int) -> str:
    """The sign before a position, or w for a letter or digit, and before a blank a separator, too; "" at the start."""
    if at > 1 and text[at - 1].isspace() and text[at - 2] in SEPARATORS:
        return text[at - 2] + text[at - 1]
    return _sign(text[at - 1]) if at else ""


def _behind(text: str, at: int) -> str:
    """The sign behind a position, and after a blank the next one, too."""
    after = text[at : at + 2]
    return "".join(map(_sign, after if after[:1].isspace() else after[:1]))


def _sign(c: str) -> str:
    return "w" if c.isalnum() else c
