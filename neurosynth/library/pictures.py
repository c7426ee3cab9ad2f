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

__all__ = ["draw_growth", "draw_library", "uses_of"]

_WRAP = 34
"""Number of characters in a line of a body."""
_ROWS = 5
"""Maximum number of frames in a column."""


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
    """Each learned primitive with its type, its body and an example, in columns by the number of others that it builds on."""
    graph = uses_of(library, language)
    order = {a.name: i for i, a in enumerate(library.abstractions)}
    columns = []
    for generation in nx.topological_generations(graph.reverse()):
        names = sorted(generation, key=order.__getitem__)
        columns += [names[i : i + _ROWS] for i in range(0, len(names), _ROWS)]
    rows = max((len(c) for c in columns), default=1)
    figure = new_figure(max(6.0, 4.6 * len(columns)), max(2.4, 1.15 * rows + 0.9))
    axis = figure.subplots()
    axis.set_axis_off()
    known = {a.name: a for a in library.abstractions}
    places: dict[str, tuple[float, float]] = {}
    for x, column in enumerate(columns):
        for y, name in enumerate(column):
            places[name] = (float(x), -(y + 0.5) * rows / len(column))
    axis.set_xlim(-0.55, len(columns) - 0.45)
    axis.set_ylim(-rows, 0)
    for user, used, data in graph.edges(data=True):
        _arrow(axis, places[user], places[used], data["times"])
    for name, place in places.items():
        colour = COLOURS[(known[name].round - 1) % len(COLOURS)]
        box = {"boxstyle": "round,pad=0.45", "facecolor": "white", "edgecolor": colour, "linewidth": 1.6}
        axis.text(*place, _label(known[name]), ha="center", va="center", fontsize=7, family="monospace", bbox=box)
    rounds = sorted({a.round for a in library.abstractions})
    for r in rounds:
        axis.plot([], [], color=COLOURS[(r - 1) % len(COLOURS)], lw=2, label=f"round {r}")
    if rounds:
        axis.legend(loc="upper right", fontsize=7)
    axis.set_title(
        f"{library.name}: {len(known)} primitives over {library.base}; arrows point to what is applied", fontsize=9
    )
    return written(figure, path)


def _label(abstraction: LearnedAbstraction) -> str:
    lines = [f"{abstraction.name} : {abstraction.type}", *textwrap.wrap(abstraction.body, _WRAP)]
    if abstraction.examples:
        example = abstraction.examples[-1]
        shown = f"{' '.join(str(v) for v in example.get('inputs', ()))} → {example.get('output')}"
        if len(shown) <= _WRAP:  # more, such as the words of a path, is unreadable
            lines.append(shown)
    if abstraction.uses:
        lines.append(f"{abstraction.uses} uses, {abstraction.bits:,.0f} bits")
    return "\n".join(lines)


def _arrow(axis: Axes, start: tuple[float, float], end: tuple[float, float], times: int) -> None:
    """A line between two frames, with its arrow half way, where no frame hides it."""
    width = 0.8 + 0.5 * math.log2(1 + times)
    axis.plot([start[0], end[0]], [start[1], end[1]], color="0.6", lw=width, zorder=1)
    half = (0.45 * start[0] + 0.55 * end[0], 0.45 * start[1] + 0.55 * end[1])
    axis.annotate("", xy=half, xytext=start, arrowprops={"arrowstyle": "-|>", "color": "0.6", "linewidth": width})


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
