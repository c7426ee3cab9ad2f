"""Parts of outputs that are one of two texts, by a condition on the row: ``N`` or ``S`` by a sign, ``early`` or ``late`` by two times.

A branch chooses between whole outputs. Where an output has two such parts, branches would need an example of each combination.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

from neurosynth.language.pieces import Column, Condition, ConditionSource, Piece
from neurosynth.language.program import Program
from neurosynth_dsls.columns.pieces.building import call, text

__all__ = ["INITIAL", "TextChoices", "is_initial"]

BASE = 18
"""Bits of a choice, in addition to its condition and its texts."""
CONDITION = 11
"""Maximum number of bits of a condition: it must be simple, because few rows support each text."""
TEXT = 3
"""Bits of a text, in addition to its characters."""
LETTER, DIGIT, OTHER = 6, 14, 1
"""Bits of a character of a text; a choice seldom writes digits."""
INITIAL = 10
"""Bits of letters with which words of their rows begin: they are hardly chosen, but copied."""
WORD = 14
"""Maximum number of bits of a condition for a text that other rows lack altogether."""
_LEAD = re.compile(r"[^\W\d_]{2,}(?: [^\W\d_]+)?(?:: | - | – |! )|[^\w\s] ")
"""What may stand before a text in some rows only: a word and a sign, or a sign."""
LONGEST = 20
"""Characters of a text."""
PHRASE = r"[^\W\d_]{2,}(?:[ -]\w+)*(?=\s*[^\w\s]|$)"
"""One or several words before a sign or at the end."""
ENDS = (r"\W*[^\W\d_]+", r"\W*[^\W\d_]+\W+", r"[^\w\s]+", r"[^\W\d_]+(?: [^\W\d_]+)+", PHRASE)
"""Where the texts of a choice may end: after a word, after the signs behind it, after signs, after several words, before a sign."""


@dataclass(frozen=True)
class TextChoices:
    """Choices between two texts."""

    sources: tuple[ConditionSource, ...]
    name: str = "choices"

    def bind(self, column: Column) -> BoundChoices:
        """Note the column; conditions are found on first use."""
        return BoundChoices(column, self.sources)


class BoundChoices:
    """The choices of one column."""

    def __init__(self, column: Column, sources: Sequence[ConditionSource]) -> None:
        self.column, self.sources = column, sources
        self.usable = not column.leaf and len(column.rows) > 2 and all(column.outputs)

    @cached_property
    def conditions(self) -> list[Condition]:
        """The simplest one for each way to divide the example rows, found on first use: few columns have two texts anywhere."""
        best: dict[tuple[bool, ...], Condition] = {}
        for source in self.sources:
            for condition in source.conditions(self.column):
                known = best.get(condition.rows)
                if condition.general and condition.cost <= CONDITION and (not known or condition.cost < known.cost):
                    best[condition.rows] = condition
        return list(best.values())

    def starting(self, positions: Sequence[int], rests: Sequence[str]) -> Iterator[Piece]:
        """Choices whose texts start the rests."""
        if not self.usable:
            return
        for added in _added(rests):
            yield from self._where(added, rests)
        if not all(rests):
            return
        for end in ENDS:
            found = [m.group() if (m := re.match(end, r)) else "" for r in rests]
            if not all(found) or len(set(found)) != 2 or max(map(len, found)) > LONGEST:
                continue
            for condition in self.conditions:
                texts = dict(zip(condition.rows, found, strict=True))
                if all(texts[held] == t for held, t in zip(condition.rows, found, strict=True)):
                    bits = BASE + condition.cost + sum(map(_bits, texts.values()))
                    bits += INITIAL * all(map(is_initial, found, self.column.rows))
                    yield Piece(
                        tuple(found), bits, partial(_choice, condition, texts[True], texts[False]), name="choice"
                    )

    def _where(self, added: str, rests: Sequence[str]) -> Iterator[Piece]:
        """A text that only the rows have for which a condition holds."""
        rows = tuple(r.startswith(added) for r in rests)
        for found in self.told:
            for held in (True, False):
                if found.rows == tuple(r == held for r in rows):
                    bits = BASE + found.cost + _bits(added)
                    texts = (added, "") if held else ("", added)
                    build = partial(_choice, found, *texts)
                    yield Piece(tuple(added if r else "" for r in rows), bits, build, name="choice of nothing")

    @cached_property
    def told(self) -> list[Condition]:
        """The simplest condition for each way to divide the rows, also those that look for a word."""
        best: dict[tuple[bool, ...], Condition] = {}
        for source in self.sources:
            for condition in source.conditions(self.column):
                known = best.get(condition.rows)
                if condition.cost <= WORD and (not known or condition.cost < known.cost):
                    best[condition.rows] = condition
        return list(best.values())


def _added(rests: Sequence[str]) -> Iterator[str]:
    """Texts that some rests begin with and others do not: all that is left of them, or up to a sign and a blank."""
    left = {r for r in rests if r}
    if len(left) == 1 and len(left) < len({*rests}) and max(map(len, left)) <= LONGEST:
        yield left.pop()
        return
    if not all(rests):
        return
    seen: set[str] = set()
    for rest in rests:
        found = _LEAD.match(rest)
        if found and found.group() not in seen and not all(r.startswith(found.group()) for r in rests):
            seen.add(found.group())
            yield found.group()


def is_initial(chosen: str, row: Sequence[Any]) -> bool:
    """Whether a text is one or two letters, apart from signs, with which a word of the row begins."""
    letters = "".join(filter(str.isalpha, chosen)).casefold()
    cells = (c.casefold() for c in row if isinstance(c, str))
    return 0 < len(letters) < 3 and any(re.search(rf"(?<!\w){re.escape(letters)}", c) for c in cells)


def _choice(condition: Condition, yes: str, no: str) -> Program:
    return call("ite", condition.build(), text(yes), text(no))


def _bits(chosen: str) -> int:
    return TEXT + sum(DIGIT if c.isdigit() else LETTER if c.isalpha() else OTHER for c in chosen)
