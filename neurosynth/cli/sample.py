"""``neurosynth sample``: training tasks, written to a file."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated, Any

import typer

from neurosynth.cli.options import ClusterAddress, LearnedLanguage, takes

__all__ = ["sample"]


@dataclass(frozen=True, kw_only=True)
class SampleOptions:
    """The number and kind of tasks to sample."""

    count: Annotated[int, typer.Option("--count", metavar="N", help="Number of tasks.", show_default=False)]
    out: Annotated[str, typer.Option("--out", metavar="FILE", help="The .jsonl file to write.", show_default=False)]
    language: Annotated[str | None, typer.Option("--language", help="Name of a language.", show_default=False)] = None
    library: LearnedLanguage = None
    config: Annotated[
        str | None,
        typer.Option(
            "--config", metavar="FILE", help=r"TOML file with settings in the table \[sampling]. Options override it."
        ),
    ] = None
    seed: Annotated[
        int | None, typer.Option("--seed", help="Random seed; each seed gives a different sample.  [default: 0]")
    ] = None
    types: Annotated[
        list[str] | None,
        typer.Option("--type", metavar="TYPE", help="Request type such as 'list int -> int'; repeatable."),
    ] = None
    min_size: Annotated[
        int | None,
        typer.Option("--min-size", help="Minimum number of primitive applications in a program.  [default: 1]"),
    ] = None
    max_size: Annotated[
        int | None,
        typer.Option("--max-size", help="Maximum number of primitive applications in a program.  [default: 5]"),
    ] = None
    min_examples: Annotated[
        int | None, typer.Option("--min-examples", help="Minimum number of examples in a task.  [default: 4]")
    ] = None
    max_examples: Annotated[
        int | None, typer.Option("--max-examples", help="Maximum number of examples in a task.  [default: 8]")
    ] = None
    test_examples: Annotated[
        int | None, typer.Option("--test-examples", help="Number of held-out examples in each task.  [default: 0]")
    ] = None
    inputs_from: Annotated[
        str | None,
        typer.Option("--inputs-from", metavar="FILE", help="Take inputs and constants from the tasks in this file."),
    ] = None
    raised: Annotated[
        float | None,
        typer.Option("--raised", help="How strongly rare primitives are favoured, from 0 to 1.  [default: 0]"),
    ] = None
    workers: Annotated[
        int | None,
        typer.Option(
            "--workers",
            metavar="N",
            help="Number of processes. Default: 2, or one per processor on a cluster. It does not change the sample.",
        ),
    ] = None
    cluster: Annotated[
        str | None,
        typer.Option("--cluster", metavar="ray", help="Sample on a Ray cluster (needs the extra 'cluster')."),
    ] = None
    cluster_address: ClusterAddress = None

    def over(self, read: Mapping[str, Any]) -> dict[str, Any]:
        """Settings of sampling: the options, which override a file of settings."""
        settings = {"sizes": (1, 5), "examples": (4, 8), **read}
        pairs = {"sizes": (self.min_size, self.max_size), "examples": (self.min_examples, self.max_examples)}
        for name, given in pairs.items():
            if given != (None, None):
                settings[name] = [old if new is None else new for old, new in zip(settings[name], given, strict=True)]
        names = ("seed", "types", "test_examples", "inputs_from", "raised")
        given_here = {name: getattr(self, name) for name in names}
        return {**settings, **{name: value for name, value in given_here.items() if value is not None}}


@takes(SampleOptions)
def sample(options: SampleOptions) -> None:
    """Sample N tasks with distinct behaviour, each with the program that produced it.

    Repeat the command to resume an interrupted run, or give a larger --count to extend the file.
    Exit status: 0 on success, 2 for bad input, 130 if interrupted (the tasks sampled so far are kept).
    """
    from neurosynth.cli.config_file import read_config, sampling_config
    from neurosynth.cli.library import language_option
    from neurosynth.errors import InputError
    from neurosynth.language.load import load_language
    from neurosynth.training.coverage import coverage_note, programs_in
    from neurosynth.training.sampling import write_sample

    out, count = options.out, options.count
    language = language_option(options.language, options.library)
    if language is None:
        raise InputError("no language; give --language NAME, or --library FILE")
    loaded = load_language(language)  # which may declare the named types
    sampling = sampling_config(options.over(read_config(options.config).sampling))
    started = time.perf_counter()
    try:
        with _place(options.cluster, options.cluster_address) as processors, _bar(count) as progress:
            used = processors if options.workers is None else options.workers
            written = write_sample(out, language, sampling, count=count, workers=used, progress=progress)
    except KeyboardInterrupt:
        print(
            f"neurosynth: interrupted; the tasks so far are in {out}, and the same command continues", file=sys.stderr
        )
        raise typer.Exit(130) from None
    seconds = time.perf_counter() - started
    note = coverage_note(programs_in(out), loaded)
    if note:
        print(f"neurosynth: {note}", file=sys.stderr)
    rate = f", {written / seconds:,.0f} tasks/s" if written else ""
    print(f"{out}: {count:,} tasks, {written:,} of them new ({seconds:.1f} s{rate})", file=sys.stderr)


@contextmanager
def _place(cluster: str | None, address: str | None) -> Iterator[int]:
    """The place where tasks are sampled, and the default number of processes."""
    from neurosynth.cluster import check_cluster, connected, cpus, in_order_on_ray
    from neurosynth.training.processes import elsewhere

    check_cluster(cluster, address)
    if cluster is None:
        yield 2
        return
    with connected(address), elsewhere(in_order_on_ray):
        yield max(cpus(), 1)


@contextmanager
def _bar(count: int) -> Iterator[Callable[[int], None] | None]:
    """A function that shows the number of tasks so far, or None if nobody would see it."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[rate]}"), TimeRemainingColumn())
    started = time.perf_counter()
    first: int | None = None
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("sampling", total=count, rate="")

        def show(done: int) -> None:
            nonlocal first
            first = done if first is None else first
            rate = (done - first) / max(time.perf_counter() - started, 1e-9)
            bar.update(task, completed=done, rate=f"{rate:,.0f} tasks/s" if done > first else "")

        yield show
