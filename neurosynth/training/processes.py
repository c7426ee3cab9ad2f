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
"""What :func:`in_order` is, and what can take its place."""

_place: ContextVar[InOrder | None] = ContextVar("_place", default=None)

_AHEAD = 1
"""Results in the making beyond one a process; what is not used in the end was made in vain."""

_GARBAGE = 50_000
"""Objects made between looks for garbage: cycles are rare here."""


@contextmanager
def elsewhere(compute: InOrder) -> Iterator[None]:
    """While this is open, :func:`in_order` has results computed by ``compute``: on other machines, say."""
    before = _place.set(compute)
    try:
        yield
    finally:
        _place.reset(before)


def in_order(make: Callable[[int], T], start: int, workers: int) -> Generator[T, None, None]:
    """``make(start)``, ``make(start + 1)`` … without end; close the iterator to stop the processes.

    The processes are forks, so that ``make`` may hold what cannot be pickled; results are pickled.  With one worker, or
    where processes cannot be forked, everything runs in this process; unless they are computed :func:`elsewhere`.

    Raises:
        NeurosynthError: when a process was killed.
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
"""In a process of the pool: what it computes."""


def _begin(make: Callable[[int], Any]) -> None:
    global _make
    _make = make
    gc.freeze()  # what the parent had stays; looking through it again and again takes a sixth of the time
    gc.set_threshold(_GARBAGE)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches every process; the first one ends the others
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """A killed parent cannot end its processes: they do it themselves."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def _call(index: int) -> Any:
    assert _make is not None
    return _make(index)
