"""Reading sampled tasks for learning, drawing them on the fly, and programs that travel between processes."""

from __future__ import annotations

import json
import pickle
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from neurosynth.errors import InputError, NeurosynthError
from neurosynth.language.load import load_language
from neurosynth.language.program import Program
from neurosynth.tasks import load_tasks
from neurosynth.tasks.json_io import task_to_json
from neurosynth.training.chunks import SamplingConfig
from neurosynth.training.datasets import SampledStream, TaskDataset, program_of
from neurosynth.training.packing import pack, unpack
from neurosynth.training.processes import in_order
from neurosynth.training.sampling import sample_tasks, write_sample
from tests.strategies import programs, requests, tiny

TINY = tiny()
COUNT = 120


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of sampled list tasks."""
    path = tmp_path_factory.mktemp("sample") / "tasks.jsonl"
    write_sample(path, "lists", SamplingConfig(seed=9), count=COUNT, workers=1)
    return path


# Files


def test_a_file_is_a_sequence_of_tasks_and_programs(file: Path) -> None:
    data = TaskDataset(file, "lists")
    assert len(data) == COUNT
    tasks = load_tasks(file)
    assert [task_to_json(t) for t, _ in data] == [task_to_json(t) for t in tasks]
    assert [str(p) for p in data.programs()] == [t.extra["program"] for t in tasks]
    assert data[-1][0].name == tasks[-1].name
    assert [t.name for t, _ in data[3:6]] == [t.name for t in tasks[3:6]]
    with pytest.raises(IndexError):
        data[COUNT]


def test_pairs_are_kept_once_read(file: Path) -> None:
    data = TaskDataset(file, "lists", cached=10)
    assert data[4] is data[4]


def test_a_split_is_the_same_every_time_and_loses_nothing(file: Path) -> None:
    train = [t.name for t, _ in TaskDataset(file, "lists", split="train", held_out=0.3)]
    held_out = [t.name for t, _ in TaskDataset(file, "lists", split="held-out", held_out=0.3)]
    everything = [t.name for t in load_tasks(file)]
    assert sorted(train + held_out) == sorted(everything)
    assert 0.15 * COUNT < len(held_out) < 0.45 * COUNT
    assert [t.name for t, _ in TaskDataset(file, "lists", split="held-out", held_out=0.3)] == held_out
    assert [t.name for t, _ in TaskDataset(file, "lists", split="held-out", held_out=0.3, seed=1)] != held_out


def test_a_file_that_grows_keeps_its_split(file: Path, tmp_path: Path) -> None:
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    shorter = tmp_path / "shorter.jsonl"
    shorter.write_text("".join(lines[:50]), encoding="utf-8")
    some = [t.name for t, _ in TaskDataset(shorter, "lists", split="train", held_out=0.3)]
    every = [t.name for t, _ in TaskDataset(file, "lists", split="train", held_out=0.3)]
    assert every[: len(some)] == some


def test_blank_lines_and_a_missing_last_newline_are_fine(file: Path, tmp_path: Path) -> None:
    lines = file.read_text(encoding="utf-8").splitlines()
    spaced = tmp_path / "spaced.jsonl"
    spaced.write_text("\n\n".join(lines[:5]), encoding="utf-8")
    assert len(TaskDataset(spaced, "lists")) == 5


def task(**fields: Any) -> str:
    """A line with one task."""
    examples = [{"inputs": [[1, 2]], "output": 3}]
    return json.dumps({"name": "t", "type": "list int -> int", "examples": examples, **fields}) + "\n"


GOOD = task(program="(sum x0)")
WRONG = [
    ("no program", GOOD + task(), r"line 2: task 't' has no field 'program'"),
    ("a program that does not parse", GOOD + task(program="(sum x0"), r"line 2: "),
    ("a program of another language", task(program="(summ x0)"), r"line 1: .*summ"),
    ("a program of another type", task(program="(sort x0)"), r"line 1: "),
    ("no JSON", GOOD + "{\n", r"line 2: invalid JSON"),
    ("no task", GOOD + "{}\n", r"line 2"),
    ("nothing", "\n\n", r"no tasks; a file of tasks has one JSON object per line"),
]


@pytest.mark.parametrize(("text", "message"), [w[1:] for w in WRONG], ids=[w[0] for w in WRONG])
def test_what_is_wrong_is_named_with_its_line(text: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "tasks.jsonl"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=message):
        list(TaskDataset(path, "lists"))


def test_unusable_lines_are_left_out_when_asked(tmp_path: Path) -> None:
    path = tmp_path / "tasks.jsonl"
    path.write_text(GOOD + task(program="(summ x0)") + GOOD, encoding="utf-8")
    errors: list[InputError] = []
    assert len(TaskDataset(path, "lists", on_error=errors.append)) == 2
    assert len(errors) == 1
    assert "line 2" in str(errors[0])


def test_options_out_of_range(file: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"split 'test'; allowed: all, train, held-out"):
        TaskDataset(file, "lists", split="test")
    with pytest.raises(InputError, match=r"held_out is 1\.5; allowed: a share between 0 and 1"):
        TaskDataset(file, "lists", held_out=1.5)
    with pytest.raises(InputError, match=r"cannot be read: No such file"):
        TaskDataset(tmp_path / "none.jsonl", "lists")


# Streams


def names(pairs: list[Any]) -> list[str]:
    return [t.name for t, _ in pairs]


def test_a_step_gives_the_same_pairs_whenever_it_is_asked_for() -> None:
    with SampledStream("bitvectors", SamplingConfig(seed=1), batch_size=100) as stream:
        first = [names(stream(step)) for step in range(5)]
        assert all(len(batch) == 100 for batch in first)
        assert len({name for batch in first for name in batch}) == 500
        assert [names(stream(step)) for step in (4, 1, 0)] == [first[4], first[1], first[0]]
    with SampledStream("bitvectors", SamplingConfig(seed=1), batch_size=100, workers=2) as stream:
        assert [names(stream(step)) for step in range(5)] == first


def test_programs_of_a_stream_are_those_of_their_tasks() -> None:
    with SampledStream("strings", batch_size=20) as stream:
        for task_, program in stream(0):
            assert program == program_of(task_, load_language("strings"))


def test_a_stream_goes_on_and_on() -> None:
    with SampledStream("bitvectors", batch_size=600) as stream:
        assert len(stream(0)) == 600
        assert len(set(names(stream(0)))) == 600
    with SampledStream("bitvectors", batch_size=50) as stream:
        assert len({t.name for t, _ in islice(stream, 900)}) > 850


def test_a_stream_has_nothing_that_is_excluded() -> None:
    held_out = sample_tasks("bitvectors", count=200, seed=5, workers=1)
    behaviours = {t.extra["behaviour"] for t in held_out}
    with SampledStream("bitvectors", SamplingConfig(seed=6), batch_size=300) as stream:
        assert any(t.extra["behaviour"] in behaviours for t, _ in stream(0))
    with SampledStream("bitvectors", SamplingConfig(seed=6), batch_size=300, excluding=held_out) as stream:
        assert not any(t.extra["behaviour"] in behaviours for t, _ in stream(0))


def test_a_batch_of_nothing_is_refused() -> None:
    with pytest.raises(InputError, match=r"batch_size is 0; allowed: a positive number"):
        SampledStream("lists", batch_size=0)


# Programs and results on their way


@given(requests().flatmap(lambda request: programs(TINY, request, depth=3)))
def test_packed_programs_come_back(program: Program) -> None:
    again = unpack(pickle.loads(pickle.dumps(pack(program))), TINY)
    assert again == program
    assert again.type == program.type
    assert str(again) == str(program)


def test_results_come_in_order() -> None:
    def square(n: int) -> int:  # a closure, which no pickle could take along
        return n * n

    for workers in (1, 2):
        results: Iterator[int] = in_order(square, 3, workers)
        assert list(islice(results, 6)) == [9, 16, 25, 36, 49, 64]


def test_errors_of_a_process_arrive() -> None:
    def fail(n: int) -> int:
        raise InputError(f"{n} is wrong")

    with pytest.raises(InputError, match=r"0 is wrong"):
        next(in_order(fail, 0, 2))


def test_a_process_that_dies_is_an_error_with_advice() -> None:
    import os

    with pytest.raises(NeurosynthError, match=r"was killed, maybe for lack of memory; try again with fewer workers"):
        next(in_order(lambda n: os._exit(1), 0, 2))
