"""Days some time later that move from a weekend to a workday: due 14 days later, on the Monday if that is a Saturday or a Sunday."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial

from neurosynth.language.pieces import Column
from neurosynth.language.program import Program
from neurosynth_dsls.columns.calendar_steps import add_workdays, shifted
from neurosynth_dsls.columns.pieces.building import call
from neurosynth_dsls.columns.pieces.day_shifts import DIGIT, MOST, day_gaps, written_dates
from neurosynth_dsls.columns.pieces.moments import MomentStep

__all__ = ["rolled_shifts"]

BITS = 42
"""Bits of a number of days or months, without its digits, and of moving what is on a weekend to a workday."""
BACK = 3
"""Additional bits of moving to the workday before."""
UNEVEN = 3
"""Additional bits of a number of days that is neither whole weeks nor a multiple of five."""
MONTHS = (1, 2, 3, 6, 12, 24, -1)
"""Numbers of months, the usual first."""
WEEKEND = 5
"""The first weekday of the weekend, from Monday as 0."""


def rolled_shifts(column: Column, moments: Sequence[datetime]) -> Iterator[MomentStep]:
    """The steps by one number of days or months, and on to the next workday or back to the last, that lead to the outputs.

    Some of the examples are moved, and some are not where days are counted; none of the outputs is on a weekend.
    """
    dates, fields = written_dates(column)
    if len(set(moments)) < 2 or not {"m", "d"} <= fields:
        return
    near = [day_gaps(m, date, not fields & {"Y", "y"}) for m, date in zip(moments, dates, strict=True)]
    if not all(near):
        return
    gaps = [min(g, key=abs) for g in near]
    days = [shifted(m, g, "day").date() for m, g in zip(moments, gaps, strict=True)]
    if any(d.weekday() >= WEEKEND for d in days):
        return
    for sign in (1, -1):
        meant = set.intersection(*({g - sign * n for n in range(3)} for g in gaps))
        amounts = [(n, "day") for n in sorted(meant, key=lambda n: (_uneven(n), abs(n))) if 1 < abs(n) <= MOST]
        for amount, unit in (*amounts, *((n, "month") for n in MONTHS)):
            before = [shifted(m, amount, unit) for m in moments]
            on_weekend = sum(m.weekday() >= WEEKEND for m in before)
            if not on_weekend or (unit == "day" and on_weekend == len(before)):
                continue
            if all(_rolled(sign, m).date() == d for m, d in zip(before, days, strict=True)):
                told = DIGIT * len(str(abs(amount))) + UNEVEN * (unit == "day" and _uneven(amount))
                yield MomentStep(
                    f"add {amount} {unit} to a workday {sign}",
                    BITS + told + BACK * (sign < 0),
                    partial(_moved, amount, unit, sign),
                    partial(_build, amount, unit, sign),
                )


def _uneven(days: int) -> bool:
    return days % 7 > 0 and days % 5 > 0


def _rolled(sign: int, moment: datetime) -> datetime:
    return add_workdays(shifted(moment, -sign, "day"), sign)


def _moved(amount: int, unit: str, sign: int, moment: datetime) -> datetime:
    return _rolled(sign, shifted(moment, amount, unit))


def _build(amount: int, unit: str, sign: int, p: Program) -> Program:
    """The workday behind or before that of the day next to the one meant, which is itself if it is a workday."""
    if unit == "day":
        return call("datetime.add_workdays", sign, call("datetime.add", amount - sign, "day", p))
    return call(
        "datetime.add_workdays", sign, call("datetime.add", -sign, "day", call("datetime.add", amount, unit, p))
    )
