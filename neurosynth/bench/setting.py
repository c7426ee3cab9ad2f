"""What a reader must know about rows before comparing them, and the settings under which they were made."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from neurosynth.bench.rows import FAILED, Row
from neurosynth.bench.tables import Configuration, TaskKey, candidates, runs_of, shared_tasks

__all__ = ["noise_note", "notes", "setting"]

Groups = Mapping[Configuration, Sequence[Row]]
_NAMED = 4
"""If more suites than this share a setting, only their number is given."""


def notes(groups: Groups) -> list[str]:
    """Sentences on what makes figures less comparable than they look; none if everything is comparable."""
    rows = [row for own in groups.values() for row in own]
    return [
        *_differing(groups, rows),
        *_uneven(groups),
        *_failures(groups),
        *([note] if (note := noise_note({"": rows})) else []),
        *(
            f"{configuration.label} counts no candidates, and is missing where those are compared."
            for configuration, own in groups.items()
            if any(row.solved for row in own) and not any(candidates(row) for row in own if row.solved)
        ),
    ]


def _differing(groups: Groups, rows: Sequence[Row]) -> list[str]:
    """The commits, machines and versions that differ between rows."""
    found = []
    commits = Counter(row.commit or "unknown" for row in rows)
    apart = any(name == "commit" for configuration in groups for name, _ in configuration.key)
    if len(commits) > 1 and not apart:
        counts = ", ".join(f"{commit} ({count:,} rows)" for commit, count in commits.items())
        found.append(f"Rows come from {len(commits)} commits: {counts}. Differences may be the code's.")
    if any(commit.endswith("+") for commit in commits):
        changed = ", ".join(commit for commit in commits if commit.endswith("+"))
        found.append(f"Rows come from code with changes that were not committed: {changed}.")
    machines = Counter(_machine(row) for row in rows)
    if len(machines) > 1:
        counts = ", ".join(f"{machine} ({count:,} rows)" for machine, count in machines.items())
        found.append(f"Rows come from {len(machines)} machines: {counts}. Seconds are not comparable between them.")
    versions = _versions(rows)
    mixed = [f"{name} {' and '.join(own)}" for name, own in versions.items() if len(own) > 1]
    if mixed:
        found.append(f"Versions differ between rows: {', '.join(mixed)}.")
    shown: dict[TaskKey, set[int]] = defaultdict(set)
    for row in rows:
        shown[row.suite, row.task].add(row.examples)
    tasks = [task for task, own in shown.items() if len(own) > 1]
    if tasks:
        suite, task = tasks[0]
        more = f" and {len(tasks) - 1:,} more" if len(tasks) > 1 else ""
        counts = " and ".join(map(str, sorted(shown[tasks[0]])))
        found.append(
            f"{suite} {task}{more}: rows were shown different numbers of examples ({counts}); the suite itself has changed."
        )
    return found


def _uneven(groups: Groups) -> list[str]:
    """Tasks for which a configuration, or a run of one, has no row."""
    found = []
    tasks = {c: {(row.suite, row.task) for row in own} for c, own in groups.items()}
    every = set().union(*tasks.values())
    shared = shared_tasks(groups.values())
    for configuration, own in tasks.items():
        missing = every - own
        if missing:
            found.append(f"{configuration.label} has no row of {_tasks(missing, every)} that others ran.")
    if len(shared) < len(every):
        over = f"the {len(shared):,} of {len(every):,} tasks that all configurations ran" if shared else "none"
        found.append(f"Figures over all suites are of {over}; a pair is compared on the tasks that both ran.")
    for configuration, rows in groups.items():
        for (seed, repeat), run in runs_of(rows).items():
            missing = tasks[configuration] - {(row.suite, row.task) for row in run}
            if missing:
                name = f"seed {seed}" + (f", repeat {repeat}" if repeat else "")
                what = _tasks(missing, tasks[configuration])
                found.append(
                    f"{configuration.label}, {name}, has no row of {what} that its other runs have: unfinished?"
                )
    return found


def _tasks(missing: set[TaskKey], every: set[TaskKey]) -> str:
    """``40 tasks (all of circuits)``, ``1 task (strings first)``, ``7 tasks (strings, lists)``."""
    suites = sorted({suite for suite, _ in missing})
    if len(missing) == 1:
        return f"1 task ({' '.join(next(iter(missing)))})"
    whole = all((suite in suites) <= ((suite, task) in missing) for suite, task in every)
    return f"{len(missing):,} tasks ({'all of ' if whole else ''}{', '.join(suites)})"


def _failures(groups: Groups) -> list[str]:
    """Rows that ended in a way that says nothing about the task."""
    found = []
    for configuration, rows in groups.items():
        stops = Counter(row.stop for row in rows if row.stop in (*FAILED, "interrupted"))
        if stops:
            counts = ", ".join(f"{count:,} {stop}" for stop, count in stops.most_common())
            found.append(f"{configuration.label} {counts} (of {len(rows):,})")
    return [f"Rows that failed, and count as not solved: {'; '.join(found)}."] if found else []


_WAITED = 0.05
"""Share of their time for which tasks may wait for a core before figures are called noisy."""
_LEAST = 1.0
"""Minimum total seconds of the tasks for that note."""


def noise_note(files: Mapping[str, Sequence[Row]]) -> str:
    """A note if the machine had other work: how long tasks waited for a core, by the name of the file (empty for a single file); empty if
    that is little or unknown.
    """
    waits = [f"{said} in {file}" if file else said for file, rows in files.items() if (said := _waits(rows))]
    if not waits:
        return ""
    return (
        f"Tasks waited for a core in {', and in '.join(waits)}: seconds are longer than on a quiet machine, and tasks near their limit "
        "may be lost; counts of candidates are not affected."
    )


def _waits(rows: Sequence[Row]) -> str:
    """``23% of their time (load up to 3.1 on 2 cores)``; empty for a quiet machine."""
    counted = [row for row in rows if "waited" in row.noise]
    total = sum(row.wall for row in counted)
    share = sum(row.noise["waited"] for row in counted) / total if total else 0.0
    if share <= _WAITED or total < _LEAST:
        return ""
    load = max(row.noise.get("load", 0.0) for row in counted)
    cores = len(counted[0].machine.get("affinity") or ()) or counted[0].machine.get("cores")
    return f"{share:.0%} of their time (load up to {load:.1f} on {cores} {'core' if cores == 1 else 'cores'})"


def setting(groups: Groups) -> list[tuple[str, str]]:
    """Limits, examples shown, runs, machine, versions, commit and time, each with a name and a text."""
    rows = [row for own in groups.values() for row in own]
    runs = sorted({(row.seed, row.repeat) for row in rows})
    seeds = sorted({seed for seed, _ in runs})
    repeats = max(repeat for _, repeat in runs) + 1
    times = sorted(row.started for row in rows if row.started)
    return [
        ("Limits", _by_suite(rows, lambda row: _limits(row))),
        ("Examples shown", _by_suite(rows, lambda row: "all" if row.show is None else f"at most {row.show}")),
        ("Seeds", ", ".join(map(str, seeds)) + (f"; {repeats} runs of each" if repeats > 1 else "")),
        ("Machine", "; ".join(dict.fromkeys(map(_machine, rows)))),
        ("Versions", ", ".join(f"{name} {' and '.join(own)}" for name, own in _versions(rows).items())),
        ("Commit", ", ".join(dict.fromkeys(row.commit or "unknown" for row in rows))),
        ("Run", " to ".join(dict.fromkeys((times[0], times[-1]))) if times else "unknown"),
    ]


def _by_suite(rows: Sequence[Row], say: Any) -> str:
    """A setting that is the same for all suites once; otherwise each value with its suites, the most frequent one last."""
    said: dict[str, list[str]] = defaultdict(list)
    for suite, text in dict.fromkeys((row.suite, str(say(row))) for row in rows):
        said[text].append(suite)
    if len(said) == 1:
        return next(iter(said))
    *few, most = sorted(said.items(), key=lambda item: len(item[1]))
    others = f"the {len(most[1])} others" if len(most[1]) > _NAMED else ", ".join(most[1])
    return "; ".join([*(f"{text} ({', '.join(suites)})" for text, suites in few), f"{most[0]} ({others})"])


def _limits(row: Row) -> str:
    limits = row.limits
    programs = f", {limits.max_programs:,} candidates" if limits.max_programs is not None else ""
    return f"{limits.seconds:g} s, {limits.max_memory:g} GB{programs} a task"


def _machine(row: Row) -> str:
    given = row.machine
    cores = f"{given['cores']} cores" if given.get("cores") else ""
    return ", ".join(str(part) for part in (given.get("cpu"), cores, given.get("system")) if part) or "unknown"


def _versions(rows: Sequence[Row]) -> dict[str, list[str]]:
    """Of each package, its versions in order of appearance."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for own in dict.fromkeys(tuple(row.versions.items()) for row in rows):
        for name, version in own:
            if version:
                found[name][str(version)] = None
    return {name: list(own) for name, own in found.items()}
