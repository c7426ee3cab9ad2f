"""What ``show`` is given to draw of a guide: a view is a function from a guide and a task to one of these."""

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
    """What there is to look at."""

    task: Task
    language: Language
    program: Program | None
    """Given, or the task's own; None where nothing tells one."""
    pairs: Sequence[tuple[Task, Program]]
    """Tasks of the same file with their programs, the first few."""


@dataclass(frozen=True, slots=True)
class HeatMap:
    """Shares as a panel of cells."""

    weights: np.ndarray
    """(R, C): of each row over the columns; rows sum to 1."""
    columns: Sequence[str]
    """C labels."""
    rows: Sequence[str]
    """R labels."""


@dataclass(frozen=True, kw_only=True)
class HeatMaps:
    """A picture of panels, one an example."""

    panels: Sequence[HeatMap]
    title: str
    """After the guide's name."""
    columns: str
    """What the columns are."""
    rows: str
    """What the rows are."""
    share: str
    """What the cells are."""


@dataclass(frozen=True, kw_only=True)
class Curve:
    """A line; those of several guides are drawn into one picture."""

    values: Sequence[float]
    """Over 0, 1, 2 …; above 0, the scale is logarithmic."""
    title: str
    x: str
    y: str


Picture = HeatMaps | Curve
View = Callable[[Any, ShownTask], Picture | None]
"""Of a guide of the kind and a task; None where there is nothing to draw."""
