"""Dates and times read from the inputs of a column, under the formats of all its rows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from neurosynth.language.evaluate import Evaluator
from neurosynth.language.pieces import Column
from neurosynth.language.program import Program
from neurosynth.values.types import STRING
from neurosynth_dsls.columns.date_format import date_format
from neurosynth_dsls.columns.pieces.building import call
from neurosynth_dsls.columns.pieces.composed_dates import composed
from neurosynth_dsls.columns.pieces.date_guess import column_formats
from neurosynth_dsls.columns.pieces.date_orders import in_one_order
from neurosynth_dsls.columns.pieces.mixed_clocks import mixed_clocks
from neurosynth_dsls.columns.pieces.moment_reading import Reading, remembered
from neurosynth_dsls.columns.pieces.substrings import texts_of

__all__ = ["readings"]

_CLOCK = re.compile(r"(?<![\d:])\d{1,2}:\d\d(?![\d:])")
CLOCK = r"\d+:\d\d"
"""The same where nothing else has a colon."""
_BESIDE = re.compile(r"^[^\W\d_]|:\d\d\b.*:\d\d\W.*[^\W_]")
"""Something beside two times of a cell: before or behind them."""
_HALVES = re.compile(r"\d ?[AaPp]\.?[Mm]")
STRAINED = 28
"""Bits from which on a format of the whole text is doubted, and its parts are read, too: 08:30 for 1.5 hours has no day."""
FORMATS = 3
"""Maximum number of formats of one text."""


_NEEDS = {
    "Y": "Y", "y": "Y", "m": "m", "d": "d", "H": "H", "I": "H", "M": "M", "S": "S", "f": "f", "j": "md", "V": "md", "G": "Y", "g": "Y",
    "u": "d", "q": "m", "K": "m", "n": "d",
}  # fmt: skip


def readings(column: Column) -> list[Reading]:
    """Ways to read moments from the inputs that work on all example rows."""
    known: list[Reading] | None = column.memo.get(("moments", column.rows))
    if known is None:
        known = []
        for i, source in enumerate(column.inputs):
            texts = texts_of(column, i, column.rows)
            if texts is not None and all(texts) and max(map(len, texts)) <= 100:
                known += _of_input(column, i, source, texts)
            elif texts is None and len(column.inputs) > 1 and column.inputs[i].type == STRING:
                fixed = [row[i] for row in column.rows]
                if all(isinstance(t, str) and t for t in fixed):
                    known += [
                        replace(r, fixed=True)
                        for r in _read_as_dates(column, (i,), source, lambda t: t, fixed, 0)
                        if r.dated
                    ]
        known = in_one_order(column, known)
        known += composed(column, known)
        column.memo["moments", column.rows] = known
    return known


def _of_input(column: Column, i: int, source: Program, texts: Sequence[str]) -> Iterator[Reading]:
    several = all(len(_CLOCK.findall(t)) > 1 for t in texts)  # from one time to another
    mixed = [*mixed_clocks(column, i, source)]
    whole = [] if several or mixed else list(_read_as_dates(column, (i,), source, lambda t: t, texts, 0))
    if whole and _lack_zero(column, i):
        padded = call("str.pad_left", source, 8, "0")
        yield from _read_as_dates(column, (i, "padded"), padded, lambda t: t.rjust(8, "0"), texts, 2)
    yield from whole
    yield from _of_runs(column, i, source, texts)
    yield from mixed
    if all(r.cost >= STRAINED for r in whole):
        seen = set()
        for separator, n in _parts(texts):
            part = _part_of(separator, n)
            shown = tuple(part(row[i]) for row in column.every if isinstance(row[i], str))
            if any(len(_CLOCK.findall(part(t))) > 1 for t in texts):
                continue
            if all(part(t) for t in texts) and shown not in seen:
                seen.add(shown)
                cut = call("text.split_at", source, separator, n)
                yield from _read_as_dates(column, (i, separator, n), cut, part, texts, 5)
    if (
        several
        and not any(map(_HALVES.search, texts))
        and all(_BESIDE.search(t) and re.findall(CLOCK, t) == _CLOCK.findall(t) for t in texts)
    ):
        for n in (0, 1):  # of Mon 08:00-12:00, and of 08:00-16:30, break 45
            clock = call("text.match", source, CLOCK, n)
            yield from _read_as_dates(column, (i, "clock", n), clock, partial(_clock, n), texts, 6)
    if all(re.fullmatch(r"\d{1,13}", t) for t in texts):
        yield from _of_numbers(column, i, source, texts)


STAMP = r"(?<!\d)(?:19|20)\d{6}[-_T]?(?:[01]\d|2[0-3])[0-5]\d[0-5]\d"
"""A moment in digits, behind which thousandths may stand."""
ORDINAL = tuple(
    rf"(?<!\d){year}(?:00[1-9]|0[1-9]\d|[12]\d\d|3[0-5]\d|36[0-6])(?!\d)"
    for year in (r"(?:19|20)\d\d", r"\d\d", r"(?:19|20)\d\d[-/.]", r"\d\d[-/.]")
)
"""A year and a day of the year in a code, as lots of goods have it."""
RUNS = (
    STAMP,
    r"(?<!\d)\d{1,2}/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d",
    r"(?<!\d)\d{4}-\d\d-\d\d[ T]\d\d:\d\d(?::\d\d)?(?!\d)",
    r"(?<!\d)(?:19|20)\d{6}(?!\d)",
    r"(?<!\d)\d{4}-\d\d-\d\d(?!\d)",
    r"(?<!\d)\d{1,2}([./])\d{1,2}\1(?:\d{4}|\d\d)(?!\d)",
    *ORDINAL,
)
"""Dates and moments that stand anywhere in a text."""


def _of_runs(column: Column, i: int, source: Program, texts: Sequence[str]) -> Iterator[Reading]:
    """The only date in texts whose other parts differ, as names of files do: ``report_20230314.pdf``, ``scan 20240229.png``."""
    every = [row[i] for row in column.every if isinstance(row[i], str) and row[i]]
    for pattern in RUNS:
        found = re.compile(pattern)
        if all(len([*found.finditer(t)]) == 1 for t in every):
            kinds = len({found.sub("", t) for t in (every if pattern in ORDINAL else texts)})
            if kinds > 1 and (kinds == len(texts) or pattern == STAMP or pattern in ORDINAL):
                run = call("text.match", source, pattern, 0)
                yield from _read_as_dates(column, (i, "run", pattern), run, partial(_run, found), texts, 4)
            return


def _run(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return found.group() if found else ""


def _clock(n: int, text: str) -> str:
    found = re.findall(CLOCK, text)
    return found[n] if n < len(found) else ""


def _lack_zero(column: Column, i: int) -> bool:
    """Whether a column has dates of eight digits, some without the leading zero, and none shorter: 1211818 is 21 January."""
    lengths = Counter(len(row[i]) for row in column.every if isinstance(row[i], str) and row[i].isdecimal())
    return {7, 8} == set(lengths) and all(len(row[i]) > 6 for row in column.every if row[i])


def _parts(texts: Sequence[str]) -> Iterator[tuple[str, int]]:
    signs = sorted({c for c in set.intersection(*map(set, texts)) if not c.isalnum() and c not in ":/"})
    words = set.intersection(*({*re.findall(r" (?:[^\W\d_]+|[^\w\s]+) ", t)} for t in texts))
    longer = [s + " " for s in signs if all(s + " " in t for t in texts) and s != " "]
    for sign in [*sorted(words), *signs, *longer]:
        for n in (0, 1, 2, -1):
            if all(len(t.split(sign)) > abs(n) for t in texts):
                yield sign, n


def _part_of(separator: str, n: int) -> Callable[[str], str]:
    def part(text: str) -> str:
        pieces = text.split(separator)
        return pieces[n] if -len(pieces) <= n < len(pieces) else ""

    return part


def _read_as_dates(
    column: Column, key: tuple[Any, ...], source: Program, part: Callable[[str], str], texts: Sequence[str], bits: int
) -> Iterator[Reading]:
    shown = tuple(part(t) for t in texts)
    memo = column.memo.setdefault("date formats", {})
    if (key, shown) not in memo:
        if key not in memo:
            memo[key] = [part(row[key[0]]) for row in column.every if isinstance(row[key[0]], str)]
        every = memo[key]
        memo[key, shown] = column_formats(every, shown)[:FORMATS]
    for found in memo[key, shown]:
        if _COUNTED.search(found.text):
            continue
        formats = date_format(found.text)
        fields = frozenset("".join(_NEEDS.get(c.field, "") for c in formats[0].codes))
        for other in formats[1:]:
            those = frozenset("".join(_NEEDS.get(c.field, "") for c in other.codes))
            if any(_fits(other.parse, s) for s in shown):
                fields &= those
        told = fields | ({"S"} if "M" in fields else set()) | ({"M", "S"} if "H" in fields else set())
        yield Reading(
            (*key, found.text),
            bits + found.cost,
            partial(call, "datetime.parse", found.text, source),
            remembered(column, (*key, found.text), partial(call, "datetime.parse", found.text, source)),
            told,
            told - fields,
            not found.numeric,
        )


_COUNTED = re.compile(
    r"(?i)%-?d\s?(?:h|hrs?|hours?|m|mins?|minutes?|minuten|s|secs?|seconds?|days?|weeks?|months?|years?)\b"
)
"""A number before a unit of time, which is no day of a month: ``14:00 (20 min)``."""


def _fits(parse: Callable[[str], Any], text: str) -> bool:
    try:
        parse(text)
    except (ValueError, OverflowError):
        return False
    return True


def _reader(build: Callable[[], Program]) -> Callable[[tuple[Any, ...]], Any]:
    return Evaluator().function(build())


def _clocks(texts: Sequence[str]) -> bool:
    """Whether texts are times in digits, in some of which zeros in front are lost: 645, 1320, 30 for 00:30."""
    lengths = set(map(len, texts))
    every = all(t.isdecimal() and int(t) < 2400 and int(t) % 100 < 60 for t in texts if len(t) < 5)
    return every and lengths <= {1, 2, 3, 4} and min(lengths) < 4 and max(lengths) > 2


def _of_numbers(column: Column, i: int, source: Program, texts: Sequence[str]) -> Iterator[Reading]:
    """Whole numbers that count something."""
    numbers = [int(t) for t in texts]
    whole = call("str.to.int", source)
    if _clocks(texts) and (
        _clocks([row[i] for row in column.every if isinstance(row[i], str) and row[i]]) or min(map(len, texts)) == 3
    ):
        build = lambda: call("datetime.parse", "%H%M", call("str.pad_left", source, 4, "0"))  # noqa: E731  # a line, used once below
        yield Reading((i, "hhmm"), 8, build, _reader(build), frozenset("HMS"), dated=False)
    halves = all(isinstance(o, str) and _HALVES.search(o) for o in column.outputs)
    if halves and all(n < 24 and len(t) < 3 for n, t in zip(numbers, texts, strict=True)):
        build_hours = lambda: call("datetime.parse", "%H", source)  # noqa: E731  # a line, used once below
        yield Reading((i, "hours"), 4, build_hours, _reader(build_hours), frozenset("HMS"), dated=False)
    if all(n < 14400 for n in numbers):
        start = call("datetime.parse", "%H:%M", "00:00")
        build_minutes = lambda: call("datetime.add", whole, "min", start)  # noqa: E731  # a line, used once below
        yield Reading((i, "minutes"), 20, build_minutes, _reader(build_minutes), frozenset("HMS"), dated=False)
    if all(20000 < n < 80000 for n in numbers):
        build_serial = lambda: call("datetime.from_serial", whole)  # noqa: E731  # a line, used once below
        yield Reading((i, "serial"), 8, build_serial, _reader(build_serial), frozenset("Ymd"), dated=False)
    if all(10**11 <= n < 10**13 for n in numbers):
        seconds = call("str.to.int", call("str.take", source, -3))
        build_thousandths = lambda: call("datetime.from_epoch", seconds)  # noqa: E731  # a line, used once below
        yield Reading(
            (i, "epoch ms"), 8, build_thousandths, _reader(build_thousandths), frozenset("YmdHMS"), dated=False
        )
    if all(10**8 <= n < 10**10 for n in numbers):
        build_epoch = lambda: call("datetime.from_epoch", whole)  # noqa: E731  # a line, used once below
        yield Reading((i, "epoch"), 8, build_epoch, _reader(build_epoch), frozenset("YmdHMS"), dated=False)
