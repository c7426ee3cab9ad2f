"""Conditions on the numbers and dates of a row: thresholds, and one input against another."""

from __future__ import annotations

import re
from calendar import isleap
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from functools import partial
from itertools import pairwise
from typing import Any

from neurosynth.language.evaluate import Evaluator
from neurosynth.language.pieces import Column, Condition
from neurosynth.language.primitive import UNDEFINED
from neurosynth.language.program import Program
from neurosynth.values.types import STRING
from neurosynth_dsls.columns.calendar_steps import floor_to
from neurosynth_dsls.columns.pieces.building import call
from neurosynth_dsls.columns.pieces.date_readings import readings
from neurosynth_dsls.columns.pieces.moment_reading import Reading
from neurosynth_dsls.columns.pieces.number_lines import decimal
from neurosynth_dsls.columns.pieces.number_readings import NumberReading, number_readings
from neurosynth_dsls.columns.pieces.number_values import DIGITS
from neurosynth_dsls.columns.pieces.numbers_of_two import numbers_of_two
from neurosynth_dsls.columns.pieces.thresholds import (
    inner_interval,
    natural_thresholds,
    thresholds_between,
    unusual,
)

__all__ = ["Comparisons", "scores"]

READINGS = 9
"""Number of numbers of a row on which thresholds are tried, the cheapest."""
ONE_WEEKDAY = 6
"""Bits of one day of the week or the month, or of January, which seldom is a case of its own."""
INTERVAL = 11
"""Bits of an interval, in addition to those of its thresholds."""
CODED = 10
"""Bits of a threshold of codes."""
CODE = 7
"""Digits from which on a whole number is a code, which nobody halves."""
SAME_PARTS = (("month", "Ym", 9), ("day", "Ymd", 9), ("year", "Y", 9))
"""Parts that two dates may share, the fields that contain them, and bits."""
GRADES = 4
"""Bits that such a condition saves where the examples agree in several of them."""
YEARS, LEAP = 1000, 10
"""First number that may be a year, and bits of its being a leap year."""
DIVISORS = ((2, 12), (10, 17), (5, 20), (3, 20), (4, 21))
"""Common divisors of numbers, with their bits."""
KEPT = 10_000
"""Number of rows of a table up to which the numbers of a reading are kept."""


@dataclass(frozen=True)
class Comparisons:
    """Comparisons of numbers and moments."""

    name: str = "comparisons"

    def conditions(self, column: Column) -> Iterator[Condition]:
        """The conditions that are true on some of the example rows and false on others; false if a row has no such number."""
        every_reading = sorted(number_readings(column), key=lambda r: r.cost)
        rest = every_reading[READINGS:]
        counts = [r for r in rest if r.key[:2] == ("between", "day") or r.key[1:2] == ("pieces",)]
        minutes = [r for r in rest if r.key[:2] == ("between", "min")]
        found = every_reading[:READINGS] + counts[:2] + minutes[:1]
        evaluator = Evaluator()
        values = {r.key: _values(evaluator, r.build(), column) for r in found}
        for reading in found:
            yield from _thresholds(column, reading, values[reading.key])
            yield from _inside(column, reading, values[reading.key])
            if reading.plain:
                yield from _multiples(column, reading, values[reading.key])
        plain = [r for r in found if r.plain]
        invited = scores(column)
        for first in plain:
            for second in plain:
                if first.key != second.key:
                    yield from _compared(column, first, second, values[first.key], values[second.key], invited)
        for both, every in numbers_of_two(column, plain, values):
            yield from _thresholds(column, both, every)
        yield from _moments(column)
        yield from _equal_texts(column)
        yield from _containing(column)


def _values(evaluator: Evaluator, program: Program, column: Column) -> list[Any]:
    """The numbers of all rows of the table, None where a row has none; kept, as the branches of a column ask for the same."""
    table, known = column.memo.get("compared numbers", (None, {}))
    if table is not column.every:
        known = {}
        column.memo["compared numbers"] = column.every, known
    if program in known:
        values: list[Any] = known[program]
        return values
    found = map(evaluator.function(program), column.every)
    values = [None if v is UNDEFINED else v for v in found]
    if len(values) <= KEPT:
        known[program] = values
    return values


def _shown(column: Column, every: Sequence[bool]) -> tuple[bool, ...]:
    """The verdicts on the example rows; their places in the table are kept, as looking up all of it for each condition is slow."""
    table, at = column.memo.get("places of rows", (None, {}))
    if table is not column.every:
        at = {row: n for n, row in enumerate(column.every)}
        column.memo["places of rows"] = column.every, at
    return tuple(every[at[row]] for row in column.rows)


def _condition(column: Column, cost: int, every: Sequence[bool], build: Any, name: str) -> Iterator[Condition]:
    rows = _shown(column, every)
    if len(set(rows)) == 2:
        yield Condition(cost, rows, tuple(every), build, name)


def _thresholds(column: Column, reading: NumberReading, values: Sequence[Any]) -> Iterator[Condition]:
    ordered = sorted(v for v in set(reading.values) if v.adjusted() < DIGITS)
    coded = CODED * _coded(column, reading)
    for value in ordered:
        if value in (0, 1):
            every = [v == value for v in values]
            build = lambda t=value: call("=", decimal(t), reading.build())  # noqa: E731  # a lambda a loop binds
            odd = ONE_WEEKDAY * (reading.key[-1] in ("weekday", "day", "month"))
            yield from _condition(column, 6 + odd + reading.cost, every, build, f"is {value}")
    for low, high in pairwise(ordered):
        for threshold, bits in thresholds_between(low, high, natural_thresholds(reading)):
            every = [v is not None and threshold <= v for v in values]
            cost = 6 + reading.cost + bits + coded + unusual(reading, threshold)
            yield from _condition(
                column,
                cost,
                every,
                lambda t=threshold: call("decimal.<=", decimal(t), reading.build()),
                f">= {threshold}",
            )


def _inside(column: Column, reading: NumberReading, values: Sequence[Any]) -> Iterator[Condition]:
    """Whether a number is neither too small nor too large."""
    interval = inner_interval(reading, column.outputs)
    if interval is not None:
        every = [v is not None and v in interval for v in values]
        cost = INTERVAL + reading.cost + interval.bits + CODED * _coded(column, reading)
        yield from _condition(column, cost, every, partial(interval.build, reading), "inside")


def _coded(column: Column, reading: NumberReading) -> bool:
    """Whether a number has zeros in front on some row of the table: it is a code, whose size means nothing."""
    i = reading.key[0]
    if not reading.plain or not isinstance(i, int):
        return False
    found = _ZERO if reading.key[1:] in WHOLE or reading.key[2:] == (0,) else _LONG
    return any(isinstance(r[i], str) and found.search(r[i]) for r in column.every)


WHOLE = (("plain", 0), ("whole", 0))
_ZERO, _LONG = re.compile(r"^\s*0\d"), re.compile(r"(?<![\d.,])0\d{3,}(?![\d.,])")
"""Zeros in front of a code, or of a longer number inside one."""


def _multiples(column: Column, reading: NumberReading, values: Sequence[Any]) -> Iterator[Condition]:
    """Whether a whole number is even, or a multiple of another common divisor."""
    if any(v != v.to_integral_value() or v.adjusted() >= CODE for v in reading.values):
        return
    if all(v >= YEARS for v in reading.values):
        every = [v is not None and v == int(v) and isleap(int(v)) for v in values]
        yield from _condition(
            column, LEAP + reading.cost, every, lambda: call("is_leap_year", reading.build()), "leap year"
        )
    for n, bits in DIVISORS:
        every = [v is not None and v == int(v) and int(v) % n == 0 for v in values]  # of any length
        build = lambda n=n: call("=", decimal(Decimal(0)), call("decimal.mod", reading.build(), decimal(Decimal(n))))  # noqa: E731  # a lambda a loop binds
        yield from _condition(column, bits + reading.cost, every, build, f"multiple of {n}")


def scores(column: Column) -> set[int]:
    """Inputs that are two numbers and one sign or word on every row, as ``3:1`` or ``5 of 8``, which invite a comparison as two inputs do."""
    return {
        i
        for i in range(len(column.inputs))
        if all(isinstance(row[i], str) and _SCORE.fullmatch(row[i]) for row in column.every)
    }


_SCORE = re.compile(r"\s*\d+(?:\s*[-–:/]\s*| [^\W\d]+(?: [^\W\d]+)? )\d+\s*")


def _compared(
    column: Column, first: NumberReading, second: NumberReading, xs: Sequence[Any], ys: Sequence[Any], scores: set[int]
) -> Iterator[Condition]:
    every = [x is not None and y is not None and x < y for x, y in zip(xs, ys, strict=True)]
    invited = first.key[0] != second.key[0] or first.key[0] in scores
    cost = (5 if invited else 13) + first.cost + second.cost
    for found in _condition(column, cost, every, lambda: call("decimal.<", first.build(), second.build()), "less"):
        yield replace(found, gap=partial(_distance, first, second))


def _distance(first: NumberReading, second: NumberReading, less: bool) -> Program:
    ends = (second.build(), first.build()) if less else (first.build(), second.build())
    return call("decimal.format", "0.#*", call("decimal.-", *ends))


def _moments(column: Column) -> Iterator[Condition]:
    """One date before another."""
    best: dict[Any, Any] = {}
    for reading in readings(column):
        if reading.dated:
            best.setdefault(reading.place, reading)
    for first in best.values():
        yield from _before_day(column, first)
        for second in best.values():
            if first is second:
                continue
            yield from _same_parts(column, first, second)
            pairs = [(first.read(row), second.read(row)) for row in column.every]
            every = [hasattr(a, "year") and hasattr(b, "year") and a < b for a, b in pairs]
            cost = 8 + first.cost + second.cost
            build = lambda a=first, b=second: call("datetime.<", a.build(), b.build())  # noqa: E731  # a lambda a loop binds
            for found in _condition(column, cost, every, build, "earlier"):
                yield replace(found, gap=partial(_time_between, first, second))


def _time_between(first: Reading, second: Reading, earlier: bool) -> Program:
    """Whole days between two dates; minutes if both have times."""
    unit = "min" if "H" in first.fields & second.fields else "day"
    start, end = (first, second) if earlier else (second, first)
    return call(
        "decimal.format", "0", call("decimal.from_int", call("datetime.between", unit, start.build(), end.build()))
    )


SINCE = 14
"""Bits of a day from which on dates are another case, in addition to that of the day."""


def _before_day(column: Column, reading: Reading) -> Iterator[Condition]:
    """Dates from some day on: the first of a year or a month, or else a day of the examples."""
    if not {"Y", "m", "d"} <= reading.fields or reading.fixed:
        return
    read = [reading.read(row) for row in column.every]
    every = [m if isinstance(m, datetime) else None for m in read]
    at = dict(zip(column.every, every, strict=True))
    shown = sorted({m for row in column.rows if (m := at[row]) is not None})
    for low, high in pairwise(shown):
        day, bits = _natural_day(low, high)
        build = partial(_since, day, reading)
        holds = [m is not None and day <= m for m in every]
        yield from _condition(column, SINCE + bits + reading.cost, holds, build, f"since {day:%Y-%m-%d}")


def _natural_day(low: datetime, high: datetime) -> tuple[datetime, int]:
    """A day after the first moment and not after the second, with its bits; the second itself where they are on one day."""
    start = datetime(high.year, 1, 1)
    if low < start <= high:
        return start, 0
    start = datetime(high.year, high.month, 1)
    if low < start <= high:
        return start, 2
    start = datetime(high.year, high.month, high.day)
    return (start, 6) if low < start else (high, 9)


def _since(day: datetime, reading: Reading) -> Program:
    if day == datetime(day.year, day.month, day.day):
        return call("datetime.<=", call("datetime.parse", "%Y-%m-%d", f"{day:%Y-%m-%d}"), reading.build())
    return call("datetime.<=", call("datetime.parse", "%Y-%m-%d %H:%M:%S", f"{day:%Y-%m-%d %H:%M:%S}"), reading.build())


def _same_parts(column: Column, first: Reading, second: Reading) -> Iterator[Condition]:
    """Two dates in one month, on one day, in one year; likelier if the rows of the table agree in several grades."""
    if repr(first.key) >= repr(second.key):
        return
    pairs = [(first.read(row), second.read(row)) for row in column.every]
    found = []
    for unit, letters, bits in SAME_PARTS:
        if not set(letters) <= first.fields & second.fields:
            continue
        every = [
            isinstance(a, datetime) and isinstance(b, datetime) and floor_to(a, unit, "") == floor_to(b, unit, "")
            for a, b in pairs
        ]
        build = partial(_in_same, unit, first, second)
        cost = bits + first.cost + second.cost
        found += [replace(c, graded=True) for c in _condition(column, cost, every, build, f"same {unit}")]
    several = column.memo.setdefault("dates in grades", set())
    if len({c.rows for c in found}) > 1:
        several.add((first.key, second.key))
    saved = GRADES * ((first.key, second.key) in several)
    yield from (replace(c, cost=c.cost - saved) for c in found)


def _in_same(unit: str, first: Reading, second: Reading) -> Program:
    return call("=", *(call("datetime.floor", unit, "", r.build()) for r in (first, second)))


def _equal_texts(column: Column) -> Iterator[Condition]:
    """Two inputs with the same text."""
    for i, first in enumerate(column.inputs):
        for j in range(i + 1, len(column.inputs)):
            second = column.inputs[j]
            if first.type == second.type:
                every = [row[i] is not None and row[i] == row[j] for row in column.every]
                for found in _condition(column, 4, every, lambda a=first, b=second: call("=", a, b), "same"):
                    yield replace(found, graded=True)
                alike = [_lower(row[i]) is not None and _lower(row[i]) == _lower(row[j]) for row in column.every]
                if alike != every:
                    yield from _condition(
                        column, 5, alike, lambda a=first, b=second: call("=", _small(a), _small(b)), "same letters"
                    )


def _containing(column: Column) -> Iterator[Condition]:
    """One input that contains another."""
    for i, whole in enumerate(column.inputs):
        for j, part in enumerate(column.inputs):
            if i != j and whole.type == part.type == STRING:
                every = [
                    isinstance(row[i], str) and isinstance(row[j], str) and row[j] in row[i] for row in column.every
                ]
                yield from _condition(column, 5, every, lambda a=whole, b=part: call("str.contains", a, b), "contains")
                pairs = [(_lower(row[i]), _lower(row[j])) for row in column.every]
                alike = [a is not None and b is not None and b in a for a, b in pairs]
                if alike != every:
                    yield from _condition(
                        column,
                        6,
                        alike,
                        lambda a=whole, b=part: call("str.contains", _small(a), _small(b)),
                        "contains letters",
                    )
                for bits, name, test in ENDS:
                    found = [a is not None and b is not None and test(a, b) for a, b in _two_texts(column, i, j)]
                    yield from _condition(column, bits, found, lambda a=whole, b=part, n=name: call(n, b, a), name)


ENDS: tuple[tuple[int, str, Callable[[str, str], bool]], ...] = (
    (6, "str.prefixof", str.startswith),
    (6, "str.suffixof", str.endswith),
)
"""Bits, name and test of one input being the start or the end of another."""


def _two_texts(column: Column, i: int, j: int) -> Iterator[tuple[str | None, str | None]]:
    """Two inputs on all rows, None where they are not texts."""
    for row in column.every:
        a, b = row[i], row[j]
        yield a if isinstance(a, str) else None, b if isinstance(b, str) else None


def _small(p: Program) -> Program:
    return call("str.lower", p)


def _lower(value: Any) -> str | None:
    return value.lower() if isinstance(value, str) else None
