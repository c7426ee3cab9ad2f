"""What a run is made of: jobs, the solvers that do them, and the executors that run them somewhere.

An executor takes jobs and yields their rows as they end.  :mod:`neurosynth.bench.local` runs them on this machine;
another place to run them is another executor.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from neurosynth.bench.rows import Key, Row
from neurosynth.errors import NeurosynthError
from neurosynth.search.base import Limits
from neurosynth.tasks.task import Task

if TYPE_CHECKING:  # the process that hands out jobs solves none: it does without numpy
    from neurosynth.synthesize import Result

__all__ = ["Executor", "Job", "Solver", "WrongAnswer"]


class WrongAnswer(NeurosynthError):
    """A solver claimed a program that is not right on every example."""


class Solver(Protocol):
    """Solves tasks. Implementations are frozen dataclasses that can be sent to other processes."""

    @property
    def name(self) -> str:
        """Its name in rows."""
        ...

    @property
    def language(self) -> str | None:
        """The language that it was told to use; None for each task's own."""
        ...

    @property
    def settings(self) -> Mapping[str, str]:
        """``guide`` and ``search`` as requested; empty if it has neither."""
        ...

    @property
    def own_limits(self) -> bool:
        """Whether it observes limits on time and memory itself, so that being stopped from outside is its failure."""
        ...

    def prepare(self, language: str) -> None:
        """Load everything that tasks of this language need, in the process from which workers are forked; no clock runs yet.

        Raises: NeurosynthError: if that fails; the tasks then fail in the same way.

        """
        ...

    def solve(self, task: Task, limits: Limits, seed: int) -> Result:
        """The result, in a worker; its programs were verified on the examples by the reference semantics.

        Raises:
            WrongAnswer: if a program is wrong.
            InputError: for a task that it cannot solve; ``UnknownNameError`` ends the whole run.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A task to be solved once, with its settings."""

    suite: str
    task: Task
    """With the shown examples; the others are its test examples."""
    language: str
    """That of the solver, or the task's own, or the one that its types suggest."""
    solver: Solver
    limits: Limits
    cpu_seconds: float | None = None
    """Processor time after which it is stopped; None for no such limit."""
    seed: int = 0
    repeat: int = 0
    show: int | None = None

    @property
    def key(self) -> Key:
        """The key of its row."""
        settings = self.solver.settings
        return Key(
            self.suite,
            self.task.name,
            self.solver.name,
            self.language,
            settings["guide"],
            settings["search"],
            self.seed,
            self.repeat,
        )

    def fields(self) -> dict[str, Any]:
        """The fields of its row that are known before it runs."""
        settings = dict(self.solver.settings)
        return {
            "suite": self.suite,
            "task": self.task.name,
            "language": self.language,
            "solver": self.solver.name,
            "guide": settings["guide"],
            "search": settings["search"],
            "settings": settings,
            "seed": self.seed,
            "repeat": self.repeat,
            "limits": self.limits,
            "cpu_seconds": self.cpu_seconds,
            "examples": len(self.task.examples),
            "show": self.show,
        }


class Executor(Protocol):
    """Runs jobs somewhere."""

    def run(self, jobs: Sequence[Job]) -> Generator[Row | None, None, None]:
        """The row of each job when it ends, and None now and then in between, for a display. Closing the iterator ends running jobs.

        Raises:
            InputError: for an unknown name, which is the same for all jobs.
        """
        ...
