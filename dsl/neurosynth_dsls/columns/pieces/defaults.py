"""A constant where a list has no item left: ``none`` where two lists have nothing in common."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from neurosynth.language.pieces import BoundSource, Column, Piece, PieceSource
from neurosynth.language.program import Program
from neurosynth_dsls.columns.pieces.building import call

__all__ = ["WithDefaults"]

BITS, LETTER, LONGEST = 6, 1, 24
"""Bits of a constant instead of an empty text, those of each character, and its maximum number of characters."""


@dataclass(frozen=True)
class WithDefaults:
    """The pieces of another source, and those that are a constant where they are empty."""

    source: PieceSource

    @property
    def name(self) -> str:
        """That of the other source."""
        return self.source.name

    def bind(self, column: Column) -> _BoundDefaults:
        """Read a column with the other source."""
        return _BoundDefaults(self.source.bind(column))


@dataclass(frozen=True, slots=True)
class _BoundDefaults:
    source: BoundSource

    def starting(self, positions: Sequence[int], rests: Sequence[str]) -> Iterable[Piece]:
        """The pieces of the other source, each followed by itself with a constant for the whole rest of the rows where it is empty."""
        for piece in self.source.starting(positions, rests):
            yield piece
            if not all(piece.texts):
                yield from _with_default(piece, rests)


def _with_default(piece: Piece, rests: Sequence[str]) -> Iterator[Piece]:
    constants = {r for t, r in zip(piece.texts, rests, strict=True) if not t}
    whole = all(not t or t == r for t, r in zip(piece.texts, rests, strict=True))
    if whole and any(piece.texts) and len(constants) == 1 and 0 < len(constant := constants.pop()) <= LONGEST:
        cost = piece.cost + BITS + LETTER * len(constant)
        yield Piece(tuple(rests), cost, partial(_or_default, piece, constant), name=f"{piece.name} or constant")


def _or_default(piece: Piece, constant: str) -> Program:
    program = piece.build()
    return call("ite", call("=", program, ""), constant, program)
