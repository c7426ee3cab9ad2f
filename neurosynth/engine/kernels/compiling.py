"""How long this process has compiled: time that no search has had."""

from __future__ import annotations

import time
from functools import cache

__all__ = ["listen", "seconds"]

_spent = [0.0]


def seconds() -> float:
    """Seconds spent on compiling loops since :func:`listen` was first called."""
    return _spent[0]


@cache
def listen() -> None:
    """Measure from now on; imports numba."""
    from numba.core import event

    class CompileListener(event.Listener):
        """Adds up the outermost compilations: one function's compiles those it calls."""

        def __init__(self) -> None:
            self.begun: list[float] = []

        def on_start(self, event: object) -> None:
            self.begun.append(time.perf_counter())

        def on_end(self, event: object) -> None:
            begun = self.begun.pop()
            if not self.begun:
                _spent[0] += time.perf_counter() - begun

    event.register("numba:compile", CompileListener())  # type: ignore[no-untyped-call]  # numba has no types
