"""Columns of numbers, dates and truth values: what is found for them, and that nothing is written only to be read again."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from neurosynth_dsls.columns.pieces.typed import FORMS
from neurosynth_dsls.columns.types import DATE, DATETIME, DECIMAL, TIME

import neurosynth as ns
from neurosynth.language.evaluate import Evaluator
from neurosynth.language.program import Input
from neurosynth.tasks.json_io import task_from_json
from neurosynth.values.types import BOOL, INT, Type

CASES: list[tuple[str, list[tuple[Any, ...]], str]] = [
    ("string -> decimal", [("12.5 kg", 12.5), ("7 kg", 7), ("0.75 kg", 0.75)],
     '(decimal.parse "0.*" (str.before x0 " "))'),
    ("string -> int", [("#0012 open", 12), ("#0450 done", 450), ("#0007 new", 7)], r'(str.to.int (text.match x0 "\\d+" 0))'),
    ("string -> int", [("2024-03-07", 2024), ("2019-11-30", 2019)], '(datetime.part "year" (datetime.parse "%Y-%m-%d" x0))'),
    ("string -> date", [("3/7/2024", "2024-03-07"), ("11/30/2023", "2023-11-30")], '(date.parse "%m/%d/%Y" x0)'),
    ("string -> time", [("5:05 PM", "17:05:00"), ("9:41 AM", "09:41:00")], '(time.parse "%I:%M %p" x0)'),
    ("date -> date", [("2024-02-07", "2024-02-29"), ("2023-11-30", "2023-11-30"), ("2025-01-15", "2025-01-31")],
     '(date.end_of "month" x0)'),
    ("date -> date -> int", [("2024-03-07", "2024-03-10", 3), ("2023-11-30", "2023-12-30", 30), ("2025-01-01", "2025-01-01", 0)],
     '(date.between "day" x0 x1)'),
    ("int -> int -> int", [(3, 19, 22), (12, 45, 57), (1, 250, 251)], "(+ x0 x1)"),
    ("int -> decimal -> decimal", [(3, 19.99, 59.97), (12, 4.5, 54), (1, 250.25, 250.25)],
     "(decimal.* (decimal.from_int x0) x1)"),
    ("decimal -> decimal", [(100.0, 19.0), (45.5, 8.65), (300.05, 57.01)],
     '(decimal.round (decimal "0.01") "half_up" (decimal.* x0 (decimal "0.19")))'),
    ("int -> string", [(7, "No. 00007"), (123, "No. 00123"), (2048, "No. 02048")],
     '(str.++ "No. " (decimal.format "00000" (decimal.from_int x0)))'),
    ("decimal -> string", [(7.5, "€7.50"), (1045.99, "€1,045.99"), (20.48, "€20.48")],
     '(str.++ "€" (decimal.format "#,##0.00" x0))'),
    ("date -> string", [("2024-03-07", "Thu 7 Mar"), ("2023-11-30", "Thu 30 Nov"), ("2025-01-15", "Wed 15 Jan")],
     '(date.format "%a %-d %b" x0)'),
    ("bool -> string", [(True, "active"), (False, "closed")], '(ite x0 "active" "closed")'),
]  # fmt: skip


@pytest.mark.parametrize(("request_", "rows", "wanted"), CASES, ids=[f"{c[0]}: {c[2][:40]}" for c in CASES])
def test_columns_of_values(request_: str, rows: list[tuple[Any, ...]], wanted: str) -> None:
    examples = [{"inputs": list(row[:-1]), "output": row[-1]} for row in rows]
    task = task_from_json({"examples": examples, "language": "columns", "type": request_})
    result = ns.synthesize(task, guide="uniform")
    assert str(result.solutions[0]) == wanted


VALUES: dict[Type, st.SearchStrategy[Any]] = {
    INT: st.integers(-(10**12), 10**12),
    DECIMAL: st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**9), max_value=10**9),
    BOOL: st.booleans(),
    DATE: st.dates(date(1000, 1, 1)),
    TIME: st.times().map(lambda t: t.replace(microsecond=0)),
    DATETIME: st.datetimes(datetime(1000, 1, 1)).map(lambda t: t.replace(microsecond=0)),
}


@pytest.mark.parametrize("t", list(FORMS), ids=str)
@given(data=st.data())
def test_a_value_is_what_is_read_from_its_text(t: Type, data: st.DataObject) -> None:
    value, form, given_ = data.draw(VALUES[t]), FORMS[t], Input(0, t)
    evaluator = Evaluator()
    assert evaluator.run(form.write(given_), (value,)) == form.text(value)
    read = evaluator.run(form.read(form.write(given_)), (value,))
    assert read == (Decimal(value) if t == DECIMAL else value)
    assert form.read(form.write(given_)) == given_, "what is written and read again is left out"
