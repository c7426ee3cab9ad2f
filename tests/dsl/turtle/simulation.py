"""A simulation of turtles of another kind than the language's: complex numbers, one stroke after the other."""

from __future__ import annotations

import cmath

from neurosynth.language.program import Apply, Lambda, Program
from tests.dsl.counts import number

__all__ = ["strokes"]

Stroke = tuple[complex, complex]


def strokes(
    program: Program, place: complex = 0, heading: float = 0.0, counts: tuple[int, ...] = ()
) -> tuple[complex, float, list[Stroke]]:
    """Where the turtle is in the end, where it looks (in full turns), and the lines it drew, by walking through a program."""
    drawn: list[Stroke] = []
    while True:
        assert isinstance(program, Apply), program
        name, given = program.primitive.name, program.arguments
        if name == "done":
            return place, heading, drawn
        if name in ("forward", "hop"):
            after = place + number(given[0], counts) * cmath.exp(2j * cmath.pi * heading)
            drawn += [(place, after)] if name == "forward" else []
            place = after
        elif name in ("left", "right"):
            heading += (1 if name == "left" else -1) / number(given[0], counts)
        elif name == "embed":
            drawn += strokes(given[0], place, heading, counts)[2]
        else:
            for turn in range(1, number(given[0], counts) + 1):
                body, inner = given[1], counts
                if isinstance(body, Lambda):
                    body, inner = body.body, (*counts, turn)
                place, heading, more = strokes(body, place, heading, inner)
                drawn += more
        program = given[-1]
