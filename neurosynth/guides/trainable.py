"""What training and files ask of a guide, whatever it is made of."""

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
    """What a guide's ``collate`` makes of tasks and programs."""

    @property
    def tokens(self) -> int:
        """Program tokens to be predicted, padding not counted."""
        ...

    def to(self, device: torch.device) -> Self:
        """The same on a device."""
        ...


class Trainable(Protocol):
    """A neural guide as training and files see it."""

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
        """The tokens it speaks, of one language."""
        ...

    @property
    def module(self) -> torch.nn.Module:
        """The model: of a batch the loss, mean nats a token."""
        ...

    def collate(self, pairs: Sequence[tuple[Task, Program]]) -> Any:
        """The :class:`TrainingBatch` of tasks with their programs, on the CPU."""
        ...


@runtime_checkable
class TellsProperties(Protocol):
    """A neural guide with property signatures."""

    @property
    def properties(self) -> tuple[str, ...]:
        """Names of the properties its signatures know, by number."""
        ...


class FittedGuide(Protocol):
    """A guide that was fitted to programs."""

    @property
    def name(self) -> str:
        """How rows and messages call it."""
        ...

    def to_file(self) -> GuideFile:
        """What to write of it."""
        ...
