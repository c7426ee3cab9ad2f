"""Lines with rounded results: columns, and that the constants of a line are found from its rounded results or not at all."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from neurosynth_dsls.columns.pieces.number_rounded_lines import rounded_lines
from neurosynth_dsls.columns.types import DECIMAL

from neurosynth.language.evaluate import Evaluator
from neurosynth.language.program import Input
from tests.dsl.columns.pieces.first_program import Rows, check_first_program

CASES: list[tuple[str, Rows, Rows]] = [
    (
        "a fee of two for each, less seven",
        [("95.423", "184 EUR"), ("386.242", "765 EUR"), ("15.071", "23 EUR")],
        [("578.922", "1151 EUR"), ("40", "73 EUR")],
    ),
    (
        "half of it and ten",
        [("3.1", "11.6 kg"), ("5.0", "12.5 kg"), ("0.1", "10.1 kg"), ("2.0", "11.0 kg")],
        [("7.7", "13.9 kg"), ("4", "12.0 kg")],
    ),
    (
        "a fare by the kilometre, rounded to cents",
        [("3.127", "10.00"), ("12.484", "24.97"), ("7.018", "16.23"), ("0.951", "6.52")],
        [("20.333", "37.53")],
    ),
]


@pytest.mark.parametrize(("what", "rows", "others"), CASES, ids=[c[0] for c in CASES])
def test_the_first_program_is_right_on_the_other_rows(what: str, rows: Rows, others: Rows) -> None:
    check_first_program(rows, others)


NUMBERS = st.integers(1, 99_999).map(lambda n: Decimal(n).scaleb(-3))


@given(
    xs=st.lists(NUMBERS, min_size=3, max_size=6, unique=True),
    a=st.integers(-40, 40).map(lambda n: Decimal(n).scaleb(-1)),
    b=st.integers(-50, 50),
    shown=st.integers(0, 2),
)
def test_a_rule_gives_what_the_examples_show(xs: list[Decimal], a: Decimal, b: int, shown: int) -> None:
    assume(a and b)
    places = Decimal(1).scaleb(-shown)
    ys = [(a * x + b).quantize(places, ROUND_HALF_UP) for x in xs]
    for rule in rounded_lines(xs, ys, shown):
        function = Evaluator().function(rule.build(Input(0, DECIMAL)))
        assert [abs(function((x,)) - y) <= places for x, y in zip(xs, ys, strict=True)] == [True] * len(xs)


@pytest.mark.parametrize(
    ("xs", "ys"),
    [
        (["1.5", "2.5"], ["4", "6"]),  # two points
        (["1", "2", "3"], ["3", "5", "7"]),  # exact: another rule
        (["1.1", "2.2", "3.3"], ["2", "9", "3"]),  # no line
        (["1.12", "7.31", "3.48"], ["1", "7", "3"]),  # rounded without a line
        (["432324", "12334.13", "87"], ["432234", "12334", "90"]),  # digits exchanged, which some long constants fit
    ],
)
def test_what_is_no_rounded_line(xs: list[str], ys: list[str]) -> None:
    assert list(rounded_lines(list(map(Decimal, xs)), list(map(Decimal, ys)), 0)) == []
