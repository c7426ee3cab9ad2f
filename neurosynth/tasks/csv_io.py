"""Tasks from a table: some columns are the inputs, one is the output, and rows without an output are to be filled."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from neurosynth.errors import InputError, known_names, listed
from neurosynth.tasks.files import read_text
from neurosynth.tasks.task import Example, Task, first_contradiction
from neurosynth.values.types import STRING, Arrow

__all__ = ["read_csv"]

Row = tuple[int, list[str]]
"""The line on which a row starts, counted from 1, and its cells."""


def read_csv(path: Path, *, inputs: Sequence[str], output: str, noise: int = 0) -> Task:
    """A task from the named columns of a CSV file with a header. All cells are strings: ``007`` stays ``007``. Rows with an empty
    output cell are not examples: ``unlabelled`` keeps their inputs, ``extra["unlabelled_lines"]`` the lines they start on. Up to
    ``noise`` examples may be wrong. The delimiter is a comma, or a semicolon or tab if the header has no comma.

    Raises:
        InputError: for a missing column (with the existing ones and the most similar), a row with too few or too many cells,
            quotes that do not close, rows that contradict (with both lines), or no row with an output.
    """
    header, rows = _read_rows(path)
    if not inputs:
        raise InputError(
            f"{path}: no input columns named; columns: {listed(header)}; name at least one other than {output!r}"
        )
    positions = [_column(path, header, name) for name in inputs]
    target = _column(path, header, output)
    if output in inputs:
        raise InputError(
            f"{path}: column {output!r} is both an input and the output; name another column for one of them"
        )
    examples: list[Example] = []
    lines: list[int] = []
    unlabelled: list[list[str]] = []
    unlabelled_lines: list[int] = []
    for line, cells in rows:
        values = [cells[p] for p in positions]
        if cells[target] == "":
            unlabelled.append(values)
            unlabelled_lines.append(line)
        else:
            examples.append(Example(tuple(values), cells[target]))
            lines.append(line)
    if not examples:
        raise InputError(f"{path}: column {output!r} is empty in all {len(rows)} rows; fill it in for at least one row")
    clash = first_contradiction(examples, noise)
    if clash is not None:
        first, second = clash
        outputs = f"{examples[first].output!r} and {examples[second].output!r}"
        raise InputError(
            f"{path}: lines {lines[first]} and {lines[second]} contradict: the same inputs give {outputs}; "
            f"correct one, empty its {output!r} cell, or name more input columns"
        )
    return Task(
        examples,
        path.stem,
        language="columns",
        type=Arrow((STRING,) * len(inputs), STRING),
        input_names=tuple(inputs),
        unlabelled=unlabelled,
        noise=noise,
        extra={"unlabelled_lines": unlabelled_lines} if unlabelled else {},
    )


def _read_rows(path: Path) -> tuple[list[str], list[Row]]:
    text = read_text(path)
    first_line = text.split("\n", 1)[0]
    delimiter = ","
    if "," not in first_line:
        delimiter = next((d for d in ";\t" if d in first_line), ",")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[Row] = []
    line = 1
    try:
        for cells in reader:
            if cells:
                rows.append((line, cells))
            line = reader.line_num + 1
    except csv.Error as error:
        raise InputError(
            f"{path}, line {line}: not a CSV row: {error}; close every quote, and double quotes inside a cell"
        ) from None
    if not rows:
        raise InputError(f"{path}: empty; the first line must name the columns")
    header = rows.pop(0)[1]
    for line, cells in rows:
        if len(cells) != len(header):
            raise InputError(
                f"{path}, line {line}: {len(cells)} cells, the header has {len(header)}; "
                f"put double quotes around cells that contain {delimiter!r}"
            )
    return header, rows


def _column(path: Path, header: list[str], name: str) -> int:
    if name not in header:
        raise InputError(f"{path}: no column {name!r}; {known_names('columns', name, header)}")
    if header.count(name) > 1:
        raise InputError(f"{path}: {header.count(name)} columns are named {name!r}; rename all but one")
    return header.index(name)
