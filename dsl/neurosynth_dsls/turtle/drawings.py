"""The suite ``turtle-drawings``: tasks whose output is a picture, and a program that draws each.

The files in ``examples/turtle`` hold the same tasks.  Families go from one shape to shapes made of shapes; a family's drawings share parts
with each other, which is what a library is learned from.
"""

from __future__ import annotations

from collections.abc import Iterator

from neurosynth.language.syntax import parse_program
from neurosynth.tasks.task import Task, example
from neurosynth.values.registry import domain_of
from neurosynth_dsls.turtle import turtle

__all__ = ["drawings", "programs"]

_NAMES = {2: "two", 3: "three", 4: "four", 5: "five", 6: "six", 7: "seven", 8: "eight"}


def _shape(corners: int, side: str | int) -> str:
    return f"(repeat {corners} (forward {side} (left {corners} done)) done)"


def programs() -> Iterator[tuple[str, str, str]]:
    """Family, name and program of each drawing."""
    for corners, sides in ((3, (3, 5, 7)), (4, (2, 4, 7)), (6, (2, 4)), (8, (2, 3))):
        for side in sides:
            yield "shape", f"{_NAMES[corners]} corners, side {side}", _shape(corners, side)
    for rays, length in ((3, 7), (4, 5), (6, 7), (8, 6)):
        yield "star", f"{_NAMES[rays]} rays", f"(repeat {rays} (embed (forward {length} done) (left {rays} done)) done)"
    for turn, steps in ((4, 6), (4, 9), (3, 7), (6, 6), (8, 5)):
        yield (
            "spiral",
            f"{steps} sides, turns of 1/{turn}",
            f"(loop {steps} (lambda (i) (forward i (left {turn} done))) done)",
        )
    for count, size in ((3, 2), (4, 1), (2, 3), (6, 1)):
        step = f"(forward {size} (left 4 (forward {size} (right 4 done))))"
        yield "stairs", f"{count} of size {size}", f"(repeat {count} {step} done)"
    for count, size in ((2, 2), (3, 1), (2, 1), (2, 3)):
        yield (
            "row of squares",
            f"{count} of size {size}",
            f"(repeat {count} (embed {_shape(4, size)} (hop {size + 1} done)) done)",
        )
    for count, size in ((2, 3), (3, 2), (4, 1)):
        yield (
            "row of triangles",
            f"{count} of size {size}",
            f"(repeat {count} (embed {_shape(3, size)} (hop {size} done)) done)",
        )
    for petals, corners, side in (
        (3, 4, 4),
        (4, 4, 3),
        (6, 4, 3),
        (6, 3, 5),
        (4, 3, 5),
        (8, 4, 3),
        (3, 6, 3),
        (6, 6, 3),
    ):
        yield (
            "flower",
            f"{_NAMES[petals]} of {_NAMES[corners]}, side {side}",
            f"(repeat {petals} (embed {_shape(corners, side)} (left {petals} done)) done)",
        )
    for corners, count in ((4, 3), (4, 5), (3, 4), (6, 3), (3, 6)):
        yield (
            "nest",
            f"{count} of {_NAMES[corners]} corners",
            f"(loop {count} (lambda (i) (embed (repeat {corners} (forward i (left {corners} done)) done) done)) done)",
        )
    for count, size in ((2, 2), (3, 2), (2, 3)):
        yield (
            "zigzag",
            f"{count} of size {size}",
            f"(repeat {count} (left 6 (forward {size} (right 3 (forward {size} (left 6 done))))) done)",
        )
    for count, dash, gap in ((3, 1, 1), (4, 1, 1), (2, 3, 1), (2, 2, 2)):
        yield "dashes", f"{count} of {dash}, {gap} apart", f"(repeat {count} (forward {dash} (hop {gap} done)) done)"
    for corners, count in ((4, 2), (3, 3), (4, 3)):
        yield (
            "dashed shape",
            f"{_NAMES[corners]} corners of {count}",
            f"(repeat {corners} (repeat {count} (forward 1 (hop 1 done)) (left {corners} done)) done)",
        )
    for count, tooth in ((3, 2), (4, 1), (4, 3), (3, 4)):
        yield (
            "comb",
            f"{count} teeth of {tooth}",
            f"(repeat {count} (forward 1 (embed (left 4 (forward {tooth} done)) done)) done)",
        )
    for count, turn in ((4, 8), (6, 8), (6, 6), (8, 8)):
        yield (
            "fan",
            f"{count} rays, turns of 1/{turn}",
            f"(loop {count} (lambda (i) (embed (forward i done) (left {turn} done))) done)",
        )
    for rays, length in ((4, 2), (6, 2), (8, 2), (6, 3)):
        branch = f"(forward {length} (repeat 2 (embed (left 6 (forward 1 done)) (right 3 done)) done))"
        yield "flake", f"{_NAMES[rays]} arms of {length}", f"(repeat {rays} (embed {branch} (left {rays} done)) done)"
    for rays, size in ((3, 2), (4, 2), (6, 1), (8, 1)):
        yield (
            "wheel",
            f"{_NAMES[rays]} squares of {size}",
            f"(repeat {rays} (embed (forward 3 {_shape(4, size)}) (left {rays} done)) done)",
        )
    for side in (2, 3, 4):
        yield (
            "house",
            f"side {side}",
            f"(repeat 4 (forward {side} (left 4 done)) (left 4 (hop {side} (right 4 (repeat 3 (forward {side} (left 3 done)) done)))))",
        )
    for rows, columns in ((2, 2), (2, 3), (3, 3)):
        line = f"(repeat {columns} (embed {_shape(4, 1)} (hop 2 done)) done)"
        yield "grid", f"{rows} by {columns}", f"(repeat {rows} (embed {line} (left 4 (hop 2 (right 4 done)))) done)"


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
