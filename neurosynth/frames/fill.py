"""Fill the empty cells of columns from the filled cells: useful input columns are found, and doubtful cells are reported."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from neurosynth.errors import InputError, listed
from neurosynth.frames.choice import offers_of
from neurosynth.frames.column_function import ColumnFunction, reads_missing
from neurosynth.frames.column_search import ColumnSearch, Solve, given_value
from neurosynth.frames.filled import Doubt, Fill, FillConfig, FilledColumn
from neurosynth.frames.row_question import row_question
from neurosynth.frames.saved import SavedProgram, input_names
from neurosynth.frames.shapes import CellShapes
from neurosynth.frames.table import DataTable, column_number, read_table
from neurosynth.language.language import Language
from neurosynth.language.load import load_language
from neurosynth.language.primitive import UNDEFINED
from neurosynth.language.program import Input, Program
from neurosynth.language.syntax import parse_program
from neurosynth.ranking.agreement import read_inputs
from neurosynth.ranking.cells import FilledCell
from neurosynth.search.base import Limits, Progress
from neurosynth.synthesize import Result, synthesize
from neurosynth.tasks.task import Example, Task

__all__ = ["fill_table"]


def fill_table(
    source: str | Path | DataTable,
    outputs: Sequence[str],
    *,
    inputs: Sequence[str] = (),
    given: Mapping[str, Mapping[int, Any]] | None = None,
    language: Language | str | None = None,
    config: FillConfig | None = None,
    limits: Limits | None = None,
    progress: Callable[[Progress], None] | None = None,
    solve: Solve | None = None,
) -> Fill:
    """Fill the empty cells of columns by programs learned from the filled cells.

    Columns are filled in the order given, and a later one may read an earlier one.

    Args:
        source: a table, or the path of one.
        outputs: columns to fill.
        inputs: columns that may be read; by default those that have most in common with the output.
        given: further cells to learn from: column → row → value; a column may be new.
        language: an object or a name; by default the one for tables.
        config: settings.
        limits: memory and programs; seconds come from ``config``.
        progress: called about ten times a second.
        solve: the function that searches within limits, instead of :func:`synthesize`.

    Raises:
        InputError: for an unknown, doubled or full column, rows that contradict each other, or a column without a filled cell; the
            message says which.
    """
    table = source if isinstance(source, DataTable) else read_table(source)
    settings = config or FillConfig()
    if not outputs:
        raise InputError(f"{table.path}: no output column named; columns: {listed(list(table.names))}")
    spoken = load_language(language) if isinstance(language, str) else language
    empty = None if spoken is None or reads_missing(spoken) else ""
    columns = _Columns(table, given or {}, outputs, empty)
    for name in inputs:
        column_number(table, name)

    def search(task: Task, within: Limits) -> Result:
        return synthesize(task, language, limits=within, progress=progress)

    filled = tuple(
        _filled(columns, name, list(inputs), settings, limits or Limits(), solve or search)
        for name in dict.fromkeys(outputs)
    )
    return Fill(table=table, columns=filled)


@dataclass
class _Columns:
    """The cells of a table, including those filled so far."""

    table: DataTable
    given: Mapping[str, Mapping[int, Any]]
    outputs: Sequence[str]
    empty: str | None
    """The value that a program reads for an empty cell."""
    done: dict[str, list[Any]] = field(default_factory=dict)

    def cells(self, name: str) -> list[Any]:
        """The current cells of a column."""
        if name in self.done:
            return self.done[name]
        new = name not in self.table.names and name in self.given
        cells = [None] * self.table.count if new else self.table.column(name)
        for row, value in self.given.get(name, {}).items():
            cells[row] = value
        return cells

    def as_read(self, cells: list[Any]) -> list[Any]:
        """Cells as programs read them."""
        return cells if self.empty is None else [self.empty if v is None else v for v in cells]

    def readable(self, output: str) -> list[str]:
        """Columns that a program for ``output`` may read: all with a unique name that are not still to be filled."""
        names = list(self.table.names)
        waiting = {n for n in self.outputs if n not in self.done}
        own = [n for n in names if names.count(n) == 1 and n not in waiting and n != output]
        return own + [n for n in self.done if n not in names]


def _filled(
    columns: _Columns, name: str, inputs: list[str], config: FillConfig, limits: Limits, solve: Solve
) -> FilledColumn:
    """Fill one column: choose inputs and examples, search, check on every row that has an output, and search again if it is wrong."""
    started = time.perf_counter()
    table = columns.table
    cells = columns.cells(name)
    labelled = [row for row, cell in enumerate(cells) if cell is not None]
    empty = [row for row, cell in enumerate(cells) if cell is None]
    if not labelled:
        raise InputError(
            f"{table.path}: column {name!r} is empty in all {table.count} rows; fill in two or three of its cells"
        )
    if not empty:
        raise InputError(f"{table.path}: column {name!r} has no empty cell; empty the cells that are to be filled")
    readable = [n for n in (inputs or columns.readable(name)) if n != name]
    if not readable:
        doubled = [n for n in dict.fromkeys(table.names) if table.names.count(n) > 1]
        same = f"; {listed(doubled)} occurs more than once: give each column its own name" if doubled else ""
        raise InputError(f"{table.path}: no column to read from; a table needs one in addition to {name!r}{same}")
    texts = {n: columns.cells(n) for n in readable}
    _check_noise(table, name, labelled, config.noise)
    offers = (
        [readable] if inputs else offers_of(texts, cells, labelled, empty, most=(config.columns, config.more_columns))
    )
    search = ColumnSearch(table, name, cells, labelled, empty, config, limits, solve)
    read = {n: columns.as_read(texts[n]) for n in dict.fromkeys(n for offer in offers for n in offer)}
    found = search.over([{n: read[n] for n in offer} for offer in offers])
    chosen, rows, result, wrong = found.columns, found.rows, found.result, found.wrong
    seconds = time.perf_counter() - started
    odd = _odd(result, rows, cells, labelled)
    if not result.solved:
        return FilledColumn(
            name=name,
            result=result,
            inputs=(),
            offered=tuple(chosen),
            values=tuple(cells),
            filled=(),
            to_fill=tuple(empty),
            confidences={},
            doubts=(),
            odd=odd,
            seconds=seconds,
        )
    column = _completed(columns, name, result, chosen, rows, cells, labelled, empty, config)
    columns.done[name] = list(column.values)
    question = row_question(name, result, rows, empty, chosen, column.doubts, table.line)
    return replace(
        column,
        offered=tuple(chosen),
        wrong=tuple(wrong),
        gives=wrong,
        odd=odd,
        question=question,
        seconds=time.perf_counter() - started,
    )


def _odd(result: Result, rows: list[tuple[Any, ...]], cells: list[Any], labelled: list[int]) -> tuple[int, Any] | None:
    """The only row that contradicts a program with which all others agree, and the program's value there."""
    if result.near_miss is None:
        return None
    function = ColumnFunction(result.near_miss[0].program, result.task)
    wrong = [row for row in labelled if function(rows[row]) != cells[row]]
    return (wrong[0], given_value(function, rows[wrong[0]])) if len(wrong) == 1 else None


def _completed(
    columns: _Columns,
    name: str,
    result: Result,
    names: list[str],
    rows: list[tuple[Any, ...]],
    cells: list[Any],
    labelled: list[int],
    empty: list[int],
    config: FillConfig,
) -> FilledColumn:
    """The column with its empty cells filled, and the confidence of each."""
    read = sorted(read_inputs(result.best.program))
    function = ColumnFunction(result.best.program, result.task)
    judge = result.cells()
    to_fill = [rows[row] for row in empty]
    functions = [f.for_rows(to_fill) for f in (function, *(ColumnFunction(p, result.task) for p in judge.programs[1:]))]
    input_shapes = tuple(CellShapes.of(rows[row][at] for row in labelled) for at in read)
    output_shapes = CellShapes.of(cells[row] for row in labelled)
    values = list(cells)
    confidences: dict[int, float] = {}
    doubts: list[Doubt] = []
    filled: list[int] = []
    blank: list[int] = []
    known: dict[tuple[Any, ...], FilledCell] = {}
    for row in empty:
        key = rows[row]
        looked_at = tuple([key[at] for at in judge.read])
        if looked_at not in known:
            known[looked_at] = judge.of(key, [f(key) for f in functions])
        cell = known[looked_at]
        undefined = cell.value is UNDEFINED
        value = None if undefined or cell.value == "" else cell.value
        confidence, alternatives = cell.confidence, cell.others
        if value is None and not undefined and any(key[at] in (None, "") for at in read):
            blank.append(row)  # nothing comes of nothing: no doubt
            continue
        confidences[row] = confidence
        if confidence < config.doubtful_below or value is None:
            usual = all(s.fits(key[at]) for s, at in zip(input_shapes, read, strict=True))
            reason = f"the program has no value for this row{function.why(key)}" if undefined else ""
            reason = reason or _reason(value, alternatives, alike=output_shapes.fits(value), usual=usual)
            doubts.append(Doubt(row, columns.table.line(row), value, confidence, reason, alternatives))
        if confidence >= config.min_confidence and value is not None:
            values[row] = value
            filled.append(row)
    saved = _saved(result, names, read, name, input_shapes, output_shapes)
    return FilledColumn(
        name=name,
        result=result,
        inputs=tuple(names[at] for at in read),
        values=tuple(values),
        filled=tuple(filled),
        min_confidence=config.min_confidence,
        to_fill=tuple(empty),
        blank=tuple(blank),
        refused=len(empty) - len(filled) - len(blank),
        confidences=confidences,
        doubts=tuple(sorted(doubts, key=lambda d: (d.confidence, d.row))),
        saved=saved,
    )


def _reason(value: Any, alternatives: Sequence[Any], *, alike: bool, usual: bool) -> str:
    """Why a cell is doubtful: ``alike`` says whether it looks like the given ones, and ``usual`` whether its row does."""
    if value is None:
        return "the program gives an empty cell"
    if not alike:
        return "the value looks unlike the given ones"
    if not usual:
        return "the row looks unlike the given ones"
    return "other likely programs give another value" if alternatives else "the program itself is uncertain"


def _saved(
    result: Result,
    names: list[str],
    read: list[int],
    output: str,
    input_shapes: tuple[CellShapes, ...],
    output_shapes: CellShapes,
) -> SavedProgram:
    """The best program, as a function of only the columns that it reads."""
    parameters = result.task.parameters
    wrong = {row.example for row in result.wrong}
    named = input_names(names)
    inputs = tuple(Input(i, parameters[at], named[at]) for i, at in enumerate(read))
    return SavedProgram(
        program=_restricted(result.best.program, result.language, inputs),
        language=result.language.name,
        inputs=inputs,
        columns=tuple(names[at] for at in read),
        output=output,
        input_shapes=input_shapes,
        output_shapes=output_shapes,
        confidence=result.confidence,
        examples=tuple(
            Example(tuple(e.inputs[at] for at in read), e.output)
            for i, e in enumerate(result.task.examples)
            if i not in wrong
        )[:10],
    )


def _restricted(program: Program, language: Language, inputs: tuple[Input, ...]) -> Program:
    """The program as a function of ``inputs``, which are those that it reads, in order."""
    return parse_program(str(program), language, inputs=inputs, expected=program.type)


def _check_noise(table: DataTable, name: str, labelled: list[int], noise: int) -> None:
    most = (len(labelled) - 1) // 2
    if noise > most:
        raise InputError(
            f"{table.path}: noise is {noise}, but column {name!r} has {len(labelled)} given cells; fewer than half of them may be "
            f"wrong: at most {most}; give more cells, or lower --noise"
        )
