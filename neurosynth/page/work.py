"""What the running search is doing, in words."""

from __future__ import annotations

import time

from neurosynth.frames.filled import column_title
from neurosynth.page.sheet import Sheet
from neurosynth.search.base import Doing, Progress

__all__ = ["WorkInWords"]


class WorkInWords:
    """What the running search is doing, in words; written from its thread, and read by the page."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.last: tuple[str, Progress] | None = None
        self.began = time.monotonic()

    def __call__(self, column: str, progress: Progress) -> None:
        self.last = column, progress

    def text(self) -> str:
        """Column, step, rows explained, seconds."""
        seconds = f"{time.monotonic() - self.began:.1f} s"
        if self.last is None:
            return f"{Doing.READING.value} · {seconds}"
        column, progress = self.last
        given = len(self.sheet.typed.get(column, ()))
        explained = f"{round(progress.best_share * given)} of {given} cells explained"
        return f"{column_title(column)}: {' · '.join(filter(None, [progress.phase, explained, seconds]))}"
