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
    """A program that is not right on every example, claimed by a solver to be."""


class Solver(Protocol):
    """What solves tasks.  Implementations are frozen dataclasses that travel to other processes."""

    @property
    def name(self) -> str:
        """What rows call it."""
        ...

    @property
    def language(self) -> str | None:
        """The language it was told to use; None for each task's own."""
        ...

    @property
    def settings(self) -> Mapping[str, str]:
        """``guide`` and ``search`` as requested; empty where it has no such thing."""
        ...

    @property
    def own_limits(self) -> bool:
        """Whether it keeps to time and memory itself, so that being stopped from outside is a failure of it."""
        ...

    def prepare(self, language: str) -> None:
        """Load what tasks of this language will need, in the process that workers are forked from; no clock runs yet.

        Raises:
            NeurosynthError: when that fails; the tasks then meet the same.
        """
        ...

    def solve(self, task: Task, limits: Limits, seed: int) -> Result:
        """The result, in a worker; what it holds was checked on the examples by our evaluator.

        Raises:
            WrongAnswer: when it was not right.
            InputError: for a task that it cannot take; ``UnknownNameError`` ends the whole run.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A task to be solved once, under settings."""

    suite: str
    task: Task
    """With the examples that are shown; the others are its test examples."""
    language: str
    """That of the solver, the task's own, or the one its types suggest."""
    solver: Solver
    limits: Limits
    cpu_seconds: float | None = None
    """Processor time after which it is stopped; None for no such limit."""
    seed: int = 0
    repeat: int = 0
    show: int | None = None

    @property
    def key(self) -> Key:
        """That of its row."""
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
        """The row of each job once, as they end; None now and then while nothing ended, for a display.

        Closing the iterator ends what is running.

        Raises:
            InputError: for a name that nothing goes by, which is the same for all jobs.
        """
        ...
