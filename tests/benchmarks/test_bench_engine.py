"""The benchmark of the engine runs, tiny, and its plain search is the same enumeration as the engine's."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import bench_engine, measuring
from benchmarks.plain_search import Plain
from neurosynth.language.compile import compile_grammar
from neurosynth.language.grammar import Grammar
from neurosynth.plugins import load
from neurosynth.search.base import Limits, SearchRequest
from neurosynth.search.bottom_up.search import BottomUp
from neurosynth.tasks.task import Task

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
def test_rates_are_measured_and_recorded(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = bench_engine.Settings(rate_seconds=0.2, public=0, out=tmp_path / "rows.jsonl")
    record = measuring.Record(settings.out, measuring.facts(settings.seed, {"rate_seconds": 0.2}))
    bench_engine.rate(settings, record)
    rows = [json.loads(line) for line in (tmp_path / "rows.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [(r["language"], r["way"]) for r in rows] == [
        (language, way) for language in bench_engine.RATE_BARS for way in ("engine", "shipped", "plain")
    ]
    for row in rows:
        assert row["candidates"] > 0
        assert row["seconds"] > 0
        assert row["stop"] in ("time", "memory")
        assert {"commit", "versions", "machine", "seed", "limits", "section", "task"} <= row.keys()
    printed = capsys.readouterr().out
    assert printed.count("x plain Python") == 3


def grammar_of(language: str, task: Task) -> Grammar:
    assert task.type is not None
    return compile_grammar(load("languages", language), task.type)


@pytest.mark.parametrize("language", ["strings", "bitvectors"])
def test_plain_search_tries_and_keeps_what_the_engine_does(language: str) -> None:
    task = bench_engine.own_tasks(0)[language]
    grammar = grammar_of(language, task)
    plain = Plain(grammar, task)
    plain.run(0.3)
    done = sorted(c for c, rows in plain.values[grammar.start].items() if rows)[:-1]  # the last level was cut off
    search = BottomUp(join=False)
    found = search.run(SearchRequest(task=task, grammar=grammar, limits=Limits(seconds=1.5)))
    kept = {row["cost"]: row["values_kept"] for row in found.trace}
    for cost in [c for c in done if c in kept][
        :3
    ]:  # beyond that, the engine's partly undefined values make a difference
        ours = sum(len(rows) for levels in plain.values.values() for c, rows in levels.items() if c <= cost)
        assert kept[cost] == pytest.approx(ours, rel=0.02), cost


def test_plain_search_builds_lambdas() -> None:
    task = bench_engine.own_tasks(0)["lists"]
    plain = Plain(grammar_of("lists", task), task)
    assert plain.run(0.5) > 1000
    made = [row for levels in plain.functions.values() for rows in levels.values() for row in rows]
    unary = next(row for row in made if row[0].__code__.co_argcount == 1)
    assert all(isinstance(f(2), int) for f in unary)


def test_memory_rows_tell_the_peak_of_a_process_of_its_own() -> None:
    row = measuring.apart(measuring.solve, (bench_engine.own_tasks(0)["strings"], "strings", Limits(seconds=0.2)), 60)
    assert row["stop"] == "time"
    assert 0.02 < row["peak_gb"] < 4


def _killed() -> dict[str, str]:
    sys.exit(3)


def test_a_process_that_dies_is_a_row() -> None:
    assert measuring.apart(_killed, (), 60) == {"stop": "crash"}


@pytest.mark.parametrize(
    ("arguments", "said"), [(["--only", "rates"], "known: rate, start, memory, suites"), (["--help"], "plain Python")]
)
def test_the_command_line(arguments: list[str], said: str) -> None:
    done = subprocess.run(
        [sys.executable, "benchmarks/bench_engine.py", *arguments], cwd=ROOT, capture_output=True, text=True
    )
    assert said in done.stdout + done.stderr


def test_bars_in_words() -> None:
    assert measuring.bar(5.1, 5) == "(meets the bar: at least 5)"
    assert measuring.bar(1.2, 1, least=False) == "(MISSES the bar: at most 1)"
    rows = [{"task": "PRE_1_10", "stop": "solved"}, {"task": "PRE_1_100", "stop": "time"}]
    assert measuring.suite_bar("sygus-bitvectors", rows).startswith("100.0% of 1 tasks of 10 examples (meets")
