"""Inverse semantics on columns: from wanted outputs and one known argument to what the other argument must be.

A goal is an entry of a bank: the task's own, or a subgoal computed here.  The inverse kernel of a primitive is one more
compiled loop: the goal in the first place, the known argument in the second, the missing one as the result.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from neurosynth.engine.banks import SequenceBank, WordBank
from neurosynth.engine.codegen import Loop, inverse_kernel_of, kind_of
from neurosynth.engine.constants import UNDEFINED_WORD
from neurosynth.engine.tables import find_keys, keys_of_hashes
from neurosynth.engine.tiles import CELLS, Cells, Source
from neurosynth.language.grammar import Nonterminal, Production
from neurosynth.language.primitive import Primitive

if TYPE_CHECKING:
    from neurosynth.engine.loops import Loops
    from neurosynth.engine.space import Range

__all__ = ["Inverses"]

Goals = WordBank | SequenceBank


class Inverses:
    """Joins and subgoals for the productions of a space whose primitives have inverse kernels, unary and binary."""

    def __init__(self, loops: Loops) -> None:
        self.loops, self.space = loops, loops.space
        self._found: dict[tuple[Production, int], Loop | None] = {}

    def loop(self, production: Production, position: int) -> Loop | None:
        """The loop that computes argument ``position``, or None where there is no inverse kernel."""
        key = (production, position)
        if key not in self._found:
            head = production.head
            kinds = "".join(kind_of(a.type) for a in production.arguments)
            usable = isinstance(head, Primitive) and len(kinds) in (1, 2)
            self._found[key] = (
                inverse_kernel_of(head, position, kinds, kind_of(production.target.type))
                if usable and isinstance(head, Primitive)
                else None
            )
        return self._found[key]

    def _cells(self, production: Production, position: int, goals: Goals) -> Cells:
        loop = self.loop(production, position)
        assert loop is not None
        sources = [Source(loop.arguments[0], goals)]
        if len(production.arguments) == 2:
            sources.append(Source(loop.arguments[1], self.space.banks[production.arguments[1 - position]]))
        head = production.head
        assert isinstance(head, Primitive)
        sizes = [np.int64(head.sizes[s]) for s in sorted(head.sizes)]
        return Cells(loop, sources, sizes, self.loops.buffers, self.loops.code)

    def join(
        self, production: Production, position: int, span: Range, goals: Goals, goal: int = 0
    ) -> Iterator[tuple[int, int]]:
        """Pairs of entries of a binary production's arguments that give the goal, the known one in ``span``."""
        cells = self._cells(production, position, goals)
        columns = self.space.columns[()]
        wanted = self.space.banks[production.arguments[position]]
        assert isinstance(wanted, (WordBank, SequenceBank))
        found = np.empty(CELLS, np.int32)
        room = cells.capacity(columns.count)
        for rows, n in self.loops.tiles(((goal, goal + 1), span), False, room):
            alive = self._possible(cells, rows, n)
            for at in range(0, alive.shape[1], room):
                chosen = np.ascontiguousarray(alive[:, at : at + room])
                count = chosen.shape[1]
                self._keys(cells, chosen, count)
                find_keys(self.loops.keys, count, wanted.table.keys, wanted.table.ids, found)
                for k in np.flatnonzero(found[:count] >= 0).tolist():
                    known = int(chosen[1, k])
                    yield (int(found[k]), known) if position == 0 else (known, int(found[k]))
            self.space.tick(n)

    def _keys(self, cells: Cells, rows: np.ndarray, n: int) -> None:
        """Keys of the missing arguments, left in the loops' ``keys``; what is undefined anywhere has none."""
        columns = replace(self.space.columns[()], partial=False)
        every = range(columns.count)
        if cells.loop.result in "wu":
            self.loops.word_keys(cells.words(rows, n, every), n, columns, cells.loop.result == "u")
        else:
            _, _, lengths, hashes = cells.sequences(rows, n, every, self.loops.power)
            keys_of_hashes(hashes, lengths, n, columns.multipliers, False, self.loops.keys)

    def _possible(self, cells: Cells, rows: np.ndarray, n: int) -> np.ndarray:
        """Those of ``rows[:, :n]`` whose first column has an inverse: most have none."""
        if cells.loop.result in "wu":
            return rows[:, :n]
        lengths = cells.sequences(rows, n, range(1), self.loops.power)[2]
        return np.ascontiguousarray(rows[:, :n][:, lengths[:n] >= 0])

    def lookup(self, goals: Goals, goal: int, target: Nonterminal) -> int | None:
        """The entry of ``target`` that has the goal's values, if it is known."""
        bank = self.space.banks[target]
        assert isinstance(bank, (WordBank, SequenceBank))
        columns = self.space.columns[()]
        if isinstance(goals, WordBank):
            self.loops.word_keys(goals.values[goal], 1, columns, goals.kind == "u")
        else:
            keys_of_hashes(goals.hashes[goal], goals.lengths[goal], 1, columns.multipliers, False, self.loops.keys)
        found = np.empty(1, np.int32)
        find_keys(self.loops.keys, 1, bank.table.keys, bank.table.ids, found)
        return None if found[0] < 0 else int(found[0])

    def _no_goals(self, target: Nonterminal) -> Goals:
        columns, kind = self.space.columns[()], kind_of(target.type)
        if kind in "wu":
            return WordBank(target, columns, 0, self.space.grow, kind)
        return SequenceBank(target, columns, 0, self.space.grow, kind, self.space.arena(kind))

    def subgoals(
        self, production: Production, position: int, known: int, goals: Goals, goal: int
    ) -> tuple[Goals, list[int]]:
        """What argument ``position`` must be for each of the first ``known`` entries of the other one.

        Returns a bank of subgoals and, for each, the entry of the known argument (0 for unary productions).
        """
        cells = self._cells(production, position, goals)
        columns = self.space.columns[()]
        room = cells.capacity(columns.count)
        count = min(known, room) if len(production.arguments) == 2 else 1
        if not count:
            return self._no_goals(production.arguments[position]), []
        rows = np.zeros((len(production.arguments), count), np.int32)
        rows[0] = goal
        if len(production.arguments) == 2:
            rows[1] = np.arange(count)
        every = range(columns.count)
        target = production.arguments[position]
        kind = kind_of(target.type)
        if kind in "wu":
            words = cells.words(rows, count, every)[: count * columns.count].reshape(count, -1)
            sound = np.arange(count) if kind == "u" else np.flatnonzero((words != UNDEFINED_WORD).all(axis=1))
            bank = WordBank(target, columns, 0, self.space.grow, kind)
            bank.reserve(sound.size)
            bank.values[: sound.size] = words[sound]
            return bank, sound.tolist()
        data, starts, lengths, hashes = cells.sequences(rows, count, every, self.loops.power)
        shape = (count, columns.count)
        starts, lengths, hashes = (a[: count * columns.count].reshape(shape) for a in (starts, lengths, hashes))
        sound = np.flatnonzero((lengths >= 0).all(axis=1))
        arena = self.space.arena(kind)
        sequences = SequenceBank(target, columns, 0, self.space.grow, kind, arena)
        sequences.reserve(sound.size)
        for at, k in enumerate(sound.tolist()):
            for e in range(columns.count):
                n = int(lengths[k, e])
                arena.reserve(n + 1)
                arena.data[arena.tail : arena.tail + n] = data[starts[k, e] : starts[k, e] + n]
                sequences.starts[at, e], sequences.lengths[at, e] = arena.tail, n
                arena.tail += n
        sequences.hashes[: sound.size] = hashes[sound]
        return sequences, sound.tolist()
