"""What the neural guides read, as tensors of torch: batches of tasks, embeddings of symbols, vectors of tokens.

Letters: ``B`` tasks, ``E`` examples of a task, ``L`` symbols of an example, ``T`` tokens of a program, ``V`` vocabulary,
``S`` slots of the vocabulary (inputs and constants), ``U`` distinct contents of slots, ``M`` symbols of one content,
``D`` width.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from neurosynth.guides.encoding import CONTENT, SYMBOLS, Sample, arrays_of, symbol_features
from neurosynth.guides.model_config import ModelConfig

__all__ = ["TaskBatch", "TokenVectors", "batch_of", "symbol_embedding"]


@dataclass(frozen=True, slots=True)
class TaskBatch:
    """Tasks with one program each, padded to the longest with 0."""

    symbols: Tensor
    """(B, E, L) int64."""
    lengths: Tensor
    """(B·E,) int64, symbols of each example, at least 1; on the CPU always, where recurrent layers want it."""
    contents: Tensor
    """(U, M) int64: symbols slots point to; row 0 is nothing."""
    slots: Tensor
    """(B, S) int64: the row of ``contents`` of each slot."""
    programs: Tensor
    """(B, T + 1) int64: START, the program, END, padding."""
    tokens: int
    """Tokens predicted: of all programs with END, without START and padding."""

    @property
    def read(self) -> Tensor:
        """(B, T): what the decoder is given."""
        return self.programs[:, :-1]

    @property
    def targets(self) -> Tensor:
        """(B, T): what it should say next."""
        return self.programs[:, 1:]

    @property
    def present(self) -> Tensor:
        """(B, E) bool: which examples are there."""
        return self.symbols[:, :, 0] != 0

    def to(self, device: torch.device | str, non_blocking: bool = False) -> TaskBatch:
        """The same on a device."""
        moved = [t.to(device, non_blocking=non_blocking) for t in (self.contents, self.slots, self.programs)]
        symbols = self.symbols.to(device, non_blocking=non_blocking)
        return TaskBatch(symbols, self.lengths, moved[0], moved[1], moved[2], self.tokens)


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
    )


def symbol_embedding(width: int) -> nn.Embedding:
    """An embedding of the symbols that begins with what they have in common: half of it is that, half is noise."""
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
    """What each token means in each task: its own vector, and for a slot that of what it points to added.

    The same vectors are read by a decoder and scored against its state, so that it can point to a constant by value.
    """

    def __init__(self, vocabulary: int, config: ModelConfig) -> None:
        super().__init__()
        width = config.width
        slots = config.inputs + config.constants
        self.before = vocabulary - config.variables - slots  # tokens that come before the slots
        self.after = config.variables
        self.table = nn.Embedding(vocabulary, width)
        self.positions = nn.Parameter(torch.randn(CONTENT, width) * width**-0.5)
        self.read = nn.Linear(width, width)
        self.write = nn.Linear(width, width, bias=False)
        nn.init.normal_(self.table.weight, std=width**-0.5)

    def forward(self, batch: TaskBatch, symbols: nn.Embedding) -> Tensor:
        """(B, V, D); ``symbols`` is the embedding the examples are read with."""
        there = (batch.contents != 0).unsqueeze(-1)  # (U, M, 1)
        x = symbols(batch.contents) + self.positions[: batch.contents.shape[1]]  # (U, M, D)
        x = nn.functional.gelu(self.read(x)) * there
        x = self.write(x.sum(1) / there.sum(1).clamp(min=1))  # (U, D), row 0 is zero
        pointed = x[batch.slots]  # (B, S, D)
        return self.table.weight + nn.functional.pad(pointed, (0, 0, self.before, self.after))
