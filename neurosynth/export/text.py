"""Programs as the text that parses back, and as SMT-LIB."""

from __future__ import annotations

from dataclasses import dataclass

from neurosynth.errors import InputError
from neurosynth.export.base import ExportError
from neurosynth.language.program import Program
from neurosynth.tasks.task import Task

__all__ = ["SmtlibExporter", "TextExporter"]


@dataclass(frozen=True, kw_only=True)
class TextExporter:
    """The s-expression, one line."""

    name: str = "text"

    def export(self, program: Program, task: Task | None = None) -> str:
        """``(sum x0)``."""
        return str(program)


@dataclass(frozen=True, kw_only=True)
class SmtlibExporter:
    """The whole ``(define-fun …)`` that SyGuS asks for."""

    name: str = "smtlib"

    def export(self, program: Program, task: Task | None = None) -> str:
        """``(define-fun f ((x String)) String …)``.

        Raises:
            ExportError: without a task, which names the function and its parameters, and for a program that SMT-LIB cannot express.
        """
        if task is None:
            raise ExportError("SMT-LIB needs the task, for the function's name and parameters; pass task=")
        from neurosynth.tasks.sygus_writer import define_fun

        try:
            return define_fun(program, task)
        except InputError as error:
            raise ExportError(str(error)) from None
