"""Inverse semantics on columns: from wanted outputs and known arguments to the value of the missing argument.

A goal is an entry of a bank: the task's own, or a subgoal computed here. The inverse kernel of a primitive is one more compiled loop:
its first argument is the goal, the known arguments follow, and its result is the missing one. Bit-vectors have no word for "there is
none": the results of such kernels are checked by the forward kernel, and dropped if they do not give the goal.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from neurosynth.engine.backends.compiled import CompiledBackend
from neurosynth.engine.backends.kernel_batch import CELLS, ArgumentSource, KernelBatch, sizes_of, tiles
from neurosynth.engine.backends.partial import agreeing
from neurosynth.engine.constants import UNDEFINED_WORD
from neurosynth.engine.kernels.cache import should_compile_alone
from neurosynth.engine.kernels.choice import Loop, inverse_kernel_of, kernel_of, kind_of
from neurosynth.engine.store.banks import SequenceBank, WordBank
from neurosynth.engine.store.batch import Batch, Match
from neurosynth.engine.store.tables import find_keys, keys_of_hashes
from neurosynth.engine.store.value_store import Range
from neurosynth.language.grammar import Nonterminal, Production
from neurosynth.language.primitive import Primitive
from neurosynth.values.registry import domain_of

__all__ = ["Inverses", "others"]

Goals = WordBank | SequenceBank

PAIRS = 200_000
"""Number of pairs of known arguments considered if a primitive has two besides the missing one."""
NONE = np.uint64(0)
"""Key of undefined values."""
FIRST = 400
"""Maximum number of entries of the first of them: the cheapest."""
FUNCTIONS = 160
"""The same for functions: constants come first, then sums, differences and the like of the parameters."""
SOLVED = 40_000
"""Number of functions, or of pairs of a function and another argument, that are solved for the missing one: this takes about ten
times as long as another inverse."""


class Subgoals(NamedTuple):
    """Several possible values of a missing argument."""

    bank: Goals
    """An entry for each."""
    known: list[tuple[int, ...]]
    """For each, the entries of the other arguments, in order."""
    tried: int
    """Number of candidates that were tried for them."""


class Inverses:
    """Joins and subgoals for the productions of a space whose primitives have inverse kernels, with up to three arguments."""

    def __init__(self, backend: CompiledBackend) -> None:
        self.backend, self.store = backend, backend.store
        self._found: dict[tuple[Production, int], Loop | None] = {}

    def loop(self, production: Production, position: int) -> Loop | None:
        """The loop that computes argument ``position``, or None if there is no inverse kernel."""
        key = (production, position)
        if key not in self._found:
            self._found[key] = self._find(production, position)
        return self._found[key]

    def _find(self, production: Production, position: int) -> Loop | None:
        head, kinds = production.head, "".join(kind_of(a.type) for a in production.arguments)
        if not isinstance(head, Primitive) or len(kinds) not in (1, 2, 3):
            return None
        loop = inverse_kernel_of(head, position, kinds, kind_of(production.target.type))
        if loop is None or "f" not in loop.arguments:
            return loop
        # what a function is solved for is any integer: no Boolean, for example
        element = domain_of(production.arguments[position].type).element
        if element is None or element.few:
            return None
        return self.backend.kernels.with_machine(loop, production)

    def should_compile_alone(self, production: Production, position: int, spans: Sequence[Range]) -> bool:
        """Whether to use the known arguments in ``spans``: if the loop is not compiled yet, only once there are many."""
        loop = self.loop(production, position)
        work = math.prod(max(0, b - a) for a, b in spans) * (8 + self.store.columns[()].count)
        return loop is not None and should_compile_alone(loop, work, self.store.patience)

    def by_constants(self, production: Production) -> bool:
        """Whether the missing argument must be a constant: with three sequences, joins find more coincidental programs than right
        ones."""
        return len(production.arguments) == 3 and {kind_of(a.type) for a in production.arguments} <= {"c", "i"}

    def spans(self, production: Production, position: int) -> tuple[Range, ...]:
        """Entries of the known arguments to consider: all of one argument; of two, the cheapest, so that there are not too many
        pairs."""
        known = others(production.arguments, position)
        sizes = [self.store.bank(a).size for a in known]
        functional = kind_of(known[0].type) == "f" if known else False
        if len(sizes) == 2:
            sizes[0] = min(sizes[0], FUNCTIONS if functional else FIRST)
            sizes[1] = min(sizes[1], (SOLVED if functional else PAIRS) // max(sizes[0], 1))
        elif functional:
            sizes[0] = min(sizes[0], SOLVED)
        return tuple((0, size) for size in sizes)

    def _cells(self, production: Production, position: int, goals: Goals) -> KernelBatch:
        loop = self.loop(production, position)
        assert loop is not None
        known = [self.store.banks.get(a, a) for a in others(production.arguments, position)]
        sources = [ArgumentSource(kind, bank) for kind, bank in zip(loop.arguments, [goals, *known], strict=True)]
        return KernelBatch(loop, sources, _sizes(production), self.backend.buffers, self.backend.code)

    def join(
        self, production: Production, position: int, spans: Sequence[Range], goals: Goals, goal: int = 0
    ) -> Iterator[Batch]:
        """Matches: entries of a production's arguments that give the goal.

        The known ones are in ``spans``, and the missing one is looked up.
        """
        cells = self._cells(production, position, goals)
        columns = self.store.columns[()]
        wanted = self.store.banks[production.arguments[position]]
        assert isinstance(wanted, (WordBank, SequenceBank))
        found = np.empty(CELLS, np.int32)
        room = cells.capacity(columns.count)
        for rows, n in tiles(((goal, goal + 1), *spans), False, room, self.store.quota):
            alive = self._possible(cells, rows, n)
            matches: list[Match] = []
            for at in range(0, alive.shape[1], room):
                chosen = np.ascontiguousarray(alive[:, at : at + room])
                count = chosen.shape[1]
                self._keys(cells, chosen, count)
                find_keys(self.backend.encoder.keys, count, wanted.table.keys, wanted.table.ids, found)
                hits = np.flatnonzero(found[:count] >= 0)
                if hits.size:
                    entries = np.insert(chosen[1:, hits], position, found[hits], axis=0)
                    right = entries[:, self._right(production, entries, goals, goal)].T.tolist()
                    matches += [(production, tuple(row)) for row in right]
            yield Batch(n, tuple(matches))

    def _key(self, goals: Goals, goal: int) -> np.uint64:
        """The key of a goal that is a sequence; that of undefined values for others."""
        if not isinstance(goals, SequenceBank):
            return NONE
        key = np.empty(1, np.uint64)
        multipliers = self.store.columns[()].multipliers
        keys_of_hashes(goals.hashes[goal], goals.lengths[goal], 1, multipliers, False, key)
        return key[0]  # type: ignore[no-any-return]

    def _keys(self, cells: KernelBatch, rows: np.ndarray, n: int) -> None:
        """Keys of the missing arguments, written to the loops' ``keys``; values that are undefined in any column have none."""
        columns = replace(self.store.columns[()], partial=False)
        if cells.loop.result in "wu":
            words = cells.words(rows, n, range(columns.count))
            self.backend.encoder.word_keys(words, n, columns, cells.loop.result == "u")
        else:
            _, _, lengths, hashes = cells.sequences(rows, n, range(columns.count), self.backend.encoder.power)
            keys_of_hashes(hashes, lengths, n, columns.multipliers, False, self.backend.encoder.keys)

    def _possible(self, cells: KernelBatch, rows: np.ndarray, n: int) -> np.ndarray:
        """Those of ``rows[:, :n]`` whose first column has an inverse: most have none, except where any word has one."""
        if cells.loop.result == "u" or (cells.loop.result == "w" and rows.shape[0] < 3):
            return rows[:, :n]
        if cells.loop.result == "w":
            possible = cells.words(rows, n, range(1))[:n] != UNDEFINED_WORD
        else:
            possible = cells.sequences(rows, n, range(1), self.backend.encoder.power)[2][:n] >= 0
        return np.ascontiguousarray(rows[:, :n][:, possible])

    def _right(
        self,
        production: Production,
        entries: np.ndarray,
        goals: Goals,
        goal: int,
        missing: tuple[int, WordBank] | None = None,
    ) -> np.ndarray:
        """The ``entries`` (arity, N) that give the goal, needed because kernels of bit-vectors cannot report that there is no inverse.

        Entries of argument ``missing`` are from a separate bank.
        """
        everything = np.ones(entries.shape[1], np.bool_)
        kinds = "".join(kind_of(a.type) for a in production.arguments)
        head = production.head
        assert isinstance(head, Primitive)
        if "u" not in kinds or not isinstance(goals, WordBank):
            return everything
        loop = kernel_of(head, kinds, goals.kind)
        if loop is None:
            return everything
        banks: list[Any] = [self.store.banks[a] for a in production.arguments]
        if missing is not None:
            banks[missing[0]] = missing[1]
        sources = [ArgumentSource(kind, bank) for kind, bank in zip(kinds, banks, strict=True)]
        cells = KernelBatch(loop, sources, _sizes(production), self.backend.buffers, self.backend.code)
        width = self.store.columns[()].count
        room = cells.capacity(width)
        for at in range(0, entries.shape[1], room):
            rows = np.ascontiguousarray(entries[:, at : at + room].astype(np.int32))
            count = rows.shape[1]
            words = cells.words(rows, count, range(width))[: count * width].reshape(count, width)
            everything[at : at + count] = (words == goals.values[goal]).all(axis=1)
        return everything

    def lookup(self, goals: Goals, goal: int, target: Nonterminal) -> int | None:
        """The entry of ``target`` that has the goal's values, if it is known."""
        bank = self.store.banks[target]
        assert isinstance(bank, (WordBank, SequenceBank))
        columns = self.store.columns[()]
        if isinstance(goals, WordBank):
            self.backend.encoder.word_keys(goals.values[goal], 1, columns, goals.kind == "u")
        else:
            keys_of_hashes(
                goals.hashes[goal], goals.lengths[goal], 1, columns.multipliers, False, self.backend.encoder.keys
            )
        found = np.empty(1, np.int32)
        find_keys(self.backend.encoder.keys, 1, bank.table.keys, bank.table.ids, found)
        return None if found[0] < 0 else int(found[0])

    def constants(
        self, production: Production, position: int, known: np.ndarray, goals: Goals, goal: int = 0
    ) -> Iterator[tuple[int, list[tuple[int, int, np.ndarray]]]]:
        """Sequences that, as argument ``position``, give the goal in at least two columns in which they matter.

        ``known`` (arity - 1, N) are entries of the other arguments. Yields, for each tile of them, the number tried and the sequences:
        a mask of columns (at most 63), the first of ``known`` that it belongs to, and the elements.
        """
        cells = self._cells(production, position, goals)
        width = self.store.columns[()].count
        room = cells.capacity(width)
        for at in range(0, known.shape[1], room):
            part = known[:, at : at + room]
            n = part.shape[1]
            rows = np.ascontiguousarray(np.vstack([np.full(n, goal), part]), np.int32)
            data, starts, lengths, hashes = cells.sequences(rows, n, range(width), self.backend.encoder.power)
            chosen, masks = np.empty(n, np.int64), np.empty(n, np.int64)
            agreeing(lengths, hashes, n, width, chosen, masks)
            first = np.unique(masks, return_index=True)[1]
            found = [(k, chosen[k]) for k in first[chosen[first] >= 0].tolist()]
            yield n, [(int(masks[k]), at + k, data[starts[t] : starts[t] + lengths[t]].copy()) for k, t in found]

    def entries(self, target: Nonterminal, hashes: np.ndarray, lengths: np.ndarray) -> np.ndarray:
        """Entries of ``target`` that are the sequence with that hash and length in every column; -1 if there is none."""
        bank, columns, n = self.store.banks[target], self.store.columns[()], hashes.size
        assert isinstance(bank, SequenceBank)
        keys, found = np.empty(n, np.uint64), np.empty(n, np.int32)
        cells = (np.repeat(hashes, columns.count), np.repeat(lengths, columns.count))
        keys_of_hashes(*cells, n, columns.multipliers, False, keys)
        find_keys(keys, n, bank.table.keys, bank.table.ids, found)
        return found

    def _no_goals(self, target: Nonterminal) -> Goals:
        columns, kind = self.store.columns[()], kind_of(target.type)
        if kind in "wu":
            return WordBank(target, columns, 0, self.store.memory, kind)
        return SequenceBank(target, columns, 0, self.store.memory, kind, self.store.arena(kind))

    def subgoals(self, production: Production, position: int, known: int, goals: Goals, goal: int) -> Subgoals:
        """The values of argument ``position``, given the first ``known`` entries of the other one, or pairs of the others."""
        cells = self._cells(production, position, goals)
        rows, tried = self._given(production, position, cells, known, goals, goal)
        count = rows.shape[1]
        target = production.arguments[position]
        columns, kind = self.store.columns[()], kind_of(target.type)
        bank = self._no_goals(target)
        if not count:
            return Subgoals(bank, [], tried)
        if isinstance(bank, WordBank):
            words = cells.words(rows, count, range(columns.count))[: count * columns.count].reshape(count, -1).copy()
            if kind == "u":
                bank.reserve(count)
                bank.values[:count] = words
                entries = np.insert(rows[1:], position, np.arange(count), axis=0)
                sound = np.flatnonzero(self._right(production, entries, goals, goal, (position, bank)))
            else:
                sound = np.flatnonzero((words != UNDEFINED_WORD).all(axis=1))
                bank.reserve(sound.size)
            bank.values[: sound.size] = words[sound]
            return Subgoals(bank, list(map(tuple, rows[1:, sound].T.tolist())), tried)
        data, starts, lengths, hashes = cells.sequences(rows, count, range(columns.count), self.backend.encoder.power)
        shape = (count, columns.count)
        starts, lengths, hashes = (a[: count * columns.count].reshape(shape) for a in (starts, lengths, hashes))
        sound = np.flatnonzero((lengths >= 0).all(axis=1))
        arena = bank.arena
        bank.reserve(sound.size)
        for at, k in enumerate(sound.tolist()):
            for e in range(columns.count):
                n = int(lengths[k, e])
                arena.reserve(n + 1)
                arena.data[arena.tail : arena.tail + n] = data[starts[k, e] : starts[k, e] + n]
                bank.starts[at, e], bank.lengths[at, e] = arena.tail, n
                arena.tail += n
        bank.hashes[: sound.size] = hashes[sound]
        return Subgoals(bank, list(map(tuple, rows[1:, sound].T.tolist())), tried)

    def _given(
        self, production: Production, position: int, cells: KernelBatch, known: int, goals: Goals, goal: int
    ) -> tuple[np.ndarray, int]:
        """The goal and entries of the known arguments, (arity, N), N at most ``known``; and the number tried for that.

        For one other argument that is no function, these are the first entries; otherwise, the first that have an inverse in every
        column, because few have one, and another one than the goal and than those before.
        """
        spans = self.spans(production, position)
        width = self.store.columns[()].count
        room = cells.capacity(width)
        if not spans:
            return np.full((1, 1), goal, np.int32), 0
        if len(spans) == 1 and "f" not in cells.loop.arguments:
            first = np.arange(min(known, room, spans[0][1]), dtype=np.int32)
            return np.stack([np.full_like(first, goal), first]), 0
        kept: list[np.ndarray] = []
        tried, seen = 0, np.array([NONE, self._key(goals, goal)])
        for rows, n in tiles(((goal, goal + 1), *spans), False, room, self.store.quota):
            alive = self._possible(cells, rows, n)
            if alive.shape[1]:
                self._keys(cells, alive, alive.shape[1])
                keys, at = np.unique(self.backend.encoder.keys[: alive.shape[1]], return_index=True)
                new = ~np.isin(keys, seen)
                kept.append(alive[:, np.sort(at[new])])
                seen = np.concatenate([seen, keys[new]])
            tried += n
            if sum(k.shape[1] for k in kept) >= min(known, room):
                break
        found = np.concatenate(kept, axis=1) if kept else np.empty((1 + len(spans), 0), np.int32)
        return np.ascontiguousarray(found[:, : min(known, room)]), tried


def others(arguments: Sequence[Nonterminal], position: int) -> list[Nonterminal]:
    """The arguments except the one at ``position``."""
    return [a for i, a in enumerate(arguments) if i != position]


def _sizes(production: Production) -> list[Any]:
    return sizes_of(production.head) if isinstance(production.head, Primitive) else []
