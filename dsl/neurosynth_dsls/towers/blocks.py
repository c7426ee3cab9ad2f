"""Blocks that fall: what lies on what, and the order that stands for all orders giving the same tower.

A block is a *code*, ``2 * x + kind``: ``x`` is the place of its middle, ``kind`` 0 for one that lies (3 wide, 1 high) and 1 for one
that stands (1 wide, 3 high).  Lengths are in half units, as in the tasks of DreamCoder (Ellis et al., PLDI 2021): a lying block is
6 wide and 2 high.  A block falls on the highest of those already there that it overlaps.

Blocks that do not overlap may fall in either order.  Of all orders with the same result :func:`settled` gives the one that goes by
height, then by place: two sequences of blocks build the same tower, on any ground, exactly when it is the same for both.
"""

from __future__ import annotations

from collections.abc import Iterable

from neurosynth.engine.kernels import Data, helper

__all__ = ["LYING", "PLACES", "STANDING", "bottoms", "high", "overlap", "settle", "settled", "wide"]

LYING, STANDING = 0, 1
PLACES = 1 << 44
"""Codes that :func:`settle` works with are closer to 0."""


@helper
def wide(code: int) -> int:
    """Half of a block's width: 3 where it lies, 1 where it stands."""
    return 3 - 2 * (code & 1)


@helper
def high(code: int) -> int:
    """A block's height: 2 where it lies, 6 where it stands."""
    return 2 + 4 * (code & 1)


@helper
def overlap(one: int, other: int) -> bool:
    """Whether one of two blocks would fall on the other."""
    apart = (one >> 1) - (other >> 1)
    return -wide(one) - wide(other) < apart < wide(one) + wide(other)


def bottoms(codes: Iterable[int]) -> list[int]:
    """The height of each block's lower side, blocks falling in this order on even ground.

    >>> bottoms([0, 1, 12])
    [0, 2, 0]
    """
    placed: list[tuple[int, int]] = []
    for code in codes:
        low = max((bottom + high(other) for other, bottom in placed if overlap(code, other)), default=0)
        placed.append((code, low))
    return [bottom for _, bottom in placed]


def settled(codes: Iterable[int]) -> tuple[int, ...]:
    """The blocks in the order of their heights, then of their places.

    >>> settled([12, 0, 1]), settled([0, 1, 12])
    ((0, 12, 1), (0, 12, 1))
    """
    given = tuple(codes)
    return tuple(code for _, code in sorted(zip(bottoms(given), given, strict=True)))


@helper
def settle(out: Data, first: int, count: int) -> bool:
    """:func:`settled` of ``out[first : first + count]``, in its place; False where a block is too far away to be told there.

    While it works a word holds the height of a block's lower side and, in its lower bits, the code.
    """
    for i in range(count):
        code = out[first + i]
        if not -PLACES < code < PLACES:
            return False
        low = 0
        for j in range(i):
            other = out[first + j] % (2 * PLACES) - PLACES
            if overlap(code, other):
                low = max(low, out[first + j] // (2 * PLACES) + high(other))
        out[first + i] = low * (2 * PLACES) + code + PLACES
    for i in range(1, count):  # insertion sort: pieces that are put together are sorted already
        word = out[first + i]
        j = i - 1
        while j >= 0 and out[first + j] > word:
            out[first + j + 1] = out[first + j]
            j -= 1
        out[first + j + 1] = word
    for i in range(count):
        out[first + i] = out[first + i] % (2 * PLACES) - PLACES
    return True
