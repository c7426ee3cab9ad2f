"""What the benchmark runner costs: processor time against solving in a loop, and small tasks a minute.

    python benchmarks/bench_runner.py [--tasks 40] [--seconds 1] [--trivial 3000] [--jobs 2] [--out rows.jsonl]

``overhead``: tasks that no small program solves, each stopped after as many candidates as take about ``--seconds`` of
processor time on this machine; all processor time of ``neurosynth bench run`` (starting Python, reading tasks, every
process below it) is compared with that of one process that solves them one after the other and writes down what it
finds.  The work is the same, candidate for candidate, so that a busy machine changes both alike.  ``trivial``: tasks
solved at once, by the same two ways.  One row a measurement.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from neurosynth.search.base import Limits
from neurosynth.synthesize import synthesize
from neurosynth.tasks import write_jsonl
from neurosynth.tasks.task import Task, example

LOOP = """
import json, sys
from neurosynth.search.base import Limits
from neurosynth.synthesize import synthesize
from neurosynth.tasks import load_tasks
limits = Limits(seconds=1000, max_programs=int(sys.argv[3]))
with open(sys.argv[2], "w", encoding="utf-8") as out:
    for task in load_tasks(sys.argv[1]):
        result = synthesize(task, guide="uniform", search="bottom-up", limits=limits)
        out.write(json.dumps(result.to_json()) + "\\n")
"""
"""Solving one after the other, as plainly as it can be done."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """One run."""

    tasks: int = 40
    seconds: float = 1.0
    """Of each of them, about."""
    trivial: int = 3000
    jobs: int = 2
    """Tasks at a time, of the trivial ones."""


def noise(number: int) -> Task:
    """A task over lists without a small program."""
    rows = [([i, 3, 7, number], [(i * 7919 + number * 31) % 101, 977]) for i in range(6)]
    return Task([example(given, output=wanted) for given, wanted in rows], f"noise-{number}")


def small(number: int) -> Task:
    """A task that ``(+ x0 x1)`` solves."""
    return Task([example(i + number, 3 * i + 1, output=4 * i + 1 + number) for i in range(3)], f"small-{number}")


def processor_seconds() -> float:
    """Of all processes that have ended below this one."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def timed(arguments: Sequence[str]) -> tuple[float, float]:
    """Seconds and processor seconds of a Python process.

    Raises:
        RuntimeError: when it fails; shows what it wrote.
    """
    started, used = time.perf_counter(), processor_seconds()
    done = subprocess.run([sys.executable, *arguments], capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"exit status {done.returncode}: {done.stderr[-2000:]}")
    return time.perf_counter() - started, processor_seconds() - used


def both(tasks: Sequence[Task], programs: int, jobs: int, folder: Path) -> dict[str, Any]:
    """The same tasks by the loop and by the runner."""
    suite, loop, runner = folder / "suite.jsonl", folder / "loop.jsonl", folder / "runner.jsonl"
    write_jsonl(suite, tasks)
    loop_seconds, loop_used = timed(["-c", LOOP, str(suite), str(loop), str(programs)])
    runner.unlink(missing_ok=True)
    command = ["bench", "run", str(suite), "--out", str(runner), "--jobs", str(jobs), "--seconds", "1000"]
    command += ["--max-programs", str(programs), "--guide", "uniform", "--search", "bottom-up"]
    seconds, used = timed(["-c", "from neurosynth.cli import main; main()", *command])
    tried = {str(path): sum(row["stats"]["programs_tried"] for row in _rows(path)) for path in (loop, runner)}
    return {
        "tasks": len(tasks),
        "max_programs": programs,
        "jobs": jobs,
        "loop_processor_seconds": round(loop_used, 2),
        "runner_processor_seconds": round(used, 2),
        "overhead": round(used / loop_used - 1, 4),
        "loop_seconds": round(loop_seconds, 2),
        "runner_seconds": round(seconds, 2),
        "tasks_per_minute": round(60 * len(tasks) / seconds),
        "loop_candidates": tried[str(loop)],
        "runner_candidates": tried[str(runner)],
    }


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def candidates_of(seconds: float) -> int:
    """How many candidates such a task tries in so much processor time, once its compiled code is loaded."""
    for _ in range(2):
        started = time.process_time()
        result = synthesize(noise(0), guide="uniform", search="bottom-up", limits=Limits(seconds=seconds))
        used = time.process_time() - started
    return int(result.stats.programs_tried * seconds / used)


def measure(settings: Settings) -> list[dict[str, Any]]:
    """One row of each kind."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        # Long enough that everything is compiled, whatever this install has seen.
        synthesize(noise(0), guide="uniform", search="bottom-up", limits=Limits(seconds=30, max_programs=200_000))
        programs = candidates_of(settings.seconds)
        heavy = both([noise(i) for i in range(settings.tasks)], programs, 1, folder)
        light = both([small(i) for i in range(settings.trivial)], 10_000, settings.jobs, folder)
    common = {"benchmark": "runner", "load_average": round(os.getloadavg()[0], 2), "settings": asdict(settings)}
    return [{"section": "overhead", **heavy, **common}, {"section": "trivial", **light, **common}]


def main() -> None:
    """Measure and print; rows are appended."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else None)
    parser.add_argument("--tasks", type=int, default=Settings.tasks)
    parser.add_argument("--seconds", type=float, default=Settings.seconds)
    parser.add_argument("--trivial", type=int, default=Settings.trivial)
    parser.add_argument("--jobs", type=int, default=Settings.jobs)
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    settings = Settings(tasks=given.tasks, seconds=given.seconds, trivial=given.trivial, jobs=given.jobs)
    for row in measure(settings):
        print(
            f"{row['section']:9} {row['tasks']:6,} tasks: processor time {row['loop_processor_seconds']:.1f} s in a loop, "
            f"{row['runner_processor_seconds']:.1f} s by the runner ({row['overhead']:+.1%}); "
            f"{row['tasks_per_minute']:,} tasks/minute, {row['jobs']} at a time; "
            f"candidates {row['loop_candidates']:,} and {row['runner_candidates']:,}",
            flush=True,
        )
        if given.out is not None:
            with given.out.open("a", encoding="utf-8") as rows:
                rows.write(json.dumps(row) + "\n")


if __name__ == "__main__":
    main()
