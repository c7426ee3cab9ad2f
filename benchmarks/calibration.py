"""How far stated confidences are from what came out: calibration error with its sampling floor, and the area under the ROC curve."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
BINS = 10
"""Of equal width, for the calibration error."""
DRAWS = 1000
"""Of outcomes, for the floor."""


@dataclass(frozen=True)
class Stated:
    """Answers, and a confidence of each."""

    confidence: Array
    """``(N,)``, 0 to 1."""
    right: Array
    """``(N,)``, 0 or 1."""

    def part(self, where: npt.NDArray[np.bool_]) -> Stated:
        """Those where ``where`` is true."""
        return Stated(self.confidence[where], self.right[where])

    @property
    def error(self) -> float:
        """Expected calibration error over :data:`BINS` bins (Naeini et al., AAAI 2015)."""
        return calibration_error(self.confidence, self.right)

    @cached_property
    def drawn(self) -> Array:
        """Calibration errors if every confidence were exactly right, one for each draw of outcomes."""
        rng = np.random.default_rng(0)
        outcomes = rng.random((DRAWS, len(self.confidence))) < self.confidence
        return np.array([calibration_error(self.confidence, d.astype(float)) for d in outcomes])

    @property
    def floor(self) -> float:
        """The mean calibration error if every confidence were exactly right."""
        return float(self.drawn.mean())

    @property
    def by_chance(self) -> float:
        """The calibration error that one of twenty draws exceeds if every confidence is exactly right."""
        return float(np.quantile(self.drawn, 0.95))

    @property
    def area(self) -> float:
        """Area under the ROC curve: how often a right answer has more confidence than a wrong one; 0.5 for ties and where one kind lacks."""
        good, bad = self.confidence[self.right == 1], self.confidence[self.right == 0]
        if not len(good) or not len(bad):
            return 0.5
        return 1.0 - float(lost_pairs(good, bad).mean())


def lost_pairs(good: Array, bad: Array) -> Array:
    """For each wrong answer, the share of right answers with less confidence; ties count half."""
    ranks = np.sort(good)
    below, upto = np.searchsorted(ranks, bad, side="left"), np.searchsorted(ranks, bad, side="right")
    found: Array = (below + upto) / (2 * len(good))
    return found


def calibration_error(confidence: Array, right: Array) -> float:
    """Mean over answers of how far the mean confidence of their bin is from the share that is right in it."""
    places = np.minimum((confidence * BINS).astype(int), BINS - 1)
    total = 0.0
    for k in range(BINS):
        inside = places == k
        if inside.any():
            total += abs(float(confidence[inside].sum() - right[inside].sum()))
    return total / max(1, len(confidence))
