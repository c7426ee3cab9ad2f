"""``neurosynth bench``: run suites under fixed limits, and report on the rows."""

from __future__ import annotations

import json
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from neurosynth.cli.bench_display import clock, display, note, open_outputs, printed, shown_table
from neurosynth.cli.bench_report import compare, history, report
from neurosynth.cli.options import LearnedLanguage, MostPrograms, TaskMemory, takes
from neurosynth.errors import InputError

if TYPE_CHECKING:
    from neurosynth.bench.jobs import Executor
    from neurosynth.bench.rows import RowFile
    from neurosynth.bench.runner import Plan, RunProgress

__all__ = ["bench", "executor_of", "terminated_as_interrupted"]

bench = typer.Typer(help="Run suites of tasks under fixed limits, and report the results.", no_args_is_help=True)
bench.command("report")(report)
bench.command("compare")(compare)
bench.command("history")(history)


@bench.callback()
def _bench() -> None:
    """Run suites of tasks under fixed limits, and report on the results."""
    open_outputs()


@dataclass(frozen=True, kw_only=True)
class RunOptions:
    """What to run, with which solvers, and within which limits."""

    suites: Annotated[
        list[str],
        typer.Argument(
            metavar="SUITE…",
            help="Names of suites, task files (.sl, .json, .jsonl), or folders of such files.",
            show_default=False,
        ),
    ]
    out: Annotated[
        str, typer.Option("--out", metavar="FILE", help="The .jsonl file to append rows to.", show_default=False)
    ]
    language: Annotated[
        str | None,
        typer.Option("--language", help="Name of a language. Default: each task's own, or one chosen by its types."),
    ] = None
    library: LearnedLanguage = None
    guide: Annotated[
        str | None, typer.Option("--guide", help="As for 'solve': auto, uniform, a guide's name, or a guide's file.")
    ] = None
    search: Annotated[str | None, typer.Option("--search", help="Search algorithm, as for 'solve'.")] = None
    solver: Annotated[
        str,
        typer.Option(
            "--solver",
            metavar="SOLVER",
            help="neurosynth, cvc5, or NAME=COMMAND, where COMMAND contains {task.sl} or {task.json} and prints a program.",
        ),
    ] = "neurosynth"
    changes: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="search.NAME=VALUE", help="Change one setting of the search; repeatable."),
    ] = None
    seconds: Annotated[float, typer.Option("--seconds", help="Wall-clock limit for each task.")] = 10.0
    cpu_seconds: Annotated[
        float | None,
        typer.Option("--cpu-seconds", metavar="N", help="Limit on processor time for each task, in seconds."),
    ] = None
    max_memory: TaskMemory = 4.0
    max_programs: MostPrograms = None
    grace: Annotated[
        float,
        typer.Option("--grace", metavar="SECONDS", help="Kill a task that still runs this long after its time limit."),
    ] = 10.0
    seed: Annotated[
        list[str] | None,
        typer.Option("--seed", help="Random seeds, separated by commas. Each task runs once with each seed."),
    ] = None
    repeats: Annotated[
        int, typer.Option("--repeats", metavar="N", help="Number of runs of each task with each seed.")
    ] = 1
    shown: Annotated[
        int | None,
        typer.Option(
            "--show", metavar="K", help="Show the solver the first K examples, and score the answer on the others."
        ),
    ] = None
    samples: Annotated[
        int | None,
        typer.Option(
            "--samples",
            metavar="N",
            help="Replace each task by N random samples of K of its examples, scored on the others.",
        ),
    ] = None
    tests: Annotated[
        str | None,
        typer.Option("--tests", metavar="FILE", help="A .jsonl file with test examples for each task, by name."),
    ] = None
    limit: Annotated[
        int | None, typer.Option("--limit", metavar="N", help="Run only N tasks of each suite, evenly spread.")
    ] = None
    jobs: Annotated[
        int | None,
        typer.Option(
            "--jobs",
            metavar="N",
            help="Number of tasks to run at a time. Default: 1, or one per processor on a cluster.",
        ),
    ] = None
    cluster: Annotated[
        str | None,
        typer.Option("--cluster", metavar="ray", help="Run tasks on a Ray cluster (needs the extra 'cluster')."),
    ] = None
    cluster_address: Annotated[
        str | None,
        typer.Option(
            "--cluster-address",
            metavar="HOST:PORT",
            help="Address of the cluster. Default: RAY_ADDRESS, or a new cluster on this machine.",
        ),
    ] = None
    logs: Annotated[
        str | None,
        typer.Option("--logs", metavar="DIR", help="Write the output of each task to a file in this folder."),
    ] = None
    page: Annotated[
        str | None, typer.Option("--page", metavar="FILE", help="Write an HTML page that follows the run.")
    ] = None
    resume: Annotated[bool, typer.Option("--resume", help="Continue the run whose rows FILE holds.")] = False
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as one JSON object.")] = False


@bench.command("run")
@takes(RunOptions)
def run(options: RunOptions) -> None:
    """Solve every task of the suites in a killable process, and append a row to FILE as each task ends.

    Use --resume to continue a run that was stopped for any reason.
    Exit status: 0 if every task has a row, 2 for bad input, 130 or 143 if interrupted (the rows so far are kept).
    """
    from neurosynth.bench.cells import progress_table
    from neurosynth.bench.rows import RowFile

    out = options.out
    executor = executor_of(options.cluster, options.cluster_address, options.jobs, options.grace, options.logs)
    plan = _plan(options)
    with RowFile(
        out, resume=options.resume, on_torn=lambda message: note(f"{message}; left out, its task runs again")
    ) as file:
        _note_other_commits(file)
        progress = _run_plan(plan, executor, file, options.page)
    if progress.noise:
        note(f"note: {progress.noise}")
    if options.as_json:
        suites_done = [s.to_json() for s in progress.suites.values()]
        summary = {"out": out, "seconds": round(progress.seconds, 2), "suites": suites_done}
        text = json.dumps(summary, ensure_ascii=False)
    else:
        text = f"{shown_table(progress_table(progress))}\n{out}: {progress.done:,} rows, in {clock(progress.seconds)}"
    printed(text, f"all rows are in {out}")


def _plan(options: RunOptions) -> Plan:
    """The jobs of a run, from the options."""
    from neurosynth.bench.runner import make_plan
    from neurosynth.bench.solvers import solver_named
    from neurosynth.cli.library import language_option
    from neurosynth.guides.files import read_guide_file
    from neurosynth.guides.trained import GUIDE_SUFFIXES
    from neurosynth.search.base import Limits

    if options.guide is not None and Path(options.guide).suffix in GUIDE_SUFFIXES:
        read_guide_file(options.guide, tensors=False)  # what is wrong with it would be in the row of every task
    language = language_option(options.language, options.library)
    solver = solver_named(
        options.solver,
        language=language,
        guide=options.guide,
        search=options.search,
        changes=options.changes or (),
        library=options.library,
    )
    return make_plan(
        options.suites,
        solver,
        Limits(seconds=options.seconds, max_memory=options.max_memory, max_programs=options.max_programs),
        seeds=_seeds(options.seed or ["0"]),
        repeats=options.repeats,
        cpu_seconds=options.cpu_seconds,
        show=options.shown,
        samples=options.samples,
        limit=options.limit,
        tests=options.tests,
        note=note,
    )


def _run_plan(plan: Plan, executor: Executor, file: RowFile, page: str | None) -> RunProgress:
    """Run the jobs, append their rows, and show the progress; returns how it ended."""
    from neurosynth.bench.live import LivePage
    from neurosynth.bench.runner import run as run_plan

    running = run_plan(plan, executor, file)
    try:
        with terminated_as_interrupted() as status, display() as show:
            live = None
            for progress, row in running:
                show(progress, row)
                if page is not None and live is None:
                    live = LivePage(page, progress)
                elif live is not None:
                    live.add(row)
    except KeyboardInterrupt:
        running.close()
        rows = len(file.rows) + file.added
        note(f"interrupted; {rows} rows are in {file.path}, and the same command with --resume continues the run")
        raise typer.Exit(status[0]) from None
    finally:
        running.close()
    return progress


@contextmanager
def terminated_as_interrupted() -> Iterator[list[int]]:
    """While inside, SIGTERM interrupts like Ctrl-C; yields the exit status to end with."""
    status = [130]

    def end(number: int, frame: object) -> None:
        status[0] = 128 + number
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, end) if threading.current_thread() is threading.main_thread() else None
    try:
        yield status
    finally:
        if before is not None:
            signal.signal(signal.SIGTERM, before)


def executor_of(cluster: str | None, address: str | None, jobs: int | None, grace: float, logs: str | None) -> Executor:
    """The place where tasks run, from the options."""
    from neurosynth.bench.local import LocalExecutor
    from neurosynth.cluster import check_cluster

    check_cluster(cluster, address)
    if cluster is None:
        return LocalExecutor(jobs=1 if jobs is None else jobs, grace=grace, logs=None if logs is None else Path(logs))
    if logs is not None:
        raise InputError("--logs: only for tasks on this machine; leave it out, or leave out --cluster")
    from neurosynth.bench.ray_executor import RayExecutor

    return RayExecutor(address=address, jobs=jobs, grace=grace)


def _note_other_commits(file: RowFile) -> None:
    """Warn if the rows of one file would be of several states of the code."""
    from neurosynth.bench.facts import commit

    others = {row.commit or "no commit" for row in file.rows} - {here := commit() or "no commit"}
    if others:
        note(f"{file.path} has rows of {', '.join(sorted(others))}; the new rows will be of {here}")


def _seeds(given: list[str]) -> list[int]:
    try:
        return [int(part) for text in given for part in text.split(",")]
    except ValueError:
        shown = ", ".join(given)
        raise typer.BadParameter(f"{shown!r}; allowed: integers, such as 0,1,2", param_hint="--seed") from None
