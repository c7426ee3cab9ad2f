"""What each part of library learning brings: a table of solved tasks and candidates, one row for each part left out.

    python benchmarks/ablate_library.py --of strings --of bootstrap --tasks ../shared/tasks --out ablation --counted

The domains, halves, limits and files are those of ``bench_library.py``.  Each domain is learned from with every part, and once more without
each one; the first wake phase is the same whatever is left out, so that its rows are copied.  Where no tasks are kept aside (``bootstrap``),
those that were learned from are solved once more.  Lines appear as they are known, and the same command goes on after a kill.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # benchmarks is a folder of scripts, never installed

from benchmarks.bench_library import DOMAINS, Settings, add_options, note, run_domain, settings_of

EVERY_PART: dict[str, dict[str, Any]] = {"bootstrap": {"gate": True, "neural": "lstm"}}
"""What a domain turns off by default and the ablation turns on.  Tasks without inputs can be neither dreamt of nor read by a model."""

PARTS: dict[str, dict[str, Any]] = {
    "nothing": {},
    "compression": {"compression": None, "whole": False},
    "dreams": {"dreams": 0},
    "gate": {"gate": False},
    "recognition model": {"neural": ""},
}
"""What each row of the table leaves out."""


def table(name: str, parts: Sequence[str], settings: Settings) -> Iterator[str]:
    """Learn from a domain with every part and without each one, and yield the lines of its table."""
    yield f"| {name}, left out | primitives | solved | median candidates | median ratio to base | lost, gained |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: |"
    labels = {part: f"{name}-without-{part.replace(' ', '-')}" for part in parts}
    for part, label in labels.items():
        share_first_wake(settings.out / f"{labels[parts[0]]}.json.run", settings.out / f"{label}.json.run")
        found = run_domain(name, settings, {**EVERY_PART.get(name, {}), **PARTS[part]}, label)
        rows = found["kept_aside"]
        note(json.dumps(rows, ensure_ascii=False))
        if part == parts[0]:
            yield line("base language", "", rows["base"])
        yield line(part, len(found["library"]), rows["library"])


def share_first_wake(known: Path, run: Path) -> None:
    """Copy the rows of the first wake phase from one run to another that has not begun."""
    if known == run or run.exists() or not (known / "round-1" / "round.json").exists():
        return
    (run / "round-1").mkdir(parents=True)
    for rows in (known / "round-1").glob("wake*"):
        shutil.copy(rows, run / "round-1")


def line(name: str, primitives: int | str, row: dict[str, Any]) -> str:
    """A line of the table."""
    changed = f"{len(row['lost'])}, {len(row['gained'])}"
    solved = f"{row['solved']} of {row['tasks']}"
    cells = (name, primitives, solved, row["median_candidates"], row["median_ratio_to_base"], changed)
    return "| " + " | ".join(map(str, cells)) + " |"


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--of", choices=list(DOMAINS), action="append", help="a domain; strings and bootstrap by default"
    )
    parser.add_argument("--part", choices=list(PARTS), action="append", help="what is left out; each part by default")
    add_options(parser)
    given = parser.parse_args()
    settings = replace(settings_of(given), only=("base", "library"))
    for name in given.of or ("strings", "bootstrap"):
        for text in table(name, given.part or list(PARTS), settings):
            print(text, flush=True)


if __name__ == "__main__":
    main()
