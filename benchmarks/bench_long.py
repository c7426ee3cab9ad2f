"""Long list programs: sampled tasks of ten to fourteen operations with eight examples, and answers judged on ten others.

    python benchmarks/bench_long.py [--count 100] [--seconds 10] [--guide auto] [--out rows.jsonl]

Many sampled programs have a shorter one with the same behaviour; an answer is right where it gives the outputs of all ten other
examples. Seconds are of processor time, so that a busy machine gives the same figures. Rows are appended as tasks end, and the same
command continues an interrupted run. Prints the tasks solved, right, and right by some program found; and by which strategies.
"""

from __future__ import annotations

import argparse
import collections
import gc
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from benchmarks.measuring import Record, facts, read_rows
from neurosynth.search.base import Limits
from neurosynth.synthesize import synthesize
from neurosynth.tasks.checking import failing
from neurosynth.tasks.task import Task
from neurosynth.training.sampling import sample_tasks
from neurosynth.work_clock import clock_seconds, on_processor


@dataclass(frozen=True, kw_only=True)
class Settings:
    """One run."""

    count: int = 100
    """Number of tasks."""
    seconds: float = 10.0
    """Of each task, processor time."""
    least: int = 10
    """Minimum number of operations."""
    most: int = 14
    """Maximum number of operations."""
    examples: int = 8
    judges: int = 10
    """Number of other examples that an answer is judged on."""
    guide: str = "auto"
    seed: int = 77_000


def solve(
    tasks: Sequence[Task], settings: Settings, record: Record, known: Sequence[dict[str, Any]] = ()
) -> list[dict[str, Any]]:
    """A row for each task; ``known`` are those of an earlier run, of the first tasks."""
    rows = list(known)
    for task in tasks[len(known) :]:
        gc.collect()
        with on_processor():
            began = clock_seconds()
            result = synthesize(task, "lists", guide=settings.guide, limits=Limits(seconds=settings.seconds))
            seconds = clock_seconds() - began
        best = result.solutions[0].program if result.solutions else None
        found = result.ranking.programs if result.ranking is not None else ()
        row: dict[str, Any] = {
            "task": task.name,
            "meant": str(task.extra.get("program")),
            "solved": result.solved,
            "found": str(best),
            "right": best is not None and not failing(best, task.test_examples),
            "any": any(not failing(p, task.test_examples) for p in found),
            "source": result.findings.sources.get(best) if best is not None and result.findings is not None else None,
            "first_solved": result.stats.first_solved,
            "programs_tried": result.stats.programs_tried,
            "seconds": round(seconds, 3),
        }
        record("long", **row)
        rows.append(row)
    return rows


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, value in asdict(Settings()).items():
        parser.add_argument(f"--{name}", type=type(value), default=value)
    parser.add_argument("--out", type=Path)
    given = vars(parser.parse_args())
    out = given.pop("out")
    settings = Settings(**given)
    tasks = sample_tasks(
        "lists",
        count=settings.count,
        seed=settings.seed,
        sizes=(settings.least, settings.most),
        examples=(settings.examples, settings.examples),
        test_examples=settings.judges,
        workers=1,
    )
    known = read_rows(out) if out is not None else []
    rows = solve(tasks, settings, Record(out, facts(settings.seed, asdict(settings))), known)
    sources = collections.Counter(str(r["source"]) for r in rows if r["right"])
    print(
        f"solved {sum(r['solved'] for r in rows)}, right {sum(r['right'] for r in rows)}, right by some program found "
        f"{sum(r['any'] for r in rows)} of {len(rows)}; right ones by {dict(sources)}"
    )


if __name__ == "__main__":
    main()
