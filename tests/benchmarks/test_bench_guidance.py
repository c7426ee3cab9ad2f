"""The bench of guidance on two tasks of its own, and what its tables and those of the bridge say."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks import bench_bridge, bench_guidance
from benchmarks.bench_guidance import Contestant, Settings, configurations, measure, suite_file, table

TASKS = [
    {"name": "sum", "examples": [{"inputs": [[1, 2]], "output": 3}, {"inputs": [[4]], "output": 4}],
     "test_examples": [{"inputs": [[5, 5]], "output": 10}]},
    {"name": "odd", "examples": [{"inputs": [[1, 2, 5]], "output": [1, 5]}, {"inputs": [[4, 3, 8]], "output": [3]}]},
]  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "own.jsonl").write_text("\n".join(map(json.dumps, TASKS)) + "\n", "utf-8")
    return tmp_path


def test_every_guide_is_tried_by_each_search_that_takes_it() -> None:
    found = {
        c.name: (c.guide, c.search) for c in configurations(["lists-ngram", "lists-bigram-pcfg"], ["bottom-up", "beam"])
    }
    assert found == {
        "uniform-bottom-up": ("uniform", "bottom-up"),
        "lists-ngram-bridge": ("lists-ngram", "bottom-up"),
        "lists-ngram-beam": ("lists-ngram", "beam"),
        "lists-bigram-pcfg-bridge": ("lists-bigram-pcfg", "bottom-up"),
    }


def test_a_run_goes_on_where_it_was_and_the_table_compares(folder: Path) -> None:
    settings = Settings(tasks=folder, out=folder, seconds=20.0)
    suites = [suite_file(folder, "own", folder)]
    uniform = Contestant(name="uniform-bottom-up", guide="uniform", search="bottom-up")
    guided = Contestant(name="pcfg-bridge", guide="lists-bigram-pcfg", search="bottom-up")
    found = {c.name: measure(c, suites, settings) for c in (uniform, guided)}
    assert {len(rows) for rows in found.values()} == {2}
    assert [row.task for row in measure(guided, suites, settings)] == ["sum", "odd"]
    assert len((folder / "pcfg-bridge.jsonl").read_text("utf-8").splitlines()) == 2
    lines = table(found).splitlines()
    assert lines[1].startswith("own")
    assert "2 of    2" in lines[2]
    assert "1 of    1" in lines[3]
    assert "(2)" in lines[3]  # the ratio is over both tasks


def test_of_a_large_suite_the_same_tasks_are_drawn(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(bench_guidance.DRAWN, "own", 1)
    drawn = folder / "drawn"
    drawn.mkdir()
    first = Path(suite_file(folder, "own", drawn)).read_text("utf-8")
    assert first == Path(suite_file(folder, "own", drawn)).read_text("utf-8")
    assert len(first.splitlines()) == 1


def test_a_variant_of_the_bridge_is_compared_on_candidates_alone() -> None:
    row = bench_bridge.summary("width 8", [10, None, 1000], [100, 50, None], 10_000)
    assert (row["solved"], row["lost"], row["median_ratio"]) == (2, 1, 10.0)
    assert str(bench_bridge.Variant()) == "as shipped"
    assert str(bench_bridge.Variant(width=8, counted=False)) == "width 8, counted False"
