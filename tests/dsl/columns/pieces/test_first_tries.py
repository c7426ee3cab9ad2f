"""What people try first: names from addresses, titles from files, points of a league, fees of a month, times as they are spoken."""

from __future__ import annotations

import pytest

from tests.dsl.columns.pieces.first_program import Rows, check_first_python

CASES: list[tuple[str, Rows, Rows]] = [
    (
        "the name in an address keeps its hyphens, without the number behind it",
        [
            ("eva-maria.holz3@mail.example", "Eva-Maria Holz"),
            ("tom.reed@mail.example", "Tom Reed"),
            ("mei.lin21@mail.example", "Mei Lin"),
        ],
        [("sara.ben-ari@mail.example", "Sara Ben-Ari"), ("jo.may7@mail.example", "Jo May")],
    ),
    (
        "the title in the name of a file",
        [
            ("walk_on_the_hill_004.JPG", "Walk On The Hill"),
            ("aunts-70th-birthday_11.jpeg", "Aunts 70th Birthday"),
            ("easter_2011_020.jpg", "Easter 2011"),
        ],
        [("idas_1st_swim_031.jpg", "Idas 1st Swim"), ("pond_02.jpg", "Pond")],
    ),
    (
        "points of a league",
        [("6", "1", "2", "19"), ("0", "4", "5", "4"), ("3", "0", "6", "9")],
        [("9", "0", "0", "27"), ("2", "2", "5", "8"), ("0", "0", "9", "0")],
    ),
    (
        "a twelfth, to the nearest",
        [("54 600 kr", "4 550 kr"), ("50 000 kr", "4 167 kr"), ("38 400 kr", "3 200 kr"), ("10 800 kr", "900 kr")],
        [("61 250 kr", "5 104 kr"), ("72 000 kr", "6 000 kr")],
    ),
    (
        "times with a point beside full hours",
        [("6.35 uur", "06:35"), ("06:50", "06:50"), ("14 uur", "14:00"), ("22.05 uur", "22:05")],
        [("7 uur", "07:00"), ("9.10 uur", "09:10"), ("17:45", "17:45")],
    ),
    (
        "times with an h beside full hours",
        [("9h30", "09:30"), ("14h", "14:00"), ("18h05", "18:05")],
        [("7h", "07:00"), ("11h15", "11:15")],
    ),
    (
        "hours that a shop is open",
        [("9-18 Uhr", "9 Std."), ("8.30-12 Uhr", "3,5 Std."), ("14-18.45 Uhr", "4,75 Std.")],
        [("8-13 Uhr", "5 Std."), ("10-16.15 Uhr", "6,25 Std.")],
    ),
    (
        "from a time to the end after some minutes in brackets",
        [
            ("14:00 (20 min)", "14:00-14:20"),
            ("09:45 (30 min)", "09:45-10:15"),
            ("11:10 (15 min)", "11:10-11:25"),
        ],
        [("14:50 (20 min)", "14:50-15:10"), ("12:00 (60 min)", "12:00-13:00")],
    ),
]


@pytest.mark.parametrize(("rows", "others"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_first_program_and_its_python(rows: Rows, others: Rows) -> None:
    check_first_python(rows, others)
