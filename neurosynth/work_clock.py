"""The time that searches go by: that of the machine, that of the processor, or one that counts their work.

A search divides its time among strategies, waits for better programs, and ends at its limit.  On a busy machine it therefore does other
things than on an idle one.  Where runs have to agree (a library that is learned again from the same seed), time is *counted* instead:
each candidate, each prefix that a guide is asked about and each look at the clock moves it on by a fixed amount.  A counted second is
about a second of work on one core, more or less by language, and the same work on every machine.  Where two ways to search are
compared on a busy machine, the time is the processor's: what others do in the meantime does not count.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

__all__ = [
    "CANDIDATE",
    "ON_OBJECTS",
    "PREFIX",
    "STEP",
    "clock_seconds",
    "counted",
    "is_counted",
    "is_wall",
    "on_processor",
    "processor_bound",
    "spend",
    "stopwatch",
]

CANDIDATE = 1e-6
"""Counted seconds of a candidate."""
ON_OBJECTS = 1e-5
"""Further ones of a candidate that is computed on Python objects."""
STEP = 2e-6
"""Further ones of each primitive that is called there, in loops and functions as well."""
PREFIX = 1.5e-4
"""Counted seconds of a prefix that a guide of tokens is asked about."""
_LOOK = 2e-5
"""Counted seconds of a look at the clock: the strategies that look at it do about as much between two looks, on Python objects."""


_BOUND = (30.0, 10.0)
"""Seconds of the processor that a counted limit allows at most: so many, and so many for each counted one."""


def processor_bound(seconds: float) -> float:
    """Seconds of the processor after which a search of so many counted ones ends where a primitive runs on.

    What a primitive does in loops of its own is not counted, and it may never end.
    """
    least, times = _BOUND
    return least + times * seconds


@dataclass
class _Count:
    seconds: float = 0.0


_counted: ContextVar[_Count | None] = ContextVar("counted", default=None)
_processor: ContextVar[bool] = ContextVar("processor", default=False)


def clock_seconds() -> float:
    """Seconds of a clock that searches subtract and compare; ``time.perf_counter`` unless time is the processor's or counted."""
    count = _counted.get()
    if count is None:
        return _of_machine()
    count.seconds += _LOOK
    return count.seconds


def stopwatch() -> float:
    """The same for keeping books: does not move a counted clock, as a generator's last words may be said whenever memory is collected."""
    count = _counted.get()
    return _of_machine() if count is None else count.seconds


def _of_machine() -> float:
    return time.process_time() if _processor.get() else time.perf_counter()


def spend(seconds: float) -> None:
    """Move a counted clock on; the clock of the machine moves by itself."""
    count = _counted.get()
    if count is not None:
        count.seconds += seconds


def is_counted() -> bool:
    """Whether time is counted here."""
    return _counted.get() is not None


def is_wall() -> bool:
    """Whether time is that of the clock on the wall."""
    return _counted.get() is None and not _processor.get()


@contextmanager
def on_processor() -> Iterator[None]:
    """Within it, time is what this process has had of the processor: limits of seconds hold for that."""
    before = _processor.set(True)
    try:
        yield
    finally:
        _processor.reset(before)


@contextmanager
def counted() -> Iterator[None]:
    """Within it, time is counted in this thread, from 0."""
    before = _counted.set(_Count())
    try:
        yield
    finally:
        _counted.reset(before)
