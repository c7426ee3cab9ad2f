"""The ablation on two tasks of its own: rows, where a run goes on, and what its table says."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks import bench_ablation, solve_suites
from benchmarks.bench_ablation import Settings, candidates, measure, page, table
from neurosynth.tasks.task import Task

TASKS = [
    {"name": "sum", "examples": [{"inputs": [[1, 2]], "output": 3}, {"inputs": [[4]], "output": 4}],
     "test_examples": [{"inputs": [[5, 5]], "output": 10}]},
    {"name": "odd", "examples": [{"inputs": [[1, 2, 5]], "output": [1, 5]}, {"inputs": [[4, 3, 8]], "output": [3]}]},
]  # fmt: skip


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "own.jsonl").write_text("\n".join(map(json.dumps, TASKS)) + "\n", "utf-8")
    return Settings(
        tasks=tmp_path, out=tmp_path / "rows.jsonl", suites=("own",), without=("divide", "join"), seconds=20.0
    )


def test_a_run_goes_on_where_it_was(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = list(measure(settings))
    assert [(r["task"], r["without"]) for r in rows] == [(t, w) for t in ("sum", "odd") for w in ("", "divide", "join")]
    assert {r["stop"] for r in rows} == {"solved"}
    lines = settings.out.read_text("utf-8").splitlines()
    settings.out.write_text("\n".join(lines[:4]) + "\n", "utf-8")
    made = []
    real = solve_suites.in_process

    def noted(task: Task, given: solve_suites.Settings) -> bench_ablation.Row:
        made.append(given.without)
        return real(task, given)

    monkeypatch.setattr(solve_suites, "in_process", noted)
    again = list(measure(settings))
    assert made == [("divide",), ("join",)]
    assert [(r["task"], r["without"]) for r in again] == [(r["task"], r["without"]) for r in rows]


def test_other_limits_are_other_rows(settings: Settings) -> None:
    first = next(iter(measure(settings)))
    second = next(iter(measure(replace(settings, seconds=21.0))))
    assert bench_ablation.key(first) != bench_ablation.key(second)
    assert len(settings.out.read_text("utf-8").splitlines()) == 2


def row(task: str, without: str, count: int | None, accuracy: float | None) -> bench_ablation.Row:
    """A row as a run makes it; no count: not solved."""
    programs = [] if count is None else [{"text": "x0", "test_accuracy": accuracy}]
    stats = {"programs_tried": 100, "first_solved": count}
    stop = "time" if count is None else "solved"
    return {
        "suite": "own", "task": task, "without": without, "tested": True, "stop": stop, "programs": programs,
        "stats": stats, "commit": "abc",
    }  # fmt: skip


ROWS = [row("a", "", 10, 1.0), row("b", "", 30, 0.5), row("a", "join", 40, 1.0), row("b", "join", None, None)]


def test_the_table_says_what_a_means_brings(settings: Settings) -> None:
    lines = table(ROWS).splitlines()
    assert lines[2] == "| all of it | 2 of 2 | 1 of 2 | 20 | 1.00 (2) |"
    assert lines[3] == "| join | 1 of 2 | 1 of 2 | 40 | 4.00 (1) |"
    assert lines[-1] == "| own, 2 | 2 (1) | 1 (1) |"
    assert "commit abc" in page(ROWS, settings)


def test_candidates_are_those_until_the_first_solution_and_at_least_one() -> None:
    assert [candidates(row("a", "", n, None)) for n in (0, 7)] == [1, 7]
