"""Programs as likely as the answer: the same signs in another order."""

from __future__ import annotations

import pytest

import neurosynth as ns
from neurosynth.language.load import load_language
from neurosynth.language.program import Program
from neurosynth.language.syntax import parse_program
from neurosynth.ranking.exchanged import exchanged
from neurosynth.tasks.task import Task, example

MONTH_FIRST, DAY_FIRST = (f'(datetime.format "%Y-%m-%d" (datetime.parse "{f}" x0))' for f in ("%m/%d/%Y", "%d/%m/%Y"))


def dates(*rows: str) -> Task:
    """Days whose day and month are the same number, and rows to fill."""
    shown = [example("03/03/2024", output="2024-03-03"), example("05/05/2024", output="2024-05-05")]
    return Task(shown, language="columns", unlabelled=[(r,) for r in rows])


def program(text: str, task: Task) -> Program:
    return parse_program(text, load_language("columns"), inputs=task.inputs, request=task.type)


@pytest.mark.parametrize(
    ("rows", "other", "counts"),
    [
        (["04/06/2024"], DAY_FIRST, True),
        (["07/07/2024"], DAY_FIRST, False),  # both give the same
        (["04/06/2024", "11/30/2024"], DAY_FIRST, False),  # there is no 30th month
        ([], DAY_FIRST, True),  # inputs that look like the examples
        (["04/06/2024"], '(pieces.join "-" (pieces.reverse (pieces.split "/" x0)))', False),  # another program
        (["04/06/2024"], MONTH_FIRST, False),
    ],
)
def test_what_is_as_likely(rows: list[str], other: str, counts: bool) -> None:
    task = dates(*rows)
    found = exchanged(task, program(MONTH_FIRST, task), [program(other, task)])
    assert [str(p) for p in found] == ([other] if counts else [])


def test_an_order_of_day_and_month_that_nothing_decides_is_a_guess() -> None:
    result = ns.synthesize(dates("04/06/2024", "07/07/2024"), limits=ns.Limits(max_programs=2_000))
    open_row, same = result.fills()
    assert result.guess
    assert open_row.confidence < 0.5 < same.confidence
    assert {open_row.value, *(v for v, _ in open_row.others)} >= {"2024-04-06", "2024-06-04"}
    assert result.question is not None
    assert result.question.inputs == ("04/06/2024",)
    assert "another order" in str(result.explain())


def test_a_row_that_decides_the_order_leaves_nothing_open() -> None:
    result = ns.synthesize(dates("04/06/2024", "11/30/2024"), limits=ns.Limits(max_programs=2_000))
    assert not result.guess
    assert [c.value for c in result.fills()] == ["2024-04-06", "2024-11-30"]
