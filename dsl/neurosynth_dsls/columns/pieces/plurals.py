"""Numbers with a word behind them that has another form after 1: ``1 day`` and ``14 days``, whatever computed the number."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from neurosynth.language.pieces import BoundSource, Column, Piece, PieceSource
from neurosynth.language.program import Program
from neurosynth_dsls.columns.nouns import plural_of
from neurosynth_dsls.columns.pieces.building import call, text

__all__ = ["WithPlurals"]

BASE = 12
"""Bits of the two forms, in addition to their letters."""
IRREGULAR = 12
"""Bits of a plural that is not the regular one of the language or of its nouns."""
LETTER = 4
"""Bits of a letter."""
LONGEST = 16
"""Characters of a form."""
_WORD = re.compile(r"[ -]?[^\W\d_]+")


@dataclass(frozen=True)
class WithPlurals:
    """The pieces of another source, and those that are whole numbers with a word behind them."""

    source: PieceSource

    @property
    def name(self) -> str:
        """That of the other source."""
        return self.source.name

    def bind(self, column: Column) -> _Bound:
        """Read a column with the other source."""
        return _Bound(self.source.bind(column))


@dataclass(frozen=True, slots=True)
class _Bound:
    source: BoundSource

    def starting(self, positions: Sequence[int], rests: Sequence[str]) -> Iterable[Piece]:
        """The pieces of the other source, each followed by itself with a word."""
        for piece in self.source.starting(positions, rests):
            yield piece
            if "1" in piece.texts and all(map(str.isdecimal, piece.texts)):
                yield from _with_word(piece, rests)


def _with_word(piece: Piece, rests: Sequence[str]) -> Iterator[Piece]:
    found = [_WORD.match(r, len(t)) for t, r in zip(piece.texts, rests, strict=True)]
    words = [m.group() if m else "" for m in found]
    ones = {w for t, w in zip(piece.texts, words, strict=True) if t == "1"}
    others = {w for t, w in zip(piece.texts, words, strict=True) if t != "1"}
    if len(ones) != 1 or len(others) != 1 or ones == others or "" in ones | others:
        return
    (one,), (other,) = ones, others
    if max(len(one), len(other)) > LONGEST:
        return
    cost = (
        piece.cost
        + BASE
        + LETTER * len(one)
        + (IRREGULAR if other not in (one + "s", one + "es", plural_of(one)) else 0)
    )
    yield Piece(
        tuple(t + w for t, w in zip(piece.texts, words, strict=True)),
        cost,
        partial(_counted, piece, one, other),
        value=piece.value,
        family=piece.family,
        read=piece.read,
        name="plural",
    )


def _counted(piece: Piece, one: str, other: str) -> Program:
    number = piece.build()
    return call("str.++", number, call("ite", call("=", number, "1"), text(one), text(other)))
