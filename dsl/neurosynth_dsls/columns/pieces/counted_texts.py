"""The end of a text that depends on how many there are: ``3 books are due.``, ``1 book is due.``, ``nothing is due.``"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from neurosynth.language.pieces import Column, Piece
from neurosynth.language.program import Program
from neurosynth_dsls.columns.pieces.building import call, text
from neurosynth_dsls.columns.pieces.number_lines import decimal
from neurosynth_dsls.columns.pieces.number_readings import NumberReading, number_readings
from neurosynth_dsls.columns.pieces.outcomes import Written, ways_to_write

__all__ = ["CountedTexts"]

BASE = 14
"""Bits of a choice by a count, in addition to its texts."""
SHARED = 2
"""Share of the bits of the other texts: they are much like the text for several."""
READINGS = 3
"""Inputs that may count something, the cheapest."""
KEY = 3
"""Length of the key of a number that all rows have; others have a default in place of a missing one, which counts nothing."""
MANY = 2
"""The least of a group that stands for any larger number."""


@dataclass(frozen=True)
class CountedTexts:
    """Texts for none, one and several."""

    name: str = "counted texts"

    def bind(self, column: Column) -> BoundCounts:
        """Find the whole numbers that count something."""
        return BoundCounts(column)


class BoundCounts:
    """The counts of one column."""

    def __init__(self, column: Column) -> None:
        self.counts: list[tuple[NumberReading, dict[int, list[int]]]] = []
        if column.leaf or len(column.rows) < 2:
            return
        best: dict[object, NumberReading] = {}
        for reading in sorted(number_readings(column), key=lambda r: r.cost):
            if isinstance(reading.key[0], int) and reading.plain and len(reading.key) == KEY:
                best.setdefault(reading.key[0], reading)
        for reading in [*best.values()][:READINGS]:
            if all(v >= 0 and v == v.to_integral_value() for v in reading.values):
                groups: dict[int, list[int]] = {}
                for n, value in enumerate(reading.values):
                    groups.setdefault(min(int(value), MANY), []).append(n)
                if MANY in groups and len(groups) > 1:
                    self.counts.append((reading, groups))

    def starting(self, positions: Sequence[int], rests: Sequence[str]) -> Iterator[Piece]:
        """The choices whose texts are the rests."""
        for reading, groups in self.counts if all(rests) else ():
            written = _by_count(reading, groups, rests)
            if written is not None:
                others = sum(w.bits for count, w in written.items() if count != MANY)
                cost = BASE + reading.cost + written[MANY].bits + others // SHARED
                build = partial(_chosen, reading, written)
                yield Piece(tuple(rests), cost, build, name="counted text")


def _by_count(
    reading: NumberReading, groups: Mapping[int, Sequence[int]], rests: Sequence[str]
) -> dict[int, Written] | None:
    """How the rests of each group are written, several with their number; None if they are not, or all in the same way."""
    found: dict[int, Written] = {}
    for count, rows in groups.items():
        ways = [w for w in ways_to_write(rests, rows) if _tells(w, reading)]
        if count == MANY:
            ways = [w for w in ways if w.amounts is not None and not w.one]
        elif not any(w.amounts is None for w in ways):
            return None
        else:
            ways = [w for w in ways if w.amounts is None]
        if not ways:
            return None
        found[count] = ways[0]
    many = found[MANY]
    alike = (f"{many.before}{count}{many.behind}" == w.before for count, w in found.items() if count != MANY)
    return None if all(alike) else found


def _tells(written: Written, reading: NumberReading) -> bool:
    """Whether a text has no number, or the count."""
    return written.amounts is None or all(t == str(int(reading.values[n])) for n, t in written.amounts.items())


def _chosen(reading: NumberReading, written: Mapping[int, Written]) -> Program:
    number = reading.build()
    many = written[MANY]
    program = call("decimal.format", "0", number)
    if many.behind:
        program = call("str.++", program, text(many.behind))
    if many.before:
        program = call("str.++", text(many.before), program)
    for count in (1, 0):
        if count in written:
            test = call("=", decimal(Decimal(count)), number)
            program = call("ite", test, text(written[count].before), program)
    return program
