"""The types of ``columns`` beyond text and integers: exact decimals, dates, times and durations."""

from __future__ import annotations

from neurosynth.values.types import TypeConstructor

__all__ = ["DATE", "DATETIME", "DECIMAL", "DURATION", "TIME"]

DECIMAL = TypeConstructor("decimal")
"""``decimal.Decimal``, finite; arithmetic keeps 28 digits."""
DATE = TypeConstructor("date")
"""``datetime.date``."""
TIME = TypeConstructor("time")
"""``datetime.time`` without a zone."""
DATETIME = TypeConstructor("datetime")
"""``datetime.datetime`` without a zone."""
DURATION = TypeConstructor("duration")
"""``datetime.timedelta``."""
