"""Pieces by their first text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from neurosynth.language.pieces import Piece

__all__ = ["TextIndex"]


class TextIndex:
    """Pieces with known texts, found by the continuation of the first row."""

    def __init__(self) -> None:
        self._pieces: dict[str, list[Piece]] = {}
        self._lengths: list[int] = []

    def add(self, piece: Piece) -> None:
        """Keep a piece; its first text must not be empty."""
        first = piece.texts[0]
        if first not in self._pieces:
            self._pieces[first] = []
            self._lengths = sorted({len(first), *self._lengths})
        self._pieces[first].append(piece)

    def starting(self, rests: Sequence[str]) -> Iterator[Piece]:
        """The pieces that the rests start with."""
        first = rests[0]
        for n in self._lengths:
            if n > len(first):
                return
            for piece in self._pieces.get(first[:n], ()):
                if all(r.startswith(t) for r, t in zip(rests, piece.texts, strict=True)):
                    yield piece
