"""The settings for filling a table, and its results: filled columns, and the cells that may be wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from neurosynth.errors import InputError, listed, printable, shortened
from neurosynth.export.base import Exporter
from neurosynth.frames.saved import SavedProgram
from neurosynth.frames.table import DataTable
from neurosynth.ranking.confidence import GUESS
from neurosynth.result import exported
from neurosynth.search.base import DEFAULT_SECONDS, stretch_of
from neurosynth.synthesize import Result

__all__ = ["Doubt", "Fill", "FillConfig", "FilledColumn", "RowQuestion", "column_title"]


def column_title(name: str) -> str:
    """A column's name for messages: one short line of characters that no terminal interprets."""
    return printable(shortened(" ".join(name.split()))) or "(no name)"


@dataclass(frozen=True, kw_only=True)
class FillConfig:
    """Settings for filling columns."""

    seconds: float = DEFAULT_SECONDS
    """Limit of all searches for a column together, in wall-clock seconds; see ``stretch`` for the default."""
    stretch: float = 0.0
    """How many times as long a column may take on a busy machine; above 1, the time that the process waits for a processor does not
    count until then. With 0, it becomes 6 if ``seconds`` is not given, and 1 if it is."""
    first_share: float = 0.4
    """Share of the time for the first search if the table has more columns than ``columns``, above 0 and at most 1."""
    min_confidence: float = GUESS
    """Cells with lower confidence stay empty, 0 to 1; 0 fills every cell for which the program has a value."""
    doubtful_below: float = 0.9
    """Cells with lower confidence are reported as doubtful, 0 to 1."""
    examples: int = 40
    """Maximum number of given rows for a search; the program is checked on all of them afterwards."""
    rounds: int = 4
    """Maximum number of searches per column: each further search gets rows on which the last program was wrong."""
    evidence: int = 300
    """Maximum number of rows without an output that a search reads as evidence."""
    columns: int = 6
    """Maximum number of input columns for the first search, those that have most in common with the output."""
    more_columns: int = 24
    """Maximum number of input columns for a second search, which a table with more columns than ``columns`` gets where the first one
    finds nothing, or a program with less confidence than ``doubtful_below``."""
    noise: int = 0
    """Number of given cells of a column that may be wrong."""

    def __post_init__(self) -> None:
        for name in ("min_confidence", "doubtful_below"):
            if not 0 <= getattr(self, name) <= 1:
                raise InputError(f"FillConfig.{name} is {getattr(self, name)}; allowed: 0 to 1")
        for name in ("seconds", "examples", "rounds", "columns", "more_columns"):
            if getattr(self, name) <= 0:
                raise InputError(f"FillConfig.{name} is {getattr(self, name)}; allowed: a positive number")
        object.__setattr__(self, "stretch", stretch_of(self.seconds, self.stretch))
        if not 0 < self.first_share <= 1:
            raise InputError(f"FillConfig.first_share is {self.first_share}; allowed: above 0, at most 1")
        if self.noise < 0:
            raise InputError(f"FillConfig.noise is {self.noise}; allowed: 0 or a positive number of cells")


@dataclass(frozen=True, slots=True)
class Doubt:
    """A cell that may be wrong."""

    row: int
    """Row of the table, from 0."""
    line: int
    """Line in the file, from 1."""
    value: Any
    """The program's value; None if it has none."""
    confidence: float
    reason: str
    alternatives: tuple[tuple[Any, float], ...] = ()
    """Other values of programs there, each with its share of belief."""


@dataclass(frozen=True, slots=True)
class RowQuestion:
    """A row to ask about, and the values of programs there."""

    column: str
    row: int
    """Row of the table, from 0."""
    line: int
    """Line in the file, from 1."""
    inputs: tuple[tuple[str, Any], ...]
    """The cells that programs may read there: name of the column, cell."""
    choices: tuple[Any, ...]
    """Values of programs, the likeliest first; none if no program has one."""
    agreed: bool
    """Whether all programs agree, so that the question is about a row that looks unlike the given ones."""

    @property
    def reason(self) -> str:
        """The reason for the question, in a few words."""
        if not self.choices:
            return "no program gives a value for this row"
        return "this row looks unlike the given ones" if self.agreed else "the programs found disagree on this row"

    @property
    def sentence(self) -> str:
        """The reason with a capital letter, and the cells that programs may read."""
        given = ", ".join(
            f"{name} = “{cell}”" if cell is not None else f"{name} is empty" for name, cell in self.inputs
        )
        return f"{self.reason[0].upper()}{self.reason[1:]}: {given}"


@dataclass(frozen=True, kw_only=True)
class FilledColumn:
    """One output column after filling."""

    name: str
    result: Result
    inputs: tuple[str, ...]
    """The columns that the program reads."""
    offered: tuple[str, ...] = ()
    """The columns that a program could read."""
    values: tuple[Any, ...]
    """Every cell of the column, given or filled; None if a cell stays empty."""
    filled: tuple[int, ...]
    """Rows that were filled, from 0."""
    to_fill: tuple[int, ...]
    """Rows without an output, from 0: filled ones, and those that stay empty."""
    blank: tuple[int, ...] = ()
    """Rows that stay empty because a cell that the program reads is empty, and nothing comes of nothing."""
    confidences: Mapping[int, float]
    """Row → confidence of its filled cell, 0 to 1."""
    doubts: tuple[Doubt, ...]
    """The least certain first."""
    min_confidence: float = 0.0
    """Cells with lower confidence stay empty."""
    refused: int = 0
    """Number of other cells that stay empty, because their confidence is below ``min_confidence`` or the program has no value there."""
    wrong: tuple[int, ...] = ()
    """Rows whose given value the program contradicts."""
    gives: Mapping[int, Any] = field(default_factory=dict)
    """For each of those, the program's value; None if it has none."""
    question: RowQuestion | None = None
    """The row whose cell would resolve most doubt; None if there is none."""
    odd: tuple[int, Any] | None = None
    """If a program is right on all given cells except one: the row of that cell, and the program's value there."""
    saved: SavedProgram | None = None
    """The program that ``apply`` runs on other tables; None if none was found."""
    seconds: float = 0.0

    @property
    def solved(self) -> bool:
        """Whether a program was found."""
        return self.result.solved

    def __str__(self) -> str:
        """One line: the filled column, its inputs, and the confidence."""
        if not self.solved:
            return f"{column_title(self.name)}: no program found; {self.result.advice} {self.advice}"
        guess = "a guess · " if self.result.guess else ""
        return f"{column_title(self.name)} from {self.reads}: {guess}{self.summary}"

    def export(self, exporter: Exporter | str) -> str | None:
        """The program in the form of an exporter, as a function of the columns that it reads; None if it cannot be expressed.

        Raises:
            UnknownNameError: for an unknown exporter.
        """
        return None if self.saved is None else exported(self.saved.program, self.saved.task, exporter)

    @property
    def reads(self) -> str:
        """The columns that the program reads, in words."""
        return ", ".join(map(column_title, self.inputs)) or "no other column"

    @property
    def advice(self) -> str:
        """Which columns a program could read, and how to name others; nothing if there was only one."""
        if len(self.offered) < 2:
            return ""
        return (
            f"The search for {self.name!r} could read the columns {listed(self.offered)}; to name others, use --input."
        )

    @property
    def summary(self) -> str:
        """How many cells were filled, with what confidence, and how long it took."""
        parts = [f"{len(self.filled):,} {'cell' if len(self.filled) == 1 else 'cells'} filled in"]
        if self.doubts:
            parts.append(f"{len(self.doubts):,} doubtful")
        if self.blank:
            parts.append(f"{len(self.blank):,} left empty where an input is empty")
        if self.refused:
            below = sum(c < self.min_confidence for c in self.confidences.values())
            why = f" ({below:,} below confidence {self.min_confidence:.0%})" if below else ""
            parts.append(f"{self.refused:,} left empty{why}")
        if self.wrong:
            cells = "cell differs" if len(self.wrong) == 1 else "cells differ"
            parts.append(f"{len(self.wrong):,} given {cells} from the program's values")
        return " · ".join([*parts, f"confidence {self.result.confidence:.0%}", f"{self.seconds:.1f} s"])


@dataclass(frozen=True, kw_only=True)
class Fill:
    """A table and its filled columns."""

    table: DataTable
    columns: tuple[FilledColumn, ...]

    @property
    def solved(self) -> bool:
        """Whether every column has a program."""
        return all(c.solved for c in self.columns)

    def cells(self, name: str) -> Sequence[Any]:
        """The cells of a column, with those that were filled."""
        filled = next((c for c in self.columns if c.name == name), None)
        return self.table.column(name) if filled is None else filled.values

    def encoded(self, *, mark: bool = False) -> bytes:
        """The file with the filled cells; with ``mark``, each filled column is followed by one of confidences."""
        changed: dict[str, dict[int, Any]] = {}
        added: dict[str, list[Any]] = {}
        for column in self.columns:
            if column.name in self.table.names:
                changed[column.name] = {row: column.values[row] for row in column.filled}
            else:
                added[column.name] = list(column.values)
        if mark:
            for column in self.columns:
                name = f"{column.name} confidence"
                confident = (column.confidences.get(row) for row in range(self.table.count))
                added[name] = [None if c is None else f"{c:.2f}" for c in confident]
        return self.table.encoded(changed, added)
