"""Deduction over concatenation: the goal as a chain of known values.

FlashMeta's inverse semantics of concatenation (Polozov and Gulwani, OOPSLA 2015), several levels at once: a state is how far
each example's goal is matched; a known value that stands there in every example leads to the next state.  A cheapest path
from nothing to the whole goal is a cheapest flat concatenation of known values.  Only values that occur in the goals at all
are looked at, and those are few.
"""

from __future__ import annotations

import heapq
import itertools
import time
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
BRANCHES = 300
"""Successors of a state at most, the most promising."""
REST = 0.7
"""Cost a character of the goal that is still open."""
GREEDY = 3.0
"""How much more a character counts in a second search, where the first finds nothing in its time: fewer, longer pieces first."""
LOST = 3.0
"""Cost an example that is given up."""
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
        self.number = space.numbers[production]
        self.seen = 0
        self.tried = 0
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
            counts[bank.productions[self.seen : end] == self.number] = 0  # chains make concatenations themselves
            rows.append((np.flatnonzero(counts == width) + self.seen).astype(np.int32))
            if sum(p.size for p in partial) < PIECES:
                partial.append((np.flatnonzero((counts > 0) & (counts < width)) + self.seen).astype(np.int32))
            self.seen = end
            self.space.tick(0)
        self.rows = np.concatenate(rows)[:PIECES]
        self.partial = np.concatenate(partial)[:PIECES]

    def solve(self, deadline: float) -> Chain | None:
        """A cheap chain that is the goal on every example; None without one, or without new pieces since the last time."""
        if self.tried == self.rows.size:
            return None
        self.tried = self.rows.size
        rows, every, now = self.rows, self.everywhere, time.perf_counter()
        found = self._search(rows, every, every, now + (deadline - now) / 2)
        return found or self._search(rows, every, every, deadline, GREEDY)

    def cover(self, examples: int, deadline: float) -> Chain | None:
        """A cheap chain for the lowest of ``examples`` (a mask) and as many of the others as stay with it."""
        rows = np.sort(np.concatenate([self.rows, self.partial]))[:PIECES]
        return self._search(rows, examples, examples & -examples, deadline)

    def _search(self, rows: np.ndarray, alive: int, needed: int, deadline: float, greed: float = 1.0) -> Chain | None:
        """Best-first over (places, examples alive); examples of ``needed`` may not be lost, losing others costs.

        The order adds what the rest of the goal is likely to cost (``REST`` a character): without it all combinations of
        short pieces come before the first long one.
        """
        if not rows.size:
            return None
        lengths = np.ascontiguousarray(self.bank.lengths[rows]).astype(np.int64)
        hashes = np.ascontiguousarray(self.bank.hashes[rows])
        numbers = np.arange(rows.size)
        costs = entry_costs(self.bank, rows)
        goal, width = self.lengths, self.lengths.size
        result = np.empty(rows.size, np.int64)
        start = np.zeros(width, np.int64)
        heap: list[tuple[float, int, int, int, np.ndarray, tuple[int, ...]]] = [(0.0, 0, 0, alive, start, ())]
        order = itertools.count(1)
        done: set[tuple[bytes, int]] = set()
        bits = np.int64(1) << np.arange(width, dtype=np.int64)
        while heap and len(done) < STATES and time.perf_counter() < deadline:
            _, _, cost, mask, place, entries = heapq.heappop(heap)
            if (place.tobytes(), mask) in done:
                continue
            done.add((place.tobytes(), mask))
            living = (mask & bits) != 0
            if entries and (place[living] == goal[living]).all():  # no entries: empty goals, which no chain makes
                return Chain(entries, cost, mask)
            self.space.tick(0)
            advances(numbers, lengths, hashes, goal, self.hashes, place, mask, result)
            fitting = np.flatnonzero((result & needed) == needed)
            kept = result[fitting]
            after = np.where(kept[:, None] & bits, place + lengths[fitting], goal)
            rest = (goal - after).sum(axis=1) / np.bitwise_count(kept)
            total = cost + costs[fitting] + (self.production.cost if entries else 0)
            guess = total + greed * REST * rest + LOST * np.bitwise_count(mask & ~kept)
            for k in np.argsort(guess, kind="stable")[:BRANCHES].tolist():
                if (after[k].tobytes(), int(kept[k])) not in done:
                    path = (*entries, int(rows[fitting[k]]))
                    heapq.heappush(heap, (float(guess[k]), next(order), int(total[k]), int(kept[k]), after[k], path))
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
