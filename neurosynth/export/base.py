"""The interface of exporters."""

from __future__ import annotations

from typing import Protocol

from neurosynth.errors import NeurosynthError
from neurosynth.language.program import Program
from neurosynth.tasks.task import Task

__all__ = ["ExportError", "Exporter"]


class ExportError(NeurosynthError):
    """An exporter cannot express a program; the message says which part, and what would help."""


class Exporter(Protocol):
    """A way to write a program as text. Implementations are frozen dataclasses whose fields are their settings."""

    @property
    def name(self) -> str:
        """Its name on the command line."""
        ...

    def export(self, program: Program, task: Task | None = None) -> str:
        """The program as text; ``task`` gives names and types of all inputs, also of those the program does not read.

        Raises:
            ExportError: when this form cannot express the program.
        """
        ...
