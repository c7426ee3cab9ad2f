"""How many programs each non-terminal of a grammar has at each cost, moment by moment."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from neurosynth.search.best_first.kernels import advance, close, next_split, totals
from neurosynth.search.best_first.rules import Rules

__all__ = ["Counts", "Work"]

_ROOM = 256
"""Number of costs allocated at first."""


class Work(NamedTuple):
    """A symbol that has candidates at a cost."""

    symbol: int
    cost: int
    candidates: int


class Counts:
    """Counts of programs by symbol and cost, filled in as costs rise.

    A *moment* is a cost of the start symbol; another symbol's programs of cost c come at moment c + its delay, when the
    start symbol can first need them. The caller says which symbols are *passive*: all their candidates are programs.
    For the others, :meth:`next` stops, and :meth:`close` receives the number of programs: a search that drops
    duplicates passes a smaller number.
    """

    def __init__(self, rules: Rules, passive: np.ndarray) -> None:
        """``passive`` is (S,) bool."""
        self.rules, self.passive = rules, passive
        count = len(rules.symbols)
        self.moment, self.place = 0, 0
        self.end = 0
        """Moment before which candidates are known to be possible."""
        self.used = np.zeros(count, np.int64)
        self.counts = np.zeros((count, _ROOM), np.int64)
        self.starts = np.zeros((count, _ROOM + 1), np.int64)
        self.levels = np.zeros((count, _ROOM), np.int64)

    @property
    def arrays(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """The arrays that kernels read: counts, starts, levels, used."""
        return self.counts, self.starts, self.levels, self.used

    @property
    def nbytes(self) -> int:
        """Bytes of the arrays."""
        return sum(a.nbytes for a in self.arrays)

    def next(self, most: int = 1 << 62) -> Work | None:
        """The next symbol with candidates, in order of moments below ``most``; None when there is none."""
        rules = self.rules
        while self.moment < most:
            if self.moment >= self.end:
                self.end = self._bound()
                if self.moment >= self.end:
                    return None
            self._reserve(self.moment + 1)
            self.moment, self.place, candidates = advance(
                self.moment, self.place, min(self.end, self.counts.shape[1], most), self.passive, rules.order, rules.delay,
                rules.first, rules.weight, rules.arity, rules.parts, rules.least, *self.arrays,
            )  # fmt: skip
            if candidates:
                symbol = int(rules.order[self.place])
                return Work(symbol, self.moment - int(rules.delay[symbol]), candidates)
        return None

    def close(self, work: Work, programs: int) -> None:
        """The work that :meth:`next` returned has produced this many programs."""
        close(work.symbol, work.cost, programs, *self.arrays)
        self.place += 1

    @property
    def exhausted(self) -> bool:
        """Whether no further candidate is possible."""
        return self.moment >= self.end and self.moment >= self._bound()

    def _bound(self) -> int:
        """The moment from which nothing new can appear, unless something appears before it."""
        rules = self.rules
        highest = np.where(self.used > 0, self.levels[np.arange(self.used.size), np.maximum(self.used - 1, 0)], -1)
        there = [np.where(rules.arity > j, highest[rules.parts[:, j]], 0) for j in (0, 1)]
        possible = (there[0] >= 0) & (there[1] >= 0)
        targets = np.repeat(np.arange(self.used.size), np.diff(rules.first))
        moments = rules.delay[targets] + rules.weight + there[0] + there[1]
        return int(moments[possible].max(initial=-1)) + 1

    def _reserve(self, room: int) -> None:
        more = self.counts.shape[1]
        if room > more:
            pad = ((0, 0), (0, more))
            self.counts, self.starts, self.levels = (np.pad(a, pad) for a in (self.counts, self.starts, self.levels))

    def totals(self, symbol: int, cost: int) -> np.ndarray:
        """For each rule of a symbol, how many candidates it and the rules before it have."""
        rules = self.rules
        out = np.empty(int(rules.first[symbol + 1] - rules.first[symbol]), np.int64)
        totals(symbol, cost, rules.first, rules.weight, rules.arity, rules.parts, rules.least, *self.arrays, out)
        return out

    def ranges(self, production: int, cost: int) -> Iterator[tuple[tuple[int, int], ...]]:
        """The argument indices, as ranges, of the production's candidates at ``cost``: one tuple for each way to share
        the cost."""
        rules = self.rules
        size = int(rules.sizes[production])
        split = np.zeros((3, rules.width), np.int64)
        split[0, 0] = cost - rules.weight[production]
        begin = True
        while next_split(production, size, begin, split, rules.chain, self.counts, self.levels, self.used):
            begin = False
            symbols, shares = rules.chain[production, :size], split[2, :size]
            low, high = self.starts[symbols, shares], self.starts[symbols, shares + 1]
            yield tuple(zip(low.tolist(), high.tolist(), strict=True))
