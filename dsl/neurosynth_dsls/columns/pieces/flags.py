"""Lists of what is ticked as pieces: each of several inputs says whether its word is a part of the output."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial, reduce
from typing import Any

from neurosynth.language.pieces import Column, Piece
from neurosynth.language.program import Program
from neurosynth.values.types import STRING
from neurosynth_dsls.columns.pieces.building import call, text
from neurosynth_dsls.columns.pieces.filled import SEPARATORS

__all__ = ["Flags"]

BASE = 12
"""Bits of a list of ticked words, in addition to its separator."""
FLAG = 5
"""Bits of each input, in addition to its word."""
LETTER, DIGIT, OTHER = 3, 7, 1
"""Bits of a character of a word, as in a table."""
VALUES = 3
"""Maximum number of different values of an input that ticks; a missing one is one of them."""


@dataclass(frozen=True)
class Flags:
    """Words of the inputs that are ticked, joined."""

    name: str = "flags"

    def bind(self, column: Column) -> BoundFlags:
        """Find the word of each input."""
        return BoundFlags(column)


@dataclass(frozen=True, slots=True, eq=False)
class _Flag:
    """An input that ticks with one of its values."""

    source: Program
    value: str
    on: tuple[bool, ...]
    missing: bool
    """Whether the input is missing wherever it does not tick."""


class BoundFlags:
    """The ticked words of one column."""

    def __init__(self, column: Column) -> None:
        self.pieces: list[Piece] = []
        if column.leaf or len(column.inputs) < 2 or not all(isinstance(o, str) for o in column.outputs):
            return
        flags = [list(_flags(column, i)) for i in range(len(column.inputs))]
        for bits, separator in SEPARATORS:
            if not any(separator in o for o in column.outputs):
                continue
            told = [o.split(separator) if o else [] for o in column.outputs]
            chosen = [(f, w) for some in flags for f, w in [_word_of(some, told)] if f is not None]
            texts = tuple(separator.join(w for f, w in chosen if f.on[k]) for k in range(len(told)))
            if len(chosen) > 1 and texts == column.outputs:
                cost = BASE + bits + sum(FLAG + _bits(w) for _, w in chosen)
                self.pieces.append(Piece(texts, cost, partial(_joined, separator, chosen), name="flags"))

    def starting(self, positions: Sequence[int], rests: Sequence[str]) -> Iterator[Piece]:
        """The lists, if the rests are the whole outputs."""
        if not any(positions):
            yield from (p for p in self.pieces if p.texts == tuple(rests))


def _flags(column: Column, i: int) -> Iterator[_Flag]:
    """The ways in which an input may tick: by each of its few values, the first that is seen first."""
    values = dict.fromkeys(row[i] for row in column.every)
    if column.inputs[i].type != STRING or not 1 < len(values) <= VALUES:
        return
    for value in values:
        on = tuple(row[i] == value for row in column.rows)
        if isinstance(value, str) and value.strip() and len(set(on)) == 2:
            yield _Flag(column.inputs[i], value, on, set(values) == {value, None})


def _word_of(flags: Sequence[_Flag], told: Sequence[Sequence[str]]) -> tuple[Any, str]:
    """The first way of an input to tick for which exactly one word stands in all rows where it ticks and in no others, and that word."""
    for flag in flags:
        ticked = [set(words) for words, on in zip(told, flag.on, strict=True) if on]
        others = set().union(*(words for words, on in zip(told, flag.on, strict=True) if not on))
        words = set.intersection(*ticked) - others
        if len(words) == 1:
            return flag, words.pop()
    return None, ""


def _joined(separator: str, chosen: Sequence[tuple[_Flag, str]]) -> Program:
    return reduce(lambda a, b: call("text.join_filled", separator, a, b), (_ticked(f, w) for f, w in chosen))


def _ticked(flag: _Flag, word: str) -> Program:
    if flag.missing:
        return call("ite", call("is_missing", flag.source), text(""), text(word))
    return call("ite", call("=", call("text.first_filled", flag.source, ""), flag.value), text(word), text(""))


def _bits(word: str) -> int:
    return sum(DIGIT if c.isdigit() else LETTER if c.isalpha() else OTHER for c in word)
