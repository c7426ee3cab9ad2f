"""What a guide is: a model of which programs are likely for a task.

Three kinds, told apart by type.  A :class:`RuleGuide` gives each production of a grammar a probability; cost-ordered
enumeration runs on that at full speed.  A :class:`SequenceGuide` gives the next token of a program a probability after
every prefix; decoding (beam, sampling) runs on that.  A :class:`ValueGuide` says of values of a partial program how many bits
are still to go.  Probabilities are natural logarithms everywhere, bits are to the base 2.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import numpy as np

from neurosynth.language.grammar import Grammar
from neurosynth.tasks.task import Task

if TYPE_CHECKING:
    from collections.abc import Sequence

    from neurosynth.language.program import Program
    from neurosynth.language.tokens import Vocabulary
    from neurosynth.values.types import TypeConstructor

__all__ = ["GuideState", "RuleGuide", "SequenceGuide", "TimedGuide", "ValueGuide", "WeightedGrammar", "within"]


@dataclass(frozen=True, slots=True)
class WeightedGrammar:
    """A grammar with a log-probability a production, summing to one for each non-terminal."""

    grammar: Grammar
    """The given grammar, or a refinement of it that derives the same programs (one non-terminal a context)."""
    logprobs: np.ndarray
    """(P,) float64, natural log, one a production of ``grammar``."""
    found: tuple[Program, ...] = ()
    """Programs right on every example that the guide came by on the way, the likeliest first."""
    tried: int = 0
    """Programs it ran on the examples to know that."""
    share: float = 1.0
    """Share of the examples that the best of those gets right; 1 where none was run."""


@runtime_checkable
class RuleGuide(Protocol):
    """Gives productions probabilities."""

    @property
    def name(self) -> str:
        """How rows and messages call it."""
        ...

    def predict(self, task: Task, grammar: Grammar) -> WeightedGrammar:
        """Probabilities of the productions for this task."""
        ...


@runtime_checkable
class TimedGuide(Protocol):
    """A rule guide that can be told how long it may take."""

    def within(self, seconds: float) -> RuleGuide:
        """The same guide, whose ``predict`` ends by then and answers with what it has."""
        ...


class GuideState(Protocol):
    """Where a decoder stands: ``B`` prefixes of programs for one task."""

    def log_probs(self) -> np.ndarray:
        """(B, V) float32, natural log: the next token of each prefix, before any mask of the grammar."""
        ...

    def advance(self, parents: np.ndarray, tokens: np.ndarray) -> GuideState:
        """The state of ``B'`` longer prefixes: prefix ``parents[i]`` (B',) followed by token id ``tokens[i]`` (B',)."""
        ...


@runtime_checkable
class SequenceGuide(Protocol):
    """Gives next tokens probabilities."""

    @property
    def name(self) -> str:
        """How rows and messages call it."""
        ...

    @property
    def vocabulary(self) -> Vocabulary:
        """The tokens it speaks, of one language."""
        ...

    def start(self, task: Task) -> GuideState:
        """The state of one empty prefix (``B = 1``), the START token already read."""
        ...


@runtime_checkable
class ValueGuide(Protocol):
    """Judges values that a part of a program has on a task's examples."""

    @property
    def name(self) -> str:
        """How rows and messages call it."""
        ...

    def bits(self, task: Task, values: Sequence[tuple[TypeConstructor, Sequence[Any]]]) -> np.ndarray:
        """(N,) float64: of N values, each a type and what it is on every example, the bits of program still to be written.

        Values are comparable with each other within one task: the fewer bits, the likelier it is a part of a solution.
        """
        ...


def within(guide: RuleGuide, seconds: float) -> RuleGuide:
    """The guide, told how long it may take where it can be told."""
    return guide.within(seconds) if isinstance(guide, TimedGuide) else guide
