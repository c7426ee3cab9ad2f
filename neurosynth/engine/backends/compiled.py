"""The compiled half of a space: tiles of candidates through kernels, tables and arenas.

Per tile: fill in combinations of entries, compute the results of all cells, keys, one pass over the table, store what is
new.  Probing for the goal goes column by column instead and drops a candidate at the first column that differs.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from neurosynth.engine.backends.inverse import Inverses
from neurosynth.engine.backends.kernel_batch import CELLS, Buffers, KernelBatch, Source
from neurosynth.engine.backends.lambda_bytecode import LambdaBytecode
from neurosynth.engine.kernels.cache import load_machine, should_compile
from neurosynth.engine.kernels.choice import kernel_of, kind_of
from neurosynth.engine.kernels.compiling import listen
from neurosynth.engine.store.banks import Columns, SequenceBank, WordBank, words_from_python
from neurosynth.engine.store.tables import (
    closest_sequences,
    closest_words,
    element_hashes,
    elements_of,
    fill,
    filter_new,
    keys_of_hashes,
    keys_of_words,
    powers,
    store_references,
    store_sequences,
    store_words,
)
from neurosynth.language.grammar import Production
from neurosynth.language.primitive import Primitive
from neurosynth.values.registry import domain_of
from neurosynth.values.types import Type

if TYPE_CHECKING:
    from neurosynth.engine.store.value_store import Range, ValueStore

__all__ = ["CompiledBackend"]

_NO_GOAL = np.uint64(0)


class CompiledBackend:
    """Runs productions of a space in compiled code."""

    def __init__(self, store: ValueStore) -> None:
        listen()
        self.store = store
        self.power = powers(store.max_length)
        chars = store.arenas["c"].data.dtype if "c" in store.arenas else np.dtype(np.uint8)
        self.buffers = Buffers(store.max_length, chars)
        self.keys = np.empty(CELLS, np.uint64)
        self.met = np.empty(CELLS, np.uint64)
        self.fresh = np.empty(CELLS, np.int32)
        self.hits = np.empty(CELLS, np.int32)
        self.asks = np.empty(CELLS, np.int32)
        self.code = LambdaBytecode(store)
        self.inverses = Inverses(self)
        self._cells: dict[Production, KernelBatch | None] = {}

    @cached_property
    def _goal(self) -> tuple[np.uint64, np.ndarray, np.ndarray]:
        """Key of the goal, its words or hashes (E,), its lengths (E,)."""
        store = self.store
        columns = store.columns[()]
        kind = kind_of(store.grammar.start.type)
        if kind in "wu":
            words = words_from_python(store.goal, store.grammar.start.type)
            self.word_keys(words, 1, columns, kind == "u")
            return self.keys[0], words, np.zeros(len(words), np.int32)
        _, lengths, hashes = self._encode([store.goal], kind, columns, store.grammar.start.type)
        return self.keys[0], hashes[0], lengths[0]

    @property
    def goal_values(self) -> tuple[np.ndarray, np.ndarray]:
        """The goal's words, or the hashes and lengths of its sequences, a column each."""
        return self._goal[1], self._goal[2]

    def word_keys(self, cells: np.ndarray, n: int, columns: Columns, total: bool) -> None:
        """Keys of ``n`` candidates from their word cells, left in ``self.keys``."""
        keys_of_words(cells.reshape(-1), n, columns.multipliers, columns.partial, total, self.keys)

    def _find(self, production: Production) -> KernelBatch | None:
        if production not in self._cells:
            self._cells[production] = self._find_cells(production)
        return self._cells[production]

    def _find_cells(self, production: Production) -> KernelBatch | None:
        primitive = production.head
        assert isinstance(primitive, Primitive)
        if not primitive.arity:
            return None
        kinds = "".join(kind_of(a.type) for a in production.arguments)
        loop = kernel_of(primitive, kinds, kind_of(production.target.type))
        if loop is None:
            return None
        if "f" in kinds:
            functions = [a for a in production.arguments if kind_of(a.type) == "f"]
            if production.target.scope or not all(self.code.covers(f) for f in functions):
                return None
            loop = replace(loop, machine=load_machine(self.code.operations).__name__)
        banks = self.store.banks
        sources = [Source(k, banks.get(a, a)) for k, a in zip(kinds, production.arguments, strict=True)]
        return KernelBatch(loop, sources, sizes_of(primitive), self.buffers, self.code)

    def compiles(self, production: Production) -> bool:
        """Whether there is a loop for the production."""
        return self._find(production) is not None

    def should_compile(self, production: Production, ranges: Sequence[Range]) -> bool:
        """Whether to run these combinations in the production's loop, where there is one."""
        cells = self._find(production)
        if cells is None:
            return False
        count = math.prod(max(0, b - a) for a, b in ranges)
        work = count * (8 + self.store.columns[production.target.scope].count)
        return cells.module is None or should_compile(cells.loop, work, self.store.patience)

    # --- tiles --------------------------------------------------------------------------------------------------

    def tiles(self, ranges: Sequence[Range], triangular: bool, room: int) -> Iterator[tuple[np.ndarray, int]]:
        """Entries of the arguments (arity, room) and how many of each tile; the array is reused."""
        low = np.array([a for a, _ in ranges], np.int64)
        high = np.array([b for _, b in ranges], np.int64)
        if (low >= high).any():
            return
        state = low.copy()
        rows = np.empty((len(ranges), room), np.int32)
        while n := fill(state, low, high, triangular, rows, min(room, self.store.left())):
            yield rows, n

    def expand(self, production: Production, ranges: Sequence[Range], triangular: bool) -> None:
        """Try all combinations; store what is new, report hits."""
        cells = self._find(production)
        assert cells is not None
        bank = self.store.banks[production.target]
        columns = bank.columns
        every = range(columns.count)
        for rows, n in self.tiles(ranges, triangular, cells.capacity(columns.count)):
            if isinstance(bank, WordBank):
                words = cells.words(rows, n, every)
                self.word_keys(words, n, columns, bank.kind == "u")
                self._take(production, rows, n, lambda fresh, base, w=words: self._store_words(bank, w, fresh, base))
            else:
                assert isinstance(bank, SequenceBank)
                data, starts, lengths, hashes = cells.sequences(rows, n, every, self.power)
                keys_of_hashes(hashes, lengths, n, columns.multipliers, columns.partial, self.keys)
                parts = (data, starts, lengths, hashes)
                self._take(
                    production, rows, n,
                    lambda fresh, base, r=rows, p=parts: self._store_sequences(bank, cells, r, p, fresh, base),
                )  # fmt: skip
            self.store.tick(n)

    def _take(self, production: Production, rows: np.ndarray, n: int, write: Any) -> None:
        """Filter ``self.keys[:n]``; store the new ones; report hits; ask the reference where a kernel could not tell."""
        store = self.store
        bank = store.banks[production.target]
        assert isinstance(bank, (WordBank, SequenceBank))
        bank.table.reserve(bank.size + n, store.grow, store.tick)
        goal = self._goal_key if production.target in store.goals else _NO_GOAL
        new, hits, asks = filter_new(
            self.keys, n, bank.table.keys, bank.table.ids, bank.size, goal, self.met, self.fresh, self.hits, self.asks
        )
        hit_rows = rows[:, self.hits[:hits]].T.tolist() if hits else []
        ask_rows = rows[:, self.asks[:asks]].T.tolist() if asks else []
        if new:
            fresh = self.fresh[:new].copy()
            start = bank.size
            bank.reserve(new)
            write(fresh, start)
            bank.record(store.numbers[production], rows[:, fresh].T)
            self._stored(production, bank, start)
        for row in hit_rows:
            store.hit(production, tuple(row))
        if ask_rows:
            self._ask(production, [tuple(row) for row in ask_rows])

    @cached_property
    def _goal_key(self) -> np.uint64:
        saved = self.keys
        self.keys = np.empty(1, np.uint64)  # computing the goal's key must not disturb a tile in progress
        try:
            return np.uint64(self._goal[0])
        finally:
            self.keys = saved

    def _store_words(self, bank: WordBank, words: np.ndarray, fresh: np.ndarray, base: int) -> None:
        store_words(words, fresh, fresh.size, bank.values, base)

    def _store_sequences(
        self, bank: SequenceBank, cells: KernelBatch, rows: np.ndarray, parts: Any, fresh: np.ndarray, base: int
    ) -> None:
        data, starts, lengths, hashes = parts
        stored = (bank.starts, bank.lengths, bank.hashes, base)
        if cells.refers:
            store_references(starts, lengths, hashes, fresh, fresh.size, *stored)
            return
        arena = bank.arena
        arena.reserve(elements_of(starts, lengths, fresh, fresh.size, bank.columns.count))
        if cells.loop.hashed:
            cells.write(rows, fresh, (starts, lengths, hashes), bank)
        else:
            arena.tail = store_sequences(
                data, starts, lengths, hashes, fresh, fresh.size, arena.data, arena.tail, *stored
            )

    def _stored(self, production: Production, bank: WordBank | SequenceBank, start: int) -> None:
        """Bookkeeping after entries from ``start`` on were recorded: code of bodies, the best partial match."""
        self.code.extend(production, bank, start)
        if production.target not in self.store.goals:
            return
        _, goal, lengths = self._goal
        if isinstance(bank, WordBank):
            at, same = closest_words(bank.values, start, bank.size, goal)
        else:
            at, same = closest_sequences(bank.hashes, bank.lengths, start, bank.size, goal, lengths)
        share = float(same) / len(goal)
        if share > self.store.best[0]:
            children = bank.children[at, : len(production.arguments)].tolist()
            self.store.best = (share, production, tuple(children))

    def _ask(self, production: Production, rows: list[tuple[int, ...]]) -> None:
        evaluate = self.store.evaluation(production)
        batch = [(row, values) for row in rows if (values := evaluate(row)) is not None]
        if batch:
            self.keep_objects(production, batch)

    def probe(self, production: Production, ranges: Sequence[Range], triangular: bool) -> None:
        """Report every combination whose outputs equal the goal; keep nothing."""
        for entries in self.equal(production, ranges, triangular, self.goal_bank, 0):
            self.store.hit(production, entries)

    def equal(
        self,
        production: Production,
        ranges: Sequence[Range],
        triangular: bool,
        goals: WordBank | SequenceBank,
        goal: int,
    ) -> Iterator[tuple[int, ...]]:
        """Combinations whose outputs are those of entry ``goal`` of ``goals``, and those a kernel cannot tell about."""
        cells = self._find(production)
        assert cells is not None
        for tile, n in self.tiles(ranges, triangular, CELLS // 2):
            rows = tile[:, :n]
            for e in range(goals.columns.count):
                column = range(e, e + 1)
                count = rows.shape[1]
                if isinstance(goals, WordBank):
                    same = cells.words(rows, count, column)[:count] == goals.values[goal, e]
                else:
                    _, _, lengths, hashes = cells.sequences(rows, count, column, self.power)
                    same = (hashes[:count] == goals.hashes[goal, e]) & (lengths[:count] == goals.lengths[goal, e])
                    same |= lengths[:count] == -2  # verification asks the reference
                if not same.all():
                    rows = np.ascontiguousarray(rows[:, same])
                if not rows.shape[1]:
                    break
            yield from map(tuple, rows.T.tolist())
            self.store.tick(n)

    # --- other ways in ------------------------------------------------------------------------------------------

    def copy(self, production: Production, span: Range) -> None:
        """Unit and lift productions: entries of another bank, at this scope's columns."""
        store = self.store
        target, source = store.banks[production.target], store.banks[production.arguments[0]]
        same_scope = production.target.scope == production.arguments[0].scope
        examples = slice(None) if same_scope else target.columns.examples
        room = max(1, CELLS // target.columns.count)
        start = span[0]
        while start < span[1]:
            end = min(start + min(room, store.left()), span[1])
            rows = np.arange(start, end, dtype=np.int32)[None, :]
            if isinstance(target, WordBank) and isinstance(source, WordBank):
                self._keep_words(production, rows, source.values[rows[0]][:, examples])
            elif isinstance(target, SequenceBank) and isinstance(source, SequenceBank):
                parts = [a[rows[0]][:, examples] for a in (source.starts, source.lengths, source.hashes)]
                self._keep_references(production, rows, *parts)
            start = end
            store.tick(rows.shape[1])

    def _keep_words(self, production: Production, rows: np.ndarray, values: np.ndarray) -> None:
        bank = self.store.banks[production.target]
        assert isinstance(bank, WordBank)
        cells = np.ascontiguousarray(values).reshape(-1)
        self.word_keys(cells, rows.shape[1], bank.columns, bank.kind == "u")
        self._take(production, rows, rows.shape[1], lambda fresh, base: self._store_words(bank, cells, fresh, base))

    def _keep_references(
        self, production: Production, rows: np.ndarray, starts: np.ndarray, lengths: np.ndarray, hashes: np.ndarray
    ) -> None:
        """Keep sequences whose elements are in the arena already."""
        bank = self.store.banks[production.target]
        assert isinstance(bank, SequenceBank)
        columns, n = bank.columns, rows.shape[1]
        starts, lengths, hashes = (np.ascontiguousarray(part).reshape(-1) for part in (starts, lengths, hashes))
        keys_of_hashes(hashes, lengths, n, columns.multipliers, columns.partial, self.keys)

        def write(fresh: np.ndarray, base: int) -> None:
            stored = (bank.starts, bank.lengths, bank.hashes, base)
            store_references(starts, lengths, hashes, fresh, fresh.size, *stored)

        self._take(production, rows, n, write)

    def _encode(
        self, values: Sequence[tuple[Any, ...]], kind: str, columns: Columns, t: Type
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Python sequences into the arena: starts, lengths, hashes (K, E); their keys are left in ``self.keys``."""
        arena = self.store.arena(kind)
        shape = (len(values), columns.count)
        starts, lengths = (
            a.reshape(shape) for a in arena.put([value for row in values for value in row], domain_of(t))
        )
        if lengths.max(initial=0) >= self.power.size:  # constants may be longer than what search makes
            self.power = powers(int(lengths.max()))
        hashes = np.empty(shape, np.uint64)
        element_hashes(arena.data, starts.reshape(-1), lengths.reshape(-1), starts.size, hashes.reshape(-1))
        keys_of_hashes(
            hashes.reshape(-1), lengths.reshape(-1), len(values), columns.multipliers, columns.partial, self.keys
        )
        return starts, lengths, hashes

    def keep_objects(self, production: Production, batch: list[tuple[tuple[int, ...], tuple[Any, ...]]]) -> None:
        """Store results the object path computed."""
        bank = self.store.banks[production.target]
        values = [v for _, v in batch]
        rows = np.array([e for e, _ in batch], np.int32).reshape(len(batch), -1).T
        if not rows.shape[0]:
            rows = np.empty((0, len(batch)), np.int32)
        if isinstance(bank, WordBank):
            self._keep_words(production, rows, np.stack([words_from_python(v, bank.target.type) for v in values]))
        else:
            assert isinstance(bank, SequenceBank)
            self._keep_references(production, rows, *self._encode(values, bank.kind, bank.columns, bank.target.type))

    @cached_property
    def goal_bank(self) -> WordBank | SequenceBank:
        """The goal as a bank of one entry."""
        store = self.store
        kind = kind_of(store.grammar.start.type)
        columns = store.columns[()]
        if kind in "wu":
            words = WordBank(store.grammar.start, columns, 0, store.grow, kind)
            words.values[0] = self._goal[1]
            return words
        bank = SequenceBank(store.grammar.start, columns, 0, store.grow, kind, store.arena(kind))
        starts, lengths, hashes = self._encode([store.goal], kind, columns, store.grammar.start.type)
        bank.starts[0], bank.lengths[0], bank.hashes[0] = starts[0], lengths[0], hashes[0]
        return bank


def sizes_of(primitive: Primitive) -> list[Any]:
    return [np.int64(primitive.sizes[s]) for s in sorted(primitive.sizes)]
