"""The views of the project's neural guides for ``show``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from neurosynth.guides.decoding import beam
from neurosynth.guides.views import Curve, HeatMap, HeatMaps, ShownTask
from neurosynth.language.program import Constant
from neurosynth.tasks.grammar import task_grammar

if TYPE_CHECKING:
    from neurosynth.guides.neural import NeuralGuide

__all__ = ["attention", "gradients"]

_BEAM = 10
"""Width of the beam that decodes the program to show."""


def attention(guide: NeuralGuide, shown: ShownTask) -> HeatMaps:
    """The attention to each example's symbols for each token of the program, and for its end."""
    task, program, how = shown.task, shown.program, "given"
    if program is None:
        report = beam(guide, task, task_grammar(task, shown.language), width=_BEAM)
        best = report.best or report[0]
        program, how = best.program, f"decoded, right on {best.share:.0%} of the examples"
    constants = guide.vocabulary.constants(task.constants)
    labels = [
        str(node) if isinstance(node, Constant) else guide.vocabulary.tokens[guide.vocabulary.token(node, constants)]
        for node in program.subprograms()
    ]
    weights = guide.attention(task, program)
    symbols: Sequence[Sequence[str]] = guide.symbols(task)
    return HeatMaps(
        panels=[HeatMap(weights[i, :, : len(own)], own, [*labels, "end"]) for i, own in enumerate(symbols)],
        title=f"Attention of {guide.name} · task {task.name}\n{program} ({how})",
        columns="symbols of the example, in the order they are read",
        rows="token written",
        share="attention (share, a row sums to 1)",
    )


def gradients(guide: NeuralGuide, shown: ShownTask) -> Curve | None:
    """The distance over which a decoder learns, over the tasks of the file that have programs."""
    from neurosynth.guides.neural import gradient_norms

    if not shown.pairs:
        return None
    return Curve(
        values=gradient_norms(guide, shown.pairs).tolist(),
        title=f"How far back learning reaches · mean over {len(shown.pairs)} programs",
        x="time steps back from the end of the program (tokens)",
        y="gradient norm (nats per unit of the vector read)",
    )
