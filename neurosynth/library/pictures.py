"""Pictures of a library: which primitive uses which, and how it grew.

Needs the extra ``plot``. The suffix of the path selects PNG or SVG.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import networkx as nx

from neurosynth.language.language import Language
from neurosynth.language.learned import LearnedAbstraction, Library
from neurosynth.language.program import Apply
from neurosynth.training.plots import COLOURS, new_figure, written

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.text import Text

__all__ = ["draw_growth", "draw_library", "uses_of"]

_WRAP = 34
"""Number of characters in a line of a frame."""
_ACROSS = 3
"""Maximum number of frames in a row, so that the letters are legible on a page."""
_LINE = 0.15
"""Height of a line of a frame, in inches."""
_GAP = 5
"""Lines of room between two rows of frames, the first line of a frame included."""


def uses_of(library: Library, language: Language) -> nx.DiGraph:
    """Which learned primitive applies which: an edge from the user to the used one, with the number of uses as ``times``."""
    names = {a.name for a in library.abstractions}
    graph: nx.DiGraph = nx.DiGraph()
    for abstraction in library.abstractions:
        graph.add_node(abstraction.name)
        primitive = language.get(abstraction.name)
        if primitive is None:
            continue  # left out because the base has changed
        for node in primitive.macro.subprograms():
            if isinstance(node, Apply) and node.primitive.name in names:
                edge = (abstraction.name, node.primitive.name)
                times = graph.get_edge_data(*edge, default={"times": 0})["times"]
                graph.add_edge(*edge, times=times + 1)
    return graph


def draw_library(library: Library, language: Language, path: Path) -> Path:
    """Each learned primitive with its type, its body and an example, in rows by the number of others that it builds on."""
    graph = uses_of(library, language)
    order = {a.name: i for i, a in enumerate(library.abstractions)}
    known = {a.name: a for a in library.abstractions}
    rows: list[list[str]] = []
    for generation in nx.topological_generations(graph.reverse()):
        names = sorted(generation, key=order.__getitem__)
        rows += [names[i : i + _ACROSS] for i in range(0, len(names), _ACROSS)]
    heights = [max(_label(known[name]).count("\n") for name in row) + _GAP for row in rows] or [_GAP]
    figure = new_figure(9.0, 0.9 + sum(heights) * _LINE)
    axis = figure.subplots()
    axis.set_axis_off()
    axis.set_xlim(0, _ACROSS)
    axis.set_ylim(-sum(heights), 0)
    places: dict[str, tuple[float, float]] = {}
    for y, row in enumerate(rows):
        for x, name in enumerate(row):
            places[name] = ((x + 0.5) * _ACROSS / len(row), -sum(heights[:y]) - heights[y] / 2)
    frames: dict[str, Text] = {}
    for name, place in places.items():
        colour = COLOURS[(known[name].round - 1) % len(COLOURS)]
        box = {"boxstyle": "round,pad=0.45", "facecolor": "white", "edgecolor": colour, "linewidth": 1.6}
        label = _label(known[name])
        frames[name] = axis.text(*place, label, ha="center", va="center", fontsize=8, family="monospace", bbox=box)
    for r in sorted({a.round for a in library.abstractions}):
        axis.plot([], [], color=COLOURS[(r - 1) % len(COLOURS)], lw=2, label=f"round {r}")
    if library.abstractions:
        figure.legend(loc="lower center", ncols=4, fontsize=9, frameon=False)
    axis.set_title(
        f"{library.name}: {len(known)} primitives over {library.base}; arrows point to what is applied", fontsize=11
    )
    figure.canvas.draw()  # frames have their places only now
    for user, used, data in graph.edges(data=True):
        _arrow(axis, frames[user], frames[used], data["times"])
    return written(figure, path)


def _label(abstraction: LearnedAbstraction) -> str:
    lines = textwrap.wrap(f"{abstraction.name} : {abstraction.type}", _WRAP)
    lines += textwrap.wrap(abstraction.body, _WRAP)
    if abstraction.examples:
        example = abstraction.examples[-1]
        shown = f"{' '.join(str(v) for v in example.get('inputs', ()))} → {example.get('output')}".strip()
        if len(shown) <= _WRAP:  # more, such as the words of a path, is unreadable
            lines.append(shown)
    if abstraction.uses:
        lines.append(f"{abstraction.uses} uses, {abstraction.bits:,.0f} bits")
    return "\n".join(lines)


def _arrow(axis: Axes, user: Text, used: Text, times: int) -> None:
    """An arrow between two frames, slightly bent so that it passes frames between them visibly."""
    arrow = {
        "arrowstyle": "-|>",
        "connectionstyle": "arc3,rad=0.12",
        "color": "0.5",
        "linewidth": 0.8 + 0.5 * math.log2(1 + times),
        "patchA": user.get_bbox_patch(),
        "patchB": used.get_bbox_patch(),
    }
    axis.annotate("", xy=used.get_position(), xytext=user.get_position(), arrowprops=arrow, zorder=1)


def draw_growth(library: Library, path: Path) -> Path:
    """Over the rounds: tasks solved, primitives, and the binary logarithm of candidates without and with the round's primitives."""
    rows = [r for r in library.compression if "round" in r]
    figure = new_figure(10, 3.8)
    solved, size, gate = figure.subplots(1, 3)
    rounds = [int(r["round"]) for r in rows]
    _line(solved, rounds, [r.get("solved") for r in rows], "solved in the wake phase", 0)
    total = max((int(r["tasks"]) for r in rows if "tasks" in r), default=None)
    if total is not None:
        solved.axhline(total, color="0.6", lw=1, ls="--", label="tasks")
    counts = [sum(a.round <= r for a in library.abstractions) for r in rounds]
    _line(size, rounds, counts, "learned primitives", 1)
    for name, colour in (("without", 2), ("with", 3)):
        _line(gate, rounds, [_effort(r.get(name)) for r in rows], f"{name} the round's primitives", colour)
    for axis, label in (
        (solved, "tasks"),
        (size, "primitives"),
        (gate, "log2 of candidates, held-out tasks"),
    ):
        axis.set_xlabel("round")
        axis.set_xticks(rounds)
        axis.set_ylabel(label)
        axis.set_ylim(bottom=0)
        axis.grid(alpha=0.3)
        axis.legend(fontsize=7)
    figure.suptitle(f"{library.name}: how it grew")
    return written(figure, path)


def _effort(counted: Mapping[str, Any] | None) -> float | None:
    return None if counted is None else float(counted["log2_candidates"])


def _line(axis: Axes, x: Sequence[int], y: Sequence[float | None], label: str, colour: int) -> None:
    points = [(a, b) for a, b in zip(x, y, strict=True) if b is not None]
    axis.plot([a for a, _ in points], [b for _, b in points], marker="o", color=COLOURS[colour], label=label)
