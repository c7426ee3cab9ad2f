"""Solve public suites, one task after the other, each in a process of its own, and print what was reached.

    python benchmarks/solve_suites.py --tasks ../shared/tasks --seconds 10 --out rows.jsonl [SUITE …]

Rows are appended as tasks end.  "Right on what was not shown" is scored on a task's test examples; for sygus-strings on the
longest sibling of a family, solved from its shortest; for sygus-bitvectors PRE_n_10 on PRE_n_1000.  With ``--samples N`` each task is
solved from N random samples of its examples and scored on the others, which tells more of a change than one choice does.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import random
import re
import statistics
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from neurosynth.errors import NeurosynthError
from neurosynth.search.base import Limits
from neurosynth.search.config import PortfolioConfig
from neurosynth.search.portfolio import Auto
from neurosynth.synthesize import synthesize
from neurosynth.tasks import Example, Task, example, load_tasks

SUITES = (
    "sygus-strings", "sygus-bitvectors", "hackers-delight", "circuits", "bustle-strings", "playgol-strings",
    "progsynth-strings", "prose-text", "dreamcoder-lists", "lambdabeam-lists", "deepcoder-neo", "deepcoder-exedec",
    "robustfill-exedec",
)  # fmt: skip
LANGUAGES = {"robustfill-exedec": "robustfill"}
"""The languages of suites that are not solved in the one that suits their types."""
SAMPLED = 5
"""Examples of a sample."""
SHOWN = {"playgol-strings": 5, "prose-text": 3}
"""Examples shown of suites that say so; prose-text is meant for 1, 2 and 3."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """One run."""

    tasks: Path
    """The folder of suites."""
    seconds: float = 10.0
    max_memory: float = 4.0
    search: str | None = None
    guide: str = "auto"
    without: tuple[str, ...] = ()
    """Means of the portfolio to switch off: alternatives, deduce, divide, edit, functions, join, learn, probe."""
    guide_phase_until: float | None = None
    """Share of the time after which a guide's costs have had their turn, where not the default is to be measured."""
    show: int | None = None
    """Examples shown; the others become test examples.  Without it what ``SHOWN`` says, else all."""
    limit: int | None = None
    """Tasks of each suite, evenly spread; all by default."""
    draw: int | None = None
    """Tasks of each suite drawn at random with seed 0; all by default."""
    samples: int | None = None
    """Instead of the tasks of a suite so many random samples of the examples of each, ``show`` (or ``SAMPLED``) shown."""


def load_suite(folder: Path, name: str) -> Iterator[Task]:
    """The tasks of a suite; unusable ones are said on stderr."""
    path = folder / name
    files = sorted(path.rglob("*.sl")) if path.is_dir() else [folder / f"{name}.jsonl"]
    if name in ("hackers-delight", "circuits"):
        files = [f for f in files if "pbe" in f.parts]
    for file in files:
        try:
            for task in load_tasks(file, on_error=lambda e: print(f"left out: {e}", file=sys.stderr)):
                yield replace(task, language=LANGUAGES[name]) if name in LANGUAGES else task
        except NeurosynthError as error:
            print(f"left out: {error}", file=sys.stderr)


def with_siblings(tasks: Sequence[Task], name: str, folder: Path) -> list[Task]:
    """Test examples for one task a family: string families are scored on their longest member, PRE_n_10 on PRE_n_1000."""
    if name == "sygus-bitvectors":
        siblings = folder / "sygus-bitvectors-siblings"
        scored = []
        for task in tasks:
            path = siblings / f"{task.name.removesuffix('_10')}_1000.sl"
            short = task.name.endswith("_10") and path.exists()
            scored.append(replace(task, test_examples=next(iter(load_tasks(path))).examples) if short else task)
        return scored
    tests = folder / name / "tests.jsonl"
    if tests.exists():
        held = {row["name"]: row["test_examples"] for row in map(json.loads, tests.read_text("utf-8").splitlines())}
        return [replace(t, test_examples=_bit_examples(held.get(t.name, ()))) for t in tasks]
    if name != "sygus-strings":
        return list(tasks)
    families: dict[str, list[Task]] = {}
    for task in tasks:
        families.setdefault(re.sub(r"(_short|_small|-long|-long-repeat)$", "", task.name), []).append(task)
    tested: dict[str, Task] = {}
    for members in families.values():
        if len(members) > 1:
            shortest = min(members, key=lambda t: (len(t.examples), t.name))
            longest = max(members, key=lambda t: len(t.examples))
            tested[shortest.name] = replace(shortest, test_examples=longest.examples)
    return [tested.get(t.name, t) for t in tasks]


def _bit_examples(rows: Sequence[dict[str, Any]]) -> list[Example]:
    """Examples over bools and bit-vectors written ``#x…``."""

    def value(given: bool | str) -> bool | int:
        return int(given[2:], 16) if isinstance(given, str) else given

    return [example(*map(value, row["inputs"]), output=value(row["output"])) for row in rows]


def held_out(task: Task, show: int | None) -> Task:
    """The task with its first ``show`` examples; the rest become test examples."""
    if show is None or len(task.examples) <= show:
        return task
    rest = (*task.examples[show:], *task.test_examples)
    return replace(task, examples=task.examples[:show], test_examples=rest)


def samples(tasks: Iterable[Task], shown: int, count: int) -> Iterator[Task]:
    """Each task ``count`` times with ``shown`` of its examples, drawn at random; the others, at least three, become test examples.

    Tasks with the same examples count once.
    """
    met = set()
    for task in tasks:
        once = list({e.inputs: e for e in task.examples}.values())
        if len(once) < shown + 3 or frozenset(once) in met:
            continue
        met.add(frozenset(once))
        for n in range(count):
            drawn = random.Random(f"{task.name} {n}").sample(once, len(once))
            yield replace(task, name=f"{task.name} {n}", examples=drawn[:shown], test_examples=drawn[shown:])


def tasks_of(name: str, settings: Settings) -> list[Task]:
    """The tasks of a suite that a run takes, with their test examples."""
    tasks = with_siblings(list(load_suite(settings.tasks, name)), name, settings.tasks)
    if settings.samples is not None:
        tasks = list(samples(tasks, settings.show or SAMPLED, settings.samples))
    if settings.draw is not None and len(tasks) > settings.draw:
        tasks = random.Random(0).sample(tasks, settings.draw)
    if settings.limit is not None and len(tasks) > settings.limit:
        tasks = [tasks[i * len(tasks) // settings.limit] for i in range(settings.limit)]
    show = settings.show if settings.show is not None else SHOWN.get(name)
    return [held_out(task, show) for task in tasks]


def solve(task: Task, settings: Settings) -> dict[str, Any]:
    """One row."""
    limits = Limits(seconds=settings.seconds, max_memory=settings.max_memory)
    started = time.perf_counter()
    changed: dict[str, Any] = dict.fromkeys(settings.without, False)
    if settings.guide_phase_until is not None:
        changed["policy"] = PortfolioConfig(guide_phase_until=settings.guide_phase_until)
    search = Auto(**changed) if changed else settings.search
    result = synthesize(task, guide=settings.guide, search=search, limits=limits)
    row = result.to_json()
    row["wall"] = round(time.perf_counter() - started, 3)
    row["closest_share"] = round(result.closest.share, 3) if result.closest is not None else 0.0
    return row


def _child(task: Task, settings: Settings, pipe: Any) -> None:
    try:
        pipe.send(solve(task, settings))
    except Exception as error:  # whatever breaks is a row, never the end of a run
        pipe.send(
            {
                "task": task.name,
                "stop": "error",
                "programs": [],
                "stats": {},
                "error": f"{type(error).__name__}: {error}",
            }
        )


def in_process(task: Task, settings: Settings) -> dict[str, Any]:
    """``solve`` in a forked process; a crash or an overrun is a row."""
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_child, args=(task, settings, theirs))
    process.start()
    theirs.close()
    row: dict[str, Any] = {"task": task.name, "stop": "crash", "programs": [], "stats": {}}
    try:
        if ours.poll(settings.seconds * 2 + 30):
            row = ours.recv()
        else:
            row["stop"] = "hang"
    except EOFError:
        pass
    process.kill()
    process.join()
    return row


def line(row: dict[str, Any]) -> str:
    """One task on one line."""
    stats = row["stats"]
    best = row["programs"][0]["text"] if row["programs"] else row.get("error", "")
    seconds, tried = stats.get("seconds", 0), stats.get("programs_tried", 0)
    right = row["programs"][0].get("test_accuracy") if row["programs"] else None
    tested = "" if right is None else f"{right:4.0%}"
    return f"  {row['task'][:44]:44} {row['stop']:10} {seconds:7.2f} {tried:>12,} {tested:4} {best[:120]}"


def report(name: str, rows: Sequence[dict[str, Any]]) -> str:
    """One line about a suite."""
    solved = [r for r in rows if r["stop"] == "solved"]
    seconds = sorted(r["stats"]["seconds"] for r in solved)
    tested = [r["programs"][0]["test_accuracy"] for r in solved if r["programs"][0].get("test_accuracy") is not None]
    sizes = [r["programs"][0]["size"] for r in solved]
    text = f"{name:20} solved {len(solved):4} of {len(rows):4}"
    if solved:
        text += f"  seconds median {statistics.median(seconds):6.3f} worst {seconds[-1]:6.2f}"
        text += f"  size median {statistics.median(sizes):4.0f}"
    if tested:
        text += f"  right on all test examples {sum(t == 1 for t in tested)} of {len(tested)}"
        text += f" ({statistics.mean(tested):.0%} of rows)"
    odd = [r["task"] for r in rows if r["stop"] in ("crash", "hang", "error")]
    return text + (f"  FAILED: {', '.join(odd)}" if odd else "")


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("suites", nargs="*", default=list(SUITES))
    parser.add_argument("--tasks", type=Path, default=Path(__file__).resolve().parents[2] / "shared" / "tasks")
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--max-memory", type=float, default=4.0)
    parser.add_argument("--search")
    parser.add_argument("--guide", default="auto")
    parser.add_argument("--without", nargs="*", default=[], help="means of the portfolio to switch off")
    parser.add_argument("--guide-phase-until", type=float, help="share of the time after which a guide had its turn")
    parser.add_argument("--show", type=int, help="examples shown; the others are held out")
    parser.add_argument(
        "--samples", type=int, help=f"show so many random samples of each task, of {SAMPLED} examples or --show"
    )
    parser.add_argument("--limit", type=int)
    parser.add_argument("--draw", type=int, help="so many tasks of each suite, drawn with seed 0")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--verbose", action="store_true")
    args = parser.parse_args()
    settings = Settings(
        tasks=args.tasks,
        seconds=args.seconds,
        max_memory=args.max_memory,
        search=args.search,
        guide=args.guide,
        without=tuple(args.without),
        guide_phase_until=args.guide_phase_until,
        show=args.show,
        samples=args.samples,
        limit=args.limit,
        draw=args.draw,
    )
    for name in args.suites:
        rows = []
        for task in tasks_of(name, settings):
            row = {
                **in_process(task, settings),
                "suite": name,
                "limits": {k: str(v) for k, v in asdict(settings).items()},
            }
            rows.append(row)
            if args.verbose:
                print(line(row), flush=True)
            if args.out:
                with args.out.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(row) + "\n")
        print(report(name, rows), flush=True)


if __name__ == "__main__":
    main()
