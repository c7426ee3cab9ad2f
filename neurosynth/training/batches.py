"""The tasks of a training step, and the preparation of its batch in advance. The order of the data is a pure function of the seed and
the step: a resumed run reads the same data as an uninterrupted one, whatever the number of processes that make batches.
"""

from __future__ import annotations

import multiprocessing
import os
import queue
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar

import numpy as np

from neurosynth.errors import InputError
from neurosynth.guides.kinds import TrainingBatch
from neurosynth.language.program import Program
from neurosynth.tasks.task import Task

if TYPE_CHECKING:
    import torch

__all__ = ["BatchSource", "Feed", "Mixed", "Pair", "Shuffled", "chunks", "sensible_workers"]

Pair = tuple[Task, Program]

BatchSource = Callable[[int], Sequence[Pair]]
"""The tasks and programs of a step (from 0): always the same for the same step."""

_AHEAD = 4
"""Number of batches made in advance; more only cost memory."""
_POLL = 0.1
"""Seconds between checks whether batches are still wanted."""


B = TypeVar("B", bound=TrainingBatch)


class Shuffled:
    """Batches of given pairs, in another order every epoch; each pair occurs once in an epoch, and the last batch may be smaller. With
    ``tokens``, a batch contains programs of similar lengths, as many as fit into ``size`` tokens when padded to the longest (and at
    least one).
    """

    def __init__(self, pairs: Sequence[Pair], size: int, *, seed: int = 0, unit: str = "tasks") -> None:
        """``unit``: ``tasks`` or ``tokens``.

        Raises:
            InputError: if there are no pairs.
        """
        if not pairs:
            raise InputError("training: no tasks to learn from; give a file with some, or a greater count")
        self.pairs, self.size, self.seed = pairs, size, seed
        self._lengths = np.array([p.size + 1 for _, p in pairs]) if unit == "tokens" else None  # 1 for the end token
        self._epoch = lru_cache(maxsize=2)(self._plan)
        self._starts = [0]
        """The first step of each epoch known so far."""

    def __call__(self, step: int) -> list[Pair]:
        """The pairs of a step."""
        if self._lengths is None:
            epoch, index = divmod(step, -(-len(self.pairs) // self.size))
        else:
            while self._starts[-1] <= step:
                self._starts.append(self._starts[-1] + len(self._epoch(len(self._starts) - 1)))
            epoch = int(np.searchsorted(self._starts, step, side="right")) - 1
            index = step - self._starts[epoch]
        return [self.pairs[i] for i in self._epoch(epoch)[index]]

    def _plan(self, epoch: int) -> list[np.ndarray]:
        """Indices of the pairs of each batch of an epoch."""
        rng = np.random.default_rng((self.seed, epoch))
        order = rng.permutation(len(self.pairs))
        if self._lengths is None:
            return [order[i : i + self.size] for i in range(0, len(order), self.size)]
        order = order[np.argsort(self._lengths[order], kind="stable")]
        batches, first = [], 0
        for i, length in enumerate(self._lengths[order].tolist()):
            if i > first and (i + 1 - first) * length > self.size:
                batches.append(order[first:i])
                first = i
        batches.append(order[first:])
        return [batches[i] for i in rng.permutation(len(batches))]


class Mixed:
    """Batches with a share of other pairs (such as solved tasks), as a pure function of the step."""

    def __init__(self, batches: BatchSource, others: Sequence[Pair], share: float, *, seed: int = 0) -> None:
        """``share``: the part of each batch that is from ``others``, above 0 and up to 1; at least one pair.

        Raises:
            InputError: for no others, or a share that is not allowed.
        """
        if not others:
            raise InputError("training: no solved tasks to mix in; give rows with some")
        if not 0 < share <= 1:
            raise InputError(f"training: the share of solved tasks is {share}; allowed: above 0, at most 1")
        self.batches, self.others, self.share, self.seed = batches, others, share, seed

    def __call__(self, step: int) -> list[Pair]:
        """The pairs of a step."""
        pairs = list(self.batches(step))
        rng = np.random.default_rng((self.seed, step, 1))
        count = max(1, round(self.share * len(pairs)))
        mixed = [self.others[i] for i in rng.integers(0, len(self.others), count)]
        return pairs[: len(pairs) - count] + mixed


def chunks(pairs: Sequence[Pair], size: int) -> list[Sequence[Pair]]:
    """Pairs in order, ``size`` at a time, for evaluation."""
    return [pairs[i : i + size] for i in range(0, len(pairs), size)]


class Feed(Generic[B]):
    """Batches on the device, made in advance by a thread, and by processes if ``workers`` is above 0.

    A context manager and an endless iterator; an error while making a batch is raised where the batch is requested.
    """

    def __init__(self, make: Callable[[int], B], start: int, device: torch.device, *, workers: int = 0) -> None:
        """``make``: the batch of a step, on the CPU; ``start``: the first step."""
        self._queue: queue.Queue[B | BaseException] = queue.Queue(_AHEAD)
        self._stop = threading.Event()
        # Processes are started here and not in the thread, because a fork copies only the thread that calls it.
        batches = _by_processes(make, start, workers) if workers else _in_turn(make, start)
        self._thread = threading.Thread(target=self._fill, args=(batches, device), daemon=True, name="batches")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._stop.set()
        self._thread.join()

    def __iter__(self) -> Iterator[B]:
        return self

    def __next__(self) -> B:
        found = self._queue.get()
        if isinstance(found, BaseException):
            raise found
        return found

    def _fill(self, batches: Iterator[B], device: torch.device) -> None:
        try:
            for batch in batches:
                self._put(batch.to(device))
                if self._stop.is_set():
                    return
        except BaseException as error:  # passed on, whatever it is; otherwise the loop would wait forever
            self._put(error)

    def _put(self, item: B | BaseException) -> None:
        while not self._stop.is_set():
            try:
                self._queue.put(item, timeout=_POLL)
                return
            except queue.Full:
                continue


def _in_turn(make: Callable[[int], B], start: int) -> Iterator[B]:
    step = start
    while True:
        yield make(step)
        step += 1


class _Endless(Generic[B]):
    """Steps in the form of torch's DataLoader: a data set to index, and the order in which to index it."""

    def __init__(self, make: Callable[[int], B]) -> None:
        self.make = make

    def __getitem__(self, step: int) -> B:
        return self.make(step)


def _by_processes(make: Callable[[int], B], start: int, workers: int) -> Iterator[B]:
    from itertools import count

    from torch.utils.data import DataLoader

    loader: Any = DataLoader(
        _Endless(make),  # type: ignore[arg-type]  # a data set by its methods, not by inheritance
        batch_size=None,
        sampler=count(start),  # any iterable will do if batches are complete already
        num_workers=workers,
        prefetch_factor=_AHEAD,
        collate_fn=_as_is,
        worker_init_fn=_ignore_interrupts,
        # Languages contain functions that cannot be pickled; a fork has them.
        multiprocessing_context="fork",
    )
    return iter(loader)


def _as_is(batch: B) -> B:
    return batch


def _ignore_interrupts(worker: int) -> None:
    """Ctrl-C reaches every process of the terminal; only the one that trains handles it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def sensible_workers(device: torch.device) -> int:
    """Number of useful processes: none if the model itself needs the cores."""
    if device.type == "cpu" or "fork" not in multiprocessing.get_all_start_methods():
        return 0
    return max(0, min(8, (os.cpu_count() or 1) - 2))
