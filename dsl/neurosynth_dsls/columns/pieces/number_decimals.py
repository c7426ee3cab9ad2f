"""Decimals that a format would drop."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from neurosynth.language.pieces import Column
from neurosynth.language.program import Input, Program
from neurosynth_dsls.columns.pieces.amount_readings import TYPED
from neurosynth_dsls.columns.pieces.building import function_of
from neurosynth_dsls.columns.pieces.number_lines import Rule
from neurosynth_dsls.columns.pieces.number_readings import NumberReading, number_of
from neurosynth_dsls.columns.types import DECIMAL

__all__ = ["decimals_of", "dropped", "loses_sign", "rounds"]

DROPPED = 8
"""Bits of dropping decimals although no example shows this."""


ENDLESS = 8
"""Decimals from which on a quotient has no end, and must be rounded anyway."""


def dropped(column: Column, reading: NumberReading, pattern: str, rule: Rule | None = None) -> int:
    """Bits for a format that drops decimals of the numbers that a reading, or a rule after it, gives on some row of the table.

    If examples drop some, the number is rounded first, which has its own bits.
    """
    key = (reading.key, rule.key if rule is not None else "", "places")
    if key not in column.memo:
        typed = reading.key[1] in TYPED
        values = _computed(column, reading) if typed else [number_of(column, reading.key, row) for row in column.every]
        if rule is not None:
            function = function_of(rule.build(Input(0, DECIMAL)))
            values = [function((v,)) for v in values if isinstance(v, Decimal)]
        elif not any(isinstance(v, Decimal) for v in values):
            values = _computed(column, reading)
        found = [v.normalize().as_tuple().exponent for v in values if isinstance(v, Decimal)]
        column.memo[key] = -min((int(e) for e in found if -int(e) < ENDLESS), default=0)
    return DROPPED * bool(column.memo[key] > decimals_of(pattern))


def rounds(column: Column, value: Program, pattern: str) -> bool:
    """Whether a format would round what a rule gives on some row of the table, a half to the even digit, which few people mean."""
    if "*" in pattern or value.type != DECIMAL:
        return False
    places, function = decimals_of(pattern), function_of(value)
    found = (function(row) for row in column.every)
    return any(isinstance(v, Decimal) and places < -int(v.normalize().as_tuple().exponent) < ENDLESS for v in found)


_PLUS = re.compile(r"(?:\[.*?\])?\+")
_MINUS_ZERO = re.compile(r"(?<![\w.,])-0+(?:[.,]0+)?(?![\d.,])")


def loses_sign(column: Column, reading: NumberReading, pattern: str) -> bool:
    """Whether a format that writes a plus would turn ``-0`` of some row of the table into ``+0``, as no number knows the sign of a zero."""
    i = reading.key[0]
    if not reading.plain or not isinstance(i, int) or not _PLUS.match(pattern):
        return False
    if (i, "minus zero") not in column.memo:
        column.memo[i, "minus zero"] = any(isinstance(r[i], str) and _MINUS_ZERO.search(r[i]) for r in column.every)
    return bool(column.memo[i, "minus zero"])


def decimals_of(pattern: str) -> int:
    """The decimals of a number that a format without a star can show."""
    behind = re.match(r"[0#]*", pattern.partition(".")[2])
    return len(behind.group() if behind else "") + 2 * pattern.endswith("%")


def _computed(column: Column, reading: NumberReading) -> list[Any]:
    """The numbers that a formula gives on the rows without outputs; none for the rows of a branch."""
    if column.leaf or not column.judged:
        return []
    function = function_of(reading.build())
    return [function(row) for row in column.judged]
