"""``neurosynth solve``: from a task file to a program."""

from __future__ import annotations

import gc
import json
import logging
import signal
import sys
import time
from dataclasses import dataclass
from functools import partial
from io import StringIO
from typing import TYPE_CHECKING, Annotated

import typer

from neurosynth.cli.options import AsJson, LearnedLanguage, ProcessMemory, takes
from neurosynth.errors import InputError, PrimitiveBug

if TYPE_CHECKING:
    from neurosynth.search.base import Limits
    from neurosynth.synthesize import Result
    from neurosynth.tasks.task import Task

__all__ = ["solve"]


@dataclass(frozen=True, kw_only=True)
class SolveOptions:
    """What to solve, with which language and guide, and within which limits."""

    task: Annotated[str, typer.Argument(metavar="TASK", help="A .sl, .json, .jsonl or .csv file.", show_default=False)]
    language: Annotated[
        str | None,
        typer.Option("--language", help="Name of a language. Default: the task's own, or one chosen by its types."),
    ] = None
    guide: Annotated[
        str,
        typer.Option(
            "--guide", help="Model that ranks programs by likelihood: auto, uniform, a guide's name, or a guide's file."
        ),
    ] = "auto"
    search: Annotated[str, typer.Option("--search", help="Search algorithm (see 'neurosynth list searches').")] = "auto"
    seconds: Annotated[
        float | None,
        typer.Option(
            "--seconds",
            help="Time limit, in seconds of wall-clock time. Default: 10 seconds, in which waiting for a busy processor does not count, "
            "and at most 60 in all.",
        ),
    ] = None
    max_memory: ProcessMemory = 4.0
    top: Annotated[int, typer.Option("--top", metavar="K", help="Number of distinct programs to return.")] = 1
    as_json: AsJson = False
    explain: Annotated[
        bool,
        typer.Option(
            "--explain", help="Explain the result: which strategy found it, what was ruled out, what you could change."
        ),
    ] = False
    verbose: Annotated[
        int,
        typer.Option(
            "--verbose", "-v", count=True, help="Log the search to stderr; give it twice for every cost level."
        ),
    ] = 0
    ask: Annotated[
        bool,
        typer.Option("--ask", help="Ask you for outputs on which the programs found disagree, at most five times."),
    ] = False
    min_confidence: Annotated[
        float,
        typer.Option(
            "--min-confidence", metavar="P", help="Exit with status 1 if the confidence is below P, from 0 to 1."
        ),
    ] = 0.0
    seed: Annotated[int, typer.Option("--seed", help="Random seed of the search.")] = 0
    library: LearnedLanguage = None
    name: Annotated[
        str | None, typer.Option("--task", metavar="NAME", help="Name of the task to solve, if TASK is a .jsonl file.")
    ] = None
    inputs: Annotated[
        list[str] | None,
        typer.Option("--input", metavar="COL", help="Input column of a .csv file; repeatable."),
    ] = None
    output: Annotated[str | None, typer.Option("--output", metavar="COL", help="Output column of a .csv file.")] = None
    noise: Annotated[
        int | None,
        typer.Option("--noise", metavar="N", help="Number of examples that may be wrong. Wrong ones are reported."),
    ] = None
    constants: Annotated[
        list[str] | None,
        typer.Option(
            "--constant",
            metavar="V",
            help="Text or number that the program may use at low cost; repeatable.",
        ),
    ] = None

    def __post_init__(self) -> None:
        if not 0 <= self.min_confidence <= 1:
            raise InputError(f"--min-confidence {self.min_confidence}: allowed: 0 to 1; 0 takes every answer")

    @property
    def limits(self) -> Limits:
        """The limits of the search.

        Raises:
            InputError: for a limit that is not positive.
        """
        from neurosynth.search.base import DEFAULT_SECONDS, Limits

        seconds = DEFAULT_SECONDS if self.seconds is None else self.seconds
        return Limits(seconds=seconds, max_memory=self.max_memory)


@takes(SolveOptions)
def solve(options: SolveOptions) -> None:
    """Find a program for the examples of TASK.

    Exit status: 0 if solved, 1 if not solved or below --min-confidence, 2 for bad input, 70 for a bug in a primitive, 130 or 143
    if interrupted (the best program so far is still printed).
    """
    from neurosynth.cli.interrupt import EXIT, signals_end_at_once

    with signals_end_at_once():  # there is nothing yet that could be lost
        import neurosynth.apart
        import neurosynth.synthesize  # noqa: F401  what a search needs, loaded before signals are held
        from neurosynth.cli.library import language_option
        from neurosynth.search.base import StopReason

    if options.verbose:
        _log(options.verbose)
    language = language_option(options.language, options.library)
    task = _task(options, language)
    gc.freeze()  # examining all imported modules takes as long as the search of a small task
    begun = time.monotonic()
    ended = _searched(options, language, task)
    left = 0.0 if options.ask else max(begun + options.limits.longest - time.monotonic(), 0.0)
    sys.stdout.write(_text(ended, options, left))
    sys.stdout.flush()
    if ended.bug is not None:
        print(f"neurosynth: {ended.bug.report}", file=sys.stderr)
        raise typer.Exit(70)
    result = ended.result
    if result.stop is StopReason.INTERRUPTED or ended.signalled:
        raise typer.Exit(EXIT[signal.Signals(ended.signalled or signal.SIGINT)])
    raise typer.Exit(0 if result.solved and result.confidence >= options.min_confidence else 1)


@dataclass
class _Ended:
    """How a search ended: its result, the signal that arrived (0 for none), the bug of a primitive."""

    result: Result
    signalled: int = 0
    bug: PrimitiveBug | None = None


def _task(options: SolveOptions, language: str | None) -> Task:
    """The task that the options name, with the constants that they give."""
    from neurosynth.language.load import load_language
    from neurosynth.tasks.constants import with_given
    from neurosynth.tasks.load import load_task

    if language is not None:
        load_language(language)  # which may declare types of the task
    task = load_task(
        options.task, task=options.name, inputs=options.inputs or None, output=options.output, noise=options.noise
    )
    return with_given(task, options.constants) if options.constants else task


def _searched(options: SolveOptions, language: str | None, task: Task) -> _Ended:
    """Search, with questions in between if they are wanted."""
    from neurosynth.apart import synthesize_apart
    from neurosynth.cli.interrupt import held_interrupts
    from neurosynth.cli.progress import live
    from neurosynth.search.base import Doing

    limits = options.limits
    doing = (Doing.READING if options.guide in ("auto", "uniform") else Doing.GUIDE).value
    signalled = 0

    def once(now: Task) -> Result:
        nonlocal signalled
        with held_interrupts() as interrupted, live(limits, rows=len(now.examples), doing=doing) as progress:
            try:
                return synthesize_apart(
                    now, language, guide=options.guide, search=options.search, limits=limits, top=options.top,
                    seed=options.seed, progress=progress, stop=lambda: interrupted() > 0,
                )  # fmt: skip
            finally:
                signalled = signalled or interrupted()

    try:
        if not options.ask:
            return _Ended(once(task), signalled)
        from neurosynth.cli.ask import Dialogue
        from neurosynth.questions import settle_with

        dialogue = Dialogue(task)
        result = settle_with(once, task, dialogue, tell=dialogue.tell)
        return _Ended(result, signalled or (signal.SIGINT if dialogue.interrupted else 0))
    except PrimitiveBug as bug:
        if bug.result is None:
            raise
        return _Ended(bug.result, signalled, bug)


def _text(ended: _Ended, options: SolveOptions, left: float) -> str:
    """The text to print, made within the remaining seconds; problems on the way are noted in ``ended``."""
    from neurosynth.apart import call_apart
    from neurosynth.cli.interrupt import held_interrupts
    from neurosynth.killable import Lost
    from neurosynth.plugins import ships

    result = ended.result
    shown = partial(_shown, result, options.as_json, sys.stdout.isatty(), options.explain)
    if ships("languages", result.language.name, result.language):
        return shown()
    with held_interrupts() as interrupted:
        try:
            text: str = call_apart(shown, seconds=left + SHOWING, stop=lambda: interrupted() > 0)
        except Lost:
            text = _bare(result, options.as_json)
        except PrimitiveBug as bug:
            ended.bug = ended.bug or bug
            text = _bare(result, options.as_json)
        ended.signalled = ended.signalled or interrupted()
    return text


SHOWING = 0.3
"""Seconds after the limit within which the values of programs are computed and shown, if the language is not a shipped one."""


def _shown(result: Result, as_json: bool, terminal: bool, explain: bool) -> str:
    """The text to print: the JSON, the explanation, or the output of :func:`~neurosynth.cli.show.show`."""
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
    """The same if running the programs again does not return: without their values, and without code."""
    if not as_json:
        return f"{result}\n"
    programs = [{"text": str(s), "size": s.size, "logprob": s.logprob} for s in result.solutions]
    row = {"task": result.task.name, "language": result.language.name, "stop": result.stop.value, "programs": programs}
    return json.dumps({**row, "stats": result.stats.as_dict()}, ensure_ascii=False) + "\n"


def _log(verbose: int) -> None:
    """Show the log of this package on stderr: the decisions, and with 2 every level, too."""
    logger = logging.getLogger("neurosynth")
    logger.setLevel(logging.DEBUG if verbose > 1 else logging.INFO)
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(relativeCreated)7.0f ms %(name)s: %(message)s"))
    logger.addHandler(handler)
