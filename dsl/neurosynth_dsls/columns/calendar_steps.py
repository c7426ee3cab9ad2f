"""Reference arithmetic of dates and times: shifting, rounding, parts, differences."""

from __future__ import annotations

import calendar
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from neurosynth_dsls.columns.units import MONTHS, SECONDS, duration_of, step_of

__all__ = [
    "PARTS",
    "add_months",
    "add_workdays",
    "between",
    "ceil_to",
    "end_of",
    "ends_of",
    "floor_to",
    "nearest_to",
    "part_of",
    "shifted",
    "workdays",
]


def add_months(moment: datetime, months: int) -> datetime:
    """So many months later, or on the last day of the month if it has no such day."""
    index = moment.year * 12 + moment.month - 1 + months
    year, month = divmod(index, 12)
    if not 1 <= year <= 9999:
        raise OverflowError(f"year {year} is out of range; allowed: 1 to 9999")
    return moment.replace(year=year, month=month + 1, day=min(moment.day, calendar.monthrange(year, month + 1)[1]))


def shifted(moment: datetime, amount: int, unit: str) -> datetime:
    """So many units later."""
    step = step_of(unit)
    if step.months:
        return add_months(moment, amount * step.months)
    return moment + timedelta(seconds=amount * step.seconds)


def add_workdays(moment: datetime, amount: int) -> datetime:
    """So many days from Monday to Friday later; earlier if the amount is negative, and the moment itself if it is 0."""
    sign = 1 if amount > 0 else -1
    weeks, left = divmod(abs(amount), 5)
    if amount and moment.weekday() > 4:  # as if from the last day of the week behind, or the first one ahead
        moment += timedelta(days=4 - moment.weekday() if amount > 0 else 7 - moment.weekday())
    moment += timedelta(weeks=sign * weeks)
    for _ in range(left):
        moment += timedelta(days=sign)
        while moment.weekday() > 4:
            moment += timedelta(days=sign)
    return moment


def workdays(start: datetime, end: datetime) -> int:
    """Days from Monday to Friday from the first day to the second, both counted; negative if the second is earlier."""
    if end.date() < start.date():
        return -workdays(end, start)
    weeks, left = divmod((end.date() - start.date()).days + 1, 7)
    return 5 * weeks + sum((start.weekday() + i) % 7 < 5 for i in range(left))


def floor_to(moment: datetime, step: str, offset: str) -> datetime:
    """Down to a multiple of a step: within the day for seconds to hours, otherwise whole days, weeks from Monday, months of the
    year."""
    size, shift = step_of(step), duration_of(offset)
    if size.count < 1:
        raise ValueError(f"step {step!r} is not positive")
    start = moment - shift
    midnight = datetime(start.year, start.month, start.day)
    if size.months:
        index = start.year * 12 + start.month - 1
        index -= index % size.months
        return datetime(index // 12, index % 12 + 1, 1) + shift
    if size.seconds < 86400:
        seconds = (start - midnight).seconds
        return midnight + timedelta(seconds=seconds - seconds % size.seconds) + shift
    days = size.seconds // 86400
    return midnight - timedelta(days=(start.toordinal() - 1) % days) + shift


def ceil_to(moment: datetime, step: str, offset: str) -> datetime:
    """Up to a multiple of a step."""
    low = floor_to(moment, step, offset)
    if low == moment:
        return low
    size = step_of(step)
    return shifted(low, size.count, size.unit)


def nearest_to(moment: datetime, step: str, offset: str) -> datetime:
    """To the nearest multiple of a step; half way goes up."""
    low = floor_to(moment, step, offset)
    size = step_of(step)
    high = shifted(low, size.count, size.unit)
    return high if high - moment <= moment - low else low


def end_of(moment: datetime, unit: str) -> datetime:
    """Midnight of the last day of the week, month, quarter, half or year that contains the moment."""
    size = step_of(unit)
    if not size.months and size.seconds < 86400:
        raise ValueError(f"{unit!r} has no last day; allowed: week, month, quarter, half, year")
    return shifted(floor_to(moment, unit, ""), size.count, size.unit) - timedelta(days=1)


def ends_of(moments: Sequence[datetime], unit: str) -> list[datetime] | None:
    """The same for several moments; None if the calendar ends before, as with the ``31.12.9999`` that stands for "without end"."""
    try:
        return [end_of(m, unit) for m in moments]
    except OverflowError:
        return None


PARTS: dict[str, Callable[[datetime], int]] = {
    "year": lambda d: d.year,
    "month": lambda d: d.month,
    "day": lambda d: d.day,
    "hour": lambda d: d.hour,
    "minute": lambda d: d.minute,
    "second": lambda d: d.second,
    "microsecond": lambda d: d.microsecond,
    "weekday": lambda d: d.isoweekday(),
    "quarter": lambda d: (d.month + 2) // 3,
    "half": lambda d: (d.month + 5) // 6,
    "iso_week": lambda d: d.isocalendar()[1],
    "iso_year": lambda d: d.isocalendar()[0],
    "day_of_year": lambda d: d.timetuple().tm_yday,
    "days_in_month": lambda d: calendar.monthrange(d.year, d.month)[1],
    "second_of_day": lambda d: d.hour * 3600 + d.minute * 60 + d.second,
}
"""Parts of a moment as integers; weekday is 1 (Monday) to 7."""


def part_of(moment: datetime, name: str) -> int:
    """One part; ``ValueError`` for an unknown name."""
    if name not in PARTS:
        raise ValueError(f"{name!r} is not part of a date; allowed: {', '.join(PARTS)}")
    return PARTS[name](moment)


def between(unit: str, start: datetime, end: datetime) -> int:
    """Whole units from the first moment to the second; negative when it is earlier."""
    if end < start:
        return -between(unit, end, start)
    size = step_of(unit)
    if size.unit in SECONDS:
        return (end - start) // timedelta(seconds=size.seconds)
    months = (end.year - start.year) * 12 + end.month - start.month
    if add_months(start, months) > end:
        months -= 1
    return months // (size.count * MONTHS[size.unit])
