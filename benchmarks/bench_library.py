"""What library learning brings: tasks kept aside, solved with the base language and with the learned one.

    python benchmarks/bench_library.py lists --tasks ../shared/tasks --out library
    python benchmarks/bench_library.py compression --tasks ../shared/tasks --out library

A domain: a random half of its tasks (``--seed``) is learned from; the other half is solved under the same limits with the base language and
the guides that come with it, with the base language and a guide of its own (fitted to the same solutions), and with the learned language and
its guide.
``bootstrap`` learns from all its tasks and asks what was found again.  Everything goes to the folder ``--out``: the run of the learner, rows of
each contestant, and ``NAME.table.json``; the same command continues where a run was cut off.  ``compression`` samples list programs and compares
the ratio after typing with Stitch's own, under its default options and under ours.  ``ablate_library.py`` leaves out one part after the other.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # benchmarks is a folder of scripts, never installed

from benchmarks.found_again import found_again
from neurosynth.bench.local import LocalExecutor
from neurosynth.bench.rows import Row
from neurosynth.bench.suites import Suite, find_suite
from neurosynth.guides.files import write_guide_file
from neurosynth.language.language import Language
from neurosynth.language.learned import library_language, read_library
from neurosynth.language.load import load_language
from neurosynth.language.syntax import parse_program
from neurosynth.library.compress import CompressionConfig, compress
from neurosynth.library.config import LearnConfig
from neurosynth.library.described import Solved
from neurosynth.library.dream import fit_rules
from neurosynth.library.loop import Learner, Round
from neurosynth.library.stitch import Symbols, run_stitch
from neurosynth.library.wake import Speaker, solve_all
from neurosynth.search.base import Limits
from neurosynth.training.sampling import sample_tasks


@dataclass(frozen=True, kw_only=True)
class Domain:
    """A language, the suite it learns from, and for how long."""

    language: str
    suite: str
    config: LearnConfig
    limits: Limits
    """Of each task kept aside."""
    halves: bool = True
    """Whether half of the tasks is kept aside; else all are learned from."""


QUICK = LearnConfig(
    rounds=2,
    seconds=60,
    max_programs=500_000,
    programs=2,
    guide="uniform",
    gate_programs=50_000,
    neural="lstm",
    minutes=1.5,
)
BUILDING = replace(
    QUICK, rounds=3, max_programs=None, seconds=6, together=40, gate_programs=200_000, gate_seconds=90, neural=""
)
"""Where programs build something; a recognition model reads inputs, of which these tasks have none."""

DOMAINS = {
    "lists": Domain(
        language="lists", suite="dreamcoder-lists", config=QUICK, limits=Limits(seconds=60, max_programs=500_000)
    ),
    "strings": Domain(
        language="strings", suite="progsynth-strings", config=QUICK, limits=Limits(seconds=60, max_programs=500_000)
    ),
    "towers": Domain(language="towers", suite="dreamcoder-towers", config=BUILDING, limits=Limits(seconds=60)),
    "turtle": Domain(
        language="turtle", suite="turtle-drawings", config=replace(BUILDING, together=5), limits=Limits(seconds=60)
    ),
    "bootstrap": Domain(
        language="lists-little",
        suite="mccarthy-bootstrap",
        config=replace(BUILDING, rounds=4, gate=False, dreams=200, whole=True),
        limits=Limits(seconds=60),
        halves=False,
    ),
}
"""Limits are on candidates, so that figures do not depend on what else the machine does; seconds bound what a task may take.

A task has as many candidates in the wake phase as when it is kept aside: what the base language barely solves can only be learned if it
is solved while learning, too.
"""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """One run."""

    tasks: Path
    out: Path
    seed: int = 0
    jobs: int = 1
    rounds: int | None = None
    seconds: float | None = None
    """Of each task in the wake phase; that of the domain by default."""
    minutes: float | None = None
    """For which a recognition model is trained in each round; likewise."""
    together: float | None = None
    """Of all tasks with the same inputs; likewise."""
    every: int = 1
    """Of the tasks kept aside, only each so many-th is solved."""
    learn_every: int = 1
    """Of the tasks to learn from, only each so many-th is one."""
    counted: bool = False
    """Whether seconds for each task kept aside are counted ones, which are the same work on every machine."""
    only: tuple[str, ...] = ()
    """Contestants; all by default."""
    limit: int | None = None
    """Tasks kept aside that are solved; all by default."""
    each: float | None = None
    """Seconds for each of those; those of the domain by default."""
    learn_only: bool = False
    """Whether nothing is solved with what was learned."""
    learned: Path | None = None
    """A library that was learned from the same tasks before: nothing is learned then."""


def note(text: str) -> None:
    """A line on stderr."""
    print(text, file=sys.stderr, flush=True)


def suite_of(domain: Domain, tasks: Path) -> Suite:
    """The suite: a file of the folder, or a plugin's."""
    load_language(domain.language)  # which may bring types that the tasks are written in
    file = tasks / f"{domain.suite}.jsonl"
    return find_suite(str(file) if file.exists() else domain.suite, lambda error: note(f"left out: {error}"))


def split(suite: Suite, domain: Domain, seed: int) -> tuple[Suite, Suite]:
    """The half to learn from and the half kept aside."""
    order = list(range(len(suite.tasks)))
    random.Random(seed).shuffle(order)
    first = set(order[: len(order) // 2]) if domain.halves else set(order)
    learned = tuple(t for i, t in enumerate(suite.tasks) if i in first)
    aside = tuple(t for i, t in enumerate(suite.tasks) if i not in first) if domain.halves else suite.tasks
    return replace(suite, tasks=learned), replace(suite, tasks=aside)


def learned(
    name: str, domain: Domain, config: LearnConfig, suite: Suite, settings: Settings
) -> tuple[Learner, list[Round]]:
    """Learn, or go on with it."""
    learner = Learner(
        suites=[suite],
        language=load_language(domain.language),
        out=(settings.out / f"{name}.json").resolve(),
        config=config,
        executor=LocalExecutor(jobs=settings.jobs),
        resume=True,
        note=note,
    )
    rounds = []
    for done in learner.rounds():
        rounds.append(done)
        note(json.dumps(done.to_json(), ensure_ascii=False))
    return learner, rounds


def contestants(learner: Learner, folder: Path, name: str) -> Iterator[tuple[str, Speaker]]:
    """The base with what comes with it, also asked at once, the base with a guide of its own, and what was learned."""
    base: Language = learner.base
    yield "base", Speaker(language=base.name, library=None, guide="auto")
    if learner.config.neural:
        yield "base-neural", Speaker(language=base.name, library=None, guide=f"{base.name}-{learner.config.neural}")
    programs = [s.program for group in learner.solutions.values() for s in group]
    own = folder / f"{name}.base-guide.json"
    write_guide_file(own, fit_rules(programs, base).to_file())
    yield "base-own-guide", Speaker(language=base.name, library=None, guide=str(own))
    guide = read_library(learner.out).guide
    speaker = Speaker(
        language=learner.library.name, library=learner.out, guide=str(learner.out.with_name(guide))
    )  # also without abstractions: the guide is one for this language
    yield "library", speaker


def measured(speaker: Speaker, suite: Suite, domain: Domain, file: Path, settings: Settings) -> list[Row]:
    """The rows of a contestant on tasks kept aside."""
    tasks = [(suite.name, t) for t in suite.tasks[:: settings.every]][: settings.limit]
    running = solve_all(
        speaker.jobs(
            tasks,
            replace(domain.limits, seconds=settings.each or domain.limits.seconds),
            settings.seed,
            counted=settings.counted,
        ),
        LocalExecutor(jobs=settings.jobs),
        file,
        note,
    )
    while True:
        try:
            next(running)
        except StopIteration as done:
            return list(done.value)


def first(row: Row) -> int:
    """Candidates until the first program that is right on every example, at least 1."""
    return max(1, int(row.stats.get("first_solved") or row.stats["programs_tried"]))


def compared(rows: dict[str, list[Row]]) -> dict[str, Any]:
    """The table: what each contestant solves, and with how many candidates those tasks that the base solves, too."""
    base = {r.task: r for r in rows["base"] if r.solved}
    table: dict[str, Any] = {}
    for name, own in rows.items():
        solved = {r.task: r for r in own if r.solved}
        shared = [t for t in base if t in solved]
        ratios = [first(base[t]) / first(solved[t]) for t in shared]
        table[name] = {
            "tasks": len(own),
            "solved": len(solved),
            "median_candidates": statistics.median(map(first, solved.values())) if solved else None,
            "median_ratio_to_base": round(statistics.median(ratios), 3) if ratios else None,
            "lost": sorted(t for t in base if t not in solved),
            "gained": sorted(t for t in solved if t not in base),
            "cpu_seconds": round(sum(r.cpu for r in own), 1),
        }
    left = len(rows["base"]) - len(base)
    table["library"]["share_of_what_base_leaves"] = round(len(table["library"]["gained"]) / left, 3) if left else None
    return table


def run_domain(name: str, settings: Settings, changes: dict[str, Any] | None = None, label: str = "") -> dict[str, Any]:
    """Learn, solve what was kept aside, and write the table."""
    domain = DOMAINS[name]
    names = ("rounds", "seconds", "together", "minutes")
    limits = {name: getattr(settings, name) for name in names}
    given: dict[str, Any] = {k: v for k, v in limits.items() if v is not None}
    config = replace(domain.config, seed=settings.seed, **given, **(changes or {}))
    suite = suite_of(domain, settings.tasks)
    learn_from, aside = split(suite, domain, settings.seed)
    learn_from = replace(learn_from, tasks=learn_from.tasks[:: settings.learn_every])
    ablated = bool(label)
    label = label or name
    began = time.monotonic()
    if settings.learned is not None:
        speakers = given_library(domain, settings.learned)
        solved = kept_aside(speakers, aside, name, label, domain, settings)
        found = {"domain": name, "seed": settings.seed, "learned": settings.learned.name, "kept_aside": solved}
        return written(found, label, began, settings)
    learner, rounds = learned(label, domain, config, learn_from, settings)
    result: dict[str, Any] = {
        "domain": name,
        "seed": settings.seed,
        "learned_from": len(learn_from.tasks),
        "rounds": [r.to_json() for r in rounds],
        "library": [f"{a.name} : {a.type} := {a.body}" for a in learner.library.abstractions],
        "learning_seconds": sum(r.seconds for r in rounds),
    }
    if domain.halves and settings.learn_only:
        result["kept_aside"] = "not solved"
    elif domain.halves or ablated:
        speakers = contestants(learner, settings.out, label)
        result["kept_aside"] = kept_aside(speakers, aside, name, label, domain, settings)
    else:
        result["solved"] = {key: [str(s.program) for s in group] for key, group in learner.solutions.items()}
        result["found_again"] = found_again(
            library_language(learner.library, load_language(learner.library.base)), learner.library.abstractions
        )
    return written(result, label, began, settings)


def given_library(domain: Domain, file: Path) -> Iterator[tuple[str, Speaker]]:
    """The base with what comes with it, and a library of a file with the guide that it names."""
    yield "base", Speaker(language=domain.language, library=None, guide="auto")
    library = read_library(file)
    path = file.resolve()
    yield "library", Speaker(language=library.name, library=path, guide=str(path.with_name(library.guide)))


def kept_aside(
    speakers: Iterator[tuple[str, Speaker]], aside: Suite, name: str, label: str, domain: Domain, settings: Settings
) -> Any:
    """The contestants on the tasks kept aside, compared."""
    rows = {}
    for contestant, speaker in speakers:
        if settings.only and contestant not in settings.only:
            continue
        # what does not depend on the library is measured once
        alone = contestant in ("base", "base-neural")
        file = settings.out / f"{name if alone else label}.{contestant}.jsonl"
        rows[contestant] = measured(speaker, aside, domain, file, settings)
        note(f"{contestant}: {sum(r.solved for r in rows[contestant])} of {len(rows[contestant])}")
    return compared(rows) if {"base", "library"} <= set(rows) else sorted(rows)


def written(result: dict[str, Any], label: str, began: float, settings: Settings) -> dict[str, Any]:
    """The table in its file."""
    result["seconds"] = round(time.monotonic() - began, 1)
    (settings.out / f"{label}.table.json").write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return result


def run_compression(settings: Settings) -> dict[str, Any]:
    """1,000 sampled list programs: the ratio after typing against Stitch's own."""
    language = load_language("lists")
    tasks = sample_tasks(language, count=1000, seed=settings.seed, workers=1)
    solved = [
        Solved(t.name, t, parse_program(str(t.extra["program"]), language, request=t.type, constants=t.constants))
        for t in tasks
    ]
    began, cpu = time.perf_counter(), time.process_time()
    found = compress(solved, language, CompressionConfig(abstractions=10))
    seconds = time.perf_counter() - began
    symbols = Symbols()
    texts = [symbols.text(s.program, len(s.task.inputs)) for s in solved]
    own = {}
    for name, options in (("default", {}), ("ours", None)):
        own[name] = run_stitch(
            texts, [s.key for s in solved], prefix="fn_", count=10, max_arity=3, seconds=300, memory=4, options=options
        ).ratio
    result = {
        "programs": len(solved),
        "seed": settings.seed,
        "ratio_typed": round(found.ratio, 4),
        "ratio_stitch_default": round(own["default"], 4),
        "ratio_stitch_our_options": round(own["ours"], 4),
        "of_default": round(found.ratio / own["default"], 4),
        "abstractions": len(found.abstractions),
        "dropped": dict(found.dropped),
        "seconds": round(seconds, 2),
        "cpu_seconds_without_stitch": round(time.process_time() - cpu, 2),
    }
    (settings.out / "compression.table.json").write_text(json.dumps(result, indent=1) + "\n", "utf-8")
    return result


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options that become settings."""
    parser.add_argument("--tasks", type=Path, default=Path(__file__).resolve().parents[2] / "shared" / "tasks")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--seconds", type=float)
    parser.add_argument("--together", type=float)
    parser.add_argument("--minutes", type=float)
    parser.add_argument("--limit", type=int)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--learn-every", type=int, default=1)
    parser.add_argument("--counted", action="store_true")
    parser.add_argument("--only", action="append", default=[], help="a contestant; all by default")
    parser.add_argument("--each", type=float)


def settings_of(given: argparse.Namespace) -> Settings:
    """The settings of a command line, whose folder is made."""
    given.out.mkdir(parents=True, exist_ok=True)
    values = {f.name: getattr(given, f.name) for f in fields(Settings) if hasattr(given, f.name)}
    return Settings(**{**values, "only": tuple(given.only)})


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=[*DOMAINS, "compression"])
    add_options(parser)
    parser.add_argument("--learn-only", action="store_true")
    parser.add_argument("--learned", type=Path, help="a library learned before from the same tasks")
    given = parser.parse_args()
    settings = settings_of(given)
    if given.what == "compression":
        print(json.dumps(run_compression(settings), indent=1))
    else:
        found = run_domain(given.what, settings)
        print(json.dumps(found.get("kept_aside", found), ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
