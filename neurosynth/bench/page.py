"""A report as one self-contained HTML page: it needs no network and no other file, and its main content needs no scripts.

The template is ``page.html``: jinja2 (extra ``bench``) escapes every text, and its policy allows only the page's own script.
"""

from __future__ import annotations

import base64
import hashlib
import html
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from neurosynth.bench.cells import TextColumn, amount, percent
from neurosynth.bench.rows import Row
from neurosynth.bench.tables import Configuration, TaskKey, candidates, seconds
from neurosynth.extras import require

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

__all__ = ["PAGE_BYTES", "TaskTables", "filled"]

PAGE_BYTES = 4_900_000
"""If a page would be larger, its longest programs are cut, and then tasks are left out."""
_LEAST_CUT = 60
"""Minimum number of characters for each program, however many programs there are."""
_AROUND, _CELL, _FRAME = 130, 15, 1200
"""Maximum number of bytes of the markup around a program, a cell and a suite, and of the note on how much of a program was cut."""
_LONG = 160
"""Number of characters of a program that is folded to two lines."""


@cache
def environment() -> Environment:
    """Templates in this folder; texts are escaped, and invisible characters are shown as escapes."""
    require("bench", "a page")
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup

    made = Environment(
        loader=PackageLoader("neurosynth.bench", "."), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, finalize=lambda value: visible(value) if type(value) is str else value,
    )  # fmt: skip
    made.filters.update(amount=amount, percent=percent, number=number, firm=firm)
    made.globals["resource"] = lambda name: Markup(_resource(name))
    return made


def filled(template: str, **content: Any) -> str:
    """A page from a template, with the project's style and script."""
    digest = base64.b64encode(hashlib.sha256(_resource("page.js").encode()).digest()).decode()
    return environment().get_template(template).render(script_hash=digest, **content)


@cache
def _resource(name: str) -> str:
    return (files("neurosynth.bench") / name).read_text(encoding="utf-8")


def visible(text: str) -> str:
    """The text with an escape for each invisible character."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c in "\n\t" else c.encode("unicode_escape").decode() for c in text)


def number(count: int, what: str) -> str:
    """``1 task``, ``1,234 tasks``."""
    return f"{count:,} {what}{'s' if count != 1 else ''}"


def firm(text: str) -> Markup:
    """The text without line breaks between a number and its unit, or inside a range."""
    from markupsafe import Markup, escape

    found = re.sub(r"(?<=\d) (?=[%kMGT](?!\w))", "&nbsp;", escape(visible(text)))
    return Markup(re.sub(r"(?<=\d)–(?=\d)", "&#8288;–&#8288;", found))


@dataclass(frozen=True, slots=True)
class _Said:
    """A program, or why there is none, within the available space."""

    text: str
    tail: str
    solved: bool
    long: bool


@dataclass(frozen=True, slots=True)
class _TaskLine:
    """A row of a page's tables of tasks: all its cells except the last, and its row."""

    cells: tuple[str, ...]
    row: Row

    @property
    def text(self) -> str:
        """The program found, or why there is none."""
        return str(self.row.programs[0].get("text", "")) if self.row.solved and self.row.programs else self.row.reason

    def size(self, letters: int) -> int:
        """Number of bytes in a page for so many characters of the text."""
        cells = (*self.cells, self.text[:letters])
        return (
            _AROUND
            + _CELL * len(self.cells)
            + sum(len(html.escape(visible(c)).encode("utf-8", "backslashreplace")) for c in cells)
        )

    def said(self, letters: int) -> _Said:
        """The text, cut."""
        left = f"… ({len(self.text):,} letters, all in the rows file)" if letters < len(self.text) else ""
        return _Said(self.text[:letters], left, self.row.solved, min(letters, len(self.text)) > _LONG)


class TaskTables:
    """Every row, in a table for each suite; rows that do not fit into so many bytes are cut or left out."""

    def __init__(self, groups: Mapping[Configuration, Sequence[Row]], room: int) -> None:
        rows = [row for own in groups.values() for row in own]
        self._columns = _columns(rows, len(groups) > 1)
        self.heads = [column for column, _ in self._columns]
        self.found: dict[TaskKey, list[_TaskLine]] = {}
        for configuration, own in groups.items():
            for row in own:
                cells = tuple(of(configuration.label, row) for _, of in self._columns[:-1])
                self.found.setdefault((row.suite, row.task), []).append(_TaskLine(cells, row))
        room -= _FRAME * len({suite for suite, _ in self.found})
        self.kept = self._fitting(room)
        self.cut = self._longest(room)

    def suites(self) -> Iterable[tuple[str, int, int, list[_TaskLine]]]:
        """For each suite its name, the number of tasks shown and in total, and the rows shown."""
        for suite in dict.fromkeys(suite for suite, _ in self.found):
            own = [task for task in self.found if task[0] == suite]
            there = [task for task in own if task in self.kept]
            yield suite, len(there), len(own), [line for task in there for line in self.found[task]]

    def _fitting(self, room: int) -> set[TaskKey]:
        """The tasks that fit with cut programs: first the most informative ones, then the first of the others."""

        def telling(task: TaskKey) -> bool:
            rows = [line.row for line in self.found[task]]
            return any(row.failed for row in rows) or len({row.solved for row in rows}) > 1

        kept = set()
        for task in sorted(self.found, key=telling, reverse=True):
            room -= sum(line.size(_LEAST_CUT) for line in self.found[task])
            if room < 0:
                break
            kept.add(task)
        return kept

    def _longest(self, room: int) -> int:
        """The maximum number of characters for which all kept programs fit."""
        lines = [line for task in self.kept for line in self.found[task]]
        low, high = _LEAST_CUT, max([_LEAST_CUT, *(len(line.text) for line in lines)])
        while low < high:
            middle = (low + high + 1) // 2
            fits = sum(line.size(middle) for line in lines) <= room
            low, high = (middle, high) if fits else (low, middle - 1)
        return low


def _columns(rows: Sequence[Row], several: bool) -> list[tuple[TextColumn, Callable[[str, Row], str]]]:
    """The columns in which rows differ, and their cells for a configuration's label and a row; the program is last."""

    def size(_: str, row: Row) -> str:
        return str(row.programs[0].get("size", "")) if row.solved and row.programs else ""

    def right(_: str, row: Row) -> str:
        return f"{row.held_out.right}/{row.held_out.examples}" if row.solved and row.held_out is not None else ""

    def tried(_: str, row: Row) -> str:
        count = candidates(row)
        return "" if count is None else f"{count:,.0f}"

    repeats = any(row.repeat for row in rows)
    every: list[tuple[bool, TextColumn, Callable[[str, Row], str]]] = [
        (True, TextColumn("task", number=False), lambda _, row: row.task),
        (several, TextColumn("configuration", number=False, css="c"), lambda label, _: label),
        (
            len({(row.seed, row.repeat) for row in rows}) > 1,
            TextColumn("seed" + (", repeat" if repeats else "")),
            lambda _, row: f"{row.seed}, {row.repeat}" if repeats else str(row.seed),
        ),
        (True, TextColumn("result", number=False, css="r"), lambda _, row: row.stop),
        (True, TextColumn("seconds"), lambda _, row: amount(seconds(row))),
        (
            True,
            TextColumn(
                "candidates", "until the first program right on every example where the solver says so, else all tried"
            ),
            tried,
        ),
        (True, TextColumn("size", "nodes of the program"), size),
        (
            any(row.held_out is not None for row in rows),
            TextColumn("held-out", "examples not shown that the program is right on", css="n h"),
            right,
        ),
        (True, TextColumn("MB", "the most memory that the process held"), lambda _, row: f"{row.peak_memory_mb:,.0f}"),
        (True, TextColumn("program, or what went wrong", number=False, css="p"), lambda _, row: ""),
    ]
    return [(column, of) for wanted, column, of in every if wanted]
