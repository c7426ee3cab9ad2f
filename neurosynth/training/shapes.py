"""The shapes of a grammar's programs by size, which is the number of primitive applications.

Dynamic programming over the inside weights of a probabilistic grammar: for each non-terminal and size, its productions with every way
to share the size among their arguments, each with the weight of all programs below it. Drawn from top to bottom, the probability of a
shape follows from the weights of its productions, among all programs of its size.
"""

from __future__ import annotations

import graphlib
import itertools
from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from random import Random

from neurosynth.errors import InputError
from neurosynth.language.grammar import Grammar, Nonterminal, Production
from neurosynth.language.primitive import Primitive
from neurosynth.language.program import Constant, Input, Variable
from neurosynth.values.types import Arrow

__all__ = ["Choices", "Shapes", "default_weights"]


_TAKES_FUNCTION, _NESTED = 6.0, 2.0
"""Factor for the weight of primitives that take functions, compared with others, outside and under a lambda."""


def default_weights(grammar: Grammar) -> list[float]:
    """One weight for each production: large for inputs, parameters and primitives that take functions, small for expensive ones. The
    instances of a polymorphic primitive together have the weight of one primitive.
    """
    same: dict[tuple[Nonterminal, str], int] = {}
    for p in grammar.productions:
        if isinstance(p.head, Primitive):
            key = (p.target, p.head.name)
            same[key] = same.get(key, 0) + 1
    weights = []
    for p in grammar.productions:
        match p.head:
            case Primitive(name=name) as primitive:
                takes_function = any(isinstance(t, Arrow) for t in primitive.parameters)
                # by arity: otherwise, most programs of a size are chains of functions of one argument
                often = 1.0 if not takes_function else _NESTED if p.target.scope else _TAKES_FUNCTION
                weight = often * (1 + primitive.arity)
                weights.append(weight / (same[p.target, name] * max(p.cost, 1)))
            case Input() | Variable():
                weights.append(12.0)
            case Constant():
                weights.append(2.0 ** (2 - p.cost))
            case _:
                weights.append(6.0)
    return weights


Option = tuple[Production, tuple[int, ...]]
"""A production, and the cell (non-terminal and size) of each of its arguments."""


@dataclass(slots=True)
class Choices:
    """The possible contents of a cell."""

    options: list[Option]
    cumulative: list[float]
    """Cumulative weights of the options."""
    leaves: bool
    """Whether no option applies a primitive: only inputs, variables and constants."""

    def choose(self, rng: Random) -> Option:
        """Draw one of the options by weight."""
        at = bisect(self.cumulative, rng.random() * self.cumulative[-1])
        return self.options[min(at, len(self.options) - 1)]


class Shapes:
    """The cells of a grammar up to a size.

    A *cell* is a number for a non-terminal and a size; :meth:`cell` gives it.

    Args:
        grammar: compiled for a request type.
        weights: (P,) one for each production; those of each non-terminal are scaled to sum to one. largest: the maximum number of
            primitive applications. Raises: InputError: if productions that apply no primitive form a cycle.
    """

    def __init__(self, grammar: Grammar, weights: Sequence[float], largest: int) -> None:
        self.grammar, self.largest = grammar, largest
        self._index = {n: i for i, n in enumerate(grammar.nonterminals)}
        self.choices: list[Choices | None] = [None] * (len(self._index) * (largest + 1))
        """By cell; None if there is no program."""
        totals = dict.fromkeys(grammar.nonterminals, 0.0)
        for production, weight in zip(grammar.productions, weights, strict=True):
            totals[production.target] += weight
        weighted: dict[Nonterminal, list[tuple[Production, float]]] = {n: [] for n in grammar.nonterminals}
        for p, w in zip(grammar.productions, weights, strict=True):
            if w > 0:
                weighted[p.target].append((p, w / totals[p.target]))
        inside = [0.0] * len(self.choices)
        order = _order(grammar)
        for size in range(largest + 1):
            for nonterminal in order:
                cell = self.cell(nonterminal, size)
                inside[cell] = self._fill(cell, size, weighted[nonterminal], inside)

    def cell(self, nonterminal: Nonterminal, size: int) -> int:
        """The number of a non-terminal at a size."""
        return self._index[nonterminal] * (self.largest + 1) + size

    def sizes(self) -> frozenset[int]:
        """The sizes, up to the largest, for which the start symbol has programs."""
        first = self.cell(self.grammar.start, 0)
        return frozenset(size for size in range(self.largest + 1) if self.choices[first + size] is not None)

    def _fill(self, cell: int, size: int, weighted: list[tuple[Production, float]], inside: list[float]) -> float:
        options: list[Option] = []
        weights = []
        for production, weight in weighted:
            first = [self.cell(a, 0) for a in production.arguments]
            for shares in _splits(size - _own(production), len(first)):
                cells = tuple(c + share for c, share in zip(first, shares, strict=True))
                product = weight
                for c in cells:
                    product *= inside[c]
                if product > 0.0:
                    options.append((production, cells))
                    weights.append(product)
        if not options:
            return 0.0
        leaves = not any(isinstance(p.head, Primitive) or p.arguments for p, _ in options)
        self.choices[cell] = Choices(options, list(itertools.accumulate(weights)), leaves)
        return sum(weights)


def _own(production: Production) -> int:
    return 1 if isinstance(production.head, Primitive) else 0


@lru_cache(maxsize=1024)
def _splits(total: int, parts: int) -> tuple[tuple[int, ...], ...]:
    """All ways to write ``total`` as a sum of ``parts`` non-negative numbers."""
    if total < 0 or (parts == 0 and total > 0):
        return ()
    if parts <= 1:
        return ((total,) * parts,)
    return tuple((first, *rest) for first in range(total + 1) for rest in _splits(total - first, parts - 1))


def _order(grammar: Grammar) -> list[Nonterminal]:
    """Non-terminals after those that they reach without applying a primitive."""
    below: dict[Nonterminal, set[Nonterminal]] = {n: set() for n in grammar.nonterminals}
    for p in grammar.productions:
        if not _own(p):
            below[p.target].update(p.arguments)
    try:
        return list(graphlib.TopologicalSorter(below).static_order())
    except graphlib.CycleError as error:
        cycle = " → ".join(str(n) for n in error.args[1])
        raise InputError(
            f"productions that apply no primitive form a cycle: {cycle}; sampling by size needs a grammar without one"
        ) from None
