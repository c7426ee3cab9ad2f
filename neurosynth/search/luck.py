"""Whether a program may be right on every example by luck: few bits of output, and very many programs compared with them.

A program that enumeration finds in the order of costs is the simplest there is, lucky or not.  One that is put together from
known parts (a join, a deduction) is compared with the goal long before simpler programs are, and of three small integers some
such program gives all three sooner or later.
"""

from __future__ import annotations

import numpy as np

from neurosynth.engine.banks import Bank, SequenceBank, WordBank
from neurosynth.engine.space import Space
from neurosynth.search.divide import EXAMPLES, goal_masks
from neurosynth.search.proposals import content

__all__ = ["LUCKY", "expected_hits"]

LUCKY = 0.05
"""Programs expected to be right by chance from which on one that is right is no evidence."""
_LOOKED_AT = 1 << 17
"""Entries that tell how often a value of the goal's type is right."""


def expected_hits(space: Space, tried: int) -> float:
    """How many programs are expected to be right on every example by chance, of ``tried`` and of all pairs of known values.

    The chance of one is the product of its chances on each example: the share of the known values of the goal's type
    that are right there, and where there are none as little as the size of the output suggests.  With more examples than a
    mask has bits for nothing is by chance.
    """
    if len(space.goal) > EXAMPLES:
        return 0.0
    sizes, right, looked_at = [0], np.zeros(len(space.goal)), 0
    for target in space.goals:
        bank = space.banks[space.bodies.get(target, target)]
        count = min(bank.size, _LOOKED_AT if space.compiled else _LOOKED_AT >> 5)
        sizes.append(bank.size)
        right += 0 if not count else _right(space, bank, count)
        looked_at += count
    least = np.array([4.0 ** -content(output) for output in space.goal])
    chance = float(np.prod((right + least) / (looked_at + 1)))
    largest = max(bank.size for bank in space.banks.values())
    return chance * max(tried, max(sizes) * largest)


def _right(space: Space, bank: Bank, count: int) -> np.ndarray:
    """(examples,) of the first ``count`` entries of a goal bank, how many are right on each example."""
    if isinstance(bank, (WordBank, SequenceBank)):
        masks = goal_masks(space, bank, 0, count)
        found: np.ndarray = ((masks[:, None] >> np.arange(len(space.goal))) & 1).sum(axis=0)
        return found
    columns = (bank.decode(i) for i in range(count))
    counts: np.ndarray = np.sum(
        [[a == b for a, b in zip(column, space.goal, strict=True)] for column in columns], axis=0
    )
    return counts
