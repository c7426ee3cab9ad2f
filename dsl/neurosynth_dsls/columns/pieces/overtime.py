"""Pay with overtime: hours beyond so many count one and a half times, or twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from itertools import permutations
from math import log2

import numpy as np
import numpy.typing as npt

from neurosynth.language.program import Program
from neurosynth_dsls.columns.pieces.building import call
from neurosynth_dsls.columns.pieces.expressions import Floats
from neurosynth_dsls.columns.pieces.number_lines import decimal

__all__ = ["Overtime", "overtime"]

BITS = 16
"""Bits of overtime, in addition to those of its numbers."""
EXTRA = ((Decimal("0.5"), 0), (Decimal(1), 3), (Decimal("0.25"), 4))
"""What an hour of overtime counts more, with bits."""
DIGIT = 4
"""Bits of a digit of the hours from which on there is overtime."""

Overtime = tuple[int, int, float, str, Callable[[Program, Sequence[Program]], Program]]
"""The number of hours, the bits, the bits of choosing, a name, and the program from that of the hours and those of all numbers."""


def overtime(values: Floats, low: Floats, high: Floats) -> Iterator[Overtime]:
    """Products of hours and a rate with overtime that lead into the bounds on all rows.

    Args:
        values: the numbers of the rows, ``(N, E)`` for ``N`` numbers and ``E`` rows.
        low: the least results, ``(E,)``.
        high: the greatest ones.
    """
    count = len(values)
    for h, r in permutations(range(count), 2):
        hours, rate = values[h], values[r]
        if (hours <= 0).any() or (rate <= 0).any():
            continue
        plain = (low <= hours * rate) & (hours * rate <= high)
        more = high / rate - hours
        if plain.all() or not plain.any() or (more[~plain] <= 0).any():
            continue
        for extra, bits in EXTRA:
            limit = _limit(hours, ((low + high) / 2 / rate - hours) / float(extra), plain)
            if limit is None:
                continue
            paid = rate * (hours + float(extra) * np.maximum(0, hours - float(limit)))
            if ((low <= paid) & (paid <= high)).all():
                told = bits + DIGIT * len(limit.normalize().as_tuple().digits)
                yield (
                    h,
                    BITS + told,
                    log2(3 * count * count) + told,
                    f"overtime {limit} {extra} {r}",
                    _paid(limit, extra, r),
                )


def _limit(hours: Floats, beyond: Floats, plain: npt.NDArray[np.bool_]) -> Decimal | None:
    """The whole number of hours after which there is overtime, the same in all rows that have some."""
    limits = {round(float(v)) for v in (hours - beyond)[~plain]}
    if len(limits) != 1:
        return None
    limit = limits.pop()
    fits = hours[plain].max() <= limit < hours[~plain].min()
    return Decimal(limit) if limit > 0 and fits else None


def _paid(limit: Decimal, extra: Decimal, rate: int) -> Callable[[Program, Sequence[Program]], Program]:
    def build(p: Program, numbers: Sequence[Program]) -> Program:
        beyond = call("decimal.max", decimal(Decimal(0)), call("decimal.-", p, decimal(limit)))
        counted = beyond if extra == 1 else call("decimal.*", beyond, decimal(extra))
        return call("decimal.*", call("decimal.+", p, counted), numbers[rate])

    return build
