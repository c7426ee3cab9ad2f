"""What each means of the portfolio brings: suites solved with all of them, and with each switched off in turn.

    python benchmarks/bench_ablation.py --limit 12 --out ablation.jsonl --table benchmarks/ablation.md [SUITE …]

Rows are appended as tasks end: the same command goes on where a run was cut off.  The table has a line a configuration:
solved, right on all examples not shown (of those tasks that have some), and candidates until solved: the median, and the
median ratio to the whole portfolio on tasks both solve.  Tasks are an even sample of each suite, the same for all
configurations, which take turns on a task: what else the machine does meets all of them.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # benchmarks is a folder of scripts, never installed

from benchmarks import solve_suites  # noqa: E402  # found by the line above
from benchmarks.measuring import facts  # noqa: E402

SUITES = (
    "sygus-strings", "sygus-bitvectors", "hackers-delight", "circuits", "bustle-strings", "playgol-strings",
    "progsynth-strings", "prose-text", "dreamcoder-lists", "lambdabeam-lists", "deepcoder-neo",
)  # fmt: skip
MEANS = ("deduce", "edit", "divide", "learn", "join", "alternatives", "probe", "functions")
WHOLE = "all of it"

Row = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Settings:
    """One run."""

    tasks: Path
    """The folder of suites."""
    out: Path
    """The file of rows."""
    suites: tuple[str, ...] = SUITES
    without: tuple[str, ...] = MEANS
    """Means switched off, one at a time."""
    seconds: float = 10.0
    """For each task and configuration."""
    max_memory: float = 4.0
    limit: int | None = None
    """Tasks of each suite, evenly spread; all by default."""
    processor_time: bool = False
    """Whether ``seconds`` are the process's own, so that a machine that others use gives the same figures."""


def key(row: Mapping[str, Any]) -> tuple[Any, ...]:
    """What a row is about; a row with the same key is not made again."""
    return (
        row["suite"],
        row["task"],
        row["without"],
        *(row["limits"][k] for k in ("seconds", "max_memory", "processor_time")),
    )


def measure(settings: Settings) -> Iterator[Row]:
    """The rows of a run, those of an earlier one included."""
    lines = settings.out.read_text("utf-8").splitlines() if settings.out.exists() else []
    made = {key(row): row for row in map(json.loads, lines)}
    whole = solve_suites.Settings(
        tasks=settings.tasks,
        seconds=settings.seconds,
        max_memory=settings.max_memory,
        guide="uniform",
        limit=settings.limit,
    )
    about = facts(0, {k: getattr(settings, k) for k in ("seconds", "max_memory", "limit", "processor_time")})
    for suite in settings.suites:
        for task in solve_suites.tasks_of(suite, whole):
            for off in ("", *settings.without):
                row: Row = {
                    "suite": suite,
                    "task": task.name,
                    "without": off,
                    "tested": bool(task.test_examples),
                    **about,
                }
                if key(row) not in made:
                    given = replace(whole, without=(off,) if off else ())
                    made[key(row)] = row = {**solve_suites.in_process(task, given), **row}
                    with settings.out.open("a", encoding="utf-8") as file:
                        file.write(json.dumps(row) + "\n")
                yield made[key(row)]


def candidates(row: Row) -> int:
    """Candidates until the first program right on every example, at least 1."""
    first = row["stats"].get("first_solved")
    return max(1, int(row["stats"]["programs_tried"] if first is None else first))


def right(row: Row) -> bool:
    """Whether the best program is right on all examples not shown."""
    return bool(row["programs"]) and row["programs"][0].get("test_accuracy") == 1.0


def solved(row: Row) -> bool:
    """Whether there is a program right on every example shown."""
    return bool(row["stop"] == "solved")


def table(rows: Sequence[Row]) -> str:
    """Markdown: a line a configuration, over all suites; then what each suite loses."""
    by: dict[str, dict[tuple[str, str], Row]] = {}
    for row in rows:
        by.setdefault(row["without"], {})[row["suite"], row["task"]] = row
    lines = [
        "| without | solved | right on what was not shown | median candidates | ratio to all of it (tasks) |",
        "|---|---|---|---|---|",
        *(_line(off, found, by[""]) for off, found in by.items()),
        "",
        "| solved (right), tasks | " + " | ".join(off or WHOLE for off in by) + " |",
        "|---" * (1 + len(by)) + "|",
    ]
    for suite in dict.fromkeys(suite for suite, _ in by[""]):
        parts = [[row for (s, _), row in found.items() if s == suite] for found in by.values()]
        cells = [f"{sum(map(solved, part))} ({sum(map(right, part))})" for part in parts]
        lines.append(f"| {suite}, {len(parts[0])} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def _line(off: str, found: Mapping[tuple[str, str], Row], whole: Mapping[tuple[str, str], Row]) -> str:
    """One configuration."""
    done = {k: candidates(row) for k, row in found.items() if solved(row)}
    ratios = [count / candidates(whole[k]) for k, count in done.items() if k in whole and solved(whole[k])]
    return "| " + " | ".join([
        off or WHOLE,
        f"{len(done)} of {len(found)}",
        f"{sum(map(right, found.values()))} of {sum(row['tested'] for row in found.values())}",
        f"{statistics.median(done.values()):,.0f}" if done else "",
        f"{statistics.median(ratios):.2f} ({len(ratios)})" if ratios else "",
    ]) + " |"  # fmt: skip


def page(rows: Sequence[Row], settings: Settings) -> str:
    """The committed page."""
    limit = "" if settings.limit is None else f" --limit {settings.limit}"
    clock = " --processor-time" if settings.processor_time else ""
    return (
        "# Each means switched off\n\n"
        f"Made by `python benchmarks/bench_ablation.py --seconds {settings.seconds:g}{limit}{clock}` at commit "
        f"{rows[0]['commit']};\nthe script says what each line means. {settings.max_memory:g} GB a task, search `auto`, no guide, "
        f"an even sample of each suite.\n\n{table(rows)}"
    )


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("suites", nargs="*", default=list(SUITES))
    parser.add_argument("--tasks", type=Path, default=ROOT.parent / "shared" / "tasks")
    parser.add_argument("--out", type=Path, required=True, help="rows; what is there already is not made again")
    parser.add_argument("--table", type=Path, help="the page to write")
    parser.add_argument("--without", nargs="*", default=list(MEANS), help="means to switch off, one at a time")
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--max-memory", type=float, default=4.0)
    parser.add_argument("--limit", type=int, help="tasks of each suite")
    parser.add_argument("--processor-time", action="store_true", help="limits count the process's own time")
    args = parser.parse_args()
    settings = Settings(
        tasks=args.tasks,
        out=args.out,
        suites=tuple(args.suites),
        without=tuple(args.without),
        seconds=args.seconds,
        max_memory=args.max_memory,
        limit=args.limit,
        processor_time=args.processor_time,
    )
    if settings.processor_time:
        time.perf_counter = time.process_time  # the one clock all searches look at
    rows = []
    for row in measure(settings):
        rows.append(row)
        print(f"{row['suite']:18} without {row['without'] or 'nothing':12} {solve_suites.line(row)}", flush=True)
    print(table(rows))
    if args.table:
        args.table.write_text(page(rows, settings), "utf-8")


if __name__ == "__main__":
    main()
