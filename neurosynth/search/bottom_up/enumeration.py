"""Bottom-up search as steps: passes over levels, joins, strategies, a guide's phase, learning."""

from __future__ import annotations

import logging
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from typing import Protocol

from neurosynth.engine.backends.base import Backend
from neurosynth.engine.limits import memory_mb
from neurosynth.engine.store.batch import DONE, Batch
from neurosynth.guides.decoding import Decoded
from neurosynth.language.grammar import Grammar, Unit
from neurosynth.search.base import Doing, SearchRequest
from neurosynth.search.bottom_up.learning import fit, learned_costs, partial_solutions
from neurosynth.search.bottom_up.levels import Levels, declared_cost
from neurosynth.search.candidates import Candidate, Decision, Step, Tried
from neurosynth.search.config import BottomUpConfig
from neurosynth.search.decoding.prefix_run import Decoding
from neurosynth.search.explored import Explored
from neurosynth.search.passes import Passes, patient
from neurosynth.search.runner import Runner, RunnerStep, Status
from neurosynth.search.spuriousness import Spuriousness
from neurosynth.search.strategies.beside import Nested
from neurosynth.search.strategies.guide_turns import GuideTurns
from neurosynth.search.strategies.pipelines import PipelineTurn
from neurosynth.search.strategies.value_turn import ValueTurn

__all__ = ["Enumeration", "Turns", "TurnsMaker", "simplified"]

log = logging.getLogger("neurosynth.search")

ENUMERATED = 16
"""Number of partial solutions of enumeration that also determine the costs of a guide."""


class Turns(Protocol):
    """Runs the strategies of a portfolio; each pass has one."""

    def after_level(self) -> Iterator[Step]:
        """What is possible with the banks after a level."""
        ...

    def between(self) -> Iterator[Step]:
        """What needs no new entries, between the productions of a level, which take up to seconds each."""
        ...


TurnsMaker = Callable[[Backend, "Enumeration"], Turns | None]


class Enumeration:
    """Proposes the programs of a grammar in the order of their costs, and the programs that strategies build from the
    banks."""

    def __init__(
        self,
        config: BottomUpConfig,
        request: SearchRequest,
        run: Runner,
        nested: Nested,
        make_schedule: TurnsMaker = lambda backend, search: None,
        *,
        compiled: bool = False,
        decoders: Sequence[Decoding] = (),
    ) -> None:
        """
        Args:
            config: settings.
            request: the task.
            run: what runs this search: its clock, its limits, its pool to read.
            nested: runs a search like this one for another request, beside it.
            make_schedule: the strategies of a pass, once it is compiled.
            compiled: begin with compiled loops, without a try on Python objects.
            decoders: the ways to decode the programs of a deferred guide beside this search.
        """
        self.config, self.policy, self.request, self.run = config, config.policy, request, run
        self.grammar = simplified(request.grammar)
        cells = patient(config.object_cells, config.policy)
        self.passes = Passes(run, examples=config.examples, object_cells=cells, compiled=config.compiled)
        self.passes.compiled = compiled
        self.cost = 0
        self.memo: dict[object, int] = {}
        """State that strategies keep from pass to pass."""
        self._make_schedule = make_schedule
        self._schedule: Turns | None = None
        self._guide: GuideTurns | None = None
        if request.deferred is not None:
            self._guide = GuideTurns(request, run, nested, self.policy, decoders, self._enumerated)
        self._values = ValueTurn(request, run, nested, self.policy) if request.values is not None else None
        self.pipelines: PipelineTurn | None = None
        """A search alongside for programs of usual parts."""
        self._loading = 0.0
        self._learned = False
        self._planted = False
        self._spuriousness: Spuriousness | None = None
        self._explored: Explored | None = None

    # --- called by the runner -----------------------------------------------------------------------------------

    def status(self) -> Status:
        """The state of this search."""
        doing = Doing.LARGER if self.passes.compiled else Doing.SMALL
        return self.passes.status(
            phase=doing.value,
            cost=self.cost,
            loading=self._loading,
            spuriousness=self._spuriousness,
            explored=self._explored,
        )

    def __iter__(self) -> Generator[RunnerStep, Decision | None, None]:
        """Run passes until one has nothing left and there is no example to add."""
        again = True
        while again:
            with closing(self._pass()) as steps:
                again = yield from steps
        self.passes.drop()

    # --- one pass -----------------------------------------------------------------------------------------------

    def _pass(self) -> Generator[RunnerStep, Decision | None, bool]:
        """Run level after level on the chosen examples; return whether to restart."""
        backend = self.passes.begin(self.grammar)
        if self._guide is not None:
            self._guide.forget()
        with closing(self._levels(backend)) as levels:
            for step in levels:
                decision = yield self._at_own_cost(step)
                if decision is not None and decision.widen and self.passes.widen(decision.widen):
                    return True
                guide = self._guide
                if guide is not None and guide.due(self._loading, backend.store.best[0], self.cost):
                    yield from guide.turn(backend.store.best[0])
                if self._values is not None and self._values.due:
                    yield from self._values.turn(backend, self.passes)
                if self.pipelines is not None and self.pipelines.due(self._loading, self.cost):
                    yield from self.pipelines.turn()
                    if guide is not None:
                        guide.postpone(self.pipelines.seconds)
                if self.passes.compile():
                    log.info("from Python objects to compiled loops at cost %d", self.cost)
                    return True
        return self.grammar is not backend.store.grammar or self.passes.widen(self.run.pool.refuting)

    def _levels(self, backend: Backend) -> Generator[Step, None, None]:
        """The levels of a pass; ends early where costs were learned."""
        clock, began = self.run.clock, self.passes.began
        levels = Levels(backend)
        self._schedule = self._make_schedule(backend, self) if backend.store.compiled else None
        self._loading += clock.worked - began.worked
        self.cost = 0
        try:
            least = max((cost for _, _, cost in self.request.planted), default=0)
            while self.cost < max(levels.bound, least):
                self.cost += 1
                self._spuriousness = Spuriousness(backend)
                at, tried = clock.elapsed, self.run.stats.programs_tried
                yield from self._level(backend, levels)
                if self._learning_is_due() and self._learn(backend):
                    return
                self._note_level(backend, at, tried)
        finally:
            self._schedule = (
                None  # it refers to this search, which would otherwise keep all banks until the garbage collector runs
            )

    def _level(self, backend: Backend, levels: Levels) -> Iterator[Step]:
        """Run one level, and the strategies after it."""
        levels.open(self.cost)
        planted = [(program, target) for target, program, cost in self.request.planted if self.cost == cost]
        if self._guide is not None:
            planted += [(program, backend.store.grammar.start) for program in self._guide.partial()]
        self._planted = self._planted or bool(planted)
        for program, target in planted:
            yield from self._steps(levels.plant(program, target))
        yield from self._steps(levels.fill(self.cost))
        if self.config.join:
            yield from self._steps(levels.join())
        done = Explored(backend.store.grammar, self.cost)
        if self._explored is None or done.programs > self._explored.programs:
            self._explored = done
        if self._schedule is not None:
            yield from self._schedule.after_level()

    def _at_own_cost(self, step: Step) -> Step:
        """Give a candidate at least its own cost: a program made of planted values would otherwise count as simpler
        than it is, and would not wait."""
        if not self._planted or not isinstance(step, Candidate):
            return step
        return replace(step, cost=max(step.cost, declared_cost(step.program)))

    def _steps(self, batches: Iterator[Batch]) -> Iterator[Step]:
        """Yield the matches as candidates, then the number of candidates tried for them."""
        for batch in batches:
            if batch is DONE:
                if self._schedule is not None:
                    yield from self._schedule.between()
                continue
            for production, entries in batch.matches:
                backend = self.passes.backend
                assert backend is not None  # the exception came from it
                cost = backend.store.cost_of(production, entries)
                source = "join" if cost > self.cost else "enumeration"
                yield Candidate(backend.store.build(production, entries), cost, source, tried=0)
            yield Tried(batch.tried)

    def _note_level(self, backend: Backend, at: float, tried: int) -> None:
        store = backend.store
        row = {
            "cost": self.cost,
            "programs_tried": self.run.stats.programs_tried - tried,
            "values_kept": store.kept,
            "seconds": round(self.run.clock.elapsed - at, 4),
            "memory_mb": round(memory_mb(), 1),
            "examples": len(self.passes.chosen),
            "compiled": store.compiled,
        }
        self.run.trace.append(row)
        log.debug("level %s", row)

    # --- guide and learning -------------------------------------------------------------------------------------

    @property
    def worked(self) -> float:
        """Seconds that this search has worked, without compiling and without the turns of guides."""
        return self.run.clock.worked - self._spent

    @property
    def _spent(self) -> float:
        """Seconds of the turns of guides."""
        return sum(turn.seconds for turn in (self._guide, self._values, self.pipelines) if turn is not None)

    def _enumerated(self) -> list[Decoded]:
        """Partial solutions in the banks, in the form of a guide's programs."""
        backend = self.passes.backend
        if backend is None:
            return []
        store, count = backend.store, len(backend.store.goal)
        best = partial_solutions(backend)[:ENUMERATED]
        return [Decoded(store.program(n, e), 0.0, (), mask.bit_count() / count) for mask, n, e in best]

    def _learning_is_due(self) -> bool:
        """Whether a share of the time, without the phases of guides, is over and nothing was found."""
        if not self.config.learn or self._learned:
            return False
        clock, spent = self.run.clock, self._spent
        return clock.elapsed - spent >= self.policy.learn_after * (clock.seconds - spent) and self.run.pool.open

    def _learn(self, backend: Backend) -> bool:
        """Compute costs from partial solutions; return whether they are new."""
        self._learned = True
        costs = learned_costs(self.grammar.productions, fit(backend))
        if costs is None:
            return False
        self.grammar = self.grammar.with_costs(costs)
        return True


def simplified(grammar: Grammar) -> Grammar:
    """The grammar without a start symbol that only refers to one other symbol and occurs nowhere else."""
    productions = grammar.by_target[grammar.start]
    used = any(grammar.start in p.arguments for p in grammar.productions)
    if len(productions) == 1 and isinstance(productions[0].head, Unit) and not used:
        inner = productions[0].arguments[0]
        rest = tuple(p for p in grammar.productions if p.target != grammar.start)
        return simplified(replace(grammar, start=inner, productions=rest, declared=()))
    return grammar
