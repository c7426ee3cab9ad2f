"""The check of tables of cases: the first program that cover finds for some rows gives the outputs of the others."""

from __future__ import annotations

import time

from neurosynth_dsls.columns import columns

from neurosynth.language.evaluate import Evaluator
from neurosynth.language.program import Input, Program
from neurosynth.search.strategies.cover.config import CoverConfig
from neurosynth.search.strategies.cover.strategy import candidates, column_of
from neurosynth.values.types import STRING
from tests.dsl.columns.test_exported import check

__all__ = ["Rows", "check_first_program", "check_first_python", "first_program"]

Rows = list[tuple[str | None, ...]]
"""Inputs, and then the output."""


def first_program(rows: Rows, others: Rows) -> Program:
    """The first program for the rows, with the inputs of the others as rows without outputs."""
    inputs = [Input(i, STRING) for i in range(len(rows[0]) - 1)]
    column = column_of(inputs, [r[:-1] for r in rows], [r[-1] for r in rows], [r[:-1] for r in others], CoverConfig())
    assert columns.pieces is not None
    found = candidates(column, columns.pieces, config=CoverConfig(), deadline=time.perf_counter() + 300)
    return next(iter(found)).program


def check_first_program(rows: Rows, others: Rows) -> None:
    """Search for the rows, with the inputs of the others as rows without outputs."""
    _check(first_program(rows, others), others)


def check_first_python(rows: Rows, others: Rows) -> None:
    """The same, and the program's exported Python gives the same outputs for all rows."""
    program = first_program(rows, others)
    _check(program, others)
    assert check(program, [r[:-1] for r in (*rows, *others)]) == len(rows) + len(others)


def _check(program: Program, others: Rows) -> None:
    function = Evaluator().function(program)
    assert [function(r[:-1]) for r in others] == [r[-1] for r in others], str(program)
