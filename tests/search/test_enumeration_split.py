"""Disjoint parts of one space: together the whole, each program in one, about equally many in each."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from neurosynth.guides.base import WeightedGrammar
from neurosynth.guides.derivations import derivation_logprob
from neurosynth.language.compile import compile_grammar
from neurosynth.language.grammar import Unit
from neurosynth.language.program import Program
from neurosynth.language.types import parse_type
from neurosynth.plugins import load
from neurosynth.search.best_first.enumerator import Enumerator
from neurosynth.search.best_first.split import split
from tests.search.weighted import (
    COARSE,
    FINITE,
    SUMS,
    N,
    X,
    batches,
    derived,
    drawn,
    grammars,
    number,
    programs,
    weighted,
)


def shared(given: WeightedGrammar, parts: Sequence[WeightedGrammar], cost: int, resolution: float) -> None:
    """Assert that the parts' programs are those of the whole, each in one part and as probable there."""
    whole = {p: c for c, p in programs(given, cost, resolution)}
    found: dict[Program, int] = {}
    for part in parts:
        for c, program in programs(part, cost, resolution):
            assert program not in found, program
            found[program] = c
            assert derivation_logprob(part, program) == pytest.approx(derivation_logprob(given, program))
    assert found == whole


@pytest.mark.parametrize("count", [2, 3, 5])
@pytest.mark.parametrize("given", [SUMS, FINITE], ids=["sums", "finite"])
def test_parts_have_nothing_in_common_and_are_the_whole_together(given: WeightedGrammar, count: int) -> None:
    parts = split(given, count)
    assert len(parts) == count
    shared(given, parts, 14, COARSE)


@settings(max_examples=30)
@given(grammars(), st.integers(2, 4))
def test_derivations_of_any_grammar_are_in_one_part(given: WeightedGrammar, count: int) -> None:
    def all_of(one: WeightedGrammar) -> list[tuple[int, str]]:
        enumerator = Enumerator(one, resolution=COARSE)
        rules = [f"{p.head} {p.cost}" for p in enumerator.productions]
        return [(c, " ".join(rules[i] for i in sequence)) for c, sequence in derived(enumerator, 8)]

    units = [i for i, p in enumerate(given.grammar.productions) if isinstance(p.head, Unit)]
    logprobs = given.logprobs.copy()
    logprobs[units] = -math.inf  # folded ones merge derivations, differently in parts
    given = WeightedGrammar(given.grammar, logprobs)
    parts = split(given, count)
    together = [found for part in parts for found in all_of(part)]
    assert sorted(together) == sorted(all_of(given))


def test_parts_are_about_equally_probable() -> None:
    grammar = compile_grammar(load("languages", "lists"), parse_type("list int -> int"))
    given = drawn(grammar, 3)
    parts = split(given, 4)
    counts = []
    for part in parts:
        assert part.grammar.unreachable == frozenset()
        enumerator = Enumerator(part, resolution=0.05)
        found = itertools.takewhile(lambda batch: batch.costs[0] <= 320, batches(enumerator, 1 << 14))
        counts.append(sum(int((batch.costs <= 320).sum()) for batch in found))
    assert min(counts) > 0.5 * max(counts) > 1000


def test_fewer_programs_make_fewer_parts_and_one_part_is_the_whole() -> None:
    few = weighted((N, X, (), 0.7), (N, number(1), (), 0.3))
    assert [len(list(Enumerator(part))) for part in split(few, 5)] == [1, 1]
    assert split(SUMS, 1) == [SUMS]


def test_a_part_can_be_split_again() -> None:
    parts = [quarter for half in split(SUMS, 2) for quarter in split(half, 2)]
    assert len(parts) == 4
    shared(SUMS, parts, 12, COARSE)
