"""Deduction by inverse semantics, goal first, several levels deep (FlashMeta, OOPSLA 2015; Duet, POPL 2021).

From the goal and a cheap known argument, the inverse of a primitive gives the other argument as a subgoal. A subgoal is looked up in
the bank, joined with all of it through the binary productions, and decomposed further.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from neurosynth.engine.backends.inverse import Goals, others
from neurosynth.engine.backends.view import BankView
from neurosynth.language.grammar import Nonterminal, Production, Unit
from neurosynth.language.primitive import Primitive
from neurosynth.language.program import Program
from neurosynth.search.candidates import Step, Tried
from neurosynth.search.strategies.concat_cover import deduced
from neurosynth.work_clock import clock_seconds

__all__ = ["Deduction"]

KNOWN = (48, 6)
"""Number of the cheapest known arguments tried at the first and at the second level."""


@dataclass(frozen=True, slots=True)
class _Goal:
    bank: Goals
    row: int
    target: Nonterminal
    build: Callable[[Program], Program]
    """Turns a program of the goal into one of the task."""
    cost: int
    """The cost of the context."""
    depth: int


class Deduction:
    """Decomposes the goal of a space with the inverse kernels of its productions."""

    name = "deduction"

    def __init__(self, view: BankView) -> None:
        self.view, self.inverses, self.goal_bank = view, view.inverses, view.goal_bank
        self.productions: dict[Nonterminal, list[tuple[Production, int]]] = {}
        for p in view.grammar.productions:
            if not isinstance(p.head, Primitive) or self.inverses.by_constants(p):
                continue
            for position in range(len(p.arguments)):
                if self.inverses.loop(p, position) is not None:
                    self.productions.setdefault(p.target, []).append((p, position))

    @property
    def useful(self) -> bool:
        """Whether a goal can be decomposed at all."""
        return any(target in self.productions for target in self.view.goals)

    def propose(self, deadline: float) -> Iterator[Step]:
        """Programs of the goal while time remains; cheap contexts first."""
        order = itertools.count()
        heap: list[tuple[int, int, _Goal]] = []
        for target in sorted(self.view.goals, key=str):
            heapq.heappush(heap, (0, next(order), _Goal(self.goal_bank, 0, target, lambda p: p, 0, 0)))
        while heap and clock_seconds() < deadline:
            _, _, goal = heapq.heappop(heap)
            if goal.depth:
                yield from self._known(goal, deadline)
            if goal.depth < len(KNOWN):
                for part in self._apart(goal):
                    if isinstance(part, Tried):
                        yield part
                    else:
                        heapq.heappush(heap, (part.cost, next(order), part))

    def _known(self, goal: _Goal, deadline: float) -> Iterator[Step]:
        """The subgoal itself in the bank, or known values that make it."""
        view = self.view
        for target in self._passing(goal.target):
            entry = self.inverses.lookup(goal.bank, goal.row, target)
            if entry is not None:
                program, cost = goal.build(view.program(target, entry)), view.banks[target].cost_of(entry)
                yield deduced(program, goal.cost + cost, self.name)
                return
            for production, position in self.productions.get(target, ()):
                if len(production.arguments) < 2 or clock_seconds() >= deadline:
                    continue
                spans = self.inverses.spans(production, position)
                if not self.inverses.should_compile_alone(production, position, spans):
                    continue
                for batch in self.inverses.join(production, position, spans, goal.bank, goal.row):
                    if batch.matches:
                        _, entries = batch.matches[0]
                        cost = goal.cost + view.cost_of(production, entries)
                        yield deduced(goal.build(view.build(production, entries)), cost, self.name)
                        return
                    yield Tried(batch.tried)

    def _passing(self, target: Nonterminal) -> list[Nonterminal]:
        """The non-terminal, and those that its unit productions reach."""
        found = [target]
        for n in found:  # grows during iteration
            for p in self.view.grammar.by_target[n]:
                if isinstance(p.head, Unit) and p.arguments[0] not in found:
                    found.append(p.arguments[0])
        return found

    def _apart(self, goal: _Goal) -> Iterator[_Goal | Tried]:
        for target in self._passing(goal.target):
            for production, position in self.productions.get(target, ()):
                if not self.inverses.should_compile_alone(production, position, [(0, KNOWN[goal.depth])]):
                    continue
                found = self.inverses.subgoals(production, position, KNOWN[goal.depth], goal.bank, goal.row)
                yield Tried(found.tried)
                for row, entries in enumerate(found.known):
                    yield self._subgoal(goal, production, position, entries, found.bank, row)

    def _cost(self, targets: Sequence[Nonterminal], entries: Sequence[int]) -> int:
        return sum(self.view.bank(a).cost_of(e) for a, e in zip(targets, entries, strict=True))

    def _subgoal(
        self, goal: _Goal, production: Production, position: int, known: tuple[int, ...], bank: Goals, row: int
    ) -> _Goal:
        view = self.view
        targets = others(production.arguments, position)

        def build(p: Program) -> Program:
            arguments = [view.program(a, e) for a, e in zip(targets, known, strict=True)]
            arguments.insert(position, p)
            return goal.build(production.build(arguments))

        cost = goal.cost + production.cost + self._cost(targets, known)
        return _Goal(bank, row, production.arguments[position], build, cost, goal.depth + 1)
