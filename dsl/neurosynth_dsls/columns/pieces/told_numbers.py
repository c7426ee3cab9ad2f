"""Numbers that a row tells by other things than numbers alone: its dates and durations, how many pieces a text has, amounts of named units."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import partial, reduce
from typing import Any

from neurosynth.language.pieces import Column
from neurosynth.language.program import Program
from neurosynth.values.types import STRING
from neurosynth_dsls.columns.calendar_steps import between, ends_of, part_of, workdays
from neurosynth_dsls.columns.datetimes import to_epoch, to_serial
from neurosynth_dsls.columns.durations import in_unit
from neurosynth_dsls.columns.pieces.amount_readings import fields_of_codes, typed_amounts
from neurosynth_dsls.columns.pieces.building import call, function_of
from neurosynth_dsls.columns.pieces.calendar_years import calendar_years
from neurosynth_dsls.columns.pieces.date_readings import readings as date_readings
from neurosynth_dsls.columns.pieces.duration_readings import DurationReading, duration_readings
from neurosynth_dsls.columns.pieces.moment_reading import Reading
from neurosynth_dsls.columns.pieces.substrings import texts_of

__all__ = ["NumberReading", "digits_of", "told_numbers"]


@dataclass(frozen=True, slots=True, eq=False)
class NumberReading:
    """One way to read numbers from a row."""

    key: tuple[Any, ...]
    cost: int
    build: Callable[[], Program]
    values: tuple[Decimal, ...]
    """On the example rows."""
    plain: bool = True
    """Whether numbers of the text itself are read, which other notations are written from."""
    share: Callable[[], Program] | None = None
    """The hundredth of the number, if all cells of the table are percents, whose numbers without the sign these are."""


def digits_of(reading: NumberReading) -> list[tuple[int, ...]]:
    """The digits of the numbers on the example rows, wherever the decimal mark and zeros at the end are."""
    return [v.normalize().as_tuple().digits for v in reading.values]


def told_numbers(column: Column) -> list[NumberReading]:
    """Numbers of dates, of durations, of counts and of amounts."""
    years = [NumberReading(key, cost, build, values, False) for key, cost, build, values in calendar_years(column)]
    typed = [
        NumberReading(key, cost, build, values)
        for key, cost, build, values in (*typed_amounts(column), *fields_of_codes(column))
    ]
    return [
        *_of_dates(column),
        *years,
        *typed,
        *_of_durations(column),
        *_of_counts(column),
        *_of_amounts(column),
        *_of_filled(column),
    ]


PARTS = (
    ("Y", "year", 6),
    ("m", "month", 6),
    ("d", "day", 6),
    ("H", "hour", 6),
    ("M", "minute", 7),
    ("S", "second", 7),
    ("d", "weekday", 7),
)
"""Fields that moments tell, the parts that are numbers, bits."""


def _of_dates(column: Column) -> Iterator[NumberReading]:
    """Parts of dates, and the time between two of them."""
    found = date_readings(column)
    seen: set[tuple[Any, ...]] = set()
    for reading in found:
        moments = [reading.read(row) for row in column.rows]
        if not all(hasattr(m, "year") for m in moments) or reading.fixed:
            continue
        compact = {"Y", "m", "d"} <= reading.fields and "%Y" in str(reading.key[-1])  # 03191955, but no serial number
        if not reading.dated and not compact:
            continue
        if reading.dated and "Y" in reading.fields and "d" in reading.fields:
            yield _counting(reading, "datetime.to_epoch", tuple(Decimal(to_epoch(m)) for m in moments))
            yield _counting(reading, "datetime.to_serial", tuple(Decimal(to_serial(m)) for m in moments))
            for unit in ("month", "quarter", "year"):
                if (ends := ends_of(moments, unit)) is not None:
                    days = (between("day", m, end) for m, end in zip(moments, ends, strict=True))
                    yield _left(reading, unit, tuple(map(Decimal, days)))
        for letter, part, bits in PARTS:
            values = tuple(Decimal(part_of(m, part)) for m in moments)
            if letter in reading.fields and (part, values) not in seen:
                seen.add((part, values))
                yield NumberReading(
                    (reading.key, part),
                    reading.cost + bits,
                    lambda p=part, r=reading: call("decimal.from_int", call("datetime.part", p, r.build())),  # type: ignore[misc]  # a bound default has no type
                    values,
                    False,
                )
    yield from _between(column, found)


def _counting(reading: Reading, name: str, values: tuple[Decimal, ...]) -> NumberReading:
    """Seconds or days since a fixed day."""
    return NumberReading(
        (reading.key, name),
        reading.cost + 8,
        lambda: call("decimal.from_int", call(name, reading.build())),
        values,
        False,
    )


def _left(reading: Reading, unit: str, values: tuple[Decimal, ...]) -> NumberReading:
    """Days that are left of a month, quarter or year."""

    def build() -> Program:
        day = reading.build()
        return call("decimal.from_int", call("datetime.between", "day", day, call("datetime.end_of", unit, day)))

    return NumberReading((reading.key, "left", unit), reading.cost + LEFT, build, values, False)


def _of_durations(column: Column) -> Iterator[NumberReading]:
    for reading in duration_readings(column):
        for unit, bits in _units_of(reading):
            values = tuple(in_unit(unit, v) for v in reading.values)
            yield NumberReading(
                (reading.key, "in", unit),
                reading.cost + bits,
                lambda r=reading, u=unit: call("duration.in", u, r.build()),  # type: ignore[misc]  # a bound default has no type
                values,
                False,
            )


def _units_of(reading: DurationReading) -> tuple[tuple[str, int], ...]:
    """Units in which a duration is told as a number, with bits: of a span less a break, hours and minutes alone; of others made, none."""
    if str(reading.key[0]).startswith("duration.") and reading.key[1][0] == "between":
        return (("h", 4), ("min", 5))
    made = reading.counted or str(reading.key[0]).startswith("duration.")
    return () if made else (("min", 5), ("s", 5), ("h", 5), ("day", 8))


def _of_counts(column: Column) -> Iterator[NumberReading]:
    """How many pieces a sign separates, which the words of a text do not tell."""
    for i, source in enumerate(column.inputs):
        texts = texts_of(column, i, column.rows)
        if texts is None:
            continue
        signs = {c for t in texts for c in t if not c.isalnum() and not c.isspace()}
        for sign in sorted(signs)[:6]:
            values = tuple(Decimal(t.count(sign) + 1) for t in texts)
            if len(set(values)) > 1:
                yield NumberReading(
                    (i, "pieces", sign),
                    12,
                    lambda s=source, c=sign: call(  # type: ignore[misc]  # a bound default has no type
                        "decimal.from_int", call("pieces.count", call("pieces.split", c, s))
                    ),
                    values,
                    False,
                )


def _of_amounts(column: Column) -> Iterator[NumberReading]:
    """How many of each unit a text names, none where it does not: 2 and 3 of ``2y 3m``, 0 and 11 of ``11m``."""
    for i, source in enumerate(column.inputs):
        texts = texts_of(column, i, column.rows)
        if texts is None or not all(map(_AMOUNTS.fullmatch, texts)):
            continue
        every = [row[i] for row in column.every if isinstance(row[i], str)]
        units = dict.fromkeys(re.sub(r"(?<=..)s$", "", u) for t in every for u in re.findall(_UNIT, t))
        if not 1 < len(units) <= UNITS:
            continue
        for unit in units:
            pattern = rf"\d+(?:\.\d+)?(?=\s*{re.escape(unit)}s?(?![^\W\d_]))"
            build = partial(_amount, pattern, source)
            function = function_of(build())
            values = tuple(function(row) for row in column.rows)
            if all(isinstance(v, Decimal) for v in values):
                yield NumberReading((i, "amount", unit), AMOUNT, build, values)


def _of_filled(column: Column) -> Iterator[NumberReading]:
    """The mean, sum, number, least and greatest of the numbers that several inputs have, where some cells have none."""
    inputs = [i for i, p in enumerate(column.inputs) if p.type == STRING]
    if len(inputs) < 2 or any(not _FILLED.fullmatch(row[i] or "") for row in column.every for i in inputs):
        return
    if all(row[i] and _DIGITS.search(row[i]) for row in column.rows for i in inputs):
        return
    joined = reduce(lambda a, b: call("text.join_filled", " ", a, b), (column.inputs[i] for i in inputs))
    numbers = call("re.find_all", NUMBER, joined)
    made: tuple[tuple[str, Callable[[], Program], int], ...] = (
        ("mean", lambda: call("pieces.mean", "0.*", numbers), 0),
        ("sum", lambda: call("pieces.sum", "0.*", numbers), 1),
        ("count", lambda: call("decimal.from_int", call("pieces.count", numbers)), 2),
        ("least", lambda: call("pieces.least", "0.*", numbers), 2),
        ("greatest", lambda: call("pieces.greatest", "0.*", numbers), 2),
    )
    for name, build, bits in made:
        function = function_of(build())
        values = tuple(function(row) for row in column.rows)
        if all(isinstance(v, Decimal) for v in values):
            yield NumberReading(("filled", name), FILLED + bits, build, values, False)


FILLED = 8
"""Bits of a number of all inputs that have one."""
NUMBER = r"-?\d+(?:\.\d+)?"
_DIGITS = re.compile(r"\d")
_FILLED = re.compile(r"\s*-?\d+(?:\.\d+)?\s*|\D{0,8}")
LEFT = 9
"""Bits of the days that are left of a month, quarter or year."""
AMOUNT = 4
"""Bits of an amount of a named unit."""
UNITS = 4
"""Units of one input at most."""
WORKDAYS = 11
"""Bits of the number of working days between two dates."""
_UNIT = r"(?<=\d)\s*([^\W\d_]+)"
_AMOUNTS = re.compile(r"\s*\d+(?:\.\d+)?\s*[^\W\d_]+(?:(?:\s+and\s+|[\s,]*)\d+(?:\.\d+)?\s*[^\W\d_]+)*\s*")


def _amount(pattern: str, source: Program) -> Program:
    return call("pieces.sum", "0.*", call("re.find_all", pattern, source))


def _between(column: Column, found: Sequence[Any]) -> Iterator[NumberReading]:
    best: dict[Any, Any] = {}
    for reading in found:
        if reading.dated:
            best.setdefault(reading.place, reading)
    for start in best.values():
        for end in best.values():
            if start is end or (start.fixed and end.fixed):
                continue
            pairs = [(start.read(row), end.read(row)) for row in column.rows]
            if not all(hasattr(a, "year") and hasattr(b, "year") for a, b in pairs):
                continue
            yield NumberReading(
                ("between", "workday", start.key, end.key),
                start.cost + end.cost + WORKDAYS,
                lambda a=start, b=end: call("decimal.from_int", call("datetime.workdays", a.build(), b.build())),  # type: ignore[misc]  # a bound default has no type
                tuple(Decimal(workdays(a, b)) for a, b in pairs),
                False,
            )
            for unit, bits in (("day", 8), ("month", 10), ("year", 9), ("week", 11), ("h", 9), ("min", 9), ("s", 10)):
                values = tuple(Decimal(between(unit, a, b)) for a, b in pairs)
                key = ("between", unit, start.key, end.key)
                build = partial(_whole_units, unit, start.build, end.build)
                yield NumberReading(key, start.cost + end.cost + bits, build, values, False)
                last = any(b.date() == date.max for _, b in pairs)  # "without end", which has no day behind it
                if unit in INCLUSIVE and {"Y", "d"} <= start.fields & end.fields and not last:
                    with_end = tuple(Decimal(between(unit, a, b + _DAY)) for a, b in pairs)
                    if with_end != values:
                        build = partial(_whole_units, unit, start.build, partial(_next_day, end.build))
                        cost = start.cost + end.cost + bits + INCLUDED
                        yield NumberReading((*key, "included"), cost, build, with_end, False)


INCLUSIVE, INCLUDED = ("month", "year", "week"), 4
"""Units of times whose last day may count, and the bits for that."""
_DAY = timedelta(days=1)


def _whole_units(unit: str, start: Callable[[], Program], end: Callable[[], Program]) -> Program:
    return call("decimal.from_int", call("datetime.between", unit, start(), end()))


def _next_day(moment: Callable[[], Program]) -> Program:
    return call("datetime.add", 1, "day", moment())
