"""One run of enumeration: levels under limits, verification on all examples, restarts, and what other means propose."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from neurosynth.engine.kernels import compiling
from neurosynth.engine.kernels.cache import compiled_before, ready
from neurosynth.engine.store.value_store import ValueStore
from neurosynth.errors import PrimitiveBug
from neurosynth.language.grammar import Grammar, Unit
from neurosynth.language.program import Program
from neurosynth.search.base import Outcome, Progress, SearchRequest, Stop, StopReason
from neurosynth.search.bottom_up.learning import fit, learned_costs
from neurosynth.search.bottom_up.levels import Levels
from neurosynth.search.examples import choose_examples, fits_words, max_length
from neurosynth.search.memory import Memory, MemoryCap, memory_mb, peak_memory_mb
from neurosynth.search.pool import SolutionPool
from neurosynth.search.strategies.guide_phase import guide_phase

__all__ = ["BottomUpConfig", "BottomUpRun", "Restart", "Strategy", "StrategyFactory", "simplified"]


@dataclass(frozen=True, kw_only=True)
class BottomUpConfig:
    """Settings every search that enumerates bottom-up shares."""

    examples: int = 10
    """Examples searched on at first; all are verified."""
    object_cells: int = 60_000
    """Values computed on Python objects (candidates times columns) before compiled loops take over: about 0.1 s."""
    compiled: bool = True
    """False keeps to Python objects throughout."""
    join: bool = True
    """Join pairs of known values on the goal through inverse semantics after each level."""
    alternatives: int = 0
    """Programs right on all examples to collect, for a short while after the first, for ranking to choose from."""
    learn: bool = False
    """After a third of the time prefer the productions of partial solutions and start again."""
    probe: bool = True
    """At a level too large to finish, only look for the goal and keep nothing."""
    guide_phase_after: float = 0.1
    """Share of the time after which a deferred guide is asked, and a search with its costs begins beside this one."""
    guide_phase_until: float = 0.4
    """Share of the time after which a deferred guide's costs have had their turn, and this search goes on where it was."""
    needs: Literal["rules"] = field(default="rules", init=False)


class Strategy(Protocol):
    """What looks at the banks after each level."""

    def after_level(self, cost: int) -> None:
        """Propose what the banks now allow."""
        ...

    def pause(self) -> None:
        """Called between the productions of a level: a chance for what needs no new entries."""
        ...


StrategyFactory = Callable[[ValueStore, "BottomUpRun"], Strategy]


LEARN_AFTER = 0.33
"""Share of the time after which learning from partial solutions starts the search again."""
UNLOADED = 4
"""How many times as long objects do where numba is not imported yet: that alone takes as long as 180,000 values."""
COLD = 15
"""How many times as long where nothing was compiled before: compiled loops then begin with some seconds of compiling."""


class Restart(Exception):
    """Begin again: with more examples, or compiled."""


class BottomUpRun:
    """One call of the search: counters, limits, verification, restarts."""

    def __init__(
        self, config: BottomUpConfig, request: SearchRequest, strategies: StrategyFactory | None = None
    ) -> None:
        self.config, self.request = config, request
        self.grammar = simplified(request.grammar)
        self.examples = list(request.task.examples)
        self.chosen = choose_examples(self.examples, config.examples)
        self.compiled = False
        patient = COLD if not compiled_before() else 1 if ready() else UNLOADED
        self.object_cells = patient * config.object_cells
        self.started = time.perf_counter()
        self.compiled_before = compiling.seconds()
        self.run_started = self.started
        self.run_compiled = self.compiled_before
        self.memory = Memory(request.limits.max_memory)
        self.result = Outcome(StopReason.EXHAUSTED)
        self.cost = 0
        self.store: ValueStore | None = None
        self.loading = 0.0
        """Seconds before the first level of every pass, compiling left out: imports, compiled code from disk."""
        self.kept_before = 0
        self.next_report = self.started
        self.tried_before = 0
        self.make_strategies = strategies
        self.spent: dict[str, float] = {}
        """Seconds each of the means had."""
        self.effort: dict[Any, int] = {}
        """What the means remember over restarts."""
        self.learned = False
        self.asked = request.deferred is None
        self.guide_phase_seconds = 0.0
        """What asking a deferred guide and searching with its costs took."""
        self.ended = StopReason.EXHAUSTED
        """Why the search ended, whatever was found by then."""
        self.pool = SolutionPool(self)

    # --- the outer loop -----------------------------------------------------------------------------------------

    def outcome(self) -> Outcome:
        """Search, and fill in everything the outcome holds whatever the end."""
        try:
            while True:
                try:
                    self._search()
                    stop = StopReason.EXHAUSTED
                    break
                except Restart:
                    continue
        except Stop as end:
            stop = end.reason
        except KeyboardInterrupt:
            stop = StopReason.INTERRUPTED
        except PrimitiveBug as bug:
            self.result.bug, stop = bug, StopReason.BUG
        except (MemoryCap, MemoryError):
            stop = StopReason.MEMORY
        self.ended = stop
        self.pool.take()
        self.result.stop = StopReason.SOLVED if self.result.programs and stop is not StopReason.INTERRUPTED else stop
        self._note_closest()
        stats = self.result.stats
        stats.seconds = time.perf_counter() - self.started
        stats.values_kept = self.kept_before + (self.store.kept if self.store is not None else 0)
        stats.peak_memory_mb = peak_memory_mb()
        self._drop_store()
        return self.result

    def _search(self) -> None:
        """One pass over the levels on the chosen examples."""
        self.run_started = time.perf_counter()
        self.run_compiled = compiling.seconds()
        self.tried_before = self.result.stats.programs_tried
        if self.store is not None:
            self.kept_before += self.store.kept
            self._note_closest()
            self._drop_store()
        chosen = [self.examples[i] for i in self.chosen]
        words_fit = all(fits_words(e) for e in self.examples)
        store = self.store = ValueStore(
            self.grammar,
            [e.inputs for e in chosen],
            [e.output for e in chosen],
            compiled=self.compiled and words_fit,
            max_length=max_length(self.examples),
            tick=self._tick,
            hit=self.pool.hit,
            grow=self.memory.take,
            left=lambda: self.request.limits.left(self.result.stats.programs_tried),
        )
        self._fill(store)
        self.widen(self.pool.refuting)

    def _drop_store(self) -> None:
        if self.store is not None:
            self.store.close()
        self.store = None
        self.pool.begin()

    def widen(self, failed: list[int]) -> None:
        """Start again with up to a third more examples of ``failed``; return when all are searched on already."""
        fresh = [i for i in failed if i not in self.chosen]
        if fresh:
            most = max(1, len(self.chosen) // 3)
            self.chosen = self.chosen + fresh[:: max(1, len(fresh) // most)][:most]
            raise Restart

    def _fill(self, store: ValueStore) -> None:
        """Level after level until nothing further can be new."""
        levels = Levels(store)
        strategies = self.make_strategies(store, self) if self.make_strategies is not None and store.compiled else None
        if strategies is not None:
            levels.pause = strategies.pause
        self.loading += time.perf_counter() - self.run_started - (compiling.seconds() - self.run_compiled)
        cost = 0
        while cost < levels.bound:
            cost += 1
            self.cost = cost
            begun, tried = time.perf_counter(), self.result.stats.programs_tried
            if begun >= self.next_report:
                self._report(begun)
            if self.config.probe and self._too_large(levels):
                levels.probe(cost)
            levels.fill(cost)
            if self.config.join:
                levels.join()
            if strategies is not None:
                strategies.after_level(cost)
            if self.config.learn and not self.learned:
                self._learn(store)
            self.result.trace.append(
                {
                    "cost": cost,
                    "programs_tried": self.result.stats.programs_tried - tried,
                    "values_kept": store.kept,
                    "seconds": round(time.perf_counter() - begun, 4),
                    "memory_mb": round(memory_mb(), 1),
                    "examples": len(self.chosen),
                    "compiled": store.compiled,
                }
            )

    def _learn(self, store: ValueStore) -> None:
        """Once a third of the time is spent, a guide's turn left out: costs from partial solutions, and a new start with them."""
        own = time.perf_counter() - self.started - self.guide_phase_seconds
        if own < LEARN_AFTER * (self.request.limits.seconds - self.guide_phase_seconds) or not self.pool.open:
            return
        self.learned = True
        costs = learned_costs(self.grammar.productions, fit(store))
        if costs is not None:
            self.grammar = self.grammar.with_costs(costs)
            raise Restart

    @property
    def worked(self) -> float:
        """Seconds since the start without those that went into compiling: what means are given shares of."""
        return time.perf_counter() - self.started - (compiling.seconds() - self.compiled_before)

    @property
    def searched(self) -> float:
        """Of :attr:`worked`, the seconds without those of loading."""
        return self.worked - self.loading

    def _too_large(self, levels: Levels) -> bool:
        """Whether the level cannot be finished in the time that is left, at the rate so far."""
        now = time.perf_counter()
        seconds = now - self.run_started - (compiling.seconds() - self.run_compiled)
        tried = self.result.stats.programs_tried - self.tried_before
        if not levels.store.compiled or seconds < 0.3 or not tried:
            return False
        left = self.request.limits.seconds - (now - self.started)
        return levels.count(self.cost) > tried / seconds * left

    # --- called by the space ------------------------------------------------------------------------------------

    def _tick(self, tried: int) -> None:
        stats, limits = self.result.stats, self.request.limits
        stats.programs_tried += tried
        now = time.perf_counter()
        if limits.max_programs is not None and stats.programs_tried >= limits.max_programs:
            raise Stop(StopReason.PROGRAMS)
        if now - self.started >= limits.seconds:
            raise Stop(StopReason.TIME)
        if now >= self.next_report:
            self._report(now)
        # by the clock: while loops are compiled a guide is as likely to bring something as later
        waited = now - self.started - self.loading
        due = bool(self.result.suspects) or waited >= self.config.guide_phase_after * limits.seconds
        if not self.asked and due and self.pool.open:
            self.asked = True
            self._report(now)  # asking takes seconds in which nothing is reported
            guide_phase(self)
        elif now >= self.pool.grace_until:
            raise Stop(StopReason.SOLVED)
        if not self.compiled and self.config.compiled:
            assert self.store is not None
            if self.store.object_cells > self.object_cells:
                self.compiled = True
                raise Restart

    def _report(self, now: float) -> None:
        share, best = self._best()
        if best is None and now < self.started + 0.05:
            return  # at once when there is something to say: the next candidate may never come back
        self.next_report = now + 0.1
        self.memory.check()
        if self.request.progress is None or self.store is None:
            return
        stats = self.result.stats
        seconds = now - self.started
        self.request.progress(
            Progress(seconds, stats.programs_tried, self.cost, self.store.kept, memory_mb(), share, best)
        )

    def _best(self) -> tuple[float, Program | None]:
        if self.result.programs or self.pool.pending:
            return 1.0, self.result.closest
        if self.store is None:
            return 0.0, None
        share, production, entries = self.store.best
        return max(share, 0.0), self.store.build(production, entries) if production is not None else None

    def _note_closest(self) -> None:
        program = self._best()[1]
        if program is None:
            return
        right = 1 - len(self.pool.failing(program)) / len(self.examples)
        if self.result.closest is None or right > self.result.closest_share:
            self.result.closest, self.result.closest_share = program, right


def simplified(grammar: Grammar) -> Grammar:
    """The grammar without a start symbol that only passes on one other and is used nowhere."""
    productions = grammar.by_target[grammar.start]
    used = any(grammar.start in p.arguments for p in grammar.productions)
    if len(productions) == 1 and isinstance(productions[0].head, Unit) and not used:
        inner = productions[0].arguments[0]
        rest = tuple(p for p in grammar.productions if p.target != grammar.start)
        return simplified(Grammar(inner, rest, grammar.inputs, grammar.request))
    return grammar
