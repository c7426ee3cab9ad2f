"""How many tasks a second ``neurosynth sample`` makes, into a file, for each language.

    python benchmarks/bench_sampling.py [--count 20000] [--workers 2] [--languages lists strings bitvectors] [--out rows.jsonl]

One row a language and seed: tasks a second of wall-clock and of processor time (all processes), programs by size, and
what the run was.  Starting Python is not counted, starting the processes is.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import tempfile
import time
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from neurosynth.training.chunks import SamplingConfig
from neurosynth.training.sampling import write_sample


@dataclass(frozen=True, kw_only=True)
class Settings:
    """One run."""

    count: int = 20_000
    """Tasks of each language."""
    workers: int = 2
    languages: tuple[str, ...] = ("lists", "strings", "bitvectors")
    seed: int = 0


def processor_seconds() -> float:
    """Processor time of this process and those that have ended below it."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(u.ru_utime + u.ru_stime for u in used)


def measure(language: str, settings: Settings) -> dict[str, Any]:
    """One row."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "tasks.jsonl"
        started, used = time.perf_counter(), processor_seconds()
        write_sample(file, language, SamplingConfig(seed=settings.seed), count=settings.count, workers=settings.workers)
        seconds, used = time.perf_counter() - started, processor_seconds() - used
        sizes = Counter(json.loads(line)["operations"] for line in file.open(encoding="utf-8"))
        size = file.stat().st_size
    return {
        "benchmark": "sampling",
        "language": language,
        "seconds": round(seconds, 2),
        "tasks_per_second": round(settings.count / seconds, 1),
        "tasks_per_processor_second": round(settings.count / used, 1),
        "bytes_per_task": round(size / settings.count),
        "by_size": dict(sorted(sizes.items())),
        "load_average": round(os.getloadavg()[0], 2),
        **asdict(settings),
    }


def main() -> None:
    """Measure and print; rows are appended as they come."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else None)
    parser.add_argument("--count", type=int, default=Settings.count)
    parser.add_argument("--workers", type=int, default=Settings.workers)
    parser.add_argument("--languages", nargs="+", default=list(Settings.languages))
    parser.add_argument("--seed", type=int, default=Settings.seed)
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    settings = Settings(count=given.count, workers=given.workers, languages=tuple(given.languages), seed=given.seed)
    for language in settings.languages:
        row = measure(language, settings)
        print(
            f"{language:12} {row['tasks_per_second']:8.0f} tasks/s on {settings.workers} processes, "
            f"{row['tasks_per_processor_second']:8.0f} a processor second, by size {row['by_size']}",
            flush=True,
        )
        if given.out is not None:
            with given.out.open("a", encoding="utf-8") as rows:
                rows.write(json.dumps(row) + "\n")


if __name__ == "__main__":
    main()
