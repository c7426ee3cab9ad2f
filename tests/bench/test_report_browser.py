"""The page in a real browser: what a reader sees and does, on a desk, on a phone, in the dark, without scripts.

Needs Chromium (Debian's package ``chromium`` does) and Playwright; skipped without.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from neurosynth.bench.report import Report
from tests.bench.sample_rows import NASTY, row, rows_of, write_rows
from tests.browser import NEEDS_BROWSER

pytest.importorskip("matplotlib", reason="figures need the extra 'plot'")
pytestmark = NEEDS_BROWSER

Open = Callable[..., Any]
WIDTHS = (320, 375, 768, 1280)
OPEN_ALL = "for (const d of document.querySelectorAll('details')) d.open = true"
WIDE = """() => {
  const beyond = [...document.querySelectorAll('body *')].filter((e) =>
    e.getBoundingClientRect().right > innerWidth + 1 && !e.closest('.scroll'));
  return [document.documentElement.scrollWidth, beyond.slice(0, 5).map((e) => e.outerHTML.slice(0, 90))];
}"""


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page on rows of four configurations, three suites and two seeds, and a suite of texts that are hard on a page."""
    folder = tmp_path_factory.mktemp("page")
    given = list(rows_of(("sygus-strings", "dreamcoder-lists"), tasks=12, seeds=2))
    long = {"text": "(str.++ " + "x" * 900 + ")", "size": 3, "logprob": None}
    given += [row("hard", text, programs=[{**long, "text": text}]) for text in NASTY]
    given += [
        row("hard", "long" * 40, programs=[long]),
        row("hard", "why", stop="crashed", reason=NASTY[0], search="bottom-up"),
    ]
    rows = write_rows(folder / "rows.jsonl", given)
    return Report.from_files([rows], title="Report on <b>many</b> things").write(folder)


@pytest.fixture
def opened(browser: Any, page_file: Path) -> Iterator[Open]:
    """``opened(width, …)``: the page in a new window; nothing may be complained of or asked from outside."""
    contexts, said = [], []

    def open_(width: int = 1280, **options: Any) -> Any:
        context = browser.new_context(viewport={"width": width, "height": 800}, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: said.append(request.url) if request.url != page_file.as_uri() else None)
        page.goto(page_file.as_uri())
        return page

    yield open_
    for context in contexts:
        context.close()
    assert not said


def cells(page: Any, column: str, table: str) -> list[str]:
    """The texts of a column of a table, of the rows that are shown."""
    heads = [text.split(" ↕")[0] for text in page.locator(f"{table} thead th").all_text_contents()]
    number = heads.index(column) + 1
    found: list[str] = page.locator(f"{table} tbody tr:not([hidden]) td:nth-child({number})").all_text_contents()
    return found


def shown(page: Any) -> tuple[int, int]:
    """How many rows of tasks are shown, and how many there are."""
    rows = page.locator("details.suite tbody tr")
    return page.locator("details.suite:not([hidden]) tbody tr:not([hidden])").count(), rows.count()


def test_nothing_is_wider_than_the_window(opened: Open) -> None:
    page = opened()
    page.evaluate(OPEN_ALL)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate(WIDE) == [width, []]


def test_tables_fit_a_desk_and_a_phone(opened: Open) -> None:
    page = opened()
    for width in (375, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        frames = page.locator("#suites .scroll, #pairs .scroll, #sizes .scroll")
        assert (
            frames.evaluate_all("all => all.map((e) => e.scrollWidth > e.clientWidth + 1)") == [False] * frames.count()
        )


BROKEN = """() => [...document.querySelectorAll('#suites td, .suite td:first-child, .ranks span')].flatMap((cell) => {
  const text = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT).nextNode();
  if (!text) return [];
  return [...text.data.matchAll(/[A-Za-z0-9]{2,24}/g)].filter((word) => {
    const range = document.createRange();
    range.setStart(text, word.index);
    range.setEnd(text, word.index + word[0].length);
    return word[0].length < 25 && range.getClientRects().length > 1;
  }).map((word) => word[0]);
})"""


def test_names_are_not_broken_within_a_word(opened: Open) -> None:
    page = opened()
    page.evaluate(OPEN_ALL)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        words = [word for word in page.evaluate(BROKEN) if not set(word) <= set("long")]
        assert words == [], width


def test_on_a_phone_letters_can_be_read(opened: Open) -> None:
    page = opened(375, device_scale_factor=2, is_mobile=True, has_touch=True)
    page.evaluate(OPEN_ALL)
    letters = page.evaluate("[...document.querySelectorAll('svg text')].map((t) => t.getBoundingClientRect().height)")
    assert min(letters) >= 8  # the box of a letter, in CSS pixels
    # Rows of tasks stand below each other, and say what their numbers are.
    assert page.locator(".suite tbody tr").first.evaluate("e => getComputedStyle(e).display") == "block"
    label = "e => getComputedStyle(e, '::before').content"
    assert "seconds" in page.locator(".suite tbody tr").first.locator("td.r + td").evaluate(label)


def test_a_click_on_a_head_sorts_by_numbers_and_another_turns_it(opened: Open) -> None:
    page = opened()
    head = page.locator("#suites thead th", has_text="median s")
    for order in (False, True):
        head.locator("button").click()
        numbers = [float(text.split(" ")[0]) for text in cells(page, "median s", "#suites") if text != "—"]
        assert numbers == sorted(numbers, reverse=order)
        assert head.get_attribute("aria-sort") == ("descending" if order else "ascending")
    assert cells(page, "median s", "#suites").index("—") >= len(numbers)


def test_tasks_are_narrowed_by_text_configuration_result_and_difference(opened: Open) -> None:
    page = opened()
    _, every = shown(page)
    form = page.locator("#filter")
    form.locator("[name=text]").fill("sygus-strings TASK-003")
    page.wait_for_selector("#shown:not(:empty)")
    assert shown(page)[0] == 8  # four configurations, two seeds
    assert page.locator("#shown").inner_text() == f"8 of {every} rows"
    assert page.locator("details.suite[open]:not([hidden])").count() == 1

    form.locator("[name=configuration]").select_option("cvc5")
    page.wait_for_timeout(300)
    assert shown(page)[0] == 2

    form.evaluate("e => e.reset()")
    page.wait_for_timeout(300)
    assert shown(page)[0] == every
    form.locator("[name=result]").select_option("crashed")
    page.wait_for_timeout(300)
    assert shown(page)[0] >= 1
    assert set(page.locator("details.suite tbody tr:not([hidden]) td.r").all_text_contents()) == {"crashed"}

    form.locator("[name=result]").select_option("!")  # solved, not right on held-out
    page.wait_for_timeout(300)
    scores = page.locator("details.suite tbody tr:not([hidden]) td.h").all_text_contents()
    assert scores
    assert all(right != of for right, of in (score.split("/") for score in scores))

    form.evaluate("e => e.reset()")
    form.locator("[name=differing]").check()
    page.wait_for_timeout(300)
    assert 0 < shown(page)[0] < every


def test_a_task_that_only_one_solves_leads_to_its_rows(opened: Open) -> None:
    page = opened()
    page.evaluate(OPEN_ALL)
    link = page.locator("#pairs a[data-task]").first
    name = link.inner_text()
    link.click()
    page.wait_for_selector("#shown:not(:empty)")
    assert page.locator("#filter [name=text]").input_value() == name
    assert shown(page)[0] == 8
    assert page.url.endswith("#tasks")


def test_what_rows_say_is_shown_and_not_done(opened: Open) -> None:
    page = opened()
    page.evaluate(OPEN_ALL)
    assert page.title() == "Report on <b>many</b> things"
    tasks = page.locator("details.suite", has_text="hard, ").locator("tbody tr td:first-child").all_text_contents()
    assert tasks[: len(NASTY)] == [text.replace("\u2028", r"\u2028") for text in NASTY]
    assert page.locator("img").count() == 0


def test_a_long_program_is_folded_and_opens(opened: Open) -> None:
    page = opened()
    program = page.locator("details.suite", has_text="hard, ").locator("td.p details")
    page.evaluate("for (const d of document.querySelectorAll('details.suite')) d.open = true")
    folded = program.bounding_box()["height"]
    program.locator("summary").click()
    assert program.bounding_box()["height"] > 2 * folded


def test_without_scripts_all_but_the_search_is_there(opened: Open) -> None:
    page = opened(375, java_script_enabled=False)
    assert page.locator("#solved svg").count() == 2
    assert page.locator("#solved svg").first.is_visible()
    assert page.locator("#suites table").is_visible()
    assert not page.locator("#filter").is_visible()
    assert page.locator("#tasks noscript p").is_visible()
    suite = page.locator("details.suite").first
    suite.locator("summary").first.click()
    assert suite.locator("tbody tr").first.is_visible()


def test_words_stand_out_from_the_paper(opened: Open) -> None:
    page = opened()
    page.evaluate(OPEN_ALL)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        _stand_out(page, scheme)


def _stand_out(page: Any, scheme: str) -> None:
    paper = _brightness(page.locator("body").evaluate("e => getComputedStyle(e).backgroundColor"))
    assert (paper < 0.1) == (scheme == "dark")
    for words, style in (
        ("body", "color"), (".help", "color"), ("nav a", "color"), (".s td.r", "color"), (".f td.r", "color"),
        ("#solved svg text", "fill"),
    ):  # fmt: skip
        ink = _brightness(page.locator(words).first.evaluate(f"e => getComputedStyle(e).{style}"))
        low, high = sorted((ink, paper))
        assert (high + 0.05) / (low + 0.05) >= 4.5, words  # WCAG 2, level AA
    drawn = page.locator("#solved svg").first.evaluate(
        "e => [...e.querySelectorAll('path')].map((p) => getComputedStyle(p).stroke).filter((c) => c.startsWith('rgb('))"
    )
    for colour in set(drawn):
        low, high = sorted((_brightness(colour), paper))
        assert (high + 0.05) / (low + 0.05) >= 2.2, colour  # what is drawn has names and dashes besides


def _brightness(colour: str) -> float:
    """The relative luminance of ``rgb(r, g, b)`` (WCAG 2), 0 to 1."""
    parts = [int(part) / 255 for part in colour[colour.index("(") + 1 : -1].split(",")[:3]]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
