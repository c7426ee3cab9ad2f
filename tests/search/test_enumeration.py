"""Best-first enumeration: every program once, the likeliest first, whatever the grammar; and the same in disjoint parts."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.enumeration_rivals import RIVALS, RivalRules
from neurosynth.errors import InputError
from neurosynth.guides.base import WeightedGrammar
from neurosynth.guides.contexts import refine
from neurosynth.guides.derivations import derivation_logprob
from neurosynth.guides.uniform import uniform
from neurosynth.language.compile import compile_grammar
from neurosynth.language.grammar import Grammar, Production, Unit
from neurosynth.language.program import Program
from neurosynth.language.types import parse_type
from neurosynth.plugins import load
from neurosynth.search.best_first.enumerator import RESOLUTION, Enumerator
from neurosynth.search.best_first.split import split
from tests.search.weighted import (
    COARSE,
    FINITE,
    LAMBDAS,
    ONE,
    SUMS,
    TWO,
    K,
    M,
    N,
    X,
    brute_force,
    derived,
    drawn,
    grammars,
    number,
    programs,
    weighted,
)

# --- every program once, in order ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "cost"), [(SUMS, 15), (FINITE, 30), (LAMBDAS, 15)], ids=["sums", "finite", "lambdas"]
)
def test_programs_are_those_of_brute_force_in_order_of_cost(given: WeightedGrammar, cost: int) -> None:
    found = programs(given, cost, COARSE)
    assert [c for c, _ in found] == sorted(c for c, _ in found)
    assert len(found) == len({p for _, p in found})
    assert {p: c for c, p in found} == brute_force(given, cost, COARSE)
    assert len(found) > 15


@settings(max_examples=60)
@given(grammars())
def test_programs_of_any_grammar_are_those_of_brute_force(given: WeightedGrammar) -> None:
    cost = 9
    found = programs(given, cost, COARSE)
    assert [c for c, _ in found] == sorted(c for c, _ in found)
    assert len(found) == len({p for _, p in found})
    assert {p: c for c, p in found} == brute_force(given, cost, COARSE)


@settings(max_examples=30)
@given(grammars(), st.sampled_from([1e-3, 1e-2, 0.1]))
def test_more_probable_programs_come_first_up_to_rounding(given: WeightedGrammar, resolution: float) -> None:
    highest = math.inf
    for program in itertools.islice(Enumerator(given, resolution=resolution), 60):
        logprob = derivation_logprob(given, program)
        assert logprob is not None
        assert logprob > -math.inf
        # a program of n nodes has at most 2n productions: each may be off by half a unit, or by one below it
        slack = 2 * program.size * resolution
        assert logprob <= highest + slack
        highest = min(highest, logprob + slack)


@pytest.mark.parametrize("rival", sorted(RIVALS))
@pytest.mark.parametrize("given", [SUMS, LAMBDAS], ids=["sums", "lambdas"])
def test_other_algorithms_give_the_same_probabilities_in_the_same_order(given: WeightedGrammar, rival: str) -> None:
    found = np.fromiter(itertools.islice(RIVALS[rival](RivalRules.read(given)).costs_in_order(), 3000), np.float64)
    expected = Enumerator(given).next_batch(3000).costs * RESOLUTION
    assert np.abs(found - expected).max() < 0.02


def test_a_finite_space_ends_and_its_probabilities_sum_to_one() -> None:
    enumerator = Enumerator(FINITE)
    found = derived(enumerator, 1 << 40)
    assert len(found) == enumerator.given == 4 * 4 + 1
    assert not len(enumerator.next_batch())
    assert sum(math.exp(enumerator.logprob(c)) for c, _ in found) == pytest.approx(1.0, rel=2e-3)


def test_an_infinite_space_goes_on_and_most_of_its_probability_comes_soon() -> None:
    enumerator = Enumerator(SUMS)
    total = 0.0
    for _ in range(16):
        total += float(np.exp(enumerator.logprob(1) * enumerator.next_batch(1 << 16).costs).sum())
    assert 0.95 < total < 1.005
    assert enumerator.given == 1 << 20


@pytest.mark.parametrize("given", [SUMS, LAMBDAS], ids=["sums", "lambdas"])
def test_batches_of_any_size_hold_the_same(given: WeightedGrammar) -> None:
    whole = Enumerator(given).next_batch(600)
    pieces = Enumerator(given)
    parts = [pieces.next_batch(size) for size in (1, 7, 64, 128, 400)]
    assert np.concatenate([p.costs for p in parts]).tolist() == whole.costs.tolist()
    assert np.concatenate([p.productions for p in parts]).tolist() == whole.productions.tolist()
    assert np.concatenate([p.arguments for p in parts]).tolist() == whole.arguments.tolist()


@settings(max_examples=40)
@given(grammars())
def test_sequences_are_the_programs_of_their_batch(given: WeightedGrammar) -> None:
    enumerator = Enumerator(given, resolution=0.01)
    batch = enumerator.next_batch(150)
    ends, sequence = enumerator.sequences(batch)
    assert len(ends) == len(batch) + 1
    seen = set()
    for k in range(len(batch)):
        own = sequence[ends[k] : ends[k + 1]].tolist()
        seen.add(tuple(own))
        productions = [enumerator.productions[i] for i in own]
        assert built(iter(productions)) == enumerator.program(batch, k)
        assert sum(p.cost for p in productions) == batch.costs[k]
    assert len(seen) == len(batch)


def built(productions: Iterator[Production]) -> Program:
    """The program of productions in prefix order."""
    production = next(productions)
    return production.build([built(productions) for _ in production.arguments])


def test_a_program_of_many_nodes_is_written_in_full() -> None:
    deep = weighted((N, X, (), 1e-4), (N, ONE, (N,), 1.0), (M, X, (), 1.0))
    enumerator = Enumerator(deep)
    batch = enumerator.next_batch(2000)
    ends, _ = enumerator.sequences(batch)
    assert np.diff(ends).tolist() == list(range(1, 2001))


def test_iterating_again_goes_on() -> None:
    enumerator = Enumerator(SUMS)
    whole = list(itertools.islice(Enumerator(SUMS), 300))
    assert [p for n in (1, 99, 200) for p in itertools.islice(enumerator, n)] == whole


def test_equal_probabilities_come_in_the_order_of_productions() -> None:
    even = uniform(SUMS.grammar)
    assert [str(p) for p in itertools.islice(Enumerator(even), 6)] == [
        "x0", "1", "(two x0 x0)", "(two x0 1)", "(two 1 x0)", "(two 1 1)",
    ]  # fmt: skip
    first, again = (Enumerator(even).next_batch(5000) for _ in range(2))
    assert first.arguments.tolist() == again.arguments.tolist()
    assert first.productions.tolist() == again.productions.tolist()


def test_impossible_productions_never_occur() -> None:
    given = weighted(
        (N, X, (), 0.5), (N, number(1), (), 0.0), (N, TWO, (N, M), 0.5), (M, X, (), 1.0), (M, number(2), (), 0.0)
    )
    texts = [str(p) for p in itertools.islice(Enumerator(given), 50)]
    assert texts[:3] == ["x0", "(two x0 x0)", "(two (two x0 x0) x0)"]
    assert not any("1" in t or "2" in t for t in texts)


def test_less_likely_than_the_least_is_still_enumerated() -> None:
    given = weighted((N, X, (), 1.0), (N, number(1), (), 1e-200), (N, number(2), (), 1e-300))
    assert [str(p) for p in Enumerator(given)] == ["x0", "1", "2"]


# --- ambiguous grammars -------------------------------------------------------------------------------------------


def test_a_closed_part_of_a_lambda_counts_once_at_its_likeliest_derivation() -> None:
    enumerator = Enumerator(LAMBDAS)
    assert enumerator.ambiguous
    found = list(itertools.islice(enumerator, 400))
    assert len(set(found)) == 400
    assert "(at (lambda (a) (two 1 1)) x0)" in map(str, found)
    assert enumerator.given > 400


def test_grammars_whose_alternatives_differ_in_an_argument_are_not_ambiguous() -> None:
    apart = weighted(
        (N, TWO, (M, N), 0.3), (N, TWO, (K, N), 0.3), (N, X, (), 0.4), (M, X, (), 1.0), (K, number(1), (), 1.0)
    )
    assert not Enumerator(apart).ambiguous
    assert Enumerator(
        weighted((N, TWO, (M, M), 0.5), (N, TWO, (K, K), 0.5), (M, X, (), 1.0), (K, X, (), 1.0))
    ).ambiguous
    assert not Enumerator(
        uniform(compile_grammar(load("languages", "strings"), parse_type("string -> string")))
    ).ambiguous


def test_unit_productions_cost_what_they_cost_and_may_go_in_circles() -> None:
    circle = weighted(
        (N, Unit(), (M,), 0.5), (N, X, (), 0.5), (M, Unit(), (N,), 0.7), (M, number(1), (), 0.2), (M, X, (), 0.1)
    )
    assert [str(p) for p in Enumerator(circle)] == ["x0", "1"]
    costs = Enumerator(circle, resolution=0.01).next_batch().costs
    assert costs.tolist() == [round(-100 * math.log(0.5)), round(-100 * math.log(0.5)) + round(-100 * math.log(0.2))]


def test_productions_that_lead_back_at_no_cost_do_not_stop_it() -> None:
    grammar = Grammar(N, (Production(N, ONE, (N,)), Production(N, X)), (X,))
    given = WeightedGrammar(grammar, np.zeros(2))
    texts = [str(p) for p in itertools.islice(Enumerator(given), 3)]
    assert texts == ["x0", "(one x0)", "(one (one x0))"]


# --- the shipped languages ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize("contexts", [False, True], ids=["plain", "a non-terminal a context"])
def test_programs_with_lambdas_come_in_order(seed: int, contexts: bool) -> None:
    grammar = compile_grammar(load("languages", "lists"), parse_type("list int -> list int"))
    given = drawn(refine(grammar).grammar if contexts else grammar, seed)
    found = list(itertools.islice(Enumerator(given, resolution=0.01), 1000))
    assert len(set(found)) == len(found)
    assert any("lambda" in str(p) for p in found)
    logprobs = [derivation_logprob(given, p) or 0.0 for p in found[::10]]
    assert all(b <= a + 0.1 for a, b in itertools.pairwise(logprobs))


def test_memory_grows_with_the_cost_not_with_the_programs() -> None:
    enumerator = Enumerator(drawn(SUMS.grammar, 0), resolution=0.01)
    enumerator.next_batch(1000)
    begun = enumerator.nbytes
    for _ in range(30):
        enumerator.next_batch(1 << 16)
    assert enumerator.given > 1_900_000
    assert enumerator.nbytes <= 4 * begun < 1_000_000


# --- messages -----------------------------------------------------------------------------------------------------

NOTHING = weighted((N, X, (), 0.0), (N, TWO, (N, N), 1.0))

MESSAGES: list[tuple[Callable[[], object], str]] = [
    (lambda: Enumerator(SUMS, resolution=0), "resolution is 0; allowed: a positive number of nats"),
    (
        lambda: Enumerator(WeightedGrammar(SUMS.grammar, np.zeros(2))),
        r"shape \(2,\); allowed: \(3,\), one a production",
    ),
    (
        lambda: Enumerator(WeightedGrammar(SUMS.grammar, np.array([0.5, 0, 0]))),
        r"the log-probability of N → x0 is 0.5; allowed: 0 or less, in nats",
    ),
    (lambda: Enumerator(WeightedGrammar(SUMS.grammar, np.full(3, np.nan))), "the log-probability of N → x0 is nan"),
    (
        lambda: Enumerator(NOTHING),
        "the probabilities leave no program of 'N': every one needs .* smooth the guide's counts",
    ),
    (lambda: split(NOTHING, 2), "the probabilities leave no program of 'N'"),
    (lambda: split(SUMS, 0), "parts is 0; allowed: a positive number"),
    (lambda: Enumerator(SUMS).next_batch(0), "size is 0; allowed: a positive number"),
]


@pytest.mark.parametrize(("call", "message"), MESSAGES)
def test_messages(call: Callable[[], object], message: str) -> None:
    with pytest.raises(InputError, match=message):
        call()
