"""Filling columns of pandas and polars frames, through narwhals, so that no library needs separate code (extra ``data``).

Programs read and write text. A cell of another type is converted to the text that a person would write (``3``, ``12.5``,
``2024-05-01``), and results are converted to the type of their column.
"""

from __future__ import annotations

import datetime
import decimal
import numbers
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from neurosynth.errors import InputError
from neurosynth.extras import require
from neurosynth.frames.cells import missing, texts
from neurosynth.frames.fill import fill_table
from neurosynth.frames.filled import Doubt, Fill, FillConfig, FilledColumn
from neurosynth.frames.saved import SavedProgram
from neurosynth.frames.table import DataTable, column_number

__all__ = ["FrameFill", "FrameTable", "fill", "frame_table"]


@dataclass(frozen=True)
class FrameTable(DataTable):
    """A narwhals frame as a table of texts."""

    frame: Any
    """A ``narwhals.DataFrame``."""
    path: str = "the frame"

    @property
    def names(self) -> Sequence[str]:  # type: ignore[override]
        """The columns of the frame."""
        return [str(c) for c in self.frame.columns]

    @property
    def count(self) -> int:
        """Number of rows."""
        return len(self.frame)

    def column(self, name: str) -> list[Any]:
        """The cells of a column as texts; None for missing ones."""
        return texts(self.frame[:, column_number(self, name)].to_list())

    def line(self, row: int) -> int:
        """The row, from 0, as frames count."""
        return row

    def encoded(self, changed: Mapping[str, Mapping[int, Any]], added: Mapping[str, Sequence[Any]]) -> bytes:
        """Frames cannot be written as files here."""
        raise InputError("a frame has no file; take FrameFill.frame and write it with its own library")


def frame_table(frame: Any) -> FrameTable:
    """A pandas, polars, pyarrow … frame as a table.

    Raises:
        InputError: for what is not a frame that narwhals knows, or without the extra ``data``.
    """
    require("data", "a frame")
    import narwhals as nw

    try:
        return FrameTable(nw.from_native(frame, eager_only=True))
    except TypeError:
        raise InputError(
            f"{type(frame).__name__} is not a frame; allowed: pandas and polars frames, pyarrow tables, or the path of a file"
        ) from None


@dataclass(frozen=True, kw_only=True)
class FrameFill:
    """The result of :func:`fill`: the frame with filled columns, the programs, and the doubtful cells."""

    frame: Any
    """A frame of the same library as the given one."""
    fill: Fill

    @property
    def columns(self) -> tuple[FilledColumn, ...]:
        """The result for each column."""
        return self.fill.columns

    @property
    def programs(self) -> dict[str, SavedProgram]:
        """The program of each column that has one."""
        return {c.name: c.saved for c in self.columns if c.saved is not None}

    @property
    def doubts(self) -> dict[str, tuple[Doubt, ...]]:
        """The doubtful cells of each column, the least certain first."""
        return {c.name: c.doubts for c in self.columns}

    def __repr__(self) -> str:
        return "\n".join(map(str, self.columns))

    def _repr_html_(self) -> str:
        """The frame's first rows with doubtful cells shaded, and the programs: the form for notebooks."""
        from neurosynth.frames.html import fill_html

        return fill_html(self.fill)


def fill(
    frame: Any,
    *outputs: str,
    inputs: Sequence[str] = (),
    examples: Mapping[str, Mapping[int, Any]] | None = None,
    config: FillConfig | None = None,
    **options: Any,
) -> FrameFill:
    """Fill the missing cells of columns from the cells that have a value.

    Args:
        frame: a pandas or polars frame; it is not changed.
        outputs: the columns to fill; by default those of ``examples``, or the only column that has missing cells.
        inputs: columns that may be read; by default all others.
        examples: further cells to learn from: column → row (from 0) → value; a column may be new.
        config: settings such as seconds, and the confidence below which cells stay missing.
        options: further arguments of :func:`neurosynth.frames.fill.fill_table`.

    Raises:
        InputError: for an unknown or full column, contradicting rows, or a frame of an unknown library.
    """
    import narwhals as nw

    table = frame_table(frame)
    given = {
        name: dict(zip(cells, texts(list(cells.values())), strict=True)) for name, cells in (examples or {}).items()
    }
    wanted = outputs or tuple(given) or _only_one(table)
    filled = fill_table(table, wanted, inputs=inputs, given=given, config=config, **options)
    native = table.frame
    for column in filled.columns:
        cells = list(column.values)
        if column.name in native.columns:
            old = native[column.name]
            values = _typed(old, cells, column)
            series = nw.new_series(column.name, values, old.dtype, backend=nw.get_native_namespace(native))
        else:
            shown = list((examples or {}).get(column.name, {}).values())
            series = _new_series(column.name, cells, shown, nw.get_native_namespace(native))
        if nw.get_native_namespace(native).__name__ == "pandas":
            series = nw.maybe_align_index(series, native) if len(native) == 0 else _same_index(series, native)
        native = native.with_columns(series)
    return FrameFill(frame=nw.to_native(native), fill=filled)


def _new_series(name: str, cells: Sequence[str | None], shown: Sequence[Any], backend: Any) -> Any:
    """A column that the frame does not have, in the type of the cells that it was learned from.

    It is text if a filled cell cannot be read as a value of that type.
    """
    import narwhals as nw

    values = [v for v in shown if not missing(v)]
    if any(isinstance(v, float) for v in values) and all(isinstance(v, numbers.Real) for v in values):
        values = [float(v) for v in values]  # whole numbers among them: polars accepts one type in a series
    if values and len({type(v) for v in values}) == 1 and not isinstance(values[0], str):
        dtype = nw.new_series(name, values, backend=backend).dtype
        if dtype.is_integer() and None in cells:
            dtype = nw.Float64()  # whole numbers of numpy cannot be missing
        read = _reader(dtype, values)
        if read is not str:
            try:
                return nw.new_series(name, [None if c is None else read(c) for c in cells], dtype, backend=backend)
            except (ValueError, KeyError, decimal.InvalidOperation):
                pass  # text, as below
    return nw.new_series(name, cells, nw.String, backend=backend)


def _same_index(series: Any, frame: Any) -> Any:
    """A pandas series with the index of a frame, of any kind."""
    import narwhals as nw

    native = nw.to_native(series)
    native.index = nw.to_native(frame).index
    return nw.from_native(native, series_only=True)


def _only_one(table: FrameTable) -> tuple[str, ...]:
    """The one column with missing cells.

    Raises:
        InputError: if there is none, or several.
    """
    found = [name for name in table.names if table.names.count(name) == 1 and None in table.column(name)]
    if len(found) != 1:
        which = f"several columns have missing cells ({', '.join(found)})" if found else "no column has missing cells"
        raise InputError(f"{which}; name the one to fill: fill(frame, 'column')")
    return (found[0],)


def _typed(old: Any, cells: Sequence[Any], column: FilledColumn) -> list[Any]:
    """Cells in the type of their column: given cells unchanged, the others read from text."""
    before = old.to_list()
    read = _reader(old.dtype, [v for v in before if not missing(v)])
    filled = set(column.filled)
    values: list[Any] = []
    for row, (value, cell) in enumerate(zip(before, cells, strict=True)):
        if row not in filled:
            values.append(None if missing(value) else value)
            continue
        try:
            values.append(None if cell is None else read(cell))
        except (ValueError, KeyError, decimal.InvalidOperation):
            raise InputError(
                f"column {column.name!r}, row {row}: {cell!r} is not a valid {old.dtype}; give the column text, or other examples"
            ) from None
    return values


_BY_CLASS: dict[type, Callable[[str], Any]] = {
    bool: lambda text: {"True": True, "False": False, "true": True, "false": False}[text],
    int: int,
    float: float,
    decimal.Decimal: decimal.Decimal,
    datetime.date: datetime.date.fromisoformat,
    datetime.datetime: datetime.datetime.fromisoformat,
    datetime.time: datetime.time.fromisoformat,
}
"""Functions that read texts, by the class of their values."""


def _reader(dtype: Any, given: Sequence[Any]) -> Callable[[str], Any]:
    """The function that reads a text as a value of a narwhals type, or as one of the class of all given cells of a column of objects."""
    import narwhals as nw

    if dtype.is_integer():
        return int
    if dtype.is_float():
        return float
    if dtype.is_decimal():
        return decimal.Decimal
    if dtype == nw.Boolean:
        return _BY_CLASS[bool]
    if dtype == nw.Date:
        return datetime.date.fromisoformat
    if dtype == nw.Datetime:
        return datetime.datetime.fromisoformat
    classes = {type(v) for v in given} if dtype == nw.Object else set()
    return _BY_CLASS.get(classes.pop(), str) if len(classes) == 1 else str
