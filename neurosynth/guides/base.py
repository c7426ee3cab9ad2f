"""What a guide is: a model of which programs are likely for a task.

There are three kinds, distinguished by type. A :class:`RuleGuide` gives each production of a grammar a probability; cost-ordered
enumeration uses these at full speed. A :class:`SequenceGuide` gives the next token of a program a probability after every prefix;
decoding (beam, sampling) uses these. A :class:`ValueGuide` estimates for values of a partial program how many bits are still missing.
Probabilities are natural logarithms everywhere, bits are to the base 2.
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

__all__ = [
    "GuideState",
    "KnowsUsual",
    "RuleGuide",
    "SequenceGuide",
    "TimedGuide",
    "ValueGuide",
    "WeightedGrammar",
    "within",
]


@dataclass(frozen=True, slots=True)
class WeightedGrammar:
    """A grammar with a log-probability for each production; probabilities sum to one for each non-terminal."""

    grammar: Grammar
    """The given grammar, or a refinement of it that derives the same programs (one non-terminal for each context)."""
    logprobs: np.ndarray
    """(P,) float64, natural log, one for each production of ``grammar``."""
    found: tuple[Program, ...] = ()
    """Programs, right on every example, that the guide found on the way, the likeliest first."""
    tried: int = 0
    """Number of programs that it ran on the examples for this."""
    share: float = 1.0
    """Share of the examples on which the best of those is right; 1 if none was run."""


@runtime_checkable
class RuleGuide(Protocol):
    """Gives probabilities of productions."""

    @property
    def name(self) -> str:
        """Its name in rows and messages."""
        ...

    def predict(self, task: Task, grammar: Grammar) -> WeightedGrammar:
        """Probabilities of the productions for this task."""
        ...


@runtime_checkable
class KnowsUsual(Protocol):
    """A guide that brings another one for the parts that a language declares as usual."""

    def usual(self) -> RuleGuide | None:
        """That guide, which weights the grammar that it is given; None if there is none.

        Raises:
            InputError: if loading it fails.
        """
        ...


@runtime_checkable
class TimedGuide(Protocol):
    """A rule guide that accepts a limit on its time."""

    def within(self, seconds: float) -> RuleGuide:
        """The same guide, whose ``predict`` ends by then and answers with what it has."""
        ...


class GuideState(Protocol):
    """The state of a decoder: ``B`` prefixes of programs for one task."""

    def log_probs(self) -> np.ndarray:
        """(B, V) float32, natural log: the next token of each prefix, before any mask of the grammar."""
        ...

    def advance(self, parents: np.ndarray, tokens: np.ndarray) -> GuideState:
        """The state of ``B'`` longer prefixes: prefix ``parents[i]`` (B',) followed by token id ``tokens[i]`` (B',)."""
        ...


@runtime_checkable
class SequenceGuide(Protocol):
    """Gives probabilities of next tokens."""

    @property
    def name(self) -> str:
        """Its name in rows and messages."""
        ...

    @property
    def vocabulary(self) -> Vocabulary:
        """Its tokens, which belong to one language."""
        ...

    def start(self, task: Task) -> GuideState:
        """The state of one empty prefix (``B = 1``), after the START token."""
        ...


@runtime_checkable
class ValueGuide(Protocol):
    """Scores the values that a part of a program has on a task's examples."""

    @property
    def name(self) -> str:
        """Its name in rows and messages."""
        ...

    def bits(self, task: Task, values: Sequence[tuple[TypeConstructor, Sequence[Any]]]) -> np.ndarray:
        """(N,) float64: for N values, each given by a type and its value on every example, the bits of program that are still missing.

        Scores are comparable within one task: the fewer bits, the likelier the value is part of a solution.
        """
        ...


def within(guide: RuleGuide, seconds: float) -> RuleGuide:
    """The guide, with a limit on its time if it accepts one."""
    return guide.within(seconds) if isinstance(guide, TimedGuide) else guide
