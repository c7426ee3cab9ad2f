"""Frames of pandas and polars: columns of every type are filled with values of their own type."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

import neurosynth as ns

pd = pytest.importorskip("pandas", reason="the extra data is not installed")
pl = pytest.importorskip("polars", reason="the extra data is not installed")

PRICE = [10.0, 25.5, 3.2, 100.0, 7.75, 42.0, 19.99, 0.5]
COUNT = [1, 2, 10, 3, 4, 5, 6, 7]
DAYS = ["2024-01-05", "2023-12-31", "2024-02-29", "2022-07-14", "2021-03-01", "2024-10-10", "2020-06-06", "2023-09-09"]
NAMES = ["Ann Lee", "Bob Stone", "Cy Young", "Dee Dee", "Ed Wood", "Flo Ray", "Gil Orr", "Hal Ito"]
PAID = [True, False, True, True, False, False, True, False]


def frame(library: str) -> Any:
    columns = {"price": PRICE, "count": COUNT, "name": NAMES, "paid": PAID}
    if library == "pandas":
        return pd.DataFrame({**columns, "day": pd.to_datetime(DAYS), "kind": pd.Categorical(list("ABABBABA"))})
    return pl.DataFrame({**columns, "day": DAYS, "kind": list("ABABBABA")}).with_columns(
        pl.col("day").str.to_date(), pl.col("kind").cast(pl.Categorical)
    )


MOMENTS = list(pd.to_datetime(DAYS))
CASES: dict[str, list[Any]] = {
    "product": [p * n for p, n in zip(PRICE, COUNT, strict=True)],
    "double": [2.0 * n for n in COUNT],
    "square": [float(n * n) for n in COUNT],
    "quotient": [p / n for p, n in zip(PRICE, COUNT, strict=True)],
    "year": [float(d.year) for d in MOMENTS],
    "surname": [n.split()[1] for n in NAMES],
    "state": ["paid" if p else "open" for p in PAID],
    "unpaid": [not p for p in PAID],
    "weekday": [d.day_name() for d in MOMENTS],
    "quarter": [f"Q{d.quarter} {d.year}" for d in MOMENTS],
    "label": [f"{n} x ${p:.2f}" for n, p in zip(COUNT, PRICE, strict=True)],
    "due": [d + timedelta(days=30) for d in MOMENTS],
}
SHOWN = 3


def same(found: Any, wanted: Any) -> bool:
    if isinstance(wanted, float):
        return isinstance(found, float) and found == pytest.approx(wanted, rel=1e-12)
    return type(found) is type(wanted) and bool(found == wanted)


@pytest.mark.parametrize("name", CASES)
def test_columns_of_pandas_get_values_of_their_type(name: str) -> None:
    wanted = CASES[name]
    given = pd.Series([*wanted[:SHOWN], *[None] * (len(wanted) - SHOWN)])
    found = ns.fill(frame("pandas").assign(**{name: given}), name).frame[name]
    assert found.dtype == given.dtype
    assert all(map(same, found, wanted)), list(found)


@pytest.mark.parametrize("name", [n for n in CASES if n != "due"])
def test_columns_of_polars_get_values_of_their_type(name: str) -> None:
    wanted = CASES[name]
    given = pl.Series(name, [*wanted[:SHOWN], *[None] * (len(wanted) - SHOWN)])
    found = ns.fill(frame("polars").with_columns(given), name).frame[name]
    assert found.dtype == given.dtype
    assert all(map(same, found, wanted)), list(found)
