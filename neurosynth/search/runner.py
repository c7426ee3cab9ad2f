"""The one runner of every search: clock, limits, memory, verification, progress, interruption, trace, closest, statistics.

A search is an iterable of steps: each proposes a program (:class:`~neurosynth.search.candidates.Candidate`), reports how many it tried
(:class:`~neurosynth.search.candidates.Tried`), or passes on the outcome of a search alongside (:class:`Aside`). The runner takes step
after step, lets the pool judge proposals, and ends at a limit, at an interruption, or when enough was found. A generator gets the
decision about its proposal as the value of its ``yield``.
"""

from __future__ import annotations

import logging
from collections.abc import Generator, Iterable
from dataclasses import dataclass, field, replace
from typing import Any, Protocol, runtime_checkable

from neurosynth.engine.limits import Memory, MemoryCap, Quota, memory_mb, peak_memory_mb
from neurosynth.errors import PrimitiveBug
from neurosynth.guides.base import WeightedGrammar
from neurosynth.language.program import Program
from neurosynth.ranking.looks import Fit
from neurosynth.search.base import Doing, Outcome, Progress, SearchRequest, Stats, Stop, StopReason, StrategyUse
from neurosynth.search.candidates import Candidate, Decision, Find, Step, Tried, Verdict
from neurosynth.search.clock import Clock
from neurosynth.search.config import PortfolioConfig
from neurosynth.search.explored import Explored
from neurosynth.search.pool import Situation, SolutionPool
from neurosynth.search.spuriousness import Spuriousness
from neurosynth.work_clock import CANDIDATE, spend

__all__ = ["Aside", "Reporting", "Runner", "RunnerStep", "Status"]

log = logging.getLogger("neurosynth.search")

REPORTS = 0.1
"""Seconds between two calls of ``progress``, and between two checks of the memory."""
CLOCK = 16
"""Number of proposals between two checks of the clock."""


@dataclass(frozen=True, slots=True)
class Aside:
    """The outcome of a search alongside, to be added to this one."""

    outcome: Outcome


RunnerStep = Step | Aside


@dataclass(slots=True, kw_only=True)
class Status:
    """The status that a search reports when asked."""

    cost: int = 0
    """The cost that it has reached."""
    values_kept: int = 0
    phase: str = ""
    passes: int = 0
    """Number of restarts."""
    pass_began: float = 0.0
    """Seconds from the start of the search to its last restart."""
    loading: float = 0.0
    """Seconds spent on loading, without compiling."""
    searched_on: int = 0
    """Number of examples that it computes on."""
    spuriousness: Spuriousness | None = None
    near: Program | None = None
    """The best program that it knows and has not proposed."""
    near_share: float = 0.0
    """The share of the examples of the search on which that program is right, 0 to 1."""
    explored: Explored | None = None
    """The cost up to which it tried every program."""


@runtime_checkable
class Reporting(Protocol):
    """A search that can report its state; for others, the runner reports what it knows itself."""

    def status(self) -> Status:
        """Its current state."""
        ...


@dataclass(slots=True)
class _Closest:
    program: Program | None = None
    share: float = field(default=-1.0)


class Runner:
    """Runs one search for one request."""

    def __init__(
        self, request: SearchRequest, *, policy: PortfolioConfig | None = None, alternatives: int = 0, source: str = ""
    ) -> None:
        """
        Args:
            request: task, limits, the number of programs wanted.
            policy: shares, waits and thresholds; see :class:`~neurosynth.search.config.PortfolioConfig`.
            alternatives: programs to collect for ranking to choose from.
            source: the strategy of candidates that name none.
        """
        limits = request.limits
        self.request, self.source = request, source
        self.clock = Clock(limits.seconds)
        self.memory = Memory(limits.max_memory)
        self.quota = Quota(limits.max_programs)
        self.stats = Stats()
        self.trace: list[dict[str, Any]] = []
        """Rows: one for each cost level or round, as the search writes them."""
        self.uses: dict[str, StrategyUse] = {}
        """The time and candidates of each strategy."""
        self.pool = SolutionPool(
            request.task.examples,
            inputs=len(request.grammar.inputs),
            top=request.top,
            alternatives=alternatives,
            seconds=limits.seconds,
            policy=policy,
            fit=Fit(request.task) if request.task.unlabelled else None,
        )
        self.finds: list[Find] = []
        """When each program was found."""
        self._until = float("inf")
        self._next_report = 0.0
        self._told = False
        """Whether any program was reported, even one that is far from right."""
        self._closest = _Closest()
        self._search: Iterable[RunnerStep] | None = None
        self._proposals = 0
        self._weighted: WeightedGrammar | None = None
        self._bug: PrimitiveBug | None = None

    # --- the loop -----------------------------------------------------------------------------------------------

    def run(self, search: Iterable[RunnerStep]) -> Outcome:
        """Take the steps of a search until it has no more or must end; never raises because a limit is reached."""
        self._search = search
        steps = iter(search)
        try:
            self._all(steps)
            stop = StopReason.EXHAUSTED
        except Stop as end:
            stop = end.reason
        except KeyboardInterrupt:
            stop = StopReason.INTERRUPTED
        except PrimitiveBug as bug:
            self._bug, stop = bug, StopReason.BUG
        except (MemoryCap, MemoryError):
            stop = StopReason.MEMORY
        outcome = self._outcome(stop)
        if isinstance(steps, Generator):
            steps.close()
        self._search = None
        log.info("stopped by %s after %d candidates, %.2f s", stop.value, self.stats.programs_tried, self.stats.seconds)
        return outcome

    def _all(self, steps: Any) -> None:
        if not isinstance(steps, Generator):
            for step in steps:
                self._take(step)
            return
        decision: Decision | None = None
        while True:
            try:
                step = steps.send(decision)
            except StopIteration:
                return
            decision = self._take(step)

    def _take(self, step: RunnerStep) -> Decision | None:
        match step:
            case Tried(count):
                self._count(count)
                return None
            case Candidate():
                return self.propose(step)
            case Aside(outcome):
                self._adopt(outcome)
                return None
        raise TypeError(f"a search yielded {step!r}; allowed: Candidate, Tried")

    # --- candidates ---------------------------------------------------------------------------------------------

    def propose(self, candidate: Candidate) -> Decision:
        """Judge a candidate, and act on the decision.

        Raises:
            Stop: when the search has what it wants, or reached a limit.
        """
        self.stats.programs_tried += candidate.tried
        self.quota.take(candidate.tried)
        spend(CANDIDATE * candidate.tried)
        moment = self._moment()
        decision = self.pool.judge(candidate, moment)
        self._act(candidate.program, decision)
        source = candidate.source or self.source
        if decision.verdict in (Verdict.ACCEPTED, Verdict.PENDING):
            self.finds.append(_find(candidate, decision, moment))
            self.pool.sources[candidate.program] = self.pool.sources.get(candidate.program) or source
            log.info("%s: %s by %s", decision.verdict.value, candidate.program, source)
        if decision.stop:
            raise Stop(StopReason.SOLVED)
        if candidate.tried:
            self._limit_programs()
        # also if they were counted with their tile: very many of it may match the goal, and each is verified
        self._proposals += 1
        if not self._proposals % CLOCK:
            self.tick()
        return decision

    def _act(self, program: Program, decision: Decision) -> None:
        if decision.verdict in (Verdict.ACCEPTED, Verdict.PENDING):
            first = self.stats.first_solved is None
            if first:
                self.stats.first_solved = self.stats.programs_tried
            self._note_closest(program, ())
            if first:  # a guide that is asked next takes seconds during which nothing is reported
                self._report(self.clock.elapsed, self._status())
            self._until = min(self._until, decision.until)
        elif decision.verdict is Verdict.REFUTED:
            self._note_closest(program, decision.failing)

    def note_near(self, program: Program | None) -> None:
        """Remember a program that is right on more examples than those before."""
        if program is not None and program != self._closest.program:
            self._note_closest(program, self.pool.failing(program))

    def _note_closest(self, program: Program, wrong: tuple[int, ...]) -> None:
        share = 1 - len(wrong) / len(self.pool.examples)
        if share > self._closest.share:
            self._closest.program, self._closest.share = program, share

    def _adopt(self, outcome: Outcome) -> None:
        """Add the outcome of a search alongside; this search ends if that one ended for good."""
        stats, other = self.stats, outcome.stats
        if stats.first_solved is None and other.first_solved is not None:
            stats.first_solved = stats.programs_tried + other.first_solved
        stats.programs_tried += other.programs_tried
        self.quota.take(other.programs_tried)
        stats.values_kept += other.values_kept
        self.trace += outcome.trace
        for name, use in outcome.strategies.items():
            self.uses.setdefault(name, StrategyUse()).add(use)
        moment = self._moment()
        self.finds += [
            replace(
                f, seconds=max(0.0, f.seconds + moment.searched - outcome.stats.seconds), tried=stats.programs_tried
            )
            for f in outcome.finds
        ]
        for program, source in outcome.sources.items():
            self.pool.sources.setdefault(program, source)
        decision = self.pool.adopt(outcome.programs, outcome.pending, moment)
        self._until = min(self._until, decision.until)
        if outcome.closest is not None and outcome.closest_share > self._closest.share:
            self._closest.program, self._closest.share = outcome.closest, outcome.closest_share
        if outcome.ended in (StopReason.INTERRUPTED, StopReason.PROGRAMS):
            raise Stop(outcome.ended)
        if decision.stop:
            raise Stop(StopReason.SOLVED)

    def _moment(self) -> Situation:
        status, clock = self._status(), self.clock
        elapsed = clock.elapsed
        return Situation(
            elapsed=elapsed,
            left=clock.seconds - elapsed,
            searched=clock.worked - status.loading,
            in_pass=elapsed - status.pass_began,
            passes=status.passes,
            tried=self.stats.programs_tried,
            cost=status.cost,
            searched_on=status.searched_on,
            spuriousness=status.spuriousness,
        )

    def _status(self) -> Status:
        return self._search.status() if isinstance(self._search, Reporting) else Status()

    # --- limits -------------------------------------------------------------------------------------------------

    def _count(self, tried: int) -> None:
        self.stats.programs_tried += tried
        self.quota.take(tried)
        spend(CANDIDATE * tried)
        self._limit_programs()
        self.tick()

    def _limit_programs(self) -> None:
        most = self.request.limits.max_programs
        if most is not None and self.stats.programs_tried >= most:
            raise Stop(StopReason.PROGRAMS)

    def tick(self) -> None:
        """Check the clock, and now and then the memory, and report progress.

        Raises:
            Stop: if the search must end.
            MemoryCap: beyond the limit on memory.
        """
        now = self.clock.elapsed
        if now >= self.clock.seconds:
            raise Stop(StopReason.TIME)
        if now >= self._next_report or not self._told:
            status = self._status()
            # at once if there is news: the next candidate may never return
            told = status.near is not None or self._closest.program is not None
            if told or now >= max(self._next_report, REPORTS / 2):
                self._told = told
                self._next_report = now + REPORTS
                self.memory.check()
                self._report(now, status)
        if now >= self._until:
            raise Stop(StopReason.SOLVED)

    def say(self, doing: Doing) -> None:
        """Report at once what the search does from now on, because the next report may take a while."""
        status = self._status()
        status.phase = doing.value
        self._report(self.clock.elapsed, status)

    def note_guide(self, weighted: WeightedGrammar | None, seconds: float) -> None:
        """Record what a deferred guide returned (None for nothing) and its seconds; programs found earlier wait as much longer."""
        self._weighted = weighted
        self.stats.guide_seconds += seconds
        self.wait_longer(seconds)

    def wait_longer(self, seconds: float) -> None:
        """Let programs found earlier wait so many seconds longer."""
        self._until += seconds

    def _report(self, now: float, status: Status) -> None:
        if self.request.progress is None:
            return
        closest = self._closest
        better = status.near_share > closest.share
        self.request.progress(
            Progress(
                now,
                self.stats.programs_tried,
                status.cost,
                self.stats.values_kept + status.values_kept,
                memory_mb(),
                max(status.near_share, closest.share, 0.0),
                status.near if better else closest.program,
                status.phase,
            )
        )

    # --- the end ------------------------------------------------------------------------------------------------

    def _outcome(self, stop: StopReason) -> Outcome:
        status, stats, pool = self._status(), self.stats, self.pool
        if not (programs := pool.programs()):
            self._note_last(status)
        stats.seconds = self.clock.elapsed
        stats.values_kept += status.values_kept
        stats.peak_memory_mb = peak_memory_mb()
        interrupted = stop is StopReason.INTERRUPTED
        return Outcome(
            stop=StopReason.SOLVED if programs and not interrupted else stop,
            programs=programs,
            stats=stats,
            trace=self.trace,
            closest=self._closest.program,
            closest_share=max(self._closest.share, 0.0),
            guide_proposed=pool.guide_proposed,
            suspects=pool.suspects,
            ended=stop,
            pending=pool.pending,
            sources=pool.sources,
            strategies=self.uses,
            explored=status.explored,
            finds=self.finds,
            weighted=self._weighted,
            bug=self._bug,
        )

    def _note_last(self, status: Status) -> None:
        """The best program that the search itself knows; a primitive may prevent it from being run once more."""
        try:
            self.note_near(status.near)
        except (PrimitiveBug, KeyboardInterrupt) as error:
            log.info("%s could not be run on all examples: %r", status.near, error)
            if status.near_share > self._closest.share:
                self._closest.program, self._closest.share = status.near, status.near_share


def _find(candidate: Candidate, decision: Decision, moment: Situation) -> Find:
    return Find(
        program=candidate.program,
        seconds=moment.searched,
        tried=moment.tried,
        cost=candidate.cost,
        reached=moment.cost,
        leaves=candidate.leaves,
        deduced=candidate.deduced,
        wait=decision.until - moment.elapsed,
    )
