"""Cells of frames and arrays as a person would write them, because programs read and write text."""

from __future__ import annotations

import datetime
import decimal
import math
from collections.abc import Sequence
from typing import Any

__all__ = ["missing", "texts"]


def texts(cells: Sequence[Any]) -> list[str | None]:
    """Cells as a person writes them; missing ones (None, NaN, NaT) are None."""
    found = [None if missing(c) else c for c in cells]
    given = [c for c in found if c is not None]
    whole = all(isinstance(c, float) and c.is_integer() for c in given)
    midnight = all(isinstance(c, datetime.datetime) and c.time() == datetime.time() for c in given)
    return [None if c is None else _text(c, whole=whole, midnight=midnight) for c in found]


def missing(cell: Any) -> bool:
    """Whether a cell is missing: None, NaN, pandas' NA and NaT."""
    if cell is None or (isinstance(cell, float) and math.isnan(cell)):
        return True
    if isinstance(cell, (decimal.Decimal, str, bytes)):
        return isinstance(cell, decimal.Decimal) and cell.is_nan()
    return type(cell).__name__ in ("NaTType", "NAType")


def _text(cell: Any, *, whole: bool, midnight: bool) -> str:
    """``whole``: a column of floats that are all whole numbers; ``midnight``: one of timestamps that are all dates."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, float):
        return str(int(cell)) if whole else repr(float(cell))
    if isinstance(cell, datetime.datetime):
        return cell.date().isoformat() if midnight else cell.isoformat(sep=" ")
    if isinstance(cell, (datetime.date, datetime.time)):
        return cell.isoformat()
    return str(cell)
