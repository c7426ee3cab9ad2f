"""The suite of columns in examples/columns is what its README says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.bench_columns import EVERYDAY
from neurosynth.tasks.json_io import task_from_json

ROOT = Path(__file__).parents[3] / "examples" / "columns"
SINCE_12 = tuple(f"everyday{n}" for n in range(12, len(EVERYDAY) + 2))
"""The kinds whose authors all had the same rules."""
TYPED = ("everyday3", "everyday4", "everyday11", *SINCE_12, "typed", "unexplained")
MORE_SHOWN = {
    "everyday4": 6,
    "everyday5": 7,
    "everyday6": 8,
    "everyday7": 8,
    "everyday8": 8,
    "everyday9": 8,
    "everyday10": 8,
    "everyday11": 4,
    **dict.fromkeys(SINCE_12, 6),
}
REPEATED = ("everyday6", "everyday9", "everyday10", "everyday19")
"""The kinds that have columns of few values, as sizes of clothes or empty cells, whose rows repeat."""
"""The kinds whose branches are each shown by a row, and the number of rows that are shown at most."""
FILES = sorted(ROOT.glob("*.jsonl"))


def columns_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("path", FILES, ids=[p.stem for p in FILES])
def test_columns_have_rows_to_show_and_rows_to_judge(path: Path) -> None:
    for column in columns_of(path):
        shown, hidden = column["examples"], column["test_examples"]
        assert column["name"].startswith(path.stem)
        assert 2 <= len(shown) <= MORE_SHOWN.get(path.stem, 3)
        assert 5 <= len(shown) + len(hidden) <= 15
        assert column["unlabelled"] == [row["inputs"] for row in hidden]
        inputs = [tuple(row["inputs"]) for row in (*shown, *hidden)]
        assert len(set(inputs)) == len(inputs) or path.stem in REPEATED
        assert {len(i) for i in inputs} == {len(column["input_names"])}
        task = task_from_json(column)  # the cells are of the column's type
        assert all(isinstance(cell, str | None) for e in task.examples for cell in e.inputs) or path.stem in TYPED


def test_there_are_at_least_150_columns_under_names_of_their_own() -> None:
    names = [column["name"] for path in FILES for column in columns_of(path)]
    assert len(names) == len(set(names)) >= 150
