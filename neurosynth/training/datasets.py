"""Sampled tasks with their programs, for training: from a file, or sampled during training. Both are inputs of the trainer: a
:class:`TaskDataset` is a sequence of pairs, a :class:`SampledStream` gives the pairs of each training step, always the same for the
same step.
"""

from __future__ import annotations

import hashlib
import json
import mmap
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from functools import lru_cache, partial
from pathlib import Path
from typing import Self, overload

import numpy as np

from neurosynth.errors import InputError, NeurosynthError, ParseError
from neurosynth.language.language import Language
from neurosynth.language.load import load_language
from neurosynth.language.program import Program
from neurosynth.language.syntax import parse_program
from neurosynth.tasks.json_io import task_from_json
from neurosynth.tasks.task import Task
from neurosynth.training.chunks import CHUNK, SamplingConfig, draw_chunk
from neurosynth.training.packing import Packed, pack, unpack
from neurosynth.training.processes import in_order

__all__ = ["SPLITS", "SampledStream", "TaskDataset", "program_of"]

Pair = tuple[Task, Program]
SPLITS = ("all", "train", "held-out")
_USED = CHUNK * 3 // 4
"""Number of tasks taken from a chunk of a stream: nearly all chunks have as many."""


def program_of(task: Task, language: Language) -> Program:
    """The program with which a task was sampled, from its field ``program``.

    Raises:
        InputError: if there is no such field, or it is not a program of the language for the task.
    """
    text = task.extra.get("program")
    if not isinstance(text, str):
        raise InputError(
            f"task {task.name!r} has no field 'program'; tasks to learn from have their program's text there"
        )
    return parse_program(text, language, request=task.type, inputs=task.inputs, constants=task.constants)


class TaskDataset(Sequence[Pair]):
    """Tasks and programs of a ``.jsonl`` file, read on access. The text of each line determines its split, so that tasks keep their
    split when a file grows, and equal tasks stay together.

    Args:
        path: a file of :func:`~neurosynth.training.sampling.write_sample`, or of other tasks with a ``program``.
        language: an object or the name of a plugin.
        split: ``all``, ``train`` or ``held-out``.
        held_out: share of the tasks in the split of that name.
        seed: determines the split. cached: number of pairs kept in memory once read. on_error: receives the error of each unusable
            line, which is then left out (every line is then read at once); by default the error is raised on access.

    Raises:
        InputError: for a file that cannot be read or has no task in the split.
    """

    def __init__(
        self,
        path: str | Path,
        language: Language | str,
        *,
        split: str = "all",
        held_out: float = 0.05,
        seed: int = 0,
        cached: int = 100_000,
        on_error: Callable[[InputError], None] | None = None,
    ) -> None:
        if split not in SPLITS:
            raise InputError(f"split {split!r}; allowed: {', '.join(SPLITS)}")
        if not 0.0 < held_out < 1.0:
            raise InputError(f"held_out is {held_out}; allowed: a share between 0 and 1, both excluded")
        self.path = Path(path)
        self.language = load_language(language) if isinstance(language, str) else language
        self._data = _mapped(self.path)
        kept = [
            place
            for place in _lines(self._data)
            if split == "all" or (split == "held-out") == (_share(self._data[place[0] : place[1]], seed) < held_out)
        ]
        self._places = np.array(kept, dtype=np.int64).reshape(-1, 3)  # start, end, line number
        self._pair = lru_cache(maxsize=cached)(self._read)
        if on_error is not None:
            self._places = self._places[[self._usable(i, on_error) for i in range(len(kept))]]
            self._pair.cache_clear()
        if not len(self):
            of = "no tasks" if split == "all" else f"no tasks in the split {split!r} (held_out {held_out})"
            raise InputError(f"{self.path}: {of}; a file of tasks has one JSON object per line")

    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, index: int) -> Pair: ...
    @overload
    def __getitem__(self, index: slice) -> list[Pair]: ...
    def __getitem__(self, index: int | slice) -> Pair | list[Pair]:
        """A task and its program.

        Raises:
            InputError: for a line that is not a task, or whose program does not parse; the message says which line.
        """
        if isinstance(index, slice):
            return [self._pair(i) for i in range(*index.indices(len(self)))]
        if not -len(self) <= index < len(self):
            raise IndexError(f"{index} of {len(self)} tasks")
        return self._pair(index % len(self))

    def programs(self) -> Iterator[Program]:
        """The programs alone, in order, for fitting an n-gram prior."""
        return (program for _, program in self)

    def _read(self, index: int) -> Pair:
        start, end, line = self._places[index].tolist()
        where = f"{self.path}, line {line}"
        try:
            value = json.loads(self._data[start:end])
        except (ValueError, RecursionError) as error:
            raise InputError(f"{where}: invalid JSON: {error}; a file of tasks has one task per line") from None
        task = task_from_json(value, where, default_name=f"{self.path.stem}:{line}")
        try:
            return task, program_of(task, self.language)
        except InputError as error:
            fact = f"program, column {error.column}: {error.detail}" if isinstance(error, ParseError) else error
            raise InputError(f"{where}: {fact}") from None

    def _usable(self, index: int, on_error: Callable[[InputError], None]) -> bool:
        try:
            self._read(index)
        except InputError as error:
            on_error(error)
            return False
        return True


def _mapped(path: Path) -> mmap.mmap | bytes:
    """The bytes of a file, read from the disk on access."""
    try:
        with path.open("rb") as file:
            return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if path.stat().st_size else b""
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror or error}") from None


def _lines(data: mmap.mmap | bytes) -> Iterator[tuple[int, int, int]]:
    """Start, end and number of each line that is not blank."""
    start, number = 0, 1
    while start < len(data):
        end = data.find(b"\n", start)
        end = len(data) if end < 0 else end
        if data[start:end].strip():
            yield start, end, number
        start, number = end + 1, number + 1


def _share(line: bytes, seed: int) -> float:
    """A number from 0 to 1 that is always the same for a line."""
    digest = hashlib.blake2b(line.strip(), digest_size=8, salt=str(seed).encode()[:16]).digest()
    return int.from_bytes(digest) / 2**64


class SampledStream:
    """Tasks sampled during training, never the same twice: call it with a step (from 0) for that step's pairs, which depend only on the
    options and the step. Within a chunk of a few hundred tasks no two behave alike; later ones may behave like earlier ones, because
    the memory for all of them would have no bound. Under a curriculum (:attr:`SamplingConfig.curriculum`) programs grow with the steps.

    Args:
        language: an object or the name of a plugin.
        sampling: the settings. batch_size: tasks of a step. workers: processes that sample in advance; with one, sampling happens in
            this process on demand. excluding: held-out tasks (sampled ones, of any seed), whose behaviour must not occur in the stream.

    Raises:
        InputError: for an option out of range, or a type for which the language has no program.
    """

    def __init__(
        self,
        language: Language | str,
        sampling: SamplingConfig | None = None,
        *,
        batch_size: int = 64,
        workers: int = 1,
        excluding: Iterable[Task] = (),
    ) -> None:
        if batch_size < 1:
            raise InputError(f"batch_size is {batch_size}; allowed: a positive number of tasks")
        self.language = load_language(language) if isinstance(language, str) else language
        self.sampling = sampling or SamplingConfig()
        self.sampling.requests(self.language)
        self.batch_size, self.workers = batch_size, workers
        self._excluded = frozenset(str(t.extra.get("behaviour")) for t in excluding)
        self._batches = max(1, _USED // batch_size)
        self._chunks = -(-batch_size // _USED)
        self._at, self._next = -1, 0
        self._block: list[Pair] = []
        self._source: Generator[list[tuple[Task, Packed]], None, None] | None = None

    def __call__(self, step: int) -> list[Pair]:
        """The pairs of a step."""
        block, part = divmod(step, self._batches)
        if block != self._at:
            self._block = [(task, unpack(p, self.language)) for task, p in self._fetch(block)]
            self._at = block
        first = part * self.batch_size
        return [self._block[i % len(self._block)] for i in range(first, first + self.batch_size)]

    def __iter__(self) -> Iterator[Pair]:
        """All pairs, from the first step on, without end."""
        step = 0
        while True:
            yield from self(step)
            step += 1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """End the processes; a later call starts new ones."""
        source, self._source = self._source, None
        if source is not None:
            source.close()

    def _fetch(self, block: int) -> list[tuple[Task, Packed]]:
        if self._source is None or block != self._next:
            self.close()
            make = partial(_draw_block, self.language, self.sampling, self._chunks, self._batches, self._excluded)
            self._source = in_order(make, block, self.workers)
        self._next = block + 1
        return next(self._source)


def _draw_block(
    language: Language, sampling: SamplingConfig, chunks: int, batches: int, excluded: frozenset[str], index: int
) -> list[tuple[Task, Packed]]:
    sampling = sampling.at(index * batches, language)
    found = [s for i in range(chunks) for s in draw_chunk(language, sampling, index * chunks + i)]
    kept = [(s.task, pack(s.program)) for s in found if s.behaviour not in excluded]
    if not kept:
        raise NeurosynthError(
            f"a chunk of the stream (number {index}) has no task that is not excluded; sample larger sizes or more types"
        )
    return kept
