"""``neurosynth solve``: from a task file to a program."""

from __future__ import annotations

import gc
import json
import logging
import signal
import sys
import time
from functools import partial
from io import StringIO
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from neurosynth.synthesize import Result
    from neurosynth.tasks.task import Task

__all__ = ["solve"]


def solve(
    task: Annotated[str, typer.Argument(metavar="TASK", help="A .sl, .json, .jsonl or .csv file.", show_default=False)],
    language: Annotated[
        str | None,
        typer.Option("--language", help="Name of a language. Default: the task's own, or one chosen by its types."),
    ] = None,
    guide: Annotated[
        str,
        typer.Option(
            "--guide", help="Model that ranks programs by likelihood: auto, uniform, a guide's name, or a guide's file."
        ),
    ] = "auto",
    search: Annotated[
        str, typer.Option("--search", help="Search algorithm (see 'neurosynth list searches').")
    ] = "auto",
    seconds: Annotated[float, typer.Option("--seconds", help="Time limit, in seconds of wall-clock time.")] = 10.0,
    max_memory: Annotated[
        float, typer.Option("--max-memory", metavar="GB", help="Memory limit of the process, in gigabytes.")
    ] = 4.0,
    top: Annotated[int, typer.Option("--top", metavar="K", help="Number of distinct programs to return.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    explain: Annotated[
        bool,
        typer.Option(
            "--explain", help="Explain the result: which strategy found it, what was ruled out, what you could change."
        ),
    ] = False,
    verbose: Annotated[
        int,
        typer.Option(
            "--verbose", "-v", count=True, help="Log the search to stderr; give it twice for every cost level."
        ),
    ] = 0,
    ask: Annotated[
        bool,
        typer.Option("--ask", help="Ask you for outputs on which the programs found disagree, at most five times."),
    ] = False,
    min_confidence: Annotated[
        float,
        typer.Option(
            "--min-confidence", metavar="P", help="Exit with status 1 if the confidence is below P, from 0 to 1."
        ),
    ] = 0.0,
    seed: Annotated[int, typer.Option("--seed", help="Random seed of the search.")] = 0,
    library: Annotated[
        str | None, typer.Option("--library", metavar="FILE", help="Use this learned language instead of --language.")
    ] = None,
    name: Annotated[
        str | None, typer.Option("--task", metavar="NAME", help="Name of the task to solve, if TASK is a .jsonl file.")
    ] = None,
    inputs: Annotated[
        list[str] | None,
        typer.Option("--input", metavar="COL", help="Input column of a .csv file; repeatable."),
    ] = None,
    output: Annotated[str | None, typer.Option("--output", metavar="COL", help="Output column of a .csv file.")] = None,
    noise: Annotated[
        int | None,
        typer.Option("--noise", metavar="N", help="Number of examples that may be wrong. Wrong ones are reported."),
    ] = None,
    constants: Annotated[
        list[str] | None,
        typer.Option(
            "--constant",
            metavar="V",
            help="Text or number that the program may use at low cost; repeatable.",
        ),
    ] = None,
) -> None:
    """Find a program for the examples of TASK.

    Exit status: 0 if solved, 1 if not solved or below --min-confidence, 2 for bad input, 70 for a bug in a primitive, 130 or 143
    if interrupted (the best program so far is still printed).
    """
    from neurosynth.cli.interrupt import EXIT, held_interrupts, signals_end_at_once

    with signals_end_at_once():  # there is nothing yet that could be lost
        from neurosynth.apart import call_apart, synthesize_apart
        from neurosynth.cli.library import language_option
        from neurosynth.cli.progress import live
        from neurosynth.errors import InputError, PrimitiveBug
        from neurosynth.killable import Lost
        from neurosynth.plugins import ships
        from neurosynth.search.base import Doing, Limits, StopReason
        from neurosynth.synthesize import load_language
        from neurosynth.tasks.constants import with_given
        from neurosynth.tasks.load import load_task

    if not 0 <= min_confidence <= 1:
        raise InputError(f"--min-confidence {min_confidence}: allowed: 0 to 1; 0 takes every answer")
    if verbose:
        _log(verbose)
    limits = Limits(seconds=seconds, max_memory=max_memory)
    language = language_option(language, library)
    if language is not None:
        load_language(language)  # which may bring types that the task is written in
    loaded = load_task(task, task=name, inputs=inputs or None, output=output, noise=noise)
    if constants:
        loaded = with_given(loaded, constants)
    doing = (Doing.READING if guide in ("auto", "uniform") else Doing.GUIDE).value
    signalled = 0
    bug: PrimitiveBug | None = None
    gc.freeze()  # looking through all that was imported takes as long as the search of a small task

    def once(now: Task) -> Result:
        nonlocal signalled
        with held_interrupts() as interrupted, live(limits, rows=len(now.examples), doing=doing) as progress:
            try:
                return synthesize_apart(
                    now,
                    language,
                    guide=guide,
                    search=search,
                    limits=limits,
                    top=top,
                    seed=seed,
                    progress=progress,
                    stop=lambda: interrupted() > 0,
                )
            finally:
                signalled = signalled or interrupted()

    begun = time.monotonic()
    try:
        if ask:
            from neurosynth.cli.ask import Dialogue
            from neurosynth.questions import settle_with

            dialogue = Dialogue(loaded)
            result = settle_with(once, loaded, dialogue, tell=dialogue.tell)
            signalled = signalled or (signal.SIGINT if dialogue.interrupted else 0)
        else:
            result = once(loaded)
    except PrimitiveBug as error:
        if error.result is None:
            raise
        bug, result = error, error.result
    own = ships("languages", result.language.name, result.language)
    shown = partial(_shown, result, as_json, sys.stdout.isatty(), explain)
    if own:
        text = shown()
    else:
        with held_interrupts() as interrupted:
            spared = (0.0 if ask else max(begun + seconds - time.monotonic(), 0.0)) + SHOWING
            try:
                text = call_apart(shown, seconds=spared, stop=lambda: interrupted() > 0)
            except Lost:
                text = _bare(result, as_json)
            except PrimitiveBug as error:
                bug, text = bug or error, _bare(result, as_json)
            signalled = signalled or interrupted()
    sys.stdout.write(text)
    sys.stdout.flush()
    if bug is not None:
        print(f"neurosynth: {bug.report}", file=sys.stderr)
        raise typer.Exit(70)
    if result.stop is StopReason.INTERRUPTED or signalled:
        raise typer.Exit(EXIT[signal.Signals(signalled or signal.SIGINT)])
    raise typer.Exit(0 if result.solved and result.confidence >= min_confidence else 1)


SHOWING = 0.3
"""Seconds beyond the limit within which a result is shown with what its programs give, where the language is not one of ours."""


def _shown(result: Result, as_json: bool, terminal: bool, explain: bool) -> str:
    """What is printed: the JSON, the explanation, or what :func:`~neurosynth.cli.show.show` prints."""
    if as_json:
        explained = {"explanation": result.explain().to_json()} if explain else {}
        return json.dumps({**result.to_json(), **explained}, ensure_ascii=False) + "\n"
    if explain:
        return f"{result.explain()}\n"
    from neurosynth.cli.show import show

    text = StringIO()
    show(result, text, terminal=terminal)
    return text.getvalue()


def _bare(result: Result, as_json: bool) -> str:
    """The same where running the programs once more does not come back: without what they give, and without code."""
    if not as_json:
        return f"{result}\n"
    programs = [{"text": str(s), "size": s.size, "logprob": s.logprob} for s in result.solutions]
    row = {"task": result.task.name, "language": result.language.name, "stop": result.stop.value, "programs": programs}
    return json.dumps({**row, "stats": result.stats.as_dict()}, ensure_ascii=False) + "\n"


def _log(verbose: int) -> None:
    """Show the log of this package on stderr: what was decided, with 2 every level too."""
    logger = logging.getLogger("neurosynth")
    logger.setLevel(logging.DEBUG if verbose > 1 else logging.INFO)
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(relativeCreated)7.0f ms %(name)s: %(message)s"))
    logger.addHandler(handler)
