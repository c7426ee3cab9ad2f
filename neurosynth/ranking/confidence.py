"""Confidence that is calibrated: how often answers with numbers like these turned out right.

Logistic regression over standardised features, fitted by ``benchmarks/fit_trust.py`` on answers to public suites and to the project's
own columns; its numbers stand in ``confidence.json``.  A feature beyond what was seen while fitting counts as the furthest seen.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

__all__ = ["GUESS", "ConfidenceModel", "Logistic", "Weight", "shipped"]

GUESS = 0.5
"""Confidence below which an answer is shown as a guess, and a cell stays empty unless a person wants it filled in: it is likely wrong."""


@dataclass(frozen=True, slots=True)
class Weight:
    """A feature and what it says."""

    name: str
    mean: float
    scale: float
    """Its mean and standard deviation over the answers fitted on."""
    low: float
    high: float
    """What it is cut to."""
    weight: float
    """Natural log of the odds, a standard deviation."""

    def said(self, value: float) -> float:
        """What a value adds to the log odds."""
        return self.weight * (min(max(value, self.low), self.high) - self.mean) / self.scale


@dataclass(frozen=True, slots=True)
class Logistic:
    """Log odds that are a weighted sum of features."""

    intercept: float
    terms: tuple[Weight, ...]

    def log_odds(self, values: Mapping[str, float]) -> float:
        """Natural log of the odds.

        Raises:
            KeyError: for a feature without a value.
        """
        return self.intercept + sum(t.said(values[t.name]) for t in self.terms)

    def said(self, values: Mapping[str, float]) -> list[tuple[str, float]]:
        """What each feature adds to the log odds, what says most first."""
        return sorted(((t.name, t.said(values[t.name])) for t in self.terms), key=lambda n: -abs(n[1]))

    def to_json(self) -> dict[str, Any]:
        """As in ``confidence.json``."""
        rows = [{k: getattr(t, k) for k in Weight.__slots__} for t in self.terms]
        return {"intercept": self.intercept, "terms": rows}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Logistic:
        """From what :meth:`to_json` gives."""
        return cls(value["intercept"], tuple(Weight(**row) for row in value["terms"]))


@dataclass(frozen=True, slots=True)
class ConfidenceModel:
    """Chances that an answer is right on all rows, and that one cell is."""

    answer: Logistic
    cell: Logistic
    least: float = 0.01
    most: float = 0.99
    """No confidence is below or above: what was fitted on some thousand answers knows no more."""

    def of_answer(self, values: Mapping[str, float]) -> float:
        """Chance that a program is right on every row, by :func:`~neurosynth.ranking.evidence.features`, 0 to 1."""
        return self._chance(self.answer.log_odds(values))

    def of_cell(self, values: Mapping[str, float]) -> float:
        """Chance that what a program gives for one row is right, by :func:`~neurosynth.ranking.cells.cell_features`, 0 to 1."""
        return self._chance(self.cell.log_odds(values))

    def within(self, chance: float) -> float:
        """A chance cut to what the model can say."""
        return min(max(chance, self.least), self.most)

    def _chance(self, log_odds: float) -> float:
        return self.within(1 / (1 + math.exp(-min(max(log_odds, -30.0), 30.0))))

    def to_json(self) -> dict[str, Any]:
        """As in ``confidence.json``."""
        return {"answer": self.answer.to_json(), "cell": self.cell.to_json(), "least": self.least, "most": self.most}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> ConfidenceModel:
        """From what :meth:`to_json` gives; other fields say how it was fitted."""
        answer, cell = Logistic.from_json(value["answer"]), Logistic.from_json(value["cell"])
        return cls(answer, cell, value["least"], value["most"])


@cache
def shipped() -> ConfidenceModel:
    """The model that comes with the package."""
    text = files("neurosynth.ranking").joinpath("confidence.json").read_text("utf-8")
    return ConfidenceModel.from_json(json.loads(text))
