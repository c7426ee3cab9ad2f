"""Ranking by a guide: what is more probable comes first."""

from __future__ import annotations

import math

import pytest

from neurosynth.errors import InputError
from neurosynth.guides.base import RuleGuide, SequenceGuide
from neurosynth.guides.ngram import NGram
from neurosynth.guides.pcfg import PCFG, BigramPCFG
from neurosynth.guides.uniform import Uniform
from neurosynth.guides.uniform_tokens import UniformTokens
from neurosynth.language.tokens import Vocabulary
from neurosynth.plugins import load
from neurosynth.ranking.base import Ranker
from neurosynth.ranking.by_guide import ByGuide, logprob, logprobs
from neurosynth.synthesize import synthesize
from tests.guides.counting import TASK, grammar_of, numbers, parsed, programs_within

LANGUAGE = numbers()
GRAMMAR = grammar_of(LANGUAGE)
CORPUS = parsed(LANGUAGE, "(+ x0 1)", "(+ x0 1)", "(+ x0 0)", "(neg x0)")
FITTED: list[RuleGuide | SequenceGuide] = [
    NGram(n=3).fit(CORPUS, LANGUAGE),
    NGram(n=2, smoothing="add-k").fit(CORPUS, LANGUAGE),
    BigramPCFG().fit(CORPUS, LANGUAGE),
]


@pytest.mark.parametrize("guide", FITTED, ids=lambda g: g.name)
def test_what_the_corpus_has_more_of_comes_first(guide: RuleGuide | SequenceGuide) -> None:
    programs = parsed(LANGUAGE, "(+ 1 x0)", "(+ x0 0)", "(+ x0 1)")
    ranked = ByGuide(guide).rank(TASK, programs)
    assert [str(p) for p, _ in ranked] == ["(+ x0 1)", "(+ x0 0)", "(+ 1 x0)"]
    assert [score for _, score in ranked] == [logprob(p, TASK, guide, GRAMMAR) for p, _ in ranked]
    assert isinstance(ByGuide(guide), Ranker)


@pytest.mark.parametrize("guide", [*FITTED, PCFG().fit(CORPUS, LANGUAGE)], ids=lambda g: g.name)
def test_probabilities_of_all_small_programs_sum_to_at_most_one(guide: RuleGuide | SequenceGuide) -> None:
    programs = sorted(programs_within(GRAMMAR, 4))
    scores = logprobs(programs, TASK, guide, GRAMMAR, max_tokens=4)
    total = sum(math.exp(s) for s in scores if s is not None)
    assert None not in scores
    if isinstance(guide, SequenceGuide):
        assert total == pytest.approx(1, abs=1e-5)
    else:
        assert total < 1


def test_the_uniform_rule_guide_agrees_with_what_results_show() -> None:
    best = synthesize(TASK, LANGUAGE, guide="uniform").best
    assert logprob(best.program, TASK, Uniform(), GRAMMAR) == pytest.approx(best.logprob)


def test_equal_scores_are_in_the_order_of_programs_and_none_is_left_out() -> None:
    programs = parsed(LANGUAGE, "(+ 5 5)", "1", "(+ 5 6)", "0", "x0")
    ranked = ByGuide(UniformTokens(Vocabulary(LANGUAGE))).rank(TASK, programs)
    assert [str(p) for p, _ in ranked] == ["0", "1", "x0", "(+ 5 5)", "(+ 5 6)"]
    assert [score for _, score in ranked[3:]] == [-math.inf, -math.inf]
    assert ByGuide(Uniform(), LANGUAGE).rank(TASK, []) == []


def test_the_language_must_be_known() -> None:
    with pytest.raises(InputError, match="guide 'uniform' does not say whose programs it ranks; give language="):
        ByGuide(Uniform()).rank(TASK, [])


def test_its_guides_are_plugins() -> None:
    assert load("guides", "ngram").settings is NGram
    assert load("guides", "uniform") is Uniform
