"""The inputs of neural guides as tensors of torch: batches of tasks, embeddings of symbols, vectors of tokens.

Letters: ``B`` tasks, ``E`` examples of a task, ``L`` symbols of an example, ``T`` tokens of a program, ``V`` vocabulary,
``S`` slots of the vocabulary (inputs and constants), ``U`` distinct contents of slots, ``M`` symbols of one content,
``D`` width, ``R`` roles (the output, then each input), ``K`` properties, ``N = B·E`` examples of all tasks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from neurosynth.guides.encoding import CONTENT, OUTPUT, SYMBOLS, Sample, arrays_of, symbol_features
from neurosynth.guides.model_config import ModelConfig
from neurosynth.guides.signatures import ANSWERS

__all__ = [
    "Crossing",
    "DecoderFusion",
    "Fusion",
    "SignatureReader",
    "TaskBatch",
    "TokenVectors",
    "Told",
    "batch_of",
    "pooled",
    "pooling",
    "symbol_embedding",
]


@dataclass(frozen=True, slots=True)
class TaskBatch:
    """Tasks with one program each, padded to the longest with 0."""

    symbols: Tensor
    """(B, E, L) int64."""
    lengths: Tensor
    """(B·E,) int64, symbols of each example, at least 1; always on the CPU, as recurrent layers require."""
    contents: Tensor
    """(U, M) int64: symbols of the contents of slots; row 0 is empty."""
    slots: Tensor
    """(B, S) int64: the row of ``contents`` of each slot."""
    programs: Tensor
    """(B, T + 1) int64: START, the program, END, padding."""
    tokens: int
    """Number of tokens to predict: those of all programs with END, without START and padding."""
    answers: Tensor
    """(B, R, F) int64: answers for the output and for each input; R is 1 for models without signatures."""

    @property
    def read(self) -> Tensor:
        """(B, T): the inputs of the decoder."""
        return self.programs[:, :-1]

    @property
    def targets(self) -> Tensor:
        """(B, T): the tokens to predict."""
        return self.programs[:, 1:]

    @property
    def present(self) -> Tensor:
        """(B, E) bool: which examples are not padding."""
        return self.symbols[:, :, 0] != 0

    def to(self, device: torch.device | str, non_blocking: bool = False) -> TaskBatch:
        """The same batch on a device."""
        moved = [
            t.to(device, non_blocking=non_blocking) for t in (self.contents, self.slots, self.programs, self.answers)
        ]
        symbols = self.symbols.to(device, non_blocking=non_blocking)
        return TaskBatch(symbols, self.lengths, moved[0], moved[1], moved[2], self.tokens, moved[3])


def batch_of(samples: Sequence[Sample]) -> TaskBatch:
    """One batch of samples of the same config."""
    made = arrays_of(samples)
    return TaskBatch(
        symbols=torch.from_numpy(made.symbols),
        lengths=torch.from_numpy(made.lengths),
        contents=torch.from_numpy(made.contents),
        slots=torch.from_numpy(made.slots),
        programs=torch.from_numpy(made.programs),
        tokens=made.tokens,
        answers=torch.from_numpy(made.answers),
    )


def symbol_embedding(width: int) -> nn.Embedding:
    """An embedding of the symbols that starts from their common features: half features, half noise."""
    features = torch.from_numpy(symbol_features())  # (symbols, F)
    embedding = nn.Embedding(len(SYMBOLS), width, padding_idx=0)
    nn.init.normal_(embedding.weight)
    known = features @ torch.randn(features.shape[1], width)
    norms = known.norm(dim=1, keepdim=True)
    known = known * (width**0.5 / norms.clamp(min=1e-6))
    mixed = torch.where(norms > 0, (embedding.weight.data + known) / 2**0.5, embedding.weight.data)
    embedding.weight.data.copy_(mixed * width**-0.5)
    return embedding


class TokenVectors(nn.Module):
    """The vector of each token in each task: its own vector, plus that of the content for a slot. A decoder reads the same vectors and
    scores them against its state, so that it can point to a constant by value.
    """

    def __init__(self, vocabulary: int, config: ModelConfig) -> None:
        super().__init__()
        width = config.width
        slots = config.inputs + config.constants
        self.before = vocabulary - config.variables - slots  # number of tokens before the slots
        self.after = config.variables
        self.table = nn.Embedding(vocabulary, width)
        self.positions = nn.Parameter(torch.randn(CONTENT, width) * width**-0.5)
        self.read = nn.Linear(width, width)
        self.write = nn.Linear(width, width, bias=False)
        nn.init.normal_(self.table.weight, std=width**-0.5)

    def forward(self, batch: TaskBatch, symbols: nn.Embedding, inputs: Tensor | None = None) -> Tensor:
        """(B, V, D); ``symbols`` is the embedding of the examples. ``inputs`` (B, up to all input slots, D) is further information
        about the inputs.
        """
        there = (batch.contents != 0).unsqueeze(-1)  # (U, M, 1)
        x = symbols(batch.contents) + self.positions[: batch.contents.shape[1]]  # (U, M, D)
        x = nn.functional.gelu(self.read(x)) * there
        x = self.write(x.sum(1) / there.sum(1).clamp(min=1))  # (U, D), row 0 is zero
        pointed = x[batch.slots]  # (B, S, D)
        if inputs is not None:
            pointed = pointed + nn.functional.pad(inputs, (0, 0, 0, pointed.shape[1] - inputs.shape[1]))
        return self.table.weight + nn.functional.pad(pointed, (0, 0, self.before, self.after))


@dataclass(frozen=True, slots=True)
class Told:
    """The result of a model's signatures for tasks."""

    task: Tensor
    """(B, D)."""
    inputs: Tensor
    """(B, R - 1, D): of each input."""


class SignatureReader(nn.Module):
    """Signatures of the output, of each input and between the two: a vector for the whole task and one for each input."""

    def __init__(self, properties: int, config: ModelConfig) -> None:
        """``properties``: K."""
        super().__init__()
        width = config.width
        self.table = nn.Parameter(torch.randn(ANSWERS * properties, width) * 0.15)
        self.roles = nn.Parameter(torch.randn(1 + config.inputs, width) * width**-0.5)
        self.straight = nn.Linear(2 * width, width, bias=False)
        self.whole = nn.Linear(2 * width, width)
        self.drop = nn.Dropout(config.dropout)
        self.inputs = nn.Linear(width, width, bias=False)

    def forward(self, answers: Tensor) -> Told:
        """Of (B, R, F)."""
        chosen = self.table.new_zeros(*answers.shape[:2], 1 + len(self.table))  # (B, R, 1 + ANSWERS · K)
        chosen = chosen.scatter_(2, answers, 1.0)[..., 1:]
        told = chosen.any(-1, keepdim=True)  # (B, R, 1): roles that are not padding
        added = (chosen @ self.table + self.roles[: answers.shape[1]]) * told  # (B, R, D)
        bent = nn.functional.gelu(added)
        # Half of it is linear: hundreds of tasks, not thousands, then suffice to learn what a property says about the program.
        task = self.straight(self._together(added, told)) + nn.functional.gelu(self.whole(self._together(bent, told)))
        return Told(self.drop(task), self.inputs(self.drop(bent[:, 1:])))

    @staticmethod
    def _together(x: Tensor, told: Tensor) -> Tensor:
        """The output's vector next to the mean of the inputs': (B, R, D) → (B, 2D)."""
        return torch.cat([x[:, 0], x[:, 1:].sum(1) / told[:, 1:].sum(1).clamp(min=1)], dim=-1)


class Fusion(nn.Module):
    """The model's state after the program so far, combined with the signatures of the task."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.state = nn.Linear(width, width)
        self.told = nn.Linear(width, width, bias=False)
        self.out = nn.Linear(width, width)

    def forward(self, state: Tensor, told: Tensor) -> Tensor:
        """``state`` (…, D) and ``told`` of the same tasks, broadcast: the state against which tokens are scored."""
        fused: Tensor = state + self.out(nn.functional.gelu(self.state(state) + self.told(told)))
        return fused


class DecoderFusion(Fusion):
    """The same for a decoder, which also gets the signatures with every input token."""

    def __init__(self, width: int) -> None:
        super().__init__(width)
        self.read = nn.Linear(width, width)


class Crossing(nn.Module):
    """Symbols of an example's inputs attend to those of its output, and vice versa."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.query = nn.Linear(width, width)
        self.key = nn.Linear(width, width)
        self.value = nn.Linear(width, width)
        self.out = nn.Linear(width, width)

    def forward(self, x: Tensor, symbols: Tensor) -> Tensor:
        """(N, L, D) of ``symbols`` (N, L), after crossing."""
        there = symbols != 0
        output = (symbols == OUTPUT).cumsum(-1) > 0  # the output comes last
        mask = (output.unsqueeze(-1) != output.unsqueeze(-2)) & there.unsqueeze(-2)  # (N, L, L)
        mask = mask | ~mask.any(
            -1, keepdim=True
        )  # a symbol with nothing on the other side needs something to attend to
        y = nn.functional.scaled_dot_product_attention(self.query(x), self.key(x), self.value(x), attn_mask=mask)
        crossed: Tensor = x + self.out(y)
        return crossed


def pooled(x: Tensor, present: Tensor, dim: int, weigh: nn.Linear | None) -> Tensor:
    """Vectors of examples (dimension ``dim``) pooled into one, without those that are not ``present``. By default, this is the maximum
    (RobustFill, Devlin et al., 2017); with ``weigh``, each number is a mean over the examples, weighted by a softmax of ``weigh(x)``.
    """
    if weigh is None:
        return x.masked_fill(~present, -torch.inf).amax(dim)
    shares = weigh(x).masked_fill(~present, -torch.inf).softmax(dim)
    mean: Tensor = (shares * x).sum(dim)
    return mean


_SHARPNESS = 4.0
"""Initial value for :func:`pooling`: close to the maximum for numbers from -1 to 1."""


def pooling(width: int) -> nn.Linear:
    """The ``weigh`` of :func:`pooled`, which starts close to the maximum of each number."""
    weigh = nn.Linear(width, width)
    nn.init.eye_(weigh.weight)
    weigh.weight.data *= _SHARPNESS
    nn.init.zeros_(weigh.bias)
    return weigh
