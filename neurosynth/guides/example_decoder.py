"""The common parts of decoders that run once for each example: inputs, agreement of examples, and scores of tokens.

Property signatures are added to every input token and to the pooled state of all examples (:mod:`neurosynth.guides.signatures`).

Letters: ``B`` tasks (or prefixes of one task while decoding), ``E`` examples, ``T`` tokens, ``V`` vocabulary, ``D`` width.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from typing import Generic, Protocol, TypeVar

from torch import Tensor, nn
from torch.nn import functional as F

from neurosynth.guides.model_config import ModelConfig
from neurosynth.guides.task_batch import DecoderFusion, SignatureReader, TaskBatch, TokenVectors, Told
from neurosynth.language.tokens import PAD

__all__ = ["ExampleDecoder", "TaskMemory"]


class TaskMemory(Protocol):
    """The decoder's view of its tasks, computed once."""

    @property
    def vectors(self) -> Tensor:
        """(B, V, D): vectors of the tokens."""
        ...

    @property
    def present(self) -> Tensor:
        """(B, E) bool: examples that are no padding."""
        ...

    @property
    def told(self) -> Told | None:
        """The signatures of the tasks; None for models without them."""
        ...


M = TypeVar("M", bound=TaskMemory)


class ExampleDecoder(nn.Module, ABC, Generic[M]):
    """Encoder and decoder; ``model(batch)`` is the loss.  The parts below are made by the models themselves."""

    config: ModelConfig
    symbols: nn.Embedding
    vectors: TokenVectors
    signatures: SignatureReader | None
    fusion: DecoderFusion | None
    bias: nn.Parameter
    """(V,)."""

    @abstractmethod
    def encode(self, batch: TaskBatch) -> M:
        """Encode the examples, each separately."""

    @abstractmethod
    def agreed(self, memory: M, x: Tensor) -> Tensor:
        """The pooled state of the examples after each of (B, T, D) → (B, T, D)."""

    def forward(self, batch: TaskBatch) -> Tensor:
        """The loss: mean nats per token, without padding."""
        return F.cross_entropy(self.logits(batch).float().flatten(0, 1), batch.targets.flatten(), ignore_index=PAD)

    def logits(self, batch: TaskBatch) -> Tensor:
        """(B, T, V): the score of each next token after the tokens before it."""
        memory = self.encode(batch)
        return self.decode(memory, self.embed(memory, batch.read))

    def embed(self, memory: M, tokens: Tensor) -> Tensor:
        """Input vectors of the decoder: (B, T) → (B, T, D)."""
        index = tokens.unsqueeze(-1).expand(-1, -1, self.config.width)
        x = memory.vectors.gather(1, index) * math.sqrt(self.config.width)
        if memory.told is None or self.fusion is None:
            return x
        read: Tensor = x + self.fusion.read(memory.told.task).unsqueeze(1)
        return read

    def decode(self, memory: M, x: Tensor) -> Tensor:
        """Logits of the next token after each of (B, T, D) → (B, T, V)."""
        return self.score(memory, self.agreed(memory, x))

    def score(self, memory: M, agreed: Tensor) -> Tensor:
        """Logits (B, V) from the pooled state and from the signatures of the tasks."""
        return self._fused(agreed, memory) @ memory.vectors.transpose(1, 2) + self.bias

    def read_tasks(self, batch: TaskBatch) -> tuple[Tensor, Told | None]:
        """The vectors of the tokens (B, V, D), and the signatures of the tasks."""
        told = None if self.signatures is None else self.signatures(batch.answers)
        return self.vectors(batch, self.symbols, None if told is None else told.inputs), told

    # One task, token by token

    def read_tokens(self, memory: M, tokens: Tensor) -> Tensor:
        """Vectors of one more token (B,) of B prefixes of the one task in memory: (B, D)."""
        x = memory.vectors[0, tokens] * math.sqrt(self.config.width)
        if memory.told is None or self.fusion is None:
            return x
        read: Tensor = x + self.fusion.read(memory.told.task)
        return read

    def score_next(self, memory: M, agreed: Tensor) -> Tensor:
        """Logits (B, V) of the next token of those prefixes, from the pooled state of the examples (B, D)."""
        return self._fused(agreed.unsqueeze(0), memory)[0] @ memory.vectors[0].T + self.bias

    def _fused(self, agreed: Tensor, memory: M) -> Tensor:
        """The pooled state of the examples (B, T, D), combined with the signatures of the task."""
        if memory.told is None or self.fusion is None:
            return agreed
        fused: Tensor = self.fusion(agreed, memory.told.task.unsqueeze(1))
        return fused
