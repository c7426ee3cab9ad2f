"""Whole solutions as primitives on trial: which are tried, and which stay."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from neurosynth_dsls.little import little

from neurosynth.language.learned import Library, library_language
from neurosynth.language.macros import rewritten
from neurosynth.language.syntax import parse_program
from neurosynth.library.compress import CompressionConfig
from neurosynth.library.described import Solved
from neurosynth.library.skeletons import learned_of
from neurosynth.library.stitch import node_cost
from neurosynth.library.whole import earned, on_trial
from neurosynth.tasks.task import Task, example

LENGTH = "(rec_list x0 0 (lambda (a b c) (+ c 1)))"
ROWS: dict[str, list[tuple[Any, ...]]] = {
    "list int -> int": [([3, 1, 2],), ([5],), ([],)],
    "list (list int) -> list int": [([[6], [7, 5, 2]],), ([[]],)],
    "int -> list int -> int": [(1, [3, 1, 2]), (0, [5, 5])],
    "int -> int": [(3,), (0,)],
}


def solved(name: str, request: str, text: str) -> Solved:
    program = parse_program(text, little, request=request)
    return Solved(name, Task([example(*row, output=program(*row)) for row in ROWS[request]], name), program)


COUNT = solved("length", "list int -> int", LENGTH)
COUNTS = solved(
    "map length",
    "list (list int) -> list int",
    "(rec_list x0 empty (lambda (a b c) (cons (rec_list a 0 (lambda (d e f) (+ f 1))) c)))",
)
SHORT = solved("next", "int -> int", "(+ x0 1)")
LARGE = solved("large", "int -> int", "(+ (+ x0 x0) (+ (+ x0 1) (+ x0 (+ (+ x0 x0) 1))))")
SECOND = solved("index", "int -> list int -> int", "(car (rec_nat x0 x1 (lambda (a b) (cdr b))))")
LONGER = replace(COUNT, program=parse_program(f"(+ 0 {LENGTH})", little, request="list int -> int"))


@pytest.mark.parametrize(
    ("solutions", "bodies"),
    [
        ([COUNT], {LENGTH: "list a -> int"}),  # of all lists
        ([LONGER, COUNT], {LENGTH: "list a -> int"}),  # the shortest of a task
        ([COUNT, replace(COUNT, key="again")], {LENGTH: "list a -> int"}),  # once
        ([SHORT, LARGE], {}),
        ([SECOND], {"(car (rec_nat x0 x1 (lambda (a b) (cdr b))))": "int -> list a -> a"}),
    ],
)
def test_short_solutions_are_tried_as_primitives(solutions: list[Solved], bodies: dict[str, str]) -> None:
    assert {a.body: a.type for a in on_trial(solutions, little, 1)} == bodies


@pytest.mark.parametrize(("solutions", "stays"), [([COUNT, SECOND], False), ([COUNT, COUNTS], True)])
def test_what_another_task_applies_stays(solutions: list[Solved], stays: bool) -> None:
    tried = on_trial([COUNT, SECOND], little, 1)
    trial = library_language(Library(name="grown", base="lists-little", abstractions=tried), little)
    kept = earned(tried, solutions, little, trial, CompressionConfig(), 2)
    assert [a.body for a in kept] == [LENGTH] * stays
    if stays:
        assert (kept[0].round, kept[0].uses, kept[0].tasks) == (2, 2, ("length", "map length"))
        written = rewritten(COUNTS.program, learned_of(trial), node_cost)
        assert str(written) == f"(rec_list x0 empty (lambda (a b c) (cons ({kept[0].name} a) c)))"
