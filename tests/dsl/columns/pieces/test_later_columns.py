"""Days and times some time later: rows with outputs and others => the outputs of the others."""

from __future__ import annotations

import pytest

from tests.dsl.columns.pieces.first_program import Rows, check_first_python

CASES: list[tuple[str, Rows, Rows]] = [
    (
        "ten days later, on Monday if that is on a weekend",
        [("2025-01-02", "13 January 2025"), ("2025-03-04", "14 March 2025"), ("2025-05-21", "2 June 2025")],
        [("2025-06-12", "23 June 2025"), ("2025-06-13", "23 June 2025"), ("2025-06-16", "26 June 2025")],
    ),
    (
        "thirty days later, on the Friday before if that is on a weekend",
        [
            ("03/01/2024", "Fri 01.03.2024"),
            ("11/04/2024", "Fri 10.05.2024"),
            ("14/02/2024", "Fri 15.03.2024"),
            ("19/02/2024", "Wed 20.03.2024"),
        ],
        [("06/05/2024", "Wed 05.06.2024"), ("09/05/2024", "Fri 07.06.2024"), ("10/05/2024", "Fri 07.06.2024")],
    ),
    (
        "a month later, on a workday",
        [
            ("2024-05-01", "2024-06-03"),
            ("2024-06-05", "2024-07-05"),
            ("2024-07-10", "2024-08-12"),
            ("2024-01-31", "2024-02-29"),
        ],
        [("2024-08-15", "2024-09-16"), ("2024-08-20", "2024-09-20"), ("2024-10-31", "2024-12-02")],
    ),
    (
        "days before an event, on a workday",
        [("Sat 20 Apr 2024", "Fri 5 Apr"), ("Sun 5 May 2024", "Fri 19 Apr"), ("Thu 16 May 2024", "Wed 1 May")],
        [("Sat 1 Jun 2024", "Fri 17 May"), ("Mon 3 Jun 2024", "Fri 17 May"), ("Tue 4 Jun 2024", "Mon 20 May")],
    ),
    (
        "as many days later as another column says, on a workday",
        [("2024-03-02", "14", "2024-03-18"), ("2024-05-07", "30", "2024-06-06"), ("2024-05-12", "20", "2024-06-03")],
        [("2024-09-24", "14", "2024-10-08"), ("2024-09-24", "60", "2024-11-25"), ("2024-02-18", "13", "2024-03-04")],
    ),
    (
        "a year and a day of the year behind a word",
        [("LOT-24045-7", "14 Feb 2024"), ("LOT-23001-9", "1 Jan 2023"), ("LOT-22200-7", "19 Jul 2022")],
        [("LOT-24060-8", "29 Feb 2024"), ("LOT-23060-7", "1 Mar 2023"), ("LOT-25365-31", "31 Dec 2025")],
    ),
    (
        "a year of four digits and a day of the year",
        [("PX2024-137A", "16/05/2024"), ("PX2023-365B", "31/12/2023"), ("PY2024-001A", "01/01/2024")],
        [("PX2024-060A", "29/02/2024"), ("PZ2022-245C", "02/09/2022")],
    ),
    (
        "a year and a day of the year in one number",
        [("batch 2024137 ok", "2024-05-16"), ("batch 2023365 bad", "2023-12-31"), ("batch 2024001 ok", "2024-01-01")],
        [("batch 2024060 good", "2024-02-29"), ("batch 2025032 ok", "2025-02-01")],
    ),
    (
        "a year and a day of the year, the same letters in all examples",
        [("A24/137", "2024-05-16"), ("A23/365", "2023-12-31"), ("A24/001", "2024-01-01")],
        [("B24/060", "2024-02-29"), ("A25/032", "2025-02-01")],
    ),
    (
        "codes made of a day",
        [("2024-05-16", "L24137"), ("2023-12-31", "L23365"), ("2024-01-01", "L24001")],
        [("2024-02-29", "L24060"), ("2025-02-01", "L25032")],
    ),
    (
        "codes made of a day and a shift",
        [("16.05.2024", "B", "2024-137B"), ("31.12.2023", "A", "2023-365A"), ("01.01.2024", "B", "2024-001B")],
        [("29.02.2024", "C", "2024-060C"), ("01.02.2025", "A", "2025-032A")],
    ),
    (
        "the weekday of a day in a code",
        [("L24001C", "Monday"), ("L23365A", "Sunday"), ("L24137B", "Thursday"), ("L24138B", "Friday")],
        [("L23060A", "Wednesday"), ("L24060A", "Thursday"), ("L22245D", "Friday")],
    ),
    (
        "the day before the year",
        [("137-24 B", "2024-05-16"), ("365-23 A", "2023-12-31"), ("001-24 B", "2024-01-01")],
        [("060-24 C", "2024-02-29"), ("032-25 A", "2025-02-01")],
    ),
    (
        "a year and a day of the year in two inputs",
        [("2024", "137", "2024-05-16"), ("2023", "365", "2023-12-31"), ("2024", "1", "2024-01-01")],
        [("2024", "60", "2024-02-29"), ("2025", "32", "2025-02-01")],
    ),
    (
        "a shift less its break in decimal hours",
        [
            ("9:00 - 17:45 (break 30)", "8.25"),
            ("07:20 - 15:30 (break 45)", "7.42"),
            ("06:00 - 10:00 (break 0)", "4.00"),
        ],
        [
            ("22:00 - 23:30 (break 15)", "1.25"),
            ("8:10 - 16:20 (break 60)", "7.17"),
            ("8:00 - 16:00 (break 20)", "7.67"),
        ],
    ),
    (
        "a shift less its break in hours and minutes",
        [
            ("Mon 08:00-16:30 less 45 min", "7:45"),
            ("Tue 09:10-17:20 less 30 min", "7:40"),
            ("Wed 06:00-11:00 less 0 min", "5:00"),
        ],
        [("Thu 07:05-19:05 less 75 min", "10:45"), ("Fri 8:45-13:00 less 15 min", "4:00")],
    ),
    (
        "a shift less its break, of which some have none",
        [
            ("08:00-16:30, 45 min break", "7.75"),
            ("9:10-17:20, no break", "8.17"),
            ("06:00-11:00, 20 min break", "4.67"),
        ],
        [("07:30-16:00, no break", "8.50"), ("10:00-18:20, 60 min break", "7.33")],
    ),
    (
        "a shift less its break as a time, in minutes",
        [
            ("08:00-16:30 break 0:45", "465 min"),
            ("9:10-17:20 break 0:30", "460 min"),
            ("06:00-11:00 break 0:15", "285 min"),
        ],
        [("07:30-16:00 break 1:30", "420 min"), ("10:00-18:20 break 1:00", "440 min")],
    ),
    (
        "a shift over midnight less its break in another input",
        [("22:00-06:30", "45", "7.75 h"), ("9:10-17:20", "30", "7.67 h"), ("06:00-11:00", "0", "5.00 h")],
        [("23:30-08:00", "30", "8.00 h"), ("10:00-18:20", "60", "7.33 h")],
    ),
    (
        "a mark of the next day behind a sum",
        [
            ("21:30", "3h15", "00:45 (+1)"),
            ("08:05", "2h50", "10:55"),
            ("14:30", "10h05", "00:35 (+1)"),
            ("06:00", "30h10", "12:10 (+1)"),
        ],
        [("23:15", "0h45", "00:00 (+1)"), ("20:05", "3h54", "23:59"), ("12:00", "40h00", "04:00 (+2)")],
    ),
    (
        "a word for the next day behind a sum of two times",
        [("22:40", "2:35", "01:15 next day"), ("07:05", "1:50", "08:55"), ("13:30", "11:05", "00:35 next day")],
        [("23:15", "0:45", "00:00 next day"), ("20:05", "3:54", "23:59"), ("16:45", "9:20", "02:05 next day")],
    ),
    (
        "words for both days",
        [("22:40", "155", "01:15, next day"), ("07:05", "110", "08:55, same day"), ("20:30", "250", "00:40, next day")],
        [("23:15", "45", "00:00, next day"), ("9:50", "35", "10:25, same day")],
    ),
    (
        "an end earlier than its start",
        [
            ("22:40", "01:15", "22:40-01:15 (+1)"),
            ("07:05", "08:55", "07:05-08:55"),
            ("13:30", "00:35", "13:30-00:35 (+1)"),
        ],
        [("20:05", "23:59", "20:05-23:59"), ("16:45", "02:05", "16:45-02:05 (+1)")],
    ),
    (
        "an end earlier than its start in one cell",
        [("22:40-01:15", "01:15 +1"), ("07:05-08:55", "08:55"), ("13:30-00:35", "00:35 +1")],
        [("20:05-23:59", "23:59"), ("16:45-02:05", "02:05 +1")],
    ),
]


@pytest.mark.parametrize(("rows", "others"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_first_program_and_its_python(rows: Rows, others: Rows) -> None:
    check_first_python(rows, others)
