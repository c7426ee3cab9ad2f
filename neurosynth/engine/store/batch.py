"""What backends bring: a tile of candidates that was tried, and those of it whose outputs are the goal."""

from __future__ import annotations

from dataclasses import dataclass

from neurosynth.language.grammar import Production

__all__ = ["DONE", "PULSE", "Batch", "Match"]

Match = tuple[Production, tuple[int, ...]]
"""A candidate: a production and the entries of its arguments."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Candidates that were tried together; its matches were found before they are counted."""

    tried: int = 0
    """How many."""
    matches: tuple[Match, ...] = ()
    """Those of them that equal the goal on the examples of the store (by hash: never to be believed unchecked)."""


PULSE = Batch()
"""Nothing yet; a moment to look at the clock."""
DONE = Batch()
"""A production was tried on all that was asked: a moment for something else, told from :data:`PULSE` by identity."""
