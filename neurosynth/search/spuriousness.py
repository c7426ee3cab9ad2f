"""Whether a program may be right on every example by luck: few bits of output, and very many programs compared with them.

A program that enumeration finds in the order of costs is the simplest there is, lucky or not.  One that is put together from
known parts (a join, a deduction) is compared with the goal long before simpler programs are, and of three small integers some
such program gives all three sooner or later.
"""

from __future__ import annotations

import numpy as np

from neurosynth.engine.store.banks import Bank, SequenceBank, WordBank
from neurosynth.engine.store.value_store import ValueStore
from neurosynth.search.candidates import content
from neurosynth.search.strategies.decision_trees import EXAMPLES, goal_masks

__all__ = ["SPURIOUS", "chance", "pairs"]

SPURIOUS = 0.2
"""Programs expected to be right by chance from which on one that is right is doubtful."""
_LOOKED_AT = 1 << 17
"""Entries that tell how often a value of the goal's type is right."""


def chance(store: ValueStore) -> float:
    """How likely a program that has nothing to do with the task is right on every example.

    The product of its chances on each example: the share of the known values of the goal's type that are right there,
    and where there are none as little as the size of the output suggests.  0 with more examples than a mask has bits for.
    """
    if len(store.goal) > EXAMPLES:
        return 0.0
    right, looked_at = np.zeros(len(store.goal)), 0
    for target in store.goals:
        bank = store.banks[store.bodies.get(target, target)]
        count = min(bank.size, _LOOKED_AT if store.compiled else _LOOKED_AT >> 5)
        right += 0 if not count else _right(store, bank, count)
        looked_at += count
    least = np.array([4.0 ** -content(output) for output in store.goal])
    return float(np.prod((right + least) / (looked_at + 1)))


def pairs(store: ValueStore) -> int:
    """How many programs of two known parts are compared with the goal by a join or a deduction, about."""
    sizes = [bank.size for bank in store.banks.values()]
    return max(sizes) * max(store.banks[store.bodies.get(t, t)].size for t in store.goals)


def _right(store: ValueStore, bank: Bank, count: int) -> np.ndarray:
    """(examples,) of the first ``count`` entries of a goal bank, how many are right on each example."""
    if isinstance(bank, (WordBank, SequenceBank)):
        masks = goal_masks(store, bank, 0, count)
        found: np.ndarray = ((masks[:, None] >> np.arange(len(store.goal))) & 1).sum(axis=0)
        return found
    columns = (bank.decode(i) for i in range(count))
    counts: np.ndarray = np.sum(
        [[a == b for a, b in zip(column, store.goal, strict=True)] for column in columns], axis=0
    )
    return counts
