"""The figures of a report, as SVG that fits a phone and, in a page, takes the page's colours.  Needs the extra ``plot``.

They are separate figures without pyplot, and therefore have neither a window nor state shared with the caller's plots. All have one
size, so that letters are equally large: 4.4 inches are 422 px, which a phone shows at four fifths.
"""

from __future__ import annotations

import io
import math
import re
import warnings
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from neurosynth.bench.cells import amount
from neurosynth.bench.pairs import Pair
from neurosynth.bench.rows import Row
from neurosynth.bench.significance import wilson
from neurosynth.bench.tables import Configuration, candidates, runs_of, seconds, size_lines
from neurosynth.errors import InputError
from neurosynth.extras import require

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure

__all__ = ["COLOURS", "INK", "Measure", "cactus", "held_out_by_size", "image", "in_page", "scatter"]

COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#7f7f7f")
"""The palette of Okabe and Ito, which colour-blind people can distinguish; grey replaces black, which is invisible on a dark page."""
INK = "#1f1f1f"
"""The colour of letters and axes: in a page, the colour of its text."""
_DASHES = ("solid", (0, (5, 2)), (0, (1.5, 1.5)), (0, (6, 2, 1.5, 2)))
_MARKERS = ("o", "s", "^", "D", "v", "P", "X")
_WIDTH = 4.4
_POINTS = 130
"""Maximum number of corners of a curve; more are invisible at this size."""
_LINE = 0.16
"""Inches for each line of a legend."""
_SHORTEST = 0.001
"""Shorter times are drawn as this many seconds."""
_CELLS = 70
"""Number of cells on each side of the grid on which a scatter plot's points are merged."""

_PLACES = re.compile(rb' (?:d|x|y)="[^"]*"')
_DIGITS = re.compile(rb"(?<=\d\.\d)\d+")
"""Digits of coordinates beyond a tenth of a point: they are invisible, and half of a file."""


class Measure:
    """The horizontal axis of a cactus plot."""

    def __init__(self, name: str, label: str, of: Callable[[Row], float | None], least: float) -> None:
        self.name, self.label, self.of, self.least = name, label, of, least


SECONDS = Measure("seconds", "seconds a task (log)", seconds, _SHORTEST)
CANDIDATES = Measure("candidates", "candidates tried a task (log)", candidates, 1.0)


def cactus(
    groups: Mapping[Configuration, Sequence[Row]],
    styles: Mapping[Configuration, int],
    measure: Measure,
    title: str,
    limit: float | None = None,
) -> Figure:
    """The number of tasks that each configuration solves within a number of seconds, or candidates, for each task.

    With several runs, the line is the median of their counts, and the band goes from the minimum to the maximum.

    Args:
        styles: The number of each configuration's colour.
        limit: The end of the lines, if all tasks had the same limit.
    """
    from matplotlib.ticker import MaxNLocator

    curves = {c: [sorted(_measured(run, measure)) for run in runs_of(rows).values()] for c, rows in groups.items()}
    curves = {c: runs for c, runs in curves.items() if any(runs)}
    figure, axis = _figure(3.2, 0.46, len(curves))
    if not curves:
        return _empty(figure, axis, title, "no task was solved")
    ends = [value for runs in curves.values() for run in runs for value in run]
    first, last = min(ends), max(limit or 0.0, *ends)
    last = last if last > first else first * 10
    tasks = max(len({(row.suite, row.task) for row in rows}) for rows in groups.values())
    for configuration, runs in curves.items():
        x, counts = _steps(runs, first, last)
        colour, dash, _ = _style(styles[configuration])
        median = np.median(counts, axis=0)
        label = f"{configuration.label}: {median[-1]:,.0f}"
        axis.step(x, median, where="post", color=colour, linestyle=dash, lw=1.8, label=_plain(label))
        if len(runs) > 1:
            axis.fill_between(x, counts.min(axis=0), counts.max(axis=0), step="post", color=colour, alpha=0.2, lw=0)
    axis.set_xscale("log")
    axis.set_xlim(first, last * 1.05)
    axis.set_ylim(0, tasks * 1.04)
    axis.yaxis.set_major_locator(MaxNLocator(8, integer=True, steps=(1, 2, 5, 10)))
    _powers(axis.xaxis)
    axis.set_xlabel(measure.label)
    axis.set_ylabel(f"tasks solved, of {tasks:,}")
    return _finished(figure, axis, title)


def _measured(rows: Sequence[Row], measure: Measure) -> list[float]:
    values = [measure.of(row) for row in rows if row.solved]
    return [max(value, measure.least) for value in values if value is not None]


def _steps(runs: Sequence[Sequence[float]], first: float, last: float) -> tuple[np.ndarray, np.ndarray]:
    """Corners (P,), and for each the tasks solved in each run, (R, P)."""
    x = np.unique(np.concatenate([np.asarray(run, dtype=float) for run in runs]))
    if len(x) > _POINTS:
        x = np.geomspace(first, last, _POINTS)
    x = np.append(x, last * 1.05)
    counts = np.stack([np.searchsorted(np.asarray(run, dtype=float), x, side="right") for run in runs])
    corner = np.append(True, (counts[:, 1:] != counts[:, :-1]).any(axis=0))
    corner[-1] = True
    return x[corner], counts[:, corner]


def scatter(pair: Pair, limit: float | None) -> Figure:
    """Seconds of one configuration against another's, with one point for each task; unsolved tasks are beyond the line."""
    figure, axis = _figure(4.2, 0.46, 0)
    known = [value for point in pair.points for value in point if value is not None]
    title = f"{pair.first.label} against {pair.second.label}"
    if not known:
        return _empty(figure, axis, title, "neither solved a task")
    least = max(min(known), _SHORTEST) / 1.3
    most = max(limit or 0.0, *known) * 1.1
    edge = most * (most / least) ** 0.09  # the middle of the strip for unsolved tasks
    far = most * (most / least) ** 0.18
    points = [
        tuple(edge if value is None else max(value, _SHORTEST) for value in point)
        for point in pair.points
        if point != (None, None)
    ]
    for share, style in ((1.0, "solid"), (10.0, "dotted"), (0.1, "dotted")):
        axis.plot([least, far], [least * share, far * share], color=INK, alpha=0.45, lw=0.9, linestyle=style)
    for side in (axis.axvspan, axis.axhspan):
        side(most, far, color=INK, alpha=0.07, lw=0)
    for size, gathered in _gathered(points, least, far).items():
        axis.plot(*zip(*gathered, strict=True), "o", ms=size, color=COLOURS[0], alpha=0.65, mew=0)
    axis.set(xscale="log", yscale="log", xlim=(least, far), ylim=(least, far), aspect="equal")
    _powers(axis.xaxis, axis.yaxis)
    axis.set_xlabel(_plain(_cut(f"seconds, {pair.first.label}", 52)))
    axis.set_ylabel(_plain(_cut(f"seconds, {pair.second.label}", 44)))
    middle = math.sqrt(least * most)
    for x, y, turn in ((edge, middle, 90), (middle, edge, 0)):
        axis.text(x, y, "not solved", ha="center", va="center", rotation=turn, fontsize=8, color=INK, alpha=0.6)
    return _finished(figure, axis, title)


def _gathered(points: Sequence[tuple[float, ...]], least: float, most: float) -> dict[float, list[tuple[float, float]]]:
    """Points by their size: points in the same cell of the grid are merged, and larger if they are more."""
    if len(points) <= 300:
        return {4.0: [(x, y) for x, y in points]} if points else {}
    step = math.log(most / least) / _CELLS
    cells = Counter(tuple(round(math.log(v / least) / step) for v in point) for point in points)
    sizes: dict[float, list[tuple[float, float]]] = {}
    for (x, y), count in cells.items():
        size = 3.0 if count == 1 else 4.5 if count <= 4 else 6.0 if count <= 16 else 8.0
        sizes.setdefault(size, []).append((least * math.exp(x * step), least * math.exp(y * step)))
    return sizes


def held_out_by_size(groups: Mapping[Configuration, Sequence[Row]], styles: Mapping[Configuration, int]) -> Figure:
    """For programs of each size, the share that is right on every example not shown, with a 95 % interval (Wilson)."""
    title = "Right on held-out examples, by size"
    found = {c: size_lines(rows) for c, rows in groups.items()}
    found = {c: lines for c, lines in found.items() if any(line.programs for line in lines)}
    figure, axis = _figure(3.3, 0.6, len(found))
    if not found:
        return _empty(figure, axis, title, "no row has examples that were not shown")
    kept = [i for i, own in enumerate(zip(*found.values(), strict=True)) if any(line.programs for line in own)]
    for number, (configuration, lines) in enumerate(found.items()):
        own = [(place, lines[i]) for place, i in enumerate(kept) if lines[i].programs]
        x = [place + (number - (len(found) - 1) / 2) * min(0.16, 0.7 / len(found)) for place, _ in own]
        y = np.array([line.right / line.programs for _, line in own])
        low, high = np.array([wilson(line.right, line.programs) for _, line in own]).T
        colour, _, marker = _style(styles[configuration])
        axis.errorbar(
            x, 100 * y, 100 * np.stack([y - low, high - y]), fmt=marker, ms=5, color=colour, lw=1.2, label=_plain(configuration.label)
        )  # fmt: skip
    names = [next(iter(found.values()))[i].sizes for i in kept]
    totals = [sum(lines[i].programs for lines in found.values()) for i in kept]
    axis.set_xticks(range(len(kept)), [f"{name}\n{total:,}" for name, total in zip(names, totals, strict=True)])
    axis.set_xlim(-0.6, len(kept) - 0.4)
    axis.set_ylim(-3, 103)
    axis.set_xlabel("nodes of the program; below, how many programs")
    axis.set_ylabel("right on all held-out examples (%)")
    return _finished(figure, axis, title)


def _style(number: int) -> tuple[str, object, str]:
    """Colour, dashes and marker; colours are reused with other dashes."""
    colour = number % len(COLOURS)
    return COLOURS[colour], _DASHES[number // len(COLOURS) % len(_DASHES)], _MARKERS[colour]


def _figure(height: float, words: float, lines: int) -> tuple[Figure, Axes]:
    """A figure in inches, with space for the labels under the axis and for a legend with so many lines below.

    Positions are fixed: automatic layout takes longer than drawing, and the curves of different suites could not be compared.
    """
    require("plot", "a report with figures")
    from matplotlib.figure import Figure

    below = _LINE * lines + (0.06 if lines else 0.0)
    figure = Figure(figsize=(_WIDTH, height + below), facecolor="white")
    left, bottom, right, top = 0.62, below + words, 0.14, 0.32
    tall = height + below
    area = (left / _WIDTH, bottom / tall, (_WIDTH - left - right) / _WIDTH, (tall - bottom - top) / tall)
    return figure, figure.add_axes(area, facecolor="none")


def _empty(figure: Figure, axis: Axes, title: str, text: str) -> Figure:
    axis.set_axis_off()
    axis.text(0.5, 0.5, text, ha="center", va="center", color=INK)
    return _finished(figure, axis, title)


def _finished(figure: Figure, axis: Axes, title: str) -> Figure:
    """The same frame, letters and legend for every figure."""
    axis.set_title(_plain(_cut(title, 46)), fontsize=10, loc="left", color=INK)
    axis.grid(color=INK, alpha=0.15, lw=0.6)
    axis.set_axisbelow(True)
    axis.spines[["top", "right"]].set_visible(False)
    axis.spines[["left", "bottom"]].set_color(INK)
    axis.tick_params(which="both", labelsize=9, color=INK, labelcolor=INK)
    for label in (axis.xaxis.label, axis.yaxis.label):
        label.set(fontsize=9, color=INK)
    handles, labels = axis.get_legend_handles_labels()
    if handles:
        corner = (0.1 / figure.get_figwidth(), 0.04 / figure.get_figheight())
        figure.legend(
            handles, [_cut(label, 60) for label in labels], loc="lower left", bbox_to_anchor=corner, borderaxespad=0, borderpad=0,
            labelspacing=0.3, fontsize=9, labelcolor=INK, frameon=False,
        )  # fmt: skip
    return figure


def _powers(*axes: Axis) -> None:
    """Logarithmic axes with plain numbers: as many powers of ten, multiples of 1, 2, 5 …, or even steps as are legible."""
    from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

    for axis in axes:
        axis.set_major_locator(FixedLocator(_ticks(*axis.get_view_interval())))
        axis.set_minor_locator(NullLocator())
        axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}" if value < 1 else amount(value)))


_TICKS = 7
"""Maximum number on an axis: more would overlap."""


def _ticks(least: float, most: float) -> list[float]:
    """The numbers on a logarithmic axis between these values."""
    decades = range(math.floor(math.log10(least)), math.ceil(math.log10(most)) + 1)
    for parts in ((1,), (1, 2, 5)):
        found = [part * 10.0**decade for decade in decades for part in parts]
        found = [value for value in found if least <= value <= most]
        if len(found) > 2:
            return found[:: math.ceil(len(found) / _TICKS)]
    # Less than a decade: even steps of a power of ten, or of 2 or 5 times it, wide enough for at most four.
    rough = (most - least) / 4
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(part * power for part in (1, 2, 5, 10) if part * power >= rough)
    return [i * step for i in range(math.ceil(least / step), math.floor(most / step) + 1)]


def _cut(text: str, letters: int) -> str:
    """One line of at most that length."""
    flat = " ".join(text.split())
    return flat if len(flat) <= letters else flat[: letters - 1] + "…"


def _plain(text: str) -> str:
    """Text in which two dollar signs do not start a formula."""
    return text.replace("$", r"\$")


def image(figure: Figure, suffix: str = "svg") -> bytes:
    """The figure as a file: ``svg`` or ``png``; always the same bytes.

    Raises:
        InputError: for another suffix.
    """
    if suffix not in ("svg", "png"):
        raise InputError(f"a figure cannot be written as .{suffix}; allowed: .svg, .png")
    import matplotlib

    buffer = io.BytesIO()
    with matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": "neurosynth"}), warnings.catch_warnings():
        # A character that the font lacks is drawn as a box, which is obvious.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        figure.savefig(buffer, format=suffix, dpi=150, metadata={"Date": None} if suffix == "svg" else None)
    found = buffer.getvalue()
    return _PLACES.sub(lambda match: _DIGITS.sub(b"", match[0]), found) if suffix == "svg" else found


def in_page(svg: str, label: str) -> str:
    """An SVG file's text as an element of a page: transparent, in the page's font and colours, without its own names.

    Args:
        label: A description for readers who do not see it; must be escaped.
    """
    body = svg[svg.index("<svg") :]
    body = re.sub(r"<metadata>.*?</metadata>", "", body, flags=re.DOTALL)
    # Names of groups occur again in the next figure; names that are referred to are derived from their content.
    body = re.sub(r"<g id=\"[^\"]*\"", "<g", body)
    body = re.sub(
        r"<g>\s*<path d=\"[^\"]*\" style=\"fill: #ffffff\"/>\s*</g>", "", body, count=1
    )  # the white background
    body = re.sub(r"font: ([0-9.]+)px [^;\"]*", r"font-size: \1px", body)
    body = body.replace(INK, "currentColor")
    for number, colour in enumerate(COLOURS):
        body = body.replace(colour, f"var(--c{number})")
    body = re.sub(r"<!--.*?-->", "", body, flags=re.DOTALL)
    body = re.sub(r"\s*\n\s*", "\n", body)
    box = re.search(r"viewBox=\"[^\"]*\"", body)
    assert box is not None  # every figure has one
    return f'<svg {box[0]} role="img" aria-label="{label}">{body[body.index(">") + 1 :]}'
