"""Solvers: neurosynth itself, and the others by their names.

What a solver needs is imported where it solves: the process that hands out tasks does without it, half a second of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from neurosynth.bench.jobs import Solver
from neurosynth.errors import InputError, UnknownNameError
from neurosynth.search.base import Limits
from neurosynth.tasks.task import Task, example

if TYPE_CHECKING:
    from neurosynth.synthesize import Result

__all__ = ["Neurosynth", "solver_named"]


@dataclass(frozen=True, kw_only=True)
class Neurosynth:
    """This project, by names as on the command line."""

    language: str | None = None
    guide: str = "auto"
    search: str = "auto"
    name: str = "neurosynth"
    own_limits: bool = True

    @property
    def settings(self) -> Mapping[str, str]:
        """What was asked for."""
        return {"guide": self.guide, "search": self.search}

    def prepare(self, language: str) -> None:
        """Solve a task whose solution is its input: that loads everything, the guide, too, and calls no primitive."""
        from neurosynth.guides.trained import AUTO, trained_guides
        from neurosynth.language.load import load_language
        from neurosynth.synthesize import synthesize

        task = Task([example("a", output="a"), example("b", output="b")], "identity")
        guide = self.guide
        if guide == AUTO:  # asked only where a task is hard: here at once
            guide = next((t.name for t in trained_guides(load_language(language)) if t.automatic), AUTO)
        limits = Limits(seconds=10, max_programs=1)
        synthesize(task, language, guide=guide, search=self.search, limits=limits).to_json()

    def solve(self, task: Task, limits: Limits, seed: int) -> Result:
        """What ``neurosynth solve`` finds."""
        from neurosynth.synthesize import synthesize

        return synthesize(task, self.language, guide=self.guide, search=self.search, limits=limits, seed=seed)


def solver_named(text: str, *, language: str | None, guide: str | None, search: str | None) -> Solver:
    """The solver of a command line's options.

    Args:
        text: ``neurosynth``, ``cvc5``, or ``NAME=COMMAND``.
        language: for all tasks; None for each task's own.
        guide: for neurosynth; None for its default.
        search: for neurosynth; None for its default.

    Raises:
        InputError: for an unknown solver, one that is not installed, or a guide or search for another solver than ours.
    """
    if text == "neurosynth":
        return Neurosynth(language=language, guide=guide or "auto", search=search or "auto")
    for option, given in (("--guide", guide), ("--search", search)):
        if given is not None:
            raise InputError(
                f"{option} {given}: goes with --solver neurosynth only; {text.split('=')[0]} has its own ways"
            )
    if text == "cvc5":
        from neurosynth.bench.cvc5_solver import Cvc5

        return Cvc5(language=language)
    name, equals, command = text.partition("=")
    if not equals or not name or not command or not name.replace("-", "").replace("_", "").replace(".", "").isalnum():
        raise UnknownNameError("solver", text, ["neurosynth", "cvc5", "NAME=COMMAND"])
    from neurosynth.bench.command_solver import Command

    return Command(name=name, command=command, language=language)
