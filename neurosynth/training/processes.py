"""Results of a function of 0, 1, 2 …, in order, computed by several processes."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing, contextmanager
from contextvars import ContextVar
from itertools import count
from multiprocessing.connection import wait
from typing import Any, TypeVar

from neurosynth.errors import NeurosynthError

__all__ = ["InOrder", "elsewhere", "in_order"]

T = TypeVar("T")

InOrder = Callable[[Callable[[int], Any], int, int], Generator[Any, None, None]]
"""The type of :func:`in_order`, and of its replacements."""

_place: ContextVar[InOrder | None] = ContextVar("_place", default=None)

_AHEAD = 1
"""Number of results computed in advance, beyond one for each process; unused ones are wasted."""

_GARBAGE = 50_000
"""Number of objects created between garbage collections: cycles are rare here."""


@contextmanager
def elsewhere(compute: InOrder) -> Iterator[None]:
    """While this is open, ``compute`` computes the results of :func:`in_order`, for example on other machines."""
    before = _place.set(compute)
    try:
        yield
    finally:
        _place.reset(before)


def in_order(make: Callable[[int], T], start: int, workers: int) -> Generator[T, None, None]:
    """``make(start)``, ``make(start + 1)`` … without end; close the iterator to stop the processes.

    The processes are forks, so that ``make`` may contain objects that cannot be pickled; results are pickled. With one worker, or
    without fork, everything runs in this process, unless it is computed :func:`elsewhere`. Raises: NeurosynthError: if a process was
    killed.
    """
    compute = _place.get()
    if compute is not None:
        with closing(compute(make, start, workers)) as results:
            yield from results
    if workers <= 1 or "fork" not in multiprocessing.get_all_start_methods():
        for index in count(start):
            yield make(index)
    with closing(_forked(make, start, workers)) as results:
        yield from results


def _forked(make: Callable[[int], T], start: int, workers: int) -> Generator[T, None, None]:
    context = multiprocessing.get_context("fork")
    executor = ProcessPoolExecutor(workers, mp_context=context, initializer=_begin, initargs=(make,))
    pending: deque[Future[Any]] = deque()
    try:
        for index in count(start):
            pending.append(executor.submit(_call, index))
            if len(pending) == workers + _AHEAD:
                yield pending.popleft().result()
    except BrokenProcessPool:
        raise NeurosynthError(
            "a process that samples tasks was killed, maybe for lack of memory; try again with fewer workers"
        ) from None
    finally:
        executor.shutdown(wait=True, cancel_futures=True)


_make: Callable[[int], Any] | None = None
"""The computation in a process of the pool."""


def _begin(make: Callable[[int], Any]) -> None:
    global _make
    _make = make
    gc.freeze()  # the parent's objects stay; examining them again and again takes a sixth of the time
    gc.set_threshold(_GARBAGE)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches every process; the first one ends the others
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """A killed parent cannot end its processes, so they end themselves."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def _call(index: int) -> Any:
    assert _make is not None
    return _make(index)
