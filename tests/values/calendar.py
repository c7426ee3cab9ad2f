"""A language over dates, decimals and durations, with kernels that know missing values."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from neurosynth.engine.kernels import MISSING_WORD
from neurosynth.language.language import Language

__all__ = ["calendar"]

calendar = Language("calendar", doc="For tests.")


@calendar.primitive(raises=(OverflowError,), missing="seen")
def next_day(day: date) -> date:
    """The day after; missing stays missing."""
    return day if day is None else day + timedelta(days=1)


@next_day.kernel
def next_day_kernel(day: int) -> int:
    """On machine words the same."""
    return day if day == MISSING_WORD else day + 1


@calendar.primitive(missing="seen")
def either(one: date, other: date) -> date:
    """The first that is not missing."""
    return other if one is None else one


@either.kernel
def either_kernel(one: int, other: int) -> int:
    """On machine words the same."""
    return other if one == MISSING_WORD else one


@calendar.primitive(missing="seen")
def twice(amount: Decimal) -> Decimal:
    """Two times the amount; it has no kernel."""
    return amount if amount is None else 2 * amount


@calendar.primitive(raises=(OverflowError,), missing="passes")
def later(day: date, wait: timedelta) -> date:
    """The day so much later."""
    return day + wait


calendar.constant("P7D", "duration")
