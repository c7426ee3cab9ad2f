"""Dates and times moved by a number of days or minutes that the examples tell: 49 days later, 75 days earlier, 45 minutes later."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from neurosynth.language.pieces import Column
from neurosynth.language.program import Program
from neurosynth_dsls.columns.calendar_steps import shifted
from neurosynth_dsls.columns.date_format import date_format
from neurosynth_dsls.columns.pieces.building import call
from neurosynth_dsls.columns.pieces.date_guess import column_formats
from neurosynth_dsls.columns.pieces.moments import MomentStep

__all__ = ["day_shifts", "minute_shifts"]

BITS, DIGIT = 34, 2
"""Bits of a number of days, and of each of its digits."""
MOST = 1100
"""Maximum number of days."""
MINUTES, UNEVEN = 26, 4
"""Bits of a number of minutes, and additional ones if it is no multiple of five."""
HALF_DAY = 720
"""Minutes up to which times without a day are moved, either way."""


def day_shifts(column: Column, moments: Sequence[datetime]) -> Iterator[MomentStep]:
    """The steps by one number of days from the moments to the dates that the outputs are; none if they are not dates."""
    if len(set(moments)) < 2:
        return
    dates, fields = _written(column)
    if not {"m", "d"} <= fields:
        return
    yearless = not fields & {"Y", "y"}
    gaps = [_gaps(m, date, yearless) for m, date in zip(moments, dates, strict=True)]
    for days in sorted(set.intersection(*gaps), key=abs)[:2]:
        cost = BITS + DIGIT * len(str(abs(days)))
        yield MomentStep(f"add {days} day", cost, partial(_moved, days, "day"), partial(_build, days, "day"))


def minute_shifts(column: Column, moments: Sequence[datetime]) -> Iterator[MomentStep]:
    """The step by one number of minutes from the moments to the times that the outputs are; none if they are not times."""
    if len(set(moments)) < 2:
        return
    times, fields = _written(column)
    if not fields & {"H", "I"} or "M" not in fields or not all(times):
        return
    dated = {"Y", "m", "d"} <= fields
    gaps = {_minutes(m, t, dated=dated) for m, t in zip(moments, times, strict=True) if t is not None}
    minutes = gaps.pop()
    if gaps or not minutes or abs(minutes) > HALF_DAY:
        return
    cost = MINUTES + DIGIT * len(str(abs(minutes))) + UNEVEN * (minutes % 5 > 0)
    step = MomentStep(f"add {minutes} min", cost, partial(_moved, minutes, "min"), partial(_build, minutes, "min"))
    yield replace(step, of_times=True)


def _minutes(moment: datetime, time: datetime, *, dated: bool) -> int:
    """Minutes from a moment to a time; 0 if it is no whole number of them. A time without a day is less than half a day away."""
    gap = time - moment if dated else timedelta(seconds=_second(time) - _second(moment))
    minutes, rest = divmod(int(gap.total_seconds()), 60)
    if not dated:
        minutes = (minutes + HALF_DAY) % (2 * HALF_DAY) - HALF_DAY
    return 0 if rest else minutes


def _second(time: datetime) -> int:
    return time.hour * 3600 + time.minute * 60 + time.second


def _moved(amount: int, unit: str, moment: datetime) -> datetime:
    return shifted(moment, amount, unit)


def _build(amount: int, unit: str, p: Program) -> Program:
    return call("datetime.add", amount, unit, p)


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


def _written(column: Column) -> tuple[tuple[datetime | None, ...], frozenset[str]]:
    """The dates and times that the outputs are, None for others; and the fields that they have."""
    memo: dict[Any, Any] = column.memo.setdefault("dates written", {})
    if column.outputs not in memo:
        formats = column_formats(column.outputs, column.outputs)
        fields = frozenset(c.field for c in date_format(formats[0].text)[0].codes) if formats else frozenset()
        dates = tuple(_read(formats[0].text, o) if formats else None for o in column.outputs)
        memo[column.outputs] = dates, fields
    found: tuple[tuple[datetime | None, ...], frozenset[str]] = memo[column.outputs]
    return found


def _read(format: str, text: str) -> datetime | None:
    for form in date_format(format):
        try:
            return form.parse(text)
        except (ValueError, OverflowError):
            continue
    return None
