"""What holds for every neural guide: batching, decoding, learning, and what can be looked at."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
import torch
from torch import Tensor

from neurosynth.errors import InputError, UnknownNameError
from neurosynth.guides.base import RuleGuide, SequenceGuide
from neurosynth.guides.kinds import build_guide
from neurosynth.guides.model_config import Recurrent, Transformer
from neurosynth.guides.neural import NeuralGuide, collate, gradient_norms
from neurosynth.guides.recurrent import RecurrentModel
from neurosynth.guides.task_batch import TaskBatch
from neurosynth.guides.transformer import TransformerModel
from neurosynth.language.tokens import END, START
from neurosynth.tasks.task import Task
from tests.guides.neural_cases import LANGUAGE, PAIRS, SMALL, sequence_guide

KINDS = ("feedforward", "rnn", "lstm", "gru", "transformer")
SEQUENCES = KINDS[1:]
each_sequence = pytest.mark.parametrize("kind", SEQUENCES)
each_kind = pytest.mark.parametrize("kind", KINDS)


def logits(guide: NeuralGuide, batch: TaskBatch) -> Tensor:
    """(B, T, V), without dropout."""
    model = guide.module.eval()
    assert isinstance(model, (RecurrentModel, TransformerModel))
    with torch.no_grad():
        return model.logits(batch)


def close(a: Tensor, b: Tensor) -> None:
    torch.testing.assert_close(a, b, rtol=1e-4, atol=1e-5)


# Batches


@each_sequence
def test_a_batch_is_its_tasks_one_by_one(kind: str) -> None:
    guide = sequence_guide(kind)
    together = logits(guide, guide.collate(PAIRS))
    for i, pair in enumerate(PAIRS):
        alone = logits(guide, guide.collate([pair]))[0]
        close(together[i, : len(alone)], alone)


@each_kind
def test_what_padding_holds_has_no_influence(kind: str) -> None:
    guide = build_guide(kind, LANGUAGE, {**SMALL, "dropout": 0.0}, 0)
    batch = guide.collate(PAIRS)
    with torch.no_grad():
        before = guide.module(batch)
        embedding = guide.module.get_parameter("symbols.weight")
        embedding[0] = 100.0  # the vector of padding symbols
        assert torch.isfinite(before)
        close(guide.module(batch), before)


@each_sequence
def test_later_tokens_have_no_influence(kind: str) -> None:
    guide = sequence_guide(kind)
    batch = guide.collate(PAIRS)
    before = logits(guide, batch)
    for t in reversed(range(1, batch.read.shape[1])):
        batch.programs[:, t:-1] = END + 1 + t  # any others
        after = logits(guide, batch)
        close(after[:, :t], before[:, :t])
        assert not torch.allclose(after[:, t], before[:, t], atol=1e-3)


@each_sequence
def test_the_order_of_examples_does_not_matter(kind: str) -> None:
    guide = sequence_guide(kind)
    task, program = PAIRS[1]
    turned = Task(task.examples[::-1], type=task.type, constants=task.constants)
    close(logits(guide, guide.collate([(task, program)])), logits(guide, guide.collate([(turned, program)])))


@each_sequence
def test_every_example_has_a_say(kind: str) -> None:
    guide = sequence_guide(kind)
    task, program = PAIRS[1]
    fewer = Task(task.examples[:1], type=task.type)
    before = logits(guide, guide.collate([(task, program)]))
    assert not torch.allclose(before, logits(guide, guide.collate([(fewer, program)])), atol=1e-4)


@each_sequence
def test_the_loss_is_the_mean_over_tokens(kind: str) -> None:
    guide = sequence_guide(kind, dropout=0.0)
    batch = guide.collate(PAIRS)
    scores = logits(guide, batch).double().log_softmax(-1)
    total = 0.0
    for row, (task, program) in zip(scores, PAIRS, strict=True):
        ids = [*guide.vocabulary.encode(program, guide.vocabulary.constants(task.constants)), END]
        total -= sum(row[t, token].item() for t, token in enumerate(ids))
    assert guide.module(batch).item() == pytest.approx(total / batch.tokens, rel=1e-5)


def test_a_batch_of_nothing_is_refused() -> None:
    guide = sequence_guide("gru")
    with pytest.raises(InputError, match="a batch without tasks"):
        collate([], guide.vocabulary, guide.config)


# Decoding


@each_sequence
def test_decoding_with_a_cache_is_the_whole_forward(kind: str) -> None:
    guide = sequence_guide(kind)
    for task, program in PAIRS:
        scores = logits(guide, guide.collate([(task, program)]))[0].log_softmax(-1).numpy()
        state = guide.start(task)
        for t, token in enumerate(guide.vocabulary.encode(program, guide.vocabulary.constants(task.constants))):
            np.testing.assert_allclose(state.log_probs()[0], scores[t], atol=1e-4)
            state = state.advance(np.array([0]), np.array([token]))
        np.testing.assert_allclose(state.log_probs()[0], scores[-1], atol=1e-4)


@each_sequence
def test_prefixes_go_on_from_their_parents(kind: str) -> None:
    guide = sequence_guide(kind)
    task = PAIRS[4][0]
    generator = np.random.default_rng(0)
    state = guide.start(task)
    prefixes: list[list[int]] = [[]]
    for width in (3, 5, 2, 4):
        parents, tokens = generator.integers(len(prefixes), size=width), generator.integers(3, 20, size=width)
        state = state.advance(parents, tokens)
        prefixes = [[*prefixes[p], int(t)] for p, t in zip(parents, tokens, strict=True)]
    found = state.log_probs()
    assert found.shape == (4, len(guide.vocabulary))
    assert found.dtype == np.float32
    for row, prefix in zip(found, prefixes, strict=True):
        alone = guide.start(task)
        for token in prefix:
            alone = alone.advance(np.array([0]), np.array([token]))
        np.testing.assert_allclose(row, alone.log_probs()[0], atol=1e-4)


@each_sequence
def test_probabilities_sum_to_one(kind: str) -> None:
    state = sequence_guide(kind).start(PAIRS[0][0])
    assert state.log_probs().shape[0] == 1
    for found in (state, state.advance(np.zeros(7, dtype=np.int64), np.arange(3, 10))):
        np.testing.assert_allclose(np.exp(found.log_probs().astype(np.float64)).sum(axis=1), 1.0, atol=1e-5)


@each_sequence
def test_a_state_stays_what_it_was(kind: str) -> None:
    state = sequence_guide(kind).start(PAIRS[0][0])
    before = state.log_probs().copy()
    first = state.advance(np.array([0]), np.array([8])).log_probs()
    assert np.array_equal(state.log_probs(), before)
    assert np.array_equal(state.advance(np.array([0]), np.array([8])).log_probs(), first)


@each_sequence
def test_a_constant_is_pointed_at_by_what_it_is(kind: str) -> None:
    """Tasks that differ in the value of a constant only do not give its slot the same probability."""
    guide = sequence_guide(kind)
    (task, _), (other, _) = PAIRS[5], PAIRS[6]
    slot = guide.vocabulary.tokens.index("c3")
    same_examples = Task(task.examples, type=task.type, constants=other.constants)
    assert guide.start(task).log_probs()[0, slot] != guide.start(same_examples).log_probs()[0, slot]


# Learning


@each_kind
def test_the_gradient_reaches_every_parameter(kind: str) -> None:
    guide = build_guide(kind, LANGUAGE, SMALL, 0)
    guide.module(guide.collate(PAIRS)).backward()
    for name, parameter in guide.module.named_parameters():
        assert parameter.grad is not None, name
        if "key.bias" not in name:  # adds the same to every score of a query: the softmax does not see it
            assert parameter.grad.abs().sum() > 0, name


@each_sequence
def test_it_can_learn_eight_programs_by_heart(kind: str) -> None:
    guide = sequence_guide(kind, width=32, dropout=0.0)
    batch = guide.collate(PAIRS)
    optimizer = torch.optim.Adam(guide.module.parameters(), lr=5e-3)
    guide.module.train()
    for _ in range(300):
        optimizer.zero_grad()
        loss = guide.module(batch)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(guide.module.parameters(), 1.0)
        optimizer.step()
        if loss.item() < 0.02:
            break
    for task, program in PAIRS:
        ids: list[int] = []
        state = guide.start(task)
        while len(ids) < 12 and (token := int(state.log_probs()[0].argmax())) != END:
            ids.append(token)
            state = state.advance(np.array([0]), np.array([token]))
        assert ids == guide.vocabulary.encode(program, guide.vocabulary.constants(task.constants)), str(program)


@each_kind
def test_the_seed_decides_the_weights(kind: str) -> None:
    before = torch.random.get_rng_state()
    one, again, other = (build_guide(kind, LANGUAGE, SMALL, seed).module.state_dict() for seed in (0, 0, 1))
    assert all(torch.equal(one[name], again[name]) for name in one)
    assert any(not torch.equal(one[name], other[name]) for name in one)
    assert torch.equal(before, torch.random.get_rng_state())


@each_kind
def test_a_model_by_default_is_small(kind: str) -> None:
    module = build_guide(kind, LANGUAGE, {}, 0).module
    assert sum(p.numel() for p in module.parameters()) < 2_000_000
    storages = [t.data_ptr() for t in module.state_dict().values()]
    assert len(set(storages)) == len(storages)  # safetensors refuses tensors that share memory


@each_kind
def test_half_precision_stays_finite(kind: str) -> None:
    guide = build_guide(kind, LANGUAGE, {**SMALL, "dropout": 0.0}, 0)
    batch = guide.collate(PAIRS)
    exact = guide.module(batch).item()
    with torch.autocast("cpu", dtype=torch.bfloat16):
        loss = guide.module(batch)
    loss.backward()
    assert loss.item() == pytest.approx(exact, rel=0.05)
    assert all(torch.isfinite(p.grad).all() for p in guide.module.parameters() if p.grad is not None)


@each_sequence
def test_decoding_in_half_precision(kind: str) -> None:
    guide = sequence_guide(kind)
    exact = guide.start(PAIRS[0][0]).advance(np.array([0, 0]), np.array([7, 8])).log_probs()
    guide.module.bfloat16()
    found = guide.start(PAIRS[0][0]).advance(np.array([0, 0]), np.array([7, 8])).log_probs()
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, exact, atol=0.3)


# What can be looked at


@each_sequence
def test_attention_has_a_row_a_token_over_the_symbols(kind: str) -> None:
    guide = sequence_guide(kind)
    for task, program in PAIRS[:3]:
        symbols = guide.symbols(task)
        found = guide.attention(task, program)
        assert found.shape == (len(task.examples), program.size + 1, max(map(len, symbols)))
        np.testing.assert_allclose(found.sum(axis=-1), 1.0, atol=1e-5)
        for looks, row in zip(found, symbols, strict=True):
            assert (looks[:, : len(row)] > 0).all()
            assert not looks[:, len(row) :].any()
    assert guide.symbols(PAIRS[0][0])[0] == ("x0", "int", "1", "→", "int", "2")


@each_sequence
def test_gradient_norms_go_back_from_the_last_token(kind: str) -> None:
    guide = sequence_guide(kind)
    norms = gradient_norms(guide, PAIRS)
    assert norms.shape == (max(program.size for _, program in PAIRS) + 1,)
    assert np.isfinite(norms).all()
    assert (norms > 0).all()
    assert gradient_norms(guide, PAIRS[:1]).shape == (4,)


def test_a_plain_tanh_cell_forgets_faster_than_an_lstm() -> None:
    """Why LSTM: with weights as usually drawn, what is far back hardly counts for a plain cell."""
    rnn, lstm = sequence_guide("rnn", activation="tanh"), sequence_guide("lstm")
    for name, parameter in rnn.module.named_parameters():
        if "weight_hh" in name:
            torch.manual_seed(0)
            torch.nn.init.uniform_(parameter, -0.25, 0.25)
    kept = [norms[5] / norms[1] for norms in (gradient_norms(rnn, PAIRS), gradient_norms(lstm, PAIRS))]
    assert kept[0] < kept[1]


# Making them


@each_kind
def test_settings_make_the_like_of_a_guide(kind: str) -> None:
    guide = build_guide(kind, LANGUAGE, {**SMALL, "layers": 2}, 3)
    like = build_guide(guide.name, LANGUAGE, guide.config, 4)
    assert like.config == guide.config
    assert guide.name == kind
    like.module.load_state_dict(guide.module.state_dict())
    batch = guide.collate(PAIRS)
    assert like.module.eval()(batch).item() == guide.module.eval()(batch).item()
    assert repr(guide).endswith("parameters)")


@each_sequence
def test_it_is_a_sequence_guide(kind: str) -> None:
    guide = sequence_guide(kind)
    assert isinstance(guide, SequenceGuide)
    assert not isinstance(guide, RuleGuide)
    assert guide.vocabulary.tokens[START] == "<start>"


def test_a_config_object_will_do() -> None:
    assert build_guide("gru", LANGUAGE, Recurrent(cell="gru", width=16), 0).name == "gru"
    assert build_guide("transformer", LANGUAGE, Transformer(width=16), 0).config.width == 16


@pytest.mark.parametrize(
    ("kind", "settings", "message"),
    [
        (
            "mamba",
            {},
            r"unknown kind of guide 'mamba'; known: bigram-pcfg, feedforward, gru, lstm, ngram, pcfg, rnn, transformer",
        ),
        ("lstm", {"heads": 2}, r"unknown setting of lstm 'heads'; known: activation, cell, .*, width"),
        ("transformer", {"cell": "gru"}, r"unknown setting of transformer 'cell'; known: .*heads.*"),
    ],
)
def test_unknown_names_list_the_known(kind: str, settings: dict[str, object], message: str) -> None:
    with pytest.raises(UnknownNameError, match=message):
        build_guide(kind, LANGUAGE, settings, 0)


def test_a_cell_other_than_the_kind_is_refused() -> None:
    with pytest.raises(
        InputError, match="a guide of kind lstm cannot have cell 'gru'; leave cell out, or set it to lstm"
    ):
        build_guide("lstm", LANGUAGE, {"cell": "gru"}, 0)


def _in_a_fresh_interpreter(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()


def test_the_package_loads_no_torch() -> None:
    code = "import sys, neurosynth, neurosynth.guides.base, neurosynth.synthesize; print('torch' in sys.modules)"
    assert _in_a_fresh_interpreter(code) == "False"


def test_without_torch_the_message_says_what_to_install() -> None:
    code = (
        "import sys; sys.modules['torch'] = None\n"
        "from neurosynth.errors import InputError\n"
        "try:\n    import neurosynth.guides.neural\n"
        "except InputError as error:\n    print(error)"
    )
    assert "run in a checkout of neurosynth: pip install -c constraints.txt '.[neural]'" in _in_a_fresh_interpreter(
        code
    )
