"""Candidates until solved, with a guide named and without one, in ``auto``: the same tasks, limits in processor time.

    python benchmarks/bench_candidates.py lambdabeam-lists dreamcoder-lists --every 1 6 --out candidates.jsonl
        [--tasks ../shared/tasks] [--guides uniform lists-transformer] [--seconds 10] [--shown 0]

A candidate is a program whose outputs were computed; "until solved" counts those up to the first program that is right on all examples.
The first of ``--guides`` is the one that the others are compared with.  Limits are of processor time, so a busy machine gives the same
figures; everything runs in one process.  Rows are appended as searches end, and the same command continues where a run was cut off.
``--every`` takes every so many tasks of a suite, one number for each suite; ``--part open`` or ``blind`` only those of one part.
With ``--shown``, suites without test examples show so many of their examples, spread evenly, and are judged on the others.
Prints, for each suite and part: tasks, solved and right by each guide, median candidates, the median ratio over tasks that both solve.
"""

from __future__ import annotations

import argparse
import gc
import hashlib
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from benchmarks.measuring import Record, facts, read_rows
from neurosynth.bench.suites import find_suite
from neurosynth.language.evaluate import Evaluator
from neurosynth.ranking.agreement import cases
from neurosynth.search.base import Limits
from neurosynth.synthesize import synthesize
from neurosynth.tasks.task import Task
from neurosynth.values.frozen import typed_key
from neurosynth.work_clock import on_processor

PARTS = ("open", "blind")


@dataclass(frozen=True, kw_only=True)
class Settings:
    """One run."""

    seconds: float = 10.0
    """Of each search, processor time."""
    search: str = "auto"
    shown: int = 0
    """Examples shown of suites without test examples; 0 for all."""


def part_of(task: Task) -> str:
    """Which part of a suite a task is in, by its family (``blind.py`` beside the suites)."""
    family = str(task.extra.get("family") or task.name)
    return PARTS[int(hashlib.sha1(family.encode()).hexdigest(), 16) % 3 == 0]


def chosen(path: Path, every: int, part: str, settings: Settings) -> Iterator[Task]:
    """Every so many tasks of a suite."""
    suite = find_suite(str(path), lambda error: print(error, file=sys.stderr))
    for task in suite.tasks[::every]:
        if part in ("all", part_of(task)):
            yield task if task.test_examples or not settings.shown else split(task, settings.shown)


def split(task: Task, shown: int) -> Task:
    """The task with so many of its examples, spread evenly, and the others as tests."""
    places = {i * len(task.examples) // shown for i in range(shown)}
    rest = [e for i, e in enumerate(task.examples) if i not in places]
    return replace(task, examples=[task.examples[i] for i in sorted(places)], test_examples=rest)


def solve(task: Task, guide: str, settings: Settings) -> dict[str, Any]:
    """What a row says about a search."""
    gc.collect()
    with on_processor():
        began = time.process_time()
        limits = Limits(seconds=settings.seconds)
        result = synthesize(task, guide=guide, search=settings.search, limits=limits)
        seconds = time.process_time() - began
    evaluator, told = Evaluator(), result.findings
    programs = result.ranking.programs if result.ranking is not None and result.solutions else ()
    best = result.best.program if result.solutions else None
    tests = list(task.test_examples)

    def right(program: Any) -> bool:
        return all(typed_key(evaluator.run(program, e.inputs)) == typed_key(e.output) for e in tests)

    finds = sorted(told.finds, key=lambda f: f.tried) if told is not None else []
    by = told.sources if told is not None else {}
    return {
        "solved": result.solved,
        "right": None if not tests else best is not None and right(best),
        "any_right": None if not tests else any(map(right, (*programs, *((best,) if best else ())))),
        "first_solved": result.stats.first_solved,
        "first_by": by.get(finds[0].program) if finds else None,
        "programs_tried": result.stats.programs_tried,
        "seconds": round(seconds, 3),
        "best": str(best),
        "by": by.get(best) if best is not None else None,
        "cases": cases(best) if best is not None else None,
    }


def line(name: str, rows: Sequence[dict[str, Any]], base: Sequence[dict[str, Any]]) -> str:
    """One guide on one part of a suite."""
    solved = {r["task"]: r for r in rows if r["solved"]}
    other = {r["task"]: r for r in base if r["solved"]}
    until = {task: max(1, r["first_solved"] or r["programs_tried"]) for task, r in solved.items()}
    both = [max(1, other[t]["first_solved"] or other[t]["programs_tried"]) / n for t, n in until.items() if t in other]
    tested = [r for r in rows if r["right"] is not None]
    trees = sum(is_tree(r) for r in solved.values())
    parts = [
        f"{name:20} solved {len(solved):3} of {len(rows):3}, trees {trees:3}",
        f"right {sum(r['right'] for r in tested):3} (any {sum(r['any_right'] for r in tested):3})" if tested else "",
        f"median candidates {statistics.median(until.values()):11,.1f}" if until else "",
        f"ratio {statistics.median(both):8.2f} over {len(both):3}, {sum(b >= 10 for b in both):3} at 10"
        if both
        else "",
        f"{sum(r['seconds'] for r in rows):7.1f} s, median {statistics.median(r['seconds'] for r in rows):.2f} s",
    ]
    return "  ".join(p for p in parts if p)


def is_tree(row: dict[str, Any]) -> bool:
    """Whether the answer is a decision tree, or has one as the body of a function."""
    return "tree" in (row["by"] or "") or (row["cases"] or 1) > 1


def report(rows: Sequence[dict[str, Any]], guides: Sequence[str]) -> str:
    """All suites, whole and by part."""
    lines = []
    for suite in dict.fromkeys(r["suite"] for r in rows):
        for part in ("all", *PARTS):
            of = [r for r in rows if r["suite"] == suite and part in ("all", r["part"])]
            if not of:
                continue
            lines.append(f"{suite}, {part}:")
            base = [r for r in of if r["guide"] == guides[0]]
            lines += [f"  {line(g, [r for r in of if r['guide'] == g], base)}" for g in guides]
        for guide in guides:
            first = Counter(r["first_by"] for r in rows if r["suite"] == suite and r["guide"] == guide and r["solved"])
            lines.append(f"  first found, {guide}: " + ", ".join(f"{n} {k}" for k, n in first.most_common()))
    return "\n".join(lines)


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("suites", nargs="*", default=["lambdabeam-lists", "dreamcoder-lists"])
    parser.add_argument("--tasks", type=Path, default=Path(__file__).resolve().parents[2] / "shared" / "tasks")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--guides", nargs="+", default=["uniform", "lists-transformer"])
    parser.add_argument("--every", type=int, nargs="+", default=[1])
    parser.add_argument("--part", choices=("all", *PARTS), default="all")
    for name, value in asdict(Settings()).items():
        parser.add_argument(f"--{name}", type=type(value), default=value)
    given = vars(parser.parse_args())
    settings = Settings(**{name: given[name] for name in asdict(Settings())})
    out, guides = given["out"], given["guides"]
    every = (given["every"] * len(given["suites"]))[: len(given["suites"])]
    record = Record(out, facts(0, asdict(settings)))
    known = {(r["suite"], r["task"], r["guide"]) for r in read_rows(out)}
    for name, step in zip(given["suites"], every, strict=True):
        path = given["tasks"] / name
        for task in chosen(path if path.is_dir() else path.with_suffix(".jsonl"), step, given["part"], settings):
            for guide in guides:
                if (name, task.name, guide) not in known:
                    about = {"suite": name, "task": task.name, "part": part_of(task), "guide": guide}
                    record("candidates", **about, **solve(task, guide, settings))
    print(report(read_rows(out), guides))


if __name__ == "__main__":
    main()
