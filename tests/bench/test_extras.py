"""What is not installed: one line that names the extra and the command that brings it, from every command that needs it."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from neurosynth.bench.live import LivePage
from neurosynth.bench.page import environment
from neurosynth.bench.report import Report
from neurosynth.bench.rows import Row
from neurosynth.bench.runner import Plan, RunProgress
from neurosynth.cli import main
from neurosynth.errors import InputError
from neurosynth.tasks.json_files import write_jsonl
from neurosynth.tasks.task import Task, example
from tests.bench.sample_rows import row, write_rows

MISSING = {
    "a report without matplotlib": ("bench report {rows} --out {out}", "matplotlib", "plot", 2),
    "a report without jinja2": ("bench report {rows} --out {out}", "jinja2", "bench", 2),
    "a report without scipy": ("bench report {rows} --out {out}", "scipy", "bench", 2),
    "a report as JSON without matplotlib": ("bench report {rows} --out {out} --json", "matplotlib", "plot", 2),
    "a report by commit without matplotlib": ("bench report {rows} --by commit --out {out}", "matplotlib", "plot", 2),
    "a report on one suite without matplotlib": (
        "bench report {rows} --where suite=strings --out {out}",
        "matplotlib",
        "plot",
        2,
    ),
    "a comparison without scipy": ("bench compare {rows} {slow}", "scipy", "bench", 2),
    "a comparison without matplotlib": ("bench compare {rows} {rows}", "matplotlib", "", 0),
    "a history without matplotlib": ("bench history {commits}", "matplotlib", "", 0),
    "a history without jinja2": ("bench history {commits}", "jinja2", "", 0),
    "a live page without jinja2": ("bench run {suite} --out {out} --guide uniform --page {page}", "jinja2", "bench", 2),
    "a run without jinja2": ("bench run {suite} --out {out} --guide uniform", "jinja2", "", 0),
    "a run without scipy": ("bench run {suite} --out {out} --guide uniform", "scipy", "", 0),
    "cvc5 without cvc5": ("bench run {suite} --out {out} --solver cvc5", "cvc5", "bench", 2),
    "a cluster without ray": ("bench run {suite} --out {out} --cluster ray", "ray", "cluster", 2),
}


@pytest.mark.parametrize(("command", "module", "extra", "status"), MISSING.values(), ids=MISSING.keys())
def test_what_is_missing_is_named_with_its_extra(
    command: str, module: str, extra: str, status: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:  # fmt: skip
    if module == "scipy":  # one that was loaded stays so
        monkeypatch.setitem(sys.modules, "scipy.stats", None)
    monkeypatch.setitem(sys.modules, module, None)
    environment.cache_clear()
    several = [row(), row(task="b"), row(search="x"), row(task="b", search="x", stop="time")]
    names = {
        "rows": write_rows(tmp_path / "rows.jsonl", several),
        "slow": write_rows(tmp_path / "slow.jsonl", [{**r, "stats": {**r["stats"], "seconds": 0.9}} for r in several]),
        "commits": write_rows(tmp_path / "commits.jsonl", [row(), row(commit="other")]),
        "suite": tmp_path / "suite.jsonl",
        "page": tmp_path / "page.html",
        "out": tmp_path / "out",
    }
    write_jsonl(tmp_path / "suite.jsonl", [Task([example(i, output=i) for i in range(2)], "same")])
    with pytest.raises(SystemExit) as end:
        main(command.format(**names).split())
    environment.cache_clear()
    said = capsys.readouterr().err
    assert end.value.code == status, said
    assert "Traceback" not in said
    if extra:
        needs = rf"neurosynth: .* needs .*\b{module}\b.*not installed here; run in a checkout .* '\.\[{extra}\]'"
        assert re.search(needs, said), said


@pytest.mark.parametrize("kind", ["seconds", "candidates", "sizes"])
def test_a_figure_without_matplotlib(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(InputError, match=r"a figure needs matplotlib.*\[plot\]"):
        Report.of([Row.from_json(row())]).plot(tmp_path / "a.svg", kind)


# --- the live page ----------------------------------------------------------------------------------------------------


def test_a_live_page_shows_how_far_a_run_is(tmp_path: Path) -> None:
    progress = RunProgress(Plan(jobs=(), left_out={"strings": 0}), [])
    progress.suites["strings"].total = 3
    path = tmp_path / "live.html"
    page = LivePage(path, progress)
    assert "0 of 3 tasks" in path.read_text()
    nasty = "<script>alert(1)</script>"
    for given in (row(held_out={"examples": 1, "right": 1}), row(task=nasty, stop="crashed", reason=nasty)):
        made = Row.from_json(given)
        progress.add(made)
        page.add(made)
    page.write()
    text = path.read_text()
    assert '<meta http-equiv="refresh" content="2">' in text
    assert "2 of 3: 1 solved, 1 of 1 right on what was not shown, 1 failed" in text
    assert "<script" not in text
    assert "&lt;script&gt;" in text
    last = Row.from_json(row(task="c"))
    progress.add(last)
    page.add(last)
    text = path.read_text()
    assert "3 of 3 tasks, done" in text
    assert "refresh" not in text
    assert [p.name for p in tmp_path.iterdir()] == ["live.html"]
