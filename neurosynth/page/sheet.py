"""The model of the page's table: typed cells, columns that fill themselves, and doubtful cells.

It is independent of browsers: the page shows a :class:`Sheet`, and passes on what was typed.
"""

from __future__ import annotations

import io
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from neurosynth.errors import InputError, NeurosynthError
from neurosynth.export.excel import ExcelExporter, column_letters
from neurosynth.frames.fill import fill_table
from neurosynth.frames.filled import Doubt, FillConfig, FilledColumn, RowQuestion
from neurosynth.frames.table import DataTable, FileTable, read_table
from neurosynth.result import Result
from neurosynth.search.base import Progress, StopReason

__all__ = ["Sheet"]


@dataclass
class Sheet:
    """A table, its typed cells, and the columns learned from them."""

    table: DataTable
    name: str
    config: FillConfig = field(default_factory=lambda: FillConfig(seconds=5.0, stretch=6.0, min_confidence=0.0))
    typed: dict[str, dict[int, str]] = field(default_factory=dict)
    """Column → row → cell."""
    wanted: set[str] = field(default_factory=set)
    """Columns of the table that are to be filled from the cells that they have."""
    filled: dict[str, FilledColumn] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)
    """Column → the reason why it could not be filled, in one sentence."""
    changed: dict[str, int] = field(default_factory=dict)
    """Column → number of its cells that changed since it was last learned; none after the first time."""
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    @classmethod
    def from_text(cls, text: str | bytes, name: str = "pasted.csv") -> Sheet:
        """A sheet of delimited text, pasted from a spreadsheet or dropped as a file.

        Raises:
            InputError: if it is not a table.
        """
        data = text.encode() if isinstance(text, str) else text
        table = read_table(io.BytesIO(data), name=name)
        if not table.count:
            raise InputError(f"{name}: a header and no rows; paste the rows, too")
        return cls(_of_different_names(table, name), name)

    @classmethod
    def from_file(cls, path: Path, name: str = "") -> Sheet:
        """A sheet of a file in any format of tables; ``name``: its name in messages, by default that of the file.

        Raises:
            InputError: if it is not a table.
        """
        called = name or path.name
        try:
            table = read_table(path)
        except InputError as error:
            raise InputError(str(error).replace(str(path), called)) from None
        if isinstance(table, FileTable):
            table = replace(table, path=called)
        return cls(_of_different_names(table, called), called)

    @property
    def columns(self) -> list[str]:
        """All columns, with new ones on the right."""
        return [*self.table.names, *(n for n in self.typed if n not in self.table.names)]

    @property
    def outputs(self) -> list[str]:
        """The columns that fill themselves: those with a typed cell, and those that were asked for, in the order of the table."""
        return [n for n in self.columns if self.typed.get(n) or n in self.wanted]

    @property
    def fillable(self) -> list[str]:
        """Columns of the table that have both filled and empty cells and are not filled, among them those without a program."""
        failed = {n for n in self.wanted if n in self.problems}
        parts = {n: self.table.column(n) for n in self.table.names if n in failed or n not in self.outputs}
        return [n for n, cells in parts.items() if None in cells and any(v is not None for v in cells)]

    def add_column(self, name: str) -> None:
        """Add a new, empty column.

        Raises:
            InputError: for an empty name, or one that a column has already.
        """
        if not name.strip():
            raise InputError("a column needs a name")
        if name in self.columns:
            raise InputError(f"there is a column {name!r} already; choose another name")
        self.typed[name] = {}

    def type(self, column: str, row: int, text: str) -> None:
        """Store a cell typed by the user; an empty one is removed."""
        cells = self.typed.setdefault(column, {})
        if text:
            cells[row] = text
        else:
            cells.pop(row, None)
        if not cells and column not in self.wanted:
            self.filled.pop(column, None)
            self.problems.pop(column, None)

    def fill(self, progress: Callable[[str, Progress], None] | None = None) -> None:
        """Learn every output column again.

        A problem with one column is reported in ``problems``, and does not affect the others.

        Args:
            progress: called about ten times a second with the column that is being learned.
        """
        with self._lock:
            done: dict[str, FilledColumn] = {}
            problems: dict[str, str] = {}
            for name in self.outputs:
                if name in self.filled and all(self.cells(name)) and len(self.typed.get(name, {})) == self.table.count:
                    done[name] = self.filled[name]  # every cell was typed: the last learned program remains available
                    continue
                given = {n: dict(cells) for n, cells in self.typed.items()}
                for other, column in done.items():  # an earlier column, with its filled cells
                    given[other] = {row: v for row, v in enumerate(column.values) if v is not None}
                try:
                    watch = None if progress is None else partial(progress, name)
                    found = fill_table(self.table, [name], given=given, config=self.config, progress=watch)
                except NeurosynthError as error:
                    problems[name] = str(error)
                    continue
                done[name] = found.columns[0]
                if not found.columns[0].solved:
                    problems[name] = self._why_not(found.columns[0].result)
            self.changed = {
                name: sum(self.filled[name].values[row] != column.values[row] for row in column.to_fill)
                for name, column in done.items()
                if name in self.filled and column.solved
            }
            self.filled, self.problems = done, problems

    def _why_not(self, result: Result) -> str:
        """Why no program was found, and what can be done about it on the page."""
        if result.stop is not StopReason.TIME:
            return result.advice
        seconds = self.config.seconds
        busy = " The machine was busy." if result.stats.waited else ""
        return (
            f"no program was found in {seconds:g} s.{busy} Correct or add a cell, try again, or start the page with more time for each "
            f"column: neurosynth ui --seconds {4 * seconds:g}"
        )

    def cell(self, column: str, row: int) -> str:
        """The text that the page shows in a cell."""
        typed = self.typed.get(column, {})
        if row in typed:
            return typed[row]
        if column in self.filled:
            return _text(self.filled[column].values[row])
        return _text(self.table.column(column)[row]) if column in self.table.names else ""

    def cells(self, column: str) -> list[str]:
        """A whole column in the form that the page shows."""
        typed = self.typed.get(column, {})
        if column in self.filled:
            base = [_text(v) for v in self.filled[column].values]
        elif column in self.table.names:
            base = [_text(v) for v in self.table.column(column)]
        else:
            base = [""] * self.table.count
        for row, text in typed.items():
            base[row] = text
        return base

    def states(self, column: str) -> dict[int, str]:
        """Row → ``typed``, ``filled`` or ``doubtful``, for the cells that are one of these."""
        states = dict.fromkeys(self.typed.get(column, {}), "typed")
        if column in self.filled:
            doubtful = {d.row for d in self.filled[column].doubts}
            states |= {
                r: "doubtful" if r in doubtful else "filled" for r in self.filled[column].filled if r not in states
            }
            states |= {r: "doubtful" for r in doubtful if r not in states}
        return states

    def doubt(self, column: str, row: int) -> Doubt | None:
        """The doubt about a cell."""
        doubts = self.filled[column].doubts if column in self.filled else ()
        return next((d for d in doubts if d.row == row), None)

    def question(self) -> RowQuestion | None:
        """The row whose cell resolves most doubt, in the first column that has one; None if there is none."""
        for name, column in self.filled.items():
            asked = column.question
            if asked is not None and asked.row not in self.typed.get(name, {}):
                return asked
        return None

    def mistake(self, column: str) -> str | None:
        """The one typed cell that is the only evidence against a simpler program, in a sentence; None if there is none."""
        found = self.filled.get(column)
        if found is None or found.odd is None:
            return None
        row, gives = found.odd
        given = self.cell(column, row)
        return f"A simpler program explains all cells but one: line {self.table.line(row)} has {given!r}, the program gives {_text(gives)!r}."

    def code(self, column: str, form: str) -> str | None:
        """The program of a column in an exporter's form, or None if it has none; formulas name the columns of this sheet."""
        found = self.filled.get(column)
        if found is None:
            return None
        letters = {name: column_letters(at) for at, name in enumerate(self.columns)}
        return found.export(ExcelExporter(columns=letters) if form == "excel" else form)

    def download(self) -> bytes:
        """The table with all its columns filled, in the format of its file."""
        changed: dict[str, dict[int, Any]] = {}
        added: dict[str, list[Any]] = {}
        for name in self.columns:
            cells = self.cells(name)
            if name not in self.table.names:
                added[name] = list(cells)
            elif rows := self.states(name):
                changed[name] = {row: cells[row] for row in rows}
        return self.table.encoded(changed, added)


def _of_different_names(table: DataTable, name: str) -> DataTable:
    """The table, if each of its columns has a distinct name."""
    for column, count in Counter(table.names).items():
        if count > 1:
            raise InputError(f"{name}: {count} columns are named {column!r}; rename all but one")
    return table


def _text(value: Any) -> str:
    return "" if value is None else str(value)
