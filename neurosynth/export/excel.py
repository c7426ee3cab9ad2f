"""Programs as a formula for spreadsheets: Excel 2013 and later, LibreOffice Calc.

The columns that a program reads are A, B, C … from row 2 on; the lines after the formula list them. An empty cell is a missing value.
Texts in formulas have at most 255 characters, and formulas at most 8,192 (Microsoft, "Excel specifications and limits"); numbers have
15 digits.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from neurosynth.export.base import ExportError
from neurosynth.export.expressions import ExpressionWriter
from neurosynth.export.json import inputs_of
from neurosynth.export.nullness import has_missing, may_be_missing, strict_inputs
from neurosynth.export.writer import folded
from neurosynth.language.program import Apply, Input, Program
from neurosynth.tasks.task import Task
from neurosynth.values.types import STRING

__all__ = ["ExcelExporter", "column_letters", "excel_literal"]

_LONGEST_TEXT = 255
_LONGEST_FORMULA = 8_192


@dataclass(frozen=True, kw_only=True)
class ExcelExporter:
    """A formula over the cells of a row; a part that it cannot express is named in an error."""

    name: str = "excel"
    row: int = 2
    """Number of the row that the formula reads, from 1."""
    columns: Mapping[str, str] | None = None
    """Letters of the columns by their names; by default A, B, C … in the order of the program's inputs."""

    def export(self, program: Program, task: Task | None = None) -> str:
        """The formula, then a line for each column that it reads.

        Raises:
            ExportError: when a primitive has no form, a text is longer than 255 characters, or the formula than 8,192.
        """
        program = folded(program)
        read = {p.index for p in program.subprograms() if isinstance(p, Input)}
        named = {i.index: i.name or i.head for i in inputs_of(program, task)}
        letters = {i: self._letters(name, place) for place, (i, name) in enumerate(sorted(named.items()))}
        cells = {i: f"{found}{self.row}" for i, found in letters.items()}
        asks = has_missing(program)
        strict = strict_inputs(program, frozenset(cells)) if asks else frozenset()

        def asked(application: Apply, written: str) -> str:
            """Return an empty cell for a missing argument, if the formula would compute something else."""
            primitive = application.primitive
            asked_for = application.arguments if primitive.missing in ("passes", "gives") else ()
            if primitive.missing and primitive.kernel == "select":
                asked_for = application.arguments[:1]
            if primitive.missing == "seen":
                _refuse_computed_texts(application.arguments)
            doubtful = [a for a in asked_for if may_be_missing(a, strict)]
            _refuse_computed_texts(doubtful)
            if doubtful:
                return f'IF({_any(f"{writer.write(a)}={EMPTY}" for a in doubtful)},"",{written})'
            return written if is_enclosed(written) else f"({written})"

        def kept_empty(application: Apply, place: int, written: str) -> str:
            """An empty cell that is the value of the whole formula, not only read: alone, it gives 0."""
            argument = application.arguments[place]
            passes_on = application.primitive.missing == "seen" and isinstance(argument, Input)
            if passes_on and argument.type == application.type and may_be_missing(argument, strict):
                return f'IF({written}="","",{written})'
            return written

        writer = ExpressionWriter("excel", cells, excel_literal, asked, kept_empty)
        formula = writer.write(program)
        if formula.startswith("(") and is_enclosed(formula):
            formula = formula[1:-1]
        # a formula that only names an empty cell gives 0
        asked_for = read if formula in cells.values() else strict & read
        guarded = [f"{cells[i]}={EMPTY}" for i in sorted(asked_for)]
        if guarded:
            formula = f'IF({_any(guarded)},"",{formula})'
        if len(formula) + 1 > _LONGEST_FORMULA:
            raise ExportError(
                f"the formula would have {len(formula) + 1} characters; Excel allows {_LONGEST_FORMULA}; export this program to python"
            )
        notes = [f"{letters[i]}: {named[i]}" for i in sorted(read)]
        return "\n".join([f"={formula}", *notes]) + "\n"

    def _letters(self, name: str, place: int) -> str:
        if self.columns is None:
            return column_letters(place)
        if name not in self.columns:
            known = ", ".join(self.columns) or "none"
            raise ExportError(f"no letter is known for the column {name!r}; known: {known}")
        return self.columns[name]


EMPTY = '""'


def _refuse_computed_texts(arguments: Iterable[Program]) -> None:
    """Refuse to test whether a computed text is missing: it may be empty."""
    for argument in arguments:
        if isinstance(argument, Apply) and argument.primitive.missing == "passes" and argument.type == STRING:
            raise ExportError(
                f"a formula cannot tell whether {argument} is empty or missing; export this program to python"
            )


def _any(conditions: Any) -> str:
    every = list(conditions)
    return every[0] if len(every) == 1 else f"OR({','.join(every)})"


def is_enclosed(written: str) -> bool:
    """Whether an expression needs no parentheses: a cell, a literal, or one call."""
    if re.fullmatch(r"[A-Z]+[0-9]+|[0-9.]+|TRUE|FALSE", written):
        return True
    if re.fullmatch(r'"(?:[^"]|"")*"', written):
        return True
    if not re.match(r"[A-Z.0-9]*\(", written) or not written.endswith(")"):
        return False
    depth, quoted = 0, False
    for at, c in enumerate(written):
        if c == '"':
            quoted = not quoted
        elif not quoted and c in "()":
            depth += 1 if c == "(" else -1
            if depth == 0:
                return at == len(written) - 1
    return False


def column_letters(place: int) -> str:
    """The letters of a column, from its index counted from 0: A … Z, AA, AB …"""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def excel_literal(value: Any) -> str:
    """A constant in a formula; texts in double quotes.

    Raises:
        ExportError: for a value that has no literal here, a text of more than 255 characters, or one with control characters.
    """
    if value is None:
        return EMPTY
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | Decimal):
        if isinstance(value, Decimal) and not value.is_finite():
            raise ExportError(f"{value} has no literal in a formula; export this program to python")
        text = f"{value:f}" if isinstance(value, Decimal) else str(value)
        if len(text.strip("-0.").replace(".", "")) > 15:
            raise ExportError(f"{text} has more than the 15 digits of a spreadsheet; export this program to python")
        return f"({text})" if value < 0 else text
    if isinstance(value, str):
        if len(value) > _LONGEST_TEXT:
            raise ExportError(
                f"a text of {len(value)} characters is too long for a formula; allowed: {_LONGEST_TEXT}; export this program to python"
            )
        pieces = [p for p in re.split(r"([\x00-\x1f])", value) if p]
        if any(p < " " and p not in "\t\n\r" for p in pieces if len(p) == 1):
            raise ExportError("a text with control characters cannot stand in a cell; export this program to python")
        quoted = [
            f"CHAR({ord(p)})" if len(p) == 1 and p < " " else '"' + p.replace('"', '""') + '"' for p in pieces
        ] or [EMPTY]
        return quoted[0] if len(quoted) == 1 else f"({'&'.join(quoted)})"
    if isinstance(value, tuple):
        return "{" + ",".join(map(excel_literal, value)) + "}"
    if isinstance(value, date) and not isinstance(value, datetime):
        return f"DATE({value.year},{value.month},{value.day})"
    raise ExportError(
        f"a constant of type {type(value).__name__} has no literal in a formula; export this program to python"
    )
