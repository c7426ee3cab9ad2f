"""Amounts that grow with each full step, up to a bound: a day of leave more for every five years, 1.50 for each further half hour."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import partial

from neurosynth.language.program import Program
from neurosynth_dsls.columns.decimals import round_to
from neurosynth_dsls.columns.pieces.building import call
from neurosynth_dsls.columns.pieces.number_bounds import bound_bits
from neurosynth_dsls.columns.pieces.number_kept import kept
from neurosynth_dsls.columns.pieces.number_lines import Rule, decimal
from neurosynth_dsls.columns.pieces.number_values import nice_steps

__all__ = ["cumulative"]

BASE = 17
"""Bits of an amount that grows by steps."""
GAIN, DIGIT = 4, 3
"""Bits of what each step adds, unless it is one, and of a digit of a constant."""
BOUND = 4
"""Bits of a bound, in addition to its own."""
CEILING = 3
"""Bits of steps that count as soon as they are begun."""
CONFIRMED = 2
"""Rows that are needed in addition to those that determine the constants."""
LARGEST = 10**9


@kept
def cumulative(xs: Sequence[Decimal], ys: Sequence[Decimal]) -> Iterator[Rule]:
    """``min(bound, base + gain * floor(x / step))``, with a bound or without: rules with which every x becomes its y."""
    pairs = dict(zip(xs, ys, strict=True))
    if len(pairs) < 3 + CONFIRMED or not 3 <= len({*ys}) < len(pairs) or max(map(abs, (*xs, *ys))) >= LARGEST:
        return
    led = [y for _, y in sorted(pairs.items())]
    if led not in (sorted(led), sorted(led, reverse=True)):
        return
    for step, bits in nice_steps():
        for mode in ("floor", "ceiling"):
            units = {x: round_to(step, mode, x) / step for x in pairs}
            if not 1 < len({*units.values()}) < len(pairs):
                continue
            yield from _rules(pairs, units, step, mode, bits)


def _rules(
    pairs: dict[Decimal, Decimal], units: dict[Decimal, Decimal], step: Decimal, mode: str, bits: int
) -> Iterator[Rule]:
    first, *others = sorted(pairs)
    second = next((x for x in others if units[x] != units[first]), None)
    if second is None or pairs[second] == pairs[first]:
        return
    gain = (pairs[second] - pairs[first]) / (units[second] - units[first])
    base = pairs[first] - gain * units[first]
    if exact_digits(gain) > 2 or exact_digits(base) > 3:
        return
    bound = pairs[others[-1]]
    wrong = [x for x, y in pairs.items() if base + gain * units[x] != y]
    beyond = all(pairs[x] == bound and (base + gain * units[x] - bound) * gain > 0 for x in wrong)
    if not beyond or len(pairs) < 2 + bool(base) + bool(wrong) + CONFIRMED:
        return
    cost = BASE + bits + CEILING * (mode == "ceiling") + DIGIT * exact_digits(base) * bool(base)
    cost += (GAIN + DIGIT * exact_digits(gain)) * (gain != 1) + (BOUND + bound_bits(bound)) * bool(wrong)
    limit = bound if wrong else None
    name = f"{mode} {step} {gain} {base} {limit}"
    yield Rule(name, "cumulative", cost, partial(_grown, step, mode, gain, base, limit))


def exact_digits(value: Decimal) -> int:
    """Number of digits of a constant."""
    return len(value.normalize().as_tuple().digits)


def _grown(step: Decimal, mode: str, gain: Decimal, base: Decimal, bound: Decimal | None, p: Program) -> Program:
    units = call("decimal.round", decimal(Decimal(1)), mode, call("decimal./", p, decimal(step)) if step != 1 else p)
    value = call("decimal.*", units, decimal(gain)) if gain != 1 else units
    value = call("decimal.+", value, decimal(base)) if base else value
    return value if bound is None else call("decimal.min" if gain > 0 else "decimal.max", decimal(bound), value)
