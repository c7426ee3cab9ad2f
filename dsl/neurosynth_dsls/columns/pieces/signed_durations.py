"""Durations with a sign before positive ones, too: hours above and below a plan."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import timedelta
from functools import partial

from neurosynth.language.pieces import Column, Piece
from neurosynth.language.program import Program
from neurosynth_dsls.columns.duration_format import write_duration
from neurosynth_dsls.columns.pieces.building import call
from neurosynth_dsls.columns.pieces.duration_readings import DurationReading

__all__ = ["signed_durations"]

SIGNED = 12
"""Bits of a signed duration and its format."""
FORMATS = (
    "%-H:%M",
    "%H:%M",
    "%-H:%M:%S",
    "%H:%M:%S",
    "%-M:%S",
    "%M:%S",
    "%-Hh %Mm",
    "%-Hh %-Mm",
    "%-H h %-M min",
    "%-M min",
)
"""Their formats, the usual first."""
_PLUS = re.compile(r"\+\d")
ANY, CHANGED = r"^(?=\d)", r"^(?=\d.*[1-9]|[1-9])"
"""Where a plus stands: before all that are not negative, or not before zero."""


def signed_durations(
    column: Column, reading: DurationReading, cost: int, spans: Sequence[timedelta]
) -> Iterator[Piece]:
    """Durations of which some have a plus in the outputs, others a minus."""
    if not all(s <= timedelta() or _PLUS.search(o) for s, o in zip(spans, column.outputs, strict=True)):
        return
    if not any(s > timedelta() for s in spans) or min(spans) > timedelta():
        return  # a plus before all of them is a constant
    for at, format in enumerate(FORMATS):
        written = [write_duration(format, s) for s in spans]
        for bits, pattern in enumerate((ANY, CHANGED)):
            texts = tuple(re.sub(pattern, "+", t) for t in written)
            if all(t in o for t, o in zip(texts, column.outputs, strict=True)):
                build = partial(_signed, pattern, format, reading)
                yield Piece(texts, SIGNED + cost + at // 2 + bits, build, name="signed duration")
                break


def _signed(pattern: str, format: str, reading: DurationReading) -> Program:
    return call("re.replace", pattern, "+", call("duration.format", format, reading.build()))
