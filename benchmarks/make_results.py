"""Fill the tables of RESULTS.md and of the README from rows of ``neurosynth bench run``.

    python benchmarks/make_results.py rows.jsonl … [--into FILE …] [--last] [--by FIELD …] [--check]

Text between ``<!-- results:NAME FIELD=VALUE … -->`` and ``<!-- /results -->`` is replaced; all other text stays.  NAME is
``summary`` (a line a suite), ``suites`` (a line a suite and configuration), ``pairs``, ``sizes``, ``notes`` or ``setting``
(limits, machine, versions, commit, time); the conditions choose the rows, as ``bench report --where`` does.  The same rows
give the same text.  With ``--check`` nothing is written, and the exit status is 1 when a file would change.
"""

from __future__ import annotations

import argparse
import re
import shlex
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from neurosynth.bench.report import Report
from neurosynth.errors import InputError, NeurosynthError

ROOT = Path(__file__).resolve().parents[1]
INTO = (ROOT / "benchmarks" / "RESULTS.md", ROOT / "README.md")
_MARK = re.compile(r"<!-- *(?P<end>/?)results(?::(?P<name>[\w-]+)(?P<where>[^>]*?))? *-->")


@dataclass(frozen=True, kw_only=True)
class Settings:
    """One run."""

    rows: tuple[Path, ...]
    """Files of rows."""
    into: tuple[Path, ...] = INTO
    """Files with marks."""
    by: tuple[str, ...] = ()
    """Fields that tell configurations apart."""
    last: bool = False
    """Of rows that are the same task run the same way, keep the last."""


def filled(text: str, file: str, settings: Settings) -> str:
    """The text with what stands between its marks made anew.

    Raises:
        InputError: without marks, for a mark that is not closed or opens nothing, and for what rows cannot fill; says where.
    """
    parts: list[str] = []
    opened: re.Match[str] | None = None
    at = 0
    for mark in _MARK.finditer(text):
        where = f"{file}, line {text.count(chr(10), 0, mark.start()) + 1}"
        if bool(mark["end"]) == (opened is None):
            raise InputError(f"{where}: {mark[0]} {'closes nothing' if mark['end'] else 'stands inside another'}")
        if opened is None:
            opened = mark
            parts += [text[at : mark.end()], "\n\n", _section(mark, where, settings), "\n"]
        else:
            opened = None
        at = mark.start() if mark["end"] else mark.end()
    if opened is not None:
        line = text.count("\n", 0, opened.start()) + 1
        raise InputError(f"{file}, line {line}: {opened[0]} is not closed; end it with <!-- /results -->")
    if not parts:
        raise InputError(f"{file}: nothing to fill; mark a place with <!-- results:suites --> and <!-- /results -->")
    return "".join([*parts, text[at:]])


def _section(mark: re.Match[str], where: str, settings: Settings) -> str:
    if not mark["name"]:
        raise InputError(f"{where}: {mark[0]} names no section; expected results:summary, results:suites …")
    try:
        conditions = shlex.split(mark["where"])
        report = Report.from_files(settings.rows, where=conditions, by=settings.by, last=settings.last)
        return report.section(mark["name"])
    except (NeurosynthError, ValueError) as error:  # shlex: a quotation mark that is not closed
        raise InputError(f"{where}: {mark[0]}: {error}") from None


def main(arguments: Sequence[str] | None = None) -> int:
    """Run from the command line; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", nargs="+", type=Path)
    parser.add_argument("--into", nargs="+", type=Path, default=list(INTO))
    parser.add_argument("--by", action="append", default=[])
    parser.add_argument("--last", action="store_true")
    parser.add_argument("--check", action="store_true", help="write nothing; 1 when a file would change")
    given = parser.parse_args(arguments)
    settings = Settings(rows=tuple(given.rows), into=tuple(given.into), by=tuple(given.by), last=given.last)
    try:
        texts = {file: file.read_text(encoding="utf-8") for file in settings.into}
        made = {file: filled(text, file.name, settings) for file, text in texts.items()}
    except (NeurosynthError, OSError) as error:
        print(f"make_results: {error}", file=sys.stderr)
        return 2
    changed = [file for file, text in texts.items() if made[file] != text]
    for file in changed:
        print(f"{file}: {'differs from what the rows give' if given.check else 'written'}")
        if not given.check:
            file.write_text(made[file], encoding="utf-8")
    return 1 if given.check and changed else 0


if __name__ == "__main__":
    sys.exit(main())
