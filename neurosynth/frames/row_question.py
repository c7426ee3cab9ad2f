"""The question about a column: the row of the user's own table whose cell resolves most doubt."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from neurosynth.frames.filled import Doubt, RowQuestion
from neurosynth.language.primitive import UNDEFINED
from neurosynth.ranking.agreement import read_inputs
from neurosynth.result import Result

__all__ = ["row_question"]


CHOICES = 6
"""Maximum number of offered values."""


def row_question(
    column: str,
    result: Result,
    rows: Sequence[tuple[Any, ...]],
    empty: Sequence[int],
    names: Sequence[str],
    doubts: Sequence[Doubt],
    line: Callable[[int], int],
) -> RowQuestion | None:
    """The row that the result asks about, or else the least certain of the doubtful ones; None if nothing is open.

    Args:
        column: its name.
        result: of the search.
        rows: of the table, in the form that a program reads.
        empty: rows without an output.
        names: of the columns in ``rows``.
        doubts: about filled cells, the least certain first.
        line: from a row to its line in the file.
    """
    asked = result.question
    if asked is not None and asked.row is not None:
        at = next((row for row in empty if rows[row] == asked.inputs), None)
        if at is not None:
            given = (value for value, _, _ in asked.answers if value is not UNDEFINED and value is not None)
            choices = tuple(given)[:CHOICES]
            read = {i for _, _, program in asked.answers for i in read_inputs(program)}
            cells = tuple((names[i], rows[at][i]) for i in sorted(read or range(len(names))))
            return RowQuestion(column, at, line(at), cells, choices, asked.agreed)
    for doubt in doubts:
        if doubt.alternatives or doubt.value is None:
            values = (doubt.value, *(value for value, _ in doubt.alternatives))
            choices = tuple(v for v in values if v is not None)
            read = read_inputs(result.best.program) or set(range(len(names)))
            cells = tuple((names[i], rows[doubt.row][i]) for i in sorted(read))
            return RowQuestion(column, doubt.row, doubt.line, cells, choices, not doubt.alternatives)
    return None
