"""The report of ``fill``: the program of each column, how many cells were filled, and the doubtful rows first."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table as RichTable
from rich.text import Text

from neurosynth.cli.show import code
from neurosynth.frames.filled import Doubt, Fill, FilledColumn, column_title

__all__ = ["report"]

_DOUBTS = 10
_SAMPLE = 3
_WIDE = 100


def report(filled: Fill, target: Path | None, saved: list[str], *, to_stderr: bool) -> None:
    """Print the report, on standard error if standard output has the table."""
    console = Console(stderr=to_stderr, highlight=False)
    if not console.is_terminal:
        console = Console(stderr=to_stderr, highlight=False, width=_WIDE)
    for column in filled.columns:
        _column(console, filled, column)
        console.print()
    if target is not None:
        console.print(f"Written: {escape(str(target))}", soft_wrap=True)
    for path in saved:
        console.print(f"Program saved: {escape(path)}  (neurosynth apply {escape(path)} TABLE)", soft_wrap=True)
    if target is None and not to_stderr:
        console.print("Nothing was written; use --write FILE to write the filled table.", soft_wrap=True)


def _column(console: Console, filled: Fill, column: FilledColumn) -> None:
    title = Text(column_title(column.name), style="bold")
    if not column.solved:
        console.print(title + Text(": no program found", style="bold red"))
        console.print(column.result.advice, soft_wrap=True)
        if column.advice:
            console.print(Text(column.advice), soft_wrap=True)
        _contradicted(console, filled, column)
        return
    guess = Text(": a guess", style="bold yellow") if column.result.guess else Text("")
    console.print(title + guess + Text(f" from {column.reads}"))
    assert column.saved is not None
    code(console, str(column.saved.program), "scheme", "  ")
    _contradicted(console, filled, column)
    if column.doubts:
        _doubts(console, column)
    _sample(console, filled, column)
    console.print(("a guess · " if column.result.guess else "") + column.summary, soft_wrap=True)
    if column.result.guess and column.result.busy:
        console.print(f"{column.result.busy} More time may find a better program: --seconds.", soft_wrap=True)
    if column.result.guess and column.advice:
        console.print(Text(column.advice), soft_wrap=True)


def _contradicted(console: Console, filled: Fill, column: FilledColumn) -> None:
    """Given cells that the program contradicts, and a cell that is the only evidence against a simpler program."""
    for row, gives in list(column.gives.items())[:_DOUBTS]:
        line, value = filled.table.line(row), _shown(column.values[row])
        console.print(
            Text(f"Line {line} has {value}, but the program gives {_shown(gives)}", style="yellow"), soft_wrap=True
        )
    if len(column.gives) > _DOUBTS:
        more = len(column.gives) - _DOUBTS
        console.print(f"… and {more} more given {'cell differs' if more == 1 else 'cells differ'}")
    if column.odd is not None:
        row, gives = column.odd
        line, value = filled.table.line(row), _shown(column.values[row])
        console.print(
            Text(
                f"A simpler program explains all given cells but one: line {line} has {value}, the program gives {_shown(gives)}; "
                "if the cell is a mistake, correct it, or use --noise 1",
                style="yellow",
            ),
            soft_wrap=True,
        )


def _doubts(console: Console, column: FilledColumn) -> None:
    """The least certain cells, with their alternatives."""
    table = RichTable(
        "line", "filled in", "confidence", "alternatives", "reason", box=None, pad_edge=False, header_style="yellow"
    )
    for doubt in column.doubts[:_DOUBTS]:
        others = "\n".join(f"{_shown(v or None)} ({share:.0%})" for v, share in doubt.alternatives)
        table.add_row(
            str(doubt.line), Text(_cell(column, doubt)), f"{doubt.confidence:.0%}", Text(others), doubt.reason
        )
    console.print(Text("Doubtful cells", style="yellow"))
    console.print(table)
    if len(column.doubts) > _DOUBTS:
        console.print(f"… and {len(column.doubts) - _DOUBTS} more; --mark writes the confidence of every cell")
    if any(c < column.min_confidence for c in column.confidences.values()):
        console.print(
            "Cells below the minimum confidence stay empty; --min-confidence 0 fills them in.", soft_wrap=True
        )


def _cell(column: FilledColumn, doubt: Doubt) -> str:
    left = column.values[doubt.row] is None
    return "(left empty)" if left else _shown(doubt.value or None)


def _sample(console: Console, filled: Fill, column: FilledColumn) -> None:
    """A few rows that were filled without doubt."""
    doubtful = {d.row for d in column.doubts}
    rows = [row for row in column.filled if row not in doubtful][:_SAMPLE]
    if not rows:
        return
    table = RichTable(
        *(escape(column_title(n)) for n in (*column.inputs, column.name)), box=None, pad_edge=False, header_style="dim"
    )
    read = [filled.cells(n) for n in column.inputs]
    for row in rows:
        table.add_row(*(Text(_shown(cells[row])) for cells in read), Text(_shown(column.values[row]), style="green"))
    console.print(table)


def _shown(value: Any) -> str:
    """A cell for a terminal: one line, of printable characters, not too long."""
    if value is None:
        return "(empty)"
    text = "".join(c if c.isprintable() else "�" for c in str(value))
    return text if len(text) <= 40 else text[:39] + "…"
