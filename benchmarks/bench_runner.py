"""What the benchmark runner costs: processor time against solving in a loop, and small tasks a minute.

    python benchmarks/bench_runner.py [--tasks 40] [--seconds 1] [--rounds 3] [--short 10000] [--trivial 3000] [--jobs 2]
        [--out rows.jsonl]

``overhead``: tasks that no small program solves, each stopped after as many candidates as take about ``--seconds`` of
processor time on this machine; all processor time of ``neurosynth bench run`` (starting Python, reading tasks, every
process below it) is compared with that of one process that solves them one after the other and writes down what it
finds.  The work is the same, candidate for candidate, and both run at the same time on one core, so that whatever else
the machine does slows both alike: one after the other they differed by up to 40 % from run to run.  ``short``: the same
with very many tasks of 20 ms, which may cost 30 ms each.  ``trivial``: tasks solved at once, by the same two ways, one after the
other.  One row a measurement.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

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
SHORT = 0.02
"""Seconds of a short task."""
WARMING = 5
"""Times that a task is solved before anything is measured."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """One run."""

    tasks: int = 40
    seconds: float = 1.0
    """Of each of them, about."""
    rounds: int = 3
    """Times that is measured."""
    short: int = 10_000
    """Tasks of about 20 ms each."""
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


@dataclass(frozen=True, slots=True)
class Used:
    """What a process and those it started took."""

    seconds: float
    processor_seconds: float


def run(commands: Sequence[Sequence[str]], together: bool) -> list[Used]:
    """Python processes with these arguments: one after the other, or at the same time on one core.

    Raises:
        RuntimeError: when one fails; shows what it wrote.
    """
    if not together:
        return [found for arguments in commands for found in [_end(_start(arguments))]]
    own = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(own)})
    try:
        started = [_start(arguments) for arguments in commands]
    finally:
        os.sched_setaffinity(0, own)
    return [_end(process) for process in started]


def _start(arguments: Sequence[str]) -> tuple[subprocess.Popen[bytes], IO[bytes], float]:
    said = tempfile.TemporaryFile()  # noqa: SIM115  closed when the process ends
    process = subprocess.Popen([sys.executable, *arguments], stdout=said, stderr=said)
    return process, said, time.perf_counter()


def _end(started: tuple[subprocess.Popen[bytes], IO[bytes], float]) -> Used:
    process, said, began = started
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    with said:
        if process.returncode:
            said.seek(0)
            raise RuntimeError(f"exit status {process.returncode}: {said.read().decode()[-2000:]}")
    return Used(time.perf_counter() - began, usage.ru_utime + usage.ru_stime)


def both(tasks: Sequence[Task], programs: int, jobs: int, folder: Path, *, together: bool) -> dict[str, Any]:
    """The same tasks by the loop and by the runner."""
    suite, loop, runner = folder / "suite.jsonl", folder / "loop.jsonl", folder / "runner.jsonl"
    write_jsonl(suite, tasks)
    runner.unlink(missing_ok=True)
    command = ["bench", "run", str(suite), "--out", str(runner), "--jobs", str(jobs), "--seconds", "1000"]
    command += ["--max-programs", str(programs), "--guide", "uniform", "--search", "bottom-up"]
    plain = ["-c", LOOP, str(suite), str(loop), str(programs)]
    by_loop, by_runner = run([plain, ["-c", "from neurosynth.cli import main; main()", *command]], together)
    tried = {str(path): sum(row["stats"]["programs_tried"] for row in _rows(path)) for path in (loop, runner)}
    return {
        "tasks": len(tasks),
        "max_programs": programs,
        "jobs": jobs,
        "together": together,
        "loop_processor_seconds": round(by_loop.processor_seconds, 2),
        "runner_processor_seconds": round(by_runner.processor_seconds, 2),
        "overhead": round(by_runner.processor_seconds / by_loop.processor_seconds - 1, 4),
        "loop_seconds": round(by_loop.seconds, 2),
        "runner_seconds": round(by_runner.seconds, 2),
        "runner_ms_per_task": round(1000 * by_runner.processor_seconds / len(tasks), 2),
        "tasks_per_minute": round(60 * len(tasks) / by_runner.seconds),
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


def measure(settings: Settings) -> Iterator[dict[str, Any]]:
    """A row of each round, and one of the trivial tasks."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        # Until a run compiles nothing more: on a new install some loops pay only after others have run for a while.
        for _ in range(WARMING):
            synthesize(noise(0), guide="uniform", search="bottom-up", limits=Limits(seconds=30, max_programs=2_000_000))
        programs = candidates_of(settings.seconds)
        common = {"benchmark": "runner", "load_average": round(os.getloadavg()[0], 2), "settings": asdict(settings)}
        tasks = [noise(i) for i in range(settings.tasks)]
        for _ in range(settings.rounds if tasks else 0):
            yield {"section": "overhead", **both(tasks, programs, 1, folder, together=True), **common}
        if settings.short:
            tasks = [noise(i) for i in range(settings.short)]
            yield {"section": "short", **both(tasks, candidates_of(SHORT), 1, folder, together=True), **common}
        light = [small(i) for i in range(settings.trivial)]
        if light:
            yield {"section": "trivial", **both(light, 10_000, settings.jobs, folder, together=False), **common}


def main() -> None:
    """Measure and print; rows are appended."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else None)
    parser.add_argument("--tasks", type=int, default=Settings.tasks)
    parser.add_argument("--seconds", type=float, default=Settings.seconds)
    parser.add_argument("--rounds", type=int, default=Settings.rounds)
    parser.add_argument("--short", help="0: none", type=int, default=Settings.short)
    parser.add_argument("--trivial", help="0: none", type=int, default=Settings.trivial)
    parser.add_argument("--jobs", type=int, default=Settings.jobs)
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    chosen = {k: v for k, v in vars(given).items() if k != "out"}
    settings = Settings(**chosen)
    for row in measure(settings):
        print(
            f"{row['section']:9} {row['tasks']:6,} tasks: processor time {row['loop_processor_seconds']:.1f} s in a loop, "
            f"{row['runner_processor_seconds']:.1f} s by the runner ({row['overhead']:+.1%}), {row['runner_ms_per_task']:.1f} ms a task; "
            f"{row['tasks_per_minute']:,} tasks/minute, {row['jobs']} at a time; "
            f"candidates {row['loop_candidates']:,} and {row['runner_candidates']:,}",
            flush=True,
        )
        if given.out is not None:
            with given.out.open("a", encoding="utf-8") as rows:
                rows.write(json.dumps(row) + "\n")


if __name__ == "__main__":
    main()
