"""Paper of 64 by 64 points: the points that a path covers, and the test whether a path can be part of a picture."""

from __future__ import annotations

import itertools
import math

from neurosynth.engine.kernels import Data, helper
from neurosynth_dsls.turtle.paths import LONGEST
from neurosynth_dsls.turtle.points import BASE, DIRECTIONS

__all__ = ["SIDE", "UNIT", "covers", "covers_kernel", "outline", "painted"]

SIDE = 64
"""Number of points on each side of the paper; the turtle begins in the middle."""
UNIT = 4
"""Number of points of a step."""
FINE = 4
"""Number of positions examined for each point of a line."""
FIXED = 1024
"""Subdivisions of a point, for coordinates in whole numbers."""
_ABOVE = 1e-6
"""Positions exactly between two points belong to the one above and to the right: they are moved by this amount."""

_BITS = BASE.bit_length() - 1

COSINES = tuple(math.cos(math.pi * k / 12) for k in range(DIRECTIONS))
SINES = tuple(math.sin(math.pi * k / 12) for k in range(DIRECTIONS))


@helper
def _place(low: int, high: int, waves: tuple[float, ...]) -> float:
    """A coordinate of a point, in points of the paper from its middle."""
    total = 0.0
    for half in range(2):
        word = low if half == 0 else high
        for k in range(3):
            digit = ((word + BASE // 2) & (BASE - 1)) - BASE // 2
            total += digit * waves[4 * half + k]
            word = (word - digit) >> _BITS
        total += word * waves[4 * half + 3]
    return UNIT * total


@helper
def painted(out: Data, data: Data, start: int, length: int) -> int:
    """Paint the lines of a path on ``out[:SIDE]``: a word for each row from the top, its lowest bit leftmost."""
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


# An outline: whether the picture touches the edge of the paper; for each number of units the directions in which a line so long fits into the
# picture, a bit each; for each direction where its list of beginnings starts, and where the last one ends; how far one can go from each place
# on the paper, eight places a word; the lists, each with the longest way first.
_UNITS = 24
"""No line in a picture has this many units."""
_FITS = 1
_LISTS = _FITS + _UNITS
_TABLE = _LISTS + DIRECTIONS + 1
_WORDS = SIDE // 8
"""Number of words of a row of the table."""
_ALL = (1 << DIRECTIONS) - 1


def outline(picture: tuple[int, ...]) -> list[int]:
    """The data of a picture for the test of paths: for each position on the paper, or within a point of the picture, how many points a
    line in each direction can go without leaving the picture by more than a point.
    """
    ink = [(row, column) for row in range(SIDE) for column in range(SIDE) if picture[row] >> column & 1]
    near = {(row + i, column + j) for row, column in ink for i in (-1, 0, 1) for j in (-1, 0, 1)}
    on_paper = [(row, column) for row, column in near if 0 <= row < SIDE and 0 <= column < SIDE]
    table, lists, longest = [0] * (DIRECTIONS * SIDE * _WORDS), list[list[int]](), list[int]()
    for direction in range(DIRECTIONS):
        ways = {place: _way(near, place, direction) for place in on_paper}
        for (row, column), way in ways.items():
            table[(direction * SIDE + row) * _WORDS + column // 8] |= (way + 1) << column % 8 * 8
        begin = [place for place in ink if ways[place] >= UNIT - 1]
        lists.append([SIDE * row + column for row, column in sorted(begin, key=lambda place: (-ways[place], place))])
        longest.append(max(ways.values(), default=-1))
    ends = list(itertools.accumulate(map(len, lists), initial=_TABLE + len(table)))
    edge = any(row in (0, SIDE - 1) or column in (0, SIDE - 1) for row, column in ink)
    fits = [sum(1 << d for d, way in enumerate(longest) if way >= UNIT * units - 1) for units in range(_UNITS)]
    return [int(edge), *fits, *ends, *table, *itertools.chain.from_iterable(lists)]


def _way(near: set[tuple[int, int]], place: tuple[int, int], direction: int) -> int:
    """Number of points that a line from a position can go within a set of positions."""
    row, column = place
    dx, dy = COSINES[direction], -SINES[direction]
    reach = 0
    while (round(row + (reach + 1) * dy), round(column + (reach + 1) * dx)) in near:
        reach += 1
    return reach


def covers(outlined: list[int], path: tuple[int, ...]) -> bool:
    """Whether a path can be part of the picture with this outline."""
    scratch = [0] * (4 * len(path))
    return covers_kernel(scratch, outlined, 0, len(outlined), path, 0, len(path))  # type: ignore[arg-type]  # lists do


@helper
def _reach(goal: Data, start: int, direction: int, row: int, column: int) -> int:
    """Number of points that a line from a position on the paper can go; -1 if the position is not on the picture."""
    word = goal[start + _TABLE + (direction * SIDE + row) * _WORDS + (column >> 3)]
    return int((word >> ((column & 7) << 3) & 255) - 1)


@helper
def _turns(scratch: Data, goal: Data, start: int, first: int) -> int:
    """The rotations of a path, one bit each, in which its longest line of each direction fits into the picture; rejects most paths that
    are not parts. If the picture touches the edge of the paper, lines may be outside, and only that of the direction ``first`` must be
    visible.
    """
    found = _ALL
    for direction in range(DIRECTIONS // 2):
        units = scratch[direction]
        if units == 0 or (goal[start] and direction != first):
            continue
        if units >= _UNITS:
            return 0
        fits = goal[start + _FITS + units]
        found &= (fits >> direction | fits << (DIRECTIONS - direction)) & _ALL
    return found


@helper
def _measured(scratch: Data, data: Data, first: int, lines: int, anchor: int) -> None:
    """Write the beginning of each line, and then that of the path, relative to the beginning of one of the lines."""
    at = first + 3 * anchor
    x0, y0 = _place(data[at], data[at + 1], COSINES), _place(data[at], data[at + 1], SINES)
    here = DIRECTIONS // 2
    for k in range(lines):
        at = first + 3 * k
        scratch[here + 2 * k] = math.floor(FIXED * (_place(data[at], data[at + 1], COSINES) - x0) + 0.5)
        scratch[here + 2 * k + 1] = math.floor(FIXED * (_place(data[at], data[at + 1], SINES) - y0) + 0.5)
    scratch[here + 2 * lines] = math.floor(0.5 - FIXED * x0)
    scratch[here + 2 * lines + 1] = math.floor(0.5 - FIXED * y0)


@helper
def _rotated(scratch: Data, lines: int, turn: int) -> None:
    """The same for the rotated path, in whole points to the right and down."""
    cosine, sine = COSINES[turn], SINES[turn]
    here = DIRECTIONS // 2
    there = here + 2 * lines + 2
    for k in range(0, 2 * lines + 2, 2):
        x, y = scratch[here + k] / FIXED, scratch[here + k + 1] / FIXED
        scratch[there + k] = math.floor(x * cosine - y * sine + 0.5)
        scratch[there + k + 1] = math.floor(0.5 - (x * sine + y * cosine))


@helper
def _laid(
    scratch: Data, goal: Data, start: int, data: Data, first: int, lines: int, turn: int, row: int, column: int
) -> bool:
    """Whether a rotated path, one of whose lines begins at a position of the picture, lies on it with all lines, and begins on it."""
    at = DIRECTIONS // 2 + 2 * lines + 2
    i, j = row + scratch[at + 2 * lines + 1], column + scratch[at + 2 * lines]
    if not (0 <= i < SIDE and 0 <= j < SIDE):
        return False
    if (abs(i - SIDE // 2) > 1 or abs(j - SIDE // 2) > 1) and _reach(goal, start, 0, i, j) < 0:
        return False  # it begins neither on the picture nor in the middle of the paper
    for k in range(lines):
        i, j = row + scratch[at + 2 * k + 1], column + scratch[at + 2 * k]
        if 0 <= i < SIDE and 0 <= j < SIDE:
            line = data[first + 3 * k + 2]
            if _reach(goal, start, (line // LONGEST + turn) % DIRECTIONS, i, j) < line % LONGEST * UNIT - 1:
                return False
        elif not goal[start]:
            return False
    return True


def covers_kernel(
    scratch: Data, goal: Data, goal_start: int, goal_length: int, data: Data, start: int, length: int
) -> bool:
    """On machine words: for each initial direction of the path, and each point of the picture as the beginning of its longest line."""
    if length == 3:
        x, y = _place(data[start], data[start + 1], COSINES), _place(data[start], data[start + 1], SINES)
        return bool(abs(x) <= SIDE and abs(y) <= SIDE)
    first, lines = start + 3, (length - 3) // 3
    for direction in range(DIRECTIONS // 2):
        scratch[direction] = 0
    anchor = 0
    for k in range(lines):
        direction, units = data[first + 3 * k + 2] // LONGEST, data[first + 3 * k + 2] % LONGEST
        scratch[direction] = max(scratch[direction], units)
        if units > data[first + 3 * anchor + 2] % LONGEST:
            anchor = k
    line, units = data[first + 3 * anchor + 2] // LONGEST, data[first + 3 * anchor + 2] % LONGEST
    turns = _turns(scratch, goal, goal_start, line)
    measured = False
    for turn in range(DIRECTIONS):
        if turns >> turn & 1 == 0:
            continue
        looks, rotated = (line + turn) % DIRECTIONS, False
        begin = goal_start + _LISTS + looks
        for k in range(goal_start + goal[begin], goal_start + goal[begin + 1]):
            row, column = goal[k] // SIDE, goal[k] % SIDE
            if _reach(goal, goal_start, looks, row, column) < units * UNIT - 1:
                break  # the longest ones come first
            if not measured:
                _measured(scratch, data, first, lines, anchor)
                measured = True
            if not rotated:
                _rotated(scratch, lines, turn)
                rotated = True
            if _laid(scratch, goal, goal_start, data, first, lines, turn, row, column):
                return True
    return False
