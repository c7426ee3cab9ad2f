"""Texts beside two numbers, by which of the numbers is greater: the winner and the loser of a match, the cheaper of two shops."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import combinations

from neurosynth.language.pieces import Column, Piece
from neurosynth.language.program import Program
from neurosynth_dsls.columns.pieces.amount_readings import TYPED
from neurosynth_dsls.columns.pieces.building import call, text
from neurosynth_dsls.columns.pieces.number_readings import NumberReading, number_readings
from neurosynth_dsls.columns.pieces.substrings import texts_of
from neurosynth_dsls.columns.pieces.text_index import TextIndex

__all__ = ["Ranked"]

GREATER, LESS = 13, 14
"""Bits of the text beside the greater number, and beside the less one, in addition to those of the numbers."""
TIE, LETTER = 12, 6
"""Bits of another text where both numbers are equal, and of its characters."""
INPUTS = 4
"""Inputs with texts that are tried, the first."""
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True)
class Ranked:
    """Texts that two numbers choose."""

    name: str = "ranked"

    def bind(self, column: Column) -> BoundRanked:
        """Compare the numbers of the inputs."""
        return BoundRanked(column)


class BoundRanked:
    """The texts of one column that two numbers choose."""

    def __init__(self, column: Column) -> None:
        self.index = TextIndex()
        if len(column.inputs) < 3 or len(column.rows) < 2 or not all(column.outputs):
            return
        named = [i for i in range(len(column.inputs)) if _named(column, i)][:INPUTS]
        for i, j in combinations(named, 2):
            beside = [(row[i], row[j]) for row in column.rows]
            shown = [a in o or b in o for (a, b), o in zip(beside, column.outputs, strict=True)]
            if sum(shown) < 2 or len({o for o, n in zip(column.outputs, shown, strict=True) if not n}) > 1:
                continue
            for first, second in _pairs(column, (i, j)):
                self._choose(column, (i, j), beside, first, second)

    def _choose(
        self,
        column: Column,
        inputs: tuple[int, int],
        beside: Sequence[tuple[str, str]],
        first: NumberReading,
        second: NumberReading,
    ) -> None:
        """The pieces of two texts and two numbers."""
        numbers = [*zip(first.values, second.values, strict=True)]
        if not any(a < b for a, b in numbers) or not any(a > b for a, b in numbers):
            return
        one, other = (column.inputs[n] for n in inputs)
        for bits, flipped in ((GREATER, False), (LESS, True)):
            texts = tuple(
                t if (b < a if flipped else a < b) else s for (s, t), (a, b) in zip(beside, numbers, strict=True)
            )
            less = (second, first) if flipped else (first, second)
            ties = {o for o, (a, b) in zip(column.outputs, numbers, strict=True) if a == b}
            if len(ties) == 1:
                (tie,) = ties
                values = tuple(tie if a == b else t for t, (a, b) in zip(texts, numbers, strict=True))
                if values == tuple(column.outputs):
                    cost = bits + TIE + LETTER * len(tie) + first.cost + second.cost
                    self.index.add(Piece(values, cost, partial(_chosen, *less, other, one, tie), name="ranked or tied"))
            if all(t in o for t, o in zip(texts, column.outputs, strict=True)):
                self.index.add(
                    Piece(texts, bits + first.cost + second.cost, partial(_chosen, *less, other, one), name="ranked")
                )

    def starting(self, positions: Sequence[int], rests: Sequence[str]) -> Iterator[Piece]:
        """The texts that the rests start with."""
        if all(rests):
            yield from self.index.starting(rests)


def _named(column: Column, i: int) -> bool:
    """Whether an input has texts with letters, not numbers, in all rows."""
    texts = texts_of(column, i, column.rows)
    return texts is not None and all(texts) and all(any(map(str.isalpha, t)) and not _DIGIT.search(t) for t in texts)


def _pairs(column: Column, names: tuple[int, int]) -> Iterator[tuple[NumberReading, NumberReading]]:
    """Numbers of two other inputs, or the two numbers of one, in the order of the names."""
    best: dict[int, NumberReading] = {}
    both: dict[int, NumberReading] = {}
    for reading in sorted(number_readings(column), key=lambda r: (r.key[1] not in TYPED, r.cost)):
        if reading.plain and isinstance(reading.key[0], int) and reading.key[0] not in names:
            best.setdefault(reading.key[0], reading)
            if reading.key[1:] == ("number", 1):
                both.setdefault(reading.key[0], reading)
    for i, second in both.items():
        yield best[i], second
    for i, j in combinations(sorted(best.keys() - both.keys()), 2):
        yield best[i], best[j]


def _chosen(less: NumberReading, more: NumberReading, greater: Program, otherwise: Program, tie: str = "") -> Program:
    if tie:
        otherwise = call("ite", call("decimal.<", more.build(), less.build()), otherwise, text(tie))
    return call("ite", call("decimal.<", less.build(), more.build()), greater, otherwise)
