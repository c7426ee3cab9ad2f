"""The benchmark of dialogues, on a column of its own."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import pytest

from benchmarks import bench_dialogues

NAMES = [
    "Ada Lovelace",
    "Alan Turing",
    "Carl Friedrich Gauss",
    "Emmy Noether",
    "Anna Maria Sibylla Merian",
    "Kurt Godel",
]


@pytest.fixture
def tasks(tmp_path: Path) -> Path:
    """A folder of suites with one column: the last word."""
    rows = [{"inputs": [n], "output": n.rsplit(" ", 1)[1]} for n in NAMES]
    (tmp_path / "prose-text.jsonl").write_text(json.dumps({"name": "last", "examples": rows}) + "\n", encoding="utf-8")
    (tmp_path / "blind.py").write_text("def is_blind(task):\n    return False\n", encoding="utf-8")
    return tmp_path


def test_a_dialogue_needs_the_row_that_settles(
    tasks: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tasks / "rows.jsonl"
    monkeypatch.setattr(time, "perf_counter", time.perf_counter)  # the script turns the clock; put back what it was
    monkeypatch.setattr(
        sys, "argv", ["bench_dialogues.py", "--tasks", str(tasks), "--suite", "prose-text", "--out", str(out)]
    )
    bench_dialogues.main()
    rows = {r["protocol"]: r for r in map(json.loads, out.read_text(encoding="utf-8").splitlines())}
    assert set(rows) == set(bench_dialogues.PROTOCOLS)
    assert all(r["after"] and "left" not in r for r in rows.values())
    assert rows["one1"]["asked"] in (2, 4)  # the names of three or four words tell
    assert rows["asked"]["examples"] <= rows["corrected"]["examples"] + 1
    told = capsys.readouterr().out
    assert "prose-text  one1      all    right" in told
    assert "examples in the mean (meets the bar: at most 1.75)" in told or "MISSES" in told


def test_a_column_may_declare_its_types(tmp_path: Path) -> None:
    rows = [{"inputs": [n], "output": 2 * n} for n in (1, 5, 7)]
    task = {"name": "double", "type": "int -> int", "language": "columns", "examples": rows}
    (tmp_path / "prose-text.jsonl").write_text(json.dumps(task) + "\n", encoding="utf-8")
    (tmp_path / "blind.py").write_text("def is_blind(task):\n    return False\n", encoding="utf-8")
    settings = bench_dialogues.Settings(tasks=tmp_path, out=None, suites=("prose-text",))
    [column] = bench_dialogues._columns(settings)
    assert str(column.task([0]).type) == "int -> int"


def test_a_column_whose_question_is_about_no_row_counts_as_not_asked() -> None:
    rows = [
        {"suite": "own", "protocol": "one1", "part": "open", "before": True, "after": True, "asked": None,
         "invented": True, "settles": False, "seconds": 0.1},
        {"suite": "own", "protocol": "one1", "part": "open", "before": False, "after": True, "asked": 3,
         "invented": False, "settles": True, "seconds": 0.2},
    ]  # fmt: skip
    told = bench_dialogues._told_one("own", rows)
    assert told.startswith(
        "right 1 of 2, after one question 2 (100.0%), lost 0; asked 1, of them 1 about a wrong row; 1 about"
    )
