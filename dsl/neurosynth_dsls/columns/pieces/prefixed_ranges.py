"""Every number of a range behind the same text: the seats ``12-15`` of row C as ``C12, C13, C14, C15``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from neurosynth.language.pieces import Column, Piece
from neurosynth.language.program import Lambda, Program, Variable
from neurosynth.values.types import STRING
from neurosynth_dsls.columns.pieces.building import call
from neurosynth_dsls.columns.pieces.number_runs import short_ranges
from neurosynth_dsls.columns.pieces.substrings import texts_of
from neurosynth_dsls.columns.splitting import ranges

__all__ = ["prefixed_ranges"]

BITS = 20
"""Bits of the numbers of a range behind a text of the row."""
UNREAD = 20
"""Bits if no row of the table has such a range and such a text; proportional if some do not."""
_RANGE = re.compile(r"\d(\s?(?:-|–|\.\.|/|to)\s?)\d")
PREFIXES = ((r"\b[A-Z]\b", 0, 0), *((r"[^\W\d_]+", n, 1 + n) for n in range(3)), (r"[^\W\d_]+", -1, 2))
"""Patterns of the text, which match of them it is, and bits."""


@dataclass(frozen=True, slots=True, eq=False)
class _Ranges:
    """The ranges of one input, which may stand between other words."""

    sign: str
    source: Program

    @property
    def pattern(self) -> str:
        """The numbers and ranges of a cell."""
        return rf"\d+(?:{re.escape(self.sign)}\d+)?"

    def written_out(self, text: str) -> list[str] | None:
        """The numbers; None if there are too many."""
        found = re.findall(self.pattern, text)
        return ranges(self.sign, found) if short_ranges(self.sign, [found]) else None

    def build(self, separator: str, prefix: Program) -> Program:
        """The numbers behind a text, joined."""
        behind = Lambda((STRING,), call("str.++", prefix, Variable(0, STRING)))
        numbers = call("pieces.ranges", self.sign, call("re.find_all", self.pattern, self.source))
        return call("pieces.join", separator, call("pieces.map", behind, numbers))


def prefixed_ranges(column: Column) -> Iterator[Piece]:
    """Ranges of numbers in the inputs, written out in the outputs with a word of the same input before each number."""
    if not column.believes:
        return
    for i, source in enumerate(column.inputs):
        texts = texts_of(column, i, column.rows)
        signs = {m[1] for t in texts or () for m in _RANGE.finditer(t)}
        if texts is None or len(signs) != 1:
            continue
        made = _Ranges(signs.pop(), source)
        lists = list(map(made.written_out, texts))
        for pattern, n, bits in PREFIXES:
            words = [_word(pattern, n, t) for t in texts]
            found = _joined(words, lists, column.outputs)
            if found is not None:
                separator, outputs = found
                judged = [row[i] or "" for row in column.judged]
                unread = sum(not (_word(pattern, n, t) and made.written_out(t)) for t in judged)
                prefix = call("text.match", source, pattern, n)
                yield Piece(
                    outputs,
                    BITS + bits + UNREAD * unread // max(1, len(judged)),
                    partial(made.build, separator, prefix),
                    name="numbers of a range",
                )


def _word(pattern: str, n: int, text: str) -> str:
    """A match of a pattern; empty if there is none."""
    found = re.findall(pattern, text)
    return found[n] if -len(found) <= n < len(found) else ""


def _joined(
    words: Sequence[str], lists: Sequence[list[str] | None], outputs: Sequence[str]
) -> tuple[str, tuple[str, ...]] | None:
    """The text between the numbers of the outputs, and the numbers behind their words, joined by it; None if it is not so."""
    items = [[w + x for x in xs] for w, xs in zip(words, lists, strict=True) if w and xs]
    if len(items) < len(outputs) or len(set(words)) < 2:
        return None
    for xs, output in zip(items, outputs, strict=True):
        found = re.search(rf"{re.escape(xs[0])}(\D{{1,4}}?){re.escape(xs[1])}(?!\d)", output) if len(xs) > 1 else None
        if found is not None:
            joined = tuple(map(found[1].join, items))
            return (found[1], joined) if all(t in o for t, o in zip(joined, outputs, strict=True)) else None
    return None
