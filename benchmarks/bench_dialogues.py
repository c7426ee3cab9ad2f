"""Questions about the rows of a column: what one answer brings, and how many examples a person gives until all rows are right.

    python benchmarks/bench_dialogues.py --tasks ../shared/tasks --out dialogues.jsonl
    python benchmarks/bench_dialogues.py --suite prose-text --protocol one1 --part open --show

The whole table is visible and some of its rows have outputs.  ``one1``, ``one2`` and ``one3`` show the first 1, 2 or 3 rows, search, answer
the one question that is asked truthfully, if it is about a row of the table, and search again: right before and after are all rows that
were not shown at first.  ``asked`` begins with the first row, and answers question after question until all rows are right; where
none is asked the first wrong row is corrected, as a person would who looks through the column.  ``corrected`` never asks: the next example is
always the first wrong row.  Of the blind part of a suite only totals are printed; ``--show`` prints what is left wrong, of the open part alone.
Limits and seconds are of processor time, so that a busy machine gives the same figures.
"""

from __future__ import annotations

import argparse
import gc
import json
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import measuring  # found by the line above
from benchmarks.bench_columns import OWN, load_module
from neurosynth.language.evaluate import Evaluator
from neurosynth.language.program import Program
from neurosynth.questions import answered
from neurosynth.search.base import Limits
from neurosynth.synthesize import Result, synthesize
from neurosynth.tasks.json_io import task_from_json
from neurosynth.tasks.task import Example, Task
from neurosynth.values.types import STRING, Arrow, Type

SUITES = ("prose-text", "own")
ONE = ("one1", "one2", "one3")
DIALOGUES = ("asked", "corrected")
PROTOCOLS = (*ONE, *DIALOGUES)
BARS = {"one1": 0.65, "one2": 0.80, "one3": 0.92}
"""Share of columns right after one question, on prose-text."""
MEAN, WITHIN, MOST = 1.75, 0.97, 5
"""Bars of dialogues: examples in the mean, and the share of columns that are right with at most :data:`MOST`."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What is measured."""

    tasks: Path
    out: Path | None
    suites: tuple[str, ...] = SUITES
    protocols: tuple[str, ...] = PROTOCOLS
    part: str = "both"
    """open, blind or both."""
    every: int = 1
    """Of every so many columns of a suite one is measured: an even sample."""
    offset: int = 0
    """Which of every so many."""
    only: str = ""
    """Columns whose names contain this."""
    show: bool = False
    seconds: float = 10.0
    """Limit of one search, processor time."""
    search: str = "auto"
    examples: int = 12
    """Examples given at most in a dialogue."""


@dataclass(frozen=True)
class Column:
    """A column with all its outputs."""

    suite: str
    part: str
    name: str
    rows: tuple[Example, ...]
    request: Type | None = None
    """The type that the column declares; None for texts."""

    def task(self, shown: Sequence[int]) -> Task:
        """What a search is given: the shown rows with their outputs, the others without."""
        return Task(
            [self.rows[i] for i in shown],
            self.name,
            language="columns",
            type=self.request or Arrow((STRING,) * len(self.rows[0].inputs), STRING),
            unlabelled=[e.inputs for i, e in enumerate(self.rows) if i not in shown],
        )

    def wrong(self, result: Result, shown: int) -> list[int]:
        """The rows from ``shown`` on that the best program gets wrong; all of them where there is no program."""
        rest = range(shown, len(self.rows))
        if not result.solutions:
            return list(rest)
        function = Evaluator().function(_program(result))
        return [i for i in rest if function(self.rows[i].inputs) != self.rows[i].output]

    def asked(self, result: Result) -> int | None:
        """The row of the table that the question is about; None where none is asked, or one about no row of it."""
        if result.question is None:
            return None
        return next((i for i, e in enumerate(self.rows) if e.inputs == result.question.inputs), None)


def _program(result: Result) -> Program:
    return result.solutions[0].program


def one_question(column: Column, shown: int, settings: Settings) -> dict[str, Any]:
    """Search, answer one question truthfully, search again."""
    task = column.task(range(shown))
    before = _search(task, settings)
    wrong = column.wrong(before, shown)
    at = column.asked(before)
    after, left = before, wrong
    if at is not None:
        assert before.question is not None
        after = _search(answered(task, before.question, column.rows[at].output), settings)
        left = column.wrong(after, shown)
    return {
        "before": not wrong,
        "after": not left,
        "asked": at,
        "invented": before.question is not None and at is None,
        "settles": at in wrong,
        "left": _left(column, after, left),
    }


def dialogue(column: Column, settings: Settings, asks: bool) -> dict[str, Any]:
    """Examples until all rows are right: the answers to questions, or the first wrong row where there is none."""
    shown = [0]
    result = _search(column.task(shown), settings)
    questions = 0
    while (wrong := column.wrong(result, 0)) and len(shown) < min(settings.examples, len(column.rows)):
        at = column.asked(result) if asks else None
        at = None if at in shown else at
        questions += at is not None
        fresh = [i for i in wrong if i not in shown]
        if at is None and not fresh:
            break
        shown.append(fresh[0] if at is None else at)
        result = _search(column.task(shown), settings)
    return {
        "after": not wrong,
        "examples": len(shown),
        "questions": questions,
        "shown": shown,
        "left": _left(column, result, wrong),
    }


def _search(task: Task, settings: Settings) -> Result:
    gc.collect()
    return synthesize(task, guide="uniform", search=settings.search, limits=Limits(seconds=settings.seconds))


def _left(column: Column, result: Result, wrong: Sequence[int]) -> list[str] | None:
    """The first row that is still wrong: inputs, output, what the program gives, and the program."""
    if not wrong:
        return None
    row = column.rows[wrong[0]]
    best = str(_program(result)) if result.solutions else "none"
    gives = Evaluator().run(_program(result), row.inputs) if result.solutions else None
    return [repr(row.inputs), repr(row.output), repr(gives), best]


def main() -> None:
    """Measure and print a table."""
    settings = _settings()
    time.perf_counter = time.process_time  # the one clock that all searches look at
    rows = []
    common = measuring.facts(0, {"seconds": settings.seconds, "search": settings.search, "examples": settings.examples})
    keep = measuring.Record(settings.out, common)
    for column in _columns(settings):
        for protocol in settings.protocols:
            shown = int(protocol[-1]) if protocol in ONE else 1
            if len(column.rows) <= max(shown, 3) and protocol in ONE:
                continue
            start = time.process_time()
            one = protocol in ONE
            found = one_question(column, shown, settings) if one else dialogue(column, settings, protocol == "asked")
            row = {"suite": column.suite, "part": column.part, "name": column.name, "protocol": protocol, **found}
            row["seconds"] = round(time.process_time() - start, 3)
            rows.append(row)
            keep("dialogues", **{k: v for k, v in row.items() if k != "left"})  # cells of a suite are not ours to keep
            if settings.show and not row["after"] and column.part != "blind":
                print(json.dumps(row, ensure_ascii=False), flush=True)
    report(rows)


def report(rows: Sequence[dict[str, Any]]) -> None:
    """Print each suite and protocol, by part and whole, beside its bar."""
    for suite in dict.fromkeys(r["suite"] for r in rows):
        for protocol in dict.fromkeys(r["protocol"] for r in rows):
            mine = [r for r in rows if (r["suite"], r["protocol"]) == (suite, protocol)]
            parts = list(dict.fromkeys(r["part"] for r in mine))
            for part in [*(parts if len(parts) > 1 else ()), "all"]:
                some = [r for r in mine if part in ("all", r["part"])]
                if some:
                    told = _told_one(suite, some) if protocol in ONE else _told_dialogue(some)
                    print(f"{suite:11} {protocol:9} {part:6} {told}")


def _told_one(suite: str, rows: Sequence[dict[str, Any]]) -> str:
    before, after = sum(r["before"] for r in rows), sum(r["after"] for r in rows)
    lost = sum(r["before"] and not r["after"] for r in rows)
    asked = sum(r["asked"] is not None for r in rows)
    bar = BARS.get(rows[0]["protocol"]) if suite == "prose-text" else None
    return (
        f"right {before} of {len(rows)}, after one question {after} ({after / len(rows):.1%}), lost {lost}; asked {asked}, "
        f"of them {sum(r['settles'] for r in rows)} about a wrong row; {sum(r['invented'] for r in rows)} about no row of the table; "
        f"{_seconds(rows)} {measuring.bar(after / len(rows), bar)}"
    )


def _told_dialogue(rows: Sequence[dict[str, Any]]) -> str:
    right = sum(r["after"] for r in rows)
    mean = statistics.mean(r["examples"] for r in rows)
    within = sum(r["after"] and r["examples"] <= MOST for r in rows) / len(rows)
    return (
        f"right {right} of {len(rows)}, {mean:.2f} examples in the mean {measuring.bar(mean, MEAN, least=False)}, "
        f"{within:.1%} with at most {MOST} {measuring.bar(within, WITHIN)}, "
        f"{statistics.mean(r['questions'] for r in rows):.2f} questions; {_seconds(rows)}"
    )


def _seconds(rows: Sequence[dict[str, Any]]) -> str:
    taken = [r["seconds"] for r in rows]
    return f"median {statistics.median(taken):.2f} s, {max(taken):.1f} s at most"


def _columns(settings: Settings) -> Iterator[Column]:
    blind = load_module(settings.tasks / "blind.py").is_blind if settings.tasks.exists() else lambda task: False
    for suite in settings.suites:
        files = sorted(OWN.glob("*.jsonl")) if suite == "own" else [settings.tasks / f"{suite}.jsonl"]
        found = [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]
        for task in found[settings.offset :: settings.every]:
            part = "open" if suite == "own" or not blind(task) else "blind"
            if settings.only not in task["name"] or settings.part not in ("both", part):
                continue
            # an input that comes twice is one row: nobody is asked twice about it
            if "type" in task:
                typed = task_from_json(task)
                rows = {e.inputs: e.output for e in (*typed.examples, *typed.test_examples)}
                request = typed.type
            else:
                rows = {tuple(e["inputs"]): e["output"] for e in [*task["examples"], *task.get("test_examples", [])]}
                request = None
            yield Column(suite, part, task["name"], tuple(Example(i, o) for i, o in rows.items()), request)


def _settings() -> Settings:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tasks", type=Path, default=measuring.ROOT.parent / "shared" / "tasks")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--suite", action="append", help="a suite's name; repeatable")
    parser.add_argument("--protocol", action="append", choices=PROTOCOLS)
    parser.add_argument("--part", choices=("open", "blind", "both"), default="both")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="an even sample: one of every N columns")
    parser.add_argument("--offset", type=int, default=0, metavar="M", help="from the M-th column on")
    parser.add_argument("--only", default="")
    parser.add_argument("--show", action="store_true")
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--search", default="auto")
    parser.add_argument("--examples", type=int, default=12, help="given at most in a dialogue")
    given: dict[str, Any] = vars(parser.parse_args())
    suites, protocols = tuple(given.pop("suite") or SUITES), tuple(given.pop("protocol") or PROTOCOLS)
    return Settings(suites=suites, protocols=protocols, **given)


if __name__ == "__main__":
    main()
