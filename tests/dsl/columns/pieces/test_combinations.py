"""Formulas that are passed over at once: none of them has a rule that leads to the numbers written."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from neurosynth_dsls.columns.pieces.number_pairs import Combinations, Combined, combined
from neurosynth_dsls.columns.pieces.number_readings import NumberReading
from neurosynth_dsls.columns.types import DECIMAL

from neurosynth.language.program import Input

ROWS = 3
numbers = st.one_of(
    st.integers(-40, 400).map(Decimal),
    st.decimals("-20", "90", allow_nan=False, places=2),
    st.integers(0, 30).map(lambda n: Decimal(n).scaleb(3)),
)
columns = st.lists(st.tuples(*[numbers] * ROWS), min_size=2, max_size=3)


def formulas(values: list[tuple[Decimal, ...]]) -> list[Combined]:
    readings = [NumberReading((i, "x"), 4, lambda i=i: Input(i, DECIMAL), v) for i, v in enumerate(values)]  # type: ignore[misc]  # a bound default has no type
    return list(combined(readings))


def check(found: list[Combined], ys: tuple[Decimal, ...], shown: int) -> None:
    near = {id(both) for both in Combinations(found).near(ys, shown)}
    for both in found:
        assert id(both) in near or not list(both.rules(ys, shown, True)), (both.reading.key, both.reading.values, ys)


@given(columns, st.tuples(*[numbers] * ROWS), st.integers(0, 2))
def test_numbers_of_any_kind(values: list[tuple[Decimal, ...]], ys: tuple[Decimal, ...], shown: int) -> None:
    check(formulas(values), tuple(round(y, shown) for y in ys), shown)


@given(columns, st.data(), st.integers(0, 3), st.sampled_from(["1", "0.001", "100", "0.45359237", "60", "2.5"]))
def test_numbers_that_a_factor_and_rounding_make(
    values: list[tuple[Decimal, ...]], data: st.DataObject, shown: int, factor: str
) -> None:
    found = formulas(values)
    if not found:
        return
    chosen = data.draw(st.sampled_from(found))
    ys = tuple(round(Decimal(factor) * x, shown) for x in chosen.reading.values)
    check(found, ys, shown)


def test_few_are_left() -> None:
    values = [tuple(map(Decimal, v)) for v in ((3, 7, 11), (10, 20, 45), (2, 8, 5))]
    found = formulas(values)
    near = list(Combinations(found).near(tuple(map(Decimal, (190, 440, 705))), 0))
    assert len(near) < len(found) / 4
    assert any(both.formula.name == "60 and" for both in near)
