"""A near miss: one cover that is right on all example rows except one, which may be a typing mistake."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from neurosynth.language.evaluate import Evaluator
from neurosynth.language.pieces import Column, PieceKit
from neurosynth.language.program import Program
from neurosynth.ranking.agreement import cases, read_inputs
from neurosynth.search.candidates import Candidate
from neurosynth.search.strategies.cover.branches import Branches
from neurosynth.search.strategies.cover.config import CoverConfig

__all__ = ["near_miss"]

LEAST = 4
"""Number of example rows from which all but one say something about that one."""
COVERS = 8
"""Number of covers of either half of the rows that are tried on all of them."""


def near_miss(
    column: Column, kit: PieceKit, best: Candidate | None, config: CoverConfig, deadline: float
) -> Program | None:
    """A program of one cover that is right on all example rows except one, if it takes fewer bits than ``best``. At least one half of
    the rows does not contain the odd one. Programs that read no input are ignored: what most outputs have in common says nothing about
    another.

    Args:
        column: the example rows, and the others.
        kit: pieces of the language.
        best: the best program that is right on all rows, if any; there is no near miss if it has no cases.
        config: costs in bits.
        deadline: of ``now()``.
    """
    if len(column.rows) < LEAST or (best is not None and cases(best.program) == 1):
        return None
    branches, evaluator = Branches(kit, config, deadline), Evaluator()
    for start in (0, 1):
        for candidate in branches.covers(_half(column, start), COVERS):
            if read_inputs(candidate.program):
                wrong = _wrong(candidate.program, column, evaluator)
                told = config.branch + sum(config.output_cost(column.outputs[i]) for i in wrong)
                if len(wrong) == 1 and (best is None or candidate.cost + told < best.cost):
                    return candidate.program
    return None


def _half(column: Column, start: int) -> Column:
    """Every second row, the others without outputs."""
    others = tuple(row for at, row in enumerate(column.rows) if at % 2 != start)
    return replace(
        column, rows=column.rows[start::2], outputs=column.outputs[start::2], judged=(*column.judged, *others)
    )


def _wrong(program: Program, column: Column, evaluator: Evaluator) -> Sequence[int]:
    function = evaluator.function(program)
    return [
        i for i, (row, wanted) in enumerate(zip(column.rows, column.outputs, strict=True)) if function(row) != wanted
    ]
