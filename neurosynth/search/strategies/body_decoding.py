"""Bodies of functions that a guide of tokens generates from the calls that they must answer.

The examples of a task say little about a function inside ``map``: a guide that reads whole lists rarely finds ``(mod (+ a 1) 4)``. The calls
of the function, element by element, are a task of their own, which the same guide, or a second one for bodies, reads. Functions over the
cheapest known values, and those some of whose calls are answered, get more programs than others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

from neurosynth.guides.base import SequenceGuide
from neurosynth.guides.bodies import bodies_of
from neurosynth.search.base import SearchRequest
from neurosynth.search.candidates import Candidate, Step
from neurosynth.search.runner import Runner
from neurosynth.search.strategies.body_cases import BodyCases
from neurosynth.search.strategies.call_tables import CallTables, WantedBody
from neurosynth.search.strategies.functional import body_grammar, spelled_out
from neurosynth.search.strategies.part_decoding import BLOCK, PartDecoding
from neurosynth.tasks.task import Example
from neurosynth.values.frozen import typed_key
from neurosynth.values.types import Arrow

__all__ = ["BodyDecoding"]

MOST = 48
"""Maximum number of bodies for which the guide is asked."""
CASES = 4
"""Factor for the effort for bodies of two cases from one time to the next."""
PROGRAMS = 8_192
"""Maximum number of programs for one body."""
NEW = 0.25
"""Success of a body for which nothing was decoded yet."""
EARLIER = 0.5
"""How much less each body gets than the one before it, over cheaper values, if their success is equal: as if it had as many more shares of
its programs already."""
SHOWN = 40
"""Maximum number of calls on which a body is run at first, evenly spread."""


@dataclass(slots=True, eq=False)
class _Attempt:
    """The decoding of one body, which continues from turn to turn."""

    wanted: WantedBody
    body: PartDecoding
    cases: BodyCases
    number: int
    """The number of bodies before it."""
    usual: float
    """The share of the calls that have the most frequent result: what a body without parameters can answer."""
    effort: int = BLOCK
    """Number of programs for each part of a body of two cases; and those of the body before they are looked for."""
    ended: bool = False
    """Whether all programs of the body were tried."""

    @property
    def tried(self) -> int:
        return self.body.tried + self.cases.tried

    @property
    def order(self) -> float:
        """Programs after the next block, relative to success and place; the body with the least is decoded next."""
        success = (self.body.answered - self.usual) / (1.0 - self.usual) if self.usual < 1.0 else 0.0
        return _order(self.tried, max(0.0, success) if self.tried else NEW, self.number)


def _order(tried: int, success: float, number: int) -> float:
    return (tried + BLOCK) * (1 + EARLIER * number) / (0.25 + success)


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
        asked, attempts = 0, list[_Attempt]()
        left = True
        try:
            while left or attempts:
                best = min(attempts, key=lambda a: a.order, default=None)
                if left and (best is None or _order(0, NEW, asked) < best.order):
                    wanted = next(bodies, None)
                    best = None if wanted is None else self._attempt(wanted, asked)
                    asked += 1
                    left = wanted is not None and asked < MOST
                    attempts += [best] if best is not None else []
                if best is None:
                    continue
                if (yield from self._decode(best)):
                    return
                if best.ended:
                    attempts.remove(best)
        finally:
            for attempt in attempts:
                attempt.body.close()
                attempt.cases.close()

    def _attempt(self, wanted: WantedBody, number: int) -> _Attempt | None:
        """The task of a body and its decoding; None if no program has the type."""
        request, table = self.request, wanted.table
        given = [known.program.type for known in wanted.given]
        grammar = body_grammar(request.grammar, table.scope, table.result, [(t, 1) for t in given])
        if not grammar.by_target[grammar.start]:
            return None
        assert not isinstance(table.result, Arrow)
        body_type = Arrow((*table.scope, *given), table.result)
        guide, examples = bodies_of(self.guide), self._examples(wanted)
        body = PartDecoding(request, guide, self.run, examples, body_type, grammar)
        usual = Counter(e.output for e in examples).most_common(1)[0][1] / len(examples)
        return _Attempt(wanted, body, BodyCases(request, guide, self.run, body, grammar), number, usual)

    def _decode(self, attempt: _Attempt) -> Generator[Step, None, bool]:
        """Run some more of the likeliest bodies, and sometimes bodies of two cases; the result says whether one answers all calls."""
        body, calls = attempt.body, len(attempt.wanted.table.calls)
        most = body.tried + BLOCK
        found = yield from body.run_until(most, lambda program: spelled_out(program, calls))
        attempt.ended = body.tried < most or most >= PROGRAMS
        if found is None and attempt.effort <= body.tried:
            found = yield from attempt.cases.find(attempt.effort)
            attempt.effort *= CASES
        if found is None or spelled_out(found, calls):
            return False
        table = attempt.wanted.table
        program = table.build(found, [known.program for known in attempt.wanted.given])
        source = f"{self.name} by {self.guide.name}"
        yield Candidate(program, table.cost + found.size, source, deduced=True, tried=0)
        return True

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
