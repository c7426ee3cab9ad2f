"""What searches and strategies propose, and what is decided about it."""

from __future__ import annotations

import enum
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from neurosynth.language.program import Program
from neurosynth.tasks.task import Example

__all__ = ["PULSE", "Candidate", "Decision", "Find", "Step", "Tried", "Verdict", "content", "memorises"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A program that may be right on every example: proposed, to be verified and judged."""

    program: Program
    cost: int = 0
    source: str = ""
    """Which strategy made it."""
    leaves: int = 1
    """Leaves of its decision tree; 1 without conditionals."""
    deduced: bool = False
    """Made by other means than in the order of costs: enumeration may still find a better one."""
    guide_proposed: bool = False
    """Written by a guide: one of a hundred and not of millions, so that it is not right by chance."""
    tried: int = 1
    """What it counts for; 0 where it was counted already, with the others of its tile."""


@dataclass(frozen=True, slots=True)
class Tried:
    """Candidates that were tried and are not worth proposing; of none, a moment to look at the clock."""

    count: int = 0


PULSE = Tried()
"""Nothing yet."""

Step = Candidate | Tried
"""What a strategy gives."""


class Verdict(enum.Enum):
    """What became of a candidate."""

    ACCEPTED = "accepted"
    """Right on every example, and taken."""
    PENDING = "pending"
    """Right on every example, and held back while a better one may come."""
    REFUTED = "refuted"
    """Wrong on some example."""
    KNOWN = "known"
    """Judged before, or not wanted any more."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What a pool decided about a candidate, for whoever runs the search to act on."""

    verdict: Verdict
    failing: tuple[int, ...] = ()
    """The examples it is wrong on."""
    until: float = math.inf
    """Seconds since the search began at which it ends, unless something better is found: now, or later."""
    stop: bool = False
    """Whether the search has what it wants."""
    widen: tuple[int, ...] = ()
    """Examples to search on besides, beginning again: candidates failed on them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Find:
    """A program that was accepted or held back, and when: what stopping earlier would have missed."""

    program: Program
    seconds: float
    """Since the search began, compiling and loading left out."""
    tried: int
    """Candidates tried so far."""
    cost: int
    """What the program costs."""
    reached: int
    """The cost that enumeration had come to."""
    leaves: int
    """Of its decision tree."""
    deduced: bool
    wait: float
    """Seconds that the search was to go on for from then on; ``inf`` for as long as before."""


def content(value: Any) -> int:
    """Nodes a program needs to spell out a value, about: one an item or a character, two a number."""
    if isinstance(value, tuple):
        return 1 + sum(map(content, value))
    if isinstance(value, str):
        return 1 + len(value)
    return 1 if isinstance(value, bool) else 2


def memorises(candidate: Candidate, examples: Sequence[Example]) -> bool:
    """Whether a program says no less than the outputs do: nearly a case an example, or no smaller than all of them."""
    cases = candidate.leaves > 1 and candidate.leaves * 2 > len(examples)
    return cases or candidate.program.size >= sum(content(e.output) for e in examples)
