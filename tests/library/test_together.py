"""Tasks with the same inputs are searched for at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from neurosynth.bench.rows import read_rows
from neurosynth.bench.suites import find_suite
from neurosynth.language.language import Language
from neurosynth.language.load import load_language
from neurosynth.library.together import solve_together
from neurosynth.library.wake import Speaker, solutions_of
from neurosynth.search.base import Limits, StopReason
from neurosynth.search.bottom_up.together import Together, same_inputs
from neurosynth.tasks.grammar import task_grammar
from neurosynth.tasks.json_io import task_from_json
from neurosynth.tasks.task import Task, example

ARCH = [[0, 2, 6], [4, 2, 6], [2, 6, 2]]
ROWS = {
    "arch": ARCH,
    "row": [[0, 6, 2], [6, 6, 2], [12, 6, 2]],
    "two arches": [*ARCH, *([x + 6, w, h] for x, w, h in ARCH)],
    "far apart": [[0, 6, 2], [97, 2, 6], [401, 6, 2]],
}


def towers() -> Language:
    return load_language("towers")


def tasks() -> dict[str, Task]:
    load_language("towers")
    return {
        name: task_from_json({"name": name, "type": "tower", "examples": [{"inputs": [], "output": output}]}, name)
        for name, output in ROWS.items()
    }


def test_one_search_finds_programs_of_several_tasks() -> None:
    given = tasks()
    grammar = task_grammar(given["arch"], towers())
    search = Together(given, grammar, Limits(seconds=60, max_programs=400_000))
    found = {one.task: one for one in search.run()}
    assert set(found) == {"arch", "row", "two arches"}
    assert search.stop is StopReason.PROGRAMS
    assert set(search.open) == {"far apart"}
    for name, one in found.items():
        assert tuple(map(tuple, one.program())) == given[name].examples[0].output
    alone = {}
    for name in found:
        one_task = Together({name: given[name]}, grammar, Limits(seconds=60, max_programs=400_000))
        alone[name] = next(iter(one_task.run()))
        assert one_task.stop is StopReason.EXHAUSTED or not one_task.open
    assert all(alone[n].tried <= found[n].tried for n in found)  # fewer plans are part of one tower than of any


def test_looking_for_programs_disturbs_no_tile_that_is_being_filled() -> None:
    """The first of these pictures was lost: while a table grew, the key of what was looked for took the place of a candidate's."""
    turtle = load_language("turtle")
    given = {t.name: t for t in find_suite("turtle-drawings", print).tasks[:2]}
    for name, task in given.items():
        search = Together({name: task}, task_grammar(task, turtle), Limits(seconds=60, max_programs=100_000))
        assert [one.task for one in search.run()] == [name]


def test_tasks_with_other_inputs_are_no_group() -> None:
    given = {
        "a": Task([example(1, output=2)], "a"),
        "b": Task([example(1, output=3)], "b"),
        "c": Task([example(2, output=3)], "c"),
        "d": Task([example("x", output="y")], "d"),
    }
    assert [set(group) for group in same_inputs(given)] == [{"a", "b"}]
    with pytest.raises(ValueError, match="2 kinds of inputs"):
        Together({k: given[k] for k in "ac"}, task_grammar(given["a"], load_language("lists")), Limits())


def test_tasks_of_another_language_are_named(tmp_path: Path) -> None:
    given = [Task([example(1, output=[2])], "a"), Task([example(1, output=[3])], "b")]
    jobs = Speaker(language="towers", library=None, guide="uniform").jobs([("s", t) for t in given], Limits(), 0)
    notes: list[str] = []
    solve_together(jobs, towers(), "uniform", Limits(), tmp_path / "wake.jsonl", notes.append)
    assert len(notes) == 1
    assert "2 tasks, such as 's/a', are not searched for together: " in notes[0]
    assert read_rows(tmp_path / "wake.jsonl") == []


def test_rows_are_those_of_the_tasks_own_jobs(tmp_path: Path) -> None:
    given = tasks()
    speaker = Speaker(language="towers", library=None, guide="uniform")
    limits = Limits(seconds=5, max_programs=1000)
    jobs = speaker.jobs([("small", task) for task in given.values()], limits, 0)
    path = tmp_path / "wake.jsonl"
    notes: list[str] = []
    whole = Limits(seconds=60, max_programs=400_000)
    solve_together(jobs, towers(), "uniform", whole, path, notes.append)
    rows = read_rows(path)
    assert all(row.solved for row in rows)
    assert {row.key for row in rows} == {
        job.key for job in jobs if job.task.name != "far apart"
    }  # which is left to its job
    solved = solutions_of(rows, {f"small/{t.name}": t for t in given.values()}, towers(), 3, notes.append)
    assert {s.key for s in solved} == {"small/arch", "small/row", "small/two arches"}
    before = path.read_bytes()
    solve_together(jobs, towers(), "uniform", whole, path, notes.append)  # done before: nothing to do
    assert path.read_bytes() == before
    assert notes == []
