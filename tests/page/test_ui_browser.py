"""The page in a real browser: fill, correct a cell, answer a question, a phone, the dark, keys alone, many rows, no network.

Needs Chromium and Playwright; skipped without.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.page.served import MARKS, Served, add, cell, opened, type_into, wait_for

pytest.importorskip("nicegui", reason="needs the extra 'ui'")
pytestmark = MARKS

TEXT = "full name,born,city\nAda Lovelace,1815,London\nAlan Turing,1912,Leeds\nGrace Brewster Hopper,1906,York\nEmmy Noether,1882,Erlangen\n"


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    table = tmp_path / "people.csv"
    table.write_text(TEXT)
    found = Served(table)
    yield found
    found.close()


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


def test_what_is_being_done_is_said(browser: Any, served: Served) -> None:
    """While a column is learned that nothing explains, the page says what it does and how long it has taken, twice a second."""
    page, _ = opened(browser, served)
    add(page, "code")
    type_into(page, 0, 3, "qxz")
    type_into(page, 1, 3, "7b")
    doing = page.locator(".ns-doing")
    page.wait_for_function("document.querySelector('.ns-doing').innerText.startsWith('code: ')", timeout=30_000)
    said: list[str] = []
    while len(said) < 20 and (text := doing.inner_text()):
        said.append(text)
        time.sleep(0.25)
    assert any("of 2 cells explained" in text for text in said), said
    # clocks: the text is another one every half second, with what a machine with much to do takes on top
    assert len(set(said)) >= len(said) // 3, said
    page.wait_for_selector(".ns-problem:has-text('code: ')", timeout=30_000)
    page.wait_for_timeout(1_000)
    assert doing.inner_text() == ""


def test_a_question_is_skipped_and_a_column_removed(browser: Any, served: Served) -> None:
    page, noted = opened(browser, served)
    add(page, "surname")
    type_into(page, 0, 3, "Lovelace")
    type_into(page, 1, 3, "Turing")
    page.get_by_role("button", name="Skip").click()
    page.wait_for_function("!document.body.innerText.includes('What is surname')")
    page.get_by_role("button", name="remove column surname").click()
    page.wait_for_function("!document.body.innerText.includes('surname')")
    assert noted == []


def test_a_table_with_typed_cells_is_closed_after_a_question(browser: Any, served: Served) -> None:
    page, _ = opened(browser, served)
    add(page, "first")
    type_into(page, 0, 3, "Ada")
    page.get_by_role("button", name="Open another").click()
    page.get_by_role("button", name="Keep it open").click()
    wait_for(page, 0, 3, "Ada")
    page.get_by_role("button", name="Open another").click()
    page.get_by_role("button", name="Close it").click()
    page.wait_for_selector("textarea")
    assert page.get_by_role("button", name="Download").count() == 0


def test_nothing_stays_unless_it_is_downloaded(browser: Any, served: Served, tmp_path: Path) -> None:
    """What was typed is in no file and in no storage of the browser; the table on disk stays as it was."""
    before = {p.name: p.read_bytes() for p in tmp_path.iterdir()}
    page, _ = opened(browser, served)
    add(page, "first")
    type_into(page, 0, 3, "Ada")
    wait_for(page, 1, 3, "Alan")
    kept = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert "Ada" not in kept
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == before
