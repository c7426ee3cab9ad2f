"""What backends return: a tile of candidates that was tried, and those whose outputs equal the goal."""

from __future__ import annotations

from dataclasses import dataclass

from neurosynth.language.grammar import Production

__all__ = ["DONE", "PULSE", "Batch", "Match"]

Match = tuple[Production, tuple[int, ...]]
"""A candidate: a production and the entries of its arguments."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Candidates that were tried together; matches are reported before their tile is counted."""

    tried: int = 0
    """Number of candidates."""
    matches: tuple[Match, ...] = ()
    """Those that equal the goal on the examples of the store (by hash, so they must be verified)."""


PULSE = Batch()
"""No candidates yet; a moment for checking the clock."""
DONE = Batch()
"""A production was tried on everything that was asked for; a moment for other work. Distinguished from :data:`PULSE` by identity."""
