"""Columns of numbers and times in unusual notations: lost leading zeros, steps after a factor, ratios, codes of components, terms of years."""

from __future__ import annotations

import pytest

from tests.dsl.columns.pieces.first_program import Rows, check_first_program

CASES: list[tuple[str, Rows, Rows]] = [
    # what, rows with outputs, other rows with what is to come out
    (
        "the month some years later",
        [("6 May 2017", "May 2024"), ("30 Nov 2020", "November 2027"), ("12 Feb 2022", "February 2029")],
        [("1 Jan 2019", "January 2026"), ("29 Feb 2020", "February 2027"), ("31 Dec 2021", "December 2028")],
    ),
    (
        "the day some months later",
        [("2023-03-14", "14.11.2024"), ("2021-12-02", "02.08.2023"), ("2022-07-30", "30.03.2024")],
        [("2024-06-30", "28.02.2026"), ("2020-05-01", "01.01.2022")],
    ),
    (
        "a known ratio of units, rounded to tens",
        [("1,240 m", "4,070 ft"), ("86 m", "280 ft"), ("455 m", "1,490 ft")],
        [("2,000 m", "6,560 ft"), ("18 m", "60 ft"), ("3,333 m", "10,940 ft")],
    ),
    (
        "miles rounded to halves",
        [("12 km", "7.5"), ("21.1 km", "13.0"), ("42.2 km", "26.0"), ("5 km", "3.0")],
        [("100 km", "62.0"), ("10 km", "6.0"), ("15 km", "9.5")],
    ),
    (
        "prices with a surcharge, rounded up to fifty",
        [("1234", "1450"), ("980", "1150"), ("4310", "5000"), ("610", "750"), ("3333", "3850")],
        [("1000", "1150"), ("5000", "5750"), ("705", "850")],
    ),
    (
        "sizes that are all in one unit",
        [("7,340,032 bytes", "7.00 MiB"), ("90,112,000 bytes", "85.94 MiB"), ("2,500,000 bytes", "2.38 MiB")],
        [("524,288 bytes", "0.50 MiB"), ("3,221,225,472 bytes", "3072.00 MiB"), ("81,920 bytes", "0.08 MiB")],
    ),
    (
        "units of data that grow with the numbers",
        [("7340032", "7.0 MiB"), ("90112", "88.0 KiB"), ("2500000", "2.4 MiB")],
        [("524288", "512.0 KiB"), ("3221225472", "3.0 GiB")],
    ),
    (
        "values of components whose multiplier is the decimal mark",
        [("3k3", "3300"), ("220R", "220"), ("1M5", "1500000"), ("R47", "0.47")],
        [("56k", "56000"), ("8R2", "8.2"), ("10M", "10000000"), ("6k81", "6810")],
    ),
    (
        "values of components in one unit",
        [("4n7", "4.7 nF"), ("100n", "100 nF"), ("2u2", "2200 nF"), ("470p", "0.47 nF")],
        [("10u", "10000 nF"), ("6n8", "6.8 nF"), ("15p", "0.015 nF")],
    ),
    (
        "pixels as a ratio in lowest terms",
        [("1280 x 720 px", "16:9"), ("640 x 480 px", "4:3"), ("1200 x 1200 px", "1:1")],
        [("720 x 1280 px", "9:16"), ("3000 x 2000 px", "3:2"), ("2560 x 1080 px", "64:27")],
    ),
    (
        "the ratio of two cells",
        [("12", "18", "2/3"), ("40", "10", "4/1"), ("21", "28", "3/4")],
        [("9", "9", "1/1"), ("100", "35", "20/7"), ("2", "3", "2/3")],
    ),
    (
        "the ratio of amounts with thousands, in words",
        [("1,500 g", "500 g", "3 to 1"), ("250 g", "1,000 g", "1 to 4"), ("600 g", "900 g", "2 to 3")],
        [("2,400 g", "300 g", "8 to 1"), ("75 g", "1,125 g", "1 to 15")],
    ),
    (
        "times in digits without their zeros, moved by minutes",
        [("815", "0845"), ("2350", "0020"), ("40", "0110")],
        [("5", "0035"), ("1230", "1300"), ("959", "1029"), ("0", "0030")],
    ),
    (
        "times in digits without their zeros, with colons",
        [("730", "07:30"), ("1945", "19:45"), ("15", "00:15")],
        [("5", "00:05"), ("2359", "23:59"), ("100", "01:00")],
    ),
]


@pytest.mark.parametrize(("shown", "rest"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_first_program(shown: Rows, rest: Rows) -> None:
    check_first_program(shown, rest)
