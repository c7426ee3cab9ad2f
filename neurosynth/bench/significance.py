"""Paired tests: do two configurations differ on the same tasks by more than chance would explain?

Both take one number a task from each configuration, so that what a task costs by itself cancels out.  By scipy (extra ``bench``).
"""

from __future__ import annotations

from collections.abc import Sequence

from neurosynth.extras import require

__all__ = ["holm", "mcnemar", "wilcoxon", "wilson"]


def mcnemar(only_first: int, only_second: int) -> float:
    """The exact two-sided p-value of McNemar's test (McNemar 1947; the exact form is the sign test).

    Tasks that both solve, or neither, say nothing about which solves more.  Of the others each would go to either
    configuration with probability 1/2 if the two were alike: the p-value is the probability of a split as uneven as this.

    Args:
        only_first: Tasks that only the first solves.
        only_second: Tasks that only the second solves.
    """
    if not only_first + only_second:
        return 1.0
    require("bench", "a comparison of configurations")
    from scipy.stats import binomtest

    return float(binomtest(only_first, only_first + only_second).pvalue)


def wilcoxon(differences: Sequence[float]) -> float:
    """The two-sided p-value of Wilcoxon's signed-rank test that differences lie evenly around 0 (Wilcoxon 1945).

    Differences of 0 are left out, and equal ones share the mean of their ranks.  The distribution is exact for up to 50 pairs,
    or 13 where some are equal; beyond, it is the normal one.

    Args:
        differences: One a task, first less second; for times, of their logarithms.
    """
    values = [d for d in differences if d != 0]
    if not values:
        return 1.0
    require("bench", "a comparison of configurations")
    from scipy.stats import wilcoxon as test

    return float(test(values).pvalue)


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
    require("bench", "an interval of a share")
    from scipy.stats import binomtest

    low, high = binomtest(right, total).proportion_ci(method="wilson")
    # At the ends rounding would put the interval a hair beside the share itself.
    return min(right / total, float(low)), max(right / total, float(high))
