"""The recurrent guide: an encoder over each example, a decoder with attention for each, pooled before the softmax.

Sequence to sequence (Sutskever et al., 2014) with attention over the example (Luong et al., 2015) and the maximum over examples
(RobustFill, Devlin et al., 2017). The decoder's first layer computes the attention, and the others read it, as in Wu et al., 2016: no
layer waits for the attention of the previous token, so that training runs over all tokens at once. The encodings of inputs and output
attend to each other, and property signatures are added to every input token and to the pooled state of all examples. A plain ``rnn``
starts from the identity (Le et al., 2015), an ``lstm`` from an open forget gate. Read bottom up.

Letters: ``B`` tasks (or prefixes of one task while decoding), ``E`` examples, ``L`` symbols of an example, ``T`` tokens,
``V`` vocabulary, ``D`` width, ``K`` layers; ``N = B·E`` examples of all tasks.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from neurosynth.guides.example_decoder import ExampleDecoder
from neurosynth.guides.model_config import Recurrent
from neurosynth.guides.task_batch import (
    Crossing,
    DecoderFusion,
    SignatureReader,
    TaskBatch,
    TokenVectors,
    Told,
    pooled,
    pooling,
    symbol_embedding,
)
from neurosynth.language.tokens import PAD

__all__ = ["RecurrentMemory", "RecurrentModel"]

State = tuple[Tensor, ...]
"""(K, N, D) each: the state of a stack of cells; for ``lstm`` a second one, the cell's."""


class RecurrentLayers(nn.Module):
    """A stack of recurrent layers of one kind of cell."""

    def __init__(self, config: Recurrent, inputs: int, width: int, layers: int, both_ways: bool = False) -> None:
        super().__init__()
        self.lstm = config.cell == "lstm"
        dropout = config.dropout if layers > 1 else 0.0
        kind = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}[config.cell]
        more = {"nonlinearity": config.activation} if config.cell == "rnn" else {}
        self.cells = kind(inputs, width, layers, batch_first=True, dropout=dropout, bidirectional=both_ways, **more)
        for name, parameter in self.cells.named_parameters():
            self._initialise(name, parameter.data, config.cell, width)

    @staticmethod
    def _initialise(name: str, parameter: Tensor, cell: str, width: int) -> None:
        if name.startswith("bias"):
            parameter.zero_()
            if cell == "lstm" and name.startswith("bias_ih"):
                parameter[width : 2 * width] = 1.0  # the forget gate: remember until there is a reason not to
        elif name.startswith("weight_hh"):
            for gate in parameter.chunk(len(parameter) // width):
                # A plain cell that starts from the identity copies its state, so that gradients neither vanish nor explode at first.
                nn.init.eye_(gate) if cell == "rnn" else nn.init.orthogonal_(gate)
        else:
            for gate in parameter.chunk(len(parameter) // width):
                nn.init.xavier_uniform_(gate, gain=0.5 if cell == "rnn" else 1.0)

    def run(self, x: Tensor, state: State) -> tuple[Tensor, State]:
        """(N, T, inputs) from a state on: outputs (N, T, D), and the state after."""
        if x.device.type == "cpu" and torch.is_autocast_enabled("cpu"):
            # torch has no such cells in half precision on some processors, and on the others it gains little
            with torch.autocast("cpu", enabled=False):
                return self._run(x.float(), tuple(s.float() for s in state))
        return self._run(x, state)

    def _run(self, x: Tensor, state: State) -> tuple[Tensor, State]:
        if self.lstm:
            y, after = self.cells(x, (state[0].contiguous(), state[1].contiguous()))
            return y, after
        y, last = self.cells(x, state[0].contiguous())
        return y, (last,)

    def read(self, x: Tensor, lengths: Tensor) -> tuple[Tensor, Tensor]:
        """(N, L, inputs) of these lengths, from a zero state: outputs (N, L, D), and the last state of the top layer (N, D)."""
        packed = pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
        y, last = self.cells(packed)
        hidden = last[0] if self.lstm else last  # (layers · directions, N, D / directions)
        top = hidden[-2:] if self.cells.bidirectional else hidden[-1:]
        outputs, _ = pad_packed_sequence(y, batch_first=True, total_length=x.shape[1])
        return outputs, top.transpose(0, 1).flatten(1)


def attend(queries: Tensor, memory: Tensor, mask: Tensor) -> Tensor:
    """``softmax(Q Mᵀ / √D) M``: (N, T, D) over (N, L, D) → (N, T, D); ``mask`` (N, 1, L) is True where attention is allowed."""
    return F.scaled_dot_product_attention(queries, memory, memory, attn_mask=mask)


def attention_weights(queries: Tensor, memory: Tensor, mask: Tensor) -> Tensor:
    """The softmax of :func:`attend` alone: (N, T, L)."""
    scores = queries.float() @ memory.float().transpose(1, 2) / math.sqrt(queries.shape[-1])
    return scores.masked_fill(~mask, -torch.inf).softmax(-1)


@dataclass(frozen=True, slots=True)
class RecurrentMemory:
    """The decoder's view of its tasks, computed once."""

    vectors: Tensor
    """(B, V, D): vectors of the tokens."""
    outputs: Tensor
    """(N, L, D): outputs of the encoder."""
    mask: Tensor
    """(N, 1, L) bool: symbols that are not padding."""
    present: Tensor
    """(B, E) bool: examples that are not padding."""
    state: State
    """(K, N, D) each: the initial state of the decoder."""
    told: Told | None
    """The signatures of the tasks; None for models without them."""


class RecurrentModel(ExampleDecoder[RecurrentMemory]):
    """Encoder and decoder; ``model(batch)`` is the loss."""

    def __init__(self, vocabulary: int, config: Recurrent, properties: int = 0) -> None:
        """``vocabulary``: V, the number of tokens; ``properties``: the number of properties of its signatures, 0 for none."""
        super().__init__()
        self.config = config
        width, layers = config.width, config.layers
        self.states = 2 if config.cell == "lstm" else 1
        self.symbols = symbol_embedding(width)
        self.vectors = TokenVectors(vocabulary, config)
        self.encoder = RecurrentLayers(config, width, width // 2, layers, both_ways=True)
        self.bridge = nn.Linear(width, self.states * layers * width)
        self.first_cells = RecurrentLayers(config, width, width, 1)
        self.query = nn.Linear(width, width)
        self.other_cells = RecurrentLayers(config, 2 * width, width, layers - 1)
        self.agree = nn.Linear(2 * width, width)
        self.weigh = pooling(width) if config.pool == "attention" else None
        self.crossing = Crossing(width) if config.crossing else None
        self.signatures = SignatureReader(properties, config) if properties else None
        self.fusion = DecoderFusion(width) if properties else None
        self.drop = nn.Dropout(config.dropout)
        self.bias = nn.Parameter(torch.zeros(vocabulary))

    def encode(self, batch: TaskBatch) -> RecurrentMemory:
        """Encode the examples, each separately."""
        symbols = batch.symbols.flatten(0, 1)  # (N, L)
        mask = symbols != PAD
        mask[:, 0] = True  # an example that is only padding needs something to attend to; `present` leaves it out later
        x = self.symbols(symbols) * math.sqrt(self.config.width)  # (N, L, D)
        outputs, last = self.encoder.read(self.drop(x), batch.lengths)  # (N, L, D), (N, D)
        if self.crossing is not None:
            outputs = self.crossing(outputs, symbols)
        state = torch.tanh(self.bridge(last)).view(len(last), self.states, self.config.layers, -1)
        start = tuple(s.transpose(0, 1) for s in state.unbind(1))  # (K, N, D) each
        vectors, told = self.read_tasks(batch)
        return RecurrentMemory(vectors, outputs, mask.unsqueeze(1), batch.present, start, told)

    def agreed(self, memory: RecurrentMemory, x: Tensor) -> Tensor:
        """The pooled state of the examples after each of (B, T, D) → (B, T, D)."""
        examples = memory.present.shape[1]
        x = self.drop(x).repeat_interleave(examples, dim=0)  # (N, T, D)
        asked, _ = self.first_cells.run(x, tuple(s[:1] for s in memory.state))  # (N, T, D)
        found = attend(self.query(asked), memory.outputs, memory.mask)  # (N, T, D)
        read = self.drop(torch.cat([asked, found], dim=-1))  # (N, T, 2D)
        y, _ = self.other_cells.run(read, tuple(s[1:] for s in memory.state))  # (N, T, D)
        both = torch.cat([y, found], dim=-1).view(len(memory.present), examples, *y.shape[1:-1], -1)  # (B, E, T, 2D)
        return self._pool(both, memory.present[:, :, None, None], 1)  # (B, T, D)

    # One task, token by token

    def first(self, memory: RecurrentMemory) -> tuple[Tensor, ...]:
        """The cache before any token: the decoder's states, (1, E, K, D) each."""
        return tuple(s.transpose(0, 1).unsqueeze(0) for s in memory.state)

    def step(
        self, memory: RecurrentMemory, cache: tuple[Tensor, ...], tokens: Tensor
    ) -> tuple[Tensor, tuple[Tensor, ...]]:
        """One more token (B,) of B prefixes of the one task in memory: logits (B, V), and the cache after it."""
        examples, prefixes = memory.present.shape[1], len(tokens)
        x = self.read_tokens(memory, tokens)  # (B, D)
        x = x.repeat_interleave(examples, dim=0).unsqueeze(1)  # (B·E, 1, D)
        state = tuple(s.flatten(0, 1).transpose(0, 1) for s in cache)  # (K, B·E, D) each
        asked, below = self.first_cells.run(x, tuple(s[:1] for s in state))  # (B·E, 1, D)
        # Prefixes take the place of tokens: they share the example, which need not be copied for each.
        queries = self.query(asked).view(prefixes, examples, -1).transpose(0, 1)  # (E, B, D)
        found = attend(queries, memory.outputs, memory.mask).transpose(0, 1).reshape(prefixes * examples, 1, -1)
        y, above = self.other_cells.run(torch.cat([asked, found], dim=-1), tuple(s[1:] for s in state))
        both = torch.cat([y, found], dim=-1).view(prefixes, examples, -1)  # (B, E, 2D)
        agreed = self._pool(both, memory.present[:, :, None], 1)  # (B, D)
        after = (torch.cat(pair) for pair in zip(below, above, strict=True))  # (K, B·E, D) each
        grown = tuple(s.transpose(0, 1).reshape(prefixes, examples, *s.shape[::2]) for s in after)
        return self.score_next(memory, agreed), grown

    def attention(self, batch: TaskBatch) -> Tensor:
        """(B, E, T, L): the decoder's attention to each symbol for each next token."""
        memory = self.encode(batch)
        x = self.embed(memory, batch.read).repeat_interleave(memory.present.shape[1], dim=0)
        asked, _ = self.first_cells.run(x, tuple(s[:1] for s in memory.state))
        weights = attention_weights(self.query(asked), memory.outputs, memory.mask)
        return weights.view(*memory.present.shape, *weights.shape[1:])

    def _pool(self, x: Tensor, present: Tensor, dim: int) -> Tensor:
        return pooled(torch.tanh(self.agree(x)), present, dim, self.weigh)
