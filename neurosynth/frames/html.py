"""Fills as HTML for notebooks: a table with doubtful cells shaded, the program of each column, its code a click away."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from neurosynth.frames.filled import Fill, FilledColumn

__all__ = ["fill_html"]

_ROWS = 12
_STYLE = """
.ns-fill table{border-collapse:collapse;font:13px/1.4 system-ui,sans-serif}
.ns-fill td,.ns-fill th{padding:3px 10px;text-align:left;border-bottom:1px solid rgba(128,128,128,.3);white-space:pre}
.ns-fill .in{background:rgba(60,160,90,.16)} .ns-fill .doubt{background:rgba(230,160,20,.32)}
.ns-fill pre{background:rgba(128,128,128,.12);padding:8px;overflow-x:auto} .ns-fill p{margin:.6em 0 .2em}
"""


def fill_html(fill: Fill) -> str:
    """The rows that say most (doubtful ones first, then some filled in), the programs, and their Python code."""
    doubtful = [d.row for c in fill.columns for d in c.doubts]
    others = [row for c in fill.columns for row in c.filled]
    rows = (
        sorted(dict.fromkeys([*doubtful, *others]))[:_ROWS]
        if len({*doubtful, *others}) <= _ROWS
        else sorted(list(dict.fromkeys([*doubtful, *others]))[:_ROWS])
    )
    read = dict.fromkeys(name for c in fill.columns for name in c.inputs if name in fill.table.names)
    cells = {name: fill.table.column(name) for name in read}
    head = "".join(f"<th>{escape(n)}</th>" for n in ["", *cells, *(c.name for c in fill.columns)])
    body = "".join(_row(fill, row, cells) for row in rows)
    parts = "".join(map(_column, fill.columns))
    return (
        f'<div class="ns-fill"><style>{_STYLE}</style><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
        f"{parts}</div>"
    )


def _row(fill: Fill, row: int, cells: dict[str, list[Any]]) -> str:
    given = "".join(f"<td>{_text(column[row])}</td>" for column in cells.values())
    made = "".join(_cell(column, row) for column in fill.columns)
    return f"<tr><th>{fill.table.line(row)}</th>{given}{made}</tr>"


def _cell(column: FilledColumn, row: int) -> str:
    doubt = next((d for d in column.doubts if d.row == row), None)
    value = _text(column.values[row])
    if doubt is not None:
        others = "; ".join(f"{v} ({share:.0%})" for v, share in doubt.alternatives)
        title = escape(
            f"{doubt.confidence:.0%} sure: {doubt.reason}" + (f"; or {others}" if others else ""), quote=True
        )
        return f'<td class="doubt" title="{title}">{value}</td>'
    return f'<td class="{"in" if row in column.confidences else ""}">{value}</td>'


def _column(column: FilledColumn) -> str:
    if column.saved is None:
        return f"<p><b>{escape(column.name)}</b>: no program found. {escape(column.result.stop.advice)}</p>"
    python = column.result.export(column.result.best, "python") or ""
    code = f"<details><summary>Python</summary><pre>{escape(python)}</pre></details>" if python else ""
    return f"<p>{escape(str(column))}</p><pre>{escape(str(column.saved.program))}</pre>{code}"


def _text(value: Any) -> str:
    return "" if value is None else escape(str(value))
