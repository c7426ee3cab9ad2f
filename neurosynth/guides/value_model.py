"""The value model: from the goal and the value of a part of a program to the missing bits. It is a regression with the mean squared
error of missing bits, or BUSTLE's classifier (Odena et al., 2021) of whether the value is a part of a solution, with binary
cross-entropy. It reads property signatures, or the values as DeepCoder does. Read bottom up.

Letters: ``N`` values, ``E`` examples, ``L`` symbols of an example, ``R`` roles (the output, then the value), ``D`` width.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from neurosynth.guides.encoding import OUTPUT, SYMBOLS, arrays_of
from neurosynth.guides.feedforward import perceptrons
from neurosynth.guides.model_config import Value
from neurosynth.guides.signatures import Signatures
from neurosynth.guides.task_batch import SignatureReader
from neurosynth.guides.value_samples import JudgedValue, judged_values, value_sample
from neurosynth.language.language import Language
from neurosynth.language.program import Program
from neurosynth.language.tokens import Vocabulary
from neurosynth.tasks.task import Task
from neurosynth.values.types import TypeConstructor

__all__ = ["SCALE", "ValueBatch", "ValueModel", "build_value"]

SCALE = 32.0
"""Number of bits in one unit of the model's score."""


@dataclass(frozen=True, slots=True)
class ValueBatch:
    """Values with their targets."""

    symbols: Tensor
    """(N, E, L) int64: the value as an input, then the output; empty for models that read signatures."""
    answers: Tensor
    """(N, R, F) int64."""
    bits: Tensor
    """(N,) float32: missing bits."""
    part: Tensor
    """(N,) float32: 1 for a part of the solution, otherwise 0."""

    @property
    def tokens(self) -> int:
        """Number of values."""
        return len(self.bits)

    def to(self, device: torch.device) -> ValueBatch:
        """The same batch on a device."""
        return ValueBatch(*(t.to(device) for t in (self.symbols, self.answers, self.bits, self.part)))


class ValueModel(nn.Module):
    """Score of a value; ``model(batch)`` is the loss."""

    def __init__(self, config: Value, properties: int) -> None:
        """``properties``: the number of properties of its signatures, 0 for none."""
        super().__init__()
        self.config = config
        width = config.width
        self.signatures = SignatureReader(properties, config) if properties else None
        if self.signatures is None:
            self.symbols = nn.Embedding(len(SYMBOLS), width, padding_idx=0)
            self.places = nn.Parameter(torch.randn(config.max_length, width) * width**-0.5)
            self.read = nn.Linear(width, width)
            self.join = nn.Linear(2 * width, width)
        self.layers = perceptrons(width, config)
        self.score = nn.Linear(width, 1)

    def encode(self, batch: ValueBatch) -> Tensor:
        """(N, D)."""
        if self.signatures is not None:
            told: Tensor = self.signatures(batch.answers).task
            return told
        symbols = batch.symbols  # (N, E, L)
        x = self.symbols(symbols) + self.places[: symbols.shape[-1]]  # (N, E, L, D)
        x = F.gelu(self.read(x * math.sqrt(self.config.width)))
        output = (symbols == OUTPUT).cumsum(-1) > 0
        parts = []
        for part in ((symbols != 0) & ~output, (symbols != 0) & output):
            weights = part / part.sum(-1, keepdim=True).clamp(min=1)
            parts.append((weights.unsqueeze(-2).to(x.dtype) @ x).squeeze(-2))  # (N, E, D)
        present = (symbols[:, :, 0] != 0).unsqueeze(-1)
        examples = F.gelu(self.join(torch.cat(parts, dim=-1))) * present
        mean: Tensor = examples.sum(1) / present.sum(1).clamp(min=1)
        return mean

    def scores(self, batch: ValueBatch) -> Tensor:
        """(N,): with loss ``mse`` the missing bits divided by :data:`SCALE`, with ``bce`` the log-odds of a part of the solution."""
        found: Tensor = self.score(self.layers(self.encode(batch))).squeeze(-1)
        return found

    def forward(self, batch: ValueBatch) -> Tensor:
        """The loss: the mean squared error of missing bits in squared units of :data:`SCALE`, or the cross-entropy, mean per value."""
        scores = self.scores(batch)
        if self.config.loss == "mse":
            return F.mse_loss(scores, batch.bits / SCALE)
        return F.binary_cross_entropy_with_logits(scores, batch.part)


class ValueModelGuide:
    """A value guide run by torch."""

    def __init__(self, model: ValueModel, vocabulary: Vocabulary, config: Value, signatures: Signatures | None) -> None:
        self.name, self.module, self.vocabulary, self.config = "value", model, vocabulary, config
        self.signatures = signatures

    @property
    def properties(self) -> tuple[str, ...]:
        """Names of the properties that its signatures know."""
        return () if self.signatures is None else self.signatures.names

    def collate(self, pairs: Sequence[tuple[Task, Program]]) -> ValueBatch:
        """Values of parts of the programs, and of parts of the other programs of the batch, as one batch on the CPU."""
        language = self.vocabulary.language
        judged = judged_values(pairs, language, self.config.wrong)
        return self.batch([(task, v) for (task, _), own in zip(pairs, judged, strict=True) for v in own])

    def batch(self, values: Sequence[tuple[Task, JudgedValue]]) -> ValueBatch:
        """Values with their tasks as one batch."""
        samples = [value_sample(task, v.type, v.values, self.config, self.signatures) for task, v in values]
        made = arrays_of(samples)
        return ValueBatch(
            symbols=torch.from_numpy(made.symbols),
            answers=torch.from_numpy(made.answers),
            bits=torch.tensor([v.bits for _, v in values], dtype=torch.float32),
            part=torch.tensor([float(v.part) for _, v in values]),
        )

    @torch.inference_mode()
    def bits(self, task: Task, values: Sequence[tuple[TypeConstructor, Sequence[Any]]]) -> np.ndarray:
        """(N,) float64: see :class:`~neurosynth.guides.base.ValueGuide`; for a classifier, the surprise of a part in bits."""
        if not values:
            return np.zeros(0)
        self.module.eval()
        known = [(task, JudgedValue(t, tuple(column), False, 0.0)) for t, column in values]
        scores = self.module.scores(self.batch(known)).double()
        if self.config.loss == "mse":
            return (scores * SCALE).numpy()
        surprise: np.ndarray = (F.softplus(-scores) / math.log(2)).numpy()
        return surprise


def build_value(config: Value, language: Language, seed: int) -> ValueModelGuide:
    """An untrained guide; the caller has seeded torch."""
    vocabulary = Vocabulary(language, **config.vocabulary_slots())
    signatures = Signatures(language) if config.signatures else None
    return ValueModelGuide(ValueModel(config, len(signatures or ())), vocabulary, config, signatures)
