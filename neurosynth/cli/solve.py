"""``neurosynth solve``: from a task file to a program."""

from __future__ import annotations

import gc
import json
import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from neurosynth.search.base import Limits, Progress
    from neurosynth.synthesize import Result
    from neurosynth.tasks.task import Task

__all__ = ["solve", "watched"]


def solve(
    task: Annotated[str, typer.Argument(metavar="TASK", help="A .sl, .json, .jsonl or .csv file.", show_default=False)],
    language: Annotated[
        str | None, typer.Option("--language", help="Name of a language; by default the task's own, or by its types.")
    ] = None,
    guide: Annotated[
        str,
        typer.Option(
            "--guide", help="What tells likely programs from unlikely ones: auto, uniform, a guide's name, or its FILE."
        ),
    ] = "auto",
    search: Annotated[str, typer.Option("--search", help="How programs are searched for.")] = "auto",
    seconds: Annotated[float, typer.Option("--seconds", help="Wall-clock limit.")] = 10.0,
    max_memory: Annotated[float, typer.Option("--max-memory", metavar="GB", help="Memory limit of the process.")] = 4.0,
    top: Annotated[int, typer.Option("--top", metavar="K", help="How many different programs are wanted.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Say why: who found what, what was ruled out, what could be changed.")
    ] = False,
    verbose: Annotated[
        int,
        typer.Option("--verbose", "-v", count=True, help="Log what the search does to stderr; twice for every level."),
    ] = 0,
    ask: Annotated[
        bool, typer.Option("--ask", help="Ask for outputs on which the programs found disagree, at most five times.")
    ] = False,
    seed: Annotated[int, typer.Option("--seed", help="For searches that draw at random.")] = 0,
    name: Annotated[str | None, typer.Option("--task", metavar="NAME", help="Which task of a .jsonl file.")] = None,
    inputs: Annotated[
        list[str] | None,
        typer.Option("--input", metavar="COL", help="An input column of a .csv file; give one for each."),
    ] = None,
    output: Annotated[
        str | None, typer.Option("--output", metavar="COL", help="The output column of a .csv file.")
    ] = None,
    constants: Annotated[
        list[str] | None,
        typer.Option(
            "--constant",
            metavar="V",
            help="A text or number that the program may use at little cost; give one for each.",
        ),
    ] = None,
) -> None:
    """Find a program for the examples of TASK.

    Exit status: 0 solved, 1 not solved, 2 bad input, 130 interrupted (the best so far is still printed).
    """
    from neurosynth.search.base import Limits, StopReason
    from neurosynth.synthesize import load_language, synthesize
    from neurosynth.tasks.constants import with_given
    from neurosynth.tasks.load import load_task

    if verbose:
        _log(verbose)
    limits = Limits(seconds=seconds, max_memory=max_memory)
    if language is not None:
        load_language(language)  # which may bring types that the task is written in
    loaded = load_task(task, task=name, inputs=inputs or None, output=output)
    if constants:
        loaded = with_given(loaded, constants)
    interrupted = False
    gc.freeze()  # looking through all that was imported takes as long as the search of a small task

    def once(now: Task) -> Result:
        with watched(limits) as progress:
            return synthesize(
                now, language, guide=guide, search=search, limits=limits, top=top, seed=seed, progress=progress
            )

    if ask:
        from neurosynth.cli.ask import Dialogue
        from neurosynth.questions import settle_with

        dialogue = Dialogue(loaded)
        result = settle_with(once, loaded, dialogue)
        interrupted = dialogue.interrupted
    else:
        result = once(loaded)
    if as_json:
        explained = {"explanation": result.explain().to_json()} if explain else {}
        print(json.dumps({**result.to_json(), **explained}, ensure_ascii=False))
    elif explain:
        print(result.explain())
    else:
        from neurosynth.cli.show import show

        show(result)
    sys.stdout.flush()
    interrupted = interrupted or result.stop is StopReason.INTERRUPTED
    raise typer.Exit(130 if interrupted else 0 if result.solved else 1)


def _log(verbose: int) -> None:
    """Show the log of this package on stderr: what was decided, with 2 every level too."""
    logger = logging.getLogger("neurosynth")
    logger.setLevel(logging.DEBUG if verbose > 1 else logging.INFO)
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(relativeCreated)7.0f ms %(name)s: %(message)s"))
    logger.addHandler(handler)


@contextmanager
def watched(limits: Limits) -> Iterator[Callable[[Progress], None]]:
    """What a search calls as it goes: shows the live line, and passes an interrupt on where the search can take it."""
    from neurosynth.cli.interrupt import held_interrupts
    from neurosynth.cli.progress import live

    with held_interrupts() as interrupted, live(limits) as show_progress:

        def progress(now: Progress) -> None:
            if interrupted():
                raise KeyboardInterrupt  # here a search ends with what it has
            if show_progress is not None:
                show_progress(now)

        yield progress
