"""History: the results of each commit, in the order of measurement."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from neurosynth.bench.cells import NONE, TextColumn, TextTable, amount, percent
from neurosynth.bench.rows import Row
from neurosynth.bench.tables import Spread, SuiteLine, configurations, line_of, shared_tasks

__all__ = ["history_table"]

_Commit = tuple[str, str, SuiteLine]
"""A commit, the time of its first row, and its results."""


def history_table(rows: Sequence[Row]) -> TextTable:
    """A line for each commit and configuration, over the tasks that all commits of the configuration ran.

    Only configurations with rows of several commits are included.
    """
    lines: list[_Commit] = []
    for configuration, own in configurations(rows).items():
        commits: dict[str, list[Row]] = {}
        for row in sorted(own, key=lambda row: row.started):
            commits.setdefault(row.commit or "unknown", []).append(row)
        shared = shared_tasks(commits.values()) if len(commits) > 1 else set()
        for commit, found in commits.items():
            kept = [row for row in found if (row.suite, row.task) in shared]
            if kept:
                lines.append((commit, found[0].started, line_of("", configuration, kept)))

    several = len({line.configuration for _, _, line in lines}) > 1
    columns: dict[TextColumn, Callable[[_Commit], str]] = {
        TextColumn("commit", number=False): lambda found: found[0],
        TextColumn("first row", number=False): lambda found: found[1][:16].replace("T", " "),
        TextColumn("configuration", number=False): lambda found: found[2].configuration.label if several else "",
        TextColumn("solved"): lambda found: _median(found[2].solved),
        TextColumn("tasks"): lambda found: f"{found[2].tasks:,}",
        TextColumn("%"): lambda found: percent(found[2].share),
        TextColumn("right on held-out"): lambda found: _median(found[2].right),
        TextColumn("score", "right less wrong"): lambda found: _median(found[2].score),
        TextColumn("median s"): lambda found: _median(found[2].seconds),
        TextColumn("median candidates"): lambda found: _median(found[2].candidates),
    }
    return TextTable.by_column(columns, lines)


def _median(found: Spread | None) -> str:
    return NONE if found is None else amount(found.median)
