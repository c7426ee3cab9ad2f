"""The language ``turtle``: its primitives, exact points, a simulation that draws the same, searches, the suite of drawings."""

from __future__ import annotations

import cmath
import itertools
import json
import math
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from neurosynth_dsls.turtle import turtle
from neurosynth_dsls.turtle.drawings import drawings, programs
from neurosynth_dsls.turtle.paths import LONGEST, add_line, finished
from neurosynth_dsls.turtle.pictures import SIDE, UNIT, covers, outline, painted
from neurosynth_dsls.turtle.points import coordinates, digits, turned
from neurosynth_dsls.turtle.values import Room, drawn

import neurosynth as ns
from neurosynth.language.primitive import UNDEFINED
from neurosynth.language.syntax import parse_program
from neurosynth.tasks.json_io import task_to_json
from neurosynth.testing import check_language, check_rows
from neurosynth.values.domain import NotInDomain
from neurosynth.values.registry import domain_of
from neurosynth.values.types import parse_type
from tests.dsl.rows.turtle import ROWS
from tests.dsl.turtle.simulation import strokes

PATH, PICTURE = domain_of(parse_type("path")), domain_of(parse_type("picture"))
EXAMPLES = Path(__file__).parents[3] / "examples" / "turtle"
DRAWINGS = [(f"{family}: {name}", text) for family, name, text in programs()]


def test_rows() -> None:
    check_rows(turtle, ROWS)


@pytest.mark.slow
def test_the_language_passes_its_check() -> None:
    check_language(turtle, values={"int": [1, 2, 3, 4]})


# --- points -------------------------------------------------------------------------------------------------------

POINTS = st.lists(st.integers(-200, 200), min_size=8, max_size=8).map(
    lambda c: (sum(d << 15 * k for k, d in enumerate(c[:4])), sum(d << 15 * k for k, d in enumerate(c[4:])))
)


@given(POINTS, st.integers(0, 23), st.integers(0, 23))
def test_turning_is_what_it_is_in_the_plane(point: tuple[int, int], one: int, other: int) -> None:
    assert turned(*turned(*point, one), other) == turned(*point, one + other)
    assert turned(*point, 24) == point
    x, y = coordinates(*turned(*point, one))
    wanted = complex(*coordinates(*point)) * cmath.exp(1j * cmath.pi * one / 12)
    assert abs(complex(x, y) - wanted) < 1e-9 * (1 + abs(wanted))


@given(POINTS, POINTS)
def test_a_sum_of_points_is_the_sum_of_their_words(one: tuple[int, int], other: tuple[int, int]) -> None:
    both = digits(one[0] + other[0], one[1] + other[1])
    assert both == [a + b for a, b in zip(digits(*one), digits(*other), strict=True)]


@pytest.mark.parametrize("corners", [2, 3, 4, 6, 8, 12, 24])
def test_shapes_end_where_they_begin(corners: int) -> None:
    path = parse_program(f"(repeat {corners} (forward 3 (left {corners} done)) done)", turtle)()
    assert tuple(path)[:3] == (0, 0, 0)
    assert len(path) == 3 + 3 * (corners if corners > 2 else 1)  # there and back is one line


# --- paths and pictures -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "text"), DRAWINGS, ids=[name for name, _ in DRAWINGS])
def test_paths_are_what_a_simulation_draws(name: str, text: str) -> None:
    program = parse_program(text, turtle)
    value = PATH.freeze(program())
    place, heading, lines = strokes(program)
    assert abs(complex(*coordinates(*value[:2])) - place) < 1e-9
    assert math.isclose(math.cos(2 * math.pi * heading), math.cos(math.pi * value[2] / 12), abs_tol=1e-9)
    found: set[frozenset[tuple[float, float]]] = set()
    for k in range(3, len(value), 3):
        begin = complex(*coordinates(value[k], value[k + 1]))
        direction, length = divmod(value[k + 2], LONGEST)
        found |= _units(begin, begin + length * cmath.exp(1j * cmath.pi * direction / 12))
    assert found == {unit for line in lines for unit in _units(*line)}
    assert _far(PICTURE.freeze(parse_program(f"(draw {text})", turtle)()), lines) <= 1.0


def _units(begin: complex, end: complex) -> set[frozenset[tuple[float, float]]]:
    """The lines of one unit that make up a line."""
    count = round(abs(end - begin))
    marks = [begin + (end - begin) * k / count for k in range(count + 1)]
    rounded = [(round(p.real, 6) + 0.0, round(p.imag, 6) + 0.0) for p in marks]
    return {frozenset(pair) for pair in itertools.pairwise(rounded)}


LINES = st.tuples(st.integers(-2, 2), st.integers(-2, 2), st.integers(0, 23), st.integers(1, 3))


@given(st.lists(LINES, max_size=12), st.randoms(use_true_random=False))
def test_lines_are_one_form_and_keep_the_picture(lines: list[tuple[int, int, int, int]], rng: random.Random) -> None:
    """However the same lines are cut and ordered, the path is the same, no two of its lines touch, and its picture is theirs."""
    pieces = [(x, y, direction, 1, k) for x, y, direction, way in lines for k in range(way)]
    whole, cut = _path([(*line, 0) for line in lines]), _path(rng.sample(pieces, len(pieces)))
    assert whole == cut
    assert PATH.contains(tuple(whole))
    apart = [0] * SIDE
    for line in lines:
        picture = Room([0] * SIDE)
        painted(picture, one := _path([(*line, 0)]), 0, len(one))  # type: ignore[arg-type]  # a list in place of an array
        apart = [a | b for a, b in zip(apart, picture, strict=True)]
    together = Room([0] * SIDE)
    painted(together, whole, 0, len(whole))  # type: ignore[arg-type]  # a list in place of an array
    assert together == apart


def _path(lines: list[tuple[int, int, int, int, int]]) -> list[int]:
    """The path with lines, each from a point in a direction, after some steps from there."""
    room = Room([0] * (3 + 3 * len(lines)))
    filled = 3
    for x, y, direction, way, steps in lines:
        ahead, up = turned(steps, 0, direction), turned(y, 0, 6)
        begin = x + up[0] + ahead[0], up[1] + ahead[1]
        filled = add_line(room, filled, *begin, direction, way)  # type: ignore[arg-type]  # a list in place of an array
    return room[: finished(room, filled, 0, 0, 0)]  # type: ignore[arg-type]  # a list in place of an array


def test_without_room_a_line_is_joined_to_one_that_it_touches() -> None:
    room = Room([0] * 6)
    filled = add_line(room, 3, 2, 0, 0, 2)  # type: ignore[arg-type]  # a list in place of an array
    filled = add_line(room, filled, 4, 0, 0, 3)  # type: ignore[arg-type]  # a list in place of an array
    filled = add_line(room, filled, 2, 0, 12, 1)  # type: ignore[arg-type]  # backwards, so it begins at 1
    assert (filled, room[3:]) == (6, [1, 0, 6])
    assert add_line(room, filled, 0, 0, 6, 1) == -1  # type: ignore[arg-type]  # upwards: no room


def test_lines_that_would_be_too_long_stay_apart() -> None:
    room = Room([0] * 9)
    filled = add_line(room, 3, -600, 0, 0, 600)  # type: ignore[arg-type]  # a list in place of an array
    filled = add_line(room, filled, 0, 0, 0, 600)  # type: ignore[arg-type]  # a list in place of an array
    assert finished(room, filled, 0, 0, 0) == 9  # type: ignore[arg-type]  # a list in place of an array


def _far(picture: tuple[int, ...], lines: list[tuple[complex, complex]]) -> float:
    """How far, in points of the paper, the farthest point of a picture is from all lines."""
    worst = 0.0
    for row in range(SIDE):
        for column in range(SIDE):
            if picture[row] >> column & 1:
                p = complex(column - SIDE // 2, SIDE // 2 - row)
                worst = max(worst, min(_distance(p, UNIT * a, UNIT * b) for a, b in lines))
    return worst


def _distance(p: complex, a: complex, b: complex) -> float:
    along = ((p - a) * (b - a).conjugate()).real / abs(b - a) ** 2
    return abs(p - (a + min(1.0, max(0.0, along)) * (b - a)))


@given(st.lists(st.integers(0, (1 << 64) - 1), min_size=64, max_size=64))
def test_pictures_read_back(rows: list[int]) -> None:
    value = tuple(rows)
    assert PICTURE.read(PICTURE.write(value)) == value == PICTURE.from_json(PICTURE.to_json(value))
    assert PICTURE.decode(tuple(PICTURE.encode(value))) == value


@pytest.mark.parametrize("text", ["|" * 64, "g", "1" * 17, 7, None])
def test_what_is_no_picture_is_refused(text: object) -> None:
    with pytest.raises(NotInDomain):
        PICTURE.from_json(text)


def test_pictures_are_drawn() -> None:
    picture = parse_program("(draw (repeat 4 (forward 1 (left 4 done)) done))", turtle)()
    assert drawn(tuple(picture)) == "⡏⠉⡇\n⠉⠉⠁" or drawn(tuple(picture)).count("\n") <= 2
    assert drawn((0,) * 64) == "no line"


# --- what can be part of a picture ----------------------------------------------------------------------------------


@settings(max_examples=30, deadline=None)
@given(st.sampled_from(DRAWINGS), st.randoms(use_true_random=False))
def test_a_part_of_a_drawing_is_a_part_of_its_picture(drawing: tuple[str, str], rng: random.Random) -> None:
    """Of every program all that stands in it, from where the turtle begins that."""
    _, text = drawing
    program = parse_program(text, turtle)
    outlined = outline(PICTURE.freeze(parse_program(f"(draw {text})", turtle)()))
    parts = [p for p in program.subprograms() if p.type == parse_type("path") and _closed(str(p))]
    values = [PATH.freeze(p()) for p in parts]
    assert PATH.freeze(program()) in values
    for value in values:
        assert value is UNDEFINED or covers(outlined, value), value


def _closed(text: str) -> bool:
    return "$" not in text


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("(forward 4 done)", True),
        ("(left 8 (forward 2 done))", True),  # a part looks anywhere
        ("(forward 5 done)", False),
        ("(forward 2 (left 4 (forward 2 (left 4 (forward 2 done)))))", False),
        ("(forward 4 (left 4 (forward 4 done)))", True),
        ("(forward 4 (left 3 (forward 4 done)))", False),
        ("(hop 4 done)", True),
        ("(hop 30 done)", False),
        ("(hop 6 (forward 4 done))", False),  # begins where nothing is
    ],
)
def test_parts_of_a_square(text: str, part: bool) -> None:
    square = parse_program("(draw (repeat 4 (forward 4 (left 4 done)) done))", turtle)()
    assert covers(outline(tuple(square)), PATH.freeze(parse_program(text, turtle)())) == part


# --- searches and the suite ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "(draw (repeat 3 (forward 6 (left 3 done)) done))",
        "(draw (repeat 2 (forward 3 (hop 2 done)) done))",
        pytest.param("(draw (loop 6 (lambda (i) (forward i (left 4 done))) done))", marks=pytest.mark.slow),
    ],
)
def test_searches_find_drawings(text: str) -> None:
    picture = PICTURE.freeze(parse_program(text, turtle)())
    task = ns.Task([ns.example(output=picture)], type=parse_type("picture"))
    result = ns.synthesize(task, turtle, guide="uniform", limits=ns.Limits(seconds=240, max_programs=1_000_000))
    assert PICTURE.freeze(result.best()) == picture


def test_the_suite_has_at_least_60_drawings_all_different() -> None:
    tasks = drawings()
    assert len(tasks) == len({t.examples[0].output for t in tasks}) == len({t.name for t in tasks}) >= 60
    families = {str(t.extra["family"]) for t in tasks}
    assert len(families) >= 15
    for task in tasks:
        rows = [row for row in task.examples[0].output if row]
        assert rows, task.name
        edge = task.examples[0].output
        assert edge[0] == edge[-1] == 0, f"{task.name} leaves the paper"
        assert not any(row & 1 or row >> (SIDE - 1) for row in edge), f"{task.name} leaves the paper"


def test_the_examples_hold_the_suite() -> None:
    lines = (EXAMPLES / "drawings.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in lines] == [task_to_json(task) for task in drawings()]
