"""Two configurations on the same tasks: the tasks that only one of them solves, their speed, and whether the differences are
significant. With several runs of a configuration, a task counts as solved if most of them solved it, and its seconds are the median
over all of them, where an unsolved run counts as longer than any other. Runs of one task are not independent, so the significance tests
use tasks, not rows.
"""

from __future__ import annotations

import math
import statistics
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from neurosynth.bench.rows import Row
from neurosynth.bench.significance import holm, mcnemar, wilcoxon
from neurosynth.bench.tables import Configuration, TaskKey, candidates, seconds

__all__ = ["MOST_PAIRS", "Pair", "Ratio", "TaskOutcome", "compare", "outcomes"]

MOST_PAIRS = 15
"""With more pairs than this, only those with one configuration, the baseline, are compared."""


@dataclass(frozen=True, slots=True)
class TaskOutcome:
    """The outcome of a configuration on a task, over its runs."""

    runs: int
    seconds: float | None
    """Median; None if most runs did not solve it."""
    candidates: float | None
    """Median; None also for solvers that count no candidates."""

    @property
    def solved(self) -> bool:
        """Whether most runs solved it."""
        return self.seconds is not None


def outcomes(rows: Iterable[Row]) -> dict[TaskKey, TaskOutcome]:
    """The outcome of each task, from one configuration's rows."""
    tasks: dict[TaskKey, list[Row]] = defaultdict(list)
    for row in rows:
        tasks[row.suite, row.task].append(row)
    return {task: _outcome(own) for task, own in tasks.items()}


def _outcome(rows: Sequence[Row]) -> TaskOutcome:
    solved = [row for row in rows if row.solved]
    if 2 * len(solved) <= len(rows):
        return TaskOutcome(len(rows), None, None)
    counts = [count for count in map(candidates, solved) if count is not None]
    missing = len(rows) - len(solved)
    return TaskOutcome(
        runs=len(rows),
        seconds=_median([seconds(row) for row in solved], missing),
        candidates=_median(counts, missing) if len(counts) == len(solved) else None,
    )


def _median(values: Sequence[float], missing: int) -> float:
    """The median of the values and of ``missing`` larger ones, which are fewer than the values."""
    return statistics.median([*values, *[math.inf] * missing])


@dataclass(frozen=True, slots=True)
class Ratio:
    """Ratio of the first to the second, over the tasks that both solved."""

    median: float
    lower: float
    """The first quartile of the ratios."""
    upper: float
    """The third quartile of the ratios."""
    chance: float
    """The p-value of Wilcoxon's signed-rank test on the logarithms."""

    @classmethod
    def of(cls, pairs: Sequence[tuple[float, float]]) -> Ratio | None:
        """From the values of both, task by task; None without any."""
        if not pairs:
            return None
        logs = sorted(math.log(first / second) for first, second in pairs)
        lower, median, upper = statistics.quantiles(logs, n=4, method="inclusive") if len(logs) > 1 else logs * 3
        return cls(math.exp(median), math.exp(lower), math.exp(upper), wilcoxon(logs))


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two configurations compared on the tasks that both ran."""

    first: Configuration
    second: Configuration
    tasks: int
    both: tuple[TaskKey, ...]
    """Solved by both."""
    only_first: tuple[TaskKey, ...]
    only_second: tuple[TaskKey, ...]
    chance: float
    """The p-value of McNemar's exact test on tasks solved."""
    chance_of_all: float
    """The same, corrected for several pairs (Holm)."""
    seconds: Ratio | None
    candidates: Ratio | None
    points: tuple[tuple[float | None, float | None], ...]
    """Seconds of both on each task; None if it was not solved."""

    @property
    def neither(self) -> int:
        """Number of tasks that neither solves."""
        return self.tasks - len(self.both) - len(self.only_first) - len(self.only_second)


def compare(groups: Mapping[Configuration, Sequence[Row]], baseline: Configuration | None = None) -> list[Pair]:
    """Every pair of configurations that ran the same tasks, in order.

    With a baseline, or with more than ``MOST_PAIRS`` pairs, one configuration is compared with each of the others: the baseline, or
    else the one that solves the most tasks.
    """
    found = {configuration: outcomes(rows) for configuration, rows in groups.items()}
    wanted = list(combinations(found, 2))
    if baseline is None and len(wanted) > MOST_PAIRS:
        baseline = max(found, key=lambda c: sum(o.solved for o in found[c].values()))
    if baseline is not None:
        wanted = [(baseline, other) for other in found if other != baseline]
    pairs = [(a, b, {t: (o, found[b][t]) for t, o in found[a].items() if t in found[b]}) for a, b in wanted]
    pairs = [pair for pair in pairs if pair[2]]
    chances = [mcnemar(*map(len, _only(tasks))) for _, _, tasks in pairs]
    return [
        _pair(first, second, tasks, chance, of_all)
        for (first, second, tasks), chance, of_all in zip(pairs, chances, holm(chances), strict=True)
    ]


def _only(tasks: Mapping[TaskKey, tuple[TaskOutcome, TaskOutcome]]) -> tuple[tuple[TaskKey, ...], tuple[TaskKey, ...]]:
    """The tasks that only the first, and only the second, solves."""
    return (
        tuple(task for task, (a, b) in tasks.items() if a.solved and not b.solved),
        tuple(task for task, (a, b) in tasks.items() if b.solved and not a.solved),
    )


def _pair(
    first: Configuration,
    second: Configuration,
    tasks: Mapping[TaskKey, tuple[TaskOutcome, TaskOutcome]],
    chance: float,
    of_all: float,
) -> Pair:
    only_first, only_second = _only(tasks)
    return Pair(
        first=first,
        second=second,
        tasks=len(tasks),
        both=tuple(task for task, (a, b) in tasks.items() if a.solved and b.solved),
        only_first=only_first,
        only_second=only_second,
        chance=chance,
        chance_of_all=of_all,
        seconds=Ratio.of(_both(tasks, lambda o: o.seconds)),
        candidates=Ratio.of(_both(tasks, lambda o: o.candidates)),
        points=tuple((a.seconds, b.seconds) for a, b in tasks.values()),
    )


def _both(
    tasks: Mapping[TaskKey, tuple[TaskOutcome, TaskOutcome]], of: Callable[[TaskOutcome], float | None]
) -> list[tuple[float, float]]:
    """A figure of both configurations, for the tasks on which both are above 0."""
    found = [(of(a), of(b)) for a, b in tasks.values()]
    return [(a, b) for a, b in found if a and b]
