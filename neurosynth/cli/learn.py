"""``neurosynth learn``: a language grows from the tasks that it solves."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from neurosynth.cli.options import ClusterAddress, MostPrograms, TaskMemory, takes
from neurosynth.errors import InputError

if TYPE_CHECKING:
    from neurosynth.bench.rows import Row
    from neurosynth.bench.runner import RunProgress
    from neurosynth.library.config import LearnConfig
    from neurosynth.library.loop import Round

__all__ = ["learn"]


@dataclass(frozen=True, kw_only=True)
class LearnOptions:
    """The tasks from which a language grows, and the limits."""

    suites: Annotated[
        list[str],
        typer.Argument(
            metavar="SUITE…", help="Task files, folders or names of suites, as for 'bench run'.", show_default=False
        ),
    ]
    out: Annotated[
        str,
        typer.Option(
            "--out",
            metavar="FILE",
            help="File to write the learned language to, such as learned.json.",
            show_default=False,
        ),
    ]
    language: Annotated[str | None, typer.Option("--language", help="Language to start from.", show_default=False)] = (
        None
    )
    library: Annotated[
        str | None, typer.Option("--library", metavar="FILE", help="Learned language to start from.")
    ] = None
    name: Annotated[
        str | None, typer.Option("--name", help="Name of the learned language.  [default: LANGUAGE-learned]")
    ] = None
    rounds: Annotated[
        int, typer.Option("--rounds", metavar="N", help="Number of rounds of wake, abstraction, gate and dream.")
    ] = 3
    seconds: Annotated[
        float, typer.Option("--seconds", help="Limit for each task in each wake phase, in counted seconds.")
    ] = 10.0
    max_programs: MostPrograms = None
    max_memory: TaskMemory = 4.0
    together: Annotated[
        float,
        typer.Option(
            "--together", help="Counted seconds of one search for all tasks with the same inputs; 0 turns it off."
        ),
    ] = 60.0
    programs: Annotated[
        int, typer.Option("--programs", metavar="K", help="Maximum number of programs per task to learn from.")
    ] = 3
    abstractions: Annotated[
        int,
        typer.Option(
            "--abstractions", metavar="N", help="Maximum number of new primitives per round; 0 turns compression off."
        ),
    ] = 10
    arity: Annotated[
        int, typer.Option("--arity", metavar="N", help="Maximum number of arguments of a new primitive.")
    ] = 3
    whole: Annotated[
        bool,
        typer.Option(
            "--whole/--no-whole",
            help="Also try whole solutions as primitives, for one round each; those that other tasks use stay.",
        ),
    ] = False
    gate: Annotated[
        bool, typer.Option("--gate/--no-gate", help="Keep a new primitive only if it helps on held-out tasks.")
    ] = True
    held_out: Annotated[
        float, typer.Option("--held-out", metavar="SHARE", help="Share of the tasks on which each round is judged.")
    ] = 0.25
    dreams: Annotated[
        int,
        typer.Option(
            "--dreams",
            metavar="N",
            help="Number of tasks sampled each round to train the guide on; 0 turns sampling off.",
        ),
    ] = 300
    neural: Annotated[
        str | None,
        typer.Option("--neural", metavar="KIND", help="Also train a neural guide of this kind: gru, transformer …"),
    ] = None
    minutes: Annotated[
        float, typer.Option("--minutes", help="Training time of the neural guide in each round, in minutes.")
    ] = 2.0
    search: Annotated[str, typer.Option("--search", help="Search algorithm, as for 'solve'.")] = "auto"
    guide: Annotated[str, typer.Option("--guide", help="Guide of the first round, as for 'solve'.")] = "auto"
    jobs: Annotated[
        int | None, typer.Option("--jobs", metavar="N", help="Number of tasks to run at a time, as for 'bench run'.")
    ] = None
    cluster: Annotated[
        str | None,
        typer.Option("--cluster", metavar="ray", help="Solve tasks on a Ray cluster (needs the extra 'cluster')."),
    ] = None
    cluster_address: ClusterAddress = None
    seed: Annotated[int, typer.Option("--seed", help="Random seed of folds, samples and searches.")] = 0
    resume: Annotated[bool, typer.Option("--resume", help="Continue the run that FILE.run holds.")] = False
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object per round.")] = False

    @property
    def target(self) -> Path:
        """The file of the learned language.

        Raises:
            InputError: if the path is not a .json file in a folder that exists.
        """
        target = Path(os.path.realpath(self.out))
        if target.suffix != ".json" or not target.parent.is_dir():
            raise InputError(
                f"{self.out}: a learned language is a .json file in a folder that exists; give another --out"
            )
        return target

    def config(self) -> LearnConfig:
        """The settings of a run.

        Raises:
            InputError: for a setting that is not allowed, or compression if its extra is not installed.
        """
        from neurosynth.extras import require
        from neurosynth.library.compress import CompressionConfig
        from neurosynth.library.config import LearnConfig

        if self.abstractions < 0:
            raise InputError(f"--abstractions is {self.abstractions}; allowed: 0 or more")
        compression = None
        if self.abstractions:
            require("library", "compression")
            compression = CompressionConfig(abstractions=self.abstractions, arity=self.arity)
        return LearnConfig(
            rounds=self.rounds,
            seconds=self.seconds,
            max_programs=self.max_programs,
            max_memory=self.max_memory,
            together=self.together,
            programs=self.programs,
            search=self.search,
            guide=self.guide,
            compression=compression,
            whole=self.whole,
            gate=self.gate,
            held_out=self.held_out,
            dreams=self.dreams,
            neural=self.neural or "",
            minutes=self.minutes,
            seed=self.seed,
        )


@takes(LearnOptions)
def learn(options: LearnOptions) -> None:
    """Learn new primitives: solve the tasks of the suites, compress the solutions, train a guide, and repeat.

    FILE and a guide beside it are written after every round; solve, sample, train, bench and list take FILE as --library.
    FILE.run holds the state of the run, so that --resume continues a run that was stopped.  A counted second
    is one million candidates, so that the same tasks, options and seed give the same library on every machine.
    Exit status: 0 on success, 2 for bad input, 130 or 143 if interrupted.
    """
    from neurosynth.bench.suites import find_suite
    from neurosynth.cli.bench import executor_of, terminated_as_interrupted
    from neurosynth.cli.bench_display import note
    from neurosynth.cli.library import language_option
    from neurosynth.language.load import load_language
    from neurosynth.library.loop import Learner

    chosen = language_option(options.language, options.library)
    if chosen is None:
        raise InputError("no language; give --language NAME, or --library FILE")
    target, config = options.target, options.config()
    base = load_language(chosen)  # which may declare types of the tasks
    found = [find_suite(suite, lambda error: note(f"left out: {error}")) for suite in options.suites]
    with terminated_as_interrupted() as status, _table(options.as_json) as table:
        try:
            learner = Learner(
                suites=found,
                language=base,
                out=target,
                config=config,
                executor=executor_of(options.cluster, options.cluster_address, options.jobs, 10.0, None),
                resume=options.resume,
                note=note,
                show=table.phase,
                name=options.name or "",
            )
            for done in learner.rounds():
                table.add(done)
        except KeyboardInterrupt:
            so_far = f"{options.out} has the rounds so far" if table.rows else "no round was finished yet"
            note(f"interrupted; the same command with --resume continues; {so_far}")
            raise typer.Exit(status[0]) from None
    table.end(str(options.out), len(learner.library.abstractions))


class _RoundsTable:
    """The rounds, one per line, and below them the current step."""

    def __init__(self, as_json: bool) -> None:
        self.as_json = as_json
        self.rows: list[Round] = []
        self.status: Any = None

    def phase(self, phase: str, progress: RunProgress, row: Row | None) -> None:
        """Show the current step, if somebody looks."""
        if self.status is not None:
            solved = sum(s.solved for s in progress.suites.values())
            self.status.update(f"{phase}: {progress.done} of {progress.total} tasks, {solved} solved")

    def add(self, done: Round) -> None:
        """Show a round that is done."""
        if self.as_json:
            print(json.dumps(done.to_json(), ensure_ascii=False), flush=True)
        else:
            if not self.rows:
                print(
                    _line("round", "solved", "ever", "candidates", "library", "new", "refused", "bits saved", "seconds")
                )
            median = "" if done.median_candidates is None else f"{done.median_candidates:,.0f}"
            print(
                _line(
                    done.round,
                    f"{done.solved} of {done.tasks}",
                    done.solved_ever,
                    median,
                    done.library,
                    len(done.added),
                    len(done.refused),
                    f"{done.bits:,.0f}",
                    f"{done.seconds:.0f}",
                ),
                flush=True,
            )
        for text in done.notes:
            print(f"neurosynth: round {done.round}: {text}", file=sys.stderr)
        self.rows.append(done)

    def end(self, out: str, count: int) -> None:
        """Show the final results."""
        if not self.as_json:
            print(f"{out}: {count} learned primitive{'' if count == 1 else 's'}")


def _line(*cells: object) -> str:
    widths = (5, 12, 6, 12, 8, 5, 8, 11, 8)
    return " ".join(f"{cell!s:>{width}}" for cell, width in zip(cells, widths, strict=True))


@contextmanager
def _table(as_json: bool) -> Iterator[_RoundsTable]:
    table = _RoundsTable(as_json)
    if not sys.stderr.isatty():
        yield table
        return
    from rich.console import Console

    with Console(stderr=True).status("starting") as status:
        table.status = status
        yield table
