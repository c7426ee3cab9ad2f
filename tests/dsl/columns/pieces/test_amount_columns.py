"""Amounts with their signs, units and shares: rows with outputs and others => the outputs of the others."""

from __future__ import annotations

import pytest

from tests.dsl.columns.pieces.first_program import Rows, check_first_python

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
    (
        "the share of a quota in megabytes and gigabytes",
        [("640 MB of 4 GB", "16%"), ("1.2GB of 3GB", "40%"), ("900 MB of 2 GB", "45%")],
        [("250 MB of 500 MB", "50%"), ("7 GB of 8 GB", "88%"), ("0 MB of 1 GB", "0%")],
    ),
    (
        "the share of a quota in binary units",
        [("512 MB / 4 GB", "12.5 %"), ("1.2 GB / 3 GB", "40.0 %"), ("256 MB / 1 GB", "25.0 %")],
        [("384 MB / 512 MB", "75.0 %"), ("7 GB / 8 GB", "87.5 %"), ("100 MB / 1 GB", "9.8 %")],
    ),
    (
        "what is left of a stock in kilograms",
        [("350 g of 1.5 kg", "1.15 kg"), ("2 kg of 5 kg", "3 kg"), ("80g of 500g", "0.42 kg")],
        [("0.4 kg of 900 g", "0.5 kg"), ("1 kg of 1 kg", "0 kg"), ("25 g of 2 kg", "1.975 kg")],
    ),
    (
        "the share of a bottle",
        [("25 cl left of 1 l", "0.25"), ("300 ml left of 75 cl", "0.40"), ("0.9 l left of 2 l", "0.45")],
        [("10 cl left of 50 cl", "0.20"), ("70 cl left of 1.4 l", "0.50"), ("1 l left of 1 l", "1.00")],
    ),
    (
        "an area in square metres of two lengths",
        [("250 cm x 4 m", "10.00"), ("80 cm x 120 cm", "0.96"), ("2.5 m x 3 m", "7.50")],
        [("1 m x 35 cm", "0.35"), ("60 cm x 60 cm", "0.36"), ("10 m x 4.2 m", "42.00")],
    ),
    (
        "a factor for yes in several spellings",
        [("60", "Y", "54"), ("60", "no", "60"), ("25", "yes ", "22.5"), ("80", "N", "80"), ("30", "", "30")],
        [("10", "YES", "9"), ("44", "No", "44"), ("70", " y", "63"), ("100", "", "100"), ("8", "n", "8")],
    ),
    (
        "a factor for a word of another language, and cents",
        [("12.99", "ja", "6.50"), ("8.40", "nein", "8.40"), ("20.00", "Ja", "10.00"), ("15.10", "x", "7.55")],
        [("10.00", "JA", "5.00"), ("9.90", "Nein", "9.90"), ("3.30", "j", "1.65")],
    ),
    (
        "the sign of an amount by yes or no",
        [("40", "TRUE", "-40"), ("25", "false", "25"), ("12", "True", "-12"), ("90", "False", "90")],
        [("7", "true", "-7"), ("66", "FALSE", "66"), ("0", "false", "0")],
    ),
    (
        "the price of a night by the class of a room in any letters",
        [("2", "Single", "120"), ("3", "double", "270"), ("1", "single ", "60"), ("4", "Double", "360")],
        [("5", "SINGLE", "300"), ("2", "Double ", "180"), ("3", "single", "180")],
    ),
]


@pytest.mark.parametrize(("rows", "others"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_first_program_and_its_python(rows: Rows, others: Rows) -> None:
    check_first_python(rows, others)
