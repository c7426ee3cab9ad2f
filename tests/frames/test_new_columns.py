"""Filling pandas and polars frames: the types of columns that the frame does not have."""

from __future__ import annotations

from typing import Any

import pytest

import neurosynth as ns
from neurosynth.frames.dataframes import FrameFill

pandas = pytest.importorskip("pandas", reason="needs the extra 'data'")
polars = pytest.importorskip("polars", reason="needs the extra 'data'")

LIBRARIES = pytest.mark.parametrize("library", [pandas, polars], ids=["pandas", "polars"])
ROOMS = {
    "room": ["B-204", "A-011", "C-310", "B-115"],
    "paid": ["1.249,00 EUR", "890,50 EUR", "75,00 EUR", "1.100,00 EUR"],
}


def _cells(filled: FrameFill, name: str) -> list[Any]:
    return list(filled.frame[name].to_list())


@LIBRARIES
def test_a_new_column_of_numbers_holds_numbers(library: Any) -> None:
    filled = ns.fill(library.DataFrame(ROOMS), inputs=["room"], examples={"floor": {0: 2, 1: 0, 2: 3}})
    assert _cells(filled, "floor") == [2, 0, 3, 1]
    filled = ns.fill(library.DataFrame(ROOMS), inputs=["paid"], examples={"amount": {0: 1249, 1: 890.5, 2: 75.0}})
    assert _cells(filled, "amount") == [1249.0, 890.5, 75.0, 1100.0]


@LIBRARIES
def test_a_new_column_of_whole_numbers_may_miss_some(library: Any) -> None:
    rooms = {"room": ["B-204", "A-011", "C-310", None]}
    filled = ns.fill(library.DataFrame(rooms), inputs=["room"], examples={"floor": {0: 2, 1: 0}})
    cells = _cells(filled, "floor")
    assert cells[:3] == [2, 0, 3]
    assert cells[3] is None or cells[3] != cells[3]


@LIBRARIES
def test_a_new_column_of_texts_holds_texts(library: Any) -> None:
    filled = ns.fill(library.DataFrame(ROOMS), inputs=["room"], examples={"house": {0: "B", 1: "A"}})
    assert _cells(filled, "house") == ["B", "A", "C", "B"]
