"""The time of a column is shared by its searches: few columns first, then more, and never more than the limit."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from neurosynth.frames.fill import fill_table
from neurosynth.frames.filled import FillConfig
from neurosynth.search.base import Limits, Stats
from neurosynth.synthesize import Result, synthesize
from neurosynth.tasks.task import Task


@pytest.fixture
def wide(tmp_path: Path) -> Path:
    """Nine columns to read, and one whose cells nothing explains."""
    path = tmp_path / "wide.csv"
    names = [f"c{i}" for i in range(9)]
    rows = [[f"{name}{row}" for name in names] for row in range(5)]
    rows[0].append("zq!")
    rows[1].append("##w~")
    lines = [",".join([*names, "odd"]), *(",".join(row + [""] * (10 - len(row))) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


class Searches:
    """A search that reports how much of its time it used."""

    def __init__(self, share: float) -> None:
        self.share = share
        self.within: list[Limits] = []
        self.inputs: list[int] = []

    def __call__(self, task: Task, within: Limits) -> Result:
        self.within.append(within)
        self.inputs.append(len(task.inputs))
        result = synthesize(task, limits=Limits(seconds=5, max_programs=1), guide="uniform", search="bottom-up")
        return replace(result, stats=Stats(seconds=self.share * within.seconds))


@pytest.mark.parametrize(
    ("share", "seconds"),
    [
        pytest.param(1.0, [400.0, 600.0], id="the first search takes its share, the second one the rest"),
        pytest.param(0.1, [400.0, 960.0], id="what the first one leaves is for the second one"),
    ],
)
def test_two_searches_share_the_time_of_a_column(wide: Path, share: float, seconds: list[float]) -> None:
    search = Searches(share)
    fill_table(wide, ["odd"], config=FillConfig(seconds=1000.0), solve=search)
    assert [w.seconds for w in search.within] == pytest.approx(seconds, abs=5.0)
    assert search.inputs == [6, 9]
    assert {w.stretch for w in search.within} == {1.0}


def test_one_search_has_all_the_time(wide: Path) -> None:
    search = Searches(1.0)
    fill_table(wide, ["odd"], inputs=["c0", "c1"], config=FillConfig(seconds=1000.0), solve=search)
    assert [w.seconds for w in search.within] == pytest.approx([1000.0], abs=5.0)


def test_the_second_search_is_left_out_when_the_time_is_over(wide: Path) -> None:
    search = Searches(3.0)  # much more than it was given, as a primitive that does not return
    fill_table(wide, ["odd"], config=FillConfig(seconds=1000.0), solve=search)
    assert search.inputs == [6]


def test_without_a_given_limit_the_searches_are_patient(wide: Path) -> None:
    search = Searches(1.0)
    fill_table(wide, ["odd"], solve=search)
    assert {w.stretch for w in search.within} == {6.0}
    assert sum(w.seconds for w in search.within) == pytest.approx(10.0, abs=0.5)


def test_memory_and_programs_are_those_that_were_given(wide: Path) -> None:
    search = Searches(1.0)
    fill_table(wide, ["odd"], limits=Limits(max_programs=7, max_memory=2.5), solve=search)
    assert {(w.max_programs, w.max_memory) for w in search.within} == {(7, 2.5)}


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"first_share": 0.0}, "FillConfig.first_share is 0.0; allowed: above 0, at most 1"),
        ({"stretch": 0.5}, "stretch is 0.5; allowed: 1"),
    ],
)
def test_settings_are_checked(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(Exception, match=message):
        FillConfig(**settings)


def test_a_rule_over_more_columns_wins_against_a_table_over_few(tmp_path: Path) -> None:
    """The first search cannot read the column that decides, and finds a table of the given cells."""
    names = ["no", "class", "a", "b", "c", "days", "tutor", "mean"]
    rows = [
        ["1", "7a", "62", "57", "91", "10", "Ms Hart", "70.0"],
        ["2", "10c", "69", "36", "44", "13", "Mr Cole", "49.7"],
        ["3", "9b", "85", "49", "32", "4", "Dr Ito", "55.3"],
        ["4", "8a", "74", "81", "70", "1", "Ms Hart", ""],
        ["5", "7c", "62", "42", "36", "1", "Mr Cole", ""],
    ]
    path = tmp_path / "marks.csv"
    path.write_text("\n".join(map(",".join, [names, *rows])) + "\n", encoding="utf-8")

    def solve(task: Task, within: Limits) -> Result:
        return synthesize(task, "columns", search="cover", limits=replace(within, seconds=60.0))

    config = FillConfig(seconds=600.0, columns=2, min_confidence=0.0)
    (column,) = fill_table(path, ["mean"], config=config, solve=solve).columns
    assert column.values[3:] == ("75.0", "46.7")
    assert column.inputs == ("a", "b", "c")
