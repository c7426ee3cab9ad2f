"""Labels and addresses: rows with outputs and others => the outputs of the others."""

from __future__ import annotations

import pytest

import neurosynth as ns
from tests.dsl.columns.pieces.first_program import Rows, check_first_python

CASES: list[tuple[str, Rows, Rows]] = [
    (
        "a padded number before a word, of which no row is a day's",
        [("7", "Ford", "Van 07 Ford"), ("12", "Opel", "Van 12 Opel"), ("3", "Fiat", "Van 03 Fiat")],
        [("9", "Seat", "Van 09 Seat"), ("48", "Skoda", "Van 48 Skoda"), ("11", "Volvo", "Van 11 Volvo")],
    ),
    (
        "a padded number alone",
        [("Room 3", "R-03"), ("Room 11", "R-11"), ("Room 5", "R-05")],
        [("Room 40", "R-40"), ("Room 8", "R-08"), ("Room 99", "R-99")],
    ),
    (
        "a title as a part of an address, without its apostrophes",
        [
            ("Why You Should Travel Alone", "why-you-should-travel-alone"),
            ("Ten-Minute Pasta for Two", "ten-minute-pasta-for-two"),
            ("What's New in Grandma's Kitchen", "whats-new-in-grandmas-kitchen"),
        ],
        [("It's Raining: Five Ideas", "its-raining-five-ideas"), ("Don't Panic!", "dont-panic")],
    ),
    (
        "a title as a part of an address, with a word for a sign",
        [
            ("Salt & Pepper Mill", "salt-and-pepper-mill"),
            ("Cast-Iron Pan (28 cm)", "cast-iron-pan-28-cm"),
            ("Bowl, Blue & White", "bowl-blue-and-white"),
        ],
        [("Cups & Saucers: Set of 6", "cups-and-saucers-set-of-6"), ("Tea-Towel", "tea-towel")],
    ),
]


@pytest.mark.parametrize(("rows", "others"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_first_program_and_its_python(rows: Rows, others: Rows) -> None:
    check_first_python(rows, others)


def test_a_padded_number_beside_a_date_is_written_by_a_format() -> None:
    rows = [(("1", "03.02.2019"), "001"), (("14", "28.06.2021"), "014"), (("105", "09.09.2022"), "105")]
    result = ns.synthesize(ns.Task([ns.example(*row, output=o) for row, o in rows], language="columns"), search="cover")
    assert result.best is not None
    assert "decimal.format" in str(result.best.program)
