"""Workers: they are reused, what misbehaves costs its worker only, and nothing that was started outlives the run."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
import pytest

from neurosynth.bench.command_solver import Command
from neurosynth.bench.jobs import Job
from neurosynth.bench.local import LocalExecutor
from neurosynth.bench.processes import MARK, below, children, end_children, run_folder
from neurosynth.bench.rows import Row
from neurosynth.bench.solvers import Neurosynth
from neurosynth.search.base import Limits
from neurosynth.tasks.task import Task, example
from tests.bench.evil import harmless, task_of, unsolved

PLAIN = Neurosynth(guide="uniform", search="bottom-up")
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks at processes by procfs")


def job(task: Task, **changes: Any) -> Job:
    """A job of our own search."""
    given: dict[str, Any] = {"suite": "s", "language": "lists", "solver": PLAIN, "limits": Limits(seconds=5)}
    return Job(task=task, **{**given, **changes})


def run(work: Sequence[Job], **settings: Any) -> tuple[dict[str, Row], list[set[int]]]:
    """The rows by task, and the workers there were as each row came."""
    rows, workers = {}, []
    for row in LocalExecutor(**{"grace": 0.5, **settings}).run(work):
        if row is not None:
            rows[row.task] = row
            workers.append({w for server in children("self") for w in children(server)})
    return rows, workers


def test_a_worker_runs_one_task_after_the_other() -> None:
    rows, workers = run([job(harmless(str(i))) for i in range(12)])
    assert all(row.solved for row in rows.values())
    assert len(set().union(*workers)) == 1


SPARED = {
    "solved": (harmless("it"), True),
    "a primitive that raises": (task_of("bug", "it"), True),
    "a primitive that writes": (task_of("shout", "it"), True),
    "a primitive that runs out of memory at once": (task_of("modest", "it"), True),
    "a crash": (task_of("segfault", "it"), False),
    "an abort": (task_of("abort", "it"), False),
    "an exit": (task_of("leave", "it"), False),
    "a kill": (task_of("killed", "it"), False),
    "an endless loop": (task_of("endless", "it"), False),
    "endless sleep": (task_of("sleeping", "it"), False),
    "memory without end": (task_of("greedy", "it"), False),
}


@pytest.fixture(scope="module")
def spared() -> dict[str, bool]:
    """Of each task whether the worker that ran it ran the next, too; the next is always solved."""
    work = []
    for name, (task, _) in SPARED.items():
        work += [
            job(replace(task, name=name), limits=Limits(seconds=0.4, max_memory=0.1)),
            job(harmless(f"after {name}")),
        ]
    rows, workers = run([job(harmless("first")), *work])
    assert all(row.solved for name, row in rows.items() if name.startswith(("first", "after")))
    return {name: workers[2 * i] == workers[2 * i + 2] for i, name in enumerate(SPARED)}


@pytest.mark.parametrize("name", SPARED)
def test_what_misbehaves_costs_its_worker_only(name: str, spared: dict[str, bool]) -> None:
    assert spared[name] == SPARED[name][1]


def test_each_row_has_the_peak_and_the_processor_time_of_its_own_task() -> None:
    heavy = Task([example([i, 3, 7], output=[i * 7919 % 101, 977]) for i in range(6)], "heavy")
    work = [
        job(harmless("before")),
        job(heavy, limits=Limits(seconds=60, max_programs=400_000)),
        job(harmless("after")),
    ]
    rows, workers = run(work)
    assert len(set().union(*workers)) == 1  # it gave its memory back
    assert rows["heavy"].peak_memory_mb > rows["after"].peak_memory_mb
    assert rows["heavy"].cpu > 3 * rows["after"].cpu
    assert rows["after"].cpu < 0.5
    for row in rows.values():
        assert row.termination == "ended"
        assert row.noise["waited"] >= 0
        assert row.noise["load"] >= 0
    assert rows["after"].machine["affinity"] == sorted(os.sched_getaffinity(0))


def test_tasks_are_told_apart_by_their_logs(tmp_path: Path) -> None:
    work = [job(task_of("shout", "one/../two")), job(task_of("talk", "three")), job(harmless("four"))]
    rows, _ = run(work, logs=tmp_path / "logs")
    logs = {path.name: path.read_text() for path in (tmp_path / "logs" / "s").iterdir()}
    assert logs.keys() == {f"{name}.neurosynth.0.0.log" for name in ("one-..-two", "three", "four")}
    assert logs["one-..-two.neurosynth.0.0.log"].startswith("shouting\n")
    assert "lost my footing" in logs["three.neurosynth.0.0.log"]
    assert "s three · neurosynth · crashed, exit: ended with exit status 3" in logs["three.neurosynth.0.0.log"]
    assert "s four · neurosynth · solved, ended · " in logs["four.neurosynth.0.0.log"]
    assert rows["three"].termination == "exit"


# --- limits -----------------------------------------------------------------------------------------------------------

TERMINATIONS: dict[str, tuple[Task, dict[str, Any], tuple[str, str]]] = {
    "by itself": (harmless("it"), {}, ("solved", "ended")),
    "past its time": (task_of("sleeping", "it"), {}, ("killed", "walltime")),
    "past its processor time": (task_of("endless", "it"), {"cpu_seconds": 0.2, "limits": Limits(seconds=60)}, ("cpu", "cputime")),
    "past its memory": (task_of("greedy", "it"), {"limits": Limits(seconds=30, max_memory=0.1)}, ("killed", "memory")),
    "by a signal": (task_of("segfault", "it"), {}, ("crashed", "signal")),
    "killed": (task_of("killed", "it"), {}, ("killed", "signal")),
    "by leaving": (task_of("leave", "it"), {}, ("crashed", "exit")),
    "by an exception": (task_of("bug", "it"), {}, ("error", "exception")),
    "solved too late": (task_of("late", "it"), {}, ("time", "late")),
    "solved with too much processor time": (
        task_of("busy", "it"), {"cpu_seconds": 0.1, "limits": Limits(seconds=60)}, ("cpu", "late cputime"),
    ),
    "no process": (Task([example(1, output=1)], "it", extra={"f": lambda: 0}), {}, ("error", "lost")),
}  # fmt: skip


@pytest.fixture(scope="module")
def terminated() -> dict[str, Row]:
    """A row of each task."""
    work = [
        job(replace(task, name=name), **{"limits": Limits(seconds=0.4), **changes})
        for name, (task, changes, _) in TERMINATIONS.items()
    ]
    return run(work, grace=2.0)[0]


@pytest.mark.parametrize("name", TERMINATIONS)
def test_how_a_task_ended_is_said_in_fixed_words(name: str, terminated: dict[str, Row]) -> None:
    row = terminated[name]
    stop, terminations = TERMINATIONS[name][2]
    assert row.stop == stop, row.reason
    assert row.termination in terminations.split()  # a look at the processor time may come before the answer
    assert row.solved == (row.stop == "solved")
    if row.termination == "late":
        assert row.reason.startswith("solved after ")
        assert row.programs


# --- what is started and left behind ----------------------------------------------------------------------------------

LONG = str(10**6 + os.getpid())
"""Seconds that stand for ever, and tell the sleepers of this process from those of others."""
FORKING = "import os, time\nif os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0:\n        time.sleep(600)\n    os._exit(0)\n"
STARTED = {
    "a child": "sleep 600 & echo '(sum x0)'",
    "a child of a child": "sh -c 'sleep 600 & sleep 600' & echo '(sum x0)'",
    "a session of its own": "setsid sleep 600 & echo '(sum x0)'",
    "a session of a session": "setsid sh -c 'setsid sleep 600 & sleep 600' & echo '(sum x0)'",
    "nohup": "nohup sleep 600 >/dev/null 2>&1 & echo '(sum x0)'",
    "a daemon": f'{sys.executable} -c "{FORKING}"; echo "(sum x0)"',
    "a clean environment": "setsid env -i sleep 600 & echo '(sum x0)'",
    "many": "for i in 1 2 3 4 5 6 7 8; do setsid sleep 600 & done; echo '(sum x0)'",
    "one that ignores signals": "setsid sh -c 'trap \"\" TERM INT HUP; sleep 600' & echo '(sum x0)'",
    "one that goes on when it is stopped": "setsid sleep 600 & sleep 600",
    "a session that is still there at the limit": "setsid sh -c 'sleep 600; sleep 600'",
    "one that fails": "setsid sleep 600 & exit 3",
}


LEFT = {
    "a file": "touch $TMPDIR/left",
    "a folder": "mkdir -p $TMPDIR/a/b; touch $TMPDIR/a/b/c",
    "a file of mktemp": "mktemp",
    "a folder of mktemp": "mktemp -d",
    "a file of Python's": f"{sys.executable} -c 'import tempfile; tempfile.mkstemp()'",
    "a file that may not be written": "touch $TMPDIR/left; chmod 000 $TMPDIR/left",
    "a link to elsewhere": "ln -s /etc $TMPDIR/left",
    "a socket": f'{sys.executable} -c \'import os, socket; socket.socket(1).bind(os.environ["TMPDIR"] + "/s")\'',
    "a fifo": "mkfifo $TMPDIR/left",
    "a file, and no answer in time": "touch $TMPDIR/left; sleep 600",
    "a file, and a failure": "touch $TMPDIR/left; exit 3",
}


def left_behind(scripts: dict[str, str], folder: Path) -> dict[str, list[str]]:
    """Of each script, run as a solver, what processes and files there still were when its row came."""
    before = {p.pid for p in psutil.process_iter()}
    work = []
    for i, (name, script) in enumerate(scripts.items()):
        (folder / f"{i}.sh").write_text(script.replace("600", LONG))
        solver = Command(name=f"tool{i}", command=f"sh {folder}/{i}.sh {{task.json}}")
        # The next script would start things while we look at what this one left.
        pause = job(unsolved(f"after {name}"), limits=Limits(seconds=0.5))
        work += [job(harmless(name), solver=solver, limits=Limits(seconds=1)), pause]
    found = {}
    for row in LocalExecutor(grace=0.5).run(work):
        if row is not None and row.task in scripts:
            files = [path.name for path in folder.glob("neurosynth-bench-*/*/*")]
            found[row.task] = [*map(" ".join, sleeping(before)), *files]
    assert found.keys() == scripts.keys()
    assert not list(folder.glob("neurosynth-bench-*"))
    return found


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """What was left of each."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tempfile, "tempdir", str(tmp_path_factory.mktemp("tmp")))
        return left_behind({**STARTED, **LEFT}, Path(tempfile.gettempdir()))


@pytest.mark.parametrize("name", STARTED)
def test_what_a_command_started_ends_with_it(name: str, ended: dict[str, list[str]]) -> None:
    assert ended[name] == []


def sleeping(before: set[int]) -> list[list[str]]:
    """Command lines of sleepers that were not there before."""
    found = []
    for process in psutil.process_iter(["pid", "cmdline", "status"]):
        line = process.info["cmdline"] or []
        if process.pid not in before and process.info["status"] != psutil.STATUS_ZOMBIE and LONG in " ".join(line):
            found.append(line)
    return found


KILLED = {
    "the fork server": lambda run: [run[0]],
    "a worker": lambda run: [run[1]],
    "the fork server, then a worker": lambda run: [run[0], run[1]],
    "the tool": lambda run: [run[2]],
}


@pytest.mark.parametrize("whom", KILLED.values(), ids=KILLED.keys())
def test_nothing_is_left_when_a_process_is_killed(whom: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    (tmp_path / "tool.sh").write_text(f"touch $TMPDIR/left; setsid sleep {LONG} & sleep {LONG}")
    solver = Command(name="tool", command=f"sh {tmp_path}/tool.sh {{task.json}}")
    before = {p.pid for p in psutil.process_iter()}
    others = children("self")
    rows = LocalExecutor(grace=0.5).run([job(harmless("it"), solver=solver, limits=Limits(seconds=30))])
    next(rows)
    (server,) = set(children("self")).difference(others)
    while len(tree := below(server)) < 3:
        next(rows)
    for pid in whom([server, *tree]):
        os.kill(pid, signal.SIGKILL)
    next(rows)
    rows.close()
    assert sleeping(before) == []
    assert [path.name for path in tmp_path.iterdir()] == ["tool.sh"]


@pytest.mark.parametrize("name", LEFT)
def test_temporary_files_go_with_the_task(name: str, ended: dict[str, list[str]]) -> None:
    assert ended[name] == []


def test_what_a_run_that_was_killed_left_goes_with_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    gone = psutil.Popen([sys.executable, "-c", ""])
    gone.wait()
    stale = tmp_path / f"neurosynth-bench-{gone.pid}-abc"
    (stale / "deep").mkdir(parents=True)
    running = tmp_path / f"neurosynth-bench-{os.getpid()}-abc"
    running.mkdir()
    orphan = psutil.Popen(["sleep", "600"], env={MARK: str(stale)})
    try:
        while (
            MARK not in orphan.environ()
        ):  # the kernel tells of the new environment a moment after the program's start
            time.sleep(0.01)
        folder = run_folder()
        assert {path.name for path in tmp_path.iterdir()} == {running.name, folder.name}
        assert not orphan.is_running()
    finally:
        if orphan.poll() is None:  # tests after this one would meet it
            orphan.kill()
            orphan.wait()


def test_the_end_of_processes_is_told_with_what_they_used() -> None:
    code = "import time\nend = time.process_time() + 0.2\nwhile time.process_time() < end: pass\nprint(flush=True)\ntime.sleep(600)"
    others = children("self")
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()
    assert 0.15 < end_children(others) < 5
    process.returncode = -signal.SIGKILL  # it was waited for
    process.stdout.close()
