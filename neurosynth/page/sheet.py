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
from neurosynth.frames.table import DataTable, DelimitedTable, FileTable, read_table
from neurosynth.result import Result
from neurosynth.search.base import Progress, StopReason

__all__ = ["Sheet"]

PASTED = "pasted.csv"
"""Name of a table that was pasted; one with tabs between its cells is called ``pasted.tsv``."""


class _Superseded(Exception):
    """Something was typed since, so that what is being learned is no longer wanted."""


@dataclass(frozen=True)
class _Learned:
    """A column as it was last learned."""

    basis: object
    """What it was learned from."""
    column: FilledColumn | None
    problem: str

    @property
    def reads(self) -> tuple[str, ...] | None:
        """The columns whose change makes it outdated; None for all of them."""
        return self.column.inputs if self.column is not None and self.column.solved else None


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
    """Column that was just learned again → number of its cells that changed."""
    skipped: set[tuple[str, int]] = field(default_factory=set)
    """Column and row of the questions that the user does not want to answer."""
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _latest: str = ""
    """The column in which a cell was last typed."""
    _learned: dict[str, _Learned] = field(default_factory=dict, repr=False)

    @classmethod
    def from_text(cls, text: str | bytes, name: str = PASTED) -> Sheet:
        """A sheet of delimited text, pasted from a spreadsheet or dropped as a file.

        Raises:
            InputError: if it is not a table.
        """
        data = text.encode() if isinstance(text, str) else text
        table = read_table(io.BytesIO(data), name=name)
        if not table.count:
            raise InputError(f"{name}: a header and no rows; add the rows below the header")
        tabs = isinstance(table, DelimitedTable) and table.text.dialect.delimiter == "\t"
        called = "pasted.tsv" if name == PASTED and tabs else name
        return cls(_of_different_names(table, name), called)

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
        """The columns that fill themselves: those that were asked for, and those with a typed and an empty cell.

        A cell that was corrected in a complete column is an input only.
        """
        return [n for n in self.columns if n in self.wanted or (self.typed.get(n) and self._open(n))]

    def _open(self, name: str) -> bool:
        """Whether a cell of a column is still to be filled, or was."""
        if name in self.filled or name in self.problems or name not in self.table.names:
            return name in self.filled or len(self.typed[name]) < self.table.count
        return any(cell is None and row not in self.typed[name] for row, cell in enumerate(self.table.column(name)))

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

    def remove_column(self, name: str) -> None:
        """Remove a column that was added; those of the table stay."""
        if name in self.table.names:
            return
        for of_columns in (self.typed, self.filled, self.problems, self.changed, self._learned):
            of_columns.pop(name, None)

    def try_again(self, name: str) -> None:
        """Fill a column of the table from the cells that it has, also if that failed before."""
        self.wanted.add(name)
        self._learned.pop(name, None)

    def skip(self, question: RowQuestion) -> None:
        """Do not ask this question again."""
        self.skipped.add((question.column, question.row))

    def type(self, column: str, row: int, text: str) -> None:
        """Store a cell typed by the user; an empty one is removed."""
        self._latest = column
        cells = self.typed.setdefault(column, {})
        if text:
            cells[row] = text
        else:
            cells.pop(row, None)
        if not cells and column not in self.wanted:
            self.filled.pop(column, None)
            self.problems.pop(column, None)

    def fill(
        self,
        progress: Callable[[str, Progress], None] | None = None,
        superseded: Callable[[], bool] = lambda: False,
    ) -> bool:
        """Learn every output column whose typed cells, or the cells that it may read, have changed; return whether it ended.

        A problem with one column is reported in ``problems``, and does not affect the others.  A column may read the table, columns
        that were typed completely, and output columns to its left.

        Args:
            progress: called about ten times a second with the column that is being learned.
            superseded: asked as often; if true, the search ends, and the sheet keeps what it shows.
        """

        def watch(column: str, now: Progress) -> None:
            if superseded():
                raise _Superseded
            if progress is not None:
                progress(column, now)

        with self._lock:
            if superseded():
                return False
            done: dict[str, FilledColumn] = {}
            problems: dict[str, str] = {}
            again: list[str] = []
            try:
                for name in (outputs := self.outputs):
                    if name in self.filled and len(self.typed.get(name, {})) == self.table.count:
                        done[name] = self.filled[
                            name
                        ]  # every cell was typed: the last learned program remains available
                        continue
                    given = {n: dict(cells) for n, cells in self.typed.items() if n == name or n not in outputs}
                    learned = self._learned.get(name)
                    if learned is None or learned.basis != _basis(name, given, done, learned.reads):
                        learned = self._learn(name, given, done, partial(watch, name))
                        self._learned[name] = learned
                        again.append(name)
                    if learned.column is not None:
                        done[name] = learned.column
                    if learned.problem:
                        problems[name] = learned.problem
            except _Superseded:
                return False
            counts = {
                name: sum(self.filled[name].values[row] != done[name].values[row] for row in done[name].to_fill)
                for name in again
                if name in self.filled and name in done and done[name].solved
            }
            self.changed = {name: count for name, count in counts.items() if count or name == self._latest}
            self.filled, self.problems = done, problems
            return True

    def _learn(
        self,
        name: str,
        given: dict[str, dict[int, str]],
        done: dict[str, FilledColumn],
        watch: Callable[[Progress], None],
    ) -> _Learned:
        """A column learned from the given cells and the columns to its left."""
        known: dict[str, dict[int, Any]] = {n: dict(cells) for n, cells in given.items()}
        for other, column in done.items():
            known[other] = {row: v for row, v in enumerate(column.values) if v is not None}
        try:
            found = fill_table(self.table, [name], given=known, config=self.config, progress=watch).columns[0]
        except NeurosynthError as error:
            return _Learned(_basis(name, given, done, None), None, str(error))
        learned = _Learned(None, found, "" if found.solved else self._why_not(found.result))
        return replace(learned, basis=_basis(name, given, done, learned.reads))

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
            if (
                asked is not None
                and asked.row not in self.typed.get(name, {})
                and (name, asked.row) not in self.skipped
            ):
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


def _basis(
    name: str,
    given: dict[str, dict[int, str]],
    done: dict[str, FilledColumn],
    reads: tuple[str, ...] | None,
) -> object:
    """What a column is learned from: its typed cells, and the typed and filled cells of the columns that it reads, or of all."""
    known = {**given, **{other: column.values for other, column in done.items()}}
    return given.get(name), {n: cells for n, cells in known.items() if n != name and (reads is None or n in reads)}


def _of_different_names(table: DataTable, name: str) -> DataTable:
    """The table, if each of its columns has a distinct name."""
    for column, count in Counter(table.names).items():
        if count > 1:
            raise InputError(f"{name}: {count} columns are named {column!r}; rename all but one")
    return table


def _text(value: Any) -> str:
    return "" if value is None else str(value)
