"""How a value looks, where values of its type are pictures: rectangles on a plane."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Rectangle"]


@dataclass(frozen=True, slots=True)
class Rectangle:
    """A filled rectangle; x to the right, y up."""

    x: float
    """Of its left side."""
    y: float
    """Of its lower side."""
    width: float
    height: float
    kind: int = 0
    """Rectangles of one kind have one colour."""
    framed: bool = False
    """Whether its outline is drawn, so that neighbours can be told apart."""
