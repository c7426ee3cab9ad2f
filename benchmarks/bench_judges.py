"""DeepCoder's tasks of three examples, judged on others: is the answer the program that was meant?

    python benchmarks/bench_judges.py --suite ../shared/tasks/deepcoder-exedec.jsonl [--limit 100] [--seconds 10] [--out rows.jsonl]
        [--part open] [--every 2]

The suite has a program for each task and few examples, which many programs are right on.  The program is written in ``lists``
(``bench_guides.py``) and run on inputs that our sampler draws, with several ranges of numbers and lengths: an answer is right where it
gives the same on all of them.  ``--part`` and ``--every`` take the tasks of one part of the suite, and every so many of them.  Seconds
are of processor time, so that a busy machine gives the same figures.  Prints how many tasks are solved, right, and right by some program
found; and the places of the first right one.
"""

from __future__ import annotations

import argparse
import collections
import gc
import json
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from benchmarks.bench_candidates import part_of
from benchmarks.bench_guides import Settings as SuiteSettings
from benchmarks.bench_guides import suite
from benchmarks.measuring import Record, facts
from neurosynth.language.evaluate import Evaluator
from neurosynth.language.load import load_language
from neurosynth.language.primitive import UNDEFINED
from neurosynth.language.program import Program
from neurosynth.search.base import Limits
from neurosynth.synthesize import synthesize
from neurosynth.tasks.task import Task
from neurosynth.training.inputs import draw_profile
from neurosynth.values.frozen import typed_key
from neurosynth.work_clock import on_processor


@dataclass(frozen=True, kw_only=True)
class Settings:
    """One run."""

    limit: int = 100
    part: str = "all"
    """``open`` or ``blind`` for the tasks of one part."""
    every: int = 1
    """Every so many of the tasks."""
    seconds: float = 10.0
    """Of each task, processor time."""
    judges: int = 12
    """Inputs that an answer is judged on, each of a profile of its own."""
    guide: str = "auto"
    search: str = "auto"
    top: int = 1
    seed: int = 4_100


def judged_on(task: Task, program: Program, settings: Settings) -> list[tuple[tuple[Any, ...], Any]]:
    """Inputs that the program is defined on, none of which is an example's, with its outputs."""
    rng, evaluator = Random(f"{settings.seed} {task.name}"), Evaluator()
    known = {typed_key(e.inputs) for e in task.examples}
    found: list[tuple[tuple[Any, ...], Any]] = []
    for _ in range(20 * settings.judges):
        row = draw_profile(rng, task.parameters).row(rng)
        output = evaluator.run(program, row)
        if output is not UNDEFINED and typed_key(row) not in known:
            known.add(typed_key(row))
            found.append((row, output))
        if len(found) == settings.judges:
            break
    return found


def right(program: Program, judges: Sequence[tuple[tuple[Any, ...], Any]]) -> bool:
    """Whether a program gives what the one that was meant gives on all of them."""
    evaluator = Evaluator()
    return all(typed_key(evaluator.run(program, row)) == typed_key(output) for row, output in judges)


def solve(pairs: Sequence[tuple[Task, Program]], settings: Settings, record: Record) -> list[dict[str, Any]]:
    """A row for each task."""
    rows = []
    for task, program in pairs:
        judges = judged_on(task, program, settings)
        gc.collect()
        with on_processor():
            began = time.process_time()
            result = synthesize(
                task,
                "lists",
                guide=settings.guide,
                search=settings.search,
                limits=Limits(seconds=settings.seconds),
                top=settings.top,
            )
            seconds = time.process_time() - began
        found = result.ranking.programs if result.ranking is not None else ()
        places = [i for i, p in enumerate(found, 1) if right(p, judges)]
        best = result.solutions[0].program if result.solutions else None
        row = {
            "task": task.name,
            "family": task.extra.get("family"),
            "meant": str(program),
            "judges": len(judges),
            "solved": result.solved,
            "found": str(best),
            "right": best is not None and right(best, judges),
            "place": places[0] if places else None,
            "programs": len(found),
            "source": result.findings.sources.get(best) if best is not None and result.findings is not None else None,
            "first_solved": result.stats.first_solved,
            "programs_tried": result.stats.programs_tried,
            "seconds": round(seconds, 3),
        }
        record("judges", **row)
        rows.append(row)
    return rows


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--suite", type=Path, required=True)
    for name, value in asdict(Settings()).items():
        parser.add_argument(f"--{name}", type=type(value), default=value)
    parser.add_argument("--out", type=Path)
    given = vars(parser.parse_args())
    path, out = given.pop("suite"), given.pop("out")
    settings = Settings(**given)
    drawn = suite(path, load_language("lists"), SuiteSettings(limit=settings.limit))
    pairs = [(task, program) for task, program in drawn if program is not None]
    pairs = [(t, p) for t, p in pairs if settings.part in ("all", part_of(t))][:: settings.every]
    print(
        f"{len(drawn)} tasks, {len(pairs)} chosen, with a program in 'lists' that is right on the examples", flush=True
    )
    rows = solve(pairs, settings, Record(out, facts(settings.seed, json.loads(json.dumps(asdict(settings))))))
    places = collections.Counter(r["place"] for r in rows)
    print(
        f"solved {sum(r['solved'] for r in rows)}, right {sum(r['right'] for r in rows)}, right by some program found "
        f"{sum(r['place'] is not None for r in rows)} of {len(rows)}; median seconds "
        f"{statistics.median(r['seconds'] for r in rows):.2f}, places of the first right one {places.most_common(8)}"
    )


if __name__ == "__main__":
    main()
