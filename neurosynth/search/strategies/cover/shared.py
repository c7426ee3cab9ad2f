"""What the two branches of a choice have in common: a program that both use, and a text that the condition and a branch look for."""

from __future__ import annotations

from neurosynth.language.evaluate import Evaluator
from neurosynth.language.pieces import Column, PieceKit
from neurosynth.language.program import Apply, Constant, Program
from neurosynth.search.candidates import Candidate
from neurosynth.search.strategies.cover.config import CoverConfig
from neurosynth.values.types import STRING

__all__ = ["SHARED", "shared_program", "texts_in"]

SHARED = "cover"
"""The source of programs that are those of the other branch with constants around them: they explain as much as it does."""


def shared_program(
    column: Column, other: Candidate, kit: PieceKit, config: CoverConfig, evaluator: Evaluator
) -> Candidate | None:
    """The program of the other branch with constants before or behind it, where that gives the outputs of this branch.

    ``350.00 DR`` is ``-350.00`` as ``75.25 CR`` is ``75.25``, and no other reading of its number is meant.
    """
    if other.source != SHARED or not column.rows:
        return None
    function = evaluator.function(other.program)
    around: set[tuple[str, str]] = set()
    least = 0
    for row, wanted in zip(column.rows, column.outputs, strict=True):
        value = function(row)
        if not isinstance(value, str) or not isinstance(wanted, str) or not value or wanted.count(value) != 1:
            return None
        before, _, behind = wanted.partition(value)
        around.add((before, behind))
        least = max(least, len(value))
    if len(around) > 1 or around == {("", "")}:
        return None
    before, behind = around.pop()
    cost = config.shared + config.shared_by_chance * (least < 2)  # one character stands anywhere
    program = other.program
    if behind:
        cost += config.constant_cost(behind)
        program = Apply(kit.concat, (program, Constant(behind, STRING)))
    if before:
        cost += config.constant_cost(before)
        program = Apply(kit.concat, (Constant(before, STRING), program))
    return Candidate(program, cost, SHARED)


def texts_in(program: Program) -> frozenset[str]:
    """The texts that are constants of a program."""
    return frozenset(p.value for p in program.subprograms() if isinstance(p, Constant) and isinstance(p.value, str))
