"""Bodies of functions that a guide of tokens generates from the calls that they must answer.

The examples of a task say little about a function inside ``map``: a guide that reads whole lists rarely finds ``(mod (+ a 1) 4)``. The calls
of the function, element by element, are a task of their own, which the same guide reads. Functions over the cheapest known values get a few
programs each; then more functions get more programs each.

Letters: ``E`` examples.
"""

from __future__ import annotations

import itertools
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from neurosynth.guides.base import SequenceGuide
from neurosynth.guides.decoding import checking_budget
from neurosynth.language.evaluate import Evaluator
from neurosynth.language.grammar import Nonterminal
from neurosynth.language.primitive import UNDEFINED, Primitive
from neurosynth.language.program import Input, Program
from neurosynth.search.base import SearchRequest
from neurosynth.search.candidates import Candidate, Step, Tried
from neurosynth.search.decoding.beam import Beam
from neurosynth.search.decoding.prefix_run import PrefixRun
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
from neurosynth.values.registry import domain_of
from neurosynth.values.types import Arrow

__all__ = ["BodyDecoding"]

KNOWN = 6
"""Number of known values of a type over which functions are looked for: inputs, and one primitive on inputs."""
TABLES, MOST = 3, 24
"""Number of functions for which the guide is asked at first, and at most; each round has twice as many."""
PROGRAMS, GROWTH = 64, 4
"""Number of programs for each function in the first round, and the factor for each further round."""
ROUNDS = 4
"""Number of rounds."""
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


@dataclass(frozen=True, slots=True, eq=False)
class _Attempt:
    """The decoding of one body, which goes on from round to round."""

    table: _CallTable
    given: tuple[Input, ...]
    """The inputs of the task that the body may read."""
    task: Task
    body: PrefixRun
    steps: Generator[Step, None, None]


@dataclass(frozen=True)
class BodyDecoding:
    """Proposes programs of one function over known values, whose body a guide generates."""

    request: SearchRequest
    """The task, and its grammar."""
    guide: SequenceGuide
    run: Runner
    """Of the search that takes the steps."""

    name = "decoding (bodies)"

    def __iter__(self) -> Generator[Step, None, None]:
        tables, attempts, asked = self._tables(), list[_Attempt](), 0
        try:
            for number in range(ROUNDS):
                wanted = min(TABLES * 2**number, MOST)
                for table in itertools.islice(tables, wanted - asked):
                    attempts += self._attempts(table)
                asked = wanted
                for attempt in attempts:
                    found = yield from self._decode(attempt, PROGRAMS * GROWTH**number)
                    if found:
                        return
        finally:
            for attempt in attempts:
                attempt.steps.close()

    # --- tables ---------------------------------------------------------------------------------------------------

    def _tables(self) -> Iterator[_CallTable]:
        """Functions over known values that can produce the goal, the cheapest first."""
        task, grammar = self.request.task, self.request.grammar
        goal = [e.output for e in task.examples]
        found: list[_CallTable] = []
        seen: set[Any] = set()
        for place in places(grammar, grammar.start):
            for others in itertools.product(*map(self._known, place.others)):
                same = len({known.program for known in others}) < max(1, len(others))  # as a function of fewer values
                calls = None if same else calls_of(place, goal, [known.column for known in others])
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
        """The inputs of the task that a body may read: none if the calls do not contradict each other without them; then those that are
        not lists, or else all. A guide is better at functions of a few numbers than at those of numbers and lists."""
        answers = {(arguments, result) for _, arguments, result in table.calls}
        if len({arguments for arguments, _ in answers}) == len(answers):
            yield ()
        heads = (p.head for p in self.request.grammar.productions)
        inputs = tuple(dict.fromkeys(head for head in heads if isinstance(head, Input)))
        words = tuple(i for i in inputs if domain_of(i.type).element is None)
        chosen = words or inputs
        if 0 < len(chosen) <= self.guide.vocabulary.input_slots - len(table.place.scope):
            yield chosen

    def _attempts(self, table: _CallTable) -> Iterator[_Attempt]:
        """One for each choice of inputs that the body may read."""
        place, request = table.place, self.request
        for given in self._contexts(table):
            grammar = body_grammar(request.grammar, place, [(i.type, 1) for i in given])
            if not grammar.by_target[grammar.start]:
                continue
            types = (*place.scope, *(i.type for i in given))
            assert not isinstance(place.result, Arrow)
            body_type = Arrow(types, place.result)
            examples = self._examples(table, given)
            task = Task(examples, "a function's body", type=body_type, constants=request.task.constants)
            asked = replace(request, task=task, grammar=grammar, sequence=self.guide)
            body = Beam(programs=PROGRAMS // Beam.width).beside(asked, self.run, set())
            yield _Attempt(table, given, task, body, iter(body))

    def _decode(self, attempt: _Attempt, programs: int) -> Generator[Step, None, bool]:
        """Run the likeliest bodies, up to so many in all; the result says whether one answers all calls."""
        table, body = attempt.table, attempt.body
        while body.tried < programs:
            step = next(attempt.steps, None)
            if step is None:
                break
            if isinstance(step, Candidate) and self._answers(step.program, attempt.task, table):
                others = [known.program for known in table.others]
                program = in_place(table.place, step.program, attempt.given, others)
                cost = table.cost + step.program.size
                yield Candidate(program, cost, f"{self.name} by {self.guide.name}", deduced=True, tried=step.tried)
                return True
            yield Tried(step.tried) if isinstance(step, Candidate) else step
        yield Tried(body.take_untold())
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
