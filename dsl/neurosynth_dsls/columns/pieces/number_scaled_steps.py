"""Factors whose products are rounded to tens, hundreds, halves or fives: kilograms as pounds to the nearest hundred, prices to five cents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import partial
from math import log2, log10

from neurosynth.language.program import Program
from neurosynth_dsls.columns.pieces.building import call
from neurosynth_dsls.columns.pieces.number_factors import SAVED, UNCONFIRMED, unit_between
from neurosynth_dsls.columns.pieces.number_lines import Rule, decimal, exact, simplest, times

__all__ = ["scaled_steps"]

KNOWN, OTHER = 34, 37
"""Bits of a known factor between units, and of another one without its digits."""
TOLD = 4
"""Digits of multiples of the step that tell one of the known factors; each digit of another one must be told, too."""
MODES = (("half_up", 0), ("ceiling", 4), ("floor", 4))
"""Rounding modes and their bits."""
MOST = 3
"""Maximum number of steps tried, the coarsest ones of which all results are multiples."""
DOUBT = 8
"""Bits at most by which a step is doubted where all results are multiples of a coarser one."""


def scaled_steps(
    xs: Sequence[Decimal], ys: Sequence[Decimal], steps: Sequence[tuple[Decimal, int]], shown: int
) -> Iterator[Rule]:
    """``a x`` rounded to a multiple of a coarser step than the decimals that are shown."""
    pairs = dict(zip(xs, ys, strict=True))
    if len(pairs) < 2 or len(set(ys)) < 2 or min(xs) <= 0 or min(ys) < 0:
        return
    finest = Decimal(1).scaleb(-shown)
    fitting = [(step, bits) for step, bits in reversed(steps) if step > finest and all(y % step == 0 for y in ys)]
    for step, bits in fitting[:MOST]:
        told = sum(log10(y / step) for y in pairs.values() if y)
        doubt = min(DOUBT, int(len(pairs) * log2(fitting[0][0] / step) / 2))
        for mode, extra in MODES if told >= TOLD else ():
            found = _factor(pairs, step, mode, told)
            if found is not None:
                a, cost = found
                cost += bits + extra + doubt + UNCONFIRMED * (len(pairs) == 2)
                yield Rule(f"factor {a} {step} {mode}", "factor", cost, partial(_build, a, step, mode), places=shown)


def _factor(pairs: dict[Decimal, Decimal], step: Decimal, mode: str, told: float) -> tuple[Fraction, int] | None:
    """The plainest factor that leads from every number to its multiple, and its bits."""
    below, above = {"half_up": (0.5, 0.5), "ceiling": (1, 0), "floor": (0, 1)}[mode]
    size = float(step)  # a look with binary fractions that rules out most
    low = max((float(y) - below * size) / float(x) for x, y in pairs.items())
    high = min((float(y) + above * size) / float(x) for x, y in pairs.items())
    if low >= high or low <= 1 <= high:
        return None
    lows, highs = Fraction(below) * Fraction(step), Fraction(above) * Fraction(step)
    least = max((Fraction(y) - lows) / Fraction(x) for x, y in pairs.items())
    most = min((Fraction(y) + highs) / Fraction(x) for x, y in pairs.items())
    margin = (most - least) / 64  # neither end is certain to be inside
    known = unit_between(least + margin, most - margin)
    if known is not None:
        return known, KNOWN
    a = simplest(least + margin, most - margin)
    if a is None or a <= 0 or len(pairs) < 3:
        return None
    written = str(exact(a) or a)
    return (a, OTHER + len(written)) if told >= SAVED + len(written.strip("0.").replace(".", "")) else None


def _build(a: Fraction, step: Decimal, mode: str, p: Program) -> Program:
    return call("decimal.round", decimal(step), mode, times(p, a))
