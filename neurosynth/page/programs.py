"""The programs of the columns on the page, as code to copy."""

from __future__ import annotations

from typing import Any

from nicegui import ui

from neurosynth.frames.filled import column_title
from neurosynth.page.sheet import Sheet

__all__ = ["show_programs"]

_FORMS = {"python": "Python", "pandas": "pandas", "polars": "polars", "sql": "SQL", "excel": "Excel"}


def show_programs(panel: Any, sheet: Sheet) -> None:
    """The program of each output column, as code to copy, or why there is none."""
    panel.clear()
    with panel:
        for name, problem in sheet.problems.items():
            ui.label(f"{column_title(name)}: {problem}").classes("ns-problem").mark("problem")
        for name, column in sheet.filled.items():
            if (mistake := sheet.mistake(name)) is not None:
                ui.label(f"{name}: {mistake} A typing mistake?").classes("text-warning").mark("mistake")
            if column.solved:
                _program(sheet, name, str(column))


def _program(sheet: Sheet, name: str, summary: str) -> None:
    codes = {form: code for form in _FORMS if (code := _code(sheet, name, form)) is not None}
    with ui.expansion(summary, icon="functions").classes("w-full").mark("program"):
        found = sheet.filled[name].saved
        if found is not None:
            ui.code(str(found.program), language="scheme").classes("w-full")
        with ui.tabs() as tabs:
            for form in codes:
                ui.tab(form, _FORMS[form])
        with ui.tab_panels(tabs, value=next(iter(codes), None)).classes("w-full"):
            for form, code in codes.items():
                with ui.tab_panel(form):
                    ui.code(code, language="sql" if form == "sql" else "python").classes("w-full")


def _code(sheet: Sheet, name: str, form: str) -> str | None:
    """Code in the form of an exporter; None if there is no such exporter, or it cannot express the program."""
    from neurosynth.plugins import available

    return sheet.code(name, form) if form in available("exporters") else None
