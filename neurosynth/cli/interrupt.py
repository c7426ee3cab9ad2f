"""Interrupts (Ctrl-C, SIGINT) and requests to end (SIGTERM), noted while something runs that can keep its results."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import FrameType

__all__ = ["EXIT", "Terminated", "held_interrupts", "signals_end_at_once", "signals_leave", "signals_raise"]

EXIT = {signal.SIGINT: 130, signal.SIGTERM: 143}
"""Exit statuses, by the signal."""


class Terminated(KeyboardInterrupt):
    """A request to end this process (SIGTERM): everything that ends well on an interrupt does so on this, too."""


@contextmanager
def signals_end_at_once() -> Iterator[None]:
    """While inside, a signal ends the process with one line.

    For imports, during which an exception could be taken for a missing module.
    """

    def leave(number: int, frame: FrameType | None) -> None:
        os.write(2, b"neurosynth: interrupted\n")
        os._exit(EXIT[signal.Signals(number)])

    with _handled({signal.SIGINT: leave, signal.SIGTERM: leave}):
        yield


@contextmanager
def signals_raise() -> Iterator[None]:
    """While inside, SIGINT raises KeyboardInterrupt, as it does by default, and SIGTERM raises :class:`Terminated`."""

    def terminate(number: int, frame: FrameType | None) -> None:
        raise Terminated

    with _handled({signal.SIGINT: signal.default_int_handler, signal.SIGTERM: terminate}):
        yield


def signals_leave(status: int) -> None:
    """From here on, a signal ends the process at once with ``status``.

    Its work is done and its output written, and an exception during Python's shutdown would be printed with its traceback.
    """

    def leave(number: int, frame: FrameType | None) -> None:
        os._exit(status)

    if threading.current_thread() is threading.main_thread():
        for number in EXIT:
            if signal.getsignal(number) not in (signal.SIG_IGN, None):
                signal.signal(number, leave)


@contextmanager
def _handled(handlers: Mapping[signal.Signals, Callable[[int, FrameType | None], object]]) -> Iterator[None]:
    """While inside, signals are handled like this, except for those that are ignored because of nohup or a background job."""
    if threading.current_thread() is not threading.main_thread():  # only the main thread may set handlers
        yield
        return
    before = {n: signal.getsignal(n) for n in handlers}
    before = {n: handler for n, handler in before.items() if handler not in (signal.SIG_IGN, None)}
    for number in before:
        signal.signal(number, handlers[number])
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def held_interrupts() -> Iterator[Callable[[], int]]:
    """While inside, the first signal is only noted, and the yielded function returns it (0: none); the third one raises. An interrupt
    that is raised wherever it arrives can arrive inside the compiler, which loses it and fails later."""
    pressed: list[int] = []

    def note(number: int, frame: FrameType | None) -> None:
        pressed.append(number)
        if len(pressed) > 2:
            raise Terminated if number == signal.SIGTERM else KeyboardInterrupt

    with _handled(dict.fromkeys(EXIT, note)):
        yield lambda: pressed[0] if pressed else 0
