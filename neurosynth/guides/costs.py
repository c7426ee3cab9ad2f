"""From probabilities of productions to the small integer costs of cost-ordered search."""

from __future__ import annotations

import numpy as np

from neurosynth.errors import InputError
from neurosynth.guides.base import WeightedGrammar
from neurosynth.language.grammar import Abstraction, Grammar, Lift, Unit

__all__ = ["production_costs"]

_TYPICAL = 8
_HIGHEST = 6
"""Measured on list tasks: the search loses more expensive productions if a guide is wrong."""


def production_costs(weighted: WeightedGrammar, *, resolution: float | None = None, highest: int = _HIGHEST) -> Grammar:
    """The grammar with cost ``max(1, round(-log p / resolution))`` for each production, at most ``highest``.

    Search needs few cost levels, all of them in use, so costs are rough: the order of enumeration only approximates the order of
    probability. Productions that add no node (units, lifts), abstractions, and those for which the language declares cost 0, cost 0
    whatever their probability: every program still costs at least its number of other primitives and leaves.

    Args:
        weighted: probabilities, as a ``RuleGuide`` gives them.
        resolution: nats a unit of cost.  By default chosen so that nine tenths of the productions cost at most 8, and less
            the more alike their probabilities are: 1 throughout where they are equal.
        highest: the cost of productions that are almost impossible or impossible (probability 0), which stay in the space.

    Raises:
        InputError: for a resolution or a highest cost that is not positive.
    """
    if resolution is not None and not 0 < resolution < np.inf:
        raise InputError(f"resolution is {resolution}; allowed: a positive number of nats")
    if highest < 1:
        raise InputError(f"highest is {highest}; allowed: 1 or more")
    grammar = weighted.grammar
    free = np.array(
        [isinstance(p.head, (Unit, Lift, Abstraction)) or not p.cost for p in grammar.productions], np.bool_
    )
    nats = -weighted.logprobs.astype(np.float64)
    if resolution is None:
        resolution = _resolution(nats[~free & np.isfinite(nats)])
    rough = np.where(np.isfinite(nats), nats / resolution, highest)
    costs = np.where(free, 0, np.clip(np.rint(rough), 1, highest)).astype(np.int64)
    return grammar.with_costs(costs.tolist())


def _resolution(nats: np.ndarray) -> float:
    """Nats per unit of cost: typical costs are 1 to 8, and the more alike the productions are, the closer to 1 all of them."""
    if not len(nats):
        return 1.0
    low, high = np.quantile(nats, [0.1, 0.9])
    return float(max(high / _TYPICAL, (3 * low - high) / 2)) or 1.0
