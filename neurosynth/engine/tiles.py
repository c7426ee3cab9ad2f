"""One production's compiled pipeline: combinations -> arguments of cells -> results of cells.

A :class:`Cells` object holds the flat buffers a tile needs and computes the results of a tile's candidates at chosen
columns; it knows nothing of tables and banks beyond reading their arrays.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np

from neurosynth.engine.banks import SequenceBank, WordBank
from neurosynth.engine.codegen import Loop, load_loops
from neurosynth.engine.constants import UNDEFINED_WORD
from neurosynth.engine.tables import concat_hashes, element_hashes, gather

if TYPE_CHECKING:
    from neurosynth.engine.vm import CodeBook

__all__ = ["CELLS", "Buffers", "Cells", "Source"]

CELLS = 1 << 15
"""Cells of a tile: their words fit the level-2 cache."""


@dataclass(frozen=True)
class Source:
    """Where an argument's cells come from: a bank's arrays (for functions, their code is the code book's)."""

    kind: str
    bank: Any
    """WordBank, SequenceBank, or the non-terminal of functions."""


class Buffers:
    """Flat arrays for the cells of a tile, shared by all productions of a space."""

    def __init__(self, max_length: int, char_dtype: Any) -> None:
        self.max_length, self.char_dtype = max_length, char_dtype
        self._arrays: dict[tuple[str, Any], np.ndarray] = {}

    def get(self, name: str, dtype: Any, size: int = CELLS) -> np.ndarray:
        """The array of that name, at least ``size`` long."""
        array = self._arrays.get((name, dtype))
        if array is None or array.size < size:
            array = self._arrays[name, dtype] = np.empty(size, dtype)
        return array

    def elements(self, kind: str, cells: int) -> np.ndarray:
        """Room for the elements of ``cells`` sequences; pages that are never written are never resident."""
        return self.get("elements", self.char_dtype if kind == "c" else np.int64, cells * self.max_length + 1)


class Cells:
    """Computes the cells of a production."""

    def __init__(self, loop: Loop, sources: list[Source], sizes: list[Any], buffers: Buffers, code: CodeBook) -> None:
        self.loop, self.sources, self.sizes, self.buffers, self.code = loop, sources, sizes, buffers, code
        self.module: ModuleType | None = None
        self.joins = loop.concat and len(sources) == 2
        self.selects = loop.kernel == "select"
        self.refers = self.selects or loop.slices
        if not self.joins and not self.selects:
            self.module = load_loops(loop)
        self.arguments: list[Any] = []

    def capacity(self, columns: int) -> int:
        """Candidates that fit a tile."""
        cells = CELLS
        if self.loop.result in "ci" and self.module is not None:
            cells = max(columns, min(CELLS, (1 << 25) // self.buffers.max_length))
        return max(1, cells // columns)

    def _gather(self, rows: np.ndarray, n: int, columns: np.ndarray, hashes: bool) -> list[list[Any]]:
        get = self.buffers.get
        cells = n * columns.size
        out: list[list[Any]] = []
        for j, source in enumerate(self.sources):
            bank = source.bank
            if isinstance(bank, WordBank):
                flat = get(f"a{j}", bank.values.dtype, max(cells, CELLS))
                gather(bank.values, rows[j], n, columns, flat)
                out.append([flat])
            elif isinstance(bank, SequenceBank):
                starts = get(f"s{j}", np.int64, max(cells, CELLS))
                lengths = get(f"n{j}", np.int32, max(cells, CELLS))
                gather(bank.starts, rows[j], n, columns, starts)
                gather(bank.lengths, rows[j], n, columns, lengths)
                out.append([bank.arena.data, starts, lengths])
                if hashes:
                    hashed = get(f"h{j}", np.uint64, max(cells, CELLS))
                    gather(bank.hashes, rows[j], n, columns, hashed)
                    out[-1].append(hashed)
            else:
                out.append([np.repeat(rows[j][:n], columns.size), *self.code.arrays(bank)])
        return out

    def words(self, rows: np.ndarray, n: int, columns: np.ndarray) -> np.ndarray:
        """Word results of candidates ``rows[:, :n]`` at ``columns``, cell by cell."""
        arguments = self._gather(rows, n, columns, False)
        cells = n * columns.size
        out = self.buffers.get("out", np.uint64 if self.loop.result == "u" else np.int64, max(cells, CELLS))
        if self.selects:
            condition, then, other = (a[0][:cells] for a in arguments)
            np.copyto(out[:cells], np.where(condition != 0, then, other))
            if self.loop.result == "w":
                out[:cells][condition == UNDEFINED_WORD] = UNDEFINED_WORD
            return out
        assert self.module is not None
        self.module.cells(cells, out, *self._call(arguments, n, columns))
        return out

    def _call(self, arguments: list[list[Any]], n: int, columns: np.ndarray) -> list[Any]:
        flat = [a for argument in arguments for a in argument]
        if "f" in self.loop.arguments:
            flat += [np.tile(columns, n), *self.code.environment()]
        return flat + self.sizes

    def sequences(
        self, rows: np.ndarray, n: int, columns: np.ndarray, power: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Sequence results: where the elements are, starts, lengths and hashes, cell by cell.

        For concatenations the elements are not computed; ``self.arguments`` holds the parts.
        """
        get = self.buffers.get
        cells = n * columns.size
        size = max(cells, CELLS)
        lengths, hashes, starts = (
            get("lengths", np.int32, size),
            get("hashes", np.uint64, size),
            get("starts", np.int64, size),
        )
        limit = self.buffers.max_length
        if self.joins:
            parts = self._gather(rows, n, columns, True)
            (_, _, n0, h0), (data, _, n1, h1) = parts
            concat_hashes(h0, n0, h1, n1, cells, power, limit, hashes, lengths)
            self.arguments = parts
            return data, starts, lengths, hashes
        if self.selects:
            return self._select(rows, n, columns)
        assert self.module is not None
        arguments = self._gather(rows, n, columns, False)
        data = arguments[0][0] if self.loop.slices else self.buffers.elements(self.loop.result, cells)
        bank = self.sources[0].bank
        if self.loop.unchanged and isinstance(bank, SequenceBank):
            gather(bank.hashes, rows[0], n, columns, hashes)
        self.module.cells(cells, limit, data, starts, lengths, *self._call(arguments, n, columns))
        element_hashes(data, starts, lengths, cells, hashes)
        return data, starts, lengths, hashes

    def _select(
        self, rows: np.ndarray, n: int, columns: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        cells = n * columns.size
        (condition,), (data, s1, n1, h1), (_, s2, n2, h2) = self._gather(rows, n, columns, True)
        chosen = condition[:cells] != 0
        starts, lengths, hashes = (np.where(chosen, a[:cells], b[:cells]) for a, b in ((s1, s2), (n1, n2), (h1, h2)))
        lost = condition[:cells] == UNDEFINED_WORD
        lengths[lost] = -1
        hashes[lost] = np.uint64(0x5851F42D4C957F2D)
        return data, starts, lengths, hashes
