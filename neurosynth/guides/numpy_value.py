"""The value model without torch: the results of value_model.py in numpy."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from neurosynth.errors import InputError
from neurosynth.guides.encoding import OUTPUT, SampleArrays, arrays_of
from neurosynth.guides.files import GuideFile
from neurosynth.guides.kinds import NeuralKind, file_settings
from neurosynth.guides.model_config import Value
from neurosynth.guides.numpy_parts import ACTIVATIONS, Floats, Weights, gelu
from neurosynth.guides.signatures import Signatures
from neurosynth.guides.value_samples import value_sample
from neurosynth.language.language import Language
from neurosynth.language.tokens import Vocabulary
from neurosynth.tasks.task import Task
from neurosynth.values.types import TypeConstructor

__all__ = ["NumpyValueGuide", "load_numpy_value"]

_SCALE = 32.0
"""The value of value_model.SCALE, whose module needs torch."""


@dataclass(frozen=True, eq=False)
class NumpyValueGuide:
    """A value guide run by numpy, with all values of a call at once."""

    name: str
    """The name of its kind."""
    config: Value
    weights: Weights = field(repr=False)
    signatures: Signatures | None = field(repr=False)

    def bits(self, task: Task, values: Sequence[tuple[TypeConstructor, Sequence[Any]]]) -> np.ndarray:
        """(N,) float64: see :class:`~neurosynth.guides.base.ValueGuide`; for a classifier, the surprise of a part in bits."""
        if not values:
            return np.zeros(0)
        samples = [value_sample(task, t, column, self.config, self.signatures) for t, column in values]
        scores = self.scores(arrays_of(samples)).astype(np.float64)
        return scores * _SCALE if self.config.loss == "mse" else np.logaddexp(0, -scores) / math.log(2)

    def scores(self, arrays: SampleArrays) -> Floats:
        """(N,): as in the model."""
        x = self._told(arrays.answers) if self.config.signatures else self._read(arrays.symbols)
        activation = ACTIVATIONS[self.config.activation]
        for layer in range(self.config.layers):
            x = activation(self.weights.of(f"layers.{3 * layer}").linear(x))  # an activation and dropout for each
        scores: Floats = self.weights.of("score").linear(x)[:, 0]
        return scores

    def _told(self, answers: np.ndarray) -> Floats:
        """(N, D) of (N, R, F)."""
        own = self.weights.of("signatures")
        table = np.concatenate([np.zeros((1, self.config.width), np.float32), own["table"]])
        told = (answers != 0).any(axis=2, keepdims=True)  # (N, R, 1)
        added = (table[answers].sum(axis=2) + own["roles"][: answers.shape[1]]) * told  # (N, R, D)
        inputs = np.maximum(told[:, 1:].sum(axis=1), 1).astype(np.float32)  # (N, 1)
        straight, whole = (
            np.concatenate([x[:, 0], x[:, 1:].sum(axis=1) / inputs], axis=1) for x in (added, gelu(added))
        )
        vectors: Floats = own.of("straight").linear(straight) + gelu(own.of("whole").linear(whole))
        return vectors

    def _read(self, symbols: np.ndarray) -> Floats:
        """(N, D) of (N, E, L)."""
        x = self.weights["symbols.weight"][symbols] + self.weights["places"][: symbols.shape[-1]]  # (N, E, L, D)
        x = gelu(self.weights.of("read").linear(x * np.float32(math.sqrt(self.config.width))))
        output = (symbols == OUTPUT).cumsum(axis=-1) > 0
        parts = []
        for part in ((symbols != 0) & ~output, (symbols != 0) & output):
            shares = (part / np.maximum(part.sum(axis=-1, keepdims=True), 1)).astype(np.float32)
            parts.append((shares[..., None, :] @ x)[..., 0, :])  # (N, E, D)
        present = (symbols[:, :, 0] != 0)[..., None]
        examples = gelu(self.weights.of("join").linear(np.concatenate(parts, axis=-1))) * present
        mean: Floats = examples.sum(axis=1) / np.maximum(present.sum(axis=1), 1).astype(np.float32)
        return mean


def load_numpy_value(kind: NeuralKind, file: GuideFile, language: Language) -> NumpyValueGuide:
    """The guide of a file of kind ``value``.

    Raises:
        InputError: for another language, a primitive that changed, or tensors that are not those of such a model.
    """
    config: Value = file_settings(kind, file)
    tensors = kind.tensors(file, Vocabulary(language, **config.vocabulary_slots()))
    weights = Weights({name: t.astype(np.float32, copy=False) for name, t in tensors.items()})
    guide = NumpyValueGuide(kind.name, config, weights, Signatures(language) if config.signatures else None)
    nothing = np.zeros((1, 0), np.int64)
    one = SampleArrays(
        np.array([[[OUTPUT]]]), np.ones(1, np.int64), nothing, nothing, nothing, np.ones((1, 2, 1), np.int64)
    )
    try:
        guide.scores(one)
    except (KeyError, ValueError, IndexError) as error:
        raise InputError(
            f"{file.path}: its tensors are not those of this model: {error}; train the guide again"
        ) from None
    return guide
