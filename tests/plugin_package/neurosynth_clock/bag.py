"""The kind of guide ``bag``: a GRU that begins from the mean of the examples' symbols; and a guide of it for ``clock``."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from neurosynth.guides.encoding import SYMBOLS
from neurosynth.guides.kinds import NeuralKind
from neurosynth.guides.model_config import ModelConfig
from neurosynth.guides.neural import NeuralGuide
from neurosynth.guides.task_batch import TaskBatch
from neurosynth.guides.trained import TrainedGuide
from neurosynth.guides.views import Curve, ShownTask
from neurosynth.language.language import Language
from neurosynth.language.tokens import PAD, Vocabulary


@dataclass(frozen=True, kw_only=True)
class Bag(ModelConfig):
    """Settings: those of every neural guide, and one more."""

    layers: int = 1
    squash: bool = True
    """Whether the mean goes through a tanh."""


class BagModel(nn.Module):
    """B tasks (or prefixes of one), E examples, L symbols, T tokens, V vocabulary, D width; ``model(batch)`` is the loss."""

    def __init__(self, vocabulary: int, config: Bag) -> None:
        super().__init__()
        self.squash = config.squash
        self.symbols = nn.Embedding(len(SYMBOLS), config.width, padding_idx=0)
        self.tokens = nn.Embedding(vocabulary, config.width)
        self.cells = nn.GRU(config.width, config.width, config.layers, batch_first=True)
        self.out = nn.Linear(config.width, vocabulary)

    def encode(self, batch: TaskBatch) -> Tensor:
        """(B, D): the mean of all symbols."""
        there = (batch.symbols != 0).unsqueeze(-1)  # (B, E, L, 1)
        mean = (self.symbols(batch.symbols) * there).sum((1, 2)) / there.sum((1, 2)).clamp(min=1)
        return torch.tanh(mean) if self.squash else mean

    def embed(self, memory: Tensor, tokens: Tensor) -> Tensor:
        """(B, T) → (B, T, D)."""
        vectors: Tensor = self.tokens(tokens)
        return vectors

    def decode(self, memory: Tensor, x: Tensor) -> Tensor:
        """(B, T, D) → (B, T, V)."""
        y, _ = self.cells(x, self._start(memory))
        logits: Tensor = self.out(y)
        return logits

    def _start(self, memory: Tensor) -> Tensor:
        return memory.expand(self.cells.num_layers, -1, -1).contiguous()

    def forward(self, batch: TaskBatch) -> Tensor:
        """Mean nats a token."""
        memory = self.encode(batch)
        logits = self.decode(memory, self.embed(memory, batch.read))
        return nn.functional.cross_entropy(logits.flatten(0, 1), batch.targets.flatten(), ignore_index=PAD)

    def first(self, memory: Tensor) -> tuple[Tensor, ...]:
        """The state of one empty prefix."""
        return (self._start(memory).transpose(0, 1),)

    def step(self, memory: Tensor, cache: tuple[Tensor, ...], tokens: Tensor) -> tuple[Tensor, tuple[Tensor, ...]]:
        """One more token (B,): logits (B, V), the states after it."""
        y, after = self.cells(self.tokens(tokens).unsqueeze(1), cache[0].transpose(0, 1).contiguous())
        return self.out(y[:, 0]), (after.transpose(0, 1),)


def build(config: Bag, language: Language, seed: int) -> NeuralGuide:
    """An untrained guide."""
    vocabulary = Vocabulary(language, **config.vocabulary_slots())
    return NeuralGuide("bag", BagModel(len(vocabulary), config), vocabulary, config)


def surprise(guide: NeuralGuide, shown: ShownTask) -> Curve | None:
    """How little each token of the program was expected."""
    if shown.program is None:
        return None
    state, bits = guide.start(shown.task), []
    for token in guide.vocabulary.encode(shown.program, guide.vocabulary.constants(shown.task.constants)):
        bits.append(-float(state.log_probs()[0, token]) / math.log(2))
        state = state.advance(np.array([0]), np.array([token]))
    return Curve(values=bits, title=f"Surprise · {shown.program}", x="token", y="surprise (bits)")


KIND = NeuralKind(
    name="bag",
    settings=Bag,
    build=build,
    by_token={"tokens.weight": "vector", "out.weight": "vector", "out.bias": "score"},
    views={"surprise": surprise},
)

clock_bag = TrainedGuide("clock-bag", "clock", Path(__file__).parent / "clock-bag.safetensors", automatic=True)
