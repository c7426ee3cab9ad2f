"""Drawn columns: the same ones for a seed, told by the rows shown, and measured."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest

from benchmarks import bench_made
from benchmarks.made.drawing import KINDS, column
from benchmarks.made.times import unlike, write


@pytest.mark.parametrize("name", sorted(KINDS))
def test_every_kind_draws_columns(name: str) -> None:
    drawn = [c for n in range(12) if (c := column(name, n, seed=3, shown=3)) is not None]
    assert len(drawn) > 2
    for made in drawn:
        assert len(set(made.rows)) == len(made.rows) == len(made.outputs) > 6
        assert len(set(made.outputs[:3])) > 1
        assert all(value is None or isinstance(value, str) for row in made.rows for value in row)


def test_a_seed_gives_the_same_columns() -> None:
    settings = bench_made.Settings(count=2, seed=5, only="numbers")
    assert list(bench_made.made(settings)) == list(bench_made.made(settings))


@pytest.mark.parametrize(
    ("format", "text", "other"),
    [("{I}:%M{p}", "6:05am", "06:05am"), ("{d}{th} %b", "2nd Mar", "02nd Mar"), ("Q{q} %y", "Q1 24", "Q1 24")],
)
def test_formats(format: str, text: str, other: str) -> None:
    at = datetime(2024, 3, 2, 6, 5)
    assert (write(at, format), write(at, unlike(format))) == (text, other)


def test_columns_are_measured(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "rows.jsonl"
    bench_made.main(["--only", "columns joined", "--count", "2", "--out", str(out)])
    rows = [json.loads(line) for line in out.read_text().splitlines()]
    assert [r["right"] for r in rows] == [True, True]
    assert "all" in capsys.readouterr().out
