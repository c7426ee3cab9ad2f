"""``neurosynth fill``: from a table with a few filled cells to the whole column, with a report of doubtful cells."""

from __future__ import annotations

import gc
import json
import os
import re
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from neurosynth.cli.options import ProcessMemory, check_seconds, takes
from neurosynth.errors import InputError

if TYPE_CHECKING:
    from neurosynth.frames.filled import Fill, FilledColumn
    from neurosynth.frames.table import DataTable
    from neurosynth.search.base import Limits
    from neurosynth.synthesize import Result
    from neurosynth.tasks.task import Task

__all__ = ["fill"]

QUESTIONS = 5
"""Maximum number of questions of ``--ask`` for each column."""


@dataclass(frozen=True, kw_only=True)
class FillOptions:
    """What to fill, from which columns, and where to write it."""

    table: Annotated[
        str,
        typer.Argument(metavar="TABLE", help="A .csv, .tsv, .jsonl, .parquet or .xlsx file, or - for standard input."),
    ]
    outputs: Annotated[list[str], typer.Option("--output", metavar="COL", help="Column to fill; several may follow.")]
    inputs: Annotated[
        list[str] | None,
        typer.Option(
            "--input",
            metavar="COL",
            help="Column that the program may read; several may follow. Default: those that have most in common with the output.",
        ),
    ] = None
    given: Annotated[
        list[str] | None,
        typer.Option(
            "--given",
            metavar="COL:LINE=VALUE",
            help="A further cell to learn from, such as 'surname:2=Lovelace': column, line in the file, value. It may correct a cell "
            "that was filled, and the column may be new.",
        ),
    ] = None
    write: Annotated[
        str | None,
        typer.Option(
            "--write", metavar="FILE", help="Write the filled table to this file, or to standard output with -."
        ),
    ] = None
    in_place: Annotated[bool, typer.Option("--in-place", help="Overwrite TABLE with the filled table.")] = False
    save: Annotated[
        str | None,
        typer.Option(
            "--save",
            metavar="FILE",
            help="Save the program for 'apply' and 'export'; one file per column.",
        ),
    ] = None
    mark: Annotated[bool, typer.Option("--mark", help="Add a column with the confidence of each filled cell.")] = False
    ask: Annotated[
        bool,
        typer.Option("--ask", help="Ask you about rows on which the programs found disagree, at most five per column."),
    ] = False
    noise: Annotated[
        int,
        typer.Option(
            "--noise", metavar="N", help="Number of given cells of a column that may be wrong. Wrong ones are reported."
        ),
    ] = 0
    min_confidence: Annotated[
        float,
        typer.Option(
            "--min-confidence", metavar="P", help="Leave cells with lower confidence empty. 0 fills every cell."
        ),
    ] = 0.5
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead of the report.")] = False
    delimiter: Annotated[
        str | None, typer.Option("--delimiter", help="Column separator of delimited text; detected by default.")
    ] = None
    encoding: Annotated[
        str | None, typer.Option("--encoding", help="Encoding of delimited text; UTF-8 by default.")
    ] = None
    seconds: Annotated[
        float | None,
        typer.Option(
            "--seconds",
            help="Time limit for each column, in seconds of wall-clock time. Default: 10 seconds, in which waiting for a busy processor "
            "does not count, and at most 60 in all.",
        ),
    ] = None
    max_memory: ProcessMemory = 4.0
    language: Annotated[
        str | None, typer.Option("--language", help="Name of a language. Default: the one for tables.")
    ] = None

    def __post_init__(self) -> None:
        if not 0 <= self.min_confidence <= 1:
            raise InputError(
                f"--min-confidence {self.min_confidence:g}: allowed: 0 to 1, such as 0.9; 0 fills every cell"
            )
        check_seconds(self.seconds)
        if self.noise < 0:
            raise InputError(f"--noise {self.noise}: allowed: 0 or a positive number of cells")

    @property
    def target(self) -> Path | None:
        """The file to write; None for standard output or for no file.

        Raises:
            InputError: for options that contradict each other.
        """
        if self.in_place and (self.write is not None or self.table == "-"):
            raise InputError("--in-place overwrites TABLE, which must be a file; leave out --write")
        if self.in_place and os.path.exists(self.table) and not os.path.isfile(self.table):
            raise InputError(
                f"{self.table}: not a regular file, so --in-place cannot overwrite it; give a file with --write"
            )
        target = Path(self.table) if self.in_place else Path(self.write) if self.write not in (None, "-") else None
        there = [p for p in (target, Path(self.table)) if p is not None and os.path.exists(p) and not self.in_place]
        if len(there) == 2 and there[0].samefile(there[1]):
            raise InputError(
                f"{target}: this is the table itself; use --in-place to overwrite it, or give another file"
            )
        if self.write == "-" and self.as_json:
            raise InputError("--json and --write - both print to standard output; give a file to --write")
        return target


@takes(FillOptions)
def fill(options: FillOptions) -> None:
    """Fill the empty cells of columns of TABLE, learning from the cells that have a value.

    Exit status: 0 if every cell was filled whose inputs are not empty, 1 if a column has no program or another cell stays empty, 2 for
    bad input.
    """
    from neurosynth.cli.interrupt import EXIT
    from neurosynth.frames.fill import fill_table
    from neurosynth.frames.filled import FillConfig
    from neurosynth.frames.table import check_target, read_table
    from neurosynth.search.base import Limits

    target = options.target
    source = sys.stdin.buffer if options.table == "-" else options.table
    read = read_table(source, delimiter=options.delimiter, encoding=options.encoding)
    if target is not None:
        check_target(read, target)
    cells = _given(options.given or [], read)
    config = FillConfig(min_confidence=options.min_confidence, noise=options.noise)
    if options.seconds is not None:
        config = replace(config, seconds=options.seconds, stretch=1.0)
    limits = Limits(seconds=config.seconds, stretch=config.stretch, max_memory=options.max_memory)
    apart = _Apart(options.language, limits)

    def once() -> Fill:
        with apart.searching() as search:
            return fill_table(
                read, options.outputs, inputs=options.inputs or (), given=cells, language=options.language,
                config=config, limits=limits, solve=search,
            )  # fmt: skip

    filled = once()
    if options.ask and not apart.signalled:
        filled = _asked(filled, cells, once)
    if apart.signalled:
        _report_interrupted(filled, options.as_json)
        raise typer.Exit(EXIT[signal.Signals(apart.signalled)])
    _write(filled, options, target)
    saved = _save(filled, options.save)
    if options.as_json:
        print(json.dumps(to_json(filled, target, saved), ensure_ascii=False))
    else:
        from neurosynth.cli.fill_report import report

        report(filled, target, saved, to_stderr=options.write == "-")
    sys.stdout.flush()
    raise typer.Exit(0 if complete(filled) else 1)


def _write(filled: Fill, options: FillOptions, target: Path | None) -> None:
    """Write the filled table where the options say."""
    from neurosynth.writing import write_whole

    if target is not None:
        write_whole(target, filled.encoded(mark=options.mark), "give another file with --write")
    elif options.write == "-":
        sys.stdout.buffer.write(filled.encoded(mark=options.mark))
        sys.stdout.buffer.flush()


@dataclass
class _Apart:
    """Searches in separate processes: limits and interrupts work whatever a search does, and the live line never stops."""

    language: str | None
    limits: Limits
    signalled: int = 0
    """The signal that arrived, 0 for none."""

    @contextmanager
    def searching(self) -> Iterator[Callable[[Task, Limits], Result]]:
        """The function that searches for the program of a column."""
        from neurosynth.apart import synthesize_apart
        from neurosynth.cli.interrupt import held_interrupts
        from neurosynth.cli.progress import live
        from neurosynth.search.base import Doing

        gc.freeze()  # examining all imported modules takes as long as the search of a small column
        with held_interrupts() as interrupted, live(self.limits, doing=Doing.READING.value) as shown:

            def search(task: Task, within: Limits) -> Result:
                if shown is not None:
                    shown.begin(task.name, len(task.examples))
                try:
                    return synthesize_apart(
                        task,
                        self.language,
                        limits=within,
                        progress=shown,
                        stop=lambda: interrupted() > 0,
                    )
                finally:
                    self.signalled = self.signalled or interrupted()
                    if shown is not None:
                        shown.say(Doing.FILLING)

            yield search


def _report_interrupted(filled: Fill, as_json: bool) -> None:
    """The result so far after an interrupt; nothing is written to a file that is only half filled."""
    if as_json:
        print(json.dumps(to_json(filled, None, []), ensure_ascii=False))
    else:
        from neurosynth.cli.fill_report import report

        report(filled, None, [], to_stderr=True)
    print("interrupted: nothing was written", file=sys.stderr)
    sys.stdout.flush()


def _asked(filled: Fill, cells: dict[str, dict[int, Any]], once: Callable[[], Fill]) -> Fill:
    """Ask, learn from the answer, report what it changed, and ask again, at most :data:`QUESTIONS` times for each column."""
    from neurosynth.cli.fill_questions import answer_one, changed_cells

    left = {column.name: QUESTIONS for column in filled.columns}
    while (asked := answer_one(filled, cells, left)) is not None:
        name = asked[0]
        left[name] -= 1
        before = {c.name: c for c in filled.columns}[name]
        filled = once()
        after = {c.name: c for c in filled.columns}[name]
        said = f"The answer changed {changed_cells(before, after):,} of {len(after.to_fill):,} other cells of {name!r}."
        print(said, file=sys.stderr)
    return filled


def _given(texts: list[str], table: DataTable) -> dict[str, dict[int, Any]]:
    """``surname:2=Lovelace`` as column → row → value."""
    cells: dict[str, dict[int, Any]] = {}
    lines = {table.line(row): row for row in range(table.count)} if texts else {}
    for text in texts:
        place, equals, value = text.partition("=")
        name, colon, line = place.rpartition(":")
        if not equals or not colon or not re.fullmatch(r"[0-9]{1,12}", line):
            raise InputError(f"--given {text!r}: expected COLUMN:LINE=VALUE, as in 'surname:2=Lovelace'")
        if int(line) not in lines:
            raise InputError(
                f"--given {text!r}: no row starts on line {line} of {table.path}; its rows start on lines "
                f"{min(lines, default=0)} to {max(lines, default=0)}"
            )
        cells.setdefault(name, {})[lines[int(line)]] = value
    return cells


def _save(filled: Fill, save: str | None) -> list[str]:
    """Write the programs; returns the paths."""
    from neurosynth.frames.saved import save_program

    if save is None:
        return []
    paths = []
    for column in filled.columns:
        if column.saved is None:
            continue
        path = Path(save)
        if len(filled.columns) > 1:
            path = path.with_name(f"{path.stem}.{_plain(column.name)}{path.suffix or '.json'}")
        save_program(column.saved, path)
        paths.append(str(path))
    return paths


def _plain(name: str) -> str:
    """A column's name as part of a file name."""
    return "".join(c if c.isalnum() or c in "-_" else "_" for c in name) or "column"


def complete(filled: Fill) -> bool:
    """Whether every column has a program, and no cell stayed empty because of its confidence or for want of a value.

    Cells whose inputs are empty may stay empty.
    """
    return filled.solved and not any(c.refused for c in filled.columns)


def to_json(filled: Fill, target: Path | None, saved: list[str]) -> dict[str, Any]:
    """The object that ``fill --json`` prints."""
    return {
        "table": filled.table.path,
        "rows": filled.table.count,
        "written": None if target is None else str(target),
        "saved": saved,
        "columns": [_column_json(filled, c) for c in filled.columns],
    }


def _cell_json(filled: Fill, column: FilledColumn, row: int, gives: Any) -> dict[str, Any]:
    """A given cell that the program contradicts."""
    return {"row": row, "line": filled.table.line(row), "value": column.values[row], "gives": gives}


def _column_json(filled: Fill, column: FilledColumn) -> dict[str, Any]:
    result = column.result
    row: dict[str, Any] = {
        "output": column.name,
        "inputs": list(column.inputs),
        "solved": column.solved,
        "stop": result.stop.value,
        "seconds": round(column.seconds, 3),
        "filled": len(column.filled),
        "empty": column.refused + len(column.blank),
        "confidence": round(result.confidence, 4),
        "guess": result.guess,
        "min_confidence": column.min_confidence,
        "cells": [
            {"row": row, "value": column.values[row], "confidence": round(column.confidences[row], 4)}
            for row in column.filled
        ],
    }
    if column.saved is not None:
        row["program"] = column.saved.to_json()
        python = column.export("python")
        if python is not None:
            row["python"] = python
    row["wrong"] = list(column.wrong)
    if column.wrong:
        row["contradicted"] = [_cell_json(filled, column, r, v) for r, v in column.gives.items()]
    if column.odd is not None:
        row["near_miss"] = _cell_json(filled, column, *column.odd)
    row["doubts"] = [
        {
            "row": d.row,
            "line": d.line,
            "value": d.value,
            "confidence": round(d.confidence, 4),
            "reason": d.reason,
            "alternatives": [{"value": v, "share": round(s, 4)} for v, s in d.alternatives],
        }
        for d in column.doubts
    ]
    return row
