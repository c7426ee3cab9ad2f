"""The strategy: from a column to candidates, cheapest first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from neurosynth.language.pieces import Column, PieceKit
from neurosynth.language.program import Program
from neurosynth.search.strategies.cover.branches import Branches
from neurosynth.search.strategies.cover.candidates import Candidate
from neurosynth.search.strategies.cover.config import CoverConfig

__all__ = ["candidates", "column_of"]


def column_of(
    inputs: Sequence[Program],
    rows: Sequence[tuple[Any, ...]],
    outputs: Sequence[Any],
    others: Sequence[tuple[Any, ...]],
    config: CoverConfig,
) -> Column:
    """The column of example rows with outputs and other rows; equal example rows count once."""
    unique = dict(zip(rows, outputs, strict=True))
    every = tuple(dict.fromkeys([*rows, *others]))
    rest = [r for r in every if r not in unique]
    if len(rest) > config.judged_rows:
        rest = [rest[i * len(rest) // config.judged_rows] for i in range(config.judged_rows)]
    return Column(tuple(inputs), tuple(unique), tuple(unique.values()), every, tuple(rest))


def candidates(column: Column, kit: PieceKit, *, config: CoverConfig, deadline: float) -> Iterator[Candidate]:
    """Programs right on all example rows, best first; ends when no more are known or at ``deadline`` (``perf_counter``)."""
    branches = Branches(kit, config, deadline)
    flat = branches.covers(column, config.covers)
    found = list(flat)
    if len(column.rows) > 1:
        found += branches.splits(column, flat[0].cost if flat else None, 0)
    yield from sorted(found, key=lambda c: c.cost)
