"""What the values of one column of a sampled task have in common."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

__all__ = ["Range", "Style", "plain_style"]


@dataclass(frozen=True, slots=True)
class Range:
    """Numbers from ``low`` to ``high`` in lists of ``shortest`` to ``longest`` elements."""

    low: int
    high: int
    shortest: int
    longest: int


@dataclass(frozen=True, slots=True)
class Style:
    """What the values of one column of a sampled task have in common."""

    numbers: Range
    text: Callable[[Random], str]
    """Generates one text."""
    bits: str
    """The style of bit-vectors: ``any``, ``small``, ``sparse`` or ``runs``."""
    seed: int = 0
    """Seed of everything else that the values share; drawn if :attr:`Domain.styled` requires it."""


def plain_style(rng: Random) -> Style:
    """A style for values of no particular task."""
    return Style(Range(-50, 50, 0, 8), _letters, "any", rng.getrandbits(32))


def _letters(rng: Random) -> str:
    return "".join(rng.choice("aab bcA.Z-,19 é") for _ in range(rng.choice((0, 1, 2, 3, 5, 8, 13))))
