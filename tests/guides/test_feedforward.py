"""The feed-forward guide: its layers, its loss, and its probabilities of productions."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from neurosynth.errors import InputError
from neurosynth.guides.base import RuleGuide, SequenceGuide
from neurosynth.guides.encoding import encode_sample
from neurosynth.guides.feedforward import FeedForwardModel, perceptrons
from neurosynth.guides.kinds import build_guide
from neurosynth.guides.model_config import FeedForward
from neurosynth.guides.neural import NeuralRuleGuide
from neurosynth.guides.occurrence import production_logprobs
from neurosynth.guides.task_batch import batch_of
from neurosynth.language.compile import compile_grammar
from neurosynth.language.grammar import Abstraction, Grammar
from neurosynth.language.primitive import Primitive
from neurosynth.language.tokens import Vocabulary
from neurosynth.tasks.task import Task
from neurosynth.values.types import parse_type
from tests.guides.neural_cases import LANGUAGE, PAIRS, SMALL


def rule_guide(seed: int = 0, **settings: object) -> NeuralRuleGuide:
    guide = build_guide("feedforward", LANGUAGE, {**SMALL, **settings}, seed)
    assert isinstance(guide, NeuralRuleGuide)
    return guide


def grammar_of(task: Task) -> Grammar:
    assert task.type is not None
    return compile_grammar(LANGUAGE, task.type, constants=task.constants)


@pytest.mark.parametrize(
    ("activation", "function"),
    [
        ("sigmoid", lambda x: 1 / (1 + (-x).exp())),
        ("tanh", lambda x: (x.exp() - (-x).exp()) / (x.exp() + (-x).exp())),
        ("relu", lambda x: x.clamp(min=0)),
    ],
)
def test_a_layer_is_an_activation_of_a_weighted_sum(activation: str, function: object) -> None:
    assert callable(function)
    torch.manual_seed(0)
    config = FeedForward(width=4, layers=2, activation=activation)
    layers = perceptrons(6, config).eval()
    x = torch.randn(3, 6)
    y = x
    for linear in (layers[0], layers[3]):
        assert isinstance(linear, torch.nn.Linear)
        y = function(y @ linear.weight.T + linear.bias)
    torch.testing.assert_close(layers(x), y)


def test_the_loss_is_binary_cross_entropy_of_what_occurs() -> None:
    guide = rule_guide(dropout=0.0)
    model = guide.module
    assert isinstance(model, FeedForwardModel)
    batch = guide.collate(PAIRS)
    chances = torch.sigmoid(model.logits(batch)).double()
    total = 0.0
    for row, (task, program) in zip(chances, PAIRS, strict=True):
        tokens = set(guide.vocabulary.encode(program, guide.vocabulary.constants(task.constants)))
        for token in range(3, len(guide.vocabulary)):
            p = row[token].item()
            total -= math.log(p if token in tokens else 1 - p)
    assert model(batch).item() == pytest.approx(total / len(PAIRS) / (len(guide.vocabulary) - 3), rel=1e-4)


def test_a_batch_is_its_tasks_one_by_one() -> None:
    guide = rule_guide()
    model = guide.module.eval()
    assert isinstance(model, FeedForwardModel)
    together = model.logits(guide.collate(PAIRS))
    for i, pair in enumerate(PAIRS):
        torch.testing.assert_close(together[i], model.logits(guide.collate([pair]))[0], rtol=1e-4, atol=1e-5)


def test_the_order_of_examples_does_not_matter_and_their_content_does() -> None:
    guide = rule_guide()
    task, _ = PAIRS[1]
    turned = Task(task.examples[::-1], type=task.type)
    np.testing.assert_allclose(guide.occurrence(task), guide.occurrence(turned), atol=1e-6)
    assert not np.allclose(guide.occurrence(task), guide.occurrence(PAIRS[2][0]), rtol=0, atol=1e-4)


def test_inputs_and_outputs_are_not_mixed_up() -> None:
    guide = rule_guide()
    batch = batch_of([encode_sample(PAIRS[0][0], None, guide.vocabulary, guide.config)])
    model = guide.module.eval()
    assert isinstance(model, FeedForwardModel)
    before = model.logits(batch)
    batch.symbols[0, 0, [2, 5]] = batch.symbols[0, 0, [5, 2]]  # x0 int 1 → int 2
    assert not torch.allclose(before, model.logits(batch), atol=1e-5)


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: str(pair[1]))
def test_probabilities_of_each_nonterminal_sum_to_one(pair: tuple[Task, object]) -> None:
    weighted = rule_guide().predict(pair[0], grammar_of(pair[0]))
    assert weighted.logprobs.dtype == np.float64
    sums: dict[object, float] = {}
    for production, logprob in zip(weighted.grammar.productions, weighted.logprobs, strict=True):
        sums[production.target] = sums.get(production.target, 0.0) + math.exp(logprob)
    assert all(total == pytest.approx(1, abs=1e-12) for total in sums.values())


@given(st.integers(0, 2**32 - 1))
def test_productions_share_by_odds_and_leaves_evenly(seed: int) -> None:
    vocabulary = Vocabulary(LANGUAGE)
    logits = np.random.default_rng(seed).normal(scale=4, size=len(vocabulary))
    grammar = compile_grammar(LANGUAGE, parse_type("list int -> int"))
    logprobs = dict(zip(grammar.productions, production_logprobs(logits, vocabulary, grammar), strict=True))
    for own in grammar.by_target.values():
        heads = {p: p.head for p in own if isinstance(p.head, (Primitive, Abstraction))}
        odds = {p: math.exp(min(max(logits[_token(vocabulary, h)], -7), 7)) for p, h in heads.items()}
        for p in own:
            share = len(odds) / len(own) * odds[p] / sum(odds.values()) if p in odds else 1 / len(own)
            assert logprobs[p] == pytest.approx(math.log(share), abs=1e-9)


def _token(vocabulary: Vocabulary, head: Primitive | Abstraction) -> int:
    if isinstance(head, Primitive):
        return vocabulary.primitive_token(head.name)
    return vocabulary.lambda_token(len(head.parameters))


def test_it_learns_which_primitives_occur() -> None:
    guide = rule_guide(width=32, dropout=0.0, layers=2)
    batch = guide.collate(PAIRS)
    optimizer = torch.optim.Adam(guide.module.parameters(), lr=5e-3)
    guide.module.train()
    for _ in range(120):
        optimizer.zero_grad()
        guide.module(batch).backward()
        optimizer.step()
    for task, program in PAIRS:
        tokens = set(guide.vocabulary.encode(program, guide.vocabulary.constants(task.constants)))
        likely = {i for i, p in enumerate(guide.occurrence(task)) if p > 0.5 and i >= 3}
        assert likely == tokens


def test_it_is_a_rule_guide() -> None:
    assert isinstance(rule_guide(), RuleGuide)
    assert not isinstance(rule_guide(), SequenceGuide)
    assert rule_guide().name == "feedforward"


def test_settings_are_checked() -> None:
    with pytest.raises(InputError) as caught:
        FeedForward(activation="gelu")
    assert str(caught.value) == "FeedForward: activation is 'gelu'; allowed: sigmoid, tanh, relu"
