"""Pictures of values that are pictures: towers, drawings, and values of any type with shapes. Needs the extra ``plot``."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from neurosynth.errors import InputError
from neurosynth.tasks.task import Task
from neurosynth.training.plots import COLOURS, new_figure, written
from neurosynth.values.registry import domain_of
from neurosynth.values.shapes import Rectangle

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["Drawing", "draw_drawings", "drawings_of"]

_COLUMNS = 5
"""Maximum number of drawings side by side, so that their titles are legible on a page."""
_WIDE = 26
"""Number of characters in a line of a title."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A value as a picture, and its title."""

    title: str
    """May have several lines."""
    shapes: Sequence[Rectangle]


def drawings_of(tasks: Sequence[Task]) -> list[Drawing]:
    """The first output of each task that is a picture.

    Raises:
        InputError: if no output is one.
    """
    found = []
    for task in tasks:
        assert task.output_type is not None
        shapes = domain_of(task.output_type).shapes(task.examples[0].output)
        if shapes:
            found.append(Drawing(task.name, shapes))
    if not found:
        types = ", ".join(sorted({str(t.output_type) for t in tasks})) or "none"
        raise InputError(
            f"no output is a picture; types: {types}; allowed: types whose values have shapes, like tower and picture"
        )
    return found


def draw_drawings(drawings: Sequence[Drawing], path: Path, *, title: str = "", columns: int = _COLUMNS) -> Path:
    """All of them in one picture, in rows; each as large as its frame allows."""
    columns = min(columns, max(1, len(drawings)))
    rows = math.ceil(len(drawings) / columns)
    figure = new_figure(1.9 * columns + 0.2, 1.9 * rows + 0.4)
    axes = figure.subplots(rows, columns, squeeze=False)
    for axis in axes.flat:
        axis.set_axis_off()
    for axis, drawing in zip(axes.flat, drawings, strict=False):
        lines = [part for line in drawing.title.split("\n") for part in textwrap.wrap(line, _WIDE)]
        axis.set_title("\n".join(lines), fontsize=8)
        _draw(axis, drawing.shapes)
    if title:
        figure.suptitle(title, fontsize=10)
    return written(figure, path)


def _draw(axis: Axes, shapes: Sequence[Rectangle]) -> None:
    from matplotlib.patches import Rectangle as Patch

    for shape in shapes:
        colour = COLOURS[shape.kind % len(COLOURS)]
        edge = "white" if shape.framed else "none"
        axis.add_patch(
            Patch((shape.x, shape.y), shape.width, shape.height, facecolor=colour, edgecolor=edge, linewidth=0.4)
        )
    left, right = min(s.x for s in shapes), max(s.x + s.width for s in shapes)
    low, top = min(s.y for s in shapes), max(s.y + s.height for s in shapes)
    # small pictures are not enlarged: a block is about as large in all of them
    half = max(right - left, top - low, 24) / 2 + 1
    axis.set_xlim((left + right) / 2 - half, (left + right) / 2 + half)
    axis.set_ylim(low - 1, low - 1 + 2 * half)
    axis.set_aspect("equal")
