"""The page itself, made with NiceGUI and its AG Grid: everything that it shows comes from a :class:`~neurosynth.page.sheet.Sheet`."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from nicegui import app, events, run, ui

from neurosynth.errors import NeurosynthError
from neurosynth.frames.delimited import LIMIT
from neurosynth.frames.filled import column_title
from neurosynth.page.grid import grid_options, grid_rows
from neurosynth.page.sheet import Sheet
from neurosynth.page.work import WorkInWords

__all__ = ["serve"]

_FORMS = {"python": "Python", "pandas": "pandas", "polars": "polars", "sql": "SQL", "excel": "Excel"}
_PAUSE = 0.4
"""Seconds without a key before the columns are learned again."""
_DOUBLE = 0.3
"""Seconds within which a second click counts as a double click."""
_OFFERS = 12
"""Maximum number of columns that buttons offer to fill."""
_TICK = 0.2
"""Seconds between two updates of what a search is doing."""
_STYLE = """
.ns-typed { font-weight: 600 } .ns-filled { background: rgba(60, 160, 90, .16) } .ns-doubtful { background: rgba(230, 160, 20, .34) }
.ns-problem { color: #b00020 } .body--dark .ns-problem { color: #ff8a80 }
.nicegui-content { padding: 0.75rem; max-width: 100vw } pre { white-space: pre-wrap; overflow-wrap: anywhere }
"""


@dataclass
class Page:
    """The one page of this process: everybody who opens it, also after a refresh, sees the same sheet."""

    sheet: Sheet | None = None
    seconds: float | None = None
    """Time limit of the search for each column, in wall-clock seconds; None for that of a sheet."""
    changes: int = field(default=0)
    """Counts edits, so that only the last of several searches is shown."""

    def open(self, sheet: Sheet) -> None:
        """Show another table."""
        if self.seconds is not None:
            sheet.config = replace(sheet.config, seconds=self.seconds, stretch=1.0)
        self.sheet = sheet
        self.changes += 1


def serve(page: Page, *, port: int, show: bool) -> None:
    """Serve the page on this machine alone until it is interrupted.

    Args:
        page: the page to show.
        port: of 127.0.0.1.
        show: whether to open a browser.
    """

    @ui.page("/", title="neurosynth")
    def index() -> None:
        _View(page).build()

    app.native.start_args.clear()
    ui.run(
        host="127.0.0.1", port=port, show=show, reload=False, title="neurosynth", dark=None, show_welcome_message=False,
        favicon="🧩",
    )  # fmt: skip


class _View:
    """One browser's view of the page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.grid: Any = None
        self.work: WorkInWords | None = None
        self.clicks = 0
        """Counts clicks and edits that began: only a click without a following one asks about a doubtful cell."""

    def build(self) -> None:
        """The header and, below it, the table or the form to open one."""
        ui.add_css(_STYLE)
        self.dark = ui.dark_mode(None)
        with ui.header().classes("items-center q-py-xs"):
            ui.label("neurosynth").classes("text-h6")
            self.title = ui.label().classes("ellipsis")
            ui.space()
            ui.button("Open another", on_click=self.close).props("flat color=white dense").mark("another")
            ui.button("Download", on_click=self.download).props("flat color=white dense").mark("download")
            ui.button(icon="dark_mode", on_click=self.toggle_dark).props(
                "flat round color=white dense aria-label='dark mode'"
            )
        self.body = ui.column().classes("w-full")
        self.show()

    def toggle_dark(self) -> None:
        """From light to dark and back; the browser's own choice applies at first."""
        self.dark.value = not self.dark.value

    def show(self) -> None:
        """Build the body again."""
        self.body.clear()
        sheet = self.page.sheet
        self.title.text = "" if sheet is None else sheet.name
        with self.body:
            if sheet is None:
                self._start()
            else:
                self._table(sheet)

    # --- opening a table --------------------------------------------------------------------------------------------

    def _start(self) -> None:
        ui.label("Open a table").classes("text-h5")
        ui.label("Drop a file, or paste rows from a spreadsheet. Everything stays on this machine.")
        ui.upload(
            label="CSV, TSV, Excel, parquet or JSON lines", on_upload=self.uploaded, on_rejected=self.too_large,
            max_file_size=LIMIT, auto_upload=True,
        ).classes("w-full").mark("upload")  # fmt: skip
        self.pasted = (
            ui.textarea("Or paste rows here, the header first").classes("w-full").props("outlined rows=8").mark("paste")
        )
        ui.button("Use these rows", on_click=self.use_pasted).mark("use")

    async def uploaded(self, event: events.UploadEventArguments) -> None:
        """A file was dropped or chosen."""
        data = await event.file.read()
        self._open(lambda: _sheet_of(data, event.file.name))

    def too_large(self) -> None:
        """A file that is too large to be read into memory."""
        said = f"more than the {LIMIT / 1e9:g} GB that are read into memory; fill a part of it, and stream the rest: neurosynth apply"
        ui.notify(said, type="negative", multi_line=True, close_button=True, timeout=0)

    def use_pasted(self) -> None:
        """Rows were pasted."""
        self._open(lambda: Sheet.from_text(self.pasted.value or ""))

    def _open(self, make: Any) -> None:
        try:
            self.page.open(make())
        except NeurosynthError as error:
            ui.notify(str(error), type="negative", multi_line=True, close_button=True, timeout=0)
            return
        self.show()

    def close(self) -> None:
        """Back to the start page."""
        self.page.sheet = None
        self.show()

    def download(self) -> None:
        """The filled table as a file."""
        sheet = self.page.sheet
        if sheet is None:
            ui.notify("open a table first", type="warning")
            return
        try:
            ui.download.content(sheet.download(), f"filled-{sheet.name}")
        except NeurosynthError as error:
            ui.notify(str(error), type="negative", multi_line=True, close_button=True, timeout=0)

    # --- the table ------------------------------------------------------------------------------------------------

    def _table(self, sheet: Sheet) -> None:
        with ui.row().classes("w-full items-center no-wrap"):
            self.new_name = ui.input("Name of a new column").props("dense outlined").mark("new-name")
            self.new_name.on("keydown.enter", self.add_column)
            ui.button("Add column", on_click=self.add_column).props("dense").mark("add")
            ui.space()
            self.spinner = ui.spinner(size="sm")
            self.spinner.visible = False
            self.ticks = ui.timer(_TICK, self._tick, active=False)
            self.doing = ui.label().classes("text-caption ns-doing").props("aria-live=polite").mark("doing")
        ui.label("Type two or three cells of a column; neurosynth fills the others while you type.").classes(
            "text-caption"
        )
        self.offers = ui.row().classes("w-full items-center gap-1")
        self._offer(sheet)
        self.question_box = ui.column().classes("w-full")
        self.grid = (
            ui.aggrid(grid_options(sheet), auto_size_columns=False)
            .classes("w-full").style("height: min(60vh, 34rem)").mark("grid")
        )  # fmt: skip
        self.grid.on("cellValueChanged", self.edited, ["rowIndex", "colId", "newValue", "data"])
        self.grid.on("cellClicked", self.clicked, ["colId", "data"])
        self.grid.on("cellEditingStarted", self.began_to_edit, [])
        self.panel = ui.column().classes("w-full")
        self._panel(sheet)
        self._question(sheet)

    def _offer(self, sheet: Sheet) -> None:
        """A button for each column that has filled and empty cells."""
        self.offers.clear()
        columns = sheet.fillable[:_OFFERS]
        with self.offers:
            if columns:
                ui.label("Fill the empty cells of").classes("text-caption")
            for name in columns:
                ui.button(column_title(name), on_click=lambda n=name: self.fill_column(sheet, n)).props(
                    "dense outline no-caps"
                ).mark("offer")

    def add_column(self) -> None:
        """Add a new column on the right."""
        sheet = self.page.sheet
        assert sheet is not None
        try:
            sheet.add_column(self.new_name.value or "")
        except NeurosynthError as error:
            ui.notify(str(error), type="negative")
            return
        self.show()
        self.grid.run_grid_method("ensureColumnVisible", f"c{len(sheet.columns) - 1}")
        self.grid.run_grid_method("setFocusedCell", 0, f"c{len(sheet.columns) - 1}")

    async def edited(self, event: events.GenericEventArguments) -> None:
        """A cell was edited."""
        sheet = self.page.sheet
        assert sheet is not None
        name = sheet.columns[int(event.args["colId"][1:])]
        await self._typed(sheet, name, int(event.args["data"]["id"]), str(event.args["newValue"] or ""))

    async def _typed(self, sheet: Sheet, column: str, row: int, text: str) -> None:
        sheet.type(column, row, text)
        await self._learn(sheet)

    async def fill_column(self, sheet: Sheet, column: str) -> None:
        """Fill a column of the table from the cells that it has."""
        sheet.wanted.add(column)
        self._offer(sheet)
        await self._learn(sheet)

    async def _learn(self, sheet: Sheet) -> None:
        """Learn the columns again, unless something else is typed soon."""
        self.page.changes += 1
        mine = self.page.changes
        await asyncio.sleep(_PAUSE)
        if mine != self.page.changes:
            return  # something was typed since: that edit starts a new search
        self.work = doing = WorkInWords(sheet)
        self.spinner.visible = self.ticks.active = True
        try:
            await run.io_bound(sheet.fill, doing)
        finally:
            if self.work is doing:  # otherwise something was typed since, and is being learned
                self.work, self.spinner.visible, self.ticks.active = None, False, False
                self.doing.set_text("")
        if mine == self.page.changes:
            self._refresh(sheet)

    def _tick(self) -> None:
        """Show what the search is doing; a last tick may come after its end."""
        if self.work is not None:
            self.doing.set_text(self.work.text())

    def _refresh(self, sheet: Sheet) -> None:
        """Show what was learned: the cells, the question, the programs, and buttons for columns without a program."""
        self._offer(sheet)
        self.grid.run_grid_method("applyTransaction", {"update": grid_rows(sheet)})
        self._question(sheet)
        self._panel(sheet)

    # --- doubts and questions -------------------------------------------------------------------------------------

    def began_to_edit(self) -> None:
        """A cell is being edited, after a double click or by keys."""
        self.clicks += 1

    async def clicked(self, event: events.GenericEventArguments) -> None:
        """A cell was clicked: a doubtful one offers its alternatives."""
        sheet = self.page.sheet
        column = str(event.args.get("colId", ""))
        if sheet is None or not column.startswith("c"):
            return
        self.clicks += 1
        mine = self.clicks
        await asyncio.sleep(_DOUBLE)
        if mine != self.clicks:
            return  # the second click of two edits the cell
        name, row = sheet.columns[int(column[1:])], int(event.args["data"]["id"])
        doubt = sheet.doubt(name, row)
        if doubt is None:
            return
        values = [v for v in [doubt.value, *(v for v, _ in doubt.alternatives)] if v is not None]
        with ui.dialog() as dialog, ui.card():
            ui.label(f"{name}, line {doubt.line}: confidence {doubt.confidence:.0%}; {doubt.reason}")
            for value in values:
                ui.button(str(value) or "(empty)", on_click=lambda v=value: dialog.submit(str(v))).props(
                    "outline no-caps"
                )
            other = ui.input("Something else").props("dense outlined")
            other.on("keydown.enter", lambda: dialog.submit(str(other.value or "") or None))
            ui.button("Close", on_click=lambda: dialog.submit(None)).props("flat")
        answer = await dialog
        if answer is not None:
            await self._typed(sheet, name, row, answer)

    def _question(self, sheet: Sheet) -> None:
        """Ask about the row that resolves most doubt, in place."""
        self.question_box.clear()
        with self.question_box:
            for name, count in sheet.changed.items():
                filled = len(sheet.filled[name].to_fill)
                ui.label(f"{name}: the last answer changed {count:,} of {filled:,} other cells.").classes(
                    "text-caption"
                ).mark("changed")
        question = sheet.question()
        if question is None:
            return
        with self.question_box, ui.card().classes("w-full").mark("question"):
            ui.label(f"What is {question.column} in line {question.line}?").classes("text-bold")
            ui.label(question.sentence).classes("text-caption")
            with ui.row().classes("items-center"):
                for choice in question.choices:
                    ui.button(
                        str(choice) or "(empty)",
                        on_click=lambda c=str(choice): self._typed(sheet, question.column, question.row, c),
                    ).props("outline no-caps dense")
                other = ui.input("Something else").props("dense outlined")
                other.on(
                    "keydown.enter", lambda: self._typed(sheet, question.column, question.row, str(other.value or ""))
                )

    # --- programs -------------------------------------------------------------------------------------------------

    def _panel(self, sheet: Sheet) -> None:
        """The program of each output column, as code to copy, or why there is none."""
        self.panel.clear()
        with self.panel:
            for name, problem in sheet.problems.items():
                ui.label(f"{column_title(name)}: {problem}").classes("ns-problem").mark("problem")
            for name, column in sheet.filled.items():
                if (mistake := sheet.mistake(name)) is not None:
                    ui.label(f"{name}: {mistake} A typing mistake?").classes("text-warning").mark("mistake")
                if column.solved:
                    self._program(sheet, name, str(column))

    def _program(self, sheet: Sheet, name: str, summary: str) -> None:
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


def _sheet_of(data: bytes, name: str) -> Sheet:
    """A sheet of an uploaded file."""
    import tempfile

    if Path(name).suffix.lower() in (".csv", ".tsv", ".txt", ""):
        return Sheet.from_text(data, name)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / Path(name).name
        path.write_bytes(data)
        return Sheet.from_file(path, Path(name).name)
