"""The ablation on two tasks of its own: rows, where a run goes on, and what its page says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.bench_ablation import Settings, measure, page, switches
from neurosynth.bench.rows import read_rows

TASKS = [
    {"name": "sum", "examples": [{"inputs": [[1, 2]], "output": 3}, {"inputs": [[4]], "output": 4}],
     "test_examples": [{"inputs": [[5, 5]], "output": 10}]},
    {"name": "odd", "examples": [{"inputs": [[1, 2, 5]], "output": [1, 5]}, {"inputs": [[4, 3, 8]], "output": [3]}]},
]  # fmt: skip


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "own.jsonl").write_text("\n".join(map(json.dumps, TASKS)) + "\n", "utf-8")
    return Settings(tasks=tmp_path, out=tmp_path / "rows.jsonl", suites=("own",), without=switches()[:2], seconds=20.0)


def test_a_run_goes_on_where_it_was_and_its_page_compares(settings: Settings) -> None:
    rows = list(measure(settings))
    names = ["auto", *(f"auto {name}=false" for name in settings.without)]
    assert [(r.task, r.settings["search"]) for r in rows] == [(t, n) for t in ("sum", "odd") for n in names]
    assert {r.stop for r in rows} == {"solved"}
    lines = settings.out.read_text("utf-8").splitlines()
    settings.out.write_text("\n".join(lines[:4]) + "\n", "utf-8")
    assert [(r.task, r.settings["search"]) for r in measure(settings)] == [("odd", name) for name in names[1:]]
    assert [r.key for r in read_rows(settings.out)] == [r.key for r in rows]
    text = page(settings)
    assert f"| auto {settings.without[0]}=false · uniform | 2 | 2 | 0 | 0 |" in text
    assert "2 solved · 1 of 1 right" in text
