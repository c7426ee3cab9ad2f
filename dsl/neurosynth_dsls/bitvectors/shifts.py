"""Shifts; those by the width or more follow SMT-LIB.

Of all values whose shift gives the goal, inverse kernels give the one from shifting back, and the smallest count. If there is none, the
result is some value, which the engine checks.
"""

from __future__ import annotations

from neurosynth.engine.kernels import Word, helper, np
from neurosynth.language.language import Language
from neurosynth_dsls.bitvectors.machine import BINARY, mask, sign

__all__ = ["part"]

part = Language("bitvectors.shifts")


@part.primitive(type=BINARY)
def bvshl(x: int, y: int, *, n: int) -> int:
    """First shifted left by the second; 0 from the width on."""
    return (x << y) & ((1 << n) - 1) if y < n else 0


@helper
@bvshl.kernel
def bvshl_kernel(x: Word, y: Word, n: int) -> Word:
    return np.uint64(0) if y >= np.uint64(n) else (x << y) & mask(n)


@bvshl.inverse(0)
def inverse_bvshl_value(output: int, y: int, *, n: int) -> list[int]:
    """The shifted value: of all candidates, the one with zeros for the lost bits."""
    x = output >> y
    return [x] if bvshl(x, y, n=n) == output else []


@bvshl.inverse_kernel(0)
def inverse_bvshl_value_kernel(goal: Word, y: Word, n: int) -> Word:
    return bvlshr_kernel(goal, y, n)


@bvshl.inverse(1)
def inverse_bvshl_count(output: int, x: int, *, n: int) -> list[int]:
    """The minimum count."""
    return next(([k] for k in range(n + 1) if bvshl(x, k, n=n) == output), [])


@bvshl.inverse_kernel(1)
def inverse_bvshl_count_kernel(goal: Word, x: Word, n: int) -> Word:
    for k in range(n):
        if (x << np.uint64(k)) & mask(n) == goal:
            return np.uint64(k)
    return np.uint64(n)


@part.primitive(type=BINARY, python="{0} >> {1}")
def bvlshr(x: int, y: int, *, n: int) -> int:
    """First shifted right by the second, zeros coming in."""
    return x >> y


@helper
@bvlshr.kernel
def bvlshr_kernel(x: Word, y: Word, n: int) -> Word:
    return np.uint64(0) if y >= np.uint64(n) else x >> y


@bvlshr.inverse(0)
def inverse_bvlshr_value(output: int, y: int, *, n: int) -> list[int]:
    """The shifted value: of all candidates, the one with zeros for the lost bits."""
    x = bvshl(output, y, n=n)
    return [x] if bvlshr(x, y, n=n) == output else []


@bvlshr.inverse_kernel(0)
def inverse_bvlshr_value_kernel(goal: Word, y: Word, n: int) -> Word:
    return bvshl_kernel(goal, y, n)


@bvlshr.inverse(1)
def inverse_bvlshr_count(output: int, x: int, *, n: int) -> list[int]:
    """The minimum count."""
    return next(([k] for k in range(n + 1) if bvlshr(x, k, n=n) == output), [])


@bvlshr.inverse_kernel(1)
def inverse_bvlshr_count_kernel(goal: Word, x: Word, n: int) -> Word:
    for k in range(n):
        if x >> np.uint64(k) == goal:
            return np.uint64(k)
    return np.uint64(n)


@part.primitive(type=BINARY)
def bvashr(x: int, y: int, *, n: int) -> int:
    """First shifted right by the second, copies of the sign bit coming in."""
    return (x - (x >> (n - 1) << n)) >> y & ((1 << n) - 1)


@helper
@bvashr.kernel
def bvashr_kernel(x: Word, y: Word, n: int) -> Word:
    negative = x & sign(n) != np.uint64(0)
    if y >= np.uint64(n):
        return mask(n) if negative else np.uint64(0)
    # complement, shift zeros in, complement back: ones come in
    return ((x ^ mask(n)) >> y) ^ mask(n) if negative else x >> y


@bvashr.inverse(0)
def inverse_bvashr_value(output: int, y: int, *, n: int) -> list[int]:
    """The shifted value: of all candidates, the one with zeros for the lost bits, or any if all bits were lost."""
    x = bvshl(output, y, n=n) if y < n else output
    return [x] if bvashr(x, y, n=n) == output else []


@bvashr.inverse_kernel(0)
def inverse_bvashr_value_kernel(goal: Word, y: Word, n: int) -> Word:
    return goal if y >= np.uint64(n) else (goal << y) & mask(n)


@bvashr.inverse(1)
def inverse_bvashr_count(output: int, x: int, *, n: int) -> list[int]:
    """The minimum count."""
    return next(([k] for k in range(n + 1) if bvashr(x, k, n=n) == output), [])


@bvashr.inverse_kernel(1)
def inverse_bvashr_count_kernel(goal: Word, x: Word, n: int) -> Word:
    for k in range(n):
        if bvashr_kernel(x, np.uint64(k), n) == goal:
            return np.uint64(k)
    return np.uint64(n)
