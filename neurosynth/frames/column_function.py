"""A program as a fast function over columns: exported Python, each different row computed once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from neurosynth.export.base import ExportError
from neurosynth.language.evaluate import Evaluator
from neurosynth.language.language import Language
from neurosynth.language.primitive import UNDEFINED
from neurosynth.language.program import Program
from neurosynth.plugins import load
from neurosynth.tasks.task import Task
from neurosynth.values.frozen import thaw, typed_key

__all__ = ["ColumnFunction", "reads_missing"]

CHECKED = 100
"""Rows on which exported code is compared with the reference semantics before it is trusted with the rest."""
REMEMBERED = 1 << 18
"""Different rows whose values are kept, so that repeated cells cost a look-up."""


def reads_missing(language: Language) -> bool:
    """Whether a language has missing values; others read an empty cell as the empty text."""
    return any(p.missing for p in language.primitives.values())


class ColumnFunction:
    """Runs one program on many rows.

    The exported Python function runs a row in one or two microseconds, the reference semantics in ten times that.  It is
    used once it agreed with the reference on the first hundred different rows; where it raises, the reference decides.
    """

    def __init__(self, program: Program, task: Task) -> None:
        """``task`` gives names and types of the inputs, and rows to check the exported code on."""
        self.program = program
        self._reference = Evaluator().function(program)
        self._fast = _compiled(program, task)
        self._checked = 0
        self._known: dict[tuple[Any, ...], Any] = {}

    def __call__(self, row: tuple[Any, ...]) -> Any:
        """The value for one row of inputs, lists as lists; ``UNDEFINED`` where there is none."""
        known = self._known
        if row in known:
            return known[row]
        value = self.compute(row)
        if len(known) >= REMEMBERED:
            known.clear()
        known[row] = value
        return value

    def why(self, row: tuple[Any, ...]) -> str:
        """Why there is no value for a row: ``: '2024-02-31' is not a date …``, or "" where nothing says so."""
        reason = Evaluator().why_undefined(self.program, row)
        return f": {reason}" if reason else ""

    def column(self, columns: Sequence[Sequence[Any]], count: int) -> list[Any]:
        """The values for whole columns of inputs of ``count`` rows."""
        if not columns:
            return [self(())] * count
        return list(map(self, zip(*columns, strict=True)))

    def rows(self, rows: Iterable[tuple[Any, ...]]) -> list[Any]:
        """The values for rows of inputs."""
        return list(map(self, rows))

    def compute(self, row: tuple[Any, ...]) -> Any:
        """As a call, but nothing is remembered: for those who do."""
        if self._fast is None:
            return thaw(self._reference(row))
        if self._checked >= CHECKED:
            try:
                return self._fast(*row)
            except Exception:  # what it raises where the value is undefined is its own affair: the reference tells
                return thaw(self._reference(row))
        self._checked += 1
        wanted = thaw(self._reference(row))
        try:
            given = self._fast(*row)
        except Exception:  # as above
            given = UNDEFINED
        if typed_key(given) != typed_key(wanted):
            self._fast = None  # exported code that differs is never used; the exporter's own tests are to find out why
        return wanted


def _compiled(program: Program, task: Task) -> Callable[..., Any] | None:
    """The exported Python function, or None where the program cannot be exported."""
    try:
        code = load("exporters", "python")().export(program, task)
    except ExportError:
        return None
    space: dict[str, Any] = {}
    exec(compile(code, "<exported program>", "exec"), space)
    function: Callable[..., Any] = space["program"]
    return function
