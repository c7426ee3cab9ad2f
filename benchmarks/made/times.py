"""Drawn columns of times of day: rounded, in ranges, in other formats, as durations."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

from benchmarks.made.drawing import Cell, Drawn, kind

__all__ = ["as_written", "clock", "moment", "unlike", "write"]

DAY = 86400
MIDNIGHT = datetime(2000, 1, 1)


def moment(rng: Random) -> datetime:
    """A moment of the last three centuries."""
    first = rng.choice([1700, 1900, 1990, 2010])
    days = rng.randrange(365 * (2090 - first))
    return datetime(first, 1, 1) + timedelta(days=days, seconds=rng.randrange(DAY))


def write(at: datetime, format: str) -> str:
    """Like strftime, with unpadded parts as ``{d}``, ``{m}``, ``{H}``, ``{I}``, small ``{p}``, ``{q}`` and ``{th}``."""
    day = at.day
    ending = "th" if 10 < day % 100 < 14 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    parts = {"d": day, "m": at.month, "H": at.hour, "I": at.hour % 12 or 12, "p": "am" if at.hour < 12 else "pm"}
    small = {**parts, "q": (at.month + 2) // 3, "th": ending, "Y": at.year}
    return at.strftime(format.format(**small))


def as_written(at: datetime, format: str) -> datetime:
    """A moment without what a format does not say."""
    return at if "%S" in format else at.replace(second=0)


def unlike(format: str) -> str:
    """A format with its days, months and hours padded the other way."""
    pairs = {"{d}": "%d", "{m}": "%m", "{H}": "%H", "{I}": "%I"}
    pairs |= {padded: bare for bare, padded in pairs.items()}
    return re.sub(r"\{[dmHI]\}|%[dmHI]", lambda m: pairs[m[0]], format)


CLOCKS = (
    "%H:%M:%S",
    "%H:%M",
    "{H}:%M",
    "{I}:%M %p",
    "%I:%M %p",
    "{I}:%M{p}",
    "{I}:%M:%S %p",
    "%H%M",
    "%H.%M",
    "%I:%M%p",
)
STAMPS = (
    "%Y-%m-%d %H:%M",
    "{m}/{d}/%Y {H}:%M",
    "%d-%b-%Y %H:%M:%S",
    "{d} %b %Y %H:%M",
    "%Y-%m-%dT%H:%M:%S",
    "%m/%d/%Y %I:%M %p",
    "%b {d} %Y {I}:%M %p",
)
OUT = ("{I}:%M %p", "{I}:%M%p", "%H:%M", "{H}:%M", "{I}:%M{p}", "%I:%M %p", "%I:%M%p")
HOURS = ("{I}%p", "{I} %p", "{I}{p}", "{H}", "%H", "{H}:00")
STEPS = (5, 10, 15, 20, 30, 60, 120, 180, 240, 360)


def clock(rng: Random) -> tuple[list[tuple[Cell, ...]], Callable[[Cell], datetime], str]:
    """Texts of times, what reads them, and their format."""
    format = rng.choice(CLOCKS + STAMPS)
    made = {write(at, format): as_written(at, format) for at in (moment(rng) for _ in range(16))}
    return [(t,) for t in made], lambda t: made[str(t)], format


def _floor(at: datetime, step: int, mode: str, offset: int = 0) -> datetime:
    start = at.replace(hour=0, minute=0, second=0)
    past = int((at - start).total_seconds()) - offset * 60
    size = step * 60
    up = {"floor": 0, "nearest": size // 2, "ceil": size - 1}[mode]
    return start + timedelta(seconds=(past + up) // size * size + offset * 60)


@kind("rounded times")
def rounded(rng: Random) -> Drawn:
    """A time rounded to a step, in a format of its own."""
    rows, read, given = clock(rng)
    step, mode = rng.choice(STEPS), rng.choice(["floor", "floor", "nearest", "ceil"])
    format = rng.choice(HOURS if step % 60 == 0 and rng.random() < 0.6 else OUT)

    def by(step: int, mode: str, format: str = format) -> Callable[[tuple[Cell, ...]], Cell]:
        return lambda row: write(_floor(read(row[0]), step, mode), format)

    others = [by(s, m) for s in (*STEPS, 1, 90) for m in ("floor", "nearest", "ceil") if (s, m) != (step, mode)]
    others.append(by(step, mode, unlike(format)))
    return Drawn(rows, by(step, mode), f"{given} → {mode} {step} {format}", others)


FRAMES = ("{}-{}", "{} - {}", "{} to {}", "from {} to {}", "between {} and {}", "{}–{}", "[{}, {})", "{}..{}")


@kind("ranges of times")
def ranges(rng: Random) -> Drawn:
    """The range of some length in which a time is."""
    rows, read, given = clock(rng)
    step = rng.choice([*STEPS[1:], 90])
    offset = rng.choice([0, 0, 0, step // 2]) if step in (30, 60, 120) else 0
    less = rng.choice([0, 0, 60]) if step > 1 else 0
    whole = step % 60 == 0 and not offset and not less
    format = rng.choice(HOURS[:5] if whole and rng.random() < 0.6 else OUT)
    frame = rng.choice(FRAMES)
    prefix = rng.choice(["", "", "", "%a ", "%b {d}, ", "{m}/{d} ", "%A "]) if given in STAMPS else ""

    def by(step: int, offset: int, format: str = format) -> Callable[[tuple[Cell, ...]], Cell]:
        def rule(row: tuple[Cell, ...]) -> Cell:
            at = read(row[0])
            low = _floor(at, step, "floor", offset)
            high = low + timedelta(minutes=step, seconds=-less)
            return write(at, prefix) + frame.format(write(low, format), write(high, format))

        return rule

    others = [by(step, o) for o in (0, step // 2, 30) if o != offset and o < step]
    others.append(by(step, offset, unlike(format)))
    return Drawn(rows, by(step, offset), f"{given} → {prefix}{frame} {format} {step}+{offset}, less {less}", others)


@kind("rounded moments")
def rounded_moments(rng: Random) -> Drawn:
    """A moment rounded to a step, its date beside it."""
    given = rng.choice(STAMPS)
    made = {write(at, given): as_written(at, given) for at in (moment(rng) for _ in range(16))}
    step, mode = rng.choice([15, 30, 60, 120, 240]), rng.choice(["floor", "nearest", "ceil"])
    format = rng.choice(HOURS[:3] if step % 60 == 0 and rng.random() < 0.4 else OUT)
    date = rng.choice(["%a", "%A,", "%Y-%m-%d", "{m}/{d}/%Y", "%b %d, %Y", "{d} %B %Y,", "{d}/{m}"])

    def by(step: int, mode: str, date: str = date, format: str = format) -> Callable[[tuple[Cell, ...]], Cell]:
        def rule(row: tuple[Cell, ...]) -> Cell:
            at = made[str(row[0])]
            near = _floor(at, step, mode)
            return write(at, date) + " " + write(near, format) if near.day == at.day else None

        return rule

    told = by(step, mode)
    others = [by(s, m) for s in (*STEPS, 1) for m in ("floor", "nearest", "ceil") if (s, m) != (step, mode)]
    others += [by(step, mode, unlike(date)), by(step, mode, date, unlike(format))]
    rows = [(t,) for t in made if told((t,)) is not None]
    return Drawn(rows, told, f"{given} → {date} {mode} {step} {format}", others)


@kind("formats of times")
def formats(rng: Random) -> Drawn:
    """A time in another format, its seconds dropped perhaps, its inputs in two formats perhaps."""
    several = rng.choice([CLOCKS, CLOCKS[:7], STAMPS])
    given = rng.sample(several, rng.choice([1, 1, 2]))
    made = {write(at, rng.choice(given)): at for at in (moment(rng) for _ in range(16))}
    seconds = all("S" in g for g in given)
    format = rng.choice([*OUT, *HOURS[:3], "%H%M", "%Hh%M", "{H} h", *(["%H:%M:%S", "%Mm%Ss"] if seconds else [])])
    hours: list[Callable[[tuple[Cell, ...]], Cell]] = [lambda row: str(row[0])]
    hours.append(lambda row: write(made[str(row[0])], unlike(format)))
    return Drawn([(t,) for t in made], lambda row: write(made[str(row[0])], format), f"{given} → {format}", hours)


@kind("parts of times")
def parts(rng: Random) -> Drawn:
    """A part of a time, with a word beside it perhaps."""
    given = rng.choice(STAMPS + CLOCKS[:7])
    made = {write(at, given): as_written(at, given) for at in (moment(rng) for _ in range(16))}
    part = rng.choice(
        ["%H", "{H}", "{I}", "%M", "%p", "{p}", "{I} o'clock {p}", "{H} hours %M minutes", "{H}h", "%I %p"]
    )
    other = [lambda row: write(made[str(row[0])], unlike(part))]
    return Drawn([(t,) for t in made], lambda row: write(made[str(row[0])], part), f"{given} → {part}", other)


def _lasting(seconds: int, format: str) -> str:
    hours, minutes, rest = seconds // 3600, seconds // 60 % 60, seconds % 60
    return format.format(h=hours, m=minutes, s=rest, M=seconds // 60, S=seconds, H=round(seconds / 3600, 2))


LASTING = (
    "{h}:{m:02}:{s:02}",
    "{h:02}:{m:02}:{s:02}",
    "{h}h {m}m {s}s",
    "PT{h}H{m}M{s}S",
    "{S}",
    "{h} h {m} min {s} s",
)
COARSE = (
    "{h}:{m:02}",
    "{h:02}:{m:02}",
    "{h}h {m}m",
    "{h}h{m:02}",
    "{M}",
    "{M} min",
    "{h} hours {m} minutes",
    "{H:.2f}",
)


@kind("durations")
def durations(rng: Random) -> Drawn:
    """A duration in another notation."""
    given, format = rng.sample(rng.choice([LASTING, COARSE[:7]]), 2)
    unit = 60 if given in COARSE else 1
    made = {_lasting(n * unit, given): n * unit for n in (rng.randrange(60, 36000 // unit) for _ in range(14))}
    if given in COARSE and rng.random() < 0.2:
        format = COARSE[7]
    return Drawn([(t,) for t in made], lambda row: _lasting(made[str(row[0])], format), f"{given} → {format}")


@kind("differences of times")
def differences(rng: Random) -> Drawn:
    """The time between two clocks of a day."""
    given = rng.choice(["%H:%M", "{H}:%M", "{I}:%M %p", "%Y-%m-%d %H:%M"])
    made: dict[tuple[Cell, ...], int] = {}
    for _ in range(14):
        at = moment(rng).replace(second=0, hour=rng.randrange(3, 14))
        minutes = rng.choice([rng.randrange(10, 500), rng.randrange(2, 32) * 15])
        made[write(at, given), write(at + timedelta(minutes=minutes), given)] = minutes
    format = rng.choice(["{h}:{m:02}", "{M}", "{h}h {m}m", "{M} min", "{h:02}:{m:02}", "{H:.2f}"])
    return Drawn(list(made), lambda row: _lasting(made[row] * 60, format), f"{given} → {format}")


@kind("moved times")
def moved(rng: Random) -> Drawn:
    """A time some hours or minutes later or earlier."""
    given = rng.choice(["%H:%M", "{I}:%M %p", "%Y-%m-%d %H:%M", "{m}/{d}/%Y {H}:%M", "%H:%M:%S"])
    made = {write(at, given): as_written(at, given) for at in (moment(rng) for _ in range(14))}
    minutes = rng.choice([60, 120, 30, 90, 15, 45, 300, 330, 480, -60, -120, -30, -300])
    format = rng.choice([given, given, "%H:%M", "{I}:%M %p"])

    def by(format: str) -> Callable[[tuple[Cell, ...]], Cell]:
        return lambda row: write(made[str(row[0])] + timedelta(minutes=minutes), format)

    return Drawn([(t,) for t in made], by(format), f"{given} {minutes:+} min → {format}", [by(unlike(format))])
