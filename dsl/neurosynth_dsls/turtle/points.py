"""Points of the plane, exact: whole-number combinations of the 24 directions that a turtle looks in.

With ``z`` the direction 15 degrees to the left, every point that whole steps reach is ``c0 + c1 z + … + c7 z^7`` with unique whole
numbers ``c`` (``z`` is a 24th root of unity, and ``z^8 = z^4 - 1``). Two programs that reach the same point by different paths get the
same numbers, unlike with floating-point coordinates.

The numbers are digits of two words in base ``BASE``, balanced around 0, so words of a sum are sums of words.
"""

from __future__ import annotations

import math

from neurosynth.engine.kernels import helper

__all__ = ["BASE", "DIRECTIONS", "FAR", "close_by", "coordinates", "digits", "turned"]

DIRECTIONS = 24
"""Number of directions of a turtle; each is 15 degrees to the left of the one before."""
BASE = 1 << 15
FAR = 1000
"""Maximum digit of a point; there is no paper further away."""

_COSINES = tuple(math.cos(math.pi * k / 12) for k in range(DIRECTIONS))
_SINES = tuple(math.sin(math.pi * k / 12) for k in range(DIRECTIONS))


@helper
def _top(word: int) -> int:
    """The highest of the four digits of a word."""
    return (word + BASE**3 // 2) // BASE**3


@helper
def turned(low: int, high: int, steps: int) -> tuple[int, int]:
    """A point rotated around the origin to the left by a number of steps of 15 degrees."""
    for _ in range(steps % DIRECTIONS):
        third, seventh = _top(low), _top(high)
        low, high = (
            (low - third * BASE**3) * BASE - seventh,
            (high - seventh * BASE**3) * BASE + third + seventh,
        )
    return low, high


@helper
def close_by(word: int) -> bool:
    """Whether the digits of a word are small enough for further computation."""
    for _ in range(3):
        digit = (word + BASE // 2) % BASE - BASE // 2
        if digit > FAR or digit < -FAR:
            return False
        word = (word - digit) // BASE
    return -FAR <= word <= FAR


def digits(low: int, high: int) -> list[int]:
    """The eight numbers of a point.

    >>> digits(*turned(1, 0, 8))
    [-1, 0, 0, 0, 1, 0, 0, 0]
    """
    found = []
    for word in (low, high):
        for _ in range(3):
            digit = (word + BASE // 2) % BASE - BASE // 2
            found.append(digit)
            word = (word - digit) // BASE
        found.append(word)
    return found


def coordinates(low: int, high: int) -> tuple[float, float]:
    """Where a point is: to the right, and up.

    >>> x, y = coordinates(*turned(2, 0, 4))
    >>> round(x, 9), round(y, 9)
    (1.0, 1.732050808)
    """
    parts = digits(low, high)
    return (
        sum(c * _COSINES[k] for k, c in enumerate(parts)),
        sum(c * _SINES[k] for k, c in enumerate(parts)),
    )
