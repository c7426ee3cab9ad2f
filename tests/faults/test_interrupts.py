"""Signals at any moment: while modules load, while the process that tasks are forked from starts, while tasks run, at the end.

Whatever the moment, the process ends soon, says so in a line, and leaves neither a process nor a temporary folder behind.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from tests.faults.fuzz import how_busy

ROOT = Path(__file__).resolve().parents[2]
MAIN = [sys.executable, "-c", "from neurosynth.cli import main; main()"]
STATUSES = {signal.SIGINT: (130, -signal.SIGINT), signal.SIGTERM: (143, -signal.SIGTERM)}
"""Exit statuses: ours, or the signal's own where Python had not run a line of ours."""
NOISE = {"name": "noise", "examples": [{"inputs": [[i, 3, 7]], "output": [i * 7919 % 101, 977]} for i in range(6)]}


def left_behind(folder: Path) -> list[str]:
    """Processes and files that know of the temporary folder of a run."""
    found = [p.name for p in folder.glob("neurosynth*")]
    for process in psutil.process_iter(["environ"]):
        if (process.info["environ"] or {}).get("TMPDIR") == str(folder):
            found.append(f"process {process.pid}")
    return found


def signalled(arguments: list[str], folder: Path, after: float, number: signal.Signals) -> tuple[int, str, float]:
    """Exit status, what was said on stderr, and seconds from the signal to the end."""
    temporary = folder / "tmp"
    temporary.mkdir(exist_ok=True)
    environment = {**os.environ, "TMPDIR": str(temporary)}
    process = subprocess.Popen(
        [*MAIN, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment, cwd=ROOT
    )
    time.sleep(after)
    begun = time.perf_counter()
    process.send_signal(number)
    try:
        _, err = process.communicate(timeout=60)
    finally:
        process.kill()
    return process.returncode, err, time.perf_counter() - begun


def check(arguments: list[str], folder: Path, after: float, number: signal.Signals) -> None:
    """One signal at one moment."""
    busy = how_busy()
    status, err, seconds = signalled(arguments, folder, after * busy, number)
    where = f"{arguments[:2]}, {number.name} after {after} s: status {status}, {err[-2000:]!r}"
    if status != 0:  # else it had ended well by then
        assert status in STATUSES[number], where
        # Python itself reports what interrupts it before it has run a line of ours
        assert "Traceback" not in err or (after < 0.15 and status == -signal.SIGINT), where
    assert seconds < 3.0 * busy, where
    deadline = time.monotonic() + 2 * busy
    while (left := left_behind(folder / "tmp")) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not left, f"{where}: left behind {left}"


def bench(folder: Path) -> list[str]:
    """A run of tasks that nobody solves."""
    suite = folder / "noise.jsonl"
    suite.write_text("".join(json.dumps({**NOISE, "name": f"noise {i}"}) + "\n" for i in range(4)))
    out = folder / "rows.jsonl"
    out.unlink(missing_ok=True)
    return ["bench", "run", str(suite), "--seconds", "20", "--out", str(out)]


AT_THE_END = {
    "after the command": "try:\n    main()\nexcept SystemExit:\n    os.kill(os.getpid(), {number})\n    raise",
    "while the interpreter shuts down": "atexit.register(lambda: os.kill(os.getpid(), {number}))\nmain()",
    "while its threads end": "threading._register_atexit(lambda: os.kill(os.getpid(), {number}))\nmain()",
}


@pytest.mark.parametrize("number", STATUSES)
@pytest.mark.parametrize("script", AT_THE_END.values(), ids=AT_THE_END.keys())
def test_when_all_is_printed(script: str, number: signal.Signals) -> None:
    """A signal that comes when the work is done changes neither the status nor the output."""
    begin = "import atexit, os, threading\nfrom neurosynth.cli import main\n"
    done = subprocess.run(
        [sys.executable, "-c", begin + script.format(number=int(number)), "--version"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("neurosynth ")


@pytest.mark.parametrize("after", [0.5, 0.9])
def test_while_the_fork_server_starts(after: float, tmp_path: Path) -> None:
    check(bench(tmp_path), tmp_path, after, signal.SIGINT)


MOMENTS = [
    0.03,
    0.06,
    0.1,
    0.15,
    0.2,
    0.25,
    0.3,
    0.35,
    0.4,
    0.45,
    0.5,
    0.55,
    0.6,
    0.7,
    0.8,
    0.9,
    1.0,
    1.2,
    1.4,
    1.7,
    2.0,
    2.5,
    3.0,
]


@pytest.mark.slow
@pytest.mark.parametrize("number", STATUSES, ids=lambda n: n.name)
@pytest.mark.parametrize("after", MOMENTS)
def test_a_run_of_tasks(after: float, number: signal.Signals, tmp_path: Path) -> None:
    check(bench(tmp_path), tmp_path, after, number)


@pytest.mark.parametrize("number", STATUSES)
def test_while_the_process_takes_itself_down(number: signal.Signals) -> None:
    """The work is done and printed: its status stands, and no traceback comes."""
    kill = f"atexit.register(os.kill, os.getpid(), {int(number)})"
    code = f"import atexit, os; from neurosynth.cli import main; {kill}; main()"
    arguments = [sys.executable, "-c", code, "parse", "(sum x0)", "--language", "lists"]
    done = subprocess.run(arguments, capture_output=True, text=True, cwd=ROOT, timeout=120)
    assert (done.returncode, done.stderr) == (0, "")
    assert "(sum x0)" in done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("after", MOMENTS[::2])
@pytest.mark.parametrize("verb", ["solve", "fill", "sample", "list", "parse", "apply"])
def test_every_verb(verb: str, after: float, tmp_path: Path) -> None:
    task = tmp_path / "noise.json"
    task.write_text(json.dumps(NOISE))
    saved = tmp_path / "p.json"
    text = {"name": "full_name", "type": "string", "shapes": [], "missing": False}
    row: dict[str, object] = {
        "format": "neurosynth program 1",
        "language": "strings",
        "program": "(str.at full_name 0)",
        "examples": [{"inputs": ["Ada"], "output": "A"}],
    }
    row |= {"type": "string -> string", "inputs": [text], "output": {**text, "name": "i"}, "confidence": 0.9}
    saved.write_text(json.dumps(row))
    names = str(ROOT / "examples" / "names.csv")
    arguments = {
        "solve": [str(task), "--seconds", "20", "--json"],
        "fill": [names, "--output", "surname", "--write", str(tmp_path / "out.csv")],
        "sample": ["--language", "lists", "--count", "100000", "--out", str(tmp_path / "s.jsonl")],
        "list": ["primitives", "--language", "strings"],
        "parse": ["(sum x0)", "--language", "lists"],
        "apply": [str(saved), names],
    }[verb]
    check([verb, *arguments], tmp_path, after, signal.SIGINT)
