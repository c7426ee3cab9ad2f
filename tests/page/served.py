"""A page in a process of its own, and a browser that looks at it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.browser import NEEDS_BROWSER

__all__ = ["MARKS", "Served", "add", "cell", "opened", "type_into", "wait_for"]

MARKS = [pytest.mark.slow, NEEDS_BROWSER]


class Served:
    """The page of one table, or of none yet, in a process of its own."""

    def __init__(self, table: Path | None = None) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        command = [
            sys.executable,
            "-m",
            "neurosynth",
            "ui",
            *([] if table is None else [str(table)]),
            "--port",
            str(self.port),
            "--no-browser",
        ]
        # the framework behaves differently where it finds pytest's variables
        environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST")}
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
        self.url = f"http://127.0.0.1:{self.port}"
        for _ in range(600):
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except OSError:
                time.sleep(0.1)
        self.close()
        raise AssertionError("the page did not start within a minute")

    def close(self) -> None:
        self.process.terminate()
        self.process.wait(20)


def opened(browser: Any, served: Served, **options: Any) -> tuple[Any, list[str]]:
    """A browser's view of the page, and what it asked of the network or complained of."""
    context = browser.new_context(**options)
    page = context.new_page()
    noted: list[str] = []
    page.on("request", lambda r: None if r.url.startswith((served.url, "data:", "blob:")) else noted.append(r.url))
    page.on("pageerror", lambda e: noted.append(str(e)))
    page.goto(served.url)
    page.wait_for_selector(".ag-cell, textarea", timeout=30_000)
    return page, noted


def cell(page: Any, row: int, column: int) -> Any:
    return page.locator(f'.ag-row[row-id="{row}"] [col-id="c{column}"]')


def type_into(page: Any, row: int, column: int, text: str) -> None:
    cell(page, row, column).dblclick()
    page.keyboard.type(text)
    page.keyboard.press("Enter")


def add(page: Any, name: str) -> None:
    page.get_by_label("Name of a new column").fill(name)
    page.get_by_role("button", name="Add column").click()
    page.wait_for_selector(f'.ag-header-cell-text:text-is("{name}")')


def wait_for(page: Any, row: int, column: int, text: str) -> None:
    page.wait_for_function(
        "([row, column, text]) => document.querySelector(`.ag-row[row-id='${row}'] [col-id='c${column}']`)?.innerText === text",
        arg=[row, column, text],
        timeout=30_000,
    )
