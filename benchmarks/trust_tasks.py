"""The tasks that confidence is fitted and measured on: which examples are shown, which rows are judged, what stands in the table.

Of a column of data the whole table is visible, and the first rows have outputs.  The suites of :data:`MEASURED` are those of the
report; :data:`BESIDE` has the same columns without their table, and with fewer rows shown, which the model is fitted on as well.
"""

from __future__ import annotations

import json
import random
import string
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # benchmarks is a folder of scripts, never installed

from benchmarks.run_suites import load_suite, with_siblings  # found by the line above
from neurosynth.bench.suites import sampled
from neurosynth.errors import InputError
from neurosynth.tasks.json_files import read_jsonl
from neurosynth.tasks.task import Example, Task
from neurosynth.values.types import STRING, Arrow

__all__ = ["BESIDE", "MEASURED", "NONSENSE", "TrustTask", "trust_tasks"]

ROOT = Path(__file__).resolve().parents[1]
KEPT_FROM_FITTING = ("everyday2", "everyday3")
"""Files of own columns that no model is fitted on: confidence is checked on them."""
OWN = ROOT / "examples" / "columns"
NONSENSE = "nonsense"
MEASURED = (
    "prose-text k=1",
    "prose-text k=2",
    "prose-text k=3",
    "tde-columns k=3",
    "playgol-strings k=5",
    "bustle-strings",
    "lambdabeam-lists",
    "sygus-strings",
    "sygus-bitvectors",
    "own",
    NONSENSE,
)
"""What the report is of; ``k`` is how many rows are shown."""
BESIDE = (
    "prose-text k=2 bare",
    "tde-columns k=3 bare",
    "tde-columns k=1",
    "playgol-strings k=2 bare",
    "own k=1",
    "own k=2 bare",
    "dreamcoder-lists k=4 bare",
    "sygus-bitvectors k=6",
)
"""What the model is fitted on beside those; ``bare`` is without the rows to fill."""
COLUMNS = ("prose-text", "tde-columns", "playgol-strings", "dreamcoder-lists")
"""Suites whose tasks are columns: the first rows are shown."""
SAMPLED_ROWS = 10
"""Rows of a sample of a bit-vector task."""
NONSENSE_COLUMNS = 100
NONSENSE_ROWS = 10
ONE_SEED = 7


@dataclass(frozen=True, kw_only=True)
class TrustTask:
    """A task, and what it counts as."""

    suite: str
    family: str
    """Tasks of one family are in one fold."""
    task: Task
    """``test_examples`` are the rows that are judged."""

    @property
    def key(self) -> str:
        """Names the task among all."""
        return f"{self.suite}/{self.task.name}"


def trust_tasks(folder: Path, suite: str) -> Iterator[TrustTask]:
    """The tasks of a suite of :data:`MEASURED` or :data:`BESIDE`; those without a row to judge are left out.

    Args:
        folder: where the public suites are; the project's own and the nonsense need none.
        suite: ``name``, ``name k=N`` or ``name k=N bare``.
    """
    name, _, rest = suite.partition(" ")
    shown = int(rest.split()[0].removeprefix("k=")) if rest else None
    bare = rest.endswith(" bare")
    if name == NONSENSE:
        yield from (TrustTask(suite=suite, family=t.name, task=t) for t in nonsense())
        return
    for family, task in _own() if name == "own" else _public(folder, name, shown):
        found = _column(task, shown, bare=bare) if name in (*COLUMNS, "own") else task
        if found is not None and found.test_examples:
            yield TrustTask(suite=suite, family=family, task=found)


def _public(folder: Path, name: str, shown: int | None) -> Iterator[tuple[str, Task]]:
    families = json.loads((folder / "sl_families.json").read_text("utf-8"))
    by_name = {Path(k).stem: v for k, v in families.items() if k.startswith(name)}
    tasks = list(load_suite(folder, name))
    if name == "sygus-bitvectors":
        for task in sampled(tasks, shown or SAMPLED_ROWS, 1):
            yield by_name.get(task.name.rsplit(" ", 1)[0], task.name), task
        return
    for task in with_siblings(tasks, name, folder) if name == "sygus-strings" else tasks:
        yield str(task.extra.get("family") or by_name.get(task.name) or task.name), task


def _own() -> Iterator[tuple[str, Task]]:
    for file in sorted(OWN.glob("*.jsonl")):
        if file.stem in KEPT_FROM_FITTING:
            continue
        for task in read_jsonl(file, task=None):
            yield f"own/{task.name}", task


def _column(task: Task, shown: int | None, *, bare: bool) -> Task | None:
    """The task with the first rows shown (as many as it has where ``shown`` is None), the others judged and, unless ``bare``, visible."""
    every = (*task.examples, *task.test_examples)
    count = len(task.examples) if shown is None else shown
    if len(every) <= count:
        return None
    given, tests = every[:count], every[count:]
    rows = () if bare else tuple(e.inputs for e in tests if e.inputs not in {g.inputs for g in given})
    try:
        return replace(task, examples=given, test_examples=tests, unlabelled=rows)
    except InputError:  # rows that contradict each other
        return None


def nonsense(count: int = NONSENSE_COLUMNS, seed: int = ONE_SEED) -> Iterator[Task]:
    """Columns whose outputs have nothing to do with their inputs: random texts and numbers, and real columns of another table."""
    rng = random.Random(seed)
    columns = [[str(e.inputs[0]) for e in (*t.examples, *t.test_examples)] for _, t in _own() if t.arity == 1]
    results = [[e.output for e in (*t.examples, *t.test_examples)] for _, t in _own()]
    results = [[str(o) for o in r] for r in results if all(isinstance(o, str) and o for o in r) and len(set(r)) > 4]
    for i in range(count):
        inputs = _repeated(rng.choice(columns), rng)
        kind = i % 4
        if kind == 0:
            outputs = ["".join(rng.choices(string.ascii_lowercase, k=rng.randint(3, 9))) for _ in inputs]
        elif kind == 1:
            outputs = [str(rng.randint(0, 10 ** rng.randint(2, 5))) for _ in inputs]
        elif kind == 2:
            outputs = _repeated(rng.choice(results), rng)
        else:
            words = ["".join(rng.choices(string.ascii_lowercase, k=5)).title() for _ in range(12)]
            outputs = [" ".join(rng.choices(words, k=rng.randint(1, 3))) for _ in inputs]
        pairs = list(dict(zip(inputs, outputs, strict=False)).items())
        yield Task(
            [Example((a,), b) for a, b in pairs[:3]],
            f"nonsense {i}",
            language="columns",
            type=Arrow((STRING,), STRING),
            unlabelled=[(a,) for a, _ in pairs[3:]],
            test_examples=[Example((a,), b) for a, b in pairs[3:]],
        )


def _repeated(cells: Sequence[Any], rng: random.Random) -> list[Any]:
    """As many cells of a column as a table of nonsense has, in any order."""
    found = list(dict.fromkeys(cells))
    rng.shuffle(found)
    return found[:NONSENSE_ROWS]
