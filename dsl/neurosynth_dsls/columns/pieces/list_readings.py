"""Numbers that a list inside a cell tells: the sum, mean, least and greatest of its items, and how many of them are one value."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from neurosynth.language.pieces import Column
from neurosynth.language.program import Lambda, Program, Variable
from neurosynth.values.types import STRING
from neurosynth_dsls.columns.number_format import CONTEXT
from neurosynth_dsls.columns.pieces.building import call
from neurosynth_dsls.columns.pieces.substrings import texts_of
from neurosynth_dsls.columns.splitting import greatest, least, sum_

__all__ = ["ListReading", "list_readings"]

ListReading = tuple[tuple[Any, ...], int, Callable[[], Program], tuple[Decimal, ...]]
"""Key, bits, program and values on the example rows."""

KINDS = 4
"""Items that are counted, the commonest."""
_NUMBER = re.compile(r"\s*-?\d+(?:\.\d+)?\s*")
_DATED = re.compile(r"\d+([-/.:])\d+\1\d+|\d{1,2}:\d\d")


def list_readings(column: Column) -> Iterator[ListReading]:
    """What lists of each input tell, where some row has several items."""
    for i, source in enumerate(column.inputs):
        texts = texts_of(column, i, column.rows)
        if texts is None or all(map(_DATED.fullmatch, texts)):
            continue
        for separator in _separators(texts):
            lists = [_split(separator, t) for t in texts]
            every = [_split(separator, row[i]) for row in column.every if isinstance(row[i], str)]
            pieces = call("pieces.split", separator, source) if separator.strip() else call("pieces.words", source)
            if all(_NUMBER.fullmatch(x) for xs in every for x in xs):
                yield from _of_numbers((i, separator), lists, pieces)
            else:
                yield from _of_kinds((i, separator), lists, every, pieces)


def _separators(texts: Sequence[str]) -> list[str]:
    found = sorted({c for t in texts for c in re.findall(r"[^\w\s.-] |[^\w\s.-]", t)}, key=lambda s: (-len(s), s))
    if any(re.search(r"\S \S", t) for t in texts):
        found.append(" ")
    return found[:3]


def _split(separator: str, text: str) -> list[str]:
    return text.split(separator) if separator.strip() else text.split()


def _of_numbers(key: tuple[Any, ...], lists: Sequence[list[str]], pieces: Program) -> Iterator[ListReading]:
    try:
        sums = tuple(sum_(tuple(xs)) for xs in lists)
        ends = [tuple(end(tuple(xs)) for xs in lists) for end in (least, greatest)]
    except (InvalidOperation, ValueError):
        return  # an empty list has no least item
    yield (*key, "sum"), 10, lambda: call("pieces.sum", pieces), sums
    count = call("decimal.from_int", call("pieces.count", pieces))
    means = tuple(CONTEXT.divide(s, Decimal(len(xs))) for s, xs in zip(sums, lists, strict=True))
    yield (*key, "mean"), 11, lambda: call("decimal./", call("pieces.sum", pieces), count), means
    yield (*key, "least"), 11, lambda: call("pieces.least", pieces), ends[0]
    yield (*key, "greatest"), 11, lambda: call("pieces.greatest", pieces), ends[1]
    spread = tuple(CONTEXT.subtract(b, a) for a, b in zip(*ends, strict=True))
    yield (
        (*key, "spread"),
        14,
        lambda: call("decimal.-", call("pieces.greatest", pieces), call("pieces.least", pieces)),
        spread,
    )


def _of_kinds(
    key: tuple[Any, ...], lists: Sequence[list[str]], every: Sequence[list[str]], pieces: Program
) -> Iterator[ListReading]:
    """How many items are of a kind, and their share in percent."""
    counts: dict[str, int] = {}
    for xs in every:
        for x in dict.fromkeys(xs):
            counts[x] = counts.get(x, 0) + 1
    common = sorted((x for x, n in counts.items() if n > 1), key=lambda x: (-counts[x], x))[:KINDS]
    total = call("decimal.from_int", call("pieces.count", pieces))
    for kind in common:
        chosen = call("pieces.filter", Lambda((STRING,), call("=", Variable(0, STRING), kind)), pieces)
        number = call("decimal.from_int", call("pieces.count", chosen))
        found = tuple(Decimal(xs.count(kind)) for xs in lists)
        if len(set(found)) < 2:
            continue
        bits = 10 + min(len(kind), 6)
        yield (*key, "of", kind), bits, lambda n=number: n, found  # type: ignore[misc]
        shares = tuple(CONTEXT.divide(n, Decimal(len(xs))) for n, xs in zip(found, lists, strict=True))
        yield (
            (*key, "percent of", kind),
            bits + 4,
            lambda n=number: call("decimal.shift", 2, call("decimal./", n, total)),  # type: ignore[misc]
            tuple(s.scaleb(2) for s in shares),
        )
        yield (*key, "share of", kind), bits + 4, lambda n=number: call("decimal./", n, total), shares  # type: ignore[misc]
