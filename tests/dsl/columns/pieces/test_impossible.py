"""Rows with impossible dates: they are no evidence against dates, and get no value."""

from __future__ import annotations

import pytest
from neurosynth_dsls.columns.pieces.impossible import impossible, impossible_rows

import neurosynth as ns
from neurosynth.language.pieces import Column
from neurosynth.language.primitive import UNDEFINED
from neurosynth.language.program import Input
from neurosynth.values.types import STRING

CASES = [
    (["03/02/2024", "28/02/2024", "31/02/2024", "15/06/2024"], {"31/02/2024"}),
    (["2024-02-29", "2023-02-29", "2023-03-01", "2023-03-02"], {"2023-02-29"}),
    (["2/14/2024", "14/2/2024", "3/3/2024"], set()),
    (["31/02/2024", "no date", "15/06/2024", "16/06/2024"], set()),
    (["99/99/2024", "98/97/2024", "15/06/2024"], set()),
    (["1-2-3", "a", ""], set()),
]


@pytest.mark.parametrize(("texts", "wrong"), CASES)
def test_rows_that_no_calendar_has(texts: list[str], wrong: set[str]) -> None:
    rows = tuple((t,) for t in texts)
    column = Column((Input(0, STRING),), (), (), rows, rows)
    assert {row[0] for row in impossible_rows(column)} == wrong


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("76-51", True),
        ("51-75", False),
        ("20 to 10.5", True),
        ("20 – 20", False),
        ("014-002", False),
        ("a 9-1", False),
        ("31/02/2024", True),
    ],
)
def test_what_no_program_is_meant_to_write(text: str, *, wrong: bool) -> None:
    assert impossible(text) is wrong


def test_the_31st_of_february_is_not_copied() -> None:
    given = [("03/02/2024", "2024-02-03"), ("28/02/2024", "2024-02-28")]
    rows = [("31/02/2024",), ("15/06/2024",)]
    task = ns.Task([ns.example(a, output=b) for a, b in given], language="columns", unlabelled=rows)
    result = ns.synthesize(task, guide="uniform")
    assert str(result.solutions[0]) == '(datetime.format "%Y-%m-%d" (datetime.parse "%d/%m/%Y" x0))'
    values = [cell.value for cell in result.fills()]
    assert values[1] == "2024-06-15"
    assert values[0] in (None, UNDEFINED)
