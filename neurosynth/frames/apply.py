"""Run a saved program on a new table of any length, chunk by chunk, and report rows that look unlike those from which it was
learned."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from neurosynth.errors import InputError, known_names, listed
from neurosynth.frames.column_function import ColumnFunction, reads_missing
from neurosynth.frames.delimited import (
    Dialect,
    TextRow,
    added_to,
    dialect_of,
    read_start,
    replaced_in,
    stream_rows,
    wrong_width,
)
from neurosynth.frames.saved import SavedProgram
from neurosynth.language.load import load_language
from neurosynth.language.primitive import UNDEFINED

__all__ = ["Applied", "UnlikeRow", "apply_stream"]


@dataclass(frozen=True, slots=True)
class UnlikeRow:
    """A row that looks unlike those from which the program was learned."""

    line: int
    column: str
    cell: str
    reason: str


@dataclass(kw_only=True)
class Applied:
    """The results of applying a program to a table."""

    MOST = 20
    """Maximum number of unusual rows kept; all are counted."""

    rows: int = 0
    filled: int = 0
    kept: int = 0
    """Number of cells that had a value already."""
    blank: int = 0
    """Number of rows for which the program gives an empty cell, as where an input is empty."""
    undefined: int = 0
    """Number of rows for which the program has no value."""
    unlike: int = 0
    first_unlike: list[UnlikeRow] = field(default_factory=list)

    def note(self, row: UnlikeRow) -> None:
        """Count a row, and keep it if it is among the first."""
        self.unlike += 1
        if len(self.first_unlike) < self.MOST:
            self.first_unlike.append(row)


def apply_stream(
    saved: SavedProgram,
    source: Path | BinaryIO,
    *,
    delimiter: str | None = None,
    encoding: str | None = None,
    overwrite: bool = False,
    applied: Applied | None = None,
) -> Iterator[bytes]:
    """The table with the program's column filled in, in chunks of some thousand rows.

    If the table has no column of that name, it is added on the right; otherwise empty cells are filled and the others are kept, unless
    ``overwrite``.

    Args:
        saved: the program.
        source: delimited text: a path, or an open binary stream.
        delimiter: by default recognised from the header.
        encoding: by default UTF-8, or the encoding of a byte-order mark.
        overwrite: fill cells that have a value, too.
        applied: counts and unusual rows, updated as the table is read.

    Raises:
        InputError: for a column that the program reads and the table lacks, and for a source that is not a table.
    """
    counts = applied if applied is not None else Applied()
    name, start, stream = read_start(source)
    dialect = dialect_of(name, start, delimiter=delimiter, encoding=encoding)
    stream.read(len(dialect.mark))
    text = io.TextIOWrapper(stream, encoding=dialect.encoding, newline="")
    try:
        yield from _pieces(
            saved, stream_rows(_lines(text, name, dialect), dialect, name), dialect, name, overwrite, counts
        )
    finally:
        text.detach()  # the stream of standard input is not closed here
        if isinstance(source, Path):
            stream.close()


def _pieces(
    saved: SavedProgram, rows: Iterator[TextRow], dialect: Dialect, name: str, overwrite: bool, counts: Applied
) -> Iterator[bytes]:
    header = next((row for row in rows if row.cells), None)
    if header is None:
        raise InputError(f"{name}: empty; the first line must name the columns")
    positions = _positions(saved, header, name)
    target = header.cells.index(saved.output) if saved.output in header.cells else None
    first = header.raw if target is not None else added_to(header.raw, [saved.output], dialect)
    yield dialect.mark + dialect.encoded(first, name)
    writer = _FilledRows(saved, dialect, header.cells, positions, target, overwrite, counts, name)
    piece: list[str] = []
    for row in rows:
        piece.append(writer.row(row))
        if len(piece) >= 4096:
            yield dialect.encoded("".join(piece), name)
            piece.clear()
    yield dialect.encoded("".join(piece), name)


def _lines(text: io.TextIOWrapper, name: str, dialect: Dialect) -> Iterator[str]:
    """The lines of a table with their ends.

    Raises:
        InputError: for bytes that are invalid in the encoding.
    """
    number = 0
    try:
        for line in text:
            number += 1
            yield line
    except UnicodeDecodeError as error:
        raise InputError(
            f"{name}, after line {number}: byte 0x{error.object[error.start]:02x} is not {dialect.encoding}; "
            "name the file's encoding (--encoding cp1252)"
        ) from None


def _positions(saved: SavedProgram, header: TextRow, name: str) -> list[int]:
    """The positions of the columns that the program reads."""
    absent = [column for column in saved.columns if column not in header.cells]
    if absent:
        known = known_names("columns", absent[0], header.cells)
        raise InputError(
            f"{name}: no column {listed(absent)}, which the program reads; {known}; rename a column of the table"
        )
    return [header.cells.index(column) for column in saved.columns]


@dataclass
class _FilledRows:
    """Writes rows with the program's values."""

    saved: SavedProgram
    dialect: Dialect
    header: Sequence[str]
    positions: Sequence[int]
    target: int | None
    overwrite: bool
    counts: Applied
    name: str

    def __post_init__(self) -> None:
        self.function = ColumnFunction(self.saved.program, self.saved.task)
        self.empty = None if reads_missing(load_language(self.saved.language)) else ""
        self.known: dict[tuple[str, ...], tuple[str | None, tuple[str, str, str] | None]] = {}

    def row(self, row: TextRow) -> str:
        """The text of a filled row."""
        cells = row.cells
        if not cells:
            return row.raw
        if len(cells) != len(self.header):
            raise wrong_width(self.name, row, len(self.header), self.dialect)
        self.counts.rows += 1
        if self.target is not None and cells[self.target] and not self.overwrite:
            self.counts.kept += 1
            return row.raw
        key = tuple(cells[at] for at in self.positions)
        found = self.known.get(key)
        if found is None:
            found = self._computed(key)
            if len(self.known) >= 1 << 18:
                self.known.clear()
            self.known[key] = found
        text, unlike = found
        if unlike is not None:
            self.counts.note(UnlikeRow(row.line, *unlike))
        if text is None:
            self.counts.undefined += 1
            text = ""
        elif text:
            self.counts.filled += 1
        else:
            self.counts.blank += 1
        if self.target is None:
            return added_to(row.raw, [text], self.dialect, quoted=True)
        return replaced_in(row.raw, {self.target: text}, self.dialect, quoted=True)

    def _computed(self, key: tuple[str, ...]) -> tuple[str | None, tuple[str, str, str] | None]:
        """The cell of a row in the form of the file, and how the row looks unlike those from which the program was learned."""
        row = tuple(cell or self.empty for cell in key)
        value = self.function.compute(row)
        unlike = None
        for given, shapes, column in zip(row, self.saved.input_shapes, self.saved.inputs, strict=True):
            if not shapes.fits(given):
                unlike = (
                    column.name or column.head,
                    given or "",
                    "looks unlike the cells that the program was learned from",
                )
        if value is UNDEFINED:
            name = self.saved.inputs[0].name if self.saved.inputs else ""
            cell, why = key[0] if key else "", self.function.why(key)
            about = f": {cell!r} "  # the cell is shown before the reason
            reason = f"{why.removeprefix(about)}; it has no result" if why.startswith(about) else f"has no result{why}"
            return None, (name, cell, reason)
        if unlike is None and not self.saved.output_shapes.fits(value):
            unlike = (self.saved.output, str(value), "looks unlike the values that the program was learned from")
        return ("" if value is None else self.dialect.cell(str(value))), unlike
