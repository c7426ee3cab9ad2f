"""Drawn columns of dates: in other formats, their parts, ranges that hold them, days later."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

from benchmarks.made.drawing import Cell, Drawn, kind
from benchmarks.made.times import moment, unlike, write

NAMED = (
    "%d-%b-%Y",
    "%b %d %Y",
    "{d} %B %Y",
    "%B {d}, %Y",
    "%a, {d} %b %Y",
    "%Y-%m-%d",
    "%A, %B %d, %Y",
    "{d}. %B %Y",
    "%d %b %y",
    "%B {d}{th}, %Y",
    "{d}{th} %B %Y",
    "%Y/%m/%d",
)
MONTH_FIRST = ("{m}/{d}/%Y", "%m/%d/%Y", "%m%d%Y", "%m-%d-%Y", "{m}/{d}/%y")
DAY_FIRST = ("{d}.{m}.%Y", "%d.%m.%Y", "{d}/{m}/%Y", "%d/%m/%Y", "%d-%m-%Y", "%d%m%Y")
CODES = ("%Y%m%d", "%Y %j", "%G-W%V-%u", "%a wk %V in %G", "%Y.%m.%d", "%Y-%m-%dT%H:%M:%SZ", "%GW%V%u")
FORMATS = (*NAMED, *MONTH_FIRST, *DAY_FIRST, *CODES)
OUT = (
    *NAMED,
    *MONTH_FIRST,
    *DAY_FIRST,
    "%Y%m%d",
    "%d%b%Y",
    "%y%m%d",
    "%B %Y",
    "%m/%Y",
    "%Y-%m",
    "%b-%y",
    "%a %d %b",
    "{d} %b",
)
PARTS = (
    *("%Y", "%B", "%b", "%A", "%a", "Q{q}", "Q{q} %Y", "%Y-Q{q}", "{d}", "%d", "{m}", "%m", "{d}{th}", "%B {d}{th}"),
    *("%G-W%V", "week %V", "%j", "%a W%V", "{q}", "%y", "'%y", "Q{q} '%y", "%b '%y", "FY%Y", "%u", "%A, week %V"),
)


def _dates(rng: Random, count: int = 16) -> list[datetime]:
    """Days, some of which are after the twelfth, so that their order is told."""
    found = [moment(rng) for _ in range(count)]
    first = rng.choice([1960, 1990, 2000])
    return [at.replace(year=first + at.year % 60, day=at.day % 28 + 1) for at in found]


def _read(rng: Random, dates: list[datetime], formats: list[str]) -> dict[str, datetime]:
    """Their texts, each in one of the formats; years of two digits are those that Python means."""
    made = {}
    for at in dates:
        format = rng.choice(formats)
        meant = at.replace(year=1970 + at.year % 60) if "%y" in format else at
        made[write(meant, format)] = meant
    return made


def _given(rng: Random) -> list[str]:
    """One format, or several that are no two orders of days and months."""
    if rng.random() < 0.6:
        return [rng.choice(FORMATS)]
    numeric = rng.choice([MONTH_FIRST, DAY_FIRST, ()])
    several = [*NAMED, *numeric[:3], *CODES[:2]]
    return rng.sample(several, rng.choice([2, 3, 4]))


@kind("formats of dates")
def formats(rng: Random) -> Drawn:
    """A date in another format."""
    given, format = _given(rng), rng.choice(OUT)
    made = _read(rng, _dates(rng), given)

    def by(format: str) -> Callable[[tuple[Cell, ...]], Cell]:
        return lambda row: write(made[str(row[0])], format)

    return Drawn([(t,) for t in made], by(format), f"{given} → {format}", [by(unlike(format))])


@kind("parts of dates")
def parts(rng: Random) -> Drawn:
    """A part of a date."""
    given, format = _given(rng), rng.choice(PARTS)
    made = _read(rng, _dates(rng), given)
    return Drawn([(t,) for t in made], lambda row: write(made[str(row[0])], format), f"{given} → {format}")


@kind("dates or not")
def conditional(rng: Random) -> Drawn:
    """Dates are written anew, other cells are kept or give a word."""
    given = rng.choice([*NAMED[:6], "{m}/{d}/%Y", "{d}.{m}.%Y"])
    format = rng.choice(["%Y", "%B %Y", "%Y-%m-%d", "%m/%d/%Y"])
    made = _read(rng, _dates(rng, 12), [given])
    odd = rng.choice([["%Y"], ["n/a", "unknown", "-"], [""]])
    instead = rng.choice(["", "unknown", "N/A"])
    rest: dict[str, Cell] = {}
    for at in _dates(rng, 5):
        text = write(at, rng.choice(odd)) if odd == ["%Y"] else rng.choice(odd)
        rest[text] = text if odd == ["%Y"] else instead

    def rule(row: tuple[Cell, ...]) -> Cell:
        return rest[str(row[0])] if row[0] in rest else write(made[str(row[0])], format)

    rows: list[tuple[Cell, ...]] = [(t,) for t in (*made, *rest)]
    other = [lambda row: write(made[str(row[0])], format) if row[0] in made else None]
    return Drawn(rows, rule, f"{given} or {odd} → {format} or {instead!r}", other)


@kind("dates with missing cells")
def missing(rng: Random) -> Drawn:
    """A missing cell stays missing."""
    given, format = rng.choice(FORMATS), rng.choice([*OUT, *PARTS])
    made = _read(rng, _dates(rng, 12), [given])
    rows: list[tuple[Cell, ...]] = [(t,) for t in made]
    rows.insert(5, (None,))
    told = f"{given} → {format}, missing"
    return Drawn(rows, lambda row: None if row[0] is None else write(made[row[0]], format), told)


def _bounds(at: datetime, unit: str) -> tuple[datetime, datetime]:
    if unit == "week":
        low = at - timedelta(days=at.weekday())
        return low, low + timedelta(days=6)
    months = {"month": 1, "quarter": 3, "half": 6, "year": 12}[unit]
    month = (at.month - 1) // months * months + 1
    last = month + months - 1
    return at.replace(month=month, day=1), at.replace(month=last, day=monthrange(at.year, last)[1])


@kind("ranges of dates")
def ranges(rng: Random) -> Drawn:
    """The week, month, quarter, half or year that holds a date, or its first or last day."""
    given = [rng.choice(FORMATS)]
    made = _read(rng, _dates(rng, 20), given)
    unit = rng.choice(["week", "month", "quarter", "half", "year"])
    names = {"quarter": ["%b", "%B"], "half": ["%b", "%B %Y"], "year": ["%b %Y"]}.get(unit, [])
    format = rng.choice([*names, "%Y-%m-%d", "{m}/{d}/%Y", "{d} %b %Y", "%b %d", "%d.%m.%Y", "{m}/{d}"])
    frame = rng.choice(
        ["{0}", "{1}", "{0} - {1}", "{0} to {1}", "{0}–{1}"] if "%d" in format or "{d}" in format else ["{0}-{1}"]
    )

    def rule(row: tuple[Cell, ...], unit: str = unit) -> Cell:
        low, high = _bounds(made[str(row[0])], unit)
        return frame.format(write(low, format), write(high, format))

    others = [lambda row, u=u: rule(row, u) for u in ("week", "month", "quarter", "half", "year") if u != unit]
    return Drawn([(t,) for t in made], rule, f"{given} → {unit} {frame} {format}", others)


@kind("ranges of years")
def years(rng: Random) -> Drawn:
    """The decade, the century or some years that hold a date."""
    given = [rng.choice([*FORMATS, "%Y"])]
    made = _read(rng, [moment(rng) for _ in range(20)], given)
    size = rng.choice([5, 10, 10, 20, 50, 100])
    less = rng.choice([0, 1, 1])
    frame = rng.choice(["{0}-{1}", "{0} - {1}", "{0} to {1}", *(["{0}s"] if size == 10 else [])])

    def rule(row: tuple[Cell, ...], size: int = size) -> Cell:
        low = made[str(row[0])].year // size * size
        return frame.format(low, low + size - less)

    others = [lambda row, n=n: rule(row, n) for n in (5, 10, 20, 50, 100) if n != size]
    if any(f in given for f in ("%d %b %y", "{m}/{d}/%y")):
        return years(rng)
    return Drawn([(t,) for t in made], rule, f"{given} → {frame} of {size} years", others)


@kind("moved dates")
def moved(rng: Random) -> Drawn:
    """A date some days, weeks, months or years later."""
    given = [rng.choice([f for f in FORMATS if f not in CODES[1:4]])]
    made = _read(rng, _dates(rng), given)
    unit, amount = rng.choice(
        [("day", n) for n in (1, -1, 7, 10, 14, 30, 90, 45)] + [("month", n) for n in (1, 3, 6, -1, 12, 24)]
    )
    format = rng.choice([given[0], given[0], rng.choice(OUT[:20])])

    def rule(row: tuple[Cell, ...], format: str = format) -> Cell:
        at = made[str(row[0])]
        if unit == "day":
            return write(at + timedelta(days=amount), format)
        month = at.month - 1 + amount
        return write(at.replace(year=at.year + month // 12, month=month % 12 + 1), format)

    other = [lambda row: rule(row, unlike(format))]
    return Drawn([(t,) for t in made], rule, f"{given} + {amount} {unit} → {format}", other)


@kind("dates in texts")
def inside(rng: Random) -> Drawn:
    """A date inside of a text, alone or in another format."""
    given = rng.choice([*NAMED[:7], *MONTH_FIRST[:2], *DAY_FIRST[:4]])
    format = rng.choice([given, *OUT[:23], "%Y", "%B"])
    words = ["invoice", "meeting", "report", "visit", "Lyon", "draft", "order", "Berlin", "sample", "Kyoto"]
    frame = rng.choice(
        ["{w} {n} on {d}", "{d}: {w}", "{w}, {d}, {n}", "[{d}] {w} {n}", "{w}_{n}_{d}.pdf", "{w};{d};{n}"]
    )
    made = {}
    for at in _dates(rng):
        text = frame.format(w=rng.choice(words), n=rng.randrange(2, 900), d=write(at, given))
        made[text] = at
    other = [lambda row: write(made[str(row[0])], unlike(format))]
    return Drawn(
        [(t,) for t in made], lambda row: write(made[str(row[0])], format), f"{frame} {given} → {format}", other
    )


@kind("differences of dates")
def differences(rng: Random) -> Drawn:
    """Days, months or years between two dates."""
    given = rng.choice(["%Y-%m-%d", "{m}/{d}/%Y", "%d.%m.%Y", "{d} %b %Y"])
    unit = rng.choice(["days", "days", "years", "weeks"])
    made: dict[tuple[Cell, ...], int] = {}
    for at in _dates(rng):
        days = rng.randrange(400, 20000) if unit == "years" else rng.randrange(3, 300)
        until = at + timedelta(days=days)
        passed = until.year - at.year - ((until.month, until.day) < (at.month, at.day))
        made[write(at, given), write(until, given)] = {"days": days, "years": passed, "weeks": days // 7}[unit]
    frame = rng.choice(["{}", "{}", "{} " + unit])
    return Drawn(list(made), lambda row: frame.format(made[row]), f"{given} → {frame} of {unit}")


@kind("columns of dates merged")
def merged(rng: Random) -> Drawn:
    """A date and a time, or year, month and day, of several columns."""
    dates = [moment(rng) for _ in range(14)]
    given: tuple[str, ...] = ("%Y", rng.choice(["{m}", "%m", "%B", "%b"]), rng.choice(["{d}", "%d"]))
    if rng.random() < 0.5:
        given = (rng.choice(["%Y-%m-%d", "{m}/{d}/%Y", "{d} %b %Y"]), rng.choice(["%H:%M", "{I}:%M %p", "%H:%M:%S"]))
    format = (
        rng.choice(OUT[:20])
        if given[0] == "%Y"
        else rng.choice(["%Y-%m-%d %H:%M", "{d} %B %Y, {I}:%M %p", "%a {H}:%M"])
    )
    made: dict[tuple[Cell, ...], datetime] = {tuple(write(at, f) for f in given): at for at in dates}
    other = [lambda row: write(made[row], unlike(format))]
    return Drawn(list(made), lambda row: write(made[row], format), f"{given} → {format}", other)
