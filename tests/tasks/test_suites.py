"""The public suites load, but for the files known to hold no task."""

from __future__ import annotations

from pathlib import Path

import pytest

from neurosynth.errors import InputError
from neurosynth.tasks import load_tasks

SUITES = Path(__file__).resolve().parents[2].parent / "shared" / "tasks"
pytestmark = pytest.mark.skipif(not SUITES.is_dir(), reason="the public suites are not beside the repository")


@pytest.mark.parametrize(
    ("folder", "count", "language", "unusable"),
    [
        (
            "sygus-strings",
            124,
            "strings",
            {
                "max3": "this constraint is not an example: (>= (max3 x y z) x)",
                "univ_3-long-repeat": "contradicts line 13",
                "univ_4-long-repeat": "contradicts line 13",
                "univ_5-long-repeat": "contradicts line 13",
                "univ_6-long-repeat": "contradicts line 13",
            },
        ),
        ("sygus-bitvectors", 120, "bitvectors", {}),
        ("hackers-delight/pbe", 16, "bitvectors", {}),
        ("circuits/pbe", 131, "bitvectors", {}),
    ],
)
def test_sygus_suites(folder: str, count: int, language: str, unusable: dict[str, str]) -> None:
    errors: dict[str, str] = {}
    tasks = []
    for file in sorted((SUITES / folder).rglob("*.sl")):
        try:
            tasks += load_tasks(file)
        except InputError as error:
            errors[file.stem] = str(error)
    assert errors.keys() == unusable.keys()
    assert all(unusable[name] in message for name, message in errors.items())
    assert len(tasks) == count
    for task in tasks:
        assert task.language == language
        assert task.grammar is not None
        assert task.grammar.levels()
        assert not task.grammar.unreachable
        assert task.extra["sygus"]["version"] == 1


@pytest.mark.parametrize(
    ("file", "count", "unusable", "why"),
    [
        ("bustle-strings", 23, 0, ""),
        ("dreamcoder-lists", 143, 0, ""),
        ("deepcoder-neo", 60, 0, ""),
        ("lambdabeam-lists", 120, 0, ""),
        ("progsynth-strings", 59, 0, ""),
        ("playgol-strings", 194, 2, "contradict"),
        ("prose-text", 212, 0, ""),
    ],
)
def test_json_suites(file: str, count: int, unusable: int, why: str) -> None:
    errors: list[InputError] = []
    tasks = load_tasks(SUITES / f"{file}.jsonl", on_error=errors.append)
    assert (len(tasks), len(errors)) == (count, unusable)
    assert all(why in str(e) for e in errors)
