"""The benchmark of readable code runs, and the code stays as readable as it is."""

from __future__ import annotations

import json
import statistics
from pathlib import Path

import pytest

from benchmarks import bench_readable


def test_exported_code_is_about_as_long_as_a_persons(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "rows.jsonl"
    bench_readable.main(["--out", str(out)])
    rows = [json.loads(line) for line in out.read_text().splitlines()]
    assert len(rows) == 50
    assert statistics.median(r["characters"] / r["characters_written"] for r in rows) <= 1.1
    assert sum(r["helpers"] for r in rows) <= 3
    assert not [r["name"] for r in rows if r["ruff"]]
    assert "50 of 50" in capsys.readouterr().out
