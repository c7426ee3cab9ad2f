"""Numbers that two inputs make together, for thresholds: the smaller one, the larger one, their quotient, difference, product,
sum and distance."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial
from itertools import combinations, permutations
from typing import Any

from neurosynth.language.pieces import Column
from neurosynth.language.program import Program
from neurosynth_dsls.columns.number_format import CONTEXT
from neurosynth_dsls.columns.pieces.building import call
from neurosynth_dsls.columns.pieces.number_readings import NumberReading

__all__ = ["numbers_of_two"]

BOTH = 5
"""Bits of a threshold that the smaller or the larger of two numbers is compared with."""
RELATED = 6
"""Bits of a threshold that the share of one number in another, or their difference, is compared with."""
TOGETHER = 8
"""Bits of a threshold that the product or the sum of two numbers is compared with."""
APART = 7
"""Bits of a threshold that the distance of two numbers is compared with: a tolerance in both directions."""
OUTPUTS = 3
"""Different outputs up to which two numbers are taken together: a verdict, no value."""

Values = Sequence[Decimal | None]
"""The numbers of all rows of the table, None where a row has none."""


def numbers_of_two(
    column: Column, plain: Sequence[NumberReading], values: Mapping[Any, Sequence[Any]]
) -> Iterator[tuple[NumberReading, Values]]:
    """The numbers of two inputs, with their values on all rows of the table.

    Args:
        column: the column; one with many different outputs has none.
        plain: the numbers of the inputs, the cheapest first.
        values: the numbers on all rows, by the keys of the readings.
    """
    if len(set(column.outputs)) > OUTPUTS:
        return
    best: dict[Any, NumberReading] = {}
    for reading in plain:
        best.setdefault(reading.key[0], reading)

    def both(
        name: str, relate: Callable[[Any, Any], Decimal | None], bits: int, first: NumberReading, second: NumberReading
    ) -> Iterator[tuple[NumberReading, Values]]:
        shown = [relate(*pair) for pair in zip(first.values, second.values, strict=True)]
        told = tuple(v for v in shown if v is not None)
        if len(told) == len(shown):
            every = [relate(x, y) for x, y in zip(values[first.key], values[second.key], strict=True)]
            key, cost = (name, first.key, second.key), bits + first.cost + second.cost
            yield NumberReading(key, cost, partial(_build, name, first, second), told), every

    for first, second in combinations(best.values(), 2):
        for name, relate in (("decimal.min", _smaller), ("decimal.max", _larger)):
            for found, every in both(name, relate, BOTH, first, second):
                if found.values not in (first.values, second.values):  # otherwise the other one says nothing
                    yield found, every
    if len(column.rows) <= OUTPUTS:
        return
    for first, second in permutations(best.values(), 2):
        for name, relate in (("decimal./", _quotient), ("decimal.-", _difference)):
            yield from both(name, relate, RELATED, first, second)
    for first, second in combinations(best.values(), 2):
        for name, relate in (("decimal.*", _product), ("decimal.+", _sum)):
            yield from both(name, relate, TOGETHER, first, second)
        signs = {x > y for x, y in zip(first.values, second.values, strict=True) if x != y}
        if len(signs) == 2:  # otherwise it is a difference
            yield from both("decimal.abs", _distance, APART, first, second)


def _smaller(x: Decimal | None, y: Decimal | None) -> Decimal | None:
    return None if x is None or y is None else min(x, y)


def _larger(x: Decimal | None, y: Decimal | None) -> Decimal | None:
    return None if x is None or y is None else max(x, y)


def _quotient(x: Decimal | None, y: Decimal | None) -> Decimal | None:
    return CONTEXT.divide(x, y) if x is not None and y else None


def _difference(x: Decimal | None, y: Decimal | None) -> Decimal | None:
    return None if x is None or y is None else x - y


def _product(x: Decimal | None, y: Decimal | None) -> Decimal | None:
    return None if x is None or y is None else CONTEXT.multiply(x, y)


def _sum(x: Decimal | None, y: Decimal | None) -> Decimal | None:
    return None if x is None or y is None else CONTEXT.add(x, y)


def _distance(x: Decimal | None, y: Decimal | None) -> Decimal | None:
    return None if x is None or y is None else abs(x - y)


def _build(name: str, first: NumberReading, second: NumberReading) -> Program:
    numbers = (first.build(), second.build())
    return call("decimal.abs", call("decimal.-", *numbers)) if name == "decimal.abs" else call(name, *numbers)
