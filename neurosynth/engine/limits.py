"""What a search may still use, checked where candidates are made: memory and programs."""

from __future__ import annotations

import math
import resource
import sys

__all__ = ["Memory", "MemoryCap", "Quota", "memory_mb", "peak_memory_mb"]


class MemoryCap(Exception):
    """The limit on memory would be exceeded."""


class Quota:
    """The number of candidates that may still be tried.

    No tile has more, so that compiled code and objects stop at the same candidate.
    """

    def __init__(self, programs: int | None = None) -> None:
        self.left = sys.maxsize if programs is None else max(1, programs)

    def take(self, count: int) -> None:
        """Count tried candidates; one more may always follow, because searches stop after the last."""
        self.left = max(1, self.left - count)


class Memory:
    """Checks the process against a limit in gigabytes; the size is read from the operating system, and accounted for in between."""

    def __init__(self, gigabytes: float = math.inf) -> None:
        self.cap = gigabytes * 1e9
        self.pending = 0
        self.used = int(memory_mb() * 1e6)

    def take(self, count: int) -> None:
        """Account for bytes about to be allocated.

        Raises:
            MemoryCap: if they would exceed the limit.
        """
        self.pending += count
        if self.pending > 16_000_000:
            self.check()
        if self.used + self.pending > self.cap:
            self.check()
            if self.used + count > self.cap:
                raise MemoryCap

    def check(self) -> None:
        """Read the true size again.

        Raises:
            MemoryCap: if it exceeds the limit.
        """
        self.used, self.pending = int(memory_mb() * 1e6), 0
        if self.used > self.cap:
            raise MemoryCap


def memory_mb() -> float:
    """Resident megabytes of this process."""
    try:
        with open("/proc/self/statm") as file:
            return int(file.read().split()[1]) * resource.getpagesize() / 1e6
    except OSError:  # without procfs (macOS), the peak is the best available figure
        return peak_memory_mb()


def peak_memory_mb() -> float:
    """Largest resident size so far."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak / 1e3
