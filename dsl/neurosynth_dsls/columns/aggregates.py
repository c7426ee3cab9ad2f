"""Numbers computed from the pieces of a text: sum, mean, median, minimum, maximum; and how many pieces equal a text."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from decimal import Decimal, localcontext

from neurosynth.errors import InputError
from neurosynth.language.language import Language
from neurosynth_dsls.columns.number_format import CONTEXT, read_number

__all__ = ["aggregates"]

aggregates = Language("aggregates", doc="Numbers computed from those in the pieces of a text.")

_BAD = (ValueError, ArithmeticError, InputError)


def _numbers(format: str, xs: Sequence[str]) -> list[Decimal]:
    return [read_number(format, x) for x in xs]


@aggregates.primitive(name="pieces.sum", raises=_BAD)
def total(format: str, xs: list[str]) -> Decimal:
    """Sum of the numbers that the pieces contain in a format such as 0.*; 0 for no pieces."""
    found = Decimal(0)
    for number in _numbers(format, xs):
        found = CONTEXT.add(found, number)
    return found


@aggregates.primitive(name="pieces.mean", raises=_BAD)
def mean(format: str, xs: list[str]) -> Decimal:
    """Mean of the numbers that the pieces contain, to 28 digits; undefined for no pieces."""
    with localcontext(CONTEXT):
        return statistics.mean(_numbers(format, xs))


@aggregates.primitive(name="pieces.median", raises=_BAD)
def median(format: str, xs: list[str]) -> Decimal:
    """The number in the middle of those that the pieces contain, or the mean of the two there; undefined for no pieces."""
    with localcontext(CONTEXT):
        return statistics.median(_numbers(format, xs))


@aggregates.primitive(name="pieces.least", raises=_BAD)
def least(format: str, xs: list[str]) -> Decimal:
    """The least of the numbers that the pieces contain; undefined for no pieces."""
    return min(_numbers(format, xs))


@aggregates.primitive(name="pieces.greatest", raises=_BAD)
def greatest(format: str, xs: list[str]) -> Decimal:
    """The greatest of the numbers that the pieces contain; undefined for no pieces."""
    return max(_numbers(format, xs))


@aggregates.primitive(name="pieces.count_of")
def count_of(s: str, xs: list[str]) -> int:
    """How many pieces equal a text."""
    return xs.count(s)
