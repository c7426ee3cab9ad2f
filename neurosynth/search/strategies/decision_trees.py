"""Divide and conquer: terms that are right on some examples, predicates that separate those examples, and a small decision tree.

After EUSolver (Alur, Radhakrishna and Udupa, TACAS 2017): terms are grouped by the examples they satisfy, a cover is chosen
greedily, and a tree over predicates is grown by information gain.  Works for every conditional of a grammar: a lazy
primitive of condition, then and else, or a macro whose body is one.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from neurosynth.engine.backends.view import BankView
from neurosynth.engine.kernels.cache import load_loops
from neurosynth.engine.kernels.choice import condition_loop, kind_of
from neurosynth.engine.store.banks import SequenceBank, WordBank
from neurosynth.language.primitive import Primitive
from neurosynth.language.program import Program
from neurosynth.search.candidates import Candidate, Step, Tried
from neurosynth.search.spuriousness import MASK_EXAMPLES
from neurosynth.search.strategies.conditional import Conditional, conditionals_of
from neurosynth.search.strategies.conditions import KEPT, BelievedCondition, Chance, Conditions
from neurosynth.work_clock import clock_seconds

__all__ = ["DEPTH", "DecisionTrees", "Term", "Tree", "conditionals"]

MASKS = 60_000
"""Number of distinct sets of examples kept for terms and for predicates, the cheapest of each."""
DEPTH = 20
"""Maximum number of conditions on a path of a tree."""
ROOTS = 6
"""Maximum number of conditions on all examples that trees begin with."""
SPLITS = 60
"""Number of nodes for which the best splits are compared by the number of leaves that follow; after them, the first that works is
taken."""


Several = Callable[[int, int], Sequence[BelievedCondition]]
"""Maps the entry and cost of a condition to equal conditions, best first."""


@dataclass(frozen=True, slots=True)
class Term:
    """A program that is right on the examples of ``mask``."""

    mask: int
    program: Program
    cost: int


@dataclass(frozen=True, slots=True)
class Tree:
    """A decision tree as a program, and its parts."""

    program: Program
    cost: int
    leaves: int


def conditionals(view: BankView) -> list[Conditional]:
    """The goal productions that choose between two programs of the goal's non-terminal."""
    return [c for target in sorted(view.goals, key=str) for c in conditionals_of(view.grammar, target)]


@dataclass(frozen=True, slots=True)
class _Node:
    """A leaf (index of a term), or index of a test with the subtrees for true and false."""

    at: int
    then: _Node | None = None
    other: _Node | None = None
    leaves: int = 1


@dataclass
class _Masks:
    """Sets of examples, as bit masks, each with its first (cheapest) entry."""

    entries: dict[int, int] = field(default_factory=dict)

    def add(self, masks: np.ndarray, first: int) -> None:
        if len(self.entries) >= MASKS:
            return
        values, positions = np.unique(masks, return_index=True)
        for mask, position in zip(values.tolist(), positions.tolist(), strict=True):
            self.entries.setdefault(mask, first + position)

    def sorted(self) -> tuple[np.ndarray, np.ndarray]:
        """Masks and entries, in order of entry."""
        order = sorted(self.entries.items(), key=lambda item: item[1])
        return np.array([m for m, _ in order], np.int64), np.array([e for _, e in order], np.int64)


class DecisionTrees:
    """Grows decision trees over the banks of a search as they grow."""

    name = "decision trees"

    def __init__(self, view: BankView, conditional: Conditional, depth: int = DEPTH, chance: Chance = tuple) -> None:
        """``chance`` generates inputs for choosing among equal conditions; without it, the first is taken."""
        self.view, self.conditional, self.depth = view, conditional, depth
        production = conditional.production
        self.terms, self.predicates = _Masks(), _Masks()
        self.term_bank = view.banks[production.target]
        self.condition_target = production.arguments[conditional.condition]
        self.condition_bank = view.banks[self.condition_target]
        self.conditions = Conditions(view, production, conditional.condition, chance)
        self.examples = len(view.goal)
        self.everywhere = (1 << self.examples) - 1
        self.bits = np.int64(1) << np.arange(self.examples, dtype=np.int64)
        self.seen = [0, 0]
        self.splits = SPLITS
        self.most = MASK_EXAMPLES
        """Maximum number of leaves of a tree."""
        self.others = False
        """Whether trees that begin with other conditions are proposed beside the best tree."""
        self.extra: list[Term] = []
        """Terms from other strategies."""

    def propose(self, deadline: float) -> Iterator[Step]:
        """Decision trees that are right on every example, with at most :attr:`most` leaves."""
        trees = self.solve(self.most, deadline)
        yield Tried(self.conditions.take_tried())
        for tree in trees:
            if tree.leaves > 1:
                yield Candidate(tree.program, tree.cost, self.name, tree.leaves, deduced=True, tried=0)

    def update(self) -> None:
        """Read the entries that are new since the last call."""
        for start, end in self._spans(self.term_bank, 0):
            self.terms.add(self.view.masks(self.term_bank, start, end), start)
        for start, end in self._spans(self.condition_bank, 1):
            self.predicates.add((self._truth(start, end) * self.bits).sum(axis=1, dtype=np.int64), start)
        self.terms.entries.pop(0, None)
        for trivial in (0, self.everywhere):
            self.predicates.entries.pop(trivial, None)

    def _spans(self, bank: WordBank | SequenceBank | object, which: int) -> list[tuple[int, int]]:
        assert isinstance(bank, (WordBank, SequenceBank))
        first, self.seen[which] = self.seen[which], bank.size
        return [(a, min(a + (1 << 16), bank.size)) for a in range(first, bank.size, 1 << 16)]

    def _truth(self, start: int, end: int) -> np.ndarray:
        """(K, E) bool: where the conditions from entries ``start`` to ``end`` hold."""
        bank = self.condition_bank
        assert isinstance(bank, WordBank)
        values = bank.values[start:end]
        head = self.conditional.production.head
        assert isinstance(head, Primitive)
        if head.macro is None:
            held: np.ndarray = values == 1
            return held
        loop = condition_loop(head.macro.arguments[0], kind_of(self.condition_target.type), self.conditional.condition)
        if loop is None:
            return np.zeros(values.shape, np.bool_)
        out = np.empty(values.size, np.int64)
        entries = np.arange(len(values), dtype=np.int32)
        load_loops(loop).cells(len(values), 0, values.shape[1], out, entries, values)
        truth: np.ndarray = (out == 1).reshape(values.shape)
        return truth

    # --- the tree -----------------------------------------------------------------------------------------------

    @property
    def uncovered(self) -> int:
        """Examples that no known term satisfies."""
        covered = 0
        for mask in self.terms.entries:
            covered |= mask
        for term in self.extra:
            covered |= term.mask
        return self.everywhere & ~covered

    def solve(self, most: int = MASK_EXAMPLES, until: float = math.inf) -> list[Tree]:
        """Trees of at most ``most`` leaves that are right on every example, best first; empty if terms or predicates are not enough.

        With :attr:`others`, the best tree is followed by trees that begin with another condition: an equal one, or one that splits the
        examples in another way.  Few examples often leave open which condition is meant, so ranking compares them.  Equal conditions are
        compared until ``clock_seconds()`` reaches ``until``; then the first known one is taken.
        """
        known, entries = self.terms.sorted()
        terms: list[int | Term] = [*entries.tolist(), *self.extra]
        costs = [*self.term_bank.costs(entries).tolist(), *(t.cost for t in self.extra)]
        order = np.argsort(costs, kind="stable")
        masks = np.append(known, np.array([t.mask for t in self.extra], np.int64))[order]
        cover = self._cover(masks)
        if cover is None:
            return []
        tests, test_entries = self.predicates.sorted()
        self.splits, self.conditions.until = SPLITS, until
        grown = self._grown(masks, masks[cover], tests, min(most, self.examples))
        ordered = [terms[i] for i in order]
        trees = [self._build(node, ordered, test_entries, self.conditions.several) for node in grown[:1]]
        if (
            self.others and trees and trees[0].leaves > 1
        ):  # without another search for equal conditions: that would take a fifth of the time
            equal = self.conditions.known
            trees += [self._build(grown[0], ordered, test_entries, equal, n) for n in range(1, KEPT)]
            trees += [self._build(node, ordered, test_entries, equal) for node in grown[1:]]
        return list(dict.fromkeys(trees))

    def _grown(self, masks: np.ndarray, labels: np.ndarray, tests: np.ndarray, most: int) -> list[_Node]:
        """The smallest tree, followed by trees that begin with another condition and have at most one leaf more."""
        first = self._grow(self.everywhere, masks, labels, tests, 0, most)
        if first is None or first.then is None:
            return [first] if first is not None else []
        others = []
        if self.others and self.splits > 0:
            for at in self._best_splits(self.everywhere, labels, tests)[:ROOTS]:
                if at != first.at and (
                    tree := self._split(self.everywhere, at, masks, labels, tests, 0, min(first.leaves + 1, most))
                ):
                    others.append(tree)
        return [first, *sorted(others, key=lambda n: n.leaves)]

    def _cover(self, masks: np.ndarray) -> list[int] | None:
        """Greedy set cover: indices of terms, each covering most of what is left, the cheapest on a tie."""
        left, chosen = self.everywhere, []
        while left:
            if not masks.size:
                return None
            gains = np.bitwise_count(masks & np.int64(left))
            best = int(np.argmax(gains))
            if gains[best] == 0:
                return None
            chosen.append(best)
            left &= ~int(masks[best])
        return chosen

    def _grow(
        self, examples: int, masks: np.ndarray, labels: np.ndarray, tests: np.ndarray, depth: int, most: int
    ) -> _Node | None:
        """A tree of at most ``most`` leaves: the smallest over the best splits, as long as splits may be tried."""
        whole = np.flatnonzero((masks & np.int64(examples)) == examples)
        if whole.size:
            return _Node(int(whole[0]))
        if depth >= self.depth or most < 2 or not tests.size or clock_seconds() >= self.conditions.until:
            return None
        self.splits -= 1
        best: _Node | None = None
        for at in self._best_splits(examples, labels, tests)[:3]:
            tree = self._split(examples, at, masks, labels, tests, depth, most)
            if tree is not None:
                best, most = tree, tree.leaves - 1
            if most < 2 or (best is not None and self.splits < 0):
                break
        return best

    def _best_splits(self, examples: int, labels: np.ndarray, tests: np.ndarray) -> list[int]:
        """The positions of tests that split the examples, lowest entropy first; at most :data:`ROOTS`."""
        inside = np.bitwise_count(tests & np.int64(examples)).astype(np.int64)
        splitting = np.flatnonzero((inside > 0) & (inside < examples.bit_count()))
        held = tests[splitting] & np.int64(examples)
        rest = ~tests[splitting] & np.int64(examples)
        entropy = _entropy(held, labels) + _entropy(rest, labels)
        found: list[int] = splitting[np.argsort(entropy, kind="stable")[:ROOTS]].tolist()
        return found

    def _split(
        self, examples: int, at: int, masks: np.ndarray, labels: np.ndarray, tests: np.ndarray, depth: int, most: int
    ) -> _Node | None:
        """The smallest tree that begins with a test and has at most ``most`` leaves, or None."""
        held = int(tests[at]) & examples
        yes = self._grow(held, masks, labels, tests, depth + 1, most - 1)
        if yes is None:
            return None
        no = self._grow(examples & ~held, masks, labels, tests, depth + 1, most - yes.leaves)
        return None if no is None else _Node(at, yes, no, yes.leaves + no.leaves)

    def _build(
        self, node: _Node, terms: list[int | Term], tests: np.ndarray, several: Several, choice: int = 0
    ) -> Tree:
        """The tree as a program; ``several`` gives equal conditions, and ``choice`` is the position of the first condition among them."""
        production, shape = self.conditional.production, self.conditional
        if node.then is None or node.other is None:
            term = terms[node.at]
            if isinstance(term, int):
                return Tree(self.view.program(production.target, term), self.term_bank.cost_of(term), 1)
            return Tree(term.program, term.cost, 1)
        test = int(tests[node.at])
        equal = several(test, self.condition_bank.cost_of(test))
        condition = equal[min(choice, len(equal) - 1)]
        then, other = (self._build(n, terms, tests, several) for n in (node.then, node.other))
        if condition.negated:
            then, other = other, then
        cost = production.cost + condition.cost + then.cost + other.cost
        program = shape.build(condition.program, then.program, other.program)
        return Tree(program, cost, then.leaves + other.leaves)


def _entropy(sets: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """For each set of examples, its size times the entropy of the possible labels of its examples."""
    counts = np.bitwise_count(sets[:, None] & labels[None, :]).astype(np.float64)
    total = counts.sum(axis=1, keepdims=True)
    share = np.divide(counts, total, out=np.zeros_like(counts), where=total > 0)
    logs = np.log2(share, out=np.zeros_like(share), where=share > 0)
    entropy: np.ndarray = -(share * logs).sum(axis=1) * np.bitwise_count(sets)
    return entropy
