"""Pictures of training and of guides; the suffix of the path selects PNG or SVG. Needs the extra ``plot``. They use separate figures
without pyplot, and therefore neither a window nor state that is shared with the caller's plots.
"""

from __future__ import annotations

import math
import textwrap
import warnings
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from neurosynth.errors import InputError
from neurosynth.extras import require
from neurosynth.guides.base import WeightedGrammar
from neurosynth.guides.views import Curve, HeatMaps
from neurosynth.language.grammar import Abstraction, Grammar, Lift, Nonterminal, Production, Unit
from neurosynth.language.primitive import Primitive

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["COLOURS", "FORMATS", "curves", "heat_maps", "loss_curves", "new_figure", "production_plot", "written"]

FORMATS = ("png", "svg")
_DPI = 150
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
"""The palette of Okabe and Ito, which colour-blind people can distinguish."""
_EXAMPLES = 6
_PANELS = 6
_BARS = 12


def loss_curves(runs: Mapping[str, Sequence[Mapping[str, Any]]], path: Path) -> Path:
    """Training and held-out loss of runs by name, over steps and over time.

    Raises:
        InputError: for a run without rows.
    """
    for name, rows in runs.items():
        if not rows:
            raise InputError(f"{name}: no rows of metrics yet; train for at least one step")
    figure = new_figure(10, 4.2)
    axes = figure.subplots(1, 2, sharey=True)
    one_minute = max(rows[-1]["seconds"] for rows in runs.values()) >= 120
    scales = (
        ("step", 1.0, "optimizer step"),
        ("seconds", *((60.0, "time (min)") if one_minute else (1.0, "time (s)"))),
    )
    lowest, highest = math.inf, -math.inf
    for number, (name, rows) in enumerate(runs.items()):
        colour = COLOURS[number % len(COLOURS)]
        measured = [r for r in rows if r["heldout_loss"] is not None]
        losses = [r["loss"] for r in rows]
        # The first rows are much larger than the rest, but the ends of curves are the interesting part.
        lowest = min(lowest, *losses, *(r["heldout_loss"] for r in measured))
        highest = max(highest, float(np.quantile(losses, 0.98)), *(r["heldout_loss"] for r in measured))
        for axis, (column, scale, _) in zip(axes, scales, strict=True):
            axis.plot(
                [r[column] / scale for r in rows], losses, color=colour, alpha=0.35, lw=1, label=f"{name}, training"
            )
            if measured:
                x, y = [r[column] / scale for r in measured], [r["heldout_loss"] for r in measured]
                axis.plot(x, y, color=colour, lw=2, marker="o", ms=3.5, label=f"{_plain(name)}, held out")
    room = 0.05 * (highest - lowest) or 0.1
    for axis, (_, _, label) in zip(axes, scales, strict=True):
        axis.set_xlabel(label)
        axis.set_ylim(max(0.0, lowest - room) if lowest >= 0 else lowest - room, highest + room)
        axis.grid(alpha=0.3)
    axes[0].set_ylabel("loss (nats per token)")
    handles, labels = axes[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=_columns(len(runs)))
    figure.suptitle("Loss while training")
    return written(figure, path)


def _columns(runs: int) -> int:
    """Number of columns of a legend that keeps the two lines of a run in one column."""
    return 2 if runs == 1 else runs if runs <= 4 else -(-runs // 2)


def heat_maps(picture: HeatMaps, path: Path, name: str) -> Path:
    """A panel for each example (the first six), of the guide called ``name``."""
    shown = picture.panels[:_EXAMPLES]
    tokens, widest = len(shown[0].rows), max(len(e.columns) for e in shown)
    most = max(float(e.weights.max()) for e in shown)
    columns = 1 if widest > 26 else 2 if len(shown) > 1 else 1
    rows = -(-len(shown) // columns)
    width = columns * max(3.0, 0.3 * widest) + 2.4
    figure = new_figure(min(width, 24.0), rows * (0.28 * tokens + 1.1) + 0.6)
    axes = figure.subplots(rows, columns, squeeze=False)
    for number, axis in enumerate(axes.flat):
        if number >= len(shown):
            axis.set_visible(False)
            continue
        own = shown[number]
        image = axis.imshow(own.weights, cmap="Blues", vmin=0.0, vmax=most, aspect="auto", interpolation="nearest")
        axis.set_xlim(-0.5, widest - 0.5)  # cells of equal width in every panel
        axis.spines[:].set_visible(False)
        axis.set_title(f"example {number + 1}", fontsize=9, loc="left")
        symbols = [_plain("␣" if s == " " else s) for s in own.columns]
        axis.set_xticks(range(len(symbols)), symbols, fontsize=8)
        for label in axis.get_xticklabels():
            label.set_rotation(90 if len(label.get_text()) > 2 else 0)
        axis.set_yticks(range(tokens), list(map(_plain, own.rows)), fontsize=8)
        axis.tick_params(length=0)
    figure.supxlabel(picture.columns, fontsize=9)
    figure.supylabel(picture.rows, fontsize=9)
    bar = figure.colorbar(image, ax=axes, shrink=0.9, pad=0.02)
    bar.set_label(picture.share, fontsize=9)
    total = len(picture.panels)
    more = f" · {len(shown)} of {total} examples" if total > len(shown) else ""
    _title(figure, f"{name}: {picture.title}{more}")
    return written(figure, path)


def curves(lines: Mapping[str, Curve], path: Path) -> Path:
    """Curves of guides by name on a logarithmic scale; title and labels are those of the first guide."""
    first = next(iter(lines.values()))
    figure = new_figure(7, 4.2)
    from matplotlib.ticker import MaxNLocator

    axis = figure.subplots()
    for number, (name, line) in enumerate(lines.items()):
        positive = [v if v > 0 else math.nan for v in line.values]  # 0 is invisible on a logarithmic scale
        colour = COLOURS[number % len(COLOURS)]
        axis.plot(range(len(positive)), positive, color=colour, marker="o", ms=3, label=_plain(name))
    axis.set_yscale("log")
    axis.xaxis.set_major_locator(MaxNLocator(integer=True))
    axis.set_xlabel(first.x)
    axis.set_ylabel(first.y)
    axis.grid(alpha=0.3)
    axis.legend()
    _title(figure, first.title)
    return written(figure, path)


def production_plot(guides: Mapping[str, WeightedGrammar], path: Path, title: str) -> Path:
    """Probabilities of a grammar's productions under guides by name: a panel for each non-terminal, its likeliest production on top."""
    found = {name: _by_label(w) for name, w in guides.items()}
    first = next(iter(found.values()))
    panels = sorted(first, key=lambda n: -len(first[n]))[:_PANELS]
    columns = min(3, len(panels))
    rows = -(-len(panels) // columns)
    bars = [min(_BARS, len(first[n])) for n in panels]
    figure = new_figure(4.2 * columns + 0.4, rows * (max(bars) * 0.24 * max(1.0, 0.6 * len(found)) + 0.9) + 0.9)
    axes = figure.subplots(rows, columns, squeeze=False)
    for number, axis in enumerate(axes.flat):
        if number < len(panels):
            _bars(axis, panels[number], {name: own.get(panels[number], {}) for name, own in found.items()})
        else:
            axis.set_visible(False)
    figure.supxlabel("probability", fontsize=9)
    handles, labels = axes[0][0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower right", ncols=len(found), fontsize=9)
    _title(figure, title)
    return written(figure, path)


def _bars(axis: Axes, target: str, guides: Mapping[str, Mapping[str, float]]) -> None:
    from matplotlib.ticker import MaxNLocator

    sums = {label: sum(own.get(label, 0.0) for own in guides.values()) for own in guides.values() for label in own}
    labels = sorted(sums, key=lambda label: -sums[label])[:_BARS]
    height = 0.8 / len(guides)
    for number, (name, own) in enumerate(guides.items()):
        places = np.arange(len(labels)) + (number - (len(guides) - 1) / 2) * height
        axis.barh(
            places,
            [own.get(label, 0.0) for label in labels],
            height,
            color=COLOURS[number % len(COLOURS)],
            label=_plain(name),
        )
    axis.set_yticks(range(len(labels)), list(map(_plain, labels)), fontsize=8)
    axis.invert_yaxis()
    axis.tick_params(axis="x", labelsize=8)
    axis.xaxis.set_major_locator(MaxNLocator(5))
    axis.set_axisbelow(True)
    more = f", {len(labels)} likeliest of {len(sums)}" if len(sums) > len(labels) else ""
    axis.set_title(f"{target}{more}", fontsize=9, loc="left")
    axis.grid(axis="x", alpha=0.3)


def _by_label(weighted: WeightedGrammar) -> dict[str, dict[str, float]]:
    """For each type of program, the probability of each production by name."""
    grammar: Grammar = weighted.grammar
    # A guide with contexts has several non-terminals for a type; the mean over them is shown.
    contexts = Counter(_target(n) for n in grammar.by_target)
    found: dict[str, dict[str, float]] = {}
    for production, logprob in zip(grammar.productions, weighted.logprobs.tolist(), strict=True):
        target, label = _target(production.target), _label(production)
        own = found.setdefault(target, {})
        own[label] = own.get(label, 0.0) + math.exp(logprob) / contexts[target]
    return found


def _target(n: Nonterminal) -> str:
    return f"{n.type} under ({', '.join(map(str, n.scope))})" if n.scope else str(n.type)


def _label(p: Production) -> str:
    match p.head:
        case Primitive(name=name):
            return name
        case Unit():
            return str(p.arguments[0])
        case Lift():
            return "closed program"
        case Abstraction():
            return "lambda"
        case leaf:
            return leaf.head if leaf.head else str(leaf)


def new_figure(width: float, height: float) -> Figure:
    """A figure whose size in inches keeps labels from overlapping."""
    require("plot", "a picture")
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained")


def _title(figure: Figure, text: str) -> None:
    """A title whose lines are no wider than the figure."""
    letters = int(11 * figure.get_figwidth())
    lines = [part for line in text.split("\n") for part in textwrap.wrap(line, letters)]
    figure.suptitle(_plain("\n".join(lines)), fontsize=10)


def _plain(text: str) -> str:
    """Text in which two dollar signs do not start a formula."""
    return text.replace("$", r"\$")


def written(figure: Figure, path: Path) -> Path:
    """Write it in the format of its suffix.

    Raises:
        InputError: if the file cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with warnings.catch_warnings():
            # A character that the font lacks is drawn as a box, which is obvious.
            warnings.filterwarnings("ignore", message="Glyph .* missing from font")
            figure.savefig(path, dpi=_DPI)
    except OSError as error:
        raise InputError(f"{path}: cannot be written: {error.strerror or error}") from None
    return path
