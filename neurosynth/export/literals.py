"""Values as Python source."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

from neurosynth.export.source import Sources
from neurosynth.language.evaluate import thaw

__all__ = ["literal_source"]


def literal_source(value: Any, sources: Sources, *, tuples: bool = False) -> str:
    """The expression of a value; classes it needs are imported."""
    if isinstance(value, Decimal):
        return f'{sources.reference(Decimal, "Decimal")}("{value:f}")'
    if isinstance(value, (datetime.date, datetime.time)):
        name = type(value).__name__
        return sources.reference(type(value), name) + repr(value).removeprefix(f"datetime.{name}")
    if isinstance(value, datetime.timedelta):
        return f"{sources.reference(datetime.timedelta, 'timedelta')}({_parts(value)})"
    if isinstance(value, tuple):
        inner = [literal_source(v, sources, tuples=tuples) for v in value]
        if not tuples:
            return f"[{', '.join(inner)}]"
        return f"({', '.join(inner)}{',' if len(inner) == 1 else ''})"
    return repr(thaw(value))


def _parts(span: datetime.timedelta) -> str:
    """``hours=1, minutes=30``; a negative duration is written in negative parts."""
    sign = -1 if span < datetime.timedelta() else 1
    left, parts = abs(span) // datetime.timedelta(microseconds=1), []
    units = (
        ("days", 86_400_000_000),
        ("hours", 3_600_000_000),
        ("minutes", 60_000_000),
        ("seconds", 1_000_000),
        ("microseconds", 1),
    )
    for name, size in units:
        count, left = divmod(left, size)
        if count:
            parts.append(f"{name}={sign * count}")
    return ", ".join(parts)
