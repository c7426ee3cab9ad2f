"""Dates and times moved by a number of days, months or minutes that the examples tell: 49 days later, 7 years later, 45 minutes later."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from neurosynth.language.pieces import Column
from neurosynth.language.program import Program
from neurosynth_dsls.columns.calendar_steps import end_of, floor_to, shifted
from neurosynth_dsls.columns.date_format import date_format
from neurosynth_dsls.columns.datetimes import next_weekday
from neurosynth_dsls.columns.pieces.building import call
from neurosynth_dsls.columns.pieces.date_guess import column_formats
from neurosynth_dsls.columns.pieces.moments import YEARS, MomentStep

__all__ = ["day_gaps", "day_shifts", "later_years", "minute_shifts", "month_shifts", "weekday_steps", "written_dates"]

BITS, DIGIT = 34, 2
"""Bits of a number of days, and of each of its digits."""
MOST = 1100
"""Maximum number of days."""
MONTHS, MOST_MONTHS = 32, 1200
"""Bits of a number of months or years without its digits, and the maximum number of months."""
MINUTES, UNEVEN = 26, 4
"""Bits of a number of minutes, and additional ones if it is no multiple of five."""
SECONDS = 4
"""Additional bits of a number of seconds."""
HALF_DAY = 12 * 3600
"""Seconds up to which times are moved, either way."""


def day_shifts(column: Column, moments: Sequence[datetime]) -> Iterator[MomentStep]:
    """The steps by one number of days from the moments to the dates that the outputs are; none if they are not dates."""
    if len(set(moments)) < 2:
        return
    dates, fields = written_dates(column)
    if not {"m", "d"} <= fields:
        return
    yearless = not fields & {"Y", "y"}
    gaps = [day_gaps(m, date, yearless) for m, date in zip(moments, dates, strict=True)]
    for days in sorted(set.intersection(*gaps), key=abs)[:2]:
        cost = BITS + DIGIT * len(str(abs(days)))
        yield MomentStep(f"add {days} day", cost, partial(_moved, days, "day"), partial(_build, days, "day"))


def month_shifts(column: Column, moments: Sequence[datetime]) -> Iterator[MomentStep]:
    """The step by one number of months or years from the moments to the months that the outputs have; none if they do not have them."""
    if len(set(moments)) < 2:
        return
    dates, fields = written_dates(column)
    if not {"Y", "m"} <= fields or not all(dates):
        return
    gaps = {(d.year - m.year) * 12 + d.month - m.month for m, d in zip(moments, dates, strict=True) if d is not None}
    months = gaps.pop()
    if gaps or not months or abs(months) > MOST_MONTHS:
        return
    amount, unit = (months, "month") if months % 12 else (months // 12, "year")
    cost = MONTHS + DIGIT * len(str(abs(amount)))
    yield MomentStep(f"add {amount} {unit}", cost, partial(_moved, amount, unit), partial(_build, amount, unit))


def later_years(column: Column, moments: Sequence[datetime]) -> Iterator[MomentStep]:
    """Years so many after that of the moments, or one more from a month on: children who are six by September begin school in that year."""
    found = [_YEAR.findall(o or "") for o in column.outputs]
    if len(set(moments)) < FEWEST or not all(found):
        return
    gaps = [int(years[0]) - m.year for years, m in zip(found, moments, strict=True)]
    if max(gaps) - min(gaps) != 1:
        return
    for month in range(2, 13):
        amount = 12 * min(gaps) + 13 - month
        years = [shifted(m, amount, "month").year - m.year for m in moments]
        if years != gaps:
            continue
        for months, extra in ((amount, 0), (amount + 12, 1), (amount - 12, 2)):
            yield MomentStep(
                f"year from {month} and {min(gaps)}",
                LATER_YEAR + extra + 4 * (month not in YEARS) + DIGIT * len(str(abs(min(gaps)))),
                partial(_moved, months, "month"),
                partial(_build, months, "month"),
                only="Yy",
                starts=month,
            )


_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
LATER_YEAR, FEWEST = 34, 3
"""Bits of a year that follows from a cut-off by months, without its digits, and the minimum number of different dates that tell one."""


def weekday_steps(column: Column, moments: Sequence[datetime]) -> Iterator[MomentStep]:
    """The first, second, third, fourth or last Monday of the month, or another weekday, that the outputs are."""
    if len(moments) < 2:
        return
    dates, fields = written_dates(column)
    days = [d for d in dates if d is not None]
    if not {"Y", "m", "d"} <= fields or len(days) < len(dates) or len({d.isoweekday() for d in days}) > 1:
        return
    weekday = days[0].isoweekday()
    for n in range(5):
        step = MomentStep(
            f"weekday {weekday} of month {n}",
            NTH + n % 4,
            partial(_weekday_of_month, weekday, n),
            partial(_build_weekday, weekday, n),
            whole_days=True,
        )
        if all(step.function(m).date() == d.date() for m, d in zip(moments, days, strict=True)):
            yield step


NTH = 36
"""Bits of one of the weekdays of a month."""
LAST = 4
"""How the last one is numbered, after the first four."""


def _weekday_of_month(weekday: int, n: int, moment: datetime) -> datetime:
    if n == LAST:
        return shifted(next_weekday(weekday, end_of(moment, "month")), -7, "day")
    before = shifted(floor_to(moment, "month", ""), -1, "day")
    return shifted(next_weekday(weekday, before), 7 * n, "day")


def _build_weekday(weekday: int, n: int, p: Program) -> Program:
    if n == LAST:
        return call(
            "datetime.add", -7, "day", call("datetime.next_weekday", weekday, call("datetime.end_of", "month", p))
        )
    before = call("datetime.add", -1, "day", call("datetime.floor", "month", "", p))
    first = call("datetime.next_weekday", weekday, before)
    return call("datetime.add", 7 * n, "day", first) if n else first


def minute_shifts(column: Column, moments: Sequence[datetime]) -> Iterator[MomentStep]:
    """The step by one number of minutes or seconds from the moments to the times that the outputs are; none if they are not times."""
    if len(set(moments)) < 2:
        return
    times, fields = written_dates(column, timed=True)
    if not fields & {"H", "I"} or "M" not in fields or not all(times):
        return
    dated = {"Y", "m", "d"} <= fields
    gaps = {_seconds(m, t, dated=dated) for m, t in zip(moments, times, strict=True) if t is not None}
    seconds = gaps.pop()
    if gaps or not seconds or abs(seconds) > HALF_DAY:
        return
    amount, unit = (seconds, "s") if seconds % 60 else (seconds // 60, "min")
    cost = MINUTES + DIGIT * len(str(abs(amount))) + UNEVEN * (amount % 5 > 0) + SECONDS * (unit == "s")
    step = MomentStep(f"add {amount} {unit}", cost, partial(_moved, amount, unit), partial(_build, amount, unit))
    yield replace(step, of_times=True)


def _seconds(moment: datetime, time: datetime, *, dated: bool) -> int:
    """Seconds from a moment to a time; a time without a day is less than half a day away."""
    if dated:
        return int((time - moment).total_seconds())
    return (_second(time) - _second(moment) + HALF_DAY) % (2 * HALF_DAY) - HALF_DAY


def _second(time: datetime) -> int:
    return time.hour * 3600 + time.minute * 60 + time.second


def _moved(amount: int, unit: str, moment: datetime) -> datetime:
    return shifted(moment, amount, unit)


def _build(amount: int, unit: str, p: Program) -> Program:
    return call("datetime.add", amount, unit, p)


def day_gaps(moment: datetime, date: datetime | None, yearless: bool) -> set[int]:
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


def written_dates(column: Column, *, timed: bool = False) -> tuple[tuple[datetime | None, ...], frozenset[str]]:
    """The dates and times that the outputs are, None for others; and the fields that they have: with the time of day if it is asked for.

    Outputs that are no dates as a whole are read where each has one date or time among other words: ``BA117 boards at 1:20 PM``.
    """
    memo: dict[Any, tuple[tuple[datetime | None, ...], frozenset[str]]] = column.memo.setdefault("dates written", {})
    if (column.outputs, timed) not in memo:
        found = _written(column.outputs, timed)
        if not found[1]:
            parts = (_only(p, column.outputs) for p in ((_CLOCK,) if timed else _DAYS))
            found = next((w for part in parts if part and (w := _written(part, timed))[1]), found)
        memo[column.outputs, timed] = found
    return memo[column.outputs, timed]


_CLOCK = re.compile(r"(?<![\d:.])\d{1,2}(?::\d\d(?::\d\d)?|\.\d\d|h\d\d)(?: ?[AaPp]\.?[Mm]\b\.?)?(?![\d:]|\.\d)")
_DAYS = (
    re.compile(r"(?<![\d./-])(?:\d{4}-\d\d-\d\d|\d{1,2}([./-])\d{1,2}\1(?:\d{4}|\d\d))(?![\d/-])"),
    re.compile(r"(?<!\d)\d{1,2}(?:\. | |-)[^\W\d_]{3,9}\.?(?: |-)\d{4}(?!\d)"),
    re.compile(r"[^\W\d_]{3,9}\.? \d{1,2}, \d{4}(?!\d)"),
)
"""Times of day and dates among other words."""


def _only(pattern: re.Pattern[str], outputs: Sequence[str | None]) -> tuple[str, ...]:
    """The texts that match, if there is one in each output; otherwise none."""
    found = [[m.group() for m in pattern.finditer(o or "")] for o in outputs]
    return tuple(f[0] for f in found) if all(len(f) == 1 for f in found) else ()


def _written(texts: Sequence[str], timed: bool) -> tuple[tuple[datetime | None, ...], frozenset[str]]:
    formats = [f.text for f in column_formats(texts, texts)]
    fields = [frozenset(c.field for c in date_format(f)[0].codes) for f in formats]
    some = (n for n, names in enumerate(fields) if names & {"H", "I"} or not timed)
    n = next(some, None)
    dates = tuple(None if n is None else _read(formats[n], o) for o in texts)
    return dates, frozenset() if n is None else fields[n]


def _read(format: str, text: str) -> datetime | None:
    for form in date_format(format):
        try:
            return form.parse(text)
        except (ValueError, OverflowError):
            continue
    return None
