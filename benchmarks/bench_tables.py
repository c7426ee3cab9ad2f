"""Whole tables, filled as a person would fill them: which columns are right in every cell that was not shown.

    python benchmarks/bench_tables.py --face command
    python benchmarks/bench_tables.py --face pandas --out tables.jsonl
    python benchmarks/bench_tables.py --face file --alone --only shop- --show

Each table of examples/tables is written as a file whose derived columns are empty below their first three or four rows.
``command`` is ``neurosynth fill`` with all derived columns in one call, ``file`` the same in Python, and ``pandas`` and ``polars``
read the file with the library's own defaults and call ``neurosynth.fill``.  A later column reads the earlier ones as they were filled,
or, with ``--alone``, as they should be.  A cell whose output is empty must stay empty.  The command has its default limit; in Python the
limit counts processor time, so that other work on the machine changes nothing.

A hash of table and column splits the columns into an open and a blind half: ``--show`` prints the wrong columns of the open half alone.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import neurosynth as ns  # found by the line above
from benchmarks import measuring
from benchmarks.bench_columns import SURE, is_blind
from neurosynth.frames.fill import fill_table
from neurosynth.frames.filled import FillConfig, FilledColumn
from neurosynth.work_clock import on_processor

TABLES = measuring.ROOT / "examples" / "tables"
FACES = ("command", "file", "pandas", "polars")


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What is measured."""

    face: str
    alone: bool = False
    """Fill one column a call, from the true cells of the earlier ones."""
    only: str = ""
    """Columns whose ``table/column`` contains this; with whole tables, those that have such a column."""
    part: str = "both"
    """open, blind or both; only with ``alone``."""
    show: bool = False
    seconds: float | None = None
    """Limit of one search; None for the default."""
    out: Path | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What a face gave for one column."""

    cells: Sequence[Any]
    confidences: dict[int, float]
    confidence: float
    program: str
    inputs: Sequence[str]
    tried: int = 0


def main() -> None:
    """Measure, and print the totals."""
    settings = _settings()
    rows = [row for table in _tables() for row in _measured(settings, table)]
    for part in ("open", "blind"):
        mine = [r for r in rows if r["part"] == part]
        if mine:
            print(f"{part:6} {_summary(mine)}")
    print(f"all    {_summary(rows)}; {sum(r['seconds'] for r in rows):.1f} s of processor time")


def _summary(rows: Sequence[dict[str, Any]]) -> str:
    right, wrong = sum(r["all_right"] for r in rows), sum(r["wrong"] > 0 for r in rows)
    cells = sum(r["right"] for r in rows), sum(r["right"] + r["wrong"] + r["empty"] for r in rows)
    sure = sum(r["wrong_sure"] > 0 for r in rows)
    return (
        f"{right} of {len(rows)} columns right in every cell, {cells[0]:,} of {cells[1]:,} cells; {wrong} with wrong cells, "
        f"{sure} with a wrong cell at confidence {SURE} or more"
    )


def _tables() -> Iterator[dict[str, Any]]:
    for file in sorted(TABLES.glob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            yield json.loads(line)


def _measured(settings: Settings, table: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A row for each derived column of a table."""
    wanted = [c for c in table["fill"] if settings.only in f"{table['name']}/{c}"]
    if not settings.alone:
        calls = [list(table["fill"])] if wanted else []
    else:
        calls = [[c] for c in wanted if settings.part in ("both", _part(table, c))]
    for outputs in calls:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"{table['name']}.csv"
            path.write_text(_text(table, outputs), encoding="utf-8")
            before = _processor()
            found = _faces(settings, path, outputs)
            spent = (_processor() - before) / len(outputs)
        for name, one in found.items():
            row = {**_judged(table, name, one, typed=settings.face in ("pandas", "polars")), "seconds": round(spent, 3)}
            row |= {"face": settings.face, "alone": settings.alone, "commit": measuring.commit()}
            if settings.show and row["part"] == "open" and not row["all_right"]:
                print(json.dumps(row, ensure_ascii=False), flush=True)
            if settings.out is not None:
                with settings.out.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(row, ensure_ascii=False) + "\n")
            yield row


def _part(table: dict[str, Any], column: str) -> str:
    return "blind" if is_blind(f"{table['name']}/{column}") else "open"


def _text(table: dict[str, Any], outputs: Sequence[str]) -> str:
    """The table as a file: ``outputs`` are empty below the rows shown, and derived columns after the last of them are missing."""
    derived = list(table["fill"])
    last = max(derived.index(c) for c in outputs)
    names = [c for c in table["columns"] if c not in derived[last + 1 :]]
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(names)
    for at, cells in enumerate(table["rows"]):
        row = dict(zip(table["columns"], cells, strict=True))
        writer.writerow([row[c] if c not in outputs or at < table["fill"][c] else "" for c in names])
    return text.getvalue()


def _faces(settings: Settings, path: Path, outputs: Sequence[str]) -> dict[str, Found]:
    if settings.face == "command":
        return _command(settings, path, outputs)
    config = FillConfig() if settings.seconds is None else FillConfig(seconds=settings.seconds)
    with on_processor():
        if settings.face == "file":
            return {c.name: _found(c) for c in fill_table(path, outputs, config=config).columns}
        if settings.face == "pandas":
            import pandas as pd

            result = ns.fill(pd.read_csv(path), *outputs, config=config)
        else:
            import polars as pl

            result = ns.fill(pl.read_csv(path), *outputs, config=config)
    return {c.name: _found(c, list(result.frame[c.name])) for c in result.columns}


def _found(column: FilledColumn, cells: Sequence[Any] | None = None) -> Found:
    result = column.result
    program = str(result.best.program) if result.solved else ""
    values = column.values if cells is None else cells
    return Found(
        values, dict(column.confidences), result.confidence, program, column.inputs, result.stats.programs_tried
    )


def _command(settings: Settings, path: Path, outputs: Sequence[str]) -> dict[str, Found]:
    command = [sys.executable, "-m", "neurosynth", "fill", str(path), "--json"]
    command += [part for name in outputs for part in ("--output", name)]
    if settings.seconds is not None:
        command += ["--seconds", str(settings.seconds)]
    paths = os.pathsep.join([str(measuring.ROOT), str(measuring.ROOT / "dsl")])  # this checkout, whatever is installed
    environment = {**os.environ, "PYTHONPATH": paths}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    if done.returncode not in (0, 1):
        raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}: {done.stderr}")
    given = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    found = {}
    for column in json.loads(done.stdout)["columns"]:
        cells: list[Any] = [row[column["output"]] for row in given]
        for cell in column["cells"]:
            cells[cell["row"]] = cell["value"]
        sure = {cell["row"]: cell["confidence"] for cell in column["cells"]}
        program = column.get("program", {}).get("program", "")
        found[column["output"]] = Found(cells, sure, column["confidence"], str(program), column["inputs"])
    return found


def _judged(table: dict[str, Any], name: str, found: Found, *, typed: bool) -> dict[str, Any]:
    """How many cells of one column are right, wrong and empty, and the first that is not right."""
    at, shown = table["columns"].index(name), table["fill"][name]
    counts = {"right": 0, "wrong": 0, "empty": 0, "wrong_sure": 0}
    first: list[Any] = []
    for row, cells in enumerate(table["rows"][shown:], shown):
        truth, cell = cells[at], found.cells[row]
        blank = cell is None or cell == "" or cell != cell
        if _same(cell, truth, typed=typed) or (blank and not truth):
            counts["right"] += 1
            continue
        counts["empty" if blank else "wrong"] += 1
        counts["wrong_sure"] += not blank and found.confidences.get(row, 0.0) >= SURE
        first = first or [row, truth, None if blank else str(cell)]
    return {
        "table": table["name"],
        "column": name,
        "part": _part(table, name),
        "all_right": not counts["wrong"] and not counts["empty"],
        **counts,
        "first": first,
        "confidence": round(found.confidence, 3),
        "inputs": list(found.inputs),
        "program": found.program,
        "tried": found.tried,
    }


def _same(cell: Any, truth: str, *, typed: bool) -> bool:
    """Whether a cell is the true text, or its number where a library made numbers of a column."""
    if isinstance(cell, str) or not typed:
        return bool(cell == truth)
    try:
        return abs(float(cell) - float(truth)) < 1e-9 * max(1.0, abs(float(truth)))
    except (TypeError, ValueError):
        return False


def _processor() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + used.ru_utime + used.ru_stime


def _settings() -> Settings:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--face", choices=FACES, default="file")
    parser.add_argument("--alone", action="store_true", help="one column a call, from the true earlier columns")
    parser.add_argument("--only", default="", metavar="TEXT", help="columns whose table/column contains this")
    parser.add_argument("--part", choices=("open", "blind", "both"), default="both", help="with --alone")
    parser.add_argument("--show", action="store_true", help="print the wrong columns of the open half")
    parser.add_argument("--seconds", type=float)
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    if given.part != "both" and not given.alone:
        parser.error("--part needs --alone: a call fills all columns of a table")
    return Settings(**vars(given))


if __name__ == "__main__":
    main()
