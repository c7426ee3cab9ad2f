"""The turn of a value guide: the search builds on the values that the guide scores closest to the goal, as if they were inputs.

BUSTLE (Odena et al., ICLR 2021) lowers the cost of values that a model considers parts of a solution. Completed levels cannot change
any more, and a model scores about ten values in a millisecond in which compiled loops compute thousands. The cheapest values of the
banks are therefore scored once, the best of them are planted at the lowest cost of a search alongside, and this search then continues.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from neurosynth.engine.backends.base import Backend
from neurosynth.engine.store.value_store import ValueStore
from neurosynth.guides.base import ValueGuide
from neurosynth.language.grammar import Nonterminal
from neurosynth.language.primitive import UNDEFINED
from neurosynth.search.base import SearchRequest
from neurosynth.search.config import PortfolioConfig
from neurosynth.search.passes import Passes
from neurosynth.search.runner import Runner, RunnerStep
from neurosynth.search.strategies.beside import Nested, beside
from neurosynth.values.registry import is_known
from neurosynth.values.types import TypeConstructor
from neurosynth.work_clock import clock_seconds, stopwatch

__all__ = ["JudgedValues", "ValueTurn", "cheapest"]

_BATCH = 256
"""Number of values scored between two checks of the clock."""


@dataclass(frozen=True, slots=True)
class JudgedValues:
    """A value in the banks."""

    target: Nonterminal
    entry: int
    outputs: tuple[object, ...]
    """Its values on the examples of the search."""


class ValueTurn:
    """Asks the value guide of a request once, and searches with the values that it prefers."""

    def __init__(self, request: SearchRequest, run: Runner, nested: Nested, policy: PortfolioConfig) -> None:
        """``nested`` runs a search like the one that ``run`` runs."""
        assert request.values is not None
        self.request, self.run, self.nested, self.policy = request, run, nested, policy
        self.guide: ValueGuide = request.values
        self.seconds = 0.0
        """Seconds that the turn took."""
        self._done = False

    @property
    def due(self) -> bool:
        """Whether the guide should run now: once, after some programs and a share of the time, if nothing was found."""
        clock, policy = self.run.clock, self.policy
        waited = self.run.stats.programs_tried >= policy.values_after or clock.elapsed >= (
            policy.values_after_share * clock.seconds
        )
        return not self._done and waited and self.run.pool.open and not self.run.pool.suspects

    def turn(self, backend: Backend, passes: Passes) -> Iterator[RunnerStep]:
        """Score the cheapest values, and search alongside with the best of them planted."""
        self._done = True
        begun, clock = stopwatch(), self.run.clock
        best = self._best(backend.store, passes)
        if best:
            seconds = self.policy.values_share * clock.seconds
            planted = tuple((j.target, backend.store.program(j.target, j.entry), 1) for j in best)
            request = replace(self.request, grammar=backend.store.grammar, planted=planted)
            yield from beside(request, seconds, self.run, self.nested, by=self.guide.name, what="values")
        self.seconds = stopwatch() - begun

    def _best(self, store: ValueStore, passes: Passes) -> list[JudgedValues]:
        """The values with the fewest missing bits, as many as are planted."""
        examples = [passes.examples[i] for i in passes.chosen]
        task = replace(self.request.task, examples=examples)
        until = clock_seconds() + self.policy.values_seconds * self.run.clock.seconds
        found = cheapest(store, self.policy.values_judged)
        bits: list[float] = []
        for start in range(0, len(found), _BATCH):
            if clock_seconds() > until:
                break
            some = found[start : start + _BATCH]
            bits += self.guide.bits(task, [(_type(j), j.outputs) for j in some]).tolist()
            self.run.tick()
        order = np.argsort(np.array(bits), kind="stable")[: self.policy.values_planted].tolist()
        self.run.trace.append({"guide": self.guide.name, "judged": len(bits), "planted": len(order)})
        return [found[i] for i in order]


def _type(judged: JudgedValues) -> TypeConstructor:
    assert isinstance(judged.target.type, TypeConstructor)
    return judged.target.type


def cheapest(store: ValueStore, most: int) -> list[JudgedValues]:
    """Values of closed programs that apply something, and are defined on every example, the cheapest first; at the last cost that fits,
    an evenly spread part."""
    targets = [n for n in store.banks if not n.scope and isinstance(n.type, TypeConstructor) and is_known(n.type)]
    costs = sorted({cost for n in targets for cost in store.banks[n].ranges})
    found: list[JudgedValues] = []
    seen: set[tuple[str, tuple[object, ...]]] = set()
    for cost in costs:
        spans = [(n, *store.banks[n].range(cost)) for n in targets]
        total, room = sum(end - start for _, start, end in spans), most - len(found)
        if room <= 0:
            break
        step = max(1, -(-total // room))  # a level may have millions
        for n, entry in ((n, e) for n, start, end in spans for e in range(start, end, step)):
            if not store.production_of(n, entry).arguments:
                continue
            outputs = store.values(n, entry)
            key = str(n.type), outputs
            if key not in seen and not any(v is UNDEFINED for v in outputs):
                seen.add(key)
                found.append(JudgedValues(n, entry, outputs))
    return found
