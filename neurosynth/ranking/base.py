"""The interface of a ranker: an order among programs that are all right on the examples."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, runtime_checkable

from neurosynth.language.program import Program
from neurosynth.tasks.task import Task

__all__ = ["Ranker"]


@runtime_checkable
class Ranker(Protocol):
    """Orders programs by how well they are expected to generalise."""

    @property
    def name(self) -> str:
        """Its name in rows and messages."""
        ...

    def rank(self, task: Task, programs: Iterable[Program]) -> list[tuple[Program, float]]:
        """The programs with their scores, best (highest score) first; none is left out."""
        ...
