"""Numbers computed from two or three numbers of a row by a common formula: a sum, a share, a percentage change, hours and minutes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache, lru_cache
from itertools import combinations, permutations
from math import log2
from typing import Any

import numpy as np
import numpy.typing as npt

from neurosynth.language.evaluate import Evaluator
from neurosynth.language.program import Input, Program
from neurosynth_dsls.columns.decimals import round_to
from neurosynth_dsls.columns.number_format import CONTEXT
from neurosynth_dsls.columns.pieces.building import call
from neurosynth_dsls.columns.pieces.number_factors import ROUGH, factor_rules
from neurosynth_dsls.columns.pieces.number_lines import Rule, decimal
from neurosynth_dsls.columns.pieces.number_readings import NumberReading
from neurosynth_dsls.columns.pieces.number_values import DIGITS
from neurosynth_dsls.columns.pieces.told_numbers import digits_of
from neurosynth_dsls.columns.types import DECIMAL

__all__ = ["Combinations", "Combined", "combined"]

READINGS = 7
"""Number of numbers of a row on which formulas are tried, the cheapest."""
TOLD, DOUBTED = 16, 3
"""Bits of the results that a factor after a formula needs, and bits for each that is missing: four digits have factors by chance."""
MODES = (("half_up", 6), ("floor", 12), ("ceiling", 12))
"""Roundings of a result, and their bits; the last two apply only to whole numbers."""


@dataclass(frozen=True, slots=True, eq=False)
class Formula:
    """A function of two or three numbers, as a program over theirs."""

    name: str
    cost: int
    build: Callable[..., Program]
    count: int = 2
    symmetric: bool = False
    divides: bool = False
    """Whether results are rarely whole, so that whole ones are slightly suspect."""
    scaled: bool = False
    """Whether it is one quantity in parts (feet and inches), which a unit factor may follow."""


@dataclass(frozen=True, slots=True, eq=False)
class Combined:
    """A formula over some numbers of a row, with its values on the example rows."""

    reading: NumberReading
    formula: Formula

    def rules(self, ys: Sequence[Decimal], shown: int, fixed: bool) -> Iterator[Rule]:
        """From the values to the numbers ``ys``, of which ``shown`` decimals are written: unchanged, rounded, shifted or multiplied."""
        xs = self.reading.values
        if xs == tuple(ys):
            yield Rule("", "", 3 * (fixed and not shown and self.formula.divides), lambda p: p)
            return
        if any(v.adjusted() >= min(DIGITS, CONTEXT.prec - 2 - shown) for v in (*xs, *ys)):
            return  # identifiers and long fractions, which no rounding has digits for
        step = Decimal(1).scaleb(-shown)
        if abs(xs[0] - ys[0]) <= step and (fixed or shown):
            yield from _rounded(xs, ys, step, lambda p: p, 0)
        elif xs[0] and ys[0]:
            yield from _shifted(xs, ys, step)
        if self.formula.scaled and len(set(xs)) > 2 and len(set(ys)) > 1:
            told = sum(log2(1 + float(abs(y) / step)) for y in set(ys))
            doubt = int(DOUBTED * max(0.0, TOLD - told))
            yield from (replace(r, cost=r.cost + doubt) for r in factor_rules(xs, ys, shown, fixed))


class Combinations:
    """All formulas over the numbers of a column. Those that no rule can lead to given numbers are passed over at once: they were tried
    one by one, a thousand for each number written, in a quarter of the time of a search."""

    def __init__(self, found: Sequence[Combined]) -> None:
        self.found = found
        self._values = np.array([[float(x) for x in both.reading.values] for both in found])

    def near(self, ys: Sequence[Decimal], shown: int) -> Iterator[Combined]:
        """The formulas of which one factor may make all numbers ``ys``, or numbers that are rounded to them; a few others, too."""
        if self.found:
            for at in np.flatnonzero(self._may_become(ys, shown)).tolist():
                yield self.found[at]

    def _may_become(self, ys: Sequence[Decimal], shown: int) -> npt.NDArray[np.bool_]:
        """Whether the factors that lead from every value to about its y have a common one."""
        x, y = self._values, np.array([float(v) for v in ys])
        digits = max(len(v.as_tuple().digits) for v in ys)
        about = np.array([max(10.0**-shown, 10.0 ** (v.adjusted() - digits + 1)) for v in ys])
        with np.errstate(all="ignore"):
            one, other = (y - about) / x, (y + about) / x
            low, high = np.minimum(one, other), np.maximum(one, other)
            zero = x == 0
            low, high = np.where(zero, -np.inf, low).max(axis=1), np.where(zero, np.inf, high).min(axis=1)
            apart = low - high > ROUGH * np.maximum(np.abs(low), np.abs(high))
        lost = (zero & (np.abs(y) > about * (1 + ROUGH))).any(axis=1)
        possible: npt.NDArray[np.bool_] = ~(apart | lost)
        return possible


def _rounded(
    xs: Sequence[Decimal], ys: Sequence[Decimal], step: Decimal, before: Callable[[Program], Program], cost: int
) -> Iterator[Rule]:
    for mode, bits in MODES if step == 1 else MODES[:1]:
        if all(round_to(step, mode, x) == y for x, y in zip(xs, ys, strict=True)):
            yield Rule(
                f"round {step} {mode} {cost}",
                "round",
                bits + cost,
                lambda p, m=mode: call("decimal.round", decimal(step), m, before(p)),  # type: ignore[misc]  # a bound default has no type
            )
            return


def _shifted(xs: Sequence[Decimal], ys: Sequence[Decimal], step: Decimal) -> Iterator[Rule]:
    """Thousands or millions of the values, hundredths of them, rounded."""
    places = ys[0].adjusted() - xs[0].adjusted()
    for n in (places, places - 1, places + 1):
        moved = [x.scaleb(n) for x in xs]
        if n in (0, 1, -1) or abs(n) > 9 or abs(moved[0] - ys[0]) > step:
            continue
        before = lambda p, n=n: call("decimal.shift", n, p)  # noqa: E731  # a lambda a loop binds
        if moved == list(ys):
            yield Rule(f"shift {n}", "shift", 10 + abs(n), before)
        else:
            yield from _rounded(moved, ys, step, before, 8 + abs(n))
        return


def _hundredth(p: Program) -> Program:
    return call("decimal.shift", -2, p)


def _times(a: Program, n: int) -> Program:
    return call("decimal.*", a, decimal(Decimal(n)))


def _over(a: Program, n: int) -> Program:
    return call("decimal./", a, decimal(Decimal(n)))


def _plus(*parts: Program) -> Program:
    first, *rest = parts
    for p in rest:
        first = call("decimal.+", first, p)
    return first


def _one(sign: str, p: Program) -> Program:
    return call(f"decimal.{sign}", decimal(Decimal(1)), _hundredth(p))


def _parts(n: int, cost: int) -> Formula:
    """``a`` of a unit that is ``n`` of the unit of ``b``."""
    return Formula(f"{n} and", cost, lambda a, b: _plus(_times(a, n), b), scaled=True)


def _in_three(n: int, m: int, cost: int) -> Formula:
    """``a`` of a unit that is ``n`` of the unit of ``b``, which is ``m`` of that of ``c``."""
    return Formula(f"{n} and {m}", cost, lambda a, b, c: _plus(_times(a, n * m), _times(b, m), c), 3, scaled=True)


THREE = ((24, 60), (20, 12), (3, 12), (14, 16), (12, 12), (7, 24))
"""Days, hours and minutes; pounds, shillings and pence; yards, feet and inches; stones, pounds and ounces; gross, dozens and pieces; weeks,
days and hours."""
SQUARE = "square by"
"""The square of one number times another one."""
FORMULAS: tuple[Formula, ...] = (
    *(
        _parts(n, cost)
        for n, cost in ((60, 16), (12, 16), (16, 18), (24, 18), (7, 19), (14, 19), (100, 18), (3, 20), (2, 20))
    ),
    Formula("and sixtieths", 18, lambda a, b: _plus(a, _over(b, 60)), divides=True),
    Formula("clock", 18, lambda a, b, c: _plus(_times(a, 3600), _times(b, 60), c), 3, scaled=True),
    *(_in_three(n, m, 20) for n, m in THREE),
    Formula("degrees", 18, lambda a, b, c: _plus(a, _over(b, 60), _over(c, 3600)), 3, divides=True),
    Formula("hypotenuse", 20, lambda a, b: _root_of_squares(a, b), symmetric=True),
    Formula(
        "geometric mean", 22, lambda a, b: call("decimal.sqrt", call("decimal.*", a, b)), symmetric=True, scaled=True
    ),
    Formula("harmonic mean", 24, lambda a, b: _harmonic(a, b), symmetric=True, divides=True),
    Formula("log ratio", 24, lambda a, b: call("decimal.ln", call("decimal./", b, a))),
    Formula(SQUARE, 20, lambda a, b: call("decimal.*", _square(a), b), scaled=True),
)


BEGUN = 6
"""Bits of whole units, each of which counts as soon as it was begun."""


def _beyond(a: Program, b: Program) -> Program:
    return call("decimal.max", decimal(Decimal(0)), call("decimal.-", a, b))


def _begun(a: Program, b: Program) -> Program:
    return call("decimal.round", decimal(Decimal(1)), "ceiling", _beyond(a, b))


SURPLUS: tuple[Formula, ...] = tuple(
    formula
    for bits, beyond, name in ((0, _beyond, ""), (BEGUN, _begun, " begun"))
    for formula in (
        Formula("beyond times" + name, 21 + bits, lambda a, b, c, e=beyond: call("decimal.*", e(a, b), c), 3),
        Formula(
            "fee and beyond times" + name,
            28 + bits,
            lambda a, b, c, d, e=beyond: _plus(d, call("decimal.*", e(a, b), c)),
            4,
        ),
    )
)
"""The price of what is beyond a free amount: days of storage, minutes of a call, pages; also with a fixed fee."""
VALUES = 2048
"""Number of values kept of each formula."""
WHOLE_UNITS = 2
"""So many of them, the first, do not round."""


def _square(p: Program) -> Program:
    return call("decimal.power", p, decimal(Decimal(2)))


def _root_of_squares(a: Program, b: Program) -> Program:
    return call("decimal.sqrt", _plus(_square(a), _square(b)))


def _harmonic(a: Program, b: Program) -> Program:
    return call("decimal./", _times(call("decimal.*", a, b), 2), _plus(a, b))


@cache
def _compiled(formulas: tuple[Formula, ...]) -> tuple[tuple[Formula, Callable[[tuple[str, ...]], Any]], ...]:
    """The formulas, with code that computes them from numbers as they are written and keeps the last values: parts of a column have the
    same rows."""
    arguments = [Input(i, DECIMAL) for i in range(4)]
    return tuple((f, _computing(f.build(*arguments[: f.count]))) for f in formulas)


def _computing(program: Program) -> Callable[[tuple[str, ...]], Any]:
    function = Evaluator().function(program)
    return lru_cache(maxsize=VALUES)(lambda row: function(tuple(map(Decimal, row))))


def combined(found: Sequence[NumberReading]) -> Iterator[Combined]:
    """The formulas over numbers that exist in every row."""
    apart: dict[Any, NumberReading] = {}
    for r in sorted((r for r in found if r.plain), key=lambda r: r.cost):
        apart.setdefault((r.key[0], *digits_of(r)), r)  # 125.000 and 125,000 are one number
    plain = [*apart.values()][:READINGS]
    yield from _surpluses(plain)
    texts = {id(r): tuple(map(str, r.values)) for r in plain}
    for formula, compute in _compiled(FORMULAS):
        orders = combinations(plain, formula.count) if formula.symmetric else permutations(plain, formula.count)
        for chosen in orders:
            if formula.name == SQUARE and chosen[0].key[0] == chosen[1].key[0]:
                continue  # hours and minutes of a time, which nobody squares
            values = []
            for row in zip(*(texts[id(r)] for r in chosen), strict=True):
                value = compute(row)
                if not isinstance(value, Decimal):
                    break
                values.append(value)
            else:
                yield Combined(_reading(formula, chosen, values), formula)


def _surpluses(plain: Sequence[NumberReading]) -> Iterator[Combined]:
    """Formulas over what one number is beyond another one, where it is beyond in some rows and not in others; one number of each input."""
    inputs: dict[Any, NumberReading] = {}
    for r in plain:
        inputs.setdefault(r.key[0], r)
    for first, second in permutations(inputs.values(), 2):
        beyond = [a > b for a, b in zip(first.values, second.values, strict=True)]
        if all(beyond) or not any(beyond):
            continue
        others = [r for r in inputs.values() if r is not first and r is not second]
        parts = any(v != v.to_integral_value() for r in (first, second) for v in r.values)
        for formula, compute in _compiled(SURPLUS if parts else SURPLUS[:WHOLE_UNITS]):
            for rest in permutations(others, formula.count - 2):
                chosen = (first, second, *rest)
                values = [compute(row) for row in zip(*(tuple(map(str, r.values)) for r in chosen), strict=True)]
                if all(isinstance(v, Decimal) for v in values):
                    yield Combined(_reading(formula, chosen, values), formula)


def _reading(formula: Formula, chosen: Sequence[NumberReading], values: Sequence[Decimal]) -> NumberReading:
    return NumberReading(
        (formula.name, *(r.key for r in chosen)),
        sum(r.cost for r in chosen) + formula.cost,
        lambda: formula.build(*(r.build() for r in chosen)),
        tuple(values),
        False,
    )
