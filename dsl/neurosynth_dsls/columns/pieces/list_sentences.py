"""Lists whose first letter is a capital in the outputs, and no other: ``fridge; oven`` as ``Fridge and oven``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from neurosynth.language.pieces import Column, Piece
from neurosynth.language.program import Program
from neurosynth_dsls.columns.casing import first_lower, first_upper
from neurosynth_dsls.columns.pieces.building import call
from neurosynth_dsls.columns.pieces.lists import Lists

__all__ = ["ListSentences"]

CAPITAL = 3
"""Bits of a first letter as a capital."""
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class ListSentences:
    """Lists that begin like sentences."""

    name: str = "list sentences"

    def bind(self, column: Column) -> _BoundSentences:
        """Find the lists in outputs with a small first letter, where inputs have that word in small letters only."""
        return _BoundSentences(column)


class _BoundSentences:
    """The lists with a capital of one column."""

    def __init__(self, column: Column) -> None:
        self.pieces: list[Piece] = []
        if not column.believes or len(column.rows) < 2:
            return
        lowered = tuple(_lowered(row, o) for row, o in zip(column.rows, column.outputs, strict=True))
        if sum(a != b for a, b in zip(lowered, column.outputs, strict=True)) < 2:
            return
        for piece in Lists().bind(replace(column, outputs=lowered)).pieces:
            texts = tuple(map(first_upper, piece.texts))
            begins = all(map(str.startswith, column.outputs, texts))
            if piece.name == "list" and texts != piece.texts and begins and all(texts):
                build = partial(_capital, piece)
                self.pieces.append(Piece(texts, piece.cost + CAPITAL, build, name="list with a capital"))

    def starting(self, positions: Sequence[int], rests: Sequence[str]) -> Iterable[Piece]:
        """The lists at the start of all outputs."""
        return () if any(positions) else self._starting(rests)

    def _starting(self, rests: Sequence[str]) -> Iterator[Piece]:
        yield from (p for p in self.pieces if all(map(str.startswith, rests, p.texts)))


def _lowered(row: Sequence[object], output: str) -> str:
    """The output with a small first letter if its first word stands only so in the row."""
    found = _WORD.match(output)
    if found is None:
        return output
    words = {w for cell in row if isinstance(cell, str) for w in _WORD.findall(cell)}
    return first_lower(output) if found.group() not in words and first_lower(found.group()) in words else output


def _capital(piece: Piece) -> Program:
    return call("text.first_upper", piece.build())
