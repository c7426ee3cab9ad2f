"""The tasks that confidence is fitted and measured on: which examples are shown, which rows are judged, what stands in the table.

Of a column of data the whole table is visible, and the first rows have outputs.  The suites of :data:`MEASURED` are those of the
pooled figures; :data:`BESIDE` has the same columns with other rows or fewer shown, and without their table, which the model is fitted
on as well.
"""

from __future__ import annotations

import json
import random
import string
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # benchmarks is a folder of scripts, never installed

from benchmarks.bench_columns import EVERYDAY  # found by the line above
from benchmarks.nonsense import NONSENSE, nonsense  # found by the line above
from benchmarks.run_suites import load_suite, with_siblings
from neurosynth.bench.suites import sampled
from neurosynth.errors import InputError
from neurosynth.tasks.json_files import read_jsonl
from neurosynth.tasks.task import Task

__all__ = ["BESIDE", "HELD", "MEASURED", "NONSENSE", "TrustTask", "trust_tasks"]

ROOT = Path(__file__).resolve().parents[1]
HELD = "held"
KEPT_FROM_FITTING = EVERYDAY
"""Files of own columns that no model is fitted on, the suite :data:`HELD`: confidence is checked on them."""
OWN = ROOT / "examples" / "columns"
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
"""What the pooled figures are of; ``k`` is how many rows are shown, the first ones."""
BESIDE = (
    "prose-text last=3",
    "tde-columns last=3",
    "prose-text k=2 bare",
    "own k=4 typo",
    "nonsense seed=1",
    "tde-columns k=3 bare",
    "tde-columns k=1",
    "playgol-strings k=2 bare",
    "own k=1",
    "own k=2 bare",
    "dreamcoder-lists k=1 bare",
    "dreamcoder-lists k=2 bare",
    "dreamcoder-lists k=4 bare",
    "sygus-strings k=2 bare",
    "sygus-strings k=3 bare",
    "sygus-bitvectors k=6",
)
"""What the model is fitted on beside those; ``last`` rows are at the end of the column, ``bare`` is without the rows to fill,
``typo`` has a mistake in one of the outputs shown; the nonsense is other than that of the report."""
COLUMNS = ("prose-text", "tde-columns", "playgol-strings", "dreamcoder-lists")
"""Suites whose tasks are columns: the first rows are shown."""
LONGER = ("_short", "_small", "-long", "-long-repeat")
"""How the names of the other members of a family of sygus-strings end; they begin with the same examples."""
SAMPLED_ROWS = 10
"""Rows of a sample of a bit-vector task."""


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
        suite: ``name``, ``name k=N``, ``name k=N bare`` or ``name k=N typo``; ``last=N`` shows the last rows in place of the
            first, ``nonsense seed=N`` is other nonsense.
    """
    name, _, rest = suite.partition(" ")
    which, _, count = rest.partition(" ")[0].partition("=")
    shown = int(count) if count else None
    if name == NONSENSE:
        seeds = {"seed": int(rest.removeprefix("seed="))} if rest else {}
        yield from (TrustTask(suite=suite, family=f"{suite} {t.name}", task=t) for t in nonsense(**seeds))
        return
    for family, task in _own(held=name == HELD) if name in ("own", HELD) else _public(folder, name, shown):
        found: Task | None = task
        if name in (*COLUMNS, "own", HELD) or (name == "sygus-strings" and shown):
            found = _column(task, shown, bare="bare" in rest, last=which == "last")
        if found is not None and "typo" in rest:
            found = _with_typo(found)
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
        if name == "sygus-strings" and shown and task.name.endswith(LONGER):
            continue
        yield str(task.extra.get("family") or by_name.get(task.name) or task.name), task


def _own(*, held: bool = False) -> Iterator[tuple[str, Task]]:
    for file in sorted(OWN.glob("*.jsonl")):
        if (file.stem in KEPT_FROM_FITTING) != held:
            continue
        for task in read_jsonl(file, task=None):
            yield f"own/{task.name}", task


def _column(task: Task, shown: int | None, *, bare: bool, last: bool) -> Task | None:
    """The task with the first rows shown (as many as it has where ``shown`` is None), the others judged and, unless ``bare``, visible.

    ``last`` shows its last rows, from below.
    """
    every = (*task.examples, *task.test_examples)
    count = len(task.examples) if shown is None else shown
    if len(every) <= count:
        return None
    given, tests = (every[-count:], every[:-count]) if last else (every[:count], every[count:])
    rows = () if bare else tuple(e.inputs for e in tests if e.inputs not in {g.inputs for g in given})
    try:
        return replace(task, examples=given, test_examples=tests, unlabelled=rows)
    except InputError:  # rows that contradict each other
        return None


def _with_typo(task: Task) -> Task | None:
    """The task with a mistake in one of the outputs shown, such as people make; None where none of them is text to make one in."""
    rng = random.Random(task.name)
    places = [i for i, e in enumerate(task.examples) if isinstance(e.output, str) and len(e.output) > 1]
    if not places:
        return None
    at = rng.choice(places)
    wrong = mistyped(task.examples[at].output, rng)
    examples = [replace(e, output=wrong) if i == at else e for i, e in enumerate(task.examples)]
    return replace(task, examples=examples) if wrong != task.examples[at].output else None


def mistyped(text: str, rng: random.Random) -> str:
    """A text with one character left out, doubled, swapped with the next or replaced by another of its kind."""
    at = rng.randrange(len(text) - 1)
    c, after = text[at], text[at + 1 :]
    kind = next(
        (k for k in (string.digits, string.ascii_lowercase, string.ascii_uppercase) if c in k), string.punctuation
    )
    return text[:at] + rng.choice((after, c + c + after, after[0] + c + after[1:], rng.choice(kind) + after))
