"""The page in a real browser: fill, correct a cell, answer a question, a phone, the dark, keys alone, many rows, no network.

Needs Chromium and Playwright; skipped without.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("nicegui", reason="needs the extra 'ui'")
api = pytest.importorskip("playwright.sync_api", reason="needs playwright, of the extra 'dev'")
_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
_PATHS = [path for name in _NAMES if (path := shutil.which(name)) is not None]
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not _PATHS, reason=f"no browser: none of {', '.join(_NAMES)} is on the path"),
]

TEXT = "full name,born,city\nAda Lovelace,1815,London\nAlan Turing,1912,Leeds\nGrace Brewster Hopper,1906,York\nEmmy Noether,1882,Erlangen\n"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=_PATHS[0], args=["--no-sandbox", "--disable-gpu"])
        yield chromium
        chromium.close()


class Served:
    """The page of one table, in a process of its own."""

    def __init__(self, table: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        command = [sys.executable, "-m", "neurosynth", "ui", str(table), "--port", str(self.port), "--no-browser"]
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


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    table = tmp_path / "people.csv"
    table.write_text(TEXT)
    found = Served(table)
    yield found
    found.close()


def opened(browser: Any, served: Served, **options: Any) -> tuple[Any, list[str]]:
    """A browser's view of the page, and what it asked of the network or complained of."""
    context = browser.new_context(**options)
    page = context.new_page()
    noted: list[str] = []
    page.on("request", lambda r: None if r.url.startswith((served.url, "data:", "blob:")) else noted.append(r.url))
    page.on("pageerror", lambda e: noted.append(str(e)))
    page.goto(served.url)
    page.wait_for_selector(".ag-cell", timeout=30_000)
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


def test_fill_ask_correct_refresh_and_download(browser: Any, served: Served) -> None:
    page, noted = opened(browser, served)
    add(page, "surname")
    type_into(page, 0, 3, "Lovelace")
    type_into(page, 1, 3, "Turing")
    wait_for(page, 3, 3, "Noether")
    page.wait_for_selector("text=What is surname in line 4?")
    page.get_by_role("button", name="Hopper", exact=True).click()
    wait_for(page, 2, 3, "Hopper")
    page.reload()
    page.wait_for_selector(".ag-cell")
    wait_for(page, 2, 3, "Hopper")
    type_into(page, 3, 3, "E. Noether")
    wait_for(page, 3, 3, "E. Noether")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    text = Path(download.value.path()).read_text()
    assert text.splitlines()[4] == "Emmy Noether,1882,Erlangen,E. Noether"
    page.get_by_text("surname from").click()
    page.locator("code", has_text="def program").first.wait_for()
    assert noted == []


@pytest.mark.parametrize(
    "options",
    [
        {"viewport": {"width": 375, "height": 700}},
        {"color_scheme": "dark"},
        {"viewport": {"width": 1280, "height": 800}},
    ],
)
def test_nothing_is_wider_than_the_window(browser: Any, served: Served, options: dict[str, Any]) -> None:
    page, noted = opened(browser, served, **options)
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth + 1")
    assert not wide
    assert noted == []


def test_keys_alone_fill_a_column(browser: Any, served: Served) -> None:
    page, _ = opened(browser, served)
    page.get_by_label("Name of a new column").focus()
    page.keyboard.type("first")
    page.keyboard.press("Enter")
    page.wait_for_selector('.ag-header-cell-text:text-is("first")')
    page.wait_for_timeout(500)
    for text in ("Ada", "Alan"):
        page.keyboard.press("Enter")
        page.keyboard.type(text)
        page.keyboard.press("Enter")
        page.wait_for_timeout(200)
    wait_for(page, 3, 3, "Emmy")


def test_fifty_thousand_rows(browser: Any, tmp_path: Path) -> None:
    table = tmp_path / "many.csv"
    table.write_text("code,name\n" + "".join(f"a-{i},x{i} y{i % 97}\n" for i in range(50_000)))
    served = Served(table)
    try:
        page, _ = opened(browser, served)
        add(page, "number")
        type_into(page, 0, 2, "0")
        type_into(page, 1, 2, "1")
        type_into(page, 2, 2, "2")
        wait_for(page, 5, 2, "5")
        assert cell(page, 7, 2).inner_text() == "7"
    finally:
        served.close()
