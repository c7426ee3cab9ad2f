"""The feed-forward guide: perceptron layers from the examples to the tokens of a program.

DeepCoder (Balog et al., 2017) and BUSTLE (Odena et al., 2021) in one: each example is encoded separately, its inputs and output attend
to each other, the encodings are averaged, the property signature of the task is added, and each token gets the probability that it
occurs; the loss is binary cross-entropy. Enumeration uses them as probabilities of productions. Read bottom up.

Letters: ``B`` tasks, ``E`` examples, ``L`` symbols of an example, ``V`` vocabulary, ``D`` width.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from neurosynth.guides.encoding import OUTPUT, SYMBOLS
from neurosynth.guides.model_config import FeedForward, Value
from neurosynth.guides.task_batch import Crossing, Fusion, SignatureReader, TaskBatch, TokenVectors, pooled
from neurosynth.language.tokens import END

__all__ = ["FeedForwardModel"]

_GAINS = {"sigmoid": 4.0, "tanh": 5 / 3, "relu": math.sqrt(2)}
"""Gain of each activation, so that differences between tasks survive all layers (Glorot & Bengio, 2010)."""


def perceptrons(inputs: int, config: FeedForward | Value) -> nn.Sequential:
    """Layers of ``activation(W x + b)``, each D wide."""
    kind: Callable[[], nn.Module] = {"sigmoid": nn.Sigmoid, "tanh": nn.Tanh, "relu": nn.ReLU}[config.activation]
    layers: list[nn.Module] = []
    for i in range(config.layers):
        linear = nn.Linear(config.width if i else inputs, config.width)
        nn.init.xavier_normal_(linear.weight, gain=_GAINS[config.activation])
        nn.init.zeros_(linear.bias)
        layers += [linear, kind(), nn.Dropout(config.dropout)]
    return nn.Sequential(*layers)


class FeedForwardModel(nn.Module):
    """Encoder of examples and the occurrence of tokens; ``model(batch)`` is the loss."""

    def __init__(self, vocabulary: int, config: FeedForward, properties: int = 0) -> None:
        """``vocabulary``: V, the number of tokens; ``properties``: the number of properties of its signatures, 0 for none."""
        super().__init__()
        self.config = config
        width = config.width
        self.symbols = nn.Embedding(len(SYMBOLS), width, padding_idx=0)
        self.places = nn.Parameter(torch.randn(config.max_length, width) * width**-0.5)
        self.vectors = TokenVectors(vocabulary, config)
        self.read = nn.Linear(width, width)
        self.crossing = Crossing(width) if config.crossing else None
        self.weigh = nn.Linear(width, width) if config.pool == "attention" else None
        self.signatures = SignatureReader(properties, config) if properties else None
        self.fusion = Fusion(width) if properties else None
        self.example = perceptrons(2 * width, config)
        self.task = perceptrons(width, config)
        self.out = nn.Linear(width, width)
        self.bias = nn.Parameter(torch.full((vocabulary,), -2.0))  # most tokens occur in few programs
        nn.init.normal_(self.symbols.weight, std=width**-0.5)

    def encode(self, batch: TaskBatch) -> Tensor:
        """(B, D): over examples, of perceptrons over the means of inputs' and of outputs' symbols."""
        symbols = batch.symbols  # (B, E, L)
        x = self.symbols(symbols) + self.places[: symbols.shape[-1]]  # (B, E, L, D)
        x = F.gelu(self.read(x * math.sqrt(self.config.width)))
        if self.crossing is not None:
            x = self.crossing(x.flatten(0, 1), symbols.flatten(0, 1)).view_as(x)
        output = (symbols == OUTPUT).cumsum(-1) > 0  # the output comes last
        parts = []
        for part in ((symbols != 0) & ~output, (symbols != 0) & output):  # (B, E, L)
            weights = part / part.sum(-1, keepdim=True).clamp(min=1)
            parts.append((weights.unsqueeze(-2).to(x.dtype) @ x).squeeze(-2))  # (B, E, D)
        examples = self.example(torch.cat(parts, dim=-1))  # (B, E, D)
        present = batch.present.unsqueeze(-1)  # (B, E, 1)
        if self.weigh is None:
            encoded: Tensor = self.task((examples * present).sum(1) / present.sum(1))  # (B, D)
        else:
            encoded = self.task(pooled(examples, present, 1, self.weigh))
        return encoded

    def logits(self, batch: TaskBatch) -> Tensor:
        """(B, V): the log-odds that each token occurs in the program."""
        state = self.out(self.encode(batch))  # (B, D)
        told = None if self.signatures is None else self.signatures(batch.answers)
        if told is not None and self.fusion is not None:
            state = self.fusion(state, told.task)
        vectors = self.vectors(batch, self.symbols, None if told is None else told.inputs)  # (B, V, D)
        scores: Tensor = (state.unsqueeze(1) @ vectors.transpose(1, 2)).squeeze(1)
        return scores + self.bias

    def forward(self, batch: TaskBatch) -> Tensor:
        """The loss: binary cross-entropy, mean nats per token of the vocabulary, without the three special tokens."""
        logits = self.logits(batch).float()  # (B, V)
        occurs = torch.zeros_like(logits).scatter_(1, batch.targets, 1.0)
        return F.binary_cross_entropy_with_logits(logits[:, END + 1 :], occurs[:, END + 1 :])
