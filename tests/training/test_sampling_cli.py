"""``neurosynth sample``: files, exit statuses, interrupts."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from neurosynth.cli import main
from neurosynth.tasks import load_tasks
from neurosynth.training.chunks import SamplingConfig
from neurosynth.training.sampling import write_sample


def status(*arguments: str) -> int:
    """Exit status of ``neurosynth sample``."""
    with pytest.raises(SystemExit) as ended:
        main(["sample", *arguments])
    assert isinstance(ended.value.code, int)
    return ended.value.code


def test_tasks_are_written_as_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = str(tmp_path / "tasks.jsonl")
    options = ["--language", "lists", "--out", out, "--seed", "4", "--type", "list int -> int", "--min-size", "2"]
    options += [
        "--max-size",
        "3",
        "--min-examples",
        "3",
        "--max-examples",
        "5",
        "--test-examples",
        "1",
        "--workers",
        "1",
    ]
    assert status(*options, "--count", "20") == 0
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "20 tasks, 20 of them new" in printed.err
    tasks = load_tasks(out)
    assert len(tasks) == 20
    assert {str(t.type) for t in tasks} == {"list int -> int"}
    assert {t.extra["operations"] for t in tasks} == {2, 3}
    assert {len(t.test_examples) for t in tasks} == {1}
    assert {len(t.examples) for t in tasks} <= {3, 4, 5}
    assert status(*options, "--count", "30") == 0
    assert "30 tasks, 10 of them new" in capsys.readouterr().err


def test_inputs_come_from_a_file(tmp_path: Path) -> None:
    given, out = tmp_path / "given.jsonl", tmp_path / "tasks.jsonl"
    write_sample(given, "strings", SamplingConfig(examples=(12, 12), types=("string -> string",)), count=10, workers=1)
    options = ("--language", "strings", "--count", "15", "--workers", "1", "--inputs-from", str(given))
    assert status(*options, "--out", str(out)) == 0
    rows = {e.inputs for t in load_tasks(given) for e in t.examples}
    assert {e.inputs for t in load_tasks(out) for e in t.examples} <= rows


WRONG = [
    ("no such language", ("--language", "list", "--count", "5", "--out", "{out}"), r"unknown language 'list'"),
    ("no tasks", ("--language", "lists", "--count", "0", "--out", "{out}"), r"count is 0"),
    ("no type", ("--language", "lists", "--count", "5", "--out", "{out}", "--type", "lst int"), r"not a type"),
    ("sizes", ("--language", "lists", "--count", "5", "--out", "{out}", "--min-size", "9"), r"sizes 9 to 5"),
    ("no count", ("--language", "lists", "--out", "{out}"), r"--count"),
    ("another suffix", ("--language", "lists", "--count", "5", "--out", "{out}.csv"), r"\.jsonl"),
]


@pytest.mark.parametrize(("arguments", "message"), [w[1:] for w in WRONG], ids=[w[0] for w in WRONG])
def test_bad_input_is_one_line_and_status_2(
    arguments: tuple[str, ...], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = str(tmp_path / "tasks.jsonl")
    assert status(*(a.replace("{out}", out) for a in arguments)) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.count("\n") == 1
    assert message.replace("\\", "") in printed.err
    assert not Path(out).exists()


def test_an_interrupted_run_keeps_its_tasks_and_goes_on(tmp_path: Path) -> None:
    out, whole = tmp_path / "tasks.jsonl", tmp_path / "whole.jsonl"
    command = [
        sys.executable,
        "-c",
        "from neurosynth.cli import main; main()",
        "sample",
        "--language",
        "bitvectors",
        "--count",
        "200000",
    ]
    run = subprocess.Popen([*command, "--out", str(out)], stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 30
    while not (out.exists() and out.stat().st_size) and time.monotonic() < deadline:
        time.sleep(0.05)
    run.send_signal(signal.SIGINT)
    _, message = run.communicate(timeout=20)
    assert run.returncode == 130, message
    assert message == f"neurosynth: interrupted; the tasks so far are in {out}, and the same command continues\n"
    kept = out.read_bytes().count(b"\n")
    assert kept
    write_sample(out, "bitvectors", count=kept + 50, workers=1)
    write_sample(whole, "bitvectors", count=kept + 50, workers=1)
    assert out.read_bytes() == whole.read_bytes()
