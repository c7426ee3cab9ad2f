"""Formulas over several numbers: rows with outputs => the output of another row; laws of the table of expressions."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from math import log2
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from neurosynth_dsls.columns.pieces.expressions import Expressions
from neurosynth_dsls.columns.pieces.number_bounds import bounded
from neurosynth_dsls.columns.types import DECIMAL

from neurosynth.language.evaluate import Evaluator
from neurosynth.language.program import Input
from tests.dsl.columns.pieces.test_cover_columns import solve

SOLVED: list[tuple[str, list[Any], list[Any], Any, Any]] = [
    # what, inputs of the examples, outputs, another input, its output
    (
        "margin in percent",
        [("50.00", "30.00"), ("19.90", "12.40"), ("8.00", "7.00")],
        ["40.0%", "37.7%", "12.5%"],
        ("3.25", "1.10"),
        "66.2%",
    ),
    (
        "shared rent",
        [("900", "120", "3"), ("1150", "85", "2"), ("640", "60", "4")],
        ["340.00", "617.50", "175.00"],
        ("815", "110", "3"),
        "308.33",
    ),
    (
        "a discount on a product",
        [("3", "19.90", "10"), ("12", "4.25", "0"), ("5", "88.00", "25")],
        ["53.73", "51.00", "330.00"],
        ("7", "15.60", "5"),
        "103.74",
    ),
    (
        "a constant within: hours above 8, times a rate",
        [("10.5", "20"), ("9", "31"), ("12", "17")],
        ["50.00", "31.00", "68.00"],
        ("8.5", "40"),
        "20.00",
    ),
    ("a base and a price by the kilometre", ["4", "10", "7.2"], ["10.90 €", "21.40 €", "16.50 €"], "31", "58.15 €"),
    ("readings with blanks", [("12 040", "12 385"), ("104 777", "107 012")], ["345 kWh", "2235 kWh"], ("650", "1 204"), "554 kWh"),
    (
        "an empty cell counts nothing in a sum",
        [("100.00", "19.00"), ("45.50", None), ("210.00", "12.00")],
        ["119.00", "45.50", "222.00"],
        ("7.95", None),
        "7.95",
    ),
    (
        "an empty rebate is none",
        [("80.00", "10%"), ("45.50", None), ("120.00", "25%")],
        ["72.00", "45.50", "90.00"],
        ("9.90", None),
        "9.90",
    ),
    (
        "an empty text counts nothing, too",
        [("80.00", "10.00"), ("45.50", ""), ("120.00", "2.00")],
        ["70.00", "45.50", "118.00"],
        ("9.90", ""),
        "9.90",
    ),
    (
        "missing gives missing",
        [("8 915", "9 020"), ("77", None), ("104 777", "107 012")],
        ["105", None, "2235"],
        ("33", None),
        None,
    ),
    ("a line through two rows", ["4", None, "3.5"], ["75", None, "62.5"], "2.7", "42.5"),
    ("kept within bounds", ["104", "-3", "87"], ["100", "0", "87"], "131", "100"),
    ("a share above a bound", ["800", "1500", "3000"], ["0.00", "25.00", "100.00"], "2240", "62.00"),
    ("at most", ["4", "60", "12"], ["1.00", "10.00", "3.00"], "41", "10.00"),
    ("mean of a list", ["7 8 9", "10 5", "6 6 7 9 2"], ["8.0", "7.5", "6.0"], "5 5 6", "5.3"),
    ("greatest of a list", ["5.21; 5.48; 5.30", "6.02", "4.95; 4.70"], ["5.48 m", "6.02 m", "4.95 m"], "1.5; 2.25", "2.25 m"),
    ("spread of a list", ["120/150/135", "80/95", "210/200/260/240"], ["30", "15", "60"], "55/60/49", "11"),
    ("how many items", ["yes,no,yes", "no,no", "yes"], ["2", "0", "1"], "yes,yes,no,yes,no", "3"),
    ("share of items", ["yes,no,yes,yes", "no,no", "yes,no,no"], ["75%", "0%", "33%"], "yes,yes,no,yes,no", "60%"),
    (
        "hours between times of a cell",
        ["open 09:00 close 17:30", "open 10:00 close 18:00", "open 06:15 close 14:00"],
        ["8.5 h", "8 h", "7.75 h"],
        "open 08:00 close 12:30",
        "4.5 h",
    ),
    ("pace", [("10", "52:30"), ("5", "24:10"), ("8", "48:24")], ["5:15", "4:50", "6:03"], ("21", "119:42"), "5:42"),
    (
        "moved by hours, over the end of a year",
        [("2024-03-07 22:30", "+3"), ("2023-11-30 02:15", "-5"), ("2024-01-15 11:05", "+1")],
        ["2024-03-08 01:30", "2023-11-29 21:15", "2024-01-15 12:05"],
        ("2024-12-31 23:10", "+9"),
        "2025-01-01 08:10",
    ),
    ("school year", ["2024-08-01", "2024-07-31", "2022-11-15"], ["2024/25", "2023/24", "2022/23"], "2020-01-20", "2019/20"),
    ("fiscal year", ["01/04/2023", "31/03/2023", "15/11/2021"], ["FY2024", "FY2023", "FY2022"], "30/04/2020", "FY2021"),
    ("hundreds", ["823.914 ROW", "005.133 KER", "641.5 OLI"], ["800s", "000s", "600s"], "152.4 EKM", "100s"),
    ("decade", ["1987", "1991", "2004"], ["1980s", "1990s", "2000s"], "2019", "2010s"),
    (
        "days times a price",
        [("2024-03-01", "2024-03-05", "45.00"), ("2024-02-27", "2024-03-02", "39.50"), ("2023-12-30", "2024-01-02", "60.00")],
        ["180.00", "158.00", "180.00"],
        ("2024-04-28", "2024-05-05", "41.00"),
        "287.00",
    ),
    (
        "a product, at most",
        [("4", "3.20"), ("20", "3.50"), ("7", "2.90"), ("3", "8.15")],
        ["12.80", "50.00", "20.30", "24.45"],
        ("100", "1.10"),
        "50.00",
    ),
    ("the sixth part", ["120.00", "59.90", "7.99"], ["20.00", "9.98", "1.33"], "240.00", "40.00"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "rows", "outputs", "other", "wanted"), SOLVED, ids=[s[0] for s in SOLVED])
def test_a_formula_is_found(what: str, rows: list[Any], outputs: list[Any], other: Any, wanted: Any) -> None:
    found = solve(rows, outputs, [other])
    row = other if isinstance(other, tuple) else (other,)
    assert Evaluator().run(found[0].program, row) == wanted


def test_percents_are_read_as_such() -> None:
    found = solve([("100.00", "20%"), ("59.90", "10%"), ("12.50", "20%")], ["120.00", "65.89", "15.00"])
    assert str(found[0].program) == (
        '(decimal.format "0.00" (decimal.* (decimal.parse "0.*" x0) (decimal.+ (decimal "1") (decimal.parse "0%" x1))))'
    )


def test_branches_share_a_number() -> None:
    rows = [
        ("1200", "1320"),
        ("800", "770"),
        ("450", "450"),
        ("95", "101"),
        ("3000", "2150"),
        ("60", "60"),
        ("10500", "10499"),
    ]
    found = solve(rows[:3], ["over by 120", "under by 30", "on budget"], rows)
    told = [Evaluator().run(found[0].program, row) for row in rows[3:]]
    assert told == ["over by 6", "under by 850", "on budget", "under by 1"]


@pytest.mark.parametrize(
    ("rows", "outputs"),
    [
        ([("3", "5", "8"), ("2", "9", "1"), ("7", "4", "6")], ["4", "1", "9"]),
        ([("12", "7"), ("5", "31"), ("44", "8")], ["17.3", "2.9", "88.1"]),
    ],
)
def test_formulas_that_fit_by_chance_are_not_believed(rows: list[Any], outputs: list[str]) -> None:
    assert not any("decimal./" in str(c.program) for c in solve(rows, outputs))


_numbers = st.decimals(min_value=-1000, max_value=1000, places=2)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(_numbers, _numbers, _numbers), min_size=2, max_size=4))
def test_lines_of_the_table_are_what_their_programs_give(rows: list[tuple[Decimal, ...]]) -> None:
    numbers = list(zip(*rows, strict=True))
    with np.errstate(all="ignore"):
        table = Expressions(numbers, [0, 0, 0])
    arguments = [Input(i, DECIMAL) for i in range(3)]
    assert table.sizes == sorted(table.sizes)
    assert len(table.values) == len(table.costs) == len(table.ops) == table.sizes[-1]
    for line in range(0, len(table.values), 97):
        function = Evaluator().function(table.build(line, arguments))
        for row, value in zip(rows, table.values[line], strict=True):
            found = function(row)
            if isinstance(found, Decimal):
                assert float(found) == pytest.approx(value, rel=1e-6, abs=1e-6), table.text(line)


@settings(max_examples=60, deadline=None)
@given(
    st.integers(-20, 20), st.integers(1, 60), st.lists(st.integers(-1000, 1000), min_size=4, max_size=6, unique=True)
)
def test_a_number_kept_within_bounds_is_found(low: int, width: int, xs: Sequence[int]) -> None:
    low, high = 10 * low, 10 * (low + width)
    ys = [min(high, max(low, x)) for x in xs]
    kinds = (any(x < low for x in xs), any(x > high for x in xs), any(low < x < high for x in xs))
    found = list(bounded(list(map(Decimal, xs)), list(map(Decimal, ys)), 0))
    for rule in found:
        function = Evaluator().function(rule.build(Input(0, DECIMAL)))
        assert [function((Decimal(x),)) for x in xs] == ys
    if all(kinds) and sum(log2(1 + abs(y)) for y in set(ys)) > 26:  # more than two bounds take
        assert found
