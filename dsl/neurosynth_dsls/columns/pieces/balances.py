"""Words that a comparison chooses: below, within or above another number or a range of the row, each also with the distance.

``home win``, ``draw`` and ``away win`` of ``3-1``; ``120 over plan``, ``80 under plan`` and ``on plan``; ``low``, ``normal`` and ``high``
beside ``3.5-5.1``; and a word of its own for zero: ``sold out``, ``reorder`` and ``ok``. A tree of conditions finds each comparison alone.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, partial
from itertools import permutations

from neurosynth.language.pieces import Column, Piece
from neurosynth.language.program import Program
from neurosynth_dsls.columns.number_format import number_format
from neurosynth_dsls.columns.pieces.building import call, text
from neurosynth_dsls.columns.pieces.comparisons import scores
from neurosynth_dsls.columns.pieces.number_lines import decimal
from neurosynth_dsls.columns.pieces.number_readings import NumberReading, number_readings
from neurosynth_dsls.columns.pieces.range_conditions import ranges_of

__all__ = ["Balances"]

BASE = 14
"""Bits of a comparison with three results, in addition to those of the numbers."""
SIGN = 4
"""Additional bits of the sign of one number."""
ZERO_KEY = ("zero",)
RANGE = 4
"""Additional bits of a range."""
ZERO = 8
"""Additional bits of a word of its own for zero."""
FEWEST = 3
"""Fewest words: two are a condition."""
TEXT, LETTER, DIGIT, OTHER = 4, 4, 9, 1
"""Bits of a text and of its characters."""
NAMED, LETTER_NAMED = 5, 1
"""Bits of a text that several rows have, and what each of its letters saves then."""
DISTANCE = 6
"""Bits of the distance inside a text."""
DEAREST = 8
"""Bits from which on a number is of something else."""
FORMATS = ((0, "0.#*"), (1, "0.00"), (2, "0.0"), (1, "#,##0"), (2, "#,##0.00"))
"""Formats of the distance, with bits."""
IS_ZERO = 2
"""In place of a sign, for a number that is zero."""
_DIGIT, _NUMBER = re.compile(r"\d"), re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")


@dataclass(frozen=True)
class Balances:
    """Words that a comparison chooses."""

    name: str = "balances"

    def bind(self, column: Column) -> BoundBalances:
        """Note the column; its numbers are compared on first use."""
        return BoundBalances(column)


@dataclass(frozen=True)
class _Comparison:
    """A number compared with the ends of a range, which are the same where it is one other number."""

    cost: int
    number: NumberReading
    low: NumberReading
    high: NumberReading

    @property
    def two(self) -> bool:
        """Whether it compares two numbers of the row, rather than one with zero or with a range."""
        return self.low is self.high and self.low.key != ZERO_KEY

    @cached_property
    def signs(self) -> tuple[int, ...]:
        """Below, within or above, on each example row."""
        rows = zip(self.number.values, self.low.values, self.high.values, strict=True)
        return tuple(-1 if x < a else 1 if b < x else 0 for x, a, b in rows)

    @cached_property
    def distances(self) -> tuple[Decimal, ...]:
        """How far below or above, on each example row."""
        rows = zip(self.number.values, self.low.values, self.high.values, strict=True)
        return tuple(a - x if x < a else x - b for x, a, b in rows)

    def written(self, sign: int, how: str) -> Program:
        """The distance below or above."""
        x, end = self.number.build(), (self.low if sign < 0 else self.high).build()
        if self.low.key == ZERO_KEY:
            return call("decimal.format", how, call("decimal.abs", x) if sign < 0 else x)
        return call("decimal.format", how, call("decimal.-", *((end, x) if sign < 0 else (x, end))))


@dataclass(frozen=True)
class _Word:
    """A text of some rows, also with the distance inside."""

    before: str
    behind: str = ""
    how: str = ""
    """The format of the distance; empty without one."""

    def bits(self, rows: int) -> int:
        """Bits, fewer for the name of several rows."""
        letters = sum(map(str.isalpha, self.before + self.behind))
        other = sum(DIGIT if c.isdigit() else OTHER for c in self.before + self.behind if not c.isalpha())
        named = NAMED + (LETTER - LETTER_NAMED) * letters if rows > 1 else TEXT + LETTER * letters
        return min(named, TEXT + LETTER * letters) + other + DISTANCE * bool(self.how)

    def build(self, comparison: _Comparison, sign: int) -> Program:
        """The program of the text."""
        program: Program = comparison.written(sign, self.how) if self.how else text(self.before)
        if self.how and self.behind:
            program = call("str.++", program, self.behind)
        return call("str.++", self.before, program) if self.how and self.before else program


class BoundBalances:
    """The comparisons of one column."""

    def __init__(self, column: Column) -> None:
        self.column = column
        enough = len(column.rows) > FEWEST or (len(column.rows) == FEWEST and not column.leaf)
        self.usable = enough and all(isinstance(o, str) and o for o in column.outputs)
        self._known: dict[tuple[str, ...], list[Piece]] = {}

    def starting(self, positions: Sequence[int], rests: Sequence[str]) -> Iterator[Piece]:
        """The words that are the rests of the outputs."""
        if self.usable and all(rests):
            key = tuple(rests)
            if key not in self._known:
                self._known[key] = [p for c in self.comparisons for p in _pieces(c, key)]
            yield from self._known[key]

    @cached_property
    def comparisons(self) -> list[_Comparison]:
        """Comparisons of two numbers of the row, and of a number with a range."""
        column = self.column
        every = sorted(number_readings(column), key=lambda r: r.cost)
        plain = [r for r in every if r.plain and r.cost < DEAREST]
        best: dict[int, NumberReading] = {}
        for reading in plain:
            best.setdefault(reading.key[0], reading)
        pairs = list(permutations(best.values(), 2))
        for i in scores(column):
            first, second = (next((r for r in plain if r.key == (i, "number", n)), None) for n in (0, 1))
            if first is not None and second is not None:
                pairs.append((first, second))
        found = [_Comparison(BASE + a.cost + b.cost, a, b, b) for a, b in pairs if a.values != b.values]
        zero = NumberReading(ZERO_KEY, SIGN, partial(decimal, Decimal(0)), (Decimal(0),) * len(column.rows), False)
        days = [r for r in every if r.key[:2] == ("between", "day")]
        found += [_Comparison(BASE + SIGN + r.cost, r, zero, zero) for r in (*best.values(), *days)]
        ranges = [*ranges_of(column, plain), *((a, b) for a, b in permutations(best.values(), 2) if _ordered(a, b))]
        for low, high in ranges:
            for number in best.values():
                if number.key[0] not in (low.key[0], high.key[0]):
                    cost = BASE + RANGE + number.cost + low.cost + high.cost
                    found.append(_Comparison(cost, number, low, high))
        return found


def _ordered(low: NumberReading, high: NumberReading) -> bool:
    """Whether two numbers are a range on all example rows, and not all the same."""
    return low.values != high.values and all(a <= b for a, b in zip(low.values, high.values, strict=True))


def _pieces(comparison: _Comparison, rests: tuple[str, ...]) -> Iterator[Piece]:
    """The words for below, within and above, also with one for zero, after which two are enough."""
    zeros = tuple(v == 0 for v in comparison.number.values)
    for special in (False, True) if any(zeros) and comparison.two else (False,):
        groups: dict[int, list[int]] = {}
        for n, sign in enumerate(comparison.signs):
            groups.setdefault(IS_ZERO if special and zeros[n] else sign, []).append(n)
        if len(groups) < FEWEST:
            continue
        if any(not _writable(sign, [rests[n] for n in rows]) for sign, rows in groups.items()):
            continue
        for bits, how in FORMATS:
            words = _words(comparison, groups, rests, how)
            if words is None or len({*words.values()}) != FEWEST:
                continue
            if not special or words.get(0) in (None, words.get(-1), words.get(1)):
                rows = Counter(w for sign, some in groups.items() for w in [words[sign]] * len(some))
                cost = comparison.cost + sum(w.bits(n) for w, n in rows.items()) + ZERO * special
                told = any(w.how for w in words.values())
                yield Piece(rests, cost + bits * told, partial(_build, comparison, words), name="balance")
                if not told:
                    break


def _writable(sign: int, texts: Sequence[str]) -> bool:
    """Whether the rows with a sign have one text, or numbers in all their texts if there is a distance."""
    return len({*texts}) == 1 or (sign in (-1, 1) and all(map(_DIGIT.search, texts)))


def _words(
    comparison: _Comparison, groups: dict[int, list[int]], rests: tuple[str, ...], how: str
) -> dict[int, _Word] | None:
    """The word of each group of rows, with the distance in a format where it has numbers; None if a group has none."""
    found: dict[int, _Word] = {}
    for sign, rows in groups.items():
        texts = {rests[n] for n in rows}
        if sign in (-1, 1) and _DIGIT.search(rests[rows[0]]):
            around = {_around(rests[n], number_format(how)[0].format(comparison.distances[n])) for n in rows}
            if len(around) == 1 and (only := around.pop()) is not None:
                found[sign] = _Word(*only, how)
                continue
        if len(texts) > 1:
            return None
        found[sign] = _Word(texts.pop())
    return found


def _around(whole: str, part: str) -> tuple[str, str] | None:
    """What stands before and behind a number that a text has once; None if it has not."""
    found = [m for m in _NUMBER.finditer(whole) if m.group() == part]
    return (whole[: found[0].start()], whole[found[0].end() :]) if len(found) == 1 else None


def _build(comparison: _Comparison, words: dict[int, _Word]) -> Program:
    number = comparison.number.build()
    program = {sign: word.build(comparison, sign) for sign, word in words.items()}
    above = program.get(1, program.get(0))
    below = program.get(-1, program.get(0))
    assert above is not None, "some rows are above, or equal"
    assert below is not None, "some rows are below, or equal"
    less = call("decimal.<", number, comparison.low.build())
    more = call("decimal.<", comparison.high.build(), number)
    if program.get(0, above) == above:
        made = call("ite", less, below, above)
    else:
        made = call("ite", more, above, below)
        if program[0] != below:
            made = call("ite", less, below, call("ite", more, above, program[0]))
    return call("ite", call("=", decimal(Decimal(0)), number), program[IS_ZERO], made) if IS_ZERO in program else made
