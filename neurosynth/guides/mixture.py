"""Several sequence guides as one: the geometric mean of their probabilities (a product of experts: Hinton, ICANN 1999).

Guides that were trained apart err in different places, so that together they predict tokens better, without further training.

Letters: ``B`` prefixes, ``V`` vocabulary.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from neurosynth.errors import InputError
from neurosynth.guides.base import GuideState, SequenceGuide
from neurosynth.guides.prefixes import Gathers
from neurosynth.language.tokens import Vocabulary
from neurosynth.tasks.task import Task

__all__ = ["Mixture"]


@dataclass(frozen=True)
class Mixture:
    """A sequence guide made of others, which all count alike."""

    guides: tuple[SequenceGuide, ...]
    """Two or more, of the same vocabulary."""

    def __post_init__(self) -> None:
        if len(self.guides) < 2:
            raise InputError(f"Mixture: {len(self.guides)} guides; allowed: two or more")
        first, *others = self.guides
        for other in others:
            if other.vocabulary.tokens != first.vocabulary.tokens:
                raise InputError(
                    f"guides {first.name!r} and {other.name!r} cannot be mixed: their tokens differ "
                    f"({len(first.vocabulary)} and {len(other.vocabulary)}); allowed: guides of one language, with as many slots "
                    "for inputs, constants and variables"
                )

    @property
    def name(self) -> str:
        """The names of all of them, with ``+`` between them."""
        return "+".join(guide.name for guide in self.guides)

    @property
    def vocabulary(self) -> Vocabulary:
        """The tokens that they share."""
        return self.guides[0].vocabulary

    def start(self, task: Task) -> GuideState:
        """The state of one empty prefix.

        Raises:
            InputError: if one of the guides cannot read the task.
        """
        states = tuple(guide.start(task) for guide in self.guides)
        together = _Together(states)
        return _Gathering(together) if all(isinstance(state, Gathers) for state in states) else together


@dataclass(frozen=True, slots=True, eq=False)
class _Together:
    """The states of all guides for the same B prefixes."""

    states: tuple[GuideState, ...]

    def log_probs(self) -> NDArray[np.float32]:
        """(B, V) float32, natural log: the next token of each prefix."""
        mean = np.mean([state.log_probs() for state in self.states], axis=0, dtype=np.float64)
        total = np.logaddexp.reduce(mean, axis=1, keepdims=True)
        mixed = mean - np.where(np.isneginf(total), 0.0, total)  # no token may be possible for all of them
        return mixed.astype(np.float32)

    def advance(self, parents: NDArray[Any], tokens: NDArray[Any]) -> _Together:
        """The state of longer prefixes: prefix ``parents[i]`` followed by token id ``tokens[i]``."""
        return _Together(tuple(state.advance(parents, tokens) for state in self.states))


@dataclass(frozen=True, slots=True, eq=False)
class _Gathering:
    """The same for guides whose states can all be joined."""

    together: _Together

    def log_probs(self) -> NDArray[np.float32]:
        """As in any state."""
        return self.together.log_probs()

    def advance(self, parents: NDArray[Any], tokens: NDArray[Any]) -> _Gathering:
        """As in any state."""
        return _Gathering(self.together.advance(parents, tokens))

    def gather(self, states: Sequence[_Gathering], batch: NDArray[Any], row: NDArray[Any]) -> _Gathering:
        """The state of B prefixes of the same length: prefix ``row[i]`` of ``states[batch[i]]``."""
        joined = []
        for column in zip(*(s.together.states for s in states), strict=True):
            assert isinstance(column[0], Gathers)
            joined.append(column[0].gather(column, batch, row))
        return _Gathering(_Together(tuple(joined)))
