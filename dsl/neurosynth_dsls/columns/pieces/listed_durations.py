"""The total of the times in a list inside a cell: laps, tracks of a record, hours of a week."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial

from neurosynth.language.pieces import Column
from neurosynth.language.program import Program
from neurosynth_dsls.columns.pieces.building import call
from neurosynth_dsls.columns.pieces.substrings import texts_of

__all__ = ["Total", "listed_durations"]

Total = tuple[tuple[int, str, str], int, Callable[[], Program]]
"""Key, bits, and the builder of the program."""

TOTAL = 8
"""Bits of the total of the times of a list."""
UNITS = (("h", "min", 0), ("min", "s", 2))
"""The two units of a time, with bits."""
_TIMES = re.compile(r"\s*\d+:[0-5]\d(?:(?:\s*[,;+/|&]\s*|\s+)\d+:[0-5]\d)*\s*")
_FIRST, _SECOND = r"\d+(?=:)", r"(?<=:)\d+"


def listed_durations(column: Column) -> Iterator[Total]:
    """Totals of the times in the cells of inputs, of which some have several and no cell has anything else."""
    for i, source in enumerate(column.inputs):
        texts = texts_of(column, i, column.rows)
        if texts is None or not all(map(_TIMES.fullmatch, texts)) or max(t.count(":") for t in texts) < 2:
            continue
        for first, second, bits in UNITS:
            yield (i, "total", first), TOTAL + bits, partial(_total, source, first, second)


def _total(source: Program, first: str, second: str) -> Program:
    return call("duration.+", _sum(source, _FIRST, first), _sum(source, _SECOND, second))


def _sum(source: Program, pattern: str, unit: str) -> Program:
    return call("duration.of", unit, call("pieces.sum", "0", call("re.find_all", pattern, source)))
