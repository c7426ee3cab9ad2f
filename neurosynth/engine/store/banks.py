"""Banks: the distinct values found so far for one non-terminal, in columns, with back-pointers.

An entry is a program's outputs in all ``E`` columns of its scope (examples, or sample points under a lambda), and how it
was made: a production and the entries of its arguments.  Entries are appended in order of cost, so the entries of one
cost are a range.
"""

from __future__ import annotations

import contextlib
import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from neurosynth.engine.constants import UNDEFINED_WORD
from neurosynth.engine.limits import Memory
from neurosynth.language.grammar import Nonterminal
from neurosynth.language.primitive import UNDEFINED
from neurosynth.values.domain import Domain
from neurosynth.values.registry import domain_of
from neurosynth.values.types import Type

__all__ = ["Arena", "Bank", "Columns", "ObjectBank", "SequenceBank", "WordBank"]

_MOVE = 1 << 20
"""Number of slots of a table moved between two checks of the clock."""
_LARGE = 1 << 20
"""Number of bytes beyond which an array reserves space in advance."""


@dataclass(frozen=True)
class Columns:
    """The columns of a scope: for each, the example to which it belongs, and the values of the lambda's parameters."""

    examples: np.ndarray
    """(E,) index of the example."""
    variables: tuple[tuple[Any, ...], ...]
    """(E,) values of the bound variables, outermost first; empty tuples in the outer scope."""
    multipliers: np.ndarray
    """(E,) odd 64-bit numbers for computing keys."""
    partial: bool
    """Whether to store values that are undefined in some columns: there is a conditional, or an enclosing lambda."""
    required: tuple[int, ...] = ()
    """Columns in which a value that is tested for being part of the goal must be defined to be stored."""

    @property
    def count(self) -> int:
        """E."""
        return len(self.examples)


def grown(array: np.ndarray, used: int, more: int, memory: Memory) -> np.ndarray:
    """The array, or a larger one with its first ``used`` rows, with room for ``more`` rows after those.

    Memory is used only when it is written to: a large array reserves far more space than it needs now, and never moves again.
    """
    row_bytes = array.itemsize * math.prod(array.shape[1:])
    memory.take(more * row_bytes)
    rows = array.shape[0]
    if used + more <= rows:
        return array
    memory.take(used * row_bytes)
    wanted = max(used + more, 2 * rows)
    larger = _ample((wanted, *array.shape[1:]), array.dtype, wanted * row_bytes)
    larger[:used] = array[:used]
    return larger


def _ample(shape: tuple[int, ...], dtype: Any, size: int) -> np.ndarray:
    """An empty array of at least that shape. If it has many ``size`` bytes, it has as many more rows as the system promises."""
    for factor in (64, 8) if size >= _LARGE else ():
        with contextlib.suppress(MemoryError):
            return np.empty((shape[0] * factor, *shape[1:]), dtype)
    return np.empty(shape, dtype)


class Bank:
    """Entries of one non-terminal: back-pointers and cost ranges; subclasses hold the values."""

    kind = "?"

    def __init__(self, target: Nonterminal, columns: Columns, arity: int, memory: Memory) -> None:
        self.target, self.columns, self.memory = target, columns, memory
        self.size = 0
        self.ranges: dict[int, tuple[int, int]] = {}
        self.lifted: dict[int, tuple[int, int]] = {}
        """The entries of a cost that are closed programs, for use under a lambda."""
        self.productions = np.empty(64, np.int32)
        self.children = np.empty((64, max(arity, 1)), np.int32)

    def range(self, cost: int) -> tuple[int, int]:
        """The entries of a cost."""
        return self.ranges.get(cost, (0, 0))

    def closed(self, entries: tuple[int, int]) -> tuple[int, int]:
        """Those of the entries of a cost that are closed programs."""
        first, end = entries
        return next((s for s in self.lifted.values() if first <= s[0] < s[1] <= end), (0, 0))

    def open_level(self, cost: int) -> None:
        """From now on, entries have this cost."""
        self.ranges[cost] = (self.size, self.size)
        self.cost = cost

    def record(self, production: int, rows: np.ndarray) -> None:
        """Back-pointers of the entries just stored: ``rows`` (K, arity) are the entries of the arguments."""
        count = rows.shape[0]
        end = self.size + count
        self.productions = grown(self.productions, self.size, count, self.memory)
        self.children = grown(self.children, self.size, count, self.memory)
        self.productions[self.size : end] = production
        self.children[self.size : end, : rows.shape[1]] = rows
        self.size = end
        start, _ = self.ranges[self.cost]
        self.ranges[self.cost] = (start, end)

    def cost_of(self, entry: int) -> int:
        """The cost of an entry."""
        return next(cost for cost, (start, end) in self.ranges.items() if start <= entry < end)

    def costs(self, entries: np.ndarray) -> np.ndarray:
        """The cost of each of many entries."""
        levels = sorted((start, cost) for cost, (start, end) in self.ranges.items() if end > start)
        if not levels:
            return np.zeros(entries.shape, np.int64)
        starts, costs = np.array(levels, np.int64).T
        found: np.ndarray = costs[np.searchsorted(starts, entries, side="right") - 1]
        return found

    def decode(self, entry: int) -> tuple[Any, ...]:
        """The entry's values as Python objects, one for each column."""
        raise AssertionError("abstract")


class ObjectBank(Bank):
    """Values as tuples of Python objects; a dictionary detects duplicates."""

    kind = "o"

    def __init__(self, target: Nonterminal, columns: Columns, arity: int, memory: Memory) -> None:
        super().__init__(target, columns, arity, memory)
        self.values: list[tuple[Any, ...]] = []
        self.index: dict[tuple[Any, ...], int] = {}

    def decode(self, entry: int) -> tuple[Any, ...]:
        return self.values[entry]


@dataclass
class Table:
    """Open-addressing table from keys to entry numbers."""

    keys: np.ndarray = field(default_factory=lambda: np.zeros(1 << 10, np.uint64))
    ids: np.ndarray = field(default_factory=lambda: np.zeros(1 << 10, np.int32))

    def reserve(self, entries: int, memory: Memory) -> Iterator[None]:
        """Make room for this many entries in total at a load of at most 5/8; yields now and then while a large table is moved."""
        if entries * 8 <= self.keys.size * 5:
            return
        from neurosynth.engine.store.tables import insert_all

        size = self.keys.size
        while entries * 8 > size * 5:
            size *= 2
        memory.take(size * 12)
        keys, ids = np.zeros(size, np.uint64), np.zeros(size, np.int32)
        for start in range(0, self.keys.size, _MOVE):
            insert_all(keys, ids, self.keys[start : start + _MOVE], self.ids[start : start + _MOVE])
            yield
        self.keys, self.ids = keys, ids


class WordBank(Bank):
    """int, bool (int64) or bit-vector (uint64) values, (N, E)."""

    def __init__(self, target: Nonterminal, columns: Columns, arity: int, memory: Memory, kind: str) -> None:
        super().__init__(target, columns, arity, memory)
        self.kind = kind
        self.values = np.empty((64, columns.count), np.uint64 if kind == "u" else np.int64)
        self.table = Table()

    def reserve(self, count: int) -> None:
        """Make room for ``count`` more entries."""
        self.values = grown(self.values, self.size, count, self.memory)

    def arrays(self) -> tuple[np.ndarray, ...]:
        """The arrays that loops read."""
        return (self.values,)

    def decode(self, entry: int) -> tuple[Any, ...]:
        return words_to_python(self.values[entry], self.target.type)


def words_to_python(row: np.ndarray, t: Type) -> tuple[Any, ...]:
    """Words as values of a type and ``UNDEFINED``."""
    if row.dtype == np.uint64:
        return tuple(row.tolist())
    decode = domain_of(t).decode
    return tuple(UNDEFINED if v == UNDEFINED_WORD else decode(v) for v in row.tolist())


def words_from_python(values: Sequence[Any], t: Type) -> np.ndarray:
    """The reverse of :func:`words_to_python`; missing values of types without a word for them are stored as undefined."""
    domain = domain_of(t)
    wordless = None if not domain.nullable else UNDEFINED
    words = [UNDEFINED_WORD if v is UNDEFINED or v is wordless else domain.encode(v) for v in values]
    return np.array(words, dtype=np.uint64 if domain.machine == "bits" else np.int64)


class Arena:
    """One array that holds the elements of all sequences of a representation; entries are start and length into it."""

    def __init__(self, dtype: Any, memory: Memory) -> None:
        self.data = np.empty(1 << 12, dtype)
        self.tail = 0
        self.memory = memory

    def reserve(self, count: int) -> None:
        """Make room for ``count`` more elements."""
        self.data = grown(self.data, self.tail, count, self.memory)

    def put(self, values: Sequence[Any], domain: Domain) -> tuple[np.ndarray, np.ndarray]:
        """Append values of a domain of texts or lists; returns starts and lengths (-1 for undefined).

        Machine values cannot represent missing texts: kernels see them as undefined, and only the reference semantics as missing.
        Arenas of bytes cannot represent characters beyond ASCII, which a primitive may make from a number.
        """
        values = [UNDEFINED if v is None else v for v in values]
        if domain.coded:
            values = [v if v is UNDEFINED else domain.encode(v) for v in values]
        if self.data.dtype == np.uint8:
            values = [v if v is UNDEFINED or v.isascii() else UNDEFINED for v in values]
        lengths = np.array([-1 if v is UNDEFINED else len(v) for v in values], np.int32)
        taken = np.maximum(lengths, 0).astype(np.int64)
        total = int(taken.sum())
        elements = itertools.chain.from_iterable(v for v in values if v is not UNDEFINED)
        characters = self.data.dtype != np.int64
        self.reserve(total)
        self.data[self.tail : self.tail + total] = np.fromiter(
            map(ord, elements) if characters else elements, np.int64, total
        )
        starts = self.tail + np.cumsum(taken) - taken
        self.tail += total
        return starts, lengths


class SequenceBank(Bank):
    """Strings or lists of words: start, length and hash for each column, and elements in a shared arena."""

    def __init__(
        self, target: Nonterminal, columns: Columns, arity: int, memory: Memory, kind: str, arena: Arena
    ) -> None:
        super().__init__(target, columns, arity, memory)
        self.kind, self.arena, self.domain = kind, arena, domain_of(target.type)
        shape = (64, columns.count)
        self.starts = np.empty(shape, np.int64)
        self.lengths = np.empty(shape, np.int32)
        self.hashes = np.empty(shape, np.uint64)
        self.table = Table()

    def reserve(self, count: int) -> None:
        """Make room for ``count`` more entries (the arena manages the elements)."""
        self.starts = grown(self.starts, self.size, count, self.memory)
        self.lengths = grown(self.lengths, self.size, count, self.memory)
        self.hashes = grown(self.hashes, self.size, count, self.memory)

    def arrays(self) -> tuple[np.ndarray, ...]:
        """The arrays that loops read."""
        return self.arena.data, self.starts, self.lengths, self.hashes

    def decode(self, entry: int) -> tuple[Any, ...]:
        return tuple(
            sequence_to_python(self.arena.data, int(s), int(n), self.domain)
            for s, n in zip(self.starts[entry], self.lengths[entry], strict=True)
        )


def sequence_to_python(data: np.ndarray, start: int, length: int, domain: Domain) -> Any:
    """A value of a domain of texts or lists, or ``UNDEFINED``."""
    if length < 0:
        return UNDEFINED
    elements = data[start : start + length].tolist()
    stored = "".join(map(chr, elements)) if domain.machine == "text" else tuple(elements)
    return domain.decode(stored) if domain.coded else stored
