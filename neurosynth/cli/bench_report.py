"""``neurosynth bench report``: from rows to a page, a Markdown file and figures."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from neurosynth.bench.report import Report

__all__ = ["report"]


def report(
    files: Annotated[
        list[str], typer.Argument(metavar="ROWS", help="Files that 'bench run' wrote.", show_default=False)
    ],
    out: Annotated[
        str,
        typer.Option("--out", metavar="DIR", help="Where index.html, report.md and figures/ go.", show_default=False),
    ],
    where: Annotated[
        list[str] | None,
        typer.Option(
            "--where",
            metavar="FIELD=VALUE",
            help="Only rows of this, such as suite=circuits or limits.seconds=10; of several on one field any.",
        ),
    ] = None,
    by: Annotated[
        list[str] | None,
        typer.Option("--by", metavar="FIELD", help="Tell configurations apart by this, too: commit, file …"),
    ] = None,
    baseline: Annotated[
        str | None,
        typer.Option("--baseline", metavar="NAME", help="The configuration that the others are compared with."),
    ] = None,
    last: Annotated[
        bool, typer.Option("--last", help="Of rows that are the same task run the same way, keep the last.")
    ] = False,
    title: Annotated[str | None, typer.Option("--title", help="Of the page.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object: what was written.")] = False,
) -> None:
    """Draw and tabulate what rows say: one page that needs nothing else, a Markdown file, and figures as SVG.

    Exit status: 0 written, 2 bad input.
    """
    from neurosynth.bench.report import Report

    made = Report.from_files(
        files, where=where or (), by=by or (), last=last, baseline=baseline, title=title
    )  # fmt: skip
    page = made.write(out)
    if as_json:
        print(json.dumps(_written(made, page), ensure_ascii=False))
        return
    for note in made.notes:
        print(f"neurosynth: note: {note}", file=sys.stderr)
    for line in made.overall:
        print(f"{line.configuration.label}: {line.solved.median:g} of {line.tasks:,} solved ({line.share:.1%})")
    print(page)


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
