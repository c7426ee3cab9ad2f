"""Deduction of functional arguments: the results that a lambda must return, element by element, are a small task. From the goal and
known lists, the inverse of ``map``, ``zipwith``, ``scan``, ``filter`` … gives the calls that the function must answer. A search over
the body, with the parameters as inputs, finds such a function (Feser, Chaudhuri and Dillig, PLDI 2015, λ²; Osera and Zdancewic, PLDI
2015).
"""

from __future__ import annotations

import heapq
import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
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


@dataclass(slots=True)
class _WantedLambda:
    """A function to be found: the required results in each example."""

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
    found = []
    for target in sorted(view.goals, key=str):
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
        self._reached: dict[tuple[_LambdaPlace, int], int] = {}

    def propose(self, deadline: float) -> Iterator[Step]:
        """Programs of the goal while time remains; bodies over cheap values first, each again with more effort later."""
        for place in self.places:
            self._collect(place, deadline)
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
            if found or outcome.stop is StopReason.EXHAUSTED:
                self._effort[wanted.key] = 0
                continue
            if outcome.stop is not StopReason.TIME:
                self._effort[wanted.key] = wanted.programs = GROWTH * wanted.programs
                weight += AGAIN
            heapq.heappush(self._heap, (weight, next(self._order), wanted))

    # --- tables ---------------------------------------------------------------------------------------------------

    def _collect(self, place: _LambdaPlace, deadline: float) -> None:
        """Functions over known values that were not combined before."""
        others = [n for i, n in enumerate(place.production.arguments) if i != place.position]
        most = KNOWN.get(len(others), 4)
        banks = [self.view.bank(n) for n in others]
        sizes = [min(bank.size, most) for bank in banks]
        before = [self._reached.get((place, i), 0) for i in range(len(others))]
        if not others or sizes == before:
            return
        for known in itertools.product(*map(range, sizes)):
            if all(k < b for k, b in zip(known, before, strict=True)):
                continue
            if clock_seconds() >= deadline:
                return
            self._table(place, others, known)
        for i, size in enumerate(sizes):
            self._reached[place, i] = size

    def _table(self, place: _LambdaPlace, others: Sequence[Nonterminal], known: tuple[int, ...]) -> None:
        """The function over some known values, if one can produce the goal from them."""
        columns = [self.view.values(n, e) for n, e in zip(others, known, strict=True)]
        calls: list[Call] = []
        for example, goal in enumerate(self.view.goal):
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
        wanted = _WantedLambda(place, known, tuple(distinct), place.production.cost + sum(costs))
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
        return Candidate(place.production.build(arguments), wanted.cost + found.size, self.name, deduced=True, tried=0)


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
