"""Any command as a solver: it reads a task's file and prints a program, which is verified here."""

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
from neurosynth.errors import InputError
from neurosynth.search.base import Limits, Stats, StopReason
from neurosynth.synthesize import Result
from neurosynth.tasks.guess import guess_language
from neurosynth.tasks.json_io import task_to_json
from neurosynth.tasks.sygus_writer import to_sygus
from neurosynth.tasks.task import Task

__all__ = ["Command"]

PLACES = ("{task.sl}", "{task.json}")
"""Placeholders for the task's file in a command; one of them is required."""
_OTHERS = ("{seconds}", "{memory}", "{seed}")


@dataclass(frozen=True, kw_only=True)
class Command:
    """Any command that reads a task from a file and prints a program; see ``docs/benchmarking.md``.

    The file has the shown examples, and nothing that reveals the answer. The command may print a ``define-fun`` or a program of the
    task's language; an empty output means that it found none.

    Raises:
        InputError: for a command without a placeholder for the task's file, or one that is not installed.
    """

    name: str
    command: str
    language: str | None = None
    own_limits: bool = False

    def __post_init__(self) -> None:
        if not any(place in self.command for place in PLACES):
            raise InputError(
                f"solver {self.name!r}: {self.command!r} has no placeholder for the task's file; write {' or '.join(PLACES)} "
                f"where it goes; also known: {', '.join(_OTHERS)}"
            )
        program = self._words({})[0]
        if shutil.which(program) is None:
            raise InputError(f"solver {self.name!r}: no command {program!r} was found; install it, or give its path")

    @property
    def settings(self) -> Mapping[str, str]:
        """It uses neither a guide nor a search of this project."""
        return {"guide": "", "search": ""}

    def prepare(self, language: str) -> None:
        """The other program loads what it needs itself."""

    def _words(self, places: Mapping[str, str]) -> list[str]:
        try:
            words = shlex.split(self.command)
        except ValueError as error:
            raise InputError(f"solver {self.name!r}: {self.command!r} is not a command: {error}") from None
        for place, value in places.items():  # after splitting, so that a path with blanks stays one word
            words = [w.replace(place, value) for w in words]
        return words

    def solve(self, task: Task, limits: Limits, seed: int) -> Result:
        """The verified answer of the command within its time."""
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
    """The task's file in the form for the command: the shown examples, without further fields of the task's own file."""
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
    """Its output, or None if the time is over.

    Raises:
        InputError: if its exit status is not 0, with the last line of its stderr.
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
