"""The benchmark of enumeration runs, small, and its rivals agree with the enumerator."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from benchmarks import bench_enumeration, measuring


def test_every_section_is_measured_and_recorded(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = bench_enumeration.Settings(
        programs=100_000, rival_programs=5_000, resolution=0.02, out=tmp_path / "rows.jsonl"
    )
    record = measuring.Record(settings.out, measuring.facts(settings.seed, asdict(settings)))
    bench_enumeration.rate(settings, record, ("deepcoder-like, drawn", "lists, drawn"))
    bench_enumeration.rivals(settings, record, ("deepcoder-like, drawn",))
    bench_enumeration.parts(settings, record, ("deepcoder-like, uniform",))
    rows = [json.loads(line) for line in (tmp_path / "rows.jsonl").read_text(encoding="utf-8").splitlines()]
    ways = {(r["section"], r["grammar"], r["way"]) for r in rows if "way" in r}
    assert ways == {
        *(("rate", g, w) for g in ("deepcoder-like, drawn", "lists, drawn") for w in ("numbers", "whole", "objects")),
        *(("rivals", "deepcoder-like, drawn", w) for w in ("heap search", "cost tuples")),
    }
    assert all(r["rate"] > 0 for r in rows if "rate" in r)
    assert all(r["apart"] < 0.1 for r in rows if "apart" in r)
    assert all(sum(r["programs"]) == r["total"] for r in rows if r["section"] == "split")
    printed = capsys.readouterr().out
    assert "NOT AS MANY" not in printed
    assert printed.count("the bar") == 4
