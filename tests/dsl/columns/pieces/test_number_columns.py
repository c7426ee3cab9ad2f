"""Columns of numbers: prices without a tax, degrees of ovens, products of sides, points as percentages."""

from __future__ import annotations

import pytest

from tests.dsl.columns.pieces.first_program import Rows, check_first_python

CASES: list[tuple[str, Rows, Rows]] = [
    # what, rows with outputs, other rows with what is to come out
    (
        "prices without a tax of 7 %",
        [("12.99", "12.14"), ("149.00", "139.25"), ("8.50", "7.94")],
        [("107.00", "100.00"), ("4999.99", "4672.89"), ("2.20", "2.06")],
    ),
    (
        "prices without a tax of 25 %, which is a factor of 0.8",
        [("199 kr", "159.20 kr"), ("49 kr", "39.20 kr"), ("2500 kr", "2000.00 kr")],
        [("75 kr", "60.00 kr"), ("12999 kr", "10399.20 kr")],
    ),
    (
        "prices without a tax of 21 %, with commas",
        [("35,95 €", "29,71 €"), ("240,00 €", "198,35 €"), ("1.815,50 €", "1.500,41 €")],
        [("121,00 €", "100,00 €"), ("9,99 €", "8,26 €"), ("12.100,00 €", "10.000,00 €")],
    ),
    (
        "the tax of 23 % inside a price",
        [("99.90", "18.68"), ("1250.00", "233.74"), ("45.50", "8.51")],
        [("123.00", "23.00"), ("7.20", "1.35"), ("4920.00", "920.00")],
    ),
    (
        "prices with a tax of 8.1 %",
        [("120.00", "129.72"), ("89.95", "97.24"), ("2310.40", "2497.54")],
        [("100.00", "108.10"), ("19.90", "21.51")],
    ),
    (
        "a discount of 5 %, which is near a tax of 5 %",
        [("20.00", "19.00"), ("39.90", "37.91"), ("120.00", "114.00")],
        [("1000.00", "950.00"), ("2499.00", "2374.05")],
    ),
    (
        "a divisor of few digits that is no unit",
        [("500", "364.96"), ("1280", "934.31"), ("75.50", "55.11")],
        [("137", "100.00"), ("99999", "72991.97")],
    ),
    (
        "an oven in Celsius, to the nearest five",
        [("325 F", "165 C"), ("375 F", "190 C"), ("450 F", "230 C")],
        [("350 F", "175 C"), ("400 F", "205 C"), ("275 F", "135 C"), ("500 F", "260 C")],
    ),
    (
        "an oven in Celsius, to the nearest ten",
        [("350", "180"), ("400", "200"), ("425", "220")],
        [("300", "150"), ("475", "250"), ("325", "160")],
    ),
    (
        "an oven in Fahrenheit, to the nearest 25",
        [("180 °C", "350 °F"), ("200 °C", "400 °F"), ("220 °C", "425 °F")],
        [("160 °C", "325 °F"), ("230 °C", "450 °F"), ("250 °C", "475 °F")],
    ),
    (
        "the volume of three sides in litres",
        [("40 x 30 x 25 cm", "30.0 l"), ("12 x 8.5 x 20 cm", "2.0 l"), ("100 x 55 x 61 cm", "335.5 l")],
        [("50 x 50 x 50 cm", "125.0 l"), ("33 x 21 x 7 cm", "4.9 l"), ("9 x 9 x 9 cm", "0.7 l")],
    ),
    (
        "the volume weight of a parcel by a divisor of 6000",
        [("Box 60x40x30cm", "12.00"), ("Box 33x22x11cm", "1.33"), ("Tube 120x15x15cm", "4.50")],
        [("Box 100x60x45cm", "45.00"), ("Tube 80x12x12cm", "1.92")],
    ),
    (
        "an area of two sides",
        [("3.5 x 4 m", "14.0 m²"), ("2.4 x 2.4 m", "5.8 m²"), ("6 x 3.15 m", "18.9 m²")],
        [("5 x 5 m", "25.0 m²"), ("1.2 x 0.8 m", "1.0 m²")],
    ),
    (
        "points as percentages, of which some are half",
        [("18/20", "90%"), ("23/30", "77%"), ("31/48", "65%")],
        [("12.5/20", "63%"), ("30/30", "100%"), ("0/25", "0%"), ("7.75/9.5", "82%")],
    ),
    (
        "a mixed number beside decimals as a decimal",
        [("2 1/2", "2.50"), ("3/4", "0.75"), ("1 1/4", "1.25")],
        [("4", "4.00"), ("2.5/4", "0.63"), ("10 3/4", "10.75")],
    ),
]


@pytest.mark.parametrize(("rows", "others"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_first_program_and_its_python(rows: Rows, others: Rows) -> None:
    check_first_python(rows, others)
