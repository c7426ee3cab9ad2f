"""Moments moved by another input: a number of days, months or minutes later, or a duration later."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from neurosynth.language.pieces import Column
from neurosynth.language.program import Program
from neurosynth_dsls.columns.pieces.building import call
from neurosynth_dsls.columns.pieces.date_readings import readings
from neurosynth_dsls.columns.pieces.duration_readings import duration_readings
from neurosynth_dsls.columns.pieces.moment_reading import Reading, remembered
from neurosynth_dsls.columns.pieces.number_readings import NumberReading, number_readings
from neurosynth_dsls.columns.pieces.terms import by_terms
from neurosynth_dsls.columns.pieces.terms_beside import moved_beside

__all__ = ["shifted_readings"]

BITS = 14
"""Bits of moving a moment by another input."""
WORKDAYS = "workday"
DATE_UNITS = (("day", 0), ("month", 3), ("year", 4), ("week", 4), (WORKDAYS, 5))
TIME_UNITS = (("min", 0), ("h", 1), ("s", 4))
"""Units that a number may count, and their bits."""


def shifted_readings(column: Column) -> Iterator[Reading]:
    """Moments moved by the number or the duration of another input, or of another part of the same."""
    best: dict[Any, Reading] = {}
    for reading in readings(column):
        if reading.dated:
            best.setdefault(reading.place, reading)
    if not best:
        return
    numbers = [n for n in number_readings(column) if n.plain]
    spans = [d for d in duration_readings(column) if not d.counted]
    for start in best.values():
        yield from by_terms(column, start)
        yield from moved_beside(column, start)
        for number in numbers:
            if number.key[0] != start.key[0]:
                yield from _by_number(column, start, number)
        for span in spans:
            if span.key[0] != start.key[0] and "H" in start.fields:
                for name, sign in (("later", ""), ("earlier", "-")):
                    build = lambda a=start, d=span, s=sign: _moved(a.build(), d.build(), s)  # noqa: E731  # a lambda a loop binds
                    key = (name, start.key, span.key)
                    yield from _checked(column, key, start, span.cost + BITS, build, frozenset({"H", "M"}))


def _moved(moment: Program, span: Program, sign: str) -> Program:
    return call("datetime.plus", moment, call("duration.-", call("duration", "0s"), span) if sign else span)


def _by_number(column: Column, start: Reading, number: NumberReading) -> Iterator[Reading]:
    whole = all(v == v.to_integral_value() for v in number.values)
    units = (*(DATE_UNITS if "d" in start.fields else ()), *(TIME_UNITS if "H" in start.fields else ()))
    for unit, bits in units:
        if not whole and unit != "h":
            continue
        for name, sign in (("later", 1), ("earlier", -1)):
            build = lambda u=unit, g=sign: _add(start, number, u, g, whole=whole)  # noqa: E731  # a lambda a loop binds
            key = (name, unit, start.key, number.key)
            cost = number.cost + BITS + bits + 3 * (sign < 0)
            yield from _checked(column, key, start, cost, build, frozenset())


def _add(start: Reading, number: NumberReading, unit: str, sign: int, *, whole: bool) -> Program:
    count = number.build() if sign > 0 else call("decimal.neg", number.build())
    if not whole:
        return call("datetime.plus", start.build(), call("duration.of", unit, count))
    if unit == WORKDAYS:
        return call("datetime.add_workdays", call("decimal.to_int", count), start.build())
    return call("datetime.add", call("decimal.to_int", count), unit, start.build())


def _checked(
    column: Column,
    key: tuple[Any, ...],
    start: Reading,
    cost: int,
    build: Callable[[], Program],
    fields: frozenset[str],
) -> Iterator[Reading]:
    program = build()
    read = remembered(column, program, lambda: program)
    if all(isinstance(read(row), datetime) for row in column.rows):
        told = start.fields | fields
        yield Reading(
            (key, "moved"), start.cost + cost, build, read, told, dated=False, moved=True, origin=start.key[0]
        )
