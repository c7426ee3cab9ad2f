"""Columns of numbers divided and rounded, of short factors, of points between thousands and of shares of a year, each standing for a class
of them: rows with outputs and others => the outputs of the others; and the laws of steps and of the plainest numbers."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from neurosynth_dsls.columns.decimals import round_to
from neurosynth_dsls.columns.number_format import CONTEXT
from neurosynth_dsls.columns.pieces.number_divided_steps import DIVISORS, divided_steps
from neurosynth_dsls.columns.pieces.number_factors import unit_between
from neurosynth_dsls.columns.pieces.number_lines import simplest
from neurosynth_dsls.columns.pieces.number_values import nice_steps
from neurosynth_dsls.columns.types import DECIMAL

from neurosynth.language.evaluate import Evaluator
from neurosynth.language.program import Input
from tests.dsl.columns.pieces.first_program import Rows, check_first_program

CASES: list[tuple[str, Rows, Rows]] = [
    # what, rows with outputs, other rows with what is to come out
    (
        "quarters of an hour that were begun",
        [("31", "0.75"), ("120", "2"), ("121", "2.25"), ("80", "1.5")],
        [("15", "0.25"), ("16", "0.5"), ("59", "1"), ("200", "3.5"), ("0", "0")],
    ),
    (
        "full tenths of an hour",
        [("59 min", "0.9 h"), ("66 min", "1.1 h"), ("125 min", "2.0 h")],
        [("11 min", "0.1 h"), ("12 min", "0.2 h"), ("340 min", "5.6 h")],
    ),
    (
        "half dozens that were begun",
        [("25", "2.5"), ("36", "3"), ("37", "3.5"), ("66", "5.5")],
        [("6", "0.5"), ("7", "1"), ("100", "8.5")],
    ),
    (
        "days of leave in proportion to hours of forty",
        [("20", "25", "12.5"), ("30", "25", "19"), ("36", "28", "25.5")],
        [("32", "28", "22.5"), ("10", "30", "7.5"), ("25", "27", "17")],
    ),
    (
        "a share of a week, in full quarters",
        [("3", "9.5", "4"), ("5", "12", "8.5"), ("2", "20", "5.5"), ("6", "8", "6.75")],
        [("4", "10", "5.5"), ("1", "30", "4.25"), ("7", "8", "8")],
    ),
    (
        "litres of water to the next half",
        [("47", "3", "16"), ("52", "5", "10.5"), ("60", "4", "15")],
        [("10", "4", "2.5"), ("31", "6", "5.5"), ("9", "9", "1")],
    ),
    (
        "a short factor, rounded",
        [("80 lb", "109"), ("103 lb", "140"), ("55 lb", "75"), ("61 lb", "83")],
        [("150 lb", "204"), ("206 lb", "280"), ("400 lb", "544")],
    ),
    ("radians, of which the rows tell enough", [("90", "1.571"), ("45", "0.785"), ("200", "3.491")], [("30", "0.524"), ("360", "6.283")]),
    (
        "points between thousands beside numbers without them",
        [("12.480 Stk", "13.000 Stk", "520"), ("7.305 Stk", "9.310 Stk", "2005"), ("640 Stk", "1.115 Stk", "475")],
        [("88 Stk", "720 Stk", "632"), ("1.000 Stk", "250.000 Stk", "249000"), ("15.250 Stk", "15.275 Stk", "25")],
    ),
    (
        "a number with points as a plain one",
        [("2.450 m", "2450"), ("310 m", "310"), ("1.007 m", "1007")],
        [("12.000 m", "12000"), ("95 m", "95"), ("3.776 m", "3776")],
    ),
    (
        "weights with three decimals, of which some have fewer",
        [("1.250 kg", "0.500 kg", "1.750"), ("2.125 kg", "1 kg", "3.125"), ("10.5 kg", "0.375 kg", "10.875")],
        [("3.225 kg", "1.100 kg", "4.325"), ("7 kg", "0.250 kg", "7.250")],
    ),
    (
        "a fee from the month of joining on",
        [("90", "May", "60"), ("75", "October", "18.75"), ("100", "February", "91.67")],
        [("60", "January", "60"), ("100", "December", "8.33"), ("45", "August", "18.75")],
    ),
    (
        "leave for the months up to the one of leaving, to half days",
        [("30", "2024-03-31", "7.5"), ("26", "2024-07-31", "15.5"), ("28", "2023-11-30", "26")],
        [("25", "2024-01-31", "2.5"), ("30", "2024-12-31", "30"), ("27", "2022-05-31", "11.5")],
    ),
    (
        "so much for each month that is left",
        [("12.50", "Apr", "100.00"), ("31.00", "Oct", "62.00"), ("8.20", "Jan", "90.20")],
        [("20.00", "Nov", "20.00"), ("15.40", "Jun", "92.40"), ("99.00", "Dec", "0.00")],
    ),
    (
        "the rest of a budget after a month",
        [("2400", "Mar", "1800"), ("600", "Oct", "100"), ("1500", "Jan", "1375")],
        [("1200", "Jun", "600"), ("900", "Dec", "0"), ("360", "Nov", "30")],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "others"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_the_first_program_fills_the_other_rows(rows: Rows, others: Rows) -> None:
    check_first_program(rows, others)


@given(
    st.lists(st.integers(0, 5000), min_size=3, max_size=6, unique=True),
    st.sampled_from([n for n, _ in DIVISORS]),
    st.sampled_from([("1", 0), ("0.5", 1), ("0.1", 1), ("0.25", 2), ("5", 0)]),
    st.sampled_from(["half_up", "ceiling", "floor"]),
)
def test_every_rule_gives_the_numbers(whole: list[int], n: int, size: tuple[str, int], mode: str) -> None:
    xs, step = [Decimal(x) for x in whole], Decimal(size[0])
    ys = [round_to(step, mode, CONTEXT.divide(x, Decimal(n))) for x in xs]
    for rule in divided_steps(xs, ys, nice_steps(), size[1], made=True):
        function = Evaluator().function(rule.build(Input(0, DECIMAL)))
        assert [function((x,)) for x in xs] == ys


@pytest.mark.parametrize(
    ("low", "high", "number"),
    [
        ("1.3591", "1.3640", "1.36"),  # 15/11 is longer
        ("0.1660", "0.1670", "1/6"),
        ("0.4162", "0.4170", "5/12"),
        ("0.2494", "0.2508", "0.25"),
    ],
)
def test_the_shorter_of_a_decimal_and_a_fraction_is_plainer(low: str, high: str, number: str) -> None:
    assert simplest(Fraction(low), Fraction(high)) == Fraction(number)


def test_a_usual_factor_comes_before_a_rare_one() -> None:
    assert unit_between(Fraction("0.0166"), Fraction("0.0176")) == Fraction(1, 60)
    assert unit_between(Fraction("0.0174"), Fraction("0.0175")) == Fraction("0.0174532925199433")
    assert unit_between(Fraction("0.0171"), Fraction("0.0173")) is None
