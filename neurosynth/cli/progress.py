"""The live line on stderr during a search; nothing if stderr is not a terminal.

It shows in words what the search is doing, how many rows are explained so far, and the time. The time continues whatever the search
does: a separate thread draws the line, and long work runs in another process.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from neurosynth.search.base import Doing, Limits, Progress

if TYPE_CHECKING:
    from rich.text import Text

__all__ = ["LiveLine", "amount", "line", "live"]

_SHOWN = 60
STARTING = "starting"


@contextmanager
def live(limits: Limits, *, rows: int = 0, title: str = "", doing: str = STARTING) -> Iterator[LiveLine | None]:
    """A function that shows a snapshot instead of the last one; None if nobody would see it.

    Args:
        limits: of the search.
        rows: the number of examples of the task; 0 if that is not known.
        title: the beginning of the line, a column's name.
        doing: the first step.
    """
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.live import Live

    now = LiveLine(limits, rows, title, doing)
    with Live(now, console=Console(stderr=True), transient=True, refresh_per_second=10):
        yield now


class LiveLine:
    """The line that is drawn ten times a second: the last snapshot, and the time since the search began."""

    def __init__(self, limits: Limits, rows: int = 0, title: str = "", doing: str = STARTING) -> None:
        self.limits, self.rows, self.title = limits, rows, title
        self._last = Progress(0.0, 0, 0, 0, 0.0, 0.0, None, doing)
        self._began = time.monotonic()

    def begin(self, title: str, rows: int) -> None:
        """Another search begins."""
        self.title, self.rows, self._began = title, rows, time.monotonic()
        self(Progress(0.0, 0, 0, 0, 0.0, 0.0, None, Doing.READING.value))

    def say(self, doing: Doing) -> None:
        """Another step begins, with what is known by now."""
        self(replace(self._last, phase=doing.value))

    def __call__(self, progress: Progress) -> None:
        """Show a new snapshot."""
        self._last = progress

    def __rich__(self) -> Text:
        from rich.text import Text

        now = replace(self._last, seconds=time.monotonic() - self._began)
        said = line(now, self.limits, rows=self.rows)
        return Text(f"{self.title}: {said}" if self.title else said, no_wrap=True, overflow="ellipsis")


def line(p: Progress, limits: Limits, *, rows: int = 0) -> str:
    """``trying small programs · 2 of 3 rows explained: (sum x0) · 3.1 s of 10 · 61.2 M programs (19.7 M/s) · cost 9 · 0.8 of 4 GB``."""
    parts = [p.phase] if p.phase else []
    share = f"{round(p.best_share * rows)} of {rows}" if rows else f"{p.best_share:.0%} of"
    best = f"{share} rows explained" if rows or p.best_share else ""
    if p.best is not None:
        text = str(p.best)
        best += f": {text if len(text) <= _SHOWN else text[: _SHOWN - 1] + '…'}"
    busy = " (the machine is busy)" if limits.seconds < p.seconds < limits.longest else ""
    parts += [*filter(None, [best]), f"{p.seconds:.1f} s of {limits.longest if busy else limits.seconds:g}{busy}"]
    if p.programs_tried:
        rate = p.programs_tried / p.seconds if p.seconds > 0 else 0.0
        parts.append(f"{amount(p.programs_tried)} programs ({amount(rate)}/s)")
    if p.cost:
        parts += [f"cost {p.cost}", f"{p.memory_mb / 1024:.1f} of {limits.max_memory:g} GB"]
    return " · ".join(parts)


def amount(count: float) -> str:
    """A number in readable form: ``950``, ``12.3 k``, ``61.2 M``."""
    for size, letter in ((1e9, "G"), (1e6, "M"), (1e4, "k")):
        if count >= size:
            return f"{count / (1e3 if letter == 'k' else size):.1f} {letter}"
    return f"{count:,.0f}"
