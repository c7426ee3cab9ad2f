"""Paired tests: do two configurations differ significantly on the same tasks? Both tests use one number for each task and
configuration, so that the difficulty of a task cancels out. By scipy (extra ``bench``).
"""

from __future__ import annotations

from collections.abc import Sequence

from neurosynth.extras import require

__all__ = ["holm", "mcnemar", "wilcoxon", "wilson"]


def mcnemar(only_first: int, only_second: int) -> float:
    """The exact two-sided p-value of McNemar's test (McNemar 1947; the exact form is the sign test).

    Tasks that both solve, or neither, say nothing about which solves more. If the two were alike, either configuration would solve each
    of the others with probability 1/2: the p-value is the probability of a split that is at least as uneven.

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
        differences: One for each task, first minus second; for times, the differences of their logarithms.
    """
    values = [d for d in differences if d != 0]
    if not values:
        return 1.0
    require("bench", "a comparison of configurations")
    from scipy.stats import wilcoxon as test

    return float(test(values).pvalue)


def holm(chances: Sequence[float]) -> list[float]:
    """P-values corrected for multiple tests (Holm 1979): any below 0.05 is significant at 95 % for all together."""
    adjusted = [1.0] * len(chances)
    highest = 0.0
    for place, index in enumerate(sorted(range(len(chances)), key=lambda i: chances[i])):
        highest = max(highest, min(1.0, (len(chances) - place) * chances[index]))
        adjusted[index] = highest
    return adjusted


def wilson(right: int, total: int) -> tuple[float, float]:
    """The 95 % interval of a share, 0 to 1, if ``right`` of ``total`` were observed (Wilson 1927)."""
    require("bench", "an interval of a share")
    from scipy.stats import binomtest

    low, high = binomtest(right, total).proportion_ci(method="wilson")
    # At the ends, rounding would put the interval slightly beside the share itself.
    return min(right / total, float(low)), max(right / total, float(high))
