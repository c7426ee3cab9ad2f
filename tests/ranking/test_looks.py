"""How unlike a column's values another one is, and how well programs suit rows without outputs."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neurosynth.language.syntax import parse_program
from neurosynth.plugins import load
from neurosynth.ranking.agreement import rank_by_agreement
from neurosynth.ranking.looks import Fit, Looks, RowLooks
from neurosynth.tasks.task import Task, example
from neurosynth.values.registry import domain_of
from neurosynth.values.types import parse_type

LIKE = [
    # type, known values, one that looks like them, one that does not
    ("string", ["Ada", "Alan", "Grace"], "Kurt", "kurt"),
    ("string", ["12:30", "07:05", "23:59"], "00:01", "noon"),
    ("string", ["ab", "cd", "ef"], "gh", "a very long text beside those"),
    ("int", [3, 5, 9], 7, -4),
    ("int", [30, 50, 90], 200, 100_000),
    ("decimal", [Decimal("1.5"), Decimal("2.5"), Decimal("2.25")], Decimal("3.5"), Decimal("-1.5")),
    ("list int", [(1, 2), (3, 4), (5,)], (6, 7, 8), (-1, 2)),
    ("list int", [(1, 2), (3, 4), (5, 6)], (7, 8, 9), tuple(range(1, 9))),
]


@pytest.mark.parametrize(("type_", "known", "like", "unlike"), LIKE)
def test_a_value_unlike_those_known_surprises_more(type_: str, known: list[Any], like: Any, unlike: Any) -> None:
    looks = Looks(domain_of(parse_type(type_)), known)
    assert looks.surprise(unlike) > looks.surprise(like)


def test_a_column_whose_values_all_differ_is_not_surprised_by_another_look() -> None:
    text = domain_of(parse_type("string"))
    alike, varied = Looks(text, ["a", "b", "c", "d"]), Looks(text, ["a", "B1", "3", "-"])
    assert alike.surprise("9!") > 2
    assert varied.surprise("9!") < 0.5


def test_a_missing_value_surprises_where_none_was_missing() -> None:
    text = domain_of(parse_type("string"))
    assert Looks(text, ["a", "b"]).surprise(None) > 1
    assert Looks(text, ["a", None]).surprise(None) == 0


@given(st.lists(st.text(max_size=5), min_size=1, max_size=6))
def test_what_was_seen_does_not_surprise(values: list[str]) -> None:
    looks = Looks(domain_of(parse_type("string")), values)
    assert all(looks.surprise(v) == 0 for v in values)


def test_a_row_is_as_unusual_as_its_most_unusual_cell() -> None:
    task = Task([example("ab", 1, output="x"), example("cd", 2, output="y"), example("ef", 3, output="z")])
    looks = RowLooks(task)
    assert looks.of_row(("gh", 2)) == 0
    assert looks.of_row(("gh", -50)) == looks.of_row(("ab", -50)) > 0
    assert looks.blank(("", None))
    assert not looks.blank(("", 3))


def test_a_program_that_gives_nothing_for_rows_to_fill_is_unfit_and_loses() -> None:
    task = Task([example([3, 1], output=3), example([5, 4], output=5)], unlabelled=[[[]], [[2]], [[]], [[6, 1]]])
    lists = load("languages", "lists")
    head, general = (parse_program(t, lists, request=task.type) for t in ("(head x0)", "(sum (take 1 x0))"))
    assert Fit(task).of(head)[0] == pytest.approx(1 / 3)  # equal rows count once
    assert Fit(task).of(general)[0] == 0
    assert rank_by_agreement(task, [head, general]).programs[0] == general
    assert rank_by_agreement(Task(task.examples), [head, general]).programs[0] == head


def test_a_program_whose_fills_look_like_no_output_loses() -> None:
    task = Task(
        [example([3, -1, 2], output=3), example([5, -4], output=5)],
        unlabelled=[[[-2, 9, 8]], [[-1, 7]], [[-6, 4]]],
    )
    lists = load("languages", "lists")
    head, largest = (parse_program(t, lists, request=task.type) for t in ("(head x0)", "(maximum x0)"))
    assert Fit(task).of(head)[1] > Fit(task).of(largest)[1] == 0
    for programs in ([head, largest], [largest, head]):
        assert rank_by_agreement(task, programs).programs[0] == largest
    alone = Task(task.examples)
    assert rank_by_agreement(alone, [head, largest]).programs[0] == head
