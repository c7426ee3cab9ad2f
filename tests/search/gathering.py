"""A guide with random scores whose states take prefixes of several states together, as neural ones do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from neurosynth.guides.base import GuideState
from neurosynth.language.tokens import Vocabulary
from neurosynth.tasks.task import Task
from tests.guides.counting import Noise

__all__ = ["GatheringNoise"]


@dataclass(frozen=True, eq=False)
class GatheringNoise:
    """The scores of :class:`Noise`; notes how large the batches are that it is asked about."""

    vocabulary: Vocabulary
    seed: int = 0
    name: str = field(default="gathering noise", init=False)
    sizes: list[int] = field(default_factory=list)
    gathered: list[int] = field(default_factory=list)
    """From how many states at a time."""

    def start(self, task: Task) -> _State:
        """One empty prefix."""
        return _State(self, Noise(self.vocabulary, self.seed).start(task))


@dataclass(frozen=True, eq=False)
class _State:
    guide: GatheringNoise
    inner: Any

    def log_probs(self) -> NDArray[np.float32]:
        """(B, V) scores, normalised."""
        scores: NDArray[np.float32] = self.inner.log_probs()
        return scores

    def advance(self, parents: NDArray[Any], tokens: NDArray[Any]) -> GuideState:
        """The longer prefixes."""
        self.guide.sizes.append(len(tokens))
        return _State(self.guide, self.inner.advance(parents, tokens))

    def gather(self, states: Sequence[_State], batch: NDArray[Any], row: NDArray[Any]) -> GuideState:
        """Prefixes of several states."""
        self.guide.gathered.append(len(states))
        prefixes = [states[b].inner.prefixes[r] for b, r in zip(batch.tolist(), row.tolist(), strict=True)]
        assert len({len(p) for p in prefixes}) <= 1, "only prefixes of one length are gathered"
        return _State(self.guide, type(self.inner)(self.inner.guide, prefixes))
