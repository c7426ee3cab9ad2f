"""Numbers whose factor is a word of the row: ``1.5 m`` and ``120 mm`` in centimetres, 3 of a kind that counts negative."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import Any

from neurosynth.language.pieces import Column
from neurosynth.language.program import Constant, Program
from neurosynth.values.types import STRING, list_of
from neurosynth_dsls.columns.decimals import round_to
from neurosynth_dsls.columns.pieces.building import call
from neurosynth_dsls.columns.pieces.formula_constants import plainest
from neurosynth_dsls.columns.pieces.number_factors import UNITS
from neurosynth_dsls.columns.pieces.number_lines import Rule, decimal, exact
from neurosynth_dsls.columns.pieces.number_readings import NumberReading
from neurosynth_dsls.columns.pieces.verdicts import means_yes, says_yes, spellings_of_yes
from neurosynth_dsls.columns.types import DECIMAL

__all__ = ["UnitFactors"]

BASE = 14
"""Bits of a table of factors, in addition to its entries."""
ENTRY, POWER, UNIT, DIGIT = 2, 3, 5, 4
"""Bits of a factor: of any, of a power of ten, of a known ratio of units, and of a digit of another one."""
DIGITS = 3
"""Maximum number of digits of another factor."""
ROUNDED = 6
"""Bits of rounding the product."""
LONGEST = 12
"""Digits of numbers whose product is rounded: longer ones are identifiers."""
KINDS = 6
"""Maximum number of words."""
UNKNOWN = 60
"""Bits if no row of the table has a word of the examples; proportional if some have another one."""
RATIO = r"[^\W\d_]+/[^\W\d_]+"
"""A unit by another one: mg/L, km/h."""
SMALL = "small"
"""The whole text in small letters, where that makes cells equal."""
WORDS: tuple[tuple[str, str, int, Callable[[Program], Program]], ...] = (
    ("whole", r".+", 0, lambda p: p),
    (SMALL, r".+", 1, lambda p: call("str.lower", call("str.trim", p))),
    ("last", r"[^\W\d_]+\W*$", 1, lambda p: call("text.match", p, r"[^\W\d_]+", -1)),
    ("first", r"^\W*[^\W\d_]+", 2, lambda p: call("text.match", p, r"[^\W\d_]+", 0)),
    ("ratio", RATIO, 2, lambda p: call("text.match", p, RATIO, 0)),
)
"""Where a word stands: name, pattern, bits, program."""
YES, NO = "yes", "no"
"""The words that stand for all spellings of yes, and for all of no."""
_LETTERS = re.compile(r"[^\W\d_]+(?:/[^\W\d_]+)?")


@dataclass(frozen=True, slots=True, eq=False)
class _Words:
    """The words that may tell a factor, on the example rows."""

    key: tuple[int, str]
    words: tuple[str, ...]
    cost: int
    build: Callable[[], Program]
    """The word; for yes and no, whether it is yes."""


class UnitFactors:
    """The words of one column that may tell factors."""

    def __init__(self, column: Column) -> None:
        self.words = list(_words(column)) if not column.leaf and len(column.rows) > 1 else []

    def readings(self, readings: Sequence[NumberReading], ys: Sequence[Decimal]) -> Iterator[NumberReading]:
        """Numbers times a factor that a word tells, which are exactly the numbers ``ys``."""
        for words in self.words:
            for reading in readings:
                factors = _factors(words.words, reading.values, ys) if reading.plain else None
                if factors is not None:
                    bits = sum(b for b in map(_bits, factors.values()) if b is not None)
                    yield _made(reading, words, factors, BASE + bits + words.cost)

    def rounded(
        self, readings: Sequence[NumberReading], ys: Sequence[Decimal], shown: int
    ) -> Iterator[tuple[NumberReading, Rule]]:
        """Numbers times a factor that a word tells, and the rounding from them to the numbers ``ys``: net prices and classes of tax."""
        step = Decimal(1).scaleb(-shown)
        for words in (w for w in self.words if len({*w.words}) < len(w.words)):
            for reading in readings:
                factors = _solved(words.words, reading.values, ys, step) if reading.plain else None
                if factors is not None and _factors(words.words, reading.values, ys) is None:
                    bits = sum(b for b in map(_bits, factors.values()) if b is not None)
                    made = _made(reading, words, factors, BASE + bits + words.cost)
                    if all(round_to(step, "half_up", v) == y for v, y in zip(made.values, ys, strict=True)):
                        yield (
                            made,
                            Rule(
                                "round", "round", ROUNDED, lambda p: call("decimal.round", decimal(step), "half_up", p)
                            ),
                        )

    def signed(self, readings: Sequence[NumberReading], ys: Sequence[Decimal]) -> Iterator[NumberReading]:
        """Numbers that a word makes negative, where the numbers ``ys`` are."""
        if not any(y < 0 for y in ys) or all(y < 0 for y in ys):
            return
        for words in self.words:
            signs: dict[str, Decimal] = {}
            pairs = zip(words.words, ys, strict=True)
            if all(signs.setdefault(w, Decimal(-1 if y < 0 else 1)) == (-1 if y < 0 else 1) for w, y in pairs):
                for reading in readings:
                    if all(v >= 0 for v in reading.values):
                        yield _made(reading, words, signs, BASE + ENTRY * len(signs) + words.cost)


def _words(column: Column) -> Iterator[_Words]:
    for i, source in enumerate(column.inputs):
        every = [row[i] for row in column.every]
        if source.type != STRING or not all(isinstance(v, str) for v in every):
            continue
        small = len({_small(v) for v in every}) < len({*every})
        for name, pattern, bits, program in WORDS:
            if name == SMALL and not small:
                continue
            known = _small if name == SMALL else str
            shown = [_word(pattern, known(row[i])) for row in column.rows]
            judged = [_word(pattern, known(row[i])) for row in column.judged]
            kinds = {w for w in shown if w}
            if None in shown or not 1 < len(kinds) <= KINDS or not judged:
                continue
            unknown = sum(w not in kinds for w in judged)
            if unknown * 2 <= len(judged):
                cost = bits + UNKNOWN * unknown // len(judged)
                build = lambda p=program, s=source: p(s)  # noqa: E731  # a lambda a loop binds
                yield _Words((i, name), tuple(w for w in shown if w), cost, build)
        forms = spellings_of_yes(every)
        if forms is not None:
            said = tuple(YES if says_yes(row[i]) else NO for row in column.rows)
            if len(set(said)) > 1:
                yield _Words((i, YES), said, 0, partial(means_yes, forms, source))


def _small(text: str) -> str:
    return text.strip().lower()


def _word(pattern: str, text: Any) -> str | None:
    """The word of a text that a pattern finds, without the signs around it; a whole text must be one."""
    found = re.search(pattern, text)
    word = found.group().strip(" .,;:()[]") if found else ""
    return word if _LETTERS.fullmatch(word) else None


def _factors(words: Sequence[str], xs: Sequence[Decimal], ys: Sequence[Decimal]) -> dict[str, Decimal] | None:
    """The factor of each word, if all are plain numbers and some differ."""
    found: dict[str, Decimal] = {}
    for word, x, y in zip(words, xs, ys, strict=True):
        if not x:
            if y:
                return None
            continue
        if word in found:
            if found[word] * x != y:
                return None
            continue
        factor = exact(Fraction(y) / Fraction(x)) if y else None
        if factor is None or _bits(factor) is None or factor * x != y:
            return None
        found[word] = factor.normalize() if factor != factor.to_integral_value() else Decimal(int(factor))
    return found if len(set(found.values())) > 1 and set(words) == set(found) else None


def _solved(
    words: Sequence[str], xs: Sequence[Decimal], ys: Sequence[Decimal], step: Decimal
) -> dict[str, Decimal] | None:
    """The plainest factor of each word within the bounds that rounding leaves, if it has few digits and some differ."""
    bounds: dict[str, tuple[float, float]] = {}
    for word, x, y in zip(words, xs, ys, strict=True):
        if x <= 0 or y <= 0 or max(x.adjusted(), y.adjusted()) >= LONGEST:
            return None
        low, high = float((y - step / 2) / x), float((y + step / 2) / x)
        least, most = bounds.get(word, (low, high))
        bounds[word] = max(low, least), min(high, most)
    found = {w: plainest(*b) if b[0] <= b[1] else None for w, b in bounds.items()}
    plain = {w: k for w, k in found.items() if k is not None and k > 0 and _bits(k) is not None}
    return plain if len(plain) == len(found) and len(set(plain.values())) > 1 else None


def _bits(factor: Decimal) -> int | None:
    """Bits of a factor; None for one that is no plain number."""
    digits = factor.normalize().as_tuple().digits
    if factor == 1:
        return ENTRY
    if digits == (1,):
        return ENTRY + POWER
    if Fraction(factor) in UNITS or 1 / Fraction(factor) in UNITS:
        return ENTRY + UNIT
    return ENTRY + POWER + DIGIT * len(digits) if len(digits) <= DIGITS else None


def _made(reading: NumberReading, words: _Words, factors: dict[str, Decimal], cost: int) -> NumberReading:
    values = tuple(x * factors[w] for x, w in zip(reading.values, words.words, strict=True))
    key = ("factor", words.key, reading.key)
    return NumberReading(key, reading.cost + cost, partial(_times, reading, words, factors), values, False)


def _times(reading: NumberReading, words: _Words, factors: dict[str, Decimal]) -> Program:
    if words.key[1] == YES:
        return call("ite", words.build(), *(_scaled(reading.build(), factors[w]) for w in (YES, NO)))
    keys = Constant(tuple(factors), list_of(STRING))
    table = call("lookup", keys, Constant(tuple(factors.values()), list_of(DECIMAL)), words.build())
    return call("decimal.*", reading.build(), table)


def _scaled(number: Program, factor: Decimal) -> Program:
    return number if factor == 1 else call("decimal.*", number, decimal(factor))
