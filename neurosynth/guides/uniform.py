"""The uninformed guide, with which all others are compared."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from neurosynth.guides.base import WeightedGrammar
from neurosynth.language.grammar import Grammar
from neurosynth.tasks.task import Task

__all__ = ["Uniform", "uniform"]


@dataclass(frozen=True)
class Uniform:
    """Every production of a non-terminal is equally likely."""

    name: str = field(default="uniform", init=False)

    def predict(self, task: Task, grammar: Grammar) -> WeightedGrammar:
        """A log-probability of ``-log(n)`` nats for each production of a non-terminal that has n of them."""
        return uniform(grammar)


def uniform(grammar: Grammar) -> WeightedGrammar:
    """Every production is as likely as the others of its non-terminal."""
    choices = {n: len(productions) for n, productions in grammar.by_target.items()}
    return WeightedGrammar(
        grammar, -np.log(np.array([choices[p.target] for p in grammar.productions], dtype=np.float64))
    )
