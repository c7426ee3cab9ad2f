"""The suite ``turtle-drawings``: tasks whose output is a picture, and a program that draws each.

The files in ``examples/turtle`` contain the same tasks. Families range from single shapes to shapes made of shapes; the drawings of a
family share parts, from which a library can be learned.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from neurosynth.language.syntax import parse_program
from neurosynth.tasks.task import Task, example
from neurosynth.values.registry import domain_of
from neurosynth_dsls.turtle import turtle

__all__ = ["drawings", "programs"]

_NAMES = {2: "two", 3: "three", 4: "four", 5: "five", 6: "six", 7: "seven", 8: "eight"}


def _shape(corners: int, side: str | int) -> str:
    return f"(repeat {corners} (forward {side} (left {corners} done)) done)"


Family = tuple[str, tuple[tuple[int, ...], ...], str, Callable[..., str]]

_FAMILIES: tuple[Family, ...] = (
    # the family, a row of numbers for each drawing, its name ({w0}: the first number as a word) and its program
    ("shape", tuple((c, s) for c, sides in ((3, (3, 5, 7)), (4, (2, 4, 7)), (6, (2, 4)), (8, (2, 3))) for s in sides),
     "{w0} corners, side {1}", _shape),
    ("star", ((3, 7), (4, 5), (6, 7), (8, 6)), "{w0} rays",
     lambda rays, length: f"(repeat {rays} (embed (forward {length} done) (left {rays} done)) done)"),
    ("spiral", ((4, 6), (4, 9), (3, 7), (6, 6), (8, 5)), "{1} sides, turns of 1/{0}",
     lambda turn, steps: f"(loop {steps} (lambda (i) (forward i (left {turn} done))) done)"),
    ("stairs", ((3, 2), (4, 1), (2, 3), (6, 1)), "{0} of size {1}",
     lambda count, size: f"(repeat {count} (forward {size} (left 4 (forward {size} (right 4 done)))) done)"),
    ("row of squares", ((2, 2), (3, 1), (2, 1), (2, 3)), "{0} of size {1}",
     lambda count, size: f"(repeat {count} (embed {_shape(4, size)} (hop {size + 1} done)) done)"),
    ("row of triangles", ((2, 3), (3, 2), (4, 1)), "{0} of size {1}",
     lambda count, size: f"(repeat {count} (embed {_shape(3, size)} (hop {size} done)) done)"),
    ("flower", ((3, 4, 4), (4, 4, 3), (6, 4, 3), (6, 3, 5), (4, 3, 5), (8, 4, 3), (3, 6, 3), (6, 6, 3)), "{w0} of {w1}, side {2}",
     lambda petals, corners, side: f"(repeat {petals} (embed {_shape(corners, side)} (left {petals} done)) done)"),
    ("nest", ((4, 3), (4, 5), (3, 4), (6, 3), (3, 6)), "{1} of {w0} corners",
     lambda corners, count: f"(loop {count} (lambda (i) (embed {_shape(corners, 'i')} done)) done)"),
    ("zigzag", ((2, 2), (3, 2), (2, 3)), "{0} of size {1}",
     lambda count, size: f"(repeat {count} (left 6 (forward {size} (right 3 (forward {size} (left 6 done))))) done)"),
    ("dashes", ((3, 1, 1), (4, 1, 1), (2, 3, 1), (2, 2, 2)), "{0} of {1}, {2} apart",
     lambda count, dash, gap: f"(repeat {count} (forward {dash} (hop {gap} done)) done)"),
    ("dashed shape", ((4, 2), (3, 3), (4, 3)), "{w0} corners of {1}",
     lambda corners, count: f"(repeat {corners} (repeat {count} (forward 1 (hop 1 done)) (left {corners} done)) done)"),
    ("comb", ((3, 2), (4, 1), (4, 3), (3, 4)), "{0} teeth of {1}",
     lambda count, tooth: f"(repeat {count} (forward 1 (embed (left 4 (forward {tooth} done)) done)) done)"),
    ("fan", ((4, 8), (6, 8), (6, 6), (8, 8)), "{0} rays, turns of 1/{1}",
     lambda count, turn: f"(loop {count} (lambda (i) (embed (forward i done) (left {turn} done))) done)"),
    ("flake", ((4, 2), (6, 2), (8, 2), (6, 3)), "{w0} arms of {1}",
     lambda rays, length: f"(repeat {rays} (embed (forward {length} {_BRANCHES}) (left {rays} done)) done)"),
    ("wheel", ((3, 2), (4, 2), (6, 1), (8, 1)), "{w0} squares of {1}",
     lambda rays, size: f"(repeat {rays} (embed (forward 3 {_shape(4, size)}) (left {rays} done)) done)"),
    ("house", ((2,), (3,), (4,)), "side {0}",
     lambda side: f"(repeat 4 (forward {side} (left 4 done)) (left 4 (hop {side} (right 4 {_shape(3, side)}))))"),
    ("grid", ((2, 2), (2, 3), (3, 3)), "{0} by {1}",
     lambda rows, columns: f"(repeat {rows} (embed {_line(columns)} (left 4 (hop 2 (right 4 done)))) done)"),
)  # fmt: skip
_BRANCHES = "(repeat 2 (embed (left 6 (forward 1 done)) (right 3 done)) done)"


def _line(columns: int) -> str:
    return f"(repeat {columns} (embed {_shape(4, 1)} (hop 2 done)) done)"


def programs() -> Iterator[tuple[str, str, str]]:
    """Family, name and program of each drawing."""
    for family, rows, name, program in _FAMILIES:
        for row in rows:
            words = {f"w{i}": _NAMES.get(n, "") for i, n in enumerate(row)}
            yield family, name.format(*row, **words), program(*row)


def drawings() -> list[Task]:
    """The tasks."""
    picture = domain_of(turtle["draw"].result)
    found = []
    for family, name, text in programs():
        program = parse_program(f"(draw {text})", turtle)
        output = picture.freeze(program())
        extra = {"family": family, "program": str(program)}
        found.append(
            Task(
                [example(output=output)],
                f"{family}: {name}",
                language="turtle",
                type=turtle["draw"].result,
                extra=extra,
            )
        )
    return found
