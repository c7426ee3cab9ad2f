"""Numbers as pieces: read from the inputs, led by a rule to the numbers of the outputs, written in their format."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache, partial
from typing import Any

from neurosynth.language.evaluate import Evaluator
from neurosynth.language.pieces import Column, Piece
from neurosynth.language.primitive import UNDEFINED
from neurosynth.language.program import Input, Program
from neurosynth.values.types import STRING
from neurosynth_dsls.columns.calendar_steps import between, part_of
from neurosynth_dsls.columns.decimals import round_to
from neurosynth_dsls.columns.pieces.building import call
from neurosynth_dsls.columns.pieces.dates import readings as date_readings
from neurosynth_dsls.columns.pieces.functions import TextIndex
from neurosynth_dsls.columns.pieces.number_guess import NumberTexts, number_texts
from neurosynth_dsls.columns.pieces.number_values import Rule, decimal, nice_steps, rules
from neurosynth_dsls.columns.pieces.substrings import texts_of

__all__ = ["NUMBER", "NumberReading", "Numbers", "number_readings"]

NUMBER = r"(?<![\w.])-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?!\d)|\d+(?:\.\d+)?"
"""A number in a text: thousands may be grouped by commas; a minus where it does not follow a word."""
BASE = 10
"""Bits of any number."""
UNREAD = 20
"""Bits for a reading that is undefined on all rows of the table; in proportion on some."""
DATED = 10
"""Bits for the numbers of texts that are dates or times."""


@dataclass(frozen=True, slots=True, eq=False)
class NumberReading:
    """One way to read numbers from a row."""

    key: tuple[Any, ...]
    cost: int
    build: Callable[[], Program]
    values: tuple[Decimal, ...]
    """On the example rows."""
    plain: bool = True
    """Whether numbers of the text itself are read, which other notations are written from."""


@lru_cache(maxsize=512)
def _compiled(how: str, n: int) -> Callable[[tuple[Any, ...]], Any]:
    return Evaluator().function(_build(how, n, Input(0, STRING)))


def _build(how: str, n: int, source: Program) -> Program:
    """A decimal read from a text."""
    if how == "number":
        return call("decimal.parse", "#,##0.*", call("text.match", source, NUMBER, n))
    if how == "plain":
        return call("decimal.parse", "#,##0.*", source)
    if how == "comma":
        return call("decimal.parse", "[comma]#,##0.*", call("text.match", source, r"-?\d[\d.]*(?:,\d+)?", n))
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
    if how == "words":
        return call("decimal.from_int", call("pieces.count", call("pieces.words", source)))
    assert how in CLOCK, how
    return call("duration.in", CLOCK[how], call("duration.parse", "%H:%M:%S" if n else "%H:%M:%S|%H:%M", source))


CLOCK = {"in hours": "h", "in minutes": "min", "in seconds": "s"}
"""Durations as numbers."""


READERS: tuple[tuple[str, int, int, bool], ...] = (
    ("plain", 0, 0, True),
    *(("number", n, n // 2, True) for n in range(4)),
    *(("number", -n, n // 2 + 1, True) for n in (1, 2, 3)),
    *(("digits", n, 3 + n // 2, True) for n in range(5)),
    ("comma", 0, 4, True),
    ("comma", -1, 5, True),
    ("whole", 0, 2, True),
    ("accounting", 0, 3, True),
    ("percent", 0, 3, True),
    ("roman", 0, 5, False),
    ("base", 2, 10, False),
    ("base", 16, 12, False),
    *(("hex pair", n, 8 + n // 2, False) for n in range(3)),
    ("bytes", 1024, 8, False),
    ("bytes", 1000, 9, False),
    *((how, n, 5 + n, False) for how in ("in hours", "in minutes", "in seconds") for n in (0, 1)),
    ("length", 0, 14, False),
    ("words", 0, 14, False),
)
"""How, which, bits, and whether a plain number is read."""

_NEEDED = {
    "plain": r"^-?[\d,]+(?:\.\d+)?$",
    "number": r"\d",
    "digits": r"\d",
    "comma": r"\d,\d|\d\.\d{3}",
    "whole": r"\d[eE][-+]?\d|^\s*-?\.\d|^\s*-",
    "accounting": r"\(",
    "percent": "%",
    "roman": r"^\s*[IVXLCDMivxlcdm]+\s*$",
    "base": r"^\s*(?:0[xX])?[0-9A-Fa-f]+\s*$",
    "hex pair": r"^#?(?:[0-9A-Fa-f]{2}){3}",
    "bytes": r"(?i)\d\s*(?:[kmgt]i?)?b?$",
    "in hours": r"^\d+:\d\d",
    "in minutes": r"^\d+:\d\d",
    "in seconds": r"^\d+:\d\d",
    "length": "",
    "words": " ",
}
"""What at least one of the example texts must hold for a way of reading to be tried."""


def number_readings(column: Column) -> list[NumberReading]:
    """Numbers that can be read on all example rows; of those that are equal in the whole table the cheapest."""
    found: list[NumberReading] = []
    seen: set[tuple[Any, ...]] = set()
    for i, source in enumerate(column.inputs):
        texts = texts_of(column, i, column.rows)
        if texts is None:
            continue
        dated = _dated(texts)
        for how, n, bits, plain in READERS:
            if not any(re.search(_NEEDED[how], t) for t in texts):
                continue
            values = [_value(column, how, n, row[i]) for row in column.rows]
            if not all(isinstance(v, Decimal) for v in values):
                continue
            judged = [_value(column, how, n, row[i]) for row in column.judged]
            signature = (i, *values, *judged)
            if signature in seen:
                continue
            seen.add(signature)
            unread = sum(not isinstance(v, Decimal) for v in judged)
            cost = bits + UNREAD * unread // max(1, len(judged)) + DATED * (dated and plain)
            found.append(
                NumberReading((i, how, n), cost, lambda h=how, k=n, s=source: _build(h, k, s), tuple(values), plain)  # type: ignore[misc]
            )
    found += list(_of_dates(column))
    if any(o and re.search(r"\d ?[kKmMbB]", o) for o in column.outputs):
        found += [_shifted(r, places) for r in found if r.plain for places in (-3, -6, -9)]
    return found


def _shifted(reading: NumberReading, places: int) -> NumberReading:
    """The number in thousands, millions or billions."""
    return NumberReading(
        (reading.key, places),
        reading.cost + 8,
        lambda: call("decimal.shift", places, reading.build()),
        tuple(v.scaleb(places) for v in reading.values),
        False,
    )


def _value(column: Column, how: str, n: int, text: Any) -> Any:
    if not isinstance(text, str):
        return None
    memo = column.memo.setdefault("numbers", {})
    key = (how, n, text)
    if key not in memo:
        value = _compiled(how, n)((text,))
        memo[key] = None if value is UNDEFINED else value
    return memo[key]


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
"""Fields that moments tell, the parts that are numbers, bits."""


def _of_dates(column: Column) -> Iterator[NumberReading]:
    """Parts of dates, and the time between two of them."""
    found = date_readings(column)
    seen: set[tuple[Any, ...]] = set()
    for reading in found:
        moments = [reading.read(row) for row in column.rows]
        if not all(hasattr(m, "year") for m in moments) or not reading.dated:
            continue
        for letter, part, bits in PARTS:
            values = tuple(Decimal(part_of(m, part)) for m in moments)
            if letter in reading.fields and (part, values) not in seen:
                seen.add((part, values))
                yield NumberReading(
                    (reading.key, part),
                    reading.cost + bits,
                    lambda p=part, r=reading: call("decimal.from_int", call("datetime.part", p, r.build())),  # type: ignore[misc]
                    values,
                    False,
                )
    yield from _between(column, found)


def _between(column: Column, found: Sequence[Any]) -> Iterator[NumberReading]:
    best: dict[Any, Any] = {}
    for reading in found:
        if reading.dated:
            best.setdefault(reading.key[0], reading)
    for start in best.values():
        for end in best.values():
            if start is end:
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
                    ),  # type: ignore[misc]
                    values,
                    False,
                )


@dataclass(frozen=True)
class Numbers:
    """Numbers of the inputs, led to those of the outputs."""

    name: str = "numbers"

    def bind(self, column: Column) -> BoundNumbers:
        """Read the numbers of the inputs."""
        return BoundNumbers(column)


_OUTPUT = re.compile(r"-?(?:\d{1,3}(?:[,.' ]\d{3})+|\d+)(?:[.,]\d+)?")
_SHORTER = (re.compile(r"-?\d+(?:[.,]\d+)?"), re.compile(r"-?\d+"))


class BoundNumbers:
    """The numbers of one column."""

    def __init__(self, column: Column) -> None:
        self.outputs, self.believed = column.outputs, column.believes
        self.readings = number_readings(column)
        self.steps = _steps(column.outputs)
        self.combined = list(_combined(self.readings)) if column.believes else []
        self.index = TextIndex()
        self.known: dict[tuple[str, ...], list[Piece]] = {}
        for piece in _notations(column, self.readings) if column.believes else ():
            self.index.add(piece)

    def starting(self, positions: Sequence[int], rests: Sequence[str]) -> Iterator[Piece]:
        """Numbers that the rests start with."""
        yield from self.index.starting(rests)
        if not self.readings or not all(r[:1].isdigit() or (r[:1] == "-" and r[1:2].isdigit()) for r in rests):
            return
        if any(p and o[p - 1].isdigit() for p, o in zip(positions, self.outputs, strict=True)):
            return
        tried = set()
        for pattern in (_OUTPUT, *_SHORTER):
            texts = tuple(_matched(pattern, r) for r in rests)
            if all(texts) and texts not in tried:
                tried.add(texts)
                yield from self._writing(texts)

    def _writing(self, texts: tuple[str, ...]) -> list[Piece]:
        if texts not in self.known:
            self.known[texts] = [p for found in number_texts(texts) for p in self._pieces(texts, found)]
        return self.known[texts]

    def _pieces(self, texts: tuple[str, ...], found: NumberTexts) -> Iterator[Piece]:
        for reading in self.readings:
            for rule in rules(reading.values, found.values, self.steps, found.decimals, found.fixed, self.believed):
                if not found.kept or _keeps(rule, reading.values, found.values):
                    yield self._piece(texts, found, reading, rule)
        for reading in self.combined:
            if found.kept:
                continue
            if reading.values == found.values:
                whole = found.fixed and not found.decimals and reading.key[0] in ("mean", "decimal./")
                yield self._piece(texts, found, reading, Rule("", "", 3 * whole, lambda p: p))
            elif found.fixed or found.decimals:
                step = Decimal(1).scaleb(-found.decimals)
                if all(
                    abs(x - y) <= step and round_to(step, "half_up", x) == y
                    for x, y in zip(reading.values, found.values, strict=True)
                ):
                    rule = Rule(
                        f"round {step}",
                        "round",
                        6,
                        lambda p, s=step: call("decimal.round", decimal(s), "half_up", p),  # type: ignore[misc]
                    )
                    yield self._piece(texts, found, reading, rule)

    def _piece(self, texts: tuple[str, ...], found: NumberTexts, reading: NumberReading, rule: Rule) -> Piece:
        cost = BASE + reading.cost + rule.cost + found.cost
        pattern = found.pattern

        def build() -> Program:
            return call("decimal.format", pattern, rule.build(reading.build()))

        family = (reading.key, rule.family)
        return Piece(texts, cost, build, (reading.key, rule.key, pattern), family, name=f"number {rule.key} {pattern}")


def _keeps(rule: Rule, xs: Sequence[Decimal], ys: Sequence[Decimal]) -> bool:
    """Whether the numbers come with the decimals that are shown: only those read, and those moved by powers of ten, tell any."""
    if rule.family not in ("", "shift"):
        return False
    places = int(rule.key.split()[1]) if rule.key else 0
    return all(str(x.scaleb(places)) == str(y) for x, y in zip(xs, ys, strict=True))


def _matched(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.match(text)
    return found.group() if found else ""


def _steps(outputs: Sequence[str]) -> list[tuple[Decimal, int]]:
    """Steps to try: those that people like, and the lengths of ranges that all outputs show."""
    steps = dict(nice_steps())
    pairs = [re.findall(r"\d+(?:\.\d+)?", o.replace(",", "")) for o in outputs]
    if all(len(p) == 2 for p in pairs):
        lengths = {Decimal(b) - Decimal(a) for a, b in pairs}
        if len(lengths) == 1 and (length := lengths.pop()) > 0:
            unit = Decimal(1).scaleb(min(0, int(length.as_tuple().exponent)))
            for step in (length, length + unit):
                steps.setdefault(step, 6)
    return sorted(steps.items())


def _combined(found: Sequence[NumberReading]) -> Iterator[NumberReading]:
    """Two numbers of a row under one operation."""
    plain = [r for r in found if r.plain][:6]
    for i, first in enumerate(plain):
        for second in plain[i + 1 :]:
            for name, pair in (
                ("decimal.+", (first, second)),
                ("decimal.*", (first, second)),
                ("decimal.-", (first, second)),
                ("decimal.-", (second, first)),
                ("decimal./", (first, second)),
                ("decimal./", (second, first)),
            ):
                yield from _operation(name, *pair)


def _operation(name: str, a: NumberReading, b: NumberReading) -> Iterator[NumberReading]:
    from neurosynth_dsls.columns.language import columns

    function = columns[name].function
    try:
        values = tuple(function(x, y) for x, y in zip(a.values, b.values, strict=True))
    except (ArithmeticError, ValueError):
        return
    cost = a.cost + b.cost + 14

    def build() -> Program:
        return call(name, a.build(), b.build())

    yield NumberReading((name, a.key, b.key), cost, build, values, False)
    if name == "decimal./":
        hundredfold = tuple(v.scaleb(2) for v in values)
        yield NumberReading(
            ("percent", a.key, b.key), cost + 4, lambda: call("decimal.shift", 2, build()), hundredfold, False
        )
    if name == "decimal.+":
        halves = tuple(v / 2 for v in values)
        yield NumberReading(
            ("mean", a.key, b.key), cost + 5, lambda: call("decimal./", build(), call("decimal", "2")), halves, False
        )


NOTATIONS: tuple[tuple[str, int, Callable[[Program], Program]], ...] = (
    ("hex", 12, lambda p: call("str.upper", call("base.write", 16, p))),
    ("hex small", 13, lambda p: call("base.write", 16, p)),
    ("hex two", 12, lambda p: call("str.pad_left", call("str.upper", call("base.write", 16, p)), 2, "0")),
    ("hex two small", 12, lambda p: call("str.pad_left", call("base.write", 16, p), 2, "0")),
    ("binary", 14, lambda p: call("base.write", 2, p)),
    ("binary eight", 12, lambda p: call("str.pad_left", call("base.write", 2, p), 8, "0")),
    ("octal", 22, lambda p: call("base.write", 8, p)),
    ("roman", 8, lambda p: call("roman.write", p)),
    ("roman small", 10, lambda p: call("str.lower", call("roman.write", p))),
    ("ordinal", 7, lambda p: call("ordinal.write", p)),
    ("character", 20, lambda p: call("str.from_code", p)),
)
"""Whole numbers in other notations: name, bits, program over an integer."""

WRITTEN: tuple[tuple[str, int, str], ...] = (
    ("scientific", 8, "0.#*E0"),
    ("scientific two", 9, "0.00E0"),
    ("scientific one", 9, "0.0E0"),
    ("percent", 6, "0%"),
    ("percent one", 7, "0.0%"),
    ("percent two", 7, "0.00%"),
    ("percent any", 7, "0.#*%"),
    ("accounting plain", 7, "0;(0)"),
    ("accounting plain two", 7, "0.00;(0.00)"),
    ("accounting", 8, "#,##0;(#,##0)"),
    ("accounting two", 8, "#,##0.00;(#,##0.00)"),
    ("accounting dollars", 10, "$#,##0;($#,##0)"),
    ("accounting dollars two", 10, "$#,##0.00;($#,##0.00)"),
    ("signed", 8, "+0;-0"),
    ("signed any", 9, "+0.#*;-0.#*"),
    ("dollars", 9, "$#,##0.00"),
    ("dollars whole", 9, "$#,##0"),
)
"""Decimals in other formats."""

SIZES = (
    ("bytes", 9, 1024, "0.#"),
    ("bytes two", 10, 1024, "0.##"),
    ("bytes thousand", 10, 1000, "0.#"),
    ("bytes thousand two", 11, 1000, "0.##"),
    ("bytes one", 11, 1024, "0.0"),
    ("bytes one thousand", 12, 1000, "0.0"),
    ("bytes whole", 11, 1024, "0"),
)


_SHOWS = {
    "hex": r"[0-9A-Fa-f]",
    "binary": r"[01]",
    "octal": r"[0-7]",
    "roman": r"[IVXLCDMivxlcdm]",
    "ordinal": r"\d(?:st|nd|rd|th)",
    "character": r"[^\d]",
    "scientific": r"\dE",
    "percent": "%",
    "accounting": r"\(|^[^(]*$",
    "signed": r"[-+]",
    "dollars": r"\$",
    "bytes": r"\d ?[KMGT]?B",
}
"""What an output must hold for a notation to be tried, by the first word of its name."""


def _ways(column: Column, reading: NumberReading, whole: bool) -> Iterator[tuple[str, int, Callable[[], Program]]]:
    """Names, bits and programs of a number in other notations."""
    for name, bits, write in NOTATIONS if whole else ():
        yield name, bits, partial(_of_integer, write, reading)
    accounts = any("(" in o for o in column.outputs)
    for name, bits, format in WRITTEN:
        if accounts or not name.startswith("accounting"):
            yield name, bits, partial(_formatted, ("decimal.format", format), reading)
    for name, bits, size, format in SIZES:
        yield name, bits, partial(_formatted, ("bytes.write", size, format), reading)


def _of_integer(write: Callable[[Program], Program], reading: NumberReading) -> Program:
    return write(call("decimal.to_int", reading.build()))


def _formatted(head: Sequence[Any], reading: NumberReading) -> Program:
    return call(*head, reading.build())


def _notations(column: Column, found: Sequence[NumberReading]) -> Iterator[Piece]:
    evaluator = Evaluator()
    memo = column.memo.setdefault("notations", {})
    for reading in found:
        whole = all(v == v.to_integral_value() for v in reading.values)
        if reading.key[0] == "between":
            continue
        small = whole and all(abs(v) < 10**12 for v in reading.values)
        for name, bits, build in _ways(column, reading, small):
            if not re.search(_SHOWS.get(name.split()[0], ""), column.outputs[0]):
                continue
            if (reading.key, name) not in memo:
                memo[reading.key, name] = evaluator.function(build())
            function = memo[reading.key, name]
            texts = []
            for row, output in zip(column.rows, column.outputs, strict=True):
                text = function(row)
                if not isinstance(text, str) or not text or text not in output:
                    break
                texts.append(text)
            else:
                if not all(t.isdigit() and t.isascii() for t in texts) or name in (
                    "binary",
                    "octal",
                    "binary eight",
                    "hex",
                ):
                    yield Piece(tuple(texts), BASE + reading.cost + bits, build, name=name)
