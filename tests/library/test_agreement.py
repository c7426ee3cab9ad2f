"""Learned primitives in compiled loops and on Python objects: the same values, each by a program of the same cost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from neurosynth_dsls.lists import lists
from neurosynth_dsls.turtle import turtle
from neurosynth_dsls.turtle.drawings import drawings

from neurosynth.engine.backends.base import backend_of
from neurosynth.engine.store.value_store import ValueStore
from neurosynth.language.language import Language
from neurosynth.language.learned import LearnedAbstraction, Library, library_language, read_library
from neurosynth.search.bottom_up.enumeration import simplified
from neurosynth.search.bottom_up.levels import Levels
from neurosynth.search.examples import max_length
from neurosynth.tasks.grammar import task_grammar
from neurosynth.tasks.task import Task, example

LEARNED = Path(__file__).parents[2] / "examples" / "turtle" / "learned.json"


def grown(base: Language, *bodies: tuple[str, str, str]) -> Language:
    abstractions = tuple(LearnedAbstraction(name=name, type=t, body=body) for name, t, body in bodies)
    return library_language(Library(name=f"{base.name}-learned", base=base.name, abstractions=abstractions), base)


def values(task: Task, language: Language, cost: int, *, compiled: bool) -> dict[Any, int]:
    """What programs up to a cost give, with the least cost."""
    store = ValueStore(
        simplified(task_grammar(task, language)),
        [e.inputs for e in task.examples],
        [e.output for e in task.examples],
        compiled=compiled,
        max_length=max_length(task.examples),
        patience=0,
    )
    levels = Levels(backend_of(store))
    for level in range(1, cost + 1):
        for _ in levels.fill(level):
            pass
    return {
        (str(target), store.values(target, entry)): bank.cost_of(entry)
        for target, bank in store.banks.items()
        for entry in range(bank.size)
    }


def drawing(name: str) -> Task:
    return next(task for task in drawings() if task.name == name)


LISTS = Task(
    [example([3, 1, 2], output=[4, 2, 3, 3, 2, 4]), example([7, -5], output=[8, -4, -4, 8]), example([], output=[])],
    "mirrored",
)

LANGUAGES = {
    "loops": grown(
        turtle,
        ("around", "int -> (int -> path) -> path", "(loop x0 x1 done)"),
        ("side", "int -> int -> path", "(forward x1 (left x0 done))"),
        ("petals", "int -> int -> path", "(around x0 (lambda (a) (left x0 (repeat x1 (side x1 a) done))))"),
    ),
    "lists": grown(
        lists,
        ("map_add", "int -> list int -> list int", "(map (lambda (a) (+ a x0)) x1)"),
        ("mirror", "list a -> list a", "(append x0 (reverse x0))"),
        ("kept", "(int -> bool) -> list int -> list int", "(mirror (filter x0 x1))"),
    ),
}


@pytest.mark.parametrize(
    ("language", "task", "cost"),
    [("loops", drawing("flower: six of three, side 5"), 4), ("lists", LISTS, 4)],
    ids=["loops", "lists"],
)
def test_compiled_loops_give_what_objects_give(language: str, task: Task, cost: int) -> None:
    on_objects = values(task, LANGUAGES[language], cost, compiled=False)
    assert len(on_objects) > 100
    assert values(task, LANGUAGES[language], cost, compiled=True) == on_objects


@pytest.mark.slow
@pytest.mark.parametrize("name", ["flower: six of three, side 5", "grid: 2 by 3", "spiral: 9 sides, turns of 1/4"])
def test_a_whole_library_gives_the_same_either_way(name: str) -> None:
    language = library_language(read_library(LEARNED), turtle)
    on_objects = values(drawing(name), language, 6, compiled=False)
    assert values(drawing(name), language, 6, compiled=True) == on_objects
