"""The picture of a value, if values of its type are pictures: rectangles on a plane."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Rectangle"]


@dataclass(frozen=True, slots=True)
class Rectangle:
    """A filled rectangle; x to the right, y up."""

    x: float
    """The left side."""
    y: float
    """The lower side."""
    width: float
    height: float
    kind: int = 0
    """Rectangles of one kind have the same colour."""
    framed: bool = False
    """Whether its outline is drawn, so that adjacent rectangles can be distinguished."""
