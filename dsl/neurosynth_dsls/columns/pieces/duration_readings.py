"""Durations read from the inputs of a column: a clock, units by name, a count, or the time between two moments."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import permutations
from typing import Any

from neurosynth.language.evaluate import Evaluator
from neurosynth.language.pieces import Column
from neurosynth.language.program import Program
from neurosynth_dsls.columns.pieces.building import NUMBER, call
from neurosynth_dsls.columns.pieces.date_readings import readings
from neurosynth_dsls.columns.pieces.listed_durations import listed_durations
from neurosynth_dsls.columns.pieces.substrings import texts_of

__all__ = ["DurationReading", "duration_readings"]

CLOCKS = (("%H:%M:%S|%H:%M", 0), ("%H:%M", 1), ("%M:%S", 3))
"""Formats of clocks, with their bits."""
LATE = 4
"""Bits of hours that no day has, if minutes and seconds are meant beside hours, minutes and seconds."""
_HOURS = re.compile(r"\s*(?:2[4-9]|[3-9]\d|\d{3,}):\d\d\s*$")
RACE = ("%H:%M:%S|%M:%S", 1)
"""Format and bits of the times of races, of which only the longer ones have hours."""
FRACTION, ONE_ROW = 8, 8
"""Bits for numbers with decimals that count a unit, and for a count that only one row supports: few durations are written like this."""
COUNTS = (("s", 8), ("min", 7), ("h", 8), ("day", 9), ("ms", 10))
"""Units that plain numbers may count, with their bits."""
ALTERNATIVES = 12
"""Maximum number of alternatives of one format."""


@dataclass(frozen=True, slots=True, eq=False)
class DurationReading:
    """One way to read durations from a row."""

    key: Any
    cost: int
    build: Callable[[], Program]
    values: tuple[timedelta, ...] = ()
    """On the example rows."""
    counted: bool = False
    """Whether plain numbers count a unit that the texts do not name."""


def duration_readings(column: Column) -> list[DurationReading]:
    """Ways to read durations that work on all example rows."""
    known: list[DurationReading] | None = column.memo.get(("durations", column.rows))
    if known is None:
        known = []
        evaluator = Evaluator()
        totals = (DurationReading(*total) for total in listed_durations(column))
        for reading in (*_of_inputs(column), *_between(column), *totals):
            function = evaluator.function(reading.build())
            values = tuple(function(row) for row in column.rows)
            if all(isinstance(v, timedelta) for v in values):
                known.append(
                    DurationReading(reading.key, reading.cost, reading.build, values, reading.key[1] == "count")
                )
        known += _sums(known)
        column.memo["durations", column.rows] = known
    return known


def _sums(found: Sequence[DurationReading]) -> list[DurationReading]:
    """The sum of the durations of two inputs, and their difference."""
    named = [d for d in found if not d.counted and d.key[0] != "between"][:6]
    made = []
    for i, a in enumerate(named):
        for b in named[i + 1 :]:
            if a.key[0] == b.key[0]:
                continue
            for name, x, y in (("duration.+", a, b), ("duration.-", a, b), ("duration.-", b, a)):
                values = tuple(
                    v + w if name == "duration.+" else v - w for v, w in zip(x.values, y.values, strict=True)
                )
                build = lambda n=name, p=x, q=y: call(n, p.build(), q.build())  # noqa: E731  # a lambda a loop binds
                made.append(DurationReading((name, x.key, y.key), x.cost + y.cost + 10, build, values))
    return made + _with_counts(found)


def _with_counts(found: Sequence[DurationReading]) -> list[DurationReading]:
    """Durations with so many minutes or hours of another input taken off or added: a shift less its break."""
    best: dict[tuple[timedelta, ...], DurationReading] = {}
    for span in sorted((d for d in found if not d.counted), key=lambda d: (d.key[0] != "between", d.cost)):
        best.setdefault(span.values, span)
    spans = list(best.values())[:SPANS]
    counts = [d for d in found if d.counted and d.key[2] in COUNTED and d.cost < DEAREST]
    made = []
    for span in spans:
        for count in counts:
            if count.key[0] in _inputs_of(span.key) and not (count.key[3:] and span.key[0] == "between"):
                continue
            for name, bits in (("duration.-", 8), ("duration.+", 10)):
                pairs = zip(span.values, count.values, strict=True)
                values = tuple(v - w if name == "duration.-" else v + w for v, w in pairs)
                build = lambda n=name, p=span, q=count: call(n, p.build(), q.build())  # noqa: E731  # a lambda a loop binds
                if len(set(count.values)) > 1 and all(v >= timedelta() for v in values):
                    cost = span.cost + count.cost + bits
                    made.append(DurationReading((name, span.key, count.key), cost, build, values))
    return made


SPANS = 6
"""Number of durations to which counts are added."""
COUNTED = ("min", "h")
"""Units of counts that are added to durations."""
DEAREST = 12
"""Bits from which on a count is of something else."""


def _inputs_of(key: Any) -> set[int]:
    """The inputs that a key names."""
    if isinstance(key, tuple):
        return {key[0]} if isinstance(key[0], int) else set().union(*map(_inputs_of, key))
    return set()


_SIGNED = re.compile(r"\s*[-+]\d{1,2}:\d\d\s*")


def _of_inputs(column: Column) -> Iterator[DurationReading]:
    for i, source in enumerate(column.inputs):
        texts = texts_of(column, i, column.rows)
        if texts is None or not all(re.search(r"\d", t) for t in texts):
            continue
        if all(re.fullmatch(r"\s*\d+:\d\d(?::\d\d)?\s*", t) for t in texts):
            every = [row[i] for row in column.every if isinstance(row[i], str)]
            raced = {t.count(":") for t in every} == {1, 2}
            late = raced and any(_HOURS.match(t) for t in every)  # 52:30 beside 1:35:00 has no hours
            for format, bits in (*CLOCKS, *((RACE,) if raced else ())):
                yield _parsed(i, source, format, bits + LATE * (late and format != RACE[0]))
        for mark in ".,":
            if all(re.fullmatch(rf"\s*(?:\d+:)?\d+:\d\d[{mark}]\d{{3}}\s*", t) for t in texts):
                yield _parsed(i, source, f"%H:%M:%S{mark}%L|%M:%S{mark}%L", 0)
        if all(map(_SIGNED.fullmatch, texts)):
            yield DurationReading(
                (i, "signed"),
                1,
                lambda s=source: call("duration.parse", "%H:%M", call("str.trim", call("str.replace", s, "+", ""))),  # type: ignore[misc]  # a bound default has no type
            )
        elif all(len(_ZONE.findall(t)) == len(_CLOCKS.findall(t)) == 1 for t in texts):
            yield DurationReading((i, "zone"), 2, lambda s=source: _zone(s))  # type: ignore[misc]  # a bound default has no type
        every = [row[i] for row in column.every]
        yield from _beside_times(i, source, texts, [t for t in every if isinstance(t, str) and t])
        named = None if all(isinstance(t, str) and _BARE.fullmatch(t) for t in every) else _named_units(every, texts)
        if named is not None:
            yield _parsed(i, source, named, 1)
        if all(re.fullmatch(r"\s*\d+(?:\.\d+)?\s*\w*", t) for t in texts):
            broken = FRACTION * any("." in t for t in texts) + ONE_ROW * (len(texts) == 1)
            for unit, bits in COUNTS:
                yield DurationReading((i, "count", unit), bits + broken, lambda u=unit, s=source: _counted(u, s))  # type: ignore[misc]  # a bound default has no type


def _beside_times(i: int, source: Program, texts: Sequence[str], every: Sequence[str]) -> Iterator[DurationReading]:
    """The only number, or the third time, of cells that have two times: the break of a shift, ``08:00-16:30, break 45``."""
    times = {len(_CLOCKS.findall(t)) for t in every}
    if times == {3}:
        clock = call("text.match", source, CLOCK, 2)
        yield DurationReading((i, "count", "min", "time"), BESIDE, lambda: call("duration.parse", "%H:%M", clock))
    numbers = {len(_NUMBER.findall(t)) for t in every}
    if times != {2} or not numbers <= {0, 1} or not any(map(_NUMBER.search, texts)):
        return
    if 0 in numbers:
        number = call("pieces.sum", "0.*", call("re.find_all", NUMBER_BESIDE, source))
    else:
        number = call("decimal.parse", "0.*", call("text.match", source, NUMBER_BESIDE, 0))
    for unit, bits in (("min", 0), ("h", 2)):
        cost = BESIDE + bits + NONE * (0 in numbers)
        yield DurationReading((i, "count", unit, "beside"), cost, lambda u=unit: call("duration.of", u, number))  # type: ignore[misc]  # a bound default has no type


CLOCK = r"\d+:\d\d"
NUMBER_BESIDE = r"(?<![\d:.])\d+(?:\.\d+)?(?![\d:])"
"""A number that is no part of a time."""
_NUMBER = re.compile(NUMBER_BESIDE)
BESIDE, NONE = 6, 2
"""Bits of a number of minutes beside two times, and of its being zero where there is none."""

_ZONE_PATTERN = r"(?<=[A-Za-z( ])[-+]\d{1,2}:\d\d"
_ZONE = re.compile(_ZONE_PATTERN)
_CLOCKS = re.compile(r"\d:\d\d")


def _zone(source: Program) -> Program:
    """The offset of a time zone behind letters: ``UTC-03:30``."""
    return call("duration.parse", "%H:%M", call("str.replace", call("text.match", source, _ZONE_PATTERN, 0), "+", ""))


def _parsed(i: int, source: Program, format: str, bits: int) -> DurationReading:
    return DurationReading((i, format), bits, lambda: call("duration.parse", format, call("str.trim", source)))


def _counted(unit: str, source: Program) -> Program:
    if unit == "ms":
        number = call("decimal.parse", "#,##0.*", call("text.match", source, NUMBER, 0))
        return call("duration.of", "s", call("decimal.shift", -3, number))
    return call("duration.of", unit, call("decimal.parse", "#,##0.*", call("text.match", source, NUMBER, 0)))


_UNIT_NAMES = {
    "D": "d day days",
    "H": "h hr hrs hour hours",
    "M": "m min mins minute minutes",
    "S": "s sec secs second seconds",
}
_LETTER = {word: letter for letter, words in _UNIT_NAMES.items() for word in words.split()}


def _named_units(texts: Sequence[Any], shown: Sequence[str]) -> str | None:
    """A format of durations such as ``2h 05m`` or ``PT1H30M``, with one alternative for each notation; None if a shown text is not a
    duration."""
    forms: dict[str, None] = {}
    for text in dict.fromkeys(t for t in (*shown, *texts) if isinstance(t, str)):
        form = _form(text.strip())
        if form is None and text in shown:
            return None
        if form is not None and len(forms) < ALTERNATIVES:
            forms[form] = None
    return "|".join(forms)


_DAYS = re.compile(r"([^\d%|-]*)\d+( days?,? )\d{1,2}:\d\d(:\d\d)?")
_BARE = re.compile(r"\s*\d+:\d\d\s*")
_CLOCK = re.compile(r"([^\d%|-]*)\d{1,2}:\d\d(:\d\d)?")


def _form(text: str) -> str | None:
    if (days := _DAYS.fullmatch(text)) is not None:
        return f"{days.group(1)}%-D{days.group(2)}%-H:%M" + (":%S" if days.group(3) else "")
    if (clock := _CLOCK.fullmatch(text)) is not None:
        return f"{clock.group(1)}%-H:%M" + (":%S" if clock.group(2) else "")
    runs = re.findall(r"\d+|[^\d]+", text)
    if not 2 <= len(runs) <= 9 or any(c in text for c in "%|-"):
        return None
    found, seen = "", ""
    for run, after in zip(runs, [*runs[1:], ""], strict=True):
        if not run.isdigit():
            found += run
            continue
        word = re.match(r"\s*([^\W\d_]+)", after)
        letter = _LETTER.get(word.group(1).lower(), "") if word is not None else ""
        if seen == "H" and not after and len(run) == 2:
            return f"{found}%M"  # 1h45
        if not letter or (seen and "DHMS".index(letter) <= "DHMS".index(seen)):
            return None
        seen = letter
        found += f"%-{letter}"
    return found


def _between(column: Column) -> Iterator[DurationReading]:
    best: dict[Any, Any] = {}
    for reading in readings(column):
        if reading.dated and "H" in reading.fields:
            best.setdefault(reading.place, reading)
    for start, end in permutations(best.values(), 2):
        pairs = [(start.read(row), end.read(row)) for row in column.every]
        backwards = {row: a > b for row, (a, b) in zip(column.every, pairs, strict=True) if _moments(a, b)}
        if not all(row in backwards for row in column.rows):
            continue
        if all(a == b for a, b in pairs):
            continue  # one time, read twice
        if not any(backwards[row] for row in column.rows):
            yield DurationReading(
                ("between", start.key, end.key),
                start.cost + end.cost + 6,
                lambda a=start, b=end: call("datetime.minus", b.build(), a.build()),  # type: ignore[misc]  # a bound default has no type
            )
        if any(backwards.values()) and not DAYS & (start.fields | end.fields):
            yield DurationReading(
                ("between", start.key, end.key, "24h"),
                start.cost + end.cost + (7 if start.place[0] <= end.place[0] else 10),
                lambda a=start, b=end: call("duration.mod", "24h", call("datetime.minus", b.build(), a.build())),  # type: ignore[misc]  # a bound default has no type
            )


def _moments(first: Any, second: Any) -> bool:
    return isinstance(first, datetime) and isinstance(second, datetime)


DAYS = frozenset("Yymdj")
"""Fields that tell a day: the time between two moments without any may go over midnight."""
