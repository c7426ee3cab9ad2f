"""What stands around a piece of a text: the same signs as in the examples speak for it, others against it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import takewhile

__all__ = [
    "CONFUSED",
    "CONTEXT",
    "SEPARATES",
    "SHORT",
    "STRANGE",
    "Contexts",
    "Place",
    "confused",
    "loses_zeros",
    "strange",
    "unpadded",
]

CONTEXT = 18
"""Bits for a piece that on all rows of the table has other signs before it than on any example, and as many for those behind it."""

STRANGE = 5
"""Bits for a piece that, on some row of the table, has a sign that separates things and that no example has."""
SHORT = 7
"""Bits for a piece that, on some row of the table, stops before another word although it stops before a bracket or a comma on every example."""
CONFUSED = 18
"""Bits for a piece that, on some row, is cut at a sign although it is cut at another sign on every example, and both became one."""
SEPARATES = re.compile(r"[,;:|()\[\]{}<>\"]")
"""Signs that separate things."""

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
        self.closing = _closing(found)

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

    def stops_short(self, place: Place) -> bool:
        """Whether another word follows, and behind it what closes the piece in all examples: ``DA`` of ``DA SILVA (Ind)``."""
        text, _, end = place
        return self.closing != "" and _behind(text, end) == " w" and self.closing in text[end:]


def _closing(shown: Sequence[Place]) -> str:
    """The sign that separates things, with a blank before it or not, behind each of several pieces; empty if they differ."""
    found = {t[b : b + 1 + t[b : b + 1].isspace()] for t, _, b in shown}
    closing = found.pop() if len(found) == 1 and len(shown) > 1 else ""
    return closing if SEPARATES.search(closing) else ""


def strange(shown: Iterable[str], others: Iterable[str]) -> bool:
    """Whether some other text has a sign that separates things and that none of several shown texts has."""
    texts = [*shown]
    known = {c for t in texts for c in SEPARATES.findall(t)}
    return len(texts) > 1 and any(not known.issuperset(SEPARATES.findall(t)) for t in others)


def confused(sign: str, shown: Sequence[Place], others: Iterable[tuple[str, int | None, int | None]]) -> bool:
    """Whether the piece of some other text, and of no shown one, is cut at a sign; other texts may lack the piece."""
    known = [any(at) for at in zip(*(_cut_at(sign, place) for place in shown), strict=True)]
    cuts = (_cut_at(sign, (t, a, b)) for t, a, b in others if a is not None and b is not None)
    return any(here and not there for cut in cuts for here, there in zip(cut, known, strict=True))


def _cut_at(sign: str, place: Place) -> list[bool]:
    """Whether the characters on both sides of both ends are this sign."""
    text, start, end = place
    return [text[max(0, at) : at + 1] == sign for at in (start - 1, start, end - 1, end)]


def loses_zeros(place: Place) -> bool:
    """Whether a piece is a number without the zeros in front of it: ``40`` of ``040``, but neither of ``140`` nor of ``0040``."""
    text, start, end = place
    before = re.search(r"\d*$", text[:start])
    digits = text[start:end]
    zeros = before.group() if before is not None else ""
    return zeros != "" and not zeros.strip("0") and digits[0].isdigit() and (digits[0] != "0" or digits[1:2] == "")


def unpadded(place: Place) -> bool:
    """Whether a piece begins as a number without zeros in front of it, of which the text may have some: ``40`` of ``040`` and of ``40``."""
    text, start, end = place
    digits = text[start:end]
    whole = digits[0].isdigit() and (digits[0] != "0" or digits[1:2] == "") and not text[:start][-1:].isdigit()
    return whole or loses_zeros(place)


_WHOLE_WORDS = re.compile(r"[\W_]*[^\W_]*[^\W\d_][^\W_]*[\W_]+")


def _shared_word(texts: Sequence[str]) -> str:
    """The word, with the signs around it, that several texts begin with; empty if they share none."""
    if len(texts) < 2:
        return ""
    shared = "".join(c[0] for c in takewhile(lambda c: len({*c}) == 1, zip(*texts, strict=False)))
    found = _WHOLE_WORDS.match(shared)
    return found.group() if found else ""


def _unlike(context: str, shown: set[str]) -> float:
    """An end of the text, and another word beyond a blank, are less unlike than another sign."""
    if context in shown:
        return 0.0
    blank = context[-1:].isspace() and context[0] != "w" and context[0] not in SEPARATORS
    if len(context) > 1 and blank and any(c[-1:] == context[-1] for c in shown):
        return 0.0
    apart = len(context) > 1 and "w" in context and any(c[:1].isspace() or c[-1:].isspace() for c in shown)
    return 0.5 if apart or not context else 1.0


SEPARATORS = ",;:|/"
"""Signs before a blank without which a blank is another sign; others may be a part of the word before it, as in ``J. Roy``."""


def _before(text: str, at: int) -> str:
    """The sign before a position, or w for a letter or digit, and before a blank the one before it, too; "" at the start."""
    before = text[max(0, at - 2) : at]
    return "".join(map(_sign, before if before[-1:].isspace() else before[-1:]))


def _behind(text: str, at: int) -> str:
    """The sign behind a position, and after a blank the next one, too."""
    after = text[at : at + 2]
    return "".join(map(_sign, after if after[:1].isspace() else after[:1]))


def _sign(c: str) -> str:
    return "w" if c.isalnum() else c
