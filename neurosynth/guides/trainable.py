"""What training and files require of a guide."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol, Self, runtime_checkable

from neurosynth.guides.files import GuideFile
from neurosynth.language.program import Program
from neurosynth.tasks.task import Task

if TYPE_CHECKING:
    import torch

    from neurosynth.language.tokens import Vocabulary

__all__ = ["FittedGuide", "TellsProperties", "Trainable", "TrainingBatch"]


class TrainingBatch(Protocol):
    """The result of a guide's ``collate`` for tasks and programs."""

    @property
    def tokens(self) -> int:
        """Number of program tokens to predict, without padding."""
        ...

    def to(self, device: torch.device) -> Self:
        """The same batch on a device."""
        ...


class Trainable(Protocol):
    """The interface of a neural guide for training and files."""

    @property
    def name(self) -> str:
        """The name of its kind."""
        ...

    @property
    def config(self) -> Any:
        """Its settings, a dataclass of the kind's class."""
        ...

    @property
    def vocabulary(self) -> Vocabulary:
        """Its tokens, which belong to one language."""
        ...

    @property
    def module(self) -> torch.nn.Module:
        """The model, which maps a batch to the loss."""
        ...

    def collate(self, pairs: Sequence[tuple[Task, Program]]) -> Any:
        """The :class:`TrainingBatch` of tasks with their programs, on the CPU."""
        ...


@runtime_checkable
class TellsProperties(Protocol):
    """A neural guide with property signatures."""

    @property
    def properties(self) -> tuple[str, ...]:
        """Names of the properties that its signatures know, by number."""
        ...


class FittedGuide(Protocol):
    """A guide that was fitted to programs."""

    @property
    def name(self) -> str:
        """Its name in rows and messages."""
        ...

    def to_file(self) -> GuideFile:
        """The content of its file."""
        ...
