"""A number of an input before a noun of an input, which is in the plural unless there is one: 1 box, 3 boxes, 2 knives."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from neurosynth.language.pieces import Column, Piece
from neurosynth.language.program import Program
from neurosynth_dsls.columns.nouns import plural_of
from neurosynth_dsls.columns.pieces.building import call
from neurosynth_dsls.columns.pieces.substrings import texts_of
from neurosynth_dsls.columns.pieces.text_index import TextIndex

__all__ = ["CountedNouns"]

BASE = 16
"""Bits of a noun whose form a number decides."""
UNSEEN = 6
"""Additional bits if no example has a single one."""


@dataclass(frozen=True)
class CountedNouns:
    """Nouns of the inputs in the form that a number of the inputs asks for."""

    name: str = "counted nouns"

    def bind(self, column: Column) -> BoundNouns:
        """Find numbers and nouns."""
        return BoundNouns(column)


class BoundNouns:
    """The counted nouns of one column."""

    def __init__(self, column: Column) -> None:
        self.index = TextIndex()
        texts = [
            (p, found) for i, p in enumerate(column.inputs) if (found := texts_of(column, i, column.rows)) is not None
        ]
        numbers = [(p, found) for p, found in texts if all(map(str.isdecimal, found))]
        for count, amounts in numbers:
            if all(a == "1" for a in amounts):
                continue
            for noun, words in texts:
                if noun is not count and all(w and w[-1:].isalpha() for w in words):
                    forms = tuple(w if a == "1" else plural_of(w) for w, a in zip(words, amounts, strict=True))
                    if all(f in o for f, o in zip(forms, column.outputs, strict=True)):
                        cost = BASE + UNSEEN * ("1" not in amounts)
                        self.index.add(Piece(forms, cost, partial(_counted, count, noun), name="counted noun"))

    def starting(self, positions: Sequence[int], rests: Sequence[str]) -> Iterator[Piece]:
        """The nouns that the rests start with."""
        return self.index.starting(rests)


def _counted(count: Program, noun: Program) -> Program:
    return call("ite", call("=", count, "1"), noun, call("text.plural", noun))
