"""Wake: solve tasks with the current language and guide, in processes that can be killed, here or on a cluster."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from neurosynth.bench.jobs import Executor, Job
from neurosynth.bench.rows import Row, RowFile
from neurosynth.bench.runner import Plan, RunProgress, run
from neurosynth.bench.solved import checked_pair
from neurosynth.bench.solvers import Neurosynth
from neurosynth.errors import NeurosynthError
from neurosynth.language.language import Language
from neurosynth.library.described import Solved
from neurosynth.search.base import Limits
from neurosynth.tasks.checking import share_right
from neurosynth.tasks.task import Task

__all__ = ["Speaker", "Tally", "key_of", "on_the_clock", "solutions_of", "solve_all", "tally"]


def on_the_clock(counted: float) -> float:
    """Wall-clock seconds after which work of so many counted seconds is given up: many more, because this only ends tasks that hang."""
    return 600 + 30 * counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """A language and a guide in a form for other processes."""

    language: str
    """Its name."""
    library: Path | None
    """The file of a learned language."""
    guide: str
    """``auto``, ``uniform``, a name, or a file."""
    search: str = "auto"
    top: int = 1
    alone: bool = False
    """Whether a learned language gets all the time: tasks that its base has already tried need no base in reserve."""

    def jobs(
        self, tasks: Sequence[tuple[str, Task]], limits: Limits, seed: int, *, counted: bool = False
    ) -> tuple[Job, ...]:
        """One job for each task, given with its suite; with ``counted``, the limits are in counted seconds."""
        solver = Neurosynth(
            language=self.language,
            guide=self.guide,
            search=self.search,
            library=None if self.library is None else str(self.library),
            alone=self.alone,
            top=self.top,
            counted=limits.seconds if counted else None,
        )
        if counted:
            limits = replace(limits, seconds=on_the_clock(limits.seconds))
        return tuple(
            Job(suite=suite, task=task, language=self.language, solver=solver, limits=limits, seed=seed)
            for suite, task in tasks
        )


def key_of(suite: str, task: Task) -> str:
    """The key of a task, in messages and in the corpus of a compression."""
    return f"{suite}/{task.name}"


def solve_all(
    jobs: Sequence[Job], executor: Executor, path: Path, note: Callable[[str], None]
) -> Generator[tuple[RunProgress, Row | None], None, list[Row]]:
    """Solve jobs, and write a row for each to a file; a file with rows is continued. Returns all rows, in the order of the jobs."""
    plan = Plan(jobs=tuple(jobs), left_out=dict.fromkeys(dict.fromkeys(j.suite for j in jobs), 0))
    with RowFile(path, resume=True, on_torn=lambda message: note(f"{message}; left out, its task runs again")) as file:
        rows = list(file.rows)
        running = run(plan, executor, file)
        try:
            for progress, row in running:
                if row is not None:
                    rows.append(row)
                yield progress, row
        finally:
            running.close()
    by_key = {row.key: row for row in rows}
    return [by_key[job.key] for job in jobs if job.key in by_key]


def solutions_of(
    rows: Sequence[Row], tasks: Mapping[str, Task], language: Language, most: int, note: Callable[[str], None]
) -> list[Solved]:
    """The programs of rows that are right on every example of their tasks and on the held-out ones; at most this many for each task."""
    found: list[Solved] = []
    for row in rows:
        key = f"{row.suite}/{row.task}"
        if not row.solved or key not in tasks:
            continue
        for program in row.programs[:most]:
            try:
                task, parsed = checked_pair(tasks[key], str(program.get("text")), language)
            except NeurosynthError as error:
                note(f"row of {key}: {error}; not learned from")
                continue
            if not task.test_examples or share_right(parsed, task.test_examples) == 1.0:
                found.append(Solved(key, task, parsed))
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """The totals of rows."""

    tasks: int
    solved: int
    median: float | None
    """Median of candidates to the first program of the solved tasks; None if nothing was solved."""
    effort: float
    """Mean binary logarithm of candidates, where an unsolved task counts as twice what was tried."""


def tally(rows: Sequence[Row], cap: float = math.inf) -> Tally:
    """Compute the totals; ``cap`` is the maximum number of candidates of a task."""
    solved = [_candidates(row) for row in rows if row.solved]
    efforts = [_candidates(row) if row.solved else 2 * min(max(_candidates(row), 2.0), cap) for row in rows]
    return Tally(
        tasks=len(rows),
        solved=len(solved),
        median=statistics.median(solved) if solved else None,
        effort=statistics.fmean(map(math.log2, efforts)) if efforts else 0.0,
    )


def _candidates(row: Row) -> float:
    return float(max(row.stats.get("first_solved") or row.stats.get("programs_tried") or 1, 1))
