"""Settings of learning a library."""

from __future__ import annotations

from dataclasses import dataclass, field

from neurosynth.errors import InputError
from neurosynth.library.compress import CompressionConfig

__all__ = ["LearnConfig"]


@dataclass(frozen=True, kw_only=True)
class LearnConfig:
    """Settings of the loop.

    Seconds are counted (:mod:`neurosynth.work_clock`): about the work of one core in as many seconds, and the same on every machine,
    however busy. The same tasks, settings and seed therefore give the same library.
    """

    rounds: int = 3
    """Number of rounds of wake, abstraction, gate and dream."""
    seconds: float = 10.0
    """Limit of each task in each wake phase."""
    max_programs: int | None = None
    """Limit on the candidates of each task; None for none."""
    max_memory: float = 4.0
    """Gigabytes of each task's process."""
    together: float = 60.0
    """Seconds in each wake phase for all tasks with the same inputs, or without any: one search serves all of them, and the remaining
    tasks are then searched one by one, with ``seconds``. 0: no common search. For a common search, ``max_programs`` is multiplied by
    the number of its tasks."""
    programs: int = 3
    """Maximum number of programs of a task that are searched for and kept: abstractions use all of them."""
    search: str = "auto"
    """The search for tasks."""
    guide: str = "auto"
    """The guide of the first round; later rounds use the one trained in the previous dream."""
    compression: CompressionConfig | None = field(default_factory=CompressionConfig)
    """Settings of compression; None: no abstractions are learned."""
    whole: bool = False
    """Whether solutions of tasks with inputs are primitives of the next round, too; those that solutions of another task apply stay."""
    gate: bool = True
    """Whether an abstraction must prove useful on tasks from which it was not made."""
    held_out: float = 0.25
    """Share of the tasks from which a round makes no abstractions, and on which it judges them; another share in each round."""
    gate_programs: int = 200_000
    """Maximum number of candidates for a task when abstractions are judged."""
    gate_seconds: float = 300.0
    """Total seconds for all tasks, after which a round's gate decides with its measurements so far."""
    dreams: int = 300
    """Number of tasks sampled from the new language for training its guide, in addition to the solutions; 0 for none."""
    neural: str = ""
    """A kind of neural guide that is trained on dreams and solutions; empty for none."""
    minutes: float = 2.0
    """Minutes of its training in each round."""
    seed: int = 0
    """Seed of all random choices."""

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
