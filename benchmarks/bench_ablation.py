"""What each strategy of the portfolio brings: suites solved with all of them, and with each switched off in turn.

    python benchmarks/bench_ablation.py --limit 12 --out ablation.jsonl --table benchmarks/ablation.md [SUITE …]

Rows are those of ``neurosynth bench run``, appended as tasks end: the same command continues where a run was cut off.  Tasks are an
even sample of each suite, the same for all configurations.  Time is counted (:mod:`neurosynth.work_clock`), so that a machine that
others use gives the same figures.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # benchmarks is a folder of scripts, never installed

from benchmarks.run_suites import SHOWN, load_suite, with_siblings  # noqa: E402  # found by the line above
from neurosynth.bench.jobs import Job  # noqa: E402
from neurosynth.bench.local import LocalExecutor  # noqa: E402
from neurosynth.bench.report import Report  # noqa: E402
from neurosynth.bench.rows import Row, RowFile  # noqa: E402
from neurosynth.bench.solvers import Neurosynth  # noqa: E402
from neurosynth.bench.suites import held_out, spread  # noqa: E402
from neurosynth.plugins import load  # noqa: E402
from neurosynth.search.base import Limits  # noqa: E402
from neurosynth.tasks.guess import guess_language  # noqa: E402
from neurosynth.tasks.task import Task  # noqa: E402

SUITES = (
    "sygus-strings", "sygus-bitvectors", "hackers-delight", "circuits", "bustle-strings", "playgol-strings",
    "progsynth-strings", "prose-text", "dreamcoder-lists", "lambdabeam-lists", "deepcoder-neo",
)  # fmt: skip
ON_THE_WALL = 100
"""Seconds on the wall that a task may take for each counted one."""


def switches() -> tuple[str, ...]:
    """The settings of the portfolio that can be switched off."""
    config = load("searches", "auto")()
    found = [f.name for f in fields(config) if f.init and getattr(config, f.name) is True]
    return (*found, *(["alternatives"] if hasattr(config, "alternatives") else []))


@dataclass(frozen=True, kw_only=True)
class Settings:
    """One run."""

    tasks: Path
    """The folder of suites."""
    out: Path
    """The file of rows."""
    suites: tuple[str, ...] = SUITES
    without: tuple[str, ...] = ()
    """Settings switched off, one at a time."""
    seconds: float = 10.0
    """Counted seconds for each task and configuration."""
    max_memory: float = 4.0
    limit: int | None = None
    """Tasks of each suite, evenly spread; all by default."""
    jobs: int = 1


def jobs(settings: Settings) -> Iterator[Job]:
    """Every task by every configuration."""
    limits = Limits(seconds=settings.seconds * ON_THE_WALL, max_memory=settings.max_memory)
    for suite in settings.suites:
        show = SHOWN.get(suite)
        for task in spread(
            with_siblings(list(load_suite(settings.tasks, suite)), suite, settings.tasks), settings.limit
        ):
            for off in ("", *settings.without):
                changes = ((off, "0" if off == "alternatives" else "false"),) if off else ()
                solver = Neurosynth(guide="uniform", changes=changes, counted=settings.seconds)
                yield _job(suite, held_out(task, show), solver, limits, show)


def _job(suite: str, task: Task, solver: Neurosynth, limits: Limits, show: int | None) -> Job:
    language = task.language or guess_language(task)
    return Job(suite=suite, task=task, language=language, solver=solver, limits=limits, show=show)


def measure(settings: Settings) -> Iterator[Row]:
    """The rows that a run adds to those of an earlier one.

    Raises:
        InputError: when the file's rows were made under another limit.
    """
    with RowFile(settings.out, resume=True, on_torn=print) as file:
        done = {(row.key, row.limits) for row in file.rows}
        todo = [job for job in jobs(settings) if (job.key, job.limits) not in done]
        for row in LocalExecutor(jobs=settings.jobs, grace=10.0).run(todo):
            if row is not None:
                file.append(row)
                yield row


def page(settings: Settings) -> str:
    """The committed page: a line a suite, and each configuration against the whole."""
    where = [f"limits.seconds={settings.seconds * ON_THE_WALL:g}"]
    report = Report.from_files([settings.out], where=where, by=[])
    whole = next(c for c in report.groups if "=" not in c.label)
    report = Report.from_files([settings.out], where=where, baseline=whole.label)
    limit = "" if settings.limit is None else f" --limit {settings.limit}"
    return (
        "# Each strategy switched off\n\n"
        f"Made by `python benchmarks/bench_ablation.py --seconds {settings.seconds:g}{limit}`.\n\n"
        f"{report.section('setting')}\n{report.section('summary')}\n{report.section('pairs')}"
    )


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("suites", nargs="*", default=list(SUITES))
    parser.add_argument("--tasks", type=Path, default=ROOT.parent / "shared" / "tasks")
    parser.add_argument("--out", type=Path, required=True, help="rows; what is there already is not made again")
    parser.add_argument("--table", type=Path, help="the page to write")
    parser.add_argument("--without", nargs="*", default=list(switches()), help="settings to switch off, one at a time")
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--max-memory", type=float, default=4.0)
    parser.add_argument("--limit", type=int, help="tasks of each suite")
    parser.add_argument("--jobs", type=int, default=1)
    given: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in vars(parser.parse_args()).items()}
    table = given.pop("table")
    settings = Settings(**given)
    for row in measure(settings):
        tested = f"{row.held_out.right}/{row.held_out.examples}" if row.held_out else ""
        found = row.programs[0]["text"] if row.programs else row.reason
        print(
            f"{row.suite:18} {row.settings['search']:26} {row.task[:30]:30} {row.stop:9} {tested:6} {found[:60]}",
            flush=True,
        )
    print(page(settings))
    if table:
        table.write_text(page(settings), "utf-8")


if __name__ == "__main__":
    main()
