"""Whether the pieces of one cover fit together: dates and times made of things that do not belong together, digits of an old value."""

from __future__ import annotations

import re
from collections.abc import Hashable, Sequence
from itertools import pairwise

from neurosynth.language.pieces import Piece
from neurosynth.ranking.agreement import read_inputs
from neurosynth.search.strategies.cover.clocks import mixed_clock, mixed_day
from neurosynth.search.strategies.cover.config import CoverConfig
from neurosynth.search.strategies.cover.paths import CONSTANT

__all__ = ["incoherent_bits"]


def incoherent_bits(pieces: Sequence[Piece], config: CoverConfig) -> int:
    """Bits for pieces that do not fit together."""
    keys = [_key(p) for p in pieces if p.name != CONSTANT]
    repeated = config.repeated * (len(keys) - len(set(keys)) + _months_twice(pieces))
    touching = config.touching * any(map(_touch, pieces, pieces[1:]))
    mixed = _mixed(pieces) or mixed_clock(pieces) or mixed_day(pieces)
    torn = config.touching * any(map(_torn_date, pieces, pieces[1:]))
    return _stale(pieces, config) + repeated + touching + torn + config.mixed * mixed


def _stale(pieces: Sequence[Piece], config: CoverConfig) -> int:
    """Bits for digits beside a changed value that do not change with it (copies of the old value), and for constant digits beside
    fields.

    From 5 March 14:22 and 17 March 9:05, ``05.04.2024`` and ``16.04.2024`` are the day ten hours earlier before ``.04.``.
    """
    moved = {p.moves for p in pieces if p.moves is not None}
    copied = any(p.copies in moved for p in pieces if p.copies is not None)
    fixed = any(p.frame is not None for p in pieces) and any(map(_fixed_digits, pieces))
    return config.stale * (copied + fixed + _stale_minutes(pieces))


def _months_twice(pieces: Sequence[Piece]) -> int:
    """How many values have their month both as a name and as a number, beside a day: in ``28 Mar - 3`` the 3 is likelier another day."""
    told: dict[Hashable, set[str]] = {}
    for p in pieces:
        if p.frame is not None:
            told.setdefault(p.value, set()).add(p.frame.code[-1].lower())
    return sum({"b", "m", "d"} <= fields for fields in told.values())


def _key(piece: Piece) -> Hashable:
    """A key that is equal for equal pieces: a field of a value, or the program."""
    return (piece.value, piece.frame.code) if piece.frame is not None else piece.build()


_DATE = re.compile(r"(?<![\d./-])(?:\d{4}([./-])\d{1,2}\1\d{1,2}|\d{1,2}([./-])\d{1,2}\2(?:\d{4}|\d\d))(?![\d./-])")


def _mixed(pieces: Sequence[Piece]) -> bool:
    """Whether one date of the outputs combines a value with something else from the same input, as in ``32.07.2024``."""
    text = "".join(p.texts[0] for p in pieces)
    spans, at = [], 0
    for p in pieces:
        spans.append((at, at + len(p.texts[0]), p))
        at += len(p.texts[0])
    for date in _DATE.finditer(text):
        inside = [p for start, end, p in spans if start < date.end() and end > date.start() and _says(p)]
        if any(p.value is not None for p in inside) and len({p.value for p in inside}) > 1:
            inputs = [read_inputs(p.build()) for p in inside if p.name != CONSTANT]
            if set.intersection(*inputs):
                return True
    return False


def _says(piece: Piece) -> bool:
    """Whether a piece carries a part of a date: anything except signs and the day of a first of the month."""
    return piece.name != CONSTANT or piece.texts[0].strip("./- ") not in ("", "1", "01")


def _touch(first: Piece, second: Piece) -> bool:
    """Whether two numbers are adjacent without a sign, and one of them is a field without its leading zero."""
    bare = any(p.frame is not None and "-" in p.frame.code and p.frame.code[-1] not in "YyD" for p in (first, second))
    return bare and first.texts[0][-1:].isdigit() and second.texts[0][:1].isdigit()


def _torn_date(first: Piece, second: Piece) -> bool:
    """Whether a sign of one date is copied with what is behind it, and joins that to a field of another: 12 and ``-14`` of 2025-06-14."""
    return (
        first.frame is not None
        and second.copies is not None
        and second.copies != first.read
        and all(map(_SIGNED.match, second.texts))
    )


_SIGNED = re.compile(r"[-/.]\d")
_MINUTES = re.compile(r":?\d\d(?!\d)")


def _stale_minutes(pieces: Sequence[Piece]) -> bool:
    """Whether a rounded or moved hour comes before minutes that are copied from the input of the hour."""
    return any(
        hour.frame is not None
        and hour.manner is not None
        and hour.frame.code[-1] in "HI"
        and rest.copies is not None
        and rest.copies == hour.read
        and all(map(_MINUTES.match, rest.texts))
        for hour, rest in pairwise(p for p in pieces if p.texts[0] != ":")
    )


def _fixed_digits(piece: Piece) -> bool:
    return piece.name == CONSTANT and any(c.isdigit() for c in piece.texts[0])
