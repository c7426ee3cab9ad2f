"""Numbers in the outputs of some example rows but not of others, which the branches of a choice share.

``over by 120``, ``under by 30``, ``on budget``: each branch has one row, which is no evidence, but the distance of two inputs occurs in
two outputs of the column. Its bits are shared equally by the rows that show it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil, log2
from typing import Any

import numpy as np

from neurosynth.language.evaluate import Evaluator
from neurosynth.language.pieces import Column
from neurosynth.language.program import Program
from neurosynth_dsls.columns.pieces.expressions import Expressions
from neurosynth_dsls.columns.pieces.formulas import chosen
from neurosynth_dsls.columns.pieces.number_readings import NumberReading

__all__ = ["SharedNumber", "shared_numbers"]

LEAST = 2
"""Minimum number of rows that show the number, and of different numbers there."""
MOST = 6
"""Maximum number of such numbers of a column, the cheapest."""
NUMBER = 10
"""Bits of any number, in addition to those of choosing an expression."""
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class SharedNumber:
    """A formula whose values occur in some outputs."""

    key: str
    cost: int
    """Bits of those of the rows of a branch that show it."""
    program: Program
    values: tuple[Decimal, ...]
    """Its values on the rows of a branch."""


def shared_numbers(column: Column, readings: Sequence[NumberReading]) -> list[SharedNumber]:
    """The formulas for a branch; found when the whole column is bound, which is before its branches."""
    if not column.leaf:
        if "shared numbers" not in column.memo:
            column.memo["shared numbers"] = _found(column, readings)
        return []
    told = []
    for key, cost, program, function in column.memo.get("shared numbers", ()):
        values = tuple(function(row) for row in column.rows)
        if all(isinstance(v, Decimal) for v in values):
            told.append(SharedNumber(key, ceil(cost * len(values)), program, values))
    return told


def _found(column: Column, readings: Sequence[NumberReading]) -> list[tuple[str, float, Program, Any]]:
    numbers = [
        *{r.key[:3]: r for r in reversed(chosen(readings))}.values()
    ]  # of a missing number one default, the cheapest
    if len(numbers) < LEAST or len(column.rows) <= LEAST:
        return []
    shown = [{float(t.replace(",", "")) for t in _NUMBER.findall(o)} for o in column.outputs]
    if not any(shown) or all(shown):
        return []  # all rows show numbers: these are found row by row
    with np.errstate(all="ignore"):
        table = Expressions([r.values for r in numbers], [r.cost for r in numbers])
    programs = [r.build() for r in numbers]
    found = []
    for line in range(table.count, table.sizes[1]):
        hits = {float(v) for v, texts in zip(table.values[line], shown, strict=True) if float(v) in texts}
        count = sum(float(v) in texts for v, texts in zip(table.values[line], shown, strict=True))
        if len(hits) >= LEAST and sum(log2(1 + abs(v)) for v in hits) > table.bits(line):
            found.append((count, int(table.costs[line]), line))
    found.sort(key=lambda f: (-f[0], f[1]))
    evaluator = Evaluator()
    made = []
    for count, _, line in found[:MOST]:
        program = table.build(line, programs)
        made.append((table.text(line), (NUMBER + table.bits(line)) / count, program, evaluator.function(program)))
    return made
