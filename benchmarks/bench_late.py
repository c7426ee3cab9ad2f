"""Whether guides keep the time limit: sampled tasks, and how long after the limit the latest search ended.

    python benchmarks/bench_late.py --out late [--count 250] [--seconds 1] [--languages lists strings] [--wall]

Each language's tasks (three to seven operations, so that many run to the limit) are solved with its neural guide twice: named, so that
decoding begins at once, and by default, where it is asked late. Limits and seconds are of processor time, so that a busy machine gives
the same figures; ``--wall`` uses the clock on the wall. Rows are appended as tasks end, and the same command continues an interrupted
run. The table shows for each configuration the rows, how many ended after the limit, the latest end, and how many were more than half a
second late.
"""

from __future__ import annotations

import argparse
import gc
import sys
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from benchmarks.measuring import Record, facts, read_rows
from neurosynth.search.base import Limits
from neurosynth.synthesize import synthesize
from neurosynth.training.sampling import sample_tasks
from neurosynth.work_clock import clock_seconds, on_processor

GUIDES = {"lists": "lists-transformer", "strings": "strings-lstm"}
BAR = 0.5
"""Seconds after the limit at which the latest row may end."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """One run."""

    out: Path
    """The file of rows."""
    count: int = 250
    """Tasks of each language, each solved twice."""
    seconds: float = 1.0
    """Limit of each task."""
    wall: bool = False
    """Whether seconds are of the clock on the wall, not of the processor."""
    seed: int = 55_000


def solve(language: str, guide: str, settings: Settings, record: Record) -> list[dict[str, Any]]:
    """The rows of a language with a guide, those of an earlier run included."""
    found = [r for r in read_rows(settings.out) if (r["language"], r["guide"]) == (language, guide)]
    tasks = sample_tasks(language, count=settings.count, seed=settings.seed, sizes=(3, 7), workers=1)
    for task in tasks[len(found) :]:
        gc.collect()
        with nullcontext() if settings.wall else on_processor():
            began = clock_seconds()
            result = synthesize(task, language, guide=guide, limits=Limits(seconds=settings.seconds))
            seconds = clock_seconds() - began
        row: dict[str, Any] = {"language": language, "guide": guide, "task": task.name, "solved": result.solved}
        row |= {"seconds": round(seconds, 4), "late": round(seconds - settings.seconds, 4)}
        record("late", **row)
        found.append(row)
    return found


def line(name: str, rows: Sequence[dict[str, Any]]) -> str:
    """One configuration."""
    late = [row["late"] for row in rows]
    return (
        f"{name:28} {len(rows):5} {sum(row['solved'] for row in rows):7} {sum(x > 0 for x in late):6} "
        f"{max(late, default=0.0):9.2f} {sum(x > BAR for x in late):8}"
    )


def table(languages: Sequence[str], settings: Settings) -> Iterator[str]:
    """Run everything; a line as each configuration ends, and one of all."""
    yield f"{'':28} {'rows':>5} {'solved':>7} {'after':>6} {'latest s':>9} {'> ' + str(BAR) + ' s':>8}"
    record = Record(settings.out, facts(settings.seed, {"limit": settings.seconds, "wall": settings.wall}))
    every: list[dict[str, Any]] = []
    for language in languages:
        for guide in (GUIDES[language], "auto"):
            found = solve(language, guide, settings, record)
            every += found
            yield line(f"{language}, {guide}", found)
    yield line("all", every)


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True, help="file of rows")
    parser.add_argument("--count", type=int, default=Settings.count)
    parser.add_argument("--seconds", type=float, default=Settings.seconds)
    parser.add_argument("--languages", nargs="*", default=list(GUIDES), choices=list(GUIDES))
    parser.add_argument("--wall", action="store_true", help="seconds of the clock on the wall")
    given = vars(parser.parse_args())
    languages = given.pop("languages")
    for text in table(languages, Settings(**given)):
        print(text, flush=True)


if __name__ == "__main__":
    main()
