"""Calibrated confidence: how often answers with such features were right.

Logistic regression over standardised features, some of them in two stretches with a weight each. ``benchmarks/fit_trust.py`` fits it
on answers to public suites and to the project's own columns; its parameters are in ``confidence.json``. A feature outside the range of
the fit is clipped to that range.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

__all__ = ["EXAMPLES", "GUESS", "ConfidenceModel", "Logistic", "Weight", "log_odds", "shipped"]

GUESS = 0.5
"""Confidence below which an answer is shown as a guess, and a cell stays empty unless the user asks for it: it is more likely wrong
than right."""


EXAMPLES = "log_examples"
"""The feature that is the logarithm of the number of examples: 0 for one."""


@dataclass(frozen=True, slots=True)
class Weight:
    """A feature, or a stretch of its values, and its weight."""

    name: str
    mean: float
    scale: float
    """Its mean and standard deviation over the fitted answers."""
    low: float
    high: float
    """The range to which it is clipped: two terms of one feature have ranges that meet, so that its effect bends there."""
    weight: float
    """Natural log of the odds for each standard deviation."""

    def said(self, value: float) -> float:
        """The contribution of a value to the log odds."""
        return self.weight * (min(max(value, self.low), self.high) - self.mean) / self.scale


@dataclass(frozen=True, slots=True)
class Logistic:
    """Log odds as a weighted sum of features."""

    intercept: float
    terms: tuple[Weight, ...]
    single: float = 1.0
    """Factor for the log odds if a single example is shown: what speaks for or against such an answer is less reliable."""

    def log_odds(self, values: Mapping[str, float]) -> float:
        """Natural log of the odds.

        Raises:
            KeyError: for a feature without a value.
        """
        return self._factor(values) * (self.intercept + sum(t.said(values[t.name]) for t in self.terms))

    def _factor(self, values: Mapping[str, float]) -> float:
        return self.single if values.get(EXAMPLES) == 0.0 else 1.0

    def said(self, values: Mapping[str, float]) -> list[tuple[str, float]]:
        """The contribution of each feature to the log odds, largest first."""
        told: dict[str, float] = {}
        for t in self.terms:
            told[t.name] = told.get(t.name, 0.0) + self._factor(values) * t.said(values[t.name])
        return sorted(told.items(), key=lambda n: -abs(n[1]))

    def to_json(self) -> dict[str, Any]:
        """In the form of ``confidence.json``."""
        rows = [{k: getattr(t, k) for k in Weight.__slots__} for t in self.terms]
        return {"intercept": self.intercept, "single": self.single, "terms": rows}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Logistic:
        """From the result of :meth:`to_json`."""
        return cls(value["intercept"], tuple(Weight(**row) for row in value["terms"]), value.get("single", 1.0))


@dataclass(frozen=True, slots=True)
class ConfidenceModel:
    """Probabilities that an answer is right on all rows, and that one cell is right."""

    answer: Logistic
    cell: Logistic
    least: float = 0.01
    most: float = 0.99
    """Confidence is never below or above these: a fit on some thousand answers cannot say more."""

    def of_answer(self, values: Mapping[str, float]) -> float:
        """Probability that a program is right on every row, from :func:`~neurosynth.ranking.evidence.features`, 0 to 1."""
        return self._chance(self.answer.log_odds(values))

    def of_cell(self, values: Mapping[str, float]) -> float:
        """Probability that a program's value for one row is right, from :func:`~neurosynth.ranking.cells.cell_features`, 0 to 1."""
        return self._chance(self.cell.log_odds(values))

    def within(self, chance: float) -> float:
        """A probability clipped to the range of the model."""
        return min(max(chance, self.least), self.most)

    def _chance(self, log_odds: float) -> float:
        return self.within(1 / (1 + math.exp(-min(max(log_odds, -30.0), 30.0))))

    def to_json(self) -> dict[str, Any]:
        """In the form of ``confidence.json``."""
        return {"answer": self.answer.to_json(), "cell": self.cell.to_json(), "least": self.least, "most": self.most}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> ConfidenceModel:
        """From the result of :meth:`to_json`; other fields describe the fit."""
        answer, cell = Logistic.from_json(value["answer"]), Logistic.from_json(value["cell"])
        return cls(answer, cell, value["least"], value["most"])


def log_odds(chance: float) -> float:
    """Natural log of the odds of a probability more than 0 and less than 1."""
    return math.log(chance / (1 - chance))


@cache
def shipped() -> ConfidenceModel:
    """The model that comes with the package."""
    text = files("neurosynth.ranking").joinpath("confidence.json").read_text("utf-8")
    return ConfidenceModel.from_json(json.loads(text))
