"""Formulas that lead from several numbers of a row to one of the output: found among small expressions by their rounded value.

A constant in a formula is solved for: in ``k e``, ``e + k`` and ``b ± k e``, ``b (e + k)``, ``(e + k) / b`` for expressions ``e`` and
numbers ``b`` of the row, every row bounds it, and the simplest number within the bounds is taken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import chain, permutations
from math import log2
from typing import Any

import numpy as np

from neurosynth.language.pieces import Column
from neurosynth.language.program import Apply, Input, Program
from neurosynth_dsls.columns.decimals import round_to
from neurosynth_dsls.columns.pieces.amount_readings import TYPED
from neurosynth_dsls.columns.pieces.building import call, function_of, integer
from neurosynth_dsls.columns.pieces.expressions import Expressions, Floats
from neurosynth_dsls.columns.pieces.formula_constants import (
    CONSTANT,
    TRIED,
    Constant,
    bits_of,
    constants,
    ends,
    less,
    plainest,
    plus,
    power_of_ten,
    quotients,
    scaled_by,
)
from neurosynth_dsls.columns.pieces.growth import growths
from neurosynth_dsls.columns.pieces.number_bounds import bound_bits
from neurosynth_dsls.columns.pieces.number_lines import Rule, decimal
from neurosynth_dsls.columns.pieces.number_readings import NumberReading
from neurosynth_dsls.columns.pieces.overtime import overtime
from neurosynth_dsls.columns.pieces.taxes import included
from neurosynth_dsls.columns.pieces.told_numbers import digits_of
from neurosynth_dsls.columns.pieces.weighted import weighted
from neurosynth_dsls.columns.pieces.whole_numbers import whole_numbers
from neurosynth_dsls.columns.types import DECIMAL

__all__ = ["Formulas", "chosen"]

WHOLE = "plain"
"""The way of reading a cell that is a number."""
COUNTED = ("count of", "list")
"""Kinds of numbers that are counted rather than read, and that formulas may use."""
READ_AGAIN = ("digits", "percent")
"""Ways of reading numbers that other ways read already, or that cut them."""
READINGS = 5
"""Number of numbers of a row on which formulas are tried, the cheapest of each input first."""
PAIRED = 14
"""Number of numbers of a row on which formulas of two numbers are tried."""
LAST = ("number", -1)
"""The last number of a text, which may be used beside the first one even if their number varies: ``2x Cable 5 m @ 12.90``."""
DEAREST = 10
"""Readings with this cost are of something else, such as digits of a date."""
SPANS = 1
"""Maximum number of days and hours of the row that formulas use."""
LONGEST = 15
"""Maximum number of digits of a number."""
BASE = 8
"""Bits of any formula."""
MODES = (("half_up", 6), ("floor", 12), ("ceiling", 12))
"""Roundings of a result, and their bits; the last two apply only to whole numbers and to quotients."""
NEAREST = "half_up"
PERCENT = 3
"""Bits of a hundred times a quotient."""
POWER = 5
"""Bits of a power of ten, in addition to its places."""
MARGIN = 3
"""Minimum number of bits of the outputs beyond those of choosing the formula."""
DOUBTED = 3
"""Bits for each bit of the margin that is missing."""
AT_MOST = 6
"""Bits of a bound, in addition to its digits."""
EITHER = 6
"""Bits of the larger or smaller of a number and a multiple of another."""
FEW = 6
"""Bits of a formula that only one or two rows of a branch support."""
LEAST, REPEATED, ONE = 2, 3, 4
"""Minimum number of different results within a bound, rows with the bound that make up for a second one, and bits of one alone."""
EXACT = 1e-9
"""Maximum relative error of binary fractions; hits are verified in decimals."""


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    """An expression with further operations on it."""

    line: int
    cost: int
    bits: float
    """Bits of choosing it."""
    name: str
    after: Callable[[Program, Sequence[Program]], Program]
    """From the program of the expression and those of the numbers to that of the result."""
    divides: bool = False


class Formulas:
    """The formulas of one column."""

    def __init__(self, column: Column, readings: Sequence[NumberReading]) -> None:
        self.few = not column.believes
        """Whether the rows are too few for all but one operation on two whole cells, or on the two numbers of the only cell."""
        whole = whole_numbers(column, readings) if self.few else readings
        self.numbers = chosen(whole, most=PAIRED) if len(column.rows) > 1 or (self.few and len(whole) > 1) else []
        self._table: Expressions | None = None
        self._known: dict[Any, list[tuple[NumberReading, Rule]]] = {}

    def leading(self, ys: Sequence[Decimal], shown: int, fixed: bool) -> list[tuple[NumberReading, Rule]]:
        """Formulas whose values are the numbers ``ys``, or give them rounded to the ``shown`` decimals.

        Args:
            ys: numbers of the outputs, one for each row.
            shown: maximum number of written decimals.
            fixed: whether that many are always written.
        """
        if not self.numbers:
            return []
        key = (*ys, shown, fixed)
        if key not in self._known:
            with np.errstate(all="ignore"):
                self._known[key] = list(self._search(ys, shown, fixed))
        return self._known[key]

    @property
    def table(self) -> Expressions:
        """The expressions, built on first use."""
        if self._table is None:
            self._table = Expressions([r.values for r in self.numbers], [r.cost for r in self.numbers], count=READINGS)
        return self._table

    def _search(self, ys: Sequence[Decimal], shown: int, fixed: bool) -> Iterator[tuple[NumberReading, Rule]]:
        step = Decimal(1).scaleb(-shown)
        told = sum(max(1.0, log2(1 + float(abs(y) / step))) for y in set(ys))
        found = [
            f if f.bits < told or not f.name else replace(f, cost=f.cost + int(DOUBTED * (f.bits - told)))
            for f in self._candidates(ys, float(step))
            if f.bits - MARGIN < told or (f.line < self.table.sizes[1] and not f.name)
        ]
        arguments = [Input(i, DECIMAL) for i in range(len(self.numbers))]
        seen = set()
        for f in sorted(found, key=lambda f: f.cost)[:TRIED]:
            name = f"{self.table.text(f.line)} {f.name}"
            if name in seen:
                continue
            seen.add(name)
            function = function_of(f.after(self.table.build(f.line, arguments), arguments))
            xs = [function(row) for row in zip(*(r.values for r in self.numbers), strict=True)]
            if all(isinstance(x, Decimal) for x in xs):
                rule = _rounding(xs, ys, step, shown, fixed, f.divides)
                if rule is not None:
                    yield self._reading(f, name, xs), rule

    def _reading(self, f: _Found, name: str, xs: Sequence[Decimal]) -> NumberReading:
        def build() -> Program:
            numbers = [r.build() for r in self.numbers]
            percents = {n: r.share() for n, r in zip(numbers, self.numbers, strict=True) if r.share is not None}
            return _shares(f.after(self.table.build(f.line, numbers), numbers), percents)

        return NumberReading(("formula", name, *(r.key for r in self.numbers)), f.cost, build, tuple(xs), False)

    def _candidates(self, ys: Sequence[Decimal], step: float) -> Iterator[_Found]:
        y = np.array([float(v) for v in ys])
        slack = np.abs(y) * EXACT + step * EXACT
        low, high = y - step / 2 - slack, y + step / 2 + slack
        table = self.table
        beyond = table.values - y
        near = (np.abs(beyond) <= (step if step == 1 else step / 2) + slack).all(axis=1)
        up, down = (((s * beyond > -step) & (s * beyond <= slack)).all(axis=1) for s in (1, -1))
        start = table.count
        end = table.sizes[1] if self.few else len(table.values)
        for line in np.flatnonzero((near | up | down)[start:end]) + start:
            if table.arithmetic(int(line)) if self.few else near[line] or table.divides(int(line)):
                yield self._plain(int(line))
        if len(set(ys)) > 1 and self.few:
            yield from self._percents(low, high)
        elif len(set(ys)) > 1:
            yield from self._bounded(ys, low, high)
            yield from self._scaled(low, high)
            yield from self._moved(low, high)
            yield from self._either(low, high)
            numbers = table.values[: table.count]
            for a, cost, bits, name, build in chain(
                *(make(numbers, low, high) for make in (growths, overtime, included))
            ):
                yield _Found(a, BASE + int(table.costs[a]) + cost, bits + MARGIN, name, build, divides=True)
            for a, cost, bits, name, build, divides in weighted(numbers, low, high):
                yield _Found(a, BASE + int(table.costs[a]) + cost, bits + MARGIN, name, build, divides)

    def _percents(self, low: Floats, high: Floats) -> Iterator[_Found]:
        """Quotients of two whole cells in percent, which few rows tell, too."""
        table = self.table
        values = 100 * table.values[table.count : table.sizes[1]]
        for at in np.flatnonzero(((low <= values) & (values <= high)).all(axis=1)) + table.count:
            if table.divides(int(at)):
                found = self._plain(int(at))
                yield replace(
                    found,
                    cost=found.cost + PERCENT,
                    bits=found.bits + 1,
                    name="times 100",
                    after=lambda p, _: scaled_by(p, Decimal(100)),
                )

    def _plain(self, line: int) -> _Found:
        bits = self.table.bits(line) + MARGIN
        cost = BASE + int(self.table.costs[line]) + FEW * self.few
        return _Found(line, cost, bits, "", lambda p, _: p, self.table.divides(line))

    def _bounded(self, ys: Sequence[Decimal], low: Floats, high: Floats) -> Iterator[_Found]:
        """Expressions of two numbers that are bounded by the smallest or the largest result, if two different results lie on this side
        of it."""
        table = self.table
        values = table.values[table.count : table.sizes[1]]
        for name, bound, beyond in (
            ("decimal.min", max(ys), values >= low),
            ("decimal.max", min(ys), values <= high),
        ):
            ends = np.array([y == bound for y in ys])
            if ends.all() or (len(set(ys)) <= LEAST and ends.sum() < REPEATED):
                continue
            within = (values >= low) & (values <= high)
            fits = np.where(ends, beyond, within).all(axis=1) & ~within.all(axis=1)
            cost = bound_bits(bound) + AT_MOST
            for line in np.flatnonzero(fits) + table.count:
                yield _Found(
                    int(line),
                    BASE + int(table.costs[line]) + cost + ONE * (len(set(ys)) <= LEAST),
                    table.bits(int(line)) + cost + MARGIN,
                    f"{name} {bound}",
                    lambda p, _, n=name, b=bound: call(n, decimal(b), p),  # type: ignore[misc]  # a bound default has no type
                    table.divides(int(line)),
                )

    def _scaled(self, low: Floats, high: Floats) -> Iterator[_Found]:
        """``k e`` for expressions of two numbers and more."""
        table = self.table
        start = table.count
        least, most = quotients(low, high, table.values[start:])
        for line, k in constants(least, most, table.costs[start:], scaled=True):
            if k <= 0 or k == 1:
                continue
            at, power = line + start, power_of_ten(k)
            cost = (
                PERCENT if power == 2 and table.divides(at) else POWER + abs(power) if power is not None else bits_of(k)
            )
            yield _Found(
                at,
                BASE + int(table.costs[at]) + cost,
                table.bits(at) + (cost if power is None else 1 if cost == PERCENT else POWER) + MARGIN,
                f"times {k}",
                lambda p, _, k=k: scaled_by(p, k),  # type: ignore[misc]  # a bound default has no type
                table.divides(at),
            )

    def _moved(self, low: Floats, high: Floats) -> Iterator[_Found]:
        """``e + k``, and those followed by another number of the row."""
        table = self.table
        least, most = low - table.values[: table.sizes[1]], high - table.values[: table.sizes[1]]
        yield from self._with(
            least[table.count :], most[table.count :], table.count, "e + k", lambda p, k, b: plus(p, k), None
        )
        for j in range(table.count):
            b = table.values[j]
            e = table.values[: table.sizes[1]]
            for name, (first, last), build in (
                ("b + k e", quotients(low - b, high - b, e), lambda p, k, b: call("decimal.+", b, scaled_by(p, k))),
                ("k e - b", quotients(low + b, high + b, e), lambda p, k, b: call("decimal.-", scaled_by(p, k), b)),
                ("b - k e", quotients(b - high, b - low, e), lambda p, k, b: call("decimal.-", b, scaled_by(p, k))),
                ("b (e + k)", less(*ends(low / b, high / b), e), lambda p, k, b: call("decimal.*", plus(p, k), b)),
                ("(e + k) / b", less(*ends(low * b, high * b), e), lambda p, k, b: call("decimal./", plus(p, k), b)),
            ):
                yield from self._with(first, last, 0, name, build, j)

    def _either(self, low: Floats, high: Floats) -> Iterator[_Found]:
        """``max(b, k e)`` and ``min(b, k e)`` for numbers of the row, if at least two rows tell the factor: weight by size or by volume."""
        table = self.table
        for j, line in permutations(range(table.count), 2):
            b, e = table.values[j], table.values[line]
            told = (b < low) | (b > high)
            if told.sum() < 2 or told.all() or (e[told] == 0).any():
                continue
            name = "decimal.max" if (b < low)[told].all() else "decimal.min"
            first, last = ends(low[told] / e[told], high[told] / e[told])
            k = plainest(float(first.max()), float(last.min())) if first.max() <= last.min() else None
            if k is None or k <= 0 or k == 1:
                continue
            value, others = float(k) * e[~told], b[~told]
            if not ((value <= others) if name == "decimal.max" else (value >= others)).all():
                continue
            cost = bits_of(k)
            yield _Found(
                line,
                BASE + int(table.costs[line]) + int(table.costs[j]) + EITHER + cost,
                log2(table.count * (5 * table.count + 2)) + cost + MARGIN,
                f"{name} {j} {k}",
                lambda p, numbers, n=name, j=j, k=k: call(n, numbers[j], scaled_by(p, k)),  # type: ignore[misc]  # a bound default has no type
                table.divides(line),
            )

    def _with(
        self,
        least: Floats,
        most: Floats,
        start: int,
        name: str,
        build: Callable[[Program, Constant, Program], Program],
        other: int | None,
    ) -> Iterator[_Found]:
        table = self.table
        own = 0 if other is None else 6 + int(table.costs[other])
        for at, k in constants(least, most, table.costs[start:], scaled="k e" in name):
            line = at + start
            if (
                k == 0
                or (k % 100 == 0 and table.text(line).startswith("percent"))
                or (
                    other is not None and (int(table.uses[line]) >> other & 1 or ("k e" in name and (k <= 0 or k == 1)))
                )
            ):
                continue
            cost = bits_of(k if k > 0 else -k)
            j = -1 if other is None else other
            # of the numbers themselves there are few, and of their factors as many as digits tell apart: three points a win
            lines, more = (table.count, cost - CONSTANT) if line < table.count else (table.sizes[1], cost)
            yield _Found(
                line,
                BASE + int(table.costs[line]) + own + cost,
                log2(lines * (5 * table.count + 2)) + more + MARGIN,
                f"{name} {k} {other}",
                lambda p, numbers, k=k, j=j: build(p, k, numbers[j]),  # type: ignore[misc]  # a bound default has no type
                name.endswith("/ b") or table.divides(line),
            )


def chosen(readings: Sequence[NumberReading], *, most: int = READINGS) -> list[NumberReading]:
    """Up to ``most`` numbers that formulas are tried on: the cheapest of every input, then the next ones, and a few from several texts.

    Of equal ones of an input, the cheapest is taken, and a whole cell before a part of one.
    """
    ranked: list[tuple[int, int, NumberReading]] = []
    count: dict[Any, int] = {}
    seen: set[tuple[Any, ...]] = set()
    lists = {r.key[0] for r in readings if r.key[1:3] == ("list", "count")}
    for r in sorted(
        (r for r in readings if (r.plain or r.key[1] in COUNTED) and r.cost < DEAREST), key=lambda r: r.cost
    ):
        place = (r.key[0], r.plain)
        digits = (r.key[0], *digits_of(r))
        again = place in count and (r.key[1] in READ_AGAIN or (r.plain and r.key[0] in lists and r.key[1:] != LAST))
        unlisted = r.key[1] == "list" and r.key[0] not in lists
        longest = max(len(v.as_tuple().digits) for v in r.values)
        known = (*place, *r.values) in seen or (r.plain and digits in seen)  # 125.000 and 125,000 are one number
        if (r.key[1] in TYPED or not (again or unlisted or known)) and longest <= LONGEST:
            seen |= {(*place, *r.values), digits}
            rank = count[place] = count.get(place, 0) + 1
            ranked.append((rank, r.cost, r))
    spans = [r for r in readings if (r.key[0] == "between" and r.key[1] == "day") or r.key[1:] == ("in", "h")]
    spans = sorted((r for r in spans if len(set(r.values)) > 1 and min(r.values) >= 0), key=lambda r: r.cost)[:SPANS]
    return [*spans, *(r for _, _, r in sorted(ranked, key=lambda t: (*t[:2], t[2].key[1] != WHOLE)))][:most]


def _shares(program: Program, percents: Mapping[Program, Program]) -> Program:
    """The program in which the hundredth of a number that is a percent is read as such."""
    if not percents or not isinstance(program, Apply):
        return program
    if program.primitive.name == "decimal.shift" and program.arguments[0] == integer(-2):
        return percents.get(program.arguments[1], program)
    return Apply(program.primitive, tuple(_shares(a, percents) for a in program.arguments))


def _rounding(
    xs: Sequence[Decimal], ys: Sequence[Decimal], step: Decimal, shown: int, fixed: bool, divides: bool
) -> Rule | None:
    """Nothing, or a rounding from results to the written numbers."""
    if list(xs) == list(ys):
        return Rule("", "", 3 * (divides and (not shown if fixed else True)), lambda p: p)
    for mode, bits in MODES:
        if step != 1 and mode != NEAREST and not divides:
            continue
        if (fixed or shown) and all(round_to(step, mode, x) == y for x, y in zip(xs, ys, strict=True)):
            return Rule(
                f"round {step} {mode}",
                "round",
                bits,
                lambda p, m=mode: call("decimal.round", decimal(step), m, p),  # type: ignore[misc]  # a bound default has no type
            )
    return None
