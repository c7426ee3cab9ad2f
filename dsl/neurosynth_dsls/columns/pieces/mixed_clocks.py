"""Times of which full hours are written without minutes: ``9-13:30``, ``Wed 14-15:30``, ``opens 9``, ``6.35 uur`` and ``14 uur``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from neurosynth.language.evaluate import Evaluator
from neurosynth.language.pieces import Column
from neurosynth.language.program import Program
from neurosynth_dsls.columns.pieces.building import call
from neurosynth_dsls.columns.pieces.moment_reading import Reading

__all__ = ["mixed_clocks"]

BITS = 5
"""Bits of such a time."""
MOST = 2
"""Times of a cell."""
PLACES = (
    (r"(?<![\d:.,/])\d{1,2}(?::\d\d)?(?![\d:.,/])", "%H:%M|%H"),
    (r"(?<![\d:.,/])\d{1,2}(?::\d\d)?[AaPp][Mm](?!\w)", "%I:%M%p|%I%p"),
    (r"(?<![\d:.,/])\d{1,2}(?::\d\d)? [AaPp][Mm](?!\w)", "%I:%M %p|%I %p"),
    (r"(?<![\d:.,/])\d{1,2}(?:[:.]\d\d)?(?![\d:.,/])", "%H:%M|%H.%M|%H"),
    (r"(?<![\w:.,/])\d{1,2}h(?:\d\d)?(?![\w:.,/])", "%Hh%M|%Hh"),
)
"""Patterns of the times, and the formats that read them."""
_HOUR = re.compile(r"\d{1,2}")
_BEYOND = 24, 13
"""The first hours that no day and no half of one has."""
_TOLD = re.compile(r"(?i)\d:\d\d|\d ?(?:uur|uhr|h)\b")
"""What tells that a number with a point, or a whole one, is a time: ``6.35 uur``, ``14 Uhr``, beside ``06:50``."""
_MARKED = re.compile(r"[AaPp]\.?[Mm]\b")


def mixed_clocks(column: Column, i: int, source: Program) -> Iterator[Reading]:
    """The times of an input, if all cells have as many, some with minutes and some without, and no other numbers."""
    every = [row[i] for row in column.every if isinstance(row[i], str) and row[i]]
    for pattern, format in PLACES:
        found = [re.findall(pattern, t) for t in every]
        if len({*map(len, found)}) != 1 or not 1 <= len(found[0]) <= MOST:
            continue
        times = [t for ts in found for t in ts]
        minutes = [bool(re.search(r"\D\d\d", t)) for t in times]
        halves = "%p" in format
        if all(minutes) or not any(minutes) or (not halves and any(map(_MARKED.search, every))):
            continue
        if "." in format and not all(_TOLD.search(t) for t in every):
            continue
        if any(int(_HOUR.findall(t)[0]) >= _BEYOND[halves] for t in times):
            continue
        if any(re.search(r"\d", re.sub(pattern, "", t)) for t in every):
            continue
        for n in range(len(found[0])):
            time = call("text.match", source, pattern, n)
            build = partial(call, "datetime.parse", format, time)
            read = Evaluator().function(build())
            yield Reading((i, "mixed", n, format), BITS, build, read, frozenset("HMS"), frozenset("S"))
        return
