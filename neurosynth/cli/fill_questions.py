"""The questions of ``fill --ask``: the rows of the user's own table that resolve most doubt."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from typing import Any

from neurosynth.errors import printable
from neurosynth.frames.filled import Fill, FilledColumn, RowQuestion, column_title

__all__ = ["answer_one", "changed_cells"]


def answer_one(filled: Fill, cells: dict[str, dict[int, Any]], left: Mapping[str, int]) -> tuple[str, int] | None:
    """Ask about the row that resolves most doubt, in the first column that has one, and put the answer into ``cells``.

    ``left`` has the number of questions left for each column. Returns the column and the row, or None if there is nothing to ask or the
    answer is empty.
    """
    for column in filled.columns:
        question = column.question
        if question is None or not left.get(column.name, 0):
            continue
        value = _ask(filled, question)
        if value is None:
            return None
        cells.setdefault(column.name, {})[question.row] = value
        return column.name, question.row
    return None


def changed_cells(before: FilledColumn, after: FilledColumn) -> int:
    """The number of cells to fill, except the one asked about, whose value has changed."""
    return sum(before.values[row] != after.values[row] for row in after.to_fill)


def _ask(filled: Fill, question: RowQuestion) -> str | None:
    """The value typed for a row: a number chooses a listed one; None for an empty line or the end of the input."""
    say = sys.stderr
    print(f"Line {question.line} of {filled.table.path}: what is {question.column!r}? ({question.reason})", file=say)
    for name, cell in question.inputs:
        print(f"    {column_title(name)} = {cell!r}", file=say)
    for number, value in enumerate(question.choices, 1):
        print(f"  {number}. {printable(str(value)) or '(empty)'}", file=say)
    print(
        "Type the number of a candidate, or the value (after = it is taken literally); an empty line ends the questions.",
        file=say,
    )
    print("> ", end="", file=say, flush=True)
    line = sys.stdin.readline().rstrip("\r\n")
    if not line:
        return None
    if re.fullmatch(r"[0-9]{1,3}", line) and 1 <= int(line) <= len(question.choices):
        return str(question.choices[int(line) - 1])
    return line.removeprefix("=")
