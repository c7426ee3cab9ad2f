"""The phase of a deferred guide: it is asked once the easy programs were tried, and its costs drive a second search alongside.
Restarting with the guide's costs, and again without them if they did not help, lost a third of the tasks that need trees of many
different terms. A wrong guide may cost its phase, but not what was enumerated before.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from neurosynth.errors import InputError
from neurosynth.guides.base import WeightedGrammar, within
from neurosynth.guides.costs import production_costs
from neurosynth.ranking.agreement import cases
from neurosynth.search.base import SearchRequest
from neurosynth.search.candidates import Candidate, Step, Tried
from neurosynth.search.runner import Runner, RunnerStep
from neurosynth.search.strategies.beside import Nested, beside
from neurosynth.work_clock import clock_seconds

__all__ = ["GuideAnswer", "GuidePhase"]


@dataclass(frozen=True, slots=True)
class GuideAnswer:
    """The result of asking a guide."""

    seconds: float
    weighted: WeightedGrammar | None = None
    """None if it cannot guide the task."""
    steps: tuple[Step, ...] = ()
    """The programs that it generated, to be verified."""
    rows: tuple[dict[str, Any], ...] = ()
    """For the trace."""

    @property
    def promising(self) -> bool:
        """Whether its costs are worth a search: not if no generated program is right on any example."""
        return self.weighted is not None and self.weighted.share > 0


class GuidePhase:
    """Asks the deferred guide of a request and searches with its costs."""

    def __init__(self, request: SearchRequest, nested: Nested) -> None:
        """``nested`` runs a similar search without a deferred guide."""
        assert request.deferred is not None
        self.request, self.nested, self.guide = request, nested, request.deferred

    def ask(self, seconds: float) -> GuideAnswer:
        """The guide's probabilities and the programs that it generated, within this many seconds if it supports a limit."""
        begun, name = clock_seconds(), self.guide.name
        try:
            weighted = within(self.guide, seconds).predict(self.request.task, self.request.grammar)
        except InputError as error:
            return GuideAnswer(clock_seconds() - begun, rows=({"guide": name, "error": str(error)},))
        seconds = clock_seconds() - begun
        written: list[Step] = [
            Candidate(p, p.size, f"guide {name}", cases(p), guide_proposed=True, tried=0 if i else weighted.tried)
            for i, p in enumerate(weighted.found)
        ]
        rows: tuple[dict[str, Any], ...] = () if weighted.share else ({"guide": name, "share": 0.0},)
        return GuideAnswer(seconds, weighted, tuple(written or [Tried(weighted.tried)]), rows)

    def search(self, answer: GuideAnswer, seconds: float, run: Runner) -> Iterator[RunnerStep]:
        """A search with the guide's costs for some seconds, alongside the one that asks, which keeps its banks and continues if nothing
        is found."""
        if answer.weighted is None:
            return
        request = replace(self.request, grammar=production_costs(answer.weighted))
        yield from beside(request, seconds, run, self.nested, by=self.guide.name)
