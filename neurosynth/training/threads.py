"""How many threads torch's matrix products use in training on a CPU.

Several threads help on a machine with free cores, and stall on a busy one: they wait for each other after every operation, and a step of a
small LSTM that takes 1.4 s on one thread took 38 to 83 s on two threads of two cores with a load of 11. The number is therefore measured
during training, only on cores that nobody else uses, and it falls to one as soon as steps are slower than on one thread.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

__all__ = ["MEASURED", "ThreadChoice", "free_cores"]

MEASURED = 0
"""In place of a number of threads: measure it."""
TRIAL = 4
"""Number of steps of a trial, and of the steps before it with which it is compared."""
WAIT = 16
"""Number of steps before the first trial, and between one that failed and the next; doubled after each that failed."""
GAIN = 1.1
"""Twice as many threads must be faster by this factor."""
STALLED = 0.5
"""A trial ends at once after a step with less than this share of the rate before it."""
SLOWER = 3
"""Number of successive steps that are slower than on one thread, after which training returns to one."""


class ThreadChoice:
    """Sets the number of threads between steps, from the time that steps take."""

    def __init__(
        self,
        wanted: int,
        *,
        most: int,
        set_threads: Callable[[int], None],
        free: Callable[[], int] | None = None,
    ) -> None:
        """
        Args:
            wanted: the number of threads; ``MEASURED`` to measure it.
            most: the maximum that is measured.
            set_threads: sets the number, such as ``torch.set_num_threads``.
            free: the number of cores that this process can use without taking them from others.
        """
        self._most, self._set, self._free = most, set_threads, free or free_cores
        self._measures = wanted == MEASURED and most > 1
        self.count = 1 if wanted == MEASURED else wanted
        """The number of threads of the next step."""
        self._best = self.count
        """The number of threads outside a trial."""
        self._single = 0.0
        """Tokens a second on one thread."""
        self._recent: deque[tuple[int, float]] = deque(maxlen=TRIAL)
        """Tokens and seconds of the last steps with the present number of threads."""
        self._slower = 0
        self._wait = self._left = WAIT
        set_threads(self.count)

    def note(self, tokens: int, seconds: float) -> None:
        """Learn from a step of so many tokens and seconds."""
        if not self._measures:
            return
        if self.count != self._best:
            self._judge(tokens, seconds)
            return
        self._recent.append((tokens, seconds))
        if self._best == 1:
            self._single = self._rate
        self._slower = self._slower + 1 if self._best > 1 and tokens < self._single * seconds else 0
        self._left -= 1
        if self._slower >= SLOWER:
            self._best = 1
            self._use(1)
            self._postpone()
        elif self._left <= 0 and len(self._recent) == TRIAL:
            self._try(2 * self._best)

    def _try(self, count: int) -> None:
        """Begin a trial, if there are so many free cores."""
        if count > self._most or count > self._free():
            self._left = WAIT
            return
        self._before = self._rate
        self._use(count)

    def _judge(self, tokens: int, seconds: float) -> None:
        """One step of a trial."""
        self._recent.append((tokens, seconds))
        if tokens < STALLED * self._before * seconds:
            self._use(self._best)
            self._postpone()
        elif len(self._recent) == TRIAL:
            if self._rate >= GAIN * self._before:
                self._best, self._left = self.count, 0
                self._try(2 * self._best)
            else:
                self._use(self._best)
                self._postpone()

    def _postpone(self) -> None:
        self._wait *= 2
        self._left = self._wait

    def _use(self, count: int) -> None:
        self.count = count
        self._recent.clear()
        self._slower = 0
        self._set(count)

    @property
    def _rate(self) -> float:
        """Tokens a second of the last steps."""
        return sum(tokens for tokens, _ in self._recent) / max(sum(seconds for _, seconds in self._recent), 1e-9)


def free_cores() -> int:
    """The cores that this process may run on, less those that other processes use now or used in the last minute; at least 1."""
    own = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    busy = 1.0
    with suppress(OSError, AttributeError):
        busy = os.getloadavg()[0]
    with suppress(OSError, ValueError, IndexError):  # Linux: "0.20 0.18 0.12 1/80 11206", where 1 can run now
        busy = max(busy, float(Path("/proc/loadavg").read_text().split()[3].split("/")[0]))
    return max(1, own - max(0, round(busy - 1)))
