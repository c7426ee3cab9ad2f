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
from neurosynth.language.program import Apply, Constant, Input, Lambda, Program, Variable
from neurosynth.ranking.agreement import cases
from neurosynth.search.base import Outcome, SearchRequest, StopReason
from neurosynth.search.candidates import Candidate, Step, Tried
from neurosynth.tasks.task import Example, Task
from neurosynth.values.frozen import freeze
from neurosynth.values.registry import domain_of
from neurosynth.values.types import Arrow, Type
from neurosynth.work_clock import clock_seconds

__all__ = ["LambdaBodies", "invertible", "spelled_out"]

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
LEAST = 3
"""Minimum number of calls of a table; with fewer, nearly anything answers them."""

SETTLED = 2
"""Number of cases of a body up to which no other body for its calls is searched for: one with more cases may separate the calls
instead of explaining them."""

Solve = Callable[[SearchRequest], Outcome]
Call = tuple[int, tuple[Any, ...], Any]
"""An example's number, the arguments there, and the required result."""


@dataclass(frozen=True, slots=True)
class _LambdaPlace:
    """A goal production with a functional argument whose inverse is known."""

    production: Production
    position: int
    inverse: Callable[..., Any]
    scope: tuple[Type, ...]
    result: Type


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
    place: _LambdaPlace
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


def invertible(view: BankView) -> list[_LambdaPlace]:
    """A place where the goal may be the result of a function over known values."""
    return [place for target in sorted(view.goals, key=str) for place in _places(view, target)]


def _places(view: BankView, target: Nonterminal) -> list[_LambdaPlace]:
    found = []
    for p in view.grammar.by_target[target]:
        head = p.head
        if not isinstance(head, Primitive) or head.inverse is None:
            continue
        for position, inverse in enumerate(head.inverse):
            t = head.parameters[position]
            if inverse is not None and isinstance(t, Arrow):
                found.append(_LambdaPlace(p, position, inverse, t.parameters, t.result))
    return found


class LambdaBodies:
    """Finds the functional argument of the goal's last operation."""

    name = "lambda bodies"

    def __init__(
        self,
        view: BankView,
        places: Sequence[_LambdaPlace],
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
        self._seen: set[Any] = set()
        self._reached: dict[tuple[_LambdaPlace, Any, int], int] = {}
        self._goals = [_Wanted(t, tuple(view.goal), lambda p: p) for t in sorted(view.goals, key=str)]
        self._given: dict[tuple[Production, int], int] = {}
        """For each production and argument, the number of known values from which subgoals were deduced."""

    def propose(self, deadline: float) -> Iterator[Step]:
        """Programs of the goal while time remains; bodies over cheap values first, each again with more effort later."""
        yield from self._deduce()
        for goal in self._goals:
            for place in (
                self.places if goal.target in self.view.goals and not goal.cost else _places(self.view, goal.target)
            ):
                self._collect(goal, place, deadline)
        while self._heap and clock_seconds() + self._typical < deadline:
            weight, _, wanted = heapq.heappop(self._heap)
            begun = clock_seconds()
            body = self._body(wanted)
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
                    if inverses.loop(p, position) is None or inverses.by_constants(p) or not _places(view, below):
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

    def _collect(self, goal: _Wanted, place: _LambdaPlace, deadline: float) -> None:
        """Functions over known values that were not combined before."""
        others = [n for i, n in enumerate(place.production.arguments) if i != place.position]
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
        self, wanted_goal: _Wanted, place: _LambdaPlace, others: Sequence[Nonterminal], known: tuple[int, ...]
    ) -> None:
        """The function over some known values, if one can produce the goal from them."""
        columns = [self.view.values(n, e) for n, e in zip(others, known, strict=True)]
        calls: list[Call] = []
        for example, goal in enumerate(wanted_goal.values):
            row = [column[example] for column in columns]
            if any(v is UNDEFINED for v in row):
                return
            table = next(iter(place.inverse(goal, *row)), None)
            if table is None:
                return
            calls += [(example, arguments, freeze(result)) for arguments, result in table]
        distinct = dict.fromkeys(calls)
        answers = {(example, arguments): result for example, arguments, result in distinct}
        if len(distinct) < LEAST or len(answers) < len(distinct):
            return
        costs = [self.view.bank(n).cost_of(e) for n, e in zip(others, known, strict=True)]
        cost = wanted_goal.cost + place.production.cost + sum(costs)
        wanted = _WantedLambda(wanted_goal, place, known, tuple(distinct), cost)
        wanted.programs = self._effort.get(wanted.key, FIRST)
        if wanted.key not in self._seen and wanted.programs:
            self._seen.add(wanted.key)
            goes = round(math.log(wanted.programs / FIRST, GROWTH))
            heapq.heappush(self._heap, (wanted.cost + AGAIN * goes, next(self._order), wanted))

    # --- bodies ---------------------------------------------------------------------------------------------------

    def _body(self, wanted: _WantedLambda) -> _Body:
        place = wanted.place
        closed = list(self._closed(CLOSED[wanted.programs > FIRST]))
        values = [self.view.values(n, e) for n, e in closed]
        examples = [
            Example((*arguments, *(column[example] for column in values)), result)
            for example, arguments, result in wanted.calls
        ]
        types = (*place.scope, *(n.type for n, _ in closed))
        grammar = self._grammar(place, closed)
        assert not isinstance(place.result, Arrow)
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

    def _grammar(self, place: _LambdaPlace, closed: Sequence[tuple[Nonterminal, int]]) -> Grammar:
        """First-order programs over the parameters, constants and known values; parameters and values are inputs."""
        view, scope = self.view, place.scope
        types = [n.type for n in view.banks if not n.scope and not isinstance(n.type, Arrow)]
        names = {t: Nonterminal(str(t), t) for t in dict.fromkeys([*scope, place.result, *types])}
        productions = [Production(names[t], Input(i, t)) for i, t in enumerate(scope)]
        for i, (n, entry) in enumerate(closed):
            cost = max(1, view.bank(n).cost_of(entry))
            productions.append(Production(names[n.type], Input(len(scope) + i, n.type), cost=cost))
        for p in view.grammar.productions:
            if p.target.scope or p.target.type not in names:
                continue
            if isinstance(p.head, Constant):
                productions.append(Production(names[p.target.type], p.head, cost=p.cost))
            elif isinstance(p.head, Primitive) and p.arguments and self._words(p):
                arguments = tuple(names[a.type] for a in p.arguments)
                productions.append(Production(names[p.target.type], p.head, arguments, p.cost))
        inputs = tuple(p.head for p in productions if isinstance(p.head, Input))
        return Grammar(names[place.result], tuple(dict.fromkeys(productions)), inputs).trimmed()

    def _words(self, p: Production) -> bool:
        """Whether a production makes a word from values: lists made inside a body are rarely useful, and there are many."""
        t = p.target.type
        return domain_of(t).element is None and not any(isinstance(a.type, Arrow) for a in p.arguments)

    def _search(self, body: _Body, programs: int, deadline: float) -> Outcome:
        left = max(0.01, deadline - clock_seconds())
        limits = replace(self.request.limits, seconds=left, max_programs=programs)
        return self.solve_body(SearchRequest(task=body.task, grammar=body.grammar, limits=limits))

    def _proposal(self, wanted: _WantedLambda, body: _Body, found: Program) -> Candidate:
        place, view = wanted.place, self.view
        inner = Lambda(place.scope, _opened(found, len(place.scope), body.closed))
        others = iter(wanted.known)
        arguments = [
            inner if i == place.position else view.program(n, next(others))
            for i, n in enumerate(place.production.arguments)
        ]
        program = wanted.goal.build(place.production.build(arguments))
        return Candidate(program, wanted.cost + found.size, self.name, deduced=True, tried=0)


def spelled_out(body: Program, calls: int) -> bool:
    """Whether a body has so many cases, or is so large, that it could answer nearly any calls."""
    told_apart = cases(body)
    return body.size >= 2 * calls or (told_apart > 1 and 2 * told_apart**2 > calls)


def _opened(body: Program, parameters: int, closed: Sequence[Program]) -> Program:
    """The body, with its inputs replaced by variables and closed programs."""
    match body:
        case Input(index, t):
            return Variable(parameters - 1 - index, t) if index < parameters else closed[index - parameters]
        case Apply(primitive, arguments, t):
            return Apply(primitive, tuple(_opened(a, parameters, closed) for a in arguments), t)
    return body
