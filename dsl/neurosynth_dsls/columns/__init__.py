"""Columns of tables: text, exact numbers, dates, times, durations, missing values."""

from __future__ import annotations

from neurosynth_dsls.columns.language import columns
from neurosynth_dsls.columns.pieces.kit import kit_of
from neurosynth_dsls.columns.sampling import draw_columns

__all__ = ["columns"]

columns.pieces = kit_of(columns)
columns.draws = draw_columns
