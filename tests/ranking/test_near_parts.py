"""Parts of a program that only a mistyped example needs."""

from __future__ import annotations

from typing import Any

import pytest

import neurosynth as ns
from neurosynth.language.load import load_language
from neurosynth.language.program import Program
from neurosynth.language.syntax import parse_program
from neurosynth.ranking.near_parts import near_part, one_typo
from neurosynth.tasks.task import Task, example

SURNAME = '(text.split_at x0 " " 1)'
SQUEEZED = f"(str.squeeze {SURNAME})"


def names(*outputs: str) -> Task:
    full = ("Ada Lovelace", "Alan Turing", "Grace Hopper", "Emmy Noether")
    shown = [example(name, output=o) for name, o in zip(full, outputs, strict=False)]
    return Task(shown, language="columns", unlabelled=[("Kurt Gödel",), ("Mary Shelley",)])


TYPED = names("Lovelace", "Turing", "Hoper", "Noether")


def program(text: str, task: Task) -> Program:
    return parse_program(text, load_language("columns"), inputs=task.inputs, request=task.type)


@pytest.mark.parametrize(
    ("meant", "typed", "mistaken"),
    [
        ("Hopper", "Hoper", True),
        ("Hopper", "Hoppper", True),
        ("Hopper", "Hopepr", True),
        ("Hopper", "Hoqper", True),
        ("2025", "2052", True),
        ("Hopper", "Hopper", False),
        ("Hopper", "hopper", False),
        ("Hopper", "Hopper ", False),
        ("a-b", "a_b", False),
        ("Hopper", "Hope", False),
        ("", "ab", False),
        (12, 21, False),
    ],
)
def test_one_typo(meant: Any, typed: Any, mistaken: bool) -> None:
    assert one_typo(meant, typed) is mistaken


@pytest.mark.parametrize(
    ("task", "text", "near"),
    [
        (TYPED, SQUEEZED, SURNAME),
        (names("Lovelace", "Turing", "Hopper", "Noether"), SURNAME, None),
        (names("Lovelace", "Turing", "Hoper"), SQUEEZED, None),  # three examples say too little of one
        (names("LOVELACE", "TURING", "HOPPER", "NOETHER"), f"(str.upper {SURNAME})", None),  # all need it
    ],
)
def test_the_part_that_one_example_needs(task: Task, text: str, near: str | None) -> None:
    found = near_part(task, program(text, task))
    assert (None if found is None else str(found)) == near


def test_a_result_names_the_example_that_may_be_a_mistake() -> None:
    result = ns.synthesize(TYPED, limits=ns.Limits(max_programs=2_000))
    assert result.near_miss is not None
    near, row = result.near_miss
    assert near("Grace Hopper") == "Hopper"
    assert "Hoper" in str(row)
