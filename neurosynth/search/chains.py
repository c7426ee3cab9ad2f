"""Deduction over concatenation: the goal as a chain of known values.

FlashMeta's inverse semantics of concatenation (Polozov and Gulwani, OOPSLA 2015), several levels at once: a state is how far
each example's goal is matched; a known value that stands there in every example leads to the next state.  A cheapest path
from nothing to the whole goal is a cheapest flat concatenation of known values.  Only values that occur in the goals at all
are looked at, and those are few.
"""

from __future__ import annotations

import heapq
import itertools
from dataclasses import dataclass

import numpy as np

from neurosynth.engine.banks import SequenceBank
from neurosynth.engine.chains import advances, piece_hashes, pieces_of
from neurosynth.engine.space import Space
from neurosynth.language.grammar import Production
from neurosynth.language.primitive import Primitive
from neurosynth.language.program import Program

__all__ = ["Chain", "Chains", "concatenation"]

STATES = 3000
"""States expanded at most in one search."""
PIECES = 40_000
"""Known values looked at in every state at most, the cheapest first."""
EXAMPLES = 60
"""Examples a mask has bits for."""


@dataclass(frozen=True, slots=True)
class Chain:
    """Entries of a bank whose concatenation is the goal on the examples of ``mask``."""

    entries: tuple[int, ...]
    cost: int
    mask: int


def concatenation(space: Space) -> Production | None:
    """The goal production that concatenates two programs of the goal's own non-terminal, if there is one."""
    for target in sorted(space.goals, key=str):
        for production in space.grammar.by_target[target]:
            head = production.head
            if (
                isinstance(head, Primitive)
                and head.hash_kernel == "concat"
                and production.arguments == (target, target)
            ):
                return production
    return None


class Chains:
    """Finds chains over the bank of the goal's non-terminal as it grows."""

    def __init__(self, space: Space, production: Production) -> None:
        self.space, self.production = space, production
        bank = space.banks[production.target]
        assert isinstance(bank, SequenceBank)
        self.bank = bank
        assert space.loops is not None
        goal = space.loops.goal_bank
        assert isinstance(goal, SequenceBank)
        starts, lengths = goal.starts[0], goal.lengths[0]
        self.lengths = lengths.astype(np.int64)
        width = int(lengths.max()) + 1
        self.hashes = np.zeros((lengths.size, width, width), np.uint64)
        piece_hashes(bank.arena.data, starts, self.lengths, self.hashes)
        self.seen = 0
        self.rows = np.empty(0, np.int32)
        self.partial = np.empty(0, np.int32)

    @property
    def everywhere(self) -> int:
        """The mask of all examples."""
        return (1 << int(self.lengths.size)) - 1

    def update(self) -> None:
        """Look at the entries that are new since the last time."""
        bank, width = self.bank, self.lengths.size
        rows, partial = [self.rows], [self.partial]
        while self.seen < bank.size:
            end = min(self.seen + (1 << 15), bank.size)
            counts = np.empty(end - self.seen, np.int32)
            pieces_of(bank.lengths, bank.hashes, self.lengths, self.hashes, self.seen, end, counts)
            rows.append((np.flatnonzero(counts == width) + self.seen).astype(np.int32))
            if sum(p.size for p in partial) < PIECES:
                partial.append((np.flatnonzero((counts > 0) & (counts < width)) + self.seen).astype(np.int32))
            self.seen = end
            self.space.tick(0)
        self.rows = np.concatenate(rows)[:PIECES]
        self.partial = np.concatenate(partial)[:PIECES]

    def costs(self, entries: np.ndarray) -> np.ndarray:
        """Cost of each entry."""
        return entry_costs(self.bank, entries)

    def solve(self) -> Chain | None:
        """A cheapest chain that is the goal on every example, within ``STATES`` states."""
        return self._search(self.rows, self.everywhere, self.everywhere)

    def cover(self, examples: int) -> Chain | None:
        """A cheap chain for the lowest of ``examples`` (a mask) and as many of the others as stay with it."""
        rows = np.sort(np.concatenate([self.rows, self.partial]))[:PIECES]
        return self._search(rows, examples, examples & -examples)

    def _search(self, rows: np.ndarray, alive: int, needed: int) -> Chain | None:
        """Best-first over (places, examples alive); examples of ``needed`` may not be lost, losing others costs."""
        if not rows.size:
            return None
        costs = self.costs(rows).tolist()
        step = self.production.cost
        order = itertools.count()
        places = (0,) * self.lengths.size
        heap: list[tuple[int, int, int, tuple[int, ...], int, tuple[int, ...]]] = [
            (0, next(order), 0, places, alive, ())
        ]
        done: set[tuple[tuple[int, ...], int]] = set()
        result = np.empty(rows.size, np.int64)
        goal = tuple(self.lengths.tolist())
        while heap and len(done) < STATES:
            priority, _, cost, places, mask, entries = heapq.heappop(heap)
            if (places, mask) in done:
                continue
            done.add((places, mask))
            if all(p == g for e, (p, g) in enumerate(zip(places, goal, strict=True)) if mask >> e & 1):
                return Chain(entries, cost, mask)
            self.space.tick(0)
            place = np.array(places, np.int64)
            advances(rows, self.bank.lengths, self.bank.hashes, self.lengths, self.hashes, place, mask, result)
            for k in np.flatnonzero((result & needed) == needed).tolist():
                kept = int(result[k])
                lengths = self.bank.lengths[rows[k]]
                after = tuple(
                    p + int(n) if kept >> e & 1 else -1 for e, (p, n) in enumerate(zip(places, lengths, strict=True))
                )
                if (after, kept) in done:
                    continue
                lost = (mask & ~kept).bit_count()
                total = cost + costs[k] + (step if entries else 0)
                heapq.heappush(
                    heap,
                    (total + 2 * lost + (priority - cost), next(order), total, after, kept, (*entries, int(rows[k]))),
                )
        return None

    def program(self, chain: Chain) -> Program:
        """The chain as nested concatenations."""
        target = self.production.target
        *front, last = (self.space.program(target, e) for e in chain.entries)
        result = last
        for piece in reversed(front):
            result = self.production.build((piece, result))
        return result


def entry_costs(bank: SequenceBank, entries: np.ndarray) -> np.ndarray:
    """Cost of each entry of a bank, from its ranges."""
    levels = sorted((start, cost) for cost, (start, end) in bank.ranges.items() if end > start)
    starts = np.array([s for s, _ in levels])
    costs = np.array([c for _, c in levels])
    found: np.ndarray = costs[np.searchsorted(starts, entries, side="right") - 1]
    return found
