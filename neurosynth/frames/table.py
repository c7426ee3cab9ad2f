"""A table in memory, from any file format: named columns of cells, and a way to write it with some cells changed."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

from neurosynth.errors import InputError, known_names
from neurosynth.extras import require
from neurosynth.frames.delimited import STREAM, Delimited, check_size, read_delimited
from neurosynth.values import exact_json

__all__ = ["FORMATS", "DataTable", "MemoryTable", "check_target", "column_number", "read_table"]

FORMATS = {".csv": "csv", ".tsv": "tsv", ".tab": "tsv", ".txt": "csv", ".parquet": "parquet", ".xlsx": "xlsx"}
FORMATS |= {".jsonl": "jsonl", ".ndjson": "jsonl"}
"""Formats of tables by the suffix of the file's name; everything else is read as delimited text."""


class DataTable(ABC):
    """Named columns with equal numbers of cells; an empty cell is None."""

    path: str
    names: Sequence[str]

    @property
    @abstractmethod
    def count(self) -> int:
        """Number of rows, without the header."""

    @abstractmethod
    def column(self, name: str) -> list[Any]:
        """The cells of a column, top to bottom."""

    @abstractmethod
    def line(self, row: int) -> int:
        """The place of a row (from 0) in the file: its line, or its row in the sheet, from 1."""

    @abstractmethod
    def encoded(self, changed: Mapping[str, Mapping[int, Any]], added: Mapping[str, Sequence[Any]]) -> bytes:
        """The file with some cells changed and some columns added on the right.

        Args:
            changed: name of a column → row number → new cell.
            added: name of a new column → its cells.
        """


@dataclass(frozen=True)
class DelimitedTable(DataTable):
    """Delimited text; every cell is a string: ``007`` stays ``007``."""

    text: Delimited

    @property
    def path(self) -> str:  # type: ignore[override]
        """Its source."""
        return self.text.path

    @property
    def names(self) -> Sequence[str]:  # type: ignore[override]
        """The header."""
        return self.text.header

    @property
    def count(self) -> int:
        """Number of rows."""
        return len(self.text.rows)

    def column(self, name: str) -> list[Any]:
        """The cells of a column; None for empty ones."""
        return [cell or None for cell in self.text.column(column_number(self, name))]

    def line(self, row: int) -> int:
        """The line on which a row starts."""
        return self.text.rows[row].line

    def encoded(self, changed: Mapping[str, Mapping[int, Any]], added: Mapping[str, Sequence[Any]]) -> bytes:
        """The bytes of the file; unchanged cells keep theirs."""
        cells: dict[int, dict[int, str]] = {}
        for name, rows in changed.items():
            at = column_number(self, name)
            for row, value in rows.items():
                cells.setdefault(row, {})[at] = _text(value)
        return self.text.encoded(cells, {name: [_text(v) for v in values] for name, values in added.items()})


def _text(value: Any) -> str:
    """A value as a cell of delimited text; missing is the empty cell."""
    return "" if value is None else value if isinstance(value, str) else str(value)


@dataclass(frozen=True)
class MemoryTable(DataTable):
    """Columns of texts without a file."""

    path: str
    columns: Mapping[str, list[Any]]
    extra_rows: int = 0
    """Number of rows at the end that only make room for cells to be filled; they repeat the last one."""

    @property
    def names(self) -> Sequence[str]:  # type: ignore[override]
        """The columns' names."""
        return list(self.columns)

    @property
    def count(self) -> int:
        """Number of rows."""
        return len(next(iter(self.columns.values()), ())) + self.extra_rows

    def column(self, name: str) -> list[Any]:
        """The cells of a column."""
        column_number(self, name)
        cells = self.columns[name]
        return [*cells, *cells[-1:] * self.extra_rows]

    def line(self, row: int) -> int:
        """The row, from 0."""
        return row

    def longer(self) -> MemoryTable:
        """With one more row, like the last: a column that is given in full can then be learned."""
        return replace(self, extra_rows=1)

    def encoded(self, changed: Mapping[str, Mapping[int, Any]], added: Mapping[str, Sequence[Any]]) -> bytes:
        """There is no file to write."""
        raise InputError(f"{self.path}: no file; take the filled columns instead")


@dataclass(frozen=True)
class FileTable(DataTable):
    """A table of another format (parquet, xlsx, json lines), read into columns of Python values."""

    path: str
    names: Sequence[str]
    columns: Mapping[str, list[Any]]
    kind: str
    original: bytes = b""
    """An Excel file as it was read; writing it keeps its other sheets, formulas and styles."""

    @property
    def count(self) -> int:
        """Number of rows."""
        return len(next(iter(self.columns.values()), ()))

    def column(self, name: str) -> list[Any]:
        """The cells of a column; None for missing ones."""
        column_number(self, name)
        return list(self.columns[name])

    def line(self, row: int) -> int:
        """The line, or the row of the sheet below its header."""
        return row + (1 if self.kind == "jsonl" else 2)

    def encoded(self, changed: Mapping[str, Mapping[int, Any]], added: Mapping[str, Sequence[Any]]) -> bytes:
        """Write the file again."""
        columns = {name: list(values) for name, values in self.columns.items()}
        for name, rows in changed.items():
            for row, value in rows.items():
                columns[name][row] = value
        columns.update({name: list(values) for name, values in added.items()})
        from neurosynth.frames.formats import encode

        return encode(self.kind, columns, self.original, changed, len(added))


def check_target(table: DataTable, target: Path) -> None:
    """Check that a file can be written there, and that its name fits the table, which keeps its format.

    Raises:
        InputError: for a folder that does not exist, and for a name of another format, because programs that open the file would
            expect that format.
    """
    if not target.absolute().parent.is_dir():
        raise InputError(f"{target}: there is no folder {target.absolute().parent}; make it, or give another file")
    kind = table.kind if isinstance(table, FileTable) else "csv"
    named = FORMATS.get(target.suffix.lower(), kind)
    if named.replace("tsv", "csv") != kind:
        endings = ", ".join(end for end, known in FORMATS.items() if known.replace("tsv", "csv") == kind)
        raise InputError(
            f"{target}: the name says {named}, but a filled table keeps the format of {table.path}, which is {kind}; "
            f"allowed: a name that ends in {endings}"
        )


def column_number(table: DataTable, name: str) -> int:
    """The position of a column. Raises: InputError: for an unknown name (with the known ones and the most similar), or one that several
    columns have.
    """
    names = list(table.names)
    if name not in names:
        raise InputError(f"{table.path}: no column {name!r}; {known_names('columns', name, names)}")
    if names.count(name) > 1:
        raise InputError(f"{table.path}: {names.count(name)} columns are named {name!r}; rename all but one")
    return names.index(name)


def read_table(
    source: str | Path | BinaryIO,
    *,
    delimiter: str | None = None,
    encoding: str | None = None,
    format_: str | None = None,
    name: str = STREAM,
) -> DataTable:
    """Read a table; the suffix of the file's name determines its format.

    Args:
        source: a path, or an open binary stream of delimited text.
        delimiter: of delimited text; by default recognised.
        encoding: of delimited text; by default UTF-8, or the encoding of a byte-order mark.
        format_: ``csv``, ``tsv``, ``parquet``, ``xlsx`` or ``jsonl``, if the name does not tell.
        name: the name of a stream, for messages.

    Raises:
        InputError: for a file that cannot be read as a table, with the place; or an extra that its format needs.
    """
    path = Path(source) if isinstance(source, str) else source
    kind = format_ or (FORMATS.get(path.suffix.lower(), "csv") if isinstance(path, Path) else "csv")
    if kind not in (*FORMATS.values(), "csv"):
        raise InputError(f"unknown table format {kind!r}; allowed: csv, tsv, parquet, xlsx, jsonl")
    if kind in ("csv", "tsv"):
        return DelimitedTable(
            read_delimited(path, delimiter=delimiter or ("\t" if kind == "tsv" else None), encoding=encoding, name=name)
        )
    if not isinstance(path, Path):
        raise InputError(f"{name} is read as delimited text; give a file for {kind}")
    if path.is_file():
        check_size(path)
    if kind == "jsonl":
        columns = _json_lines(path)
    else:
        require("data", f"a table in {kind}")
        from neurosynth.frames.formats import decode

        columns = decode(kind, path)
    return FileTable(str(path), list(columns), columns, kind, path.read_bytes() if kind == "xlsx" else b"")


def _json_lines(path: Path) -> dict[str, list[Any]]:
    """Columns of a file with one JSON object per line; a field that an object lacks is missing there."""
    from neurosynth.tasks.files import read_text

    rows: list[dict[str, Any]] = []
    names: dict[str, None] = {}
    for number, line in enumerate(read_text(path).split("\n"), 1):
        if not line.strip():
            continue
        try:
            value = exact_json.loads(line)
        except (ValueError, RecursionError) as error:
            raise InputError(f"{path}, line {number}: invalid JSON: {error}; a table has one object per line") from None
        if not isinstance(value, dict):
            raise InputError(
                f"{path}, line {number}: {type(value).__name__}, not an object; a table has one object per line"
            )
        rows.append(value)
        names.update(dict.fromkeys(value))
    if not rows:
        raise InputError(f"{path}: empty; a table has one JSON object per line")
    return {name: [row.get(name) for row in rows] for name in names}
