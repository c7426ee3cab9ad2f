"""Columns drawn by rules of plain Python, of the kinds that people ask for: which are right on every row that was not shown.

    python benchmarks/bench_made.py --count 20 --seed 7 --search cover --rival ../shared/rivals --out made.jsonl
    python benchmarks/bench_made.py --only "rounded times" --count 40 --show

Every kind (benchmarks/made) draws a rule and its rows at random: formats in and out, steps, modes, signs.  Rows are put in an order in
which the first ones tell the rule from others of its kind; a column that has no such order is drawn again.  ``--shown`` rows have
outputs, the whole table is visible, and a column is right when the exported Python gives the output of every other row.  Seconds are
processor time.
"""

from __future__ import annotations

import argparse
import gc
import json
import statistics
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import measuring  # found by the line above
from benchmarks.bench_columns import Ours, Rival, load_module, outcome
from benchmarks.bench_columns import Settings as ColumnSettings
from benchmarks.made import conditions, dates, number_parts, numbers, people, texts, times
from benchmarks.made.drawing import KINDS, Made, column

MODULES = (times, dates, numbers, number_parts, people, texts, conditions)
"""The modules whose kinds are measured."""
DRAWS = 5
"""Columns drawn at most for one that the rows shown tell."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What is drawn and measured."""

    count: int = 10
    """Columns of each kind."""
    seed: int = 0
    shown: int = 3
    only: str = ""
    """Kinds whose names contain this."""
    number: int | None = None
    """One column of each kind, by its number."""
    show: bool = False
    rival: Path | None = None
    out: Path | None = None
    seconds: float = 10.0
    """Limit of one search."""
    search: str = "cover"
    reference: bool = False


def made(settings: Settings) -> Iterator[Made]:
    """The columns, the same ones for the same settings."""
    for name in KINDS:
        if settings.only in name:
            for number in range(settings.count) if settings.number is None else (settings.number,):
                tried = (column(name, number, settings.seed + 1000 * n, settings.shown) for n in range(DRAWS))
                found = next((c for c in tried if c is not None), None)
                if found is not None:
                    yield found


def measure(settings: Settings, solver: Ours | Rival, found: Made) -> dict[str, Any]:
    """What a solver makes of a column."""
    gc.collect()
    start = time.process_time()
    rows, outputs, k = found.rows, found.outputs, settings.shown
    wrong = []
    try:
        program = solver.learn(rows[:k], outputs[:k], rows, None)
    except Exception as error:  # a fault of a search is a wrong column that is told, and no end of the run
        solver.shown, wrong = f"error: {error!r}", [(rows[k], outputs[k], "")]
    else:
        told = [(row, output, outcome(program, row)) for row, output in zip(rows[k:], outputs[k:], strict=True)]
        wrong = [(row, output, repr(value)[:200]) for row, output, value in told if value != output]
    return {
        "kind": found.kind,
        "number": found.number,
        "solver": solver.name,
        "right": not wrong,
        "rule": found.told,
        "given": [[list(row), output] for row, output in zip(rows[:k], outputs[:k], strict=True)],
        "wrong": wrong[0] if wrong else None,
        "wrong_rows": len(wrong),
        "confidence": round(solver.confidence, 3),
        "seconds": round(time.process_time() - start, 4),
        "shown": solver.shown,
    }


def main(arguments: list[str] | None = None) -> None:
    """Draw, measure and print a table."""
    settings = _settings(arguments)
    ours = ColumnSettings(
        tasks=Path(),
        rival=None,
        out=None,
        seconds=settings.seconds,
        search=settings.search,
        reference=settings.reference,
    )
    solvers: list[Ours | Rival] = [Ours(ours)]
    if settings.rival is not None:
        solvers.append(Rival(load_module(settings.rival / "cuts.py")))
    record = measuring.Record(settings.out, {"seed": settings.seed, "commit": measuring.commit()})
    rows = []
    for found in made(settings):
        for solver in solvers:
            row = measure(settings, solver, found)
            rows.append(row)
            record("made", **row)
            if settings.show and not row["right"] and isinstance(solver, Ours):
                print(json.dumps(row, ensure_ascii=False, default=str), flush=True)
    _print(rows)


def _print(rows: list[dict[str, Any]]) -> None:
    """Right of all by kind, one column a solver."""
    solvers = list(dict.fromkeys(r["solver"] for r in rows))
    for name in [*dict.fromkeys(r["kind"] for r in rows), ""]:
        told = []
        for solver in solvers:
            mine = [r for r in rows if r["solver"] == solver and name in ("", r["kind"])]
            median = statistics.median(r["seconds"] for r in mine)
            told.append(f"{solver} {sum(r['right'] for r in mine)} of {len(mine)}, median {median:.3f} s")
        print(f"{name or 'all':36} " + " | ".join(told))


def _settings(arguments: list[str] | None) -> Settings:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=10, help="columns of each kind")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--shown", type=int, default=3, help="rows with outputs")
    parser.add_argument("--only", default="", help="kinds whose names contain this")
    parser.add_argument("--number", type=int, help="one column of each kind, by its number")
    parser.add_argument("--show", action="store_true", help="print the columns that are wrong")
    parser.add_argument("--rival", type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--search", default="cover")
    parser.add_argument(
        "--reference", action="store_true", help="judge by the reference semantics, not by exported Python"
    )
    return Settings(**vars(parser.parse_args(arguments)))


if __name__ == "__main__":
    main()
