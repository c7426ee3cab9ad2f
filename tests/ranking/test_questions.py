"""The question worth asking: a row of the user's own table first, and what is asked where the programs agree."""

from __future__ import annotations

from typing import Any

import pytest

from neurosynth.language.program import Program
from neurosynth.language.syntax import parse_program
from neurosynth.plugins import load
from neurosynth.ranking.perturb import plausible_inputs
from neurosynth.ranking.questions import QuestionConfig, choose_question, question_rows
from neurosynth.tasks.task import Task, example
from neurosynth.values.types import parse_type


def table(
    *rows: str, shown: tuple[tuple[str, str], ...] = (("Ada Lovelace", "Lovelace"), ("Alan Turing", "Turing"))
) -> Task:
    """Names and surnames, with rows still to be filled."""
    return Task(
        [example(a, output=b) for a, b in shown], type=parse_type("string -> string"), unlabelled=[[r] for r in rows]
    )


def programs(*texts: str, task: Task | None = None) -> list[tuple[Program, float]]:
    """Programs of ``strings``, each with half of the belief of the one before."""
    strings = load("languages", "strings")
    request = (task or table()).type
    return [(parse_program(t, strings, request=request), 0.5 ** (i + 1)) for i, t in enumerate(texts)]


SECOND, LAST = "(str.word x0 1)", "(str.word x0 -1)"


def test_the_row_on_which_programs_differ_is_asked_about() -> None:
    task = table("Kurt Godel", "Carl Friedrich Gauss", "Emmy Noether")
    question = choose_question(task, programs(SECOND, LAST))
    assert question is not None
    assert (question.inputs, question.row) == (("Carl Friedrich Gauss",), 1)
    assert [answer for answer, _, _ in question.answers] == ["Friedrich", "Gauss"]
    assert sum(share for _, share, _ in question.answers) == pytest.approx(1)
    assert not question.agreed


def test_of_rows_on_which_they_differ_alike_the_one_that_most_rows_look_like_is_asked_about() -> None:
    task = table("Max van Planck", "Carl Friedrich Gauss", "Anna Maria Sibylla", "Johann Sebastian Bach")
    question = choose_question(task, programs(LAST, SECOND))
    assert question is not None
    assert question.row == 1


def test_a_row_unlike_the_examples_is_asked_about_though_all_agree() -> None:
    task = table(
        "Kurt Godel",
        "Emmy Noether",
        "#N/A 17",
        shown=(("Ada Lovelace", "Lovelace"), ("Alan Turing", "Turing"), ("Otto Hahn", "Hahn")),
    )
    question = choose_question(task, programs(LAST))
    assert question is not None
    assert question.row == 2
    assert question.agreed


def test_rows_like_the_examples_on_which_all_agree_are_not_asked_about() -> None:
    assert choose_question(table(*(f"Kurt G{'o' * n}del" for n in range(12))), programs(SECOND, LAST)) is None


def test_blank_rows_and_rows_of_examples_are_not_asked_about() -> None:
    assert (
        choose_question(table("", "Ada Lovelace", *(f"Kurt G{'o' * n}del" for n in range(12))), programs(SECOND, LAST))
        is None
    )


def test_an_input_is_invented_only_where_no_row_is_open_and_the_table_is_small() -> None:
    lists = load("languages", "lists")
    task = Task([example([3, 1, 2], output=3), example([5, 4], output=5)])
    both = [(parse_program(t, lists, request=task.type), 0.5) for t in ("(head x0)", "(maximum x0)")]
    question = choose_question(task, both, [((1, 9),)])
    assert question is not None
    assert question.row is None
    rows = [[[9 - i, 1]] for i in range(8)]
    filled = Task(task.examples, unlabelled=rows)
    few, many = QuestionConfig(invented=20), QuestionConfig(invented=3)
    assert choose_question(filled, both, [((1, 9),)], few) is not None
    assert choose_question(filled, both, [((1, 9),)], many) is None


def test_what_is_invented_is_made_of_what_the_table_has() -> None:
    task = table("Carl Friedrich Gauss", "Kurt Godel 1906", "Otto Hahn 1879")
    words = {w for e in task.examples for w in e.inputs[0].split()} | {w for (r,) in task.unlabelled for w in r.split()}
    invented = plausible_inputs(task, count=20)
    assert len(invented) > 5
    assert all(set(row[0].split()) <= words for row in invented)
    known = {e.inputs for e in task.examples} | set(task.unlabelled)
    assert not known & set(invented)


@pytest.mark.parametrize("most", [4, 10, 50])
def test_of_a_long_table_rows_of_every_look_are_compared(most: int) -> None:
    rows = [f"{'Kurt' if i % 2 else 'kurt'} G{i}" for i in range(100)] + ["#", "??"]
    task = table(*rows)
    found = question_rows(task, most)
    assert len(found) <= most + 2
    assert all(task.unlabelled[at] == row for row, at in found.items())
    looks: set[Any] = {row[0][0].isupper() for row in found}
    assert looks == {True, False}


def test_of_a_very_long_table_a_spread_is_looked_at() -> None:
    task = table(*(f"Kurt G{i}" for i in range(20_000)), "Carl Friedrich Gauss")
    places = question_rows(task, 50)
    assert 25 <= len(places) <= 52
    assert max(places.values()) > 15_000
