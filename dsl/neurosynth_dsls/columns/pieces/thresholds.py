"""Thresholds between two numbers of the examples, and intervals of numbers: natural ones, round ones, and the numbers themselves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import groupby
from math import log2

from neurosynth.language.program import Program
from neurosynth_dsls.columns.pieces.building import call
from neurosynth_dsls.columns.pieces.number_lines import decimal
from neurosynth_dsls.columns.pieces.number_readings import NumberReading

__all__ = ["Interval", "inner_interval", "natural_thresholds", "shown_bounds", "thresholds_between", "unusual"]

NATURAL = {
    "weekday": ((6, 0),),
    "hour": ((12, 0), (6, 1), (18, 1)),
    "month": ((7, 3),),
    "day": ((16, 3),),
}
"""Common thresholds of parts of dates, with their bits: a weekend, noon, half a year."""
OF_A_DAY = {"h": 24, "min": 1440, "s": 86400}
"""Number of units of a clock in a day."""
HOURS = tuple((h, 0 if h == 12 else 1 if h in (6, 18) else 3) for h in (12, 6, 18, *range(24)))
"""Hours of the day at which something begins, with their bits."""
MINUTES = 10
"""Bits of a threshold of the minutes or seconds of a time, whatever its hour."""
SPELLED = 6
"""Bits of a threshold of a time of day that is no full hour."""


def natural_thresholds(reading: NumberReading) -> Sequence[tuple[int, int]]:
    """The common thresholds of what a number is, with their bits."""
    unit = str(reading.key[-1])
    if _of_day(reading):
        per_hour = OF_A_DAY[unit] // 24
        return [(h * per_hour, bits) for h, bits in HOURS]
    if unit in OF_A_DAY and reading.key[-2:-1] == ("in",):
        return ((OF_A_DAY[unit], 1),)  # 25:10 is on the next day
    return NATURAL.get(unit, ())


def unusual(reading: NumberReading, threshold: Decimal) -> int:
    """Bits of a threshold that is unusual for what a number is: minutes without their hour, or a time of day between two hours."""
    if reading.key[-1] in ("minute", "second"):
        return MINUTES
    if _of_day(reading) and threshold % (OF_A_DAY[str(reading.key[-1])] // 24):
        return SPELLED
    return 0


def _of_day(reading: NumberReading) -> bool:
    """Whether numbers are the minutes or seconds of times of day."""
    most = OF_A_DAY.get(str(reading.key[-1]))
    return most is not None and reading.key[-2:-1] == ("in",) and all(0 <= v < most for v in reading.values)


def thresholds_between(
    low: Decimal, high: Decimal, natural: Sequence[tuple[int, int]]
) -> Iterator[tuple[Decimal, int]]:
    """Thresholds above ``low`` and not above ``high``: natural ones, ``high``, and the roundest one."""
    for n, bits in natural:
        if low < n <= high:
            yield Decimal(n), bits
    yield high, 2 + len(high.normalize().as_tuple().digits)
    for exponent in range(high.adjusted() + 1, low.adjusted() - 6, -1):
        for digits in (1, 5, 2, 25):
            step = Decimal(digits).scaleb(exponent)
            rounded = (high // step) * step
            if low < rounded < high:
                yield rounded, 2 + len(rounded.normalize().as_tuple().digits)
                return


CLOSE, SHOWN = 4, 4
"""How many times closer than others two numbers are that show a bound, and maximum number of bits that this saves."""


def shown_bounds(gaps: Sequence[tuple[Decimal, Decimal]], values: Sequence[Decimal]) -> list[int]:
    """What each bound saves whose examples stand close on either side of it: they were chosen to show it.

    Of an unrelated number of the rows, the greatest below a bound and the least above it are as far apart as others.
    """
    each = {*values}
    if len(each) < FEWEST:
        return [0] * len(gaps)
    mean = (max(each) - min(each)) / (len(each) - 1)
    return [min(SHOWN, int(log2(mean / (high - low)))) if (high - low) * CLOSE <= mean else 0 for low, high in gaps]


FEWEST = 4
"""Fewest different numbers of which two can be called close."""


class Interval:
    """Numbers from one threshold on and below another one."""

    def __init__(self, low: Decimal, high: Decimal, bits: int) -> None:
        self.low, self.high = low, high
        self.bits = bits
        """Bits of both thresholds."""

    def __contains__(self, value: Decimal) -> bool:
        return self.low <= value < self.high

    def build(self, reading: NumberReading) -> Program:
        """The condition that a number is one of them."""
        number = reading.build()
        return call("and", call("decimal.<=", decimal(self.low), number), call("decimal.<", number, decimal(self.high)))


def inner_interval(reading: NumberReading, outputs: Sequence[object]) -> Interval | None:
    """The interval whose numbers have one of two outputs, if smaller and larger numbers have the other one."""
    pairs = sorted(zip(reading.values, map(str, outputs), strict=True))
    runs = [[v for v, _ in run] for _, run in groupby(pairs, key=lambda p: p[1])]
    if len({*map(str, outputs)}) != 2 or len(runs) != 3:
        return None
    ends = [(runs[0][-1], runs[1][0]), (runs[1][-1], runs[2][0])]
    if any(low == high for low, high in ends):
        return None
    natural = natural_thresholds(reading)
    first, second = (
        min(((t, bits + unusual(reading, t)) for t, bits in thresholds_between(low, high, natural)), key=lambda t: t[1])
        for low, high in ends
    )
    return Interval(first[0], second[0], first[1] + second[1])
