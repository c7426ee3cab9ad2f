"""Ratios in lowest terms: the pixels ``1920x1080`` as ``16:9``, 12 and 18 of two inputs as ``2/3``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from itertools import permutations
from math import gcd

from neurosynth.language.pieces import Column, Piece
from neurosynth.language.program import Apply, Constant, Program
from neurosynth.values.types import STRING
from neurosynth_dsls.columns.pieces.building import call
from neurosynth_dsls.columns.pieces.number_readings import NumberReading, number_readings
from neurosynth_dsls.columns.pieces.text_index import TextIndex

__all__ = ["Ratios"]

BITS = 16
"""Bits of a ratio, in addition to those of its numbers."""
MARKS = {":": 0, "/": 0, " : ": 1, " / ": 1, " to ": 2, "x": 4, "×": 4, " x ": 4, " × ": 4}
"""Marks between the terms, and their bits."""
READINGS = 12
"""Maximum number of ways to read the numbers, the cheapest."""
LARGEST = 10**12
_RATIO = re.compile(r"(?<![\d.,])([1-9]\d*)( ?[:/x×] ?| to )([1-9]\d*)(?![\d,]|\.\d)")


@dataclass(frozen=True)
class Ratios:
    """Ratios of two whole numbers of a row, in lowest terms."""

    name: str = "ratios"

    def bind(self, column: Column) -> BoundRatios:
        """Compare the ratios of the outputs with the numbers of the inputs."""
        return BoundRatios(column)


class BoundRatios:
    """The ratios of one column."""

    def __init__(self, column: Column) -> None:
        self.index = TextIndex()
        found = [_RATIO.search(o) if isinstance(o, str) else None for o in column.outputs]
        told = [(int(m[1]), int(m[3])) for m in found if m is not None]
        marks = {m[2] for m in found if m is not None}
        if column.leaf or len(told) < len(found) or len(marks) != 1 or any(gcd(*pair) > 1 for pair in told):
            return
        mark = marks.pop()
        if len(found) > 1 and mark in MARKS:
            for piece in _pieces(column, tuple(m[0] for m in found if m is not None), told, mark):
                self.index.add(piece)

    def starting(self, positions: Sequence[int], rests: Sequence[str]) -> Iterator[Piece]:
        """The ratios that the rests start with."""
        yield from self.index.starting(rests)


def _pieces(column: Column, texts: tuple[str, ...], told: Sequence[tuple[int, int]], mark: str) -> Iterator[Piece]:
    whole = (r for r in number_readings(column) if r.plain and all(_counts(v) for v in r.values))
    readings = sorted(whole, key=lambda r: r.cost)[:READINGS]
    for first, second in permutations(readings, 2):
        pairs = [*zip(first.values, second.values, (a for a, _ in told), (b for _, b in told), strict=True)]
        if all(x * b == y * a for x, y, a, b in pairs) and any(x != a for x, _, a, _ in pairs):
            cost = first.cost + second.cost + BITS + MARKS[mark]
            yield Piece(texts, cost, partial(_built, first, second, mark), name=f"ratio {first.key} {second.key}")


def _counts(value: Decimal) -> bool:
    return 0 < value < LARGEST and value == value.to_integral_value()


def _built(first: NumberReading, second: NumberReading, mark: str) -> Program:
    """The ratio, whose terms are parted by the mark; ``x`` and words stand in the place of a colon."""
    between = mark if mark.strip() in (":", "/") else ":"
    above, below = (_text(r.build()) for r in (first, second))
    ratio = call("fraction.reduce", call("str.++", above, call("str.++", between, below)))
    return ratio if between == mark else call("str.replace_all", ratio, between, mark)


def _text(number: Program) -> Program:
    """The text of a whole number: that from which it is read if it consists of digits."""
    if isinstance(number, Apply) and number.head == "decimal.parse":
        text = number.arguments[1]
        if isinstance(text, Apply) and text.head == "text.match" and text.arguments[1] == Constant(r"\d+", STRING):
            return text
    return call("decimal.format", "0", number)
