"""Whether a program may be right on every example by coincidence: the outputs have few bits, and very many programs were compared with
them.

A program that enumeration finds in the order of costs is the simplest one, coincidental or not. A program that is combined from known
parts (a join, a deduction) is compared with the goal long before simpler programs are, and sooner or later some such program produces
any three small integers.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np

from neurosynth.engine.backends.base import Backend
from neurosynth.engine.store.value_store import ValueStore
from neurosynth.search.candidates import content

__all__ = ["MASK_EXAMPLES", "Spuriousness", "chance", "pairs"]

MASK_EXAMPLES = 60
"""Examples a mask has bits for."""
_LOOKED_AT = 1 << 17
"""Number of entries from which the share of right values of the goal's type is estimated."""


class Spuriousness:
    """The expected number of coincidental programs, from the values known at one level of a search."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    @cached_property
    def _chance(self) -> float:
        return chance(self._backend)

    def expected(self, tried: int, *, joined: bool) -> float:
        """The expected number of right programs among those that have nothing to do with the task: among those ``tried``, and if parts
        were ``joined``, among all pairs of known values. None if there are no inputs, because no program can then be wrong
        elsewhere."""
        if not any(self._backend.store.inputs):
            return 0.0
        return self._chance * max(tried, pairs(self._backend.store) if joined else 0)


def chance(backend: Backend) -> float:
    """The probability that a program that has nothing to do with the task is right on every example. It is a product over the examples:
    the share of known values of the goal's type that are right there, or, if there are none, a probability from the size of the output.
    0 with more examples than a mask has bits for.
    """
    store = backend.store
    if len(store.goal) > MASK_EXAMPLES:
        return 0.0
    right, looked_at = np.zeros(len(store.goal)), 0
    for target in store.goals:
        bank = store.banks[store.bodies.get(target, target)]
        count = min(bank.size, _LOOKED_AT if store.compiled else _LOOKED_AT >> 5)
        if count:
            masks = backend.masks(bank, 0, count)
            right += ((masks[:, None] >> np.arange(len(store.goal))) & 1).sum(axis=0)
        looked_at += count
    least = np.array([4.0 ** -content(output) for output in store.goal])
    return float(np.prod((right + least) / (looked_at + 1)))


def pairs(store: ValueStore) -> int:
    """Approximate number of programs of two known parts that a join or a deduction compares with the goal."""
    sizes = [bank.size for bank in store.banks.values()]
    return max(sizes) * max(store.banks[store.bodies.get(t, t)].size for t in store.goals)
