"""``neurosynth apply``: a saved program on a table of any length; ``neurosynth export``: a saved program as code."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

__all__ = ["apply", "export"]


def apply(
    program: Annotated[
        str, typer.Argument(metavar="PROGRAM.json", help="A program that 'fill --save' wrote.", show_default=False)
    ],
    table: Annotated[
        str, typer.Argument(metavar="TABLE", help="A delimited text file, or - for standard input.", show_default=False)
    ],
    write: Annotated[
        str | None,
        typer.Option("--write", metavar="FILE", help="Write the table to this file instead of standard output."),
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Recompute cells that already have a value.")] = False,
    delimiter: Annotated[str | None, typer.Option("--delimiter", help="Column separator; detected by default.")] = None,
    encoding: Annotated[str | None, typer.Option("--encoding", help="Text encoding; UTF-8 by default.")] = None,
) -> None:
    """Apply a saved program to TABLE, and report rows that look unlike those it was learned from.

    The table is processed in chunks, so it may be larger than memory.

    Exit status: 0 on success, 1 if the program has no value for some rows, 2 for bad input.
    """
    from neurosynth.errors import InputError
    from neurosynth.frames.apply import Applied, apply_stream
    from neurosynth.frames.saved import load_program
    from neurosynth.writing import whole_file

    saved = load_program(Path(program))
    source = sys.stdin.buffer if table == "-" else Path(table)
    counts = Applied()
    pieces = apply_stream(saved, source, delimiter=delimiter, encoding=encoding, overwrite=overwrite, applied=counts)
    if write is None:
        for piece in pieces:
            sys.stdout.buffer.write(piece)
        sys.stdout.buffer.flush()
    else:
        path = Path(write)
        if table != "-" and path.exists() and path.samefile(table):
            raise InputError(f"{path}: this is the table itself; write to another file")
        with whole_file(path, "give another file with --write") as file:
            for piece in pieces:
                file.write(piece)
    for row in counts.first_unlike:
        print(f"line {row.line}: {row.column} = {row.cell[:60]!r} {row.reason}", file=sys.stderr)
    if counts.unlike > len(counts.first_unlike):
        print(f"… and {counts.unlike - len(counts.first_unlike):,} more such rows", file=sys.stderr)
    kept = f" · {counts.kept:,} kept as they were" if counts.kept else ""
    blank = f" · {counts.blank:,} stay empty" if counts.blank else ""
    nothing = f" · {counts.undefined:,} without a result" if counts.undefined else ""
    print(f"{saved.output}: {counts.filled:,} of {counts.rows:,} rows filled in{kept}{blank}{nothing}", file=sys.stderr)
    raise typer.Exit(1 if counts.undefined else 0)


def export(
    program: Annotated[
        str, typer.Argument(metavar="PROGRAM.json", help="A program that 'fill --save' wrote.", show_default=False)
    ],
    to: Annotated[
        str,
        typer.Option(
            "--to", metavar="FORM", help="Target language: python, pandas, sql … (see 'neurosynth list exporters')."
        ),
    ] = "python",
) -> None:
    """Print a saved program as code.

    Exit status: 0 on success, 2 for bad input or if FORM cannot express the program.
    """
    from neurosynth.frames.saved import load_program
    from neurosynth.plugins import load

    saved = load_program(Path(program))
    print(load("exporters", to)().export(saved.program, saved.task).rstrip("\n"), flush=True)
