"""Conditions on two numbers with a threshold each: high from 140 or from 90, both at least so much."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from itertools import combinations

from neurosynth.language.pieces import Column, Condition
from neurosynth.language.program import Program
from neurosynth_dsls.columns.pieces.building import call, function_of
from neurosynth_dsls.columns.pieces.number_lines import decimal
from neurosynth_dsls.columns.pieces.number_readings import NumberReading, number_readings
from neurosynth_dsls.columns.pieces.thresholds import thresholds_between

__all__ = ["EitherThreshold"]

BITS = 14
"""Bits of two thresholds, in addition to those of the numbers and their own."""
INVITED = 10
"""The same for the two numbers of a cell that has nothing else."""
FEWEST = 4
"""Rows that such a condition needs."""
READINGS = 4
"""Numbers that are tried, the cheapest."""
OUTPUTS = 3
"""Different outputs at most: a verdict, no value."""


@dataclass(frozen=True)
class EitherThreshold:
    """Whether one of two numbers, or each of them, reaches a threshold of its own."""

    name: str = "either threshold"

    def conditions(self, column: Column) -> Iterator[Condition]:
        """The conditions that separate the rows with one output from those with the others."""
        outputs = {*column.outputs}
        if column.leaf or len(column.rows) < FEWEST or not 2 <= len(outputs) <= OUTPUTS:
            return
        found = sorted((r for r in number_readings(column) if r.plain), key=lambda r: r.cost)
        for first, second in combinations(_apart(found), 2):
            for output in sorted(map(str, outputs)):
                chosen = [str(o) == output for o in column.outputs]
                bounds = _bounds(first, second, chosen)
                if bounds is not None:
                    yield from _condition(column, first, second, bounds)


def _apart(found: Sequence[NumberReading]) -> list[NumberReading]:
    """The cheapest readings with different numbers."""
    apart: dict[tuple[Decimal, ...], NumberReading] = {}
    for reading in found:
        apart.setdefault(reading.values, reading)
    return [*apart.values()][:READINGS]


_Bound = tuple[Decimal, int]


def _bounds(first: NumberReading, second: NumberReading, chosen: Sequence[bool]) -> tuple[_Bound, _Bound] | None:
    """The thresholds of which each chosen row reaches one, and no other row any; some rows must reach the one or the other alone."""
    greatest = [max((v for v, c in zip(r.values, chosen, strict=True) if not c), default=None) for r in (first, second)]
    if None in greatest:
        return None
    pairs = [pair for *pair, c in zip(first.values, second.values, chosen, strict=True) if c]
    beyond = [[v > g for v, g in zip(pair, greatest, strict=True) if g is not None] for pair in pairs]
    if not all(map(any, beyond)) or [True, False] not in beyond or [False, True] not in beyond:
        return None
    found = []
    for k, most in enumerate(greatest):
        assert most is not None
        least = min(pair[k] for pair, held in zip(pairs, beyond, strict=True) if held[k])
        found.append(min(thresholds_between(most, least, ()), key=lambda t: t[1]))
    return found[0], found[1]


def _condition(
    column: Column, first: NumberReading, second: NumberReading, bounds: tuple[_Bound, _Bound]
) -> Iterator[Condition]:
    (one, bits), (other, more) = bounds
    build = partial(_either, first, one, second, other)
    function = function_of(build())
    every = tuple(function(row) is True for row in column.every)
    at = dict(zip(column.every, every, strict=True))
    rows = tuple(at[row] for row in column.rows)
    if len({*rows}) == 2:
        invited = first.key[0] == second.key[0] and _are_pairs(column, first.key[0])
        cost = (INVITED if invited else BITS + first.cost + second.cost) + bits + more
        yield Condition(cost, rows, every, build, "either")


def _are_pairs(column: Column, i: object) -> bool:
    """Whether an input has two numbers and one sign on every row: 120/80."""
    cells = (row[i] for row in column.every) if isinstance(i, int) else ()
    return all(isinstance(c, str) and _PAIR.fullmatch(c) for c in cells)


_PAIR = re.compile(r"\s*\d+(?:\.\d+)?\s*[-–:/x×]\s*\d+(?:\.\d+)?\s*")


def _either(first: NumberReading, one: Decimal, second: NumberReading, other: Decimal) -> Program:
    return call(
        "or", call("decimal.<=", decimal(one), first.build()), call("decimal.<=", decimal(other), second.build())
    )
