"""The transformer held to its equations."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from neurosynth.errors import InputError
from neurosynth.guides.model_config import Transformer
from neurosynth.guides.transformer import DecoderLayer, MultiHeadAttention, TransformerModel, sinusoids
from tests.guides.neural_cases import PAIRS, masked_softmax, sequence_guide

CONFIG = Transformer(width=12, heads=3, layers=2)
N, T, L, D, H = 2, 4, 5, 12, 3


def heads_by_hand(attention: MultiHeadAttention, x: Tensor, memory: Tensor, hidden: Tensor) -> Tensor:
    """Each head apart: softmax(Q Kᵀ / √d) V, then the output projection; ``hidden`` (N, T, L)."""
    q, k, v = attention.query(x), attention.key(memory), attention.value(memory)
    d = D // H
    found = []
    for h in range(H):
        part = slice(h * d, (h + 1) * d)
        scores = torch.einsum("ntd,nld->ntl", q[..., part], k[..., part]) / math.sqrt(d)
        found.append(torch.einsum("ntl,nld->ntd", masked_softmax(scores, hidden), v[..., part]))
    return torch.cat(found, dim=-1) @ attention.out.weight.T + attention.out.bias


@pytest.fixture(name="attention")
def _attention() -> MultiHeadAttention:
    torch.manual_seed(0)
    return MultiHeadAttention(CONFIG).requires_grad_(False)


def test_attention_is_the_textbook_one(attention: MultiHeadAttention) -> None:
    x, memory = torch.randn(N, T, D), torch.randn(N, L, D)
    found = attention(attention.split(attention.query(x)), *attention.remember(memory))
    torch.testing.assert_close(found, heads_by_hand(attention, x, memory, torch.zeros(N, T, L, dtype=torch.bool)))


def test_a_masked_key_is_as_good_as_absent(attention: MultiHeadAttention) -> None:
    x, memory = torch.randn(N, T, D), torch.randn(N, L, D)
    mask = torch.tensor([[True, True, True, False, False], [True, True, True, True, True]])
    q = attention.split(attention.query(x))
    found = attention(q, *attention.remember(memory), mask[:, None, None, :])
    torch.testing.assert_close(found, heads_by_hand(attention, x, memory, ~mask[:, None, :].expand(N, T, L)))
    short = attention(q[:1], *attention.remember(memory[:1, :3]))
    torch.testing.assert_close(found[:1], short)


def test_the_causal_mask_hides_what_comes_later(attention: MultiHeadAttention) -> None:
    x = torch.randn(N, T, D)
    found = attention(attention.split(attention.query(x)), *attention.remember(x), causal=True)
    later = torch.ones(T, T).triu(1).bool().expand(N, T, T)
    torch.testing.assert_close(found, heads_by_hand(attention, x, x, later))


def test_the_weights_to_look_at_are_the_softmax(attention: MultiHeadAttention) -> None:
    x, memory = torch.randn(1, T, D), torch.randn(1, L, D)
    mask = torch.tensor([True, True, True, True, False])
    q, (k, _) = attention.split(attention.query(x)), attention.remember(memory)
    weights = attention.weights(q, k, mask[None, None, None, :])
    by_hand = masked_softmax(q @ k.transpose(-1, -2) / math.sqrt(D // H), ~mask.expand(1, H, T, L)).mean(1)
    torch.testing.assert_close(weights, by_hand)
    torch.testing.assert_close(weights.sum(-1), torch.ones(1, T))


def test_a_decoder_layer_adds_three_parts_after_their_norms() -> None:
    torch.manual_seed(0)
    layer = DecoderLayer(CONFIG).eval().requires_grad_(False)
    x, memory = torch.randn(N, T, D), torch.randn(N, L, D)
    found = layer(x, *layer.cross.remember(memory), torch.ones(N, 1, 1, L, dtype=torch.bool))
    later = torch.ones(T, T).triu(1).bool().expand(N, T, T)
    h = layer.norm(x)
    y = x + heads_by_hand(layer.past, h, h, later)
    y = y + heads_by_hand(layer.cross, layer.cross_norm(y), memory, torch.zeros(N, T, L, dtype=torch.bool))
    norm, into, _, out, _ = layer.mlp
    assert isinstance(into, torch.nn.Linear)
    assert isinstance(out, torch.nn.Linear)
    y = y + torch.nn.functional.gelu(norm(y) @ into.weight.T + into.bias) @ out.weight.T + out.bias
    torch.testing.assert_close(found, y)


def test_sinusoids_are_those_of_the_paper() -> None:
    table = sinusoids(50, 6)
    for p, i in ((0, 0), (3, 1), (49, 2)):
        angle = p / 10_000 ** (2 * i / 6)
        assert table[p, 2 * i] == pytest.approx(math.sin(angle), abs=1e-5)
        assert table[p, 2 * i + 1] == pytest.approx(math.cos(angle), abs=1e-5)


@pytest.mark.parametrize("positions", ["sinusoidal", "learned"])
def test_the_order_of_symbols_matters(positions: str) -> None:
    guide = sequence_guide("transformer", positions=positions, heads=2, dropout=0.0)
    batch = guide.collate(PAIRS[3:4])
    turned = dataclasses.replace(batch, symbols=batch.symbols.clone())
    turned.symbols[0, 0, 3:5] = batch.symbols[0, 0, 3:5].flip(0)
    model = guide.module
    assert isinstance(model, TransformerModel)
    assert not torch.allclose(model.logits(batch), model.logits(turned), atol=1e-4)


def test_a_program_longer_than_the_positions_is_refused() -> None:
    guide = sequence_guide("transformer", max_length=16, max_tokens=16, heads=2)
    state = guide.start(PAIRS[0][0])
    for _ in range(16):
        state = state.advance(np.array([0]), np.array([7]))
    with pytest.raises(InputError, match="the transformer has 17 positions and the program is longer"):
        state.advance(np.array([0]), np.array([7]))


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"heads": 5}, "Transformer: heads is 5; allowed: a divisor of width, 128"),
        ({"heads": 0}, "Transformer: heads is 0; allowed: a divisor of width, 128"),
        ({"positions": "rotary"}, "Transformer: positions is 'rotary'; allowed: sinusoidal, learned"),
    ],
)
def test_settings_are_checked(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError) as caught:
        Transformer(**settings)
    assert str(caught.value) == message
