"""The time of searches: that of the machine, or a count of their work.

A search divides its time among strategies, waits for better programs, and ends at its limit. It therefore behaves differently on a busy
machine. If runs must agree (a library that is learned again from the same seed), time is *counted* instead: each candidate, each prefix
that a guide scores and each check of the clock advances it by a fixed amount. A counted second is about a second of work on one core,
more or less by language, and the same work on every machine.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

__all__ = ["CANDIDATE", "ON_OBJECTS", "PREFIX", "STEP", "clock_seconds", "counted", "is_counted", "spend", "stopwatch"]

CANDIDATE = 1e-6
"""Counted seconds of a candidate."""
ON_OBJECTS = 1e-5
"""Additional seconds of a candidate that is computed on Python objects."""
STEP = 2e-6
"""Additional seconds of each primitive call there, in loops and functions as well."""
PREFIX = 1.5e-4
"""Counted seconds of a prefix that a guide of tokens scores."""
_LOOK = 2e-5
"""Counted seconds of a check of the clock: strategies on Python objects do about as much work between two checks."""


@dataclass
class _Count:
    seconds: float = 0.0


_counted: ContextVar[_Count | None] = ContextVar("counted", default=None)


def clock_seconds() -> float:
    """Seconds of a clock for searches to subtract and compare; ``time.perf_counter`` unless time is counted."""
    count = _counted.get()
    if count is None:
        return time.perf_counter()
    count.seconds += _LOOK
    return count.seconds


def stopwatch() -> float:
    """The same for measuring: it does not advance a counted clock, because a generator may be closed whenever memory is collected."""
    count = _counted.get()
    return time.perf_counter() if count is None else count.seconds


def spend(seconds: float) -> None:
    """Advance a counted clock; the clock of the machine advances by itself."""
    count = _counted.get()
    if count is not None:
        count.seconds += seconds


def is_counted() -> bool:
    """Whether time is counted here."""
    return _counted.get() is not None


@contextmanager
def counted() -> Iterator[None]:
    """Within it, time is counted in this thread, from 0."""
    before = _counted.set(_Count())
    try:
        yield
    finally:
        _counted.reset(before)
