"""Deduction over concatenation: the goal is a chain of known values.

FlashMeta's inverse semantics of concatenation (Polozov and Gulwani, OOPSLA 2015), several levels at once: a state is the matched length
of each example's goal, and a known value that occurs there in every example leads to the next state. A cheapest path from the empty
text to the whole goal is a cheapest flat concatenation of known values. Only values that occur in the goals are considered, and these
are few.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from neurosynth.engine.backends.pieces import advances, piece_hashes, pieces_of
from neurosynth.engine.backends.view import BankView
from neurosynth.engine.store.banks import SequenceBank
from neurosynth.language.grammar import Grammar, Nonterminal, Production
from neurosynth.language.primitive import Primitive
from neurosynth.language.program import Program
from neurosynth.ranking.agreement import cases
from neurosynth.search.candidates import PULSE, Candidate, Step
from neurosynth.work_clock import clock_seconds

__all__ = ["Chain", "ConcatCover", "chained", "concatenating", "concatenation", "deduced"]

STATES = 3000
"""Maximum number of states expanded in one search."""
BRANCHES = 300
"""Maximum number of successors of a state, the most promising ones."""
REST = 0.7
"""Cost of each character of the goal that is still open."""
GREEDY = 3.0
"""Factor for that cost in a second search, if the first finds nothing in its time: it prefers fewer, longer pieces."""
LOST = 3.0
"""Cost of each example that is given up."""
PIECES = 40_000
"""Maximum number of known values considered in every state, the cheapest first."""
EXAMPLES = 60
"""Number of examples in a mask, which has a bit for each."""


_State = tuple[float, int, int, int, np.ndarray, tuple[int, ...]]
"""Priority, a number to break ties, cost so far, the mask of remaining examples, the position in each example's goal, entries."""


@dataclass(frozen=True, slots=True)
class Chain:
    """Entries of a bank whose concatenation is the goal on the examples of ``mask``."""

    entries: tuple[int, ...]
    cost: int
    mask: int


def deduced(program: Program, cost: int, source: str) -> Candidate:
    """A deduced program; its pieces may contain conditionals, which count as leaves."""
    return Candidate(program, cost, source, cases(program), deduced=True, tried=0)


def concatenation(view: BankView) -> Production | None:
    """The goal production that concatenates two programs of the goal's non-terminal, if there is one."""
    found = (concatenating(view.grammar, target) for target in sorted(view.goals, key=str))
    return next(filter(None, found), None)


def concatenating(grammar: Grammar, target: Nonterminal) -> Production | None:
    """The production that concatenates two programs of a non-terminal into one of it, if there is one."""
    for production in grammar.by_target[target]:
        head = production.head
        if isinstance(head, Primitive) and head.hash_kernel == "concat" and production.arguments == (target, target):
            return production
    return None


def chained(production: Production | None, pieces: Sequence[Program]) -> Program:
    """The pieces as nested concatenations; a single piece is returned as it is."""
    *front, result = pieces
    for piece in reversed(front):
        assert production is not None
        result = production.build((piece, result))
    return result


class ConcatCover:
    """Finds chains over the bank of the goal's non-terminal as it grows."""

    name = "concatenation cover"

    def __init__(self, view: BankView, production: Production) -> None:
        self.view, self.production = view, production
        bank, goal = view.banks[production.target], view.goal_bank
        assert isinstance(bank, SequenceBank) and isinstance(goal, SequenceBank)  # noqa: PT018  # what concatenation() is given
        self.bank = bank
        starts, lengths = goal.starts[0], goal.lengths[0]
        self.lengths = lengths.astype(np.int64)
        width = int(lengths.max()) + 1
        self.hashes = np.zeros((lengths.size, width, width), np.uint64)
        piece_hashes(bank.arena.data, starts, self.lengths, self.hashes)
        self.number = view.number(production)
        self.seen = 0
        self.tried = 0
        self.open: list[_Search] = []
        self.rows = np.empty(0, np.int32)
        self.partial = np.empty(0, np.int32)

    @property
    def everywhere(self) -> int:
        """The mask of all examples."""
        return (1 << int(self.lengths.size)) - 1

    def propose(self, deadline: float) -> Iterator[Step]:
        """A cheap chain that equals the goal on every example."""
        yield from self.update()
        chain = yield from self.solve(deadline)
        if chain is not None:
            yield deduced(self.program(chain), chain.cost, self.name)

    def update(self) -> Iterator[Step]:
        """Read the entries that are new since the last call."""
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
            yield PULSE
        self.rows = np.concatenate(rows)[:PIECES]
        self.partial = np.concatenate(partial)[:PIECES]

    def solve(self, deadline: float) -> Generator[Step, None, Chain | None]:
        """A cheap chain that equals the goal on every example; None if there is none, or if all pieces so far were tried. A search that
        the deadline cuts off continues the next time, unless there are new pieces by then.
        """
        if self.tried != self.rows.size:
            self.tried, every = self.rows.size, self.everywhere
            self.open = [_Search(self, self.rows, every, every, greed) for greed in (1.0, GREEDY)]
        waiting, self.open = self.open, []
        while waiting:
            search, now = waiting.pop(0), clock_seconds()
            found = yield from search.run(now + (deadline - now) / (1 + len(waiting)))
            if found is not None:
                self.open = []
                return found
            if not search.ended:
                self.open.append(search)
        return None

    def cover(self, examples: int, deadline: float) -> Generator[Step, None, Chain | None]:
        """A cheap chain for the lowest of ``examples`` (a mask) and as many of the others as possible."""
        rows = np.sort(np.concatenate([self.rows, self.partial]))[:PIECES]
        return (yield from _Search(self, rows, examples, examples & -examples).run(deadline))

    def program(self, chain: Chain) -> Program:
        """The chain as nested concatenations."""
        target = self.production.target
        return chained(self.production, [self.view.program(target, e) for e in chain.entries])


class _Search:
    """Best-first search over (positions, remaining examples). Examples of ``needed`` may not be lost, and losing others has a cost. The
    order adds the likely cost of the rest of the goal (``REST`` for each character); without it, all combinations of short pieces come
    before the first long one.
    """

    def __init__(self, chains: ConcatCover, rows: np.ndarray, alive: int, needed: int, greed: float = 1.0) -> None:
        self.chains, self.rows, self.needed, self.greed = chains, rows, needed, greed
        bank, width = chains.bank, chains.lengths.size
        self.lengths = np.ascontiguousarray(bank.lengths[rows]).astype(np.int64)
        self.hashes = np.ascontiguousarray(bank.hashes[rows])
        self.numbers = np.arange(rows.size)
        self.costs = bank.costs(rows)
        self.bits = np.int64(1) << np.arange(width, dtype=np.int64)
        self.heap: list[_State] = [(0.0, 0, 0, alive, np.zeros(width, np.int64), ())] if rows.size else []
        self.order = itertools.count(1)
        self.done: set[tuple[bytes, int]] = set()

    @property
    def ended(self) -> bool:
        """Whether there is nothing left to try."""
        return not self.heap or len(self.done) >= STATES

    def run(self, deadline: float) -> Generator[Step, None, Chain | None]:
        """Continue until there is a chain, nothing left to try, or no time."""
        goal = self.chains.lengths
        while not self.ended and clock_seconds() < deadline:
            _, _, cost, mask, place, entries = heapq.heappop(self.heap)
            if (place.tobytes(), mask) in self.done:
                continue
            self.done.add((place.tobytes(), mask))
            living = (mask & self.bits) != 0
            if entries and (place[living] == goal[living]).all():  # no entries: empty goals, which chains do not make
                return Chain(entries, cost, mask)
            yield PULSE
            self._expand(cost, mask, place, entries)
        return None

    def _expand(self, cost: int, mask: int, place: np.ndarray, entries: tuple[int, ...]) -> None:
        goal, production = self.chains.lengths, self.chains.production
        result = np.empty(self.rows.size, np.int64)
        advances(self.numbers, self.lengths, self.hashes, goal, self.chains.hashes, place, mask, result)
        fitting = np.flatnonzero((result & self.needed) == self.needed)
        kept = result[fitting]
        after = np.where(kept[:, None] & self.bits, place + self.lengths[fitting], goal)
        rest = (goal - after).sum(axis=1) / np.bitwise_count(kept)
        total = cost + self.costs[fitting] + (production.cost if entries else 0)
        guess = total + self.greed * REST * rest + LOST * np.bitwise_count(mask & ~kept)
        for k in np.argsort(guess, kind="stable")[:BRANCHES].tolist():
            if (after[k].tobytes(), int(kept[k])) not in self.done:
                path = (*entries, int(self.rows[fitting[k]]))
                state = (float(guess[k]), next(self.order), int(total[k]), int(kept[k]), after[k], path)
                heapq.heappush(self.heap, state)
