"""Times of lists, over midnight, in two spellings, and moved: rows with outputs and others => the outputs of the others."""

from __future__ import annotations

import pytest

from tests.dsl.columns.pieces.first_program import Rows, check_first_python

CASES: list[tuple[str, Rows, Rows]] = [
    (
        "the best of laps, some of ten minutes and more",
        [("9:40; 10:02", "9:40"), ("11:15; 10:58; 9:59", "9:59"), ("8:31; 8:29; 8:40", "8:29")],
        [("10:05; 9:55", "9:55"), ("7:01", "7:01"), ("12:30; 11:45; 13:00", "11:45"), ("9:09; 9:10; 10:00", "9:09")],
    ),
    (
        "the longest of calls",
        [("0:45, 12:03, 3:10", "12:03"), ("7:20, 7:05", "7:20"), ("9:59, 10:00", "10:00")],
        [("1:01, 0:59", "1:01"), ("100:05, 99:59, 8:00", "100:05"), ("4:04", "4:04")],
    ),
    (
        "the newest version",
        [("1.9.2, 1.10.0", "1.10.0"), ("2.0.0, 1.12.4, 1.9.9", "2.0.0"), ("0.3.1, 0.3.12, 0.3.2", "0.3.12")],
        [("3.9.0, 3.10.1, 3.11.0", "3.11.0"), ("10.0.0, 9.9.9", "10.0.0"), ("1.0.0", "1.0.0")],
    ),
    (
        "times of a feed on the next day",
        [("24:35:00", "00:35 next day"), ("8:12:00", "08:12"), ("17:05:00", "17:05"), ("11:50:00", "11:50")],
        [("24:00:00", "00:00 next day"), ("23:48:00", "23:48"), ("25:02:00", "01:02 next day"), ("19:30:00", "19:30")],
    ),
    (
        "times of a feed as clock times",
        [("24:35", "00:35"), ("8:12", "08:12"), ("17:05", "17:05")],
        [("24:00", "00:00"), ("23:48", "23:48"), ("25:02", "01:02"), ("9:30", "09:30")],
    ),
    (
        "the end of a meeting of so many minutes in the same cell",
        [
            ("2024-03-11 10:30 (45 min)", "Mon 11 Mar 10:30-11:15"),
            ("2024-03-13 09:00 (90 min)", "Wed 13 Mar 09:00-10:30"),
            ("2024-03-14 15:45 (20 min)", "Thu 14 Mar 15:45-16:05"),
        ],
        [
            ("2024-03-15 08:15 (60 min)", "Fri 15 Mar 08:15-09:15"),
            ("2024-03-18 23:50 (15 min)", "Mon 18 Mar 23:50-00:05"),
        ],
    ),
    (
        "minutes or hours in the same cell",
        [("14:30, 45 min", "15:15"), ("9:00, 2 h", "11:00"), ("11:20, 90 min", "12:50")],
        [("8:05, 1 h", "9:05"), ("13:40, 50 min", "14:30"), ("16:00, 3 h", "19:00")],
    ),
    (
        "decimal hours in the same cell",
        [
            ("08:30 for 1.5 hours", "until 10:00"),
            ("13:00 for 2 hours", "until 15:00"),
            ("09:45 for 0.5 hours", "until 10:15"),
        ],
        [("11:00 for 2.5 hours", "until 13:30"), ("14:10 for 1 hours", "until 15:10")],
    ),
    (
        "days of notice in the same cell",
        [
            ("01/03/2024 + 30 days", "31 March 2024"),
            ("20/03/2024 + 14 days", "3 April 2024"),
            ("05/06/2024 + 7 days", "12 June 2024"),
        ],
        [("28/02/2024 + 10 days", "9 March 2024"), ("31/12/2024 + 1 days", "1 January 2025")],
    ),
    (
        "full hours without minutes in a range",
        [
            ("Wed 10-12:30", "Wednesday, 10:00 to 12:30"),
            ("Thu 8:45-10", "Thursday, 08:45 to 10:00"),
            ("Fri 9-11", "Friday, 09:00 to 11:00"),
        ],
        [
            ("Tue 13-14:15", "Tuesday, 13:00 to 14:15"),
            ("Sat 7:05-9:50", "Saturday, 07:05 to 09:50"),
            ("Mon 18-20", "Monday, 18:00 to 20:00"),
        ],
    ),
    (
        "hours between times of which some have no minutes",
        [("9-12:30", "3.5"), ("8:15-10", "1.75"), ("13-17", "4")],
        [("7-8:30", "1.5"), ("14:45-16", "1.25"), ("10-12", "2")],
    ),
    (
        "opening times with and without minutes",
        [("opens 9", "09:00"), ("opens 8:30", "08:30"), ("opens 10", "10:00")],
        [("opens 7:15", "07:15"), ("opens 12", "12:00"), ("opens 11:45", "11:45")],
    ),
    (
        "halves of a day with and without minutes",
        [("9am-1:30pm", "09:00-13:30"), ("10:15am-12pm", "10:15-12:00"), ("2pm-5:45pm", "14:00-17:45")],
        [("8am-11:30am", "08:00-11:30"), ("12:30pm-6pm", "12:30-18:00"), ("1pm-2pm", "13:00-14:00")],
    ),
    (
        "dates of one day, one month, one year and two years",
        [
            ("2024-04-15", "2024-04-18", "15 to 18 April 2024"),
            ("2024-06-28", "2024-07-02", "28 June to 2 July 2024"),
            ("2024-10-05", "2024-10-05", "5 October 2024"),
            ("2024-12-30", "2025-01-03", "30 December 2024 to 3 January 2025"),
        ],
        [
            ("2024-02-01", "2024-02-09", "1 to 9 February 2024"),
            ("2024-08-31", "2024-09-01", "31 August to 1 September 2024"),
            ("2025-03-10", "2025-03-10", "10 March 2025"),
            ("2023-12-31", "2024-01-01", "31 December 2023 to 1 January 2024"),
        ],
    ),
    (
        "dates with the month before the day",
        [
            ("2024-04-15", "2024-04-18", "Apr 15-18, 2024"),
            ("2024-06-28", "2024-07-02", "Jun 28 - Jul 2, 2024"),
            ("2024-10-05", "2024-10-05", "Oct 5, 2024"),
            ("2024-12-30", "2025-01-03", "Dec 30, 2024 - Jan 3, 2025"),
        ],
        [
            ("2024-02-01", "2024-02-09", "Feb 1-9, 2024"),
            ("2024-08-31", "2024-09-01", "Aug 31 - Sep 1, 2024"),
            ("2025-03-10", "2025-03-10", "Mar 10, 2025"),
            ("2023-12-31", "2024-01-01", "Dec 31, 2023 - Jan 1, 2024"),
        ],
    ),
    (
        "dates of one month and of two",
        [
            ("03/06/2024", "05/06/2024", "3-5 June"),
            ("29/07/2024", "02/08/2024", "29 July - 2 August"),
            ("12/09/2024", "14/09/2024", "12-14 September"),
        ],
        [("30/04/2024", "03/05/2024", "30 April - 3 May"), ("01/02/2024", "09/02/2024", "1-9 February")],
    ),
    (
        "shifts longer than a day",
        [("30:00", "long"), ("8:15", "short"), ("19:20", "short"), ("48:00", "long")],
        [("23:59", "short"), ("24:00", "long"), ("22:30", "short"), ("26:10", "long")],
    ),
]


@pytest.mark.parametrize(("rows", "others"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_first_program_and_its_python(rows: Rows, others: Rows) -> None:
    check_first_python(rows, others)
