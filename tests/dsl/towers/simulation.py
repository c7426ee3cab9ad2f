"""A simulation of towers of another kind than the language's: a hand walks, blocks fall on a grid of cells, one by one."""

from __future__ import annotations

from typing import Any

from neurosynth.language.program import Apply, Lambda, Program
from tests.dsl.counts import number

__all__ = ["built", "walked"]

SIZES = {"lay": (6, 2), "stand": (2, 6)}
WIDTH = 400
"""Half units to each side of where the hand begins."""

Drop = tuple[int, int, int]
"""Middle, width, height of a block, in the order of falling."""


def walked(program: Program, hand: int = 0, counts: tuple[int, ...] = ()) -> tuple[int, list[Drop]]:
    """Where the hand is in the end, and what it dropped, by walking through a program of type plan."""
    drops: list[Drop] = []
    while True:
        assert isinstance(program, Apply), program
        name, *given = program.primitive.name, *program.arguments
        if name == "done":
            return hand, drops
        if name in SIZES:
            drops.append((hand, *SIZES[name]))
        elif name in ("right", "left"):
            hand += (1 if name == "right" else -1) * number(given[0], counts)
        elif name == "embed":
            drops += walked(given[0], hand, counts)[1]
        else:
            for turn in range(1, number(given[0], counts) + 1):
                body, inner = given[1], counts
                if isinstance(body, Lambda):
                    body, inner = body.body, (*counts, turn)
                hand, more = walked(body, hand, inner)
                drops += more
        program = given[-1]


def built(drops: list[Drop]) -> frozenset[tuple[int, int, int, int]]:
    """The cells' way to say which blocks stand where: left, bottom, width, height, with the leftmost middle at 0."""
    floor = [0] * (2 * WIDTH)
    placed: list[tuple[int, int, int, int]] = []
    for middle, width, height in drops:
        left = middle - width // 2 + WIDTH
        bottom = max(floor[left : left + width])
        floor[left : left + width] = [bottom + height] * width
        placed.append((middle, bottom, width, height))
    shift: Any = min((middle for middle, *_ in placed), default=0)
    return frozenset((middle - shift, *rest) for middle, *rest in placed)
