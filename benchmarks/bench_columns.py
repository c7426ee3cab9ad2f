"""Columns of data: which are right on every row that was not shown.

    python benchmarks/bench_columns.py --tasks ../shared/tasks --rival ../shared/rivals --out columns.jsonl
    python benchmarks/bench_columns.py --suite prose-text --protocol first3 --part open --show
    python benchmarks/bench_columns.py --suite own --only fresh- --rows 2

The whole table is visible, some rows have outputs, and a column is right when the exported Python alone, run in a namespace of its
own, gives the output of every other row.  ``loop`` shows the first row and then, each time, the first row that the program gets wrong,
six at most.  With ``--rival`` a plain-Python rival is measured in the same run.  Of the blind part of a suite only totals are
printed; ``--show`` prints the columns that are wrong, of the open part alone.  Seconds are processor time.

The own suite shows as many rows as its columns say, or fewer with ``--rows``.  Columns of its kind ``unexplained`` have outputs that no
program explains: there an answer counts as right when it is refused or called a guess.  A hash of their names splits the kinds
of HALVED into an open and a blind part.
"""

from __future__ import annotations

import argparse
import gc
import hashlib
import importlib.util
import json
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import measuring  # found by the line above
from benchmarks.calibration import Stated
from neurosynth.errors import NeurosynthError
from neurosynth.export.python import PythonExporter
from neurosynth.language.evaluate import Evaluator
from neurosynth.search.base import Limits
from neurosynth.synthesize import synthesize
from neurosynth.tasks.json_io import task_from_json
from neurosynth.tasks.task import Example, Task
from neurosynth.values.types import STRING, Arrow, Type

SUITES = ("prose-text", "tde-columns", "own")
PROTOCOLS = ("first3", "first2", "first1", "last3", "loop")
OWN = measuring.ROOT / "examples" / "columns"
"""The project's own suite: as many rows are shown as a task has examples."""
MOST = 6
"""Examples shown at most in a loop."""
UNEXPLAINED = "unexplained"
"""The kind of columns that no program explains."""
EVERYDAY = tuple(f"everyday{n}" for n in range(2, 20))
"""The kinds of several authors, which no model is fitted on."""
HALVED = ("typed", *EVERYDAY[EVERYDAY.index("everyday11") :], UNEXPLAINED)
"""The kinds of the own suite of which half are blind: written at once, before any was tried. Those of others were looked at later."""
GUESS, SURE = 0.5, 0.9
"""Confidences: below the first an answer is called a guess, from the second on it is trusted."""

Row = Sequence[Any]
Program = Callable[[Row], Any]


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What is measured."""

    tasks: Path
    rival: Path | None
    out: Path | None
    suites: tuple[str, ...] = SUITES
    protocols: tuple[str, ...] = PROTOCOLS
    part: str = "both"
    """open, blind or both."""
    every: int = 1
    """Of every so many columns of a suite one is measured: an even sample."""
    only: str = ""
    """Columns whose names contain this."""
    show: bool = False
    rows: int = 0
    """Rows of the own suite that are shown at most; 0: as many as a column says."""
    seconds: float = 10.0
    """Limit of one search."""
    search: str = "auto"
    reference: bool = False
    """Judge by the reference semantics: what the search can do, whatever the exporter does."""


class Ours:
    """The project: a search, and its best program as Python."""

    name = "neurosynth"

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.shown = ""
        self.searched = 0.0
        self.confidence = 0.0

    def learn(self, rows: Sequence[Row], outputs: Sequence[Any], every: Sequence[Row], request: Type | None) -> Program:
        """The program for a column whose first rows have outputs; one that raises where none was found."""
        self.confidence = 0.0
        left = Counter(tuple(r) for r in every) - Counter(tuple(r) for r in rows)
        task = Task(
            [Example(tuple(r), o) for r, o in zip(rows, outputs, strict=True)],
            language="columns",
            type=request or Arrow((STRING,) * len(rows[0]), STRING),
            unlabelled=list(left.elements()),
        )
        limits = Limits(seconds=self.settings.seconds)
        start = time.process_time()
        result = synthesize(task, guide="uniform", search=self.settings.search, limits=limits)
        self.searched = time.process_time() - start
        if not result.solutions:
            self.shown = f"none: {result.stop.value}"
            return _undefined
        self.shown = f"{result.search} {result.by_chance} {result.solutions[0]}"
        program = result.solutions[0].program
        self.confidence = result.confidence
        if self.settings.reference:
            function = Evaluator().function(program)
            return lambda row: function(tuple(row))
        space: dict[str, Any] = {}
        exec(PythonExporter().export(program, task), space)
        return lambda row: space["program"](*row)


class Rival:
    """The plain-Python rival beside the suites."""

    name = "rival"
    shown = ""
    confidence = 0.0

    def __init__(self, module: ModuleType) -> None:
        self.module = module

    def learn(self, rows: Sequence[Row], outputs: Sequence[Any], every: Sequence[Row], request: Type | None) -> Program:
        """What it learns from the column; it knows texts alone, so numbers are given and taken as their texts."""
        told = [_texts(row) for row in every]
        program: Program = self.module.learn([_texts(row) for row in rows], _texts(outputs), told)[0]
        kind = next((type(o) for o in outputs if o is not None), str)

        def run(row: Row) -> Any:
            value = program(_texts(row))
            return value if value is None else kind(value)

        return run


def _texts(values: Sequence[Any]) -> list[Any]:
    """The texts of cells; missing ones stay missing."""
    return [v if v is None else str(v) for v in values]


def _undefined(row: Row) -> Any:
    raise LookupError("no program")


def outcome(program: Program, row: Row) -> Any:
    """What a program gives; an exception of its own is no answer."""
    try:
        return program(row)
    except Exception as error:
        return error


def main() -> None:
    """Measure and print a table."""
    settings = _settings()
    blind = load_module(settings.tasks / "blind.py").is_blind
    solvers: list[Ours | Rival] = [Ours(settings)]
    if settings.rival is not None:
        solvers.append(Rival(load_module(settings.rival / "cuts.py")))
    rows = []
    for suite in settings.suites:
        for task in list(_tasks(settings, suite))[:: settings.every]:
            published = suite in SUITES and suite != "own"
            halved = task.get("kind") in HALVED
            half = "blind" if (published and blind(task)) or (halved and is_blind(task["name"])) else "open"
            if settings.part in ("both", half):
                part = half if published else task.get("kind", half) + (f" {half}" if halved else "")
                for row in _measure(settings, solvers, suite, part, task):
                    rows.append(row)
                    _keep(settings, row)
    _print(rows)


def is_blind(name: str) -> bool:
    """Whether a column of the kinds of HALVED is in the blind half: by its name alone."""
    return hashlib.sha256(name.encode()).digest()[0] % 2 == 1


def _keep(settings: Settings, row: dict[str, Any]) -> None:
    if settings.show and row["solver"] == Ours.name and not row["right"] and "blind" not in row["part"]:
        print(
            json.dumps(
                {k: row[k] for k in ("suite", "name", "protocol", "wrong", "shown", "seconds", "confidence")},
                ensure_ascii=False,
                default=str,
            )
        )
        sys.stdout.flush()
    if settings.out is not None:
        with settings.out.open("a", encoding="utf-8") as file:
            file.write(json.dumps(row, ensure_ascii=False, default=str) + "\n")


def _measure(
    settings: Settings, solvers: Sequence[Ours | Rival], suite: str, part: str, task: dict[str, Any]
) -> Iterator[dict[str, Any]]:
    examples = task["examples"] + task.get("test_examples", []) if suite == "own" else task["examples"]
    for protocol in ("given",) if suite == "own" else settings.protocols:
        given = task["given"] if suite == "own" else 1 if protocol == "loop" else int(protocol[-1])
        shown = list(range(given))
        ordered = examples[::-1] if protocol.startswith("last") else examples
        if protocol not in ("loop", "given") and len(ordered) <= 3:
            continue
        for solver in solvers:
            gc.collect()
            start = time.process_time()
            found = _loop(solver, ordered, MOST if protocol == "loop" else len(shown), shown, task.get("request"))
            if task.get("kind") == UNEXPLAINED:
                found["right"] = solver.confidence < GUESS
            yield {
                "suite": suite,
                "part": part,
                "name": task["name"],
                "protocol": protocol,
                "solver": solver.name,
                **found,
                "confidence": round(solver.confidence, 3),
                "seconds": round(time.process_time() - start, 4),
                "shown": solver.shown,
                "commit": measuring.commit(),
            }


def _loop(
    solver: Ours | Rival, examples: Sequence[dict[str, Any]], most: int, shown: Sequence[int], request: Type | None
) -> dict[str, Any]:
    """Learn; show the first wrong row while there may be more; what came out."""
    inputs, outputs = [e["inputs"] for e in examples], [e["output"] for e in examples]
    given = list(shown)
    while True:
        try:
            program = solver.learn([inputs[i] for i in given], [outputs[i] for i in given], inputs, request)
        except NeurosynthError as error:
            solver.shown = f"error: {error}"
            program = _undefined
        first = min(len(shown), len(examples)) if most == len(shown) else 0
        found = [(i, outcome(program, inputs[i])) for i in range(first, len(inputs))]
        wrong = [(i, value) for i, value in found if not _same(value, outputs[i])]
        if not wrong or len(given) >= most or wrong[0][0] in given:
            break
        given.append(wrong[0][0])
    shown_wrong = [inputs[wrong[0][0]], outputs[wrong[0][0]], repr(wrong[0][1])[:200]] if wrong else None
    return {
        "right": not wrong,
        "wrong": shown_wrong,
        "wrong_rows": len(wrong),
        "rows": len(found),
        "examples": len(given),
    }


def _same(value: Any, output: Any) -> bool:
    """Whether two values are equal; true is not 1."""
    return bool(value == output) and isinstance(value, bool) == isinstance(output, bool)


def _tasks(settings: Settings, suite: str) -> Iterator[dict[str, Any]]:
    path = Path(suite) if suite.endswith(".jsonl") else settings.tasks / f"{suite}.jsonl"
    for file in sorted(OWN.glob("*.jsonl")) if suite == "own" else [path]:
        for line in file.read_text(encoding="utf-8").splitlines():
            task = json.loads(line)
            if settings.only in task["name"]:
                yield _of_own_suite(settings, file.stem, task) if suite == "own" else task


def _of_own_suite(settings: Settings, kind: str, column: dict[str, Any]) -> dict[str, Any]:
    """A column whose cells are what Python has for their types."""
    task = task_from_json(column)
    shown, hidden = (
        [{"inputs": e.inputs, "output": e.output} for e in examples] for examples in (task.examples, task.test_examples)
    )
    given = min(len(shown), settings.rows or len(shown))
    return {**column, "examples": shown, "test_examples": hidden, "given": given, "kind": kind, "request": task.type}


def _print(rows: Sequence[dict[str, Any]]) -> None:
    """Right of all by suite, protocol and part, one column a solver; median seconds; examples in the mean."""
    solvers = list(dict.fromkeys(r["solver"] for r in rows))
    for suite in dict.fromkeys(r["suite"] for r in rows):
        for protocol in dict.fromkeys(r["protocol"] for r in rows):
            for part in dict.fromkeys(r["part"] for r in rows if r["suite"] == suite):
                told = []
                for solver in solvers:
                    mine = [
                        r
                        for r in rows
                        if (r["suite"], r["protocol"], r["part"], r["solver"]) == (suite, protocol, part, solver)
                    ]
                    if mine:
                        seconds = statistics.median(r["seconds"] for r in mine)
                        mean = statistics.mean(r["examples"] for r in mine)
                        told.append(
                            f"{solver} {sum(r['right'] for r in mine)} of {len(mine)}, median {seconds:.3f} s, "
                            f"{max(r['seconds'] for r in mine):.1f} s at most, {mean:.2f} examples, "
                            f"{sum(r['confidence'] >= SURE and not r['right'] for r in mine)} wrong at confidence {SURE} or more"
                        )
                if told:
                    print(f"{suite:12} {protocol:7} {part:12} " + " | ".join(told))
        for solver in solvers:
            mine = [r for r in rows if r["suite"] == suite and r["solver"] == solver]
            print(f"{suite:12} all: {solver} {sum(r['right'] for r in mine)} of {len(mine)}{_trust(mine)}")


def _trust(rows: Sequence[dict[str, Any]]) -> str:
    """How far the stated confidences are from what came out, where any were stated."""
    if not any(r["confidence"] for r in rows):
        return ""
    said = Stated(np.array([r["confidence"] for r in rows]), np.array([float(r["right"]) for r in rows]))
    return f", calibration error {said.error:.3f} (floor {said.floor:.3f}), ROC area {said.area:.3f}"


def load_module(path: Path) -> ModuleType:
    """A module from a file that is no part of the project."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _settings() -> Settings:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tasks", type=Path, default=measuring.ROOT.parent / "shared" / "tasks")
    parser.add_argument("--rival", type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--suite", action="append", help="a suite's name, or a file of columns; repeatable")
    parser.add_argument("--protocol", action="append", choices=PROTOCOLS)
    parser.add_argument("--part", choices=("open", "blind", "both"), default="both")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="an even sample: one of every N columns")
    parser.add_argument("--only", default="")
    parser.add_argument("--show", action="store_true")
    parser.add_argument("--rows", type=int, default=0, metavar="N", help="rows of the own suite shown at most")
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--search", default="auto")
    parser.add_argument(
        "--reference", action="store_true", help="judge by the reference semantics, not by exported Python"
    )
    given = parser.parse_args()
    return Settings(
        tasks=given.tasks,
        rival=given.rival,
        out=given.out,
        suites=tuple(given.suite or SUITES),
        protocols=tuple(given.protocol or PROTOCOLS),
        part=given.part,
        every=given.every,
        only=given.only,
        show=given.show,
        rows=given.rows,
        seconds=given.seconds,
        search=given.search,
        reference=given.reference,
    )


if __name__ == "__main__":
    main()
