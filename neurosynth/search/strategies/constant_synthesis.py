"""Terms with a constant that was not given: the text that must replace a known piece of a known text so that some examples are right.

Inverse semantics on part of the examples, after the deduction of FlashMeta (Polozov and Gulwani, OOPSLA 2015). Of ``(str.replace x
pattern by)`` with ``x`` and ``pattern`` known, each example determines ``by``, or says nothing if the pattern does not occur. If two
examples determine the same text, that text, built from known constants, makes a term that is right on both. Enumeration reaches such a
term late: ``(str.++ " " (str.++ "N" "Y"))`` alone has five nodes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from neurosynth.engine.backends.inverse import others
from neurosynth.engine.backends.pieces import piece_hashes
from neurosynth.engine.backends.view import BankView
from neurosynth.engine.store.banks import SequenceBank
from neurosynth.language.evaluate import Evaluator
from neurosynth.language.grammar import Nonterminal, Production
from neurosynth.language.primitive import Primitive
from neurosynth.language.program import Program
from neurosynth.search.candidates import Step, Tried
from neurosynth.search.strategies.concat_cover import chained, concatenating, deduced
from neurosynth.search.strategies.decision_trees import Term
from neurosynth.tasks.checking import failing
from neurosynth.tasks.task import Example
from neurosynth.work_clock import clock_seconds

__all__ = ["ConstantSynthesis"]

TEXTS = 24
"""Number of known texts that are edited: the cheapest that are not constants."""
AMONG = 2000
"""Number of entries among which these are looked for."""
PIECES = 20_000
"""Number of known pieces tried in each of them, the cheapest."""
STEP = 256
"""Number of pieces tried at a time."""
LONGEST = 40
"""Number of elements of a constant that is built."""


@dataclass
class _MissingArgument:
    """A missing argument of a goal production, and how far its known arguments were tried."""

    production: Production
    position: int
    texts: np.ndarray = field(default_factory=lambda: np.empty(0, np.int32))
    """The known texts in which pieces were tried."""
    seen: int = 0
    """Number of pieces tried."""


class ConstantSynthesis:
    """Finds terms of three arguments, one of which is a deduced constant."""

    name = "constant synthesis"

    def __init__(self, view: BankView) -> None:
        self.view, self.inverses, self.goals = view, view.inverses, view.goal_bank
        self._examples = [Example(i, g) for i, g in zip(view.inputs, view.goal, strict=True)]
        self._evaluator = Evaluator()
        self.places = [
            _MissingArgument(p, position)
            for target in sorted(view.goals, key=str)
            for p in view.grammar.by_target[target]
            if isinstance(p.head, Primitive) and self.inverses.by_constants(p)
            for position in range(3)
            if self.inverses.loop(p, position) is not None
        ]
        self.terms: dict[int, Term] = {}
        self.masks: set[int] = set()
        """Examples for which a constant was deduced and built."""

    @property
    def whole(self) -> list[tuple[Program, int]]:
        """Programs that are right on every example, with their costs."""
        everywhere = (1 << len(self.view.goal)) - 1
        return [(t.program, t.cost) for t in self.terms.values() if t.mask == everywhere]

    def propose(self, deadline: float) -> Iterator[Step]:
        """Terms that are right on every example."""
        yield from self.update(deadline)
        for program, cost in self.whole:
            yield deduced(program, cost, self.name)

    def update(self, deadline: float) -> Iterator[Step]:
        """Try what is known by now and was not tried yet, while time remains."""
        for place in self.places:
            given, pieces = (self.view.banks[a] for a in others(place.production.arguments, place.position))
            assert isinstance(given, SequenceBank)
            texts = _varying(given)
            if not np.array_equal(texts, place.texts):
                place.texts, place.seen = texts, 0
            most = min(pieces.size, PIECES)
            if not self.inverses.should_compile_alone(
                place.production, place.position, [(0, texts.size), (place.seen, most)]
            ):
                continue
            while place.seen < most and clock_seconds() < deadline:
                end = min(place.seen + STEP, most)
                part = np.arange(place.seen, end, dtype=np.int32)
                yield from self._try(place, np.stack([np.repeat(texts, part.size), np.tile(part, texts.size)]))
                place.seen = end

    def _try(self, place: _MissingArgument, known: np.ndarray) -> Iterator[Step]:
        for tried, found in self.inverses.constants(place.production, place.position, known, self.goals):
            self._take(place, known, found)
            yield Tried(tried)

    def _take(self, place: _MissingArgument, known: np.ndarray, found: Sequence[tuple[int, int, np.ndarray]]) -> None:
        """Terms with deduced constants: a mask of examples, the index of its ``known`` arguments, and its elements."""
        production, position = place.production, place.position
        targets = others(production.arguments, position)
        for wanted, k, elements in found:
            if wanted in self.masks or self._is_output(elements, wanted):
                continue
            spelled = self._spelled(production.arguments[position], elements)
            if spelled is None:
                continue
            self.masks.add(wanted)
            entries = known[:, k].tolist()
            arguments = [self.view.program(a, e) for a, e in zip(targets, entries, strict=True)]
            cost = sum(self.view.banks[a].cost_of(e) for a, e in zip(targets, entries, strict=True))
            arguments.insert(position, spelled[0])
            program = production.build(arguments)
            term = Term(self._right(program), program, production.cost + cost + spelled[1])
            self.terms.setdefault(term.mask, term)

    def _right(self, program: Program) -> int:
        """The mask of the examples of the search on which a program is right."""
        wrong = failing(program, self._examples, self._evaluator)
        return ((1 << len(self._examples)) - 1) & ~sum(1 << i for i in wrong)

    def _is_output(self, elements: np.ndarray, wanted: int) -> bool:
        """Whether a constant is the whole output of one of the ``wanted`` examples, so that nothing of the known text remains."""
        assert isinstance(self.goals, SequenceBank)
        data, starts, lengths = self.goals.arena.data, self.goals.starts[0], self.goals.lengths[0]
        columns = [c for c in np.flatnonzero(lengths == elements.size).tolist() if wanted >> c & 1]
        return any(np.array_equal(data[starts[c] : starts[c] + elements.size], elements) for c in columns)

    def _spelled(self, target: Nonterminal, elements: np.ndarray) -> tuple[Program, int] | None:
        """The cheapest sequence of known constants that gives a constant, with its cost, or None."""
        bank, n = self.view.banks[target], elements.size
        assert isinstance(bank, SequenceBank)
        if n > LONGEST:
            return None
        hashes = np.zeros((1, n + 1, n + 1), np.uint64)
        piece_hashes(elements, np.zeros(1, np.int64), np.array([n], np.int64), hashes)
        spans = [(a, b) for b in range(n + 1) for a in range(b)] or [(0, 0)]
        found = self.inverses.entries(
            target, np.array([hashes[0, a, b - a] for a, b in spans]), np.array([b - a for a, b in spans], np.int32)
        )
        joining = concatenating(self.view.grammar, target)
        costs = bank.costs(np.maximum(found, 0))
        best: dict[int, tuple[int, tuple[int, ...]]] = {0: (0, ())}
        for (a, b), entry, cost in zip(spans, found.tolist(), costs.tolist(), strict=True):
            if entry < 0 or a not in best or (a and joining is None):
                continue
            total = best[a][0] + cost + (joining.cost if a and joining is not None else 0)
            if b not in best or total < best[b][0] or b == 0:
                best[b] = total, (*best[a][1], entry)
        if n not in best or not best[n][1]:
            return None
        cost, entries = best[n]
        return chained(joining, [self.view.program(target, e) for e in entries]), cost


def _varying(bank: SequenceBank) -> np.ndarray:
    """The first entries of a bank that are not the same in every column."""
    n = min(bank.size, AMONG)
    same = (bank.hashes[:n] == bank.hashes[:n, :1]) & (bank.lengths[:n] == bank.lengths[:n, :1])
    return np.flatnonzero(~same.all(axis=1))[:TEXTS].astype(np.int32)
