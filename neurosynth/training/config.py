"""The settings of training: one frozen record, checked when it is made, and written into every checkpoint."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from neurosynth.errors import InputError, UnknownNameError
from neurosynth.training.schedule import DECAYS, Schedule

__all__ = ["BUDGET", "FREE", "OPTIMIZERS", "PRECISIONS", "TrainConfig"]

OPTIMIZERS = ("adamw", "sgd")
PRECISIONS = ("32", "bf16-mixed")
UNITS = ("tasks", "tokens")
ACCELERATORS = ("cpu", "cuda", "auto")
BUDGET = ("steps", "minutes", "patience", "accelerator", "devices", "workers", "log_every")
"""Fields about duration, place and monitoring, which do not affect the result of a step."""
FREE = (*BUDGET, "learning_rate", "decay", "clip_norm", "precision", "threads")
"""Fields that may differ in a resumed run, including those that one changes after a run failed."""


@dataclass(frozen=True, kw_only=True)
class TrainConfig:
    """Settings of a training run.

    Raises:
        InputError: for a value that is not allowed, with the allowed ones.
    """

    steps: int | None = None
    """Total number of optimizer steps; None if ``minutes`` is the budget (with both, the one that ends first)."""
    minutes: float | None = None
    """Total wall-clock time, including resumed runs."""
    batch_size: int = 64
    """Batch size per device and step, in ``batch_unit``."""
    batch_unit: str = "tasks"
    """``tasks``, or ``tokens`` of their programs: batches of similar lengths, including padding."""
    learning_rate: float = 1e-3
    """Peak learning rate, after the warm-up."""
    optimizer: str = "adamw"
    """``adamw`` (betas 0.9 and 0.98) or ``sgd`` (with ``momentum``)."""
    momentum: float = 0.9
    """Only for ``sgd``."""
    weight_decay: float = 0.01
    """Weight decay of matrices; biases and gains have none."""
    warmup_steps: int = 100
    """Number of steps of linear warm-up."""
    decay: str = "cosine"
    """``cosine``, ``linear`` or ``none``: how the rate decreases to zero over the budget."""
    clip_norm: float = 1.0
    """Maximum Euclidean norm of the gradient over all parameters; longer ones are scaled down. 0: no limit."""
    eval_every: int = 250
    """Number of steps between evaluations on held-out tasks, each followed by a checkpoint."""
    patience: int = 0
    """Number of evaluations without a better held-out loss after which training stops; 0: it never stops early."""
    log_every: int = 10
    """Number of steps between rows of metrics."""
    seed: int = 0
    """Seed for the order of the data and for dropout."""
    precision: str = "32"
    """``32``, or ``bf16-mixed`` (weights stay at 32 bits)."""
    accelerator: str = "auto"
    """``cpu``, ``cuda`` or ``auto`` (the GPU if there is one)."""
    devices: int = 1
    """Number of processes that train together, one for each GPU."""
    workers: int | None = None
    """Number of processes that make batches in advance; 0: one thread; None: 0 on a CPU, several with a GPU."""
    threads: int | None = None
    """Number of threads for matrix products on a CPU; 0: measured during training, on free cores only. None: 0 for a time budget; 1 for
    a number of steps, because another number changes the last digits."""

    def __post_init__(self) -> None:
        for name, known in _CHOICES.items():
            if getattr(self, name) not in known:
                raise UnknownNameError(name, str(getattr(self, name)), known)
        for name, (kind, allowed, holds) in _NUMBERS.items():
            value = getattr(self, name)
            if value is None and name in _OPTIONAL:
                continue
            if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
                raise InputError(f"training: {name} is {value!r}; allowed: {allowed}")
            if (kind is int and not isinstance(value, int)) or not holds(value):
                raise InputError(f"training: {name} is {value!r}; allowed: {allowed}")
        if self.steps is None and self.minutes is None:
            raise InputError("training: no budget; give steps or minutes")

    @property
    def used_threads(self) -> int:
        """Number of threads on a CPU; 0 to measure it."""
        if self.threads is not None:
            return self.threads
        return 1 if self.minutes is None else 0

    @property
    def schedule(self) -> Schedule:
        """The learning rate as a function of the step."""
        return Schedule(learning_rate=self.learning_rate, warmup_steps=self.warmup_steps, decay=self.decay)

    def warmup_note(self, step: int | None = None) -> str:
        """A warning if the warm-up is longer than the run; nothing if it is shorter, or if that is not known yet.

        ``step``: steps made so far, for a run with a time budget.
        """
        steps = self.steps if step is None else step
        if steps is None or steps > self.warmup_steps:
            return ""
        return (
            f"the warm-up ({self.warmup_steps} steps) is not shorter than the run ({steps}): the learning rate never reaches its "
            f"peak; use a smaller warmup_steps, such as {max(1, steps // 10)}, or a longer run"
        )

    def used(self, step: int, seconds: float) -> float:
        """Share of the budget used after ``step`` steps and ``seconds``, from 0 to 1 and above."""
        shares = [step / self.steps] if self.steps else []
        if self.minutes is not None:
            shares.append(seconds / (60 * self.minutes))
        return max(shares)

    def to_json(self) -> dict[str, Any]:
        """Every field by name; :meth:`of` reads it back."""
        return {f.name: getattr(self, f.name) for f in fields(self)}

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> TrainConfig:
        """From a mapping of names to values.

        Raises:
            UnknownNameError: for a name that is not a setting, with the known ones.
            InputError: for a value that is not allowed.
        """
        known = [f.name for f in fields(cls)]
        for name in values:
            if name not in known:
                raise UnknownNameError("training setting", name, known)
        return cls(**values)


_CHOICES: dict[str, tuple[str, ...]] = {
    "batch_unit": UNITS,
    "optimizer": OPTIMIZERS,
    "decay": DECAYS,
    "precision": PRECISIONS,
    "accelerator": ACCELERATORS,
}
_OPTIONAL = ("steps", "minutes", "workers", "threads")
_COUNT = (int, "a whole number, 1 or more", lambda n: n >= 1)
_NATURAL = (int, "a whole number, 0 or more", lambda n: n >= 0)
_POSITIVE = (float, "a number above 0", lambda n: n > 0)
_NUMBERS: dict[str, tuple[type, str, Callable[[Any], bool]]] = {
    "steps": _COUNT,
    "minutes": _POSITIVE,
    "batch_size": _COUNT,
    "learning_rate": _POSITIVE,
    "momentum": (float, "0 or more, below 1", lambda n: 0 <= n < 1),
    "weight_decay": (float, "0 or more", lambda n: n >= 0),
    "warmup_steps": _NATURAL,
    "clip_norm": (float, "0 (never) or more", lambda n: n >= 0),
    "eval_every": _COUNT,
    "patience": _NATURAL,
    "log_every": _COUNT,
    "seed": (int, "a whole number, 0 or more, below 2^63", lambda n: 0 <= n < 1 << 63),
    "devices": _COUNT,
    "workers": _NATURAL,
    "threads": _NATURAL,
}
