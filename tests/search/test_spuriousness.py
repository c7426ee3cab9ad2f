"""What is right by chance: how many programs are expected to be, and how long one that may be waits."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from neurosynth.cli import main
from neurosynth.engine.backends.base import Backend
from neurosynth.engine.store.value_store import ValueStore
from neurosynth.guides.base import WeightedGrammar
from neurosynth.guides.uniform import Uniform
from neurosynth.language.grammar import Grammar
from neurosynth.language.load import load_language
from neurosynth.language.syntax import parse_program
from neurosynth.ranking.agreement import rank_by_agreement
from neurosynth.search.base import Limits, SearchRequest
from neurosynth.search.candidates import Candidate, Verdict
from neurosynth.search.config import PortfolioConfig
from neurosynth.search.pool import Situation, SolutionPool
from neurosynth.search.portfolio import Auto
from neurosynth.search.spuriousness import Spuriousness, chance, pairs
from neurosynth.synthesize import synthesize
from neurosynth.tasks import write_jsonl
from neurosynth.tasks.checking import failing
from neurosynth.tasks.grammar import task_grammar
from neurosynth.tasks.task import Example, Task, example
from tests.search.stores import backend_filled

LISTS = load_language("lists")
ROWS = ([6, 2, 4, 7, 9], [7, 2, 4, 5, 7, 8], [1, 5, 3], [2, 2, 9, 4])


def backend_for(examples: Sequence[Example], compiled: bool, cost: int = 4) -> Backend:
    return backend_filled(task_grammar(Task(examples), LISTS), examples, cost, compiled=compiled)


def brute(store: ValueStore) -> float:
    """The chance from its definition."""
    bank = store.banks[store.grammar.start]
    values = [bank.decode(i) for i in range(bank.size)]
    shares = []
    for i, wanted in enumerate(store.goal):
        size = 2 if isinstance(wanted, int) else 1 + 2 * len(wanted)
        shares.append((sum(v[i] == wanted for v in values) + 4.0**-size) / (len(values) + 1))
    return float(math.prod(shares))


@pytest.mark.parametrize("compiled", [False, True], ids=["objects", "compiled"])
@pytest.mark.parametrize("outputs", [(4, 5, 2, 3), ((9, 6), (8, 7), (5, 3), (9, 4))], ids=["numbers", "lists"])
def test_chance_is_what_the_known_values_say(outputs: Sequence[Any], compiled: bool) -> None:
    examples = [example(row, output=out) for row, out in zip(ROWS, outputs, strict=True)]
    backend = backend_for(examples, compiled)
    store = backend.store
    assert chance(backend) == pytest.approx(brute(store))
    assert pairs(store) == store.banks[store.grammar.start].size * max(b.size for b in store.banks.values())


def test_more_is_by_chance_with_fewer_examples_and_with_smaller_outputs() -> None:
    numbers = [example(row, output=row[0] % 3) for row in ROWS]
    lists = [example(row, output=sorted(row)) for row in ROWS]
    expected = [10_000 * chance(backend_for(e, True)) for e in (numbers[:2], numbers[:3], numbers, lists)]
    assert sorted(expected, reverse=True) == expected
    assert expected[0] > 1 > PortfolioConfig().spurious > expected[3]


SUMS = Task(
    [
        example([2, 3, -5, -3, -8], output=5),
        example([-5, -2, 7, -3], output=0),
        example([-9, 5, 6, 5, 3, 6, 9], output=25),
    ],
    "the largest of the running sums",
)
"""Three small numbers: sums of two known parts fit by chance."""
JOINED = "(+ (sum (replicate (last x0) 2)) (+ 2 (head (tail x0))))"
"""Where kernels are compiled, the search meets it before the program that is meant."""


def test_a_program_joined_by_luck_waits_for_a_simpler_one() -> None:
    joined = parse_program(JOINED, LISTS)
    assert failing(joined, SUMS.examples) == ()
    best = synthesize(SUMS, guide="uniform", search=Auto()).best
    assert str(best) in (
        "(maximum (scan (lambda (a b) (+ a b)) x0))",
        "(maximum (scan (lambda (a b) (+ b a)) x0))",
    )
    assert joined.size > best.size


@pytest.mark.parametrize(
    ("spuriousness", "text", "cost", "alternatives", "wait"),
    [
        (True, "(sum (take 3 x0))", 9, 16, 0.8),
        (True, "(sum (take 3 x0))", 3, 16, 0.0),  # enumeration has come as far
        (False, "(sum (take 3 x0))", 9, 16, 0.2),
        (True, "(sum (take 3 x0))", 9, 0, 0.2),  # nothing is compared
        (True, "5", 3, 16, 0.8),  # an input is not read
        (False, "5", 3, 16, 0.3),
    ],
)
def test_what_may_be_luck_waits_for_simpler_programs(
    spuriousness: bool, text: str, cost: int, alternatives: int, wait: float
) -> None:
    class Fixed(Spuriousness):
        def expected(self, tried: int, *, joined: bool) -> float:
            return 100.0 if spuriousness else 0.0

    pool = SolutionPool(SUMS.examples, inputs=1, alternatives=alternatives, seconds=10.0)
    pool.failing = lambda program: ()  # type: ignore[method-assign]  # any program will do
    backend = backend_for(SUMS.examples, False, cost=1)
    moment = Situation(cost=4, tried=100_000, left=10.0, spuriousness=Fixed(backend))
    candidate = Candidate(parse_program(text, LISTS, request=SUMS.type), cost, deduced=True)
    decision = pool.judge(candidate, moment)
    assert decision.verdict is Verdict.PENDING
    assert decision.until == pytest.approx(wait)
    assert decision.stop is (wait == 0.0)
    assert pool.open is (spuriousness and wait > 0.3)


def test_the_result_says_when_its_program_may_fit_by_chance(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    noise = Task([example([3, 7], output=3), example([9, 1, 4], output=3), example([2, 8], output=8)], "noise")
    plain = Task([example([3, 7, 7], output=[7, 7, 3]), example([9, 1, 4], output=[4, 1, 9])], "plain")
    for task, expected in ((noise, True), (plain, False)):
        result = synthesize(task, guide="uniform")
        assert result.solved
        assert result.by_chance is expected
        assert result.to_json().get("by_chance", False) is expected
    write_jsonl(tmp_path / "noise.jsonl", [noise])
    with pytest.raises(SystemExit):
        main(["solve", str(tmp_path / "noise.jsonl"), "--guide", "uniform"])
    assert "fit these examples by coincidence" in capsys.readouterr().out


def test_what_a_guide_wrote_is_kept_beside_what_is_right_by_chance() -> None:
    written = "(maximum (scan (lambda (a b) (+ b a)) x0))"

    @dataclass(frozen=True)
    class Writer:
        name: str = "writer"

        def predict(self, task: Task, grammar: Grammar) -> WeightedGrammar:
            """One program, as one that was decoded."""
            assert task.type is not None
            found = Uniform().predict(task, grammar)
            return replace(found, found=(parse_program(written, LISTS, request=task.type),), tried=100)

    few = replace(SUMS, examples=SUMS.examples[:2])
    request = SearchRequest(task=few, grammar=task_grammar(few, LISTS), limits=Limits(), deferred=Writer())
    outcome = Auto().run(request)
    assert [str(p) for p in outcome.guide_proposed] == [written]
    assert len(outcome.programs) > 1  # it was asked once something else fitted
    ranking = rank_by_agreement(few, outcome.programs, guide_proposed=outcome.guide_proposed)
    assert written in map(str, ranking.programs)  # outputs of a few bits do not show that it is meant


def test_nothing_is_by_chance_with_more_examples_than_a_mask_has_bits() -> None:
    rng = np.random.default_rng(0)
    examples = [example([int(x) for x in rng.integers(0, 9, 4)], output=int(rng.integers(0, 2))) for _ in range(64)]
    assert chance(backend_for(examples, True, cost=2)) == 0.0
