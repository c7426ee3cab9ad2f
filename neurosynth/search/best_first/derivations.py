"""What occurs as an argument, stored, so that whole programs can be written out fast."""

from __future__ import annotations

import numpy as np

from neurosynth.search.best_first.counts import Counts, Walk
from neurosynth.search.best_first.kernels import reach, write

__all__ = ["Store"]

_CHUNK = 1 << 14
"""Programs walked through at a time."""


class Store:
    """Productions and arguments of the programs of each symbol, as many as were needed so far, in one pair of arrays.

    Letters: ``M`` places, ``A`` arguments, ``S`` symbols.
    """

    def __init__(self, counts: Counts) -> None:
        self.counts, self.rules = counts, counts.rules
        symbols = len(self.rules.symbols)
        self.productions = np.zeros(0, np.int32)
        self.arguments = np.zeros((self.rules.width, 0), np.int64)
        self.tail = 0
        self.offsets = np.zeros(symbols, np.int64)
        self.capacity = np.zeros(symbols, np.int64)
        self.stored = np.zeros(symbols, np.int64)
        self.levels = np.zeros(symbols, np.int64)
        """(S,) levels begun."""
        self._walks = [Walk(counts, s) for s in range(symbols)]

    @property
    def nbytes(self) -> int:
        """Bytes of the arrays."""
        return int(self.productions.nbytes + self.arguments.nbytes)

    def sequences(self, productions: np.ndarray, arguments: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Derivations in full: where they end (K + 1,), their productions in prefix order; arguments are (A, K)."""
        self._ensure(productions, arguments)
        ends = np.zeros(len(productions) + 1, np.int64)
        out, stack = np.empty(8 * len(productions), np.int32), np.empty((256, 2), np.int64)
        done = 0
        while True:
            done = write(
                productions, arguments, done, self.rules.sizes, self.rules.chain, self.productions, self.arguments,
                self.offsets, stack, ends, out,
            )  # fmt: skip
            if done == len(productions):
                return ends, out[: ends[-1]]
            out, stack = np.concatenate([out, np.empty_like(out)]), np.concatenate([stack, stack])

    def _ensure(self, productions: np.ndarray, arguments: np.ndarray) -> None:
        """Store what these derivations have as arguments, and those, and so on."""
        wanted = np.zeros(len(self.stored), np.int64)
        reach(productions, arguments, len(productions), self.rules.sizes, self.rules.chain, wanted)
        while len(missing := np.flatnonzero(wanted > self.stored)):
            for symbol in missing.tolist():
                self._extend(symbol, wanted)

    def _extend(self, symbol: int, wanted: np.ndarray) -> None:
        """Store the next programs of a symbol, and note what they want."""
        count = min(_CHUNK, int(self.counts.starts[symbol].max()) - int(self.stored[symbol]))
        productions, arguments = np.empty(count, np.int32), np.zeros((self.rules.width, count), np.int64)
        walk, done = self._walks[symbol], 0
        while done < count:
            if walk.over:
                walk.begin(int(self.counts.levels[symbol, self.levels[symbol]]))
                self.levels[symbol] += 1
            done = walk.take(productions, arguments, done)
        reach(productions, arguments, count, self.rules.sizes, self.rules.chain, wanted)
        start = int(self.offsets[symbol] + self.stored[symbol])
        if self.stored[symbol] + count > self.capacity[symbol]:
            start = self._move(symbol, count)
        self.productions[start : start + count] = productions
        self.arguments[:, start : start + count] = arguments
        self.stored[symbol] += count

    def _move(self, symbol: int, count: int) -> int:
        """A larger place for a symbol's programs, at the end; returns where the next one goes."""
        held = int(self.stored[symbol])
        capacity = max(64, 2 * (held + count))
        if self.tail + capacity > self.productions.size:
            more = max(capacity, self.productions.size // 2)
            self.productions = np.pad(self.productions, (0, more))
            self.arguments = np.pad(self.arguments, ((0, 0), (0, more)))
        old, new = int(self.offsets[symbol]), self.tail
        self.productions[new : new + held] = self.productions[old : old + held]
        self.arguments[:, new : new + held] = self.arguments[:, old : old + held]
        self.offsets[symbol], self.capacity[symbol] = new, capacity
        self.tail += capacity
        return new + held
