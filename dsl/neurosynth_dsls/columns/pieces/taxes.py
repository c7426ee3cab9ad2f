"""The tax inside a price: of 119 at 19 %, it is 19."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from itertools import permutations
from math import log2

from neurosynth.language.program import Program
from neurosynth_dsls.columns.pieces.building import call
from neurosynth_dsls.columns.pieces.expressions import Floats
from neurosynth_dsls.columns.pieces.number_lines import decimal

__all__ = ["Included", "included"]

BITS = 13
"""Bits of a tax inside a price, in addition to those of the price and the rate."""
MOST = 100
"""The highest rate in percent."""

Included = tuple[int, int, float, str, Callable[[Program, Sequence[Program]], Program]]
"""The price, the bits, the bits of choosing, a name, and the program from that of the price and those of all numbers."""


def included(values: Floats, low: Floats, high: Floats) -> Iterator[Included]:
    """The taxes at a rate in percent that lead into the bounds on all rows.

    Args:
        values: the numbers of the rows, ``(N, E)`` for ``N`` numbers and ``E`` rows.
        low: the least results, ``(E,)``.
        high: the greatest ones.
    """
    count = len(values)
    for price, rate in permutations(range(count), 2):
        rates = values[rate]
        if rates.min() < 0 or rates.max() > MOST or not rates.any():
            continue
        tax = values[price] * rates / (100 + rates)
        if ((low <= tax) & (tax <= high)).all():
            yield price, BITS, log2(count * count), f"included {rate}", _tax(rate)


def _tax(rate: int) -> Callable[[Program, Sequence[Program]], Program]:
    def build(p: Program, numbers: Sequence[Program]) -> Program:
        factor = call("decimal.+", decimal(Decimal(1)), call("decimal.shift", -2, numbers[rate]))
        return call("decimal.-", p, call("decimal./", p, factor))

    return build
