"""Bottom-up enumeration by integer cost with observational equivalence.

Programs are built in order of cost from the distinct values already known (Udupa et al., PLDI 2013, TRANSIT; Albarghouthi
et al., CAV 2013).  Tasks with many examples are searched on a few and verified on all; a program that is wrong on
another example adds it (CEGIS).  Small tasks are enumerated on Python objects; when those do not suffice, search starts
again in compiled loops.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from neurosynth.engine.constants import WORD_LIMIT
from neurosynth.engine.space import Space
from neurosynth.language.evaluate import Evaluator
from neurosynth.language.grammar import Grammar, Production, Unit
from neurosynth.language.program import Program
from neurosynth.search.base import Outcome, Progress, SearchRequest, StopReason
from neurosynth.search.levels import Levels
from neurosynth.search.memory import Memory, MemoryCap, memory_mb, peak_memory_mb
from neurosynth.tasks.task import Example

__all__ = ["BottomUp"]


@dataclass(frozen=True, kw_only=True)
class BottomUp:
    """Bottom-up enumeration; every program of a cost before any of a higher cost."""

    name: str = field(default="bottom-up", init=False)
    examples: int = 10
    """Examples searched on at first; all are verified."""
    object_cells: int = 150_000
    """Candidates times columns tried on Python objects before compiled loops take over."""
    compiled: bool = True
    """False keeps to Python objects throughout."""
    join: bool = True
    """Join pairs of known values on the goal through inverse semantics after each level."""
    probe: bool = True
    """At a level too large to finish, only look for the goal and keep nothing."""

    def run(self, request: SearchRequest) -> Outcome:
        """Search until a limit, a solution or exhaustion."""
        return _Run(self, request).outcome()


class _Stop(Exception):
    def __init__(self, reason: StopReason) -> None:
        self.reason = reason


class _Restart(Exception):
    """Begin again: with more examples, or compiled."""


class _Run:
    """One call of the search: counters, limits, verification, restarts."""

    def __init__(self, config: BottomUp, request: SearchRequest) -> None:
        self.config, self.request = config, request
        self.grammar = simplified(request.grammar)
        self.examples = list(request.task.examples)
        self.chosen = choose_examples(self.examples, config.examples)
        self.compiled = False
        self.started = time.perf_counter()
        self.run_started = self.started
        self.memory = Memory(request.limits.max_memory)
        self.result = Outcome(StopReason.EXHAUSTED)
        self.evaluator = Evaluator()
        self.cells = 0
        self.cost = 0
        self.wrong: dict[Program, int] = {}
        self.space: Space | None = None
        self.kept_before = 0
        self.next_report = self.started + 0.05
        self.tried_before = 0

    # --- the outer loop -----------------------------------------------------------------------------------------

    def outcome(self) -> Outcome:
        try:
            while True:
                try:
                    self._search()
                    stop = StopReason.EXHAUSTED
                    break
                except _Restart:
                    continue
        except _Stop as end:
            stop = end.reason
        except KeyboardInterrupt:
            stop = StopReason.INTERRUPTED
        except (MemoryCap, MemoryError):
            stop = StopReason.MEMORY
        self.result.stop = StopReason.SOLVED if self.result.programs and stop is not StopReason.INTERRUPTED else stop
        self._note_closest()
        stats = self.result.stats
        stats.seconds = time.perf_counter() - self.started
        stats.values_kept = self.kept_before + (self.space.kept if self.space is not None else 0)
        stats.peak_memory_mb = peak_memory_mb()
        return self.result

    def _search(self) -> None:
        """One pass over the levels on the chosen examples."""
        self.run_started = time.perf_counter()
        self.tried_before = self.result.stats.programs_tried
        self.cells = 0
        self.wrong = {}
        if self.space is not None:
            self.kept_before += self.space.kept
            self._note_closest()
            self.space = None
        chosen = [self.examples[i] for i in self.chosen]
        words_fit = all(fits_words(e) for e in self.examples)
        space = self.space = Space(
            self.grammar,
            [e.inputs for e in chosen],
            [e.output for e in chosen],
            compiled=self.compiled and words_fit,
            max_length=max_length(self.examples),
            tick=self._tick,
            hit=self._hit,
            grow=self.memory.take,
        )
        self._fill(space)

    def _fill(self, space: Space) -> None:
        """Level after level until nothing further can be new."""
        levels = Levels(space)
        cost = 0
        while cost < levels.bound:
            cost += 1
            self.cost = cost
            begun, tried = time.perf_counter(), self.result.stats.programs_tried
            if self.config.probe and self._too_large(levels):
                levels.probe(cost)
            levels.fill(cost)
            if self.config.join:
                levels.join()
            self.result.trace.append(
                {
                    "cost": cost,
                    "programs_tried": self.result.stats.programs_tried - tried,
                    "values_kept": space.kept,
                    "seconds": round(time.perf_counter() - begun, 4),
                    "memory_mb": round(memory_mb(), 1),
                    "examples": len(self.chosen),
                    "compiled": space.compiled,
                }
            )

    def _too_large(self, levels: Levels) -> bool:
        """Whether the level cannot be finished in the time that is left, at the rate so far."""
        now = time.perf_counter()
        seconds = now - self.run_started
        tried = self.result.stats.programs_tried - self.tried_before
        if not levels.space.compiled or seconds < 0.3 or not tried:
            return False
        left = self.request.limits.seconds - (now - self.started)
        return levels.count(self.cost) > tried / seconds * left

    # --- called by the space ------------------------------------------------------------------------------------

    def _tick(self, tried: int) -> None:
        stats, limits = self.result.stats, self.request.limits
        stats.programs_tried += tried
        now = time.perf_counter()
        if limits.max_programs is not None and stats.programs_tried >= limits.max_programs:
            raise _Stop(StopReason.PROGRAMS)
        if now - self.started >= limits.seconds:
            raise _Stop(StopReason.TIME)
        if now >= self.next_report:
            self._report(now)
        if not self.compiled and self.config.compiled:
            assert self.space is not None
            self.cells += tried * len(self.chosen)
            if self.cells > self.config.object_cells:
                self.compiled = True
                raise _Restart

    def _report(self, now: float) -> None:
        self.next_report = now + 0.1
        self.memory.check()
        if self.request.progress is None or self.space is None:
            return
        share, best = self._best()
        stats = self.result.stats
        seconds = now - self.started
        self.request.progress(
            Progress(seconds, stats.programs_tried, self.cost, self.space.kept, memory_mb(), share, best)
        )

    def _best(self) -> tuple[float, Program | None]:
        if self.space is None:
            return 0.0, None
        share, production, entries = self.space.best
        return max(share, 0.0), self.space.build(production, entries) if production is not None else None

    def _note_closest(self) -> None:
        program = self._best()[1]
        if program is None:
            return
        right = sum(self._right(program, e) for e in self.examples) / len(self.examples)
        if self.result.closest is None or right > self.result.closest_share:
            self.result.closest, self.result.closest_share = program, right

    def _right(self, program: Program, example: Example) -> bool:
        value = self.evaluator.run(program, example.inputs)
        return type(value) is type(example.output) and bool(value == example.output)

    def _hit(self, production: Production, entries: tuple[int, ...]) -> None:
        """A candidate that equals the goal on the chosen examples: verify it on all."""
        assert self.space is not None
        program = self.space.build(production, entries)
        if program in self.wrong or program in self.result.programs:
            return
        for i, e in enumerate(self.examples):
            if not self._right(program, e):
                self._refute(program, i)
                return
        self.result.programs.append(program)
        self.result.closest, self.result.closest_share = program, 1.0
        if len(self.result.programs) >= self.request.top:
            raise _Stop(StopReason.SOLVED)

    def _refute(self, program: Program, example: int) -> None:
        """The program is wrong on ``example``: search on it too, now or once enough candidates failed."""
        self.wrong[program] = example
        now = time.perf_counter()
        spent, left = now - self.run_started, self.request.limits.seconds - (now - self.started)
        if spent < 0.1 * left or len(self.wrong) >= 200:
            failed = list(dict.fromkeys(self.wrong.values()))
            fresh = [i for i in failed if i not in self.chosen]
            if not fresh:  # wrong on an example searched on: a collision of keys; the candidate is just skipped
                return
            self.chosen = self.chosen + fresh[: max(1, len(self.chosen) // 2)]
            raise _Restart


def simplified(grammar: Grammar) -> Grammar:
    """The grammar without a start symbol that only passes on one other and is used nowhere."""
    productions = grammar.by_target[grammar.start]
    used = any(grammar.start in p.arguments for p in grammar.productions)
    if len(productions) == 1 and isinstance(productions[0].head, Unit) and not used:
        inner = productions[0].arguments[0]
        rest = tuple(p for p in grammar.productions if p.target != grammar.start)
        return simplified(Grammar(inner, rest, grammar.inputs, grammar.request))
    return grammar


def choose_examples(examples: Sequence[Example], count: int) -> list[int]:
    """Indices of up to ``count`` examples that differ: the first, then by distinct outputs, shortest inputs first."""
    if len(examples) <= count:
        return list(range(len(examples)))
    order = sorted(range(len(examples)), key=lambda i: (len(repr(examples[i].inputs)), i))
    spread = [order[round(k * (len(order) - 1) / (count - 1))] for k in range(count)]
    seen: dict[Any, int] = {}
    for i in itertools.chain([0], spread):
        seen.setdefault((type(examples[i].output), examples[i].output), i)
    chosen = list(dict.fromkeys([0, *seen.values(), *spread]))[:count]
    return sorted(chosen)


def fits_words(example: Example) -> bool:
    """Whether all integers of an example fit the words search computes with."""

    def fits(value: Any) -> bool:
        if isinstance(value, tuple):
            return all(map(fits, value))
        return not isinstance(value, int) or -WORD_LIMIT <= value <= (1 << 64) - 1

    return all(map(fits, (*example.inputs, example.output)))


def max_length(examples: Sequence[Example]) -> int:
    """The longest string or list a search keeps: twice what the examples show, and some."""

    def length(value: Any) -> int:
        if isinstance(value, tuple):
            return max([len(value), *map(length, value)])
        return len(value) if isinstance(value, str) else 0

    return 2 * max(length(v) for e in examples for v in (*e.inputs, e.output)) + 32
