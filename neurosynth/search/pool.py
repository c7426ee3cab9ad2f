"""What a run has found: programs verified, taken or held while a better one may come, and until when that is waited for."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from neurosynth.engine.store.value_store import ValueStore
from neurosynth.language.evaluate import Evaluator
from neurosynth.language.grammar import Production
from neurosynth.language.program import Program
from neurosynth.ranking.agreement import cases, read_inputs
from neurosynth.search.base import Stop, StopReason
from neurosynth.search.candidates import Candidate, grace, memorises
from neurosynth.search.spuriousness import SPURIOUS, chance, pairs
from neurosynth.tasks.task import Example

if TYPE_CHECKING:
    from neurosynth.search.bottom_up.run import BottomUpRun

__all__ = ["SolutionPool"]

PENDING = 32
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


class SolutionPool:
    """The programs of a run that are right on the examples searched on, from whichever means they come."""

    def __init__(self, run: BottomUpRun) -> None:
        self.run = run
        self.evaluator = Evaluator()
        self.wrong: dict[Program, int] = {}
        """Programs that failed on an example not searched on in this pass, and on which."""
        self.pending: list[Candidate] = []
        self.grace_until = float("inf")
        self.spuriousness_of: tuple[int, ValueStore | None] = (0, None)
        """The level and the space that ``luck`` is of."""
        self.spuriousness = 0.0
        """How likely a program that has nothing to do with the task is right."""

    def begin(self) -> None:
        """A new pass: what failed may have been wrong on examples that are searched on now."""
        self.wrong, self.spuriousness_of = {}, (0, None)

    @property
    def refuting(self) -> list[int]:
        """Examples that programs of this pass failed on, in the order in which they did."""
        return list(dict.fromkeys(self.wrong.values()))

    @property
    def open(self) -> bool:
        """Whether nothing was found yet that says less than the outputs do and is not likely right by chance."""
        return all(p in self.run.result.suspects for p in self.run.result.programs) and all(
            h.program in self.run.result.suspects or memorises(h, self.run.examples) for h in self.pending
        )

    def hit(self, production: Production, entries: tuple[int, ...]) -> None:
        """A candidate that equals the goal on the chosen examples: verify it on all."""
        assert self.run.store is not None
        program = self.run.store.build(production, entries)
        if program in self.wrong or program in self.run.result.programs:
            return
        failing = self.failing(program)
        if failing:
            self._refute(program, failing)
            return
        cost = production.cost + sum(
            self.run.store.bank(a).cost_of(e) for a, e in zip(production.arguments, entries, strict=True)
        )
        joined = cost > self.run.cost  # before simpler programs were tried
        if (joined and self._is_suspect(joined=True)) or self._unread(program):
            candidate = Candidate(program, cost, cases(program))
            if self._wanted(candidate):
                self.hold(candidate)
        else:
            self.accept(program)

    def propose(self, candidate: Candidate) -> None:
        """A program found by other means than enumeration: verified, then held while enumeration may find a better.

        How long depends on how much is to be gained: :func:`~neurosynth.search.candidates.grace`.
        """
        program = candidate.program
        if program in self.wrong or not self._wanted(candidate):
            return
        failing = self.failing(program)
        if failing:
            # a tree that memorises says little about the examples it gets wrong: wait for better terms instead
            rote = candidate.leaves * 3 > len(self.run.chosen)
            if not rote and len(self.run.chosen) < MANY:
                self._refute(program, failing, at_once=True)
            self.wrong[program] = failing[0]
            return
        self.hold(candidate)

    def accept(self, program: Program, *, guide_proposed: bool = False) -> None:
        """A program right on all examples, found where one that is meant is found: go on for a short while after the first.

        ``likely``: a guide wrote it, one of a hundred and not of millions; it is not right by chance.
        """
        self._note_solved()
        self.run.result.programs.append(program)
        self.run.result.closest, self.run.result.closest_share = program, 1.0
        suspects = not guide_proposed and self._is_suspect(joined=False)
        if guide_proposed:
            self.run.result.guide_proposed.append(program)
        elif suspects:
            self.run.result.suspects.add(program)
        if len(self.run.result.programs) >= max(
            self.run.request.top, (MORE if suspects else 1) * self.run.config.alternatives
        ):
            raise Stop(StopReason.SOLVED)
        spent = self.run.searched
        more = max(0.5, spent) if suspects or self.run.request.top > 1 else max(0.02, 0.15 * spent)
        self.grace_until = min(self.grace_until, time.perf_counter() + more)

    def hold(self, candidate: Candidate) -> None:
        """Keep a proposal that is right on all examples, and search on for a better one as long as it is worth."""
        self._note_solved()
        self.pending.append(candidate)
        self.run.result.closest, self.run.result.closest_share = candidate.program, 1.0
        now = time.perf_counter()
        left = self.run.request.limits.seconds - (now - self.run.started)
        spent = self.run.searched
        wait = grace(candidate, self.run.examples, cost=self.run.cost, spent=spent, left=left)
        unread = self._unread(candidate.program)
        dear = candidate.cost > self.run.cost
        if candidate.leaves == 1 and (unread or dear) and self._is_suspect(joined=dear):
            self.run.result.suspects.add(candidate.program)
            most = left - (1 - self.run.config.guide_phase_until) * self.run.request.limits.seconds
            wait = max(0.0, min(max(PATIENT, 2 * spent), most))
        elif unread:
            wait = max(wait, UNREAD, 2 * spent)
        self.grace_until = min(self.grace_until, now + wait)
        if now >= self.grace_until:
            raise Stop(StopReason.SOLVED)

    def failing(self, program: Program) -> list[int]:
        """The examples a program gets wrong."""
        function = self.evaluator.function(program)

        def right(example: Example) -> bool:
            value = function(example.inputs)
            return type(value) is type(example.output) and bool(value == example.output)

        return [i for i, e in enumerate(self.run.examples) if not right(e)]

    def right_on(self, program: Program) -> int:
        """The mask of those of the examples searched on that a program gets right."""
        failing = set(self.failing(program))
        return sum(1 << bit for bit, i in enumerate(self.run.chosen) if i not in failing)

    def take(self) -> None:
        """Held programs after those enumeration found, the better first."""
        wanted = max(self.run.request.top, self.run.config.alternatives)
        for candidate in sorted(self.pending, key=lambda h: h.cost + 5 * (h.leaves - 1)):
            if len(self.run.result.programs) < wanted and candidate.program not in self.run.result.programs:
                self.run.result.programs.append(candidate.program)

    def _unread(self, program: Program) -> bool:
        """Whether some input is not read, which few tasks bring in vain; nobody asks where nothing is compared."""
        if not self.run.config.alternatives:
            return False
        return len(read_inputs(program)) < len(self.run.grammar.inputs)

    def _is_suspect(self, *, joined: bool) -> bool:
        """Whether one of the programs compared so far is expected to be right on every example by chance.

        Those are the programs tried, and where parts were ``joined`` all pairs of known values.  Never where nothing is compared,
        and not of the simplest programs: asking a guide takes as long as trying millions.
        """
        tried = self.run.result.stats.programs_tried
        if not self.run.config.alternatives or self.run.store is None or (tried < SIMPLEST and not joined):
            return False
        if self.spuriousness_of != (self.run.cost, self.run.store):
            self.spuriousness_of = self.run.cost, self.run.store
            self.spuriousness = chance(self.run.store)
        return self.spuriousness * max(tried, pairs(self.run.store) if joined else 0) > SPURIOUS

    def _wanted(self, candidate: Candidate) -> bool:
        """Whether to hold a program if it is right: it is not held yet, and not dearer than all of enough that are."""
        if any(h.program == candidate.program for h in self.pending):
            return False
        return len(self.pending) < PENDING or candidate.cost < max(h.cost for h in self.pending)

    def _note_solved(self) -> None:
        if self.run.result.stats.first_solved is None:
            self.run.result.stats.first_solved = self.run.result.stats.programs_tried

    def _refute(self, program: Program, failing: list[int], *, at_once: bool = False) -> None:
        """The program is wrong on the ``failing`` examples: search on some too, now or once enough candidates failed."""
        self.wrong[program] = failing[0]
        now = time.perf_counter()
        spent, left = now - self.run.run_started, self.run.request.limits.seconds - (now - self.run.started)
        if at_once or spent < 0.1 * left or len(self.wrong) >= 200:
            # with nothing to add it is wrong on an example searched on: a collision of keys, and just skipped
            self.run.widen(failing if at_once else self.refuting)
