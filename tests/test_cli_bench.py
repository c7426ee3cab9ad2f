"""``neurosynth bench run``: what it prints, what it exits with, and that killing it loses nothing."""

from __future__ import annotations

import json
import os
import pty
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from neurosynth.bench.rows import read_rows
from neurosynth.cli.bench_display import clock
from neurosynth.tasks.json_files import write_jsonl
from neurosynth.tasks.task import Task, example
from tests.commands import command

RUN = "from neurosynth.cli import main; main()"
QUICK = ("--guide", "uniform", "--search", "bottom-up")


@pytest.fixture
def cli(capfd: pytest.CaptureFixture[str]) -> Any:
    """``cli("run", suite)``: ``neurosynth bench`` in this process."""
    return lambda *arguments: command(capfd, "bench", *arguments)


def sums(path: Path, count: int = 4) -> Path:
    """A suite of tasks that are solved at once."""
    write_jsonl(
        path, [Task([example([j, i, 3], output=j + i + 3) for j in range(4)], f"sum-{i}") for i in range(count)]
    )
    return path


def noise(path: Path, count: int = 6) -> Path:
    """A suite of tasks that run into their limit."""
    rows = [[example([j, 3, 7 + i], output=[j * 7919 % 101, 977]) for j in range(6)] for i in range(count)]
    write_jsonl(path, [Task(given, f"noise-{i}") for i, given in enumerate(rows)])
    return path


def test_a_run_prints_a_summary_and_writes_a_row_a_task(cli: Any, tmp_path: Path) -> None:
    (tmp_path / "strings").mkdir()
    (tmp_path / "strings" / "bad.sl").write_text("(set-logic SLIA)")
    (tmp_path / "strings" / "good.sl").write_text(
        '(set-logic SLIA)\n(synth-fun f ((x String)) String ((S String)) ((S String (x "" (str.++ S S)))))\n'
        '(constraint (= (f "a") "aa"))\n'
    )
    out = tmp_path / "rows.jsonl"
    done = cli(
        "run", sums(tmp_path / "sums.jsonl"), tmp_path / "strings", "--out", out, "--show", 3, "--jobs", 2, *QUICK
    )
    assert done.status == 0
    lines = done.out.splitlines()
    assert re.split(r"  +", lines[0]) == [
        "suite", "tasks", "solved", "right on held-out", "median s", "worst s", "failed", "left out",
    ]  # fmt: skip
    assert re.fullmatch(r"sums +4 +4 +4 of 4 +\d\.\d\d +\d\.\d\d *", lines[1])
    assert re.fullmatch(r"strings +1 +1 +\d\.\d\d +\d\.\d\d +1", lines[2])
    assert re.fullmatch(r".*rows\.jsonl: 5 rows, in 0:\d\d", lines[3])
    assert re.search(r"^neurosynth: left out: .*bad\.sl: no synth-fun", done.err, re.MULTILINE)
    assert "5 of 5 tasks · 5 solved · 0 failed" in done.err.splitlines()
    rows = read_rows(out)
    assert sorted(row.task for row in rows) == ["good", "sum-0", "sum-1", "sum-2", "sum-3"]
    assert all(row.solved for row in rows)


def test_the_summary_as_json_is_one_object(cli: Any, tmp_path: Path) -> None:
    out = tmp_path / "rows.jsonl"
    arguments = ("--out", out, "--json", "--seed", "4,0", "--seed", 7, "--repeats", 2, "--limit", 1, *QUICK)
    done = cli("run", sums(tmp_path / "sums.jsonl"), *arguments)
    assert (done.status, done.out.count("\n")) == (0, 1)
    (suite,) = json.loads(done.out)["suites"]
    assert {k: suite[k] for k in ("suite", "tasks", "done", "solved", "failed")} == {
        "suite": "sums", "tasks": 6, "done": 6, "solved": 6, "failed": 0,
    }  # fmt: skip
    assert [(row.seed, row.repeat) for row in read_rows(out)] == [(4, 0), (4, 1), (0, 0), (0, 1), (7, 0), (7, 1)]


def test_a_wrong_answer_is_said_as_it_comes(cli: Any, tmp_path: Path) -> None:
    solver = f"liar={sys.executable} -c 'print(0)' {{task.json}}"
    done = cli("run", sums(tmp_path / "sums.jsonl", 1), "--out", tmp_path / "rows.jsonl", "--solver", solver)
    assert done.status == 0
    assert "sums/sum-0 wrong: liar answered 0, which is right on 0 of 4 examples" in done.err
    assert re.search(r"^sums +1 +0 +1 *$", done.out, re.MULTILINE)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("{folder}/nothing",), r"unknown suite '.*nothing': no such file or folder"),
        (("{suite}", "--search", "sideways"), r"unknown search 'sideways'; known: auto"),
        (("{suite}", "--guide", "{folder}/none.json"), r"none\.json: no such file"),
        (("{suite}", "--guide", "{suite}.json"), r"sums\.jsonl\.json: JSON, but not a guide"),
        (("{suite}", "--solver", "cvc4"), r"unknown solver 'cvc4'"),
        (("{suite}", "--seconds", "0"), r"seconds is 0\.0; allowed: a positive number"),
        (("{suite}", "--max-programs", "0"), r"max_programs is 0; allowed: a positive number"),
        (("{suite}", "--seed", "one"), r"'one'; allowed: integers, such as 0,1,2"),
        (("{suite}", "--jobs", "0"), r"jobs is 0; allowed: 1 or more"),
        (("{suite}", "--tests", "{folder}/none.jsonl"), r"none\.jsonl: no such file"),
        ((), r"Missing argument 'SUITE…'"),
    ],
)
def test_bad_input_is_one_line_and_status_2(arguments: tuple[str, ...], message: str, cli: Any, tmp_path: Path) -> None:
    suite, out = sums(tmp_path / "sums.jsonl"), tmp_path / "rows.jsonl"
    (tmp_path / "sums.jsonl.json").write_text("{}")
    done = cli("run", *(a.format(folder=tmp_path, suite=suite) for a in arguments), "--out", out)
    assert (done.status, done.out) == (2, "")
    assert re.search(f"^neurosynth: .*{message}", done.err.splitlines()[-1])
    assert not out.exists() or not out.read_bytes()


def test_rows_are_neither_written_over_nor_mixed(cli: Any, tmp_path: Path) -> None:
    suite, out = sums(tmp_path / "sums.jsonl", 1), tmp_path / "rows.jsonl"
    assert cli("run", suite, "--out", out, *QUICK).status == 0
    done = cli("run", suite, "--out", out, *QUICK)
    assert (done.status, done.err) == (
        2, f"neurosynth: {out}: already has rows; continue the run (--resume), or give another --out\n",
    )  # fmt: skip
    done = cli("run", suite, "--out", out, *QUICK, "--resume", "--seconds", 3)
    assert done.status == 2
    assert f"{out}, row 1: was made with --seconds 10.0, but this run has --seconds 3.0; use the same" in done.err
    done = cli("run", suite, "--out", out, *QUICK, "--resume")
    assert (done.status, len(read_rows(out))) == (0, 1)


def test_the_tool_in_the_guide_works(cli: Any, tmp_path: Path) -> None:
    page = (Path(__file__).resolve().parents[1] / "docs" / "benchmarking.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"^```python\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    (tmp_path / "chains.py").write_text(code)
    tasks = [
        Task([example([3, 1, 2], output=1), example([5, 9], output=5)], "smallest"),
        Task([example([3, 1, 2], output=[2, 1]), example([4, 5, 6], output=[6, 5])], "backwards but the first"),
        Task([example([i], output=i * i) for i in range(2, 6)], "squares"),
        Task([example(1, output=2)], "no list"),
    ]
    write_jsonl(tmp_path / "lists.jsonl", tasks)
    out = tmp_path / "rows.jsonl"
    solver = f"chains={sys.executable} {tmp_path / 'chains.py'} {{task.json}}"
    assert cli("run", tmp_path / "lists.jsonl", "--solver", solver, "--out", out).status == 0
    assert {row.task: (row.stop, [p["text"] for p in row.programs]) for row in read_rows(out)} == {
        "smallest": ("solved", ["(minimum x0)"]),
        "backwards but the first": ("solved", ["(reverse (tail x0))"]),
        "squares": ("exhausted", []),
        "no list": ("exhausted", []),
    }


# --- killed -----------------------------------------------------------------------------------------------------------


def started(*arguments: object, **options: Any) -> subprocess.Popen[str]:
    """``neurosynth bench run`` in a process of its own."""
    command = [sys.executable, "-c", RUN, "bench", "run", *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)


def below(pid: int) -> set[int]:
    """The processes that a process started, and those they started."""
    try:
        own = {int(p) for p in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()}
    except FileNotFoundError:
        return set()
    return own.union(*map(below, own))


def wait_for(what: Any, seconds: float = 60) -> None:
    """Until it is so."""
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end
        time.sleep(0.02)


def alive(pid: int) -> bool:
    """Whether a process runs; one that ended and nobody asked after does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def lines(path: Path) -> int:
    """Rows in a file so far."""
    return path.read_bytes().count(b"\n") if path.exists() else 0


def test_kill_9_of_the_runner_loses_nothing_and_leaves_nothing(cli: Any, tmp_path: Path) -> None:
    suite, out = noise(tmp_path / "noise.jsonl"), tmp_path / "rows.jsonl"
    arguments = (suite, "--out", out, "--seconds", 0.5, "--jobs", 2, *QUICK)
    runner = started(*arguments)
    wait_for(lambda: lines(out) >= 1 and len(below(runner.pid)) >= 2)  # the process that forks, and a task
    processes = below(runner.pid)
    runner.send_signal(signal.SIGKILL)
    runner.communicate()
    wait_for(lambda: not any(map(alive, processes)))
    before = out.read_bytes()
    out.write_bytes(before + b'{"schema": 1, "sui')  # as if it had been writing
    done = cli("run", *arguments, "--resume")
    assert done.status == 0
    assert "the last line is torn after 18 bytes" in done.err
    assert "left out, its task runs again" in done.err
    assert out.read_bytes().startswith(before)
    rows = read_rows(out)
    assert sorted(row.task for row in rows) == [f"noise-{i}" for i in range(6)]
    assert {row.stop for row in rows} == {"time"}


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_keeps_the_rows_and_says_how_to_go_on(number: int, status: int, tmp_path: Path) -> None:
    suite, out = noise(tmp_path / "noise.jsonl"), tmp_path / "rows.jsonl"
    runner = started(suite, "--out", out, "--seconds", 0.5, *QUICK)
    wait_for(lambda: lines(out) >= 1)
    processes = below(runner.pid)
    runner.send_signal(number)
    printed, said = runner.communicate(timeout=60)
    assert (runner.returncode, printed) == (status, "")
    rows = len(read_rows(out))
    assert said.endswith(
        f"neurosynth: interrupted; {rows} rows are in {out}, and the same command with --resume continues the run\n"
    )
    assert "Traceback" not in said
    wait_for(lambda: not any(map(alive, processes)))


def test_a_terminal_shows_a_table_that_goes_away(tmp_path: Path) -> None:
    suite, out = noise(tmp_path / "noise.jsonl", 2), tmp_path / "rows.jsonl"
    ours, theirs = pty.openpty()
    command = [sys.executable, "-c", RUN, "bench", "run", str(suite), "--out", str(out), "--seconds", "0.5", *QUICK]
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "100", "NO_COLOR": "1"}
    runner = subprocess.Popen(command, stderr=theirs, stdout=subprocess.PIPE, text=True, env=environment)
    os.close(theirs)
    shown = b""
    try:
        while piece := os.read(ours, 65536):
            shown += piece
    except OSError:  # the other end is closed
        os.close(ours)
    printed, _ = runner.communicate()
    text = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown.decode())
    assert re.search(r"suite +done +of +solved +failed", text)
    assert re.search(r"noise +1 +2 +0 +0", text)
    assert re.search(r"\d\.\d tasks/s · 0:\d\d left", text)
    assert printed.startswith("suite")


@pytest.mark.parametrize(("seconds", "shown"), [(0.4, "0:00"), (7, "0:07"), (750, "12:30"), (11105, "3:05:05")])
def test_times_are_read_at_a_glance(seconds: float, shown: str) -> None:
    assert clock(seconds) == shown
