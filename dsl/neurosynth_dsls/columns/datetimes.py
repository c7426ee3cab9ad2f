"""Dates and times: read, written, shifted, rounded, compared.

``datetime.…`` is the whole family; ``date.…`` is the same on dates alone (a moment at midnight).  Formats are texts, see
:mod:`neurosynth_dsls.columns.date_format`; units and steps too: ``day``, ``30min``, ``1month``.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from neurosynth.errors import InputError
from neurosynth.language.language import Language
from neurosynth.language.primitive import Primitive
from neurosynth.values.types import Arrow, Type
from neurosynth_dsls.columns import calendar_steps as steps
from neurosynth_dsls.columns.date_format import date_format, read_moment, write_moment
from neurosynth_dsls.columns.types import DATE, DATETIME

__all__ = ["datetimes"]

datetimes = Language("datetimes", doc="Dates and times: read, written, shifted, rounded, compared.")

_BAD = (ValueError, OverflowError, InputError)


@datetimes.primitive(name="datetime.parse", raises=_BAD)
def parse(format: str, text: str) -> datetime:
    """Reads a date and time from a text in a format such as %d/%m/%Y %H:%M; alternatives are separated by |."""
    return read_moment(format, text)


@datetimes.primitive(name="datetime.format", raises=_BAD)
def format_(format: str, moment: datetime) -> str:
    """Text of a moment in a format such as %A, %B %-d, %Y."""
    return write_moment(format, moment)


@datetimes.primitive(name="datetime.part", raises=_BAD)
def part(name: str, moment: datetime) -> int:
    """Year, month, day, hour, minute, second, weekday (1 Monday), quarter, half, iso_week, day_of_year … as a number."""
    return steps.part_of(moment, name)


@datetimes.primitive(name="datetime.add", raises=_BAD)
def add(amount: int, unit: str, moment: datetime) -> datetime:
    """So many units later; months and years end on the last day of a shorter month."""
    return steps.shifted(moment, amount, unit)


@datetimes.primitive(name="datetime.floor", raises=_BAD)
def floor(step: str, offset: str, moment: datetime) -> datetime:
    """Down to a multiple of a step (30min, 1h, day, week, month, quarter), the multiples moved by an offset."""
    return steps.floor_to(moment, step, offset)


@datetimes.primitive(name="datetime.ceil", raises=_BAD)
def ceil(step: str, offset: str, moment: datetime) -> datetime:
    """Up to a multiple of a step, the multiples moved by an offset."""
    return steps.ceil_to(moment, step, offset)


@datetimes.primitive(name="datetime.nearest", raises=_BAD)
def nearest(step: str, offset: str, moment: datetime) -> datetime:
    """To the nearest multiple of a step, the multiples moved by an offset; half way goes up."""
    return steps.nearest_to(moment, step, offset)


@datetimes.primitive(name="datetime.end_of", raises=_BAD)
def end_of(unit: str, moment: datetime) -> datetime:
    """Midnight of the last day of the week, month, quarter, half or year."""
    return steps.end_of(moment, unit)


@datetimes.primitive(name="datetime.next_weekday", raises=_BAD)
def next_weekday(weekday: int, moment: datetime) -> datetime:
    """First later day that is weekday 1 (Monday) to 7."""
    if not 1 <= weekday <= 7:
        raise ValueError(f"{weekday} is not a weekday; allowed: 1 (Monday) to 7")
    return moment + timedelta(days=(weekday - moment.isoweekday() - 1) % 7 + 1)


@datetimes.primitive(name="datetime.add_workdays", raises=_BAD)
def add_workdays(amount: int, moment: datetime) -> datetime:
    """So many days from Monday to Friday later, or earlier if the number is negative."""
    return steps.add_workdays(moment, amount)


@datetimes.primitive(name="datetime.workdays")
def workdays(start: datetime, end: datetime) -> int:
    """Days from Monday to Friday from the first day to the second, both counted; negative if the second is earlier."""
    return steps.workdays(start, end)


@datetimes.primitive(name="datetime.between", raises=_BAD)
def between(unit: str, start: datetime, end: datetime) -> int:
    """Whole days, months, years, hours … from the first moment to the second."""
    return steps.between(unit, start, end)


@datetimes.primitive(name="datetime.minus", raises=_BAD, python="{0} - {1}")
def minus(end: datetime, start: datetime) -> timedelta:
    """Time from the second moment to the first."""
    return end - start


@datetimes.primitive(name="datetime.plus", raises=_BAD, python="{0} + {1}")
def plus(moment: datetime, span: timedelta) -> datetime:
    """Moment a duration later."""
    return moment + span


@datetimes.primitive(name="datetime.<", python="{0} < {1}")
def earlier(first: datetime, second: datetime) -> bool:
    """Whether the first moment is earlier than the second."""
    return first < second


@datetimes.primitive(name="datetime.<=", python="{0} <= {1}")
def not_later(first: datetime, second: datetime) -> bool:
    """Whether the first moment is not later than the second."""
    return first <= second


_DATES = (
    "parse",
    "format",
    "part",
    "add",
    "floor",
    "ceil",
    "nearest",
    "end_of",
    "next_weekday",
    "add_workdays",
    "workdays",
    "between",
    "minus",
    "plus",
    "<",
    "<=",
)


def _on_dates(primitive: Primitive) -> Primitive:
    """The same primitive on dates, which are moments at midnight."""
    function, name = primitive.function, primitive.name
    result = primitive.result

    def call(*arguments: Any) -> Any:
        moments = [datetime.combine(a, time()) if type(a) is date else a for a in arguments]
        found = function(*moments)
        return found.date() if result == DATETIME else found

    def narrow(t: Type) -> Type:
        return DATE if t == DATETIME else t

    assert isinstance(primitive.type, Arrow)
    t = Arrow(tuple(narrow(p) for p in primitive.type.parameters), narrow(result))  # type: ignore[arg-type]  # no arrows here
    return replace(
        primitive,
        name=name.replace("datetime.", "date."),
        type=t,
        function=call,
        doc=primitive.doc.replace("Moment", "Date").replace("moment", "date").replace("Midnight of the last", "Last"),
    )


for _name in _DATES:
    datetimes.add(_on_dates(datetimes[f"datetime.{_name}"]))


@datetimes.primitive(name="datetime.date", python="{0}.date()")
def date_of(moment: datetime) -> date:
    """The date of a moment."""
    return moment.date()


@datetimes.primitive(name="datetime.time", python="{0}.time()")
def time_of(moment: datetime) -> time:
    """The time of day of a moment."""
    return moment.time()


@datetimes.primitive(name="datetime.combine")
def combine(day: date, at: time) -> datetime:
    """Moment of a date and a time of day."""
    return datetime.combine(day, at)


@datetimes.primitive(name="date.moment")
def midnight(day: date) -> datetime:
    """Midnight of a date."""
    return datetime.combine(day, time())


@datetimes.primitive(name="time.moment")
def on_first_day(at: time) -> datetime:
    """A time of day on 1 January 1900."""
    return datetime.combine(date(1900, 1, 1), at)


@datetimes.primitive(name="time.parse", raises=_BAD)
def parse_time(format: str, text: str) -> time:
    """Time of day that a text states in a format such as %-I:%M %p."""
    found = read_moment(format, text)
    return found.time()


@datetimes.primitive(name="time.format", raises=_BAD)
def format_time(format: str, at: time) -> str:
    """Text of a time of day in a format such as %H:%M."""
    if any(f.has_date for f in date_format(format)):
        raise ValueError(f"format {format!r} writes a date, which a time of day has none of")
    return write_moment(format, datetime.combine(date(1900, 1, 1), at))


@datetimes.primitive(name="time.<", python="{0} < {1}")
def earlier_time(first: time, second: time) -> bool:
    """Whether the first time of day is earlier than the second."""
    return first < second


@datetimes.primitive(name="datetime.from_epoch", raises=_BAD)
def from_epoch(seconds: int) -> datetime:
    """Moment so many seconds after 1 January 1970, in universal time."""
    return datetime(1970, 1, 1) + timedelta(seconds=seconds)


@datetimes.primitive(name="datetime.to_epoch", raises=_BAD)
def to_epoch(moment: datetime) -> int:
    """Whole seconds since 1 January 1970, in universal time."""
    return (moment - datetime(1970, 1, 1)) // timedelta(seconds=1)


@datetimes.primitive(name="datetime.from_serial", raises=_BAD)
def from_serial(days: int) -> datetime:
    """Midnight of a day that a spreadsheet stores as a number; 1 January 1900 is 1."""
    if not 61 <= days <= 2958465:
        raise ValueError(f"{days} is not a serial number of a day; allowed: 61 (1 March 1900) to 2958465")
    return datetime(1899, 12, 30) + timedelta(days=days)


@datetimes.primitive(name="datetime.to_serial", raises=_BAD)
def to_serial(moment: datetime) -> int:
    """Number under which a spreadsheet stores the day."""
    return (moment - datetime(1899, 12, 30)).days
