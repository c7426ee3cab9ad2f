"""Paths: what a turtle draws, seen from where it begins; exact, in one form for all ways to draw the same lines.

A path is a row of words: where the turtle ends (two words), the direction it then looks in, and three words a line: a point
(:mod:`neurosynth_dsls.turtle.points`), and ``direction * LONGEST + length``.  Lines are sorted, each there once, and begin at the end from
which their direction is below 12: a line has no direction of its own.
"""

from __future__ import annotations

from neurosynth.engine.kernels import Data, helper
from neurosynth_dsls.turtle.points import DIRECTIONS, close_by, turned

__all__ = ["LONGEST", "add_line", "add_path", "finished", "sorted_lines"]

LONGEST = 1024
"""Lines are shorter."""


@helper
def add_line(out: Data, length: int, low: int, high: int, direction: int, way: int) -> int:
    """Write a line behind ``out[:length]``; the length then, -1 without room for all lines that differ.

    Where there is no room, lines that are there twice go: shapes side by side share lines, and a path has each once.
    """
    direction %= DIRECTIONS
    if direction >= DIRECTIONS // 2:
        x, y = turned(way, 0, direction)
        low, high, direction = low + x, high + y, direction - DIRECTIONS // 2
    line = direction * LONGEST + way
    if length + 3 > out.size:
        length = sorted_lines(out, length)
        if length + 3 > out.size:
            for k in range(3, length, 3):
                if out[k] == low and out[k + 1] == high and out[k + 2] == line:
                    return length
            return -1
    out[length], out[length + 1], out[length + 2] = low, high, line
    return length + 3


@helper
def add_path(out: Data, length: int, data: Data, start: int, count: int, low: int, high: int, direction: int) -> int:
    """Write the lines of a path that begins at a point, looking in a direction, behind ``out[:length]``."""
    for k in range(start + 3, start + count, 3):
        x, y = turned(data[k], data[k + 1], direction)
        length = add_line(out, length, low + x, high + y, data[k + 2] // LONGEST + direction, data[k + 2] % LONGEST)
        if length < 0:
            return -1
    return length


@helper
def _before(out: Data, i: int, j: int) -> int:
    """Whether line i comes before line j: -1, 0 where they are the same, 1."""
    for k in range(3):
        if out[i + k] != out[j + k]:
            return -1 if out[i + k] < out[j + k] else 1
    return 0


@helper
def sorted_lines(out: Data, length: int) -> int:
    """Sort the lines of ``out[:length]``, each once; the length then."""
    kept = 3
    for i in range(3, length, 3):
        j = kept  # lines before it are sorted: find its place from the end
        order = 1
        while j > 3:
            order = _before(out, i, j - 3)
            if order >= 0:
                break
            j -= 3
        if j > 3 and order == 0:
            continue
        low, high, line = out[i], out[i + 1], out[i + 2]
        k = kept
        while k > j:
            out[k], out[k + 1], out[k + 2] = out[k - 3], out[k - 2], out[k - 1]
            k -= 3
        out[j], out[j + 1], out[j + 2] = low, high, line
        kept += 3
    return kept


@helper
def finished(out: Data, length: int, low: int, high: int, direction: int) -> int:
    """The length of the path in ``out[:length]`` once it is in order; -1 without room, and for one that leads too far away."""
    if length < 0:
        return -1
    out[0], out[1], out[2] = low, high, direction % DIRECTIONS
    for k in range(0, length, 3):
        if not close_by(out[k]) or not close_by(out[k + 1]):
            return -1
    return sorted_lines(out, length)
