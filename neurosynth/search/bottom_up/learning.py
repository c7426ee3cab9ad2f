"""Learning while searching: partial solutions say which productions to prefer (Probe, OOPSLA 2020).

A program right on some examples makes its productions cheaper, the more examples the better.  Probe raises probabilities
and rounds their logarithms; here all costs are doubled and those of preferred productions are halved again, which keeps the
levels of an integer-cost search few.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from neurosynth.engine.backends.base import Backend
from neurosynth.engine.store.banks import ObjectBank
from neurosynth.engine.store.value_store import ValueStore
from neurosynth.language.grammar import Nonterminal, Production
from neurosynth.search.spuriousness import MASK_EXAMPLES

__all__ = ["fit", "learned_costs", "partial_solutions"]

PARTIAL = 40
"""Number of partial solutions examined, those right on most examples first."""
OBJECTS = 100_000
"""Number of entries of a bank of Python objects examined, the cheapest first: each takes some microseconds."""
LEAST = 0.2
"""Share of the examples that the best partial solution must get right before anything is learned."""


def fit(backend: Backend) -> dict[Production, float]:
    """For each production, the largest share of examples that a partial solution with it gets right; zeros are left
    out."""
    store = backend.store
    shares: dict[Production, float] = {}
    for mask, target, entry in partial_solutions(backend):
        for production in _productions(store, target, entry):
            shares[production] = max(shares.get(production, 0.0), mask.bit_count() / len(store.goal))
    return shares


def partial_solutions(backend: Backend) -> list[tuple[int, Nonterminal, int]]:
    """Entries that are right on some examples, one for each set of examples (a bit mask); those right on most first."""
    store = backend.store
    if len(store.goal) > MASK_EXAMPLES:
        return []
    found: dict[int, tuple[Nonterminal, int]] = {}
    for target in sorted(store.goals, key=str):
        bank = store.banks.get(target)
        if bank is None:
            continue
        size = min(bank.size, OBJECTS) if isinstance(bank, ObjectBank) else bank.size
        for start in range(0, size, 1 << 16):
            masks = backend.masks(bank, start, min(start + (1 << 16), size))
            values, positions = np.unique(masks, return_index=True)
            for mask, position in zip(values.tolist(), positions.tolist(), strict=True):
                found.setdefault(mask, (target, start + position))
    best = sorted((m for m in found if m), key=lambda m: -m.bit_count())[:PARTIAL]
    return [(mask, *found[mask]) for mask in best]


def _productions(store: ValueStore, target: Nonterminal, entry: int) -> set[Production]:
    """Every production in the derivation of an entry."""
    found: set[Production] = set()
    todo = [(target, entry)]
    while todo:
        n, e = todo.pop()
        n = store.bodies.get(n, n)
        production = store.production_of(n, e)
        found.add(production)
        children = store.bank(n).children[e, : len(production.arguments)].tolist()
        todo += zip(production.arguments, children, strict=True)
    return found


def learned_costs(productions: Sequence[Production], shares: dict[Production, float]) -> list[int] | None:
    """Costs after learning, or None if no partial solution gives any information."""
    best = max(shares.values(), default=0.0)
    if best < LEAST:
        return None
    costs = [p.cost if p.cost and shares.get(p, 0.0) >= 0.9 * best else 2 * p.cost for p in productions]
    return None if costs == [2 * p.cost for p in productions] else costs
