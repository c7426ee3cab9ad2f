"""Programs as code over whole columns: pandas and polars.

If the library has every operation of a program, the code is one expression over columns. Otherwise the exported Python function is
written first and mapped over the rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from neurosynth.export.base import ExportError
from neurosynth.export.expressions import ExpressionWriter, missing_forms
from neurosynth.export.json import inputs_of
from neurosynth.export.python import PythonExporter
from neurosynth.export.writer import folded
from neurosynth.language.program import Input, Program
from neurosynth.tasks.task import Task

__all__ = ["PandasExporter", "PolarsExporter"]


def _columns(program: Program, task: Task | None) -> dict[int, str]:
    """The names of the columns that the program reads, by index."""
    read = {p.index for p in program.subprograms() if isinstance(p, Input)}
    return {i.index: i.name or i.head for i in inputs_of(program, task) if i.index in read}


def _vectorised(program: Program, dialect: str, columns: Mapping[int, str]) -> str | None:
    """The expression over columns, or None if the library lacks an operation or a form needs a constant."""
    if not columns or missing_forms(program, dialect):
        return None
    written = {i: f"frame[{name!r}]" if dialect == "pandas" else f"pl.col({name!r})" for i, name in columns.items()}
    try:
        return ExpressionWriter(
            dialect, written, _literal, lambda _, text: f"({text})" if " + " in text else text
        ).write(program)
    except ExportError:
        return None


def _literal(value: Any) -> str:
    """A constant that needs no import."""
    if not isinstance(value, (str, int, tuple)) and value is not None:
        raise ExportError(f"a constant such as {value!r} has no form over columns; export this program to python")
    return repr(value)


def _function(program: Program, task: Task | None) -> str:
    return PythonExporter().export(program, task).rstrip("\n")


_POLARS = "import polars as pl\n"


@dataclass(frozen=True, kw_only=True)
class PandasExporter:
    """A function from a frame to the new column."""

    name: str = "pandas"

    def export(self, program: Program, task: Task | None = None) -> str:
        """The source of a module that defines ``column(frame)``, a Series.

        Raises:
            ExportError: if the program cannot be exported to Python either.
        """
        columns = _columns(program, task)
        expression = _vectorised(folded(program), "pandas", columns)
        head = "import pandas as pd\n"
        note = f"    # {' '.join(str(program).split())}\n"
        signature = "def column(frame: pd.DataFrame) -> pd.Series:\n"
        if expression is not None:
            return f"{head}\n\n{signature}{note}    return {expression}\n"
        every = [i.name or i.head for i in inputs_of(program, task)]
        cells = ", ".join(f"frame[{name!r}]" for name in every)
        rows = f"zip({cells})" if every else "range(len(frame))"
        call = "program(*row)" if every else "program()"
        body = (
            f"    cells = [[None if pd.isna(cell) else cell for cell in row] for row in {rows}]\n"
            f"    return pd.Series([{call} for row in cells], index=frame.index, dtype=object)\n"
        )
        if not every:
            body = f"    return pd.Series([program() for _ in {rows}], index=frame.index, dtype=object)\n"
        return f"{_imports_first(head, _function(program, task))}\n\n\n{signature}{note}{body}"


@dataclass(frozen=True, kw_only=True)
class PolarsExporter:
    """A polars expression for ``with_columns``."""

    name: str = "polars"

    def export(self, program: Program, task: Task | None = None) -> str:
        """The source of a module that defines ``column``, an expression.

        Raises:
            ExportError: if the program cannot be exported to Python either.
        """
        columns = _columns(program, task)
        expression = _vectorised(folded(program), "polars", columns)
        note = f"# {' '.join(str(program).split())}\n"
        if expression is not None:
            return f"import polars as pl\n\n{note}column = {expression}\n"
        every = [i.name or i.head for i in inputs_of(program, task)]
        if not every:
            value = f"pl.lit(program(), dtype={_dtype(program)})"
            return f"{_imports_first(_POLARS, _function(program, task))}\n\n\n{note}column = {value}\n"
        cells = ", ".join(map(repr, every))
        mapped = f"pl.struct({cells}).map_elements(lambda row: program(*row.values()), return_dtype={_dtype(program)})"
        return f"{_imports_first(_POLARS, _function(program, task))}\n\n\n{note}column = {mapped}\n"


def _dtype(program: Program) -> str:
    return {
        "string": "pl.String",
        "int": "pl.Int64",
        "bool": "pl.Boolean",
        "date": "pl.Date",
        "datetime": "pl.Datetime",
    }.get(str(program.type), "pl.Object")


def _imports_first(line: str, code: str) -> str:
    """A module with one more import, after those of the standard library."""
    imports = []
    rest = code.split("\n")
    while rest and rest[0].startswith(("import ", "from ")):
        imports.append(rest.pop(0))
    gap = "\n" if imports else ""
    body = "\n".join(rest).lstrip("\n")
    return "\n".join(imports) + gap + ("\n" if imports else "") + line + "\n\n" + body
