"""What a training run says: while it goes on, when it ends, and when it cannot."""

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
            TrainStop.STEPS: "All steps were made; --resume with more --steps goes on.",
            TrainStop.TIME: "The time is used up; --resume with more --minutes goes on.",
            TrainStop.PATIENCE: "The held-out loss no longer gets better; more tasks may help, more steps will not.",
            TrainStop.INTERRUPTED: "Interrupted; the same command with --resume goes on where it stopped.",
        }[self]


class TrainingDiverged(NeurosynthError):
    """The loss or a gradient is not a finite number any more; ``step`` is the first such step."""

    def __init__(self, step: int, what: str, kept: str) -> None:
        super().__init__(
            f"training: the {what} at step {step} is not a finite number; {kept}; "
            "use a lower --lr or a smaller --clip-norm"
        )
        self.step = step


@dataclass(frozen=True, kw_only=True)
class TrainProgress:
    """A moment of a run, for whoever shows it."""

    step: int
    used: float
    """Share of the budget used, 0 to 1."""
    seconds: float
    """Wall clock, resumed runs added up."""
    loss: float
    """Nats a token, mean since the last moment."""
    heldout_loss: float | None
    """The last one measured."""
    tokens_per_second: float
    seconds_left: float
    """By the pace so far."""


@dataclass(frozen=True, kw_only=True)
class TrainResult:
    """What a run came to; prints itself."""

    stop: TrainStop
    step: int
    """Steps made in all."""
    tokens: int
    """Program tokens learnt from, in all."""
    seconds: float
    """Wall clock, resumed runs added up."""
    heldout_loss: float | None
    """Of the weights kept, nats a token; None where there were no held-out tasks or no evaluation yet."""
    best_step: int
    """Steps behind the weights kept."""
    tokens_per_second: float
    """Of this run, evaluation left out; 0 where it made no step."""

    def to_json(self) -> dict[str, Any]:
        """Every field by name."""
        return {**asdict(self), "stop": self.stop.value}

    def __str__(self) -> str:
        loss = (
            "no held-out loss"
            if self.heldout_loss is None
            else f"held-out loss {self.heldout_loss:.4f} nats a token (perplexity {math.exp(self.heldout_loss):.2f})"
        )
        return (
            f"{loss} at step {self.best_step} · {self.step} steps, {self.tokens} tokens, {self.seconds:.1f} s, "
            f"{self.tokens_per_second:.0f} tokens/s · {self.stop.advice}"
        )
