"""What benchmark scripts share: facts about the run, rows of JSON, fresh processes, bars."""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import os
import platform
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from neurosynth.search.base import Limits
from neurosynth.synthesize import synthesize
from neurosynth.tasks.task import Task

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("neurosynth-pbe", "numpy", "numba", "llvmlite", "lark", "networkx", "typer", "rich")

COMPILED_TASK = {
    "name": "compiled",
    "language": "lists",
    "examples": [
        {"inputs": [[3, -1, 4, 1, -5]], "output": [1, 1, 9, 16, 25]},
        {"inputs": [[9, -2, 6]], "output": [4, 36, 81]},
        {"inputs": [[-7, 7, 8, 2]], "output": [4, 49, 49, 64]},
        {"inputs": [[1, 0, -5, 3, -4]], "output": [0, 1, 9, 16, 25]},
    ],
}
"""The squares in order: beyond what a search does before its compiled loops start."""

LETTER_TASK = {
    "name": "letter",
    "language": "strings",
    "examples": [
        {"inputs": [first, last], "output": f"Dear {last}, {first[0]}. - {last} ({first})"}
        for first, last in (("Ada", "Lovelace"), ("Alan", "Turing"), ("Grace", "Hopper"), ("Kurt", "Gdel"))
    ],
}
"""A text of nine pieces: enumeration does not come that far, chains do."""


def one_core() -> set[int]:
    """Keep this process and its children to one core, where the system can; returns the cores in use."""
    if sys.platform != "linux":
        return set()
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    return os.sched_getaffinity(0)


def commit() -> str:
    """The commit of the checkout, with a plus sign when files differ from it; empty outside a checkout."""
    try:
        found = _git("rev-parse", "--short=12", "HEAD")
        changed = _git("status", "--porcelain", "--untracked-files=no")
    except (OSError, subprocess.CalledProcessError):
        return ""
    return found + ("+" if changed else "")


def _git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def facts(seed: int, settings: Mapping[str, Any]) -> dict[str, Any]:
    """What every row says about its run."""
    versions = {"python": platform.python_version()}
    for package in PACKAGES:
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            versions[package] = ""
    machine = {"system": platform.system(), "cpu": _cpu(), "cores": os.cpu_count()}
    limits = {k: v if isinstance(v, (int, float, str, type(None))) else str(v) for k, v in settings.items()}
    return {"commit": commit(), "versions": versions, "machine": machine, "seed": seed, "limits": limits}


def _cpu() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())


@dataclass(frozen=True)
class Record:
    """Appends rows to a file as they come."""

    path: Path | None
    common: Mapping[str, Any]

    def __call__(self, section: str, **row: Any) -> None:
        """Append one row."""
        if self.path is not None:
            with self.path.open("a", encoding="utf-8") as file:
                file.write(json.dumps({"section": section, **row, **self.common}, default=str) + "\n")


def read_rows(path: Path) -> list[dict[str, Any]]:
    """The rows of a file, whose last one may be cut off; none if there is no file."""
    if not path.exists():
        return []
    lines = path.read_text("utf-8").splitlines(keepends=True)
    return [json.loads(line) for line in lines if line.endswith("\n")]


@dataclass(frozen=True)
class Finished:
    """A process that ended."""

    out: str
    seconds: float
    """Wall-clock, from before the process was made."""


def python(arguments: Sequence[str], environment: Mapping[str, str] | None = None) -> Finished:
    """Run this interpreter in a process of its own.

    Raises:
        RuntimeError: when it exits with another status than 0 or 1; shows what it wrote.
    """
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, *arguments],
        env={**os.environ, **(environment or {})},
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    seconds = time.perf_counter() - started
    if done.returncode not in (0, 1):
        raise RuntimeError(f"{arguments} exited with {done.returncode}: {done.stderr[-2000:]}")
    return Finished(done.stdout, seconds)


def apart(function: Callable[..., dict[str, Any]], arguments: Sequence[Any], seconds: float) -> dict[str, Any]:
    """What ``function`` returns in a forked process of its own, with ``peak_gb``, the most memory it held.

    A process that is killed, or says nothing for ``seconds``, gives ``{"stop": "crash"}`` or ``{"stop": "hang"}``.
    """
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)

    def work() -> None:
        row = function(*arguments)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e9 if sys.platform == "darwin" else 1e6)
        theirs.send({**row, "peak_gb": round(peak, 3)})

    process = context.Process(target=work)
    process.start()
    theirs.close()
    row: dict[str, Any] = {"stop": "crash"}
    with contextlib.suppress(EOFError):
        row = ours.recv() if ours.poll(seconds) else {"stop": "hang"}
    process.kill()
    process.join()
    return row


def solve(task: Task, language: str | None, limits: Limits) -> dict[str, Any]:
    """Solve, and say why it stopped and what was best."""
    result = synthesize(task, task.language or language, limits=limits)
    best = result.solutions[0] if result.solutions else result.closest
    return {
        "stop": result.stop.value,
        "seconds": round(result.stats.seconds, 2),
        "candidates": result.stats.programs_tried,
        "kept": result.stats.values_kept,
        "best": f"{best.share:.0%} {best}" if best is not None else "none",
    }


def bar(value: float, limit: float | None, *, least: bool = True) -> str:
    """Whether a value meets its bar, in words; nothing where there is none."""
    if limit is None:
        return ""
    met = value >= limit if least else value <= limit
    return f"({'meets' if met else 'MISSES'} the bar: {'at least' if least else 'at most'} {limit:g})"


def suite_bar(name: str, rows: Sequence[Mapping[str, Any]]) -> str:
    """The bars of suites: how many tasks must be solved within 10 s each."""
    chosen = [r for r in rows if name != "sygus-bitvectors" or str(r["task"]).endswith("_10")]
    share = {"sygus-strings": 92 / 124, "sygus-bitvectors": 0.5, "dreamcoder-lists": 0.75}.get(name)
    if share is None or not chosen:
        return ""
    solved = sum(r["stop"] == "solved" for r in chosen)
    of = "tasks of 10 examples" if name == "sygus-bitvectors" else "tasks"
    return f"{solved / len(chosen):.1%} of {len(chosen)} {of} {bar(solved / len(chosen), round(share, 3))}"
