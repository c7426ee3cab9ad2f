"""Notebooks of the documentation run from the first cell to the last, and results show themselves in them."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import neurosynth as ns
from neurosynth import notebook
from neurosynth.search.base import Progress

NOTEBOOKS = Path(__file__).parent.parent / "docs" / "notebooks"


def executed(path: Path) -> Any:
    """The notebook with its outputs."""
    nbclient = pytest.importorskip("nbclient", reason="nbclient is not installed")
    nbformat = pytest.importorskip("nbformat", reason="nbformat is not installed")
    pytest.importorskip("ipykernel", reason="ipykernel is not installed")
    book = nbformat.read(path, as_version=4)
    nbclient.NotebookClient(book, timeout=300, kernel_name="python3").execute(cwd=str(path.parent))
    return book


def html(cell: Any) -> str:
    """The HTML a cell shows."""
    return "".join(o["data"].get("text/html", "") for o in cell["outputs"] if "data" in o)


@pytest.mark.parametrize("path", sorted(NOTEBOOKS.glob("*.ipynb")), ids=lambda p: p.stem)
def test_notebooks_run(path: Path) -> None:
    book = executed(path)
    assert all(c["outputs"] or "import" in c["source"] for c in book.cells if c["cell_type"] == "code")
    if path.stem == "filling":
        shown = [html(c) for c in book.cells if c["cell_type"] == "code"]
        assert "19 Jan 2025" in shown[1]
        assert 'class="in"' in shown[1] or 'class="doubt"' in shown[1]  # two rows may leave doubt
        assert "Kovalevskaya" in shown[3]
        assert "<summary>Python</summary>" in shown[3]
        assert "<summary>Excel</summary>" in shown[3]
        assert "(sum x0)" in shown[4]
        assert "enumeration" in shown[5]


def test_notebooks_are_kept_without_outputs() -> None:
    for path in NOTEBOOKS.glob("*.ipynb"):
        cells = json.loads(path.read_text())["cells"]
        assert not any(c.get("outputs") or c.get("execution_count") for c in cells), path.name


def test_what_a_user_gave_is_escaped() -> None:
    task = ns.Task([ns.example("<b>x</b>", output="<B>X</B>"), ns.example("<i>", output="<I>")], input_names=["<u>"])
    result = ns.synthesize(task, "strings")
    shown = result._repr_html_()
    assert "&lt;b&gt;x&lt;/b&gt;" in shown
    assert "&lt;u&gt;" in shown
    assert not re.search(r"<(b|B|i|I|u)>", shown)
    assert "<b>" not in result.explain()._repr_html_()


def test_what_is_wrong_is_marked() -> None:
    solved = ns.synthesize(ns.Task([ns.example([1, 2], output=3), ns.example([4], output=4)]), "lists")
    wanted = ns.Task([ns.example([1, 2], output=3), ns.example([4], output=77)])
    result = replace(solved, task=wanted, solutions=(), closest=solved.best)
    shown = result._repr_html_()
    assert "<td class=in>3</td>" in shown
    assert "<td class=bad>4</td>" in shown


def test_outside_of_notebooks_there_is_no_bar() -> None:
    assert not notebook.in_notebook()
    with notebook.notebook_bar(1.0) as bar:
        assert bar is None


def test_the_bar_shows_itself_and_is_gone_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    display = pytest.importorskip("IPython.display", reason="IPython is not installed")
    drawn: list[str] = []

    class Handle:
        def update(self, html: Any) -> None:
            drawn.append(html.data)

    def show(html: Any, display_id: bool) -> Handle:
        drawn.append(html.data)
        return Handle()

    monkeypatch.setattr(notebook, "in_notebook", lambda: True)
    monkeypatch.setattr(display, "display", show)

    def now(seconds: float) -> Progress:
        return Progress(
            seconds=seconds,
            programs_tried=1200,
            cost=3,
            values_kept=9,
            memory_mb=1.0,
            best_share=0.5,
            best=None,
            phase="a<b",
        )

    with notebook.notebook_bar(10.0, "surname") as bar:
        assert bar is not None
        bar(now(0.2))
        assert drawn == []
        bar(now(2.0))
    assert drawn[0].startswith(
        '<progress max="10" value="2.00"></progress> surname · a&lt;b · 50% of the examples right · 1,200 programs'
    )
    assert drawn[-1] == ""
