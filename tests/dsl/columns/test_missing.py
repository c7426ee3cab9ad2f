"""Missing values in tasks and programs of ``columns``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from neurosynth import Limits, Task, example, load_tasks, synthesize
from neurosynth.errors import InputError
from neurosynth.tasks.guess import guess_language
from neurosynth.values.types import parse_type

TASK = Task(
    [example(None, output="none"), example("a", output="A"), example("bc", output=None)],
    type=parse_type("string -> string"),
)


def test_texts_may_be_missing_in_files(tmp_path: Path) -> None:
    rows = [{"inputs": [None, "x"], "output": "x"}, {"inputs": ["a", "y"], "output": None}]
    path = tmp_path / "task.json"
    path.write_text(json.dumps({"name": "t", "examples": rows}))
    (task,) = load_tasks(path)
    assert [e.inputs[0] for e in task.examples] == [None, "a"]
    assert task.examples[1].output is None
    assert guess_language(task) == "columns"


def test_a_language_without_missing_values_says_so() -> None:
    with pytest.raises(
        InputError,
        match=r"example 1, input 1 is missing \(null\); language 'strings' has no missing values; give a value, leave the row out",
    ):
        synthesize(TASK, "strings")


def test_enumeration_survives_missing_values() -> None:
    limits = Limits(seconds=60, max_programs=300)
    assert not synthesize(TASK, "columns", search="bottom-up", limits=limits).solved
    upper = Task([example(None, output=None), example("a", output="A")], type=parse_type("string -> string"))
    assert upper.examples[0].output is None
