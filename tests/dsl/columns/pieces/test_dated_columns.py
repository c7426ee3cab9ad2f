"""Columns of dates with terms, ages and lengths: rows with outputs and others => the outputs of the others."""

from __future__ import annotations

import pytest

from tests.dsl.columns.pieces.first_program import Rows, check_first_python

CASES: list[tuple[str, Rows, Rows]] = [
    (
        "a time some minutes earlier in a sentence with a code",
        [
            ("14:05", "RE7", "RE7: please be on platform at 1:20 PM"),
            ("10:30", "ICE612", "ICE612: please be on platform at 9:45 AM"),
            ("00:30", "S3", "S3: please be on platform at 11:45 PM"),
        ],
        [
            ("12:45", "RB40", "RB40: please be on platform at 12:00 PM"),
            ("9:10", "EC8", "EC8: please be on platform at 8:25 AM"),
        ],
    ),
    (
        "a time some minutes later behind a number",
        [
            ("Room 12", "7:50 AM", "Room 12 opens 08.15"),
            ("Room 3", "11:40 AM", "Room 3 opens 12.05"),
            ("Hall 1", "11:45 PM", "Hall 1 opens 00.10"),
        ],
        [("Room 31", "2:35 PM", "Room 31 opens 15.00"), ("Hall 2", "12:20 AM", "Hall 2 opens 00.45")],
    ),
    (
        "a date some days later beside a name",
        [
            ("Dune 2", "2024-02-20", "Dune 2 is due on 12.03.2024"),
            ("Emma", "2023-12-18", "Emma is due on 08.01.2024"),
            ("1984", "2024-05-03", "1984 is due on 24.05.2024"),
        ],
        [("Ulysses", "2024-02-08", "Ulysses is due on 29.02.2024"), ("Kim", "2023-03-31", "Kim is due on 21.04.2023")],
    ),
    (
        "months of a period with its last day",
        [
            ("01/04/2023 to 31/03/2025", "24 months"),
            ("01/09/2022 to 28/02/2023", "6 months"),
            ("01/06/2024 to 30/06/2024", "1 month"),
        ],
        [("01/12/2023 to 31/12/2024", "13 months"), ("01/02/2024 to 29/02/2024", "1 month")],
    ),
    (
        "months of a period that begins on any day",
        [
            ("15/04/2023", "14/07/2023", "3"),
            ("01/09/2022", "28/02/2023", "6"),
            ("06/02/2024", "05/02/2025", "12"),
            ("11/10/2023", "25/11/2023", "1"),
        ],
        [("03/03/2024", "02/05/2024", "2"), ("10/01/2024", "09/02/2024", "1"), ("10/01/2024", "08/03/2024", "1")],
    ),
    (
        "years of a period with its last day",
        [
            ("2020-07-01", "2023-06-30", "3 years"),
            ("2019-01-01", "2019-12-31", "1 year"),
            ("2015-03-10", "2025-03-09", "10 years"),
        ],
        [("2021-10-01", "2022-09-30", "1 year"), ("2018-05-05", "2022-05-04", "4 years")],
    ),
    (
        "the order of day and month from another input",
        [("03/04/2024", "21/05/2024", "48"), ("05/02/2024", "13/02/2024", "8"), ("07/01/2024", "05/02/2024", "29")],
        [("01/03/2024", "31/03/2024", "30"), ("02/02/2024", "01/03/2024", "28")],
    ),
    (
        "ages on the first of a month",
        [
            ("2004-08-30", "20 years old"),
            ("1998-09-17", "25 years old"),
            ("1985-12-14", "38 years old"),
            ("2009-09-01", "15 years old"),
        ],
        [("1990-08-31", "34 years old"), ("1996-02-29", "28 years old"), ("2001-09-02", "22 years old")],
    ),
    (
        "years of service at the end of a month",
        [("15.03.2001", "23 years"), ("30.06.2022", "2 years"), ("01.07.2022", "1 year")],
        [("30.06.1999", "25 years"), ("02.07.2010", "13 years"), ("04.05.2023", "1 year")],
    ),
    (
        "months of age on a day",
        [("14/03/2022", "29"), ("01/09/2021", "36"), ("02/10/2023", "10"), ("02/09/2022", "23")],
        [("31/05/2022", "27"), ("20/11/2021", "33"), ("01/08/2023", "13")],
    ),
    (
        "the year in which school begins",
        [("2016-09-30", "2022"), ("2016-10-01", "2023"), ("2018-03-05", "2024"), ("2017-12-24", "2024")],
        [("2019-08-31", "2025"), ("2018-11-11", "2025"), ("2020-10-02", "2027")],
    ),
    (
        "the school year that begins it",
        [("31.08.2013", "class of 2017/18"), ("01.09.2013", "class of 2018/19"), ("14.02.2015", "class of 2019/20")],
        [("02.12.2014", "class of 2019/20"), ("30.06.2012", "class of 2016/17")],
    ),
    (
        "the end of terms in months and years",
        [("15/03/2021", "36M", "15/03/2024"), ("02/11/2022", "2Y", "02/11/2024"), ("20/09/2023", "18 m", "20/03/2025")],
        [("31/08/2022", "6M", "28/02/2023"), ("29/02/2024", "1y", "28/02/2025"), ("01/07/2020", "5Y", "01/07/2025")],
    ),
    (
        "the last day of terms with words",
        [
            ("2024-01-15", "2 weeks", "until 28 Jan 2024"),
            ("2024-03-01", "10 days", "until 10 Mar 2024"),
            ("2024-05-02", "3 months", "until 1 Aug 2024"),
        ],
        [("2024-12-20", "1 month", "until 19 Jan 2025"), ("2024-02-26", "1 week", "until 3 Mar 2024")],
    ),
    (
        "a notice before a day",
        [
            ("2025-06-30", "3 mths", "2025-03-30"),
            ("2024-12-31", "2 wks", "2024-12-17"),
            ("2025-09-15", "1 mth", "2025-08-15"),
        ],
        [("2025-03-31", "1 mth", "2025-02-28"), ("2025-01-10", "4 wks", "2024-12-13")],
    ),
    (
        "terms of two units",
        [
            ("2020-01-10", "1 yr 6 mo", "Jul 2021"),
            ("2021-05-01", "8 mo", "Jan 2022"),
            ("2022-11-20", "2 yrs", "Nov 2024"),
        ],
        [("2023-02-28", "3 yrs 1 mo", "Mar 2026"), ("2019-12-31", "11 mo", "Nov 2020")],
    ),
    (
        "months beside a unit with the same letter in German",
        [
            ("01.02.2024", "3 Monate", "01.05.2024"),
            ("15.06.2023", "1 Jahr", "15.06.2024"),
            ("10.10.2024", "14 Tage", "24.10.2024"),
        ],
        [
            ("31.01.2024", "1 Monat", "29.02.2024"),
            ("20.12.2024", "21 Tage", "10.01.2025"),
            ("05.05.2022", "2 Jahre", "05.05.2024"),
        ],
    ),
    (
        "hours with a decimal, or a word without an end",
        [
            ("2024-04-03 16:30", "2024-04-05 09:23", "40.9"),
            ("2024-03-28 08:10", "2024-03-28 13:10", "5.0"),
            ("2024-04-22 11:05", "", "open"),
        ],
        [("2024-12-31 22:00", "2025-01-01 07:12", "9.2"), ("2024-04-24 16:20", "", "open")],
    ),
    (
        "days with a decimal, rounded down on both examples",
        [
            ("03.04.2024 16:00", "05.04.2024 22:01", "2.3 days"),
            ("28.03.2024 08:10", "29.03.2024 19:58", "1.5 days"),
            ("", "22.04.2024 11:05", "not yet"),
        ],
        [("31.12.2023 22:00", "02.01.2024 10:00", "1.5 days"), ("01.02.2024 06:00", "05.02.2024 13:12", "4.3 days")],
    ),
    (
        "hours from one day to another as two decimals, or a dash",
        [("6:50", "15:10", "8.33 h"), ("9:00", "17:45", "8.75 h"), ("8:00", "", "-")],
        [("7:00", "11:40", "4.67 h"), ("7:30", "", "-"), ("10:05", "16:10", "6.08 h")],
    ),
]


@pytest.mark.parametrize(("rows", "others"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_first_program_and_its_python(rows: Rows, others: Rows) -> None:
    check_first_python(rows, others)
