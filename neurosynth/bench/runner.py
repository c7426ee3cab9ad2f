"""A run: its jobs, which of them are done, and its progress."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from neurosynth.bench.jobs import Executor, Job, Solver
from neurosynth.bench.rows import Key, Row, RowFile
from neurosynth.bench.setting import noise_note
from neurosynth.bench.suites import SAMPLED, Suite, find_suite, held_out, sampled, spread, with_tests
from neurosynth.errors import InputError
from neurosynth.language.load import load_language
from neurosynth.plugins import available
from neurosynth.search.base import Limits
from neurosynth.tasks.files import few
from neurosynth.tasks.guess import guess_language

__all__ = ["Plan", "RunProgress", "SuiteProgress", "make_plan", "run"]


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The jobs of a run."""

    jobs: tuple[Job, ...]
    left_out: dict[str, int]
    """Number of tasks of each suite that could not be read."""

    def remaining(self, rows: Sequence[Row], path: Path) -> list[Job]:
        """The jobs without a row.

        Raises:
            InputError: if rows were made under other settings, with the first that differs.
        """
        _check_same(self.jobs, rows, path)
        done = {row.key for row in rows}
        return [job for job in self.jobs if job.key not in done]


def make_plan(
    arguments: Sequence[str],
    solver: Solver,
    limits: Limits,
    *,
    seeds: Sequence[int] = (0,),
    repeats: int = 1,
    cpu_seconds: float | None = None,
    show: int | None = None,
    samples: int | None = None,
    limit: int | None = None,
    tests: str | None = None,
    note: Callable[[str], None] = lambda message: None,
) -> Plan:
    """The jobs of suites, in the order in which they run: suite by suite, all tasks of one seed and repeat before the next.

    Args:
        arguments: suites, as :func:`~neurosynth.bench.suites.find_suite` takes them.
        solver: the solver of the tasks.
        limits: for each task.
        seeds: each task is solved with each seed.
        repeats: number of runs with each seed.
        cpu_seconds: limit on each task's processor time; None for none.
        show: maximum number of examples that the solver sees; the others are held out.
        samples: replace each task by so many random samples of its examples, of which ``show`` are shown.
        limit: tasks of each suite, evenly spread; None for all.
        tests: a file with test examples by the names of tasks.
        note: receives messages for the user: tasks left out, tests without a task.

    Raises:
        InputError: for a suite, a file or a number that cannot be used.
    """
    _check_numbers(seeds, cpu_seconds, repeats=repeats, show=show, samples=samples, limit=limit)
    if solver.language is not None and solver.language in available("languages"):
        load_language(solver.language)  # tasks may be over types that it declares, without naming it
    suites = _found(arguments, note)
    if tests is not None:
        suites = _tested(suites, tests, note)
    if samples is not None:
        show = show or SAMPLED
        suites = _sampled(suites, arguments, show, samples)
    jobs = tuple(
        Job(
            suite=suite.name,
            task=task,
            language=solver.language or task.language or guess_language(task),
            solver=solver,
            limits=limits,
            cpu_seconds=cpu_seconds,
            seed=seed,
            repeat=repeat,
            show=show,
        )
        for suite in suites
        for seed in seeds
        for repeat in range(repeats)
        for task in (held_out(t, show) for t in spread(suite.tasks, limit))
    )
    return Plan(jobs=jobs, left_out={suite.name: suite.left_out for suite in suites})


def _check_numbers(seeds: Sequence[int], cpu_seconds: float | None, **counts: int | None) -> None:
    """Refuse impossible numbers."""
    for name, value in counts.items():
        if value is not None and value < 1:
            raise InputError(f"--{name} is {value}; allowed: 1 or more")
    if cpu_seconds is not None and not cpu_seconds > 0:
        raise InputError(f"--cpu-seconds is {cpu_seconds}; allowed: a positive number")
    if len(set(seeds)) < len(seeds):
        raise InputError(
            f"--seed repeats a seed: {', '.join(map(str, seeds))}; use --repeats for several runs of one seed"
        )


def _found(arguments: Sequence[str], note: Callable[[str], None]) -> list[Suite]:
    """The suites, each with a distinct name."""
    suites = [find_suite(argument, lambda error: note(f"left out: {error}")) for argument in arguments]
    names = [suite.name for suite in suites]
    for suite, argument in zip(suites, arguments, strict=True):
        if names.count(suite.name) > 1:
            raise InputError(
                f"suite {argument}: {names.count(suite.name)} suites are called {suite.name!r}; name one: NAME={argument}"
            )
    return suites


def _sampled(suites: Sequence[Suite], arguments: Sequence[str], show: int, samples: int) -> list[Suite]:
    """The suites with random samples of their tasks' examples instead of the tasks."""
    drawn = [replace(suite, tasks=tuple(sampled(suite.tasks, show, samples))) for suite in suites]
    for suite, argument in zip(drawn, arguments, strict=True):
        if not suite.tasks:
            raise InputError(
                f"suite {argument}: no task has {show + 3} examples; --samples needs --show {show} and 3 more to score on"
            )
    return drawn


def _tested(suites: list[Suite], tests: str, note: Callable[[str], None]) -> list[Suite]:
    found, matched = [], 0
    for suite in suites:
        tasks, count = with_tests(suite.tasks, tests)
        found.append(Suite(suite.name, tuple(tasks), suite.left_out))
        matched += count
    if not matched:
        names = few([t.name for suite in suites for t in suite.tasks])
        raise InputError(f"--tests {tests}: none of its names is a task of the suites; tasks: {names}")
    total = sum(len(suite.tasks) for suite in suites)
    if matched < total:
        note(f"--tests {tests}: has test examples for {matched} of {total} tasks")
    return found


def _settings(of: Row | Job) -> dict[str, Any]:
    """The settings that all rows of a file share, by option."""
    solver, settings = (of.solver, of.settings) if isinstance(of, Row) else (of.solver.name, of.solver.settings)
    return {
        "--solver": solver,
        "--guide": settings["guide"],
        "--search": settings["search"],
        "--seconds": of.limits.seconds,
        "--cpu-seconds": of.cpu_seconds,
        "--max-memory": of.limits.max_memory,
        "--max-programs": of.limits.max_programs,
        "--show": of.show,
    }


def _check_same(jobs: Sequence[Job], rows: Sequence[Row], path: Path) -> None:
    wanted = _settings(jobs[0])
    by_key: dict[Key, Job] = {job.key._replace(language=""): job for job in jobs}
    for number, row in enumerate(rows, 1):
        for option, had in _settings(row).items():
            if had != wanted[option]:
                raise _differs(path, number, option, had, wanted[option])
        job = by_key.get(row.key._replace(language=""))
        if job is None:
            continue
        if row.language != job.language:
            raise _differs(path, number, "--language", row.language, job.language)
        tests = len(job.task.test_examples)
        if row.examples != len(job.task.examples) or (row.held_out and row.held_out.examples != tests):
            raise InputError(
                f"{path}, row {number}: task {row.task!r} of suite {row.suite!r} had other examples when the run began: the suite or "
                "--tests has changed; give another --out"
            )


def _differs(path: Path, number: int, option: str, had: Any, wants: Any) -> InputError:
    shown = [f"{option} {value}" if value is not None else f"no {option}" for value in (had, wants)]
    return InputError(
        f"{path}, row {number}: was made with {shown[0]}, but this run has {shown[1]}; use the same setting, or give another --out"
    )


@dataclass(slots=True)
class SuiteProgress:
    """The progress and the results of one suite."""

    name: str
    left_out: int = 0
    total: int = 0
    done: int = 0
    solved: int = 0
    failed: int = 0
    """Number of rows that crashed, were killed, or have an error or a wrong answer."""
    tested: int = 0
    """Number of solved tasks with held-out examples."""
    right: int = 0
    """Number of those whose first program is right on all of them."""
    seconds: list[float] = field(default_factory=list)
    """For the solved tasks."""

    def add(self, row: Row) -> None:
        """Count a row."""
        self.done += 1
        self.solved += row.solved
        self.failed += row.failed
        if row.solved:
            self.seconds.append(float(row.stats["seconds"]))
        if row.solved and row.held_out is not None:
            self.tested += 1
            self.right += row.held_out.all_right

    def to_json(self) -> dict[str, Any]:
        """A line of the summary."""
        return {
            "suite": self.name,
            "tasks": self.total,
            "done": self.done,
            "solved": self.solved,
            "failed": self.failed,
            "left_out": self.left_out,
            "held_out": {"tasks": self.tested, "right": self.right} if self.tested else None,
            "median_seconds": round(statistics.median(self.seconds), 4) if self.seconds else None,
            "worst_seconds": round(max(self.seconds), 4) if self.seconds else None,
        }


class RunProgress:
    """The progress of a run."""

    def __init__(self, plan: Plan, rows: Sequence[Row]) -> None:
        self.suites = {name: SuiteProgress(name, left_out) for name, left_out in plan.left_out.items()}
        keys = {job.key for job in plan.jobs}
        for key in keys:
            self.suites[key.suite].total += 1
        for row in rows:
            if row.key in keys:
                self.suites[row.suite].add(row)
        self.before = self.done
        self.added: list[Row] = []
        """The rows of this run, from which the other load of the machine is determined."""
        self.started = time.monotonic()

    @property
    def total(self) -> int:
        """The total number of rows."""
        return sum(s.total for s in self.suites.values())

    @property
    def done(self) -> int:
        """The number of rows so far."""
        return sum(s.done for s in self.suites.values())

    def add(self, row: Row) -> None:
        """Count a row of this run."""
        self.suites[row.suite].add(row)
        self.added.append(row)

    @property
    def noise(self) -> str:
        """A note if the machine had other work during this run; otherwise empty."""
        return noise_note({"": self.added})

    @property
    def seconds(self) -> float:
        """Seconds since this run began."""
        return time.monotonic() - self.started

    @property
    def rate(self) -> float:
        """Rows per second in this run."""
        return (self.done - self.before) / max(self.seconds, 1e-9)

    @property
    def left(self) -> float | None:
        """Remaining seconds at this rate; None before the first row."""
        return (self.total - self.done) / self.rate if self.done > self.before else None


def run(plan: Plan, executor: Executor, file: RowFile) -> Generator[tuple[RunProgress, Row | None], None, None]:
    """Run the jobs without a row in the file; each row is in the file before it is yielded.

    Yields the progress with the row that just ended, or with None now and then in between; the first one before anything begins.
    Closing the iterator ends running jobs; the next run makes their rows.

    Raises:
        InputError: if the file's rows were made under other settings, or for an unknown name.
    """
    jobs = plan.remaining(file.rows, file.path)
    progress = RunProgress(plan, file.rows)
    yield progress, None
    with closing(executor.run(jobs)) as rows:
        for row in rows:
            if row is not None:
                file.append(row)
                progress.add(row)
            yield progress, row
