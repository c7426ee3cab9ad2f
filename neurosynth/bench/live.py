"""A page that shows a run in progress: it reloads every few seconds (extra ``bench``)."""

from __future__ import annotations

import time
from collections import deque
from contextlib import suppress
from pathlib import Path

from neurosynth.bench.page import filled
from neurosynth.bench.rows import Row
from neurosynth.bench.runner import RunProgress
from neurosynth.errors import InputError
from neurosynth.writing import write_whole

__all__ = ["LivePage"]

_EVERY = 2.0
"""Minimum number of seconds between two versions of the page."""
_ROWS = 25
"""Number of rows shown, of those that ended last and of those that failed."""


class LivePage:
    """The page of one run.

    Raises:
        InputError: if it cannot be written, or the extra is missing.
    """

    def __init__(self, path: str | Path, progress: RunProgress) -> None:
        self.path, self.progress = Path(path), progress
        self.rows: deque[Row] = deque(maxlen=_ROWS)
        self.failures: deque[Row] = deque(maxlen=_ROWS)
        self.written = 0.0
        self.write()

    def add(self, row: Row | None) -> None:
        """Record a row that ended, or that time passed; the page is written now and then."""
        if row is not None:
            self.rows.appendleft(row)
            if row.failed:
                self.failures.appendleft(row)
        if time.monotonic() - self.written > _EVERY or self.progress.done == self.progress.total:
            with suppress(InputError):  # a page that can no longer be written never ends a run
                self.write()

    def write(self) -> None:
        """Write the page, completely or not at all."""
        self.written = time.monotonic()
        text = filled(
            "live.html", progress=self.progress, suites=self.progress.suites.values(), rows=self.rows, failures=self.failures,
            every=_EVERY, going_on=self.progress.done < self.progress.total,
        )  # fmt: skip
        write_whole(self.path, text.encode("utf-8", errors="backslashreplace"), "give another --page")
