"""Delimited text (csv, tsv, semicolons, pipes) whose rows keep their original bytes. A table is read once. Each row keeps the text from
which it was read, so that a file whose last column is filled differs from the original only in these cells: quoting, line ends, blank
lines, byte-order mark and encoding stay the same.
"""

from __future__ import annotations

import codecs
import csv
import io
import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from neurosynth.errors import InputError

__all__ = [
    "DELIMITERS",
    "Delimited",
    "Dialect",
    "TextRow",
    "added_to",
    "check_size",
    "dialect_of",
    "read_delimited",
    "read_start",
    "replaced_in",
    "stream_rows",
    "wrong_width",
]

DELIMITERS = ",;\t|"
"""Delimiters that are recognised automatically."""
STREAM = "standard input"
"""The name of a stream without another name."""
LIMIT = 2_000_000_000
"""Maximum number of bytes read into memory; ``apply`` streams and has no such limit."""
_SAMPLE = 64 * 1024
_PIECE = 1 << 24
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """The dialect of a delimited file."""

    delimiter: str = ","
    encoding: str = "utf-8"
    mark: bytes = b""
    """The byte-order mark at the beginning of the file."""
    quote_all: bool = False
    """Whether every cell of the header is quoted, so that new cells are quoted, too."""

    def encoded(self, text: str, path: str) -> bytes:
        """Part of the file ``path`` as bytes.

        Raises:
            InputError: for a character that the file's encoding cannot write.
        """
        try:
            return text.encode(self.encoding)
        except UnicodeEncodeError as error:
            raise InputError(
                f"{path}: {error.object[error.start]!r} cannot be written in the file's encoding, {self.encoding}; "
                "save the file as UTF-8 and fill it again"
            ) from None

    def cell(self, text: str) -> str:
        """A cell in the form of the file: quoted if necessary, or if the whole file is quoted."""
        special = self.delimiter in text or '"' in text or "\n" in text or "\r" in text
        if special or self.quote_all or text[:1].isspace() or text[-1:].isspace():
            doubled = text.replace('"', '""')
            return f'"{doubled}"'
        return text


@dataclass(frozen=True, slots=True)
class TextRow:
    """A row of a file: its first line, its cells, and its original text with the line end."""

    line: int
    cells: list[str]
    raw: str


@dataclass(frozen=True)
class Delimited:
    """A delimited file in memory."""

    path: str
    dialect: Dialect
    header: list[str]
    header_raw: str
    rows: list[TextRow]
    between: Mapping[int, str] = field(default_factory=dict)
    """The blank lines before each row, by its number, as in the file."""

    def column(self, at: int) -> list[str]:
        """The cells of a column, top to bottom."""
        return [row.cells[at] for row in self.rows]

    def written(self, changed: Mapping[int, Mapping[int, str]], added: Mapping[str, Sequence[str]]) -> Iterator[str]:
        """The text of the file, chunk by chunk, with changed cells and with columns added on the right.

        Args:
            changed: row number (from 0) → column number → new cell.
            added: name of a new column → its cells, one for each row.
        """
        yield added_to(self.header_raw, list(added), self.dialect)
        columns = list(added.values())
        for number, row in enumerate(self.rows):
            yield self.between.get(number, "")
            raw = row.raw
            if number in changed:
                raw = replaced_in(raw, changed[number], self.dialect)
            if columns:
                raw = added_to(raw, [cells[number] for cells in columns], self.dialect)
            yield raw
        yield self.between.get(len(self.rows), "")

    def encoded(self, changed: Mapping[int, Mapping[int, str]], added: Mapping[str, Sequence[str]]) -> bytes:
        """:meth:`written` as the bytes of a file.

        Raises:
            InputError: for a new cell that the file's encoding cannot write, with the character.
        """
        return self.dialect.mark + self.dialect.encoded("".join(self.written(changed, added)), self.path)


def read_delimited(
    source: Path | BinaryIO, *, delimiter: str | None = None, encoding: str | None = None, name: str = STREAM
) -> Delimited:
    """Read a table with a header line.

    Args:
        source: a path, or an open binary stream (standard input).
        delimiter: one character; by default the most frequent one of comma, semicolon, tab and pipe in the header.
        encoding: by default UTF-8, or UTF-16 if a byte-order mark or the zero bytes of the first letters say so.
        name: the name of a stream, for messages.

    Raises:
        InputError: for a file that cannot be read or decoded (line and byte), quotes that do not close, rows with too few
            or too many cells, a header without names, or a file larger than 2 GB (``apply`` streams it).
    """
    name, data = _bytes(source, name)
    mark, found = _mark(data)
    text = _decoded(name, data[len(mark) :], encoding or found or "utf-8")
    dialect = sniff(text, name, delimiter=delimiter, encoding=encoding or found or "utf-8", mark=mark)
    rows = stream_rows(io.StringIO(text, newline=""), dialect, name)
    header: TextRow | None = None
    kept: list[TextRow] = []
    between: dict[int, str] = {}
    width = 0
    for row in rows:
        if not row.cells:
            between[len(kept)] = between.get(len(kept), "") + row.raw
        elif header is None:
            header, width = row, len(row.cells)
        elif len(row.cells) != width:
            raise wrong_width(name, row, width, dialect)
        else:
            kept.append(row)
    if header is None:
        raise InputError(f"{name}: empty; the first line must name the columns")
    return Delimited(name, dialect, header.cells, header.raw, kept, between)


def wrong_width(name: str, row: TextRow, width: int, dialect: Dialect) -> InputError:
    """The error for a row that has too few or too many cells."""
    return InputError(
        f"{name}, line {row.line}: {len(row.cells)} cells, the header has {width}; "
        f"put double quotes around cells that contain {dialect.delimiter!r}"
    )


def sniff(text: str, name: str, *, delimiter: str | None, encoding: str, mark: bytes) -> Dialect:
    """The dialect of a text that begins with its header line."""
    if delimiter is not None and (len(delimiter) != 1 or delimiter in '"\r\n'):
        raise InputError(
            f"{name}: the delimiter is {delimiter!r}; allowed: one character that is not a quote and no line end"
        )
    first = re.match(r'(?:"(?:[^"]|"")*"|[^"\r\n])*', text)
    head = first.group() if first else ""
    bare = re.sub(r'"(?:[^"]|"")*"', '""', head)
    found = delimiter or max(DELIMITERS, key=lambda d: (bare.count(d), -DELIMITERS.index(d)))
    cells = bare.split(found)
    quoted = len(head) > 2 and all(cell.strip() == '""' for cell in cells)
    return Dialect(delimiter=found, encoding=encoding, mark=mark, quote_all=quoted)


def stream_rows(lines: Iterable[str], dialect: Dialect, name: str) -> Iterator[TextRow]:
    """The rows of a text that is given line by line (with line ends); a blank line is a row without cells.

    Raises:
        InputError: for quotes that do not close, with the line on which the row starts.
    """
    source = iter(lines)
    delimiter = dialect.delimiter
    csv.field_size_limit(1 << 30)
    number = 1
    for text in source:
        if '"' not in text:  # nearly all rows: splitting is three times as fast as the csv reader
            body = text.rstrip("\r\n")
            yield TextRow(number, body.split(delimiter) if body else [], text)
            number += 1
            continue
        read: list[str] = []
        reader = csv.reader(_noted(itertools.chain([text], source), read), delimiter=delimiter, strict=True)
        try:
            cells = next(reader)
        except csv.Error as error:
            raise InputError(
                f"{name}, line {number}: not a row of a table: {error}; close every quote, and double quotes inside a cell"
            ) from None
        yield TextRow(number, cells, "".join(read))
        number += len(read)


def _noted(lines: Iterable[str], read: list[str]) -> Iterator[str]:
    """The lines, each appended to ``read`` as it is consumed."""
    for line in lines:
        read.append(line)
        yield line


def check_size(source: Path, size: int | None = None) -> None:
    """Refuse a file that is too large to be read into memory.

    Raises:
        InputError: with its size and the limit.
    """
    size = source.stat().st_size if size is None else size
    if size > LIMIT:
        raise InputError(
            f"{source}: {size / 1e9:.1f} GB, more than the {LIMIT / 1e9:g} GB that are read into memory; "
            "fill a part of it, save the program (--save FILE), and stream the rest as delimited text through: neurosynth apply FILE TABLE"
        )


def _bytes(source: Path | BinaryIO, name: str) -> tuple[str, bytes]:
    if not isinstance(source, Path):
        return name, _limited(source, name)
    try:
        check_size(source)
        with source.open("rb") as file:
            return str(source), _limited(file, str(source))  # a pipe or a device does not tell its size
    except FileNotFoundError:
        from neurosynth.errors import nearest

        names = [p.name for p in source.parent.iterdir()] if source.parent.is_dir() else []
        raise InputError(f"{source}: no such file{nearest(source.name, names)}") from None
    except IsADirectoryError:
        raise InputError(f"{source}: a folder; give one of the tables in it") from None
    except OSError as error:
        raise InputError(f"{source}: cannot be read: {error.strerror or error}") from None


def _limited(stream: BinaryIO, name: str) -> bytes:
    """All bytes of a stream.

    Raises:
        InputError: when there are more than :data:`LIMIT`.
    """
    data = bytearray()
    while len(data) <= LIMIT and (piece := stream.read(_PIECE)):
        data += piece
    if len(data) > LIMIT:
        raise InputError(
            f"{name}: more than the {LIMIT / 1e9:g} GB that are read into memory; "
            "fill a part of it, save the program (--save FILE), and stream the rest through: neurosynth apply FILE -"
        )
    return bytes(data)


def read_start(source: Path | BinaryIO) -> tuple[str, bytes, BinaryIO]:
    """The name of a source, its first bytes, and a stream of all of them; for tables that are read in chunks. Raises: InputError: if it
    cannot be read.
    """
    try:
        raw = source.open("rb") if isinstance(source, Path) else source
        stream = raw if isinstance(raw, io.BufferedReader) else io.BufferedReader(raw)  # type: ignore[type-var]  # any readable stream
        start = stream.peek(_SAMPLE)
    except OSError as error:
        raise InputError(f"{source}: cannot be read: {error.strerror or error}") from None
    return str(source) if isinstance(source, Path) else STREAM, start, stream


def dialect_of(name: str, start: bytes, *, delimiter: str | None, encoding: str | None) -> Dialect:
    """The dialect of a table, from its first bytes.

    Raises:
        InputError: for an unknown encoding, or an invalid delimiter.
    """
    mark, found = _mark(start)
    chosen = encoding or found or "utf-8"
    try:
        text = start[len(mark) :].decode(chosen, errors="ignore")
    except LookupError:
        text = _decoded(name, b"", chosen)
    return sniff(text, name, delimiter=delimiter, encoding=chosen, mark=mark)


def _mark(data: bytes) -> tuple[bytes, str | None]:
    """The byte-order mark at the beginning of a file, and its encoding. Without a mark, zero bytes show UTF-16."""
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return mark, encoding
    start = data[:1000]
    zeros = start[::2].count(0), start[1::2].count(0)
    if sum(zeros) > len(start) // 3 and not min(zeros):
        return b"", "utf-16-be" if zeros[0] else "utf-16-le"
    return b"", None


def _decoded(name: str, data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except LookupError:
        raise InputError(
            f"{name}: unknown encoding {encoding!r}; allowed: what Python's codecs know, as utf-8 or cp1252"
        ) from None
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError(
            f"{name}, line {line}: byte 0x{data[error.start]:02x} at offset {error.start} is not {encoding}; "
            "save the file as UTF-8, or name its encoding (--encoding cp1252)"
        ) from None


def _split_end(raw: str) -> tuple[str, str]:
    """A raw row and its line end."""
    body = raw[:-1] if raw.endswith(("\n", "\r")) else raw
    if raw.endswith("\r\n"):
        body = raw[:-2]
    return body, raw[len(body) :]


def added_to(raw: str, cells: Sequence[str], dialect: Dialect, *, quoted: bool = False) -> str:
    """A raw row with cells added at its right end; ``quoted``: they are in the form of the file already."""
    if not cells:
        return raw
    if not quoted:
        cells = [dialect.cell(text) for text in cells]
    body, end = _split_end(raw)
    return dialect.delimiter.join([body, *cells]) + end


def replaced_in(raw: str, changed: Mapping[int, str], dialect: Dialect, *, quoted: bool = False) -> str:
    """A raw row with some cells replaced and the others unchanged; ``quoted`` as in :func:`added_to`."""
    body, end = _split_end(raw)
    cells = _raw_cells(body, dialect.delimiter)
    for column, text in changed.items():
        cells[column] = text if quoted else dialect.cell(text)
    return dialect.delimiter.join(cells) + end


def _raw_cells(body: str, delimiter: str) -> list[str]:
    """The cells of a row in their raw form, including quotes."""
    if '"' not in body:
        return body.split(delimiter)
    bar = re.escape(delimiter)
    pattern = re.compile(rf'("(?:[^"]|"")*"|[^{bar}]*)({bar}|\Z)')
    cells: list[str] = []
    at = 0
    while True:
        match = pattern.match(body, at)
        assert match is not None
        cells.append(match[1])
        if not match[2]:
            return cells
        at = match.end()
