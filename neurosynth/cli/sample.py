"""``neurosynth sample``: tasks to learn from, into a file."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

__all__ = ["sample"]


def sample(
    language: Annotated[str, typer.Option("--language", help="Name of a language.", show_default=False)],
    count: Annotated[int, typer.Option("--count", metavar="N", help="How many tasks.", show_default=False)],
    out: Annotated[str, typer.Option("--out", metavar="FILE", help="The .jsonl file to write.", show_default=False)],
    seed: Annotated[int, typer.Option("--seed", help="Another seed gives other tasks.")] = 0,
    types: Annotated[
        list[str] | None,
        typer.Option("--type", metavar="TYPE", help="A request type, 'list int -> int'; may be given several times."),
    ] = None,
    min_size: Annotated[int, typer.Option("--min-size", help="Fewest primitives a program applies.")] = 1,
    max_size: Annotated[int, typer.Option("--max-size", help="Most primitives a program applies.")] = 5,
    min_examples: Annotated[int, typer.Option("--min-examples", help="Fewest examples of a task.")] = 4,
    max_examples: Annotated[int, typer.Option("--max-examples", help="Most examples of a task.")] = 8,
    test_examples: Annotated[int, typer.Option("--test-examples", help="Held-out examples of each task.")] = 0,
    inputs_from: Annotated[
        str | None, typer.Option("--inputs-from", metavar="FILE", help="Take inputs and constants from these tasks.")
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(
            "--workers",
            metavar="N",
            help="Processes, by default 2, on a cluster one each processor; any number gives the same file.",
        ),
    ] = None,
    cluster: Annotated[
        str | None, typer.Option("--cluster", metavar="ray", help="Sample on a Ray cluster (extra cluster).")
    ] = None,
    cluster_address: Annotated[
        str | None, typer.Option("--cluster-address", metavar="HOST:PORT", help="Of the cluster, as for bench run.")
    ] = None,
) -> None:
    """Sample N tasks with different behaviour, each with the program it was made with.

    A run that was stopped goes on where it ended when the same command is given again; a larger --count extends the file.
    Exit status: 0, 2 bad input, 130 interrupted (the tasks so far are kept).
    """
    from neurosynth.language.load import load_language
    from neurosynth.tasks.load import load_tasks
    from neurosynth.training.chunks import SamplingConfig
    from neurosynth.training.sampling import write_sample

    load_language(language)  # which may bring the types named
    sampling = SamplingConfig(
        seed=seed,
        types=tuple(types or ()),
        sizes=(min_size, max_size),
        examples=(min_examples, max_examples),
        test_examples=test_examples,
        inputs_from=tuple(load_tasks(inputs_from)) if inputs_from is not None else (),
    )
    started = time.perf_counter()
    try:
        with _place(cluster, cluster_address) as processors, _bar(count) as progress:
            used = processors if workers is None else workers
            written = write_sample(out, language, sampling, count=count, workers=used, progress=progress)
    except KeyboardInterrupt:
        print(f"neurosynth: interrupted; the tasks so far are in {out}, and the same command goes on", file=sys.stderr)
        raise typer.Exit(130) from None
    seconds = time.perf_counter() - started
    rate = f", {written / seconds:,.0f} tasks/s" if written else ""
    print(f"{out}: {count:,} tasks, {written:,} of them new ({seconds:.1f} s{rate})", file=sys.stderr)


@contextmanager
def _place(cluster: str | None, address: str | None) -> Iterator[int]:
    """Where the options say that tasks are sampled, and in how many processes unless told otherwise."""
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
    """A function that shows how many tasks there are, or None where nobody would see it."""
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
