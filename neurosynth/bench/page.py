"""A report as one HTML page that needs nothing else: no network, no other file, and no scripts for what matters most.

Every text that comes from rows goes through :func:`_text`; the page's own script is the only one its policy lets run.
"""

from __future__ import annotations

import base64
import hashlib
import html
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from importlib.resources import files
from typing import TYPE_CHECKING

from neurosynth.bench.cells import Column, Table, amount, pairs_table, percent, sizes_table, suites_table, verdict
from neurosynth.bench.figures import COLOURS, in_page
from neurosynth.bench.rows import Row
from neurosynth.bench.tables import ALL_SUITES, Configuration, TaskKey, candidates, seconds

if TYPE_CHECKING:
    from neurosynth.bench.report import Drawn, Report

__all__ = ["PAGE_BYTES", "page"]

PAGE_BYTES = 4_900_000
"""A page that would be larger has its longest programs cut until it is not; then tasks are left out."""
_LEAST_CUT = 60
"""Bytes that every program may have, however many there are."""
_AROUND = 100
"""Bytes at most of the tags around a program, and of the words that tell how much of it was cut."""
_LONG = 160
"""Letters of a program that is folded to two lines."""
_NAMES = 200
"""Tasks listed of those that only one of a pair solves."""


def page(report: Report, drawn: Sequence[Drawn]) -> str:
    """The page."""
    sections = {
        "solved": ("Solved", _solved(report, drawn)),
        "suites": ("Suites", _suites(report, drawn)),
        "pairs": ("Comparison", _pairs(report, drawn) if report.pairs else ""),
        "sizes": ("Size and held-out", _sizes(report, drawn)),
        "setting": ("Setting", _setting(report)),
    }
    rest = sum(_bytes(body) for _, body in sections.values())
    setting = sections.pop("setting")
    sections |= {"tasks": ("Tasks", _tasks(report, PAGE_BYTES - rest)), "setting": setting}
    kept = {name: (title, body) for name, (title, body) in sections.items() if body}
    script = _resource("page.js")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    filled = {
        "title": _text(report.title),
        "style": _resource("page.css"),
        "script": script,
        "script_hash": digest,
        "counts": _counts(report),
        "navigation": " ".join(f'<a href="#{name}">{title}</a>' for name, (title, _) in kept.items()),
        "notes": _notes(report.notes),
        "sections": "\n".join(
            f'<section id="{name}">\n<h2>{title}</h2>\n{body}\n</section>' for name, (title, body) in kept.items()
        ),
    }
    return re.sub(r"\{\{(\w+)\}\}", lambda match: filled[match[1]], _resource("page.html"))


def _resource(name: str) -> str:
    return (files("neurosynth.bench") / name).read_text(encoding="utf-8")


def _text(text: str, *, quote: bool = False) -> str:
    """Text as HTML; what would be invisible is shown as an escape.  ``quote``: as the value of an attribute."""
    if not text.isprintable():
        text = "".join(c if c.isprintable() or c in "\n\t" else c.encode("unicode_escape").decode() for c in text)
    return html.escape(text, quote=quote)


def _counts(report: Report) -> str:
    rows = [row for own in report.groups.values() for row in own]
    tasks = len({(row.suite, row.task) for row in rows})
    parts = [
        _number(len(report.groups), "configuration"),
        _number(len(report.suites), "suite"),
        _number(tasks, "task"),
        _number(len({(row.seed, row.repeat) for row in rows}), "run"),
        _number(len(rows), "row"),
    ]
    return " · ".join(parts)


def _number(count: int, what: str) -> str:
    return f"{count:,} {what}{'s' if count != 1 else ''}"


def _notes(notes: Sequence[str]) -> str:
    if not notes:
        return ""
    return '<ul class="notes">' + "".join(f"<li>{_text(note)}</li>" for note in notes) + "</ul>"


def _figures(drawn: Iterable[Drawn], beside: str = "") -> str:
    """Figures side by side where there is room, and what else is to stand there."""
    found = [f"<figure>{in_page(one.svg, _text(one.title, quote=True))}</figure>" for one in drawn]
    return f'<div class="figures">{"".join(found)}{f"<div>{beside}</div>" if beside else ""}</div>'


def _solved(report: Report, drawn: Sequence[Drawn]) -> str:
    """How much each configuration solves, and the curves."""
    ranks = "".join(
        f"<li><div><span>{_swatch(report, line.configuration)}{_text(line.configuration.label)}</span>"
        f"<span>{amount(line.solved.median)} of {line.tasks:,} ({percent(line.share)})</span></div>"
        f'<i><b style="width:{100 * line.share:.1f}%;background:{_colour(report, line.configuration)}"></b></i></li>'
        for line in sorted(report.overall, key=lambda line: -line.share)
    )
    several = any(line.runs > 1 for line in report.lines)
    return (
        (f'<ul class="ranks">{ranks}</ul>\n' if ranks else "")
        + "<p class=help>A line climbs by one with each task that is solved within so many seconds, or candidates, a task: "
        + "higher and further left is better."
        + (" Lines are medians over runs, bands go from the least to the most." if several else "")
        + "</p>\n"
        + _figures(one for one in drawn if one.section == "solved")
    )


def _colour(report: Report, configuration: Configuration) -> str:
    return f"var(--c{list(report.groups).index(configuration) % len(COLOURS)})"


def _swatch(report: Report, configuration: Configuration) -> str:
    return f'<span class="swatch" style="background:{_colour(report, configuration)}"></span>'


def _suites(report: Report, drawn: Sequence[Drawn]) -> str:
    own = [one for one in drawn if one.section == "suites"]
    folded = "".join(
        f"<details><summary>{_text(suite)}: curves</summary>{_figures(own[2 * i : 2 * i + 2])}</details>"
        for i, suite in enumerate(report.suites)
        if own
    )
    table = _table(suites_table(report.lines), lambda row: "total" if row[0] == ALL_SUITES else "")
    runs = {line.runs for line in report.lines}
    several = f"<p class=help>Medians over {max(runs)} runs (least–most).</p>" if max(runs) > 1 else ""
    return f"{several}{table}\n{folded}"


def _pairs(report: Report, drawn: Sequence[Drawn]) -> str:
    """The table of pairs, then each of them: a verdict, the scatter, and the tasks that only one solves."""
    own = [one for one in drawn if one.section == "pairs"]
    folded = []
    for pair, one in zip(report.pairs, own, strict=True):
        names = f"{_text(pair.first.label)} and {_text(pair.second.label)}"
        folded.append(
            f"<details{' open' if len(own) == 1 else ''}><summary>{names}</summary><p>{_text(verdict(pair))}</p>"
            + _figures([one], _only(pair.first, pair.only_first) + _only(pair.second, pair.only_second))
            + "</details>"
        )
    return (
        "<p class=help>Configurations on the tasks both ran. With several runs a task counts as solved when most of them "
        "solved it, and takes the median of their seconds. A p-value below 0.05 is more than chance explains.</p>\n"
        + _table(pairs_table(report.pairs))
        + "\n".join(folded)
    )


def _only(configuration: Configuration, tasks: Sequence[TaskKey]) -> str:
    head = f"<h3>Only {_text(configuration.label)} solves {_number(len(tasks), 'task')}</h3>"
    if not tasks:
        return head
    names = "".join(
        f'<li><a href="#tasks" data-task="{_text(f"{suite} {task}")}">{_text(f"{suite} {task}")}</a></li>'
        for suite, task in tasks[:_NAMES]
    )
    more = f"<p class=help>and {len(tasks) - _NAMES:,} more</p>" if len(tasks) > _NAMES else ""
    return f'{head}<ul class="names">{names}</ul>{more}'


def _sizes(report: Report, drawn: Sequence[Drawn]) -> str:
    table = sizes_table(report.groups)
    if not table.rows:
        return ""
    return (
        "<p class=help>First programs that are right on every example shown: how many are right on all that were not shown, by "
        "how large they are. Bars are 95 % intervals.</p>\n"
        + _figures((one for one in drawn if one.section == "sizes"), _table(table))
    )


def _setting(report: Report) -> str:
    return "<dl>" + "".join(f"<dt>{_text(what)}</dt><dd>{_text(text)}</dd>" for what, text in report.setting) + "</dl>"


def _table(content: Table, classes: Callable[[tuple[str, ...]], str] = lambda row: "") -> str:
    rows = []
    for row in content.rows:
        cells = "".join(
            f"<td{' class=n' if column.number else ''}>{_text(text)}"
            for column, text in zip(content.columns, row, strict=True)
        )
        own = classes(row)
        rows.append(f"<tr{f' class={own}' if own else ''}>{cells}")
    return _framed(content.columns, rows)


def _framed(columns: Iterable[Column], rows: Iterable[str]) -> str:
    """A table in a frame of its own to scroll in; end tags that HTML does not ask for are left out."""
    heads = "".join(f"<th{' class=n' if c.number else ''}{_title(c.help)}>{_text(c.title)}</th>" for c in columns)
    body = "".join(rows)  # nothing between them: it would stand in the last cell of a row
    return f'<div class="scroll" tabindex="0"><table class="sort"><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>'


def _title(help_: str) -> str:
    return f' title="{_text(help_, quote=True)}"' if help_ else ""


def _tasks(report: Report, room: int) -> str:
    """Every row, in a folded table a suite, with what narrows them down; what does not fit into so many bytes is cut, or left out."""
    columns = _Columns(report)
    found: dict[TaskKey, list[_Line]] = {}
    for configuration, rows in report.groups.items():
        for row in rows:
            found.setdefault((row.suite, row.task), []).append((columns.cells(configuration.label, row), row))
    kept = _fitting(found, room)
    lines = [line for own in kept.values() for line in own]
    cut = _cut([_size(_said(row)) for _, row in lines], room - sum(_bytes(cells) + _AROUND for cells, _ in lines))
    parts = []
    for suite in report.suites:
        own = [task for task in found if task[0] == suite]
        shown = [cells + _program(row, cut) for task in own for cells, row in kept.get(task, ())]
        there = sum(task in kept for task in own)
        more = f"{there:,} of " if there < len(own) else ""
        parts.append(
            f"<details class=suite{' open' if len(shown) <= 60 else ''}><summary><b>{_text(suite)}</b>, "
            f"{more}{_number(len(own), 'task')} <span class=status></span></summary>{_framed(columns.heads, shown)}</details>"
        )
    less = ""
    if len(kept) < len(found):
        less = (
            f"<p class=help>There is room for {len(kept):,} of {len(found):,} tasks here: first those that failed somewhere, or "
            "that not all solve. All are in the rows files, and in reports on fewer of them (<code>--where suite=NAME</code>).</p>"
        )
    return f"{_form(report)}\n{less}{columns.style()}{''.join(parts)}"


_Line = tuple[str, Row]
"""The cells of a row but the last, and the row."""


def _fitting(found: Mapping[TaskKey, list[_Line]], room: int) -> dict[TaskKey, list[_Line]]:
    """The tasks whose lines fit into so many bytes: first those that say most, of the others the first."""

    def telling(task: TaskKey) -> bool:
        rows = [row for _, row in found[task]]
        return any(row.failed for row in rows) or len({row.solved for row in rows}) > 1

    kept = {}
    for task in sorted(found, key=telling, reverse=True):
        room -= sum(_bytes(cells + _program(row, _LEAST_CUT)) for cells, row in found[task])
        if room < 0:
            break
        kept[task] = found[task]
    return kept


def _said(row: Row) -> str:
    """The program found, or why there is none."""
    return str(row.programs[0].get("text", "")) if row.solved and row.programs else row.reason


def _size(text: str) -> int:
    """Bytes of a text in a page."""
    return _bytes(_text(text))


def _bytes(markup: str) -> int:
    return len(markup.encode("utf-8", "backslashreplace"))


def _cut(sizes: Sequence[int], room: int) -> int:
    """The most bytes a text may have, so that texts of these sizes fit."""
    left = max(room, 0)
    ordered = sorted(sizes)
    for place, size in enumerate(ordered):
        most = left // (len(ordered) - place)
        if size > most:
            return max(_LEAST_CUT, most)
        left -= size
    return ordered[-1] if ordered else 0


def _program(row: Row, cut: int) -> str:
    said = _said(row)
    letters = len(said)
    while (size := _size(said[:letters])) > cut:
        letters = min(letters - 1, letters * cut // size)
    tail = f"… ({len(said):,} letters, all in the rows file)" if letters < len(said) else ""
    text = _text(said[:letters]) + tail
    if row.solved:
        text = f"<code>{text}</code>"
    return f"<details><summary>{text}</summary></details>" if letters > _LONG else text


class _Columns:
    """The columns of the tables of tasks: those in which rows differ."""

    def __init__(self, report: Report) -> None:
        rows = [row for own in report.groups.values() for row in own]
        self.configurations = len(report.groups) > 1
        self.runs = len({(row.seed, row.repeat) for row in rows}) > 1
        self.repeats = any(row.repeat for row in rows)
        self.scored = any(row.held_out is not None for row in rows)
        self.heads = [
            Column("task", number=False),
            *([Column("configuration", number=False)] if self.configurations else []),
            *([Column("seed" + (", repeat" if self.repeats else ""))] if self.runs else []),
            Column("result", number=False),
            Column("seconds"),
            Column(
                "candidates", "until the first program right on every example where the solver says so, else all tried"
            ),
            Column("size", "nodes of the program"),
            *([Column("held-out", "examples not shown that the program is right on")] if self.scored else []),
            Column("MB", "the most memory that the process held"),
            Column("program, or what went wrong", number=False),
        ]

    def style(self) -> str:
        """On a phone a row is a block of its own, in which the cells of numbers say what they are."""
        words = "".join(
            f'.suite td:nth-child({i}):not(:empty)::before{{content:"{head.title.split(",")[0]} "}}'
            for i, head in enumerate(self.heads, 1)
            if head.number
        )
        return f"<style>@media (max-width: 40rem) {{ {words} }}</style>"

    def cells(self, label: str, row: Row) -> str:
        """All cells of a row, the last one still empty."""
        return "".join(self._cells(label, row))

    def _cells(self, label: str, row: Row) -> Iterator[str]:
        yield f"<tr class={'s' if row.solved else 'f'}><td>{_text(row.task)}"
        if self.configurations:
            yield f"<td class=c>{_text(label)}"
        if self.runs:
            yield f"<td class=n>{row.seed}{f', {row.repeat}' if self.repeats else ''}"
        yield f"<td class=r>{_text(row.stop)}<td class=n>{amount(seconds(row))}"
        count = candidates(row)
        yield f"<td class=n>{'' if count is None else f'{count:,.0f}'}"
        size = row.programs[0].get("size", "") if row.solved and row.programs else ""
        yield f"<td class=n>{_text(str(size))}"
        if self.scored:
            scored = row.held_out if row.solved else None
            yield f"<td class='n h'>{scored.right}/{scored.examples}" if scored is not None else "<td class=n>"
        yield f"<td class=n>{row.peak_memory_mb:,.0f}<td class=p>"


def _form(report: Report) -> str:
    """What narrows the tasks down; shown by the script that does it."""
    rows = [row for own in report.groups.values() for row in own]
    stops = list(dict.fromkeys(["solved", *(row.stop for row in rows)]))
    results = "".join(f"<option>{_text(stop)}</option>" for stop in stops)
    wrong = '<option value="!">solved, not right on held-out</option>' if any(r.held_out for r in rows) else ""
    several = len(report.groups) > 1
    labels = "".join(f"<option>{_text(c.label)}</option>" for c in report.groups)
    configuration = (
        f'<label>Configuration<select name="configuration"><option value="">all</option>{labels}</select></label>'
        if several
        else ""
    )
    differing = "configurations" if several else "runs"
    return (
        '<form id="filter" hidden>'
        '<label>Task or program<input type="search" name="text" autocomplete="off" spellcheck="false"></label>'
        f"{configuration}"
        f'<label>Result<select name="result"><option value="">all</option><option value="?">not solved</option>{results}{wrong}'
        "</select></label>"
        f'<label class="check"><input type="checkbox" name="differing">only where {differing} differ</label>'
        "</form>\n<noscript><p class=help>With JavaScript these tables can be searched and sorted.</p></noscript>"
        '<p class="status" id="shown" aria-live="polite"></p>'
    )
