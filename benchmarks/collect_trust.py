"""Answers that confidence is fitted on: programs found for tasks of known outcome, and which of them are right on what was not shown.

    python benchmarks/collect_trust.py --out trust.jsonl [--tasks ../shared/tasks] [--every N] [--seconds 10] ["SUITE" …]

Runs the settings that ship, in one process; limits and seconds are of processor time, so that a busy machine finds the same.
A row is appended as each task ends, and the same command continues where a run was cut off.  A row has the texts of all programs
found with what is known of them, so that features can be changed without another search.
"""

from __future__ import annotations

import argparse
import gc
import gzip
import json
import math
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # benchmarks is a folder of scripts, never installed

from benchmarks.trust_tasks import BESIDE, HELD, MEASURED, ROOT, TrustTask, trust_tasks  # found by the line above
from neurosynth.language.evaluate import Evaluator
from neurosynth.language.program import Program
from neurosynth.search.base import Limits
from neurosynth.search.candidates import Find
from neurosynth.synthesize import Result, synthesize
from neurosynth.tasks.task import Example
from neurosynth.values.frozen import typed_key

KNOWN = (*MEASURED, *BESIDE, HELD)
"""Suites; the last is run when named alone."""
JUDGED = 200
"""Rows that a program is judged on at most, spread evenly."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """One run."""

    tasks: Path
    out: Path
    suites: tuple[str, ...]
    every: int = 1
    """Of every so many tasks of a suite one is run."""
    seconds: float = 10.0
    """Of each task."""
    budget: float = float("inf")
    """Seconds after which no further task begins."""


def collect(settings: Settings) -> int:
    """Run what is left to run; returns how many rows were added."""
    known = {row["key"] for row in read(settings.out)}
    end, added = time.monotonic() + settings.budget, 0
    for suite in settings.suites:
        for wanted in list(trust_tasks(settings.tasks, suite))[:: settings.every]:
            if wanted.key in known:
                continue
            if time.monotonic() > end:
                return added
            with settings.out.open("a", encoding="utf-8") as file:
                file.write(json.dumps(answer(wanted, settings.seconds), ensure_ascii=False) + "\n")
            added += 1
    return added


def read(path: Path) -> list[dict[str, Any]]:
    """The rows of a file, compressed or not; none where there is no file."""
    if not path.exists():
        return []
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return [json.loads(line) for line in data.decode("utf-8").splitlines()]


def answer(wanted: TrustTask, seconds: float) -> dict[str, Any]:
    """The row of a task."""
    gc.collect()
    began = time.process_time()
    row: dict[str, Any] = {"key": wanted.key, "suite": wanted.suite, "family": wanted.family}
    row["shown"] = len(wanted.task.examples)
    try:
        result = synthesize(wanted.task, limits=Limits(seconds=seconds))
    except Exception as error:  # a bug must not cost the run: the row says it, and the end counts them
        return {**row, "error": f"{type(error).__name__}: {error}", "programs": []}
    row["processor"] = round(time.process_time() - began, 4)
    row |= {"stop": result.stop.value, "language": result.language.name, "stated": round(result.confidence, 6)}
    row |= {"tried": result.stats.programs_tried, "first_solved": result.stats.first_solved}
    row |= {"near": str(result.near.program)} if result.near is not None else {}
    return {**row, "programs": _programs(result, wanted.task.test_examples)}


def _programs(result: Result, tests: Iterable[Example]) -> list[dict[str, Any]]:
    """All that are right on what was shown, the first of the result first, each with the rows it is right on."""
    found, told = result.evidence, result.findings
    if found is None or told is None or not result.solutions:
        return []
    judged = list(tests)
    if len(judged) > JUDGED:
        judged = [judged[i * len(judged) // JUDGED] for i in range(JUDGED)]
    evaluator, finds = Evaluator(), {f.program: f for f in reversed(told.finds)}
    best = result.best.program
    rows = []
    for program in (best, *(p for p in found.programs if p != best)):
        right = [_right(evaluator, program, e) for e in judged]
        row: dict[str, Any] = {"text": str(program), "right": all(right)}
        row["right_rows"] = "".join("01"[r] for r in right)
        row["found"] = found.programs.index(program)
        if program in found.bits:
            row["bits"] = found.bits[program]
        row["source"] = found.sources.get(program, "")
        row |= {"suspect": program in found.suspects} if program in found.suspects else {}
        row |= {"guide": True} if program in found.guide_proposed else {}
        if program in finds:
            row["find"] = _find(finds[program])
        rows.append(row)
    return rows


def _find(f: Find) -> dict[str, Any]:
    """When a program was found, and how long it was to wait."""
    told = {"seconds": round(f.seconds, 4), "tried": f.tried, "cost": f.cost, "reached": f.reached}
    told |= {"leaves": f.leaves, "deduced": f.deduced}
    return told | ({"wait": round(f.wait, 4)} if math.isfinite(f.wait) else {})


def _right(evaluator: Evaluator, program: Program, e: Example) -> bool:
    given: bool = typed_key(evaluator.run(program, e.inputs)) == typed_key(e.output)
    return given


def main() -> None:
    """Collect from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("suites", nargs="*", metavar="SUITE", help=", ".join(KNOWN))
    parser.add_argument("--tasks", type=Path, default=ROOT.parent / "shared" / "tasks")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--every", type=int, default=1, metavar="N")
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--budget", type=float, default=float("inf"), metavar="SECONDS")
    given = vars(parser.parse_args())
    unknown = [s for s in given["suites"] if s not in KNOWN]
    if unknown:
        parser.error(f"unknown suite {unknown[0]!r}; known: {', '.join(KNOWN)}")
    given["suites"] = tuple(given["suites"] or (*MEASURED, *BESIDE))
    settings = Settings(**given)
    time.perf_counter = time.process_time  # the one clock that all searches look at
    print(collect(settings), "rows added")
    failed = [row for row in read(settings.out) if "error" in row]
    for row in failed:
        print(f"{row['key']}: {row['error']}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
