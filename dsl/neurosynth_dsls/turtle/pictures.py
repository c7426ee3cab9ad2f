"""Paper of 64 by 64: which points a path covers, and which paths can be part of a picture."""

from __future__ import annotations

import math

from neurosynth.engine.kernels import Data, helper
from neurosynth_dsls.turtle.paths import LONGEST
from neurosynth_dsls.turtle.points import BASE, DIRECTIONS

__all__ = ["SIDE", "UNIT", "covers", "covers_kernel", "outline", "painted"]

SIDE = 64
"""Points of the paper to a side; the turtle begins in the middle."""
UNIT = 4
"""Points of a step."""
FINE = 4
"""Places that are looked at for each point of a line."""
_ABOVE = 1e-6
"""Places exactly between two points count to the one above and to the right: they are moved by that."""

COSINES = tuple(math.cos(math.pi * k / 12) for k in range(DIRECTIONS))
SINES = tuple(math.sin(math.pi * k / 12) for k in range(DIRECTIONS))


@helper
def _place(low: int, high: int, waves: tuple[float, ...]) -> float:
    """A coordinate of a point, in points of the paper from its middle."""
    total = 0.0
    for half in range(2):
        word = low if half == 0 else high
        for k in range(4):
            digit = word if k == 3 else (word + BASE // 2) % BASE - BASE // 2
            total += digit * waves[4 * half + k]
            word = (word - digit) // BASE
    return UNIT * total


@helper
def painted(out: Data, data: Data, start: int, length: int) -> int:
    """Paint the lines of a path on ``out[:SIDE]``, a word a row from the top, its lowest bit leftmost."""
    if out.size < SIDE:
        return -1
    for row in range(SIDE):
        out[row] = 0
    for k in range(start + 3, start + length, 3):
        x, y = _place(data[k], data[k + 1], COSINES), _place(data[k], data[k + 1], SINES)
        direction, places = data[k + 2] // LONGEST, data[k + 2] % LONGEST * UNIT * FINE
        for place in range(places + 1):
            column = math.floor(SIDE // 2 + 0.5 + _ABOVE + x + place * COSINES[direction] / FINE)
            row = math.floor(SIDE // 2 + 0.5 - _ABOVE - y - place * SINES[direction] / FINE)
            if 0 <= column < SIDE and 0 <= row < SIDE:
                out[row] |= 1 << column
    return SIDE


def outline(picture: tuple[int, ...]) -> list[int]:
    """What the test of paths reads of a picture.

    The number of its points, then the points (row times ``SIDE``, and column); then for each direction and each place on the paper how many
    points a line from there can go without leaving the picture by more than a point; -1 where it is not in it.
    """
    ink = [SIDE * row + column for row in range(SIDE) for column in range(SIDE) if picture[row] >> column & 1]
    near = {
        (row + i, column + j)
        for row, column in (divmod(place, SIDE) for place in ink)
        for i in (-1, 0, 1)
        for j in (-1, 0, 1)
    }
    table = [-1] * (DIRECTIONS * SIDE * SIDE)
    for direction in range(DIRECTIONS):
        dx, dy = COSINES[direction], -SINES[direction]
        for row, column in near:
            if not (0 <= row < SIDE and 0 <= column < SIDE):
                continue
            reach = 0
            while (round(row + (reach + 1) * dy), round(column + (reach + 1) * dx)) in near:
                reach += 1
            table[(direction * SIDE + row) * SIDE + column] = reach
    return [len(ink), *ink, *table]


def covers(outlined: list[int], path: tuple[int, ...]) -> bool:
    """Whether a path can be part of the picture with this outline."""
    return covers_kernel([0], outlined, 0, len(outlined), path, 0, len(path))  # type: ignore[arg-type]  # lists do


@helper
def _fits(goal: Data, table: int, row: float, column: float, direction: int, places: int) -> bool:
    """Whether a line from a place on the paper stays in the picture."""
    i, j = math.floor(row + 0.5), math.floor(column + 0.5)
    if not (0 <= i < SIDE and 0 <= j < SIDE):
        return True  # what is beside the paper is not seen
    reach = goal[table + (direction * SIDE + i) * SIDE + j]
    return bool(reach >= places - 1)


@helper
def _on_picture(goal: Data, table: int, row: float, column: float) -> bool:
    """Whether a turtle may begin at a place: on the picture, or in the middle of the paper."""
    i, j = math.floor(row + 0.5), math.floor(column + 0.5)
    if not (0 <= i < SIDE and 0 <= j < SIDE):
        return False
    middle = abs(i - SIDE // 2) <= 1 and abs(j - SIDE // 2) <= 1
    return bool(middle or goal[table + SIDE * i + j] >= 0)


def covers_kernel(
    scratch: Data, goal: Data, goal_start: int, goal_length: int, data: Data, start: int, length: int
) -> bool:
    """On machine words: for each direction of the path's beginning, and each point of the picture for the start of its first line."""
    if length == 3:
        x, y = _place(data[start], data[start + 1], COSINES), _place(data[start], data[start + 1], SINES)
        return bool(abs(x) <= SIDE and abs(y) <= SIDE)
    table = goal_start + 1 + goal[goal_start]
    first = start + 3
    x0, y0 = _place(data[first], data[first + 1], COSINES), _place(data[first], data[first + 1], SINES)
    line0 = data[first + 2] // LONGEST
    places0 = data[first + 2] % LONGEST * UNIT
    for turn in range(DIRECTIONS):
        cosine, sine = COSINES[turn], SINES[turn]
        looks = (line0 + turn) % DIRECTIONS
        for k in range(goal_start + 1, table):
            row0, column0 = goal[k] // SIDE, goal[k] % SIDE
            if goal[table + (looks * SIDE + row0) * SIDE + column0] < places0 - 1:
                continue
            fits = _on_picture(goal, table, row0 + (x0 * sine + y0 * cosine), column0 - (x0 * cosine - y0 * sine))
            if not fits:
                continue
            for at in range(first + 3, start + length, 3):
                dx = _place(data[at], data[at + 1], COSINES) - x0
                dy = _place(data[at], data[at + 1], SINES) - y0
                row, column = row0 - (dx * sine + dy * cosine), column0 + dx * cosine - dy * sine
                direction = (data[at + 2] // LONGEST + turn) % DIRECTIONS
                if not _fits(goal, table, row, column, direction, data[at + 2] % LONGEST * UNIT):
                    fits = False
                    break
            if fits:
                return True
    return False
