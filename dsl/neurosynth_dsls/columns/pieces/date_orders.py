"""The order of day and month in all dates of a row: 31/03/2025 in one place tells that 01/04/2023 in another is a day in April."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from neurosynth.language.pieces import Column
from neurosynth_dsls.columns.pieces.moment_reading import Reading

__all__ = ["in_one_order"]

AGAINST = 10
"""Bits of another order than the one that other dates with the same signs have."""
MONTHS = 12
_DATE = re.compile(r"(?<![\d./-])(\d{1,2})([./-])(\d{1,2})\2(?:\d{4}|\d\d)(?![\d/-])")
_ORDERS = {
    "day first": re.compile(r"%-?d([./-])%-?m\1%[Yy]"),
    "month first": re.compile(r"%-?m([./-])%-?d\1%[Yy]"),
}


def in_one_order(column: Column, found: Sequence[Reading]) -> list[Reading]:
    """The readings, of which those of one place whose order is that of the table's other dates come first."""
    orders = [(_order(r), r) for r in found]
    if len({order[1] for order, _ in orders if order}) < len({order for order, _ in orders if order}):
        told = _told(column)
        against = {id(r) for order, r in orders if order and told.get(order[1], order[0]) != order[0]}
        if against:
            judged = [replace(r, cost=r.cost + AGAINST) if id(r) in against else r for r in found]
            places = list(dict.fromkeys(r.place for r in judged))
            return [r for place in places for r in sorted(judged, key=lambda r: r.cost) if r.place == place]
    return list(found)


def _order(reading: Reading) -> tuple[str, str] | None:
    """Whether the format of a reading has the day or the month first, and the sign between them."""
    for name, pattern in _ORDERS.items():
        if m := pattern.search(str(reading.key[-1])):
            return name, m.group(1)
    return None


def _told(column: Column) -> dict[str, str]:
    """The order of the dates with a sign, if some of them have but one order and none has the other one."""
    told: dict[str, set[str]] = {}
    for row in column.every:
        for cell in row:
            for m in _DATE.finditer(cell) if isinstance(cell, str) else ():
                first, second = int(m.group(1)), int(m.group(3))
                if (first > MONTHS) != (second > MONTHS):
                    told.setdefault(m.group(2), set()).add("day first" if first > MONTHS else "month first")
    return {sign: orders.pop() for sign, orders in told.items() if len(orders) == 1}
