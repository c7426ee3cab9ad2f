"""The time that this process has spent on compiling, which is not charged to any strategy."""

from __future__ import annotations

from contextlib import ExitStack
from functools import cache

from neurosynth.work_clock import excused, stopwatch

__all__ = ["listen", "seconds"]

_spent = [0.0]


def seconds() -> float:
    """Seconds spent on compiling loops since :func:`listen` was first called."""
    return _spent[0]


@cache
def listen() -> None:
    """Start measuring; imports numba."""
    from numba.core import event

    class CompileListener(event.Listener):
        """Adds up the outermost compilations, which include those of the functions that they call."""

        def __init__(self) -> None:
            self.begun: list[float] = []
            self.pause = ExitStack()

        def on_start(self, event: object) -> None:
            if not self.begun:
                self.pause.enter_context(excused())
            self.begun.append(stopwatch())

        def on_end(self, event: object) -> None:
            begun = self.begun.pop()
            if not self.begun:
                self.pause.close()
                _spent[0] += stopwatch() - begun

    event.register("numba:compile", CompileListener())  # type: ignore[no-untyped-call]  # numba has no types
