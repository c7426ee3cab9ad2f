"""Columns of bands, steps, terms, growth and runs, each standing for a class of them: rows with outputs and others => the outputs of the
others; and the laws of bounds, constants and growth."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from neurosynth_dsls.columns.pieces.bands import thresholds
from neurosynth_dsls.columns.pieces.contexts import loses_zeros
from neurosynth_dsls.columns.pieces.formula_constants import plainest
from neurosynth_dsls.columns.pieces.growth import growths
from neurosynth_dsls.columns.pieces.number_lines import plainest_whole
from neurosynth_dsls.columns.pieces.number_steps import solved_steps
from neurosynth_dsls.columns.types import DECIMAL

from neurosynth.language.evaluate import Evaluator
from neurosynth.language.program import Input
from tests.dsl.columns.pieces.first_program import Rows, check_first_program

CASES: list[tuple[str, Rows, Rows]] = [
    # what, rows with outputs, other rows with what is to come out
    (
        "bounds that the labels name",
        [("3", "0-9"), ("9", "0-9"), ("10", "10-49"), ("31", "10-49"), ("77", "50+")],
        [("48", "10-49"), ("49", "10-49"), ("50", "50+"), ("0", "0-9"), ("120", "50+")],
    ),
    ("two bands that name their bound", [("12", "under 18"), ("35", "18+"), ("9", "under 18")], [("17", "under 18"), ("18", "18+")]),
    ("one row of each band", [("5", "0-9"), ("31", "10-49"), ("77", "50+")], [("9", "0-9"), ("12", "10-49"), ("60", "50+")]),
    (
        "bounds that belong to the band below",
        [("1.5", "up to 2 m"), ("2.0", "up to 2 m"), ("3.1", "2-4 m"), ("4.0", "2-4 m"), ("6.2", "over 4 m")],
        [("2.1", "2-4 m"), ("4.1", "over 4 m"), ("0.3", "up to 2 m")],
    ),
    (
        "five grades of a share",
        [("27", "30", "1"), ("45", "50", "1"), ("40", "50", "2"), ("35", "50", "3"), ("21", "30", "3"), ("15", "30", "4"), ("10", "40", "5")],
        [("38", "40", "1"), ("9", "40", "5"), ("33", "40", "2"), ("22", "40", "4")],
    ),
    (
        "a tariff by night and by day",
        [("05:30", "low"), ("06:00", "high"), ("11:45", "high"), ("12:00", "mid"), ("21:30", "mid"), ("22:00", "low")],
        [("23:15", "low"), ("07:20", "high"), ("02:00", "low"), ("19:40", "mid")],
    ),
    (
        "ten years of age in a year",
        [("1971", "2024", "50-59"), ("1990", "2023", "30-39"), ("1958", "2024", "60-69")],
        [("1984", "2024", "40-49"), ("1944", "2023", "70-79")],
    ),
    (
        "two years of an age group",
        [("2015", "2025", "M10"), ("2014", "2025", "M12"), ("2012", "2026", "M14"), ("2011", "2024", "M14")],
        [("2017", "2026", "M10"), ("2008", "2024", "M16")],
    ),
    ("a trial of three months", [("2026-02-01", "2026-04-30"), ("2026-03-15", "2026-06-14"), ("2025-12-10", "2026-03-09")],
     [("2026-05-01", "2026-07-31"), ("2025-11-16", "2026-02-15")]),
    ("the end of the month after the next", [("10/01/2026", "31/03/2026"), ("28/02/2026", "30/04/2026"), ("15/09/2026", "30/11/2026")],
     [("31/12/2025", "28/02/2026"), ("05/05/2026", "31/07/2026")]),
    (
        "dates with points before one another",
        [("03.02.2026", "14.02.2026", "kept"), ("20.04.2026", "11.04.2026", "missed"), ("15.03.2026", "16.03.2026", "kept")],
        [("30.01.2026", "02.02.2026", "kept"), ("02.06.2026", "28.05.2026", "missed")],
    ),
    (
        "compound interest",
        [("500", "2%", "3", "530.60"), ("1200", "4.5%", "2", "1310.43"), ("90", "10%", "5", "144.95")],
        [("2000", "3%", "10", "2687.83"), ("750", "1.5%", "1", "761.25")],
    ),
    (
        "growth by 4 % a year",
        [("1000", "2", "1081.60"), ("400", "5", "486.66"), ("2500", "1", "2600.00")],
        [("800", "10", "1184.20"), ("60", "3", "67.49")],
    ),
    (
        "a price rise of 6 %, thousands parted",
        [("210,000", "222,600"), ("38,450", "40,757"), ("7,777", "8,244")],
        [("1,250,300", "1,325,318"), ("940", "996")],
    ),
    (
        "the yearly growth from one amount to another",
        [("100", "121", "2", "10.0%"), ("400", "500", "3", "7.7%"), ("250", "300", "6", "3.1%"), ("80", "90", "1", "12.5%")],
        [("1000", "2000", "10", "7.2%"), ("60", "50", "2", "-8.7%")],
    ),
    (
        "a rate that a class tells",
        [("books", "12.00", "12.84"), ("tools", "30.00", "35.70"), ("books", "7.50", "8.03"), ("tools", "8.90", "10.59")],
        [("books", "20.20", "21.61"), ("tools", "199.00", "236.81")],
    ),
    (
        "prices that end in 49",
        [("3.20", "3.49"), ("6.50", "7.49"), ("12.49", "12.49"), ("8.05", "8.49")],
        [("20.00", "20.49"), ("1.60", "2.49")],
    ),
    ("prices that end in 9", [("$41", "$49"), ("$120", "$129"), ("$9", "$9"), ("$77", "$79")], [("$80", "$89"), ("$300", "$309")]),
    (
        "metres as feet and inches",
        [("1.80", "5'11\""), ("1.65", "5'5\""), ("1.93", "6'4\""), ("1.52", "5'0\"")],
        [("1.70", "5'7\""), ("2.01", "6'7\"")],
    ),
    ("days as weeks and days", [("17", "2w 3d"), ("30", "4w 2d"), ("55", "7w 6d")], [("6", "0w 6d"), ("70", "10w 0d")]),
    ("a ratio in lowest terms", [("24", "18", "4:3"), ("15", "5", "3:1"), ("8", "20", "2:5")], [("1920", "1080", "16:9"), ("7", "7", "1:1")]),
    (
        "hours of a day's times",
        [("Sat 10:00-13:30", "3.5"), ("Sun 12:15-18:00", "5.75"), ("Mon 08:30-17:00", "8.5")],
        [("Tue 09:45-12:00", "2.25")],
    ),
    (
        "a product whose decimals are no minutes",
        [("2h 30m", "10", "25.00"), ("0h 15m", "60", "15.00"), ("1h 00m", "48", "48.00")],
        [("1h 15m", "42", "52.50"), ("0h 10m", "75", "12.50")],
    ),
    (
        "millilitres as cups, a half below",
        [("200 ml", "0.85 cups"), ("600 ml", "2.54 cups"), ("1000 ml", "4.23 cups")],
        [("350 ml", "1.48 cups")],
    ),
    (
        "an equal share rounded up to the cent",
        [("100.00", "3", "33.34"), ("50.00", "7", "7.15"), ("82.00", "9", "9.12")],
        [("60.00", "4", "15.00"), ("10.00", "6", "1.67")],
    ),
    (
        "a share of the whole scale",
        [("255", "8.00 mA"), ("100", "3.14 mA"), ("31", "0.97 mA"), ("207", "6.49 mA")],
        [("128", "4.02 mA"), ("250", "7.84 mA"), ("12", "0.38 mA")],
    ),
    ("runs of numbers", [("4,5,6,9", "4-6, 9"), ("1,3", "1, 3"), ("10,11,12,13", "10-13")], [("2,3,4,8,9,10", "2-4, 8-10"), ("7", "7")]),
    (
        "a number without zeros in front",
        [("id=007/a", "no. 7"), ("id=031/b", "no. 31"), ("id=090/c", "no. 90")],
        [("id=412/a", "no. 412"), ("id=100/d", "no. 100")],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "others"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_the_first_program_fills_the_other_rows(rows: Rows, others: Rows) -> None:
    check_first_program(rows, others)


@given(
    st.lists(st.integers(-50, 50), min_size=4, max_size=9, unique=True),
    st.booleans(),
    st.sets(st.integers(-50, 50), max_size=5),
)
def test_a_bound_parts_the_numbers_around_it(numbers: list[int], strict: bool, told: set[int]) -> None:
    ordered = [Decimal(n) for n in sorted(numbers)]
    gaps = list(pairwise(ordered))
    for (low, high), (bound, _) in zip(
        gaps, thresholds(gaps, frozenset(map(Decimal, told)), strict=strict), strict=True
    ):
        assert low <= bound < high if strict else low < bound <= high


@given(st.integers(0, 10**6), st.integers(0, 10**4))
def test_no_number_between_has_more_zeros(low: int, width: int) -> None:
    found = plainest_whole(Fraction(low), Fraction(low + width))
    assert low <= found <= low + width
    step = 10 ** (len(str(found)) - len(str(found).rstrip("0")) + 1) if found else 1
    assert not found or (low + width) // step * step < low or (low + width) // step == 0


def test_of_equally_plain_constants_a_five_or_the_middle_is_taken() -> None:
    assert plainest_whole(234, 235.4) == 235
    assert plainest_whole(12_301, 12_999) == 12_500
    assert plainest(1.071, 1.094) == Decimal("1.08")


@given(
    st.sampled_from([2, 5, 10]),
    st.integers(1900, 2030),
    st.lists(st.integers(1900, 1999), min_size=3, max_size=8, unique=True),
)
def test_a_solved_step_gives_the_numbers(step: int, k: int, xs: list[int]) -> None:
    ys = [(k - x) // step * step for x in xs]
    for rule in solved_steps([*map(Decimal, xs)], [*map(Decimal, ys)], [(Decimal(step), 0)]):
        function = Evaluator().function(rule.build(Input(0, DECIMAL)))
        assert [function((Decimal(x),)) for x in xs] == ys


@given(
    st.lists(
        st.tuples(st.integers(1, 999), st.integers(1, 12), st.integers(0, 20)), min_size=2, max_size=5, unique=True
    )
)
def test_growth_leads_into_the_bounds(rows: list[tuple[int, int, int]]) -> None:
    values = np.array([[float(v) for v in column] for column in zip(*rows, strict=True)])
    grown = values[0] * (1 + values[1] / 100) ** values[2]
    found = list(growths(values, grown - 0.005, grown + 0.005))
    if values[2].max() > 1:
        assert any(name == "grows more 1 2" and a == 0 for a, _, _, name, _ in found)


@pytest.mark.parametrize(
    ("place", "loses"),
    [
        (("a 040", 3, 5), True),
        (("a 000", 4, 5), True),
        (("a 140", 3, 5), False),
        (("a 0040", 3, 6), False),
        (("a 40", 2, 4), False),
    ],
)
def test_zeros_in_front_of_a_number(place: tuple[str, int, int], loses: bool) -> None:
    assert loses_zeros(place) is loses
