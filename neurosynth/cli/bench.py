"""``neurosynth bench``: run suites under fixed limits, and report on the rows."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from neurosynth.cli.bench_report import report
from neurosynth.errors import InputError

if TYPE_CHECKING:
    from rich.table import Table

    from neurosynth.bench.jobs import Executor
    from neurosynth.bench.rows import Row, RowFile
    from neurosynth.bench.runner import RunProgress

__all__ = ["bench"]

bench = typer.Typer(help="Run suites of tasks under fixed limits, and report on what came of it.", no_args_is_help=True)
bench.command("report")(report)


@bench.command("run")
def run(
    suites: Annotated[
        list[str],
        typer.Argument(
            metavar="SUITE…",
            help="Names of plugins, task files (.sl, .json, .jsonl), or folders of .sl files.",
            show_default=False,
        ),
    ],
    out: Annotated[
        str, typer.Option("--out", metavar="FILE", help="The .jsonl file rows are appended to.", show_default=False)
    ],
    language: Annotated[
        str | None, typer.Option("--language", help="Name of a language; by default each task's own, or by its types.")
    ] = None,
    guide: Annotated[
        str | None, typer.Option("--guide", help="As for solve: auto, uniform, a guide's name, or its FILE.")
    ] = None,
    search: Annotated[str | None, typer.Option("--search", help="How programs are searched for, as for solve.")] = None,
    solver: Annotated[
        str,
        typer.Option(
            "--solver",
            metavar="SOLVER",
            help="neurosynth, cvc5, or NAME=COMMAND, a command with {task.sl} or {task.json} that prints a program.",
        ),
    ] = "neurosynth",
    changes: Annotated[
        list[str] | None,
        typer.Option(
            "--set", metavar="search.NAME=VALUE", help="Change a setting of the search; several times for several."
        ),
    ] = None,
    seconds: Annotated[float, typer.Option("--seconds", help="Wall-clock limit of each task.")] = 10.0,
    cpu_seconds: Annotated[
        float | None, typer.Option("--cpu-seconds", metavar="N", help="Limit on the processor time of each task.")
    ] = None,
    max_memory: Annotated[
        float, typer.Option("--max-memory", metavar="GB", help="Memory limit of each task's process.")
    ] = 4.0,
    max_programs: Annotated[
        int | None, typer.Option("--max-programs", metavar="N", help="Limit on the candidates of each task.")
    ] = None,
    grace: Annotated[
        float, typer.Option("--grace", metavar="SECONDS", help="Beyond its limit, after which a task is killed.")
    ] = 10.0,
    seed: Annotated[
        list[str] | None,
        typer.Option("--seed", help="Several with commas, or several times: each task runs with each."),
    ] = None,
    repeats: Annotated[int, typer.Option("--repeats", metavar="N", help="Runs of each task with each seed.")] = 1,
    shown: Annotated[
        int | None, typer.Option("--show", metavar="K", help="Show the first K examples, and score on the others.")
    ] = None,
    samples: Annotated[
        int | None,
        typer.Option(
            "--samples", metavar="N", help="Instead of each task N random samples of K examples, scored on the others."
        ),
    ] = None,
    tests: Annotated[
        str | None,
        typer.Option("--tests", metavar="FILE", help="A .jsonl file with test examples by the names of tasks."),
    ] = None,
    limit: Annotated[
        int | None, typer.Option("--limit", metavar="N", help="N tasks of each suite, evenly spread.")
    ] = None,
    jobs: Annotated[
        int | None,
        typer.Option("--jobs", metavar="N", help="Tasks at a time; by default 1, on a cluster one each processor."),
    ] = None,
    cluster: Annotated[
        str | None, typer.Option("--cluster", metavar="ray", help="Run tasks on a Ray cluster (extra cluster).")
    ] = None,
    cluster_address: Annotated[
        str | None,
        typer.Option(
            "--cluster-address",
            metavar="HOST:PORT",
            help="Of the cluster; by default what RAY_ADDRESS says, else one of this machine alone.",
        ),
    ] = None,
    logs: Annotated[
        str | None, typer.Option("--logs", metavar="DIR", help="A folder for what each task writes, a file each.")
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the rows that FILE has.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as one JSON object.")] = False,
) -> None:
    """Solve every task of the suites, each in a process of its own, and append a row for each to FILE as it ends.

    A run that was stopped, in whatever way, goes on with --resume.
    Exit status: 0 all tasks have a row, 2 bad input, 130 interrupted (the rows so far are kept).
    """
    from neurosynth.bench.rows import RowFile
    from neurosynth.bench.runner import make_plan
    from neurosynth.bench.runner import run as run_plan
    from neurosynth.bench.solvers import solver_named
    from neurosynth.search.base import Limits

    executor = _executor(cluster, cluster_address, jobs, grace, logs)
    plan = make_plan(
        suites,
        solver_named(solver, language=language, guide=guide, search=search, changes=changes or ()),
        Limits(seconds=seconds, max_memory=max_memory, max_programs=max_programs),
        seeds=_seeds(seed or ["0"]),
        repeats=repeats,
        cpu_seconds=cpu_seconds,
        show=shown,
        samples=samples,
        limit=limit,
        tests=tests,
        note=_note,
    )
    with RowFile(
        out, resume=resume, on_torn=lambda message: _note(f"{message}; left out, its task runs again")
    ) as file:
        _note_other_commits(file)
        running = run_plan(plan, executor, file)
        try:
            with _display() as show:
                for progress, row in running:
                    show(progress, row)
        except KeyboardInterrupt:
            running.close()
            _note(
                f"interrupted; {len(file.rows) + file.added} rows are in {out}, and the same command with --resume goes on"
            )
            raise typer.Exit(130) from None
        finally:
            running.close()
    if as_json:
        suites_done = [s.to_json() for s in progress.suites.values()]
        print(
            json.dumps({"out": out, "seconds": round(progress.seconds, 2), "suites": suites_done}, ensure_ascii=False)
        )
    else:
        _summary(progress, out)


def _executor(cluster: str | None, address: str | None, jobs: int | None, grace: float, logs: str | None) -> Executor:
    """Where the options say that tasks are run."""
    from neurosynth.bench.local import LocalExecutor
    from neurosynth.cluster import check_cluster

    check_cluster(cluster, address)
    if cluster is None:
        return LocalExecutor(jobs=1 if jobs is None else jobs, grace=grace, logs=None if logs is None else Path(logs))
    if logs is not None:
        raise InputError("--logs: only for tasks on this machine; leave it out, or leave out --cluster")
    from neurosynth.bench.ray_executor import RayExecutor

    return RayExecutor(address=address, jobs=jobs, grace=grace)


def _note(message: str) -> None:
    print(f"neurosynth: {message}", file=sys.stderr)


def _note_other_commits(file: RowFile) -> None:
    """Rows of one file should be of one state of the code."""
    from neurosynth.bench.facts import commit

    others = {row.commit or "no commit" for row in file.rows} - {here := commit() or "no commit"}
    if others:
        _note(f"{file.path} has rows of {', '.join(sorted(others))}; those to come are of {here}")


def _seeds(given: list[str]) -> list[int]:
    try:
        return [int(part) for text in given for part in text.split(",")]
    except ValueError:
        shown = ", ".join(given)
        raise typer.BadParameter(f"{shown!r}; allowed: integers, such as 0,1,2", param_hint="--seed") from None


Show = Callable[["RunProgress", "Row | None"], None]
_PLAIN = 10.0
"""Seconds between lines where there is no terminal."""


@contextmanager
def _display() -> Iterator[Show]:
    """A function that shows how far the run is: a table on a terminal, else a line now and then; failures always."""
    from rich.console import Console
    from rich.live import Live

    if not sys.stderr.isatty():
        yield _plain()
        return
    console = Console(stderr=True)
    # Drawn by this thread when something happened or time passed: another thread would be one more thing to end.
    with Live(console=console, auto_refresh=False, transient=True) as live:
        drawn = 0.0

        def show(progress: RunProgress, row: Row | None) -> None:
            nonlocal drawn
            if row is not None and row.failed:
                console.print(_failure(row), style="red", markup=False, highlight=False)
            if progress.seconds - drawn >= 0.1 or not drawn:
                drawn = progress.seconds
                live.update(_table(progress), refresh=True)

        yield show


def _plain() -> Show:
    said: float | None = None

    def show(progress: RunProgress, row: Row | None) -> None:
        nonlocal said
        if row is not None and row.failed:
            print(_failure(row), file=sys.stderr)
        if said is None or progress.seconds - said >= _PLAIN or progress.done == progress.total:
            said = progress.seconds
            solved = sum(s.solved for s in progress.suites.values())
            failed = sum(s.failed for s in progress.suites.values())
            parts = [f"{progress.done:,} of {progress.total:,} tasks", f"{solved:,} solved", f"{failed:,} failed"]
            print(" · ".join([*parts, *_pace(progress)]), file=sys.stderr, flush=True)

    return show


def _failure(row: Row) -> str:
    """``strings/first crashed: segmentation fault (signal 11)``."""
    return f"{row.suite}/{row.task} {row.stop}: {row.reason}"


def _pace(progress: RunProgress) -> list[str]:
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

    table = Table("suite", box=None, pad_edge=False, caption=" · ".join(_pace(progress)), caption_justify="left")
    for name in ("done", "of", "solved", "failed"):
        table.add_column(name, justify="right")
    for suite in progress.suites.values():
        table.add_row(suite.name, *(f"{n:,}" for n in (suite.done, suite.total, suite.solved, suite.failed)))
    return table


def _summary(progress: RunProgress, out: str) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("suite", box=None, pad_edge=False)
    for name in ("tasks", "solved", "right on held-out", "median s", "worst s", "failed", "left out"):
        table.add_column(name, justify="right")
    for suite in progress.suites.values():
        line = suite.to_json()
        held = f"{suite.right:,} of {suite.tested:,}" if suite.tested else ""
        times = [f"{line[n]:.2f}" if line[n] is not None else "" for n in ("median_seconds", "worst_seconds")]
        counts = [f"{n:,}" if n else "" for n in (suite.failed, suite.left_out)]
        table.add_row(suite.name, f"{suite.total:,}", f"{suite.solved:,}", held, *times, *counts)
    console = Console(width=None if sys.stdout.isatty() else 10_000, highlight=False)
    console.print(table)
    console.print(f"{out}: {progress.done:,} rows, in {clock(progress.seconds)}", soft_wrap=True)
