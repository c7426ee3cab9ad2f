"""Solvers: neurosynth itself, and any command that reads a task file and prints a program."""

from __future__ import annotations

import json
import resource
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from neurosynth.bench.answers import checked, no_program
from neurosynth.bench.cvc5_solver import Cvc5
from neurosynth.bench.jobs import Solver
from neurosynth.errors import InputError, UnknownNameError
from neurosynth.guides.trained import AUTO, trained_guides
from neurosynth.language.load import load_language
from neurosynth.search.base import Limits, Stats, StopReason
from neurosynth.synthesize import Result, guess_language, synthesize
from neurosynth.tasks.json_io import task_to_json
from neurosynth.tasks.sygus_writer import to_sygus
from neurosynth.tasks.task import Task, example

__all__ = ["Command", "Neurosynth", "solver_named"]


@dataclass(frozen=True, kw_only=True)
class Neurosynth:
    """This project, by names as on the command line."""

    language: str | None = None
    guide: str = AUTO
    search: str = "auto"
    name: str = "neurosynth"
    own_limits: bool = True

    @property
    def settings(self) -> Mapping[str, str]:
        """What was asked for."""
        return {"guide": self.guide, "search": self.search}

    def prepare(self, language: str) -> None:
        """Solve a task whose solution is its input: that loads everything, the guide, too, and calls no primitive."""
        task = Task([example("a", output="a"), example("b", output="b")], "identity")
        guide = self.guide
        if guide == AUTO:  # asked only where a task is hard: here at once
            guide = next((t.name for t in trained_guides(load_language(language)) if t.extra is not None), AUTO)
        limits = Limits(seconds=10, max_programs=1)
        synthesize(task, language, guide=guide, search=self.search, limits=limits).to_json()

    def solve(self, task: Task, limits: Limits, seed: int) -> Result:
        """What ``neurosynth solve`` finds."""
        return synthesize(task, self.language, guide=self.guide, search=self.search, limits=limits, seed=seed)


PLACES = ("{task.sl}", "{task.json}")
"""What stands for the task's file in a command; one of them is needed."""
_OTHERS = ("{seconds}", "{memory}", "{seed}")


@dataclass(frozen=True, kw_only=True)
class Command:
    """Any command that reads a task from a file and prints a program; see ``docs/benchmarking.md``.

    The file holds the examples that are shown and nothing that gives the answer away.  The command may print a
    ``define-fun`` or a program of the task's language; nothing means that it found none.

    Raises:
        InputError: for a command without a place for the task's file, or one that is not installed.
    """

    name: str
    command: str
    language: str | None = None
    own_limits: bool = False

    def __post_init__(self) -> None:
        if not any(place in self.command for place in PLACES):
            raise InputError(
                f"solver {self.name!r}: {self.command!r} has no place for the task's file; write {' or '.join(PLACES)} "
                f"where it goes; also known: {', '.join(_OTHERS)}"
            )
        program = self._words({})[0]
        if shutil.which(program) is None:
            raise InputError(f"solver {self.name!r}: no command {program!r} is installed here")

    @property
    def settings(self) -> Mapping[str, str]:
        """It has neither guide nor search of ours."""
        return {"guide": "", "search": ""}

    def prepare(self, language: str) -> None:
        """Another program loads what it needs itself."""

    def _words(self, places: Mapping[str, str]) -> list[str]:
        try:
            words = shlex.split(self.command)
        except ValueError as error:
            raise InputError(f"solver {self.name!r}: {self.command!r} is no command: {error}") from None
        for place, value in places.items():  # after splitting, so that paths with blanks stay one word
            words = [w.replace(place, value) for w in words]
        return words

    def solve(self, task: Task, limits: Limits, seed: int) -> Result:
        """What the command answers within its time, checked."""
        language = self.language or task.language or guess_language(task)
        with tempfile.TemporaryDirectory(prefix="neurosynth-bench-") as folder:
            places = {
                **_write(task, Path(folder), self.command),
                "{seconds}": f"{limits.seconds:g}",
                "{memory}": f"{limits.max_memory:g}",
                "{seed}": str(seed),
            }
            started = time.perf_counter()
            answer = _run(self._words(places), limits.seconds, self.name)
        stats = Stats(seconds=time.perf_counter() - started, peak_memory_mb=_peak_of_children())
        if answer is None:
            return no_program(task, language, StopReason.TIME, stats)
        if not answer.strip():
            return no_program(task, language, StopReason.EXHAUSTED, stats)
        return checked(answer, task, language, self.name, stats)


def _write(task: Task, folder: Path, command: str) -> dict[str, str]:
    """The task's file, in the form the command wants: the examples shown, without what else its own file says of it."""
    shown = replace(task, test_examples=(), extra={k: v for k, v in task.extra.items() if k in ("logic", "function")})
    places = {}
    for place, write in (("{task.sl}", to_sygus), ("{task.json}", _json)):
        if place in command:
            path = folder / place.strip("{}")
            path.write_text(write(replace(shown, extra=task.extra) if write is to_sygus else shown), encoding="utf-8")
            places[place] = str(path)
    return places


def _json(task: Task) -> str:
    return json.dumps(task_to_json(task), ensure_ascii=False) + "\n"


def _run(words: list[str], seconds: float, name: str) -> str | None:
    """What it prints, or None when the time is over.

    Raises:
        InputError: when its exit status is not 0, with the last line it wrote on stderr.
    """
    try:
        done = subprocess.run(words, capture_output=True, timeout=seconds, stdin=subprocess.DEVNULL)
    except subprocess.TimeoutExpired:
        return None
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().split("\n")[-1]
        raise InputError(f"{name} ended with exit status {done.returncode}{': ' if said else ''}{said[:200]}")
    return done.stdout.decode("utf-8", "replace")


def _peak_of_children() -> float:
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak / 1e3


def solver_named(text: str, *, language: str | None, guide: str | None, search: str | None) -> Solver:
    """The solver of a command line's options.

    Args:
        text: ``neurosynth``, ``cvc5``, or ``NAME=COMMAND``.
        language: for all tasks; None for each task's own.
        guide: for neurosynth; None for its default.
        search: for neurosynth; None for its default.

    Raises:
        InputError: for an unknown solver, one that is not installed, or a guide or search for another solver than ours.
    """
    if text == "neurosynth":
        return Neurosynth(language=language, guide=guide or AUTO, search=search or "auto")
    for option, given in (("--guide", guide), ("--search", search)):
        if given is not None:
            raise InputError(
                f"{option} {given}: goes with --solver neurosynth only; {text.split('=')[0]} has its own ways"
            )
    if text == "cvc5":
        return Cvc5(language=language)
    name, equals, command = text.partition("=")
    if not equals or not name or not command or not name.replace("-", "").replace("_", "").replace(".", "").isalnum():
        raise UnknownNameError("solver", text, ["neurosynth", "cvc5", "NAME=COMMAND"])
    return Command(name=name, command=command, language=language)
