"""A constant where a list has no item left: ``none`` where two lists have nothing in common."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from neurosynth.language.pieces import BoundSource, Column, Piece, PieceSource
from neurosynth.language.program import Program
from neurosynth_dsls.columns.pieces.building import call
from neurosynth_dsls.columns.pieces.substrings import texts_of

__all__ = ["EmptyParts", "WithDefaults"]

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


PART = 15
"""Bits of a part between separators that may be empty."""


@dataclass(frozen=True)
class EmptyParts:
    """Parts between separators that are empty on some rows, and a constant there: the folder of a file, or ``(root)``."""

    name: str = "empty parts"

    def bind(self, column: Column) -> _BoundEmptyParts:
        """Find the parts that are empty on some rows."""
        return _BoundEmptyParts(column)


class _BoundEmptyParts:
    """The pieces made of parts that are empty on some rows of one column."""

    def __init__(self, column: Column) -> None:
        self.pieces: list[Piece] = []
        if column.leaf or len(column.rows) < 3 or not all(isinstance(o, str) and o for o in column.outputs):
            return
        for i, source in enumerate(column.inputs):
            texts = texts_of(column, i, column.rows)
            if texts is None or not all(texts):
                continue
            for sign in sorted({c for c in set.intersection(*map(set, texts)) if not c.isalnum()}):
                split = [t.split(sign) for t in texts]
                for n in (-2, -1, 0, 1):
                    if all(-len(x) <= n < len(x) for x in split):
                        parts = tuple(x[n] for x in split)
                        piece = Piece(parts, PART, partial(call, "text.split_at", source, sign, n), name="part")
                        self.pieces += _with_default(piece, column.outputs) if not all(parts) else ()

    def starting(self, positions: Sequence[int], rests: Sequence[str]) -> Iterator[Piece]:
        """The pieces, if the rests are the whole outputs."""
        if not any(positions):
            yield from (p for p in self.pieces if p.texts == tuple(rests))


def _with_default(piece: Piece, rests: Sequence[str]) -> Iterator[Piece]:
    constants = {r for t, r in zip(piece.texts, rests, strict=True) if not t}
    whole = all(not t or t == r for t, r in zip(piece.texts, rests, strict=True))
    if whole and any(piece.texts) and len(constants) == 1 and 0 < len(constant := constants.pop()) <= LONGEST:
        cost = piece.cost + BITS + LETTER * len(constant)
        yield Piece(tuple(rests), cost, partial(_or_default, piece, constant), name=f"{piece.name} or constant")


def _or_default(piece: Piece, constant: str) -> Program:
    program = piece.build()
    return call("ite", call("=", program, ""), constant, program)
