"""Fills as HTML for notebooks: a table with doubtful cells shaded, and the program of each column with its code a click away."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from neurosynth.notebook import block, code_tabs, table, text

if TYPE_CHECKING:
    from neurosynth.frames.filled import Fill, FilledColumn

__all__ = ["fill_html"]

_ROWS = 12
"""Maximum number of rows that are shown."""
_FORMS = {"python": "Python", "pandas": "pandas", "polars": "polars", "sql": "SQL", "excel": "Excel"}


def fill_html(fill: Fill) -> str:
    """The most informative rows (doubtful ones first, then some filled ones), the programs, and their Python code."""
    doubtful = [d.row for c in fill.columns for d in c.doubts]
    others = [row for c in fill.columns for row in c.filled]
    rows = sorted(list(dict.fromkeys([*doubtful, *others]))[:_ROWS])
    outputs = {c.name for c in fill.columns}
    read = dict.fromkeys(name for c in fill.columns for name in c.inputs if name not in outputs)
    cells = {name: fill.table.column(name) for name in read}
    head = ["", *cells, *(c.name for c in fill.columns)]
    return block(table(head, (_row(fill, row, cells) for row in rows)), *map(_column, fill.columns))


def _row(fill: Fill, row: int, cells: dict[str, list[Any]]) -> list[str]:
    given = [text(column[row]) for column in cells.values()]
    return [f"<th>{fill.table.line(row)}</th>", *given, *(_cell(column, row) for column in fill.columns)]


def _cell(column: FilledColumn, row: int) -> str:
    doubt = next((d for d in column.doubts if d.row == row), None)
    value = text(column.values[row])
    if doubt is not None:
        others = "; ".join(f"{v} ({share:.0%})" for v, share in doubt.alternatives)
        title = escape(
            f"confidence {doubt.confidence:.0%}: {doubt.reason}" + (f"; alternatives: {others}" if others else ""),
            quote=True,
        )
        return f'<td class="doubt" title="{title}">{value}</td>'
    return f'<td class="{"in" if row in column.confidences else ""}">{value}</td>'


def _column(column: FilledColumn) -> str:
    if column.saved is None:
        return f"<p><b>{escape(column.name)}</b>: no program found. {escape(column.result.advice)}</p>"
    exported = {name: column.export(form) for form, name in _FORMS.items()}
    codes = {name: code for name, code in exported.items() if code is not None}
    return f"<p>{escape(str(column))}</p><pre>{escape(str(column.saved.program))}</pre>{code_tabs(codes)}"
