"""What filling tables costs: a first fill, 100,000 rows of 17 columns, a million rows streamed by ``apply``.

    python benchmarks/bench_fill.py --out rows/fill.jsonl

Each figure is of a process of its own: wall-clock and processor seconds, peak memory.  Below it stand its bars.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # benchmarks is a folder of scripts, never installed

from benchmarks.measuring import facts  # noqa: E402  # found by the line above

FIRST = [
    "Ada",
    "Alan",
    "Grace",
    "Emmy",
    "Kurt",
    "Sofya",
    "Carl",
    "Niels",
    "Marie",
    "Rosa",
    "Max",
    "Lise",
    "Otto",
    "Hedy",
    "Mary",
    "John",
    "Paul",
    "Jane",
    "Anne",
    "Leo",
]
LAST = [
    "Lovelace",
    "Turing",
    "Hopper",
    "Noether",
    "Godel",
    "Gauss",
    "Bohr",
    "Curie",
    "Planck",
    "Meitner",
    "Hahn",
    "Lamarr",
    "Cartwright",
    "Neumann",
    "Dirac",
]


BARS: dict[str, tuple[tuple[str, float, str], ...]] = {
    "fill, first in this process": (),
    "fill, warm": (("seconds", 5, "at most"),),
    "apply": (("rows_per_second", 200_000, "at least"), ("peak_memory_mb", 500, "at most")),
}
"""Of each figure: what is limited, the limit, and on which side of it to be."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What is measured."""

    rows: int = 100_000
    """Rows of the table that is filled."""
    columns: int = 17
    """Its columns."""
    stream: int = 1_000_000
    """Rows of the table that is streamed."""
    seed: int = 0


def write_table(path: Path, rows: int, columns: int, seed: int, *, known: int) -> None:
    """A table of people with dates, amounts and codes; the last column is given in the first ``known`` rows."""
    rng = random.Random(seed)
    with path.open("w", encoding="utf-8") as file:
        file.write(",".join(["full name", *(f"c{i}" for i in range(columns - 2)), "surname"]) + "\n")
        for row in range(rows):
            first, last = (
                rng.choice(FIRST),
                f"{rng.choice(LAST)}{'' if row < known else rng.choice(['', 'son', 'berg', 'er'])}",
            )
            rest = (str(rng.randint(0, 10**6)) for _ in range(columns - 2))
            file.write(",".join([f"{first} {last}", *rest, last if row < known else ""]) + "\n")


def timed(command: Sequence[str]) -> dict[str, Any]:
    """Wall-clock and processor seconds and peak memory of a command, its children included, and its exit status."""
    begun = time.perf_counter()
    with tempfile.TemporaryFile("w+") as said:
        process = subprocess.Popen(command, stdout=said, stderr=subprocess.STDOUT)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.perf_counter() - begun
        said.seek(0)
        lines = said.read().strip().splitlines()
    return {
        "status": process.returncode,
        "seconds": round(seconds, 2),
        "processor_seconds": round(used.ru_utime + used.ru_stime, 2),
        "peak_memory_mb": round(used.ru_maxrss / 1024, 1),
        "said": lines[-1:],
    }


def judged(row: dict[str, Any]) -> Iterator[str]:
    """Each bar of a figure, and whether it is met."""
    for name, bar, better in BARS[row["what"]]:
        met = row["status"] == 0 and (row[name] <= bar if better == "at most" else row[name] >= bar)
        yield f"{row['what']}: {name} {row[name]:,} (bar: {better} {bar:,}: {'met' if met else 'NOT met'})"


def measured(settings: Settings, folder: Path) -> Iterator[dict[str, Any]]:
    """The rows, one a figure."""
    neurosynth = [sys.executable, "-m", "neurosynth"]
    big, streamed, program = folder / "big.csv", folder / "stream.csv", folder / "surname.json"
    write_table(big, settings.rows, settings.columns, settings.seed, known=3)
    write_table(streamed, settings.stream, 4, settings.seed + 1, known=0)
    fill = ["fill", str(big), "--output", "surname", "--write", str(folder / "filled.csv"), "--save", str(program)]
    for name in ("fill, first in this process", "fill, warm"):
        yield {"what": name, "rows": settings.rows, "columns": settings.columns, **timed([*neurosynth, *fill])}
    row = timed([*neurosynth, "apply", str(program), str(streamed), "--write", str(folder / "applied.csv")])
    rate = round(settings.stream / max(row["seconds"], 1e-9))
    yield {"what": "apply", "rows": settings.stream, "columns": 4, "rows_per_second": rate, **row}


def main() -> None:
    """Measure, print, and append the rows."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=Settings.rows)
    parser.add_argument("--stream", type=int, default=Settings.stream)
    parser.add_argument("--out", type=Path, default=None)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for row in measured(Settings(rows=given.rows, stream=given.stream), Path(folder)):
            print(json.dumps(row))
            print("".join(f"  {line}\n" for line in judged(row)), end="", flush=True)
            if given.out is not None:
                with given.out.open("a", encoding="utf-8") as file:
                    file.write(json.dumps({**facts(Settings.seed, {"rows": given.rows}), **row}) + "\n")


if __name__ == "__main__":
    main()
