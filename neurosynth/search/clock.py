"""The time of one search: how much is over, how much is left, and how much of it was spent on compiling."""

from __future__ import annotations

from neurosynth.engine.kernels import compiling
from neurosynth.work_clock import clock_seconds, is_counted

__all__ = ["Clock"]


class Clock:
    """Seconds since a search began. Compile time is not charged to any strategy."""

    def __init__(self, seconds: float) -> None:
        """``seconds`` is the limit."""
        self.seconds = seconds
        self._began = clock_seconds()
        self._compiled_before = compiling.seconds()

    @property
    def elapsed(self) -> float:
        """Seconds since the search began."""
        return clock_seconds() - self._began

    @property
    def left(self) -> float:
        """Seconds until the limit; negative beyond it."""
        return self.seconds - self.elapsed

    @property
    def compiled(self) -> float:
        """The part of :attr:`elapsed` that was spent on compiling, in seconds."""
        return 0.0 if is_counted() else compiling.seconds() - self._compiled_before

    @property
    def worked(self) -> float:
        """Seconds since the search began without compiling. Strategies get shares of this time."""
        return self.elapsed - self.compiled

    def deadline(self, seconds: float) -> float:
        """The value of ``clock_seconds`` in ``seconds`` from now, but not after the limit."""
        return min(clock_seconds() + seconds, self._began + self.seconds)
