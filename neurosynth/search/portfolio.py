"""The portfolio: enumeration sets the pace, and after each of its levels the strategies get a share of the time so far."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import partial

from neurosynth.engine.backends.base import Backend, view_of
from neurosynth.search.base import Needs, Outcome, SearchRequest, StopReason
from neurosynth.search.bottom_up.enumeration import Enumeration, Turns
from neurosynth.search.config import StrategiesConfig
from neurosynth.search.decoding.beam import Beam
from neurosynth.search.decoding.prefix_first import PrefixFirst
from neurosynth.search.decoding.prefix_run import Decoding
from neurosynth.search.decoding.sampling import Sampling
from neurosynth.search.runner import Runner, RunnerStep, Status
from neurosynth.search.strategies.base import Opening
from neurosynth.search.strategies.cover.config import CoverConfig
from neurosynth.search.strategies.cover.search import cover, may_compare
from neurosynth.search.strategies.pipelines import PipelineTurn
from neurosynth.search.turns import timed

__all__ = ["Auto"]

COVER = 0.8
"""Maximum share of the time for the search by cover, which runs first."""
BODY_DEPTH = 2
"""Number of conditions on a path in a lambda's body: more than four cases never pay off."""
BODY_EXAMPLES = 24
"""Number of calls on which a lambda's body is searched at first."""


@dataclass(frozen=True, kw_only=True)
class Auto(StrategiesConfig):
    """Everything together, the default."""

    name: str = field(default="auto", init=False)
    openings: tuple[Opening, ...] = ()
    """Strategies that need no banks; they run first."""
    decoders: tuple[Decoding, ...] = (Beam(), Sampling(), PrefixFirst())
    """The ways to decode programs from a guide of tokens, alternating with enumeration; the first gets most of the time. Without
    any, the guide only determines costs."""
    needs: Needs = field(default="both", init=False)
    cover: CoverConfig | None = field(default_factory=CoverConfig)
    """The search by cover, which runs before everything else if the language offers pieces; None to leave it out."""

    def run(self, request: SearchRequest) -> Outcome:
        """Search until a limit, a solution or exhaustion."""
        covered = cover(request, self.cover, share=COVER) if self.cover is not None else None
        if covered is not None and covered.stop in (StopReason.SOLVED, StopReason.INTERRUPTED):
            return covered
        left = request
        if covered is not None:
            seconds = max(request.limits.seconds - covered.stats.seconds, (1 - COVER) * request.limits.seconds)
            left = replace(request, limits=replace(request.limits, seconds=seconds))
        outcome = self._run(left, compiled=False)
        return outcome if covered is None else _joined(covered, outcome, len(request.task.inputs))

    def _run(self, request: SearchRequest, *, compiled: bool) -> Outcome:
        run = Runner(request, policy=self.policy, alternatives=self.alternatives)
        beside = replace(self, learn=False, pipelines=False, openings=())
        nested = partial(beside._run, compiled=self.compiled)
        plain = replace(beside, edit=False, functions=False, divide=False)
        piped = partial(plain._run, compiled=self.compiled)
        decoders = self.decoders if request.deferred is not None else ()
        search = Enumeration(self, request, run, nested, self._schedule, compiled=compiled, decoders=decoders)
        if self.pipelines:
            search.pipelines = PipelineTurn(request, run, piped, self.policy)
        return run.run(_Opened(self.openings, request, run, search) if self.openings else search)

    def _schedule(self, backend: Backend, search: Enumeration) -> Turns | None:
        view = view_of(backend)
        if view is None:
            return None
        # strategies import numba: 0.3 s that a small task need not wait for
        from neurosynth.search.schedule import StrategySchedule

        return StrategySchedule(self, view, search, self._body)

    def _body(self, request: SearchRequest) -> Outcome:
        """A search for a lambda's body: enumeration and trees, compiled from the start, without lambdas in it."""
        config = replace(
            self,
            learn=False, pipelines=False, deduce=False, edit=False, functions=False, alternatives=0, examples=BODY_EXAMPLES,
            depth=BODY_DEPTH, openings=(),
        )  # fmt: skip
        return config._run(request, compiled=True)


def _joined(covered: Outcome, outcome: Outcome, inputs: int) -> Outcome:
    """The outcome of the search after an inconclusive cover, together with the programs of the cover.

    The costs of the cover in bits rank the programs. If a case of the cover may represent a relation between inputs and enumeration
    found another program, all are ranked alike.
    """
    alike = bool(outcome.programs and covered.programs) and may_compare(covered.programs[0], inputs)
    outcome.stats.seconds += covered.stats.seconds
    outcome.stats.programs_tried += covered.stats.programs_tried
    outcome.trace[:0] = covered.trace
    outcome.suspects |= covered.suspects
    outcome.near = covered.near
    if covered.closest_share > outcome.closest_share:
        outcome.closest, outcome.closest_share = covered.closest, covered.closest_share
    if covered.programs:
        outcome.programs = list(dict.fromkeys([*outcome.programs, *covered.programs]))
        outcome.sources |= {p: s for p, s in covered.sources.items() if p not in outcome.sources}
        outcome.bits = {} if alike else covered.bits
        if outcome.stop is not StopReason.INTERRUPTED:
            outcome.stop = StopReason.SOLVED
    return outcome


class _Opened:
    """Strategies that need no banks, then a search."""

    def __init__(self, openings: tuple[Opening, ...], request: SearchRequest, run: Runner, search: Enumeration) -> None:
        self.openings, self.request, self.run, self.search = openings, request, run, search

    def status(self) -> Status:
        """The state of the search."""
        return self.search.status()

    def __iter__(self) -> Iterator[RunnerStep]:
        for opening in self.openings:
            share = self.search.policy.opening * self.run.clock.seconds
            deadline = self.run.clock.deadline(share / len(self.openings))
            yield from timed(opening.name, opening.propose(self.request, deadline), self.run.uses)
        yield from self.search
