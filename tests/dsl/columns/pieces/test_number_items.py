"""Columns whose cells have several numbers, each of which is changed in the same way."""

from __future__ import annotations

import pytest

from tests.dsl.columns.pieces.first_program import Rows, check_first_python

CASES: list[tuple[str, Rows, Rows]] = [
    # what, rows with outputs, other rows with what is to come out
    (
        "sides in millimetres, with blanks or without",
        [("21 x 29.7cm", "210 × 297 mm"), ("9x13cm", "90 × 130 mm"), ("40 x 30 x 2.5cm", "400 × 300 × 25 mm")],
        [("0.7 x 5cm", "7 × 50 mm"), ("120x80x14.4cm", "1200 × 800 × 144 mm"), ("30cm", "300 mm")],
    ),
    (
        "inches in centimetres",
        [("10 x 8 in", "25.4 x 20.3 cm"), ("24 x 36 x 1.5 in", "61.0 x 91.4 x 3.8 cm"), ("5 x 7 in", "12.7 x 17.8 cm")],
        [("11 x 14 in", "27.9 x 35.6 cm"), ("20 x 16 x 2 in", "50.8 x 40.6 x 5.1 cm")],
    ),
    (
        "cents in euros",
        [("250;99;1200", "2.50 / 0.99 / 12.00"), ("45;3050", "0.45 / 30.50"), ("780;5", "7.80 / 0.05")],
        [("100;200;300;4", "1.00 / 2.00 / 3.00 / 0.04"), ("89900;1", "899.00 / 0.01")],
    ),
    (
        "numbers of three digits",
        [("7;31;112", "007-031-112"), ("450;2", "450-002"), ("19", "019")],
        [("1;2;3;4", "001-002-003-004"), ("88;100", "088-100")],
    ),
    (
        "measurements with one decimal",
        [("3.14, 12.06", "3.1, 12.1"), ("0.58, 7.33, 9.91", "0.6, 7.3, 9.9"), ("18.97", "19.0")],
        [("6.04, 5.55, 2.49, 8.76", "6.0, 5.6, 2.5, 8.8"), ("4.44", "4.4")],
    ),
    (
        "degrees in Celsius",
        [("68, 75, 81 F", "20 23.9 27.2"), ("59, 64 F", "15 17.8"), ("90, 32, 72, 50 F", "32.2 0 22.2 10")],
        [("70, 41 F", "21.1 5"), ("100 F", "37.8"), ("66, 67, 77 F", "18.9 19.4 25")],
    ),
    (
        "doses doubled, with decimal commas",
        [("1,5 + 2 mg", "3 + 4 mg"), ("0,25 + 1 + 0,75 mg", "0,5 + 2 + 1,5 mg"), ("10 + 12,5 mg", "20 + 25 mg")],
        [("3 mg", "6 mg"), ("2,5 + 0,5 + 40 mg", "5 + 1 + 80 mg")],
    ),
]


@pytest.mark.parametrize(("rows", "others"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_first_program_and_its_python(rows: Rows, others: Rows) -> None:
    check_first_python(rows, others)
