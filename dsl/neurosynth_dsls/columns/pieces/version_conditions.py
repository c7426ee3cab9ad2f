"""Conditions on versions: ``1.9.3`` is older than ``1.10.0``, as numbers between points are compared one after the other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from neurosynth.language.pieces import Column, Condition
from neurosynth.language.program import Lambda, Program, Variable
from neurosynth.values.types import STRING
from neurosynth_dsls.columns.pieces.building import call, function_of

__all__ = ["VersionConditions"]

OLDER = 3
"""Bits of one version being older than another."""
WIDTH = 6
"""Digits to which numbers are filled with zeros, so that texts are compared as numbers are."""
_VERSION = re.compile(r"\d+(?:\.\d+){1,4}")
_DATE = re.compile(r"\d{1,2}\.\d{1,2}\.\d{2,4}|\d{4}\.\d{1,2}\.\d{1,2}")
_LONG = re.compile(r"\d+(?:\.\d+){2,4}")


@dataclass(frozen=True)
class VersionConditions:
    """One version before another."""

    name: str = "versions"

    def conditions(self, column: Column) -> Iterator[Condition]:
        """The conditions that are true on some of the example rows and false on others."""
        versions = [i for i in range(len(column.inputs)) if _tells_versions(column, i)]
        for i in versions:
            for j in versions:
                if i == j:
                    continue
                build = partial(_older, column.inputs[i], column.inputs[j])
                function = function_of(build())
                every = tuple(function(row) is True for row in column.every)
                at = dict(zip(column.every, every, strict=True))
                rows = tuple(at[row] for row in column.rows)
                if len(set(rows)) == 2:
                    yield Condition(OLDER, rows, every, build, "older version")


def _tells_versions(column: Column, i: int) -> bool:
    """Whether an input is a version in all rows of the table, with two points in some."""
    known: dict[int, bool] = column.memo.setdefault("versions", {})
    if i not in known:
        cells = [row[i] for row in column.every if row[i]]
        told = all(isinstance(c, str) and _VERSION.fullmatch(c) for c in cells)
        known[i] = told and any(map(_LONG.fullmatch, cells)) and not all(map(_DATE.fullmatch, cells))
    return known[i]


def _older(one: Program, other: Program) -> Program:
    return call("str.<", _filled(one), _filled(other))


def _filled(version: Program) -> Program:
    part = Lambda((STRING,), call("str.pad_left", Variable(0, STRING), WIDTH, "0"))
    return call("pieces.join", ".", call("pieces.map", part, call("pieces.split", ".", version)))
