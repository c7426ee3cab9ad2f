"""What guides bring to search: the same tasks, limits and machine, with and without each.

    python benchmarks/bench_guidance.py --tasks ../shared/tasks --out guidance --guides lists-ngram lists-lstm [SUITE …]

Runs every suite with the uniform guide, with each guide over the bridge (bottom-up enumeration on its costs), with each
guide that writes programs by beam, and with the default (``--search auto``), unguided, guided and with the guide named; one file of rows a
configuration in the folder ``--out``, each appended to as tasks end: the same command continues where a run was cut off.
Prints one table a suite: solved, right on held-out examples, candidates until solved (median, and the median ratio to uniform
on tasks both solve), seconds, the guide's share of them.  Plots of solved against candidates and seconds go beside the rows.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from neurosynth.bench.local import LocalExecutor
from neurosynth.bench.report import Report
from neurosynth.bench.rows import Row, RowFile
from neurosynth.bench.runner import make_plan, run
from neurosynth.bench.solvers import solver_named
from neurosynth.search.base import Limits

SUITES = ("dreamcoder-lists", "lambdabeam-lists", "deepcoder-neo", "deepcoder-exedec")
DRAWN = {"deepcoder-exedec": 300, "robustfill-exedec": 300}
"""Suites of which so many tasks are drawn, with seed 0."""
UNIFORM = "uniform-bottom-up"


@dataclass(frozen=True, kw_only=True)
class Contestant:
    """A guide and a search; ``name`` is that of its file of rows."""

    name: str
    guide: str
    search: str


@dataclass(frozen=True, kw_only=True)
class Settings:
    """One run."""

    tasks: Path
    """The folder of suites."""
    out: Path
    """The folder of rows and plots."""
    seconds: float = 10.0
    max_memory: float = 4.0
    limit: int | None = None
    """Tasks of each suite, evenly spread; all by default."""
    jobs: int = 1


def configurations(guides: Sequence[str], searches: Sequence[str]) -> Iterator[Contestant]:
    """Uniform first; each guide by each search that takes it."""
    if "bottom-up" in searches:
        yield Contestant(name=UNIFORM, guide="uniform", search="bottom-up")
    if "auto" in searches:
        yield Contestant(name="uniform-auto", guide="uniform", search="auto")
        yield Contestant(name="auto-auto", guide="auto", search="auto")
    for guide in guides:
        stem = Path(guide).stem
        if "bottom-up" in searches:
            yield Contestant(name=f"{stem}-bridge", guide=guide, search="bottom-up")
        if "beam" in searches and "pcfg" not in stem and "feedforward" not in stem:
            yield Contestant(name=f"{stem}-beam", guide=guide, search="beam")
        if "auto" in searches:
            yield Contestant(name=f"{stem}-auto", guide=guide, search="auto")


def suite_file(folder: Path, name: str, drawn: Path) -> str:
    """The suite as the runner takes it; of a large one the tasks drawn with seed 0, in a file of their own."""
    path = folder / name if (folder / name).is_dir() else folder / f"{name}.jsonl"
    if name not in DRAWN:
        return str(path)
    lines = path.read_text("utf-8").splitlines()
    chosen = random.Random(0).sample(range(len(lines)), min(DRAWN[name], len(lines)))
    file = drawn / f"{name}.jsonl"
    file.write_text("\n".join(lines[i] for i in sorted(chosen)) + "\n", "utf-8")
    return str(file)


def measure(configuration: Contestant, suites: Sequence[str], settings: Settings) -> list[Row]:
    """The rows of a configuration, those of an earlier run included."""
    solver = solver_named("neurosynth", language=None, guide=configuration.guide, search=configuration.search)
    limits = Limits(seconds=settings.seconds, max_memory=settings.max_memory)
    plan = make_plan(suites, solver, limits, limit=settings.limit, note=lambda text: print(text, file=sys.stderr))
    file = settings.out / f"{configuration.name}.jsonl"
    executor = LocalExecutor(jobs=settings.jobs)
    with RowFile(file, resume=file.exists(), on_torn=lambda text: print(text, file=sys.stderr)) as rows:
        wanted = {job.key for job in plan.jobs}
        found = [row for row in rows.rows if row.key in wanted]
        with closing(run(plan, executor, rows)) as running:
            found += [row for _, row in running if row is not None]
    return found


def line(name: str, rows: Iterable[Row], uniform: Iterable[Row]) -> str:
    """One configuration on one suite."""
    given = list(rows)
    solved = {row.task: row for row in given if row.solved}
    base = {row.task: row for row in uniform if row.solved}
    tested = [row for row in given if row.held_out is not None]
    right = sum(row.held_out is not None and row.held_out.all_right for row in tested)
    candidates = [first(row) for row in solved.values()]
    ratios = [first(base[task]) / first(row) for task, row in solved.items() if task in base]
    share = [r.stats["guide_seconds"] / r.stats["seconds"] for r in given if r.stats.get("seconds")]
    parts = [
        f"{name:28} {len(solved):4} of {len(given):4}",
        f"{right:4} of {len(tested):4}" if tested else f"{'':12}",
        f"{statistics.median(candidates):12,.0f}" if candidates else f"{'':12}",
        f"{statistics.median(ratios):9.2f} ({len(ratios)})" if ratios else f"{'':9}",
        f"{statistics.median([r.stats['seconds'] for r in solved.values()]):7.2f} s" if solved else "",
        f"{statistics.mean(share):6.1%}" if share else "",
    ]
    return "  ".join(parts)


def first(row: Row) -> int:
    """Candidates until the first program right on every example, at least 1."""
    return max(1, int(row.stats.get("first_solved") or row.stats["programs_tried"]))


def table(found: dict[str, list[Row]]) -> str:
    """One block a suite, in the order of the rows."""
    suites = list(dict.fromkeys(row.suite for rows in found.values() for row in rows))
    uniform = found.get(UNIFORM, next(iter(found.values())))
    lines = []
    for suite in suites:
        lines += [
            "",
            f"{suite:28} {'solved':>12}  {'held-out':>12}  {'candidates':>12}  {'ratio':>14}  {'median':>9}  guide",
        ]
        base = [row for row in uniform if row.suite == suite]
        lines += [line(name, [r for r in rows if r.suite == suite], base) for name, rows in found.items()]
    return "\n".join(lines)


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("suites", nargs="*", default=list(SUITES))
    parser.add_argument("--tasks", type=Path, default=Path(__file__).resolve().parents[2] / "shared" / "tasks")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--guides", nargs="*", default=["lists-bigram-pcfg", "lists-ngram", "lists-lstm"])
    parser.add_argument("--searches", nargs="*", default=["bottom-up", "beam", "auto"])
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--limit", type=int)
    parser.add_argument("--jobs", type=int, default=1)
    args = parser.parse_args()
    settings = Settings(tasks=args.tasks, out=args.out, seconds=args.seconds, limit=args.limit, jobs=args.jobs)
    settings.out.mkdir(parents=True, exist_ok=True)
    found: dict[str, list[Row]] = {}
    with tempfile.TemporaryDirectory() as drawn:
        suites = [suite_file(settings.tasks, name, Path(drawn)) for name in args.suites]
        for configuration in configurations(args.guides, args.searches):
            found[configuration.name] = measure(configuration, suites, settings)
            print(table(found), flush=True)
    files = [settings.out / f"{name}.jsonl" for name in found]
    report = Report.from_files(files)
    for kind in ("candidates", "seconds"):
        report.plot(settings.out / f"{kind}.svg", kind)


if __name__ == "__main__":
    main()
