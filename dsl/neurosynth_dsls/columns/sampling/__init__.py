"""Tasks that look like people's columns, drawn from generators of the project's own; see :func:`draw_columns`."""

from __future__ import annotations

from neurosynth_dsls.columns.sampling.programs import draw_columns

__all__ = ["draw_columns"]
