"""The time of one search: how much is gone, how much is left, and how much of it went into compiling."""

from __future__ import annotations

from neurosynth.engine.kernels import compiling
from neurosynth.work_clock import clock_seconds, is_counted

__all__ = ["Clock"]


class Clock:
    """Seconds since a search began; compiling is not a strategy's time."""

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
        """Seconds of :attr:`elapsed` that went into compiling."""
        return 0.0 if is_counted() else compiling.seconds() - self._compiled_before

    @property
    def worked(self) -> float:
        """Seconds since the search began without those of compiling: what strategies are given shares of."""
        return self.elapsed - self.compiled

    def deadline(self, seconds: float) -> float:
        """``seconds`` from now, but not beyond the limit, as ``clock_seconds`` will say it."""
        return min(clock_seconds() + seconds, self._began + self.seconds)
