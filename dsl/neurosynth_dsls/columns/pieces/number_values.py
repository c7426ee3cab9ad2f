"""Rules that lead from numbers read to numbers written, found from both: rounding, ranges, scaling, linear rules."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from functools import cache, lru_cache, partial
from math import gcd, log2

from neurosynth.language.program import Program
from neurosynth_dsls.columns.decimals import round_significant, round_to
from neurosynth_dsls.columns.number_format import CONTEXT
from neurosynth_dsls.columns.pieces.building import call
from neurosynth_dsls.columns.pieces.number_divided_steps import divided_steps
from neurosynth_dsls.columns.pieces.number_factors import EXACT, TIMES, UNCONFIRMED, UNITS, factor_rules, verified
from neurosynth_dsls.columns.pieces.number_functions import function_rules
from neurosynth_dsls.columns.pieces.number_lines import Rule, decimal, line, rests
from neurosynth_dsls.columns.pieces.number_quotients import divided
from neurosynth_dsls.columns.pieces.number_rounded_lines import rounded_lines
from neurosynth_dsls.columns.pieces.number_scaled_steps import scaled_steps

__all__ = ["DIGITS", "nice_steps", "rules", "stepped"]

MODES = (("half_up", 0), ("half_even", 3), ("floor", 4), ("down", 4), ("up", 6), ("ceiling", 6))
"""Rounding modes and their bits."""
NEAREST = ("half_up", "half_even")
"""Modes that go up about as often as down."""
COARSE = 8
"""Bits at most by which a step is doubted where all that was rounded are multiples of a coarser one."""
CLASS = 2
"""Bits that going down to tens and hundreds saves, which name a class: the 800s, the 1990s."""
DIGITS = 18
"""Digits before the mark of a number that rules are sought for: longer ones are identifiers."""
LESS = tuple(map(Decimal, ("0", "1", "0.1", "0.01", "0.001")))
"""What the end of a range is short of the next range's start."""


@cache
def nice_steps() -> tuple[tuple[Decimal, int], ...]:
    """Steps that people round to, with their bits."""
    found: dict[Decimal, int] = {}
    for exponent in range(-6, 8):
        for digits, bits in ((1, 0), (5, 5), (2, 7), (25, 9)):
            found.setdefault(Decimal(digits).scaleb(exponent), bits)
    for digits in (3, 4, 6, 7, 8, 12, 15, 24, 30, 60, 90, 100):
        found.setdefault(Decimal(digits), 8)
    return tuple(sorted(found.items()))


def rules(
    xs: Sequence[Decimal],
    ys: Sequence[Decimal],
    steps: Sequence[tuple[Decimal, int]],
    shown: int,
    fixed: bool,
    believed: bool = True,
) -> Iterator[Rule]:
    """Rules with which every x becomes its y, which is written with ``shown`` decimals.

    ``steps`` are those to try; ``fixed`` says that all y show the same decimals; without enough rows to believe more, only the number
    itself and powers of ten are tried.
    """
    if any(v.adjusted() >= DIGITS for v in (*xs, *ys)):
        believed = False
    if tuple(xs) == tuple(ys):
        yield Rule("", "", 0, lambda p: p)
        if all(x == x.to_integral_value() for x in xs):
            return
    yield from _scaled(xs, ys)
    if not believed:
        yield from _known(xs, ys, shown) if len(set(xs)) > 1 else ()
        return
    yield from _rounded(xs, ys, steps)
    yield from divided(xs, ys)
    yield from _significant(xs, ys)
    yield from verified(_linear(xs, ys), xs, ys)
    by_factor = partial(factor_rules, shown=shown, fixed=fixed)
    yield from verified(function_rules(xs, ys, shown, by_factor), xs, ys)
    if len(set(xs)) > 1:
        yield from factor_rules(xs, ys, shown, fixed)
        yield from verified(scaled_steps(xs, ys, steps, shown), xs, ys)
        yield from verified(divided_steps(xs, ys, steps, shown), xs, ys)
        yield from verified(rounded_lines(xs, ys, shown), xs, ys)
        yield from verified(_temperature(xs, ys, shown), xs, ys)


def _known(xs: Sequence[Decimal], ys: Sequence[Decimal], shown: int) -> Iterator[Rule]:
    """Conversions that are known as such, which few rows say: scales of temperature, whole parts and rests of usual divisors, and
    rounding to the nearest number with the decimals that are shown."""
    yield from verified(_temperature(xs, ys, shown), xs, ys)
    step = Decimal(1).scaleb(-shown)
    gaps = [y - x for x, y in zip(xs, ys, strict=True)]
    if any(gaps) if shown else all(gaps) and max(gaps) > 0:
        nearest = (r for r in _rounded(xs, ys, [(step, 0)]) if r.key == f"round {step} half_up")
        yield from (replace(r, cost=r.cost + DOWN * (max(gaps) <= 0)) for r in nearest)
    yield from divided(xs, ys)
    yield from rests(xs, ys)
    a = next((Fraction(y) / Fraction(x) for x, y in zip(xs, ys, strict=True) if x), Fraction(0))
    known = a in PLAIN or (len(set(xs)) > 1 and 1 < a < HIGHEST and a.denominator == 1)
    if known and any(ys) and all(a * Fraction(x) == Fraction(y) for x, y in zip(xs, ys, strict=True)):
        yield Rule(f"linear {a} 0", "linear", FEW + FURTHER * (a not in PLAIN), partial(line, a=a, b=Fraction(0)))


DOWN = 4
"""Additional bits of rounding to decimals if none of two rows goes up."""
HIGHEST, FURTHER = 100, 6
"""Bound of other whole factors that two rows tell, and their additional bits: a rate on some days."""
PLAIN = tuple(map(Fraction, ("1/2", "2", "3", "1/4", "4")))
"""Factors that two rows tell."""
FEW = 20
"""Bits of such a factor."""


def _scaled(xs: Sequence[Decimal], ys: Sequence[Decimal]) -> Iterator[Rule]:
    if not xs[0] or not ys[0]:
        return
    places = ys[0].adjusted() - xs[0].adjusted()
    if places and abs(places) <= 12 and all(x.scaleb(places) == y for x, y in zip(xs, ys, strict=True)):
        yield Rule(f"shift {places}", "shift", 15 + abs(places), lambda p: call("decimal.shift", places, p))


def stepped(xs: Sequence[Decimal], ys: Sequence[Decimal], steps: Sequence[tuple[Decimal, int]]) -> Iterator[Rule]:
    """Multiples of a step greater than 1 to which numbers are rounded, and the ends of ranges of such a length."""
    yield from _rounded(xs, ys, [(step, bits) for step, bits in steps if step > 1])


def _rounded(xs: Sequence[Decimal], ys: Sequence[Decimal], steps: Sequence[tuple[Decimal, int]]) -> Iterator[Rule]:
    """Multiples of a step, and the ends of ranges."""
    gaps = [y - x for x, y in zip(xs, ys, strict=True)]
    widest = max(map(abs, gaps))
    for multiple, bits in steps:
        if multiple < widest or ys[0] % multiple not in _rests(multiple):
            continue
        step = Decimal(f"{multiple:f}")
        if all(y % step == 0 for y in ys):
            yield from _to_multiple(xs, ys, step, bits)
        if all(-step < g for g in gaps):
            yield from _range_ends(xs, ys, step, bits)


@lru_cache(maxsize=1024)
def _rests(step: Decimal) -> frozenset[Decimal]:
    """What may remain of a multiple of a step, or of the end of a range of that length, when it is divided by the step."""
    ends = {offset - less for offset in (Decimal(0), Decimal(1)) if offset < step for less in LESS if less < step}
    rests = {end % step for end in (*ends, Decimal(0), Decimal(1))}
    return frozenset(r + more for r in rests for more in (Decimal(0), step, -step))


def _to_multiple(xs: Sequence[Decimal], ys: Sequence[Decimal], step: Decimal, bits: int) -> Iterator[Rule]:
    gaps = dict(zip(xs, (y - x for x, y in zip(xs, ys, strict=True)), strict=True)).values()
    coarse = _coarse(xs, ys, step)
    moved = sum(g != 0 for g in gaps)
    one_way = moved if all(g >= 0 for g in gaps) or all(g <= 0 for g in gaps) else 0
    for mode, extra in MODES:
        if all(round_to(step, mode, x) == y for x, y in zip(xs, ys, strict=True)):
            extra += one_way if mode in NEAREST else 0
            extra -= CLASS if mode == "floor" and step >= 10 else 0
            family = f"range {step} 0" if mode == "floor" else f"round {step} {mode}"
            yield Rule(
                f"round {step} {mode}",
                family,
                16 + bits + extra + coarse * (mode != "floor"),
                lambda p, m=mode: call("decimal.round", decimal(step), m, p),  # type: ignore[misc]  # a bound default has no type
                _places(step),
            )


def _coarse(xs: Sequence[Decimal], ys: Sequence[Decimal], step: Decimal) -> int:
    """Bits of the chance that every number that was changed became a multiple of a coarser step, too: half of them, as steps are seldom even."""
    changed = {int(y / step) for x, y in zip(xs, ys, strict=True) if x != y}
    common = gcd(*changed)
    times = max((m * 10**e for e in range(8) for m in (1, 2, 5) if common and common % (m * 10**e) == 0), default=1)
    return min(COARSE, int(len(changed) * log2(times) / 2))


def _places(step: Decimal) -> int:
    """Decimals of the multiples of a step."""
    exponent = step.normalize().as_tuple().exponent
    assert isinstance(exponent, int)
    return max(0, -exponent)


def _range_ends(xs: Sequence[Decimal], ys: Sequence[Decimal], step: Decimal, bits: int) -> Iterator[Rule]:
    for offset in (Decimal(0), Decimal(1)):
        if offset >= step:
            continue
        first = ys[0] - round_to(step, "floor", xs[0] - offset) - offset
        if not (first == 0 and offset) and step - first not in LESS:
            continue
        floors = [round_to(step, "floor", x - offset) + offset for x in xs]
        low = _low(step, offset)
        family = f"range {step} {offset}"
        if offset and floors == list(ys):
            yield Rule(f"{family} low", family, 26 + bits, low)
        for less in LESS:
            if less < step and all(f + step - less == y for f, y in zip(floors, ys, strict=True)):
                amount = step - less
                yield Rule(
                    f"{family} high {less}",
                    family,
                    26 + bits + (less > 0) + 2 * bool(offset),
                    lambda p, a=amount, low=low: call("decimal.+", low(p), decimal(a)),  # type: ignore[misc]  # a bound default has no type
                )


def _low(step: Decimal, offset: Decimal) -> Callable[[Program], Program]:
    def build(p: Program) -> Program:
        if not offset:
            return call("decimal.round", decimal(step), "floor", p)
        moved = call("decimal.-", p, decimal(offset))
        return call("decimal.+", call("decimal.round", decimal(step), "floor", moved), decimal(offset))

    return build


def _significant(xs: Sequence[Decimal], ys: Sequence[Decimal]) -> Iterator[Rule]:
    for digits in (1, 2, 3, 4):
        if all(round_significant(digits, "half_up", x) == y for x, y in zip(xs, ys, strict=True)):
            rounded = partial(call, "decimal.round_significant", digits, "half_up")
            yield Rule(f"significant {digits}", "significant", 26, rounded)
            return


def _linear(xs: Sequence[Decimal], ys: Sequence[Decimal]) -> Iterator[Rule]:
    """``a x + b`` exactly; two points say it, a third confirms it, and so do two numbers of few digits."""
    distinct = dict(zip(xs, ys, strict=True))
    if len(distinct) < 2:
        return
    (x0, y0), (x1, y1), *_ = distinct.items()
    a = Fraction(y1 - y0) / Fraction(x1 - x0)
    b = Fraction(y0) - a * Fraction(x0)
    if not a or max(a.denominator, b.denominator) > 10**5 or (a == 1 and not b):
        return
    if all(a * Fraction(x) + b == Fraction(y) for x, y in distinct.items()):
        known = a == -1 if b > 0 else not b and (a in UNITS or 1 / a in UNITS)
        plain = not b and a.denominator == 1 and 2 <= a <= TIMES
        cost = 30 - EXACT if known or plain else 30 + len(str(a)) + len(str(b)) * (b != 0)
        if len(distinct) == 2:
            told = sum(len(y.normalize().as_tuple().digits) for y in distinct.values())
            slope = (
                len(str(a).lstrip("-")) if abs(a) != 1 else 0
            )  # then one number is chosen, and the second row confirms it
            if slope + (len(str(b).lstrip("-")) if b else 0) >= told:
                return
            cost += UNCONFIRMED
        yield Rule(f"linear {a} {b}", "linear", cost, lambda p: line(p, a, b))


TEMPERATURES = tuple(
    (Fraction(a), Fraction(b))
    for a, b in (
        ("5/9", "-160/9"),
        ("9/5", "32"),
        ("1", "273.15"),
        ("1", "-273.15"),
        ("5/9", "45967/180"),
        ("9/5", "-459.67"),
    )
)
"""Scales of temperature: ``a x + b``."""


COARSER = ((Decimal(25), 2), (Decimal(10), 1), (Decimal(5), 0))
"""Degrees to which a scale of temperature is rounded where no finer step fits, with their bits: dials of ovens.

A line through three such points has constants that hide the rounding: ``0.6 x - 35``.
"""


def _temperature(xs: Sequence[Decimal], ys: Sequence[Decimal], shown: int) -> Iterator[Rule]:
    """A change of scale that rounding hides from :func:`_linear`."""
    near = 1.0 + abs(float(ys[0])) / 10  # a look with binary fractions that rules out most
    for a, b in TEMPERATURES:
        if abs(float(a) * float(xs[0]) + float(b) - float(ys[0])) > near:
            continue
        told = [a * Fraction(x) + b for x in xs]
        values = [CONTEXT.divide(Decimal(e.numerator), Decimal(e.denominator)) for e in told]
        if values == list(ys):
            yield Rule(f"temperature {a}", "factor", 33, partial(line, a=a, b=b))
            continue
        for significant in (False, True):
            digits = max(len(y.as_tuple().digits) for y in ys) if significant else shown
            rounded = [_round(v, digits, significant) for v in values]
            if rounded == list(ys):
                yield Rule(f"temperature {a} {digits}", "factor", 34, _affine_builder(a, b, digits, significant))
        for step, bits in COARSER if len(set(ys)) > 2 else ():
            if all(round_to(step, "half_up", v) == y for v, y in zip(values, ys, strict=True)):
                build = partial(_nearest, a, b, step)
                yield Rule(f"temperature {a} to {step}", "factor", 34 + bits, build, _places(step))
                break


def _nearest(a: Fraction, b: Fraction, step: Decimal, p: Program) -> Program:
    return call("decimal.round", decimal(step), "half_up", line(p, a, b))


def _round(value: Decimal, digits: int, significant: bool) -> Decimal:
    if significant:
        return round_significant(max(1, digits), "half_up", value)
    return round_to(Decimal(1).scaleb(-digits), "half_up", value)


def _affine_builder(a: Fraction, b: Fraction, digits: int, significant: bool) -> Callable[[Program], Program]:
    def build(p: Program) -> Program:
        value = line(p, a, b)
        if significant:
            return call("decimal.round_significant", digits, "half_up", value)
        return call("decimal.round", decimal(Decimal(1).scaleb(-digits)), "half_up", value)

    return build
