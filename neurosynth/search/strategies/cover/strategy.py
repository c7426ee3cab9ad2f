"""The strategy: from a column to candidates, cheapest first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain, islice
from typing import Any

from neurosynth.language.evaluate import Evaluator
from neurosynth.language.pieces import Column, PieceKit
from neurosynth.language.program import Apply, Constant, Program
from neurosynth.ranking.agreement import cases
from neurosynth.search.candidates import Candidate
from neurosynth.search.strategies.cover.branches import TABLE, Branches
from neurosynth.search.strategies.cover.candidates import told_bits
from neurosynth.search.strategies.cover.config import CoverConfig
from neurosynth.search.strategies.cover.paths import CONSTANT
from neurosynth.values.types import STRING

__all__ = ["candidates", "column_of"]


OTHERS = 4
"""Number of programs for the rows without a blank cell that are tried, the cheapest."""


def column_of(
    inputs: Sequence[Program],
    rows: Sequence[tuple[Any, ...]],
    outputs: Sequence[Any],
    others: Sequence[tuple[Any, ...]],
    config: CoverConfig,
    *,
    constants: Sequence[str] = (),
) -> Column:
    """The column of example rows with outputs and of other rows; equal example rows count once."""
    unique = dict(zip(rows, outputs, strict=True))
    every = tuple(dict.fromkeys([*rows, *others]))
    count = len(rows) + len(others)
    rest = [r for r in every if r not in unique]
    if len(rest) > config.judged_rows:
        rest = [rest[i * len(rest) // config.judged_rows] for i in range(config.judged_rows)]
    categorical = len(every) < config.categorical * count
    outputs = tuple(unique.values())
    return Column(tuple(inputs), tuple(unique), outputs, every, tuple(rest), categorical, constants=tuple(constants))


def candidates(column: Column, kit: PieceKit, *, config: CoverConfig, deadline: float) -> Iterator[Candidate]:
    """Programs that are right on all example rows, best first. Ends when no more are known or at ``deadline`` (``clock_seconds()``)."""
    faulty = kit.faulty(column)
    if faulty:
        every, judged = (tuple(r for r in rows if r not in faulty) for rows in (column.every, column.judged))
        column = replace(column, every=every, judged=judged)
    branches = Branches(kit, config, deadline)
    flat = branches.covers(column, config.covers)
    found = list(flat)
    bound = flat[0].cost if flat else None
    for table in chain(branches.tables(column), branches.recoded(column)):
        found.append(table)
        bound = table.cost if bound is None else min(bound, table.cost)
    told = told_bits(column, config)
    for changed in branches.mapped(column) if bound is None or bound > told // config.items_share else ():
        found.append(changed)
        bound = changed.cost if bound is None else min(bound, changed.cost)
    for filled in _filled(column, branches, bound, deadline):
        found.append(filled)
        bound = filled.cost if bound is None else min(bound, filled.cost)
    if len(column.rows) > 1:
        found += branches.splits(column, bound, 0)
    for candidate in sorted(found, key=lambda c: c.cost):
        # a program with as many bits as the outputs explains nothing: it would be undefined or wrong on the next row
        if candidate.cost < told or len(column.rows) == 1 or candidate.source not in (TABLE, CONSTANT):
            yield _with_empty(candidate, column, kit)


def _filled(column: Column, branches: Branches, bound: int | None, deadline: float) -> Iterator[Candidate]:
    """Choices that take the rows with a blank cell off first, and treat the others as a column of their own."""
    if not branches.divides(column, bound):
        return
    for condition in branches.kit.blanks(column):
        blank = dict(zip(column.every, condition.every, strict=True))
        pairs = [(r, o) for r, o in zip(column.rows, column.outputs, strict=True) if not blank[r]]
        rest = replace(
            column,
            rows=tuple(r for r, _ in pairs),
            outputs=tuple(o for _, o in pairs),
            every=tuple(r for r in column.every if not blank[r]),
            judged=tuple(r for r in column.judged if not blank[r]),
            memo={},
        )
        found = candidates(rest, branches.kit, config=branches.config, deadline=deadline) if len(pairs) > 1 else ()
        for candidate in islice(found, OTHERS):
            # of two rows, each would be a branch of its own, which the splits of the whole column compare with others
            if len(pairs) == 2 and cases(candidate.program) > 1:
                continue
            made = branches.beside(column, condition, candidate)
            if made is not None:
                yield made


def _with_empty(candidate: Candidate, column: Column, kit: PieceKit) -> Candidate:
    """The candidate, extended to return empty text for empty text, if the table has such rows and no example says otherwise."""
    blank = ("",)
    if kit.is_empty is None or kit.choose is None or blank not in column.every or blank in column.rows:
        return candidate
    if Evaluator().function(candidate.program)(blank) == "":
        return candidate
    empty = Constant("", STRING)
    program = Apply(kit.choose, (kit.is_empty(column.inputs[0]), empty, candidate.program))
    return Candidate(program, candidate.cost, candidate.source)
