"""The page itself, made with NiceGUI and its AG Grid: everything that it shows comes from a :class:`~neurosynth.page.sheet.Sheet`."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from typing import Any

from nicegui import app, events, run, ui

from neurosynth.errors import NeurosynthError
from neurosynth.frames.filled import RowQuestion, column_title
from neurosynth.page.grid import grid_options, grid_rows
from neurosynth.page.opening import opening_form, refuse
from neurosynth.page.programs import show_programs
from neurosynth.page.sheet import Sheet
from neurosynth.page.work import WorkInWords

__all__ = ["serve"]

_PAUSE = 0.4
"""Seconds without a key before the columns are learned again."""
_DOUBLE = 0.3
"""Seconds within which a second click counts as a double click."""
_OFFERS = 12
"""Maximum number of columns that buttons offer to fill."""
_SHORT = 10
"""Maximum number of rows of a table that is shown in full height."""
_TICK = 0.2
"""Seconds between two updates of what a search is doing."""
_STYLE = """
.ns-typed { font-weight: 600 } .ns-filled { background: rgba(60, 160, 90, .16) } .ns-doubtful { background: rgba(230, 160, 20, .34) }
.ns-problem { color: #b00020 } .body--dark .ns-problem { color: #ff8a80 }
.nicegui-content { padding: 0.75rem; max-width: 100vw; gap: .5rem } pre { white-space: pre-wrap; overflow-wrap: anywhere }
.q-header { background: #1d5c96 !important } .q-notification .q-btn__content { color: white }
.body--dark .q-btn--outline .q-btn__content, .body--dark .q-btn--flat .q-btn__content { color: #8fc3f5 }
.body--dark .q-header .q-btn .q-btn__content { color: white }
.q-uploader__list:empty, .q-uploader__subtitle { display: none }
.ns-key { padding: 0 .4rem; border-radius: 3px; border: 1px solid rgba(128, 128, 128, .4) } .ns-doing { min-height: 1.25rem }
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

    def close(self) -> None:
        """Show no table; what is being learned ends."""
        self.sheet = None
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

    app.on_shutdown(page.close)  # otherwise the end waits for a search
    app.native.start_args.clear()
    ui.run(
        host="127.0.0.1", port=port, show=show, reload=False, title="neurosynth", dark=None, show_welcome_message=False,
        favicon="🧩", reconnect_timeout=30.0,
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
        ui.colors(primary="#2676ba")
        with ui.header().classes("items-center no-wrap q-py-xs"):
            ui.label("neurosynth").classes("text-h6")
            self.title = ui.label().classes("ellipsis")
            ui.space()
            self.for_tables = [
                _header_button("Open another", "folder_open", self.ask_to_close).mark("another"),
                _header_button("Download", "download", self.download).mark("download"),
            ]
            ui.button(icon="dark_mode", on_click=self.toggle_dark).props(
                "flat round color=white dense aria-label='dark mode'"
            )
        self.body = ui.column().classes("w-full")
        self.show()

    def toggle_dark(self) -> None:
        """From light to dark and back; the browser's own choice applies at first."""
        self.dark.value = not self.dark.value

    def show(self, focus: str = "") -> None:
        """Build the body again.

        Args:
            focus: a column whose first cell gets the keys.
        """
        self.body.clear()
        sheet = self.page.sheet
        self.title.text = "" if sheet is None else sheet.name
        for button in self.for_tables:
            button.visible = sheet is not None
        with self.body:
            if sheet is None:
                opening_form(self.open)
            else:
                self._table(sheet, focus)

    # --- opening and closing a table ---------------------------------------------------------------------------------

    def open(self, sheet: Sheet) -> None:
        """Show a table."""
        self.page.open(sheet)
        self.show()

    async def ask_to_close(self) -> None:
        """Back to the start page; if cells were typed, only after a question."""
        sheet = self.page.sheet
        if sheet is not None and any(sheet.typed.values()):
            with ui.dialog() as dialog, ui.card():
                ui.label(f"Close {sheet.name}? What you typed and what was filled is lost unless you downloaded it.")
                with ui.row():
                    ui.button("Keep it open", on_click=lambda: dialog.submit(False)).props("outline no-caps")
                    ui.button("Close it", on_click=lambda: dialog.submit(True)).props("flat no-caps")
            if not await dialog:
                return
        self.page.close()
        self.show()

    def download(self) -> None:
        """The filled table as a file."""
        sheet = self.page.sheet
        assert sheet is not None
        try:
            ui.download.content(sheet.download(), f"filled-{sheet.name}")
        except NeurosynthError as error:
            refuse(str(error))

    # --- the table ------------------------------------------------------------------------------------------------

    def _table(self, sheet: Sheet, focus: str) -> None:
        ui.label(
            "Add a column and type two or three of its cells; neurosynth fills the others while you type. Double-click a cell to change it."
        ).classes("text-caption")
        with ui.row().classes("w-full items-center gap-2"):
            self.new_name = ui.input("Name of a new column").props("dense outlined").mark("new-name")
            self.new_name.on("keydown.enter", self.add_column)
            ui.button("Add column", on_click=self.add_column).props("dense no-caps padding='xs sm'").mark("add")
            for name in sheet.columns:
                if name not in sheet.table.names:
                    button = ui.button(column_title(name), icon="close", on_click=lambda n=name: self.remove_column(n))
                    button.props("dense flat no-caps").mark("remove")
                    button.props["aria-label"] = f"remove column {column_title(name)}"
        self.offers = ui.row().classes("w-full items-center gap-1")
        self._offer(sheet)
        short = sheet.table.count <= _SHORT
        self.rows = grid_rows(sheet)
        self.grid = (
            ui.aggrid({**grid_options(sheet, focus), "rowData": self.rows, "domLayout": "autoHeight" if short else "normal"},
                      auto_size_columns=False)
            .classes("w-full").style("height: auto" if short else "height: min(55vh, 34rem)").mark("grid")
        )  # fmt: skip
        with ui.row().classes("w-full items-center gap-2 text-caption"):
            for state in ("typed", "filled", "doubtful: click it for other values"):
                ui.label(state).classes(f"ns-key ns-{state.partition(':')[0]}")
            ui.space()
            self.spinner = ui.spinner(size="sm")
            self.spinner.visible = False
            self.ticks = ui.timer(_TICK, self._tick, active=False)
            self.doing = ui.label().classes("ns-doing").props("aria-live=polite").mark("doing")
        self.question_box = ui.column().classes("w-full gap-1")
        self.grid.on("cellValueChanged", self.edited, ["rowIndex", "colId", "newValue", "data"])
        self.grid.on("cellClicked", self.clicked, ["colId", "data"])
        self.grid.on("cellEditingStarted", self.began_to_edit, [])
        self.panel = ui.column().classes("w-full")
        show_programs(self.panel, sheet)
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
        self.show(self.new_name.value)

    async def remove_column(self, name: str) -> None:
        """Remove a column that was added."""
        sheet = self.page.sheet
        assert sheet is not None
        sheet.remove_column(name)
        self.show()
        await self._learn(sheet)

    async def edited(self, event: events.GenericEventArguments) -> None:
        """A cell was edited."""
        sheet = self.page.sheet
        assert sheet is not None
        name = sheet.columns[int(event.args["colId"][1:])]
        await self._typed(sheet, name, int(event.args["data"]["id"]), str(event.args["newValue"] or ""))

    async def _typed(self, sheet: Sheet, column: str, row: int, text: str) -> None:
        sheet.type(column, row, text)
        self._update(sheet)
        await self._learn(sheet)

    async def fill_column(self, sheet: Sheet, column: str) -> None:
        """Fill a column of the table from the cells that it has."""
        sheet.try_again(column)
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
        ended = False
        try:
            ended = bool(await run.io_bound(sheet.fill, doing, lambda: mine != self.page.changes))
        finally:
            if self.work is doing:  # otherwise something was typed since, and is being learned
                self.work, self.spinner.visible, self.ticks.active = None, False, False
                self.doing.set_text("")
        if ended and mine == self.page.changes:
            self._refresh(sheet)

    def _tick(self) -> None:
        """Show what the search is doing; a last tick may come after its end."""
        if self.work is not None:
            self.doing.set_text(self.work.text())

    def _refresh(self, sheet: Sheet) -> None:
        """Show what was learned: the cells, the question, the programs, and buttons for columns without a program."""
        self._offer(sheet)
        self._update(sheet)
        self._question(sheet)
        show_programs(self.panel, sheet)

    def _update(self, sheet: Sheet) -> None:
        """Send the rows that changed to the grid."""
        before, self.rows = self.rows, grid_rows(sheet)
        changed = [now for now, then in zip(self.rows, before, strict=True) if now != then]
        if changed:
            self.grid.run_grid_method("applyTransaction", {"update": changed})

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
            for value in filter(str, values):
                ui.button(str(value), on_click=lambda v=value: dialog.submit(str(v))).props("outline no-caps")
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
                ui.label(f"{name}: your last entry changed {count:,} of {filled:,} other cells.").classes(
                    "text-caption"
                ).mark("changed")
        question = sheet.question()
        if question is None:
            return
        with self.question_box, ui.card().classes("w-full").mark("question"):
            ui.label(f"What is {question.column} in line {question.line}?").classes("text-bold")
            ui.label(question.sentence).classes("text-caption")
            with ui.row().classes("items-center"):
                choices = [str(choice) for choice in question.choices if str(choice)]
                for choice in choices:
                    ui.button(choice, on_click=lambda c=choice: self._answered(sheet, question, c)).props(
                        "outline no-caps dense padding='xs sm'"
                    )
                other = ui.input("Something else" if choices else "The value").props("dense outlined")
                other.on("keydown.enter", lambda: self._answered(sheet, question, str(other.value or "")))
                ui.button("Answer", on_click=lambda: self._answered(sheet, question, str(other.value or ""))).props(
                    "flat no-caps dense padding='xs sm'"
                )
                ui.button("Skip", on_click=lambda: self._skipped(sheet, question)).props(
                    "flat no-caps dense padding='xs sm'"
                )

    async def _answered(self, sheet: Sheet, question: RowQuestion, text: str) -> None:
        """An answer was given; an empty one is none."""
        if text:
            self.question_box.clear()
            await self._typed(sheet, question.column, question.row, text)

    def _skipped(self, sheet: Sheet, question: RowQuestion) -> None:
        """The question is not to be asked again."""
        sheet.skip(question)
        self._question(sheet)


def _header_button(name: str, icon: str, do: Any) -> Any:
    """A button of the header, which is an icon alone on a phone."""
    with ui.button(icon=icon, on_click=do).props(f"flat color=white dense no-caps aria-label='{name}'") as button:
        ui.label(name).classes("gt-xs q-ml-xs")
    return button
