"""The suite of whole tables in examples/tables is what its README says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from neurosynth.tasks.task import Example, first_contradiction

FILE = Path(__file__).parents[2] / "examples" / "tables" / "tables.jsonl"
TABLES: list[dict[str, Any]] = [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("table", TABLES, ids=[t["name"] for t in TABLES])
def test_tables_have_derived_columns_that_a_few_rows_show(table: dict[str, Any]) -> None:
    names, rows, shown = table["columns"], table["rows"], table["fill"]
    assert len(set(names)) == len(names)
    assert 8 <= len(names) - len(shown) <= 20
    assert names[-len(shown) :] == list(shown)
    assert 15 <= len(rows) <= 60
    assert {len(row) for row in rows} == {len(names)}
    assert all(isinstance(cell, str) for row in rows for cell in row)
    for name, count in shown.items():
        at = names.index(name)
        assert 3 <= count <= 4
        assert all(row[at] for row in rows[:2])
        examples = [Example(tuple(row[:at]), row[at]) for row in rows]
        assert first_contradiction(examples) is None


def test_there_are_twelve_tables_and_59_derived_columns() -> None:
    assert len({t["name"] for t in TABLES}) == len(TABLES) == 12
    assert sum(len(t["fill"]) for t in TABLES) == 59
