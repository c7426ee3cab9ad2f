"""The transformer guide: each example is encoded separately, a decoder for each runs in step, and their states are pooled before each
token.

Attention is all you need (Vaswani et al., 2017), with the norm before each part (Xiong et al., 2020); one decoder an example and the
maximum over examples before the softmax are RobustFill's (Devlin et al., 2017). Property signatures are added to every input token and
to the pooled state of all examples. Read bottom up.

Letters: ``B`` tasks (or prefixes of one task while decoding), ``E`` examples, ``L`` symbols of an example, ``T`` tokens,
``V`` vocabulary, ``D`` width, ``H`` heads, ``d = D / H``; ``N = B·E`` examples of all tasks.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from neurosynth.errors import InputError
from neurosynth.guides.example_decoder import ExampleDecoder
from neurosynth.guides.model_config import Transformer
from neurosynth.guides.task_batch import (
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

__all__ = ["TransformerMemory", "TransformerModel"]


class MultiHeadAttention(nn.Module):
    """``softmax(Q Kᵀ / √d) V`` in H heads side by side."""

    def __init__(self, config: Transformer) -> None:
        super().__init__()
        self.heads = config.heads
        self.query = nn.Linear(config.width, config.width)
        self.key = nn.Linear(config.width, config.width)
        self.value = nn.Linear(config.width, config.width)
        self.out = nn.Linear(config.width, config.width)

    def split(self, x: Tensor) -> Tensor:
        """(N, T, D) → (N, H, T, d)."""
        return x.view(*x.shape[:2], self.heads, -1).transpose(1, 2)

    def remember(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Keys and values of the attended vectors: (N, L, D) → twice (N, H, L, d)."""
        return self.split(self.key(x)), self.split(self.value(x))

    def forward(self, q: Tensor, k: Tensor, v: Tensor, mask: Tensor | None = None, causal: bool = False) -> Tensor:
        """Queries (N, H, T, d), keys and values (N, H, L, d) → (N, T, D); ``mask`` (N, 1, 1, L) is True where attention is allowed."""
        y = F.scaled_dot_product_attention(q, k, v, attn_mask=mask, is_causal=causal)  # (N, H, T, d)
        out: Tensor = self.out(y.transpose(1, 2).flatten(2))  # (N, T, D)
        return out

    def weights(self, q: Tensor, k: Tensor, mask: Tensor) -> Tensor:
        """The attention of each query to each key, mean over heads: (N, T, L), summing to one over L."""
        scores = q.float() @ k.float().transpose(-1, -2) / math.sqrt(q.shape[-1])  # (N, H, T, L)
        return scores.masked_fill(~mask, -torch.inf).softmax(-1).mean(1)


def _mlp(config: Transformer) -> nn.Sequential:
    return nn.Sequential(
        nn.LayerNorm(config.width),
        nn.Linear(config.width, 4 * config.width),
        nn.GELU(),
        nn.Linear(4 * config.width, config.width),
        nn.Dropout(config.dropout),
    )


class EncoderLayer(nn.Module):
    """Symbols of an example attend to each other."""

    def __init__(self, config: Transformer) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(config.width)
        self.attention = MultiHeadAttention(config)
        self.drop = nn.Dropout(config.dropout)
        self.mlp = _mlp(config)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """(N, L, D) → (N, L, D); ``mask`` (N, 1, 1, L) hides padding."""
        h = self.norm(x)
        q = self.attention.split(self.attention.query(h))  # (N, H, L, d)
        x = x + self.drop(self.attention(q, *self.attention.remember(h), mask))
        return x + self.mlp(x)  # type: ignore[no-any-return]  # modules are called untyped


class DecoderLayer(nn.Module):
    """Tokens attend to those before them, then to the symbols of their example."""

    def __init__(self, config: Transformer) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(config.width)
        self.past = MultiHeadAttention(config)
        self.cross_norm = nn.LayerNorm(config.width)
        self.cross = MultiHeadAttention(config)
        self.drop = nn.Dropout(config.dropout)
        self.mlp = _mlp(config)

    def forward(self, x: Tensor, k: Tensor, v: Tensor, mask: Tensor) -> Tensor:
        """All tokens at once: (N, T, D) → (N, T, D); ``k`` and ``v`` (N, H, L, d) are the example's."""
        h = self.norm(x)
        q = self.past.split(self.past.query(h))  # (N, H, T, d)
        x = x + self.drop(self.past(q, *self.past.remember(h), causal=True))
        return self._rest(x, k, v, mask)

    def step(self, x: Tensor, k: Tensor, v: Tensor, mask: Tensor, old: Tensor) -> tuple[Tensor, Tensor]:
        """The next token of B prefixes of one task.

        ``x`` (E, B, D) has the prefixes where :meth:`forward` has tokens: they share the example, so its keys and
        values (E, H, L, d) need not be copied for each.  ``old`` (B, E, 2, H, t, d) are keys and values of the tokens
        so far; the second result is one token longer.
        """
        examples, prefixes = x.shape[:2]
        h = self.norm(x).transpose(0, 1).reshape(prefixes * examples, 1, -1)  # (B·E, 1, D)
        new = torch.stack(self.past.remember(h), dim=1)  # (B·E, 2, H, 1, d)
        both = torch.cat(
            [old, new.view(prefixes, examples, *new.shape[1:]).to(old.dtype)], dim=4
        )  # (B, E, 2, H, t + 1, d)
        keys, values = both.flatten(0, 1).unbind(1)  # twice (B·E, H, t + 1, d)
        y = self.past(self.past.split(self.past.query(h)).to(old.dtype), keys, values)  # (B·E, 1, D)
        x = x + y.view(prefixes, examples, -1).transpose(0, 1)
        return self._rest(x, k, v, mask), both

    def _rest(self, x: Tensor, k: Tensor, v: Tensor, mask: Tensor) -> Tensor:
        q = self.cross.split(self.cross.query(self.cross_norm(x)))
        x = x + self.drop(self.cross(q, k, v, mask))
        return x + self.mlp(x)  # type: ignore[no-any-return]  # modules are called untyped

    def looks(self, x: Tensor, k: Tensor, mask: Tensor) -> Tensor:
        """(N, T, L): the attention of each token to each symbol; ``x`` is the input of :meth:`forward`."""
        h = self.norm(x)
        x = x + self.past(self.past.split(self.past.query(h)), *self.past.remember(h), causal=True)
        return self.cross.weights(self.cross.split(self.cross.query(self.cross_norm(x))), k, mask)


@dataclass(frozen=True, slots=True)
class TransformerMemory:
    """The decoder's view of its tasks, computed once."""

    vectors: Tensor
    """(B, V, D): vectors of the tokens."""
    keys_values: tuple[tuple[Tensor, Tensor], ...]
    """For each decoder layer: twice (N, H, L, d)."""
    mask: Tensor
    """(N, 1, 1, L) bool: symbols that are not padding."""
    present: Tensor
    """(B, E) bool: examples that are not padding."""
    told: Told | None
    """The signatures of the tasks; None for models without them."""


def sinusoids(length: int, width: int) -> Tensor:
    """(length, width): ``sin(p / 10000^(2i/D))`` at even places, the cosine at odd ones."""
    rates = torch.exp(torch.arange(0, width, 2) * (-math.log(10_000.0) / width))  # (D/2,)
    angles = torch.arange(length).unsqueeze(1) * rates  # (length, D/2)
    return torch.stack([angles.sin(), angles.cos()], dim=-1).flatten(1)


class TransformerModel(ExampleDecoder[TransformerMemory]):
    """Encoder and decoder; ``model(batch)`` is the loss."""

    def __init__(self, vocabulary: int, config: Transformer, properties: int = 0) -> None:
        """``vocabulary``: V, the number of tokens; ``properties``: the number of properties of its signatures, 0 for none."""
        super().__init__()
        self.config = config
        width = config.width
        self.symbols = symbol_embedding(width)
        self.vectors = TokenVectors(vocabulary, config)
        self.places: Tensor | nn.Parameter
        longest = max(config.max_length, config.max_tokens + 1)  # + 1: START
        if config.positions == "learned":
            self.places = nn.Parameter(torch.randn(longest, width) * 0.02)
        else:
            self.register_buffer("places", sinusoids(longest, width), persistent=False)
        self.drop = nn.Dropout(config.dropout)
        self.encoder = nn.ModuleList(EncoderLayer(config) for _ in range(config.layers))
        self.encoder_norm = nn.LayerNorm(width)
        self.decoder = nn.ModuleList(DecoderLayer(config) for _ in range(config.layers))
        self.decoder_norm = nn.LayerNorm(width)
        self.agree = nn.Linear(width, width)
        self.weigh = pooling(width) if config.pool == "attention" else None
        self.signatures = SignatureReader(properties, config) if properties else None
        self.fusion = DecoderFusion(width) if properties else None
        self.bias = nn.Parameter(torch.zeros(vocabulary))

    def encode(self, batch: TaskBatch) -> TransformerMemory:
        """Encode the examples, each separately."""
        symbols = batch.symbols.flatten(0, 1)  # (N, L)
        mask = symbols != PAD
        mask[:, 0] = True  # an example that is only padding needs something to attend to; `present` leaves it out later
        mask = mask[:, None, None, :]  # (N, 1, 1, L)
        x = self.symbols(symbols) * math.sqrt(self.config.width)  # (N, L, D)
        x = self.drop(x + self.places[: symbols.shape[1]])
        for layer in self.encoder:
            x = layer(x, mask)
        x = self.encoder_norm(x)
        remembered = tuple(layer.cross.remember(x) for layer in self._layers())
        vectors, told = self.read_tasks(batch)
        return TransformerMemory(vectors, remembered, mask, batch.present, told)

    def agreed(self, memory: TransformerMemory, x: Tensor) -> Tensor:
        """The pooled state of the examples after each of (B, T, D) → (B, T, D)."""
        x = self._begin(memory, x)
        for layer, (k, v) in zip(self._layers(), memory.keys_values, strict=True):
            x = layer(x, k, v, memory.mask)  # (N, T, D)
        return self._pool(self._by_task(memory, x), memory.present[:, :, None, None], 1)  # (B, T, D)

    # One task, token by token

    def first(self, memory: TransformerMemory) -> tuple[Tensor, ...]:
        """The cache before any token: for each layer, no keys and values, (1, E, 2, H, 0, d)."""
        examples, heads, _, d = memory.keys_values[0][0].shape
        return tuple(k.new_zeros(1, examples, 2, heads, 0, d) for k, _ in memory.keys_values)

    def step(
        self, memory: TransformerMemory, cache: tuple[Tensor, ...], tokens: Tensor
    ) -> tuple[Tensor, tuple[Tensor, ...]]:
        """One more token (B,) of B prefixes of the one task in memory: logits (B, V), and the cache after it.

        Raises: InputError: beyond the last position.
        """
        place = cache[0].shape[4]
        if place >= len(self.places):
            raise InputError(
                f"the transformer has {len(self.places)} positions and the program is longer; "
                "decode with a smaller max_tokens or train with a larger one"
            )
        x = self.read_tokens(memory, tokens) + self.places[place]  # (B, D)
        x = x.expand(memory.present.shape[1], -1, -1)  # (E, B, D)
        grown = []
        for layer, (k, v), old in zip(self._layers(), memory.keys_values, cache, strict=True):
            x, both = layer.step(x, k, v, memory.mask, old)
            grown.append(both)
        agreed = self._pool(x, memory.present[0, :, None, None], 0)  # (B, D)
        return self.score_next(memory, agreed), tuple(grown)

    def attention(self, batch: TaskBatch) -> Tensor:
        """(B, E, T, L): the attention of the last layer to each symbol for each next token, mean over heads."""
        memory = self.encode(batch)
        x = self._begin(memory, self.embed(memory, batch.read))
        *below, last = self._layers()
        for layer, (k, v) in zip(below, memory.keys_values, strict=False):
            x = layer(x, k, v, memory.mask)
        return self._by_task(memory, last.looks(x, memory.keys_values[-1][0], memory.mask))

    def _layers(self) -> list[DecoderLayer]:
        return [layer for layer in self.decoder if isinstance(layer, DecoderLayer)]

    def _begin(self, memory: TransformerMemory, x: Tensor) -> Tensor:
        """The input of each example's decoder: (B, T, D) → (N, T, D)."""
        x = self.drop(x + self.places[: x.shape[1]])
        return x.repeat_interleave(memory.present.shape[1], dim=0)

    def _by_task(self, memory: TransformerMemory, x: Tensor) -> Tensor:
        """(N, …) → (B, E, …)."""
        return x.view(*memory.present.shape, *x.shape[1:])

    def _pool(self, x: Tensor, present: Tensor, dim: int) -> Tensor:
        return pooled(torch.tanh(self.agree(self.decoder_norm(x))), present, dim, self.weigh)
