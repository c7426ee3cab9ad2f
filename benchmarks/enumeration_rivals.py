"""Two ways to enumerate best-first in plain Python, to measure against: heap search, and cost tuples.

Both take exact probabilities, give each derivation once in order of cost, and keep every program: as nested tuples of
productions with shared parts.
"""

from __future__ import annotations

import heapq
import itertools
import math
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from neurosynth.guides.base import WeightedGrammar
from neurosynth.language.grammar import Nonterminal

__all__ = ["RIVALS", "CostTuples", "HeapSearch", "RivalRules"]

Tree = tuple[Any, ...]
"""A production's position and the trees of its arguments."""


@dataclass(frozen=True)
class RivalRules:
    """Productions of each non-terminal: position, cost in nats, arguments."""

    start: Nonterminal
    of: dict[Nonterminal, list[tuple[int, float, tuple[Nonterminal, ...]]]]

    @staticmethod
    def read(weighted: WeightedGrammar) -> RivalRules:
        """From a weighted grammar."""
        of: dict[Nonterminal, list[tuple[int, float, tuple[Nonterminal, ...]]]] = defaultdict(list)
        for i, (p, logprob) in enumerate(zip(weighted.grammar.productions, weighted.logprobs.tolist(), strict=True)):
            of[p.target].append((i, -logprob, p.arguments))
        return RivalRules(weighted.grammar.start, dict(of))


class HeapSearch:
    """Heap search: for each non-terminal a heap of candidates; a program's successors change one argument to its next.

    Fijalkow et al., "Scaling Neural Program Synthesis with Distribution-based Search", AAAI 2022.  Programs are numbers into
    one list of (production, numbers of arguments), so that comparing and hashing them costs nothing.
    """

    def __init__(self, rules: RivalRules) -> None:
        self.rules = rules
        self.nodes: list[tuple[int, tuple[int, ...]]] = []
        self.costs: list[float] = []
        self.number: dict[tuple[int, tuple[int, ...]], int] = {}
        self.heaps: dict[Nonterminal, list[tuple[float, int]]] = {n: [] for n in rules.of}
        self.seen: dict[Nonterminal, set[int]] = {n: set() for n in rules.of}
        self.next: dict[Nonterminal, dict[int, int | None]] = {n: {} for n in rules.of}
        self.arguments = {i: arguments for ps in rules.of.values() for i, _, arguments in ps}
        self.own = {i: cost for ps in rules.of.values() for i, cost, _ in ps}
        best: dict[Nonterminal, int] = {}
        for _ in rules.of:  # a cheapest program is no deeper than there are non-terminals
            for n, productions in rules.of.items():
                ready = [(i, a) for i, _, a in productions if all(x in best for x in a)]
                found = [self._make(i, tuple(best[x] for x in a)) for i, a in ready]
                best[n] = min(found, key=self.costs.__getitem__, default=best.get(n, -1))
            best = {n: p for n, p in best.items() if p >= 0}
        for n, productions in rules.of.items():
            for i, _, arguments in productions:
                self._push(n, self._make(i, tuple(best[x] for x in arguments)))

    def _make(self, production: int, parts: tuple[int, ...]) -> int:
        node = (production, parts)
        if node not in self.number:
            self.number[node] = len(self.nodes)
            self.nodes.append(node)
            self.costs.append(self.own[production] + sum(self.costs[p] for p in parts))
        return self.number[node]

    def _push(self, n: Nonterminal, program: int) -> None:
        if program not in self.seen[n]:
            self.seen[n].add(program)
            heapq.heappush(self.heaps[n], (self.costs[program], program))

    def after(self, n: Nonterminal, program: int) -> int | None:
        """The program that follows; -1 asks for the first."""
        known = self.next[n]
        if program not in known:
            if not self.heaps[n]:
                known[program] = None
                return None
            found = heapq.heappop(self.heaps[n])[1]
            known[program] = found
            production, parts = self.nodes[found]
            for j, argument in enumerate(self.arguments[production]):
                if not self.next[argument]:
                    self.after(argument, -1)
                following = self.after(argument, parts[j])
                if following is not None:
                    self._push(n, self._make(production, (*parts[:j], following, *parts[j + 1 :])))
        return known[program]

    def costs_in_order(self) -> Iterator[float]:
        """Costs of the programs as they come."""
        program = self.after(self.rules.start, -1)
        while program is not None:
            yield self.costs[program]
            program = self.after(self.rules.start, program)


Step = tuple[Nonterminal, int, int, tuple[Nonterminal, ...], tuple[int, ...]]
"""A cost tuple: non-terminal, production, its cost, its arguments, and for each the place of a level."""
UNIT = 1e-9
"""Nats a unit of the costs of cost tuples: whole numbers, so that equal costs are equal however they are summed."""


class CostTuples:
    """Levels of equal cost, made from tuples of the arguments' levels in a queue; every program is kept in its level.

    Ameen and Lelis, "Program Synthesis with Best-First Bottom-Up Search", JAIR 77, 2023, and Matricon, Fijalkow and Lagarde,
    "EcoSearch", AAAI 2025, differ in when they look at a tuple; here it is as soon as the levels it names are known, and a
    non-terminal's levels are made when the start symbol can first need them.
    """

    def __init__(self, rules: RivalRules) -> None:
        of = {n: [(i, round(cost / UNIT), a) for i, cost, a in productions] for n, productions in rules.of.items()}
        self.start = rules.start
        self.turn = turns(rules.start, of)
        self.levels: dict[Nonterminal, list[tuple[int, list[Tree]]]] = {n: [] for n in of}
        self.waiting: dict[tuple[Nonterminal, int], list[Step]] = defaultdict(list)
        self.order = itertools.count()
        self.queue: list[tuple[int, int, int, int, Step]] = []
        for n, productions in of.items():
            for i, cost, arguments in productions:
                self._offer((n, i, cost, arguments, (0,) * len(arguments)))

    def _offer(self, step: Step) -> None:
        n, _, cost, arguments, places = step
        for argument, place in zip(arguments, places, strict=True):
            if place >= len(self.levels[argument]):
                self.waiting[argument, place].append(step)
                return
            cost += self.levels[argument][place][0]
        delay, turn = self.turn[n]
        heapq.heappush(self.queue, (cost + delay, turn, next(self.order), cost, step))

    def costs_in_order(self) -> Iterator[float]:
        """Costs of the programs as they come."""
        while self.queue:
            _, _, _, cost, (n, i, own, arguments, places) = heapq.heappop(self.queue)
            pools = [self.levels[a][k][1] for a, k in zip(arguments, places, strict=True)]
            made = [(i, *parts) for parts in itertools.product(*pools)]
            levels = self.levels[n]
            if levels and levels[-1][0] == cost:
                levels[-1][1].extend(made)
            else:
                levels.append((cost, made))
                for step in self.waiting.pop((n, len(levels) - 1), ()):
                    self._offer(step)
            # each tuple is reached once: by raising its last place that is not 0, from the one before
            first = max((j for j, k in enumerate(places) if k), default=0)
            for j in range(first, len(places)):
                self._offer((n, i, own, arguments, (*places[:j], places[j] + 1, *places[j + 1 :])))
            if n == self.start:
                yield from itertools.repeat(cost * UNIT, len(made))


def turns(
    start: Nonterminal, of: dict[Nonterminal, list[tuple[int, int, tuple[Nonterminal, ...]]]]
) -> dict[Nonterminal, tuple[int, int]]:
    """For each non-terminal the cost of the cheapest program around it, and its turn among those that come at once.

    Parts come before what they are parts of: a level must be whole before it is used.
    """
    least: dict[Nonterminal, float] = dict.fromkeys(of, math.inf)
    delay: dict[Nonterminal, float] = dict.fromkeys(of, math.inf) | {start: 0}
    inner = dict.fromkeys(of, 0)
    for _ in range(3 * len(of)):  # enough for all to settle
        for n, productions in of.items():
            for _, cost, arguments in productions:
                whole = cost + sum(least[a] for a in arguments)
                least[n] = min(least[n], whole)
                for a in arguments if whole < math.inf else ():
                    delay[a] = min(delay[a], delay[n] + whole - least[a])
    for _ in of:
        for n, productions in of.items():
            for _, cost, arguments in productions:
                whole = cost + sum(least[a] for a in arguments)
                for a in arguments:
                    if whole == least[a]:  # nothing else costs anything
                        inner[a] = max(inner[a], inner[n] + 1)
    ranked = sorted(of, key=lambda n: (-delay[n], -inner[n]))
    return {n: (int(delay[n]), turn) for turn, n in enumerate(ranked)}


RIVALS: dict[str, Callable[[RivalRules], HeapSearch | CostTuples]] = {
    "heap search": HeapSearch,
    "cost tuples": CostTuples,
}
