"""Numbers computed from a list in one cell: sum, mean, minimum, maximum and count of its numbers; how often an item occurs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from neurosynth.language.pieces import Column
from neurosynth.language.program import Input, Program
from neurosynth.values.types import STRING
from neurosynth_dsls.columns.pieces.building import call, function_of
from neurosynth_dsls.columns.pieces.list_totals import list_totals
from neurosynth_dsls.columns.pieces.substrings import texts_of

__all__ = ["ListNumber", "list_numbers"]

ListNumber = tuple[tuple[Any, ...], int, Any, tuple[Decimal, ...]]
"""Key, bits, the builder of the program, values on the example rows."""

NUMBERS = (
    (r"\d+", "0"),
    (r"\d+(?:\.\d+)?", "0.*"),
    (r"-?\d+(?:\.\d+)?", "0.*"),
    (r"\d+(?:,\d+)?", "[comma]0.*"),
    (r"\d{1,3}(?:,\d{3})*(?:\.\d+)?", "#,##0.*"),
)
"""Patterns of the numbers of a list, and the formats that read them; of equal readings, the first."""
BESIDE = (
    (r"(?<=\()-?\d+(?:\.\d+)?(?=\))", r"\(-?\d+(?:\.\d+)?\)"),
    (r"(?<=\[)-?\d+(?:\.\d+)?(?=\])", r"\[-?\d+(?:\.\d+)?\]"),
    (r"(?<=[\sxX×:=])-?\d+(?:\.\d+)?(?=\s*(?:[;|]|,\s|$))", r"[\sxX×:=]-?\d+(?:\.\d+)?\s*(?:[;|]|,\s|$)"),
    (
        r"(?:^|(?<=[;|,+&/\n]\s)|(?<=[;|\n])|(?<=\s[au]nd\s))\d+(?:\.\d+)?(?=\s?[^\W\d_]|\s?[×*]\s?\D)",
        r"^\d+(?:\.\d+)?\s?\D",
    ),
)
"""Patterns of numbers by what is beside them, in brackets or at the end or the start of an item, and what a text with such numbers has."""
MEANT = 1
"""Bits that these save where other rows of the table have other numbers, too, such as those of names."""
STATISTICS = (("sum", 8), ("mean", 9), ("greatest", 9), ("least", 9), ("median", 13))
"""The functions of the numbers, with their bits."""
DIGITS, SHORT = 10, 2
"""Bits of the sum of a number's digits, and digits of numbers that have none."""
COUNT = 12
"""Bits of the count of numbers."""
ITEM = 9
"""Bits of the count of an item in a list."""
ITEMS = 5
"""Maximum number of distinct items in the example rows: more are not categories."""
WORDS = re.compile(r"[^\W\d]")
_TIMES = re.compile(r"(?<=\d)\s?[xX]\s?(?=\d)")
SEPARATORS = (", ", ",", "; ", ";", " / ", "/", " | ", "|", " + ", "+", " ")
"""Signs between items; of those that split all lists in the same way, the first."""


def list_numbers(column: Column) -> Iterator[ListNumber]:
    """Numbers computed from lists, in columns of texts with lists."""
    for i in range(len(column.inputs)):
        texts = texts_of(column, i, column.rows)
        if texts is not None:
            yield from _statistics(column, i, texts)
            if all(t.isdecimal() and t.isascii() for t in texts) and max(map(len, texts)) > SHORT and column.believes:
                digits = partial(call, "re.find_all", r"\d", column.inputs[i])
                yield from _told(column, (i, "list", "digits", ""), DIGITS, partial(_statistic, "sum", "0", digits))
            yield from _items(column, i, texts)
    for key, bits, build in list_totals(column):
        yield from _told(column, key, bits, build)


def _statistics(column: Column, i: int, texts: Sequence[str]) -> Iterator[ListNumber]:
    counts = [len(re.findall(r"\d+(?:[.,]\d+)?", t)) for t in texts]
    lettered = any(WORDS.search(_TIMES.sub(" ", t)) for t in texts)
    if min(counts) < 1 or max(counts) < 2 or (lettered and len(set(counts)) == 1) or any(map(_DATED.search, texts)):
        return
    seen = set()
    cut = any(isinstance(row[i], str) and re.search(r"\d\.\d", row[i]) for row in column.every)
    thousands = _thousands([row[i] for row in column.every if isinstance(row[i], str)])
    for at, (pattern, format) in enumerate(NUMBERS):
        if (cut and "." not in format) or (thousands and "#" not in format):
            continue  # it would read the parts of numbers as numbers
        numbers = function_of(call("pieces.sum", format, call("re.find_all", pattern, Input(0, STRING))))
        every = tuple(numbers((row[i],)) if isinstance(row[i], str) else None for row in column.every)
        if every in seen or not all(isinstance(numbers((t,)), Decimal) for t in texts):
            continue
        seen.add(every)
        found = partial(call, "re.find_all", pattern, column.inputs[i])
        for name, bits in STATISTICS:
            yield from _told(column, (i, "list", name, pattern), at + bits, partial(_statistic, name, format, found))
        if len(seen) == 1:
            yield from _told(column, (i, "list", "count", pattern), COUNT, partial(_counted, "pieces.count", found))
    for pattern, present in BESIDE:
        if all(map(re.compile(present).search, texts)):
            numbers = function_of(call("pieces.sum", "0.*", call("re.find_all", pattern, Input(0, STRING))))
            if tuple(numbers((row[i],)) if isinstance(row[i], str) else None for row in column.every) not in seen:
                found = partial(call, "re.find_all", pattern, column.inputs[i])
                for name, bits in STATISTICS:
                    yield from _told(
                        column, (i, "list", name, pattern), bits - MEANT, partial(_statistic, name, "0.*", found)
                    )


def _thousands(texts: Sequence[str]) -> bool:
    """Whether commas inside numbers group their thousands: all stand before three digits, and another sign parts the numbers."""
    inside = [t for t in texts if re.search(r"\d,\d", t)]
    return (
        bool(inside)
        and all(re.search(r"\d\s*[^\w\s,.]\s*\d", t) for t in inside)
        and not any(re.search(r"\d,(?!\d{3}(?!\d))\d|\d{4},\d", t) for t in inside)
    )


def _statistic(name: str, format: str, found: Any) -> Program:
    return call(f"pieces.{name}", format, found())


def _counted(name: str, found: Any) -> Program:
    return call("decimal.from_int", call(name, found()))


def _items(column: Column, i: int, texts: Sequence[str]) -> Iterator[ListNumber]:
    """How often the item occurs in the list."""
    for separator in SEPARATORS:
        split = [t.split(separator) for t in texts]
        if max(map(len, split)) < 2:
            continue
        items = Counter(item for pieces in split for item in pieces)
        few = len(items) <= ITEMS and sum(items.values()) > len(items)
        if few and all(items) and not any(any(c.isdigit() for c in item) and len(item) > 3 for item in items):
            for item, _ in items.most_common():
                build = partial(_item, item, separator, column.inputs[i])
                yield from _told(column, (i, "count of", item, separator), ITEM, build)
            build = partial(_all, separator, column.inputs[i])
            yield from _told(column, (i, "count of", None, separator), ITEM, build)
        return


def _item(item: str, separator: str, source: Program) -> Program:
    return call("decimal.from_int", call("pieces.count_of", item, call("pieces.split", separator, source)))


def _all(separator: str, source: Program) -> Program:
    return call("decimal.from_int", call("pieces.count", call("pieces.split", separator, source)))


def _told(column: Column, key: tuple[Any, ...], bits: int, build: Any) -> Iterator[ListNumber]:
    function = function_of(build())
    values = tuple(function(row) for row in column.rows)
    if all(isinstance(v, Decimal) for v in values) and (len(set(values)) > 1 or len(values) < 2):
        yield key, bits, build, values


_DATED = re.compile(
    r"\d:\d\d|(?<!\d)(?:0[1-9]|1[0-2])[-/](?:19|20)\d\d(?!\d)|\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}"
)
