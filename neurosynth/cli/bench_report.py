"""``neurosynth bench report``, ``compare`` and ``history``: reports on rows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from neurosynth.cli.bench_display import note, printed, shown_table
from neurosynth.cli.options import AsJson
from neurosynth.errors import InputError

if TYPE_CHECKING:
    from neurosynth.bench.regressions import Compared
    from neurosynth.bench.report import Report

__all__ = ["compare", "history", "report"]


def report(
    files: Annotated[
        list[str], typer.Argument(metavar="ROWS", help="Files that 'bench run' wrote.", show_default=False)
    ],
    out: Annotated[
        str,
        typer.Option("--out", metavar="DIR", help="Folder for index.html, report.md and figures/.", show_default=False),
    ],
    where: Annotated[
        list[str] | None,
        typer.Option(
            "--where",
            metavar="FIELD=VALUE",
            help="Use only matching rows, such as suite=circuits or limits.seconds=10. Repeat a field to allow several values.",
        ),
    ] = None,
    by: Annotated[
        list[str] | None,
        typer.Option("--by", metavar="FIELD", help="Also separate configurations by this field: commit, file …"),
    ] = None,
    baseline: Annotated[
        str | None,
        typer.Option("--baseline", metavar="NAME", help="Configuration to compare the others with."),
    ] = None,
    last: Annotated[
        bool, typer.Option("--last", help="If several rows report the same task run the same way, keep the last.")
    ] = False,
    title: Annotated[str | None, typer.Option("--title", help="Title of the page.")] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object that lists the files written.")
    ] = False,
) -> None:
    """Report on rows: write one self-contained HTML page, a Markdown file, and SVG figures.

    Exit status: 0 on success, 2 for bad input.
    """
    from neurosynth.bench.report import Report

    made = Report.from_files(
        files, where=where or (), by=by or (), last=last, baseline=baseline, title=title
    )  # fmt: skip
    page = made.write(out)
    if as_json:
        printed(json.dumps(_written(made, page), ensure_ascii=False), f"the page is {page}")
        return
    for said in made.notes:
        note(f"note: {said}")
    lines = []
    for line in made.overall:
        right = ""
        if line.right is not None and line.scored is not None:
            right = f", {line.right.median:g} of {line.scored.median:g} right on what was not shown"
        lines.append(
            f"{line.configuration.label}: {line.solved.median:g} of {line.tasks:,} solved ({line.share:.1%}){right}"
        )
    printed("\n".join([*lines, str(page)]), f"the page is {page}")


def _written(made: Report, page: Path) -> dict[str, Any]:
    return {
        "page": str(page),
        "markdown": str(page.with_name("report.md")),
        "figures": sorted(str(p) for p in (page.parent / "figures").glob("*.svg")),
        "configurations": [
            {"name": line.configuration.label, "tasks": line.tasks, "solved": line.solved.median}
            for line in made.overall
        ],
        "notes": made.notes,
    }


def compare(
    old: Annotated[str, typer.Argument(metavar="OLD", help="A file that 'bench run' wrote.", show_default=False)],
    new: Annotated[str, typer.Argument(metavar="NEW", help="A later file with the same tasks.", show_default=False)],
    where: Annotated[
        list[str] | None,
        typer.Option("--where", metavar="FIELD=VALUE", help="Use only matching rows, as for 'bench report'."),
    ] = None,
    slower: Annotated[
        float | None,
        typer.Option(
            "--slower",
            metavar="RATIO",
            help="Also report a regression if the median task takes more than RATIO times as long (p < 0.05).",
        ),
    ] = None,
    last: Annotated[
        bool, typer.Option("--last", help="If several rows report the same task run the same way, keep the last.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """List regressions: tasks that OLD solved, or had right on held-out examples, and NEW does not.

    Tasks whose result varies between runs are listed separately and do not count.
    Exit status: 0 without regressions, 1 with regressions, 2 for bad input.
    """
    from neurosynth.bench.regressions import Regressions

    if slower is not None and not slower > 0:
        raise typer.BadParameter(f"{slower}; allowed: a positive number, such as 1.1", param_hint="--slower")
    found = Regressions.from_files(old, new, where=where or (), last=last)
    late = found.slower(slower) if slower is not None else []
    parts = {"regressions": found.regressions, "gains": found.gains, "flapping": found.flapping}
    if as_json:
        changes = {name: [change.to_json() for change in changes] for name, changes in parts.items()}
        text = json.dumps(
            {**changes, "slower": late, "missing": found.missing, "notes": found.notes}, ensure_ascii=False
        )
    else:
        for said in found.notes:
            note(f"note: {said}")
        lines = []
        for label, whole in found.lines().items():
            lines.append(_compared(label, whole))
            suites = found.suites(label)
            lines += [f"  {_compared(name, own)}" for name, own in suites.items() if len(suites) > 1]
        if found.missing:
            lines.append(f"not run again: {found.missing:,} tasks")
        for name, own in parts.items():
            lines.append(f"{name}: {len(own) or 'none'}{' (not counted)' if own and name == 'flapping' else ''}")
            lines += [f"  {'/'.join(change.task)}  {change.was} → {change.now}" for change in own]
        text = "\n".join([*lines, *(f"slower: {label}, by more than --slower {slower:g}" for label in late)])
    printed(text, f"{len(found.regressions) + len(late)} regressions")
    if found.regressions or late:
        raise typer.Exit(1)


def _compared(label: str, found: Compared) -> str:
    """``auto · uniform: 120 tasks · solved 110 → 108 · … · seconds × 1.02 (p = 0.40)``."""
    from neurosynth.bench.cells import amount, chance

    before, after, pair = found.before, found.after, found.pair
    said = [f"{before.tasks:,} tasks", f"solved {before.solved.median:g} → {after.solved.median:g}"]
    for name, old, new in (
        ("right on what was not shown", before.right, after.right),
        ("score", before.score, after.score),
    ):
        if old is not None and new is not None:
            said.append(f"{name} {old.median:g} → {new.median:g}")
    if pair.seconds is not None:
        said.append(
            f"seconds × {amount(1 / pair.seconds.median)} (p = {chance(pair.seconds.chance)})".replace("= <", "<")
        )
    if pair.candidates is not None:
        said.append(f"candidates × {amount(1 / pair.candidates.median)}")
    if found.processor_time is not None:
        said.append(f"processor time × {amount(found.processor_time)}")
    return f"{label}: {' · '.join(said)}"


def history(
    files: Annotated[
        list[str], typer.Argument(metavar="ROWS", help="Files that 'bench run' wrote.", show_default=False)
    ],
    where: Annotated[
        list[str] | None,
        typer.Option("--where", metavar="FIELD=VALUE", help="Use only matching rows, as for 'bench report'."),
    ] = None,
    last: Annotated[
        bool, typer.Option("--last", help="If several rows report the same task run the same way, keep the last.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object per commit.")] = False,
) -> None:
    """Print one line of results per commit, in order, over the tasks that all commits ran.

    Exit status: 0 on success, 2 for bad input, which includes rows of a single commit.
    """
    from neurosynth.bench.report import Report

    table = Report.from_files(files, where=where or (), by=["commit"], last=last).history
    if not table.rows:
        raise InputError("the rows are of one commit, or no task was run by several; add the rows of another commit")
    heads = [column.title for column in table.columns]
    lines = (json.dumps(dict(zip(heads, row, strict=True)), ensure_ascii=False) for row in table.rows)
    printed("\n".join(lines) if as_json else shown_table(table), "bench report --by commit writes the same to a page")
