"""Learning while searching: partial solutions say which productions to prefer (Probe, OOPSLA 2020).

A program right on some examples makes its productions cheaper, the more examples the better.  Probe raises probabilities
and rounds their logarithms; here all costs are doubled and those of preferred productions are halved again, which keeps the
levels of an integer-cost search few.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from neurosynth.engine.backends.base import Backend
from neurosynth.engine.store.banks import SequenceBank, WordBank
from neurosynth.engine.store.value_store import ValueStore
from neurosynth.language.grammar import Nonterminal, Production
from neurosynth.search.spuriousness import MASK_EXAMPLES

__all__ = ["fit", "learned_costs"]

PARTIAL = 40
"""Partial solutions looked at, those right on most examples first."""
LEAST = 0.2
"""Share of the examples the best partial solution must get right for anything to be learned."""


def fit(backend: Backend) -> dict[Production, float]:
    """For each production the largest share of examples that a partial solution with it gets right; 0 ones left out."""
    store = backend.store
    count = len(store.goal)
    if count > MASK_EXAMPLES or not store.compiled:
        return {}
    found: dict[int, tuple[Nonterminal, int]] = {}
    for target in sorted(store.goals, key=str):
        bank = store.banks.get(target)
        if not isinstance(bank, (WordBank, SequenceBank)):
            continue
        for start in range(0, bank.size, 1 << 16):
            masks = backend.masks(bank, start, min(start + (1 << 16), bank.size))
            values, positions = np.unique(masks, return_index=True)
            for mask, position in zip(values.tolist(), positions.tolist(), strict=True):
                found.setdefault(mask, (target, start + position))
    best = sorted((m for m in found if m), key=lambda m: -m.bit_count())[:PARTIAL]
    shares: dict[Production, float] = {}
    for mask in best:
        for production in _productions(store, *found[mask]):
            shares[production] = max(shares.get(production, 0.0), mask.bit_count() / count)
    return shares


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
    """Costs after learning, or None when no partial solution says anything."""
    best = max(shares.values(), default=0.0)
    if best < LEAST:
        return None
    costs = [p.cost if p.cost and shares.get(p, 0.0) >= 0.9 * best else 2 * p.cost for p in productions]
    return None if costs == [2 * p.cost for p in productions] else costs
