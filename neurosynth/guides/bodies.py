"""A sequence guide with a second one for the bodies of functions.

The function under ``map`` or ``filter`` computes a number or a truth value from a few numbers. A small guide that learned from such
functions alone finds their bodies sooner than one that learned from whole programs, most of which read lists.
"""

from __future__ import annotations

from dataclasses import dataclass

from neurosynth.errors import InputError
from neurosynth.guides.base import GuideState, RuleGuide, SequenceGuide
from neurosynth.language.tokens import Vocabulary
from neurosynth.tasks.task import Task
from neurosynth.values.registry import domain_of
from neurosynth.values.types import Arrow

__all__ = ["WithBodies", "bodies_of"]


@dataclass(frozen=True)
class WithBodies:
    """A guide of whole programs that leaves tasks without lists, and the bodies of functions, to another one."""

    programs: SequenceGuide
    bodies: SequenceGuide
    """A guide of the same vocabulary."""
    usual_parts: RuleGuide | None = None
    """A third guide, for the parts that the language declares as usual."""

    def __post_init__(self) -> None:
        if self.bodies.vocabulary.tokens != self.programs.vocabulary.tokens:
            raise InputError(
                f"guide {self.bodies.name!r} cannot generate bodies for {self.programs.name!r}: their tokens differ "
                f"({len(self.bodies.vocabulary)} and {len(self.programs.vocabulary)}); allowed: guides of one language, with as many "
                "slots for inputs, constants and variables"
            )

    @property
    def name(self) -> str:
        """The name of the guide of whole programs."""
        return self.programs.name

    @property
    def vocabulary(self) -> Vocabulary:
        """The tokens that both share."""
        return self.programs.vocabulary

    def usual(self) -> RuleGuide | None:
        """The guide of usual parts."""
        return self.usual_parts

    def start(self, task: Task) -> GuideState:
        """The state of one empty prefix, of the guide that suits the task's type.

        Raises:
            InputError: if that guide cannot read the task.
        """
        return (self.bodies if _of_words(task) else self.programs).start(task)


def bodies_of(guide: SequenceGuide) -> SequenceGuide:
    """The guide to ask for bodies of functions: the second one of :class:`WithBodies`, or the guide itself."""
    return guide.bodies if isinstance(guide, WithBodies) else guide


def _of_words(task: Task) -> bool:
    """Whether all inputs and the output are single values, such as numbers."""
    types = (*task.parameters, task.output_type)
    return not any(isinstance(t, Arrow) or domain_of(t).element is not None for t in types)
