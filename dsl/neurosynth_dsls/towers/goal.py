"""The test whether a plan can be part of a tower; the search drops all others.

The blocks of a part of a program occur somewhere in the tower of the whole program, as blocks that fell one after the other with no
other block between them. In terms of orders: the order of overlapping blocks is fixed, and the plan is a *factor* of that order: if it
contains two blocks, it contains every block that must fall between them (Mazurkiewicz traces; Diekert and Rozenberg, The Book of
Traces, 1995).

The test tries all positions at which the plan may begin. There, the height of one block determines those of all blocks that support it
or lie on it: the next block of the same kind at the same position above, or below. It accepts some plans that are not factors, because
independent blocks are tested separately. It rejects a factor only because of the hand, which must be on the grid of the tower's blocks,
and not far beside them, at the beginning and the end of a part.
"""

from __future__ import annotations

import math

from neurosynth.engine.kernels import Data, helper
from neurosynth_dsls.towers.blocks import bottoms, overlap
from neurosynth_dsls.towers.values import Plan, Tower, code_of

__all__ = ["BESIDE", "outline", "stands", "stands_kernel"]

BESIDE = 9
"""Maximum distance, in half units, of the hand from a tower at the beginning and the end of a part."""

HEAD = 8
"""Number of words of an outline before its blocks."""
_FAR = 63
"""Distances of two blocks from here on are not distinguished."""
_OPEN = -1
"""Represents an unknown height."""


def outline(tower: Tower) -> list[int]:
    """The test's data of a tower: leftmost and rightmost middle, and their grid; the pairs of blocks, with one bit for each distance
    (four words by the kinds of the left and of the right one, then one for overlapping blocks, by the kinds of the lower and the upper
    one); then code and height of each block, settled."""
    codes = [code_of(block) for block in tower]
    places = [code >> 1 for code in codes] or [0]
    heights = bottoms(codes)
    grid = math.gcd(*(place - places[0] for place in places))
    return [
        min(places),
        max(places),
        max(grid, 1),
        *_pairs(codes),
        *(part for pair in zip(codes, heights, strict=True) for part in pair),
    ]


def _pairs(codes: list[int]) -> list[int]:
    """The words of an outline that describe its pairs of blocks."""
    words = [0] * 5
    for j, upper in enumerate(codes):
        for lower in codes[:j]:
            words[pair_word(lower, upper)] |= 1 << pair_bit(lower, upper)
            if overlap(lower, upper):
                words[4] |= 1 << order_bit(lower, upper)
    return words


@helper
def pair_word(one: int, other: int) -> int:
    """By the kinds of two blocks, the left one first; at equal positions, the standing one comes last."""
    left, right = one & 1, other & 1
    if one >> 1 > other >> 1 or (one >> 1 == other >> 1 and left > right):
        left, right = right, left
    return 2 * left + right


@helper
def pair_bit(one: int, other: int) -> int:
    """The distance of two blocks, at most 62."""
    return min(abs((one >> 1) - (other >> 1)), _FAR - 1)


@helper
def order_bit(lower: int, upper: int) -> int:
    """For two overlapping blocks: their kinds, and how far the upper one is to the right."""
    return 11 * (2 * (lower & 1) + (upper & 1)) + (upper >> 1) - (lower >> 1) + 5


@helper
def _has_pairs(goal: Data, head: int, data: Data, start: int, count: int) -> bool:
    """Whether each pair of blocks of a plan also occurs in the tower: rejects most plans that are not parts."""
    for j in range(count - 1, -1, -1):
        for i in range(j - 1, -1, -1):
            lower, upper = data[start + i], data[start + j]
            if goal[head + 3 + pair_word(lower, upper)] >> pair_bit(lower, upper) & 1 == 0:
                return False
            if overlap(lower, upper) and goal[head + 7] >> order_bit(lower, upper) & 1 == 0:
                return False
    return True


def stands(outlined: list[int], plan: Plan) -> bool:
    """Whether a plan can be part of the tower with this outline."""
    return stands_kernel([0] * (2 * len(plan)), outlined, 0, len(outlined), plan, 0, len(plan))  # type: ignore[arg-type]  # lists do


@helper
def _above(goal: Data, start: int, end: int, code: int, height: int) -> int:
    """The lowest height of a block of this code above ``height``; -1 if there is none."""
    found = -1
    for k in range(start, end, 2):
        if goal[k] == code and goal[k + 1] > height and (found < 0 or goal[k + 1] < found):
            found = goal[k + 1]
    return found


@helper
def _below(goal: Data, start: int, end: int, code: int, height: int) -> int:
    """The greatest height of a block of this code below ``height``; -1 if there is none."""
    found = -1
    for k in range(start, end, 2):
        if goal[k] == code and found < goal[k + 1] < height:
            found = goal[k + 1]
    return found


@helper
def _known(heights: Data, data: Data, start: int, count: int, i: int, side: int) -> int:
    """Of the blocks that block ``i`` falls on (``side`` -1) or holds (1), the number of that with the height next to it; -1 where none
    is known, or where another block of the same code may be between."""
    best = -1
    j = i + side
    while 0 <= j < count:
        nearer = best < 0 or (heights[j] - heights[best]) * side < 0
        if heights[j] != _OPEN and nearer and overlap(data[start + j], data[start + i]):
            best = j
        j += side
    if best >= 0:
        j = i + side
        while j != best:
            if heights[j] == _OPEN and data[start + j] == data[start + i]:
                return -1
            j += side
    return best


@helper
def _spread(heights: Data, goal: Data, gs: int, ge: int, data: Data, start: int, count: int, shift: int) -> bool:
    """Determine the heights of all blocks that are connected to known ones; False if the tower has no such block."""
    changed = True
    while changed:
        changed = False
        for i in range(count):
            if heights[i] != _OPEN:
                continue
            code = data[start + i] + shift
            under = _known(heights, data, start, count, i, -1)
            if under >= 0:
                found = _above(goal, gs, ge, code, heights[under])
            else:
                over = _known(heights, data, start, count, i, 1)
                if over < 0:
                    continue
                found = _below(goal, gs, ge, code, heights[over])
            if found < 0:
                return False
            heights[i], heights[count + i] = found, heights[2 * count]
            changed = True
    return True


@helper
def _whole(heights: Data, goal: Data, gs: int, ge: int, data: Data, start: int, count: int, shift: int) -> bool:
    """Whether the heights of the last group are in the order of the plan, and no block of the tower is missing between them."""
    group = heights[2 * count]
    for i in range(count):
        if heights[i] == _OPEN or heights[count + i] != group:
            continue
        for j in range(i):
            if heights[j] >= heights[i] and heights[count + j] == group and overlap(data[start + i], data[start + j]):
                return False
    for k in range(gs, ge, 2):
        code, height = goal[k] - shift, goal[k + 1]
        over = under = own = False
        for i in range(count):
            if heights[i] != _OPEN and heights[count + i] == group and overlap(code, data[start + i]):
                own = own or (heights[i] == height and data[start + i] == code)
                over = over or heights[i] < height
                under = under or heights[i] > height
        if over and under and not own:
            return False
    return True


@helper
def _stands_at(heights: Data, goal: Data, gs: int, ge: int, data: Data, start: int, count: int, shift: int) -> bool:
    """Whether every group of connected blocks is somewhere in the tower, with one initial position of the hand for all.

    ``heights`` contains a height and a group number for each block, then the number of the last group.
    """
    for i in range(count):
        heights[i] = _OPEN
    heights[2 * count] = 0
    for first in range(count):
        if heights[first] != _OPEN:
            continue
        heights[2 * count] += 1
        group = heights[2 * count]
        placed = False
        for k in range(gs, ge, 2):
            if goal[k] != data[start + first] + shift:
                continue
            for i in range(count):
                if heights[count + i] == group:
                    heights[i] = _OPEN
            heights[first], heights[count + first] = goal[k + 1], group
            if _spread(heights, goal, gs, ge, data, start, count, shift) and _whole(
                heights, goal, gs, ge, data, start, count, shift
            ):
                placed = True
                break
        if not placed:
            return False
    return True


def stands_kernel(
    scratch: Data, goal: Data, goal_start: int, goal_length: int, data: Data, start: int, length: int
) -> bool:
    """On machine words, with ``2 * length`` words of scratch."""
    low, high, count, way = goal[goal_start], goal[goal_start + 1], length - 1, data[start]
    grid = goal[goal_start + 2]
    if way % grid != 0:
        return False
    if count == 0:
        return bool(abs(way) <= high - low + 2 * BESIDE)
    gs, ge = goal_start + HEAD, goal_start + goal_length
    if 2 * count > ge - gs or not _has_pairs(goal, goal_start, data, start + 1, count):
        return False
    for k in range(gs, ge, 2):
        shift = goal[k] - data[start + 1]  # twice the initial position of the hand
        place = shift >> 1
        left, right = min(place, place + way), max(place, place + way)
        if shift & 1 or (place - low) % grid != 0 or left < low - BESIDE or right > high + BESIDE:
            continue
        known = False
        for j in range(gs, k, 2):
            known = known or goal[j] == goal[k]
        if not known and _stands_at(scratch, goal, gs, ge, data, start + 1, count, shift):
            return True
    return False
