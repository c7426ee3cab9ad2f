"""Programs as an SQL expression in DuckDB's dialect: ``SELECT *, <expression> AS "surname" FROM t``."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from neurosynth.export.base import ExportError
from neurosynth.export.expressions import ExpressionWriter
from neurosynth.export.json import inputs_of
from neurosynth.export.nullness import may_be_missing, strict_inputs
from neurosynth.export.writer import folded
from neurosynth.language.program import Apply, Input, Program
from neurosynth.tasks.task import Task

__all__ = ["SqlExporter", "identifier", "literal"]


@dataclass(frozen=True, kw_only=True)
class SqlExporter:
    """One expression over the columns of a table; missing values are NULL, and so are undefined ones."""

    name: str = "sql"

    def export(self, program: Program, task: Task | None = None) -> str:
        """The expression.

        Raises:
            ExportError: if a primitive has no form in DuckDB's SQL.
        """
        program = folded(program)
        columns = {i.index: identifier(i.name or i.head) for i in inputs_of(program, task)}
        strict = strict_inputs(program, frozenset(columns))

        def asked(application: Apply, written: str) -> str:
            """NULL for a missing argument, if the expression itself would compute a text from it."""
            primitive, arguments = application.primitive, application.arguments
            if primitive.missing in ("passes", "gives"):
                doubtful = [a for a in arguments if may_be_missing(a, strict)]
            else:  # CASE treats a condition that is NULL as false
                doubtful = [a for a in arguments[:1] if primitive.kernel == "select" and may_be_missing(a, strict)]
            read = {columns[p.index] for a in doubtful for p in a.subprograms() if isinstance(p, Input)}
            if not doubtful or not _forgets(written, read):
                return f"({written})"
            tests = [writer.write(argument, application) for argument in doubtful]
            return f"(CASE WHEN {' OR '.join(f'{t} IS NULL' for t in tests)} THEN NULL ELSE {written} END)"

        writer = ExpressionWriter("sql", columns, literal, asked)
        written = writer.write(program)
        if written.startswith("(") and written.endswith(")") and _closes_last(written):
            written = written[1:-1]
        guarded = [columns[i] for i in sorted(strict)]
        if guarded and _forgets(written, guarded):
            written = f"CASE WHEN {' OR '.join(f'{c} IS NULL' for c in guarded)} THEN NULL ELSE {written} END"
        return written + "\n"


def _forgets(written: str, columns: Collection[str]) -> bool:
    """Whether an expression may have a value although one of its columns is NULL: it tests for NULL, or does not read the column."""
    return any(word in written for word in _FORGETFUL) or any(c not in written for c in columns)


_FORGETFUL = ("coalesce", "CASE", "concat", "lambda ", " OR ", " AND ")
"""What may have a value although an argument is NULL: ``NULL OR TRUE`` is true, and a lambda compares each item with NULL."""


def _closes_last(text: str) -> bool:
    """Whether the last character closes the first parenthesis."""
    depth, quoted = 0, False
    for at, c in enumerate(text):
        if c == "'":
            quoted = not quoted
        elif not quoted and c in "()":
            depth += 1 if c == "(" else -1
            if depth == 0:
                return at == len(text) - 1
    return False


def identifier(name: str) -> str:
    """A column's name in double quotes, which allow any character."""
    return '"' + name.replace('"', '""') + '"'


def literal(value: Any) -> str:
    """A constant; texts in single quotes.

    Raises:
        ExportError: for a value without a literal in SQL, and for a text with a zero byte.
    """
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        return str(value) if value >= 0 else f"({value})"
    if isinstance(value, Decimal):
        return f"{value:f}" if value >= 0 else f"({value:f})"
    if isinstance(value, datetime):
        return f"TIMESTAMP '{value}'"
    if isinstance(value, timedelta):  # inside a program, a duration is a number of microseconds
        return literal(value // timedelta(microseconds=1))
    if isinstance(value, date | time):
        return f"{type(value).__name__.upper()} '{value}'"
    if isinstance(value, str):
        if "\x00" in value:
            raise ExportError("a text with a zero byte has no literal in SQL; export this program to python")
        return "'" + value.replace("'", "''") + "'"
    if isinstance(value, tuple):
        return f"[{', '.join(map(literal, value))}]"
    raise ExportError(f"a constant of type {type(value).__name__} has no literal in SQL; export this program to python")
