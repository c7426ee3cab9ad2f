"""``neurosynth ui``: a table in the browser."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["ui"]


def ui(
    table: Annotated[
        str | None, typer.Argument(metavar="[TABLE]", help="Table to open. You can also drop or paste one on the page.")
    ] = None,
    port: Annotated[int, typer.Option("--port", help="Port on 127.0.0.1; 0 chooses a free port.")] = 0,
    seconds: Annotated[
        float | None,
        typer.Option(
            "--seconds",
            min=0.1,
            help="Time limit for each column, in seconds of wall-clock time. Default: 5 seconds, in which waiting for a busy processor "
            "does not count, and at most 30 in all.",
        ),
    ] = None,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the page in a browser.")] = True,
) -> None:
    """Open a local page that fills a column while you type two or three of its cells.

    The page is served to this machine only. It stores nothing unless you download it.
    """
    import socket

    from neurosynth.extras import require

    require("ui", "the page")
    from neurosynth.page.app import Page, serve
    from neurosynth.page.sheet import Sheet

    page = Page(seconds=seconds)
    if table is not None:
        page.open(Sheet.from_file(Path(table)))
    if port == 0:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
    print(f"http://127.0.0.1:{port}  (Ctrl-C ends it)", flush=True)
    serve(page, port=port, show=browser)
