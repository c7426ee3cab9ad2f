"""Falling blocks: which block lies on which, and a canonical order among all orders that give the same tower. A block is a *code*, ``2
* x + kind``: ``x`` is the position of its middle, and ``kind`` is 0 for a lying block (3 wide, 1 high) and 1 for a standing one (1
wide, 3 high). Lengths are in half units, as in the tasks of DreamCoder (Ellis et al., PLDI 2021): a lying block is 6 wide and 2 high. A
block falls onto the highest existing block that it overlaps. Blocks that do not overlap may fall in either order. Of all orders with
the same result, :func:`settled` gives the one sorted by height, then by position: two sequences of blocks build the same tower, on any
ground, exactly if their settled orders are equal.
"""

from __future__ import annotations

from collections.abc import Iterable

from neurosynth.engine.kernels import Data, helper

__all__ = ["LYING", "PLACES", "STANDING", "bottoms", "high", "overlap", "settle", "settled", "wide"]

LYING, STANDING = 0, 1
PLACES = 1 << 44
"""Codes for :func:`settle` must be closer to 0 than this."""


@helper
def wide(code: int) -> int:
    """Half of a block's width: 3 if it lies, 1 if it stands."""
    return 3 - 2 * (code & 1)


@helper
def high(code: int) -> int:
    """A block's height: 2 if it lies, 6 if it stands."""
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
    """The blocks sorted by height, then by position.

    >>> settled([12, 0, 1]), settled([0, 1, 12])
    ((0, 12, 1), (0, 12, 1))
    """
    given = tuple(codes)
    return tuple(code for _, code in sorted(zip(bottoms(given), given, strict=True)))


@helper
def settle(out: Data, first: int, count: int) -> bool:
    """:func:`settled` of ``out[first : first + count]``, in place; False if a block is too far away.

    During the computation, a word contains the height of a block's lower side and, in its lower bits, the code.
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
    for i in range(1, count):  # insertion sort: concatenated pieces are already sorted
        word = out[first + i]
        j = i - 1
        while j >= 0 and out[first + j] > word:
            out[first + j + 1] = out[first + j]
            j -= 1
        out[first + j + 1] = word
    for i in range(count):
        out[first + i] = out[first + i] % (2 * PLACES) - PLACES
    return True
