"""What is odd or wrong, in a real browser: the page says so in a sentence, and goes on.

Needs Chromium and Playwright; skipped without.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from neurosynth.frames.delimited import LIMIT
from tests.page.served import MARKS, Served, add, cell, opened, type_into, wait_for

pytest.importorskip("nicegui", reason="needs the extra 'ui'")
pytestmark = MARKS


@pytest.fixture(scope="module")
def empty() -> Iterator[Served]:
    found = Served()
    yield found
    found.close()


@pytest.fixture
def page(browser: Any, empty: Served) -> Iterator[Any]:
    """The page without a table; nothing complains, and nothing is asked of the network."""
    found, noted = opened(browser, empty)
    if found.locator("textarea").count() == 0:
        found.get_by_role("button", name="Open another").click()
        found.wait_for_selector("textarea, .q-dialog")
        if found.locator(".q-dialog").count():  # something was typed
            found.get_by_role("button", name="Close it").click()
        found.wait_for_selector("textarea")
    yield found
    assert noted == []
    found.context.close()


def paste(page: Any, text: str) -> None:
    page.locator("textarea").fill(text)
    page.get_by_role("button", name="Use these rows").click()


def choose(page: Any, path: Path) -> None:
    page.locator("input[type=file]").set_input_files(str(path))


def says(page: Any, sentence: str) -> None:
    page.wait_for_selector(f".q-notification:has-text({sentence!r})", timeout=30_000)


BAD: list[tuple[str, str, str]] = [
    ("nothing at all", "", "empty; the first line must name the columns"),
    ("a header alone", "name,s\n", "a header and no rows; add the rows below the header"),
    ("two columns of one name", "a,a\n1,2\n", "2 columns are named 'a'; rename all but one"),
    ("a row that is short", "name,s\nAda L,Ada\nAlan T\n", "line 3: 1 cells, the header has 2"),
    ("a quote that stays open", 'name,s\nAda L,"Ada\nAlan T,\n', "row of a table"),
]


@pytest.mark.parametrize(("text", "sentence"), [c[1:] for c in BAD], ids=[c[0] for c in BAD])
@pytest.mark.parametrize("how", ["pasted", "a file"])
def test_a_table_that_cannot_be_read(page: Any, tmp_path: Path, how: str, text: str, sentence: str) -> None:
    if how == "pasted":
        paste(page, text)
    else:
        (tmp_path / "bad.csv").write_text(text)
        choose(page, tmp_path / "bad.csv")
    says(page, sentence)
    paste(page, "name\nAda L\nAlan T\n")  # and the page goes on
    page.wait_for_selector(".ag-cell")


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("t.xlsx", b"no workbook", "t.xlsx"),
        ("t.parquet", b"no parquet", "t.parquet"),
        ("t.jsonl", b"{no json\n", "t.jsonl"),
        ("t.csv", b"\xff\xfe\x00\x80,s\n\x00\x01", "t.csv, line 2: byte 0x01 at offset 6 is not utf-16-le"),
        ("t.png", b"\x89PNG\r\n\x1a\n", "t.png"),
    ],
)
def test_a_file_that_is_not_what_its_name_says(
    page: Any, tmp_path: Path, name: str, data: bytes, sentence: str
) -> None:
    (tmp_path / name).write_bytes(data)
    choose(page, tmp_path / name)
    says(page, sentence)


def test_a_file_that_is_too_large(page: Any, tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    with path.open("wb") as file:
        file.truncate(LIMIT + 1)  # of no blocks
    choose(page, path)
    says(page, "more than the 2 GB that are read into memory")


def test_odd_names_of_columns_are_shown_and_filled(page: Any) -> None:
    names = ["area m²", "½", "class", "<b>bold</b>", "{{ 1 + 1 }}", "=1+1", "${x.y}"]
    rows = "".join(
        ",".join([f"{first} {last}", *"123456"]) + "\n" for first, last in [("Ada", "L"), ("Alan", "T"), ("Kurt", "G")]
    )
    paste(page, ",".join(names) + "\n" + rows)
    page.wait_for_selector(".ag-cell")
    shown = page.locator(".ag-header-cell-text").all_inner_texts()
    assert [s for s in shown if s][: 1 + len(names)] == ["line", *names]
    add(page, "<i>first</i>")
    type_into(page, 0, len(names), "Ada")
    type_into(page, 1, len(names), "Alan")
    wait_for(page, 2, len(names), "Kurt")
    assert page.locator("i:text-is('first')").count() == 0


def test_rows_that_contradict(page: Any) -> None:
    paste(page, "name\nAda L\nAda L\nAlan T\n")
    page.wait_for_selector(".ag-cell")
    add(page, "s")
    type_into(page, 0, 1, "Ada")
    type_into(page, 1, 1, "A")
    page.wait_for_selector("text=contradict: the same cells give", timeout=30_000)
    type_into(page, 1, 1, "Ada")  # and it is well again
    wait_for(page, 2, 1, "Alan")
    assert page.locator("text=contradict").count() == 0


def test_all_cells_of_an_output_given_or_emptied(page: Any) -> None:
    paste(page, "name\nAda L\nAlan T\n")
    page.wait_for_selector(".ag-cell")
    add(page, "s")
    assert page.locator("text=s from").count() == 0  # none given: nothing is learned, nothing complains
    type_into(page, 0, 1, "Ada")
    wait_for(page, 1, 1, "Alan")
    type_into(page, 1, 1, "Alan")
    page.wait_for_timeout(2_000)
    assert cell(page, 0, 1).inner_text() == "Ada"
    for row in (0, 1):
        cell(page, row, 1).dblclick()
        page.keyboard.press("Control+A")
        page.keyboard.press("Delete")
        page.keyboard.press("Enter")
    wait_for(page, 0, 1, "")
    wait_for(page, 1, 1, "")


def test_columns_that_cannot_be_added(page: Any) -> None:
    paste(page, "name\nAda L\nAlan T\n")
    page.wait_for_selector(".ag-cell")
    for name, sentence in (("name", "there is a column 'name' already"), ("  ", "a column needs a name")):
        page.get_by_label("Name of a new column").fill(name)
        page.get_by_role("button", name="Add column").click()
        says(page, sentence)


def test_formulas_in_cells_stay_text(page: Any, tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl", reason="the extra data is not installed")
    book = openpyxl.Workbook()
    for row in (["name"], ["1+1 a"], ["2+2 b"], ["3+3 c"]):
        book.active.append(row)
    book.save(tmp_path / "t.xlsx")
    choose(page, tmp_path / "t.xlsx")
    page.wait_for_selector(".ag-cell")
    add(page, "sum")
    type_into(page, 0, 1, "=1+1")
    type_into(page, 1, 1, "=2+2")
    wait_for(page, 2, 1, "=3+3")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    sheet = openpyxl.load_workbook(io.BytesIO(Path(download.value.path()).read_bytes())).active
    cells = [sheet.cell(row, 2) for row in range(2, 5)]
    assert [(c.value, c.data_type) for c in cells] == [("=1+1", "s"), ("=2+2", "s"), ("=3+3", "s")]
