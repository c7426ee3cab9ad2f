"""The compiled backend: tiles of candidates through kernels, tables and arenas.

Per tile: fill in combinations of entries, compute the results of all cells, keys, one pass over the table, store what is
new.  Probing for the goal goes column by column instead and drops a candidate at the first column that differs.
"""

from __future__ import annotations

import math
from collections.abc import Generator, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np

from neurosynth.engine.backends.kernel_batch import (
    CELLS,
    ArgumentSource,
    Buffers,
    KernelBatch,
    continued,
    sizes_of,
    tiles,
)
from neurosynth.engine.backends.lambda_bytecode import LambdaBytecode
from neurosynth.engine.backends.objects import ObjectTiles, Tile, keep_objects, object_masks
from neurosynth.engine.kernels.cache import load_machine, load_part_test, should_compile
from neurosynth.engine.kernels.choice import Loop, kernel_of, kind_of, reference_of
from neurosynth.engine.kernels.compiling import listen
from neurosynth.engine.store.banks import Bank, Columns, ObjectBank, SequenceBank, WordBank, words_from_python
from neurosynth.engine.store.batch import PULSE, Batch, Match
from neurosynth.engine.store.tables import (
    closest_sequences,
    closest_words,
    element_hashes,
    elements_of,
    filter_new,
    find_keys,
    keys_of_hashes,
    keys_of_words,
    powers,
    store_references,
    store_sequences,
    store_words,
)
from neurosynth.engine.store.value_store import Range, ValueStore
from neurosynth.language.grammar import Abstraction, Lift, Nonterminal, Production, Unit
from neurosynth.language.primitive import Primitive
from neurosynth.language.program import Constant, Input, Variable
from neurosynth.values.registry import domain_of
from neurosynth.values.types import INT, Type

__all__ = ["CompiledBackend"]

_NO_GOAL = np.uint64(0)


class CompiledBackend:
    """Fills a store whose banks hold words and sequences in arrays.

    Productions whose primitive has a kernel run in compiled loops, the others on Python objects: the same banks in the same order.
    """

    def __init__(self, store: ValueStore) -> None:
        listen()
        self.store = store
        self.objects = ObjectTiles(store)
        self.power = powers(store.max_length)
        chars = store.arenas["c"].data.dtype if "c" in store.arenas else np.dtype(np.uint8)
        self.buffers = Buffers(store.max_length, chars)
        self.keys = np.empty(CELLS, np.uint64)
        self.met = np.empty(CELLS, np.uint64)
        self.fresh = np.empty(CELLS, np.int32)
        self.hits = np.empty(CELLS, np.int32)
        self.asks = np.empty(CELLS, np.int32)
        self.code = LambdaBytecode(store)
        self._kernels: dict[Production, KernelBatch | None] = {}

    # --- the interface of a backend -----------------------------------------------------------------------------

    def expand(
        self,
        production: Production,
        ranges: Sequence[Range],
        *,
        triangular: bool = False,
        firsts: np.ndarray | None = None,
    ) -> Iterator[Batch]:
        """Try the production on every combination of entries in ``ranges``; keep what is new.

        ``triangular`` skips combinations whose second entry comes before the first (commutative primitives).  With ``firsts`` (K, arity - 1)
        the range is of the last argument, and the others are these.
        """
        match production.head:
            case Abstraction():
                return
            case Input() | Constant() | Variable():
                yield Batch(1)  # first: what is the goal ends the search, and was tried
                yield from self._keep(production, [((), self.objects.leaf(production))])
            case Unit() | Lift() if self.store.bank(production.target).kind != "o":
                yield from self._copy(production, ranges[0])
            case Primitive() if self.should_compile(production, ranges, 1 if firsts is None else len(firsts)):
                yield from self._expand(production, ranges, triangular, firsts)
            case _:
                for tile, tried in self.objects.tiles(production, ranges, triangular, firsts):
                    yield from self._keep(production, tile)
                    yield Batch(tried)

    def probe(self, production: Production, ranges: Sequence[Range], *, triangular: bool = False) -> Iterator[Batch]:
        """Like :meth:`expand` for a production of a goal non-terminal, but only look for the goal: nothing is kept."""
        if isinstance(production.head, Primitive) and self.should_compile(production, ranges):
            yield from self.equal(production, ranges, triangular, self.goal_bank, 0)
        else:
            for tile, tried in self.objects.tiles(production, ranges, triangular):
                yield Batch(tried, self.objects.matching(production, tile))

    def insert(self, production: Production, entries: tuple[int, ...]) -> Generator[Batch, None, int | None]:
        """One program, kept at the cost that its bank is open for; computed on Python objects.

        Returns:
            its entry, or that of an older one with the same outputs; None where it has none.
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
        find_keys(self._key(bank, values), 1, bank.table.keys, bank.table.ids, found)
        return int(found[0]) if found[0] >= 0 else None

    def _key(self, bank: WordBank | SequenceBank, values: tuple[Any, ...]) -> np.ndarray:
        """(1,) the key of some outputs."""
        if isinstance(bank, WordBank):
            self.word_keys(words_from_python(values, bank.target.type), 1, bank.columns, bank.kind == "u")
        else:
            self._encode([values], bank.kind, bank.columns, bank.target.type)
        return self.keys[:1].copy()

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

    def masks(self, bank: Bank, start: int, end: int) -> np.ndarray:
        """(end - start,) int64: for each of these entries of a goal bank, a bit an example it is right on (at most 63)."""
        if not isinstance(bank, (WordBank, SequenceBank)):
            return object_masks(bank, self.store.goal, start, end)
        _, goal, lengths = self._goal
        if isinstance(bank, WordBank):
            same = bank.values[start:end] == goal
        else:
            same = (bank.hashes[start:end] == goal) & (bank.lengths[start:end] == lengths)
        masks: np.ndarray = (same * (np.int64(1) << np.arange(len(self.store.goal)))).sum(axis=1, dtype=np.int64)
        return masks

    @property
    def object_cells(self) -> int:
        """Values computed on Python objects so far."""
        return self.objects.cells

    def word_keys(self, cells: np.ndarray, n: int, columns: Columns, total: bool) -> None:
        """Keys of ``n`` candidates from their word cells, left in ``self.keys``."""
        keys_of_words(cells.reshape(-1), n, columns.multipliers, columns.partial, total, self.keys)

    def kernel(self, production: Production) -> KernelBatch | None:
        """The loop of a production, or None where there is none."""
        if production not in self._kernels:
            self._kernels[production] = self._find_kernel(production)
        return self._kernels[production]

    def _find_kernel(self, production: Production) -> KernelBatch | None:
        primitive = production.head
        assert isinstance(primitive, Primitive)
        if not primitive.arity:
            return None
        kinds = "".join("t" if self._is_table(production, a) else kind_of(a.type) for a in production.arguments)
        known = self.store.grammar.hints.points_of(INT)
        run = known.values if known is not None and _is_run(known.values) else ()
        loop = kernel_of(primitive, kinds, kind_of(production.target.type), run)
        if loop is None or not self._may_test(production, loop):
            return None
        if "f" in kinds:
            functions = [a for a in production.arguments if kind_of(a.type) == "f"]
            if production.target.scope or not all(self.code.covers(f) for f in functions):
                return None
            loop = replace(loop, machine=load_machine(self.code.operations, self.code.macros).__name__)
        store, banks = self.store, self.store.banks
        examples = store.columns[()].count
        sources = [
            ArgumentSource(k, store.bank(a) if k == "t" else banks.get(a, a), examples)
            for k, a in zip(kinds, production.arguments, strict=True)
        ]
        return KernelBatch(loop, sources, sizes_of(primitive), self.buffers, self.code)

    def _is_table(self, production: Production, argument: Nonterminal) -> bool:
        """Whether an argument is a function of one parameter to sequences, all of whose values are in its body's columns."""
        body = self.store.bodies.get(argument)
        if body is None or production.target.scope or len(body.scope) != 1:
            return False
        points = self.store.grammar.hints.points_of(body.scope[0])
        columns = self.store.columns
        complete = points is not None and len(points.values) * columns[()].count == columns[body.scope].count
        return complete and isinstance(self.store.banks[body], SequenceBank)

    def _may_test(self, production: Production, loop: Loop) -> bool:
        """Whether what can be no part of the goal is told in a loop, where a language tells it."""
        test = self.store.parts.get(production.target.type)
        return test is None or (loop.result in "ci" and not loop.hashed and reference_of(test.keep.kernel) is not None)

    def should_compile(self, production: Production, ranges: Sequence[Range], times: int = 1) -> bool:
        """Whether to run these combinations, so many times as many, in the production's loop, where there is one."""
        cells = self.kernel(production)
        if cells is None:
            return False
        count = times * math.prod(max(0, b - a) for a, b in ranges)
        work = count * (8 + self.store.columns[production.target.scope].count)
        return cells.module is None or should_compile(cells.loop, work, self.store.patience)

    def _expand(
        self,
        production: Production,
        ranges: Sequence[Range],
        triangular: bool,
        firsts: np.ndarray | None = None,
    ) -> Iterator[Batch]:
        """Try all combinations in the production's loop; store what is new."""
        cells = self.kernel(production)
        assert cells is not None
        bank = self.store.banks[production.target]
        columns = bank.columns
        every = range(columns.count)
        room, quota = cells.capacity(columns.count), self.store.quota
        combinations = (
            tiles(ranges, triangular, room, quota) if firsts is None else continued(firsts, ranges[0], room, quota)
        )
        for rows, n in combinations:
            if isinstance(bank, WordBank):
                words = cells.words(rows, n, every)
                self.word_keys(words, n, columns, bank.kind == "u")
                yield from self._take(
                    production,
                    rows,
                    n,
                    lambda fresh, base, w=words: store_words(w, fresh, fresh.size, bank.values, base),
                )
            else:
                assert isinstance(bank, SequenceBank)
                data, starts, lengths, hashes = cells.sequences(rows, n, every, self.power)
                self._drop_no_parts(bank, n, data, starts, lengths, hashes)
                keys_of_hashes(hashes, lengths, n, columns.multipliers, columns.partial, self.keys)
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
        """Make cells undefined whose values can be no part of the goal."""
        test = self.store.parts.get(bank.target.type)
        if test is None:
            return
        kernel, columns = reference_of(test.keep.kernel), bank.columns
        assert kernel is not None  # or there is no loop: see _find_kernel
        scratch = self.buffers.get("scratch", np.int64, 4 * self.store.max_length)
        spans, required = np.ascontiguousarray(test.spans[:, columns.examples]), np.array(columns.required, np.int64)
        salts = self.store.columns[()].multipliers[columns.examples]
        load_part_test(kernel).cells(
            n, columns.count, data, starts, lengths, hashes, scratch, test.words, spans, required, test.known, salts
        )

    def _take(self, production: Production, rows: np.ndarray, n: int, write: Any) -> Iterator[Batch]:
        """Filter ``self.keys[:n]``, store the new ones, give the goal's, and ask the reference where a kernel could not tell."""
        store = self.store
        bank = store.banks[production.target]
        assert isinstance(bank, (WordBank, SequenceBank))
        for _ in bank.table.reserve(bank.size + n, store.memory):
            yield PULSE
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
        if hit_rows:
            yield Batch(matches=_matches(production, hit_rows))
        if ask_rows:
            yield from self._ask(production, [tuple(row) for row in ask_rows])

    @cached_property
    def _goal_key(self) -> np.uint64:
        saved = self.keys
        self.keys = np.empty(1, np.uint64)  # computing the goal's key must not disturb a tile in progress
        try:
            return np.uint64(self._goal[0])
        finally:
            self.keys = saved

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
        """Matches: combinations whose outputs are those of entry ``goal`` of ``goals``, and those a kernel cannot tell about."""
        cells = self.kernel(production)
        assert cells is not None
        for tile, n in tiles(ranges, triangular, CELLS // 2, self.store.quota):
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
        self.word_keys(cells, rows.shape[1], bank.columns, bank.kind == "u")
        write = lambda fresh, base: store_words(cells, fresh, fresh.size, bank.values, base)  # noqa: E731
        yield from self._take(production, rows, rows.shape[1], write)

    def _keep_references(
        self, production: Production, rows: np.ndarray, starts: np.ndarray, lengths: np.ndarray, hashes: np.ndarray
    ) -> Iterator[Batch]:
        """Keep sequences whose elements are in the arena already."""
        bank = self.store.banks[production.target]
        assert isinstance(bank, SequenceBank)
        columns, n = bank.columns, rows.shape[1]
        starts, lengths, hashes = (np.ascontiguousarray(part).reshape(-1) for part in (starts, lengths, hashes))
        keys_of_hashes(hashes, lengths, n, columns.multipliers, columns.partial, self.keys)

        def write(fresh: np.ndarray, base: int) -> None:
            stored = (bank.starts, bank.lengths, bank.hashes, base)
            store_references(starts, lengths, hashes, fresh, fresh.size, *stored)

        yield from self._take(production, rows, n, write)

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

    def _keep(self, production: Production, tile: Tile) -> Iterator[Batch]:
        """Store what is new of results that were computed on Python objects."""
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
                production, rows, *self._encode(values, bank.kind, bank.columns, bank.target.type)
            )

    def word_bank(self, target: Nonterminal, values: np.ndarray) -> WordBank:
        """A bank apart from the store's that holds some rows of words (K, E)."""
        bank = WordBank(target, self.store.columns[target.scope], 0, self.store.memory, kind_of(target.type))
        bank.reserve(len(values))
        bank.values[: len(values)] = values
        return bank

    @cached_property
    def goal_bank(self) -> WordBank | SequenceBank:
        """The goal as a bank of one entry."""
        store = self.store
        kind = kind_of(store.grammar.start.type)
        columns = store.columns[()]
        if kind in "wu":
            words = WordBank(store.grammar.start, columns, 0, store.memory, kind)
            words.values[0] = self._goal[1]
            return words
        bank = SequenceBank(store.grammar.start, columns, 0, store.memory, kind, store.arena(kind))
        starts, lengths, hashes = self._encode([store.goal], kind, columns, store.grammar.start.type)
        bank.starts[0], bank.lengths[0], bank.hashes[0] = starts[0], lengths[0], hashes[0]
        return bank


def _is_run(values: tuple[int, ...]) -> bool:
    """Whether integers follow one another."""
    return list(values) == list(range(values[0], values[0] + len(values)))


def _matches(production: Production, rows: list[list[int]]) -> tuple[Match, ...]:
    return tuple((production, tuple(row)) for row in rows)
