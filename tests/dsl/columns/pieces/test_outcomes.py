"""Outcomes of comparing two numbers, pay with overtime, weighted means, rates by tiers: what several rows tell together."""

from __future__ import annotations

import pytest

from tests.dsl.columns.pieces.first_program import Rows, check_first_program

CASES: list[tuple[str, Rows, Rows]] = [
    (
        "a change in percent",
        [("50", "60", "plus 20 %"), ("80", "60", "minus 25 %"), ("7", "7", "same"), ("400", "410", "plus 3 %")],
        [("30", "29", "minus 3 %"), ("12", "12", "same"), ("10", "45", "plus 350 %")],
    ),
    (
        "a distance with thousands",
        [("1,000", "950", "$50 left"), ("9,500", "7,000", "$2,500 left"), ("80", "95", "$15 too much")],
        [("12,000", "13,400", "$1,400 too much"), ("60", "5", "$55 left")],
    ),
    (
        "boxes to order",
        [
            ("4", "30", "8", "get 4 boxes"),
            ("29", "30", "8", "get 1 box"),
            ("31", "30", "8", "fine"),
            ("10", "44", "12", "get 3 boxes"),
        ],
        [("0", "50", "12", "get 5 boxes"), ("90", "50", "12", "fine"), ("20", "21", "5", "get 1 box")],
    ),
    (
        "a weighted mean",
        [("60", "80", "75"), ("90", "50", "60"), ("40", "100", "85")],
        [("30", "50", "45"), ("82", "90", "88")],
    ),
    (
        "three weights",
        [("60", "80", "90", "81"), ("90", "70", "50", "64"), ("40", "100", "80", "78"), ("50", "70", "20", "41")],
        [("30", "60", "70", "59"), ("80", "50", "90", "76")],
    ),
    (
        "a third of the way",
        [("30", "60", "50"), ("90", "75", "80"), ("12", "45", "34")],
        [("33", "63", "53"), ("21", "24", "23")],
    ),
    (
        "overtime",
        [("36", "20.00", "720.00"), ("46", "10.00", "490.00"), ("40", "15.00", "600.00")],
        [("50", "12.00", "660.00"), ("39", "11.00", "429.00")],
    ),
    (
        "rates by tiers",
        [("4000", "120.00"), ("4999", "149.97"), ("5000", "225.00"), ("8000", "360.00")],
        [("1000", "30.00"), ("20000", "900.00")],
    ),
    (
        "hours over midnight",
        [("21:00", "05:30", "8.50"), ("07:15", "12:00", "4.75"), ("18:30", "02:00", "7.50")],
        [("23:45", "06:15", "6.50"), ("09:00", "17:30", "8.50")],
    ),
    (
        "minutes that decide",
        [("09:00", "09:10", "fine"), ("09:00", "09:11", "slow"), ("14:40", "14:30", "fine")],
        [("10:55", "11:20", "slow"), ("08:58", "09:04", "fine")],
    ),
    (
        "what a condition compares",
        [("3", "9", "buy 6"), ("20", "12", "enough"), ("5", "5", "enough")],
        [("1", "40", "buy 39"), ("7", "6", "enough")],
    ),
    (
        "days to go",
        [
            ("2024-02-01", "2024-02-08", "7 days to go"),
            ("2024-02-01", "2024-02-01", "now"),
            ("2024-02-01", "2024-01-20", "12 days over"),
        ],
        [("2024-02-01", "2024-03-01", "29 days to go"), ("2024-06-10", "2024-06-05", "5 days over")],
    ),
    (
        "milligrams in a litre",
        [("500 ug/L", "0.5"), ("2 mg/L", "2"), ("0.3 g/L", "300")],
        [("70 ug/L", "0.07"), ("1.5 g/L", "1500"), ("9 mg/L", "9")],
    ),
]


@pytest.mark.parametrize(("what", "rows", "others"), CASES, ids=[c[0] for c in CASES])
def test_the_first_program_is_right_on_the_other_rows(what: str, rows: Rows, others: Rows) -> None:
    check_first_program(rows, others)
