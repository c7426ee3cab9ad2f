"""Programs from their numbers, and which of several derivations of a program is the one that counts."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import Any

import numpy as np

from neurosynth.language.grammar import Abstraction, Lift
from neurosynth.language.primitive import Primitive
from neurosynth.language.program import Apply, Lambda, Program
from neurosynth.search.best_first.counts import Counts
from neurosynth.search.best_first.kernels import unrank

__all__ = ["Programs"]

_KEPT = 1 << 17
"""Programs remembered; then all are forgotten, so that memory stays flat."""

_TABLES = 1 << 13
"""Levels whose counts by production are remembered."""

Key = tuple[int, int]
"""A symbol and a number."""


class Programs:
    """Works programs out from symbols and numbers of derivations that are counted already."""

    def __init__(self, counts: Counts) -> None:
        self.counts, self.rules = counts, counts.rules
        self.productions = counts.rules.grammar.productions
        self._targets = np.repeat(np.arange(len(self.rules.symbols)), np.diff(self.rules.first)).tolist()
        self._chain: list[list[int]] = self.rules.chain.tolist()
        self._ends: dict[Key, np.ndarray] = {}
        self._parts: dict[Key, tuple[int, tuple[int, ...]]] = {}
        self._built: dict[Key, Program] = {}
        self._firsts: dict[Key, bool] = {}
        self._cheapest: dict[tuple[int, Program], tuple[int, int] | None] = {}
        self._heads: list[dict[Any, list[int]]] = [{} for _ in self.rules.symbols]
        for i, p in enumerate(self.productions):
            self._heads[self._targets[i]].setdefault(_head(p.head), []).append(i)

    def build(self, production: int, numbers: Sequence[int]) -> Program:
        """The program of a production over the numbers of its arguments."""
        inner = [self.program(s, n) for s, n in zip(self._chain[production], numbers, strict=False)]
        return self.productions[production].build(tuple(inner))

    def program(self, symbol: int, number: int) -> Program:
        """The program of a number."""
        key = (symbol, number)
        found = self._built.get(key)
        if found is None:
            found = self.build(*self.parts(symbol, number))
            _room(self._built)
            self._built[key] = found
        return found

    def parts(self, symbol: int, number: int) -> tuple[int, tuple[int, ...]]:
        """Production and numbers of the arguments of the program of a number."""
        key = (symbol, number)
        if key not in self._parts:
            _room(self._parts)
            self._parts[key] = self._work_out(symbol, number)
        return self._parts[key]

    def _work_out(self, symbol: int, number: int) -> tuple[int, tuple[int, ...]]:
        counts, rules = self.counts, self.rules
        starts, levels = counts.starts[symbol], counts.levels[symbol]
        after = bisect_right(range(int(counts.used[symbol])), number, key=lambda k: starts[levels[k]])
        cost = int(levels[after - 1])
        ends = self._ends.get((symbol, cost))
        if ends is None:
            _room(self._ends, _TABLES)
            ends = self._ends[symbol, cost] = counts.totals(symbol, cost)
        rank = number - int(starts[cost])
        place = int(np.searchsorted(ends, rank, side="right"))
        rank -= int(ends[place - 1]) if place else 0
        production = int(rules.first[symbol]) + place
        size = int(rules.sizes[production])
        numbers = np.empty(size, np.int64)
        rest = cost - int(rules.weight[production])
        unrank(production, size, rest, rank, numbers, rules.chain, counts.counts, counts.starts, counts.levels)
        return production, tuple(numbers.tolist())

    # --- derivations of the same program --------------------------------------------------------------------------

    def first(self, production: int, numbers: Sequence[int]) -> bool:
        """Whether this derivation is the cheapest of its program, the first production deciding between equal ones."""
        for symbol, number in zip(self._chain[production], numbers, strict=False):
            key = (symbol, number)
            if key not in self._firsts:
                _room(self._firsts)
                self._firsts[key] = self.first(*self.parts(symbol, number))
            if not self._firsts[key]:
                return False
        best = self.cheapest(self._targets[production], self.build(production, numbers))
        return best is not None and best[1] == production

    def cheapest(self, symbol: int, program: Program) -> tuple[int, int] | None:
        """Cost and outermost production of a program's cheapest derivation; None when there is none."""
        key = (symbol, program)
        if key not in self._cheapest:
            found = None
            heads = self._heads[symbol]
            for i in sorted([*heads.get(_shape(program), ()), *heads.get(Lift(), ())]):
                cost = self._cost(i, program)
                if cost is not None and (found is None or cost < found[0]):
                    found = (cost, i)
            _room(self._cheapest)
            self._cheapest[key] = found
        return self._cheapest[key]

    def _cost(self, production: int, program: Program) -> int | None:
        """Cost of the cheapest derivation with this outermost production."""
        lift = isinstance(self.productions[production].head, Lift)
        inner = (program,) if lift else program.children
        size = int(self.rules.sizes[production])
        if len(inner) != size or (not lift and program.type != self.productions[production].target.type):
            return None
        cost = int(self.rules.weight[production])
        for symbol, part in zip(self._chain[production], inner, strict=False):
            best = self.cheapest(symbol, part)
            if best is None:
                return None
            cost += best[0]
        return cost


def _head(head: object) -> Any:
    """What a program shows of the production that made it."""
    match head:
        case Primitive(name=name):
            return name
        case Abstraction(parameters):
            return parameters
        case _:
            return head


def _shape(program: Program) -> Any:
    match program:
        case Apply(primitive):
            return primitive.name
        case Lambda(parameters):
            return parameters
        case _:
            return program


def _room(memory: dict[Any, Any], most: int = _KEPT) -> None:
    """Forget everything when there is too much."""
    if len(memory) >= most:
        memory.clear()
