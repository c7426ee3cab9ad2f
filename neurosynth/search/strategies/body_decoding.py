"""Bodies of functions that a guide of tokens generates from the calls that they must answer.

The examples of a task say little about a function inside ``map``: a guide that reads whole lists rarely finds ``(mod (+ a 1) 4)``. The calls
of the function, element by element, are a task of their own, which the same guide reads. Each function over cheap known values gets a few
programs.

Letters: ``E`` examples.
"""

from __future__ import annotations

import itertools
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Any

from neurosynth.guides.base import SequenceGuide
from neurosynth.guides.decoding import checking_budget
from neurosynth.language.evaluate import Evaluator
from neurosynth.language.grammar import Nonterminal
from neurosynth.language.primitive import UNDEFINED, Primitive
from neurosynth.language.program import Input, Program
from neurosynth.search.base import SearchRequest
from neurosynth.search.candidates import PULSE, Candidate, Step, Tried
from neurosynth.search.decoding.beam import Beam
from neurosynth.search.runner import Runner
from neurosynth.search.strategies.functional import (
    Call,
    LambdaPlace,
    body_grammar,
    calls_of,
    in_place,
    places,
    spelled_out,
)
from neurosynth.tasks.task import Example, Task
from neurosynth.values.frozen import typed_key
from neurosynth.values.types import Arrow

__all__ = ["BodyDecoding"]

KNOWN = 6
"""Number of known values of a type over which functions are looked for: inputs, and one primitive on inputs."""
TABLES = 12
"""Maximum number of functions for which the guide is asked."""
SHOWN = 40
"""Maximum number of calls on which a body is run at first, evenly spread."""


@dataclass(frozen=True, slots=True)
class _KnownValue:
    program: Program
    cost: int
    column: tuple[Any, ...]
    """(E,)"""


@dataclass(frozen=True, slots=True)
class _CallTable:
    """A function over known values, and the calls that it must answer."""

    place: LambdaPlace
    others: tuple[_KnownValue, ...]
    calls: tuple[Call, ...]

    @property
    def cost(self) -> int:
        """The cost of everything except the body."""
        return self.place.production.cost + sum(known.cost for known in self.others)


@dataclass(frozen=True)
class BodyDecoding:
    """Proposes programs of one function over known values, whose body a guide generates."""

    request: SearchRequest
    """The task, and its grammar."""
    guide: SequenceGuide
    run: Runner
    """Of the search that takes the steps."""
    width: int = 16
    """Number of prefixes of each length in the first beam for a body."""
    programs: int = 64
    """Number of programs run for a body."""

    name = "decoding (bodies)"

    def __iter__(self) -> Iterator[Step]:
        for table in itertools.islice(self._tables(), TABLES):
            for given in self._contexts(table):
                found = yield from self._decode(table, given)
                if found:
                    return

    # --- tables ---------------------------------------------------------------------------------------------------

    def _tables(self) -> Iterator[_CallTable]:
        """Functions over known values that can produce the goal, the cheapest first."""
        task, grammar = self.request.task, self.request.grammar
        goal = [e.output for e in task.examples]
        found: list[_CallTable] = []
        seen: set[Any] = set()
        for place in places(grammar, grammar.start):
            for others in itertools.product(*map(self._known, place.others)):
                calls = calls_of(place, goal, [known.column for known in others]) if others else None
                key = place.production.head, calls
                if calls is not None and key not in seen:
                    seen.add(key)
                    found.append(_CallTable(place, others, calls))
        yield from sorted(found, key=lambda table: table.cost)

    def _known(self, target: Nonterminal) -> list[_KnownValue]:
        """The cheapest values of a non-terminal: inputs, then primitives on inputs; equal values once."""
        grammar = self.request.grammar
        leaves: dict[Nonterminal, list[tuple[Program, int]]] = {}
        for p in grammar.productions:
            if isinstance(p.head, Input) and not p.target.scope:
                leaves.setdefault(p.target, []).append((p.head, p.cost))
        candidates = list(leaves.get(target, ()))
        for p in grammar.by_target[target]:
            if isinstance(p.head, Primitive) and p.arguments and all(a in leaves for a in p.arguments):
                for arguments in itertools.product(*(leaves[a] for a in p.arguments)):
                    cost = p.cost + sum(cost for _, cost in arguments)
                    candidates.append((p.build([program for program, _ in arguments]), cost))
        found: dict[Any, _KnownValue] = {}
        for program, cost in sorted(candidates, key=lambda c: c[1]):
            column = self._column(program)
            if column is not None:
                found.setdefault(typed_key(column), _KnownValue(program, cost, column))
            if len(found) == KNOWN:
                break
        return list(found.values())

    def _column(self, program: Program) -> tuple[Any, ...] | None:
        """(E,) the values of a program, or None if it is undefined on an example."""
        task = self.request.task
        evaluator = Evaluator(checking_budget(task))
        column = tuple(evaluator.run(program, e.inputs) for e in task.examples)
        return None if any(value is UNDEFINED for value in column) else column

    # --- bodies ---------------------------------------------------------------------------------------------------

    def _contexts(self, table: _CallTable) -> Iterator[tuple[Input, ...]]:
        """The inputs of the task that a body may read: none if the calls do not contradict each other without them, then all."""
        answers = {(arguments, result) for _, arguments, result in table.calls}
        if len({arguments for arguments, _ in answers}) == len(answers):
            yield ()
        inputs = tuple(dict.fromkeys(p.head for p in self.request.grammar.productions if isinstance(p.head, Input)))
        room = self.guide.vocabulary.input_slots - len(table.place.scope)
        if 0 < len(inputs) <= room:
            yield inputs

    def _decode(self, table: _CallTable, given: Sequence[Input]) -> Generator[Step, None, bool]:
        """Run the likeliest bodies; the result says whether one answers all calls."""
        place, request = table.place, self.request
        grammar = body_grammar(request.grammar, place, [(i.type, 1) for i in given])
        if not grammar.by_target[grammar.start]:
            return False
        types = (*place.scope, *(i.type for i in given))
        assert not isinstance(place.result, Arrow)
        body_type = Arrow(types, place.result)
        examples = self._examples(table, given)
        task = Task(examples, "a function's body", type=body_type, constants=request.task.constants)
        beam = Beam(width=self.width, programs=max(1, self.programs // self.width))
        body = beam.beside(replace(request, task=task, grammar=grammar, sequence=self.guide), self.run, set())
        with closing(iter(body)) as steps:
            for step in steps:
                if isinstance(step, Candidate) and self._answers(step.program, task, table):
                    others = [known.program for known in table.others]
                    program = in_place(place, step.program, given, others)
                    cost = table.cost + step.program.size
                    yield Candidate(program, cost, f"{self.name} by {self.guide.name}", deduced=True, tried=step.tried)
                    return True
                yield Tried(step.tried) if isinstance(step, Candidate) else step
                if body.tried >= self.programs:
                    yield Tried(body.take_untold())
                    break
        yield PULSE
        return False

    def _answers(self, program: Program, task: Task, table: _CallTable) -> bool:
        evaluator = Evaluator(checking_budget(task))
        return not spelled_out(program, len(table.calls)) and all(
            evaluator.run(program, e.inputs) == e.output for e in task.examples
        )

    def _examples(self, table: _CallTable, given: Sequence[Input]) -> list[Example]:
        """The calls as examples, each once; those that the guide reads, the first ones, are evenly spread."""
        rows = self.request.task.examples
        found: dict[Any, Example] = {}
        for number, arguments, result in table.calls:
            row = (*arguments, *(rows[number].inputs[i.index] for i in given))
            found.setdefault(typed_key(row), Example(row, result))
        examples = list(found.values())
        step = max(1, len(examples) // SHOWN)
        first = examples[::step]
        stride = max(1, len(first) // 8)
        spread = [e for start in range(stride) for e in first[start::stride]]
        return spread + [e for i, e in enumerate(examples) if i % step]
