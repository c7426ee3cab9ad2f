"""Columns of tables: text, exact numbers, dates, times, durations, missing values."""

from __future__ import annotations

from neurosynth_dsls.columns.language import columns

__all__ = ["columns"]
