"""Best-first search: programs in order of a guide's probability, evaluated on the examples as they are generated.

How many programs a non-terminal has at each cost follows from the counts of kept programs at lower costs
(docs/decisions/0004): a program whose outputs equal those of a more probable one of its non-terminal is dropped, and
with it everything it would be part of. Lambdas and lifts cost what their productions cost; impossible productions are
never used. Tasks with many examples are searched on a few and verified on all (CEGIS), small ones on Python objects
first, like bottom-up search does.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass, field

import numpy as np

from neurosynth.engine.backends.base import Backend
from neurosynth.engine.limits import memory_mb
from neurosynth.engine.store.batch import Batch
from neurosynth.errors import InputError
from neurosynth.guides.uniform import uniform
from neurosynth.language.grammar import Production
from neurosynth.language.primitive import Primitive
from neurosynth.search.base import Needs, Outcome, SearchRequest
from neurosynth.search.best_first.counts import Counts, Work
from neurosynth.search.best_first.rules import rules_of
from neurosynth.search.candidates import PULSE, Candidate, Decision, Step, Tried
from neurosynth.search.passes import Passes
from neurosynth.search.runner import Runner, Status

__all__ = ["BestFirst"]


@dataclass(frozen=True, kw_only=True)
class BestFirst:
    """Programs by probability, the likeliest first."""

    resolution: float = 0.2
    """Nats a unit of cost.  Finer costs follow the guide more closely and leave fewer candidates to compute at a time."""
    examples: int = 10
    """Examples searched on at first; all are verified."""
    object_cells: int = 60_000
    """Number of values computed on Python objects (candidates times columns) before compiled loops take over: about 0.1
    s."""
    compiled: bool = True
    """False keeps to Python objects throughout."""
    name: str = field(default="best-first", init=False)
    needs: Needs = field(default="rules", init=False)

    def __post_init__(self) -> None:
        if not 0 < self.resolution < float("inf"):
            raise InputError(f"resolution is {self.resolution}; allowed: a positive number of nats")
        if self.examples < 1:
            raise InputError(f"examples is {self.examples}; allowed: a positive number")

    def run(self, request: SearchRequest) -> Outcome:
        """Search until a limit, a solution or exhaustion.

        Raises:
            InputError: when the guide's probabilities leave no program.
        """
        run = Runner(request, source=self.name)
        return run.run(_Nats(self, request, run))


class _Nats:
    """The programs of a weighted grammar, one nat after another."""

    def __init__(self, config: BestFirst, request: SearchRequest, run: Runner) -> None:
        self.config, self.run = config, run
        weighted = request.weighted if request.weighted is not None else uniform(request.grammar)
        self.rules = rules_of(weighted, config.resolution)
        self.passes = Passes(run, examples=config.examples, object_cells=config.object_cells, compiled=config.compiled)
        self.cost = 0

    def status(self) -> Status:
        """The state of this search."""
        return self.passes.status(cost=self.cost)

    def __iter__(self) -> Generator[Step, Decision | None, None]:
        """Run passes until one has nothing left and there is no example to add."""
        again = True
        while again:
            with closing(self._pass()) as steps:
                again = yield from steps
        self.passes.drop()

    def _pass(self) -> Generator[Step, Decision | None, bool]:
        """Enumerate on the chosen examples until nothing is left; return whether to restart."""
        backend = self.passes.begin(self.rules.grammar)
        with closing(self._nats(backend)) as nats:
            for step in nats:
                decision = yield step
                if decision is not None and decision.widen and self.passes.widen(decision.widen):
                    return True
                if self.passes.compile():
                    return True
        return self.passes.widen(self.run.pool.refuting)

    def _nats(self, backend: Backend) -> Generator[Step, None, None]:
        store = backend.store
        made = [len(s) > 1 or s[0] in store.bodies for s in self.rules.symbols]
        counts = Counts(self.rules, np.array(made, np.bool_))
        row = _NatRow(0, self.run.stats.programs_tried, self.passes.began.elapsed)
        # at most one nat at a time, so that the clock is checked even where there is nothing to compute
        step = max(1, round(1 / self.config.resolution))
        while True:
            work = counts.next(counts.moment + step)
            yield PULSE
            nats = int(counts.moment * self.config.resolution)
            if nats > row.cost:
                row = self._note(backend, row, nats)
            if work is not None:
                yield from self._expand(backend, counts, work)
            elif counts.exhausted:
                break
        self._note(backend, row, row.cost)

    def _expand(self, backend: Backend, counts: Counts, work: Work) -> Iterator[Step]:
        """Try all candidates of a non-terminal at a cost; keep what is new."""
        self.cost = int(counts.moment * self.config.resolution)
        (target,) = self.rules.symbols[work.symbol]
        bank = backend.store.banks[target]
        bank.open_level(work.cost)
        first = int(self.rules.first[work.symbol])
        shares = np.diff(counts.totals(work.symbol, work.cost), prepend=0)
        for number in (np.flatnonzero(shares) + first).tolist():
            production = self.rules.grammar.productions[number]
            if not production.arguments:
                yield from self._steps(backend, backend.expand(production, ()))
                continue
            twin = _twin(production)
            for ranges in counts.ranges(number, work.cost):
                if twin and ranges[0] > ranges[1]:
                    continue
                triangular = twin and ranges[0] == ranges[1]
                yield from self._steps(backend, backend.expand(production, ranges, triangular=triangular))
        start, end = bank.range(work.cost)
        counts.close(work, end - start)

    def _steps(self, backend: Backend, batches: Iterator[Batch]) -> Iterator[Step]:
        """Yield the matches as candidates, then the number of candidates tried for them."""
        for batch in batches:
            for production, entries in batch.matches:
                yield Candidate(backend.store.build(production, entries), self.cost, tried=0)
            yield Tried(batch.tried)

    def _note(self, backend: Backend, row: _NatRow, nats: int) -> _NatRow:
        """Write the trace row of the completed nats; return the next one."""
        now, tried = self.run.clock.elapsed, self.run.stats.programs_tried
        self.run.trace.append(
            {
                "cost": row.cost,
                "programs_tried": tried - row.tried,
                "values_kept": backend.store.kept,
                "seconds": round(now - row.started, 4),
                "memory_mb": round(memory_mb(), 1),
                "examples": len(self.passes.chosen),
                "compiled": backend.store.compiled,
            }
        )
        return _NatRow(nats, tried, now)


@dataclass(frozen=True, slots=True)
class _NatRow:
    """The position at which a trace row begins."""

    cost: int
    """Whole nats."""
    tried: int
    started: float


def _twin(production: Production) -> bool:
    """Whether both arguments are of the same non-terminal and may be swapped."""
    head, arguments = production.head, production.arguments
    return isinstance(head, Primitive) and head.commutative and len(arguments) == 2 and len(set(arguments)) == 1
