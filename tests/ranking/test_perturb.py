"""Inputs like the given ones: of the same types and format, never given, the same for the same seed."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from neurosynth.ranking.perturb import chance_inputs, unseen_inputs
from neurosynth.tasks.task import Example, Task, example
from neurosynth.values.reading import has_type
from neurosynth.values.types import Type, TypeConstructor, parse_type
from tests.strategies import ground_types

WIDTH = parse_type("bitvec 5")


def values_of(t: Type) -> st.SearchStrategy[Any]:
    """Frozen values of a type."""
    assert isinstance(t, TypeConstructor)
    match t.name:
        case "int":
            return st.integers(-(2**40), 2**40)
        case "bool":
            return st.booleans()
        case "string":
            return st.text(max_size=8)
        case "bitvec":
            return st.integers(0, (1 << int(str(t.arguments[0]))) - 1)
    element = t.arguments[0]
    assert isinstance(element, TypeConstructor)
    return st.lists(values_of(element), max_size=4).map(tuple)


@st.composite
def tasks(draw: st.DrawFn) -> Task:
    """Tasks of up to three inputs of any ground types, with up to four examples."""
    types = draw(st.lists(ground_types(), min_size=1, max_size=3))
    rows = draw(st.lists(st.tuples(*map(values_of, types)), min_size=1, max_size=4))
    request = parse_type(" -> ".join([*(f"({t})" for t in types), "int"]))
    return Task([Example(row, 0) for row in rows], type=request)


@given(tasks(), st.integers(0, 5))
@settings(max_examples=60)
def test_unseen_inputs_have_the_types_and_are_new(task: Task, seed: int) -> None:
    found = unseen_inputs(task, count=10, seed=seed)
    assert len(found) <= 10
    assert len(set(found)) == len(found)
    assert not {e.inputs for e in task.examples} & set(found)
    for row in found:
        assert len(row) == task.arity
        for value, t in zip(row, task.parameters, strict=True):
            assert has_type(value, t), (value, str(t))


@given(tasks(), st.integers(0, 5))
@settings(max_examples=30)
def test_the_same_seed_gives_the_same_inputs(task: Task, seed: int) -> None:
    assert unseen_inputs(task, seed=seed) == unseen_inputs(task, seed=seed)


def test_another_seed_gives_other_inputs() -> None:
    task = Task([example("Ada Lovelace", output=1), example("Alan Turing", output=2)])
    assert unseen_inputs(task, seed=0) != unseen_inputs(task, seed=1)


def shape(text: str) -> str:
    """Letters and digits by kind, everything else as it is, runs as one."""
    kinds = ["9" if ch.isdigit() else "A" if ch.isupper() else "a" if ch.islower() else ch for ch in text]
    return "".join(k for i, k in enumerate(kinds) if i == 0 or k != kinds[i - 1])


def test_text_mostly_keeps_its_format() -> None:
    task = Task([example("AB-1234", output=1), example("XY-99", output=2)])
    found = [row[0] for row in unseen_inputs(task)]
    assert len(found) == 24
    assert sum(shape(text) == "A-9" for text in found) >= 20


def test_words_come_and_go() -> None:
    task = Task([example("Ada King Lovelace", output=1)])
    counts = {len(row[0].split(" ")) for seed in range(5) for row in unseen_inputs(task, seed=seed)}
    assert {2, 3, 4} <= counts


def test_bitvectors_keep_their_width() -> None:
    task = Task([Example((31,), 0), Example((0,), 1)], type=parse_type("bitvec 5 -> int"))
    found = [row[0] for row in unseen_inputs(task)]
    assert found
    assert all(has_type(v, WIDTH) for v in found)


def test_columns_of_different_examples_are_mixed() -> None:
    task = Task([example(1, 10, output=1), example(1000, 2000, output=2)])
    assert any(a < 100 and b > 1900 for a, b in unseen_inputs(task))


def test_rows_without_output_come_first() -> None:
    rows = [["Emmy Noether"], ["Ada Lovelace"], ["Kurt"], ["Emmy Noether"]]
    task = Task([example("Ada Lovelace", output="L")], unlabelled=rows)
    assert unseen_inputs(task, count=3)[:2] == [("Emmy Noether",), ("Kurt",)]
    assert len(unseen_inputs(task, count=1)) == 1


@pytest.mark.parametrize("count", [0, 1, 5])
def test_no_more_than_asked_for(count: int) -> None:
    task = Task([example([1, 2, 3], output=1)])
    assert len(unseen_inputs(task, count=count)) == count


@pytest.mark.parametrize(
    "task",
    [
        Task([example(output=5)]),
        Task([example(True, output=1), example(False, output=2)]),
        Task([example("", output=1)]),
        Task([Example(((),), 1)], type=parse_type("list int -> int")),
    ],
    ids=["no inputs", "every input given", "empty text", "empty list"],
)
def test_where_there_is_nothing_new_there_is_none(task: Task) -> None:
    assert unseen_inputs(task) == []


# --- inputs made by chance ------------------------------------------------------------------------------------------


@given(tasks(), st.integers(0, 5))
@settings(max_examples=60)
def test_inputs_made_by_chance_have_the_types(task: Task, seed: int) -> None:
    found = chance_inputs(task, count=6, seed=seed)
    assert len(found) == 6
    assert found == chance_inputs(task, count=6, seed=seed)
    for row in found:
        assert all(has_type(value, t) for value, t in zip(row, task.parameters, strict=True))


def test_text_made_by_chance_has_the_form_and_the_characters_of_the_examples() -> None:
    task = Task([example("AB-12", output=1), example("XY-99", output=2)])
    found = {row[0] for row in chance_inputs(task)}
    assert len(found) > 20
    assert {shape(text) for text in found} == {"A-9"}
    assert set("".join(found)) == set("ABXY-129")


def test_numbers_made_by_chance_lie_between_those_given() -> None:
    task = Task([example(3, [1, 9], output=1), example(8, [4], output=2)])
    for number, items in chance_inputs(task):
        assert 3 <= number <= 8
        assert len(items) in (1, 2)
        assert all(1 <= item <= 9 for item in items)
