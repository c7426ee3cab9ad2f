"""Times and days in the outputs that pieces of different values would write together."""

from __future__ import annotations

import re
from collections.abc import Sequence

from neurosynth.language.pieces import Piece
from neurosynth.search.strategies.cover.paths import CONSTANT

__all__ = ["mixed_clock", "mixed_day"]

_CLOCK = re.compile(r"(?<![\d:])(\d{1,2}):(\d\d)(?::(\d\d))?(?![\d:])")
_PARTS = ("HI", "M", "S")
"""The codes of fields that may write each part of a clock."""
_WHOLE = "00"
"""Minutes and seconds that a constant may write behind any hour."""


def mixed_clock(pieces: Sequence[Piece]) -> bool:
    """Whether a time in the outputs is put together from things that do not belong together.

    These are fields of several values, fields in another order than hour, minute, second, parts of a rounded or moved time beside
    parts of something else, and constant minutes behind a computed hour. In ``1:00PM to 1:59PM`` the second time is the end of the
    hour. It is not the hour of the beginning before the minutes of something else, although three examples may agree with that.
    """
    spans, at = [], 0
    for piece in pieces:
        spans.append((at, at + len(piece.texts[0]), piece))
        at += len(piece.texts[0])
    return any(_is_mixed(clock, spans) for clock in _CLOCK.finditer("".join(p.texts[0] for p in pieces)))


def _is_mixed(clock: re.Match[str], spans: Sequence[tuple[int, int, Piece]]) -> bool:
    values = set()
    rounded = hour = odd = other = False
    for part, letters in enumerate(_PARTS, start=1):
        start, end = clock.span(part)
        for first, last, piece in spans:
            if last <= start or first >= end:
                continue
            if piece.frame is None:
                odd = odd or (piece.name == CONSTANT and clock[part] != _WHOLE)
                other = other or piece.name != CONSTANT
                continue
            if first == start and last == end and piece.frame.code[-1] not in letters:
                return True
            rounded = rounded or piece.manner is not None
            hour = hour or part == 1
            values.add(piece.value)
    return len(values) > 1 or (rounded and other) or (hour and odd)


def mixed_day(pieces: Sequence[Piece]) -> bool:
    """Whether the name of a month and the day beside it are fields of two values that come from one input.

    On the first of October, ``Oct 1`` may be the month of the date and the day on which its quarter begins. In September it is neither.
    """
    before: Piece | None = None
    for piece in pieces:
        if piece.frame is not None:
            pair = before is not None and _day_and_month(before, piece)
            if before is not None and pair and before.value != piece.value:
                return True
            before = None if pair else piece
        elif piece.name != CONSTANT or piece.texts[0] not in _JOINS:
            before = None
    return False


_JOINS = (" ", ". ", ", ", ".", "-", "/")
"""What stands between a day and its month."""


def _day_and_month(first: Piece, second: Piece) -> bool:
    letters = {p.frame.code[-1] for p in (first, second) if p.frame is not None}
    return first.read == second.read is not None and letters in ({"b", "d"}, {"B", "d"})
