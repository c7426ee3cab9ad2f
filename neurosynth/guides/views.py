"""Views for ``show``: functions from a guide and a task to a picture."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from neurosynth.language.language import Language
from neurosynth.language.program import Program
from neurosynth.tasks.task import Task

__all__ = ["Curve", "HeatMap", "HeatMaps", "ShownTask", "View"]


@dataclass(frozen=True, kw_only=True)
class ShownTask:
    """The data for a view."""

    task: Task
    language: Language
    program: Program | None
    """The given program, or the task's own; None if there is none."""
    pairs: Sequence[tuple[Task, Program]]
    """The first tasks of the same file that have programs."""


@dataclass(frozen=True, slots=True)
class HeatMap:
    """Shares as a panel of cells."""

    weights: np.ndarray
    """(R, C): distribution of each row over the columns; rows sum to 1."""
    columns: Sequence[str]
    """C labels."""
    rows: Sequence[str]
    """R labels."""


@dataclass(frozen=True, kw_only=True)
class HeatMaps:
    """A picture with one panel for each example."""

    panels: Sequence[HeatMap]
    title: str
    """Title after the guide's name."""
    columns: str
    """Title of the columns."""
    rows: str
    """Title of the rows."""
    share: str
    """Title of the cells."""


@dataclass(frozen=True, kw_only=True)
class Curve:
    """A line; those of several guides share one picture."""

    values: Sequence[float]
    """Over 0, 1, 2 …; above 0, the scale is logarithmic."""
    title: str
    x: str
    y: str


Picture = HeatMaps | Curve
View = Callable[[Any, ShownTask], Picture | None]
"""From a guide of the kind and a task to a picture; None if there is nothing to draw."""
