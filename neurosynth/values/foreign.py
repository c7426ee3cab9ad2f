"""Scalars and arrays of numpy and pandas as Python's own values. Neither library is imported here."""

from __future__ import annotations

from typing import Any

__all__ = ["unwrapped"]


def unwrapped(value: Any) -> Any:
    """The Python value of an object of numpy or pandas, a list for an array; other objects are returned unchanged."""
    names = {f"{c.__module__.partition('.')[0]}.{c.__name__}" for c in type(value).__mro__}
    if names & {"pandas.NaTType", "pandas.NAType"}:
        return None
    if "pandas.Timestamp" in names:
        return value.to_pydatetime(warn=False)
    if "pandas.Timedelta" in names:
        return value.to_pytimedelta()
    if names & {"numpy.datetime64", "numpy.timedelta64"}:
        return _moment(value)
    if "numpy.ndarray" in names:
        return list(value) if value.dtype.kind in "mM" else value.tolist()
    return value.item() if "numpy.generic" in names else value


def _moment(value: Any) -> Any:
    """A date, datetime or timedelta; ``NaT`` is missing, and finer units than microseconds are truncated."""
    if value != value:  # only NaT differs from itself
        return None
    found = value.item()
    if not isinstance(found, int):
        return found
    unit = "datetime64[us]" if value.dtype.kind == "M" else "timedelta64[us]"
    return value.astype(unit).item()
