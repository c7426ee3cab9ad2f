"""The newer types from examples to exported code: tasks, search in kernels and on objects, missing values."""

from __future__ import annotations

import datetime
import json
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

import neurosynth as ns
from neurosynth.errors import InputError
from neurosynth.export.python import PythonExporter
from neurosynth.search.bottom_up.search import BottomUp
from neurosynth.tasks.json_io import task_from_json, task_to_json
from neurosynth.testing import check_language
from neurosynth.values.registry import domain_of
from neurosynth.values.types import parse_type
from tests.values.calendar import calendar

DAY = datetime.date(2024, 2, 28)


def test_a_language_over_dates_passes_its_check() -> None:
    check_language(calendar)


@pytest.mark.parametrize("cells", [1, 10**9])
def test_dates_are_found_in_kernels_and_on_objects(cells: int) -> None:
    other = datetime.date(2023, 12, 31)
    rows: list[tuple[Any, Any, Any]] = [
        (DAY, other, datetime.date(2024, 2, 29)),
        (None, other, other + datetime.timedelta(1)),
    ]
    task = ns.Task([ns.example(a, b, output=c) for a, b, c in rows])
    assert str(task.type) == "date -> date -> date"
    result = ns.synthesize(task, calendar, search=BottomUp(object_cells=cells), limits=ns.Limits(seconds=30))
    assert str(result.best) == "(next_day (either x0 x1))"
    assert result.trace[-1]["compiled"] == (cells == 1)
    assert result.best(None, None) is None


def test_decimals_stay_objects_and_are_exported() -> None:
    task = ns.Task([ns.example(Decimal("1.10"), output=Decimal("4.40")), ns.example(None, output=None)])
    result = ns.synthesize(task, calendar, search=BottomUp(object_cells=1), limits=ns.Limits(seconds=30))
    assert str(result.best) == "(twice (twice x0))"
    code = result.export(result.solutions[0], "python")
    assert code is not None
    assert "from decimal import Decimal" in code
    assert "def program(x0: Decimal | None) -> Decimal | None:" in code


def test_constants_are_written_as_the_library_writes_them() -> None:
    program = ns.parse_program("(later (either x0 2024-02-28) P7D)", calendar)
    assert program(None) == datetime.date(2024, 3, 6)
    code = PythonExporter().export(program)
    assert "datetime.date" not in code
    assert "date(2024, 2, 28)" in code
    assert "timedelta(days=7)" in code


TAKEN = [
    ("int", np.int64(3), 3),
    ("bool", np.bool_(True), True),
    ("string", np.str_("a"), "a"),
    ("list int", np.array([1, 2]), (1, 2)),
    ("list (list int)", [np.array([1]), []], ((1,), ())),
    ("decimal", 2.5, Decimal("2.5")),
    ("decimal", np.float64(0.1), Decimal("0.1")),
    ("decimal", 3, Decimal(3)),
    ("decimal", float("nan"), None),
    ("date", np.datetime64("2024-02-28"), DAY),
    ("date", np.datetime64("NaT"), None),
    ("datetime", np.datetime64("2024-02-28T01:02:03.123456789"), datetime.datetime(2024, 2, 28, 1, 2, 3, 123456)),
    ("duration", np.timedelta64(90, "s"), datetime.timedelta(seconds=90)),
    ("list date", np.array(["2024-02-28", "NaT"], "datetime64[D]"), (DAY, None)),
]


@pytest.mark.parametrize(("type_", "given", "value"), TAKEN, ids=[f"{t} from {v!r}" for t, v, _ in TAKEN])
def test_what_numpy_and_floats_stand_for(type_: str, given: Any, value: Any) -> None:
    found = domain_of(parse_type(type_)).accept(given)
    assert found == value
    assert type(found) is type(value)


def test_what_pandas_has() -> None:
    pandas = pytest.importorskip("pandas", reason="pandas is not installed")
    stamp = pandas.Timestamp("2024-02-28 01:02:03")
    assert domain_of(parse_type("datetime")).accept(stamp) == datetime.datetime(2024, 2, 28, 1, 2, 3)
    assert domain_of(parse_type("duration")).accept(pandas.Timedelta("90s")) == datetime.timedelta(seconds=90)
    for missing in (pandas.NaT, pandas.NA):
        assert domain_of(parse_type("date")).accept(missing) is None
    assert ns.Task([ns.example(stamp, output=1)]).type == parse_type("datetime -> int")


REFUSED = [
    ("int", True, "true is not a valid int"),
    ("int", "3", '"3" is not a valid int'),
    ("bool", 1, "1 is not a valid bool"),
    ("decimal", float("inf"), "is not a valid decimal"),
    ("date", datetime.datetime(2024, 2, 28), "2024-02-28 00:00:00.* is not a valid date"),
    ("datetime", DAY, "2024-02-28.* is not a valid datetime"),
    ("datetime", datetime.datetime(2024, 1, 1, tzinfo=datetime.UTC), "is not a valid datetime"),
    ("int", None, "null is not a valid int"),
    ("list int", [1, None], r"\[1, null\] is not a valid list int"),
]


@pytest.mark.parametrize(("type_", "given", "message"), REFUSED, ids=[f"{t} from {v!r}" for t, v, _ in REFUSED])
def test_what_is_no_value_is_refused(type_: str, given: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        domain_of(parse_type(type_)).accept(given)


JSON = [
    ("date", "2024-02-30", "'2024-02-30' is not a valid date: day is out of range for month"),
    ("date", "28.2.2024", "'28.2.2024' is not a valid date: expected a date like 2024-01-31"),
    ("date", 3, "3 is not a valid date; allowed: a date like 2024-01-31"),
    ("time", "25:00", "'25:00' is not a valid time: hour must be in 0..23"),
    ("duration", "P", "'P' is not a valid duration: expected a duration like P1DT2H30M or PT90S"),
    ("duration", "P999999999D", "'P999999999D' is not a valid duration: longer than 146,000 years"),
    ("decimal", "1,5", "'1,5' is not a valid decimal: expected a number like 12.50"),
    ("decimal", True, 'true is not a valid decimal; allowed: a number like 12.5, or "12.50" in quotes'),
    ("bitvec 8", "#x1", "'#x1' is not a valid bitvec 8: it has 4 bits"),
    ("bitvec 8", 256, "256 is not a valid bitvec 8; allowed: 0 to 255"),
    ("list int", "x" * 90, '"x{50,}\\.\\.\\. is not a valid list int; allowed: a JSON list like'),
    ("string", 3, "3 is not a valid string; allowed: a string"),
]


@pytest.mark.parametrize(("type_", "given", "message"), JSON, ids=[f"{t} from {v!r:.20}" for t, v, _ in JSON])
def test_json_that_is_no_value_says_what_is_allowed(type_: str, given: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        domain_of(parse_type(type_)).from_json(given)


def test_a_task_with_missing_values_is_written_and_read() -> None:
    rows = [("2024-02-28", 1.25, "2024-02-29T12:00:00"), (None, "7", None)]
    row = {
        "name": "t",
        "type": "date -> decimal -> datetime",
        "examples": [{"inputs": [a, b], "output": c} for a, b, c in rows],
    }
    task = task_from_json(row)
    assert task.examples[0].inputs == (DAY, Decimal("1.25"))
    assert task.examples[1].output is None
    again = json.loads(json.dumps(task_to_json(task)))
    assert again["examples"][1] == {"inputs": [None, 7], "output": None}
    assert task_from_json(again).examples == task.examples


def test_constants_of_tasks_keep_their_types() -> None:
    texts = ("2024-02-28", "1.5", "2.0", "P1D", "17:30:00", "3", "true", '"a"', "[1 2]", "[1.5]", "#x0f")
    constants = [ns.parse_program(text, calendar) for text in texts]
    assert all(isinstance(c, ns.Constant) for c in constants)
    task = ns.Task([ns.example(1, output=2)], constants=constants)  # type: ignore[arg-type]  # just checked
    row = json.loads(json.dumps(task_to_json(task)))
    back = task_from_json(row).constants
    assert [(c.type, c.value) for c in back] == [(c.type, c.value) for c in task.constants]
    assert row["constants"][:2] == [{"value": "2024-02-28", "type": "date"}, {"value": 1.5, "type": "decimal"}]
    assert row["constants"][5:8] == [3, True, "a"]


def test_missing_values_need_a_type_that_has_them() -> None:
    assert str(ns.Task([ns.example(None, output=1), ns.example(DAY, output=2)]).type) == "date -> int"
    assert str(ns.Task([ns.example([None, DAY], output=1)]).type) == "list date -> int"
    assert str(ns.Task([ns.example(None, output=1), ns.example(2, output=2)]).type) == "decimal -> int"
    for column in ([None, True], [None, None], [[None, 1]]):
        with pytest.raises(InputError, match="input 1: null has no type here"):
            ns.Task([ns.example(v, output=0) for v in column])


def test_samples_of_dates_share_a_style() -> None:
    tasks = list(ns.sample_tasks(calendar, count=4, seed=1))
    assert {str(t.type).split()[0] for t in tasks} <= {"date", "decimal"}
    assert all(e.output is not None for t in tasks for e in t.examples)
