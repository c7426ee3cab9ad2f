"""Scaled durations: a time divided by a distance, a length times a count, or the quotient of two numbers in some unit."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from decimal import Decimal
from functools import partial

from neurosynth.language.evaluate import Evaluator
from neurosynth.language.pieces import Column
from neurosynth.language.program import Program
from neurosynth_dsls.columns.pieces.building import call
from neurosynth_dsls.columns.pieces.duration_readings import DurationReading, duration_readings
from neurosynth_dsls.columns.pieces.number_lines import decimal
from neurosynth_dsls.columns.pieces.number_readings import NumberReading, number_readings

__all__ = ["scaled_durations"]

NUMBERS = 4
"""Number of numbers of a row that are tried, the cheapest of each input."""
OPERATIONS = (("decimal./", 10), ("decimal.*", 12))
"""The operations on a duration and a number, with their bits."""
UNITS = (("h", 18), ("min", 19), ("s", 20))
"""Units in which the quotient or the product of two numbers is a duration, with bits."""
FACTORS = (*range(2, 13), 15, 20, 24, 25, 30, 50, 52, 60, 100)
"""Whole numbers that durations are divided by or multiplied with."""
CONSTANT = 6
"""Bits of one of them."""
FEWEST = 3
"""Minimum number of different durations that tell one."""
WRITTEN = (
    ("s", re.compile(r"\s*\d+\s*[x×*]\s*\d+\s*(?:s|sec|secs|seconds)\.?\s*")),
    ("min", re.compile(r"\s*\d+\s*[x×*]\s*\d+\s*(?:min|mins|minutes|')\.?\s*")),
    ("h", re.compile(r"\s*\d+\s*[x×*]\s*\d+\s*(?:h|hr|hrs|hours)\.?\s*")),
)
"""A number of equal lengths written as a product, ``12x300s``, by the unit of the length."""
PRODUCT = 6
"""Bits of multiplying such a product out."""
_TIME = re.compile(r"(\d+):(\d\d)(?::(\d\d))?")
_RUN = re.compile(r"\d+(?:[.,]\d+)?")
DEAREST = 10
"""Numbers with this cost are digits of something else."""


def scaled_durations(column: Column) -> Iterator[DurationReading]:
    """Durations of one input multiplied or divided by a number of another; quotients and products of two numbers in a unit.

    Those that are not whole seconds on some row of the table are rounded to seconds.
    """
    if not all(isinstance(o, str) and len(_RUN.findall(o)) > 1 for o in column.outputs):
        return  # one number, with decimals or without, is the quotient itself
    readings = number_readings(column)
    numbers = _numbers(readings)
    yield from _written_products(column, readings)
    for span in (d for d in duration_readings(column) if not d.counted and d.cost < DEAREST):
        for n in (n for n in numbers if n.key[0] != span.key[0]):
            for name, bits in OPERATIONS:
                build = lambda d=span, n=n, f=name: call(f, call("duration.in", "s", d.build()), n.build())  # noqa: E731  # a lambda a loop binds
                yield from _checked(column, (name, span.key, n.key), span.cost + n.cost + bits, build, "s")
        yield from _by_constants(column, span)
    for a in numbers:
        for b in numbers:
            if a is not b:
                for name in ("decimal./",) if numbers.index(a) > numbers.index(b) else ("decimal./", "decimal.*"):
                    for unit, bits in UNITS:
                        build = lambda a=a, b=b, f=name: call(f, a.build(), b.build())  # noqa: E731  # a lambda a loop binds
                        yield from _checked(column, (name, unit, a.key, b.key), a.cost + b.cost + bits, build, unit)


def _written_products(column: Column, found: Sequence[NumberReading]) -> Iterator[DurationReading]:
    """The products that all cells of an input are, with the unit of the length behind them."""
    for i in range(len(column.inputs)):
        texts = [row[i] for row in column.rows]
        unit = next((u for u, p in WRITTEN if all(isinstance(t, str) and p.fullmatch(t) for t in texts)), None)
        factors = [next((r for r in found if r.plain and r.key == (i, how, n)), None) for how, n in FACTORS_AT]
        count, length = factors
        if unit and count is not None and length is not None:
            build = partial(_product, count, length)
            yield from _checked(column, ("product", i), count.cost + length.cost + PRODUCT, build, unit)


FACTORS_AT = (("number", 0), ("number", 1))
"""How the two numbers of a written product are read."""


def _product(count: NumberReading, length: NumberReading) -> Program:
    return call("decimal.*", count.build(), length.build())


def _by_constants(column: Column, span: DurationReading) -> Iterator[DurationReading]:
    """A duration divided by or multiplied with a usual number: the pace of ten kilometres, all of three equal rounds."""
    told = [set(map(_seconds, _TIME.findall(o))) for o in column.outputs]
    seconds = [v.total_seconds() for v in span.values]
    if len(set(seconds)) < FEWEST or not all(told) or span.key[0] == "between":
        return
    for name, bits in OPERATIONS:
        for k in FACTORS:
            values = (s / k if name == "decimal./" else s * k for s in seconds)
            if all(any(abs(v - t) < 1 or abs(v - 60 * t) < 60 for t in ts) for v, ts in zip(values, told, strict=True)):
                build = lambda f=name, k=k: call(f, call("duration.in", "s", span.build()), decimal(Decimal(k)))  # noqa: E731  # a lambda a loop binds
                yield from _checked(column, (name, span.key, k), span.cost + bits + CONSTANT, build, "s")


def _seconds(parts: tuple[str, str, str]) -> int:
    first, second, third = parts
    return int(first) * 60 + int(second) if not third else int(first) * 3600 + int(second) * 60 + int(third)


def _numbers(found: Sequence[NumberReading]) -> list[NumberReading]:
    best: dict[object, NumberReading] = {}
    for n in sorted(found, key=lambda n: n.cost):
        if n.plain and n.cost < DEAREST and all(0 < v < 10**6 for v in n.values):
            best.setdefault(n.key[0], n)
    return list(best.values())[:NUMBERS]


def _checked(
    column: Column, key: tuple[object, ...], cost: int, number: Callable[[], Program], unit: str
) -> Iterator[DurationReading]:
    second = {"h": 3600, "min": 60, "s": 1}[unit]
    function = Evaluator().function(number())
    values = [function(row) for row in column.rows]
    if not all(isinstance(v, Decimal) and abs(v) < 10**7 for v in values):
        return
    others = [v for v in map(function, column.judged) if isinstance(v, Decimal)]
    whole = all(v * second == (v * second).to_integral_value() for v in (*values, *others))

    def build() -> Program:
        return call("duration.of", unit, number()) if whole else call("duration.of", "s", _rounded(number(), second))

    read = Evaluator().function(build())
    spans = tuple(read(row) for row in column.rows)
    if all(isinstance(s, timedelta) for s in spans):
        yield DurationReading(key, cost, build, spans)


def _rounded(number: Program, second: int) -> Program:
    seconds = number if second == 1 else call("decimal.*", number, decimal(Decimal(second)))
    return call("decimal.round", decimal(Decimal(1)), "half_up", seconds)
