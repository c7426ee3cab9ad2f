"""Weighted means of two or three numbers of a row, whose weights the rows tell: exam 60 %, coursework 40 %."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from math import log2

import numpy as np

from neurosynth.language.program import Program
from neurosynth_dsls.columns.pieces.building import call
from neurosynth_dsls.columns.pieces.expressions import Floats
from neurosynth_dsls.columns.pieces.formula_constants import CONSTANT, plainest
from neurosynth_dsls.columns.pieces.number_lines import decimal

__all__ = ["Weighted", "weighted"]

DIGIT = 3
"""Bits of a digit of a weight."""
PARTS = (3, 6, 7)
"""Denominators of weights that no decimal is."""
NUMBERS = 6
"""Numbers of a row that three weights are sought for, the first."""
HUNDREDTHS = 100
"""Weights of three numbers are whole percents."""

Weighted = tuple[int, int, float, str, Callable[[Program, Sequence[Program]], Program], bool]
"""The first number, the bits, the bits of choosing, a name, the program from that of the number and those of all, and whether it divides."""


def weighted(values: Floats, low: Floats, high: Floats) -> Iterator[Weighted]:
    """The weighted means that lead into the bounds on all rows.

    Args:
        values: the numbers of the rows, ``(N, E)`` for ``N`` numbers and ``E`` rows.
        low: the least results, ``(E,)``.
        high: the greatest ones.
    """
    count = len(values)
    for a, b in combinations(range(count), 2):
        k = _weight(values[a], values[b], low, high)
        if k is None or k == Fraction(1, 2):
            continue
        bits = CONSTANT + DIGIT * len(str(k).replace("0.", "").replace("/", ""))
        if isinstance(k, Fraction):
            yield a, bits, log2(count * count) + bits, f"weight {k} {b}", _of_parts(k, b), True
        else:
            yield a, bits, log2(count * count) + bits, f"weight {k} {b}", _of_weights((k, 1 - k), (b,)), False
    if values.shape[1] > 2:
        for a, b, c in combinations(range(min(count, NUMBERS)), 3):
            found = _weights(values[[a, b, c]], low, high)
            if found is not None:
                bits = CONSTANT + DIGIT * sum(len(str(w).replace("0.", "")) for w in found)
                yield a, bits, log2(count**3) + bits, f"weights {found} {b} {c}", _of_weights(found, (b, c)), False


def _weight(a: Floats, b: Floats, low: Floats, high: Floats) -> Decimal | Fraction | None:
    """The plainest weight of the first of two numbers, between 0 and 1; two rows at least must tell it."""
    gap = a - b
    told = gap != 0
    if told.sum() < 2 or not ((low <= b) & (b <= high))[~told].all():
        return None
    first, last = (low - b)[told] / gap[told], (high - b)[told] / gap[told]
    least, most = float(np.minimum(first, last).max()), float(np.maximum(first, last).min())
    if not 0 < least <= most < 1:
        return None
    k = plainest(least, most)
    if k is None or len(k.normalize().as_tuple().digits) > 1:
        part = next((Fraction(n, d) for d in PARTS for n in range(1, d) if least <= n / d <= most), None)
        if part is not None and part.denominator in PARTS and (k is None or len(str(k)) > len("0.25")):
            return part
    return k if k is not None and len(k.normalize().as_tuple().digits) <= 2 else None


def _weights(values: Floats, low: Floats, high: Floats) -> tuple[Decimal, ...] | None:
    """Three weights in whole percents whose sum is one, that lead into the bounds."""
    system = np.stack([values[0] - values[2], values[1] - values[2]], axis=1)
    if not np.isfinite(system).all() or np.linalg.matrix_rank(system) < 2:
        return None
    solved = np.linalg.lstsq(system, (low + high) / 2 - values[2], rcond=None)[0]
    percents = np.round(solved * HUNDREDTHS / 5) * 5
    weights = np.array([*percents, HUNDREDTHS - percents.sum()])
    if weights.min() <= 0:
        return None
    result = weights @ values / HUNDREDTHS
    if not ((low <= result) & (result <= high)).all():
        return None
    return tuple(Decimal(int(w)).scaleb(-2).normalize() for w in weights)


def _of_weights(weights: Sequence[Decimal], others: Sequence[int]) -> Callable[[Program, Sequence[Program]], Program]:
    def build(p: Program, numbers: Sequence[Program]) -> Program:
        parts = [
            call("decimal.*", n, decimal(w)) for n, w in zip((p, *(numbers[o] for o in others)), weights, strict=True)
        ]
        total = parts[0]
        for part in parts[1:]:
            total = call("decimal.+", total, part)
        return total

    return build


def _of_parts(k: Fraction, other: int) -> Callable[[Program, Sequence[Program]], Program]:
    def build(p: Program, numbers: Sequence[Program]) -> Program:
        total = call("decimal.+", _times(p, k.numerator), _times(numbers[other], k.denominator - k.numerator))
        return call("decimal./", total, decimal(Decimal(k.denominator)))

    return build


def _times(p: Program, n: int) -> Program:
    return p if n == 1 else call("decimal.*", p, decimal(Decimal(n)))
