"""How many programs a weighted grammar has at each cost: the counts of best-first search are those of the grammar."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from neurosynth.errors import InputError
from neurosynth.guides.base import WeightedGrammar
from neurosynth.guides.uniform import uniform
from neurosynth.language.grammar import Grammar
from neurosynth.language.load import load_language
from neurosynth.search.best_first.counts import Counts
from neurosynth.search.best_first.rules import possible, rules_of
from neurosynth.search.explored import count_programs
from neurosynth.tasks.grammar import task_grammar
from neurosynth.tasks.task import Task, example
from neurosynth.testing.tiny import finite_task, grammar_of

LISTS = task_grammar(Task([example([1, 2], output=3)]), load_language("lists"))
STRINGS = task_grammar(Task([example("a b", output="b")]), load_language("strings"))
FINITE = grammar_of(*finite_task())


def counted(weighted: WeightedGrammar, resolution: float, most: int) -> tuple[Grammar, dict[int, int]]:
    """The grammar with the costs of a resolution, and how many programs its start symbol has at each cost up to ``most``."""
    rules = rules_of(weighted, resolution)
    passive = np.ones(len(rules.symbols), np.bool_)
    passive[0] = False  # only the start symbol's programs are asked for
    counts = Counts(rules, passive)
    found: dict[int, int] = {}
    while (work := counts.next(most + 1)) is not None:
        found[work.cost] = work.candidates
        counts.close(work, work.candidates)
    return rules.grammar, found


@pytest.mark.parametrize("grammar", [LISTS, STRINGS, FINITE], ids=["lists", "strings", "finite"])
def test_counts_are_those_of_the_grammar(grammar: Grammar) -> None:
    costed, found = counted(uniform(grammar), 1.0, 14)
    assert found == {c: n for c, n in enumerate(count_programs(costed, 14), 1) if n}


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=20, deadline=None)
def test_uneven_probabilities_too(seed: int) -> None:
    weights = np.random.default_rng(seed).exponential(size=len(LISTS.productions))
    totals = {
        n: sum(w for w, p in zip(weights, LISTS.productions, strict=True) if p.target == n) for n in LISTS.nonterminals
    }
    logprobs = np.log([w / totals[p.target] for w, p in zip(weights, LISTS.productions, strict=True)])
    costed, found = counted(WeightedGrammar(LISTS, logprobs), 1.0, 12)
    assert found == {c: n for c, n in enumerate(count_programs(costed, 12), 1) if n}


def test_a_finite_space_comes_to_an_end() -> None:
    rules = rules_of(uniform(FINITE), 0.5)
    passive = np.ones(len(rules.symbols), np.bool_)
    passive[0] = False
    counts = Counts(rules, passive)
    total = 0
    while (work := counts.next(counts.moment + 4)) is not None or not counts.exhausted:
        if work is not None:
            total += work.candidates
            counts.close(work, work.candidates)
    assert total == sum(count_programs(FINITE, 40))


def test_what_is_dropped_is_no_part_of_anything() -> None:
    rules = rules_of(uniform(LISTS), 1.0)
    counts = Counts(rules, np.zeros(len(rules.symbols), np.bool_))
    first = counts.next(40)
    assert first is not None
    counts.close(first, 0)
    assert counts.counts[first.symbol, first.cost] == 0


def test_impossible_productions_are_left_out_and_all_of_them_are_refused() -> None:
    logprobs = uniform(LISTS).logprobs.copy()
    logprobs[0] = -np.inf
    assert 0 not in possible(WeightedGrammar(LISTS, logprobs))
    with pytest.raises(InputError):
        rules_of(WeightedGrammar(LISTS, np.full(len(logprobs), -np.inf)), 1.0)
