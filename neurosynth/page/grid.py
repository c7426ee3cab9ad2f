"""A sheet as the columns and rows of AG Grid."""

from __future__ import annotations

from typing import Any

from neurosynth.frames.filled import column_title
from neurosynth.page.sheet import Sheet

__all__ = ["grid_options", "grid_rows"]


def grid_options(sheet: Sheet, focus: str = "") -> dict[str, Any]:
    """The settings of the grid that shows a sheet, without its rows.

    Args:
        sheet: the table.
        focus: a column whose first cell gets the keys as soon as the rows are shown.
    """
    columns: list[dict[str, Any]] = [
        {"headerName": "line", "field": "line", "width": 85, "pinned": "left", "cellStyle": {"opacity": 0.6}}
    ]
    for at, name in enumerate(sheet.columns):
        columns.append(
            {
                "headerName": column_title(name),
                "field": f"c{at}",
                "colId": f"c{at}",
                "editable": True,
                "minWidth": 120,
                "flex": 1,
                "cellClassRules": {
                    f"ns-{state}": f"data.s{at} === '{state}'" for state in ("typed", "filled", "doubtful")
                },
            }
        )
    shown = {}
    if focus in sheet.columns:
        place = f"'c{sheet.columns.index(focus)}'"
        shown[":onFirstDataRendered"] = (
            "p => setTimeout(() => "  # after the field of the name, which has the keys, is gone
            f"{{ p.api.ensureColumnVisible({place}); p.api.clearFocusedCell(); p.api.setFocusedCell(0, {place}) }}, 150)"
        )
    return {
        **shown,
        "columnDefs": columns,
        "defaultColDef": {"resizable": True, "sortable": False},
        ":getRowId": "params => String(params.data.id)",
        "singleClickEdit": False,
        "stopEditingWhenCellsLoseFocus": True,
        "enterNavigatesVerticallyAfterEdit": True,
        "undoRedoCellEditing": True,
    }


def grid_rows(sheet: Sheet) -> list[dict[str, Any]]:
    """The rows: ``c0`` is the text of the first column, ``s0`` the state of its cell."""
    rows: list[dict[str, Any]] = [{"id": i, "line": sheet.table.line(i)} for i in range(sheet.table.count)]
    for at, name in enumerate(sheet.columns):
        for row, text in enumerate(sheet.cells(name)):
            rows[row][f"c{at}"] = text
        for row, state in sheet.states(name).items():
            rows[row][f"s{at}"] = state
    return rows
