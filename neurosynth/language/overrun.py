"""A watchdog for primitives that run beyond the time limit: it ends them from inside the process.

A search checks the clock between candidates. A primitive that loops or sleeps never returns to this check, so a thread waits for the
limit and then raises :class:`Overrun` in the searching thread, but only while that is inside a primitive, where only the candidate is
lost. Searches treat it like an interrupt: they end with their results so far. What it can end: Python code in any thread; a sleep or a
wait in the main thread, where interrupts (SIGINT) are raised as Python does by itself. What it cannot: a loop in C that holds the
interpreter (``1 << 10**11``, a regular expression that backtracks), a wait in C in another thread, and a primitive that catches every
exception. Only the end of the process ends those: :mod:`neurosynth.apart`.
"""

from __future__ import annotations

import ctypes
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from neurosynth.language.evaluate import in_primitive
from neurosynth.work_clock import watching_clock

__all__ = ["GRACE", "Interrupts", "Overrun", "Watch", "watched"]

GRACE = 0.2
"""Seconds after the limit at which a primitive that still runs is ended."""
_AGAIN = 0.05
"""Seconds between checks from then on."""


class Overrun(KeyboardInterrupt):
    """A primitive ran beyond the time limit.  A KeyboardInterrupt, since no primitive may catch it by accident."""


class Watch:
    """Watches the thread that made it."""

    def __init__(self, seconds: float) -> None:
        """``seconds`` are those of :func:`~neurosynth.work_clock.watching_clock`."""
        self.seconds = seconds
        self.thread = threading.get_ident()
        self._clock = watching_clock()
        self._until = self._clock() + seconds + GRACE
        self.main = threading.current_thread() is threading.main_thread()
        self.fired = False
        """Whether it has ended a primitive."""
        self._over = threading.Event()
        self._lock = threading.Lock()

    def begin(self) -> None:
        """Start the clock."""
        threading.Thread(target=self._wait, name="neurosynth-watch", daemon=True).start()

    def end(self) -> None:
        """Stop the watch; nothing is raised from now on."""
        with self._lock:
            self._over.set()
            if self.fired:
                _raise_in(self.thread, None)  # an exception that was set but has not been raised yet

    def _wait(self) -> None:
        last: tuple[FrameType, int] | None = None
        pause = self.seconds + GRACE
        while not self._over.wait(min(pause, threading.TIMEOUT_MAX)):
            with self._lock:
                if self._over.is_set():
                    return
                left = self._until - self._clock()
                pause = max(left, _AGAIN)
                if left <= 0:
                    last = self._look(last)

    def _look(self, last: tuple[FrameType, int] | None) -> tuple[FrameType, int] | None:
        """End the running primitive, if there is one; no other Python code runs during this check."""
        frame = sys._current_frames().get(self.thread)
        if frame is None or not in_primitive(frame):
            return None
        here = frame, frame.f_lasti
        self.fired = True
        if last is not None and last[0] is frame and last[1] == here[1] and self._interrupts():
            # it did not advance by one instruction: it waits in C, where only a signal wakes it
            _raise_in(self.thread, None)
            # libraries in C that handled SIGINT (z3, polars) leave it so that system calls go on after it
            signal.siginterrupt(signal.SIGINT, True)
            signal.pthread_kill(self.thread, signal.SIGINT)
        else:
            _raise_in(self.thread, Overrun)
        return here

    def _interrupts(self) -> bool:
        """Whether a signal would be raised in the thread."""
        handler = signal.getsignal(signal.SIGINT)
        return self.main and (handler is signal.default_int_handler or isinstance(handler, Interrupts))


class Interrupts:
    """A handler that notes signals, and raises only if the main thread is inside a primitive.

    An interrupt that is raised wherever it arrives can arrive inside the compiler, which loses it and fails later.
    """

    def __init__(self) -> None:
        self.number = 0
        """The signal that came first."""

    def __call__(self, number: int, frame: FrameType | None) -> None:
        self.number = self.number or number
        if in_primitive(frame):
            raise Overrun

    def check(self) -> None:
        """Raise for a noted signal; called where a search can end with its results.

        Raises:
            KeyboardInterrupt: if a signal arrived.
        """
        if self.number:
            raise KeyboardInterrupt


@contextmanager
def watched(seconds: float | None) -> Iterator[Watch]:
    """While inside, :class:`Overrun` ends primitives that run beyond ``seconds``; with None, there is no limit.

    Where time is counted or the processor's, seconds are processor time of this thread.
    """
    watch = Watch(seconds or 0.0)
    if seconds is not None:
        watch.begin()
    try:
        yield watch
    finally:
        watch.end()


def _raise_in(thread: int, error: type[BaseException] | None) -> None:
    wanted = None if error is None else ctypes.py_object(error)
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), wanted)
