"""Days and times some time later: rows with outputs and others => the outputs of the others."""

from __future__ import annotations

import pytest

from tests.dsl.columns.pieces.first_program import Rows, check_first_program

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
]


@pytest.mark.parametrize(("rows", "others"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_first_program(rows: Rows, others: Rows) -> None:
    check_first_program(rows, others)
