"""Exported code that reads, writes, shifts and rounds dates and times."""

from __future__ import annotations

import calendar
import datetime as library
from collections.abc import Callable, Mapping
from typing import Any

from neurosynth.language.primitive import PythonCall
from neurosynth.language.program import Apply, Constant
from neurosynth_dsls.columns import python_helpers as helpers
from neurosynth_dsls.columns.date_format import date_format
from neurosynth_dsls.columns.python_date_formats import read_expression, write_expression
from neurosynth_dsls.columns.types import DATE, DATETIME
from neurosynth_dsls.columns.units import MONTHS, SECONDS, duration_of, step_of

__all__ = ["DATES"]

_DELTAS = {"s": "seconds", "min": "minutes", "h": "hours", "day": "days", "week": "weeks"}


def _parse(call: PythonCall) -> str:
    return read_expression(call, call.constant(0), 1)


def _parse_date(call: PythonCall) -> str:
    return f"{_parse(call)}.date()"


def _parse_time(call: PythonCall) -> str:
    return f"{_parse(call)}.time()"


def _format(call: PythonCall) -> str:
    return write_expression(call, call.constant(0), 1)


def _format_date(call: PythonCall) -> str:
    return write_expression(call, call.constant(0), 1, plain_date=True)


_PARTS = {
    "weekday": "{0}.isoweekday()",
    "quarter": "({0}.month + 2) // 3",
    "half": "({0}.month + 5) // 6",
    "iso_week": "{0}.isocalendar().week",
    "iso_year": "{0}.isocalendar().year",
    "day_of_year": "{0}.timetuple().tm_yday",
}


def _part(call: PythonCall) -> str:
    part = call.constant(0)
    if part == "days_in_month":
        day = call.named(1)
        return f"{call.use(calendar)}.monthrange({day}.year, {day}.month)[1]"
    if part == "second_of_day":
        at = call.named(1)
        return f"{at}.hour * 3600 + {at}.minute * 60 + {at}.second"
    return _PARTS.get(part, f"{{0}}.{part}").format(call.arguments[1])


def _at_midnight(program: Any) -> bool:
    """Whether a value is a date, or a moment that was read from one."""
    if program.type == DATE:
        return True
    if not isinstance(program, Apply) or program.type != DATETIME:
        return False
    name, arguments = program.primitive.name, program.arguments
    if name == "datetime.parse" and isinstance(arguments[0], Constant):
        return all(form.has_date and not form.has_time for form in date_format(arguments[0].value))
    if name == "datetime.add" and isinstance(arguments[1], Constant):
        step = step_of(arguments[1].value)
        return _at_midnight(arguments[2]) and not step.seconds % 86400
    return name in ("datetime.end_of", "date.moment", "datetime.from_serial")


def _delta(call: PythonCall, unit: str, count: str) -> str:
    return f"{call.use(library.timedelta)}({_DELTAS[unit]}={count})"


def _shift(call: PythonCall, moment: str, amount: str, unit: str) -> str:
    """A moment so many units later; ``amount`` is a number or an expression."""
    step = step_of(unit)
    negative = amount.startswith("-") and amount[1:].isdigit()
    count = amount[1:] if negative else amount
    if step.unit in MONTHS:
        size = step.months
        total = str(int(amount) * size) if count.isdigit() else amount if size == 1 else f"{amount} * {size}"
        return f"{call.use(helpers.add_months)}({moment}, {total})"
    if step.count != 1:
        count = str(int(count) * step.count) if count.isdigit() else f"{count} * {step.count}"
    return f"{moment} {'-' if negative else '+'} {_delta(call, step.unit, count)}"


def _add(call: PythonCall) -> str:
    amount = str(call.constant(0)) if call.is_constant(0) else call.arguments[0]
    return _shift(call, call.arguments[2], amount, call.constant(1))


def _span(call: PythonCall, seconds: int) -> str:
    for unit in ("week", "day", "h", "min", "s"):
        if seconds % SECONDS[unit] == 0:
            return _delta(call, unit, str(seconds // SECONDS[unit]))
    raise AssertionError(seconds)


def _rounding(name: str) -> Callable[[PythonCall], str]:
    def write(call: PythonCall) -> str:
        moment, offset = call.arguments[2], duration_of(call.constant(1))
        days = not step_of(call.constant(0)).seconds % 86400 and not offset % library.timedelta(days=1)
        plain = call.programs[2].type == DATE or (days and _at_midnight(call.programs[2]))
        if not offset:
            return _rounded(call, name, call.constant(0), moment, plain)
        shift = f"{call.use(library.timedelta)}(seconds={int(offset.total_seconds())})"
        return f"({_rounded(call, name, call.constant(0), f'({moment} - {shift})', plain)}) + {shift}"

    return write


def _rounded(call: PythonCall, name: str, step: str, moment: str, plain: bool) -> str:
    size = step_of(step)
    if size.seconds and size.seconds < 86400:
        if plain:
            return moment
        if name == "floor" and size.unit in ("s", "min", "h") and size.count == 1:
            zeros = ["microsecond=0", "second=0", "minute=0"][: {"s": 1, "min": 2, "h": 3}[size.unit]]
            return f"{moment}.replace({', '.join(reversed(zeros))})"
        helper = {"floor": helpers.floor_moment, "ceil": helpers.ceil_moment, "nearest": helpers.nearest_moment}[name]
        return f"{call.use(helper)}({moment}, {_span(call, size.seconds)})"
    low = _low(call, size.unit, size.count, moment, plain)
    if name == "floor":
        return low
    moment = call.bound(moment, DATE if plain else DATETIME)
    low = call.bound(_low(call, size.unit, size.count, moment, plain), DATE if plain else DATETIME)
    high = _shift(call, low, str(size.count), size.unit)
    if name == "ceil":
        return f"{low} if {low} == {moment} else {high}"
    return f"{high} if ({high}) - {moment} <= {moment} - {low} else {low}"


def _low(call: PythonCall, unit: str, count: int, moment: str, plain: bool) -> str:
    """Start of the days, weeks or months that contain a moment."""
    midnight = "" if plain else ".replace(hour=0, minute=0, second=0, microsecond=0)"
    if unit in MONTHS:
        months = count * MONTHS[unit]
        if months == 1:
            extra = "" if plain else ", hour=0, minute=0, second=0, microsecond=0"
            return f"{moment}.replace(day=1{extra})"
        if months == 12:
            extra = "" if plain else ", hour=0, minute=0, second=0, microsecond=0"
            return f"{moment}.replace(month=1, day=1{extra})"
        return f"{call.use(helpers.floor_months)}({moment}, {months}){midnight}"
    days = count * SECONDS[unit] // 86400
    if days == 1:
        return f"{moment}{midnight}"
    moment = call.bound(moment, DATE if plain else DATETIME)
    back = f"{moment}.weekday()" if days == 7 else f"({moment}.toordinal() - 1) % {days}"
    return f"({moment} - {call.use(library.timedelta)}(days={back})){midnight}"


def _end_of(call: PythonCall) -> str:
    plain = _at_midnight(call.programs[1])
    size = step_of(call.constant(0))
    low = _low(call, size.unit, size.count, call.arguments[1], plain)
    if size.unit == "month" and size.count == 1:
        day = call.named(1)
        extra = "" if plain else ", hour=0, minute=0, second=0, microsecond=0"
        return f"{day}.replace(day={call.use(calendar)}.monthrange({day}.year, {day}.month)[1]{extra})"
    if size.unit == "week":
        return f"{low} + {_delta(call, 'day', str(7 * size.count - 1))}"
    return f"{_shift(call, low, str(size.count), size.unit)} - {_delta(call, 'day', '1')}"


def _next_weekday(call: PythonCall) -> str:
    day = call.named(1)
    if call.is_constant(0):
        ahead = call.constant(0) - 1
        inner = f"{ahead} - {day}.isoweekday()" if ahead else f"-{day}.isoweekday()"
    else:
        inner = f"{call.arguments[0]} - {day}.isoweekday() - 1"
    return f"{day} + {call.use(library.timedelta)}(days=({inner}) % 7 + 1)"


def _between(call: PythonCall) -> str:
    step = step_of(call.constant(0))
    start, end = call.arguments[1], call.arguments[2]
    plain = _at_midnight(call.programs[1]) and _at_midnight(call.programs[2])
    if step.unit in SECONDS:
        if plain and step.unit == "day" and step.count == 1:
            return f"({end} - {start}).days"
        return f"int(({end} - {start}) / {_span(call, step.seconds)})"
    months = f"{call.use(helpers.months_between)}({start}, {end})"
    return months if step.months == 1 else f"int({months} / {step.months})"


def _combine(call: PythonCall) -> str:
    return f"{call.use(library.datetime)}.combine({call.arguments[0]}, {call.arguments[1]})"


def _midnight(call: PythonCall) -> str:
    return f"{call.use(library.datetime)}.combine({call.arguments[0]}, {call.use(library.time)}())"


def _on_first_day(call: PythonCall) -> str:
    return f"{call.use(library.datetime)}.combine({call.use(library.date)}(1900, 1, 1), {call.arguments[0]})"


def _from_epoch(call: PythonCall) -> str:
    delta = f"{call.use(library.timedelta)}(seconds={call.arguments[0]})"
    return f"{call.use(library.datetime)}(1970, 1, 1) + {delta}"


def _to_epoch(call: PythonCall) -> str:
    return f"({call.arguments[0]} - {call.use(library.datetime)}(1970, 1, 1)) // {_span(call, 1)}"


def _from_serial(call: PythonCall) -> str:
    delta = f"{call.use(library.timedelta)}(days={call.arguments[0]})"
    return f"{call.use(library.datetime)}(1899, 12, 30) + {delta}"


def _to_serial(call: PythonCall) -> str:
    return f"({call.arguments[0]} - {call.use(library.datetime)}(1899, 12, 30)).days"


_SHARED: Mapping[str, Callable[[PythonCall], str]] = {
    "part": _part,
    "add": _add,
    "floor": _rounding("floor"),
    "ceil": _rounding("ceil"),
    "nearest": _rounding("nearest"),
    "end_of": _end_of,
    "next_weekday": _next_weekday,
    "add_workdays": lambda call: f"{call.use(helpers.add_workdays)}({call.arguments[1]}, {call.arguments[0]})",
    "workdays": lambda call: f"{call.use(helpers.workdays)}({call.arguments[0]}, {call.arguments[1]})",
    "between": _between,
}

DATES: Mapping[str, Callable[[PythonCall], str]] = {
    **{f"{family}.{name}": hook for family in ("date", "datetime") for name, hook in _SHARED.items()},
    "datetime.parse": _parse,
    "datetime.format": _format,
    "date.parse": _parse_date,
    "date.format": _format_date,
    "time.parse": _parse_time,
    "time.format": _format,
    "datetime.combine": _combine,
    "date.moment": _midnight,
    "time.moment": _on_first_day,
    "datetime.from_epoch": _from_epoch,
    "datetime.to_epoch": _to_epoch,
    "datetime.from_serial": _from_serial,
    "datetime.to_serial": _to_serial,
}
"""Hooks by the name of the primitive."""
