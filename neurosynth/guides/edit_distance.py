"""A hand-made value guide: the number of edits from a value to the output."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from neurosynth.tasks.task import Task
from neurosynth.values.registry import domain_of
from neurosynth.values.types import TypeConstructor

__all__ = ["EditDistance", "edits"]

_LONGEST = 60
"""Maximum number of compared elements of each value."""
_BITS_AN_EDIT = 4.0
_ANOTHER_TYPE = 6.0
"""Minimum number of edits for a value of another type than the output."""


@dataclass(frozen=True)
class EditDistance:
    """Missing bits are proportional to the mean edit distance (Levenshtein, 1966) to the outputs, in elements or characters."""

    @property
    def name(self) -> str:
        """Its name in rows and messages."""
        return "edit-distance"

    def bits(self, task: Task, values: Sequence[tuple[TypeConstructor, Sequence[Any]]]) -> np.ndarray:
        """(N,) float64: see :class:`~neurosynth.guides.base.ValueGuide`."""
        output = domain_of(task.output_type)
        found = []
        for t, column in values:
            same = t == task.output_type
            pairs = [(v, e.output) for v, e in zip(column, task.examples, strict=False)]
            if not same:
                pairs = [(domain_of(t).to_cell(v), output.to_cell(o)) for v, o in pairs]
            mean = sum(edits(v, o) for v, o in pairs) / max(len(pairs), 1)
            found.append(_BITS_AN_EDIT * (mean + (0.0 if same else _ANOTHER_TYPE)))
        return np.array(found, dtype=np.float64)


def edits(one: Any, other: Any) -> float:
    """Insertions, deletions and replacements between two texts or lists; for numbers, the bits of their difference; for other values, 0
    or 1."""
    if isinstance(one, bool) or isinstance(other, bool) or one is None or other is None:
        return float(one != other)
    if isinstance(one, int) and isinstance(other, int):
        return math.log2(1 + abs(one - other)) / 4
    if not isinstance(one, (str, tuple)) or not isinstance(other, (str, tuple)):
        return float(one != other)
    a, b = one[:_LONGEST], other[:_LONGEST]
    before = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        row = [i]
        for j, y in enumerate(b, 1):
            row.append(min(before[j] + 1, row[-1] + 1, before[j - 1] + (x != y)))
        before = row
    return float(before[-1] + abs(len(one) - len(a) - len(other) + len(b)))
