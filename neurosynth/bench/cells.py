"""Statistics as tables of text, which pages, Markdown files and terminals share."""

from __future__ import annotations

import math
import re
import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from neurosynth.bench.pairs import Pair, Ratio
from neurosynth.bench.rows import Row
from neurosynth.bench.tables import Configuration, Spread, SuiteLine, size_lines

if TYPE_CHECKING:
    from neurosynth.bench.runner import RunProgress

__all__ = [
    "NONE",
    "TextColumn",
    "TextTable",
    "amount",
    "chance",
    "markdown",
    "markdown_cell",
    "pairs_table",
    "percent",
    "progress_table",
    "sizes_table",
    "suites_table",
    "summary_table",
    "verdict",
]

NONE = "—"
"""The text of a cell without a measurement."""
_Line = TypeVar("_Line")


@dataclass(frozen=True, slots=True)
class TextColumn:
    """The head of a column."""

    title: str
    help: str = ""
    number: bool = True
    """Whether the column is right-aligned, and sorted by the number at the beginning of each cell."""
    css: str = ""
    """The class of its cells in a page, if its kind does not determine it."""

    @property
    def style(self) -> str:
        """The class of its cells in a page."""
        return self.css or ("n" if self.number else "")


@dataclass(frozen=True, slots=True)
class TextTable:
    """Rows of text under named columns; columns that are empty in all rows are left out."""

    columns: tuple[TextColumn, ...]
    rows: tuple[tuple[str, ...], ...]

    @classmethod
    def of(cls, columns: Sequence[TextColumn], rows: Sequence[Sequence[str]]) -> TextTable:
        """A table without its empty columns."""
        kept = [i for i in range(len(columns)) if any(row[i] not in ("", NONE) for row in rows)]
        return cls(tuple(columns[i] for i in kept), tuple(tuple(row[i] for i in kept) for row in rows))

    @classmethod
    def by_column(cls, columns: Mapping[TextColumn, Callable[[_Line], str]], lines: Sequence[_Line]) -> TextTable:
        """One row for each line, with the text of each column."""
        return cls.of(list(columns), [[of(line) for of in columns.values()] for line in lines])


def markdown(content: TextTable) -> str:
    """A table in GitHub's Markdown, which ends in a line break and has right-aligned numbers; empty without rows."""
    if not content.rows:
        return ""
    lines = [
        [markdown_cell(column.title) for column in content.columns],
        ["---:" if column.number else "---" for column in content.columns],
        *([markdown_cell(text) for text in row] for row in content.rows),
    ]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def markdown_cell(text: str) -> str:
    """Text for a table cell: one line, without markup or HTML."""
    flat = " ".join(text.split())
    escaped = re.sub(r"([\\`*\[\]|~$]|(?<!\w)_|_(?!\w))", r"\\\1", flat)
    return escaped.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def amount(value: float) -> str:
    """About three digits: ``0.0005``, ``0.053``, ``0.53``, ``5.32``, ``53.2``, ``532``, ``5,321``, ``5.32 M``."""
    if value >= 1_000_000:
        for unit in "kMG":
            value /= 1000
            if value < 999.5:
                return f"{value:.3g} {unit}"
        return f"{value / 1000:,.3g} T"
    if value >= 99.95 or value == int(value):
        return f"{value:,.0f}"
    if value < 0.00095:
        return f"{value:.1g}"
    return f"{value:.3f}" if value < 0.0995 else f"{value:.2f}" if value < 9.995 else f"{value:.1f}"


def percent(share: float) -> str:
    """``98 %``; 100 % and 0 % only if it is exactly all or none."""
    rounded = f"{share:.0%}"
    if (rounded == "100%" and share < 1) or (rounded == "0%" and share > 0):
        rounded = f"{math.floor(share * 1000) / 10 if share > 0.5 else max(share * 100, 0.1):.1f}%"
    return rounded.replace("%", " %")


def chance(p: float) -> str:
    """A p-value with two digits."""
    return "< 0.001" if p < 0.001 else f"{p:.3f}" if p < 0.1 else f"{p:.2f}"


def _count(value: float) -> str:
    """A number of tasks; halves come from medians of two runs."""
    return f"{value:,.1f}".removesuffix(".0")


def _spread(found: Spread | None, form: Callable[[float], str] = amount) -> str:
    return NONE if found is None else found.text(form)


def _right(line: SuiteLine) -> str:
    """``20 (18–21) of 25``."""
    if line.right is None or line.scored is None:
        return NONE
    return f"{line.right.text(_count)} of {_count(line.scored.median)}"


def suites_table(lines: Sequence[SuiteLine]) -> TextTable:
    """A row for each suite and configuration."""
    several = len({line.configuration for line in lines}) > 1
    repeated = len({line.runs for line in lines}) > 1
    columns: dict[TextColumn, Callable[[SuiteLine], str]] = {
        TextColumn("suite", number=False): lambda line: line.suite,
        TextColumn("configuration", number=False): lambda line: line.configuration.label if several else "",
        TextColumn("solved", "tasks with a program right on every example shown"): lambda line: line.solved.text(
            _count
        ),
        TextColumn("tasks"): lambda line: f"{line.tasks:,}",
        TextColumn("%", "of the tasks"): lambda line: percent(line.share),
        TextColumn("runs", "seeds and repeats"): lambda line: f"{line.runs}" if repeated else "",
        TextColumn("right on held-out", "of the tasks solved that hold examples back: right on all of them"): _right,
        TextColumn("held-out rows", "mean share of such a task's examples not shown that are right"): (
            lambda line: NONE if line.rows_right is None else percent(line.rows_right.median)
        ),
        TextColumn(
            "score", "right less wrong: a program not right on held-out examples, or a wrong answer, counts -1"
        ): (lambda line: _spread(line.score, _count)),
        TextColumn("median s", "wall-clock seconds, over the tasks solved"): lambda line: _spread(line.seconds),
        TextColumn("worst s", "of a task solved"): lambda line: NONE if line.worst is None else amount(line.worst.most),
        TextColumn("median candidates", "over the tasks solved"): lambda line: _spread(line.candidates),
        TextColumn("peak MB", "the most memory that a process held"): (
            lambda line: amount(round(line.memory_mb)) if line.memory_mb else NONE
        ),
        TextColumn("not solved because", "rows by why they stopped", number=False, css="w"): (
            lambda line: " · ".join(f"{stop} {count:,}" for stop, count in line.failures.items())
        ),
    }
    return TextTable.by_column(columns, lines)


def progress_table(progress: RunProgress) -> TextTable:
    """A row for each suite of a run; every column stays."""
    columns = [TextColumn("suite", number=False)]
    columns += map(TextColumn, ("tasks", "solved", "right on held-out", "median s", "worst s", "failed", "left out"))
    rows = []
    for suite in progress.suites.values():
        times = (
            [f"{t:.2f}" for t in (statistics.median(suite.seconds), max(suite.seconds))] if suite.seconds else ["", ""]
        )
        held = f"{suite.right:,} of {suite.tested:,}" if suite.tested else ""
        counts = [f"{n:,}" if n else "" for n in (suite.failed, suite.left_out)]
        rows.append((suite.name, f"{suite.total:,}", f"{suite.solved:,}", held, *times, *counts))
    return TextTable(tuple(columns), tuple(rows))


def summary_table(lines: Sequence[SuiteLine]) -> TextTable:
    """A row for each suite, and a column for each configuration: solved, right on what was not shown, median seconds."""
    names = list(dict.fromkeys(line.configuration for line in lines))
    cells = {(line.suite, line.configuration): line for line in lines}
    columns = [
        TextColumn("suite", number=False),
        TextColumn("tasks"),
        *(TextColumn(name.label, number=False) for name in names),
    ]
    rows = []
    for suite in dict.fromkeys(line.suite for line in lines):
        own = [cells.get((suite, name)) for name in names]
        tasks = max(line.tasks for line in own if line is not None)
        rows.append([suite, f"{tasks:,}", *("" if line is None else _summary(line, tasks) for line in own)])
    return TextTable.of(columns, rows)


def _summary(line: SuiteLine, tasks: int) -> str:
    parts = [f"{line.solved.text(_count)} solved" + (f" of {line.tasks:,}" if line.tasks != tasks else "")]
    if line.right is not None and line.scored is not None:
        parts.append(f"{_right(line)} right")
    if line.seconds is not None:
        parts.append(f"{amount(line.seconds.median)} s")
    return " · ".join(parts)


def pairs_table(pairs: Sequence[Pair]) -> TextTable:
    """A row for each pair of configurations."""
    columns: dict[TextColumn, Callable[[Pair], str]] = {
        TextColumn("A", number=False): lambda pair: pair.first.label,
        TextColumn("B", number=False): lambda pair: pair.second.label,
        TextColumn("tasks", "that both ran"): lambda pair: f"{pair.tasks:,}",
        TextColumn("both", "solved by both"): lambda pair: f"{len(pair.both):,}",
        TextColumn("only A", "solved by A and not by B"): lambda pair: f"{len(pair.only_first):,}",
        TextColumn("only B", "solved by B and not by A"): lambda pair: f"{len(pair.only_second):,}",
        TextColumn(
            "p solved", "McNemar's exact test, two-sided: the chance of so uneven a split if A and B were alike"
        ): (lambda pair: chance(pair.chance)),
        TextColumn("p (Holm)", "the same, made larger for there being several pairs (Holm)"): (
            lambda pair: chance(pair.chance_of_all) if len(pairs) > 1 else ""
        ),
        TextColumn("seconds A/B", "median ratio over the tasks both solved, with quartiles; below 1, A is faster"): (
            lambda pair: _ratio(pair.seconds)
        ),
        TextColumn("p seconds", "Wilcoxon's signed-rank test, two-sided, on the logarithms of these ratios"): (
            lambda pair: chance(pair.seconds.chance) if pair.seconds is not None else NONE
        ),
        TextColumn("candidates A/B", "median ratio over the tasks both solved, with quartiles"): (
            lambda pair: _ratio(pair.candidates)
        ),
    }
    return TextTable.by_column(columns, pairs)


def _ratio(found: Ratio | None) -> str:
    if found is None:
        return NONE
    return f"{amount(found.median)} ({amount(found.lower)}–{amount(found.upper)})"


def verdict(pair: Pair) -> str:
    """A pair in one or two sentences."""
    a, b = pair.first.label, pair.second.label
    more, fewer = sorted(((len(pair.only_first), a), (len(pair.only_second), b)), reverse=True)
    solved = f"{more[1]} solves {more[0]:,} tasks that {fewer[1]} does not, and misses {fewer[0]:,} that it solves"
    if more[0] == 0:
        solved = f"{a} and {b} solve the same tasks"
    elif more[0] == fewer[0]:
        solved = f"{a} and {b} each solve {more[0]:,} that the other does not"
    doubt = "" if pair.chance_of_all < 0.05 else ", which chance could explain"
    sentence = f"{solved}{doubt} (p = {chance(pair.chance_of_all)})." if more[0] else f"{solved}."
    sentence = sentence.replace("= <", "<")
    if pair.seconds is None:
        return sentence
    ratio = pair.seconds.median
    quick, times = (a, 1 / ratio) if ratio < 1 else (b, ratio)
    if pair.seconds.chance >= 0.05:
        return f"{sentence} On the {len(pair.both):,} both solve, neither is clearly faster."
    return f"{sentence} On the {len(pair.both):,} both solve, {quick} is faster, in the median {amount(times)} times."


def sizes_table(groups: Mapping[Configuration, Sequence[Row]]) -> TextTable:
    """A row for each class of program sizes, and a column for each configuration: how many are right on every example not shown."""
    found = {c: size_lines(rows) for c, rows in groups.items()}
    found = {c: lines for c, lines in found.items() if any(line.programs for line in lines)}
    columns = [TextColumn("nodes of the program"), *(TextColumn(c.label) for c in found)]
    rows = [
        [
            own[0].sizes,
            *(
                f"{line.right} of {line.programs} ({percent(line.rows_right)} of rows)" if line.programs else NONE
                for line in own
            ),
        ]
        for own in zip(*found.values(), strict=True)
        if any(line.programs for line in own)
    ]
    return TextTable.of(columns, rows)
