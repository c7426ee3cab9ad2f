"""The turns of a guide in a portfolio: decoding beside enumeration, and a search with the guide's costs, to the end of the time.

Decoding and enumeration are good at different tasks, and which of them suits a task is not known beforehand. They share the time by
their success: the share of the examples on which the best program of each is right. Each helps the other: partial solutions from both
determine new costs of productions, and the values of decoded ones enter the banks
(:meth:`neurosynth.search.bottom_up.levels.Levels.plant`).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import Protocol, runtime_checkable

from neurosynth.engine.limits import memory_mb
from neurosynth.errors import InputError
from neurosynth.guides.base import WeightedGrammar
from neurosynth.guides.bridge import Bridge
from neurosynth.guides.decoding import Decoded
from neurosynth.guides.uniform import uniform
from neurosynth.language.primitive import Primitive
from neurosynth.language.program import Program
from neurosynth.ranking.agreement import cases
from neurosynth.search.base import Doing, SearchRequest, StrategyUse
from neurosynth.search.candidates import PULSE, Candidate, Step
from neurosynth.search.config import PortfolioConfig
from neurosynth.search.decoding.prefix_run import Decoding, PrefixRun
from neurosynth.search.runner import Runner, RunnerStep
from neurosynth.search.strategies.beside import Nested
from neurosynth.search.strategies.body_decoding import BodyDecoding
from neurosynth.search.strategies.guide_phase import GuideAnswer, GuidePhase
from neurosynth.search.turns import timed
from neurosynth.work_clock import clock_seconds, stopwatch

__all__ = ["Bridged", "GuideTurns"]

SLICE = 0.02
"""Minimum seconds of a decoder before another one takes over: a batch of prefixes takes about as long."""
TURN = 0.3
"""Maximum seconds of one turn of decoding, so that enumeration reaches its next level."""
SIMPLEST = 2
"""A guide waits beyond its time until enumeration has reached this cost."""
PLANTED = 24
"""Number of decoded programs added to the banks at a time."""
FUNCTIONS_LATER = 0.1
"""Share of decoding after the first turn for bodies of functions, with a guide that the user named."""
COUNTED = 64
"""Number of programs from which costs are computed: deriving one takes up to a millisecond."""


@runtime_checkable
class Bridged(Protocol):
    """A deferred guide that is made from one of tokens."""

    def bridged(self) -> Bridge | None:
        """The bridge from it to costs, loaded on first use; None for a guide that gives costs itself.

        Raises:
            InputError: where loading it does.
        """
        ...


@dataclass(eq=False)
class _Decoder:
    """A decoder running alongside the search, with its time and its success."""

    name: str
    run: PrefixRun
    steps: Iterator[Step]
    weight: float
    """Factor for its time, compared with another decoder of equal success."""
    use: StrategyUse = field(default_factory=StrategyUse)

    @property
    def order(self) -> float:
        """Seconds used, relative to weight and success; the decoder with the least runs next."""
        return self.use.seconds / (self.weight * (0.25 + self.run.share))


class GuideTurns:
    """Decides when a deferred guide runs, and runs it."""

    def __init__(
        self,
        request: SearchRequest,
        run: Runner,
        nested: Nested,
        policy: PortfolioConfig,
        decoders: Sequence[Decoding] = (),
        enumerated: Callable[[], list[Decoded]] = list,
    ) -> None:
        """
        Args:
            request: the request, with a deferred guide.
            run: the runner of the search alongside which the guide runs.
            nested: runs a similar search without a deferred guide.
            policy: when it runs, and for how long.
            decoders: the ways to decode, the first one first; without any, the guide only determines costs.
            enumerated: partial solutions that enumeration has found by now, in the form of decoded ones.
        """
        self.request, self.run, self.policy = request, run, policy
        self.phase = GuidePhase(request, nested)
        self.seconds = 0.0
        """Seconds that the guide has used so far, including searches with its costs."""
        self._kinds, self._enumerated = tuple(decoders), enumerated
        self._asked: float | None = None
        """Seconds from the start of the search to the start of decoding."""
        self._bridge: Bridge | None = None
        self._decoders: list[_Decoder] = []
        self._functions: Iterator[Step] | None = None
        """Decodes bodies of functions."""
        self._uses: list[StrategyUse] = []
        """For all decoders, including those that have ended."""
        self._made = 0
        """Number of kinds of decoders that have begun."""
        self._others_wait = False
        """Whether only the first kind of decoder runs."""
        self._known: set[bytes] = set()
        """Names of the prefixes that decoders have expanded."""
        self._slow = not any(
            isinstance(p.head, Primitive) and p.head.kernel is not None for p in request.grammar.productions
        )
        """Whether enumeration computes everything on Python objects."""
        self._phases = [(policy.guide_phase_after, policy.guide_phase_until)]
        if self._kinds:
            self._phases.append((policy.guide_again_after, policy.guide_again_until))
        self._best = 0.0
        """The share of the examples on which the best program behind the last costs is right."""
        self._weighted: WeightedGrammar | None = None
        """The last costs."""
        self._near = 0.0
        """The share of the examples on which the best enumerated program so far is right."""
        self._planted: set[tuple[int, ...]] = set()

    # --- when ---------------------------------------------------------------------------------------------------

    def due(self, loading: float, near: float, cost: int) -> bool:
        """Whether the guide should run now.

        Args:
            loading: seconds spent on loading what the search needs.
            near: the share of the examples on which the best enumerated program is right.
            cost: the cost that enumeration has reached: the simplest programs come first, even if a busy machine takes seconds for
                them.
        """
        clock, pool = self.run.clock, self.run.pool
        elapsed = clock.elapsed
        if self._decoders and elapsed < self._phase_begins:
            return self._owed(elapsed, near) > SLICE
        if not self._phases:
            return False
        patience = 1 if cost > SIMPLEST else 3
        late = bool(pool.suspects) or elapsed - loading >= patience * self._phase_begins
        if self._kinds and self._asked is None and isinstance(self.phase.guide, Bridged):
            late = late or self.request.at_once or self.run.stats.programs_tried >= self.policy.guide_after
            return late and (pool.open or pool.doubted)
        return late and pool.open

    @property
    def _phase_begins(self) -> float:
        """Seconds from the start of the search to the next search with the guide's costs."""
        return self._phases[0][0] * self.run.clock.seconds if self._phases else float("inf")

    def _owed(self, elapsed: float, near: float) -> float:
        """Seconds of its share that decoding has not used yet."""
        assert self._asked is not None
        policy = self.policy
        brought = max(d.run.share for d in self._decoders)
        self._near = max(self._near, near)
        named, spent = self.request.at_once, elapsed / self.run.clock.seconds
        if named and self._slow:
            return policy.named_without_kernels * (elapsed - self._asked) - self._decoded
        share = policy.named_least if named else policy.decoding_least
        if brought > 0:
            grown = 1.0 if named else min(1.0, spent / policy.decoding_grown)
            share += grown * (policy.decoding_most - share) * brought**2 / (brought**2 + self._near**2)
        elif self._near > 0:  # only enumeration is successful so far
            share -= (share - policy.decoding_least) * min(1.0, spent)
        return share * (elapsed - self._asked) - self._decoded

    @property
    def _decoded(self) -> float:
        """Seconds that decoding has used so far."""
        return sum(use.seconds for use in self._uses)

    @property
    def _wait(self) -> float:
        """Seconds of decoding after which the next kind of decoder begins."""
        return self.policy.decoder_handicap * self.run.clock.seconds

    # --- a turn -------------------------------------------------------------------------------------------------

    def turn(self, near: float) -> Iterator[RunnerStep]:
        """Do what is due: ask the guide, decode, or search with its costs."""
        begun = stopwatch()
        try:
            if self._kinds and self._asked is None and isinstance(self.phase.guide, Bridged):
                yield from self._begin()
            elif self._decoders and self.run.clock.elapsed < self._phase_begins:
                yield from self._decode(min(TURN, self._owed(self.run.clock.elapsed, near)))
                if (
                    self._functions is not None
                    and self.run.uses[BodyDecoding.name].seconds < FUNCTIONS_LATER * self._decoded
                ):
                    yield from self._bodies(TURN / 2)
            else:
                yield from self._search()
        finally:
            self.seconds += stopwatch() - begun

    def _begin(self) -> Iterator[RunnerStep]:
        """Load a guide of tokens, and decode the likeliest programs."""
        clock, guide = self.run.clock, self.phase.guide
        begun = clock.elapsed
        self._asked = begun
        self.run.say(Doing.GUIDE)
        assert isinstance(guide, Bridged)
        try:
            self._bridge = guide.bridged()
            if self._bridge is None:
                return
            self._make()
        except InputError as error:
            self._phases.clear()
            self.run.trace.append({"guide": guide.name, "error": str(error)})
            return
        self._weighted = replace(uniform(self.request.grammar), share=0.0)
        self.run.note_guide(self._weighted, clock.elapsed - begun)
        self._asked = clock.elapsed
        if self.request.at_once:
            yield from self._named()
        else:
            first = min(self.policy.decoding_first, clock.seconds / 20)
            self.run.wait_longer(first)
            yield from self._decode(first)

    def _named(self) -> Iterator[RunnerStep]:
        """The first turn of a guide that the user named: numbers of programs rather than seconds, so that a slow or busy machine tries the
        same ones before enumeration begins. A fast one decodes further programs until half of the time is over."""
        policy, seconds = self.policy, self.run.clock.seconds
        begun = clock_seconds()
        first = min(policy.named_first, policy.named_most * seconds)
        self.run.wait_longer(first)
        self._others_wait = True
        for programs, bodies in policy.named_turns:
            yield from self._decode(begun + first - clock_seconds(), programs)
            yield from self._bodies(begun + first - clock_seconds(), bodies)
            # where no function can make the outputs, whole programs get the turn of bodies
            unused = max(0, bodies - self.run.uses.get(BodyDecoding.name, StrategyUse()).tried)
            yield from self._decode(begun + first - clock_seconds(), programs + unused)
        yield from self._decode(begun + first / 2 - clock_seconds())
        self._others_wait = False
        self.postpone(clock_seconds() - begun)

    def postpone(self, seconds: float) -> None:
        """Begin and end later searches with the guide's costs so many seconds later, because another turn took them."""
        spent = seconds / self.run.clock.seconds
        self._phases = [(after + spent, until + spent) for after, until in self._phases]

    def _make(self) -> None:
        """The next kind of decoder."""
        assert self._bridge is not None
        kind = self._kinds[self._made]
        self._made += 1
        beside = kind.beside(replace(self.request, sequence=self._bridge.guide), self.run, self._known)
        weight = 1.0 if self._decoders else self.policy.decoder_first
        decoder = _Decoder(f"decoding ({kind.name})", beside, iter(beside), weight)
        self._decoders.append(decoder)
        self._uses.append(decoder.use)
        self.run.uses[decoder.name] = decoder.use

    def _bodies(self, seconds: float, programs: float = math.inf) -> Iterator[Step]:
        """Steps for some seconds, or until so many programs were tried, that decode the bodies of functions."""
        if seconds <= 0:
            return
        assert self._bridge is not None
        name, until = BodyDecoding.name, clock_seconds() + seconds
        use = self.run.uses.setdefault(name, StrategyUse())
        if self._functions is None:
            self._functions = iter(BodyDecoding(self.request, self._bridge.guide, self.run))
            self._uses.append(use)
        with closing(timed(name, self._functions, self.run.uses)) as steps:
            for step in steps:
                yield step
                if clock_seconds() >= until or use.tried >= programs:
                    return

    def _decode(self, seconds: float, programs: float = math.inf) -> Iterator[Step]:
        """Steps of the decoders for some seconds, or until the first of them has tried so many programs."""
        until = clock_seconds() + seconds
        if memory_mb() > self.policy.decoding_memory * 1000 * self.request.limits.max_memory:
            self._decoders.clear()  # the banks need the memory
        elif self._made < len(self._kinds) and self._decoded >= self._made * self._wait and not self._others_wait:
            self._make()
        while self._decoders and self._decoders[0].run.tried < programs and (left := until - clock_seconds()) > 0:
            decoder = min(self._decoders, key=lambda d: d.order)
            yield from self._slice(decoder, clock_seconds() + min(max(left / 2, SLICE), left), programs)
            yield PULSE

    def _slice(self, decoder: _Decoder, until: float, programs: float) -> Iterator[Step]:
        whole = len(self.run.pool.examples)
        steps = timed(decoder.name, decoder.steps, {decoder.name: decoder.use})
        for step in steps:
            if isinstance(step, Candidate):
                # right on some examples: recorded; right on all after thousands were tried: as likely a coincidence as any
                sure = decoder.run.most_right < whole or decoder.run.tried <= self.policy.guide_writes
                step = replace(
                    step,
                    cost=step.program.size,
                    source=f"{decoder.name} by {self.phase.guide.name}",
                    leaves=cases(step.program),
                    guide_proposed=sure,
                )
            yield step
            if clock_seconds() >= until or decoder.run.tried >= programs:
                return
        self._decoders.remove(decoder)  # it has tried every program within its limits

    def _search(self) -> Iterator[RunnerStep]:
        """A search with the guide's costs, from what is known by now."""
        clock, pool = self.run.clock, self.run.pool
        _, until = self._phases.pop(0)
        if self._bridge is None:
            self._phases.clear()
            self.run.say(Doing.GUIDE)
            answer = self.phase.ask(clock.left)
            self.run.trace += answer.rows
        else:
            answer = self._weigh(self._bridge)
        self.run.note_guide(answer.weighted or self._weighted, answer.seconds)
        self._weighted = answer.weighted or self._weighted
        for step in answer.steps:  # noqa: UP028  # a tuple's iterator takes no decisions
            yield step
        if answer.promising and pool.open and not pool.suspects:
            yield from self.phase.search(answer, until * clock.seconds - clock.elapsed, self.run)

    def _weigh(self, bridge: Bridge) -> GuideAnswer:
        """Costs from what was decoded and enumerated so far; none if no better partial solution was found since the last."""
        begun = stopwatch()
        found = [d for decoder in self._decoders for d in decoder.run.partial()[:COUNTED]]
        found += self._enumerated()
        best = max((d.share for d in found), default=0.0)
        if best <= self._best:
            return GuideAnswer(stopwatch() - begun, rows=({"guide": self.phase.guide.name, "share": best},))
        self._best = best
        weighted: WeightedGrammar = bridge.weighted(self.request.task, self.request.grammar, found)
        return GuideAnswer(stopwatch() - begun, replace(weighted, found=(), tried=0))

    # --- for the banks ------------------------------------------------------------------------------------------

    def partial(self) -> list[Program]:
        """Decoded programs that are right on some of the examples and were not given to the banks before."""
        found: list[Program] = []
        for decoder in self._decoders:
            for decoded in decoder.run.partial():
                if decoded.share > 0 and decoded.tokens not in self._planted and len(found) < PLANTED:
                    self._planted.add(decoded.tokens)
                    found.append(decoded.program)
        return found

    def forget(self) -> None:
        """The banks restart: give them everything again."""
        self._planted.clear()
