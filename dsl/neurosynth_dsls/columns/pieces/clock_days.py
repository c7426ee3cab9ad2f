"""Clocks that go on over midnight, as timetables have them: 25:10 is at 01:10 on the next day."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial

from neurosynth.language.pieces import Column
from neurosynth.language.program import Program
from neurosynth_dsls.columns.pieces.building import call
from neurosynth_dsls.columns.pieces.duration_readings import DurationReading, duration_readings

__all__ = ["late_clocks", "whole_days", "within_days"]

DAY = timedelta(days=1)
WITHIN = 6
"""Bits of the time of day of such a clock."""
_CLOCKS = (("%H:%M:%S|%H:%M",), ("%H:%M",))


def late_clocks(column: Column) -> Iterator[DurationReading]:
    """The clocks of inputs that on some example row have hours that no day has."""
    for clock in duration_readings(column):
        if clock.key[1:] in _CLOCKS and any(v >= DAY for v in clock.values):
            yield clock


def within_days(column: Column) -> Iterator[DurationReading]:
    """Their times of day."""
    for clock in late_clocks(column):
        values = tuple(v % DAY for v in clock.values)
        key = (clock.key[0], "within a day", clock.key[1])
        yield DurationReading(key, clock.cost + WITHIN, partial(_within_a_day, clock.build), values)


def _within_a_day(clock: Callable[[], Program]) -> Program:
    return call("duration.mod", "24h", clock())


def whole_days(clock: Callable[[], Program]) -> Program:
    """The midnights that a clock is behind."""
    return call("decimal.to_int", call("duration.in", "day", call("duration.floor", "24h", clock())))
