"""The questions of ``fill --ask``: rows of the user's own table on which the programs found disagree."""

from __future__ import annotations

import sys
from typing import Any

from neurosynth.frames.filled import Doubt, Fill, FilledColumn

__all__ = ["answered_rows"]


def answered_rows(filled: Fill, cells: dict[str, dict[int, Any]]) -> tuple[str, int] | None:
    """Ask about the row that settles most, and put the answer into ``cells``.

    Returns the column and the row, or None when there is nothing to ask or the answer is empty.
    """
    for column in filled.columns:
        doubt = _most_open(column, cells)
        if doubt is None:
            continue
        value = _ask(filled, column, doubt)
        if value is None:
            return None
        cells.setdefault(column.name, {})[doubt.row] = value
        return column.name, doubt.row
    return None


def _most_open(column: FilledColumn, cells: dict[str, dict[int, Any]]) -> Doubt | None:
    """The doubtful row that was not asked about and whose alternatives are most even."""
    asked = cells.get(column.name, {})
    open_rows = [d for d in column.doubts if d.row not in asked and (d.alternatives or d.value is None)]
    return min(open_rows, key=lambda d: (d.confidence, d.row), default=None)


def _ask(filled: Fill, column: FilledColumn, doubt: Doubt) -> str | None:
    """The value typed for a row: a number picks a listed one; None for an empty line or the end of the input."""
    say = sys.stderr
    print(f"Line {doubt.line} of {filled.table.path}: what is {column.name!r}?", file=say)
    for name in column.inputs:
        cell = filled.table.column(name)[doubt.row] if name in filled.table.names else None
        print(f"    {name} = {cell!r}", file=say)
    listed = [v for v in [doubt.value, *(value for value, _ in doubt.alternatives)] if v is not None]
    for number, value in enumerate(listed, 1):
        print(f"  {number}. {value}", file=say)
    print("Type a number, or the value (= before it takes it as it is); an empty line ends the questions.", file=say)
    print("> ", end="", file=say, flush=True)
    line = sys.stdin.readline().rstrip("\r\n")
    if not line:
        return None
    if line.isdigit() and 1 <= int(line) <= len(listed):
        return str(listed[int(line) - 1])
    return line.removeprefix("=")
