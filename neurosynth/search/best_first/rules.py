"""A weighted grammar made ready for enumeration: whole-number costs, unit productions folded away, at most two parts a rule.

Letters: ``S`` symbols, the first of them the non-terminals, the others *tuples* of non-terminals; ``R`` rules, the first of
them the productions; ``A`` the most arguments a production has.  A production of three and more arguments is a rule over
its first argument and the tuple of the others, which has one rule of its own.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import networkx as nx
import numpy as np

from neurosynth.errors import InputError
from neurosynth.guides.base import WeightedGrammar
from neurosynth.language.grammar import Grammar, Nonterminal, Production, Unit

__all__ = ["HIGHEST", "Rules", "possible", "rules_of"]

HIGHEST = 60.0
"""Nats. Less likely productions count as this unlikely, so that costs stay small numbers."""


@dataclass(frozen=True, eq=False)
class Rules:
    """Rules as arrays, sorted by target."""

    grammar: Grammar
    """Useful productions only, their costs in units of the resolution, without unit productions."""
    symbols: tuple[tuple[Nonterminal, ...], ...]
    """(S,) what each symbol stands for: one non-terminal, or a tuple of several."""
    first: np.ndarray
    """(S + 1,) int64, the first rule of each symbol."""
    weight: np.ndarray
    """(R,) int64, cost of the rule itself."""
    arity: np.ndarray
    """(R,) int64, 0, 1 or 2 parts."""
    parts: np.ndarray
    """(R, 2) int64, symbols of the parts, 0 where there is none."""
    sizes: np.ndarray
    """(productions,) int64, arguments of each."""
    chain: np.ndarray
    """(productions, A + A) int64: the symbol of each argument; then, from the second on, that of it and all that follow."""
    least: np.ndarray
    """(S,) int64, cost of the cheapest program of each symbol."""
    delay: np.ndarray
    """(S,) int64, cost of the cheapest program around a symbol: its programs of cost c are needed when those of the start
    symbol have come to c + delay."""
    order: np.ndarray
    """(S,) int64, symbols so that none needs a later one's programs of the same moment."""

    @property
    def width(self) -> int:
        """A, at least 1."""
        return int(self.chain.shape[1]) // 2


def rules_of(weighted: WeightedGrammar, resolution: float) -> Rules:
    """The rules of a weighted grammar at ``resolution`` nats a unit of cost.

    A production costs ``round(-log p / resolution)`` but at least 1; nothing if it is certain (p = 1).  Impossible ones (p = 0)
    are left out.

    Raises:
        InputError: for a resolution that is not positive, probabilities that are none, and when no program is left.
    """
    if not 0 < resolution < math.inf:
        raise InputError(f"resolution is {resolution}; allowed: a positive number of nats")
    costs = _costs(weighted, resolution)
    productions = _useful(weighted.grammar.start, _folded(weighted.grammar, costs))
    productions = _without_free_cycles(productions)
    grammar = replace(weighted.grammar, productions=tuple(productions), declared=())
    return _arrays(grammar)


def _costs(weighted: WeightedGrammar, resolution: float) -> list[int | None]:
    """Units of each production; None for impossible ones."""
    logprobs = np.asarray(weighted.logprobs, np.float64)
    productions = weighted.grammar.productions
    if logprobs.shape != (len(productions),):
        raise InputError(
            f"log-probabilities have shape {logprobs.shape}; allowed: ({len(productions)},), one a production of the grammar"
        )
    for i in np.flatnonzero(np.isnan(logprobs) | (logprobs > 1e-9)).tolist():
        raise InputError(f"the log-probability of {productions[i]} is {logprobs[i]}; allowed: 0 or less, in nats")
    nats = np.minimum(-logprobs, HIGHEST)
    units = np.where(nats <= 1e-12, 0, np.maximum(1, np.rint(nats / resolution))).astype(np.int64).tolist()
    return [None if lp == -math.inf else u for lp, u in zip(logprobs.tolist(), units, strict=True)]


def _folded(grammar: Grammar, costs: Sequence[int | None]) -> list[Production]:
    """Productions with costs; units replaced by what the cheapest chain of them leads to, each once."""
    own: dict[Nonterminal, list[Production]] = {n: [] for n in grammar.nonterminals}
    units: dict[Nonterminal, list[tuple[int, Nonterminal]]] = {n: [] for n in grammar.nonterminals}
    for production, cost in zip(grammar.productions, costs, strict=True):
        if cost is None:
            continue
        if isinstance(production.head, Unit):
            units[production.target].append((cost, production.arguments[0]))
        else:
            own[production.target].append(replace(production, cost=cost))
    folded: list[Production] = []
    for n in grammar.nonterminals:
        found: dict[tuple[Any, ...], Production] = {}
        for extra, source in _chains(n, units):
            for p in own[source]:
                key = (p.head, p.arguments)
                if key not in found or p.cost + extra < found[key].cost:
                    found[key] = replace(p, target=n, cost=p.cost + extra)
        folded += found.values()
    return folded


def _chains(
    start: Nonterminal, units: dict[Nonterminal, list[tuple[int, Nonterminal]]]
) -> list[tuple[int, Nonterminal]]:
    """Non-terminals that chains of units lead to, with the cost of the cheapest (Dijkstra)."""
    done: dict[Nonterminal, int] = {}
    heap = [(0, 0, start)]
    pushed = 1
    while heap:
        cost, _, n = heapq.heappop(heap)
        if n in done:
            continue
        done[n] = cost
        for more, target in units[n]:
            heapq.heappush(heap, (cost + more, pushed, target))
            pushed += 1
    return [(cost, n) for n, cost in done.items()]


def possible(weighted: WeightedGrammar) -> list[int]:
    """Positions of the productions that some program of the start symbol or another has with a probability above 0.

    Raises:
        InputError: when the start symbol has no such program.
    """
    alive = [i for i, lp in enumerate(np.asarray(weighted.logprobs).tolist()) if lp > -math.inf]
    least = _least([weighted.grammar.productions[i] for i in alive])
    _some(weighted.grammar.start, least)
    return [i for i in alive if all(a in least for a in weighted.grammar.productions[i].arguments)]


def _some(start: Nonterminal, least: Mapping[Nonterminal, int]) -> None:
    if start not in least:
        raise InputError(
            f"the probabilities leave no program of {start.name!r}: every one needs a production of probability 0; "
            "smooth the guide's counts"
        )


def _useful(start: Nonterminal, productions: list[Production]) -> list[Production]:
    """Productions that programs of the start symbol can have."""
    least = _least(productions)
    _some(start, least)
    kept = [p for p in productions if all(a in least for a in p.arguments)]
    reached, queue = {start}, [start]
    by_target: dict[Nonterminal, list[Production]] = {}
    for p in kept:
        by_target.setdefault(p.target, []).append(p)
    for n in queue:  # grows while it is walked
        for a in (a for p in by_target[n] for a in p.arguments):
            if a not in reached:
                reached.add(a)
                queue.append(a)
    return [p for n in queue for p in by_target[n]]


def _least(productions: Sequence[Production]) -> dict[Nonterminal, int]:
    """Cost of the cheapest program of each non-terminal that has one."""
    number: dict[Nonterminal, int] = {}
    steps = [
        (number.setdefault(p.target, len(number)), p.cost, [number.setdefault(a, len(number)) for a in p.arguments])
        for p in productions
    ]
    least: list[int | float] = [math.inf] * len(number)
    improved = True
    while improved:
        improved = False
        for target, cost, arguments in steps:
            total: int | float = cost
            for a in arguments:
                total += least[a]
            if total < least[target]:
                least[target], improved = total, True
    return {n: int(least[i]) for n, i in number.items() if least[i] < math.inf}


def _without_free_cycles(productions: list[Production]) -> list[Production]:
    """Productions that lead back to their target at no cost get cost 1: no cost has infinitely many programs then."""
    least = _least(productions)
    graph = nx.DiGraph()
    for p in productions:
        if p.cost == 0:
            for j, a in enumerate(p.arguments):
                if not any(least[b] for b in p.arguments[:j] + p.arguments[j + 1 :]):
                    graph.add_edge(p.target, a)
    cycles = [c for c in nx.strongly_connected_components(graph) if len(c) > 1 or any(graph.has_edge(n, n) for n in c)]
    if not cycles:
        return productions
    looping = set().union(*cycles)
    return [
        replace(p, cost=1) if p.cost == 0 and p.target in looping and looping.intersection(p.arguments) else p
        for p in productions
    ]


def _arrays(grammar: Grammar) -> Rules:
    number: dict[tuple[Nonterminal, ...], int] = {}
    for p in grammar.productions:
        number.setdefault((p.target,), len(number))
    productions = grammar.productions
    sizes = [len(p.arguments) for p in productions]
    width = max([1, *sizes])
    for p in productions:
        for j in range(1, len(p.arguments) - 1):
            number.setdefault(p.arguments[j:], len(number))
    symbols = tuple(number)
    rules = [(number[p.target,], p.cost, _parts(p.arguments)) for p in productions]
    rules += [(number[s], 0, _parts(s)) for s in symbols if len(s) > 1]
    targets = np.array([t for t, _, _ in rules], np.int64)
    parts = np.zeros((len(rules), 2), np.int64)
    chain = np.zeros((len(productions), 2 * width), np.int64)
    for i, (_, _, inner) in enumerate(rules):
        parts[i, : len(inner)] = [number[s] for s in inner]
    for i, p in enumerate(productions):
        chain[i, : sizes[i]] = [number[a,] for a in p.arguments]
        chain[i, width + 1 : width + sizes[i]] = [number[p.arguments[j:]] for j in range(1, sizes[i])]
    first = np.searchsorted(targets, np.arange(len(symbols) + 1))
    weight = np.array([w for _, w, _ in rules], np.int64)
    arity = np.array([len(inner) for _, _, inner in rules], np.int64)
    least = _least_of(number, grammar)
    steps = [(t, w, [number[s] for s in inner]) for t, w, inner in rules]
    delay = _delays(len(symbols), steps, least)
    order = _order(steps, least, delay)
    counted = np.array(sizes, np.int64)
    return Rules(grammar, symbols, first, weight, arity, parts, counted, chain, np.array(least, np.int64), delay, order)


def _parts(arguments: tuple[Nonterminal, ...]) -> list[tuple[Nonterminal, ...]]:
    """The first argument, and the tuple of the others."""
    return [part for part in (arguments[:1], arguments[1:]) if part]


def _least_of(number: dict[tuple[Nonterminal, ...], int], grammar: Grammar) -> list[int]:
    least = _least(grammar.productions)
    return [sum(least[n] for n in symbol) for symbol in number]


Step = tuple[int, int, list[int]]
"""A rule: symbol, weight, symbols of its parts."""


def _delays(count: int, steps: Sequence[Step], least: Sequence[int]) -> np.ndarray:
    """Cost of the cheapest program around each symbol (Dijkstra from the start symbol down)."""
    below: list[list[tuple[int, int]]] = [[] for _ in range(count)]
    for target, weight, parts in steps:
        for j, part in enumerate(parts):
            below[target].append((part, weight + sum(least[q] for q in parts[:j] + parts[j + 1 :])))
    delay = np.full(count, -1, np.int64)
    heap = [(0, 0)]
    while heap:
        cost, symbol = heapq.heappop(heap)
        if delay[symbol] < 0:
            delay[symbol] = cost
            for part, more in below[symbol]:
                heapq.heappush(heap, (cost + more, part))
    return delay


def _order(steps: Sequence[Step], least: Sequence[int], delay: np.ndarray) -> np.ndarray:
    """The later needed first; of those needed at the same moment, parts before what they are parts of."""
    graph = nx.DiGraph()
    graph.add_nodes_from(range(len(delay)))
    for target, weight, parts in steps:
        for j, part in enumerate(parts):
            if weight + sum(least[q] for q in parts[:j] + parts[j + 1 :]) == 0:
                graph.add_edge(part, target)
    rank = {symbol: i for i, symbol in enumerate(nx.lexicographical_topological_sort(graph))}
    return np.array(sorted(range(len(delay)), key=lambda s: (-delay[s], rank[s])), np.int64)
