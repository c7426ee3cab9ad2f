"""Deduction of functional arguments: the results that a lambda must return, element by element, are a small task.

From the goal and known lists, the inverse of ``map``, ``zipwith``, ``scan``, ``filter`` … gives the calls that the function must
answer. A search over the body, with the parameters as inputs, finds such a function (Feser, Chaudhuri and Dillig, PLDI 2015, λ²; Osera
and Zdancewic, PLDI 2015). The same is done for subgoals that inverse kernels deduce, so that the function may be in the last operation
but one.
"""

from __future__ import annotations

import heapq
import itertools
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from neurosynth.engine.backends.view import BankView
from neurosynth.language.grammar import Grammar, Nonterminal, Production
from neurosynth.language.primitive import UNDEFINED, Primitive
from neurosynth.language.program import Input, Program
from neurosynth.ranking.agreement import cases
from neurosynth.search.base import Outcome, SearchRequest, StopReason
from neurosynth.search.candidates import Candidate, Step, Tried
from neurosynth.search.strategies.functional import (
    Call,
    LambdaPlace,
    body_grammar,
    calls_of,
    in_place,
    places,
    spelled_out,
)
from neurosynth.tasks.task import Example, Task, first_contradiction
from neurosynth.values.types import Arrow
from neurosynth.work_clock import clock_seconds

__all__ = ["LambdaBodies", "invertible"]

KNOWN = {1: 200, 2: 40, 3: 8}
"""Number of the cheapest values tried for each known argument, by the number of arguments."""
KNOWN_BELOW = {1: 40, 2: 8, 3: 4}
"""The same for subgoals."""
SUBGOALS = 6
"""Number of subgoals from each production and argument."""
CLOSED = (3, 12)
"""Number of the cheapest values of each type, made of the task's inputs, that a body may use: at the first attempt, and later."""
FIRST = 16_000
"""Number of programs of a body tried at the first attempt."""
GROWTH = 8
"""Factor for each further attempt: about as many more values are known for one more unit of cost."""
AGAIN = 1
"""The amount that each further attempt adds to the cost by which functions are ordered."""
SETTLED = 2
"""Number of cases of a body up to which no other body for its calls is searched for: one with more cases may separate the calls
instead of explaining them."""

Solve = Callable[[SearchRequest], Outcome]


@dataclass(frozen=True, slots=True)
class _Wanted:
    """The goal, or a subgoal that makes it."""

    target: Nonterminal
    values: tuple[Any, ...]
    """One for each example."""
    build: Callable[[Program], Program]
    """Turns a program of it into one of the goal."""
    cost: int = 0
    """The cost of what is around it."""
    known: Mapping[int, int] = field(default_factory=lambda: KNOWN)


@dataclass(slots=True)
class _WantedLambda:
    """A function to be found: the required results in each example."""

    goal: _Wanted
    place: LambdaPlace
    known: tuple[int, ...]
    """Entries of the other arguments of the production."""
    calls: tuple[Call, ...]
    cost: int
    """The cost of everything except the body."""
    programs: int = FIRST
    """Number of programs that the next attempt may try."""

    @property
    def key(self) -> Any:
        """A key that identifies functions in any space."""
        return self.place.production.head, self.calls


@dataclass(frozen=True, slots=True)
class _Body:
    """The body of a function as a task: its inputs are the parameters, then known values of the whole task."""

    task: Task
    grammar: Grammar
    closed: tuple[Program, ...]
    """The meaning of the inputs after the parameters."""


def invertible(view: BankView) -> list[LambdaPlace]:
    """A place where the goal may be the result of a function over known values."""
    return [place for target in sorted(view.goals, key=str) for place in places(view.grammar, target)]


class LambdaBodies:
    """Finds the functional argument of the goal's last operation."""

    name = "lambda bodies"

    def __init__(
        self,
        view: BankView,
        places: Sequence[LambdaPlace],
        solve: Solve,
        request: SearchRequest,
        effort: dict[Any, int] | None = None,
    ) -> None:
        """``effort`` is shared by the passes of one search: the number of programs that the next attempt at a function may try."""
        self.view, self.places, self.solve_body, self.request = view, places, solve, request
        self._effort = {} if effort is None else effort
        self._typical = 0.02
        """Seconds that an attempt takes: none begins that would be cut off."""
        self._order = itertools.count()
        self._heap: list[tuple[int, int, _WantedLambda]] = []
        self._aside: list[tuple[int, int, _WantedLambda]] = []
        """Functions whose calls the values known so far do not tell apart; the next turn looks at them again."""
        self._seen: set[Any] = set()
        self._reached: dict[tuple[LambdaPlace, Any, int], int] = {}
        self._goals = [_Wanted(t, tuple(view.goal), lambda p: p) for t in sorted(view.goals, key=str)]
        self._given: dict[tuple[Production, int], int] = {}
        """For each production and argument, the number of known values from which subgoals were deduced."""

    def propose(self, deadline: float) -> Iterator[Step]:
        """Programs of the goal while time remains; bodies over cheap values first, each again with more effort later."""
        yield from self._deduce()
        for goal in self._goals:
            for place in (
                self.places
                if goal.target in self.view.goals and not goal.cost
                else places(self.view.grammar, goal.target)
            ):
                self._collect(goal, place, deadline)
        for entry in self._aside:
            heapq.heappush(self._heap, entry)
        self._aside.clear()
        while self._heap and clock_seconds() + self._typical < deadline:
            weight, number, wanted = heapq.heappop(self._heap)
            begun = clock_seconds()
            body = self._body(wanted)
            if body is None:
                self._aside.append((weight, number, wanted))
                continue
            outcome = self._search(body, wanted.programs, deadline)
            yield Tried(outcome.stats.programs_tried)
            if outcome.stop is not StopReason.TIME:
                self._typical = 0.8 * self._typical + 0.2 * (clock_seconds() - begun)
            found = [p for p in outcome.programs if not spelled_out(p, len(wanted.calls))]
            if found:
                yield self._proposal(wanted, body, found[0])
            settled = bool(found) and cases(found[0]) <= SETTLED
            if settled or outcome.stop is StopReason.EXHAUSTED:
                self._effort[wanted.key] = 0
                continue
            if outcome.stop is not StopReason.TIME:
                self._effort[wanted.key] = wanted.programs = GROWTH * wanted.programs
                weight += AGAIN
            heapq.heappush(self._heap, (weight, next(self._order), wanted))

    # --- tables ---------------------------------------------------------------------------------------------------

    def _deduce(self) -> Iterator[Step]:
        """Subgoals of the goal from the cheapest known values, if they were not deduced before."""
        view, inverses = self.view, self.view.inverses
        known = {goal.values for goal in self._goals}
        for target in sorted(view.goals, key=str):
            for p in view.grammar.by_target[target]:
                for position in range(len(p.arguments)) if isinstance(p.head, Primitive) else ():
                    below = p.arguments[position]
                    given = [n for i, n in enumerate(p.arguments) if i != position]
                    count = math.prod(min(SUBGOALS, view.bank(n).size) for n in given)
                    if (
                        inverses.loop(p, position) is None
                        or inverses.by_constants(p)
                        or not places(view.grammar, below)
                    ):
                        continue
                    if self._given.get((p, position)) == count or not inverses.should_compile_alone(
                        p, position, [(0, count)]
                    ):
                        continue
                    self._given[p, position] = count
                    found = inverses.subgoals(p, position, SUBGOALS, view.goal_bank, 0)
                    yield Tried(found.tried)
                    for row, entries in enumerate(found.known):
                        values = found.bank.decode(row)
                        if values not in known:
                            known.add(values)
                            self._goals.append(self._below(p, position, entries, values))

    def _below(self, production: Production, position: int, known: tuple[int, ...], values: tuple[Any, ...]) -> _Wanted:
        """The subgoal of a production's argument, from entries of the others."""
        view = self.view
        targets = [n for i, n in enumerate(production.arguments) if i != position]

        def build(p: Program) -> Program:
            arguments = [view.program(n, e) for n, e in zip(targets, known, strict=True)]
            arguments.insert(position, p)
            return production.build(arguments)

        cost = production.cost + sum(view.bank(n).cost_of(e) for n, e in zip(targets, known, strict=True))
        return _Wanted(production.arguments[position], values, build, cost, KNOWN_BELOW)

    def _collect(self, goal: _Wanted, place: LambdaPlace, deadline: float) -> None:
        """Functions over known values that were not combined before."""
        others = place.others
        most = goal.known.get(len(others), 4)
        banks = [self.view.bank(n) for n in others]
        sizes = [min(bank.size, most) for bank in banks]
        before = [self._reached.get((place, goal.values, i), 0) for i in range(len(others))]
        if not others or sizes == before:
            return
        for known in itertools.product(*map(range, sizes)):
            if all(k < b for k, b in zip(known, before, strict=True)):
                continue
            if clock_seconds() >= deadline:
                return
            self._table(goal, place, others, known)
        for i, size in enumerate(sizes):
            self._reached[place, goal.values, i] = size

    def _table(
        self, wanted_goal: _Wanted, place: LambdaPlace, others: Sequence[Nonterminal], known: tuple[int, ...]
    ) -> None:
        """The function over some known values, if one can produce the goal from them."""
        calls = calls_of(
            place, wanted_goal.values, [self.view.values(n, e) for n, e in zip(others, known, strict=True)]
        )
        if calls is None:
            return
        costs = [self.view.bank(n).cost_of(e) for n, e in zip(others, known, strict=True)]
        cost = wanted_goal.cost + place.production.cost + sum(costs)
        wanted = _WantedLambda(wanted_goal, place, known, calls, cost)
        wanted.programs = self._effort.get(wanted.key, FIRST)
        if wanted.key not in self._seen and wanted.programs:
            self._seen.add(wanted.key)
            goes = round(math.log(wanted.programs / FIRST, GROWTH))
            heapq.heappush(self._heap, (wanted.cost + AGAIN * goes, next(self._order), wanted))

    # --- bodies ---------------------------------------------------------------------------------------------------

    def _body(self, wanted: _WantedLambda) -> _Body | None:
        """The task of a function's body; None if equal inputs would have different results."""
        place = wanted.place
        closed = list(self._closed(CLOSED[wanted.programs > FIRST]))
        values = [self.view.values(n, e) for n, e in closed]
        examples = [
            Example((*arguments, *(column[example] for column in values)), result)
            for example, arguments, result in wanted.calls
        ]
        if first_contradiction(examples) is not None:
            return None
        types = (*place.scope, *(n.type for n, _ in closed))
        costs = [(n.type, self.view.bank(n).cost_of(entry)) for n, entry in closed]
        assert not isinstance(place.result, Arrow)
        grammar = body_grammar(self.view.grammar, place.scope, place.result, costs)
        task = Task(examples, "a function's body", type=Arrow(types, place.result))
        return _Body(task, grammar, tuple(self.view.program(n, e) for n, e in closed))

    def _closed(self, most: int) -> Iterator[tuple[Nonterminal, int]]:
        """The cheapest values of each type made of the task's inputs; they become inputs of the body."""
        for n, bank in self.view.banks.items():
            if n.scope or isinstance(n.type, Arrow):
                continue
            taken = 0
            for entry in range(min(bank.size, 8 * most)):
                made = self.view.program(n, entry).subprograms()
                if any(isinstance(p, Input) for p in made) and UNDEFINED not in self.view.values(n, entry):
                    yield n, entry
                    taken += 1
                if taken == most:
                    break

    def _search(self, body: _Body, programs: int, deadline: float) -> Outcome:
        left = max(0.01, deadline - clock_seconds())
        limits = replace(self.request.limits, seconds=left, max_programs=programs)
        return self.solve_body(SearchRequest(task=body.task, grammar=body.grammar, limits=limits))

    def _proposal(self, wanted: _WantedLambda, body: _Body, found: Program) -> Candidate:
        place, view = wanted.place, self.view
        others = [view.program(n, entry) for n, entry in zip(place.others, wanted.known, strict=True)]
        program = wanted.goal.build(in_place(place, found, body.closed, others))
        return Candidate(program, wanted.cost + found.size, self.name, deduced=True, tried=0)
