"""A language without kernels, its own small guide: ``auto`` guided against decoding alone and enumeration alone.

    python benchmarks/bench_side_by_side.py train --out side --minutes 10
    python benchmarks/bench_side_by_side.py solve --out side [--limit 100] [--seconds 4] [--searches bottom-up beam auto]

The first trains an LSTM with sampled tasks of the language in rows_language.py.  The second solves tasks of three to five operations of
another seed, none of which behaves as one learned from, by uniform enumeration, by a beam and by ``auto`` with the guide and without;
rows are appended as tasks end, and the same command continues where a run was cut off.  Seconds are of processor time unless ``--wall``
is given, so that a busy machine gives the same figures.  Prints a table: solved, right on examples not shown, candidates until solved,
seconds, and the latest end beyond the limit; and which tasks ``auto`` leaves that enumeration or the beam solves.
"""

from __future__ import annotations

import argparse
import gc
import json
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from benchmarks.measuring import Record, facts
from benchmarks.rows_language import LANGUAGE
from neurosynth.guides.kinds import load_guide
from neurosynth.search.base import Limits
from neurosynth.synthesize import synthesize
from neurosynth.tasks.json_io import task_to_json
from neurosynth.tasks.load import load_tasks
from neurosynth.tasks.task import Task
from neurosynth.training.chunks import SamplingConfig
from neurosynth.training.sampling import sample_tasks
from neurosynth.work_clock import clock_seconds, on_processor

TYPES = ("list (list int) -> list (list int)", "list (list int) -> int -> list (list int)")
SHOWN = (4, 4)
"""Examples of a task."""
GUIDED = {"bottom-up": False, "beam": True, "auto": True, "auto-unguided": False}
"""Configurations, and whether each has the guide."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """One run."""

    out: Path
    """The folder of the guide, the tasks and the rows."""
    limit: int = 100
    seconds: float = 4.0
    """Of each task."""
    minutes: float = 10.0
    """Of training."""
    width: int = 80
    batch_size: int = 32
    count: int = 20_000
    """Tasks learned from."""
    wall: bool = False
    """Whether seconds are of the clock on the wall, not of the processor."""
    searches: tuple[str, ...] = tuple(GUIDED)
    seed: int = 0

    @property
    def guide(self) -> Path:
        """The file of the guide."""
        return self.out / "rows-lstm.safetensors"

    @property
    def rows(self) -> Path:
        """The file of rows."""
        return self.out / "side_by_side.jsonl"


def wanted(settings: Settings) -> list[Task]:
    """The tasks to solve: of three to five operations, and none that was learned from."""
    file = settings.out / "tasks.jsonl"
    if not file.exists():
        learned = sample_tasks(
            LANGUAGE, count=settings.count, seed=settings.seed, types=TYPES, sizes=(1, 5), examples=SHOWN
        )
        known = {task.extra["behaviour"] for task in learned}
        drawn = sample_tasks(
            LANGUAGE,
            count=4 * settings.limit,
            seed=settings.seed + 1,
            types=TYPES,
            sizes=(3, 5),
            examples=SHOWN,
            test_examples=8,
        )
        fresh = [task for task in drawn if task.extra["behaviour"] not in known]
        chosen = fresh[:: max(1, len(fresh) // settings.limit)][: settings.limit]
        file.write_text("".join(json.dumps(task_to_json(task)) + "\n" for task in chosen), "utf-8")
    return list(load_tasks(file))


def learn(settings: Settings) -> None:
    """Train the guide."""
    from neurosynth.guides.kinds import build_guide
    from neurosynth.training.config import TrainConfig
    from neurosynth.training.sources import from_sample
    from neurosynth.training.trainer import train

    settings.out.mkdir(parents=True, exist_ok=True)
    config = TrainConfig(
        minutes=settings.minutes, batch_size=settings.batch_size, learning_rate=3e-3, accelerator="cpu"
    )
    sampling = SamplingConfig(types=TYPES, sizes=(1, 5), examples=SHOWN, seed=settings.seed)
    source = from_sample(LANGUAGE, config, sampling, count=settings.count, workers=1)
    guide = build_guide("lstm", LANGUAGE, {"width": settings.width}, seed=settings.seed)
    print(
        train(guide, source.batches, source.heldout, source.config, out=settings.guide, origin=source.origin),
        flush=True,
    )


def solve(settings: Settings) -> None:
    """Solve the tasks in every configuration, one task after the other; rows are appended as they come."""
    known = {(r["search"], r["task"]) for r in read(settings)}
    guide = load_guide(settings.guide, LANGUAGE)
    record = Record(
        settings.rows,
        facts(settings.seed, {"seconds": settings.seconds, "limit": settings.limit, "wall": settings.wall}),
    )
    for i, task in enumerate(wanted(settings)):
        name = f"{i:03}"
        for search in settings.searches:
            if (search, name) in known:
                continue
            gc.collect()
            with nullcontext() if settings.wall else on_processor():
                began, worked = clock_seconds(), time.process_time()
                result = synthesize(
                    task,
                    LANGUAGE,
                    guide=guide if GUIDED[search] else "uniform",
                    search=search.removesuffix("-unguided"),
                    limits=Limits(seconds=settings.seconds),
                )
                took = clock_seconds() - began
            best = result.solutions[0] if result.solutions else None
            record(
                "side by side",
                task=name,
                program=task.extra["program"],
                operations=task.extra["operations"],
                search=search,
                limit=settings.seconds,
                solved=result.solved,
                right=best is not None and best.test_accuracy == 1.0,
                found=str(best.program) if best is not None else None,
                source=result.findings.sources.get(best.program)
                if best is not None and result.findings is not None
                else None,
                first_solved=result.stats.first_solved,
                programs_tried=result.stats.programs_tried,
                seconds=round(took, 3),
                cpu=round(time.process_time() - worked, 3),
            )
        print(name, flush=True)
    print("\n".join(table(read(settings), settings.searches)))


def read(settings: Settings) -> list[dict[str, Any]]:
    """The rows there are."""
    if not settings.rows.exists():
        return []
    return [json.loads(line) for line in settings.rows.read_text("utf-8").splitlines()]


def table(rows: Sequence[dict[str, Any]], searches: Sequence[str]) -> Iterator[str]:
    """One line a configuration."""
    yield f"{'':16} {'solved':>10} {'right':>6} {'candidates':>11} {'median s':>9} {'late s':>7}"
    for search in searches:
        own = [r for r in rows if r["search"] == search]
        solved = [r for r in own if r["solved"]]
        middle = [statistics.median(r[key] for r in solved) if solved else 0 for key in ("first_solved", "seconds")]
        late = max((r["seconds"] - r["limit"] for r in own), default=0.0)
        yield (
            f"{search:16} {len(solved):3} of {len(own):3} {sum(r['right'] for r in own):6} {middle[0]:11,.0f} "
            f"{middle[1]:9.2f} {late:7.2f}"
        )
    by_auto = {r["task"] for r in rows if r["search"] == "auto" and r["solved"]}
    for search in ("bottom-up", "beam"):
        missed = sorted({r["task"] for r in rows if r["search"] == search and r["solved"]} - by_auto)
        if "auto" in searches and search in searches:
            yield f"solved by {search} and not by auto: {' '.join(missed) or 'none'}"


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["train", "solve"])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--limit", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--width", type=int, default=80)
    parser.add_argument("--batch-size", type=int, default=32)
    parser.add_argument("--wall", action="store_true", help="seconds of the clock on the wall")
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--searches", nargs="*", default=list(GUIDED))
    parser.add_argument("--seed", type=int, default=0)
    given = vars(parser.parse_args())
    what = given.pop("what")
    settings = Settings(**{**given, "searches": tuple(given["searches"])})
    learn(settings) if what == "train" else solve(settings)


if __name__ == "__main__":
    main()
