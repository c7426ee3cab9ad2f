"""Spans of time whose unit stands behind them: the 10 of ``10 days ago`` counts days, and is hardly the day of a month."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from neurosynth.language.pieces import BoundSource, Column, Piece, PieceSource
from neurosynth.language.program import Program
from neurosynth_dsls.columns.pieces.building import call, text

__all__ = ["WithUnits"]

TOLD = 8
"""Bits that the unit's word saves, because it tells which span of time is meant."""
_WORDS = {
    "workday": "(?:working|business|work|week)[ -]?days?|Arbeitstage?n?|Werktage?n?|jours? ouvrés?",
    "day": "days?|d|nights?|Tage?n?|N[aä]chte?n?|jours?|nuits?|días?|noches?|giorn[io]|nott[ei]|dag(?:en|ar)?",
    "week": "weeks?|wks?|Wochen?|semaines?|semanas?|settiman[ae]|w(?:e)?ken",
    "month": "months?|mos?|mths?|Monate?n?|mois|mes(?:es)?|mes[ei]|maand(?:en)?",
    "year": "years?|yrs?|y|yo|Jahre?n?|ans?|années?|años?|ann[io]|jaar|år",
    "h": "hours?|hrs?|h|Stunden?|Std|heures?|horas?|or[ae]|uur",
    "min": "minutes?|mins?|m|Minuten?|minutos?|minut[io]",
    "s": "seconds?|secs?|s|Sekunden?|Sek|secondes?|segundos?|second[io]|seconden",
}
_UNITS = {unit: re.compile(rf"[ \u00a0-]?(?:{words})(?!\w)", re.IGNORECASE) for unit, words in _WORDS.items()}
"""Units of time, and how a text names them."""
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")


@dataclass(frozen=True)
class WithUnits:
    """The pieces of another source, and those that are spans of time with their unit behind them."""

    source: PieceSource

    @property
    def name(self) -> str:
        """That of the other source."""
        return self.source.name

    def bind(self, column: Column) -> _BoundUnits:
        """Read a column with the other source."""
        return _BoundUnits(self.source.bind(column))


@dataclass(frozen=True, slots=True)
class _BoundUnits:
    source: BoundSource

    def starting(self, positions: Sequence[int], rests: Sequence[str]) -> Iterable[Piece]:
        """The pieces of the other source, each followed by itself with its unit."""
        for piece in self.source.starting(positions, rests):
            yield piece
            unit = _unit_of(piece)
            if unit is not None and all(map(_NUMBER.fullmatch, piece.texts)):
                yield from _with_unit(piece, _UNITS[unit], rests)


def _unit_of(piece: Piece) -> str | None:
    """The unit in which a piece counts the time between two moments, or that of a duration; None if it does not."""
    if piece.family is None or piece.family[1] != "" or not isinstance(piece.family[0], tuple):
        return None
    key = piece.family[0]
    unit = key[1] if key[0] == "between" else key[2] if key[1:2] == ("in",) else None
    return unit if unit in _UNITS else None


def _with_unit(piece: Piece, unit: re.Pattern[str], rests: Sequence[str]) -> Iterator[Piece]:
    found = [unit.match(r, len(t)) for t, r in zip(piece.texts, rests, strict=True)]
    words = {m.group() if m else "" for m in found}
    if len(words) > 1 or "" in words:
        return
    (word,) = words
    yield Piece(
        tuple(t + word for t in piece.texts),
        piece.cost - TOLD,
        partial(_named, piece, word),
        value=piece.value,
        family=piece.family,
        read=piece.read,
        name=f"{piece.name} and unit",
    )


def _named(piece: Piece, word: str) -> Program:
    return call("str.++", piece.build(), text(word))
