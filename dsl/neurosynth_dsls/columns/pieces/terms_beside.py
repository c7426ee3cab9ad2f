"""Moments moved by an amount that stands beside them in the cell: ``2024-05-06 14:30, 45 min`` ends at 15:15, ``12 Mar 2024 + 10 days``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial
from itertools import takewhile

from neurosynth.language.pieces import Column
from neurosynth.language.program import Program
from neurosynth_dsls.columns.pieces.building import call, function_of
from neurosynth_dsls.columns.pieces.moment_reading import Reading
from neurosynth_dsls.columns.pieces.terms import NAMES

__all__ = ["moved_beside"]

BITS, UNIT, EARLIER = 14, 2, 3
"""Bits of an amount, of each of its units, and of going back."""
TIMES = {
    "h": "h hr hrs hour hours std stunde stunden heure heures",
    "min": "m min mins minute minutes minuten",
    "s": "s sec secs second seconds",
}
"""The units of times, the longest first, and their names."""
_AMOUNT = re.compile(r"(?<![\d.:/-])(\d+(?:\.\d+)?)\s?([^\W\d_]+)")


def moved_beside(column: Column, start: Reading) -> Iterator[Reading]:
    """A moment that stands in a part of a cell, moved by the amounts with units in the same cell."""
    i = start.key[0]
    if len(start.key) < PARTED or not isinstance(i, int):
        return
    names = {**({} if "d" not in start.fields else NAMES), **({} if "H" not in start.fields else TIMES)}
    units = {name: unit for unit, words in names.items() for name in words.split()}
    shown = [_amounts(row[i], units) for row in column.rows]
    every = [a for row in column.every if (a := _amounts(row[i], units))]
    if not all(shown) or len({tuple(a) for a in shown}) < 2:
        return
    words = {w for a in every for _, w in a}
    found = {u: [w for w in words if units[w.lower()] == u] for u in names if any(units[w.lower()] == u for w in words)}
    whole = not any("." in n for a in every for n, _ in a)
    several = len(found) > 1 or any(len(a) > 1 for a in every)
    counts = [(u, partial(_count, column.inputs[i], _pattern(own, words), several)) for u, own in found.items()]
    if not whole and any(u in NAMES for u in found):
        return
    for name, sign in (("later", 1), ("earlier", -1)):
        build = partial(_moved, start, counts, sign, whole)
        read = function_of(build())
        if all(isinstance(read(row), datetime) for row in column.rows):
            cost = start.cost + BITS + UNIT * len(found) + EARLIER * (sign < 0)
            key = ((name, "beside", start.key), "moved")
            yield Reading(key, cost, build, read, start.fields, dated=False, moved=True, origin=i)


PARTED = 3
"""Parts of the key of a moment that stands in a part of a cell."""


def _amounts(text: object, units: dict[str, str]) -> list[tuple[str, str]]:
    """The numbers and the words behind them that are units."""
    found = _AMOUNT.findall(text) if isinstance(text, str) else []
    return [(n, w) for n, w in found if w.lower() in units]


def _pattern(own: Sequence[str], words: set[str]) -> str:
    """The numbers before the names of a unit: by what these begin with, if those of no other unit do."""
    start = _beginning(own)
    if not start or any(w.startswith(start) for w in words if w not in own):
        start = rf"(?:{'|'.join(sorted(own, key=lambda w: (-len(w), w)))})\b"
    return rf"(?<![\d.:/-])\d+(?:\.\d+)?(?=\s?{start})"


def _beginning(words: Sequence[str]) -> str:
    """The letters with which all words begin."""
    first, last = min(words), max(words)
    shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(first, last, strict=False)))
    return first[:shared]


def _count(source: Program, pattern: str, several: bool) -> Program:
    if several:
        return call("pieces.sum", "0.*", call("re.find_all", pattern, source))
    return call("decimal.parse", "0.*", call("text.match", source, pattern, 0))


def _moved(start: Reading, counts: Sequence[tuple[str, Callable[[], Program]]], sign: int, whole: bool) -> Program:
    moment = start.build()
    for unit, count in counts:
        amount = count() if sign > 0 else call("decimal.neg", count())
        if whole:
            moment = call("datetime.add", call("decimal.to_int", amount), unit, moment)
        else:
            moment = call("datetime.plus", moment, call("duration.of", unit, amount))
    return moment
