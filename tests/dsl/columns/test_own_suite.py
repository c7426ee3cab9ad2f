"""The suite of columns in examples/columns is what its README says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3] / "examples" / "columns"
FILES = sorted(ROOT.glob("*.jsonl"))


def columns_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("path", FILES, ids=[p.stem for p in FILES])
def test_columns_have_rows_to_show_and_rows_to_judge(path: Path) -> None:
    for column in columns_of(path):
        shown, hidden = column["examples"], column["test_examples"]
        assert column["name"].startswith(path.stem)
        assert 2 <= len(shown) <= 3
        assert 5 <= len(shown) + len(hidden) <= 15
        assert column["unlabelled"] == [row["inputs"] for row in hidden]
        inputs = [tuple(row["inputs"]) for row in (*shown, *hidden)]
        assert len(set(inputs)) == len(inputs)
        assert {len(i) for i in inputs} == {len(column["input_names"])}
        cells = [cell for row in (*shown, *hidden) for cell in (*row["inputs"], row["output"])]
        assert all(cell is None or isinstance(cell, str) for cell in cells)


def test_there_are_at_least_150_columns_under_names_of_their_own() -> None:
    names = [column["name"] for path in FILES for column in columns_of(path)]
    assert len(names) == len(set(names)) >= 150
