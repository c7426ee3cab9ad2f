"""The choice among conditions that separate the same examples.

A bank keeps only the first of the conditions that are equal on the examples, and its order says nothing about inputs that were not
shown. The others are therefore found again, and the one is chosen that random inputs are least likely to satisfy exactly where the
examples do: "ends in USA" before "contains C" (the size principle of Tenenbaum and Griffiths, 2001).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from neurosynth.engine.backends.inverse import Goals
from neurosynth.engine.backends.view import BankView
from neurosynth.engine.store.banks import WordBank
from neurosynth.engine.store.splits import ranges
from neurosynth.engine.store.value_store import Range
from neurosynth.language.evaluate import Evaluator
from neurosynth.language.grammar import Production
from neurosynth.language.primitive import UNDEFINED, Primitive
from neurosynth.language.program import Program
from neurosynth.work_clock import clock_seconds

__all__ = ["KEPT", "BelievedCondition", "Chance", "Conditions"]

ALIKE = 40
"""Number of equal conditions of one cost that are considered, evenly spread: neighbours often differ in nothing."""
DEARER = 2
"""How much more an equal condition may cost than the one that the bank kept."""
KEPT = 3
"""Maximum number of equal conditions that are kept, best first."""
BITS = 3.0
"""Bits for a unit of cost: a node is one of about eight."""
CANDIDATES = 300_000
"""Number of candidates tried to find the conditions equal to one."""

Chance = Callable[[], Sequence[tuple[Any, ...]]]


@dataclass(frozen=True, slots=True)
class BelievedCondition:
    """A condition that holds exactly on the wanted examples, or exactly on the others."""

    program: Program
    negated: bool
    cost: int


class Conditions:
    """Chooses among the conditions of a conditional that are equal on the examples."""

    def __init__(self, view: BankView, production: Production, position: int, chance: Chance) -> None:
        """``production`` is the conditional, whose argument ``position`` is the condition; ``chance`` generates random inputs."""
        self.view, self.target, self._chance = view, production.arguments[position], chance
        head = production.head
        assert isinstance(head, Primitive)
        self._arity = len(production.arguments)
        self._evaluator = Evaluator()
        self._macro: Callable[[tuple[Any, ...]], Any] | None = None
        """The condition of a conditional that is a macro, on its arguments."""
        if head.macro is not None:
            self._macro = self._evaluator.function(head.macro.arguments[0])
        self.until = math.inf
        """The value of ``clock_seconds()`` from which the bank's condition is taken without looking for others."""
        self.allowed: float = math.inf
        """Number of candidates after which that condition is taken, too."""
        self._tried = 0
        self._chosen: dict[int, list[BelievedCondition]] = {}

    def best(self, entry: int, cost: int) -> BelievedCondition:
        """The condition to use if the bank kept ``entry``, which has this cost."""
        return self.several(entry, cost)[0]

    def several(self, entry: int, cost: int) -> list[BelievedCondition]:
        """The best conditions to use there, best first; at most :data:`KEPT`."""
        if entry not in self._chosen:
            self._chosen[entry] = self._choose(entry, cost)
        return self._chosen[entry]

    def known(self, entry: int, cost: int) -> list[BelievedCondition]:
        """The same without a search: the condition that the bank kept, unless :meth:`several` was called before."""
        return self._chosen.get(entry) or [BelievedCondition(self.view.program(self.target, entry), False, cost)]

    def take_tried(self) -> int:
        """Number of candidates tried since the last call."""
        tried, self._tried = self._tried, 0
        return tried

    def _choose(self, entry: int, cost: int) -> list[BelievedCondition]:
        kept = BelievedCondition(self.view.program(self.target, entry), False, cost)
        rows = self._chance() if clock_seconds() < self.until and self._tried < self.allowed else ()
        if not rows:
            return [kept]
        held = self._held(kept.program, self.view.inputs)
        sides = held, len(self.view.inputs) - held
        scores = {kept: self._surprise(kept, sides, rows) - BITS * cost}
        for c in self._alike(entry, cost):
            if clock_seconds() >= self.until:
                break
            scores.setdefault(c, self._surprise(c, sides, rows) - BITS * c.cost)
        return sorted(scores, key=lambda c: -scores[c])[:KEPT]

    def _surprise(self, condition: BelievedCondition, sides: tuple[int, int], rows: Sequence[tuple[Any, ...]]) -> float:
        """Bits: how unlikely random inputs are to fall on either side as the examples do.

        The first example of a side says nothing, because conditions are chosen to fit it.
        """
        share = (self._held(condition.program, rows) + 1) / (len(rows) + 2)
        ours, theirs = reversed(sides) if condition.negated else sides
        return -max(0, ours - 1) * math.log2(share) - max(0, theirs - 1) * math.log2(1 - share)

    def _held(self, condition: Program, rows: Sequence[tuple[Any, ...]]) -> int:
        """Number of inputs on which a condition holds."""
        values: Iterable[Any] = map(self._evaluator.function(condition), rows)
        if self._macro is not None:
            values = (v if v is UNDEFINED else self._macro((v,) * self._arity) for v in values)
        return sum(v is True for v in values)

    def _alike(self, entry: int, cost: int) -> Iterator[BelievedCondition]:
        """Conditions with the outputs of an entry, or with the opposite ones, cheapest first."""
        wanted, count = self._wanted(entry)
        left = CANDIDATES
        for level in range(1, cost + DEARER + 1):
            found: list[tuple[Production, tuple[int, ...], bool]] = []
            for production, spans, triangular in self._combinations(level):
                left -= math.prod(b - a for a, b in spans)
                if left < 0:
                    return
                for row in range(count):
                    for batch in self.view.equal(production, spans, triangular, wanted, row):
                        self._tried += batch.tried
                        if clock_seconds() >= self.until or self._tried >= min(self.allowed, self.view.programs_left):
                            return
                        found += [(p, entries, row == 1) for p, entries in batch.matches]
            for at in range(0, len(found), max(1, len(found) // ALIKE)):
                production, entries, negated = found[at]
                yield BelievedCondition(self.view.build(production, entries), negated, level)

    def _combinations(self, cost: int) -> Iterator[tuple[Production, tuple[Range, ...], bool]]:
        for production in self.view.grammar.by_target[self.target]:
            if production.arguments and self.view.has_kernel(production):
                for spans, triangular in ranges(self.view, production, cost):
                    yield production, spans, triangular

    def _wanted(self, entry: int) -> tuple[Goals, int]:
        """The outputs of an entry and, for a Boolean condition, the opposite ones; and the number of rows."""
        bank = self.view.banks[self.target]
        assert isinstance(bank, WordBank)
        values = bank.values[entry]
        rows = [values]
        if self._macro is None and np.isin(values, (0, 1)).all():
            rows.append(1 - values)
        return self.view.scratch(self.target, np.array(rows)), len(rows)
