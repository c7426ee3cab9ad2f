"""Tasks in Python: examples as pairs, and types that only all rows together tell."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

import neurosynth as ns
from neurosynth.errors import InputError
from neurosynth.tasks.json_io import task_from_json


@pytest.mark.parametrize(
    ("pairs", "t"),
    [
        ([("a b", "a"), ("c d", "c")], "string -> string"),
        ([(("a", 2), "a2"), (("b", 3), "b3")], "string -> int -> string"),
        ([([1, 2], 3), ([4], 4)], "list int -> int"),
        ([(1, "1.00"), (2.5, "2.50")], "decimal -> string"),
        ([(1, 3), (2, 2.5)], "int -> decimal"),
        ([(None, "-"), (2, "2")], "decimal -> string"),
        ([(float("nan"), "-"), (2, "2")], "decimal -> string"),
        ([(2, Decimal("3.5")), (3, 4)], "int -> decimal"),
    ],
)
def test_pairs_are_examples(pairs: Any, t: str) -> None:
    task = ns.Task(pairs)
    assert str(task.type) == t
    assert all(isinstance(e, ns.Example) for e in task.examples)


def test_a_list_of_pairs_is_a_task() -> None:
    result = ns.synthesize([("Ada Lovelace", "A. Lovelace"), ("Alan Turing", "A. Turing")])
    assert result.best("Grace Hopper") == "G. Hopper"


@pytest.mark.parametrize("given", ["abc", None, {"a": "b"}, 3])
def test_anything_else_is_refused(given: Any) -> None:
    with pytest.raises(InputError, match=r"the task is .*allowed: a neurosynth.Task, or a list of examples"):
        ns.synthesize(given)


@pytest.mark.parametrize("given", [1, "ab c", ("a",), ("a", "b", "c")])
def test_what_is_no_example_is_named(given: Any) -> None:
    examples: Any = [("a", "b"), given]
    with pytest.raises(InputError, match=r"example 2: .* is not an example; allowed: neurosynth\.example"):
        ns.Task(examples)


def test_numbers_of_json_tasks_are_decimals_where_some_have_a_fraction_or_are_missing() -> None:
    rows = [{"inputs": [1, None, "a"], "output": 2}, {"inputs": [2.5, 3, None], "output": None}]
    task = task_from_json({"examples": rows, "unlabelled": [[None, 4, "b"]]})
    assert str(task.type) == "decimal -> decimal -> string -> decimal"
    assert task.examples[0].inputs == (Decimal(1), None, "a")
    with pytest.raises(InputError, match="null; allowed: integers"):
        task_from_json({"examples": [{"inputs": [None], "output": 1}]})
