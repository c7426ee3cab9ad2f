"""The neural models without torch: the same results in numpy, for one task at a time.

The same computations as in recurrent.py, transformer.py, feedforward.py and task_batch.py, which name their sources and are used for
training; log-probabilities agree to 1e-4. Loading torch takes longer than most tasks. Read bottom up.

Letters: ``B`` prefixes of one task's programs, ``E`` examples, ``L`` symbols of an example, ``t`` tokens so far, ``V``
vocabulary, ``D`` width, ``K`` layers, ``H`` heads, ``d = D / H``, ``U`` distinct contents of slots, ``M`` symbols of one.
All arrays of numbers are float32.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from neurosynth.errors import InputError
from neurosynth.guides.encoding import OUTPUT, SampleArrays
from neurosynth.guides.model_config import FeedForward, Recurrent, Transformer
from neurosynth.guides.numpy_parts import (
    ACTIVATIONS,
    Floats,
    NumpyTold,
    Weights,
    crossing,
    fused,
    gelu,
    look,
    pooled,
    read_beside,
    sigmoid,
    signature,
    token_vectors,
)

__all__ = ["NumpyFeedForward", "NumpyRecurrent", "NumpyTransformer"]

Cache = tuple[Floats, ...]
"""The state of each prefix, B first."""


# The recurrent model


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """One layer of recurrent cells, in one direction: ``lstm``, ``gru`` or ``rnn``."""

    kind: str
    activation: Callable[[Floats], Floats]
    weights: Weights
    layer: str
    """``l0``, or ``l0_reverse``."""

    def inputs(self, x: Floats) -> Floats:
        """The contribution of the inputs to the gates, for all steps at once."""
        y: Floats = x @ self.weights[f"weight_ih_{self.layer}"].T + self.weights[f"bias_ih_{self.layer}"]
        return y

    def step(self, given: Floats, state: tuple[Floats, ...]) -> tuple[Floats, ...]:
        """The state after one step; ``given`` are the contributions of the inputs to the gates. (N, D) each, the output first."""
        h = state[0]
        own = h @ self.weights[f"weight_hh_{self.layer}"].T + self.weights[f"bias_hh_{self.layer}"]
        width = h.shape[-1]
        if self.kind == "lstm":
            gates = given + own
            i, f, o = (sigmoid(gates[:, k * width : (k + 1) * width]) for k in (0, 1, 3))
            c = f * state[1] + i * np.tanh(gates[:, 2 * width : 3 * width])
            return o * np.tanh(c), c
        if self.kind == "gru":
            r, z = (sigmoid(given[:, k : k + width] + own[:, k : k + width]) for k in (0, width))
            n = np.tanh(given[:, 2 * width :] + r * own[:, 2 * width :])
            return ((1 - z) * n + z * h,)
        return (self.activation(given + own),)


@dataclass(frozen=True, slots=True, eq=False)
class RecurrentTask:
    """The model's view of a task, computed once."""

    vectors: Floats
    """(V, D): vectors of the tokens."""
    outputs: Floats
    """(E, L, D): outputs of the encoder."""
    mask: NDArray[np.bool_]
    """(E, 1, L): symbols that are not padding."""
    state: tuple[Floats, ...]
    """(K, E, D) each: the initial state of the decoder."""
    told: NumpyTold | None
    """The signatures of the task; None for models without them."""
    beside: Floats | float
    """(D,): added to every input token."""


@dataclass(frozen=True, slots=True, eq=False)
class NumpyRecurrent:
    """The model of recurrent.py."""

    weights: Weights
    config: Recurrent

    def _cell(self, stack: str, layer: str) -> Cell:
        activation = ACTIVATIONS[self.config.activation]
        return Cell(self.config.cell, activation, self.weights.of(f"{stack}.cells"), layer)

    @property
    def _states(self) -> int:
        return 2 if self.config.cell == "lstm" else 1

    def encode(self, task: SampleArrays) -> RecurrentTask:
        """Encode the examples, each separately."""
        symbols, config = task.symbols[0], self.config  # (E, L)
        x = self.weights["symbols.weight"][symbols] * np.float32(math.sqrt(config.width))  # (E, L, D)
        ends = []
        for layer in range(config.layers):
            ways = [self._read(x, task.lengths, f"l{layer}"), self._read(x, task.lengths, f"l{layer}_reverse")]
            x = np.concatenate([y for y, _ in ways], axis=-1)  # (E, L, D)
            ends = [end for _, end in ways]
        if config.crossing:
            x = crossing(self.weights, x, symbols)
        state = np.tanh(self.weights.of("bridge").linear(np.concatenate(ends, axis=-1)))
        start = state.reshape(len(symbols), self._states, config.layers, -1).transpose(1, 2, 0, 3)
        told = signature(self.weights, config, task)
        vectors = token_vectors(self.weights, config, task, told)
        return RecurrentTask(
            vectors, x, (symbols != 0)[:, None, :], tuple(start), told, read_beside(self.weights, told)
        )

    def _read(self, x: Floats, lengths: NDArray[np.int64], layer: str) -> tuple[Floats, Floats]:
        """One direction over sequences (E, L, inputs): outputs (E, L, D / 2), 0 beyond their ends, and the last state (E, D / 2)."""
        cell, width = self._cell("encoder", layer), self.config.width // 2
        places = np.arange(x.shape[1])
        if layer.endswith("reverse"):  # from the end of each back to its beginning
            order = np.where(places < lengths[:, None], lengths[:, None] - 1 - places, places)
            x = np.take_along_axis(x, order[..., None], axis=1)
        given = cell.inputs(x)
        state = (np.zeros((len(x), width), np.float32),) * self._states
        outputs = np.zeros((*x.shape[:2], width), np.float32)
        for place in range(x.shape[1]):
            on = (place < lengths)[:, None]
            state = tuple(np.where(on, a, b) for a, b in zip(cell.step(given[:, place], state), state, strict=True))
            outputs[:, place] = state[0] * on
        if layer.endswith("reverse"):
            outputs = np.take_along_axis(outputs, order[..., None], axis=1)
        return outputs, state[0]

    def first(self, memory: RecurrentTask) -> Cache:
        """The cache before any token: the decoder's states, (1, E, K, D) each."""
        return tuple(s.transpose(1, 0, 2)[None] for s in memory.state)

    def step(self, memory: RecurrentTask, cache: Cache, tokens: NDArray[np.int64]) -> tuple[Floats, Cache]:
        """One more token (B,) of B prefixes: logits (B, V), and the cache after it."""
        examples, prefixes, width = len(memory.outputs), len(tokens), self.config.width
        x = memory.vectors[tokens] * np.float32(math.sqrt(width))  # (B, D)
        x = x + memory.beside
        state = [s.reshape(prefixes * examples, -1, width) for s in cache]  # (B·E, K, D) each
        first = self._cell("first_cells", "l0")
        below = first.step(np.repeat(first.inputs(x), examples, axis=0), tuple(s[:, 0] for s in state))
        queries = self.weights.of("query").linear(below[0]).reshape(prefixes, examples, width).transpose(1, 0, 2)
        found = look(queries, memory.outputs, memory.outputs, memory.mask)  # (E, B, D)
        found = found.transpose(1, 0, 2).reshape(prefixes * examples, width)
        y, after = np.concatenate([below[0], found], axis=-1), [below]
        for layer in range(self.config.layers - 1):
            cell = self._cell("other_cells", f"l{layer}")
            after.append(cell.step(cell.inputs(y), tuple(s[:, layer + 1] for s in state)))
            y = after[-1][0]
        both = np.concatenate([y, found], axis=-1).reshape(prefixes, examples, -1)  # (B, E, 2D)
        agreed = pooled(self.weights, np.tanh(self.weights.of("agree").linear(both)), 1, self.config.pool)  # (B, D)
        agreed = fused(self.weights, agreed, memory.told)
        grown = (np.stack(s, axis=1).reshape(prefixes, examples, -1, width) for s in zip(*after, strict=True))
        return agreed @ memory.vectors.T + self.weights["bias"], tuple(grown)


# The transformer


@dataclass(frozen=True, slots=True, eq=False)
class TransformerTask:
    """The model's view of a task, computed once."""

    vectors: Floats
    """(V, D): vectors of the tokens."""
    keys_values: tuple[tuple[Floats, Floats], ...]
    """For each decoder layer: twice (E, H, L, d)."""
    mask: NDArray[np.bool_]
    """(E, 1, 1, L): symbols that are not padding."""
    told: NumpyTold | None
    """The signatures of the task; None for models without them."""
    beside: Floats | float
    """(D,): added to every input token."""


@dataclass(frozen=True, slots=True, eq=False)
class NumpyTransformer:
    """The model of transformer.py."""

    weights: Weights
    config: Transformer
    places: Floats
    """(longest, D): vectors of positions."""

    @staticmethod
    def of(weights: Weights, config: Transformer) -> NumpyTransformer:
        """Adds the position vectors, which are not among the weights."""
        longest, width = max(config.max_length, config.max_tokens + 1), config.width
        if config.positions == "learned":
            return NumpyTransformer(weights, config, weights["places"])
        rates = np.exp(np.arange(0, width, 2, dtype=np.float32) * np.float32(-math.log(10_000.0) / width))
        angles = np.arange(longest, dtype=np.float32)[:, None] * rates  # (longest, D / 2)
        places = np.stack([np.sin(angles), np.cos(angles)], axis=-1).reshape(longest, width)
        return NumpyTransformer(weights, config, places)

    def _split(self, x: Floats) -> Floats:
        """(N, T, D) → (N, H, T, d)."""
        return x.reshape(*x.shape[:2], self.config.heads, -1).transpose(0, 2, 1, 3)

    def _attend(self, own: Weights, q: Floats, k: Floats, v: Floats, mask: NDArray[np.bool_]) -> Floats:
        """Queries (N, H, T, d) at keys and values (N, H, L, d) → (N, T, D)."""
        y = look(q, k, v, mask).transpose(0, 2, 1, 3)
        return own.of("out").linear(y.reshape(*y.shape[:2], -1))

    def _mlp(self, own: Weights, x: Floats) -> Floats:
        return own.of("3").linear(gelu(own.of("1").linear(own.of("0").norm(x))))

    def encode(self, task: SampleArrays) -> TransformerTask:
        """Encode the examples, each separately."""
        symbols = task.symbols[0]  # (E, L)
        mask = (symbols != 0)[:, None, None, :]
        x = self.weights["symbols.weight"][symbols] * np.float32(math.sqrt(self.config.width))
        x = x + self.places[: symbols.shape[1]]  # (E, L, D)
        for layer in range(self.config.layers):
            own = self.weights.of(f"encoder.{layer}")
            h, part = own.of("norm").norm(x), own.of("attention")
            q, k, v = (self._split(part.of(name).linear(h)) for name in ("query", "key", "value"))
            x = x + self._attend(part, q, k, v, mask)
            x = x + self._mlp(own.of("mlp"), x)
        x = self.weights.of("encoder_norm").norm(x)
        remembered = []
        for layer in range(self.config.layers):
            part = self.weights.of(f"decoder.{layer}.cross")
            remembered.append((self._split(part.of("key").linear(x)), self._split(part.of("value").linear(x))))
        told = signature(self.weights, self.config, task)
        return TransformerTask(
            token_vectors(self.weights, self.config, task, told),
            tuple(remembered),
            mask,
            told,
            read_beside(self.weights, told),
        )

    def first(self, memory: TransformerTask) -> Cache:
        """The cache before any token: for each layer, no keys and values, (1, E, 2, H, 0, d)."""
        examples, heads, _, d = memory.keys_values[0][0].shape
        return tuple(np.zeros((1, examples, 2, heads, 0, d), np.float32) for _ in memory.keys_values)

    def step(self, memory: TransformerTask, cache: Cache, tokens: NDArray[np.int64]) -> tuple[Floats, Cache]:
        """One more token (B,) of B prefixes: logits (B, V), and the cache after it.

        Raises: InputError: beyond the last position.
        """
        place = cache[0].shape[4]
        if place >= len(self.places):
            raise InputError(
                f"the transformer has {len(self.places)} positions and the program is longer; "
                "decode with a smaller max_tokens or train with a larger one"
            )
        examples = len(memory.mask)
        x = memory.vectors[tokens] * np.float32(math.sqrt(self.config.width))  # (B, D)
        x = x + memory.beside + self.places[place]
        x = np.broadcast_to(x, (examples, *x.shape))  # (E, B, D): prefixes take the place of tokens
        grown = []
        for layer, ((k, v), old) in enumerate(zip(memory.keys_values, cache, strict=True)):
            own = self.weights.of(f"decoder.{layer}")
            past, both = self._past(own, x, old)
            x = x + past
            cross = own.of("cross")
            q = self._split(cross.of("query").linear(own.of("cross_norm").norm(x)))
            x = x + self._attend(cross, q, k, v, memory.mask)
            x = x + self._mlp(own.of("mlp"), x)
            grown.append(both)
        heard = np.tanh(self.weights.of("agree").linear(self.weights.of("decoder_norm").norm(x)))  # (E, B, D)
        agreed = fused(self.weights, pooled(self.weights, heard, 0, self.config.pool), memory.told)  # (B, D)
        return agreed @ memory.vectors.T + self.weights["bias"], tuple(grown)

    def _past(self, own: Weights, x: Floats, old: Floats) -> tuple[Floats, Floats]:
        """The contribution of the tokens so far (E, B, D), and their keys and values with those of this one (B, E, 2, H, t + 1, d)."""
        examples, prefixes = x.shape[:2]
        h, part = own.of("norm").norm(x).transpose(1, 0, 2), own.of("past")  # (B, E, D)
        q, k, v = (
            part.of(name).linear(h).reshape(*h.shape[:2], self.config.heads, 1, -1)
            for name in ("query", "key", "value")
        )
        both = np.concatenate([old, np.stack([k, v], axis=2)], axis=4)  # (B, E, 2, H, t + 1, d)
        y = look(q, both[:, :, 0], both[:, :, 1], np.ones(1, np.bool_))  # (B, E, H, 1, d)
        return part.of("out").linear(y.reshape(prefixes, examples, -1)).transpose(1, 0, 2), both


# The feed-forward model


@dataclass(frozen=True, slots=True, eq=False)
class NumpyFeedForward:
    """The model of feedforward.py."""

    weights: Weights
    config: FeedForward

    def logits(self, task: SampleArrays) -> Floats:
        """(V,): the log-odds that each token occurs in the program."""
        symbols, width = task.symbols[0], self.config.width  # (E, L)
        x = self.weights["symbols.weight"][symbols] + self.weights["places"][: symbols.shape[-1]]  # (E, L, D)
        x = gelu(self.weights.of("read").linear(x * np.float32(math.sqrt(width))))
        if self.config.crossing:
            x = crossing(self.weights, x, symbols)
        output = (symbols == OUTPUT).cumsum(axis=-1) > 0  # the output comes last
        parts = []
        for part in ((symbols != 0) & ~output, (symbols != 0) & output):  # (E, L)
            shares = (part / np.maximum(part.sum(axis=-1, keepdims=True), 1)).astype(np.float32)
            parts.append((shares[:, None] @ x)[:, 0])  # (E, D)
        examples = self._perceptrons("example", np.concatenate(parts, axis=-1))
        together = (
            examples.mean(axis=0) if self.config.pool == "mean" else pooled(self.weights, examples, 0, self.config.pool)
        )
        told = signature(self.weights, self.config, task)
        state = fused(self.weights, self.weights.of("out").linear(self._perceptrons("task", together)), told)  # (D,)
        logits: Floats = token_vectors(self.weights, self.config, task, told) @ state + self.weights["bias"]
        return logits

    def _perceptrons(self, stack: str, x: Floats) -> Floats:
        activation = ACTIVATIONS[self.config.activation]
        for layer in range(self.config.layers):
            x = activation(self.weights.of(f"{stack}.{3 * layer}").linear(x))  # an activation and dropout for each
        return x
