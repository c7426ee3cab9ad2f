"""How dates are padded in a column: in its outputs, and in the format in which they are read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from neurosynth.language.pieces import Column
from neurosynth_dsls.columns.date_format import DateFormat, date_format
from neurosynth_dsls.columns.pieces.moment_reading import Reading

__all__ = ["OwnFormat", "own_format", "padding"]

_DATED = re.compile(r"(?<!\d)\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?!\d)")
_NAMED = re.compile(
    r"(?<!\d)\d{1,2}[. -]{1,2}[^\W\d_]{3,}[. ,'-]{1,2}\d{2,4}(?!\d)|[^\W\d_]{3,}[. ]{1,2}\d{1,2},? \d{4}(?!\d)"
)
_ISO = re.compile(r"(?<!\d)\d{4}[-/]\d\d[-/]\d\d(?!\d)")
_BESIDE_NAME = re.compile(r"(?<!\d)\d{1,2}[. ]{1,2}[^\W\d_]{3,}|[^\W\d_]{3,}[. ]{1,2}\d{1,2}(?!\d)")
_CLOCKS = re.compile(r"(?<![\d:])\d{1,2}:\d\d")
_HALVES = re.compile(r"\d ?[AaPp]\.?[Mm](?![a-z])")
_COMPACT = re.compile(r"(?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d)?")
_HOURS = re.compile(r"\d{1,2}(?=:\d|(?::\d\d)* ?[AaPp]\.?[Mm])(?::\d+)*")


def padding(outputs: Sequence[str], column: Column) -> tuple[bool, bool]:
    """Whether days and months, and hours, of one digit are padded in the outputs, if they show it; otherwise as in the inputs."""
    hours = [" ".join(_HOURS.findall(o)) for o in outputs]
    padded, plain = _one_digit([_HOURS.sub("", o) for o in outputs])
    if padded != plain:
        return padded > plain, (padded > plain and _one_digit(hours) == (0, 0)) or _hours_padded(hours, outputs, column)
    clock = _hours_padded(hours, outputs, column)
    if any(re.search(r"\d{8}|\d{4}-\d\d|\d\d-\d\d-\d{4}|\d\d\.\d\d\.", o) for o in outputs):
        return True, True if _one_digit(hours) == (0, 0) else clock
    texts = [v for row in column.every for v in row if isinstance(v, str)]
    if _one_digit([_HOURS.sub("", t) for t in texts if _NAMED.search(t)])[1]:
        return False, clock
    dated = [t for t in texts if _DATED.search(t)]
    if dated and all(map(_ISO.search, dated)) and all(map(_BESIDE_NAME.search, outputs)):
        return False, clock  # such dates always have their zeros; beside the name of a month, days seldom do
    padded, plain = _one_digit(dated)
    return (padded > plain if padded != plain else clock), clock


def _hours_padded(hours: Sequence[str], outputs: Sequence[str], column: Column) -> bool:
    padded, plain = _one_digit(hours)
    if padded != plain:
        return padded > plain
    if not all(re.search(r"(?<!\d)\d\d:\d\d(?![\d:]* ?[AaPp])", o) for o in outputs):
        return False
    texts = [v for row in column.every for v in row if isinstance(v, str)]
    if any(map(_HALVES.search, texts)):  # hours of 12 say nothing of hours of 24, which usually have their zeros
        return True
    clocks = [m for text in texts for m in _CLOCKS.findall(text)]
    if not clocks:
        return all(map(_COMPACT.fullmatch, texts)) and any(t.startswith("0") for t in texts)
    padded, plain = _one_digit(clocks)
    return padded > plain


def _one_digit(texts: Sequence[str]) -> tuple[int, int]:
    """How many numbers of one digit have a leading zero, and how many do not, except for parts after a colon."""
    padded = plain = 0
    for text in texts:
        for m in re.finditer(r"(?<![\d:.])(\d{1,2})(?![\d])", text):
            padded += m.group(1).startswith("0") and len(m.group(1)) == 2
            plain += len(m.group(1)) == 1
    return padded, plain


@dataclass(frozen=True, slots=True)
class OwnFormat:
    """The format of a reading, as it is written."""

    format: DateFormat
    needs: frozenset[str]
    """The parts of the moments that it writes."""


def own_format(reading: Reading, rows: Sequence[tuple[Any, ...]], shown: int) -> OwnFormat | None:
    """The format in which the first ``shown`` rows, and most others, have their moments, with or without leading zeros; None if none."""
    text = reading.key[-1]
    if not isinstance(text, str) or "%" not in text or "|" in text or not isinstance(reading.key[0], int):
        return None
    read = [(reading.read(row), row[reading.key[0]]) for row in rows]
    best, most = None, 0
    for days in ("", "-"):
        for hours in ("", "-"):
            flags = {"d": days, "m": days, "H": hours, "I": hours}
            (found,) = date_format(re.sub(r"%-?([dmHI])", lambda m: f"%{flags[m[1]]}{m[1]}", text))  # noqa: B023  # used at once
            alike = [isinstance(m, datetime) and found.format(m) in t for m, t in read]
            if all(alike[:shown]) and sum(alike) > most:
                best, most = found, sum(alike)
    return None if best is None else OwnFormat(best, reading.fields - reading.implied)
