"""Whether a program may be right on every example by chance: few bits of output, and very many programs compared with them.

A program that enumeration finds in the order of costs is the simplest there is, right by chance or not.  One that is put together
from known parts (a join, a deduction) is compared with the goal long before simpler programs are, and of three small integers some
such program gives all three sooner or later.
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
"""Entries that tell how often a value of the goal's type is right."""


class Spuriousness:
    """How many programs are expected to be right by chance, by the values known at one level of a search."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    @cached_property
    def _chance(self) -> float:
        return chance(self._backend)

    def expected(self, tried: int, *, joined: bool) -> float:
        """Of programs that have nothing to do with the task, how many are right: of those ``tried``, and where parts were
        ``joined`` of all pairs of known values.  None where there are no inputs, and so nothing that a program may be wrong on."""
        if not any(self._backend.store.inputs):
            return 0.0
        return self._chance * max(tried, pairs(self._backend.store) if joined else 0)


def chance(backend: Backend) -> float:
    """How likely a program that has nothing to do with the task is right on every example.

    The product of its chances on each example: the share of the known values of the goal's type that are right there,
    and where there are none as little as the size of the output suggests.  0 with more examples than a mask has bits for.
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
    """How many programs of two known parts are compared with the goal by a join or a deduction, about."""
    sizes = [bank.size for bank in store.banks.values()]
    return max(sizes) * max(store.banks[store.bodies.get(t, t)].size for t in store.goals)
