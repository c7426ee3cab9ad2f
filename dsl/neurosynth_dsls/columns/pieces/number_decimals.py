"""Decimals that a format would drop."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from neurosynth.language.pieces import Column
from neurosynth_dsls.columns.pieces.number_readings import number_of

__all__ = ["dropped"]

DROPPED = 8
"""Bits of dropping decimals although no example shows this."""


def dropped(column: Column, key: tuple[Any, ...], pattern: str) -> int:
    """Bits for a format that drops decimals of a reading's numbers on some row of the table.

    If examples drop some, the number is rounded first, which has its own bits.
    """
    if (key, "places") not in column.memo:
        values = [number_of(column, key, row) for row in column.every]
        found = [v.normalize().as_tuple().exponent for v in values if isinstance(v, Decimal)]
        column.memo[key, "places"] = -min((int(e) for e in found), default=0)
    behind = re.match(r"[0#]*", pattern.partition(".")[2])
    shown = len(behind.group() if behind else "") + 2 * pattern.endswith("%")
    return DROPPED * bool(column.memo[key, "places"] > shown)
