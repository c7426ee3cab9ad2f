"""Steps and durations as text: ``30min``, ``1h 30min``, ``1month``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

__all__ = ["MONTHS", "SECONDS", "Step", "duration_of", "step_of"]

SECONDS = {"s": 1, "min": 60, "h": 3600, "day": 86400, "week": 604800}
"""Units of fixed length."""
MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}
"""Units in months."""
_ALIASES = {
    "sec": "s", "secs": "s", "second": "s", "seconds": "s", "m": "min", "mins": "min", "minute": "min", "minutes": "min",
    "hr": "h", "hrs": "h", "hour": "h", "hours": "h", "d": "day", "days": "day", "w": "week", "weeks": "week",
    "months": "month", "quarters": "quarter", "halves": "half", "y": "year", "years": "year",
}  # fmt: skip
_TERM = re.compile(r"([-+]?\d+(?:\.\d+)?)?\s*([a-z]+)")


@dataclass(frozen=True, slots=True)
class Step:
    """So many of a unit."""

    count: int
    unit: str

    @property
    def months(self) -> int:
        """Length in months; 0 for units of fixed length."""
        return self.count * MONTHS.get(self.unit, 0)

    @property
    def seconds(self) -> int:
        """Length in seconds; 0 for months and longer."""
        return self.count * SECONDS.get(self.unit, 0)


def _unit(word: str, text: str) -> str:
    unit = _ALIASES.get(word, word)
    if unit not in SECONDS and unit not in MONTHS:
        raise ValueError(
            f"{word!r} in {text!r} is not a unit; allowed: s, min, h, day, week, month, quarter, half, year"
        )
    return unit


@lru_cache(maxsize=1024)
def step_of(text: str) -> Step:
    """``30min``, ``month`` …

    Raises:
        ValueError: for anything else; months and longer are not a fixed time.
    """
    found = _TERM.fullmatch(text.strip())
    if found is None or "." in (found.group(1) or ""):
        raise ValueError(f"{text!r} is not a step; allowed: a whole number and a unit, such as 30min, 1h, 1month")
    return Step(int(found.group(1) or 1), _unit(found.group(2), text))


@lru_cache(maxsize=1024)
def duration_of(text: str) -> timedelta:
    """``1h 30min``, ``-2day``, ``0.5s``; ``0`` and ``""`` are zero.

    Raises:
        ValueError: for anything else.
    """
    total, position, body = timedelta(), 0, text.strip()
    if body in ("", "0"):
        return total
    while position < len(body):
        found = _TERM.match(body, position)
        if found is None or _unit(found.group(2), text) not in SECONDS:
            raise ValueError(
                f"{text!r} is not a duration; allowed: numbers with s, min, h, day or week, such as 1h 30min"
            )
        total += timedelta(seconds=float(found.group(1) or 1) * SECONDS[_unit(found.group(2), text)])
        position = found.end()
        while position < len(body) and body[position] == " ":
            position += 1
    return total
