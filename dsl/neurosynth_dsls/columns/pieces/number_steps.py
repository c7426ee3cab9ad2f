"""Steps of a difference: the age band of a birth year in the year of a survey, ``1984, 2025 → 40-44``, the age group of a player."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from functools import partial
from itertools import permutations

from neurosynth.language.program import Program
from neurosynth_dsls.columns.decimals import round_to
from neurosynth_dsls.columns.pieces.building import call
from neurosynth_dsls.columns.pieces.number_kept import kept
from neurosynth_dsls.columns.pieces.number_lines import Rule, decimal
from neurosynth_dsls.columns.pieces.number_readings import NumberReading

__all__ = ["differences", "offset_steps", "priced_units", "solved_steps"]

BITS = 10
"""Bits of a difference of two numbers."""
SOLVED, DIGIT = 25, 3
"""Bits of a step of a difference with a constant, and of each digit of that."""
OFFSET = 22
"""Bits of a multiple of a step with an offset, in addition to those of the offset's digits."""
PRICES = ((1, 0), (10, 4), (100, 6), (5, 6))
"""Steps of prices, and their bits."""
MODES = (("ceiling", 0), ("half_up", 0), ("floor", 1))
"""Roundings, and their bits: prices usually go up."""
FEWEST = 3
"""Different numbers from which on a constant is sought."""
LARGEST = 10**6
"""Numbers from which on no constant is sought."""


def differences(readings: Sequence[NumberReading]) -> list[NumberReading]:
    """The differences of the whole numbers of two inputs that are never negative."""
    best: dict[object, NumberReading] = {}
    for reading in sorted(readings, key=lambda r: r.cost):
        if reading.plain and _whole(reading.values):
            best.setdefault(reading.key[0], reading)
    found = []
    for first, second in permutations(best.values(), 2):
        values = tuple(x - y for x, y in zip(first.values, second.values, strict=True))
        if min(values) >= 0 and len(set(second.values)) > 1:
            key = ("difference", first.key, second.key)
            cost = first.cost + second.cost + BITS
            found.append(NumberReading(key, cost, partial(_less, first, second), values, False))
    return found


def _less(first: NumberReading, second: NumberReading) -> Program:
    return call("decimal.-", first.build(), second.build())


def _whole(values: Sequence[Decimal]) -> bool:
    return all(v == v.to_integral_value() and abs(v) < LARGEST for v in values)


def solved_steps(xs: Sequence[Decimal], ys: Sequence[Decimal], steps: Sequence[tuple[Decimal, int]]) -> Iterator[Rule]:
    """Multiples of a step to which ``k - x`` is rounded, up or down, and the last numbers before the next multiple, if the rows leave one
    whole ``k``."""
    if not _whole((*xs, *ys)) or len(set(xs)) < FEWEST or len(set(ys)) < 2:
        return
    for step, bits in steps:
        if step < 2 or step != step.to_integral_value():
            continue
        for name, below, above, last in (
            ("ceiling", step - 1, Decimal(0), Decimal(0)),
            ("floor", Decimal(0), step - 1, Decimal(0)),
            ("high", Decimal(0), step - 1, step - 1),
        ):
            starts = [y - last for y in ys]
            if any(s % step for s in starts):
                continue
            low = max(s - below + x for s, x in zip(starts, xs, strict=True))
            if low == min(s + above + x for s, x in zip(starts, xs, strict=True)) and low > 0:
                cost = SOLVED + bits + DIGIT * len(low.normalize().as_tuple().digits)
                mode = "ceiling" if name == "ceiling" else "floor"
                yield Rule(
                    f"{name} {step} of {low} less", f"step {step} of {low}", cost, _builder(low, step, mode, last)
                )


def _builder(k: Decimal, step: Decimal, mode: str, last: Decimal) -> Callable[[Program], Program]:
    def build(p: Program) -> Program:
        rounded = call("decimal.round", decimal(step), mode, call("decimal.-", decimal(k), p))
        return call("decimal.+", rounded, decimal(last)) if last else rounded

    return build


@kept
def offset_steps(xs: Sequence[Decimal], ys: Sequence[Decimal]) -> Iterator[Rule]:
    """Multiples of a step moved by one offset to which numbers are rounded: 4.95, 5.95; 19, 29."""
    if len(set(xs)) < FEWEST or len(set(ys)) < 2 or any(abs(v) >= LARGEST for v in (*xs, *ys)):
        return
    for size, bits in PRICES:
        step = Decimal(size)
        offsets = {y % step for y in ys}
        if len(offsets) > 1 or not (offset := offsets.pop()) or offset < 0:
            continue
        for mode, more in MODES:
            if all(round_to(step, mode, x - offset) + offset == y for x, y in zip(xs, ys, strict=True)):
                cost = OFFSET + bits + more + DIGIT * len(offset.normalize().as_tuple().digits)
                yield Rule(f"{mode} {step} and {offset}", f"offset {step}", cost, partial(_offset, step, mode, offset))
        return


@kept
def priced_units(xs: Sequence[Decimal], ys: Sequence[Decimal]) -> Iterator[Rule]:
    """A price for each unit that was begun, or for each full one: 2.50 for every hour of parking."""
    if len(set(xs)) < 2 or any(abs(v) >= LARGEST for v in (*xs, *ys)):
        return
    for mode, bits in (("ceiling", 0), ("floor", 2)):
        units = [round_to(Decimal(1), mode, x) for x in xs]
        if units == list(xs) or len({*units}) < 2 or min(units) < 0:
            continue
        price = next((y / u for y, u in zip(ys, units, strict=True) if u), Decimal(0))
        if price > 0 and price != 1 and all(price * u == y for u, y in zip(units, ys, strict=True)):
            digits = len(price.normalize().as_tuple().digits)
            if digits < FEWEST + 1:
                yield Rule(
                    f"{mode} {price} each", "units", PRICED + bits + DIGIT * digits, partial(_priced, mode, price)
                )


def _priced(mode: str, price: Decimal, p: Program) -> Program:
    return call("decimal.*", call("decimal.round", decimal(Decimal(1)), mode, p), decimal(price))


PRICED = 20
"""Bits of a price for each unit, in addition to its digits."""


def _offset(step: Decimal, mode: str, offset: Decimal, p: Program) -> Program:
    moved = call("decimal.-", p, decimal(offset))
    return call("decimal.+", call("decimal.round", decimal(step), mode, moved), decimal(offset))
