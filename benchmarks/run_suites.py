"""Run the public suites under one limit, by neurosynth and, where they are .sl files, by cvc5, and keep the rows.

    python benchmarks/run_suites.py [--tasks ../shared/tasks] [--out rows] [--seconds 10] [--jobs 1] [--limit N] [SUITE …]

``neurosynth bench run`` for each suite and solver, one after the other, each with a file of rows of its own in the folder
``--out``.  The same command goes on where a run was cut off, in whatever way; a run anew takes another folder.  When all have
run, the rows of the folder without what is large go to ``--keep``, compressed: benchmarks/rows/suites.jsonl.gz, which
make_results.py makes tables of.

Held-out examples are a task's own test examples, the rows that are not shown (:data:`SHOWN`), or those of a sibling: the shortest
task of a string family is scored on the longest, PRE_n_10 on PRE_n_1000.  Where they are, which of several programs is named
first counts, and that one draws inputs at random: those suites run with each of ``--seeds``, the others with the first.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # benchmarks is a folder of scripts, never installed

from neurosynth.bench.rows import Row, read_rows
from neurosynth.bench.suites import find_suite
from neurosynth.cli import main as neurosynth
from neurosynth.language.load import load_language
from neurosynth.tasks import Example, Task, example, load_tasks
from neurosynth.tasks.json_io import task_to_json

ROOT = Path(__file__).resolve().parents[1]
SUITES = {
    "sygus-strings": "sygus-strings",
    "sygus-bitvectors": "sygus-bitvectors",
    "hackers-delight": "hackers-delight/pbe",
    "circuits": "circuits/pbe",
    "prose-text": "prose-text.jsonl",
    "playgol-strings": "playgol-strings.jsonl",
    "progsynth-strings": "progsynth-strings.jsonl",
    "bustle-strings": "bustle-strings.jsonl",
    "robustfill-exedec": "robustfill-exedec.jsonl",
    "dreamcoder-lists": "dreamcoder-lists.jsonl",
    "lambdabeam-lists": "lambdabeam-lists.jsonl",
    "deepcoder-neo": "deepcoder-neo.jsonl",
    "deepcoder-exedec": "deepcoder-exedec.jsonl",
    "tfcoder-tensors": "tfcoder-tensors.jsonl",
    "crossbeam-logic": "crossbeam-logic.jsonl",
    "dreamcoder-towers": "dreamcoder-towers.jsonl",
    "mccarthy-bootstrap": "mccarthy-bootstrap.jsonl",
}
"""Where each suite is in the folder of suites."""
LANGUAGES = {"robustfill-exedec": "robustfill", "dreamcoder-towers": "towers", "mccarthy-bootstrap": "lists-little"}
"""The languages of suites that are not solved in the one that suits their types."""
SHOWN = {"playgol-strings": 5, "prose-text": 3}
"""Rows shown of suites that come as columns; the others are held out."""
SIBLINGS = ("sygus-strings", "sygus-bitvectors", "hackers-delight")
"""Suites whose held-out examples stand in other files."""
SEEDED = ("prose-text", "playgol-strings", "bustle-strings", "lambdabeam-lists")
"""Suites that run with every seed."""
STATS = ("seconds", "programs_tried", "first_solved", "values_kept", "guide_seconds")
"""What is kept of a row's statistics."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """One run."""

    tasks: Path = ROOT.parent / "shared" / "tasks"
    """The folder of suites."""
    out: Path = Path("rows")
    """The folder of the files of rows."""
    keep: Path = ROOT / "benchmarks" / "rows" / "suites.jsonl.gz"
    suites: tuple[str, ...] = tuple(SUITES)
    solvers: tuple[str, ...] = ("neurosynth", "cvc5")
    seconds: float = 10.0
    """Of each task."""
    max_memory: float = 4.0
    """Gigabytes."""
    seeds: tuple[int, ...] = (0, 1, 2)
    jobs: int = 1
    limit: int | None = None
    """Tasks of each suite, evenly spread; all by default."""


def runs(settings: Settings) -> Iterator[tuple[str, str, Path]]:
    """The suite, the solver and the file of rows of each run."""
    for name in settings.suites:
        for solver in settings.solvers:
            if solver != "cvc5" or (settings.tasks / SUITES[name]).is_dir():
                yield name, solver, settings.out / f"{name}.{solver}.jsonl"


def command(name: str, solver: str, file: Path, settings: Settings) -> list[str]:
    """The arguments of ``neurosynth``."""
    seeds = settings.seeds if name in SEEDED else settings.seeds[:1]
    found = {
        "--solver": solver,
        "--seconds": settings.seconds,
        "--max-memory": settings.max_memory,
        "--jobs": settings.jobs,
        "--seed": ",".join(map(str, seeds)),
        "--limit": settings.limit,
        "--show": SHOWN.get(name),
        "--language": LANGUAGES.get(name),
        "--tests": _tests(name, settings) if name in SIBLINGS else None,
    }
    options = [str(part) for option, value in found.items() if value is not None for part in (option, value)]
    return ["bench", "run", f"{name}={settings.tasks / SUITES[name]}", *options, "--out", str(file), "--resume"]


def _tests(name: str, settings: Settings) -> Path:
    """A file with the test examples of the suite's tasks, made where it is not there yet."""
    file = settings.out / f"{name}.tests.jsonl"
    if not file.exists():
        tasks = with_siblings(list(load_suite(settings.tasks, name)), name, settings.tasks)
        rows = [{"name": t.name, "test_examples": task_to_json(t)["test_examples"]} for t in tasks if t.test_examples]
        part = file.with_suffix(".part")  # whole or not there, whenever the run is killed
        part.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        part.replace(file)
    return file


def load_suite(folder: Path, name: str) -> Iterator[Task]:
    """The tasks of a suite; unusable ones are said on stderr."""
    if name in LANGUAGES:
        load_language(LANGUAGES[name])  # it may bring the types of the tasks
    suite = find_suite(
        str(folder / SUITES.get(name, f"{name}.jsonl")), lambda e: print(f"left out: {e}", file=sys.stderr)
    )
    for task in suite.tasks:
        yield replace(task, language=LANGUAGES[name]) if name in LANGUAGES else task


def with_siblings(tasks: Sequence[Task], name: str, folder: Path) -> list[Task]:
    """Test examples for one task a family: string families are scored on their longest member, PRE_n_10 on PRE_n_1000."""
    if name == "sygus-bitvectors":
        siblings = folder / "sygus-bitvectors-siblings"
        scored = []
        for task in tasks:
            path = siblings / f"{task.name.removesuffix('_10')}_1000.sl"
            short = task.name.endswith("_10") and path.exists()
            scored.append(replace(task, test_examples=next(iter(load_tasks(path))).examples) if short else task)
        return scored
    tests = folder / name / "tests.jsonl"
    if tests.exists():
        held = {row["name"]: row["test_examples"] for row in map(json.loads, tests.read_text("utf-8").splitlines())}
        return [replace(t, test_examples=_bit_examples(held.get(t.name, ()))) for t in tasks]
    if name != "sygus-strings":
        return list(tasks)
    families: dict[str, list[Task]] = {}
    for task in tasks:
        families.setdefault(re.sub(r"(_short|_small|-long|-long-repeat)$", "", task.name), []).append(task)
    tested: dict[str, Task] = {}
    for members in families.values():
        if len(members) > 1:
            shortest = min(members, key=lambda t: (len(t.examples), t.name))
            longest = max(members, key=lambda t: len(t.examples))
            tested[shortest.name] = replace(shortest, test_examples=longest.examples)
    return [tested.get(t.name, t) for t in tasks]


def _bit_examples(rows: Sequence[dict[str, Any]]) -> list[Example]:
    """Examples over bools and bit-vectors written ``#x…``."""

    def value(given: bool | str) -> bool | int:
        return int(given[2:], 16) if isinstance(given, str) else given

    return [example(*map(value, row["inputs"]), output=value(row["output"])) for row in rows]


def compact(row: Row) -> Row:
    """The row with its first program's text only, and without what nobody counts."""
    kept = ("text", "size", "logprob", "test_accuracy")
    programs = tuple({k: p[k] for k in kept if k in p} for p in row.programs[:1])
    stats = {k: row.stats[k] for k in STATS if k in row.stats}
    return replace(row, programs=programs, stats=stats, extra={})


def keep(files: Iterable[Path], target: Path) -> int:
    """Write the rows of files into one, compact and compressed; the same rows give the same bytes.  Returns their number."""
    rows = [compact(row) for file in files for row in read_rows(file)]
    text = "".join(json.dumps(row.to_json(), ensure_ascii=False) + "\n" for row in rows)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(gzip.compress(text.encode("utf-8", "backslashreplace"), mtime=0))
    return len(rows)


def measure(settings: Settings) -> int:
    """Make all runs, or what is left of them, and keep their rows; returns the exit status."""
    settings.out.mkdir(parents=True, exist_ok=True)
    for name, solver, file in runs(settings):
        print(f"== {file.stem}", flush=True)
        try:
            neurosynth(command(name, solver, file, settings))
        except SystemExit as ended:
            if ended.code:
                return int(ended.code)
    every = (file for _, _, file in runs(replace(settings, suites=tuple(SUITES))))
    count = keep([file for file in every if file.exists()], settings.keep)
    print(f"{settings.keep}: {count:,} rows, {settings.keep.stat().st_size / 1e6:.2f} MB")
    return 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Run from the command line; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("suites", nargs="*", metavar="SUITE", help=", ".join(SUITES))
    parser.add_argument("--tasks", type=Path, default=Settings.tasks)
    parser.add_argument("--out", type=Path, default=Settings.out)
    parser.add_argument("--keep", type=Path, default=Settings.keep)
    parser.add_argument("--solvers", nargs="+", default=list(Settings.solvers))
    parser.add_argument("--seconds", type=float, default=Settings.seconds)
    parser.add_argument("--max-memory", type=float, default=Settings.max_memory)
    parser.add_argument("--seeds", nargs="+", type=int, default=list(Settings.seeds))
    parser.add_argument("--jobs", type=int, default=Settings.jobs)
    parser.add_argument("--limit", type=int)
    given = vars(parser.parse_args(arguments))
    unknown = [name for name in given["suites"] if name not in SUITES]
    if unknown:
        parser.error(f"unknown suite {unknown[0]!r}; known: {', '.join(SUITES)}")
    given["suites"] = tuple(given["suites"] or SUITES)
    found: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in given.items()}
    return measure(Settings(**found))


if __name__ == "__main__":
    sys.exit(main())
