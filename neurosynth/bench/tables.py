"""The statistics of rows: configurations, their runs, and the results of each on each suite.

A *configuration* is a solver with a guide and a search (as requested): one line of a plot. A *run* of it is one seed and repeat over
the tasks. Figures are computed for each run; if there are several, the median is shown with the minimum and the maximum
(:class:`Spread`). Seconds are wall-clock time; candidates are those until the first program that is right on every example, if a row
has that number, or else all that were tried.
"""

from __future__ import annotations

import math
import statistics
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import PurePath
from typing import Any

from neurosynth.bench.rows import Row

__all__ = [
    "ALL_SUITES",
    "Configuration",
    "Fields",
    "RunKey",
    "SizeLine",
    "Spread",
    "SuiteLine",
    "TaskKey",
    "candidates",
    "configurations",
    "held_out",
    "line_of",
    "runs_of",
    "seconds",
    "shared_tasks",
    "size_lines",
    "suite_lines",
]

ALL_SUITES = "all suites"
"""The name of the line over every task that all configurations ran."""
TaskKey = tuple[str, str]
"""Suite and task."""
RunKey = tuple[int, int]
"""Seed and repeat."""
Fields = tuple[tuple[str, str], ...]
"""Fields of rows and their values."""


def seconds(row: Row) -> float:
    """Wall-clock seconds of the solver, or of the whole process if the solver did not report them."""
    return float(_number(row.stats.get("seconds")) or row.wall)


def candidates(row: Row) -> float | None:
    """Candidates until the first program right on every example; None for a solver that counts none."""
    return _number(row.stats.get("first_solved")) or _number(row.stats.get("programs_tried"))


def _number(given: Any) -> float | None:
    """A number above 0; None for anything else, because each solver chooses the content of ``stats``."""
    return float(given) if isinstance(given, (int, float)) and 0 < given < math.inf else None


def held_out(row: Row) -> float | None:
    """Share of the examples not shown on which the first program is right; None if there is nothing to score."""
    scored = row.held_out
    return scored.right / scored.examples if row.solved and scored is not None and scored.examples else None


@dataclass(frozen=True, slots=True)
class Configuration:
    """The unit of comparison: two configurations are equal if the requested settings are."""

    key: Fields
    label: str = field(compare=False)
    """Its name here."""


def configurations(rows: Sequence[Row], by: Sequence[Fields] | None = None) -> dict[Configuration, list[Row]]:
    """The configurations in the order of their first rows, with their rows.

    The language distinguishes configurations only if one of them ran the same task in several.

    Args:
        by: further fields of each row that distinguish configurations: names and values.
    """
    keys: list[Fields] = [(*_key(row), *more) for row, more in zip(rows, by or [()] * len(rows), strict=True)]
    languages: dict[tuple[str, str, Fields], set[str]] = defaultdict(set)
    for row, key in zip(rows, keys, strict=True):
        languages[row.suite, row.task, key].add(row.language)
    several = {key for (_, _, key), own in languages.items() if len(own) > 1}
    grouped: dict[Fields, list[Row]] = defaultdict(list)
    for row, key in zip(rows, keys, strict=True):
        grouped[(*key, ("language", row.language)) if key in several else key].append(row)
    labels = _labels(grouped)
    return {Configuration(key, labels[key]): own for key, own in grouped.items()}


def _key(row: Row) -> Fields:
    return (("solver", row.solver), ("search", row.settings["search"]), ("guide", row.settings["guide"]))


def _labels(grouped: Mapping[Fields, Sequence[Row]]) -> dict[Fields, str]:
    """Short distinct names: this package's name only appears next to other solvers, and a guide's file appears by its name."""
    alone = all(dict(key)["solver"] == "neurosynth" for key in grouped)
    short = {key: _label(key, _guide(key, rows), alone) for key, rows in grouped.items()}
    often = Counter(short.values())
    return {key: label if often[label] == 1 else _label(key, None, alone) for key, label in short.items()}


def _guide(key: Fields, rows: Sequence[Row]) -> str:
    """A guide's file without its folders; for the one chosen for all rows, its own name."""
    asked = dict(key)["guide"]
    chosen = {row.guide for row in rows} - {"", asked} if asked == "auto" else set()
    name = chosen.pop() if len(chosen) == 1 else asked
    return PurePath(name).stem if "/" in name else name


def _label(key: Fields, guide: str | None, alone: bool) -> str:
    """A short name with the guide, or one with all fields; ``alone``: all solvers are this package."""
    fields = dict(key)
    solver, search, asked = (fields.pop(name) for name in ("solver", "search", "guide"))
    if solver != "neurosynth":
        parts = [solver] if guide is not None else [solver, search, asked]
    elif alone:
        parts = [search, asked if guide is None else guide]
    else:  # beside other tools, default settings are not mentioned
        parts = [solver, *(part for part in (search, asked if guide is None else guide) if part != "auto")]
    # A name that explains itself needs no word before it.
    parts += [value if name in ("language", "file") else f"{name} {value}" for name, value in fields.items()]
    return " · ".join(part for part in parts if part)


def runs_of(rows: Iterable[Row]) -> dict[RunKey, list[Row]]:
    """Rows by run, in order of seed and repeat."""
    runs: dict[RunKey, list[Row]] = defaultdict(list)
    for row in rows:
        runs[row.seed, row.repeat].append(row)
    return dict(sorted(runs.items()))


def shared_tasks(groups: Iterable[Sequence[Row]]) -> set[TaskKey]:
    """The tasks that every configuration ran."""
    ran = [{(row.suite, row.task) for row in rows} for rows in groups]
    return set.intersection(*ran) if ran else set()


@dataclass(frozen=True, slots=True)
class Spread:
    """A figure of several runs."""

    median: float
    least: float
    most: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Spread | None:
        """From one value for each run; None without any."""
        return cls(statistics.median(values), min(values), max(values)) if values else None

    def text(self, form: Callable[[float], str]) -> str:
        """``119 (118–121)``; without the bracket if it would repeat the number."""
        median, least, most = map(form, (self.median, self.least, self.most))
        return median if least == most else f"{median} ({least}–{most})"


@dataclass(frozen=True, slots=True, kw_only=True)
class SuiteLine:
    """The results of one configuration on one suite; a :class:`Spread` is over its runs."""

    suite: str
    configuration: Configuration
    tasks: int
    runs: int
    solved: Spread
    """Number of tasks solved."""
    scored: Spread | None
    """Number of those with examples that were not shown."""
    right: Spread | None
    """Number of those whose first program is right on all of them."""
    rows_right: Spread | None
    """Mean share of a task's examples not shown on which it is right, 0 to 1."""
    score: Spread | None
    """Number of tasks right minus the number wrong (not right on what was not shown, or a wrong answer); None if none could be."""
    seconds: Spread | None
    """Median over the solved tasks."""
    worst: Spread | None
    """The longest time of a solved task, in seconds."""
    candidates: Spread | None
    """Median over the solved tasks, for solvers that count candidates."""
    memory_mb: float
    """Maximum size of a process, in megabytes."""
    failures: Mapping[str, int]
    """Number of unsolved rows by stop reason, the most frequent first."""

    @property
    def share(self) -> float:
        """Share of the tasks that were solved, 0 to 1."""
        return self.solved.median / self.tasks


def suite_lines(groups: Mapping[Configuration, Sequence[Row]]) -> list[SuiteLine]:
    """A line for each suite and configuration; with several suites, a last one for each configuration over the tasks that all of them
    ran."""
    suites: dict[str, dict[Configuration, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for configuration, rows in groups.items():
        for row in rows:
            suites[row.suite][configuration].append(row)
    lines = [line_of(suite, c, rows) for suite, own in suites.items() for c, rows in own.items()]
    if len(suites) > 1:
        shared = shared_tasks(groups.values())
        if shared:
            for configuration, rows in groups.items():
                lines.append(line_of(ALL_SUITES, configuration, [r for r in rows if (r.suite, r.task) in shared]))
    return lines


def line_of(suite: str, configuration: Configuration, rows: Sequence[Row]) -> SuiteLine:
    """The results of a configuration on these rows, under the name of a suite."""
    runs = [_run(own) for own in runs_of(rows).values()]
    figures = {name: Spread.of([run[name] for run in runs if run[name] is not None]) for name in runs[0]}
    solved = figures.pop("solved")
    assert solved is not None  # every run has a count
    failures = Counter(row.stop for row in rows if not row.solved)
    return SuiteLine(
        suite=suite,
        configuration=configuration,
        tasks=len({(row.suite, row.task) for row in rows}),
        runs=len(runs),
        solved=solved,
        memory_mb=max(row.peak_memory_mb for row in rows),
        failures=dict(failures.most_common()),
        **figures,
    )


def _run(rows: Sequence[Row]) -> dict[str, Any]:
    """The figures of one run; None if nothing was measured."""
    solved = [row for row in rows if row.solved]
    times = [seconds(row) for row in solved]
    counts = [count for count in map(candidates, solved) if count is not None]
    scores = [share for share in map(held_out, solved) if share is not None]
    wrong = sum(row.stop == "wrong" for row in rows) + sum(share < 1 for share in scores)
    return {
        "solved": len(solved),
        "scored": len(scores) if scores else None,
        "right": sum(share == 1 for share in scores) if scores else None,
        "rows_right": statistics.fmean(scores) if scores else None,
        "score": len(solved) - sum(share < 1 for share in scores) - wrong if scores or wrong else None,
        "seconds": statistics.median(times) if times else None,
        "worst": max(times, default=None),
        "candidates": statistics.median(counts) if counts else None,
    }


_SIZES = (3, 6, 10, 20, 40)
"""The largest program of each class of sizes except the last."""


@dataclass(frozen=True, slots=True)
class SizeLine:
    """Programs of one class of sizes, and how many of them are right on the examples that were not shown."""

    sizes: str
    """``4–6`` nodes."""
    programs: int
    right: int
    """Number that is right on every example not shown."""
    rows_right: float
    """Mean share of a program's examples not shown on which it is right, 0 to 1."""


def size_lines(rows: Iterable[Row]) -> list[SizeLine]:
    """The classes of sizes of first programs with examples for scoring, small to large, including empty ones."""
    classes: list[list[float]] = [[] for _ in range(len(_SIZES) + 1)]
    for row in rows:
        share = held_out(row)
        size = _number(row.programs[0].get("size")) if row.programs else None
        if share is not None and size is not None:
            classes[bisect_left(_SIZES, size)].append(share)
    names = [f"{low + 1}–{high}" for low, high in pairwise((0, *_SIZES))]
    return [
        SizeLine(name, len(own), sum(s == 1 for s in own), statistics.fmean(own) if own else 0.0)
        for name, own in zip([*names, f"over {_SIZES[-1]}"], classes, strict=True)
    ]
