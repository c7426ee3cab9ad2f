"""Columns of a scope: the examples themselves, or sample points under a lambda. Two function bodies count as equal if they agree on
every sample point. The points must therefore contain what programs apply the bodies to: the elements of the examples' inputs and
outputs, small integers, and a few large ones.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence
from typing import Any

import numpy as np

from neurosynth.engine.store.banks import Columns
from neurosynth.language.hints import NO_HINTS, Hints, Points
from neurosynth.values.domain import Domain
from neurosynth.values.registry import domain_of
from neurosynth.values.types import Type

__all__ = ["columns_of"]

LAMBDA_SAMPLES = 48
"""Number of sample points of a scope under a lambda."""


def columns_of(
    scope: tuple[Type, ...],
    inputs: Sequence[tuple[Any, ...]],
    goal: Sequence[Any],
    *,
    partial: bool,
    hints: Hints = NO_HINTS,
) -> Columns:
    """The columns of ``scope`` for these example inputs; deterministic."""
    rng = np.random.default_rng(0x5EED)
    if not scope:
        count = len(inputs)
        return Columns(np.arange(count), ((),) * count, _odd(rng, count), partial)
    known = [hints.points_of(t) for t in scope]
    if all(p is not None for p in known):
        return _all_points([p for p in known if p is not None], len(inputs), rng)
    draw = random.Random(len(scope))
    pools = [_pool(t, [*inputs, *((g,) for g in goal)]) for t in scope]
    variables = []
    for p in range(LAMBDA_SAMPLES):
        if len(scope) == 1:
            variables.append((pools[0][p % len(pools[0])],))
        else:
            variables.append(tuple(draw.choice(pool) for pool in pools))
    return Columns(np.arange(LAMBDA_SAMPLES) % len(inputs), tuple(variables), _odd(rng, LAMBDA_SAMPLES), True)


def _all_points(points: Sequence[Points], examples: int, rng: np.random.Generator) -> Columns:
    """Every combination of the points in every example, up to :data:`LAMBDA_SAMPLES`: the first combinations first."""
    combinations = itertools.product(*(p.values for p in points))
    cells = [(v, e) for v, e in itertools.islice(itertools.product(combinations, range(examples)), LAMBDA_SAMPLES)]
    always = set(itertools.product(*(p.always for p in points)))
    return Columns(
        np.array([e for _, e in cells]),
        tuple(v for v, _ in cells),
        _odd(rng, len(cells)),
        True,
        tuple(i for i, (v, _) in enumerate(cells) if v in always),
    )


def _odd(rng: np.random.Generator, count: int) -> np.ndarray:
    return rng.integers(0, 1 << 63, count, np.uint64) * np.uint64(2) + np.uint64(1)


def _pool(t: Type, rows: Sequence[tuple[Any, ...]]) -> list[Any]:
    domain = domain_of(t)
    found = dict.fromkeys(domain.landmarks)
    seen: dict[Any, None] = {}
    for row in rows:
        for value in row:
            _collect(value, domain, seen)
    values = list(seen)
    # spread over the values instead of taking the first ones
    stride = max(1, len(values) // 24)
    found.update(dict.fromkeys([*values[::stride][:30], *domain.far_landmarks]))
    return list(found)


def _collect(value: Any, domain: Domain, into: dict[Any, None]) -> None:
    if domain.contains(value):
        into[value] = None
    if isinstance(value, tuple):
        for element in value:
            _collect(element, domain, into)
