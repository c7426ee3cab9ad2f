"""A program as a fast function over columns: exported Python, which computes each combination of the cells that it reads once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from operator import itemgetter
from typing import Any

from neurosynth.export.base import ExportError
from neurosynth.language.evaluate import Evaluator
from neurosynth.language.language import Language
from neurosynth.language.primitive import UNDEFINED
from neurosynth.language.program import Program
from neurosynth.plugins import load
from neurosynth.ranking.agreement import read_inputs
from neurosynth.tasks.task import Task
from neurosynth.values.frozen import thaw, typed_key

__all__ = ["ColumnFunction", "reads_missing"]

CHECKED = 100
"""Number of rows on which exported code is compared with the reference semantics before it is used."""
REMEMBERED = 1 << 18
"""Number of values that are cached, so that cells that were read before cost one lookup."""


def reads_missing(language: Language) -> bool:
    """Whether a language has missing values; otherwise an empty cell is the empty text."""
    return any(p.missing for p in language.primitives.values())


class ColumnFunction:
    """Runs one program on many rows.

    The exported Python function takes one or two microseconds for a row, and the reference semantics ten times as long. The function is
    used once it has agreed with the reference on the first hundred distinct rows. If it raises, the reference decides.
    """

    def __init__(self, program: Program, task: Task) -> None:
        """``task`` gives names and types of the inputs, and rows for checking the exported code."""
        self.program = program
        self._reference = Evaluator().function(program)
        self._fast = _compiled(program, task)
        self._checked = 0
        self._known: dict[Any, Any] = {}
        read = sorted(read_inputs(program))
        self._cells = itemgetter(*read) if read and len(read) < task.arity else None
        """The cells that the program reads; None for all of them."""

    def __call__(self, row: tuple[Any, ...]) -> Any:
        """The value for one row of inputs, lists as lists; ``UNDEFINED`` if there is none."""
        known = self._known
        key = row if self._cells is None else self._cells(row)
        if key in known:
            return known[key]
        value = self.compute(row)
        if len(known) >= REMEMBERED:
            known.clear()
        known[key] = value
        return value

    def why(self, row: tuple[Any, ...]) -> str:
        """Why there is no value for a row: ``: '2024-02-31' is not a date …``, or "" if that is unknown."""
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

    def for_rows(self, rows: Sequence[tuple[Any, ...]]) -> Callable[[tuple[Any, ...]], Any]:
        """The function to call once for each of these distinct rows: with the cache if the cells that it reads repeat."""
        if self._cells is None or 2 * len(set(map(self._cells, rows))) > len(rows):
            return self.compute
        return self

    def compute(self, row: tuple[Any, ...]) -> Any:
        """Like a call, but without the cache."""
        if self._fast is None:
            return thaw(self._reference(row))
        if self._checked >= CHECKED:
            try:
                return self._fast(*row)
            except Exception:  # what it raises for an undefined value does not matter: the reference decides
                return thaw(self._reference(row))
        self._checked += 1
        wanted = thaw(self._reference(row))
        try:
            given = self._fast(*row)
        except Exception:  # as above
            given = UNDEFINED
        if typed_key(given) != typed_key(wanted):
            self._fast = None  # exported code that differs is never used; the exporter's own tests must find out why
        return wanted


def _compiled(program: Program, task: Task) -> Callable[..., Any] | None:
    """The exported Python function, or None if the program cannot be exported."""
    try:
        code = load("exporters", "python")().export(program, task)
    except ExportError:
        return None
    space: dict[str, Any] = {}
    exec(compile(code, "<exported program>", "exec"), space)
    function: Callable[..., Any] = space["program"]
    return function
