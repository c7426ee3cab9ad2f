"""Values as pictures: shapes, drawings in rows, the files that ``show`` draws."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from neurosynth_dsls.towers import towers
from neurosynth_dsls.turtle import turtle

import neurosynth as ns
from neurosynth.cli import main
from neurosynth.errors import InputError
from neurosynth.language.language import Language
from neurosynth.language.learned import LearnedAbstraction, Library, library_language
from neurosynth.library.built import built
from neurosynth.tasks.json_io import task_to_json
from neurosynth.training.drawings import draw_drawings, drawings_of
from neurosynth.values.registry import domain_of
from neurosynth.values.shapes import Rectangle
from neurosynth.values.types import parse_type

ARCH = ((0, 2, 6), (4, 2, 6), (2, 6, 2))


def arch() -> ns.Task:
    return ns.Task([ns.example(output=ARCH)], "arch", type=parse_type("tower"), language="towers")


def test_a_tower_is_drawn_block_by_block() -> None:
    (drawing,) = drawings_of([arch()])
    assert drawing.title == "arch"
    assert drawing.shapes == [
        Rectangle(-1, 0, 2, 6, 1, framed=True),
        Rectangle(3, 0, 2, 6, 1, framed=True),
        Rectangle(-1, 6, 6, 2, 0, framed=True),
    ]


def test_points_side_by_side_are_one_rectangle() -> None:
    picture = (0b1101,) + (0,) * 63
    shapes = domain_of(parse_type("picture")).shapes(picture)
    assert shapes == [Rectangle(0, 63, 1, 1), Rectangle(2, 63, 2, 1)]


def test_a_picture_of_nothing_drawn_says_what_can_be() -> None:
    with pytest.raises(InputError, match="no output is a picture; types: int"):
        drawings_of([ns.Task([ns.example(1, output=2)], "numbers")])


def test_drawings_are_written_in_rows(tmp_path: Path) -> None:
    path = draw_drawings(drawings_of([arch()] * 5), tmp_path / "arches.svg", title="arches", columns=2)
    assert path.read_text().count("<path") >= 15


def test_show_draws_files_of_tasks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "towers.jsonl"
    file.write_text(json.dumps(task_to_json(arch())) + "\n")
    with pytest.raises(SystemExit) as done:
        main(["show", str(file), "--out", str(tmp_path / "out")])
    assert done.value.code == 0
    assert capsys.readouterr().out == f"{tmp_path / 'out' / 'towers.png'}\n"
    assert (tmp_path / "out" / "towers.png").stat().st_size > 1000


LEARNED = [
    (towers, "arch", "plan -> plan", "(stand (right 4 (stand (left 2 (lay x0)))))", "(arch done)\n(round 1)", 3),
    (
        turtle,
        "shape",
        "int -> int -> path",
        "(repeat x0 (forward x1 (left x0 done)) done)",
        "(shape 3 4)\n(round 1)",
        1,
    ),
]


@pytest.mark.parametrize(("base", "name", "type_", "body", "title", "least"), LEARNED, ids=["towers", "turtle"])
def test_learned_primitives_are_shown_by_what_they_build(
    base: Language, name: str, type_: str, body: str, title: str, least: int
) -> None:
    learned = LearnedAbstraction(name=name, type=type_, body=body, round=1)
    plain = LearnedAbstraction(name="twice", type="int -> plan -> plan", body="(right x0 (right x0 x1))", round=2)
    library = Library(name="more", base=base.name, abstractions=(learned,) if base is turtle else (learned, plain))
    (drawing,) = built(library, library_language(library, base))
    assert drawing.title == title
    assert len(drawing.shapes) >= least
