"""Numbers that are written only within limits, and the limit beyond them: ``<0.5``, ``12.4`` and ``>100``; ``7`` and ``99+``.

A branch of a condition has one or two rows of its own, which neither tell the limit nor that it is written as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial

from neurosynth.language.pieces import Column, Piece
from neurosynth.language.program import Program
from neurosynth_dsls.columns.pieces.building import call, text
from neurosynth_dsls.columns.pieces.number_lines import decimal
from neurosynth_dsls.columns.pieces.number_readings import NumberReading, number_readings
from neurosynth_dsls.columns.pieces.numbers import Numbers

__all__ = ["WrittenLimits"]

BASE = 12
"""Bits of a number written within limits, in addition to those of the number, of the limits and of the texts."""
LIMIT = 8
"""Bits of a limit, which its text names."""
LETTER, DIGIT, OTHER = 4, 3, 1
"""Bits of the characters of the texts."""
STRIPPED = 4
"""Bits of dropping zeros behind decimals where a limit keeps its own."""
FEWEST = 2
"""Fewest distinct numbers that are written."""
READINGS, PIECES = 6, 2
"""Numbers that are compared, and ways to write them that are kept, the cheapest."""
_BELOW = "<|under|below|less than|fewer than|unter|weniger als|kleiner als|moins de|menos de|meno di|minder dan"
_UP_TO = "<=|≤|=<|up to|at most|max\\.?|maximum|bis|bis zu|höchstens|hasta"
_ABOVE = ">|over|above|more than|greater than|über|mehr als|größer als|plus de|más de|più di|meer dan"
_FROM = ">=|≥|=>|at least|from|min\\.?|minimum|ab|mindestens|desde"
_OR_LESS = "or less|or fewer|and below|or below|or under|and under|oder weniger|ou moins|o menos"
_OR_MORE = "\\+|plus|or more|and more|and above|or above|and over|or over|oder mehr|und mehr|ou plus|o más"
_OUTPUT = re.compile(r"([^\d]*?)(\d{1,3}(?:[, ]\d{3})+(?:\.\d+)?|\d+(?:[.,]\d+)?)([^\d]*)")
_BEFORE = tuple(
    (re.compile(rf"(?i)(?:.*\s)?(?:{words})\s*[$€£]?"), below, inside)
    for words, below, inside in (
        (_BELOW, True, False),
        (_UP_TO, True, True),
        (_ABOVE, False, False),
        (_FROM, False, True),
    )
)
_BEHIND = tuple(
    (re.compile(rf"(?i)\s*(?:{words})(?:\s.*)?"), below) for words, below in ((_OR_LESS, True), (_OR_MORE, False))
)


@dataclass(frozen=True, slots=True)
class _Limit:
    """A text of all numbers beyond a limit."""

    label: str
    below: bool
    """Whether it is written for lower numbers."""
    value: Decimal
    kept: bool
    """Whether it is written with a zero behind its point."""
    inside: bool | None
    """Whether the text names the limit itself, too; None if its words leave that open."""

    def holds(self, x: Decimal, inside: bool) -> bool:
        """Whether a number has this text."""
        return inside if x == self.value else (x < self.value) == self.below

    def test(self, number: Program, inside: bool) -> Program:
        """The same as a program."""
        ends = (number, decimal(self.value)) if self.below else (decimal(self.value), number)
        return call("decimal.<=" if inside else "decimal.<", *ends)


@dataclass(frozen=True)
class WrittenLimits:
    """Numbers within limits, and texts of the limits."""

    name: str = "limits"

    def bind(self, column: Column) -> BoundLimits:
        """Find the limits that outputs name."""
        return BoundLimits(column)


class BoundLimits:
    """The numbers within limits in one column."""

    def __init__(self, column: Column) -> None:
        self.pieces: list[Piece] = []
        if not column.leaf and len(column.rows) > FEWEST and all(isinstance(o, str) and o for o in column.outputs):
            self.pieces += _found(column)

    def starting(self, positions: Sequence[int], rests: Sequence[str]) -> Iterator[Piece]:
        """The texts, if the rests are the whole outputs."""
        if not any(positions):
            yield from (p for p in self.pieces if p.texts == tuple(rests))


def _found(column: Column) -> Iterator[Piece]:
    outputs = column.outputs
    matches = [_OUTPUT.fullmatch(o) for o in outputs]
    limits = {o: limit for o, m in zip(outputs, matches, strict=True) if m and (limit := _limit(m)) is not None}
    rest = [k for k, o in enumerate(outputs) if o not in limits]
    sides = {limit.below for limit in limits.values()}
    if not limits or len(sides) < len(limits) or len({outputs[k] for k in rest}) < FEWEST:
        return
    written = [matches[k] for k in rest]
    frames = {(m[1], m[3]) for m in written if m is not None}
    if len(frames) != 1 or None in written:
        return
    before, behind = frames.pop()
    numbers = tuple(m[2] for m in written if m is not None)
    readings = sorted(number_readings(column), key=lambda r: r.cost)[:READINGS]
    compared = [(r, tests) for r in readings if (tests := _tests(r, outputs, limits)) is not None]
    if not compared:
        return
    inner = replace(column, rows=tuple(column.rows[k] for k in rest), outputs=numbers, leaf=len(rest) <= FEWEST)
    found = Numbers().bind(inner).starting([0] * len(rest), numbers)
    kept = any(limit.kept for limit in limits.values())
    pieces = sorted((_weighed(p, kept) for p in found if p.texts == numbers), key=lambda p: p.cost)[:PIECES]
    texts = sum(LIMIT + _bits(label) for label in limits) + _bits(before + behind)
    for piece in pieces:
        for reading, tests in compared:
            build = partial(_program, reading, tests, piece, before, behind)
            cost = BASE + reading.cost + piece.cost + texts
            yield Piece(tuple(outputs), cost, build, name="limits")


def _weighed(piece: Piece, kept: bool) -> Piece:
    """A piece, which costs more if it drops zeros that limits keep."""
    drops = kept and isinstance(piece.style, str) and piece.style.endswith(("#", "*"))
    return replace(piece, cost=piece.cost + STRIPPED) if drops else piece


def _limit(found: re.Match[str]) -> _Limit | None:
    """The limit that an output names with a sign or a word."""
    before, number, behind = found.groups()
    plain = number.replace(" ", "").replace(",", "" if re.search(r",\d{3}(?!\d)", number) else ".")
    value, kept = Decimal(plain), "." in plain and plain.endswith("0")
    for pattern, below, inside in _BEFORE:
        if pattern.fullmatch(before):
            return _Limit(found.group(), below, value, kept, inside)
    for pattern, below in _BEHIND:
        if pattern.fullmatch(behind):
            return _Limit(found.group(), below, value, kept, None if "+" in behind else True)
    return None


def _tests(
    reading: NumberReading, outputs: Sequence[str], limits: dict[str, _Limit]
) -> list[tuple[_Limit, bool]] | None:
    """The limits, each with whether its text names the limit itself, too, if they part the numbers of all rows."""
    tests = []
    for label, limit in limits.items():
        at = {o == label for x, o in zip(reading.values, outputs, strict=True) if x == limit.value}
        nines = str(limit.value).endswith("9")  # 99+ is more than 99, and 100+ is 100 or more
        inside = at == {True} or (not at and (not nines if limit.inside is None else limit.inside))
        if any(limit.holds(x, inside) != (o == label) for x, o in zip(reading.values, outputs, strict=True)):
            return None
        tests.append((limit, inside))
    return tests


def _bits(label: str) -> int:
    return sum(DIGIT if c.isdigit() else LETTER if c.isalpha() else OTHER for c in label)


def _program(
    reading: NumberReading, tests: Sequence[tuple[_Limit, bool]], piece: Piece, before: str, behind: str
) -> Program:
    program = piece.build()
    if behind:
        program = call("str.++", program, text(behind))
    if before:
        program = call("str.++", text(before), program)
    for limit, inside in sorted(tests, key=lambda t: not t[0].below):
        program = call("ite", limit.test(reading.build(), inside), text(limit.label), program)
    return program
