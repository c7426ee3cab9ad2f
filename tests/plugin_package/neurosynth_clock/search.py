"""The search ``top-down``: unfinished programs in a queue, the cheapest first; limits, checks and progress are the runner's."""

import heapq
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from neurosynth import Grammar, Outcome, Program, SearchRequest
from neurosynth.language.grammar import Nonterminal, Production
from neurosynth.search.candidates import Candidate, Tried
from neurosynth.search.runner import Runner


@dataclass(frozen=True, kw_only=True)
class TopDown:
    """Fills the first hole of the cheapest unfinished program in every way there is."""

    name: str = field(default="top-down", init=False)
    needs: Literal["rules"] = field(default="rules", init=False)
    pulse: int = 64
    """Unfinished programs between two looks at the clock."""

    def run(self, request: SearchRequest) -> Outcome:
        """Search until a limit, a solution or exhaustion."""
        return Runner(request, source=self.name).run(self.steps(request.grammar))

    def steps(self, grammar: Grammar) -> Iterator[Candidate | Tried]:
        """Every program in the order of costs."""
        order = itertools.count()  # of those that cost the same, the one that was there first
        queue: list[tuple[int, int, tuple[Production, ...], tuple[Nonterminal, ...]]]
        queue = [(0, next(order), (), (grammar.start,))]
        while queue:
            cost, number, done, holes = heapq.heappop(queue)
            if not number % self.pulse:
                yield Tried(0)
            if not holes:
                yield Candidate(built(list(done)), cost)
                continue
            for production in grammar.by_target[holes[0]]:
                wider = (*production.arguments, *holes[1:])
                # a hole costs one at least
                total = cost + production.cost + len(wider) - len(holes)
                heapq.heappush(queue, (total, next(order), (*done, production), wider))


def built(productions: list[Production]) -> Program:
    """The program of some productions in prefix order; takes them from the list."""
    production = productions.pop(0)
    return production.build([built(productions) for _ in production.arguments])
