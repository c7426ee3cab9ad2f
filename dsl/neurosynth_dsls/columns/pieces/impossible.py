"""What cannot be: a date that no calendar has says nothing against reading the others as dates, and no program is meant to write it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from neurosynth.language.pieces import Column

__all__ = ["impossible", "impossible_rows"]

_DATE = re.compile(r"(?<!\d)(?:(\d{1,2})([/.-])(\d{1,2})\2(\d{4})|(\d{4})([/.-])(\d{1,2})\6(\d{1,2}))(?!\d)")


def impossible_rows(column: Column) -> frozenset[tuple[Any, ...]]:
    """Rows without outputs that have an impossible date although all other rows of the table have a possible one."""
    found: set[tuple[Any, ...]] = set()
    for i in range(len(column.inputs)):
        texts = {row: row[i] for row in column.every if isinstance(row[i], str)}
        told = {row: _possible(text) for row, text in texts.items()}
        wrong = {row for row, possible in told.items() if possible is False}
        if wrong and None not in told.values() and wrong.isdisjoint(column.rows) and 2 * len(wrong) < len(told):
            found |= wrong
    return frozenset(found)


def impossible(text: str) -> bool:
    """Whether a text has a date that the calendar has not, or a clock with sixty minutes, or is a range that ends below its start."""
    return _possible(text) is False or _SIXTY.search(text) is not None or _descends(text)


_SIXTY = re.compile(r"(?<![\d:.])\d{1,2}:[6-9]\d(?!\d)")


_RANGE = re.compile(r"(0|[1-9]\d*(?:\.\d+)?) ?(?:-|–|to) ?(0|[1-9]\d*(?:\.\d+)?)")


def _descends(text: str) -> bool:
    found = _RANGE.fullmatch(text)
    return found is not None and Decimal(found.group(1)) > Decimal(found.group(2))


def _possible(text: str) -> bool | None:
    """Whether a text has an existing date in either order of day and month; None if it has no date at all."""
    match = _DATE.search(text)
    if match is None:
        return None
    first, _, second, last, year, _, month, day = match.groups()
    orders: Sequence[tuple[str, str, str]] = (
        [(year, month, day), (year, day, month)] if year else [(last, first, second), (last, second, first)]
    )
    return any(_is_date(*order) for order in orders)


def _is_date(year: str, month: str, day: str) -> bool:
    try:
        date(int(year), int(month), int(day))
    except ValueError:
        return False
    return True
