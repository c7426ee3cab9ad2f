"""Numbers in units with decimals of their own, results in coarse steps, amounts beyond a free one, agreement of two cells: rows with
outputs and others => the outputs of the others."""

from __future__ import annotations

import pytest

from tests.dsl.columns.pieces.first_program import Rows, check_first_python

UNITS: list[tuple[str, Rows, Rows]] = [
    (
        "visitors in words",
        [("3520700", "3.5 million"), ("41200", "41 thousand"), ("812", "812")],
        [("7300", "7 thousand"), ("2049000", "2.0 million"), ("15", "15"), ("15480000", "15.5 million")],
    ),
    (
        "short units",
        [("1250000", "1.25M"), ("84600", "85K"), ("640", "640"), ("3400000", "3.40M")],
        [("9320", "9K"), ("2071000", "2.07M"), ("75", "75")],
    ),
    (
        "units in German",
        [("1248300", "1,2 Mio."), ("84600", "85 Tsd."), ("640", "640")],
        [("2071000", "2,1 Mio."), ("9320", "9 Tsd."), ("75", "75"), ("3100000000", "3,1 Mrd.")],
    ),
    (
        "no unit below a million",
        [
            ("1248300", "about 1.2 million people"),
            ("84600", "about 84,600 people"),
            ("5130000", "about 5.1 million people"),
        ],
        [("2071000", "about 2.1 million people"), ("9320", "about 9,320 people")],
    ),
    (
        "lakhs and crores",
        [("25000000", "2.5 crore"), ("350000", "3.50 lakh"), ("12500", "12500")],
        [("417000", "4.17 lakh"), ("31000000", "3.1 crore"), ("800", "800")],
    ),
]
STEPS: list[tuple[str, Rows, Rows]] = [
    (
        "the mean of three to the nearest half",
        [("5", "7", "7.5", "6.5"), ("7", "10", "9", "8.5"), ("3", "5", "5", "4.5")],
        [("2", "2.5", "3", "2.5"), ("9", "9", "9", "9"), ("4", "4", "5", "4.5")],
    ),
    (
        "the mean of two to the nearest quarter",
        [("6.1", "7", "6.5"), ("8.5", "9.2", "8.75"), ("3", "4.5", "3.75"), ("1.2", "3.4", "2.25")],
        [("2", "2.3", "2.25"), ("9", "9", "9"), ("4.1", "4.8", "4.5")],
    ),
    (
        "cash to five cents",
        [("3", "1.37", "4.10"), ("7", "0.99", "6.95"), ("2", "4.62", "9.25"), ("5", "2.29", "11.45")],
        [("4", "1.28", "5.10"), ("6", "3.33", "20.00")],
    ),
    (
        "a sum to full tens",
        [("37", "48", "90"), ("112", "29", "140"), ("63", "61", "120"), ("18", "204", "220")],
        [("44", "33", "80"), ("91", "300", "390")],
    ),
    (
        "an estimate to full fives, upwards",
        [("41", "52", "95"), ("112", "29", "145"), ("63", "61", "125"), ("18", "203", "225")],
        [("44", "33", "80"), ("90", "300", "390")],
    ),
]
BEYOND: list[tuple[str, Rows, Rows]] = [
    (
        "pages beyond the free ones",
        [("130", "100", "0.05", "1.5"), ("80", "100", "0.05", "0"), ("260", "200", "0.10", "6")],
        [("100", "100", "0.05", "0"), ("410", "200", "0.10", "21"), ("20", "50", "0.2", "0")],
    ),
    (
        "a fixed fee and minutes beyond the free ones",
        [("150", "100", "9", "0.2", "19"), ("60", "100", "9", "0.2", "9"), ("320", "200", "15", "0.15", "33")],
        [("100", "100", "9", "0.2", "9"), ("240", "200", "15", "0.15", "21"), ("12", "50", "5", "0.3", "5")],
    ),
    (
        "hours begun beyond the free ones",
        [("4.5", "2", "3", "9"), ("1.25", "2", "3", "0"), ("6.1", "1.5", "2.5", "12.5"), ("3", "1", "3", "6")],
        [("2", "2", "3", "0"), ("2.1", "2", "3", "3"), ("8.2", "1", "4", "32")],
    ),
]
AGREEMENTS: list[tuple[str, Rows, Rows]] = [
    (
        "which of two addresses to take",
        [
            ("a@x.org", "A@x.org", "same"),
            ("b@x.org", "c@y.com", "check"),
            ("", "d@y.com", "new"),
            ("e@x.org", "", "old"),
            ("", "", "none"),
        ],
        [
            ("f@x.org", "f@x.org ", "same"),
            ("", "g@y.com", "new"),
            ("h@x.org", "i@x.org", "check"),
            ("j@x.org", "", "old"),
        ],
    ),
    (
        "the cell that is filled",
        [
            ("Berlin", "Berlin", "Berlin"),
            ("Bonn", "Köln", "conflict"),
            ("", "Ulm", "Ulm"),
            ("Mainz", "", "Mainz"),
            ("", "", "unknown"),
        ],
        [("Trier", "Trier", "Trier"), ("", "Hof", "Hof"), ("Jena", "Gera", "conflict"), ("Suhl", "", "Suhl")],
    ),
    (
        "four outcomes",
        [("12", "12", "ok"), ("14", "15", "differs"), ("", "16", "missing left"), ("17", "", "missing right")],
        [("18", "18", "ok"), ("19", "20", "differs"), ("", "3", "missing left"), ("4", "", "missing right")],
    ),
]
CASES = [*UNITS, *STEPS, *BEYOND, *AGREEMENTS]


@pytest.mark.parametrize(("shown", "rest"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_first_program(shown: Rows, rest: Rows) -> None:
    check_first_python(shown, rest)
