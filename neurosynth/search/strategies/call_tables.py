"""Functions of a few values that would make the outputs, with the calls that they must answer, before anything is enumerated.

The function stands under ``map``, ``filter``, ``zipwith`` or ``scan``, whose inverse gives its calls. Known values are the inputs and one
primitive on inputs, so that nothing has to be searched for.

Letters: ``E`` examples.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from neurosynth.guides.decoding import checking_budget
from neurosynth.language.evaluate import Evaluator
from neurosynth.language.grammar import Nonterminal, Production
from neurosynth.language.primitive import UNDEFINED, Primitive
from neurosynth.language.program import Input, Program
from neurosynth.search.base import SearchRequest
from neurosynth.search.strategies.functional import Call, LambdaPlace, calls_of, in_place, places
from neurosynth.values.frozen import freeze, typed_key
from neurosynth.values.registry import domain_of
from neurosynth.values.types import Arrow, Type

__all__ = ["CallTable", "CallTables", "KnownValue", "WantedBody"]

KNOWN = 6
"""Number of known values of a type over which functions are looked for."""


@dataclass(frozen=True, slots=True)
class KnownValue:
    """An input, or one primitive on inputs."""

    program: Program
    cost: int
    column: tuple[Any, ...]
    """(E,)"""


@dataclass(frozen=True, slots=True)
class CallTable:
    """The calls that a function must answer."""

    calls: tuple[Call, ...]
    scope: tuple[Type, ...]
    """Types of its parameters."""
    result: Type
    cost: int
    """The cost of everything except the body."""
    build: Callable[[Program, Sequence[Program]], Program]
    """The whole program from the body, and from the programs that its inputs after the parameters stand for."""

    def consistent(self, given: Sequence[KnownValue]) -> bool:
        """Whether no two calls with equal arguments have different results, if the function also reads these values."""
        answers = {
            (typed_key(arguments), *(typed_key(k.column[e]) for k in given)): typed_key(result)
            for e, arguments, result in self.calls
        }
        return all(
            answers[typed_key(arguments), *(typed_key(k.column[e]) for k in given)] == typed_key(result)
            for e, arguments, result in self.calls
        )


@dataclass(frozen=True, slots=True)
class WantedBody:
    """A function, and what its body may read besides its parameters."""

    table: CallTable
    given: tuple[KnownValue, ...]


@dataclass(frozen=True, slots=True)
class _MadeByFunction:
    """What a function over known values must produce: the outputs, or an argument that an inverse deduces from them."""

    target: Nonterminal
    values: tuple[Any, ...]
    """(E,)"""
    build: Callable[[Program], Program]
    """Turns a program of it into one of the outputs."""
    cost: int
    """The cost of what is around it."""


class CallTables:
    """All functions that may be wanted for a task."""

    def __init__(self, request: SearchRequest, inputs: int) -> None:
        """``inputs`` is the number of parameters and values that a body may read at most."""
        self.task, self.grammar, self.most = request.task, request.grammar, inputs
        self._values: dict[Nonterminal, list[KnownValue]] = {}

    def bodies(self) -> Iterator[WantedBody]:
        """The wanted bodies, those of the cheapest functions first."""
        for table in self.tables():
            yield from self._contexts(table)

    # --- functions under a primitive --------------------------------------------------------------------------------

    def tables(self) -> list[CallTable]:
        """Functions over known values that can produce the goal, the cheapest first."""
        found: list[CallTable] = []
        seen: set[Any] = set()
        for goal in self._goals():
            for place in places(self.grammar, goal.target):
                for others in itertools.product(*map(self._known, place.others)):
                    same = len({k.program for k in others}) < max(1, len(others))  # as a function of fewer values
                    calls = None if same else calls_of(place, goal.values, [k.column for k in others])
                    key = place.production.head, calls
                    if calls is not None and key not in seen:
                        seen.add(key)
                        found.append(_under(goal, place, others, calls))
        return sorted(found, key=lambda table: table.cost)

    def _goals(self) -> Iterator[_MadeByFunction]:
        """The outputs, then the arguments from which a primitive makes them, with known values as its other arguments."""
        grammar = self.grammar
        outputs = tuple(e.output for e in self.task.examples)
        yield _MadeByFunction(grammar.start, outputs, lambda program: program, 0)
        for p in grammar.by_target[grammar.start]:
            inverses = p.head.inverse if isinstance(p.head, Primitive) else None
            for position, inverse in enumerate(inverses or ()):
                below = p.arguments[position]
                if inverse is None or isinstance(below.type, Arrow) or not places(grammar, below):
                    continue
                given = [n for i, n in enumerate(p.arguments) if i != position]
                for others in itertools.product(*map(self._known, given)):
                    columns = zip(outputs, *(k.column for k in others), strict=True)
                    values = tuple(next(iter(inverse(*column)), UNDEFINED) for column in columns)
                    if UNDEFINED not in values and values != outputs:
                        cost = p.cost + sum(k.cost for k in others)
                        yield _MadeByFunction(below, tuple(map(freeze, values)), _around(p, position, others), cost)

    def _contexts(self, table: CallTable) -> Iterator[WantedBody]:
        """What a body may read, so that no calls contradict each other: nothing, the inputs that are not lists, all inputs. A guide is
        better at functions of a few numbers than at those of numbers and lists."""
        for given in dict.fromkeys(((), self._words, self._inputs)):
            if len(table.scope) + len(given) <= self.most and table.consistent(given):
                yield WantedBody(table, given)

    # --- known values -----------------------------------------------------------------------------------------------

    @cached_property
    def _inputs(self) -> tuple[KnownValue, ...]:
        """All inputs."""
        heads = dict.fromkeys(p.head for p in self.grammar.productions if isinstance(p.head, Input))
        return tuple(KnownValue(h, 1, tuple(e.inputs[h.index] for e in self.task.examples)) for h in heads)

    @cached_property
    def _words(self) -> tuple[KnownValue, ...]:
        """The inputs that are not lists."""
        return tuple(k for k in self._inputs if domain_of(k.program.type).element is None)

    def _known(self, target: Nonterminal) -> list[KnownValue]:
        """The cheapest values of a non-terminal: inputs, then primitives on inputs; equal values once."""
        if target not in self._values:
            self._values[target] = self._computed(target)
        return self._values[target]

    def _computed(self, target: Nonterminal) -> list[KnownValue]:
        grammar = self.grammar
        leaves: dict[Nonterminal, list[tuple[Program, int]]] = {}
        for p in grammar.productions:
            if isinstance(p.head, Input) and not p.target.scope:
                leaves.setdefault(p.target, []).append((p.head, p.cost))
        candidates = list(leaves.get(target, ()))
        for p in grammar.by_target[target]:
            if not isinstance(p.head, Primitive) or not p.arguments or not all(a in leaves for a in p.arguments):
                continue
            for arguments in itertools.product(*(leaves[a] for a in p.arguments)):
                cost = p.cost + sum(cost for _, cost in arguments)
                candidates.append((p.build([program for program, _ in arguments]), cost))
        found: dict[Any, KnownValue] = {}
        for program, cost in sorted(candidates, key=lambda c: c[1]):
            column = self._column(program)
            if column is not None:
                found.setdefault(typed_key(column), KnownValue(program, cost, column))
            if len(found) == KNOWN:
                break
        return list(found.values())

    def _column(self, program: Program) -> tuple[Any, ...] | None:
        """(E,) the values of a program, or None if it is undefined on an example."""
        evaluator = Evaluator(checking_budget(self.task))
        column = tuple(evaluator.run(program, e.inputs) for e in self.task.examples)
        return None if any(value is UNDEFINED for value in column) else column


def _under(
    goal: _MadeByFunction, place: LambdaPlace, others: Sequence[KnownValue], calls: tuple[Call, ...]
) -> CallTable:
    """The table of a function at a place over known values."""
    result = place.result
    assert not isinstance(result, Arrow)
    programs = [k.program for k in others]
    cost = goal.cost + place.production.cost + sum(k.cost for k in others)
    return CallTable(
        calls, place.scope, result, cost, lambda body, closed: goal.build(in_place(place, body, closed, programs))
    )


def _around(production: Production, position: int, others: Sequence[KnownValue]) -> Callable[[Program], Program]:
    """A function that applies a production to a program at a position, and to known values at the others."""

    def build(program: Program) -> Program:
        arguments = [known.program for known in others]
        arguments.insert(position, program)
        return production.build(arguments)

    return build
