"""The common parts of the numpy models: activations, tensors by name, attention, token vectors, signatures. The same computations as in
task_batch.py, which names their sources and is used for training. All arrays of numbers are float32. Letters: ``E`` examples, ``L``
symbols of an example, ``V`` vocabulary, ``D`` width, ``U`` distinct contents of slots, ``M`` symbols of one, ``R`` roles (the output,
then each input), ``F`` answers about one role.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from neurosynth.guides.encoding import OUTPUT, SampleArrays
from neurosynth.guides.model_config import ModelConfig

__all__ = [
    "ACTIVATIONS",
    "Floats",
    "NumpyTold",
    "Weights",
    "crossing",
    "fused",
    "gelu",
    "log_softmax",
    "look",
    "pooled",
    "read_beside",
    "sigmoid",
    "signature",
    "token_vectors",
]

Floats = NDArray[np.float32]


def sigmoid(x: Floats) -> Floats:
    """``1 / (1 + e^-x)``, in a form that cannot overflow."""
    result: Floats = 0.5 * np.tanh(0.5 * x) + 0.5
    return result


def relu(x: Floats) -> Floats:
    """The positive part."""
    return np.maximum(x, np.float32(0))


ACTIVATIONS: dict[str, Callable[[Floats], Floats]] = {"sigmoid": sigmoid, "tanh": np.tanh, "relu": relu}


_SERIES = (0.5 * 1.061405429, 0.5 * -1.453152027, 0.5 * 1.421413741, 0.5 * -0.284496736, 0.5 * 0.254829592)


def gelu(x: Floats) -> Floats:
    """``x Φ(x)``; the error of the error function is at most 1.5e-7 (Abramowitz and Stegun, 1964, 7.1.26)."""
    z: Floats = np.abs(x)
    t = 1 / (1 + np.float32(0.3275911 / math.sqrt(2)) * z)
    tail = t * np.float32(_SERIES[0])
    for c in _SERIES[1:]:
        tail += np.float32(c)
        tail *= t
    tail *= np.exp(np.float32(-0.5) * z * z)  # 1 - Φ(|x|)
    y = relu(x)
    y -= z * tail
    return y


def softmax(x: Floats) -> Floats:
    """Over the last dimension."""
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    result: Floats = e / e.sum(axis=-1, keepdims=True)
    return result


def log_softmax(x: Floats) -> Floats:
    """Over the last dimension."""
    shifted = x - x.max(axis=-1, keepdims=True)
    result: Floats = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return result


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """Tensors of a module by name, below one prefix."""

    arrays: Mapping[str, Floats]
    part: str = ""

    def __getitem__(self, name: str) -> Floats:
        return self.arrays[self.part + name]

    def of(self, part: str) -> Weights:
        """The tensors of a part."""
        return Weights(self.arrays, f"{self.part}{part}.")

    def linear(self, x: Floats) -> Floats:
        """``x Wᵀ + b``, without ``b`` if there is none."""
        weight, bias = self["weight"], self.arrays.get(self.part + "bias")
        y: Floats = (
            x.reshape(-1, x.shape[-1]) @ weight.T
        )  # one product of matrices instead of one for each row of the other dimensions
        if bias is not None:
            y += bias
        return y.reshape(*x.shape[:-1], len(weight))

    def norm(self, x: Floats) -> Floats:
        """Mean 0 and variance 1 over the last dimension, then scaled and shifted."""
        centred = x - x.mean(axis=-1, keepdims=True)
        variance = (centred * centred).mean(axis=-1, keepdims=True)
        result: Floats = centred / np.sqrt(variance + np.float32(1e-5)) * self["weight"] + self["bias"]
        return result


@dataclass(frozen=True, slots=True, eq=False)
class NumpyTold:
    """The result of a model's signatures for a task."""

    vector: Floats
    """(D,): of the whole task."""
    scored: Floats
    """(D,): combined with the pooled state of the examples."""
    inputs: Floats
    """(R - 1, D): of each input."""


def signature(weights: Weights, config: ModelConfig, task: SampleArrays) -> NumpyTold | None:
    """The signatures of a task; None for models without them."""
    if not config.signatures:
        return None
    own, answers = weights.of("signatures"), task.answers[0]  # (R, F)
    table = np.concatenate([np.zeros((1, config.width), np.float32), own["table"]])
    told = (answers != 0).any(axis=1, keepdims=True)  # (R, 1)
    added = (table[answers].sum(axis=1) + own["roles"][: len(answers)]) * told  # (R, D)
    bent = gelu(added)
    inputs = np.float32(max(int(told[1:].sum()), 1))
    straight, whole = (np.concatenate([x[0], x[1:].sum(axis=0) / inputs]) for x in (added, bent))
    vector = own.of("straight").linear(straight) + gelu(own.of("whole").linear(whole))  # (D,)
    scored = weights.of("fusion")["told.weight"] @ vector
    return NumpyTold(vector, scored, bent[1:] @ own["inputs.weight"].T)


def read_beside(weights: Weights, told: NumpyTold | None) -> Floats | float:
    """The vector that a decoder adds to every input token: (D,), or nothing."""
    return 0.0 if told is None else weights.of("fusion.read").linear(told.vector)


def fused(weights: Weights, state: Floats, told: NumpyTold | None) -> Floats:
    """The pooled state of the examples (…, D), combined with the signatures of the task."""
    if told is None:
        return state
    own = weights.of("fusion")
    result: Floats = state + own.of("out").linear(gelu(own.of("state").linear(state) + told.scored))
    return result


def crossing(weights: Weights, x: Floats, symbols: NDArray[np.int64]) -> Floats:
    """Symbols (E, L) of inputs, as vectors (E, L, D), attend to those of the output, and vice versa."""
    own, there = weights.of("crossing"), symbols != 0
    output = (symbols == OUTPUT).cumsum(axis=-1) > 0  # the output comes last
    mask = (output[:, :, None] != output[:, None, :]) & there[:, None, :]  # (E, L, L)
    mask |= ~mask.any(axis=-1, keepdims=True)
    y = look(own.of("query").linear(x), own.of("key").linear(x), own.of("value").linear(x), mask)
    result: Floats = x + own.of("out").linear(y)
    return result


def pooled(weights: Weights, x: Floats, axis: int, pool: str) -> Floats:
    """Vectors of examples pooled into one: the ``max`` of each number, or a mean by ``attention``."""
    if pool == "max":
        best: Floats = x.max(axis=axis)
        return best
    scores = weights.of("weigh").linear(x)
    e = np.exp(scores - scores.max(axis=axis, keepdims=True))
    result: Floats = (e * x).sum(axis=axis) / e.sum(axis=axis)
    return result


def token_vectors(weights: Weights, config: ModelConfig, task: SampleArrays, told: NumpyTold | None) -> Floats:
    """(V, D): the vector of each token in this task: its own vector, plus that of the content for a slot, plus that of the signature
    for an input.
    """
    own, contents = weights.of("vectors"), task.contents
    there = (contents != 0)[..., None]  # (U, M, 1)
    x = weights["symbols.weight"][contents] + own["positions"][: contents.shape[1]]  # (U, M, D)
    x = gelu(own.of("read").linear(x)) * there
    x = own.of("write").linear(x.sum(axis=1) / np.maximum(there.sum(axis=1), 1).astype(np.float32))  # (U, D)
    vectors = own["table.weight"].copy()
    slots = task.slots[0]
    before = len(vectors) - config.variables - len(slots)
    vectors[before : before + len(slots)] += x[slots]
    if told is not None:
        vectors[before : before + len(told.inputs)] += told.inputs
    return vectors


def look(queries: Floats, keys: Floats, values: Floats, mask: NDArray[np.bool_]) -> Floats:
    """``softmax(Q Kᵀ / √d) V`` over the last two dimensions; ``mask`` is True where attention is allowed."""
    scores = queries @ np.swapaxes(keys, -1, -2) * np.float32(1 / math.sqrt(queries.shape[-1]))
    result: Floats = softmax(np.where(mask, scores, np.float32(-np.inf))) @ values
    return result
