"""The display of ``bench run`` during a run and at its end. A display that cannot be written never ends a run."""

from __future__ import annotations

import io
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from neurosynth.errors import InputError

if TYPE_CHECKING:
    from rich.table import Table

    from neurosynth.bench.cells import TextTable
    from neurosynth.bench.rows import Row
    from neurosynth.bench.runner import RunProgress

__all__ = ["clock", "display", "failure", "note", "open_outputs", "pace", "printed", "shown_table"]

Show = Callable[["RunProgress", "Row | None"], None]
_PLAIN = 10.0
"""Seconds between lines if there is no terminal."""


def open_outputs() -> None:
    """Replace closed outputs by the null device; otherwise the first opened file would get their number."""
    for descriptor in (0, 1, 2):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest free number: this one
    sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115  open as long as the process
    sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115


def note(message: str) -> None:
    """Write a line on stderr, if somebody reads it."""
    try:
        print(f"neurosynth: {message}", file=sys.stderr, flush=True)
    except OSError:  # closed or full: nobody can be told
        return


def printed(text: str, instead: str) -> None:
    """Print on stdout.

    Raises:
        InputError: if it cannot be written; ``instead`` says where the information can be found.
    """
    try:
        print(text, flush=True)
    except OSError as error:
        # The rest would fail again at the end of the process.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise InputError(f"standard output cannot be written: {error.strerror or error}; {instead}") from None


def shown_table(table: TextTable) -> str:
    """A table for a terminal."""
    from rich.console import Console
    from rich.table import Table

    shown = Table(box=None, pad_edge=False)
    for column in table.columns:
        shown.add_column(column.title, justify="right" if column.number else "left")
    for row in table.rows:
        shown.add_row(*row)
    lines = io.StringIO()
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else 10_000
    Console(file=lines, width=width, highlight=False, markup=False).print(shown)
    return lines.getvalue().rstrip("\n")


@contextmanager
def display() -> Iterator[Show]:
    """A function that shows the progress of a run: a table on a terminal, otherwise a line now and then; failures always."""
    if not sys.stderr.isatty():
        yield _plain()
        return
    from rich.console import Console
    from rich.live import Live

    console = Console(stderr=True)
    # This thread draws when something happened or time passed: another thread would have to be ended, too.
    with Live(console=console, auto_refresh=False, transient=True) as live:
        drawn = 0.0

        def show(progress: RunProgress, row: Row | None) -> None:
            nonlocal drawn
            if row is not None and row.failed:
                console.print(failure(row), style="red", markup=False, highlight=False)
            if progress.seconds - drawn >= 0.1 or not drawn:
                drawn = progress.seconds
                live.update(_table(progress), refresh=True)

        yield show


def _plain() -> Show:
    said: float | None = None

    def show(progress: RunProgress, row: Row | None) -> None:
        nonlocal said
        if row is not None and row.failed:
            print(failure(row), file=sys.stderr)
        if said is None or progress.seconds - said >= _PLAIN or progress.done == progress.total:
            said = progress.seconds
            solved = sum(s.solved for s in progress.suites.values())
            failed = sum(s.failed for s in progress.suites.values())
            parts = [f"{progress.done:,} of {progress.total:,} tasks", f"{solved:,} solved", f"{failed:,} failed"]
            print(" · ".join([*parts, *pace(progress)]), file=sys.stderr, flush=True)

    def quiet(progress: RunProgress, row: Row | None) -> None:
        try:
            show(progress, row)
        except OSError:  # closed or full: the rows count, not the messages
            return

    return quiet


def failure(row: Row) -> str:
    """``strings/first crashed: segmentation fault (signal 11)``."""
    return f"{row.suite}/{row.task} {row.stop}: {row.reason}"


def pace(progress: RunProgress) -> list[str]:
    """``3.2 tasks/s``, ``0:07 left``."""
    if progress.left is None or progress.done == progress.total:
        return []
    return [f"{progress.rate:.1f} tasks/s", f"{clock(progress.left)} left"]


def clock(seconds: float) -> str:
    """``0:07``, ``12:30``, ``3:05:00``."""
    whole = round(seconds)
    hours, rest = divmod(whole, 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"


def _table(progress: RunProgress) -> Table:
    from rich.table import Table

    table = Table("suite", box=None, pad_edge=False, caption=" · ".join(pace(progress)), caption_justify="left")
    for name in ("done", "of", "solved", "failed"):
        table.add_column(name, justify="right")
    for suite in progress.suites.values():
        table.add_row(suite.name, *(f"{n:,}" for n in (suite.done, suite.total, suite.solved, suite.failed)))
    return table
