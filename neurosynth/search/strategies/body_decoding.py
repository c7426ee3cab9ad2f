"""Bodies of functions that a guide of tokens generates from the calls that they must answer.

The examples of a task say little about a function inside ``map``: a guide that reads whole lists rarely finds ``(mod (+ a 1) 4)``. The calls
of the function, element by element, are a task of their own, which the same guide, or a second one for bodies, reads. Functions over the
cheapest known values get a few programs each; then more functions get more programs each.
"""

from __future__ import annotations

import itertools
from collections.abc import Generator
from dataclasses import dataclass, replace
from typing import Any

from neurosynth.guides.base import SequenceGuide
from neurosynth.guides.bodies import bodies_of
from neurosynth.guides.decoding import checking_budget
from neurosynth.language.evaluate import Evaluator
from neurosynth.language.program import Program
from neurosynth.search.base import SearchRequest
from neurosynth.search.candidates import Candidate, Step, Tried
from neurosynth.search.decoding.beam import Beam
from neurosynth.search.decoding.prefix_run import PrefixRun
from neurosynth.search.runner import Runner
from neurosynth.search.strategies.call_tables import CallTables, WantedBody
from neurosynth.search.strategies.functional import body_grammar, spelled_out
from neurosynth.tasks.task import Example, Task
from neurosynth.values.frozen import typed_key
from neurosynth.values.types import Arrow

__all__ = ["BodyDecoding"]

BODIES, MOST = 8, 48
"""Number of bodies for which the guide is asked at first, and at most; each round has twice as many."""
PROGRAMS, GROWTH = 32, 4
"""Number of programs for each body in the first round, and the factor for each further round."""
ROUNDS = 5
"""Number of rounds."""
SHOWN = 40
"""Maximum number of calls on which a body is run at first, evenly spread."""


@dataclass(frozen=True, slots=True, eq=False)
class _Attempt:
    """The decoding of one body, which goes on from round to round."""

    wanted: WantedBody
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
        bodies = CallTables(self.request, bodies_of(self.guide).vocabulary.input_slots).bodies()
        attempts, asked = list[_Attempt](), 0
        try:
            for number in range(ROUNDS):
                wanted = min(BODIES * 2**number, MOST)
                programs = PROGRAMS * GROWTH**number
                for attempt in attempts:
                    if (yield from self._decode(attempt, programs)):
                        return
                for body in itertools.islice(bodies, wanted - asked):
                    new = self._attempt(body)
                    if new is not None:
                        attempts.append(new)
                        if (yield from self._decode(new, programs)):
                            return
                asked = wanted
        finally:
            for attempt in attempts:
                attempt.steps.close()

    def _attempt(self, wanted: WantedBody) -> _Attempt | None:
        """The task of a body and its decoding; None if no program has the type."""
        request, table = self.request, wanted.table
        given = [known.program.type for known in wanted.given]
        grammar = body_grammar(request.grammar, table.scope, table.result, [(t, 1) for t in given])
        if not grammar.by_target[grammar.start]:
            return None
        assert not isinstance(table.result, Arrow)
        body_type = Arrow((*table.scope, *given), table.result)
        task = Task(self._examples(wanted), "a function's body", type=body_type, constants=request.task.constants)
        asked = replace(request, task=task, grammar=grammar, sequence=bodies_of(self.guide))
        body = Beam(programs=PROGRAMS // Beam.width).beside(asked, self.run, set())
        return _Attempt(wanted, task, body, iter(body))

    def _decode(self, attempt: _Attempt, programs: int) -> Generator[Step, None, bool]:
        """Run the likeliest bodies, up to so many in all; the result says whether one answers all calls."""
        wanted, body = attempt.wanted, attempt.body
        while body.tried < programs:
            step = next(attempt.steps, None)
            if step is None:
                break
            if isinstance(step, Candidate) and self._answers(step.program, attempt.task, len(wanted.table.calls)):
                closed = [known.program for known in wanted.given]
                program = wanted.table.build(step.program, closed)
                cost = wanted.table.cost + step.program.size
                yield Candidate(program, cost, f"{self.name} by {self.guide.name}", deduced=True, tried=step.tried)
                return True
            yield Tried(step.tried) if isinstance(step, Candidate) else step
        yield Tried(body.take_untold())
        return False

    def _answers(self, program: Program, task: Task, calls: int) -> bool:
        evaluator = Evaluator(checking_budget(task))
        return not spelled_out(program, calls) and all(
            evaluator.run(program, e.inputs) == e.output for e in task.examples
        )

    def _examples(self, wanted: WantedBody) -> list[Example]:
        """The calls as examples, each once; those that the guide reads, the first ones, are evenly spread."""
        found: dict[Any, Example] = {}
        for number, arguments, result in wanted.table.calls:
            row = (*arguments, *(known.column[number] for known in wanted.given))
            found.setdefault(typed_key(row), Example(row, result))
        examples = list(found.values())
        step = max(1, len(examples) // SHOWN)
        first = examples[::step]
        stride = max(1, len(first) // 8)
        spread = [e for start in range(stride) for e in first[start::stride]]
        return spread + [e for i, e in enumerate(examples) if i % step]
