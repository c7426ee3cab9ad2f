"""One production's compiled pipeline: combinations -> arguments of cells -> results of cells.

A :class:`KernelBatch` holds the flat buffers of a tile, and computes the results of a tile's candidates at chosen columns. It only
reads the arrays of banks, and knows nothing else about banks and tables.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import numpy as np

from neurosynth.engine.backends.lambda_bytecode import LambdaBytecode
from neurosynth.engine.constants import UNDEFINED_WORD
from neurosynth.engine.kernels.cache import load_loops
from neurosynth.engine.kernels.choice import NOTES, Loop
from neurosynth.engine.limits import Quota
from neurosynth.engine.store.banks import SequenceBank, WordBank
from neurosynth.engine.store.tables import LOST, element_hashes, fill, gather
from neurosynth.engine.store.value_store import Range
from neurosynth.language.primitive import Primitive

__all__ = ["CELLS", "ArgumentSource", "Buffers", "KernelBatch", "continued", "sizes_of", "tiles"]

CELLS = 1 << 16
"""Number of cells of a tile: their words fit the level-2 cache, and Python's work for each tile is a small part."""

_NOTHING = np.empty(0, np.uint8)


@dataclass(frozen=True)
class ArgumentSource:
    """The source of an argument's cells: the arrays of a bank (for functions, the code in the code book)."""

    kind: str
    bank: Any
    """WordBank, SequenceBank, or the non-terminal of functions; for functions that are tables, the bank of their bodies."""
    step: int = 1
    """For tables: the number of columns from one point to the next, which is the number of examples."""


class Buffers:
    """Flat arrays for the cells of a tile, shared by all productions of a space."""

    def __init__(self, max_length: int, char_dtype: Any) -> None:
        self.max_length, self.char_dtype = max_length, char_dtype
        self._arrays: dict[tuple[str, Any], np.ndarray] = {}

    def get(self, name: str, dtype: Any, size: int = CELLS) -> np.ndarray:
        """The array of that name, with a length of at least ``size``."""
        array = self._arrays.get((name, dtype))
        if array is None or array.size < size:
            array = self._arrays[name, dtype] = np.empty(size, dtype)
        return array

    def elements(self, kind: str, cells: int) -> np.ndarray:
        """Space for the elements of ``cells`` sequences; pages that are never written are never resident."""
        return self.get("elements", self.char_dtype if kind == "c" else np.int64, cells * self.max_length + 1)


class KernelBatch:
    """Computes the cells of a production, candidate by candidate, at consecutive columns."""

    def __init__(
        self, loop: Loop, sources: list[ArgumentSource], sizes: list[Any], buffers: Buffers, code: LambdaBytecode
    ) -> None:
        self.loop, self.sources, self.sizes, self.buffers, self.code = loop, sources, sizes, buffers, code
        self.selects = loop.kernel == "select"
        self.refers = self.selects or loop.slices
        self.module: ModuleType | None = None if self.selects else load_loops(loop)

    def capacity(self, columns: int) -> int:
        """Number of candidates that fit into a tile."""
        cells = CELLS
        if self.loop.result in "ci" and not self.refers and not self.loop.hashed:
            cells = max(columns, min(CELLS, (1 << 25) // self.buffers.max_length))
        return max(1, cells // columns)

    def _arguments(self, rows: np.ndarray) -> list[Any]:
        """The inputs of the loop: the entries of each argument's candidates, the arrays of its bank, and the code of functions."""
        flat: list[Any] = []
        for j, source in enumerate(self.sources):
            arrays = self.code.arrays(source.bank) if source.kind == "f" else source.bank.arrays()
            if isinstance(source.bank, SequenceBank) and not self.loop.reads_hash(j):
                arrays = arrays[:-1]
            if source.kind == "t":
                arrays = (*arrays, source.step)
            flat += [rows[j], *arrays]
        if "f" in self.loop.arguments:
            flat += self.code.environment()
        return flat + self.sizes

    def words(self, rows: np.ndarray, n: int, columns: range) -> np.ndarray:
        """Word results of candidates ``rows[:, :n]`` at ``columns``, cell by cell."""
        cells = n * len(columns)
        out = self.buffers.get("out", np.uint64 if self.loop.result == "u" else np.int64, max(cells, CELLS))
        if self.selects:
            condition, then, other = (a for (a,) in self._gather(rows, n, columns))
            np.copyto(out[:cells], np.where(condition != 0, then, other))
            if self.loop.result == "w":
                out[:cells][condition == UNDEFINED_WORD] = UNDEFINED_WORD
            return out
        assert self.module is not None
        self.module.cells(n, columns.start, len(columns), out, *self._arguments(rows))
        return out

    def sequences(
        self, rows: np.ndarray, n: int, columns: range, power: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Sequence results: the array of elements, starts, lengths and hashes, cell by cell. If the loop has a hash kernel, the
        elements are not computed; :meth:`write` does that for the candidates that are stored.
        """
        if self.selects:
            return self._select(rows, n, columns)
        assert self.module is not None
        get, cells, limit = self.buffers.get, n * len(columns), self.buffers.max_length
        size = max(cells, CELLS)
        lengths, hashes = get("lengths", np.int32, size), get("hashes", np.uint64, size)
        starts = get("starts", np.int64, size)
        arguments = self._arguments(rows)
        if self.loop.hashed:
            if self.loop.noted:
                arguments = [get("notes", np.uint64, len(columns) * NOTES).reshape(-1, NOTES), *arguments]
            self.module.cells(n, columns.start, len(columns), limit, power, starts, lengths, hashes, *arguments)
            return _NOTHING, starts, lengths, hashes
        data = arguments[1] if self.loop.slices else self.buffers.elements(self.loop.result, cells)
        self.module.cells(n, columns.start, len(columns), limit, data, starts, lengths, hashes, *arguments)
        element_hashes(data, starts, lengths, cells, hashes)
        return data, starts, lengths, hashes

    def write(self, rows: np.ndarray, fresh: np.ndarray, cells: Sequence[np.ndarray], bank: SequenceBank) -> None:
        """Write candidates ``fresh`` of a tile into the bank's next rows, from the starts, lengths and hashes of its cells."""
        assert self.module is not None
        arena, width = bank.arena, bank.columns.count
        arena.tail = self.module.write(
            fresh.size, fresh, width, *cells, arena.data, arena.tail, bank.starts, bank.lengths, bank.hashes, bank.size,
            *self._arguments(rows),
        )  # fmt: skip

    def _gather(self, rows: np.ndarray, n: int, columns: range) -> list[list[np.ndarray]]:
        """The cells of a conditional's condition and branches: words, or starts, lengths and hashes."""
        get, cells = self.buffers.get, n * len(columns)
        out: list[list[np.ndarray]] = []
        for j, source in enumerate(self.sources):
            arrays = source.bank.arrays()
            out.append([])
            for name, array in enumerate(arrays if isinstance(source.bank, WordBank) else arrays[1:]):
                flat = get(f"a{j}{name}", array.dtype, max(cells, CELLS))
                gather(array, rows[j], n, columns.start, len(columns), flat)
                out[-1].append(flat[:cells])
        return out

    def _select(
        self, rows: np.ndarray, n: int, columns: range
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        (condition,), first, second = self._gather(rows, n, columns)
        chosen = condition != 0
        starts, lengths, hashes = (np.where(chosen, a, b) for a, b in zip(first, second, strict=True))
        lost = condition == UNDEFINED_WORD
        lengths[lost] = -1
        hashes[lost] = LOST
        return self.sources[1].bank.arena.data, starts, lengths, hashes


def tiles(ranges: Sequence[Range], triangular: bool, room: int, quota: Quota) -> Iterator[tuple[np.ndarray, int]]:
    """All combinations of entries in ``ranges``: the arguments' entries (arity, room) and their number in each tile.

    The array is reused.  No tile has more than ``room`` candidates, or than ``quota`` has left.
    """
    low = np.array([a for a, _ in ranges], np.int64)
    high = np.array([b for _, b in ranges], np.int64)
    if (low >= high).any():
        return
    state = low.copy()
    rows = np.empty((len(ranges), room), np.int32)
    while n := fill(state, low, high, triangular, rows, min(room, quota.left)):
        yield rows, n


def continued(firsts: np.ndarray, last: Range, room: int, quota: Quota) -> Iterator[tuple[np.ndarray, int]]:
    """The same for combinations of all arguments except the last, ``firsts`` (K, arity - 1), each with every entry of the last."""
    start, end = last
    width = end - start
    total, at = len(firsts) * max(0, width), 0
    while at < total:
        n = min(room, quota.left, total - at)
        places = np.arange(at, at + n)
        rows = np.empty((firsts.shape[1] + 1, n), np.int32)
        rows[:-1] = firsts[places // width].T
        rows[-1] = start + places % width
        yield rows, n
        at += n


def sizes_of(primitive: Primitive) -> list[Any]:
    """The sizes in a primitive's type, which its kernels get after all arguments."""
    return [np.int64(primitive.sizes[s]) for s in sorted(primitive.sizes)]
