"""Sampling that fits a language: its own inputs, its own types, rare primitives, sizes that make up for others, a curriculum."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import pytest

from neurosynth.errors import InputError
from neurosynth.language.language import A, Language
from neurosynth.language.load import load_language
from neurosynth.tasks.task import Task
from neurosynth.training.chunks import SamplingConfig, draw_chunk
from neurosynth.training.config import TrainConfig
from neurosynth.training.coverage import coverage_note, programs_in
from neurosynth.training.datasets import SampledStream
from neurosynth.training.inputs import default_types
from neurosynth.training.sampling import sample_tasks, write_sample
from neurosynth.training.sources import from_sample


def matrices() -> Language:
    lang = Language("matrices")

    @lang.primitive
    def transposed(rows: list[list[int]]) -> list[list[int]]:
        return [list(column) for column in zip(*rows, strict=False)]

    @lang.primitive
    def row_sums(rows: list[list[int]]) -> list[int]:
        return [sum(row) for row in rows]

    @lang.primitive
    def flipped(xs: list[A]) -> list[A]:
        return xs[::-1]

    @lang.primitive
    def add_one(xs: list[int]) -> list[int]:
        return [x + 1 for x in xs]

    return lang


def test_types_are_those_of_a_languages_primitives() -> None:
    types = default_types(matrices())
    assert "list (list int) -> list (list int)" in types
    assert "list (list int) -> list int" in types
    for name in ("lists", "strings", "bitvectors"):
        language = load_language(name)
        assert not any("list (list" in t for t in default_types(language)), name


def test_inputs_are_what_the_language_says() -> None:
    lang = matrices()

    @lang.inputs("list list int")
    def rectangles(rng: random.Random, column: random.Random) -> list[list[int]]:
        width = column.randint(2, 4)
        return [[rng.randint(0, 9) for _ in range(width)] for _ in range(rng.randint(1, 3))]

    tasks = sample_tasks(lang, count=6, types=["list list int -> list int"], sizes=(1, 4), workers=1)
    for task in tasks:
        widths = {len(row) for e in task.examples for row in e.inputs[0]}
        assert len(widths) == 1, task.examples
        assert widths <= {2, 3, 4}
    chunks = [draw_chunk(lang, SamplingConfig(types=("list list int -> list int",), sizes=(1, 2)), i) for i in range(6)]
    assert len({len(chunk[0].task.examples[0].inputs[0][0]) for chunk in chunks}) > 1  # not one width for all
    again = sample_tasks(lang, count=6, types=["list list int -> list int"], sizes=(1, 4), workers=1)
    assert [t.examples for t in again] == [t.examples for t in tasks]
    assert lang.with_primitives([]).input_generators == lang.input_generators


def test_a_generator_of_something_else_is_named() -> None:
    lang = matrices()

    @lang.inputs("list list int")
    def wrong(rng: random.Random, column: random.Random) -> object:
        return ["a"]

    with pytest.raises(
        InputError, match=r"the generator 'wrong' of inputs of type list \(list int\) returned something else"
    ):
        sample_tasks(lang, count=1, types=["list list int -> list int"], workers=1)
    with pytest.raises(InputError, match=r"language 'matrices' already has inputs of type list \(list int\)"):
        lang.inputs("list list int")(wrong)
    with pytest.raises(InputError, match="values of type a can be neither written nor generated"):
        lang.inputs("a")


RARE = ("all", "any", "contains", "is_empty", "or", "and", "if")


def test_rare_primitives_are_raised() -> None:
    lists = load_language("lists")
    found = []
    for raised in (0.0, 1.0):
        sampled = draw_chunk(lists, SamplingConfig(seed=3, sizes=(2, 4), raised=raised), 0)
        words = Counter(w for s in sampled for w in set(str(s.program).replace("(", " ").replace(")", " ").split()))
        found.append(sum(words[name] for name in RARE) / len(sampled))
    assert found[1] > 1.4 * found[0], found


def test_larger_sizes_make_up_for_small_ones() -> None:
    lists = load_language("lists")
    sampling = SamplingConfig(seed=3, types=("int -> int",), sizes=(1, 4))
    sizes = Counter(s.task.extra["operations"] for s in draw_chunk(lists, sampling, 0))
    assert sizes[1] < 128  # there are not so many
    assert sizes[3] > 128
    assert sizes[4] > 128
    assert abs(sum(sizes.values()) - 512) < 30


def test_what_hardly_occurs_is_named(tmp_path: Path) -> None:
    lists = load_language("lists")
    texts = ["(sort x0)", "(map (lambda (a) (+ a 1)) x0)"] * 1000
    note = coverage_note(texts, lists)
    assert note.startswith("hardly any of 2,000 programs apply ")
    assert "(0)" in note
    assert " sort " not in note
    assert "use --raised 1" in note
    assert coverage_note(texts[:1000], lists) == ""  # too few to say
    everything = [f"({name} x0)" for name in lists.primitives] * 100
    assert coverage_note(everything, lists) == ""
    assert coverage_note(['(str.++ "reverse" x0)'] * 3000, lists).startswith("hardly any")  # a text is no primitive
    write_sample(tmp_path / "s.jsonl", lists, SamplingConfig(sizes=(1, 2)), count=20, workers=1)
    assert len(list(programs_in(tmp_path / "s.jsonl"))) == 20


def operations(pairs: object) -> list[int]:
    assert isinstance(pairs, list)
    return [task.extra["operations"] for task, _ in pairs]


def test_a_curriculum_begins_small() -> None:
    sampling = SamplingConfig(seed=1, sizes=(1, 4), curriculum=40)
    lists = load_language("lists")
    largest = [sampling.at(step, lists).sizes[1] for step in (0, 9, 10, 20, 30, 39, 40, 1000)]
    assert largest == [1, 1, 2, 3, 4, 4, 4, 4]
    assert "list int -> list bool" not in sampling.at(0, lists).types  # no program of one operation
    assert SamplingConfig(sizes=(2, 5)).at(0, lists).sizes == (2, 5)
    with SampledStream("lists", sampling, batch_size=32) as stream:
        assert max(operations(stream(0))) == 1
        late = operations(stream(50))
        assert max(late) == 4
        assert operations(stream(0)) == operations(stream(0))


def test_what_does_not_go_together_is_refused() -> None:
    lists = load_language("lists")
    for raised in (-0.1, 1.5):
        with pytest.raises(InputError, match=r"raised is -?[0-9.]+; allowed: from 0 \(no change\) to 1"):
            SamplingConfig(raised=raised)
    with pytest.raises(InputError, match="curriculum is -1; allowed: 0 or more steps"):
        SamplingConfig(curriculum=-1)
    config = TrainConfig(steps=1, accelerator="cpu")
    with pytest.raises(
        InputError, match=r"tasks sampled beforehand \(--count\) come in any order; leave one of the two"
    ):
        from_sample(lists, config, SamplingConfig(curriculum=10), 10, 1)
    with pytest.raises(InputError, match="a sample made beforehand has no steps"):
        write_sample("unused.jsonl", lists, SamplingConfig(curriculum=10), count=1)


def test_a_task_says_what_it_always_said() -> None:
    (task,) = sample_tasks("lists", count=1, sizes=(1, 2), workers=1)
    assert isinstance(task, Task)
    assert {"program", "operations", "behaviour", "chunk"} <= set(task.extra)


def test_default_types_without_programs_are_left_out() -> None:
    """A language over lists that makes no booleans can be sampled without naming types."""
    lang = Language("no booleans")

    @lang.primitive
    def doubled(xs: list[int]) -> list[int]:
        return [2 * x for x in xs]

    @lang.primitive
    def total(xs: list[int]) -> int:
        return sum(xs)

    asked = {str(t) for t in SamplingConfig().requests(lang)}
    assert {"list int -> list int", "list int -> int"} <= asked
    assert not any("bool" in t for t in asked)
    assert any("bool" in t for t in default_types(lang))
