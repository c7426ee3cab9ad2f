"""The learning rate over a training run: a pure function of the step and of the share of the budget that is used."""

from __future__ import annotations

import math
from dataclasses import dataclass

__all__ = ["DECAYS", "Schedule"]

DECAYS = ("cosine", "linear", "none")


@dataclass(frozen=True, kw_only=True, slots=True)
class Schedule:
    """Linear warm-up, times a decay that ends at zero when the budget does."""

    learning_rate: float
    """The peak rate."""
    warmup_steps: int = 0
    """Number of steps from (nearly) zero to the peak; the first step already has a positive rate."""
    decay: str = "cosine"
    """``cosine``, ``linear`` or ``none``."""

    def at(self, step: int, used: float) -> float:
        """The learning rate of an optimizer step.

        Args:
            step: the number of steps before this one.
            used: share of the budget (steps or time) used before this step; clipped to 0 to 1.
        """
        warmup = min(1.0, (step + 1) / (self.warmup_steps + 1))
        used = min(max(used, 0.0), 1.0)
        left = {"cosine": 0.5 * (1.0 + math.cos(math.pi * used)), "linear": 1.0 - used, "none": 1.0}[self.decay]
        return self.learning_rate * warmup * left
