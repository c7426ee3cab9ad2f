"""Values derived from a date or time: rounded, shifted, the first and last of a unit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from neurosynth.language.program import Program
from neurosynth_dsls.columns import calendar_steps as steps
from neurosynth_dsls.columns.datetimes import next_weekday
from neurosynth_dsls.columns.pieces.building import call

__all__ = ["YEARS", "MomentStep", "derivations"]


@dataclass(frozen=True, slots=True, eq=False)
class MomentStep:
    """A function from a moment to another."""

    family: str
    """The ends of one range share it."""
    cost: int
    function: Callable[[datetime], datetime]
    build: Callable[[Program], Program]
    whole_days: bool = False
    """Whether it determines a day from a month alone: its first or last one."""
    of_times: bool = False
    """Whether it is about the time of day."""
    only: str = ""
    """Letters of the fields for which it is useful; all if it is empty."""
    starts: int = 0
    """The month with which its years begin; 0 if it is not about years."""
    grid: int = 0
    """The step in seconds to whose multiples times of day are rounded; 0 for other functions."""

    @property
    def crosses(self) -> bool:
        """Whether it leads from the last or first second of a day to another day."""
        return _crosses(self.function)


@lru_cache(maxsize=1024)
def _crosses(function: Callable[[datetime], datetime]) -> bool:
    late, early = datetime(2001, 1, 1, 23, 59, 59), datetime(2001, 1, 2)
    return function(late).day != late.day or function(early).day != early.day


MINUTE, HOUR = 60, 3600
YEARS = (4, 7, 8, 9, 10)
"""Months other than January in which years of schools, taxes and firms usually begin."""
STEPS = (1, 5, 10, 15, 20, 30, 60, 90, 120, 180, 240, 360, 480, 720)
"""Common steps in minutes to which times are rounded."""
RARER = {1: 2, 5: 2, 10: 2, 15: 2, 20: 4, 90: 4, 120: 2, 180: 2, 240: 2, 360: 2, 480: 4, 720: 2}
"""Bits for steps that are less common than an hour and half an hour."""
LESS = (0, 1, MINUTE, 5 * MINUTE, 10 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR)
"""Seconds by which the end of a range is before the start of the next one."""

APART = 6
"""Bits for ranges with gaps between them whose length is a usual step: then they are nearly always ranges of that step."""


def _step_text(minutes: int) -> str:
    return f"{minutes // 60}h" if minutes % 60 == 0 else f"{minutes}min"


def _offset_text(minutes: int) -> str:
    return f"{minutes}min" if minutes else ""


def _unit(seconds: int) -> tuple[int, str]:
    if seconds % HOUR == 0:
        return seconds // HOUR, "h"
    return (seconds // MINUTE, "min") if seconds % MINUTE == 0 else (seconds, "s")


def _floor(step: str, offset: str) -> MomentStep:
    return MomentStep(
        f"floor {step} {offset}",
        0,
        lambda d: steps.floor_to(d, step, offset),
        lambda p: call("datetime.floor", step, offset, p),
    )


def _rounded(name: str, function: Callable[[datetime, str, str], datetime], step: str) -> MomentStep:
    return MomentStep(
        f"{name} {step}", 0, lambda d: function(d, step, ""), lambda p: call(f"datetime.{name}", step, "", p)
    )


def _shift(amount: int, unit: str, before: MomentStep | None = None) -> MomentStep:
    first: Callable[[datetime], datetime] = before.function if before is not None else lambda d: d
    build: Callable[[Program], Program] = before.build if before is not None else lambda p: p
    return MomentStep(
        before.family if before is not None else f"add {amount} {unit}",
        0,
        lambda d: steps.shifted(first(d), amount, unit),
        lambda p: call("datetime.add", amount, unit, build(p)),
    )


def _workdays(amount: int) -> MomentStep:
    return MomentStep(
        f"add {amount} workdays",
        0,
        lambda d: steps.add_workdays(d, amount),
        lambda p: call("datetime.add_workdays", amount, p),
    )


def _at(cost: int, d: MomentStep) -> MomentStep:
    return replace(d, cost=cost)


def _offsets(minutes: int) -> tuple[int, ...]:
    """Minutes after midnight at which steps of some length may begin: none, half a step, and half hours."""
    if minutes < 30:
        return (0,)
    return (0, 30, 45, 60) if minutes == 90 else (0, minutes // 2)


def _times() -> Iterator[MomentStep]:
    for minutes in STEPS:
        step = _step_text(minutes)
        for offset in _offsets(minutes):
            bits = 21 + 8 * (offset > 0) + RARER.get(minutes, 0)
            low = replace(_floor(step, _offset_text(offset)), grid=minutes * MINUTE)
            yield _at(bits, low)
            if not offset:
                nearest, ceil = (
                    _rounded(n, f, step) for n, f in (("nearest", steps.nearest_to), ("ceil", steps.ceil_to))
                )
                yield _at(bits + 1, replace(nearest, grid=low.grid))
                yield _at(bits + 3, replace(ceil, grid=low.grid))
            for less in LESS:
                if less < minutes * MINUTE:
                    amount, unit = _unit(minutes * MINUTE - less)
                    extra = 4 * (less not in (0, 1, MINUTE)) + (less > 0)
                    extra += APART * (MINUTE < less < HOUR and minutes - less // MINUTE in STEPS)
                    end = replace(_shift(amount, unit, low), grid=low.grid)
                    yield _at(bits + 10 + extra, end)
    for halves in (*range(-28, 0), *range(1, 29)):
        amount, unit = _unit(halves * 1800)
        yield _at(20 + abs(halves) // 3 + 10 * (halves % 2), _shift(amount, unit))


def _dates() -> Iterator[MomentStep]:
    for days in (1, -1, 2, -2, 3, -3):
        yield _at(25 + abs(days), _shift(days, "day"))
    for weeks in (1, -1, 2, -2):
        yield _at(30 + 2 * abs(weeks), _shift(weeks, "week"))
    for days in (10, 14, 15, 30, 45, 60, 90, 180, -10, -30, -90):
        yield _at(36, _shift(days, "day"))
    for months in (1, -1, 3, -3, 6, -6, 12, -12):
        amount, unit = (months // 12, "year") if months % 12 == 0 else (months, "month")
        yield _at(30 + abs(amount), _shift(amount, unit))
    for days in (1, -1, 2, -2, 3, -3, 5, 10):
        yield _at(31 + abs(days), _workdays(days))
    for unit, bits in (("month", 26), ("quarter", 28), ("week", 28), ("year", 30), ("half", 32)):
        low = replace(_floor(unit, ""), whole_days=unit != "week")
        yield _at(bits, low)
        yield _at(
            bits + 1,
            MomentStep(
                f"floor {unit} ",
                0,
                lambda d, u=unit: steps.end_of(d, u),  # type: ignore[misc]  # a bound default has no type
                lambda p, u=unit: call("datetime.end_of", u, p),  # type: ignore[misc]  # a bound default has no type
                unit != "week",
            ),
        )
        yield _at(bits + 4, replace(_shift(1, unit, low), whole_days=low.whole_days))
    yield from _terms()
    for weekday in range(1, 8):
        bits = 32 if weekday in (1, 5) else 35
        yield _at(
            bits,
            MomentStep(
                f"next weekday {weekday}",
                0,
                lambda d, n=weekday: next_weekday(n, d),  # type: ignore[misc]  # a bound default has no type
                lambda p, n=weekday: call("datetime.next_weekday", n, p),  # type: ignore[misc]  # a bound default has no type
            ),
        )
    yield from _workdays_at()
    yield from _years()
    yield _at(30, _floor("week", "-1day"))
    yield _at(31, _shift(6, "day", _floor("week", "-1day")))


ROLLED, LAST_WORKDAY = 29, 33
"""Bits of moving weekends to a workday, and of the last workday of a month."""


def _workdays_at() -> Iterator[MomentStep]:
    """The first workday on or after a day, the last one on or before it, and that of a month."""
    for name, days, cost in (("on or after", -1, ROLLED), ("on or before", 1, ROLLED + 2)):
        yield MomentStep(
            f"workday {name}",
            cost,
            lambda d, n=days: steps.add_workdays(steps.shifted(d, n, "day"), -n),  # type: ignore[misc]  # a bound default has no type
            lambda p, n=days: call("datetime.add_workdays", -n, call("datetime.add", n, "day", p)),  # type: ignore[misc]  # a bound default has no type
        )
    yield MomentStep(
        "last workday",
        LAST_WORKDAY,
        lambda d: steps.add_workdays(steps.shifted(steps.end_of(d, "month"), 1, "day"), -1),
        lambda p: call(
            "datetime.add_workdays", -1, call("datetime.add", 1, "day", call("datetime.end_of", "month", p))
        ),
        whole_days=True,
    )


TERMS = (("month", (1, 2, 3, 6, 9, 18)), ("year", (1, 2, 3, 5)))
"""Lengths of contracts and notices, which end on the day before or with a month."""
LAST_DAY, MONTH_END = 4, 3
"""Bits of the day before, and of the last day of the month, in addition to those of the term."""


def _terms() -> Iterator[MomentStep]:
    """The last day of a term that begins on a day, and the last day of the month in which a term ends, or of a month before."""
    for unit, amounts in TERMS:
        for amount in amounts:
            later = _shift(amount, unit)
            yield replace(
                _shift(-1, "day", later), family=f"{later.family} less a day", cost=30 + min(amount, 9) + LAST_DAY
            )
    for amount in (1, 2, 3, -1):
        later = _shift(amount, "month")
        yield MomentStep(
            f"floor {later.family}",
            29 + abs(amount) + MONTH_END,
            lambda d, m=amount: steps.end_of(steps.add_months(d, m), "month"),  # type: ignore[misc]  # a bound default has no type
            lambda p, m=amount: call("datetime.end_of", "month", call("datetime.add", m, "month", p)),  # type: ignore[misc]  # a bound default has no type
            whole_days=True,
        )


def _years() -> Iterator[MomentStep]:
    """Years that begin in another month than January, for schools or taxes: the year in which they begin, and the one in which they
    end."""
    for month in range(2, 13):
        family = f"year from {month}"
        for amount, extra in ((1 - month, 0), (13 - month, 1)):
            step = _shift(amount, "month")
            bits = 26 + extra + 4 * (month not in YEARS)
            yield replace(step, family=family, cost=bits, only="Yyq", starts=month)


@lru_cache(maxsize=4)
def derivations(has_time: bool, has_date: bool) -> tuple[MomentStep, ...]:
    """All derivations of moments with a time, a date or both, the cheapest first."""
    found = [MomentStep("", 0, lambda d: d, lambda p: p)]
    found += (replace(d, of_times=True) for d in _times()) if has_time else ()
    found += _dates() if has_date else ()
    return tuple(sorted(found, key=lambda d: d.cost))
