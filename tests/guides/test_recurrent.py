"""Recurrent cells and their attention held to their equations."""

from __future__ import annotations

import math
from typing import Any

import pytest
import torch
from torch import Tensor

from neurosynth.errors import InputError
from neurosynth.guides.model_config import Recurrent
from neurosynth.guides.recurrent import RecurrentLayers, RecurrentModel, attend, attention_weights
from tests.guides.neural_cases import PAIRS, masked_softmax, sequence_guide

N, T, L, D, IN = 2, 3, 4, 6, 5


def cells(cell: str, **settings: Any) -> RecurrentLayers:
    """One layer with biases that are not nought, so that a forgotten one shows."""
    torch.manual_seed(0)
    made = RecurrentLayers(Recurrent(cell=cell, **settings), IN, D, 1).requires_grad_(False)
    for name, parameter in made.cells.named_parameters():
        if name.startswith("bias"):
            parameter.add_(torch.randn_like(parameter))
    return made


def weights(made: RecurrentLayers) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """W, U, b and c of ``W x + b`` and ``U h + c``."""
    c = made.cells
    return c.weight_ih_l0, c.weight_hh_l0, c.bias_ih_l0, c.bias_hh_l0


@pytest.mark.parametrize("activation", ["relu", "tanh"])
def test_rnn(activation: str) -> None:
    """h' = f(W x + b + U h + c)  (Elman, 1990)."""
    made = cells("rnn", activation=activation)
    x, h = torch.randn(N, IN), torch.randn(N, D)
    w, u, b, c = weights(made)
    expected = x @ w.T + b + h @ u.T + c
    expected = expected.clamp(min=0) if activation == "relu" else torch.tanh(expected)
    y, (after,) = made.run(x[:, None], (h[None],))
    torch.testing.assert_close(y[:, 0], expected)
    torch.testing.assert_close(after[0], expected)


def test_lstm() -> None:
    """Hochreiter & Schmidhuber, 1997, with forget gates (Gers et al., 2000)."""
    made = cells("lstm")
    x, h, cell = torch.randn(N, IN), torch.randn(N, D), torch.randn(N, D)
    w, u, b, c = weights(made)
    i, f, g, o = (x @ w.T + b + h @ u.T + c).chunk(4, dim=-1)
    new_cell = torch.sigmoid(f) * cell + torch.sigmoid(i) * torch.tanh(g)
    expected = torch.sigmoid(o) * torch.tanh(new_cell)
    y, (after, after_cell) = made.run(x[:, None], (h[None], cell[None]))
    torch.testing.assert_close(y[:, 0], expected)
    torch.testing.assert_close(after[0], expected)
    torch.testing.assert_close(after_cell[0], new_cell)


def test_gru() -> None:
    """Cho et al., 2014, with the reset gate after the recurrent product."""
    made = cells("gru")
    x, h = torch.randn(N, IN), torch.randn(N, D)
    w, u, b, c = weights(made)
    (rx, zx, nx), (rh, zh, nh) = (x @ w.T + b).chunk(3, dim=-1), (h @ u.T + c).chunk(3, dim=-1)
    reset, update = torch.sigmoid(rx + rh), torch.sigmoid(zx + zh)
    expected = (1 - update) * torch.tanh(nx + reset * nh) + update * h
    y, (after,) = made.run(x[:, None], (h[None],))
    torch.testing.assert_close(y[:, 0], expected)
    torch.testing.assert_close(after[0], expected)


def test_a_plain_cell_starts_as_a_copy_of_its_state() -> None:
    made = RecurrentLayers(Recurrent(cell="rnn"), IN, D, 2)
    for layer in range(2):
        assert torch.equal(getattr(made.cells, f"weight_hh_l{layer}"), torch.eye(D))
    h = torch.rand(1, N, D)
    _, (after,) = made.run(torch.zeros(N, 50, IN), (h.repeat(2, 1, 1),))
    torch.testing.assert_close(after[:1], h)  # fifty steps of nothing later


def test_an_lstm_starts_with_its_forget_gate_open() -> None:
    made = RecurrentLayers(Recurrent(cell="lstm"), IN, D, 1)
    bias = made.cells.bias_ih_l0 + made.cells.bias_hh_l0
    assert bias.tolist() == [0.0] * D + [1.0] * D + [0.0] * (2 * D)


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_reading_both_ways_ends_where_each_example_ends(cell: str) -> None:
    torch.manual_seed(0)
    made = RecurrentLayers(Recurrent(cell=cell), IN, D, 2, both_ways=True).eval().requires_grad_(False)
    x, lengths = torch.randn(N, L, IN), torch.tensor([2, 4])
    outputs, last = made.read(x, lengths)
    for i, length in enumerate(lengths.tolist()):
        alone, alone_last = made.read(x[i : i + 1, :length], torch.tensor([length]))
        torch.testing.assert_close(outputs[i : i + 1, :length], alone)
        torch.testing.assert_close(last[i : i + 1], alone_last)
        assert not outputs[i, length:].any()
        forwards, backwards = alone[0, -1, :D], alone[0, 0, D:]
        torch.testing.assert_close(last[i], torch.cat([forwards, backwards]))


def test_attention_is_the_textbook_one() -> None:
    q, memory = torch.randn(N, T, D), torch.randn(N, L, D)
    mask = torch.tensor([[True, True, False, False], [True, True, True, True]])[:, None, :]
    by_hand = masked_softmax(q @ memory.transpose(1, 2) / math.sqrt(D), ~mask.expand(N, T, L))
    torch.testing.assert_close(attention_weights(q, memory, mask), by_hand)
    torch.testing.assert_close(attend(q, memory, mask), by_hand @ memory)
    torch.testing.assert_close(attend(q[:1], memory[:1], mask[:1]), attend(q[:1], memory[:1, :2], mask[:1, :, :2]))


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_a_step_of_the_decoder_is_the_equations_in_a_row(cell: str) -> None:
    guide = sequence_guide(cell, dropout=0.0)
    model = guide.module
    assert isinstance(model, RecurrentModel)
    batch = guide.collate(PAIRS[:1])
    with torch.no_grad():
        memory = model.encode(batch)
        x = model.embed(memory, batch.read[:, :1])[0, 0] * torch.ones(3, 1)  # for each of 3 examples
        asked, _ = model.first_cells.run(x[:, None], tuple(s[:1] for s in memory.state))
        look = masked_softmax(
            (model.query(asked) @ memory.outputs.transpose(1, 2)) / math.sqrt(guide.config.width),
            ~memory.mask,
        )
        found = look @ memory.outputs
        y, _ = model.other_cells.run(torch.cat([asked, found], -1), tuple(s[1:] for s in memory.state))
        agreed = torch.tanh(model.agree(torch.cat([y, found], -1))).amax(0)[0]  # (D,)
        assert memory.told is not None
        assert model.fusion is not None
        told = model.fusion.told(memory.told.task)[0]
        agreed = agreed + model.fusion.out(torch.nn.functional.gelu(model.fusion.state(agreed) + told))
        expected = memory.vectors[0] @ agreed + model.bias
        torch.testing.assert_close(model.decode(memory, model.embed(memory, batch.read))[0, 0], expected)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"cell": "elman"}, "Recurrent: cell is 'elman'; allowed: rnn, lstm, gru"),
        ({"activation": "sine"}, "Recurrent: activation is 'sine'; allowed: relu, tanh"),
        (
            {"layers": 1},
            "Recurrent: layers is 1; allowed: 2 or more, because the first layer computes the attention and the others read it",
        ),
    ],
)
def test_settings_are_checked(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError) as caught:
        Recurrent(**settings)
    assert str(caught.value) == message
