"""What searches and strategies propose, and what the pool decides about it."""

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
    """A program that may be right on every example. It is proposed, and then verified and judged."""

    program: Program
    cost: int = 0
    source: str = ""
    """The name of the strategy that made it."""
    leaves: int = 1
    """Leaves of its decision tree; 1 without conditionals."""
    deduced: bool = False
    """Whether it was not found in the order of costs, so that enumeration may still find a better one."""
    guide_proposed: bool = False
    """Whether a guide generated it: it is one of a hundred candidates rather than of millions, and therefore not right
    by coincidence."""
    tried: int = 1
    """How many candidates it counts for; 0 if it was counted with the others of its tile."""


@dataclass(frozen=True, slots=True)
class Tried:
    """A number of candidates that were tried and are not worth proposing; 0 gives the runner a moment to check the
    clock."""

    count: int = 0


PULSE = Tried()
"""Nothing yet."""

Step = Candidate | Tried
"""What a strategy yields."""


class Verdict(enum.Enum):
    """The verdict on a candidate."""

    ACCEPTED = "accepted"
    """It is right on every example, and accepted."""
    PENDING = "pending"
    """It is right on every example, and held back because a better one may come."""
    REFUTED = "refuted"
    """It is wrong on some example."""
    KNOWN = "known"
    """It was judged before, or is no longer wanted."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What a pool decided about a candidate; the runner of the search acts on it."""

    verdict: Verdict
    failing: tuple[int, ...] = ()
    """The examples on which it is wrong."""
    until: float = math.inf
    """Seconds since the start at which the search ends unless a better program is found: now or later."""
    stop: bool = False
    """Whether the search has found enough."""
    widen: tuple[int, ...] = ()
    """Further examples for the search, which then restarts: candidates failed on them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Find:
    """A program that was accepted or held back, with its time: shows what stopping earlier would have missed."""

    program: Program
    seconds: float
    """Seconds since the search began, without compiling and loading."""
    tried: int
    """Number of candidates tried so far."""
    cost: int
    """The cost of the program."""
    reached: int
    """The cost that enumeration had reached."""
    leaves: int
    """Number of leaves of its decision tree."""
    deduced: bool
    wait: float
    """Seconds for which the search was to continue from then on; ``inf`` for as long as before."""


def content(value: Any) -> int:
    """Approximate number of nodes that a program needs to spell out a value: one for each item or character, two for a
    number."""
    if isinstance(value, tuple):
        return 1 + sum(map(content, value))
    if isinstance(value, str):
        return 1 + len(value)
    return 1 if isinstance(value, bool) else 2


def memorises(candidate: Candidate, examples: Sequence[Example]) -> bool:
    """Whether a program contains as much as the outputs: nearly one case for each example, or no smaller than all
    outputs."""
    cases = candidate.leaves > 1 and candidate.leaves * 2 > len(examples)
    return cases or candidate.program.size >= sum(content(e.output) for e in examples)
