"""The compiled backend: tiles of candidates through kernels, tables and arenas.

Per tile: list combinations of entries, compute the results of all cells and their keys, look all keys up in the table in one pass, and
store new values. Probing for the goal proceeds column by column instead, and drops a candidate at the first column that differs.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from typing import Any

import numpy as np

from neurosynth.engine.backends.encoder import Encoder, Goal
from neurosynth.engine.backends.kernel_batch import CELLS, Buffers, KernelBatch, continued, tiles
from neurosynth.engine.backends.lambda_bytecode import LambdaBytecode
from neurosynth.engine.backends.objects import ObjectTiles, Tile, keep_objects
from neurosynth.engine.backends.production_kernels import ProductionKernels
from neurosynth.engine.kernels.cache import load_part_test
from neurosynth.engine.kernels.choice import reference_of
from neurosynth.engine.kernels.compiling import listen
from neurosynth.engine.store.banks import Bank, ObjectBank, SequenceBank, WordBank, words_from_python
from neurosynth.engine.store.batch import PULSE, Batch, Match
from neurosynth.engine.store.tables import (
    closest_sequences,
    closest_words,
    elements_of,
    filter_new,
    find_keys,
    keys_of_hashes,
    store_references,
    store_sequences,
    store_words,
)
from neurosynth.engine.store.value_store import Range, ValueStore
from neurosynth.language.grammar import Abstraction, Lift, Nonterminal, Production, Unit
from neurosynth.language.primitive import Primitive
from neurosynth.language.program import Constant, Input, Variable

__all__ = ["CompiledBackend"]

_NO_GOAL = np.uint64(0)


class CompiledBackend:
    """Fills a store whose banks hold words and sequences in arrays.

    Productions whose primitive has a kernel run in compiled loops, and the others on Python objects, with the same banks in the same
    order.
    """

    def __init__(self, store: ValueStore) -> None:
        listen()
        self.store = store
        self.objects = ObjectTiles(store)
        self.encoder = Encoder(store, CELLS)
        self.lookup = Encoder(store, 1)
        """For values that are looked up, possibly while a tile is in progress, whose keys are in the other encoder."""
        self.goal = Goal(store)
        chars = store.arenas["c"].data.dtype if "c" in store.arenas else np.dtype(np.uint8)
        self.buffers = Buffers(store.max_length, chars)
        self.met = np.empty(CELLS, np.uint64)
        self.fresh = np.empty(CELLS, np.int32)
        self.hits = np.empty(CELLS, np.int32)
        self.asks = np.empty(CELLS, np.int32)
        self.code = LambdaBytecode(store)
        self.kernels = ProductionKernels(store, self.buffers, self.code)

    # --- the interface of a backend -----------------------------------------------------------------------------

    def expand(
        self,
        production: Production,
        ranges: Sequence[Range],
        *,
        triangular: bool = False,
        firsts: np.ndarray | None = None,
    ) -> Iterator[Batch]:
        """See :meth:`Backend.expand`."""
        match production.head:
            case Abstraction():
                return
            case Input() | Constant() | Variable():
                yield Batch(1)  # first: a candidate that matches the goal ends the search, and was tried
                yield from self._keep(production, [((), self.objects.leaf(production))])
            case Unit() | Lift() if self.store.bank(production.target).kind != "o":
                yield from self._copy(production, ranges[0])
            case Primitive() if self.kernels.should_compile(production, ranges, 1 if firsts is None else len(firsts)):
                yield from self._expand(production, ranges, triangular, firsts)
            case _:
                for tile, tried in self.objects.tiles(production, ranges, triangular, firsts):
                    yield from self._keep(production, tile)
                    yield Batch(tried)

    def insert(self, production: Production, entries: tuple[int, ...]) -> Generator[Batch, None, int | None]:
        """Store one program at the cost for which its bank is open, computed on Python objects.

        Returns:
            its entry, or that of an older one with the same outputs; None if it has no outputs.
        """
        values = self.objects.outputs(production, entries)
        if values is None:
            return None
        bank = self.store.banks[production.target]
        before = bank.size
        if not isinstance(bank, ObjectBank) or values not in bank.index:
            yield from self._keep(production, [(entries, values)])
            yield Batch(1)
        return before if bank.size > before else self.find(production.target, values)

    def find(self, target: Nonterminal, values: tuple[Any, ...]) -> int | None:
        """The entry with these outputs (by hash), or None."""
        bank = self.store.banks[target]
        if isinstance(bank, ObjectBank):
            return bank.index.get(values)
        assert isinstance(bank, (WordBank, SequenceBank))
        found = np.empty(1, np.int32)
        find_keys(self.lookup.key(bank, values), 1, bank.table.keys, bank.table.ids, found)
        return int(found[0]) if found[0] >= 0 else None

    def masks(self, bank: Bank, start: int, end: int) -> np.ndarray:
        """(end - start,) int64: for each of these entries of a goal bank, a bit for each example on which it is right (at most 63)."""
        return self.goal.masks(bank, start, end)

    @property
    def object_cells(self) -> int:
        """Number of values computed on Python objects so far."""
        return self.objects.cells

    def _expand(
        self, production: Production, ranges: Sequence[Range], triangular: bool, firsts: np.ndarray | None = None
    ) -> Iterator[Batch]:
        """Try all combinations in the production's loop; store new values."""
        cells = self.kernels.of(production)
        assert cells is not None
        bank = self.store.banks[production.target]
        columns = bank.columns
        every = range(columns.count)
        room, quota = cells.capacity(columns.count), self.store.quota
        every_one = tiles(ranges, triangular, room, quota)
        for rows, n in every_one if firsts is None else continued(firsts, ranges[0], room, quota):
            if isinstance(bank, WordBank):
                words = cells.words(rows, n, every)
                self.encoder.word_keys(words, n, columns, bank.kind == "u")
                yield from self._take(
                    production,
                    rows,
                    n,
                    lambda fresh, base, w=words: store_words(w, fresh, fresh.size, bank.values, base),
                )
            else:
                assert isinstance(bank, SequenceBank)
                data, starts, lengths, hashes = cells.sequences(rows, n, every, self.encoder.power)
                self._drop_no_parts(bank, n, data, starts, lengths, hashes)
                keys_of_hashes(hashes, lengths, n, columns.multipliers, columns.partial, self.encoder.keys)
                parts = (data, starts, lengths, hashes)
                yield from self._take(
                    production, rows, n,
                    lambda fresh, base, r=rows, p=parts: self._store_sequences(bank, cells, r, p, fresh, base),
                )  # fmt: skip
            yield Batch(n)

    def _drop_no_parts(
        self,
        bank: SequenceBank,
        n: int,
        data: np.ndarray,
        starts: np.ndarray,
        lengths: np.ndarray,
        hashes: np.ndarray,
    ) -> None:
        """Make cells undefined if their values cannot be part of the goal."""
        test = self.store.parts.get(bank.target.type)
        if test is None:
            return
        kernel, columns = reference_of(test.keep.kernel), bank.columns
        assert kernel is not None  # or there is no loop: see _find_kernel
        scratch = self.buffers.get("scratch", np.int64, 4 * self.store.max_length)
        spans, required = test.open_spans(columns.examples), np.array(columns.required, np.int64)
        salts = self.store.columns[()].multipliers[columns.examples]
        load_part_test(kernel).cells(
            n, columns.count, data, starts, lengths, hashes, scratch, test.words, spans, required, test.known, salts
        )

    def _take(self, production: Production, rows: np.ndarray, n: int, write: Any) -> Iterator[Batch]:
        """Look up ``self.encoder.keys[:n]``, store new candidates, yield matches of the goal, and ask the reference semantics where a
        kernel could not tell."""
        store = self.store
        bank = store.banks[production.target]
        assert isinstance(bank, (WordBank, SequenceBank))
        for _ in bank.table.reserve(bank.size + n, store.memory):
            yield PULSE
        goal = self.goal.key if production.target in store.goals else _NO_GOAL
        new, hits, asks = filter_new(
            self.encoder.keys,
            n,
            bank.table.keys,
            bank.table.ids,
            bank.size,
            goal,
            self.met,
            self.fresh,
            self.hits,
            self.asks,
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
        if hit_rows:
            yield Batch(matches=_matches(production, hit_rows))
        if ask_rows:
            yield from self._ask(production, [tuple(row) for row in ask_rows])

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
        """Bookkeeping after entries from ``start`` on were stored: code of bodies, the best partial match."""
        self.code.extend(production, bank, start)
        if production.target not in self.store.goals:
            return
        goal = self.goal.bank
        if isinstance(bank, WordBank):
            assert isinstance(goal, WordBank)
            at, same = closest_words(bank.values, start, bank.size, goal.values[0])
        else:
            assert isinstance(goal, SequenceBank)
            at, same = closest_sequences(bank.hashes, bank.lengths, start, bank.size, goal.hashes[0], goal.lengths[0])
        share = float(same) / goal.columns.count
        if share > self.store.best[0]:
            children = bank.children[at, : len(production.arguments)].tolist()
            self.store.best = (share, production, tuple(children))

    def _ask(self, production: Production, rows: list[tuple[int, ...]]) -> Iterator[Batch]:
        evaluate = self.objects.evaluation(production)
        yield from self._keep(production, [(row, values) for row in rows if (values := evaluate(row)) is not None])

    def equal(
        self,
        production: Production,
        ranges: Sequence[Range],
        triangular: bool,
        goals: WordBank | SequenceBank,
        goal: int,
    ) -> Iterator[Batch]:
        """Matches: combinations whose outputs equal those of entry ``goal`` of ``goals``, and those about which a kernel cannot
        tell."""
        cells = self.kernels.of(production)
        assert cells is not None
        for tile, n in tiles(ranges, triangular, CELLS // 2, self.store.quota):
            rows = tile[:, :n]
            for e in range(goals.columns.count):
                column = range(e, e + 1)
                count = rows.shape[1]
                if isinstance(goals, WordBank):
                    same = cells.words(rows, count, column)[:count] == goals.values[goal, e]
                else:
                    _, _, lengths, hashes = cells.sequences(rows, count, column, self.encoder.power)
                    same = (hashes[:count] == goals.hashes[goal, e]) & (lengths[:count] == goals.lengths[goal, e])
                    same |= lengths[:count] == -2  # verification asks the reference semantics
                if not same.all():
                    rows = np.ascontiguousarray(rows[:, same])
                if not rows.shape[1]:
                    break
            yield Batch(n, _matches(production, rows.T.tolist()))

    def _copy(self, production: Production, span: Range) -> Iterator[Batch]:
        """Unit and lift productions: entries of another bank, at this scope's columns."""
        store = self.store
        target, source = store.banks[production.target], store.banks[production.arguments[0]]
        same_scope = production.target.scope == production.arguments[0].scope
        examples = slice(None) if same_scope else target.columns.examples
        room = max(1, CELLS // target.columns.count)
        start = span[0]
        while start < span[1]:
            end = min(start + min(room, store.quota.left), span[1])
            rows = np.arange(start, end, dtype=np.int32)[None, :]
            if isinstance(target, WordBank) and isinstance(source, WordBank):
                yield from self._keep_words(production, rows, source.values[rows[0]][:, examples])
            elif isinstance(target, SequenceBank) and isinstance(source, SequenceBank):
                parts = [a[rows[0]][:, examples] for a in (source.starts, source.lengths, source.hashes)]
                yield from self._keep_references(production, rows, *parts)
            start = end
            yield Batch(rows.shape[1])

    def _keep_words(self, production: Production, rows: np.ndarray, values: np.ndarray) -> Iterator[Batch]:
        bank = self.store.banks[production.target]
        assert isinstance(bank, WordBank)
        cells = np.ascontiguousarray(values).reshape(-1)
        self.encoder.word_keys(cells, rows.shape[1], bank.columns, bank.kind == "u")
        write = lambda fresh, base: store_words(cells, fresh, fresh.size, bank.values, base)  # noqa: E731  # a line, used once below
        yield from self._take(production, rows, rows.shape[1], write)

    def _keep_references(
        self, production: Production, rows: np.ndarray, starts: np.ndarray, lengths: np.ndarray, hashes: np.ndarray
    ) -> Iterator[Batch]:
        """Store sequences whose elements are in the arena already."""
        bank = self.store.banks[production.target]
        assert isinstance(bank, SequenceBank)
        columns, n = bank.columns, rows.shape[1]
        starts, lengths, hashes = (np.ascontiguousarray(part).reshape(-1) for part in (starts, lengths, hashes))
        keys_of_hashes(hashes, lengths, n, columns.multipliers, columns.partial, self.encoder.keys)

        def write(fresh: np.ndarray, base: int) -> None:
            stored = (bank.starts, bank.lengths, bank.hashes, base)
            store_references(starts, lengths, hashes, fresh, fresh.size, *stored)

        yield from self._take(production, rows, n, write)

    def _keep(self, production: Production, tile: Tile) -> Iterator[Batch]:
        """Store new results that were computed on Python objects."""
        if not tile:
            return
        bank = self.store.banks[production.target]
        if isinstance(bank, ObjectBank):
            yield Batch(matches=keep_objects(self.store, bank, production, tile))
            return
        values = [v for _, v in tile]
        rows = np.array([e for e, _ in tile], np.int32).reshape(len(tile), -1).T
        if not rows.shape[0]:
            rows = np.empty((0, len(tile)), np.int32)
        if isinstance(bank, WordBank):
            words = np.stack([words_from_python(v, bank.target.type) for v in values])
            yield from self._keep_words(production, rows, words)
        else:
            assert isinstance(bank, SequenceBank)
            yield from self._keep_references(
                production, rows, *self.encoder.sequences(values, bank.kind, bank.columns, bank.target.type)
            )


def _matches(production: Production, rows: list[list[int]]) -> tuple[Match, ...]:
    return tuple((production, tuple(row)) for row in rows)
