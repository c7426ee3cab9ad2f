"""Amounts with their signs, units and shares: rows with outputs and others => the outputs of the others."""

from __future__ import annotations

import pytest

from neurosynth.language.evaluate import Evaluator
from tests.dsl.columns.pieces.first_program import Rows, first_program
from tests.dsl.columns.test_exported import check

CASES: list[tuple[str, Rows, Rows]] = [
    (
        "a minus sign behind numbers with a decimal comma",
        [("2.310,75-", "-2310.75"), ("48,10", "48.1"), ("19.500,00", "19500")],
        [("640,00-", "-640"), ("1.000.000,50-", "-1000000.5"), ("0,00", "0"), ("9,90", "9.9")],
    ),
    (
        "a minus sign behind numbers with a decimal point",
        [("1,204.50-", "-1204.50"), ("87.20", "87.20"), ("35.00-", "-35.00")],
        [("12,400.00", "12400.00"), ("0.99-", "-0.99"), ("250.10-", "-250.10")],
    ),
    (
        "a minus sign behind whole numbers, put in front",
        [("120-", "-120 units"), ("45", "45 units"), ("8-", "-8 units")],
        [("0", "0 units"), ("1500-", "-1500 units"), ("77", "77 units")],
    ),
    (
        "a minus sign behind, and a currency",
        [("310,75- EUR", "-310.75"), ("48,10 EUR", "48.10"), ("1.250,00 EUR", "1250.00")],
        [("640,00- EUR", "-640.00"), ("12.000,50- EUR", "-12000.50")],
    ),
    (
        "signs behind that no example has",
        [("310,75", "310.75"), ("48,10", "48.10"), ("1.250,00", "1250.00")],
        [("640,00-", "-640.00"), ("12.000,50-", "-12000.50")],
    ),
    (
        "a growth in percent that may be negative",
        [("80", "100", "25.0%"), ("45", "60", "33.3%"), ("70", "70", "0.0%")],
        [("50", "40", "-20.0%"), ("12", "18", "50.0%"), ("90", "60", "-33.3%")],
    ),
    (
        "a discount in percent, of which one is zero",
        [("12.5", "10", "20 %"), ("40", "26", "35 %"), ("30", "30", "0 %")],
        [("10", "12", "-20 %"), ("99", "66", "33 %"), ("64", "48", "25 %")],
    ),
    (
        "numbers of which some have zeros in front",
        [("Kiln-A-75MIN", "A: 75 min"), ("Kiln-B-90MIN", "B: 90 min"), ("Oven-C-045MIN", "C: 45 min")],
        [("Oven-D-120MIN", "D: 120 min"), ("Kiln-E-05MIN", "E: 5 min"), ("Kiln-F-60MIN", "F: 60 min")],
    ),
    (
        "packs of two units with a large x",
        [("4 X 250 ml", "1 l"), ("6x1.5l", "9 l"), ("10 x 330ml", "3.3 l")],
        [("24 X 0.5 l", "12 l"), ("1 X 750ml", "0.75 l"), ("3x2l", "6 l")],
    ),
]


@pytest.mark.parametrize(("rows", "others"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_first_program_and_its_python(rows: Rows, others: Rows) -> None:
    program = first_program(rows, others)
    function = Evaluator().function(program)
    assert [function(r[:-1]) for r in others] == [r[-1] for r in others]
    assert check(program, [r[:-1] for r in (*rows, *others)]) == len(rows) + len(others)
