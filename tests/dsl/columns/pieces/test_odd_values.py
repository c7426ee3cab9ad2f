"""Columns of dates and numbers at the ends of what there is: a search ends without an error, whatever the outputs are."""

from __future__ import annotations

from itertools import product

import pytest

import neurosynth as ns
from neurosynth.values.types import STRING, Arrow

INPUTS = (
    ("31.12.9999", "01.01.0001", "29.02.2000"),
    ("9999-12-31T23:59:59", "2024-02-29T12:00:00", "0001-01-01T00:00:00"),
    ("1999-W53", "2020-W53", "2021-W01"),
    ("24:00", "23:59", "00:00"),
    ("253402300799", "0", "1700000000"),
    ("99999999999999999999", "1", "-5"),
    ("1e308", "2", "3"),
    ("0", "0.0000000001", "-0"),
)
OUTPUTS = (
    ("open", "x", "y"),
    ("100.00", "2.50", "3.75"),
    ("2024-01-01", "2024-01-02", "2024-01-03"),
    ("10% up", "5% up", "0%"),
)


@pytest.mark.parametrize(("inputs", "outputs"), [*product(INPUTS, OUTPUTS)], ids=lambda c: c[0])
@pytest.mark.parametrize("second", [(), ("31.12.9999",)], ids=["alone", "beside a date without end"])
def test_the_search_ends_without_an_error(
    inputs: tuple[str, ...], outputs: tuple[str, ...], second: tuple[str, ...]
) -> None:
    task = ns.Task(
        [ns.example(i, *second, output=o) for i, o in zip(inputs, outputs, strict=True)],
        language="columns",
        type=Arrow((STRING,) * (1 + len(second)), STRING),
        unlabelled=[("30.12.9999", *second), ("", *second)],
    )
    result = ns.synthesize(task, search="cover", guide="uniform", limits=ns.Limits(seconds=5))
    assert all(s(*e.inputs) == e.output for s in result.solutions for e in task.examples)
