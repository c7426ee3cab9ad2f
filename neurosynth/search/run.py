"""One run of enumeration: levels under limits, verification on all examples, restarts, and what other means propose."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from neurosynth.engine import compiling
from neurosynth.engine.loop_cache import compiled_before, ready
from neurosynth.engine.space import Space
from neurosynth.language.evaluate import Evaluator
from neurosynth.language.grammar import Grammar, Production, Unit
from neurosynth.language.program import Program
from neurosynth.ranking.agreement import cases, read_inputs
from neurosynth.search.base import Outcome, Progress, SearchRequest, Stop, StopReason
from neurosynth.search.divide import cost_of
from neurosynth.search.examples import choose_examples, fits_words, max_length
from neurosynth.search.guided import guided_turn
from neurosynth.search.learning import fit, learned_costs
from neurosynth.search.levels import Levels
from neurosynth.search.luck import LUCKY, chance, pairs
from neurosynth.search.memory import Memory, MemoryCap, memory_mb, peak_memory_mb
from neurosynth.search.proposals import Proposal, grace, memorises
from neurosynth.tasks.task import Example

__all__ = ["Enumeration", "Means", "MeansFactory", "Restart", "Run", "simplified"]


@dataclass(frozen=True, kw_only=True)
class Enumeration:
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
    ask_after: float = 0.1
    """Share of the time after which a late guide is asked, and a search with its costs begins beside this one."""
    guided_until: float = 0.4
    """Share of the time after which a late guide's costs have had their turn, and this search goes on where it was."""
    needs: Literal["rules"] = field(default="rules", init=False)


class Means(Protocol):
    """What looks at the banks after each level."""

    def after_level(self, cost: int) -> None:
        """Propose what the banks now allow."""
        ...

    def pause(self) -> None:
        """Called between the productions of a level: a chance for what needs no new entries."""
        ...


MeansFactory = Callable[[Space, "Run"], Means]


LEARN_AFTER = 0.33
"""Share of the time after which learning from partial solutions starts the search again."""
HELD = 32
"""Proposals held before only cheaper ones are looked at."""
PATIENT = 0.8
"""Seconds that a program which may be right by chance waits for enumeration at least."""
UNREAD = 0.3
"""Seconds that one which leaves an input unread waits at least."""
SIMPLEST = 10_000
"""Programs tried first, one of which that is right is taken to be meant."""
MORE = 8
"""How many times as many programs are collected where some of them are right by chance."""
MANY = 50
"""Examples searched on beyond which proposals add no more: masks of examples have 63 bits."""


UNLOADED = 4
"""How many times as long objects do where numba is not imported yet: that alone takes as long as 180,000 values."""
COLD = 15
"""How many times as long where nothing was compiled before: compiled loops then begin with some seconds of compiling."""


class Restart(Exception):
    """Begin again: with more examples, or compiled."""


class Run:
    """One call of the search: counters, limits, verification, restarts."""

    def __init__(self, config: Enumeration, request: SearchRequest, means: MeansFactory | None = None) -> None:
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
        self.evaluator = Evaluator()
        self.cost = 0
        self.wrong: dict[Program, int] = {}
        self.space: Space | None = None
        self.loading = 0.0
        """Seconds before the first level of every pass: imports, compiled code from disk."""
        self.kept_before = 0
        self.next_report = self.started + 0.05
        self.tried_before = 0
        self.make_means = means
        self.spent: dict[str, float] = {}
        """Seconds each of the means had."""
        self.effort: dict[Any, int] = {}
        """What the means remember over restarts."""
        self.learned = False
        self.asked = request.late is None
        self.guided_seconds = 0.0
        """What asking a late guide and searching with its costs took."""
        self.ended = StopReason.EXHAUSTED
        """Why the search ended, whatever was found by then."""
        self.held: list[Proposal] = []
        self.looked_for_luck: tuple[int, Space | None] = (0, None)
        """The level and the space that ``luck`` is of."""
        self.luck = 0.0
        """How likely a program that has nothing to do with the task is right."""
        self.grace_until = float("inf")

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
        except (MemoryCap, MemoryError):
            stop = StopReason.MEMORY
        self.ended = stop
        self._take_held()
        self.result.stop = StopReason.SOLVED if self.result.programs and stop is not StopReason.INTERRUPTED else stop
        self._note_closest()
        stats = self.result.stats
        stats.seconds = time.perf_counter() - self.started
        stats.values_kept = self.kept_before + (self.space.kept if self.space is not None else 0)
        stats.peak_memory_mb = peak_memory_mb()
        self._drop_space()
        return self.result

    def _search(self) -> None:
        """One pass over the levels on the chosen examples."""
        self.run_started = time.perf_counter()
        self.run_compiled = compiling.seconds()
        self.tried_before = self.result.stats.programs_tried
        self.wrong = {}
        if self.space is not None:
            self.kept_before += self.space.kept
            self._note_closest()
            self._drop_space()
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
            left=lambda: self.request.limits.left(self.result.stats.programs_tried),
        )
        self._fill(space)
        self._widen(list(dict.fromkeys(self.wrong.values())))

    def _drop_space(self) -> None:
        if self.space is not None:
            self.space.close()
        self.space, self.looked_for_luck = None, (0, None)

    def _widen(self, failed: list[int]) -> None:
        """Start again with up to a third more examples of ``failed``; return when all are searched on already."""
        fresh = [i for i in failed if i not in self.chosen]
        if fresh:
            most = max(1, len(self.chosen) // 3)
            self.chosen = self.chosen + fresh[:: max(1, len(fresh) // most)][:most]
            raise Restart

    def _fill(self, space: Space) -> None:
        """Level after level until nothing further can be new."""
        levels = Levels(space)
        means = self.make_means(space, self) if self.make_means is not None and space.compiled else None
        if means is not None:
            levels.pause = means.pause
        self.loading += time.perf_counter() - self.run_started
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
            if means is not None:
                means.after_level(cost)
            if self.config.learn and not self.learned:
                self._learn(space)
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

    def _learn(self, space: Space) -> None:
        """Once a third of the time is spent, a guide's turn left out: costs from partial solutions, and a new start with them."""
        own = time.perf_counter() - self.started - self.guided_seconds
        if own < LEARN_AFTER * (self.request.limits.seconds - self.guided_seconds) or not self.open:
            return
        self.learned = True
        costs = learned_costs(self.grammar.productions, fit(space))
        if costs is not None:
            self.grammar = self.grammar.with_costs(costs)
            raise Restart

    @property
    def open(self) -> bool:
        """Whether nothing was found yet that says less than the outputs do and is not likely right by chance."""
        return all(p in self.result.doubtful for p in self.result.programs) and all(
            h.program in self.result.doubtful or memorises(h, self.examples) for h in self.held
        )

    @property
    def worked(self) -> float:
        """Seconds since the start without those that went into compiling: what means are given shares of."""
        return time.perf_counter() - self.started - (compiling.seconds() - self.compiled_before)

    def _too_large(self, levels: Levels) -> bool:
        """Whether the level cannot be finished in the time that is left, at the rate so far."""
        now = time.perf_counter()
        seconds = now - self.run_started - (compiling.seconds() - self.run_compiled)
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
            raise Stop(StopReason.PROGRAMS)
        if now - self.started >= limits.seconds:
            raise Stop(StopReason.TIME)
        if now >= self.next_report:
            self._report(now)
        searched = now - self.started - self.loading
        due = bool(self.result.doubtful) or searched >= self.config.ask_after * limits.seconds
        if not self.asked and due and self.open:
            self.asked = True
            guided_turn(self)
        elif now >= self.grace_until:
            raise Stop(StopReason.SOLVED)
        if not self.compiled and self.config.compiled:
            assert self.space is not None
            if self.space.object_cells > self.object_cells:
                self.compiled = True
                raise Restart

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
        right = 1 - len(self.failing(program)) / len(self.examples)
        if self.result.closest is None or right > self.result.closest_share:
            self.result.closest, self.result.closest_share = program, right

    def _hit(self, production: Production, entries: tuple[int, ...]) -> None:
        """A candidate that equals the goal on the chosen examples: verify it on all."""
        assert self.space is not None
        program = self.space.build(production, entries)
        if program in self.wrong or program in self.result.programs:
            return
        failing = self.failing(program)
        if failing:
            self._refute(program, failing)
            return
        cost = production.cost + sum(
            cost_of(self.space.bank(a), e) for a, e in zip(production.arguments, entries, strict=True)
        )
        joined = cost > self.cost  # before simpler programs were tried
        if (joined and self._by_chance(joined=True)) or self._unread(program):
            proposal = Proposal(program, cost, cases(program))
            if self._wanted(proposal):
                self.hold(proposal)
        else:
            self.accept(program)

    def _unread(self, program: Program) -> bool:
        """Whether some input is not read, which few tasks bring in vain; nobody asks where nothing is compared."""
        if not self.config.alternatives:
            return False
        return len(read_inputs(program)) < len(self.grammar.inputs)

    def _by_chance(self, *, joined: bool) -> bool:
        """Whether one of the programs compared so far is expected to be right on every example by chance.

        Those are the programs tried, and where parts were ``joined`` all pairs of known values.  Never where nothing is compared,
        and not of the simplest programs: asking a guide takes as long as trying millions.
        """
        tried = self.result.stats.programs_tried
        if not self.config.alternatives or self.space is None or (tried < SIMPLEST and not joined):
            return False
        if self.looked_for_luck != (self.cost, self.space):
            self.looked_for_luck = self.cost, self.space
            self.luck = chance(self.space)
        return self.luck * max(tried, pairs(self.space) if joined else 0) > LUCKY

    def _wanted(self, proposal: Proposal) -> bool:
        """Whether to hold a program if it is right: it is not held yet, and not dearer than all of enough that are."""
        if any(h.program == proposal.program for h in self.held):
            return False
        return len(self.held) < HELD or proposal.cost < max(h.cost for h in self.held)

    def accept(self, program: Program, *, likely: bool = False) -> None:
        """A program right on all examples, found where one that is meant is found: go on for a short while after the first.

        ``likely``: a guide wrote it, one of a hundred and not of millions; it is not right by chance.
        """
        self._note_solved()
        self.result.programs.append(program)
        self.result.closest, self.result.closest_share = program, 1.0
        doubtful = not likely and self._by_chance(joined=False)
        if likely:
            self.result.likely.append(program)
        elif doubtful:
            self.result.doubtful.add(program)
        if len(self.result.programs) >= max(self.request.top, (MORE if doubtful else 1) * self.config.alternatives):
            raise Stop(StopReason.SOLVED)
        spent = time.perf_counter() - self.started - self.loading
        more = max(0.5, spent) if doubtful or self.request.top > 1 else max(0.02, 0.15 * spent)
        self.grace_until = min(self.grace_until, time.perf_counter() + more)

    def _note_solved(self) -> None:
        if self.result.stats.first_solved is None:
            self.result.stats.first_solved = self.result.stats.programs_tried

    def failing(self, program: Program) -> list[int]:
        """The examples a program gets wrong."""
        function = self.evaluator.function(program)

        def right(example: Example) -> bool:
            value = function(example.inputs)
            return type(value) is type(example.output) and bool(value == example.output)

        return [i for i, e in enumerate(self.examples) if not right(e)]

    def _refute(self, program: Program, failing: list[int], *, at_once: bool = False) -> None:
        """The program is wrong on the ``failing`` examples: search on some too, now or once enough candidates failed."""
        self.wrong[program] = failing[0]
        now = time.perf_counter()
        spent, left = now - self.run_started, self.request.limits.seconds - (now - self.started)
        if at_once or spent < 0.1 * left or len(self.wrong) >= 200:
            # with nothing to add it is wrong on an example searched on: a collision of keys, and just skipped
            self._widen(failing if at_once else list(dict.fromkeys(self.wrong.values())))

    # --- called by the means ------------------------------------------------------------------------------------

    def propose(self, proposal: Proposal) -> None:
        """A program found by other means than enumeration: verified, then held while enumeration may find a better.

        How long depends on how much is to be gained: :func:`~neurosynth.search.proposals.grace`.
        """
        program = proposal.program
        if program in self.wrong or not self._wanted(proposal):
            return
        failing = self.failing(program)
        if failing:
            # a tree that memorises says little about the examples it gets wrong: wait for better terms instead
            rote = proposal.leaves * 3 > len(self.chosen)
            if not rote and len(self.chosen) < MANY:
                self._refute(program, failing, at_once=True)
            self.wrong[program] = failing[0]
            return
        self.hold(proposal)

    def hold(self, proposal: Proposal) -> None:
        """Keep a proposal that is right on all examples, and search on for a better one as long as it is worth."""
        self._note_solved()
        self.held.append(proposal)
        self.result.closest, self.result.closest_share = proposal.program, 1.0
        now = time.perf_counter()
        left = self.request.limits.seconds - (now - self.started)
        spent = now - self.started - self.loading
        wait = grace(proposal, self.examples, cost=self.cost, spent=spent, left=left)
        unread = self._unread(proposal.program)
        dear = proposal.cost > self.cost
        if proposal.leaves == 1 and (unread or dear) and self._by_chance(joined=dear):
            self.result.doubtful.add(proposal.program)
            most = left - (1 - self.config.guided_until) * self.request.limits.seconds
            wait = max(0.0, min(max(PATIENT, 2 * spent), most))
        elif unread:
            wait = max(wait, UNREAD, 2 * spent)
        self.grace_until = min(self.grace_until, now + wait)
        if now >= self.grace_until:
            raise Stop(StopReason.SOLVED)

    def _take_held(self) -> None:
        """Held programs after those enumeration found, the better first."""
        wanted = max(self.request.top, self.config.alternatives)
        for proposal in sorted(self.held, key=lambda h: h.cost + 5 * (h.leaves - 1)):
            if len(self.result.programs) < wanted and proposal.program not in self.result.programs:
                self.result.programs.append(proposal.program)


def simplified(grammar: Grammar) -> Grammar:
    """The grammar without a start symbol that only passes on one other and is used nowhere."""
    productions = grammar.by_target[grammar.start]
    used = any(grammar.start in p.arguments for p in grammar.productions)
    if len(productions) == 1 and isinstance(productions[0].head, Unit) and not used:
        inner = productions[0].arguments[0]
        rest = tuple(p for p in grammar.productions if p.target != grammar.start)
        return simplified(Grammar(inner, rest, grammar.inputs, grammar.request))
    return grammar
