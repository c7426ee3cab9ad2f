"""Dates moved by a number of days that the examples tell: 49 days later, 75 days earlier."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from neurosynth.language.pieces import Column
from neurosynth.language.program import Program
from neurosynth_dsls.columns.calendar_steps import shifted
from neurosynth_dsls.columns.date_format import date_format
from neurosynth_dsls.columns.pieces.building import call
from neurosynth_dsls.columns.pieces.date_guess import column_formats
from neurosynth_dsls.columns.pieces.moments import MomentStep

__all__ = ["day_shifts"]

BITS, DIGIT = 34, 2
"""Bits of a number of days, and of each of its digits."""
MOST = 1100
"""Maximum number of days."""


def day_shifts(column: Column, moments: Sequence[datetime]) -> Iterator[MomentStep]:
    """The steps by one number of days from the moments to the dates that the outputs are; none if they are not dates."""
    if len(set(moments)) < 2:
        return
    dates, yearless = _written(column)
    gaps = [_gaps(m, date, yearless) for m, date in zip(moments, dates, strict=True)]
    for days in sorted(set.intersection(*gaps), key=abs)[:2]:
        cost = BITS + DIGIT * len(str(abs(days)))
        yield MomentStep(f"add {days} day", cost, partial(_moved, days), partial(_build, days))


def _moved(days: int, moment: datetime) -> datetime:
    return shifted(moment, days, "day")


def _build(days: int, p: Program) -> Program:
    return call("datetime.add", days, "day", p)


def _gaps(moment: datetime, date: datetime | None, yearless: bool) -> set[int]:
    """Days from a moment to a date; to one whose year is not written, by the years around that of the moment."""
    if date is None:
        return set()
    found = set()
    for year in (moment.year - 1, moment.year, moment.year + 1) if yearless else (date.year,):
        try:
            found.add((date.replace(year=year).date() - moment.date()).days)
        except ValueError:  # 29 February of another year
            continue
    return {n for n in found if n and abs(n) <= MOST}


def _written(column: Column) -> tuple[tuple[datetime | None, ...], bool]:
    """The dates that the outputs are, None for others; and whether they have no year."""
    memo: dict[Any, Any] = column.memo.setdefault("dates written", {})
    if column.outputs not in memo:
        formats = column_formats(column.outputs, column.outputs)
        fields = {c.field for c in date_format(formats[0].text)[0].codes} if formats else set()
        known = bool(formats) and {"m", "d"} <= fields
        dates = tuple(_read(formats[0].text, o) if known else None for o in column.outputs)
        memo[column.outputs] = dates, not fields & {"Y", "y"}
    found: tuple[tuple[datetime | None, ...], bool] = memo[column.outputs]
    return found


def _read(format: str, text: str) -> datetime | None:
    for form in date_format(format):
        try:
            return form.parse(text)
        except (ValueError, OverflowError):
            continue
    return None
