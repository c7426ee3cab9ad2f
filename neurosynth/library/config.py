"""Settings of learning a library."""

from __future__ import annotations

from dataclasses import dataclass, field

from neurosynth.errors import InputError
from neurosynth.library.compress import CompressionConfig

__all__ = ["LearnConfig"]


@dataclass(frozen=True, kw_only=True)
class LearnConfig:
    """How a language grows.

    Seconds are counted (:mod:`neurosynth.work_clock`): the work of about as many seconds of one core, the same on every machine, however
    busy.  So the same tasks, settings and seed give the same library.
    """

    rounds: int = 3
    """Of wake, abstraction, gate and dream."""
    seconds: float = 10.0
    """Limit of each task in each wake phase."""
    max_programs: int | None = None
    """Limit on candidates of each task; None for none."""
    max_memory: float = 4.0
    """Gigabytes of each task's process."""
    together: float = 60.0
    """Seconds of each wake phase for all tasks with the same inputs, or without any: one search is for all of them, and the tasks that it
    leaves are searched for one by one, with ``seconds``.  0: there is no such search.  Of ``max_programs`` a search together has as many
    times as many as it has tasks."""
    programs: int = 3
    """Programs of a task that are looked for, and kept, at most: abstractions come from all of them."""
    search: str = "auto"
    """How tasks are solved."""
    guide: str = "auto"
    """The guide of the first round; later rounds have the one that was trained in the dream before."""
    compression: CompressionConfig | None = field(default_factory=CompressionConfig)
    """None: no abstractions are learned."""
    whole: bool = False
    """Whether solutions of tasks with inputs are primitives of the next round, too; those that solutions of another task apply stay."""
    gate: bool = True
    """Whether an abstraction must earn its place on tasks that it was not made from."""
    held_out: float = 0.25
    """Share of the tasks that a round makes no abstractions from and judges them on; another share each round."""
    gate_programs: int = 200_000
    """Candidates of a task, at most, where abstractions are judged."""
    gate_seconds: float = 300.0
    """Of all tasks together, after which a round's gate decides with what it has measured."""
    dreams: int = 300
    """Tasks sampled from the new language, to train its guide on beside the solutions; 0 for none."""
    neural: str = ""
    """A kind of neural guide that is trained on dreams and solutions; empty for none."""
    minutes: float = 2.0
    """For which that is trained, each round."""
    seed: int = 0
    """Seed of everything that is drawn."""

    def __post_init__(self) -> None:
        for name in ("rounds", "seconds", "max_memory", "programs", "gate_programs", "gate_seconds", "minutes"):
            if not getattr(self, name) > 0:
                raise InputError(f"LearnConfig: {name} is {getattr(self, name)}; allowed: a positive number")
        if self.together < 0:
            raise InputError(f"LearnConfig: together is {self.together}; allowed: 0 or more seconds")
        if self.dreams < 0:
            raise InputError(f"LearnConfig: dreams is {self.dreams}; allowed: 0 or more")
        if not 0 < self.held_out < 1:
            raise InputError(f"LearnConfig: held_out is {self.held_out}; allowed: between 0 and 1")
