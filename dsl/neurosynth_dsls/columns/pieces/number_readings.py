"""Numbers of a row: read from its texts, or computed from its dates and times."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache, partial
from typing import Any

from neurosynth.language.evaluate import Evaluator
from neurosynth.language.pieces import Column
from neurosynth.language.primitive import UNDEFINED
from neurosynth.language.program import Input, Program
from neurosynth.values.types import STRING
from neurosynth_dsls.columns.calendar_steps import between, part_of
from neurosynth_dsls.columns.datetimes import to_epoch, to_serial
from neurosynth_dsls.columns.durations import in_unit
from neurosynth_dsls.columns.pieces.building import NUMBER, call
from neurosynth_dsls.columns.pieces.contexts import CONTEXT, Contexts
from neurosynth_dsls.columns.pieces.date_readings import Reading
from neurosynth_dsls.columns.pieces.date_readings import readings as date_readings
from neurosynth_dsls.columns.pieces.duration_readings import duration_readings
from neurosynth_dsls.columns.pieces.list_readings import list_numbers
from neurosynth_dsls.columns.pieces.number_defaults import DEFAULTS, Default
from neurosynth_dsls.columns.pieces.positions import spans
from neurosynth_dsls.columns.pieces.substrings import column_of_decimals, texts_of

__all__ = ["NumberReading", "number_of", "number_readings"]

UNREAD = 20
"""Bits for a reading that is undefined on all rows of the table; proportional if on some."""
CUT = 10
"""Bits for the digits before an exponent, in a column whose numbers have exponents: they are not the number."""
WHOLE = 12
"""Bits for the digits before the point, in a column of numbers with decimals: cutting decimals off is one of many ways to round."""
ONE_ROW = 8
"""Bits for a count of characters or words that only one row supports."""
CUTTING = ("number", "digits")
DATED = 10
"""Bits for numbers in texts that are dates or times."""


@dataclass(frozen=True, slots=True, eq=False)
class NumberReading:
    """One way to read numbers from a row."""

    key: tuple[Any, ...]
    cost: int
    build: Callable[[], Program]
    values: tuple[Decimal, ...]
    """On the example rows."""
    plain: bool = True
    """Whether numbers in the text itself are read, from which other notations are written."""


_DIGIT = re.compile(r"\d")


@lru_cache(maxsize=512)
def _compiled(how: str, n: int) -> Callable[[tuple[Any, ...]], Any]:
    return Evaluator().function(_build(how, n, Input(0, STRING)))


PLAINER = (r"\d+", r"\d+(?:\.\d+)?", r"-?\d+(?:\.\d+)?", r"\d[\d,]*(?:\.\d+)?", r"-?\d[\d,]*(?:\.\d+)?")
"""Numbers in columns that have no others, the simplest first."""


def _plainest(column: Column, i: int) -> tuple[str, str]:
    """The format of the numbers of an input and the pattern that finds them, as simple as all rows of the table allow."""
    known: dict[int, tuple[str, str]] = column.memo.setdefault("plainest numbers", {})
    if i not in known:
        texts = [row[i] for row in column.every if isinstance(row[i], str)]
        found = [re.findall(NUMBER, t) for t in texts]
        plain = (p for p in PLAINER if all(re.findall(p, t) == f for t, f in zip(texts, found, strict=True)))
        grouped = any("," in number for f in found for number in f)
        known[i] = ("#,##0.*" if grouped else "0.*", next(plain, NUMBER))
    return known[i]


def _build(how: str, n: int, source: Program, numbers: tuple[str, str] = ("#,##0.*", NUMBER)) -> Program:
    """A decimal read from a text; ``numbers`` are a format and a pattern that finds them."""
    if how == "number":
        return call("decimal.parse", numbers[0], call("text.match", source, numbers[1], n))
    if how == "plain":
        return call("decimal.parse", numbers[0], source)
    if how == "comma":
        return call("decimal.parse", "[comma]#,##0.*", call("text.match", source, r"-?\d[\d.]*(?:,\d+)?", n))
    if how in GROUPED:
        return call("decimal.parse", f"[{how}]#,##0.*", call("text.match", source, GROUPED[how], n))
    if how == "digits":
        return call("decimal.parse", "0", call("text.match", source, r"\d+", n))
    if how == "whole":
        return call("decimal.parse", "0.*E0|.*E0|0.*|.*", call("str.upper", call("str.trim", source)))
    if how == "accounting":
        return call("decimal.parse", "$#,##0.*;($#,##0.*)|#,##0.*;(#,##0.*)", call("str.trim", source))
    if how == "percent":
        return call("decimal.parse", "0.*%", call("text.match", source, r"-?\d+(?:\.\d+)?%", n))
    if how == "roman":
        return call("decimal.from_int", call("roman.read", call("str.trim", source)))
    if how == "base":
        return call("decimal.from_int", call("base.read", n, call("str.trim", source)))
    if how == "hex pair":
        return call("decimal.from_int", call("base.read", 16, call("text.match", source, r"[0-9A-Fa-f]{2}", n)))
    if how == "bytes":
        return call("bytes.read", n, source)
    if how == "length":
        return call("decimal.from_int", call("str.len", source))
    assert how == "words", how
    return call("decimal.from_int", call("pieces.count", call("pieces.words", source)))


GROUPED = {
    "space": r"-?\d{1,3}(?: \d{3})*(?:\.\d+)?",
    "space-comma": r"-?\d{1,3}(?: \d{3})*(?:,\d+)?",
    "apostrophe": r"-?\d{1,3}(?:'\d{3})*(?:\.\d+)?",
}
"""Numbers whose thousands are separated by other marks than a comma or a point, by the name of the format."""
_GROUP = re.compile(r"\D{0,4}\d{1,3}(?:([ '])\d{3})*(?:[.,]\d+)?\D{0,12}")


READERS: tuple[tuple[str, int, int, bool], ...] = (
    ("plain", 0, 0, True),
    *(("number", n, n // 2, True) for n in range(4)),
    *(("number", -n, n // 2 + 1, True) for n in (1, 2, 3)),
    *(("digits", n, 3 + n // 2, True) for n in range(5)),
    ("comma", 0, 4, True),
    ("comma", -1, 5, True),
    ("space", 0, 1, True),
    ("space-comma", 0, 2, True),
    ("apostrophe", 0, 1, True),
    ("whole", 0, 2, True),
    ("accounting", 0, 3, True),
    ("percent", 0, 3, True),
    ("roman", 0, 5, False),
    ("base", 2, 10, False),
    ("base", 16, 12, False),
    *(("hex pair", n, 8 + n // 2, False) for n in range(3)),
    ("bytes", 1024, 8, False),
    ("bytes", 1000, 9, False),
    ("length", 0, 14, False),
    ("words", 0, 14, False),
)
"""How, which, bits, and whether a plain number is read."""

_NEEDED = {
    "plain": r"^-?[\d,]+(?:\.\d+)?$",
    "number": r"\d",
    "digits": r"\d",
    "comma": r"\d,\d|\d\.\d{3}",
    "space": r"\d \d{3}(?!\d)",
    "space-comma": r"\d \d{3},\d|\d \d{3}(?!\d)",
    "apostrophe": r"\d'\d{3}(?!\d)",
    "whole": r"\d[eE][-+]?\d|^\s*-?\.\d|^\s*-",
    "accounting": r"\(",
    "percent": "%",
    "roman": r"^\s*[IVXLCDMivxlcdm]+\s*$",
    "base": r"^\s*(?:0[xX])?[0-9A-Fa-f]+\s*$",
    "hex pair": r"^#?(?:[0-9A-Fa-f]{2}){3}",
    "bytes": r"(?i)\d\s*(?:[kmgt]i?)?b?$",
    "length": "",
    "words": " ",
}
"""The text that at least one of the example texts must contain for a way of reading to be tried."""


def number_readings(column: Column) -> list[NumberReading]:
    """Numbers that can be read on all example rows; of those that are equal in the whole table, the cheapest."""
    found = [reading for i in range(len(column.inputs)) for reading in _of_input(column, i)]
    found += [*_of_dates(column), *_of_durations(column), *_of_counts(column)]
    found += [NumberReading(key, cost, build, values, False) for key, cost, build, values in list_numbers(column)]
    if any(o and re.search(r"\d ?[kKmMbB]", o) for o in column.outputs):
        found += [_shifted(r, places) for r in found if r.plain for places in (-3, -6, -9)]
    return found


def _of_input(column: Column, i: int) -> Iterator[NumberReading]:
    """The numbers of one input; ``None`` on example rows without a number is replaced by the given value."""
    values = [row[i] for row in column.rows]
    blank = [v is None or (isinstance(v, str) and not _DIGIT.search(v)) for v in values]
    if any(blank) and not all(blank):
        for default, bits in DEFAULTS:
            yield from _numbers_of(
                column, i, Default(default, bits, frozenset(v for v, b in zip(values, blank, strict=True) if b))
            )
    if texts_of(column, i, column.rows) is not None:
        yield from _numbers_of(column, i, None)


def _numbers_of(column: Column, i: int, default: Default | None) -> Iterator[NumberReading]:
    """Numbers that can be read from an input; of those that are equal in the whole table, the cheapest."""
    source = column.inputs[i]
    texts = texts_of(column, i, [row for row in column.rows if default is None or not default.stands(row[i])])
    if texts is None:
        return
    seen: set[tuple[Any, ...]] = set()
    dated, numbers = _dated(texts), _plainest(column, i)
    cuts = _grouped(column, i) or any(isinstance(row[i], str) and _POWER.search(row[i]) for row in column.every)
    for how, n, bits, plain in sorted(READERS, key=lambda r: cuts and r[0] in CUTTING):
        if not any(re.search(_NEEDED[how], t) for t in texts) or (default is not None and not plain):
            continue
        values = [_value(column, how, n, row[i], default) for row in column.rows]
        if not all(isinstance(v, Decimal) for v in values):
            continue
        judged = [_value(column, how, n, row[i], default) for row in column.judged]
        signature = (*values, *judged)
        if signature in seen:
            continue
        seen.add(signature)
        unread = sum(not isinstance(v, Decimal) for v in judged)
        cost = bits + UNREAD * unread // max(1, len(judged)) + DATED * (dated and plain)
        cost += ONE_ROW * (how in ("length", "words") and len(column.rows) == 1)
        if how in CUTTING and default is None:
            cost += _elsewhere(column, i, r"\d+" if how == "digits" else numbers[1], n)
        cost += CUT * (cuts and how in CUTTING) + WHOLE * (how == "digits" and column_of_decimals(column, i))
        key: tuple[Any, ...] = (i, how, n)
        build = partial(_build, how, n, source, numbers)
        if default is not None:
            key, cost, build = (*key, default.value), cost + default.cost, partial(default.build, build, source)
        yield NumberReading(key, cost, build, tuple(values), plain)


def _elsewhere(column: Column, i: int, pattern: str, n: int) -> int:
    """Bits for a number that on rows without outputs stands between other signs than on any example."""
    memo = column.memo.setdefault("spans", {})

    def places(rows: Sequence[tuple[Any, ...]]) -> list[tuple[str, int, int]]:
        texts = [row[i] for row in rows if isinstance(row[i], str)]
        return [(t, *found[n]) for t in texts if -len(found := spans(pattern, t, memo)) <= n < len(found)]

    judged = places(column.judged)
    if not judged or column_of_decimals(column, i):
        return 0
    contexts = Contexts(places(column.rows))
    return int(CONTEXT * sum(map(contexts.unlike, judged))) // len(column.judged)


def _grouped(column: Column, i: int) -> bool:
    """Whether blanks or apostrophes group the digits of an input, so that the digits before one are not a number."""
    texts = [row[i] for row in column.every if isinstance(row[i], str) and _DIGIT.search(row[i])]
    found = [_GROUP.fullmatch(t) for t in texts]
    return all(found) and any(m is not None and m.group(1) for m in found)


def _shifted(reading: NumberReading, places: int) -> NumberReading:
    """The number in thousands, millions or billions."""
    return NumberReading(
        (reading.key, places),
        reading.cost + 8,
        lambda: call("decimal.shift", places, reading.build()),
        tuple(v.scaleb(places) for v in reading.values),
        False,
    )


def _value(column: Column, how: str, n: int, text: Any, default: Default | None) -> Any:
    if default is not None and default.stands(text):
        return default.value
    if not isinstance(text, str):
        return None
    memo = column.memo.setdefault("numbers", {})
    key = (how, n, text)
    if key not in memo:
        value = _compiled(how, n)((text,))
        memo[key] = None if value is UNDEFINED else value
    return memo[key]


def number_of(column: Column, key: tuple[Any, ...], row: Sequence[Any]) -> Any:
    """The value of a reading of a text with a key on a row; None for other readings."""
    return _value(column, *key[1:], row[key[0]], None) if len(key) == 3 and key[1] in _NEEDED else None


_POWER = re.compile(r"\d[eE][-+]?\d+(?!\w)")


def _dated(texts: Sequence[str]) -> bool:
    return all(re.search(r"\d:\d\d|\d{1,4}[-/]\d{1,2}[-/]\d{1,4}", t) for t in texts)


PARTS = (
    ("Y", "year", 6),
    ("m", "month", 6),
    ("d", "day", 6),
    ("H", "hour", 6),
    ("M", "minute", 7),
    ("S", "second", 7),
    ("d", "weekday", 7),
)
"""Fields of moments, the parts that are numbers, bits."""


def _of_dates(column: Column) -> Iterator[NumberReading]:
    """Parts of dates, and the time between two of them."""
    found = date_readings(column)
    seen: set[tuple[Any, ...]] = set()
    for reading in found:
        moments = [reading.read(row) for row in column.rows]
        if not all(hasattr(m, "year") for m in moments) or not reading.dated or reading.fixed:
            continue
        if "Y" in reading.fields and "d" in reading.fields:
            yield _counting(reading, "datetime.to_epoch", tuple(Decimal(to_epoch(m)) for m in moments))
            yield _counting(reading, "datetime.to_serial", tuple(Decimal(to_serial(m)) for m in moments))
        for letter, part, bits in PARTS:
            values = tuple(Decimal(part_of(m, part)) for m in moments)
            if letter in reading.fields and (part, values) not in seen:
                seen.add((part, values))
                yield NumberReading(
                    (reading.key, part),
                    reading.cost + bits,
                    lambda p=part, r=reading: call("decimal.from_int", call("datetime.part", p, r.build())),  # type: ignore[misc]  # a bound default has no type
                    values,
                    False,
                )
    yield from _between(column, found)


def _counting(reading: Reading, name: str, values: tuple[Decimal, ...]) -> NumberReading:
    """Seconds or days since a fixed day."""
    return NumberReading(
        (reading.key, name),
        reading.cost + 8,
        lambda: call("decimal.from_int", call(name, reading.build())),
        values,
        False,
    )


def _of_durations(column: Column) -> Iterator[NumberReading]:
    for reading in duration_readings(column):
        made = reading.counted or str(reading.key[0]).startswith("duration.")
        for unit, bits in () if made else (("min", 5), ("s", 5), ("h", 5), ("day", 8)):
            values = tuple(in_unit(unit, v) for v in reading.values)
            yield NumberReading(
                (reading.key, "in", unit),
                reading.cost + bits,
                lambda r=reading, u=unit: call("duration.in", u, r.build()),  # type: ignore[misc]  # a bound default has no type
                values,
                False,
            )


def _of_counts(column: Column) -> Iterator[NumberReading]:
    """The number of pieces that a sign separates, which differs from the number of words."""
    for i, source in enumerate(column.inputs):
        texts = texts_of(column, i, column.rows)
        if texts is None:
            continue
        signs = {c for t in texts for c in t if not c.isalnum() and not c.isspace()}
        for sign in sorted(signs)[:6]:
            values = tuple(Decimal(t.count(sign) + 1) for t in texts)
            if len(set(values)) > 1:
                yield NumberReading(
                    (i, "pieces", sign),
                    12,
                    lambda s=source, c=sign: call(  # type: ignore[misc]  # a bound default has no type
                        "decimal.from_int", call("pieces.count", call("pieces.split", c, s))
                    ),
                    values,
                    False,
                )


def _between(column: Column, found: Sequence[Any]) -> Iterator[NumberReading]:
    best: dict[Any, Any] = {}
    for reading in found:
        if reading.dated:
            best.setdefault(reading.place, reading)
    for start in best.values():
        for end in best.values():
            if start is end or (start.fixed and end.fixed):
                continue
            pairs = [(start.read(row), end.read(row)) for row in column.rows]
            if not all(hasattr(a, "year") and hasattr(b, "year") for a, b in pairs):
                continue
            for unit, bits in (("day", 8), ("month", 10), ("year", 9), ("week", 11), ("h", 9), ("min", 9), ("s", 10)):
                values = tuple(Decimal(between(unit, a, b)) for a, b in pairs)
                yield NumberReading(
                    ("between", unit, start.key, end.key),
                    start.cost + end.cost + bits,
                    lambda u=unit, a=start, b=end: call(
                        "decimal.from_int", call("datetime.between", u, a.build(), b.build())
                    ),  # type: ignore[misc]  # a bound default has no type
                    values,
                    False,
                )
