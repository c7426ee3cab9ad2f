"""Sampled columns look like people's, and their programs are right on them."""

from __future__ import annotations

from random import Random

import pytest
from neurosynth_dsls.columns.sampling.programs import FAMILIES, _Maker, draw_columns

from neurosynth import load_language, parse_program, sample_tasks
from neurosynth.language.evaluate import Evaluator
from neurosynth.language.primitive import UNDEFINED

COLUMNS = load_language("columns")


def test_tasks_come_with_programs_that_are_right_on_them() -> None:
    tasks = sample_tasks("columns", count=300, seed=3, test_examples=2, workers=1)
    assert len({t.extra["program"] for t in tasks}) == len(tasks) == 300
    for task in tasks:
        program = parse_program(task.extra["program"], COLUMNS, request=task.type)
        assert all(program(*e.inputs) == e.output for e in (*task.examples, *task.test_examples))
    assert any(e.inputs[0] is None for t in tasks for e in t.examples)
    assert {len(t.parameters) for t in tasks} == {1, 2, 3}


def test_a_seed_gives_the_same_tasks_again() -> None:
    first, again = (sample_tasks("columns", count=40, seed=5, workers=1) for _ in range(2))
    assert [t.extra["program"] for t in first] == [t.extra["program"] for t in again]
    assert [t.examples for t in first] == [t.examples for t in again]
    assert first[0].examples != sample_tasks("columns", count=1, seed=6, workers=1)[0].examples


@pytest.mark.parametrize("family", dict.fromkeys(FAMILIES), ids=lambda f: f.__name__.strip("_"))
def test_programs_of_each_family_are_defined_on_their_rows(family) -> None:  # type: ignore[no-untyped-def]
    for seed in range(30):
        rng = Random(seed)
        program, cells = family(_Maker(COLUMNS.primitives, rng))
        run = Evaluator().function(program)
        values = [run(tuple(cell(rng) for cell in cells)) for _ in range(20)]
        assert sum(v is UNDEFINED for v in values) <= 10, program


def test_types_that_are_asked_for_are_drawn_from_the_grammar() -> None:
    (task,) = sample_tasks("columns", count=1, seed=0, types=["string -> int"], workers=1)
    assert str(task.type) == "string -> int"
    assert draw_columns(Random(0)).program.type != task.output_type
