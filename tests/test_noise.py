"""Examples that may be wrong: named with what the program gives, and a near miss where none may."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neurosynth.errors import InputError
from neurosynth.noise import solve_noisy
from neurosynth.questions import answered
from neurosynth.ranking.questions import Question
from neurosynth.search.base import Limits
from neurosynth.synthesize import Result, synthesize
from neurosynth.tasks.json_io import task_from_json, task_to_json
from neurosynth.tasks.task import Example, Task, example, first_contradiction

NAMES = ["Ada Lovelace", "Alan Turing", "Grace Hopper", "Emmy Noether", "Kurt Godel", "Carl Gauss", "Otto Hahn"]
LIMITS = Limits(seconds=3)


@pytest.fixture
def own_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Limits count the processor time of this process: a busy machine finds the same."""
    monkeypatch.setattr(time, "perf_counter", time.process_time)


pytestmark = pytest.mark.usefixtures("own_time")


def surnames(**wrong: str) -> Task:
    """Names and surnames, some of them mistyped: by first name."""
    rows = [(n, wrong.get(n.split()[0], n.split()[1])) for n in NAMES]
    return Task([example(n, output=o) for n, o in rows], language="columns", unlabelled=[["Rosa Luxemburg"]])


def solved(task: Task, **options: Any) -> Result:
    return synthesize(task, guide="uniform", search="cover", limits=LIMITS, **options)


@pytest.mark.parametrize(
    ("wrong", "places"),
    [
        ({"Grace": "Hoppr"}, [2]),
        ({"Grace": "Hoper"}, [2]),  # which removing doubled letters explains
        ({"Otto": "Hahn?"}, [6]),
        ({"Grace": "Hoppr", "Kurt": "G."}, [2, 4]),
    ],
)
def test_rows_that_are_wrong_are_named_with_what_the_program_gives(wrong: dict[str, str], places: list[int]) -> None:
    result = solved(replace(surnames(**wrong), noise=len(wrong)))
    assert result.best("Rosa Luxemburg") == "Luxemburg"
    assert [w.example for w in result.wrong] == places
    assert [w.gives for w in result.wrong] == [NAMES[i].split()[1] for i in places]
    assert [w.output for w in result.wrong] == list(wrong.values())
    assert result.best.share == pytest.approx(1 - len(wrong) / len(NAMES))


def test_nothing_is_taken_to_be_wrong_where_a_program_explains_all() -> None:
    result = solved(replace(surnames(), noise=1))
    assert result.wrong == ()
    assert result.best.share == 1.0


def test_of_rows_that_contradict_the_outvoted_one_is_wrong() -> None:
    task = surnames()
    examples = [*task.examples, example("Alan Turing", output="Alan"), example("Alan Turing", output="Turing")]
    with pytest.raises(InputError, match="examples 2 and 8 contradict"):
        Task(examples)
    result = solved(Task(examples, language="columns", noise=1))
    assert [(w.example, w.gives) for w in result.wrong] == [(7, "Turing")]


def test_in_a_language_without_pieces_too() -> None:
    rows = [[1, 2, 3], [4, 5], [7], [2, 2], [1, 1, 1, 1], [9, 1]]
    task = Task([example(r, output=sum(r) + (i == 3)) for i, r in enumerate(rows)], noise=1)
    result = synthesize(task, "lists", guide="uniform", limits=Limits(seconds=3))
    assert str(result.best) == "(sum x0)"
    assert [(w.example, w.output, w.gives) for w in result.wrong] == [(3, 5, 4)]


def test_without_noise_a_program_right_on_all_rows_but_one_is_a_near_miss() -> None:
    result = solved(surnames(Grace="Hoppr"))
    assert result.near_miss is not None
    near, row = result.near_miss
    assert near("Rosa Luxemburg") == "Luxemburg"
    assert (row.example, row.output, row.gives) == (2, "Hoppr", "Hopper")
    assert result.wrong == ()


def test_an_unsolved_task_has_its_near_miss_in_the_closest_program() -> None:
    rows = [[1, 2, 3], [4, 5], [7], [2, 2], [1, 1, 1, 1], [9, 1]]
    task = Task([example(r, output=sum(r) + 977 * (i == 3)) for i, r in enumerate(rows)])
    result = synthesize(task, "lists", guide="uniform", limits=Limits(seconds=20, max_programs=3000))
    assert not result.solved
    assert result.near_miss is not None
    assert result.near_miss[1].gives == 4


def test_a_clear_answer_has_no_near_miss() -> None:
    assert solved(surnames()).near_miss is None


def test_two_examples_say_nothing_about_each_other() -> None:
    task = Task([example([3, 1], output=3), example([5, 4], output=99)])
    result = synthesize(task, "lists", guide="uniform", limits=Limits(seconds=20, max_programs=2000))
    assert result.near_miss is None


@pytest.mark.parametrize("noise", [-1, 1, 2])
def test_so_few_examples_may_not_be_outvoted(noise: int) -> None:
    with pytest.raises(InputError, match=rf"noise is {noise} for 2 examples; allowed: 0 to 0, fewer than half"):
        Task([example("a", output="b"), example("c", output="d")], noise=noise)


def test_the_field_comes_from_json_and_goes_back() -> None:
    value = {"name": "t", "noise": 1, "examples": [{"inputs": [i], "output": i} for i in range(4)]}
    task = task_from_json(value)
    assert task.noise == 1
    assert task_to_json(task)["noise"] == 1
    assert "noise" not in task_to_json(replace(task, noise=0))
    with pytest.raises(
        InputError, match="noise is a string; allowed: the number of examples that may be wrong, such as 1"
    ):
        task_from_json({**value, "noise": "some"})


def test_an_answer_may_contradict_where_noise_is_allowed() -> None:
    task = replace(surnames(), noise=1)
    more = answered(task, Question(("Ada Lovelace",), ()), "Ada")
    assert len(more.examples) == len(NAMES) + 1


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2)), min_size=1, max_size=8), st.integers(0, 4))
def test_as_many_examples_contradict_as_must_be_left_out(pairs: list[tuple[int, int]], noise: int) -> None:
    examples = [Example((i,), o) for i, o in pairs]
    least = sum(
        len(outputs) - max(outputs.count(o) for o in outputs)
        for i in {i for i, _ in pairs}
        if (outputs := [o for j, o in pairs if j == i])
    )
    clash = first_contradiction(examples, noise)
    assert (clash is None) == (least <= noise)
    if clash is not None:
        first, second = (examples[at] for at in clash)
        assert first.inputs == second.inputs
        assert first.output != second.output


def test_each_search_has_a_part_of_the_examples_and_the_time_left() -> None:
    task = replace(surnames(Emmy="Nobody"), noise=1)
    seen: list[tuple[Task, float]] = []

    def solve(part: Task, seconds: float) -> Result:
        seen.append((part, seconds))
        return synthesize(part, guide="uniform", search="cover", limits=Limits(seconds=seconds))

    result = solve_noisy(task, solve, 3.0)
    assert [w.example for w in result.wrong] == [3]
    assert all(0 < seconds <= 3 and part.noise == 0 for part, seconds in seen)
    assert all(len(part.examples) + len(part.unlabelled) >= len(task.examples) for part, _ in seen[1:])
