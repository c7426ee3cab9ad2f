"""Regressions: what counts, what flaps, and what the command says and exits with."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from neurosynth.bench.regressions import Regressions
from neurosynth.cli import main
from neurosynth.errors import InputError
from tests.bench.sample_rows import row, write_rows

RIGHT, HALF = {"examples": 2, "right": 2}, {"examples": 2, "right": 1}


def after(seconds: float, **more: Any) -> dict[str, Any]:
    """A row that is solved after so many seconds, of ten."""
    return row(stats={"seconds": seconds}, **more)


def stopped(stop: str = "time", **more: Any) -> dict[str, Any]:
    """A row that is not solved."""
    return row(stop=stop, stats={"seconds": 10.0}, **more)


Rows = list[dict[str, Any]]
CASES: dict[str, tuple[Rows, Rows, str]] = {
    "nothing": ([row()], [row()], "same"),
    "solved, then out of time": ([after(0.5)], [stopped()], "regression"),
    "solved, then out of memory": ([after(0.5)], [stopped("memory")], "regression"),
    "solved, then exhausted": ([after(9.0)], [stopped("exhausted")], "regression"),
    "solved near the limit, then out of time": ([after(6.0)], [stopped()], "flapping"),
    "out of time, then solved near the limit": ([stopped()], [after(6.0)], "flapping"),
    "out of time, then solved": ([stopped()], [after(0.5)], "gain"),
    "right, then not": ([row(held_out=RIGHT)], [row(held_out=HALF)], "regression"),
    "not right, then right": ([row(held_out=HALF)], [row(held_out=RIGHT)], "gain"),
    "solved, then a crash": ([row()], [stopped("crashed", reason="signal 11")], "regression"),
    "solved near the limit, then a crash": ([after(9.0)], [stopped("crashed", reason="signal 11")], "regression"),
    "open, then a wrong answer": ([stopped()], [stopped("wrong")], "regression"),
    "a wrong answer, then open": ([stopped("wrong")], [stopped()], "gain"),
    "open in two ways": ([stopped()], [stopped("memory")], "same"),
    "a crash, then killed": ([stopped("crashed")], [stopped("killed")], "same"),
    "not solved with one of three seeds before": (
        [after(1.0, seed=0), after(1.0, seed=1), stopped(seed=2)],
        [stopped(seed=s) for s in range(3)],
        "flapping",
    ),
    "solved with all seeds, then with none": (
        [after(1.0, seed=s) for s in range(3)],
        [stopped(seed=s) for s in range(3)],
        "regression",
    ),
    "solved with all seeds, then with two": (
        [after(1.0, seed=s) for s in range(3)],
        [after(1.0, seed=0), after(1.0, seed=1), stopped(seed=2)],
        "same",
    ),
    "solved near the limit of processor time, then stopped by it": (
        [row(cpu_seconds=1.0, cpu=0.9)],
        [row(cpu_seconds=1.0, stop="cpu")],
        "flapping",
    ),
    "solved near the limit of memory, then stopped by it": (
        [row(stats={"peak_memory_mb": 3900.0})],
        [stopped("memory")],
        "flapping",
    ),
    "solved far from any limit, then stopped by memory": (
        [row(stats={"seconds": 0.1})],
        [stopped("memory")],
        "regression",
    ),
}


@pytest.mark.parametrize(("old", "new", "kind"), CASES.values(), ids=CASES.keys())
def test_what_a_change_is(old: Rows, new: Rows, kind: str, tmp_path: Path) -> None:
    files = [write_rows(tmp_path / name, rows) for name, rows in (("old.jsonl", old), ("new.jsonl", new))]
    found = Regressions.from_files(*files)
    counts = {"regression": len(found.regressions), "gain": len(found.gains), "flapping": len(found.flapping)}
    assert counts == {name: int(name == kind) for name in counts}


REFUSED = {
    "different limits": ([row()], [row(limits={"seconds": 60.0})], r"old\.jsonl row 1 has limits\.seconds=10"),
    "different limits of processor time": ([row()], [row(cpu_seconds=5.0)], r"cpu_seconds=none and .*cpu_seconds=5"),
    "different examples": ([row()], [row(show=2)], r"numbers of examples shown"),
    "no task in common": ([row()], [row(task="b")], r"have no task in common that was run the same way"),
    "no configuration in common, and several": (
        [row(search="a"), row(search="b")],
        [row(search="c")],
        r"configurations: a · uniform, b · uniform; and: c · uniform",
    ),
    "a task twice": ([row(), row()], [row()], r"was run twice the same way"),
    "no rows": ([row()], [], r"no rows"),
}


@pytest.mark.parametrize(("old", "new", "message"), REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_compared_is_said(old: Rows, new: Rows, message: str, tmp_path: Path) -> None:
    files = [write_rows(tmp_path / name, rows) for name, rows in (("old.jsonl", old), ("new.jsonl", new))]
    with pytest.raises(InputError, match=message):
        Regressions.from_files(*files)


def compared(tmp_path: Path, old: Rows, new: Rows, *options: str) -> int:
    """The exit status of the command."""
    files = [str(write_rows(tmp_path / name, rows)) for name, rows in (("old.jsonl", old), ("new.jsonl", new))]
    with pytest.raises(SystemExit) as end:
        main(["bench", "compare", *files, *options])
    assert isinstance(end.value.code, int)
    return end.value.code


def test_the_command_says_what_changed_and_exits_with_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old = [after(0.31, held_out=RIGHT), after(7.0, task="near"), stopped(task="c"), row(task="gone")]
    new = [stopped(), stopped(task="near"), after(1.0, task="c", held_out=HALF)]
    assert compared(tmp_path, old, new) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines == [
        "auto · uniform: 3 tasks · solved 2 → 1 · right on what was not shown 1 → 0 · score 2 → -1 · processor time × 1.21",
        "not run again: 1 tasks",
        "regressions: 1",
        "  strings/first  solved in 0.31 s, right on 2 of 2 not shown → time",
        "gains: 1",
        "  strings/c  time → solved in 1 s, right on 1 of 2 not shown",
        "flapping: 1 (not counted)",
        "  strings/near  solved in 7 s → time",
    ]


def test_several_suites_have_a_line_each_and_seeds_of_a_few_of_them_do_not_count(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lists = [row(suite="lists", task=f"l{i}") for i in range(4)]
    old = [*lists, *(row(suite="strings", seed=s) for s in range(3))]
    assert compared(tmp_path, old, [*old[1:], stopped(suite="lists", task="l0")]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(" · ")[:2] for line in lines[:2]] == [
        ["auto", "uniform: 5 tasks"],
        ["  lists: 4 tasks", "solved 4 → 3"],
    ]
    assert "solved 5 → 4" in lines[0]
    assert lines[2].startswith("  strings: 1 tasks · solved 1 → 1")


def test_without_regressions_the_command_exits_with_0(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert compared(tmp_path, [row()], [row()]) == 0
    assert "regressions: none" in capsys.readouterr().out


def test_two_ways_to_solve_the_same_tasks_are_compared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert compared(tmp_path, [row(search="auto")], [stopped(search="auto divide=false")]) == 1
    assert capsys.readouterr().out.startswith("auto · uniform → auto divide=false · uniform: 1 tasks · solved 1 → 0")


def test_the_command_as_json_is_one_object(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert compared(tmp_path, [row()], [stopped()], "--json") == 1
    found = json.loads(capsys.readouterr().out)
    assert found["regressions"] == [
        {"suite": "strings", "task": "first", "configuration": "auto · uniform", "old": "right", "new": "open",
         "was": "solved in 0.5 s", "now": "time"},
    ]  # fmt: skip
    assert (found["gains"], found["flapping"], found["slower"], found["missing"]) == ([], [], [], 0)


@pytest.mark.parametrize(("ratio", "status"), [(None, 0), ("1.1", 1), ("3", 0)])
def test_slower_counts_where_it_is_asked_for(ratio: str | None, status: int, tmp_path: Path) -> None:
    old = [after(0.1 + i / 100, task=f"t{i}") for i in range(20)]
    new = [after(2 * (0.1 + i / 100), task=f"t{i}") for i in range(20)]
    options = () if ratio is None else ("--slower", ratio)
    assert compared(tmp_path, old, new, *options) == status
    assert compared(tmp_path, old, old, *options) == 0
    assert compared(tmp_path, new, old, *options) == 0


def test_noise_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    quiet = after(2.0, noise={"load": 0.5, "waited": 0.001})
    assert compared(tmp_path, [quiet], [after(2.0, noise={"load": 7.5, "waited": 0.82})]) == 0
    assert re.search(
        r"note: Tasks waited for a core in 40% of their time \(load up to 7\.5 on 2 cores\)", capsys.readouterr().err
    )


def test_noise_of_both_files_is_one_note(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [after(2.0, noise={"load": load, "waited": waited}) for load, waited in ((7.5, 0.82), (3.0, 0.4))]
    assert compared(tmp_path, rows[:1], rows[1:]) == 0
    (note,) = re.findall("note: .*", capsys.readouterr().err)
    assert re.search(
        r"in 40% of their time \(load up to 7\.5 on 2 cores\) in .*old\.jsonl, and in 20% .* in .*new\.jsonl: ", note
    )


def test_the_history_is_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [
        row(commit="old", started="2026-11-01T12:00:00+00:00"),
        stopped(commit="new", started="2026-11-02T12:00:00+00:00"),
    ]
    file = str(write_rows(tmp_path / "rows.jsonl", rows))
    with pytest.raises(SystemExit) as end:
        main(["bench", "history", file])
    assert end.value.code == 0
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert [line[0] for line in lines] == ["commit", "old", "new"]
    with pytest.raises(SystemExit) as end:
        main(["bench", "history", file, "--json", "--where", "commit=old"])
    assert end.value.code == 2
    assert "the rows are of one commit" in capsys.readouterr().err
