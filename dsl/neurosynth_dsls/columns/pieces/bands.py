"""Labels of the bands of one number: grades, age groups, tariffs. All bounds are found at once, and labels that name numbers tell them.

A tree of conditions chooses each bound alone, whatever the others are, and its depth is limited.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, partial
from itertools import groupby, pairwise, permutations

from neurosynth.language.pieces import Column, Piece
from neurosynth.language.program import Program
from neurosynth_dsls.columns.number_format import CONTEXT
from neurosynth_dsls.columns.pieces.building import call, text
from neurosynth_dsls.columns.pieces.choices import PHRASE
from neurosynth_dsls.columns.pieces.number_lines import decimal
from neurosynth_dsls.columns.pieces.number_readings import NumberReading, number_readings
from neurosynth_dsls.columns.pieces.number_values import DIGITS
from neurosynth_dsls.columns.pieces.thresholds import natural_thresholds, shown_bounds, unusual

__all__ = ["Bands", "thresholds"]

BASE, BOUND = 12, 12
"""Bits of a scale, and of each of its bounds, in addition to those of the number."""
TOLD, UNTOLD = 1, 6
"""Bits of a bound that a label names, and additional ones of another where labels name some."""
COMMON = 1
"""Bits of a bound that is common for what the number is, as noon is for a time, in addition to its own."""
ABOVE = 4
"""Bits of bounds that belong to the band below, unless a label says so."""
TEXT, LETTER, DIGIT, OTHER = 4, 4, 6, 1
"""Bits of a label and of its characters."""
FEWEST = 3
"""Fewest labels that need not name their bounds: two are a condition."""
SPARE = 2
"""Rows more than bands, if the labels do not name the bounds."""
READINGS = 9
"""Number of numbers that are tried, the cheapest."""
SPANS = ("year", "month", "day")
"""Units of the time between two dates, which are tried however many numbers are cheaper."""
RELATED = (("decimal./", 8), ("decimal.-", 8), ("decimal.*", 9), ("decimal.+", 9))
"""What two numbers make together, with bits."""
_NUMBER = re.compile(r"(?<![\d.])\d{1,3}(?:,\d{3})+(?![\d,])|\d+(?:\.\d+)?")
_DIGIT = re.compile(r"\d")
_WORD = re.compile(r"[^\W\d_]{2,}(?![^\W\d_])")
_STRICT = re.compile(
    r"(?i)(?:\b(?:over|above|more than|exceeds|up to|max|until|über|bis|mehr als|plus de)\.?|>(?!=)|≤|<=)\s*[$€£]?\d"
)


@dataclass(frozen=True)
class Bands:
    """Labels of bands."""

    name: str = "bands"

    def bind(self, column: Column) -> BoundBands:
        """Note the column; bands are found on first use."""
        return BoundBands(column)


class BoundBands:
    """The bands of one column."""

    def __init__(self, column: Column) -> None:
        self.column = column
        enough = len(column.rows) > (FEWEST if column.leaf else 1)
        self.usable = enough and all(isinstance(o, str) and o for o in column.outputs)
        self._known: dict[tuple[str, ...], list[Piece]] = {}

    @cached_property
    def readings(self) -> list[NumberReading]:
        """The numbers whose bands labels may name, found on first use."""
        return list(_readings(self.column))

    def pieces(self, outputs: tuple[str, ...]) -> list[Piece]:
        """The bands of each number whose order the labels follow."""
        if outputs not in self._known:
            self._known[outputs] = self._find(outputs)
        return self._known[outputs]

    def _find(self, outputs: tuple[str, ...]) -> list[Piece]:
        told = _numbers(outputs)
        found: list[Piece] = []
        for reading in self.readings:
            if max(v.adjusted() for v in reading.values) >= DIGITS or _named_blank(self.column, reading, outputs):
                continue
            rows = sorted(zip(reading.values, outputs, strict=True))
            if any(a == b and x != y for (a, x), (b, y) in pairwise(rows)):
                continue
            bands = [(label, [v for v, _ in some]) for label, some in groupby(rows, key=lambda r: r[1])]
            labels = [label for label, _ in bands]
            if len(labels) - len({*labels}) > (labels[0] == labels[-1]):
                continue
            found += (*_around(reading, bands, outputs), *_within(reading, bands, outputs))
            gaps = [(below[-1], above[0]) for (_, below), (_, above) in pairwise(bands)]
            # days that are left of a month or year are close where dates are, whichever part of the date decides
            shown = [0] * len(gaps) if reading.key[-2:-1] == ("left",) else shown_bounds(gaps, reading.values)
            texts = _texts(outputs)
            for strict in (False, True):
                bounds = thresholds(gaps, told, strict=strict, reading=reading)
                sure = all(b in told for b, _ in bounds) and _named([b for b, _ in bounds], labels)
                if not sure and (len({*labels}) < FEWEST or len(rows) < len(bands) + SPARE):
                    continue
                cost = BASE + reading.cost + sum(BOUND + bits for _, bits in bounds) + texts - sum(shown)
                cost += ABOVE * (strict != any(map(_STRICT.search, labels)) and not all(shown))
                build = partial(
                    _choice, reading, [b for b, _ in bounds], labels, "decimal.<" if strict else "decimal.<="
                )
                found.append(Piece(outputs, cost, build, name="bands"))
        return found

    def starting(self, positions: Sequence[int], rests: Sequence[str]) -> Iterator[Piece]:
        """The bands whose labels are the outputs, or words of theirs at some position if each label occurs twice."""
        if not self.usable:
            return
        if not any(positions) and tuple(rests) == self.column.outputs:
            yield from self.pieces(self.column.outputs)
        for words in dict.fromkeys(_parts(rests)):
            counts = Counter(words)
            if (
                all(words)
                and words != self.column.outputs
                and FEWEST <= len(counts) <= len(words) // 2
                and min(counts.values()) > 1
            ):
                yield from self.pieces(words)


def _named_blank(column: Column, reading: NumberReading, outputs: Sequence[str]) -> bool:
    """Whether cells without a number, which another number stands for, have a label of their own: it names no band."""
    if not isinstance(reading.key[-1], Decimal):
        return False
    i = reading.key[0]
    cells = [row[i] for row in column.rows]
    without = {o for c, o in zip(cells, outputs, strict=True) if not isinstance(c, str) or not _DIGIT.search(c)}
    return bool(without) and without.isdisjoint(
        o for c, o in zip(cells, outputs, strict=True) if isinstance(c, str) and _DIGIT.search(c)
    )


def _parts(rests: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Words, or several up to a sign, with which the rests begin: ``box truck`` of ``box truck, two drivers``."""
    for pattern in (_WORD, re.compile(PHRASE)):
        yield tuple(m.group() if (m := pattern.match(r)) else "" for r in rests)


def _readings(column: Column) -> Iterator[NumberReading]:
    """Numbers of the row, and quotients and differences of those of two inputs."""
    every = sorted(number_readings(column), key=lambda r: r.cost)
    found = every[:READINGS]
    yield from found
    yield from (r for r in every[READINGS:] if r.key[0] == "between" and r.key[1] in SPANS)
    best: dict[object, NumberReading] = {}
    for reading in found:
        if reading.plain:
            best.setdefault(reading.key[0], reading)
    for (i, first), (j, second) in permutations(enumerate(best.values()), 2):
        for name, bits in RELATED:
            if (name == "decimal./" and not all(second.values)) or (name[-1] in "*+" and i > j):
                continue
            values = tuple(_RELATE[name](x, y) for x, y in zip(first.values, second.values, strict=True))
            cost = first.cost + second.cost + bits
            yield NumberReading(
                (name, first.key, second.key), cost, partial(_related, name, first, second), values, False
            )


_RELATE = {
    "decimal./": CONTEXT.divide,
    "decimal.-": CONTEXT.subtract,
    "decimal.*": CONTEXT.multiply,
    "decimal.+": CONTEXT.add,
}


def _related(name: str, first: NumberReading, second: NumberReading) -> Program:
    return call(name, first.build(), second.build())


def _around(
    reading: NumberReading, bands: Sequence[tuple[str, Sequence[Decimal]]], outputs: tuple[str, ...]
) -> Iterator[Piece]:
    """Labels of what is below a number, this number itself, and what is above it: zero, or a whole one beside others with decimals."""
    labels = [label for label, _ in bands]
    middle = {*bands[1][1]} if len({*labels}) == len(labels) == FEWEST else set()
    if len(middle) != 1 or any(map(_NUMBER.search, labels)):
        return
    value = middle.pop()
    if value != int(value) or (value and any(v == int(v) for v in (*bands[0][1], *bands[2][1]))):
        return
    value = Decimal(int(value))
    cost = BASE + AROUND + reading.cost + 2 * len(value.as_tuple().digits) + sum(map(_bits, labels))
    yield Piece(outputs, cost, partial(_beside, reading, value, labels), name="bands")


AROUND = 14
"""Bits of a number that has a label of its own, between those of the lower and of the greater ones."""


def _beside(reading: NumberReading, value: Decimal, labels: Sequence[str]) -> Program:
    number, bound = reading.build(), decimal(value)
    rest = call("ite", call("decimal.<", bound, number), text(labels[2]), text(labels[1]))
    return call("ite", call("decimal.<", number, bound), text(labels[0]), rest)


TOLERANCE = 5
"""Bits of a tolerance in both directions, in addition to those of its bound."""


def _within(
    reading: NumberReading, bands: Sequence[tuple[str, Sequence[Decimal]]], outputs: tuple[str, ...]
) -> Iterator[Piece]:
    """Labels of two numbers that are no farther apart than a tolerance, and of a lower and of a greater one."""
    labels = [label for label, _ in bands]
    if reading.key[0] != "decimal.-" or not len({*labels}) == len(labels) == FEWEST or any(map(_NUMBER.search, labels)):
        return
    (_, below), (_, inside), (_, above) = bands
    least, most = max(map(abs, inside)), min(-below[-1], above[0])
    if len(outputs) < FEWEST + SPARE or not 0 < least < most:
        return
    bound = _roundest(least, most, strict=True)
    bits = BOUND + 2 * len(bound.normalize().as_tuple().digits)
    cost = BASE + TOLERANCE + reading.cost + bits + sum(map(_bits, labels))
    yield Piece(outputs, cost, partial(_apart, reading, bound, labels), name="bands")


def _apart(reading: NumberReading, bound: Decimal, labels: Sequence[str]) -> Program:
    number = reading.build()
    beyond = call("ite", call("decimal.<", number, decimal(Decimal(0))), text(labels[0]), text(labels[2]))
    return call("ite", call("decimal.<=", call("decimal.abs", number), decimal(bound)), text(labels[1]), beyond)


def _numbers(labels: Sequence[str]) -> frozenset[Decimal]:
    """The numbers that labels name, if no label is a number itself."""
    found = {Decimal(n.replace(",", "")) for label in labels for n in _NUMBER.findall(label)}
    return frozenset() if all(map(_NUMBER.fullmatch, labels)) else frozenset(found)


def _named(bounds: Sequence[Decimal], labels: Sequence[str]) -> bool:
    """Whether every label has a number that is a bound of its band, or the last whole number before one: ``18-64`` before ``65+``."""
    for label, low, high in zip(labels, [None, *bounds], [*bounds, None], strict=True):
        numbers = _numbers([label, ""])
        if not numbers & {b for b in (low, high, None if high is None else high - 1) if b is not None}:
            return False
    return True


def thresholds(
    gaps: Sequence[tuple[Decimal, Decimal]],
    told: frozenset[Decimal],
    *,
    strict: bool,
    reading: NumberReading | None = None,
) -> list[tuple[Decimal, int]]:
    """A bound within each gap, with its bits: a told number, one that is common for what the number is, or the roundest one.

    Args:
        gaps: the greatest number of a band, and the least one of the next.
        told: the numbers that the labels name.
        strict: whether a bound belongs to the band below.
        reading: the number, if it is known.
    """
    natural = () if reading is None else natural_thresholds(reading)
    found = []
    for low, high in gaps:
        named = [t for t in told if (low <= t < high if strict else low < t <= high)]
        if named:
            found.append((max(named), TOLD))
        else:
            bound = _roundest(low, high, strict=strict)
            odd = 0 if reading is None else unusual(reading, bound)
            options = [(2 * len(bound.normalize().as_tuple().digits) + odd, bound)]
            options += [
                (COMMON + bits, Decimal(n)) for n, bits in natural if (low <= n < high if strict else low < n <= high)
            ]
            bits, bound = min(options)
            found.append((bound, bits + UNTOLD * bool(told)))
    return found


def _roundest(low: Decimal, high: Decimal, *, strict: bool) -> Decimal:
    """The number with the fewest digits within a gap: a multiple of a power of ten, or of five of them."""
    for exponent in range(max(high.adjusted(), low.adjusted()) + 1, low.adjusted() - 6, -1):
        for digits in (1, 5, 2, 25):
            step = Decimal(digits).scaleb(exponent)
            rounded = CONTEXT.multiply((high / step).to_integral_value("ROUND_FLOOR"), step)
            if strict and rounded == high:
                rounded = CONTEXT.subtract(rounded, step)
            if (low <= rounded) if strict else (low < rounded):
                return rounded
    return low if strict else high


def _texts(outputs: Sequence[str]) -> int:
    """Bits of the labels, each once; those of several rows take no more than as the constants of branches."""
    counts = Counter(outputs)
    return sum(
        min(_bits(t), NAMED + _bits(t) - LETTER_NAMED * sum(map(str.isalpha, t))) if n > 1 else _bits(t)
        for t, n in counts.items()
    )


NAMED, LETTER_NAMED = 5, 1
"""Bits of a label that several rows have, and what each of its letters saves then: the more letters, the surer it names a kind."""


def _bits(label: str) -> int:
    return TEXT + sum(DIGIT if c.isdigit() else LETTER if c.isalpha() else OTHER for c in label)


def _choice(reading: NumberReading, bounds: Sequence[Decimal], labels: Sequence[str], less: str) -> Program:
    number = reading.build()
    program: Program = text(labels[0])
    for bound, label in zip(bounds, labels[1:], strict=True):
        program = call("ite", call(less, decimal(bound), number), text(label), program)
    return program
