"""Parquet, Excel and JSON lines, by pyarrow and openpyxl (extra ``data``)."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from neurosynth.errors import InputError
from neurosynth.values import exact_json

__all__ = ["decode", "encode"]

_FORMULA = ("=", "+", "-", "@")
"""Characters with which a spreadsheet begins a formula."""


def decode(kind: str, path: Path) -> dict[str, list[Any]]:
    """Columns of a parquet file or of the first sheet of an Excel file, by name.

    Raises:
        InputError: for a file that is not of this format, a sheet without a header, or two columns of one name.
    """
    try:
        return _parquet(path) if kind == "parquet" else _sheet(path)
    except OSError as error:
        raise InputError(f"{path}: cannot be read as {kind}: {error.strerror or error}") from None


def _parquet(path: Path) -> dict[str, list[Any]]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(path)
    except pa.ArrowInvalid as error:
        raise InputError(f"{path}: not a parquet file: {error}") from None
    return {name: table.column(name).to_pylist() for name in table.column_names}


def _sheet(path: Path) -> dict[str, list[Any]]:
    from zipfile import BadZipFile

    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (BadZipFile, InvalidFileException, KeyError) as error:
        raise InputError(f"{path}: not an Excel file (.xlsx): {error}") from None
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    book.close()
    while rows and all(v is None for v in rows[-1]):
        rows.pop()
    if not rows:
        raise InputError(f"{path}: the first sheet is empty; its first row must name the columns")
    header = ["" if v is None else str(v) for v in rows[0]]
    for name in header:
        if header.count(name) > 1:
            raise InputError(f"{path}: {header.count(name)} columns are named {name!r}; rename all but one")
    return {name: [row[i] if i < len(row) else None for row in rows[1:]] for i, name in enumerate(header)}


def encode(
    kind: str, columns: Mapping[str, Sequence[Any]], original: bytes, changed: Mapping[str, Mapping[int, Any]], new: int
) -> bytes:
    """The bytes of a file that has these columns.

    Args:
        kind: ``jsonl``, ``parquet`` or ``xlsx``.
        columns: all columns with their new content.
        original: the Excel file that the table was read from, whose other sheets, formulas and styles are kept.
        changed: the cells that differ from those read: name of a column → row number → cell.
        new: the number of new columns, which are the last ones.
    """
    if kind == "jsonl":
        names = list(columns)
        rows = zip(*columns.values(), strict=True)
        return "".join(
            exact_json.dumps(dict(zip(names, row, strict=True)), default=str) + "\n" for row in rows
        ).encode()
    target = io.BytesIO()
    if kind == "parquet":
        import pyarrow as pa
        import pyarrow.parquet as pq

        pq.write_table(pa.table(dict(columns)), target)
        return target.getvalue()
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(original))
    sheet = book.worksheets[0]
    names = list(columns)
    for name, cells in changed.items():
        for row, value in cells.items():
            _set(sheet.cell(row + 2, names.index(name) + 1), value)
    for at in range(len(names) - new, len(names)):
        for row, value in enumerate([names[at], *columns[names[at]]], 1):
            _set(sheet.cell(row, at + 1), value)
    book.save(target)
    return target.getvalue()


def _set(cell: Any, value: Any) -> None:
    """The value for a cell; text that a spreadsheet would run as a formula stays text."""
    cell.value = value
    if isinstance(value, str) and value.startswith(_FORMULA):
        cell.data_type = "s"
        cell.quotePrefix = True
