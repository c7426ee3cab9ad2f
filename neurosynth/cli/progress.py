"""The live line on stderr while a search works; nothing when stderr is no terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from neurosynth.search.base import Limits, Progress

__all__ = ["line", "live"]

_SHOWN = 60


@contextmanager
def live(limits: Limits) -> Iterator[Callable[[Progress], None] | None]:
    """A function that shows a snapshot in place of the last one, or None where nobody would see it."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.live import Live
    from rich.text import Text

    with Live(Text("starting"), console=Console(stderr=True), transient=True, refresh_per_second=10) as shown:
        yield lambda progress: shown.update(Text(line(progress, limits), no_wrap=True, overflow="ellipsis"))


def line(p: Progress, limits: Limits) -> str:
    """``3.1 s of 10 · 61.2 M programs (19.7 M/s) · cost 9 · best 67 % of examples: (sum x0) · 0.8 of 4 GB``."""
    rate = p.programs_tried / p.seconds if p.seconds > 0 else 0.0
    best = f"best {p.best_share:.0%} of examples"
    if p.best is not None:
        text = str(p.best)
        best += f": {text if len(text) <= _SHOWN else text[: _SHOWN - 1] + '…'}"
    parts = [
        f"{p.seconds:.1f} s of {limits.seconds:g}",
        f"{amount(p.programs_tried)} programs ({amount(rate)}/s)",
        f"cost {p.cost}",
        f"{p.memory_mb / 1024:.1f} of {limits.max_memory:g} GB",
        best,
    ]
    return " · ".join([p.phase, *parts] if p.phase else parts)


def amount(count: float) -> str:
    """A count for reading: ``950``, ``12.3 k``, ``61.2 M``."""
    for size, letter in ((1e9, "G"), (1e6, "M"), (1e4, "k")):
        if count >= size:
            return f"{count / (1e3 if letter == 'k' else size):.1f} {letter}"
    return f"{count:,.0f}"
