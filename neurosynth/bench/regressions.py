"""Regressions: results of an older file of rows that a newer one does not reach.

For each task, the runs in a file are combined: it is *right* (solved, and right on everything that was not shown), *solved*, *open* (no
program within the limits) or *failed* (a wrong answer, a crash …), by majority. A task that changes for the worse is a regression,
unless it is *flapping*: the runs of one file disagree, or it was solved in more than half of its limit and is now stopped by that
limit, or vice versa.
"""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from neurosynth.bench.pairs import Pair, compare
from neurosynth.bench.rows import Row
from neurosynth.bench.setting import noise_note
from neurosynth.bench.sources import Placed, check_comparable, chosen, read, without_duplicates
from neurosynth.bench.tables import Configuration, SuiteLine, TaskKey, configurations, line_of, seconds
from neurosynth.errors import InputError

__all__ = ["STATES", "Change", "Regressions"]

STATES = ("failed", "open", "solved", "right")
"""The states of a task, the worst first."""
_NEAR = 0.5
"""Share of a limit from which a task counts as close to it."""
_LIMITED = ("time", "cpu", "memory")
"""Stop reasons that depend on the speed of the machine."""


@dataclass(frozen=True, slots=True)
class Change:
    """A task whose state has changed."""

    task: TaskKey
    configuration: str
    old: str
    """One of :data:`STATES`."""
    new: str
    was: str
    """In words: ``solved in 0.31 s``."""
    now: str
    flapping: bool

    @property
    def worse(self) -> bool:
        """Whether it is worse than before."""
        return STATES.index(self.new) < STATES.index(self.old)

    def to_json(self) -> dict[str, Any]:
        """An object of ``bench compare --json``."""
        suite, task = self.task
        return {
            "suite": suite, "task": task, "configuration": self.configuration, "old": self.old, "new": self.new,
            "was": self.was, "now": self.now,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Compared:
    """The results then and now."""

    before: SuiteLine
    after: SuiteLine
    pair: Pair
    """Both results, task by task."""
    processor_time: float | None
    """Ratio of all processor time now to that of then; None if none was recorded."""


@dataclass(frozen=True, eq=False)
class Regressions:
    """Two files of rows, configuration by configuration."""

    matched: dict[str, tuple[list[Row], list[Row]]]
    """Old and new rows of the tasks that both have, by the configuration's label."""
    missing: int
    """Tasks that only the old file has."""
    notes: tuple[str, ...]

    @classmethod
    def from_files(
        cls, old: str | Path, new: str | Path, *, where: Sequence[str] = (), last: bool = False
    ) -> Regressions:
        """The common part of two files.

        Raises:
            InputError: for files that do not contain rows, that ran under different limits, or without a common task.
        """
        sides, said = [], []
        for file in (old, new):
            placed, torn = read([file])
            said += torn
            sides.append(without_duplicates(chosen(placed, where), lambda p: (), last=last))
        check_comparable(
            [Placed(p.row, str(file), p.number) for side, file in zip(sides, (old, new), strict=True) for p in side]
        )
        before, after = (configurations([p.row for p in side]) for side in sides)
        pairs = {c: (before[c], after[c]) for c in before if c in after}
        if not pairs and len(before) == len(after) == 1:  # the same tasks, solved in two ways
            (first, theirs), (second, ours) = *before.items(), *after.items()
            pairs = {Configuration(second.key, f"{first.label} → {second.label}"): (theirs, ours)}
        matched, missing = {}, 0
        for configuration, rows in pairs.items():
            tasks = [{(row.suite, row.task) for row in side} for side in rows]
            both = tasks[0] & tasks[1]
            missing += len(tasks[0] - both)
            if both:
                a, b = ([row for row in side if (row.suite, row.task) in both] for side in rows)
                matched[configuration.label] = (a, b)
        if not matched:
            names = [", ".join(c.label for c in side) for side in (before, after)]
            raise InputError(
                f"{old} and {new} have no task in common that was run the same way; configurations: {names[0]}; and: {names[1]}"
            )
        compared = {
            str(file): [row for pair in matched.values() for row in pair[side]] for side, file in enumerate((old, new))
        }
        noise = noise_note(compared)
        return cls(matched, missing, (*said, *([noise] if noise else [])))

    @cached_property
    def changes(self) -> list[Change]:
        """Every task whose state has changed."""
        found = []
        for label, (old, new) in self.matched.items():
            before, after = _by_task(old), _by_task(new)
            found += [_change(task, label, rows, after[task]) for task, rows in before.items()]
        return [change for change in found if change.old != change.new]

    @property
    def regressions(self) -> list[Change]:
        """Tasks that are worse, and not because of the clock."""
        return [change for change in self.changes if change.worse and not change.flapping]

    @property
    def gains(self) -> list[Change]:
        """Tasks that are better, and not because of the clock."""
        return [change for change in self.changes if not change.worse and not change.flapping]

    @property
    def flapping(self) -> list[Change]:
        """Tasks that change from run to run."""
        return [change for change in self.changes if change.flapping]

    def lines(self) -> dict[str, Compared]:
        """For each configuration, the results then and now, and both compared task by task."""
        return {label: _compared(old, new) for label, (old, new) in self.matched.items()}

    def suites(self, label: str) -> dict[str, Compared]:
        """The same for one configuration, suite by suite, in their order."""
        old, new = self.matched[label]
        names = dict.fromkeys(row.suite for row in old)
        return {s: _compared([r for r in old if r.suite == s], [r for r in new if r.suite == s]) for s in names}

    def slower(self, ratio: float) -> list[str]:
        """The configurations whose median task takes more than so many times as long, significantly (p < 0.05)."""
        return [
            label
            for label, found in self.lines().items()
            if (seconds := found.pair.seconds) is not None and 1 / seconds.median > ratio and seconds.chance < 0.05
        ]


def _compared(old: Sequence[Row], new: Sequence[Row]) -> Compared:
    old, new = _whole_runs(old), _whole_runs(new)
    before, after = Configuration((("side", "old"),), "old"), Configuration((("side", "new"),), "new")
    (pair,) = compare({before: old, after: new})
    spent = sum(row.cpu for row in old)
    ratio = sum(row.cpu for row in new) / spent if spent > 0 else None
    return Compared(line_of("", before, old), line_of("", after, new), pair, ratio)


def _whole_runs(rows: Sequence[Row]) -> Sequence[Row]:
    """The rows of the runs (seeds and repeats) that every suite has; a run of few suites would count fewer tasks."""
    runs: dict[str, set[tuple[int, int]]] = defaultdict(set)
    for row in rows:
        runs[row.suite].add((row.seed, row.repeat))
    shared = set.intersection(*runs.values())
    return [row for row in rows if (row.seed, row.repeat) in shared] if shared else rows


def _by_task(rows: Sequence[Row]) -> Mapping[TaskKey, list[Row]]:
    found: dict[TaskKey, list[Row]] = defaultdict(list)
    for row in rows:
        found[row.suite, row.task].append(row)
    return found


def _state(row: Row) -> str:
    if row.failed:
        return "failed"
    if not row.solved:
        return "open"
    return "right" if row.held_out is None or row.held_out.all_right else "solved"


def _change(task: TaskKey, label: str, old: Sequence[Row], new: Sequence[Row]) -> Change:
    sides = [Counter(map(_state, rows)) for rows in (old, new)]
    # On a tie of states, the better one: a doubt is not a regression.
    before, after = (max(side, key=lambda s: (side[s], STATES.index(s))) for side in sides)
    flapping = max(map(len, sides)) > 1 or _near(old, new) or _near(new, old)
    return Change(task, label, before, after, _words(old), _words(new), flapping)


def _near(solved: Sequence[Row], stopped: Sequence[Row]) -> bool:
    """Whether one side was solved close to the limit that stopped the other."""
    if not any(row.stop in _LIMITED for row in stopped):
        return False
    times = [seconds(row) / row.limits.seconds for row in solved if row.solved]
    used = [row.cpu / row.cpu_seconds for row in solved if row.solved and row.cpu_seconds]
    memory = [row.peak_memory_mb / row.limits.max_memory / 1000 for row in solved if row.solved]
    return any(share > _NEAR for share in (*times, *used, *memory))


def _words(rows: Sequence[Row]) -> str:
    """``solved in 0.31 s, right on 3 of 4 not shown``; for several runs, the majority."""
    states = Counter(map(_state, rows))
    most = max(states, key=lambda s: (states[s], STATES.index(s)))
    own = [row for row in rows if _state(row) == most]
    first = own[0]
    if not first.solved:
        return f"{first.stop}{': ' if first.reason else ''}{first.reason[:120]}"
    words = f"solved in {statistics.median(map(seconds, own)):.2g} s"
    held = first.held_out
    return words if held is None else f"{words}, right on {held.right} of {held.examples} not shown"
