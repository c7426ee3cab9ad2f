"""The report on rows: statistics, figures, a page and a Markdown file.

report = Report.from_files(["rows.jsonl"])
report.write("out")             # out/index.html, out/report.md, out/figures/*.svg
report.plot("solved.svg")
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from neurosynth.bench import figures
from neurosynth.bench.cells import (
    TextTable,
    markdown,
    markdown_cell,
    pairs_table,
    sizes_table,
    suites_table,
    summary_table,
    verdict,
)
from neurosynth.bench.history import history_table
from neurosynth.bench.page import PAGE_BYTES, TaskTables, filled, number
from neurosynth.bench.pairs import Pair, compare
from neurosynth.bench.rows import Row
from neurosynth.bench.setting import notes, setting
from neurosynth.bench.sources import Placed, check_comparable, chosen, read, value_at, without_duplicates
from neurosynth.bench.tables import (
    ALL_SUITES,
    Configuration,
    Fields,
    SuiteLine,
    configurations,
    shared_tasks,
    suite_lines,
)
from neurosynth.errors import InputError, UnknownNameError
from neurosynth.extras import require

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["KINDS", "SECTIONS", "Drawn", "Report"]

KINDS = ("seconds", "candidates", "sizes")
"""Arguments of :meth:`Report.plot`."""
SECTIONS = ("summary", "suites", "history", "pairs", "sizes", "notes", "setting")
"""Arguments of :meth:`Report.section`."""
_MOST_SUITES = 24
"""With more suites than this, suites get no separate figures."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A figure, ready for writing."""

    name: str
    """The name of its file, without the suffix."""
    section: str
    """``solved``, ``suites``, ``pairs`` or ``sizes``."""
    title: str
    svg: str

    def inline(self) -> str:
        """As an element of a page."""
        from markupsafe import Markup, escape

        return Markup(figures.in_page(self.svg, escape(self.title)))


@dataclass(frozen=True, eq=False)
class Report:
    """The content of rows, by configuration. Made by :meth:`from_files` or :meth:`of`."""

    groups: dict[Configuration, list[Row]]
    """Rows by configuration, in the order of their first rows."""
    title: str = "Benchmark report"
    baseline: Configuration | None = None
    """The configuration with which the others are compared; None compares every pair."""
    said: tuple[str, ...] = field(default=())
    """Notes from reading the files."""

    @classmethod
    def from_files(
        cls,
        files: Sequence[str | Path],
        *,
        where: Sequence[str] = (),
        by: Sequence[str] = (),
        last: bool = False,
        baseline: str | None = None,
        title: str | None = None,
    ) -> Report:
        """A report on the rows of files.

        Args:
            where: ``FIELD=VALUE`` conditions that rows must meet, such as ``suite=circuits`` or ``limits.seconds=10``; of several
                conditions on one field, any may hold.
            by: fields of rows that distinguish configurations, in addition to solver, guide and search: ``commit``, ``file`` … last: of
                rows with the same task run the same way, keep the last.
            baseline: the label of the configuration with which the others are compared.
            title: the title of the page.

        Raises:
            InputError: for files that do not contain rows, no rows left, rows of different limits in one suite, duplicates without
                ``last``, and unknown names.
        """
        placed, said = read(files)
        return cls._of(placed, where, by, last, baseline, title, said)

    @classmethod
    def of(cls, rows: Sequence[Row], *, baseline: str | None = None, title: str | None = None) -> Report:
        """A report on given rows.

        Raises:
            InputError: like :meth:`from_files`.
        """
        if not rows:
            raise InputError("no rows to report on; run a suite first")
        return cls._of([Placed(row, "rows", i) for i, row in enumerate(rows, 1)], (), (), False, baseline, title, ())

    @classmethod
    def _of(
        cls,
        placed: Sequence[Placed],
        where: Sequence[str],
        by: Sequence[str],
        last: bool,
        baseline: str | None,
        title: str | None,
        said: Sequence[str],
    ) -> Report:
        kept = chosen(placed, where)
        check_comparable(kept)

        def fields(p: Placed) -> Fields:
            return tuple((name, value_at(p, name)) for name in by)

        kept = without_duplicates(kept, fields, last=last)
        groups = configurations([p.row for p in kept], [fields(p) for p in kept])
        named = {c.label: c for c in groups}
        if baseline is not None and baseline not in named:
            raise UnknownNameError("configuration", baseline, named)
        return cls(groups, title or cls.title, None if baseline is None else named[baseline], tuple(said))

    @cached_property
    def lines(self) -> list[SuiteLine]:
        """The results of each configuration on each suite."""
        return suite_lines(self.groups)

    @property
    def overall(self) -> list[SuiteLine]:
        """For each configuration, the results over the tasks that all of them ran; empty if there are none."""
        return [line for line in self.lines if line.suite == ALL_SUITES or len(self.suites) == 1]

    @cached_property
    def pairs(self) -> list[Pair]:
        """Configurations compared in pairs."""
        return compare(self.groups, self.baseline)

    @cached_property
    def notes(self) -> list[str]:
        """Notes on what makes the figures less comparable than they look."""
        return [*(text[:1].upper() + text[1:] + "." for text in self.said), *notes(self.groups)]

    @property
    def setting(self) -> list[tuple[str, str]]:
        """Limits, machine, versions, commit and so on."""
        return setting(self.groups)

    @cached_property
    def suites(self) -> list[str]:
        """In the order of their first rows."""
        return list(dict.fromkeys(row.suite for rows in self.groups.values() for row in rows))

    @property
    def counts(self) -> str:
        """``2 configurations · 3 suites · 40 tasks · 1 run · 80 rows``."""
        rows = [row for own in self.groups.values() for row in own]
        found = {
            "configuration": len(self.groups),
            "suite": len(self.suites),
            "task": len({(row.suite, row.task) for row in rows}),
            "run": len({(row.seed, row.repeat) for row in rows}),
            "row": len(rows),
        }
        return " · ".join(number(count, what) for what, count in found.items())

    @cached_property
    def history(self) -> TextTable:
        """A line for each commit and configuration, if rows are of several commits."""
        return history_table([row for rows in self.groups.values() for row in rows])

    def markdown(self) -> str:
        """The tables as Markdown."""
        titles = {
            "notes": "", "suites": "## Suites", "history": "## History", "pairs": "## Comparison",
            "sizes": "## Size and held-out examples", "setting": "## Setting",
        }  # fmt: skip
        parts = [f"# {markdown_cell(self.title)}\n"]
        for name, title in titles.items():
            if text := self.section(name):
                parts += [*([f"{title}\n"] if title else []), text]
                if name == "pairs":
                    parts.append("".join(f"- {markdown_cell(verdict(pair))}\n" for pair in self.pairs))
        return "\n".join(parts)

    def section(self, name: str) -> str:
        """One part as Markdown, from :data:`SECTIONS`; empty if there is nothing to show.

        Raises:
            UnknownNameError: for another name.
        """
        match name:
            case "summary":
                return markdown(summary_table([line for line in self.lines if line.suite in self.suites]))
            case "suites":
                return markdown(suites_table(self.lines))
            case "history":
                return markdown(self.history)
            case "pairs":
                return markdown(pairs_table(self.pairs))
            case "sizes":
                return markdown(sizes_table(self.groups))
            case "setting":
                return "".join(f"- {what}: {markdown_cell(text)}\n" for what, text in self.setting)
            case "notes":
                return "".join(f"- {markdown_cell(note)}\n" for note in self.notes)
        raise UnknownNameError("section", name, SECTIONS)

    def plot(self, path: str | Path, kind: str = "seconds") -> Path:
        """Draw one figure: tasks solved against ``seconds`` or ``candidates``, or held-out accuracy by ``sizes``.

        Args:
            path: its suffix says SVG or PNG.

        Raises:
            InputError: for an unknown kind or suffix, a missing extra, or a file that cannot be written.
        """
        if kind not in KINDS:
            raise UnknownNameError("kind of figure", kind, KINDS)
        require("plot", "a figure")
        file = Path(path)
        found = figures.held_out_by_size(self.groups, self._styles) if kind == "sizes" else self._cactus(kind, None)
        _written(file, figures.image(found, file.suffix.removeprefix(".").lower()))
        return file

    def write(self, directory: str | Path) -> Path:
        """Write ``index.html``, ``report.md`` and ``figures/*.svg`` into a directory, which is created if necessary.

        Returns:
            The page.

        Raises:
            InputError: if the extra ``plot`` is missing, or a file cannot be written.
        """
        require("plot", "a report with figures")
        folder = Path(directory)
        drawn = list(self.drawn())
        for one in drawn:
            _written(folder / "figures" / f"{one.name}.svg", one.svg.encode())
        _written(folder / "report.md", _bytes(self.markdown()))
        _written(folder / "index.html", _bytes(self.page(drawn)))
        return folder / "index.html"

    def page(self, drawn: Sequence[Drawn]) -> str:
        """The page, with the figures of :meth:`drawn`."""
        rows = [row for own in self.groups.values() for row in own]
        runs = max(line.runs for line in self.lines)
        titles = {
            "solved": "Solved", "suites": "Suites", "history": "History", "pairs": "Comparison", "sizes": "Size and held-out",
            "tasks": "Tasks", "setting": "Setting",
        }  # fmt: skip
        sizes = sizes_table(self.groups)
        empty = {"history": not self.history.rows, "pairs": not self.pairs, "sizes": not sizes.rows}
        content = {
            "report": self,
            "sections": {name: title for name, title in titles.items() if not empty.get(name)},
            "drawn": {
                name: [one for one in drawn if one.section == name] for name in ("solved", "suites", "pairs", "sizes")
            },
            "colours": {c: i % len(figures.COLOURS) for c, i in self._styles.items()},
            "several_runs": runs if runs > 1 else 0,
            "suites_table": suites_table(self.lines),
            "pairs_table": pairs_table(self.pairs),
            "sizes_table": sizes,
            "verdict": verdict,
            "stops": dict.fromkeys(["solved", *(row.stop for row in rows)]),
            "scored": any(row.held_out for row in rows),
        }
        rest = len(filled("page.html", tasks=TaskTables({}, 0), **content).encode("utf-8", "backslashreplace"))
        return filled("page.html", tasks=TaskTables(self.groups, PAGE_BYTES - rest), **content)

    def drawn(self) -> Iterator[Drawn]:
        """Every figure of the report."""
        names = _Names()

        def ready(name: str, section: str, title: str, figure: Figure) -> Drawn:
            return Drawn(names.free(name), section, title, figures.image(figure).decode())

        several = len(self.suites) > 1
        for kind in ("seconds", "candidates"):
            title = self._title(kind, None)
            yield ready(f"solved-{kind}", "solved", title, self._cactus(kind, None))
        for suite in self.suites if several and len(self.suites) <= _MOST_SUITES else ():
            for kind in ("seconds", "candidates"):
                title = self._title(kind, suite)
                yield ready(f"solved-{kind}-{suite}", "suites", title, self._cactus(kind, suite))
        for pair in self.pairs:
            title = f"Seconds of {pair.first.label} and {pair.second.label}"
            yield ready(
                f"pair-{pair.first.label}-{pair.second.label}", "pairs", title, figures.scatter(pair, self._limit(None))
            )
        if sizes_table(self.groups).rows:
            figure = figures.held_out_by_size(self.groups, self._styles)
            yield ready("held-out-by-size", "sizes", "Right on held-out examples by size of the program", figure)

    @cached_property
    def _styles(self) -> dict[Configuration, int]:
        return {configuration: number for number, configuration in enumerate(self.groups)}

    def _title(self, kind: str, suite: str | None) -> str:
        return f"Tasks solved against {kind}{f': {suite}' if suite is not None else ''}"

    def _cactus(self, kind: str, suite: str | None) -> Figure:
        """The figures of one suite, or of the tasks that all configurations ran."""
        measure = figures.CANDIDATES if kind == "candidates" else figures.SECONDS
        if suite is None:
            shared = shared_tasks(self.groups.values())
            groups = {c: [r for r in rows if (r.suite, r.task) in shared] for c, rows in self.groups.items()}
        else:
            groups = {c: [r for r in rows if r.suite == suite] for c, rows in self.groups.items()}
            groups = {c: rows for c, rows in groups.items() if rows}
        limit = self._limit(suite) if kind == "seconds" else None
        suites = list(dict.fromkeys(row.suite for rows in groups.values() for row in rows))
        title = suites[0] if len(suites) == 1 else f"{len(suites)} suites"
        return figures.cactus(groups, self._styles, measure, title, limit)

    def _limit(self, suite: str | None) -> float | None:
        """The time limit in seconds, if all rows have the same."""
        found = {r.limits.seconds for rows in self.groups.values() for r in rows if suite in (None, r.suite)}
        return found.pop() if len(found) == 1 else None


class _Names:
    """Distinct file names without characters that a file system rejects."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def free(self, name: str) -> str:
        plain = re.sub(r"[^a-z0-9.]+", "-", name.lower()).strip("-.")[:80] or "figure"
        found, number = plain, 1
        while found in self._taken:
            number += 1
            found = f"{plain}-{number}"
        self._taken.add(found)
        return found


def _bytes(text: str) -> bytes:
    """UTF-8; half a surrogate pair, which JSON can contain and UTF-8 cannot, is written as an escape."""
    return text.encode("utf-8", "backslashreplace")


def _written(path: Path, content: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        raise InputError(f"{path}: cannot be written: {error.strerror or error}") from None
