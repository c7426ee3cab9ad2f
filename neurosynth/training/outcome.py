"""The messages of a training run: during the run, at its end, and on failure."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from enum import Enum
from typing import Any

from neurosynth.errors import NeurosynthError

__all__ = ["TrainProgress", "TrainResult", "TrainStop", "TrainingDiverged"]


class TrainStop(Enum):
    """Why training ended."""

    STEPS = "steps"
    TIME = "time"
    PATIENCE = "patience"
    INTERRUPTED = "interrupted"

    @property
    def advice(self) -> str:
        """What happened and what to do about it."""
        return {
            TrainStop.STEPS: "All steps were made; --resume with more --steps continues.",
            TrainStop.TIME: "The time is used up; --resume with more --minutes continues.",
            TrainStop.PATIENCE: "The held-out loss no longer gets better; more tasks may help, more steps will not.",
            TrainStop.INTERRUPTED: "Interrupted; the same command with --resume continues where it stopped.",
        }[self]


class TrainingDiverged(NeurosynthError):
    """The loss or a gradient is no longer a finite number; ``step`` is the first such step."""

    def __init__(self, step: int, what: str, kept: str) -> None:
        super().__init__(
            f"training: the {what} at step {step} is not a finite number; {kept}; "
            "use a lower --lr or a smaller --clip-norm"
        )
        self.step = step


@dataclass(frozen=True, kw_only=True)
class TrainProgress:
    """A snapshot of a run, for a display."""

    step: int
    used: float
    """Share of the budget used, 0 to 1."""
    seconds: float
    """Wall clock, including resumed runs."""
    loss: float
    """Nats per token, mean since the last snapshot."""
    heldout_loss: float | None
    """The last measured one."""
    tokens_per_second: float
    seconds_left: float
    """At the current pace."""


@dataclass(frozen=True, kw_only=True)
class TrainResult:
    """The result of a run; prints itself."""

    stop: TrainStop
    step: int
    """Total number of steps."""
    tokens: int
    """Total number of program tokens learned from."""
    seconds: float
    """Wall clock, including resumed runs."""
    heldout_loss: float | None
    """Held-out loss of the kept weights, nats per token; None if there are no held-out tasks or no evaluation yet."""
    best_step: int
    """Number of steps behind the kept weights."""
    tokens_per_second: float
    """Rate of this run without evaluation; 0 if it made no step."""

    def to_json(self) -> dict[str, Any]:
        """Every field by name."""
        return {**asdict(self), "stop": self.stop.value}

    def __str__(self) -> str:
        loss = (
            "no held-out loss"
            if self.heldout_loss is None
            else f"held-out loss {self.heldout_loss:.4f} nats per token (perplexity {math.exp(self.heldout_loss):.2f})"
        )
        return (
            f"{loss} at step {self.best_step} · {self.step} steps, {self.tokens} tokens, {self.seconds:.1f} s, "
            f"{self.tokens_per_second:.0f} tokens/s · {self.stop.advice}"
        )
