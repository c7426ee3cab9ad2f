"""Numbers of a row that are read from its texts, and all others that the row tells."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from functools import lru_cache, partial
from typing import Any

from neurosynth.language.pieces import Column
from neurosynth.language.primitive import UNDEFINED
from neurosynth.language.program import Input, Program
from neurosynth.values.types import STRING
from neurosynth_dsls.columns.number_format import CONTEXT as EXACT
from neurosynth_dsls.columns.pieces.amount_readings import has_either_mark
from neurosynth_dsls.columns.pieces.building import NUMBER, call, function_of
from neurosynth_dsls.columns.pieces.contexts import CONTEXT, Contexts
from neurosynth_dsls.columns.pieces.list_readings import list_numbers
from neurosynth_dsls.columns.pieces.number_defaults import DEFAULTS, Default
from neurosynth_dsls.columns.pieces.number_needs import NEEDED, ROMAN
from neurosynth_dsls.columns.pieces.pointed_numbers import BEHIND, DECIMAL_COMMA, POINTED, minus_behind, pointed_numbers
from neurosynth_dsls.columns.pieces.positions import spans
from neurosynth_dsls.columns.pieces.substrings import column_of_decimals, texts_of
from neurosynth_dsls.columns.pieces.told_numbers import NumberReading, told_numbers

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
ONE_MARK = (*CUTTING, "apart", "comma")
"""Ways to read numbers with one kind of decimal mark."""
DATED = 10
"""Bits for numbers in texts that are dates or times."""
_DATED = re.compile(
    r"\d:\d\d|(?<!\d)(?:(?:0[1-9]|1[0-2])[-/](?:19|20)\d\d|\d{4}([-/.])\d{1,2}\1\d{1,2}|\d{1,2}[-/]\d{1,2}[-/](?:\d{4}|\d{2})|\d{1,2}\.\d{1,2}\.\d{4})(?!\d)"
)
"""A time, or a date whose year has four digits, or two if no points are in it."""


_DIGIT = re.compile(r"\d")


@lru_cache(maxsize=512)
def _compiled(how: str, n: int) -> Callable[[tuple[Any, ...]], Any]:
    return function_of(_build(how, n, Input(0, STRING)))


PLAINER = (r"\d+", r"\d+(?:\.\d+)?", r"-?\d+(?:\.\d+)?", r"\d[\d,]*(?:\.\d+)?", r"-?\d[\d,]*(?:\.\d+)?")
"""Numbers in columns that have no others, the simplest first."""


_UNGROUPED = re.compile(r"\d,\d{1,2}(?!\d)|\d{4},\d")
"""A comma between digits that groups no thousands."""


def _listed(column: Column, i: int) -> bool:
    """Whether commas without blanks part the numbers of an input on some row of the table: then they group thousands on none."""
    known: dict[int, bool] = column.memo.setdefault("listed numbers", {})
    if i not in known:
        texts = [row[i] for row in column.every if isinstance(row[i], str)]
        commas = [t for t in texts if re.search(r"\d,\d", t)]
        known[i] = any(t.count(",") > 1 for t in commas) and any(map(_UNGROUPED.search, commas))
    return known[i]


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


def _percents(column: Column, i: int) -> str:
    """The format of an input whose cells are all percents, ``20%``; empty for another one."""
    known: dict[int, str] = column.memo.setdefault("percents", {})
    if i not in known:
        texts = [row[i] for row in column.every if isinstance(row[i], str) and row[i]]
        known[i] = next((f for f, p in _PERCENTS if texts and all(map(p.fullmatch, texts))), "")
    return known[i]


_PERCENTS = (("0%", re.compile(r"-?\d+%")), ("0.*%", re.compile(r"-?\d+(?:\.\d+)?%")))


def _build(how: str, n: int, source: Program, numbers: tuple[str, str] = ("#,##0.*", NUMBER)) -> Program:
    """A decimal read from a text; ``numbers`` are a format and a pattern that finds them."""
    if how == "number":
        return call("decimal.parse", numbers[0], call("text.match", source, numbers[1], n))
    if how == "plain":
        return call("decimal.parse", numbers[0], source)
    if how == "apart":
        return call("decimal.parse", "0.*", call("text.match", source, PLAINER[2], n))
    if how == "fraction":
        return call("fraction.read", call("text.match", source, FRACTION, n))
    if how == "letters":
        return call("decimal.from_int", call("letters.read", call("text.match", source, "[A-Za-z]+", n)))
    if how == "comma":
        return call("decimal.parse", "[comma]#,##0.*", call("text.match", source, r"-?\d[\d.]*(?:,\d+)?", n))
    if how in BEHIND:
        return call("decimal.parse", BEHIND[how][0], call("text.match", source, BEHIND[how][1], n))
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
    if how == "roman part":
        return call("decimal.from_int", call("roman.read", call("text.match", source, ROMAN, n)))
    if how == "base":
        return call("decimal.from_int", call("base.read", n, call("str.trim", source)))
    if how == "hex marked":
        return call("decimal.from_int", call("base.read", 16, call("text.match", source, r"[0-9A-Fa-f]+", -1)))
    if how == "hex pair":
        return call("decimal.from_int", call("base.read", 16, call("text.match", source, r"[0-9A-Fa-f]{2}", n)))
    if how in SPELLED:
        words = call("text.match", source, SPELLED[how], n) if SPELLED[how] else source
        return call("decimal.from_int", call("ordinal_words.read" if "ordinal" in how else "words.read", words))
    if how == "address":
        return call("decimal.from_int", call("ip.read", call("str.trim", source)))
    if how == "code":
        return call("decimal.from_int", call("str.to_code", source))
    if how == "expression":
        return call("expression.read", source)
    if how == "product":
        return call("expression.read", call("text.match", source, PRODUCT, n))
    if how == "angle":
        return call("angle.read", source)
    if how == "compact":
        return call("compact.read", source)
    if how == "bytes":
        return call("bytes.read", n, source)
    if how == "length":
        return call("decimal.from_int", call("str.len", source))
    assert how == "words", how
    return call("decimal.from_int", call("pieces.count", call("pieces.words", source)))


FRACTION = r"\d+\s+\d+/\d+|\d+(?:\.\d+)?/\d+(?:\.\d+)?|\d*\s?[¼-¾⅐-⅞]|\d+(?:\.\d+)?"
"""A whole number, a fraction or both, a quotient of decimals, or a decimal."""
PRODUCT = r"\d+(?:\.\d+)?(?:\s*[x×*]\s*\d+(?:\.\d+)?)+"
"""Numbers that signs of multiplication part: the sides of a parcel."""
SPELLED = {"spelled": "", "spelled ordinal": "", "spelled part": "[A-Za-z-]+", "spelled ordinal part": "[A-Za-z-]+"}
"""Ways to read numbers in English words: of a whole text, or of its letters and hyphens."""
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
    *(("apart", n, n // 2, True) for n in range(4)),
    *(("digits", n, 3 + n // 2, True) for n in range(5)),
    ("fraction", 0, 6, True),
    ("letters", 0, 9, False),
    ("comma", 0, 4, True),
    ("comma", -1, 5, True),
    *((how, 0, 1, True) for how in BEHIND),
    ("space", 0, 1, True),
    ("space-comma", 0, 2, True),
    ("apostrophe", 0, 1, True),
    ("whole", 0, 2, True),
    ("accounting", 0, 3, True),
    ("percent", 0, 3, True),
    ("roman", 0, 5, False),
    ("roman part", -1, 7, False),
    ("roman part", 0, 7, False),
    ("base", 2, 10, False),
    ("base", 16, 12, False),
    ("hex marked", 0, 9, False),
    *(("hex pair", n, 8 + n // 2, False) for n in range(3)),
    ("spelled", 0, 8, False),
    ("spelled ordinal", 0, 9, False),
    *(("spelled part", n, 10, False) for n in (0, 1, -1)),
    *(("spelled ordinal part", n, 10, False) for n in (0, 1, -1)),
    ("address", 0, 4, False),
    ("angle", 0, 2, False),
    ("expression", 0, 6, False),
    ("product", 0, 8, False),
    ("code", 0, 8, False),
    ("compact", 0, 7, False),
    ("bytes", 1024, 8, False),
    ("bytes", 1000, 9, False),
    ("length", 0, 14, False),
    ("words", 0, 14, False),
)
"""How, which, bits, and whether a plain number is read."""


def number_readings(column: Column) -> tuple[NumberReading, ...]:
    """Numbers that can be read on all example rows; of those that are equal in the whole table, the cheapest.

    A dozen sources of pieces ask for those of a column, which are kept.
    """
    key = ("number readings", column.inputs, column.rows, column.outputs, column.judged, column.leaf)
    if key not in column.memo:
        column.memo[key] = tuple(_number_readings(column))
    readings: tuple[NumberReading, ...] = column.memo[key]
    return readings


def _number_readings(column: Column) -> list[NumberReading]:
    found = [reading for i in range(len(column.inputs)) for reading in _of_input(column, i)]
    found += told_numbers(column)
    found += [NumberReading(key, cost, build, values, False) for key, cost, build, values in list_numbers(column)]
    if any(o and re.search(r"\d ?[kKmMbB]", o) for o in column.outputs):
        found += [_shifted(r, places) for r in found if r.plain for places in (-3, -6, -9)]
    return [
        r for r in found if max(v.adjusted() for v in r.values) < EXACT.prec
    ]  # no program computes with longer ones


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
    dated, numbers, listed = _dated(texts) and not _beyond(column, i), _plainest(column, i), _listed(column, i)
    pointed, either = pointed_numbers(column, i), has_either_mark(column, i)
    behind = minus_behind(column, i)
    cuts = _grouped(column, i) or any(isinstance(row[i], str) and _POWER.search(row[i]) for row in column.every)
    for how, n, bits, plain in sorted(READERS, key=lambda r: (cuts or pointed) and r[0] in CUTTING):
        some = all if how == "code" else any
        needed = how == behind or (how not in BEHIND and some(re.search(NEEDED[how], t) for t in texts))
        needed = needed or (pointed and (how, n) == ("comma", 0))
        if not needed or (default is not None and not plain):
            continue
        if (how == "apart") != listed and how in ("number", "apart"):
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
        cost += POINTED * (bool(behind) and how in ("comma", *CUTTING))
        cost += POINTED * (pointed and how in ("plain", *CUTTING)) - (bits if pointed and how == "comma" else 0)
        cost += CUT * (how == "space" and any(DECIMAL_COMMA.search(str(row[i])) for row in column.every))
        cost += CUT * ((cuts and how in CUTTING) or (either and how in ONE_MARK)) + WHOLE * (
            how == "digits" and column_of_decimals(column, i)
        )
        key: tuple[Any, ...] = (i, how, n)
        build = partial(_build, how, n, source, numbers)
        if default is not None:
            key, cost, build = (*key, default.value), cost + default.cost, partial(default.build, build, source)
        percents = _percents(column, i) if how == "number" and default is None else ""
        share = partial(call, "decimal.parse", percents, source) if percents else None
        yield NumberReading(key, cost, build, tuple(values), plain, share)


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
    return _value(column, *key[1:], row[key[0]], None) if len(key) == 3 and key[1] in NEEDED else None


_POWER = re.compile(r"\d[eE][-+]?\d+(?!\w)")


def _dated(texts: Sequence[str]) -> bool:
    return all(map(_DATED.search, texts))


_PAIR = re.compile(r"\s*\d+\s*:\s*(\d+)\s*")


def _beyond(column: Column, i: int) -> bool:
    """Whether an input has two numbers at a colon that are no time on some row: results of matches such as ``14:61``."""
    known: dict[int, bool] = column.memo.setdefault("results of matches", {})
    if i not in known:
        found = [_PAIR.fullmatch(row[i]) for row in column.every if isinstance(row[i], str) and row[i]]
        known[i] = all(found) and any(m is not None and int(m.group(1)) >= 60 for m in found)
    return known[i]
