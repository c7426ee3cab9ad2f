"""What is right by chance: how many programs are expected to be, and how long one that may be waits."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from neurosynth.engine.space import Space
from neurosynth.language.load import load_language
from neurosynth.language.syntax import parse_program
from neurosynth.search.auto import Auto
from neurosynth.search.base import Limits, SearchRequest, Stop
from neurosynth.search.bottom_up import BottomUp
from neurosynth.search.levels import Levels
from neurosynth.search.luck import LUCKY, expected_hits
from neurosynth.search.proposals import Proposal
from neurosynth.search.run import Run, simplified
from neurosynth.synthesize import synthesize
from neurosynth.tasks.grammar import task_grammar
from neurosynth.tasks.task import Example, Task, example

LISTS = load_language("lists")
ROWS = ([6, 2, 4, 7, 9], [7, 2, 4, 5, 7, 8], [1, 5, 3], [2, 2, 9, 4])


def space_of(examples: Sequence[Example], compiled: bool, cost: int = 4) -> Space:
    space = Space(
        simplified(task_grammar(Task(examples), LISTS)),
        [e.inputs for e in examples],
        [e.output for e in examples],
        compiled=compiled,
        max_length=80,
        tick=lambda n: None,
        hit=lambda production, entries: None,
        grow=lambda count: None,
    )
    levels = Levels(space)
    for level in range(1, cost + 1):
        levels.fill(level)
    return space


def brute(space: Space, tried: int) -> float:
    """The same from the definition."""
    bank = space.banks[space.grammar.start]
    values = [bank.decode(i) for i in range(bank.size)]
    shares = []
    for i, wanted in enumerate(space.goal):
        size = 2 if isinstance(wanted, int) else 1 + 2 * len(wanted)
        shares.append((sum(v[i] == wanted for v in values) + 4.0**-size) / (len(values) + 1))
    return float(math.prod(shares)) * max(tried, bank.size * max(b.size for b in space.banks.values()))


@pytest.mark.parametrize("compiled", [False, True], ids=["objects", "compiled"])
@pytest.mark.parametrize("outputs", [(4, 5, 2, 3), ((9, 6), (8, 7), (5, 3), (9, 4))], ids=["numbers", "lists"])
def test_the_number_expected_is_what_the_known_values_say(outputs: Sequence[Any], compiled: bool) -> None:
    examples = [example(row, output=out) for row, out in zip(ROWS, outputs, strict=True)]
    space = space_of(examples, compiled)
    assert expected_hits(space, 1000) == pytest.approx(brute(space, 1000))
    assert expected_hits(space, 10**12) == pytest.approx(brute(space, 10**12))


def test_more_is_by_chance_with_fewer_examples_and_with_smaller_outputs() -> None:
    numbers = [example(row, output=row[0] % 3) for row in ROWS]
    lists = [example(row, output=sorted(row)) for row in ROWS]
    chances = [expected_hits(space_of(e, True), 10_000) for e in (numbers[:2], numbers[:3], numbers, lists)]
    assert sorted(chances, reverse=True) == chances
    assert chances[0] > 1 > LUCKY > chances[3]


SUMS = Task(
    [
        example([2, 3, -5, -3, -8], output=5),
        example([-5, -2, 7, -3], output=0),
        example([-9, 5, 6, 5, 3, 6, 9], output=25),
    ],
    "the largest of the running sums",
)
"""Three small numbers: sums of two known parts fit by chance, and are found first."""


def test_a_program_joined_by_luck_waits_for_a_simpler_one() -> None:
    at_once = synthesize(SUMS, guide="uniform", search=BottomUp(), limits=Limits(seconds=10))
    waited = synthesize(SUMS, guide="uniform", search=Auto(), limits=Limits(seconds=10))
    assert str(waited.best) in (
        "(maximum (scan (lambda (a b) (+ a b)) x0))",
        "(maximum (scan (lambda (a b) (+ b a)) x0))",
    )
    assert at_once.best.size > waited.best.size


@pytest.mark.parametrize(
    ("chance", "text", "cost", "alternatives", "wait"),
    [
        (True, "(sum (take 3 x0))", 9, 16, 4.0),
        (True, "(sum (take 3 x0))", 3, 16, 0.0),  # enumeration has come as far
        (False, "(sum (take 3 x0))", 9, 16, 0.2),
        (True, "(sum (take 3 x0))", 9, 0, 0.2),  # nothing is compared
        (True, "5", 3, 16, 4.0),  # an input is not read
        (False, "5", 3, 16, 0.3),
    ],
)
def test_what_may_be_luck_waits_for_as_long_as_a_guide_may_have_its_turn(
    chance: bool, text: str, cost: int, alternatives: int, wait: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("neurosynth.search.run.expected_hits", lambda *_: 1.0 if chance else 0.0)
    request = SearchRequest(task=SUMS, grammar=task_grammar(SUMS, LISTS), limits=Limits(seconds=10))
    run = Run(Auto(alternatives=alternatives), request)
    run.space, run.cost = space_of(SUMS.examples, False, cost=1), 4
    try:
        run.hold(Proposal(parse_program(text, LISTS, request=SUMS.type), cost))
    except Stop:
        assert wait == 0.0
    assert run.grace_until - run.started == pytest.approx(wait, abs=0.15)
    assert run.open is (chance and wait == 4.0)


def test_nothing_is_by_chance_with_more_examples_than_a_mask_has_bits() -> None:
    rng = np.random.default_rng(0)
    examples = [example([int(x) for x in rng.integers(0, 9, 4)], output=int(rng.integers(0, 2))) for _ in range(64)]
    assert expected_hits(space_of(examples, True, cost=2), 10**15) == 0.0
