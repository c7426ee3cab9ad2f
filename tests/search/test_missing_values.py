"""Tasks with missing values, of every type that has them, in every search: no machine value and no inverse stands for one."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest

import neurosynth as ns
from neurosynth.plugins import available

VALUES = {
    "string": ("x1", "ab cd", ""),
    "decimal": (Decimal("1.5"), Decimal(2), Decimal("-3.25")),
    "date": (date(2024, 2, 29), date(1999, 12, 31), date(2020, 1, 5)),
    "time": (time(9, 30), time(0, 0), time(23, 59)),
    "datetime": (datetime(2024, 2, 29, 7), datetime(1999, 12, 31), datetime(2020, 1, 5, 23, 1)),
    "duration": (timedelta(minutes=5), timedelta(0), timedelta(hours=30)),
}


@pytest.mark.parametrize("search", sorted(available("searches")))
@pytest.mark.parametrize("kind", VALUES)
def test_inputs_and_outputs_may_be_missing(search: str, kind: str) -> None:
    first, second, third = VALUES[kind]
    for outputs in (("-", "a", "b"), (None, "a", "b"), (None, 1, 2), (0, 1, 2)):
        examples = [ns.example(v, output=o) for v, o in zip((None, first, second), outputs, strict=True)]
        t = ns.parse_type(f"{kind} -> {'string' if 'a' in outputs else 'decimal'}")
        task = ns.Task(examples, type=t, language="columns", unlabelled=[(third,), (None,)])
        result = ns.synthesize(task, search=search, limits=ns.Limits(seconds=0.3))
        for solution in result.solutions:
            assert all(solution.program(*e.inputs) == e.output for e in task.examples)
            solution.program(third)


def test_a_missing_date_or_number_has_a_text_of_its_own() -> None:
    day = ns.synthesize([(None, "-"), (date(2020, 1, 5), "2020")])
    assert str(day.best) == '(ite (is_missing x0) "-" (date.format "%Y" x0))'
    number = ns.synthesize([(None, "n/a"), (2.5, "2.50"), (3, "3.00")])
    assert str(number.best) == '(ite (is_missing x0) "n/a" (decimal.format "0.00" x0))'


def test_a_missing_cell_is_no_relation_between_two_columns() -> None:
    """Conditions on other columns that happen to hold for the missing cells are not searched for."""
    rows = [("Ida Moss", "2024-03-05", "2024"), ("Olaf Berg", None, "-"), ("Per Lie", "2021-11-30", "2021")]
    rest = (("Eva Dahl", "2019-01-02"), ("Ulf Holm", None))
    task = ns.Task([ns.example(*row[:2], output=row[2]) for row in rows], unlabelled=rest)
    result = ns.synthesize(task)
    assert [result.best(*row) for row in rest] == ["2019", "-"]
    assert result.stats.programs_tried < 1_000
