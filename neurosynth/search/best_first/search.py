"""Best-first search: programs in order of a guide's probability, computed on the examples as they come.

The order is that of :class:`~neurosynth.search.best_first.enumerator.Enumerator`, its counts taken of what is kept: a program whose
outputs equal those of a more probable one of its non-terminal is dropped, and with it everything it would be part of.  Lambdas
and lifts cost what their productions cost; impossible productions are never used.  Tasks with many examples are searched on a
few and verified on all (CEGIS), small ones on Python objects first, like bottom-up search does.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field

import numpy as np

from neurosynth.engine.store.value_store import ValueStore
from neurosynth.errors import InputError, PrimitiveBug
from neurosynth.guides.uniform import uniform
from neurosynth.language.evaluate import Evaluator
from neurosynth.language.grammar import Production
from neurosynth.language.primitive import Primitive
from neurosynth.language.program import Program
from neurosynth.search.base import Needs, Outcome, Progress, SearchRequest, StopReason
from neurosynth.search.best_first.counts import Counts, Work
from neurosynth.search.best_first.rules import rules_of
from neurosynth.search.examples import choose_examples, fits_words, max_length
from neurosynth.search.memory import Memory, MemoryCap, memory_mb, peak_memory_mb
from neurosynth.tasks.task import Example, typed_key

__all__ = ["BestFirst"]

AT_ONCE = 0.1
"""Share of the time in which a refuted program starts the search again with the example it is wrong on."""
REFUTED = 200
"""Refuted programs after which it starts again however late it is."""


@dataclass(frozen=True, kw_only=True)
class BestFirst:
    """Programs by probability, the likeliest first."""

    resolution: float = 0.2
    """Nats a unit of cost.  Finer costs follow the guide more closely and leave fewer candidates to compute at a time."""
    examples: int = 10
    """Examples searched on at first; all are verified."""
    object_cells: int = 60_000
    """Values computed on Python objects (candidates times columns) before compiled loops take over: about 0.1 s."""
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
        return _Run(self, request).outcome()


class _Stop(Exception):
    """The search ends."""

    def __init__(self, reason: StopReason) -> None:
        self.reason = reason


class _Restart(Exception):
    """Begin again: with more examples, or compiled."""


class _Run:
    """One call of the search."""

    def __init__(self, config: BestFirst, request: SearchRequest) -> None:
        self.started = time.perf_counter()
        self.config, self.request = config, request
        weighted = request.weighted if request.weighted is not None else uniform(request.grammar)
        self.rules = rules_of(weighted, config.resolution)
        self.examples = list(request.task.examples)
        self.chosen = choose_examples(self.examples, config.examples)
        self.compiled = False
        self.memory = Memory(request.limits.max_memory)
        self.evaluator = Evaluator()
        self.result = Outcome(StopReason.EXHAUSTED)
        self.store: ValueStore | None = None
        self.pass_started = self.started
        self.cost = 0
        self.wrong: dict[Program, int] = {}
        """Programs right on the examples searched on, and the first example each is wrong on."""
        self.kept_before = 0
        self.next_report = self.started + 0.05
        self.until = float("inf")

    def outcome(self) -> Outcome:
        """Search, and fill in everything the outcome holds whatever the end."""
        stop = StopReason.EXHAUSTED
        try:
            while True:
                try:
                    self._pass()
                    break
                except _Restart:
                    continue
        except _Stop as end:
            stop = end.reason
        except KeyboardInterrupt:
            stop = StopReason.INTERRUPTED
        except PrimitiveBug as bug:
            self.result.bug, stop = bug, StopReason.BUG
        except (MemoryCap, MemoryError):
            stop = StopReason.MEMORY
        self.result.stop = StopReason.SOLVED if self.result.programs and stop is not StopReason.INTERRUPTED else stop
        stats = self.result.stats
        if self.store is not None:
            self._note_closest()
        stats.seconds = time.perf_counter() - self.started
        self._drop_store()
        stats.values_kept = self.kept_before
        stats.peak_memory_mb = peak_memory_mb()
        return self.result

    # --- one pass -------------------------------------------------------------------------------------------------

    def _pass(self) -> None:
        """Enumerate on the chosen examples until nothing is left."""
        if self.store is not None:
            self._note_closest()
            self._drop_store()
        self.pass_started = time.perf_counter()
        chosen = [self.examples[i] for i in self.chosen]
        store = self.store = ValueStore(
            self.rules.grammar,
            [e.inputs for e in chosen],
            [e.output for e in chosen],
            compiled=self.compiled and all(fits_words(e) for e in self.examples),
            max_length=max_length(self.examples),
            tick=self._tick,
            hit=self._hit,
            grow=self.memory.take,
            left=lambda: self.request.limits.left(self.result.stats.programs_tried),
        )
        made = [len(s) > 1 or s[0] in store.bodies for s in self.rules.symbols]
        counts = Counts(self.rules, np.array(made, np.bool_))
        row = _Row(0, self.result.stats.programs_tried, self.pass_started)
        # no more than a nat at a time, so that the clock is looked at where nothing is to be computed
        step = max(1, round(1 / self.config.resolution))
        while True:
            work = counts.next(counts.moment + step)
            self._tick(0)
            nats = int(counts.moment * self.config.resolution)
            if nats > row.cost:
                row = self._trace(row, nats)
            if work is not None:
                self._expand(counts, work)
            elif counts.exhausted:
                break
        self._trace(row, row.cost)
        self._widen()

    def _expand(self, counts: Counts, work: Work) -> None:
        """Try all candidates of a non-terminal at a cost; keep what is new."""
        assert self.store is not None
        self.cost = int(counts.moment * self.config.resolution)
        (target,) = self.rules.symbols[work.symbol]
        bank = self.store.banks[target]
        bank.open_level(work.cost)
        first = int(self.rules.first[work.symbol])
        shares = np.diff(counts.totals(work.symbol, work.cost), prepend=0)
        for number in (np.flatnonzero(shares) + first).tolist():
            production = self.rules.grammar.productions[number]
            if not production.arguments:
                self.store.expand(production, ())
                continue
            twin = _twin(production)
            for ranges in counts.ranges(number, work.cost):
                if twin and ranges[0] > ranges[1]:
                    continue
                self.store.expand(production, ranges, triangular=twin and ranges[0] == ranges[1])
        start, end = bank.range(work.cost)
        counts.close(work, end - start)

    def _drop_store(self) -> None:
        if self.store is not None:
            self.kept_before += self.store.kept
            self.store.close()
        self.store = None

    def _trace(self, row: _Row, nats: int) -> _Row:
        """Write the row of the nats that are done; the next one."""
        assert self.store is not None
        now, tried = time.perf_counter(), self.result.stats.programs_tried
        self.result.trace.append(
            {
                "cost": row.cost,
                "programs_tried": tried - row.tried,
                "values_kept": self.store.kept,
                "seconds": round(now - row.started, 4),
                "memory_mb": round(memory_mb(), 1),
                "examples": len(self.chosen),
                "compiled": self.store.compiled,
            }
        )
        return _Row(nats, tried, now)

    # --- called by the space --------------------------------------------------------------------------------------

    def _tick(self, tried: int) -> None:
        stats, limits = self.result.stats, self.request.limits
        stats.programs_tried += tried
        now = time.perf_counter()
        if limits.max_programs is not None and stats.programs_tried >= limits.max_programs:
            raise _Stop(StopReason.PROGRAMS)
        if now - self.started >= limits.seconds:
            raise _Stop(StopReason.TIME)
        if now >= self.until:
            raise _Stop(StopReason.SOLVED)
        if now >= self.next_report:
            self._report(now)
        assert self.store is not None
        if not self.compiled and self.config.compiled and self.store.object_cells > self.config.object_cells:
            self.compiled = True
            raise _Restart

    def _report(self, now: float) -> None:
        self.next_report = now + 0.1
        self.memory.check()
        if self.request.progress is not None and self.store is not None:
            program, share = self._best()
            tried = self.result.stats.programs_tried
            self.request.progress(
                Progress(now - self.started, tried, self.cost, self.store.kept, memory_mb(), share, program)
            )

    def _hit(self, production: Production, entries: tuple[int, ...]) -> None:
        """A candidate that equals the goal on the chosen examples: verify it on all."""
        assert self.store is not None
        program = self.store.build(production, entries)
        if program in self.wrong or program in self.result.programs:
            return
        failing = self._failing(program)
        if failing:
            self.wrong[program] = failing[0]
            now = time.perf_counter()
            left = self.request.limits.seconds - (now - self.started)
            if now - self.pass_started < AT_ONCE * left or len(self.wrong) >= REFUTED:
                self._widen()
            return
        stats = self.result.stats
        if stats.first_solved is None:
            stats.first_solved = stats.programs_tried
        self.result.programs.append(program)
        self.result.closest, self.result.closest_share = program, 1.0
        if len(self.result.programs) >= self.request.top:
            raise _Stop(StopReason.SOLVED)
        # as long again for those asked for beyond the first
        now = time.perf_counter()
        self.until = min(self.until, now + max(0.5, now - self.started))

    # --- examples -------------------------------------------------------------------------------------------------

    def _failing(self, program: Program) -> list[int]:
        """The examples a program gets wrong."""
        function = self.evaluator.function(program)

        def right(example: Example) -> bool:
            return bool(typed_key(function(example.inputs)) == typed_key(example.output))

        return [i for i, e in enumerate(self.examples) if not right(e)]

    def _widen(self) -> None:
        """Start again with up to a third more examples, those that refuted programs; return when there are none to add."""
        fresh = [i for i in dict.fromkeys(self.wrong.values()) if i not in self.chosen]
        self.wrong.clear()
        if fresh:
            most = max(1, len(self.chosen) // 3)
            self.chosen = self.chosen + fresh[:: max(1, len(fresh) // most)][:most]
            raise _Restart

    def _best(self) -> tuple[Program | None, float]:
        """The program right on most of the examples searched on, and their share."""
        assert self.store is not None
        share, production, entries = self.store.best
        return (self.store.build(production, entries), share) if production is not None else (None, 0.0)

    def _note_closest(self) -> None:
        """Remember the program right on most examples, unless one is right on all."""
        program = self._best()[0]
        if program is None or self.result.programs:
            return
        share = 1 - len(self._failing(program)) / len(self.examples)
        if self.result.closest is None or share > self.result.closest_share:
            self.result.closest, self.result.closest_share = program, share


@dataclass(frozen=True, slots=True)
class _Row:
    """Where a row of the trace begins."""

    cost: int
    """Whole nats."""
    tried: int
    started: float


def _twin(production: Production) -> bool:
    """Whether both arguments are of the same non-terminal and may be swapped."""
    head, arguments = production.head, production.arguments
    return isinstance(head, Primitive) and head.commutative and len(arguments) == 2 and len(set(arguments)) == 1
