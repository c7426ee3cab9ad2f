"""Paired tests: do two configurations differ on the same tasks by more than chance would explain?

Both take one number a task from each configuration, so that what a task costs by itself cancels out.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

__all__ = ["EXACT_PAIRS", "holm", "mcnemar", "wilcoxon", "wilson"]

EXACT_PAIRS = 100
"""Up to so many pairs Wilcoxon's distribution is summed exactly; beyond it the normal one is right to three digits."""


def mcnemar(only_first: int, only_second: int) -> float:
    """The exact two-sided p-value of McNemar's test (McNemar 1947; the exact form is the sign test).

    Tasks that both solve, or neither, say nothing about which solves more.  Of the others each would go to either
    configuration with probability 1/2 if the two were alike: the p-value is the probability of a split as uneven as this.

    Args:
        only_first: Tasks that only the first solves.
        only_second: Tasks that only the second solves.
    """
    pairs, fewer = only_first + only_second, min(only_first, only_second)
    # Whole numbers throughout: 2 ** pairs is past what a float holds from 1,024 pairs on.
    tail = ways = 1
    for k in range(1, fewer + 1):
        ways = ways * (pairs - k + 1) // k  # of k tasks among all: the binomial coefficient, from the one before
        tail += ways
    return min(1.0, 2 * tail / (1 << pairs))


def wilcoxon(differences: Sequence[float]) -> float:
    """The two-sided p-value of Wilcoxon's signed-rank test that differences lie evenly around 0 (Wilcoxon 1945).

    Differences of 0 are left out, and equal ones share the mean of their ranks.  Up to ``EXACT_PAIRS`` pairs the
    distribution is that of these very ranks under all signs; beyond, it is the normal one with their variance.

    Args:
        differences: One a task, first less second; for times, of their logarithms.
    """
    values = np.asarray([d for d in differences if d != 0], dtype=float)
    if not len(values):
        return 1.0
    doubled = _doubled_ranks(np.abs(values))
    total = int(doubled.sum())
    lower = min(int(doubled[values > 0].sum()), int(doubled[values < 0].sum()))
    if len(values) <= EXACT_PAIRS:
        return min(1.0, 2.0 * float(_signed_sums(doubled)[: lower + 1].sum()))
    deviation = math.sqrt(float((doubled.astype(float) ** 2).sum())) / 2
    return math.erfc((total / 2 - lower) / deviation / math.sqrt(2))


def _doubled_ranks(sizes: np.ndarray) -> np.ndarray:
    """Twice the rank of each of (N,) sizes, from 2 up: a mean of two ranks is a whole number then."""
    _, which, counts = np.unique(sizes, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return (2 * last - counts + 1)[which]


def _signed_sums(ranks: np.ndarray) -> np.ndarray:
    """The probability of each sum, 0 to ``ranks.sum()``, of the ranks that a fair coin picks."""
    chances = np.zeros(int(ranks.sum()) + 1)
    chances[0] = 1.0
    for rank in ranks.tolist():
        chances[rank:] = (chances[rank:] + chances[:-rank]) / 2
        chances[:rank] /= 2
    return chances


def holm(chances: Sequence[float]) -> list[float]:
    """P-values made larger for there being several (Holm 1979): any below 0.05 is real with 95 % for all together."""
    adjusted = [1.0] * len(chances)
    highest = 0.0
    for place, index in enumerate(sorted(range(len(chances)), key=lambda i: chances[i])):
        highest = max(highest, min(1.0, (len(chances) - place) * chances[index]))
        adjusted[index] = highest
    return adjusted


def wilson(right: int, total: int) -> tuple[float, float]:
    """The 95 % interval of a share, 0 to 1, of which ``right`` of ``total`` were seen (Wilson 1927)."""
    z = 1.959964
    share, weight = right / total, 1 + z * z / total
    middle = (share + z * z / (2 * total)) / weight
    half = z * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total)) / weight
    # At the ends rounding would put the interval a hair beside the share itself.
    return min(share, max(0.0, middle - half)), max(share, min(1.0, middle + half))
