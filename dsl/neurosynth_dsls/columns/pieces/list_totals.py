"""Totals of lists of which some items tell no number of their own: ranges of numbers, and items without a count.

``12-15, 18`` are five pages; ``bread x3; milk`` are four things.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from neurosynth.language.pieces import Column
from neurosynth.language.program import Lambda, Program, Variable
from neurosynth.values.types import STRING
from neurosynth_dsls.columns.pieces.building import call
from neurosynth_dsls.columns.pieces.number_runs import short_ranges
from neurosynth_dsls.columns.pieces.substrings import texts_of

__all__ = ["Total", "list_totals"]

Total = tuple[tuple[Any, ...], int, Callable[[], Program]]
"""Key, bits, and the builder of the program."""

SPREAD = 7
"""Bits of the number of all numbers in ranges."""
COUNTED = 9
"""Bits of the sum of counts, with one for each item that has none."""
SIGNS = ("-", "–", " - ", " – ", "..")
"""Signs between the ends of a range."""
SEPARATORS = ("; ", ", ", ";", ",", " + ", "+", " / ", "/", " | ", "|", "\n", " & ")
"""Signs between items; the first that some text has parts them."""
_LIST = r"\D*?{item}(?:(?:\s*[,;+/&|]\s*|\s+|\s*,?\s+(?:and|und|et|y)\s+){item})*\D*"
_AMOUNT = r"\d+(?:\.\d+)?"
COUNTS: tuple[tuple[str, str], ...] = (
    ("times behind", rf"(?<=\W[xX×*]){_AMOUNT}$"),
    ("times apart", rf"(?<=\s[xX×*]\s){_AMOUNT}$"),
    ("times before", rf"^{_AMOUNT}(?=\s?[xX×*]\s)"),
    ("brackets", rf"(?<=\(){_AMOUNT}(?=\)$)"),
    ("times in brackets", rf"(?<=\([xX×]){_AMOUNT}(?=\)$)"),
    ("key", rf"(?<=[:=]){_AMOUNT}$"),
    ("key apart", rf"(?<=[:=]\s){_AMOUNT}$"),
    ("before", rf"^{_AMOUNT}(?=\s[^\W\d])"),
)
"""Names and patterns of the counts of items."""


def list_totals(column: Column) -> Iterator[Total]:
    """Totals of the lists of each input."""
    for i, source in enumerate(column.inputs):
        texts = texts_of(column, i, column.rows)
        if texts is None or not any(re.search(r"\d", t) for t in texts):
            continue
        every = [row[i] for row in column.every if isinstance(row[i], str) and row[i]]
        yield from _of_ranges(source, i, texts, every)
        yield from _of_counts(source, i, texts, every)


def _of_ranges(source: Program, i: int, texts: Sequence[str], every: Sequence[str]) -> Iterator[Total]:
    """How many numbers the ranges and the numbers beside them are together, if a cell holds nothing else."""
    for sign in SIGNS:
        item = rf"\d+(?:{re.escape(sign)}\d+)?"
        cells = re.compile(_LIST.format(item=item))
        if not any(re.search(rf"\d{re.escape(sign)}\d", t) for t in texts) or not all(map(cells.fullmatch, every)):
            continue
        found = [re.findall(item, t) for t in every]
        if max(map(len, found)) < 2 or not short_ranges(sign, found) or not all(map(_rises, found)):
            continue
        yield (i, "list", "spread", sign), SPREAD, partial(_spread, source, sign, item)


def _rises(items: Sequence[str]) -> bool:
    """Whether no range ends before it starts, and no number is written with zeros before it, as those of telephones are."""
    ends = [re.findall(r"\d+", x) for x in items]
    return all(int(e[0]) <= int(e[-1]) and (len(e) < 2 or len(e[0]) <= len(e[1])) for e in ends)


def _spread(source: Program, sign: str, item: str) -> Program:
    return call(
        "decimal.from_int", call("pieces.count", call("pieces.ranges", sign, call("re.find_all", item, source)))
    )


def _of_counts(source: Program, i: int, texts: Sequence[str], every: Sequence[str]) -> Iterator[Total]:
    """The sum of the counts of items, if some items of the examples have one and others have none."""
    separator = next((s for s in SEPARATORS if any(s in t for t in texts)), None)
    if separator is None or len(every) < len(texts):
        return
    items = {x for t in texts for x in t.split(separator)}
    others = {x for t in every for x in t.split(separator)}
    for name, pattern in COUNTS:
        count = re.compile(pattern)
        if not any(map(count.search, items)) or all(map(count.search, items)) or not all(map(str.strip, others)):
            continue
        yield (i, "list", "counts", name), COUNTED, partial(_counts, source, separator, pattern)


def _counts(source: Program, separator: str, pattern: str) -> Program:
    item = Variable(0, STRING)
    test = call("text.contains_pattern", item, pattern)
    each = Lambda((STRING,), call("ite", test, call("text.match", item, pattern, 0), "1"))
    return call("pieces.sum", "0.*", call("pieces.map", each, call("pieces.split", separator, source)))
