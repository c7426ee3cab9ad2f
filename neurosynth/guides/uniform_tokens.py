"""The uninformed sequence guide, with which all others are compared."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from neurosynth.language.tokens import PAD, START, Vocabulary
from neurosynth.tasks.task import Task

__all__ = ["UniformTokens"]


@dataclass(frozen=True, eq=False)
class UniformTokens:
    """Every token is equally likely; under the mask of a grammar every completable one."""

    vocabulary: Vocabulary
    name: str = field(default="uniform tokens", init=False)

    def start(self, task: Task) -> _UniformState:
        """The state of one empty prefix; it does not depend on the task."""
        row = np.full(len(self.vocabulary), -np.log(len(self.vocabulary) - 2), dtype=np.float32)
        row[[PAD, START]] = -np.inf
        return _UniformState(row, 1)


@dataclass(frozen=True, slots=True, eq=False)
class _UniformState:
    row: NDArray[np.float32]
    size: int

    def log_probs(self) -> NDArray[np.float32]:
        """(B, V) float32, natural log."""
        return np.tile(self.row, (self.size, 1))

    def advance(self, parents: NDArray[Any], tokens: NDArray[Any]) -> _UniformState:
        """The extended prefixes."""
        return _UniformState(self.row, len(tokens))
