"""Paths: the lines that a turtle draws, relative to its beginning; exact, and in one form for all ways to draw the same lines.

A path is a row of words: the end of the turtle (two words), its final direction, and three words for each line: a point
(:mod:`neurosynth_dsls.turtle.points`), and ``direction * LONGEST + length``. Lines are sorted, and lines that overlap or touch on a
straight line are one: two steps forward draw what one step of their length draws. Lines begin at the end from which their direction is
below 12, because a line has no direction.
"""

from __future__ import annotations

from neurosynth.engine.kernels import Data, helper
from neurosynth_dsls.turtle.points import BASE, DIRECTIONS, close_by, turned

__all__ = ["LONGEST", "add_line", "add_path", "finished", "sorted_lines"]

LONGEST = 1024
"""Maximum length of lines (exclusive)."""


@helper
def _ahead(low: int, high: int, direction: int) -> int:
    """How many units a step leads forward in a direction below 12; ``LONGEST`` if it leads elsewhere, or too far."""
    if direction < 4:
        units, other = low, high
    elif direction < 8:
        units, other = high, low
    else:
        units, other = high, low + high
    unit = BASE ** (direction % 4)
    if other != 0 or units % unit != 0 or abs(units) >= LONGEST * unit:
        return LONGEST
    return int(units // unit)


@helper
def _joined(
    low: int, high: int, direction: int, way: int, other_low: int, other_high: int, other: int
) -> tuple[int, int, int]:
    """Where a line and another one begin together, and their length, if they overlap or touch on a straight line; else the length is 0.

    No line becomes as long as ``LONGEST``: such lines stay apart.
    """
    if other // LONGEST != direction:
        return 0, 0, 0
    place, other_way = _ahead(other_low - low, other_high - high, direction), other % LONGEST
    if place > way or place < -other_way:
        return 0, 0, 0
    if place < 0:
        low, high, way, other_way, place = other_low, other_high, other_way, way, -place
    both = max(way, place + other_way)
    return (low, high, both) if both < LONGEST else (0, 0, 0)


@helper
def add_line(out: Data, length: int, low: int, high: int, direction: int, way: int) -> int:
    """Append a line to ``out[:length]``; returns the new length, -1 without space for all lines.

    If there is no space, lines are joined first: adjacent shapes share lines, and a path has each once.
    """
    direction %= DIRECTIONS
    if direction >= DIRECTIONS // 2:
        x, y = turned(way, 0, direction)
        low, high, direction = low + x, high + y, direction - DIRECTIONS // 2
    if length + 3 > out.size:
        length = sorted_lines(out, length)
        if length + 3 > out.size:
            for k in range(3, length, 3):
                x, y, both = _joined(low, high, direction, way, out[k], out[k + 1], out[k + 2])
                if both > 0:
                    out[k], out[k + 1], out[k + 2] = x, y, direction * LONGEST + both
                    return length
            return -1
    out[length], out[length + 1], out[length + 2] = low, high, direction * LONGEST + way
    return length + 3


@helper
def add_path(out: Data, length: int, data: Data, start: int, count: int, low: int, high: int, direction: int) -> int:
    """Append the lines of a path that begins at a point in a direction to ``out[:length]``."""
    for k in range(start + 3, start + count, 3):
        x, y = turned(data[k], data[k + 1], direction)
        length = add_line(out, length, low + x, high + y, data[k + 2] // LONGEST + direction, data[k + 2] % LONGEST)
        if length < 0:
            return -1
    return length


@helper
def _before(low: int, high: int, line: int, out: Data, at: int) -> bool:
    """Whether a line comes before the one in ``out``, by where they begin, then by direction and length."""
    if low != out[at]:
        return bool(low < out[at])
    return bool(high < out[at + 1] if high != out[at + 1] else line < out[at + 2])


@helper
def sorted_lines(out: Data, length: int) -> int:
    """Sort the lines of ``out[:length]``, and join those that overlap or touch on a straight line; returns the new length."""
    kept = 3
    for i in range(3, length, 3):
        low, high, direction, way = out[i], out[i + 1], out[i + 2] // LONGEST, out[i + 2] % LONGEST
        k = 3
        while k < kept:  # the lines before it do not touch each other: one pass finds all that touch it
            x, y, both = _joined(low, high, direction, way, out[k], out[k + 1], out[k + 2])
            if both == 0:
                k += 3
                continue
            low, high, way = x, y, both
            kept -= 3
            for j in range(k, kept):
                out[j] = out[j + 3]
        line = direction * LONGEST + way
        while k > 3 and _before(low, high, line, out, k - 3):
            k -= 3
        for j in range(kept + 2, k + 2, -1):
            out[j] = out[j - 3]
        out[k], out[k + 1], out[k + 2] = low, high, line
        kept += 3
    return kept


@helper
def finished(out: Data, length: int, low: int, high: int, direction: int) -> int:
    """The length of the path in ``out[:length]`` after sorting; -1 without space, and for a path that leads too far away."""
    if length < 0:
        return -1
    out[0], out[1], out[2] = low, high, direction % DIRECTIONS
    for k in range(0, length, 3):
        if not close_by(out[k]) or not close_by(out[k + 1]):
            return -1
    return sorted_lines(out, length)
