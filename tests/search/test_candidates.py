"""How long a proposal waits: what memorises waits longest, what enumeration has come up to not at all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from neurosynth.language.load import load_language
from neurosynth.language.syntax import parse_program
from neurosynth.search.candidates import Candidate, content, memorises
from neurosynth.search.pool import Situation, SolutionPool
from neurosynth.tasks.task import Example, Task, example

LISTS = load_language("lists")
SUMS = Task([example([1, 2, 3], output=6), example([4], output=4), example([9, 9], output=18)])
DOUBLES = Task([example([1, 2, 3], output=[2, 4, 6]), example([4], output=[8])])
TREE = "(if (even (head x0)) 4 (if (> (head x0) 5) 18 6))"


def candidate(text: str, task: Task, cost: int = 5, leaves: int = 1) -> Candidate:
    return Candidate(parse_program(text, LISTS, request=task.type), cost, leaves=leaves)


@pytest.mark.parametrize(
    ("value", "nodes"),
    [(7, 2), (True, 1), ("", 1), ("abc", 4), ((), 1), ((1, 2), 5), (((1,), ()), 5)],
)
def test_content_counts_items_and_characters(value: Any, nodes: int) -> None:
    assert content(value) == nodes


@pytest.mark.parametrize(
    ("text", "task", "leaves", "expected"),
    [
        ("(sum x0)", SUMS, 1, False),
        (TREE, SUMS, 3, True),
        ("(append (singleton 2) (append (singleton 4) (append (singleton 6) (drop 3 (reverse (tail x0))))))", DOUBLES, 1, True),
        ("(map (lambda (a) (+ a a)) x0)", DOUBLES, 1, False),
    ],
)  # fmt: skip
def test_a_program_memorises_when_it_says_no_less_than_the_outputs(
    text: str, task: Task, leaves: int, expected: bool
) -> None:
    assert memorises(candidate(text, task, leaves=leaves), task.examples) is expected


def wait(text: str, examples: Sequence[Example] = SUMS.examples, cost: int = 5, leaves: int = 1) -> float:
    return SolutionPool(examples).grace(candidate(text, SUMS, cost, leaves), Situation(cost=4, searched=1.0, left=9.0))


def test_the_more_is_to_be_gained_the_longer_it_waits() -> None:
    found = wait("(sum x0)", cost=5)
    short = wait("(sum x0)", cost=12)
    tree = wait("(sum x0)", cost=12, leaves=2, examples=[*SUMS.examples, *SUMS.examples])
    rote = wait(TREE, leaves=3)
    assert found == 0.0 < short < tree < rote < 9.0
