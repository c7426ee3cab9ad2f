"""Columns of spreadsheets of shops, clubs and schools, each standing for a class of them: rows with outputs and others => the outputs of the
others; and the laws of whole quotients."""

from __future__ import annotations

import time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from neurosynth_dsls.columns import columns
from neurosynth_dsls.columns.pieces.number_quotients import divided
from neurosynth_dsls.columns.types import DECIMAL

from neurosynth.language.evaluate import Evaluator
from neurosynth.language.primitive import UNDEFINED
from neurosynth.language.program import Input
from neurosynth.search.strategies.cover.config import CoverConfig
from neurosynth.search.strategies.cover.strategy import candidates, column_of
from neurosynth.values.types import STRING
from tests.dsl.columns.pieces.first_program import Rows, check_first_program

CASES: list[tuple[str, Rows, Rows]] = [
    # what, rows with outputs, other rows with what is to come out
    (
        "a visit of 25 minutes",
        [("09:05", "09:30"), ("10:50", "11:15"), ("13:20", "13:45")],
        [("11:45", "12:10"), ("23:40", "00:05")],
    ),
    (
        "seven minutes early, over midnight",
        [("8:03 AM", "7:56 AM"), ("12:40 PM", "12:33 PM"), ("9:15 AM", "9:08 AM")],
        [("12:04 AM", "11:57 PM"), ("12:00 PM", "11:53 AM")],
    ),
    (
        "minutes over the end of a month",
        [("2026-05-02 08:00", "2026-05-02 08:40"), ("2026-05-03 21:35", "2026-05-03 22:15"), ("2026-05-09 10:10", "2026-05-09 10:50")],
        [("2026-05-31 23:30", "2026-06-01 00:10")],
    ),
    ("net of a tax, from two prices", [("120.00", "100.84"), ("85.50", "71.85")], [("60.00", "50.42"), ("99.90", "83.95")]),
    ("pounds as kilograms, from two weights", [("12", "5.44"), ("100", "45.36")], [("60", "27.22")]),
    ("a share of 22.5 %, from two amounts", [("17.50", "3.94"), ("8.00", "1.80")], [("60.00", "13.50")]),
    ("boxes of twelve that are needed", [("30", "3"), ("12", "1"), ("100", "9")], [("25", "3"), ("7", "1"), ("0", "0")]),
    ("coaches of 48 seats", [("96", "2"), ("50", "2"), ("300", "7")], [("12", "1"), ("480", "10"), ("145", "4")]),
    ("full crates of 75", [("500", "6"), ("80", "1"), ("1000", "13")], [("74", "0"), ("960", "12")]),
    (
        "weight or volume, whichever is more",
        [("25", "0.1", "25.0"), ("12", "0.1", "18.0"), ("40", "0.2", "40.0"), ("8", "0.3", "54.0")],
        [("60", "0.5", "90.0"), ("75", "0.4", "75.0")],
    ),
    ("two points a win, one a draw", [("12", "3", "27"), ("7", "8", "22"), ("15", "1", "31")], [("4", "4", "12"), ("0", "9", "9")]),
    ("goals and tries of a record", [("11-4-6", "37"), ("8-7-7", "31"), ("15-2-5", "47"), ("9-1-1", "28")], [("3-9-10", "18")]),
    (
        "a majority of votes",
        [("24", "40", "passed"), ("11", "30", "lost"), ("16", "30", "passed"), ("8", "20", "lost")],
        [("19", "40", "lost"), ("27", "52", "passed")],
    ),
    (
        "ten more than planned",
        [("24", "20", "fine"), ("31", "30", "fine"), ("45", "30", "over"), ("28", "20", "fine"), ("30", "20", "over"), ("70", "60", "over")],
        [("51", "42", "fine"), ("52", "42", "over"), ("15", "5", "over")],
    ),
    (
        "decimals that the table keeps",
        [("12.50", "13.1"), ("8.00", "8.4"), ("7.25", "7.6")],
        [("20.00", "21.0"), ("40.00", "42.0")],
    ),
    (
        "a delay of fifteen seconds",
        [("00:01:30", "00:01:45"), ("00:10:50", "00:11:05"), ("00:59:50", "01:00:05")],
        [("01:10:00", "01:10:15"), ("23:59:50", "00:00:05")],
    ),
    ("what is left of coaches of 48 seats", [("100", "4"), ("50", "2"), ("95", "47")], [("480", "0"), ("51", "3")]),
    (
        "a quotient that does not end",
        [("29", "4", "7.25"), ("9", "2", "4.5"), ("18", "4", "4.5")],
        [("10", "3", "3.33"), ("20", "7", "2.86")],
    ),
    ("codes are no calculations", [("10-3-2", "10"), ("8-7-7", "8"), ("15-2-5", "15")], [("3-9-10", "3"), ("120-2-1", "120")]),
]  # fmt: skip


@pytest.mark.parametrize(("what", "shown", "others"), CASES, ids=[c[0] for c in CASES])
def test_columns_of_spreadsheets(what: str, shown: Rows, others: Rows) -> None:
    check_first_program(shown, others)


@pytest.mark.parametrize(("first", "second"), [("31", "77"), ("310", "774"), ("3", "8")])
def test_two_numbers_tell_no_line_whose_constants_are_as_long(first: str, second: str) -> None:
    assert columns.pieces is not None
    column = column_of([Input(0, STRING)], [("12",), ("100",)], [first, second], [("60",)], CoverConfig())
    found = candidates(column, columns.pieces, config=CoverConfig(), deadline=time.perf_counter() + 20)
    assert not [str(c.program) for c in found if "decimal.*" in str(c.program)]


def test_no_number_is_found_in_a_word() -> None:
    rows, others = [("1756",), ("12 March 1933",), ("2048",)], [("Unknown",), ("4 May 2021",)]
    column = column_of([Input(0, STRING)], rows, ["1756", "1933", "2048"], others, CoverConfig())
    assert columns.pieces is not None
    found = candidates(column, columns.pieces, config=CoverConfig(), deadline=time.perf_counter() + 300)
    function = Evaluator().function(next(iter(found)).program)
    assert [function(row) for row in others] in ([UNDEFINED, "2021"], ["", "2021"])


NUMBERS = st.integers(2, 2_000).map(Decimal)


@given(
    st.lists(NUMBERS, min_size=3, max_size=5, unique=True), st.integers(2, 99), st.sampled_from(("floor", "ceiling"))
)
def test_quotients_lead_to_the_numbers_they_were_found_for(xs: list[Decimal], n: int, mode: str) -> None:
    ys = [(x // n) + (mode == "ceiling" and x % n != 0) for x in xs]
    for rule in divided(xs, ys):
        function = Evaluator().function(rule.build(Input(0, DECIMAL)))
        assert [function((x,)) for x in xs] == ys


@pytest.mark.parametrize("ys", [[-1, 0, 1], [Decimal("0.5"), 1, 2]])
def test_quotients_are_whole_and_not_negative(ys: list[int]) -> None:
    assert list(divided([Decimal(100), Decimal(210), Decimal(350)], [Decimal(y) for y in ys])) == []
