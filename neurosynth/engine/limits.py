"""What a search may still use, read where candidates are made: memory and programs."""

from __future__ import annotations

import math
import resource
import sys

__all__ = ["Memory", "MemoryCap", "Quota", "memory_mb", "peak_memory_mb"]


class MemoryCap(Exception):
    """The cap would be exceeded."""


class Quota:
    """How many candidates may still be tried: no tile has more, so that compiled code and objects stop at the same candidate."""

    def __init__(self, programs: int | None = None) -> None:
        self.left = sys.maxsize if programs is None else max(1, programs)

    def take(self, count: int) -> None:
        """Candidates were tried; one more may always follow, since searches stop after the last."""
        self.left = max(1, self.left - count)


class Memory:
    """Watches the process against a cap in gigabytes, read from the operating system and accounted for in between."""

    def __init__(self, gigabytes: float = math.inf) -> None:
        self.cap = gigabytes * 1e9
        self.pending = 0
        self.used = int(memory_mb() * 1e6)

    def take(self, count: int) -> None:
        """Account for bytes about to be taken.

        Raises:
            MemoryCap: when they would exceed the cap.
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
            MemoryCap: when it exceeds the cap.
        """
        self.used, self.pending = int(memory_mb() * 1e6), 0
        if self.used > self.cap:
            raise MemoryCap


def memory_mb() -> float:
    """Resident megabytes of this process."""
    try:
        with open("/proc/self/statm") as file:
            return int(file.read().split()[1]) * resource.getpagesize() / 1e6
    except OSError:  # no procfs (macOS): the peak is the best there is
        return peak_memory_mb()


def peak_memory_mb() -> float:
    """Largest resident size so far."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak / 1e3
