"""Rows with an empty cell, and words that a comparison chooses: rows with outputs and others => the outputs of the others."""

from __future__ import annotations

import pytest

from tests.dsl.columns.pieces.first_program import Rows, check_first_python

CASES: list[tuple[str, Rows, Rows]] = [
    (
        "bands of a number, and a word where there is none",
        [("18", "cold"), ("21.5", "fine"), ("19,9", "cold"), ("20", "fine"), ("", "no reading"), ("24 C", "hot")],
        [("25.5", "hot"), ("23,8", "fine"), ("12", "cold"), ("  ", "no reading"), ("20,5 C", "fine"), ("31,2", "hot")],
    ),
    (
        "bands with two examples each",
        [
            ("49", "fail"),
            ("50", "pass"),
            ("", "absent"),
            ("69", "pass"),
            ("70", "merit"),
            ("12", "fail"),
            ("88", "merit"),
        ],
        [("", "absent"), ("55", "pass"), ("31", "fail"), ("71", "merit"), ("70", "merit"), ("48", "fail")],
    ),
    (
        "the winner of a match, with a word for one that was not played",
        [
            ("2-0", "won"),
            ("1:1", "drawn"),
            ("0-3", "lost"),
            ("", "postponed"),
            ("4:2", "won"),
            ("1-2", "lost"),
        ],
        [("3-3", "drawn"), ("0:1", "lost"), ("1-0", "won"), ("", "postponed"), ("10-9", "won"), ("2:12", "lost")],
    ),
    (
        "below, within and above a range beside the number",
        [
            ("6.1", "6.5 - 8.5", "too acid"),
            ("6.5", "6.5 - 8.5", "good"),
            ("12", "2 - 10", "too alkaline"),
            ("10", "2 - 10", "good"),
            ("1.9", "2 - 10", "too acid"),
            ("70", "50 - 90", "good"),
        ],
        [
            ("8.6", "6.5 - 8.5", "too alkaline"),
            ("8.5", "6.5 - 8.5", "good"),
            ("49", "50 - 90", "too acid"),
            ("2", "2 - 10", "good"),
            ("91", "50 - 90", "too alkaline"),
        ],
    ),
    (
        "below, within and above two numbers",
        [
            ("12", "10", "30", "ok"),
            ("9", "10", "30", "order"),
            ("31", "10", "30", "too many"),
            ("120", "40", "100", "too many"),
            ("40", "40", "100", "ok"),
            ("20", "40", "100", "order"),
        ],
        [
            ("30", "10", "30", "ok"),
            ("35", "40", "100", "order"),
            ("101", "40", "100", "too many"),
            ("5", "2", "4", "too many"),
            ("11", "10", "30", "ok"),
        ],
    ),
    (
        "a word for zero before a comparison",
        [
            ("0", "8", "not started"),
            ("3", "8", "running"),
            ("8", "8", "done"),
            ("14", "12", "done"),
            ("11", "12", "running"),
        ],
        [
            ("1", "20", "running"),
            ("0", "3", "not started"),
            ("5", "5", "done"),
            ("90", "30", "done"),
            ("29", "30", "running"),
            ("1", "1", "done"),
        ],
    ),
    (
        "more, less and as much, with the difference",
        [
            ("North", "120", "135", "North is up by 15"),
            ("South", "200", "180", "South is down by 20"),
            ("East coast", "75", "75", "East coast is unchanged"),
        ],
        [
            ("West", "1000", "870", "West is down by 130"),
            ("Midlands", "55", "55", "Midlands is unchanged"),
            ("New towns", "0", "12", "New towns is up by 12"),
            ("Islands", "33", "30", "Islands is down by 3"),
        ],
    ),
    (
        "more, less and as much, with the difference in cents",
        [
            ("12.50", "10.00", "2.50 EUR back"),
            ("8.00", "9.25", "1.25 EUR missing"),
            ("5.00", "5.00", "settled"),
            ("20.00", "19.90", "0.10 EUR back"),
        ],
        [
            ("3.00", "7.80", "4.80 EUR missing"),
            ("6.40", "6.40", "settled"),
            ("50.00", "12.35", "37.65 EUR back"),
            ("1.00", "1.05", "0.05 EUR missing"),
        ],
    ),
    (
        "what is made of a name that some rows lack",
        [
            ("4", "Hall A", "Rosa Weber", "Room 04, Hall A [R. Weber]"),
            ("11", "Hall B", "", "Room 11, Hall B [free]"),
            ("6", "Annex", "Hugo Brandt", "Room 06, Annex [H. Brandt]"),
        ],
        [
            ("8", "Hall C", "", "Room 08, Hall C [free]"),
            ("15", "Annex", "Lena Vogt", "Room 15, Annex [L. Vogt]"),
            ("2", "Hall B", "", "Room 02, Hall B [free]"),
        ],
    ),
    (
        "the letters before a number, however they are written",
        [
            ("FR-201", "fridge"),
            ("OV-088", "oven"),
            ("ov091", "oven"),
            (" fr 310", "fridge"),
            ("DW-007", "dishwasher"),
        ],
        [
            ("dw-113", "dishwasher"),
            (" OV 400", "oven"),
            ("fr222", "fridge"),
            ("FR-005", "fridge"),
            (" dw 018", "dishwasher"),
        ],
    ),
    (
        "a code in whatever letters, with blanks around it",
        [("K1", "kitchen"), (" b2", "bath"), ("k1 ", "kitchen"), ("B2", "bath"), ("H3", "hall")],
        [("b2 ", "bath"), (" K1", "kitchen"), ("h3", "hall"), (" h3 ", "hall")],
    ),
    (
        "the sign of one number",
        [("-15", "15 owed"), ("0", "even"), ("22", "22 to pay out"), ("-140", "140 owed")],
        [("7", "7 to pay out"), ("-8", "8 owed"), ("0", "even"), ("310", "310 to pay out")],
    ),
]


@pytest.mark.parametrize(("shown", "rest"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_first_program(shown: Rows, rest: Rows) -> None:
    check_first_python(shown, rest)
