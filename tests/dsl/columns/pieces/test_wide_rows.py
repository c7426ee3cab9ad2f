"""Rows of many columns: formulas over any two of their numbers, and marks of numbers that the table decides."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from neurosynth_dsls.columns.pieces.expressions import Expressions
from neurosynth_dsls.columns.types import DECIMAL

import neurosynth as ns
from neurosynth.language.program import Input

NUMBERS = [[Decimal(v) for v in row] for row in ((3, 8), (5, 7), (11, 2), (13, 19), (17, 23), (29, 31), (37, 41))]


def lines_of(table: Expressions) -> dict[str, list[float]]:
    return {table.text(line): table.values[line].tolist() for line in range(len(table.values))}


def test_numbers_beyond_the_first_ones_occur_in_expressions_of_two() -> None:
    few, more = Expressions(NUMBERS[:5], [0] * 5), Expressions(NUMBERS, [0] * 7, count=5)
    assert few.sizes[:4] == more.sizes[:4]
    assert np.array_equal(few.values, more.values[: few.more])
    texts = lines_of(more)
    assert texts["(#0 * #5)"] == [87.0, 248.0]
    assert texts["(#5 - #6)"] == [-8.0, -10.0]
    assert texts["(#6 / #2)"] == pytest.approx([37 / 11, 20.5])
    beyond = [t for t in texts if "#5" in t or "#6" in t]
    assert all(t.count("#") <= 2 for t in beyond)


def test_programs_of_those_expressions_read_the_right_numbers() -> None:
    table = Expressions(NUMBERS, [0] * 7, count=5)
    line = next(i for i in range(len(table.values)) if table.text(i) == "(#2 - #6)")
    inputs = [Input(i, DECIMAL, f"n{i}") for i in range(7)]
    assert str(table.build(line, inputs)) == "(decimal.- n2 n6)"
    assert table.bits(line) > np.log2(table.sizes[1])


@pytest.mark.parametrize("op", ["larger", "smaller"])
def test_the_largest_and_smallest_of_three_are_each_there_once(op: str) -> None:
    table = Expressions(NUMBERS[:4], [0] * 4)
    threes = [t for t in lines_of(table) if t.count(op) == 2 and "#3" in t and "#0" in t and "#1" in t]
    assert len(threes) == 1


HEAD = ("date", "list", "code", "a", "b", "c", "d", "e", "rate", "days")


def wide(at: int) -> tuple[str, ...]:
    return (
        f"2024-0{at}-1{at}", f"{at}7 of {at}9", f"AB-{at}3", str(70 + 3 * at), str(900 - 7 * at), str(41 * at), str(at + 5),
        str(100 * at + 1), ("0.25", "0.10", "0.50", "0.40")[at - 1], ("4", "11", "7", "30")[at - 1],
    )  # fmt: skip


def test_a_product_of_two_of_many_numbers_is_found() -> None:
    rows = [wide(at) for at in range(1, 5)]
    outputs = [f"${Decimal(r[-2]) * int(r[-1]):.2f}" for r in rows]
    task = ns.Task(
        [ns.example(*row, output=o) for row, o in list(zip(rows, outputs, strict=True))[:3]],
        input_names=HEAD,
        unlabelled=[rows[3]],
    )
    result = ns.synthesize(task, "columns", search="cover", limits=ns.Limits(seconds=60))
    assert result.best(*rows[3]) == outputs[3] == "$12.00"


READINGS = [("76.089", "78.993", "2.904"), ("24.747", "29.070", "4.323"), ("35.728", "37.354", "1.626")]


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        pytest.param(("28,50", "40,10", "31,99", "8,00"), "531", id="decimal commas elsewhere: points group thousands"),
        pytest.param(("28.50", "40.10", "31.99", "8.00"), "0.531", id="decimal points elsewhere: points are decimal"),
    ],
)
def test_marks_of_other_columns_decide_what_a_point_is(other: tuple[str, ...], expected: str) -> None:
    examples = [ns.example(a, b, price, output=o) for (a, b, o), price in zip(READINGS, other, strict=False)]
    task = ns.Task(examples, input_names=("old", "new", "price"), unlabelled=[("36.515", "37.046", other[3])])
    result = ns.synthesize(task, "columns", search="cover", limits=ns.Limits(seconds=60))
    assert result.best("36.515", "37.046", other[3]) == expected


def test_minutes_after_hours_need_no_unit() -> None:
    rows = [("2:30 PM", "1h45", "4:15 PM"), ("3:00 PM", "1h15", "4:15 PM"), ("4:15 PM", "2h00", "6:15 PM")]
    task = ns.Task([ns.example(a, b, output=o) for a, b, o in rows], unlabelled=[("5:30 PM", "1h30")])
    result = ns.synthesize(task, "columns", search="cover", limits=ns.Limits(seconds=60))
    assert result.best("5:30 PM", "1h30") == "7:00 PM"
