"""What is wrong in a table is named by row and column, with what was allowed; nothing is coerced silently."""

from __future__ import annotations

import pytest
from neurosynth_dsls.columns import columns

from neurosynth.errors import InputError
from neurosynth.language.evaluate import Evaluator
from neurosynth.language.program import Input
from neurosynth.language.syntax import parse_program
from neurosynth.tasks.task import Task, example
from neurosynth.values.types import STRING

REASONS = [
    # program, cell, what is said
    (
        '(datetime.parse "%Y-%m-%d" x0)',
        "2024-02-31",
        "'2024-02-31' is in the format '%Y-%m-%d' but no date: day is out of range",
    ),
    (
        '(datetime.parse "%d/%m/%Y" x0)',
        "03/14/2024",
        "'03/14/2024' is not in the format '%d/%m/%Y'; allowed: such as '31/01/2024'",
    ),
    (
        '(decimal.parse "#,##0.00" x0)',
        "1.234,50",
        "'1.234,50' is not in the format '#,##0.00'; allowed: such as '1,234.50'",
    ),
    ('(decimal.parse "0" x0)', "9" * 80, "has more digits than a number may have; allowed: 60"),
    (
        '(datetime.floor "fortnight" "" (datetime.parse "%Y" x0))',
        "2024",
        "'fortnight' in 'fortnight' is not a unit; allowed: s, min, h",
    ),
    (
        '(decimal.round (decimal "1") "sideways" (decimal.parse "0" x0))',
        "2024",
        "'sideways' is not a rounding; allowed: half_up",
    ),
]


@pytest.mark.parametrize(("text", "cell", "said"), REASONS, ids=[r[0] for r in REASONS])
def test_an_undefined_value_says_why(text: str, cell: str, said: str) -> None:
    program = parse_program(text, columns, inputs=[Input(0, STRING)])
    assert said in Evaluator().why_undefined(program, (cell,))


def test_values_of_two_types_in_a_column_are_named() -> None:
    with pytest.raises(
        InputError, match=r"task 't', input 1: values of different types, string and int \(5\); all need the same"
    ):
        Task([example("a", output="b"), example(5, output="c")], "t")


def test_rows_that_contradict_are_named() -> None:
    with pytest.raises(InputError, match=r"examples 1 and 2 contradict: the same inputs"):
        Task([example("a", output="b"), example("a", output="c")])
