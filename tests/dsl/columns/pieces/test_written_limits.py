"""Columns of numbers within limits, and the limit itself beyond them: ``<0.5``, ``12.4``, ``>100``."""

from __future__ import annotations

import pytest

from tests.dsl.columns.pieces.first_program import Rows, check_first_python

CASES: list[tuple[str, Rows, Rows]] = [
    # what, rows with outputs, other rows with what is to come out
    (
        "a turbidity with its unit, between two limits",
        [
            ("3.14", "3.1 NTU"),
            ("0.02", "<0.1 NTU"),
            ("18.77", "18.8 NTU"),
            ("57", ">40 NTU"),
            ("5", "5.0 NTU"),
        ],
        [("40", "40.0 NTU"), ("0.09", "<0.1 NTU"), ("41.2", ">40 NTU"), ("12", "12.0 NTU"), ("0", "<0.1 NTU")],
    ),
    (
        "small counts that are not told",
        [("12", "12"), ("3", "<5"), ("240", "240"), ("7", "7")],
        [("4", "<5"), ("5", "5"), ("1", "<5"), ("0", "<5"), ("1312", "1312")],
    ),
    (
        "a badge with at most two digits",
        [("7", "7"), ("112", "99+"), ("45", "45"), ("250", "99+")],
        [("99", "99"), ("100", "99+"), ("1", "1"), ("3000", "99+")],
    ),
    (
        "a hundred or more",
        [("7", "7 pcs"), ("112", "100+ pcs"), ("45", "45 pcs"), ("250", "100+ pcs")],
        [("99", "99 pcs"), ("100", "100+ pcs"), ("101", "100+ pcs")],
    ),
    (
        "ages, in words below a limit",
        [("34", "34 years"), ("12", "under 18 years"), ("18", "18 years"), ("71", "71 years")],
        [("17", "under 18 years"), ("19", "19 years"), ("3", "under 18 years")],
    ),
    (
        "amounts in dollars, to cents",
        [("$12.5", "$12.50"), ("$0.4", "less than $1"), ("$1834", "over $500"), ("$99.99", "$99.99")],
        [("$500", "$500.00"), ("$0.99", "less than $1"), ("$7.1", "$7.10"), ("$500.01", "over $500")],
    ),
    (
        "limits with decimal commas",
        [("12,372", "12,4"), ("0,31", "<0,5"), ("48,65", "48,7"), ("312,0", ">250,0")],
        [("0,49", "<0,5"), ("7,0", "7,0"), ("250,1", ">250,0"), ("99,94", "99,9")],
    ),
    (
        "a limit that its sign includes",
        [("64", "64 dB"), ("132", "≥120 dB"), ("88", "88 dB"), ("25", "≤30 dB")],
        [("120", "≥120 dB"), ("119", "119 dB"), ("30", "≤30 dB"), ("31", "31 dB"), ("5", "≤30 dB")],
    ),
    (
        "a limit of minutes in a text",
        [("wait 12 min", "12"), ("wait 95 min", "60 or more"), ("wait 31 min", "31"), ("wait 5 min", "5")],
        [("wait 60 min", "60 or more"), ("wait 59 min", "59"), ("wait 240 min", "60 or more")],
    ),
]


@pytest.mark.parametrize(("rows", "others"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_first_program_and_its_python(rows: Rows, others: Rows) -> None:
    check_first_python(rows, others)
