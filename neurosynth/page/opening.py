"""The form of the page that opens a table: a file that is dropped or chosen, or rows that are pasted."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from nicegui import events, ui

from neurosynth.errors import NeurosynthError
from neurosynth.frames.delimited import LIMIT
from neurosynth.page.sheet import Sheet

__all__ = ["opening_form", "refuse"]


def opening_form(opened: Callable[[Sheet], None]) -> None:
    """Build the form in place.

    Args:
        opened: called with the table.
    """

    def open_(make: Callable[[], Sheet]) -> None:
        try:
            sheet = make()
        except NeurosynthError as error:
            refuse(str(error))
            return
        opened(sheet)

    async def uploaded(event: events.UploadEventArguments) -> None:
        data = await event.file.read()
        open_(lambda: _sheet_of(data, event.file.name))

    ui.label("Open a table").classes("text-h5")
    ui.label("Open a file, or paste rows from a spreadsheet. Everything stays on this machine.")
    ui.upload(
        label="Drop a CSV, TSV, Excel, parquet or JSON lines file here, or choose one with +",
        on_upload=uploaded,
        on_rejected=_too_large,
        max_file_size=LIMIT,
        auto_upload=True,
    ).classes("w-full").mark("upload")
    pasted = (
        ui.textarea("Or paste rows here, the header first").classes("w-full").props("outlined rows=8").mark("paste")
    )
    ui.button("Use these rows", on_click=lambda: open_(lambda: Sheet.from_text(pasted.value or ""))).props(
        "no-caps"
    ).mark("use")


def refuse(message: str) -> None:
    """Show an error until it is closed."""
    ui.notify(message, type="negative", multi_line=True, close_button=True, timeout=0)


def _too_large() -> None:
    refuse(
        f"the file has more than the {LIMIT / 1e9:g} GB that are read into memory; fill a part of it here, then use the program on "
        "the whole file: neurosynth apply"
    )


def _sheet_of(data: bytes, name: str) -> Sheet:
    """A sheet of an uploaded file."""
    if Path(name).suffix.lower() in (".csv", ".tsv", ".txt", ""):
        return Sheet.from_text(data, name)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / Path(name).name
        path.write_bytes(data)
        return Sheet.from_file(path, Path(name).name)
