"""Best-first enumeration of a weighted grammar: every program, the more probable before the less, at a constant pace.

Costs are whole numbers of a small unit, so the programs of a non-terminal fall into levels.  How many programs a level has
follows from the levels below it; a program is a production and the *numbers* of its arguments in their own order, and can be
worked out from its own number.  So nothing is kept but the counts: memory grows with the highest cost, not with the programs,
and between two programs lies what it takes to write a few numbers down.

Levels and the ways to share a cost among arguments are those of bee search (Ameen and Lelis, JAIR 77, 2023) and EcoSearch
(Matricon, Fijalkow and Lagarde, AAAI 2025, the first with a constant delay); they keep programs, or tuples of costs in queues.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from neurosynth.errors import InputError
from neurosynth.guides.base import WeightedGrammar
from neurosynth.language.grammar import Production
from neurosynth.language.program import Program
from neurosynth.search.best_first.counts import Counts, Walk, Work
from neurosynth.search.best_first.derivations import Store
from neurosynth.search.best_first.programs import Programs
from neurosynth.search.best_first.rules import ambiguous, rules_of

__all__ = ["RESOLUTION", "Batch", "Enumerator"]

RESOLUTION = 1e-3
"""Nats a unit of cost."""


@dataclass(frozen=True, eq=False)
class Batch:
    """Derivations from the start symbol, K of them, in order."""

    costs: np.ndarray
    """(K,) int64, non-decreasing, in units of the resolution."""
    productions: np.ndarray
    """(K,) int32, the outermost production, a position in :attr:`Enumerator.productions`."""
    arguments: np.ndarray
    """(K, A) int64, the number of each argument in the order of its own non-terminal; -1 beyond the production's arity."""

    def __len__(self) -> int:
        return len(self.productions)


class Enumerator:
    """Programs of a weighted grammar, the more probable before the less.

    The order is exact for probabilities rounded to ``resolution``: a production costs ``round(-log p / resolution)`` units, at
    least 1, or none if it is certain (p below e**-60 counts as e**-60); programs of up to n productions whose true probabilities
    are more than ``2 * n * resolution`` nats apart never change places.  Programs of equal cost come in the order of productions.
    Impossible productions (p = 0) never occur.

    Batches and numbers count *derivations*, each once.  Iterating gives *programs*, each once, at its likeliest derivation:
    where a program has several (:attr:`ambiguous`), the others are recognised as such, without remembering programs.

    Raises:
        InputError: for a resolution that is not positive, probabilities that are none, and when no program is left.
    """

    def __init__(self, weighted: WeightedGrammar, *, resolution: float = RESOLUTION) -> None:
        self.resolution = resolution
        self.rules = rules_of(weighted, resolution)
        passive = np.ones(len(self.rules.symbols), np.bool_)
        passive[0] = False
        self.counts = Counts(self.rules, passive)
        self.given = 0
        """Derivations handed out in batches."""
        self._programs = Programs(self.counts)
        self._store = Store(self.counts)
        self._work: Work | None = None
        self._walk = Walk(self.counts, 0)

    @property
    def productions(self) -> tuple[Production, ...]:
        """What batches refer to: the useful productions, units folded into what they lead to, those of the start symbol first."""
        return self.rules.grammar.productions

    @cached_property
    def ambiguous(self) -> bool:
        """Whether some program has several derivations."""
        return ambiguous(self.rules.grammar)

    @property
    def nbytes(self) -> int:
        """Bytes held between batches, but for a bounded number of programs kept for :meth:`program`."""
        return self.counts.nbytes + self._store.nbytes

    def next_batch(self, size: int = 1 << 16) -> Batch:
        """The next derivations, ``size`` of them or as many as are left; none when all were handed out.

        Raises:
            InputError: for a size that is not positive.
        """
        if size < 1:
            raise InputError(f"size is {size}; allowed: a positive number")
        costs, productions = np.empty(size, np.int64), np.empty(size, np.int32)
        arguments = np.full((self.rules.width, size), -1, np.int64)
        done = 0
        while done < size:
            if self._work is None:
                self._work = self.counts.next()
                if self._work is None:
                    break
                self._walk.begin(self._work.cost)
            before = done
            done = self._walk.take(productions, arguments, done)
            costs[before:done] = self._work.cost
            if self._walk.over:
                self.counts.close(self._work, self._work.candidates)
                self._work = None
        self.given += done
        return Batch(costs[:done], productions[:done], arguments[:, :done].T)

    def sequences(self, batch: Batch) -> tuple[np.ndarray, np.ndarray]:
        """Every derivation of a batch in full: ends (K + 1,) int64, the first 0, and productions in prefix order (N,) int32.

        The k-th is ``productions[ends[k] : ends[k + 1]]``, positions in :attr:`productions`.  What occurs as an argument is stored, about
        20 bytes each, so memory grows with their number once this is asked for.
        """
        return self._store.sequences(batch.productions, np.ascontiguousarray(batch.arguments.T))

    def program(self, batch: Batch, k: int) -> Program:
        """The program of the ``k``-th derivation of a batch."""
        production = int(batch.productions[k])
        size = int(self.rules.sizes[production])
        return self._programs.build(production, batch.arguments[k, :size].tolist())

    def logprob(self, cost: int) -> float:
        """Natural log of the probability that a cost stands for."""
        return -cost * self.resolution

    def __iter__(self) -> Iterator[Program]:
        """Programs, each once.  All iterators share one place; it starts where batches have come to, and takes batches ahead."""
        return self._iterator

    @cached_property
    def _iterator(self) -> Iterator[Program]:
        return self._each()

    def _each(self) -> Iterator[Program]:
        sizes = self.rules.sizes.tolist()
        size = 1 << 6
        while len(batch := self.next_batch(size)):
            size = min(4 * size, 1 << 16)
            rows = batch.arguments.tolist()
            for production, row in zip(batch.productions.tolist(), rows, strict=True):
                numbers = row[: sizes[production]]
                if not self.ambiguous or self._programs.first(production, numbers):
                    yield self._programs.build(production, numbers)
