"""Figures: what they show, that they are sound SVG, and that a page's colours reach them."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from neurosynth.bench import figures
from neurosynth.bench.pairs import compare
from neurosynth.bench.report import Report
from neurosynth.bench.rows import Row
from neurosynth.bench.tables import Configuration, configurations
from neurosynth.errors import InputError, UnknownNameError
from tests.bench.sample_rows import NASTY, row, rows_of

pytest.importorskip("matplotlib", reason="figures need the extra 'plot'")


def groups(*given: dict[str, Any]) -> dict[Configuration, list[Row]]:
    """Rows by configuration."""
    return configurations([Row.from_json(r) for r in given])


def numbered(found: dict[Configuration, list[Row]]) -> dict[Configuration, int]:
    """Colours in order."""
    return {c: i for i, c in enumerate(found)}


def solved(task: str, seconds: float, **more: Any) -> dict[str, Any]:
    """A row."""
    return row(task=task, stats={"seconds": seconds, "programs_tried": int(seconds * 1000)}, **more)


def svg(text: bytes | str) -> ET.Element:
    """The figure as a tree."""
    return ET.fromstring(text)


def words(tree: ET.Element) -> list[str]:
    """The texts in it."""
    return [t.text or "" for t in tree.iter("{http://www.w3.org/2000/svg}text")]


def test_a_curve_climbs_by_one_with_each_task() -> None:
    found = groups(*(solved(f"t{i}", float(2**i)) for i in range(4)), row(task="no", stop="time"))
    (axis,) = figures.cactus(found, numbered(found), figures.SECONDS, "strings", 10.0).axes
    (line,) = axis.lines
    x, y = np.asarray(line.get_xdata()), np.asarray(line.get_ydata())
    assert x[:4].tolist() == [1.0, 2.0, 4.0, 8.0]
    assert y.tolist() == [1, 2, 3, 4, 4]
    assert axis.get_xscale() == "log"
    assert axis.get_ylabel() == "tasks solved, of 5"


def test_numbers_on_an_axis_are_whole() -> None:
    found = groups(*(solved(f"t{i}", 0.01 * 9**i) for i in range(4)))
    figure = figures.cactus(found, numbered(found), figures.SECONDS, "version 1.2345", 10.0)
    assert {"0.01", "0.1", "1", "10", "version 1.2345"} <= set(words(svg(figures.image(figure))))
    assert not re.search(rb' [dxy]="[^"]*\.\d\d', figures.image(figure))


@pytest.mark.parametrize(
    ("least", "most", "ticks"),
    [
        (0.01, 12.0, [0.01, 0.1, 1, 10]),
        (0.2, 10.5, [0.2, 0.5, 1, 2, 5, 10]),
        (12_334, 45_600, [20_000, 30_000, 40_000]),
        (12_334, 12_400, [12_340, 12_360, 12_380, 12_400]),
        (1, 1e12, [1, 100, 1e4, 1e6, 1e8, 1e10, 1e12]),
    ],
)
def test_an_axis_has_numbers_that_can_be_told_apart(least: float, most: float, ticks: list[float]) -> None:
    assert figures._ticks(least, most) == pytest.approx(ticks)


def test_a_curve_of_several_runs_is_their_median_in_a_band() -> None:
    found = groups(*(solved("a", 1.0 + seed, seed=seed) for seed in range(3)))
    (axis,) = figures.cactus(found, numbered(found), figures.CANDIDATES, "strings").axes
    assert np.asarray(axis.lines[0].get_ydata()).tolist() == [0, 1, 1, 1]
    assert len(axis.collections) == 1


def test_a_curve_of_many_tasks_has_few_corners_and_ends_where_it_should() -> None:
    found = groups(*(solved(f"t{i}", 0.01 * 1.002**i) for i in range(3000)))
    (axis,) = figures.cactus(found, numbered(found), figures.SECONDS, "strings", 10.0).axes
    y = np.asarray(axis.lines[0].get_ydata())
    assert len(y) < 200
    assert y[-1] == 3000


def test_nothing_solved_says_so() -> None:
    found = groups(row(stop="time"))
    figure = figures.cactus(found, numbered(found), figures.SECONDS, "strings", 10.0)
    assert "no task was solved" in words(svg(figures.image(figure)))


def test_a_scatter_has_a_point_a_task_that_either_solved() -> None:
    found = groups(
        solved("both", 1.0), solved("mine", 2.0), row(task="theirs", stop="time"), row(task="none", stop="time"),
        *(solved(t, 4.0, search="x") for t in ("both", "theirs")), *(row(task=t, stop="time", search="x") for t in ("mine", "none")),
    )  # fmt: skip
    (axis,) = figures.scatter(compare(found)[0], 10.0).axes
    points = np.asarray(axis.lines[-1].get_xydata())
    beyond = points > 11
    assert points[~beyond.any(axis=1)].tolist() == [[1.0, 4.0]]
    assert sorted(map(tuple, beyond.tolist())) == [(False, False), (False, True), (True, False)]


def test_a_scatter_of_many_tasks_gathers_them() -> None:
    found = groups(*(solved(f"t{i}", 1.0 + i / 1e5, search=s) for i in range(1000) for s in "xy"))
    (axis,) = figures.scatter(compare(found)[0], 10.0).axes
    assert sum(np.asarray(line.get_xdata()).size for line in axis.lines[3:]) < 20


def test_held_out_accuracy_by_size_has_a_point_a_class() -> None:
    given = [
        row(task=f"{size}{i}", programs=[{"text": "x", "size": size}], held_out={"examples": 2, "right": 2 if i else 1})
        for size in (2, 30)
        for i in range(4)
    ]
    found = groups(*given)
    (axis,) = figures.held_out_by_size(found, numbered(found)).axes
    assert [t.get_text() for t in axis.get_xticklabels()] == ["1–3\n4", "21–40\n4"]
    assert np.asarray(axis.lines[0].get_ydata()).tolist() == [75.0, 75.0]


@pytest.mark.parametrize("text", [*NASTY, "名前 $a$ \\frac"])
def test_any_label_makes_sound_svg(text: str) -> None:
    found = groups(solved("a", 1.0, search=text), solved("a", 2.0, search="x"))
    for figure in (
        figures.cactus(found, numbered(found), figures.SECONDS, text, 10.0),
        figures.scatter(compare(found)[0], 10.0),
    ):
        tree = svg(figures.image(figure))
        assert any(" ".join(text.split())[:20] in said for said in words(tree))


def test_a_figure_in_a_page_takes_its_colours_and_leaves_no_names() -> None:
    report = Report.of([Row.from_json(r) for r in rows_of(("strings",), tasks=6)])
    for one in report.drawn():
        inline = figures.in_page(one.svg, one.title)
        svg(inline.replace("xlink:", ""))
        assert not re.search(r"<g id=|<metadata|<\?xml|<!DOCTYPE|#ffffff", inline)
        assert figures.INK not in inline
        assert not any(colour in inline for colour in figures.COLOURS)
        assert "currentColor" in inline
        used = set(re.findall(r"#([\w-]+)", re.sub(r"(?:fill|stroke): #\w+", "", inline)))
        assert used <= set(re.findall(r'id="([^"]+)"', inline))


def test_the_same_rows_give_the_same_bytes() -> None:
    def drawn() -> bytes:
        found = groups(*rows_of(("strings",), tasks=5))
        return figures.image(figures.cactus(found, numbered(found), figures.SECONDS, "x", 10.0))

    assert drawn() == drawn()


def test_colours_come_again_with_other_dashes() -> None:
    styles = {figures._style(n)[:2] for n in range(3 * len(figures.COLOURS))}
    assert len(styles) == 3 * len(figures.COLOURS)


@pytest.mark.parametrize("name", ["solved.svg", "deep/er/solved.png", "solved.SVG"])
def test_a_report_draws_one_figure(name: str, tmp_path: Path) -> None:
    report = Report.of([Row.from_json(row())])
    for kind in ("seconds", "candidates", "sizes"):
        assert report.plot(tmp_path / name, kind).stat().st_size > 500


def test_suffixes_and_kinds_that_there_are_not(tmp_path: Path) -> None:
    report = Report.of([Row.from_json(row())])
    with pytest.raises(InputError, match=r"cannot be written as \.jpg; allowed: \.svg, \.png"):
        report.plot(tmp_path / "solved.jpg")
    with pytest.raises(UnknownNameError, match=r"unknown kind of figure 'second'.*did you mean seconds"):
        report.plot(tmp_path / "solved.svg", "second")


def test_without_the_extra_the_command_that_brings_it_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("neurosynth.extras.find_spec", lambda name: None)
    report = Report.of([Row.from_json(row())])
    with pytest.raises(InputError, match=r"a report with figures needs matplotlib.*pip install -c constraints.txt"):
        report.write(tmp_path)
    assert report.markdown()
