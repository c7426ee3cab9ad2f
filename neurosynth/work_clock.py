"""The time of searches: that of the machine, that of the processor, or a count of their work.

A search divides its time among strategies, waits for better programs, and ends at its limit. It therefore behaves differently on a busy
machine. If runs must agree (a library that is learned again from the same seed), time is *counted* instead: each candidate, each prefix
that a guide scores and each check of the clock advances it by a fixed amount. A counted second is about a second of work on one core,
more or less by language, and the same work on every machine. If two ways to search are compared on a busy machine, the time is that of
the processor, so that other processes do not count. A limit that nobody gave is *patient*: time stands while the process waits for a
processor or compiles loops, up to a bound on the clock of the machine.
"""

from __future__ import annotations

import mmap
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

__all__ = [
    "CANDIDATE",
    "ON_OBJECTS",
    "PREFIX",
    "STEP",
    "SharedExcuses",
    "clock_seconds",
    "counted",
    "excused",
    "is_counted",
    "is_wall",
    "on_processor",
    "patient",
    "patient_seconds",
    "processor_bound",
    "shared_excuses",
    "spend",
    "stopwatch",
    "watching_clock",
]

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


_BOUND = (30.0, 10.0)
"""Maximum processor seconds for a counted limit: a constant, and a factor for each counted second."""


def processor_bound(seconds: float) -> float:
    """Processor seconds after which a search with a counted limit ends if a primitive does not return.

    Loops inside a primitive are not counted, and may never end.
    """
    least, times = _BOUND
    return least + times * seconds


@dataclass
class _Count:
    seconds: float = 0.0


def patient_seconds(wall: float, processor: float, stretch: float) -> float:
    """Seconds that count for a limit which holds on a busy machine, too.

    Args:
        wall: seconds that passed.
        processor: seconds for which the process had a processor.
        stretch: how many times as long as the limit a search may take.
    """
    return max(min(wall, processor), wall / stretch)


_LOOKS = 1e-3
"""Seconds between two readings of the processor's time, each of which takes a microsecond; in between, the process counts as running."""


class SharedExcuses:
    """The excused processor seconds of a fork, in memory that it shares with the process that waits for it."""

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, 16)
        self._values = memoryview(self._memory).cast("d")
        """What is over, and the fork's processor time when the running one began, negative if there is none."""
        self._values[1] = -1.0

    def begin(self, now: float) -> None:
        """An excuse begins, at the fork's processor time ``now``."""
        self._values[1] = now

    def end(self, now: float) -> None:
        """It ends."""
        # In this order: a reader in between excuses too much for a moment, and kills nothing too early.
        self._values[0] = self.seconds(now)
        self._values[1] = -1.0

    def seconds(self, now: float) -> float:
        """Processor seconds that are excused at the fork's processor time ``now``."""
        over, begun = self._values
        return over + (max(0.0, now - begun) if begun >= 0 else 0.0)

    def close(self) -> None:
        """Give the memory back."""
        self._values.release()
        self._memory.close()


_shared: ContextVar[SharedExcuses | None] = ContextVar("shared", default=None)


@contextmanager
def shared_excuses(shared: SharedExcuses) -> Iterator[None]:
    """Within it, excuses are noted there, too."""
    before = _shared.set(shared)
    try:
        yield
    finally:
        _shared.reset(before)


class _Excuses:
    """Processor seconds during which patient clocks stand."""

    def __init__(self) -> None:
        self._over = 0.0
        self._begun: float | None = None

    def seconds(self) -> float:
        return self._over + (0.0 if self._begun is None else time.process_time() - self._begun)

    @contextmanager
    def running(self) -> Iterator[None]:
        self._begun = time.process_time()
        shared = _shared.get()
        if shared is not None:
            shared.begin(self._begun)
        try:
            yield
        finally:
            self._over, self._begun = self.seconds(), None
            if shared is not None:
                shared.end(time.process_time())


class _Patient:
    """A clock that stands while the process waits for a processor, and while an excuse is running."""

    def __init__(self, stretch: float, excuses: _Excuses | None = None) -> None:
        self.stretch = stretch
        self.excuses = excuses or _Excuses()
        self.began, self.worked = time.perf_counter(), self._worked()
        self.looked, self.told = self.began, self.began

    def _worked(self) -> float:
        return time.process_time() - self.excuses.seconds()

    def seconds(self) -> float:
        now = time.perf_counter()
        if now - self.looked >= _LOOKS:
            counted = patient_seconds(now - self.began, self._worked() - self.worked, self.stretch)
            self.told = max(self.told, self.began + counted)
            self.looked = now
            return self.told
        return self.told + (now - self.looked)


_counted: ContextVar[_Count | None] = ContextVar("counted", default=None)
_processor: ContextVar[bool] = ContextVar("processor", default=False)
_patient: ContextVar[_Patient | None] = ContextVar("patient", default=None)


def clock_seconds() -> float:
    """Seconds of a clock for searches to subtract and compare; ``time.perf_counter`` unless time is the processor's or counted."""
    count = _counted.get()
    if count is None:
        return _of_machine()
    count.seconds += _LOOK
    return count.seconds


def stopwatch() -> float:
    """The same for measuring: it does not advance a counted clock, because a generator may be closed whenever memory is collected."""
    count = _counted.get()
    return _of_machine() if count is None else count.seconds


def _of_machine() -> float:
    if _processor.get():
        return time.process_time()
    patient = _patient.get()
    return time.perf_counter() if patient is None else patient.seconds()


def spend(seconds: float) -> None:
    """Advance a counted clock; the clock of the machine advances by itself."""
    count = _counted.get()
    if count is not None:
        count.seconds += seconds


@contextmanager
def excused() -> Iterator[None]:
    """Within it, a patient clock stands, up to its bound: for work that is done once and serves all later searches."""
    patient = _patient.get()
    if patient is None:
        yield
        return
    with patient.excuses.running():
        yield


def is_counted() -> bool:
    """Whether time is counted here."""
    return _counted.get() is not None


def is_wall() -> bool:
    """Whether time is that of the clock on the wall."""
    return _counted.get() is None and not _processor.get() and _patient.get() is None


def watching_clock() -> Callable[[], float]:
    """The clock of this thread for another thread that watches it.

    Where time is counted or the processor's, it is the processor time of this thread, if the system tells it.
    """
    if _counted.get() is None and not _processor.get():
        patient = _patient.get()
        return time.perf_counter if patient is None else _Patient(patient.stretch, patient.excuses).seconds
    if not hasattr(time, "pthread_getcpuclockid"):
        return time.monotonic
    clock = time.pthread_getcpuclockid(threading.get_ident())
    return lambda: time.clock_gettime(clock)


@contextmanager
def on_processor() -> Iterator[None]:
    """Within it, time is what this process has had of the processor: limits of seconds hold for that."""
    before = _processor.set(True)
    try:
        yield
    finally:
        _processor.reset(before)


@contextmanager
def patient(stretch: float) -> Iterator[None]:
    """Within it, time stands while this process waits for a processor; a limit holds for ``stretch`` times as long at most.

    It changes nothing with a stretch of 1, where time is counted or the processor's, and within another such clock.
    """
    if stretch <= 1 or not is_wall():
        yield
        return
    before = _patient.set(_Patient(stretch))
    try:
        yield
    finally:
        _patient.reset(before)


@contextmanager
def counted() -> Iterator[None]:
    """Within it, time is counted in this thread, from 0."""
    before = _counted.set(_Count())
    try:
        yield
    finally:
        _counted.reset(before)
