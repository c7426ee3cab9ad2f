"""Programs found by other means than enumeration: how long to wait for a better one before one of them is the answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from neurosynth.language.program import Program
from neurosynth.tasks.task import Example

__all__ = ["Candidate", "content", "grace", "memorises"]

SHORT = 16
"""Cost up to which a deduced program is taken to be about as good as an enumerated one."""
MEMORISER = 0.85
"""Share of the time left that a program which only spells out the outputs waits for another."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A program found by other means than enumeration."""

    program: Program
    cost: int
    leaves: int = 1
    """Leaves of its decision tree; 1 without conditionals."""


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


def grace(candidate: Candidate, examples: Sequence[Example], *, cost: int, spent: float, left: float) -> float:
    """Seconds to search on after a proposal: not at all when enumeration has come as far as its cost, long for a tree,
    nearly to the end for a program that memorises.

    Args:
        proposal: a program that is right on every example.
        examples: all of the task's.
        cost: the level enumeration is at.
        spent: seconds since the search began.
        left: seconds until its limit.
    """
    if memorises(candidate, examples):
        return MEMORISER * left
    if candidate.leaves > 1:
        wait = max(0.5, 1.5 * spent)
    elif candidate.cost <= cost + 1:
        wait = 0.0
    else:
        wait = max(0.2, 0.7 * spent) if candidate.cost <= SHORT else max(0.5, 2 * spent)
    return min(wait, 0.9 * left)
