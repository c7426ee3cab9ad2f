"""How unlike a column's known values another value is, in bits: the evidence of rows without outputs about a program.

The values of a column show how much they vary. If three outputs share one shape, a fourth of another shape is surprising; if all three
differ, it is not (Good, Biometrika 1953: the probability of something new is about the share of values seen once). Numbers and sizes
far outside the known ones are surprising in the same way.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from neurosynth.language.evaluate import Evaluator
from neurosynth.language.primitive import UNDEFINED
from neurosynth.language.program import Program
from neurosynth.tasks.task import Task
from neurosynth.values.domain import Domain
from neurosynth.values.registry import domain_of

__all__ = ["Fit", "Looks", "RowLooks", "fit_rows"]

ROWS = 40
"""Number of rows without outputs on which a program runs, evenly spread."""
_LEAST = 0.5
"""The count that represents unseen values."""


class Looks:
    """The shapes, numbers and sizes of a column's known values."""

    def __init__(self, domain: Domain, values: Iterable[Any]) -> None:
        self.domain = domain
        known = list(values)
        self.count = len(known)
        self.missing = any(v is None for v in known)
        found = [v for v in known if v is not None and v is not UNDEFINED]
        self.shapes = Counter(domain.shape(v) for v in found)
        self.numbers = [n for v in found if (n := domain.measure(v)) is not None]
        self.sizes = [domain.size(v) for v in found]

    @property
    def new_shape(self) -> float:
        """The surprise, in bits, of a shape that no value has."""
        once = sum(n == 1 for n in self.shapes.values())
        return -math.log2((once + _LEAST) / (self.count + 2 * _LEAST))

    def surprise(self, value: Any) -> float:
        """The bits by which a value is unlike the known ones; 0 for one that looks like one of them."""
        if value is None:
            return 0.0 if self.missing else math.log2(self.count + 1)
        shape = 0.0 if self.domain.shape(value) in self.shapes else max(0.0, self.new_shape)
        number = self.domain.measure(value)
        far = number is not None and _outside(number, self.numbers)
        size = self.domain.size(value)
        far = far or (bool(self.sizes) and not min(self.sizes) / 2 <= size <= 2 * max(self.sizes))
        return max(shape, math.log2(self.count + 1) if far else 0.0)


class Fit:
    """How well a program fits a task's rows without outputs: whether it has a value there, and whether it is similar to the outputs."""

    def __init__(self, task: Task, evaluator: Evaluator | None = None) -> None:
        self.looks = RowLooks(task)
        self.rows = fit_rows(task, self.looks)
        self.unusual = [self.looks.of_row(row) for row in self.rows]
        self.evaluator = evaluator or Evaluator()

    def of(self, program: Program) -> tuple[float, float]:
        """The share of rows on which the program has no value, and the mean surprise of its values in bits.

        A value with a new shape is less surprising if its row has one, too.
        """
        if not self.rows:
            return 0.0, 0.0
        function = self.evaluator.function(program)
        values = [function(row) for row in self.rows]
        odd = sum(
            max(0.0, self.looks.output.surprise(value) - unusual)
            for value, unusual in zip(values, self.unusual, strict=True)
            if value is not UNDEFINED
        )
        return sum(v is UNDEFINED for v in values) / len(values), odd / len(values)


def fit_rows(task: Task, looks: RowLooks, most: int = ROWS) -> list[tuple[Any, ...]]:
    """Rows without outputs for which an output can be expected, without duplicates, at most ``most``, evenly spread."""
    known = {e.inputs for e in task.examples}
    rows = [r for r in dict.fromkeys(map(tuple, task.unlabelled)) if r not in known and not looks.blank(r)]
    return rows if len(rows) <= most else [rows[i * len(rows) // most] for i in range(most)]


def _outside(number: float, known: Sequence[float]) -> bool:
    """Whether a number is outside the known ones by more than their range, and of another order of magnitude than all of them."""
    if not known:
        return False
    low, high = min(known), max(known)
    spread = high - low
    largest = max(abs(low), abs(high), 1.0)
    return (number < low - spread or number > high + spread) and (abs(number) > 4 * largest or (number < 0 <= low))


class RowLooks:
    """The looks of a task's examples, for each input and for the output."""

    def __init__(self, task: Task) -> None:
        columns = list(zip(*(e.inputs for e in task.examples), strict=True))
        self.inputs = [Looks(domain_of(t), column) for t, column in zip(task.parameters, columns, strict=True)]
        self.output = Looks(domain_of(task.output_type), [e.output for e in task.examples])

    def of_row(self, row: Sequence[Any]) -> float:
        """The bits by which a row of inputs is unlike those of the examples: those of its most unusual cell."""
        return max((looks.surprise(v) for looks, v in zip(self.inputs, row, strict=True)), default=0.0)

    def blank(self, row: Sequence[Any]) -> bool:
        """Whether a row is empty, so that no output can be expected."""
        return bool(row) and all(v is None or v == "" for v in row)
