"""Rounded times and ranges of them: rows with outputs and others => the outputs of the others; and columns made by datetime itself."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

import pytest

from tests.dsl.columns.pieces.first_program import Rows, check_first_program

CASES: list[tuple[str, Rows, Rows]] = [
    (
        "an end in the same hour as the beginning, in all rows",
        [
            ("11/18/2000 12:31 PM", "12:20PM-12:39PM"),
            ("8/23/1999 11:01 AM", "11:00AM-11:19AM"),
            ("2/5/2000 11:42 AM", "11:40AM-11:59AM"),
        ],
        [("3/9/2001 4:05 PM", "4:00PM-4:19PM"), ("3/9/2001 12:59 AM", "12:40AM-12:59AM")],
    ),
    (
        "an hour that ends a minute before the next one",
        [("1327", "1:00PM to 1:59PM"), ("1824", "6:00PM to 6:59PM"), ("0013", "12:00AM to 12:59AM")],
        [("0058", "12:00AM to 12:59AM"), ("2331", "11:00PM to 11:59PM")],
    ),
    (
        "an hour and a half from a quarter to",
        [
            ("4/12/2010 9:54 AM", "between 9:45 and 11:00"),
            ("2/9/2007 10:22 AM", "between 9:45 and 11:00"),
            ("5/10/2012 7:03 PM", "between 18:45 and 20:00"),
        ],
        [("1/24/2014 3:43 PM", "between 14:15 and 15:30")],
    ),
    (
        "no minute constant behind a computed hour",
        [
            ("07:48:22", "from 7:30am until 7:59am"),
            ("18:32:45", "from 6:30pm until 6:59pm"),
            ("09:51:52", "from 9:30am until 9:59am"),
        ],
        [("19:26:05", "from 7:00pm until 7:29pm")],
    ),
    (
        "hours without minutes are rounded to hours",
        [("15:52", "3PM - 4PM"), ("10:49", "10AM - 11AM"), ("19:49", "7PM - 8PM")],
        [("10:33", "10AM - 11AM"), ("00:02", "12AM - 1AM")],
    ),
    (
        "the first and last day of a quarter that begins in the month shown",
        [
            ("1951-10-14 18:08:38", "Oct 1..Dec 31"),
            ("1953-10-16 01:11:15", "Oct 1..Dec 31"),
            ("1955-01-01 22:31:35", "Jan 1..Mar 31"),
        ],
        [("1955-09-09 10:31:50", "Jul 1..Sep 30"), ("1956-05-31 00:00:00", "Apr 1..Jun 30")],
    ),
    (
        "times without colons have their zeros",
        [("1130", "Between 11:30 and 12:00"), ("1302", "Between 13:00 and 13:30"), ("1042", "Between 10:30 and 11:00")],
        [("0337", "Between 03:30 and 04:00")],
    ),
    (
        "hours of 24 from hours of 12 have their zeros",
        [("8:17 PM", "20:15 to 20:30"), ("7:41 PM", "19:30 to 19:45"), ("10:13 AM", "10:00 to 10:15")],
        [("9:11 AM", "09:00 to 09:15")],
    ),
    (
        "days have no zeros beside hours that have them",
        [
            ("10/13/2019 4:53 AM", "Oct 13, 04:00AM to 05:59AM"),
            ("10/27/2023 1:17 AM", "Oct 27, 12:00AM to 01:59AM"),
            ("5/29/2022 7:53 PM", "May 29, 06:00PM to 07:59PM"),
        ],
        [("6/9/2025 1:20 PM", "Jun 9, 12:00PM to 01:59PM")],
    ),
]


@pytest.mark.parametrize(("what", "rows", "others"), CASES, ids=[c[0] for c in CASES])
def test_the_first_program_is_right_on_the_other_rows(what: str, rows: Rows, others: Rows) -> None:
    check_first_program(rows, others)


@pytest.mark.parametrize(("step", "less"), [(30, 0), (60, 1), (90, 1), (120, 0), (240, 0)])
@pytest.mark.parametrize("frame", ["{}-{}", "from {} to {}"])
def test_ranges_as_datetime_makes_them(step: int, less: int, frame: str) -> None:
    rng = random.Random(step + less)
    rows: Rows = []
    # the rows shown are in three parts of the day and of the step, so that they determine it
    for share in (0.1, 0.45, 0.93, *(rng.random() for _ in range(8))):
        at = datetime(2020, 1, 1) + timedelta(days=rng.randint(0, 900), minutes=int(share * 1439))
        begin = at.replace(hour=0, minute=0) + timedelta(minutes=(at.hour * 60 + at.minute) // step * step)
        end = begin + timedelta(minutes=step - less)
        rows.append((f"{at:%Y-%m-%d %H:%M}", frame.format(f"{begin:%H:%M}", f"{end:%H:%M}")))
    check_first_program(rows[:3], rows[3:])
