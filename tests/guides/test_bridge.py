"""The bridge: decoded programs make their productions likelier, and every program stays in the space."""

from __future__ import annotations

import numpy as np
import pytest

from neurosynth.errors import InputError
from neurosynth.guides.bridge import Bridge
from neurosynth.guides.contexts import refine
from neurosynth.guides.decoding import beam
from neurosynth.guides.derivations import Derivations, derivation_logprob
from neurosynth.guides.ngram import NGram
from neurosynth.guides.uniform import uniform
from neurosynth.guides.uniform_tokens import UniformTokens
from neurosynth.language.program import Program
from neurosynth.language.tokens import Vocabulary
from neurosynth.tasks.task import Task, example
from neurosynth.testing import check_guide
from tests.guides.counting import TASK, grammar_of, numbers, parsed, programs_within

LANGUAGE = numbers()
GRAMMAR = grammar_of(LANGUAGE)
PLUS = NGram(n=2).fit(parsed(LANGUAGE, *["(+ x0 1)"] * 20, "(neg x0)"), LANGUAGE)


def text(p: Program) -> str:
    return str(p)


@pytest.mark.parametrize("contextual", [False, True])
def test_it_is_a_rule_guide(contextual: bool) -> None:
    check_guide(Bridge(PLUS, width=8, contextual=contextual), language=LANGUAGE)


def test_productions_of_likely_programs_become_likelier_than_under_the_prior() -> None:
    weighted = Bridge(PLUS, width=4).predict(TASK, GRAMMAR)
    gained = {
        str(p).split(" → ")[1]
        for p, now, before in zip(GRAMMAR.productions, weighted.logprobs, uniform(GRAMMAR).logprobs, strict=True)
        if now > before
    }
    assert {"(+ int int)", "x0", "1"} <= gained
    assert "(neg int)" not in gained


def test_decoded_programs_that_are_right_come_with_the_weights() -> None:
    weighted = Bridge(PLUS, width=20).predict(TASK, GRAMMAR)
    assert "(+ x0 1)" in map(text, weighted.found)
    assert weighted.tried == len(beam(PLUS, TASK, GRAMMAR, width=20))
    wrong = Task([example(3, output=100), example(5, output=7)])
    assert Bridge(PLUS, width=20).predict(wrong, GRAMMAR).found == ()


@pytest.mark.parametrize("contextual", [False, True])
def test_every_program_stays_in_the_space(contextual: bool) -> None:
    weighted = Bridge(PLUS, width=2, contextual=contextual).predict(TASK, GRAMMAR)
    scores = [derivation_logprob(weighted, p) for p in programs_within(GRAMMAR, 4)]
    assert all(s is not None and np.isfinite(s) for s in scores)


def test_more_smoothing_lies_nearer_to_the_prior() -> None:
    def distance(smoothing: float) -> float:
        weighted = Bridge(PLUS, width=4, smoothing=smoothing).predict(TASK, GRAMMAR)
        return float(np.abs(np.exp(weighted.logprobs) - np.exp(uniform(GRAMMAR).logprobs)).sum())

    near, middle, far = distance(1000.0), distance(1.0), distance(0.01)
    assert near < middle < far
    assert near < 0.05


def test_a_context_tells_arguments_apart() -> None:
    weighted = Bridge(PLUS, width=1, contextual=True, smoothing=0.1).predict(TASK, GRAMMAR)
    expected = refine(GRAMMAR).grammar
    assert [str(p) for p in weighted.grammar.productions] == [str(p) for p in expected.productions]
    ordered, swapped = (derivation_logprob(weighted, p) for p in parsed(LANGUAGE, "(+ x0 1)", "(+ 1 x0)"))
    assert ordered is not None
    assert swapped is not None
    assert ordered > swapped + 1


def test_the_likeliest_derivation_names_its_productions() -> None:
    (program,) = parsed(LANGUAGE, "(+ x0 (neg x0))")
    found = Derivations(uniform(GRAMMAR)).best(program)
    assert found is not None
    assert [str(GRAMMAR.productions[i]).split(" → ")[1] for i in found.productions] == [
        "(+ int int)", "x0", "(neg int)", "x0",
    ]  # fmt: skip
    assert found.logprob == pytest.approx(derivation_logprob(uniform(GRAMMAR), program))


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"width": 0}, "width is 0; allowed: 1 or more programs"),
        ({"smoothing": 0.0}, "smoothing is 0.0; allowed: a positive number"),
        ({"strength": float("inf")}, "strength is inf; allowed: a positive number"),
    ],
)
def test_a_wrong_setting_is_named(settings: dict[str, float], message: str) -> None:
    with pytest.raises(InputError, match=message):
        Bridge(UniformTokens(Vocabulary(LANGUAGE)), **settings)  # type: ignore[arg-type]
