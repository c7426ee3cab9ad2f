"""Columns of numbers, dates and truth values, treated as columns of texts. Every value is represented by its text (``1234.5``,
``2024-03-07``, ``true``), the texts are covered, and the programs found are converted back: an input becomes the text of its value, and
an output is parsed. The language removes texts that are written only to be parsed again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from neurosynth.language.pieces import PieceKit, TextForm
from neurosynth.language.program import Apply, Input, Program
from neurosynth.tasks.task import Task
from neurosynth.values.types import STRING, Type

__all__ = ["TextView", "view_of_task"]


@dataclass(frozen=True)
class TextView:
    """A task converted to a task of texts."""

    kit: PieceKit
    given: tuple[Input, ...]
    """The inputs of the task."""
    output: Type

    @property
    def inputs(self) -> tuple[Input, ...]:
        """The inputs as texts."""
        return tuple(Input(i.index, STRING, i.name) for i in self.given)

    def row(self, values: Sequence[Any]) -> tuple[Any, ...]:
        """The texts of a row."""
        return tuple(self._text(v, i.type) for v, i in zip(values, self.given, strict=True))

    def told(self, output: Any) -> Any:
        """The text of an output."""
        return self._text(output, self.output)

    def _text(self, value: Any, t: Type) -> Any:
        return value if value is None or t == STRING else self.kit.forms[t].text(value)

    def back(self, program: Program) -> Program | None:
        """A program over texts as one over the values themselves; None if it would build a number from spelled digits."""
        if self.output != STRING and self._joins(program):
            return None
        made = self._inputs(program)
        form = self._form(self.output)
        return self.kit.tidy(made if form is None else form.read(made))

    def _form(self, t: Type) -> TextForm | None:
        return None if t == STRING else self.kit.forms[t]

    def _joins(self, program: Program) -> bool:
        """Whether the text is concatenated: a value is one thing."""
        if not isinstance(program, Apply):
            return False
        if program.primitive.name == self.kit.concat.name:
            return True
        chooses = self.kit.choose is not None and program.primitive.name == self.kit.choose.name
        return chooses and any(map(self._joins, program.arguments[1:]))

    def _inputs(self, program: Program) -> Program:
        if isinstance(program, Input):
            given = next(i for i in self.given if i.index == program.index)
            form = self._form(given.type)
            return given if form is None else form.write(given)
        if isinstance(program, Apply) and program.arguments:
            return self.kit.tidy(Apply(program.primitive, tuple(map(self._inputs, program.arguments))))
        return program


def view_of_task(task: Task, kit: PieceKit) -> TextView | None:
    """The task as one of texts; None if a type has no text, or if all are texts already."""
    types = {task.output_type, *(i.type for i in task.inputs)} - {STRING}
    if not types or not all(t in kit.forms for t in types):
        return None
    return TextView(kit, tuple(task.inputs), task.output_type)
