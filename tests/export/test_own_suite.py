"""Every program found for the own suite of columns exports to Python and pandas, which give what the program gives."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import neurosynth as ns
from neurosynth.export.vectors import PandasExporter
from neurosynth.language.evaluate import Evaluator
from neurosynth.language.primitive import UNDEFINED
from neurosynth.tasks.json_io import task_from_json

FILES = sorted((Path(__file__).parents[2] / "examples" / "columns").glob("*.jsonl"))


@pytest.mark.slow
@pytest.mark.parametrize("path", FILES, ids=[p.stem for p in FILES])
def test_every_program_exports_to_python_and_pandas(path: Path) -> None:
    pd = pytest.importorskip("pandas", reason="the extra data is not installed")
    solved = 0
    for text in path.read_text(encoding="utf-8").splitlines():
        column = json.loads(text)
        task = task_from_json(column)
        result = ns.synthesize(
            task, column.get("language", "columns"), search="cover", guide="uniform", limits=ns.Limits(seconds=2)
        )
        if not result.solved:
            continue
        solved += 1
        program = result.solutions[0].program
        rows = [*(e.inputs for e in task.examples), *(e.inputs for e in task.test_examples)]
        # exported code raises where the program has no value, in a column as in a cell
        values = [Evaluator().function(program)(tuple(row)) for row in rows]
        rows = [row for row, value in zip(rows, values, strict=True) if value is not UNDEFINED]
        want = [value for value in values if value is not UNDEFINED]
        space: dict[str, Any] = {}
        exec(str(result.export(result.best, "python")), space)
        for row, value in zip(rows, want, strict=True):
            assert space["program"](*row) == value, f"{column['name']}: {program} on {row}"
        code: dict[str, Any] = {}
        exec(PandasExporter().export(program, task), code)
        names = [i.name or i.head for i in task.inputs]
        frame = pd.DataFrame({name: [row[i] for row in rows] for i, name in enumerate(names)}, dtype=object)
        for row, value, got in zip(rows, want, code["column"](frame).tolist(), strict=True):
            missing = got is None or got is pd.NA or got != got
            if isinstance(got, pd.Timestamp) and type(value) is date:  # pandas has no dates without a time
                got = got.date()
            assert (None if missing else got) == value, f"{column['name']}: {program} on {row}: {got!r}"
    assert solved > 0
