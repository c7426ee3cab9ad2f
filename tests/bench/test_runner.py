"""The runner: whatever a task does is a row; nothing is run twice; where it runs changes nothing."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Collection, Generator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from neurosynth.bench.jobs import Job
from neurosynth.bench.local import LocalExecutor, why
from neurosynth.bench.messages import Ended, Usage
from neurosynth.bench.processes import children
from neurosynth.bench.rows import Row, RowFile, read_rows
from neurosynth.bench.runner import Plan, RunProgress, make_plan, run
from neurosynth.bench.solvers import Neurosynth
from neurosynth.errors import InputError
from neurosynth.search.base import Limits
from neurosynth.tasks.json_files import write_jsonl
from neurosynth.tasks.task import Task, example
from tests.bench.evil import DEEDS, harmless, task_of, unsolved

PLAIN = Neurosynth(guide="uniform", search="bottom-up")


def job(task: Task, **changes: Any) -> Job:
    """A job of our own search."""
    given: dict[str, Any] = {"suite": "s", "language": "lists", "solver": PLAIN, "limits": Limits(seconds=5)}
    return Job(task=task, **{**given, **changes})


def rows_of(work: Sequence[Job], **settings: Any) -> dict[str, Row]:
    """The rows by task."""
    found = [row for row in LocalExecutor(**settings).run(work) if row is not None]
    rows = {row.task: row for row in found}
    assert len(found) == len(rows) == len(work)
    return rows


# --- what tasks do to their process -----------------------------------------------------------------------------------

ENDS = {
    "endless": ("killed", r"still running 0\.5 s after its limit of 0\.5 s"),
    "sleeping": ("killed", r"still running 0\.5 s after its limit of 0\.5 s"),
    "greedy": ("killed", r"its process held more than 0\.4 GB, the hard cap above its limit of 0\.1 GB"),
    "modest": ("error", r"PrimitiveBug: primitive modest\(1\) raised MemoryError.*"),
    "segfault": ("crashed", r'segmentation fault \(signal 11\) in ".*", line \d+ in string_at'),
    "abort": ("crashed", r'abort \(signal 6\) in ".*evil\.py", line \d+ in abort'),
    "killed": ("killed", r"signal 9 from outside: someone's kill, or the system ran out of memory"),
    "leave": ("crashed", r"ended with exit status 0 and no answer"),
    "talk": ("crashed", r"ended with exit status 3 and no answer: lost my footing"),
    "limits": ("error", r"PrimitiveBug: .*'[23] s of processor time'.*"),
    "bug": ("error", r"PrimitiveBug: primitive bug\(1\) raised KeyError: 1"),
    "shout": ("exhausted", r""),
}


@pytest.fixture(scope="module")
def ends() -> dict[str, Row]:
    """A row of each evil deed, and of harmless tasks around them."""
    limits = {"limits": Limits(seconds=0.5, max_memory=0.1)}
    evil = [job(task_of(deed), **limits) for deed in DEEDS if deed != "greedy"]
    greedy = job(task_of("greedy"), limits=Limits(seconds=20, max_memory=0.1))
    return rows_of([job(harmless("before")), *evil, greedy, job(harmless("after"))], jobs=2, grace=0.5)


@pytest.mark.parametrize("deed", DEEDS)
def test_whatever_a_task_does_is_a_row(deed: str, ends: dict[str, Row]) -> None:
    stop, reason = ENDS[deed]
    row = ends[deed]
    assert row.stop == stop, row.reason
    assert re.fullmatch(reason, row.reason), row.reason
    assert not row.solved
    assert row.programs == ()
    assert row.wall > 0
    assert row.cpu > 0
    assert row.peak_memory_mb > 10


def test_other_tasks_do_not_notice(ends: dict[str, Row]) -> None:
    for name in ("before", "after"):
        row = ends[name]
        assert (row.stop, row.programs[0]["text"]) == ("solved", "(sum x0)")
        assert row.stats["programs_tried"] == ends["before"].stats["programs_tried"]


def test_what_a_task_prints_stays_with_it(capfd: pytest.CaptureFixture[str]) -> None:
    rows_of([job(task_of("shout"))])
    assert capfd.readouterr() == ("", "")


def test_a_row_says_how_and_where_it_came_about(ends: dict[str, Row]) -> None:
    row = ends["before"]
    assert (row.guide, row.search, row.settings) == (
        "uniform",
        "bottom-up",
        {"guide": "uniform", "search": "bottom-up"},
    )
    assert {"python", "neurosynth", "numpy", "numba"} <= row.versions.keys()
    assert row.machine["cores"] == os.cpu_count()
    assert (row.examples, row.show, row.held_out) == (2, None, None)
    assert row.closest_share == 1.0
    assert row.started[:2] == "20"
    assert Row.from_json(json.loads(json.dumps(row.to_json()))) == row


@pytest.mark.parametrize(
    ("status", "overrun", "own", "stop", "reason"),
    [
        (signal.SIGXCPU, "", True, "killed", "used 7 s of processor time; its limit is 5 s"),
        (signal.SIGTERM, "", True, "killed", "signal 15 from outside: someone's kill"),
        (signal.SIGBUS, "", True, "crashed", "bus error (signal 7)"),
        (signal.SIGKILL, "time", False, "time", ""),
        (signal.SIGKILL, "memory", False, "memory", ""),
        (signal.SIGXCPU, "", False, "time", ""),
    ],
)
def test_why_a_process_ended(status: int, overrun: str, own: bool, stop: str, reason: str) -> None:
    ended = Ended(0, None, Usage(0.0, 7.0, 7.0, 1e8), int(status), overrun)
    parts = why(ended, job(harmless(), solver=Neurosynth(own_limits=own)), LocalExecutor())
    assert (parts["stop"], parts.get("reason", "")) == (stop, reason)


# --- executors --------------------------------------------------------------------------------------------------------


def forked_from(others: Collection[int]) -> int:
    """The process that tasks of this one are forked from; ``others`` are children that were there before."""
    (found,) = set(children("self")).difference(others)
    return found


def test_losing_the_process_that_forks_costs_no_row() -> None:
    others = children("self")
    jobs = [job(harmless(str(i))) for i in range(6)]
    rows: list[Row] = []
    for row in LocalExecutor().run(jobs):
        if row is not None:
            rows.append(row)
            if len(rows) == 2:
                os.kill(forked_from(others), signal.SIGKILL)
    assert sorted(row.task for row in rows) == list("012345")
    assert {row.stop for row in rows} == {"solved"}


def test_closing_the_iterator_ends_everything() -> None:
    others = children("self")
    rows = LocalExecutor(jobs=2).run([job(task_of("sleeping", str(i)), limits=Limits(seconds=60)) for i in range(4)])
    next(rows)
    parent = forked_from(others)
    while len(tasks := children(parent)) < 2:
        next(rows)
    rows.close()
    assert not any(Path(f"/proc/{pid}").exists() for pid in (parent, *tasks))


@pytest.mark.parametrize(
    ("solver", "message"),
    [
        (Neurosynth(guide="uniform", search="sideways"), "unknown search 'sideways'; known: .*bottom-up"),
        (
            Neurosynth(guide="uniform", language="klingon"),
            "unknown language 'klingon'; known: bitvectors, .*lists, .*strings",
        ),
    ],
)
def test_an_unknown_name_ends_the_run(solver: Neurosynth, message: str) -> None:
    with pytest.raises(InputError, match=message):
        list(LocalExecutor().run([job(harmless(), solver=solver)]))


def test_a_task_that_nobody_can_run_is_its_row() -> None:
    odd = Task([example(1, output=1)], "odd", language="klingon")
    heavy = Task([example(1, output=1)], "heavy", extra={"f": lambda: 0})
    rows = rows_of([job(odd, language="klingon"), job(heavy), job(harmless())])
    assert (rows["odd"].stop, rows["odd"].reason[:26]) == ("error", "unknown language 'klingon'")
    assert rows["heavy"].stop == "error"
    assert rows["heavy"].reason.startswith("task 'heavy' cannot be sent to another process: ")
    assert rows["sum"].solved


@pytest.mark.parametrize(("setting", "message"), [({"jobs": 0}, "jobs is 0"), ({"grace": 0}, "grace is 0")])
def test_settings_of_the_executor_are_checked(setting: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        LocalExecutor(**setting)


@pytest.mark.parametrize(
    "programs",
    [pytest.param(2_000, id="on Python objects"), pytest.param(50_000, id="compiled", marks=pytest.mark.slow)],
)
def test_results_do_not_depend_on_the_number_of_jobs(programs: int) -> None:
    limits = Limits(seconds=60, max_programs=programs)
    tasks = [harmless(), unsolved("noise"), task_of("shout"), harmless("again", 3), unsolved("more noise")]
    jobs = [job(task, limits=limits) for task in tasks]
    one, two = rows_of(jobs, jobs=1), rows_of(jobs, jobs=2)
    assert {row.stop for row in one.values()} == {"solved", "programs", "exhausted"}
    for name, row in one.items():
        assert (row.stop, row.programs) == (two[name].stop, two[name].programs)
        assert row.stop != "programs" or row.stats["programs_tried"] == programs
        assert row.stats["programs_tried"] == two[name].stats["programs_tried"]
        # A level that is cut off in the middle holds other values when its loops were loaded already.
        assert row.stop == "programs" or row.stats["values_kept"] == two[name].stats["values_kept"]
    bare = rows_of(jobs, jobs=3)
    assert {n: r.stats["programs_tried"] for n, r in bare.items()} == {
        n: r.stats["programs_tried"] for n, r in one.items()
    }


# --- plans and runs ---------------------------------------------------------------------------------------------------


class Here:
    """An executor that makes rows up, and counts."""

    def __init__(self) -> None:
        self.ran: list[str] = []

    def run(self, jobs: Sequence[Job]) -> Generator[Row | None, None, None]:
        """All solved."""
        for j in jobs:
            yield None
            self.ran.append(j.task.name)
            yield Row(
                **j.fields(), stop="solved", solved=True, stats={"seconds": 1.0}, wall=1.0, cpu=1.0, peak_memory_mb=1.0,
                versions={}, commit=None, machine={}, started="",
            )  # fmt: skip


def suite(tmp_path: Path, count: int = 4, name: str = "mine", examples: int = 4) -> str:
    """A suite of tasks named 0, 1 …"""
    path = tmp_path / f"{name}.jsonl"
    write_jsonl(path, [Task([example(j, output=i + j) for j in range(examples)], str(i)) for i in range(count)])
    return str(path)


def plan(*suites: str, solver: Neurosynth = PLAIN, limits: Limits | None = None, **changes: Any) -> Plan:
    """A plan with short limits."""
    return make_plan(suites, solver, limits or Limits(seconds=1), **changes)


def refuse(message: str) -> None:
    """For files that are whole."""
    raise AssertionError(message)


def do(what: Plan, path: Path, *, resume: bool = False, stop_after: int | None = None) -> list[str]:
    """Run a plan, or the beginning of it: the tasks that were run."""
    here = Here()
    with RowFile(path, resume=resume, on_torn=refuse) as file:
        running = run(what, here, file)
        for _, row in running:
            if row is not None and len(here.ran) == stop_after:
                running.close()
                break
    return here.ran


def test_jobs_come_suite_by_suite_and_run_by_run(tmp_path: Path) -> None:
    first, second = suite(tmp_path, 2), suite(tmp_path, 1, "other")
    jobs = plan(first, second, seeds=[5, 0], repeats=2).jobs
    assert [(j.suite, j.seed, j.repeat, j.task.name) for j in jobs[:6]] == [
        ("mine", 5, 0, "0"), ("mine", 5, 0, "1"), ("mine", 5, 1, "0"), ("mine", 5, 1, "1"), ("mine", 0, 0, "0"),
        ("mine", 0, 0, "1"),
    ]  # fmt: skip
    assert len(jobs) == len({j.key for j in jobs}) == 12


def test_examples_are_held_out_and_tasks_spread(tmp_path: Path) -> None:
    jobs = plan(suite(tmp_path, 10), show=1, limit=5).jobs
    assert [j.task.name for j in jobs] == ["0", "2", "4", "6", "8"]
    assert {(len(j.task.examples), len(j.task.test_examples), j.show) for j in jobs} == {(1, 3, 1)}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"repeats": 0}, "--repeats is 0; allowed: 1 or more"),
        ({"show": 0}, "--show is 0; allowed: 1 or more"),
        ({"limit": 0}, "--limit is 0; allowed: 1 or more"),
        ({"seeds": [1, 1]}, "--seed repeats a seed: 1, 1; use --repeats for several runs of one seed"),
        ({"tests": "{folder}/tests.jsonl"}, "none of its names is a task of the suites; tasks: 0, 1, 2, 3$"),
    ],
)
def test_what_cannot_be_planned_is_said(changes: dict[str, Any], message: str, tmp_path: Path) -> None:
    (tmp_path / "tests.jsonl").write_text('{"name": "t", "test_examples": []}\n')
    changes = {k: v.format(folder=tmp_path) if isinstance(v, str) else v for k, v in changes.items()}
    with pytest.raises(InputError, match=message):
        plan(suite(tmp_path), **changes)


def test_two_suites_of_one_name_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    with pytest.raises(InputError, match=r"2 suites are called 'mine'; name one: NAME=.*mine\.jsonl"):
        plan(suite(tmp_path), suite(tmp_path / "a"))


def test_test_examples_for_some_tasks_only_are_said(tmp_path: Path) -> None:
    (tmp_path / "tests.jsonl").write_text('{"name": "1", "test_examples": [{"inputs": [7], "output": 8}]}\n')
    said: list[str] = []
    jobs = plan(suite(tmp_path), tests=str(tmp_path / "tests.jsonl"), note=said.append).jobs
    assert [len(j.task.test_examples) for j in jobs] == [0, 1, 0, 0]
    assert said == [f"--tests {tmp_path / 'tests.jsonl'}: has test examples for 1 of 4 tasks"]


def test_a_run_that_was_stopped_goes_on_and_runs_nothing_twice(tmp_path: Path) -> None:
    what, out = plan(suite(tmp_path, 6)), tmp_path / "rows.jsonl"
    assert do(what, out, stop_after=2) == ["0", "1"]
    out.write_bytes(out.read_bytes() + b'{"schema": 1, "suite": "mi')
    with RowFile(out, resume=True, on_torn=lambda message: None):
        pass
    assert do(what, out, resume=True) == ["2", "3", "4", "5"]
    assert do(what, out, resume=True) == []
    assert [row.task for row in read_rows(out)] == ["0", "1", "2", "3", "4", "5"]


def test_more_seeds_repeats_and_suites_may_be_added(tmp_path: Path) -> None:
    first, out = suite(tmp_path, 2), tmp_path / "rows.jsonl"
    do(plan(first), out)
    assert do(plan(first, seeds=[0, 1], repeats=2), out, resume=True) == ["0", "1"] * 3
    assert do(plan(first, suite(tmp_path, 3, "other")), out, resume=True) == ["0", "1", "2"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"limits": Limits(seconds=2)},
            "row 1: was made with --seconds 1, but this run has --seconds 2; use the same setting, or give another --out",
        ),
        ({"limits": Limits(seconds=1, max_memory=1)}, r"made with --max-memory 4\.0, but this run has --max-memory 1;"),
        (
            {"limits": Limits(seconds=1, max_programs=9)},
            "made with no --max-programs, but this run has --max-programs 9;",
        ),
        ({"show": 2}, "made with no --show, but this run has --show 2;"),
        ({"solver": Neurosynth(guide="uniform")}, "made with --search bottom-up, but this run has --search auto;"),
        ({"solver": Neurosynth(search="bottom-up")}, "made with --guide uniform, but this run has --guide auto;"),
        (
            {"solver": Neurosynth(guide="uniform", search="bottom-up", language="strings")},
            "made with --language lists, but this run has --language strings;",
        ),
    ],
)
def test_going_on_under_other_settings_is_refused(change: dict[str, Any], message: str, tmp_path: Path) -> None:
    given, out = suite(tmp_path), tmp_path / "rows.jsonl"
    do(plan(given), out)
    with pytest.raises(InputError, match=message):
        do(plan(given, **change), out, resume=True)
    assert len(read_rows(out)) == 4


def test_going_on_with_a_suite_that_changed_is_refused(tmp_path: Path) -> None:
    out = tmp_path / "rows.jsonl"
    do(plan(suite(tmp_path)), out)
    with pytest.raises(InputError, match="row 1: task '0' of suite 'mine' had other examples when the run began"):
        do(plan(suite(tmp_path, examples=5)), out, resume=True)


def test_progress_counts_by_suite(tmp_path: Path) -> None:
    what = plan(suite(tmp_path, 3), suite(tmp_path, 2, "other"))
    progress = RunProgress(what, [])
    assert (progress.total, progress.done, progress.left) == (5, 0, None)
    first, second = (row for row in Here().run(what.jobs[:2]) if row is not None)
    progress.suites["mine"].add(replace(first, stats={"seconds": 3.0}))
    progress.suites["mine"].add(replace(second, stop="crashed", solved=False))
    assert progress.left is not None
    assert [s.to_json() for s in progress.suites.values()] == [
        {
            "suite": "mine", "tasks": 3, "done": 2, "solved": 1, "failed": 1, "left_out": 0, "held_out": None,
            "median_seconds": 3.0, "worst_seconds": 3.0,
        },
        {
            "suite": "other", "tasks": 2, "done": 0, "solved": 0, "failed": 0, "left_out": 0, "held_out": None,
            "median_seconds": None, "worst_seconds": None,
        },
    ]  # fmt: skip


# --- what is loaded where -------------------------------------------------------------------------------------------


def test_the_process_that_hands_out_tasks_loads_no_numpy() -> None:
    modules = (
        "cli.bench, neurosynth.bench.local, neurosynth.bench.runner, neurosynth.bench.solvers, neurosynth.bench.rows"
    )
    code = f"import sys, neurosynth.{modules}; print(*(m for m in ('numpy', 'numba', 'torch') if m in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert not done.stdout.split()
