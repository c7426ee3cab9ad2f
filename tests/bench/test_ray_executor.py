"""On a cluster: the same rows as on one machine; whatever is lost costs none, and nothing is left behind."""

from __future__ import annotations

import logging
import os
import secrets
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from neurosynth import extras
from neurosynth.bench.command_solver import Command
from neurosynth.bench.jobs import Job
from neurosynth.bench.local import LocalExecutor
from neurosynth.bench.ray_executor import RayExecutor
from neurosynth.bench.rows import Row, read_rows
from neurosynth.bench.solvers import Neurosynth
from neurosynth.cli import main
from neurosynth.cluster import connected, cpus, in_order_on_ray
from neurosynth.errors import InputError, NeurosynthError
from neurosynth.search.base import Limits
from neurosynth.tasks.json_files import write_jsonl
from neurosynth.tasks.task import Task, example
from tests.bench.evil import harmless, task_of, unsolved

needs_ray = pytest.mark.skipif(not extras.installed("cluster"), reason="clusters need Ray")
PLAIN = Neurosynth(guide="uniform", search="bottom-up")
TOKEN = secrets.token_hex(32)
"""A process of Ray's keeps the first secret it has read."""


def keep_to_itself(patch: pytest.MonkeyPatch) -> None:
    """Ray sends no report, and its secret is not kept in the user's home."""
    patch.setenv("RAY_AUTH_TOKEN", TOKEN)
    patch.setenv("RAY_USAGE_STATS_ENABLED", "0")


@pytest.fixture(scope="module")
def cluster() -> Iterator[None]:
    """A Ray of this machine alone, with two processors."""
    with pytest.MonkeyPatch.context() as patch:
        keep_to_itself(patch)
        import ray

        ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, logging_level=logging.ERROR)
        yield
        ray.shutdown()


def job(task: Task, **changes: Any) -> Job:
    """A job of our own search."""
    given: dict[str, Any] = {"suite": "s", "language": "lists", "solver": PLAIN, "limits": Limits(seconds=60)}
    return Job(task=task, **{**given, **changes})


def below(pid: int) -> list[int]:
    """All processes below one."""
    try:  # each thread has children of its own
        direct = [int(p) for f in Path(f"/proc/{pid}/task").glob("*/children") for p in f.read_text().split()]
    except OSError:  # it has ended
        return []
    return direct + [q for p in direct for q in below(p)]


def named(part: str) -> list[int]:
    """Processes below this one whose command line has these words."""
    found = []
    for pid in below(os.getpid()):
        try:
            line = Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            continue
        if part.encode() in line:
            found.append(pid)
    return found


def counts(rows: Sequence[Row]) -> dict[str, Any]:
    """What of rows does not depend on where they were made."""
    found = {r.task: (r.stop, r.programs, r.stats["programs_tried"], r.stats["values_kept"]) for r in rows}
    assert len(found) == len(rows)
    return found


@pytest.mark.slow
@needs_ray
def test_rows_are_those_of_one_machine_though_a_process_is_killed(cluster: None) -> None:
    limits = Limits(seconds=60, max_programs=2_000)
    tasks = [*(unsolved(f"noise-{i}") for i in range(6)), harmless(), task_of("segfault")]
    jobs = [job(task, limits=limits) for task in tasks]
    rows: list[Row] = []
    for row in RayExecutor().run(jobs):
        if row is not None:
            rows.append(row)
            if len(rows) == 2:
                os.kill(named("ray::_batch")[0], signal.SIGKILL)
    assert counts(rows) == counts([row for row in LocalExecutor(jobs=2).run(jobs) if row is not None])
    assert {row.stop for row in rows} == {"programs", "solved", "crashed"}


@needs_ray
@pytest.mark.slow
def test_losing_a_machine_costs_no_row(monkeypatch: pytest.MonkeyPatch) -> None:
    keep_to_itself(monkeypatch)
    import ray
    from ray.cluster_utils import Cluster

    ray.shutdown()
    machines: Any = Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "include_dashboard": False})
    try:
        other = machines.add_node(num_cpus=1)
        ray.init(address=machines.address, log_to_driver=False, logging_level=logging.ERROR)
        assert cpus() == 2
        jobs = [job(unsolved(f"noise-{i}"), limits=Limits(seconds=60, max_programs=2_000)) for i in range(10)]
        rows: list[Row] = []
        for row in RayExecutor().run(jobs):
            if row is not None:
                rows.append(row)
                if len(rows) == 3:
                    machines.remove_node(other, allow_graceful=False)
        assert sorted(row.task for row in rows) == sorted(j.task.name for j in jobs)
        assert {row.stop for row in rows} == {"programs"}
    finally:
        ray.shutdown()
        machines.shutdown()


POISON = """
import json, os, signal, sys, time
def parent(pid):
    return int(open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()[1])
if json.load(open(sys.argv[1]))["name"] == "poison":
    os.kill(parent(parent(os.getppid())), signal.SIGKILL)  # the worker, the fork server, the process of Ray
    time.sleep(60)
print("(sum x0)")
"""


@needs_ray
@pytest.mark.slow
def test_a_job_that_takes_every_process_with_it_is_a_row(cluster: None, tmp_path: Path) -> None:
    (tmp_path / "tool.py").write_text(POISON)
    solver = Command(name="tool", command=f"{sys.executable} {tmp_path}/tool.py {{task.json}}")
    tasks = [harmless("a"), harmless("poison"), *(harmless(n) for n in "bcdef")]
    found = [row for row in RayExecutor(tries=2).run([job(t, solver=solver) for t in tasks]) if row is not None]
    rows = {row.task: row for row in found}
    assert len(rows) == len(found) == len(tasks)
    poison = rows.pop("poison")
    assert poison.stop == "killed"
    assert poison.reason.startswith("the process that ran it was lost, 2 times; the last time: ")
    assert Row.from_json(poison.to_json()) == poison
    assert {row.stop for row in rows.values()} == {"solved"}


@needs_ray
@pytest.mark.slow
def test_closing_the_iterator_ends_everything(cluster: None) -> None:
    rows = RayExecutor().run([job(task_of("sleeping", str(i))) for i in range(4)])
    next(rows)
    while len(named("bench.fork_server")) < 4:  # two that tasks are forked from, and two tasks
        next(rows)
    started = time.monotonic()
    rows.close()
    assert time.monotonic() - started < 8
    deadline = time.monotonic() + 10
    while (left := named("bench.fork_server") + named("ray::_batch")) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert left == []


@needs_ray
@pytest.mark.slow
def test_what_is_wrong_for_all_ends_the_run_and_what_is_wrong_for_one_is_its_row(cluster: None) -> None:
    with pytest.raises(InputError, match=r"unknown search 'sideways'; known: .*bottom-up"):
        list(RayExecutor(jobs=1).run([job(harmless(), solver=replace(PLAIN, search="sideways"))]))
    heavy = Task([example(1, output=1)], "heavy", extra={"f": lambda: 0})
    found = [row for row in RayExecutor(jobs=1).run([job(heavy), job(harmless())]) if row is not None]
    assert {row.task: row.stop for row in found} == {"heavy": "error", "sum": "solved"}
    assert found[0].reason.startswith("task 'heavy' cannot be sent to another process: ")
    assert list(RayExecutor().run([])) == []


@needs_ray
@pytest.mark.slow
def test_results_of_a_cluster_come_in_order(cluster: None) -> None:
    def ten_times(index: int) -> int:  # a function in a function travels as it is
        if index == 1_000:
            raise InputError("a thousand is too many")
        return 10 * index

    results = in_order_on_ray(ten_times, 3, 2)
    assert [next(results) for _ in range(5)] == [30, 40, 50, 60, 70]
    results.close()
    with pytest.raises(NeurosynthError, match="a thousand is too many"):
        next(in_order_on_ray(ten_times, 1_000, 2))


@needs_ray
@pytest.mark.slow
@pytest.mark.parametrize("language", ["lists", "strings"])
def test_a_sample_is_the_same_on_a_cluster(language: str, cluster: None, tmp_path: Path) -> None:
    here, there = tmp_path / "here.jsonl", tmp_path / "there.jsonl"
    for path, options in ((here, []), (there, ["--cluster", "ray"])):
        with pytest.raises(SystemExit) as end:
            main(["sample", "--language", language, "--count", "1200", "--max-size", "3", "--out", str(path), *options])
        assert end.value.code == 0
    assert there.read_bytes() == here.read_bytes()


@needs_ray
@pytest.mark.slow
def test_the_command_runs_on_a_cluster(cluster: None, tmp_path: Path) -> None:
    suite, out = tmp_path / "sums.jsonl", tmp_path / "rows.jsonl"
    write_jsonl(suite, [Task([example([j, i], output=j + i) for j in range(4)], f"sum-{i}") for i in range(5)])
    with pytest.raises(SystemExit) as end:
        main(["bench", "run", str(suite), "--out", str(out), "--cluster", "ray", "--guide", "uniform"])
    assert end.value.code == 0
    assert [row.solved for row in read_rows(out)] == [True] * 5


@pytest.mark.parametrize(
    ("settings", "message"),
    [({"jobs": 0}, "jobs is 0; allowed: 1"), ({"grace": 0}, "grace is 0"), ({"tries": 0}, "tries is 0; allowed: 1")],
)
def test_settings_of_the_executor_are_checked(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        RayExecutor(**settings)


@needs_ray
@pytest.mark.parametrize(
    ("address", "message"),
    [
        (
            "127.0.0.1:1",
            r"no Ray cluster at 127\.0\.0\.1:1: Connection refused; start one \('ray start --head'\), give its ",
        ),
        ("cluster", r"no Ray cluster at cluster: no HOST:PORT; "),
        ("ray://head:10001", r"no Ray cluster at ray://head:10001: no HOST:PORT; "),
    ],
)
def test_an_address_without_a_cluster_is_said_at_once(
    address: str, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ray.is_initialized", lambda: False)
    with pytest.raises(InputError, match=message), connected(address):
        pass


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--cluster", "slurm"], "--cluster is 'slurm'; allowed: ray"),
        (["--cluster-address", "here:1"], "--cluster-address here:1 without a cluster; add --cluster ray"),
    ],
)
@pytest.mark.parametrize(
    "command", [["bench", "run", "x.jsonl"], ["sample", "--language", "lists", "--count", "1"]], ids=["bench", "sample"]
)
def test_a_cluster_that_cannot_be_is_said(
    command: list[str], arguments: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        main([*command, "--out", str(tmp_path / "rows.jsonl"), *arguments])
    assert end.value.code == 2
    assert message in capsys.readouterr().err


def test_without_ray_the_command_that_brings_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extras, "find_spec", lambda name: None)
    with pytest.raises(
        InputError,
        match=r"a Ray cluster needs ray, not installed here; run in a checkout of neurosynth: pip install -c constraints.txt '.\[cluster\]'",
    ):
        connected().__enter__()
