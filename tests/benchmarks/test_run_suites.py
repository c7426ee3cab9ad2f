"""The script that runs all public suites, on small suites of its own: it survives ``kill -9``, and keeps what counts."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from benchmarks import run_suites
from neurosynth.bench.rows import read_rows
from neurosynth.tasks.json_files import write_jsonl
from neurosynth.tasks.task import Task, example

ROOT = Path(__file__).resolve().parents[2]
HACK = """(set-logic BV)
(synth-fun f ((x (_ BitVec 8))) (_ BitVec 8) ((S (_ BitVec 8))) ((S (_ BitVec 8) (x #x01 (bvand S S) (bvsub S S)))))
(constraint (= (f #x07) #x06))
(constraint (= (f #x0c) #x08))
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two suites: one in SyGuS-IF with test examples in a file beside it, one of lists that no program turns into each other."""
    pbe = tmp_path / "tasks" / "hackers-delight" / "pbe"
    pbe.mkdir(parents=True)
    (pbe / "clear.sl").write_text(HACK, encoding="utf-8")
    test = '{"name": "clear", "test_examples": [{"inputs": ["#x05"], "output": "#x04"}]}\n'
    (pbe.parent / "tests.jsonl").write_text(test, encoding="utf-8")
    given = [[example([j, 3, 7 + i], output=[j * 7919 % 101, 977]) for j in range(6)] for i in range(2)]
    write_jsonl(tmp_path / "tasks" / "bustle-strings.jsonl", [Task(e, f"noise-{i}") for i, e in enumerate(given)])
    return tmp_path


def test_a_run_that_was_killed_goes_on_and_its_rows_are_kept(
    folder: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("cvc5", reason="needs the extra 'bench'")
    monkeypatch.chdir(ROOT)
    out, kept = folder / "rows", folder / "kept" / "suites.jsonl.gz"
    arguments = ["--tasks", folder / "tasks", "--out", out, "--keep", kept, "--seconds", 0.5, "--seeds", 0, 1]
    command = [*map(str, arguments), "--", "bustle-strings", "hackers-delight"]
    run = subprocess.Popen(
        [sys.executable, "benchmarks/run_suites.py", *command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    first = out / "bustle-strings.neurosynth.jsonl"
    end = time.monotonic() + 60
    while not first.exists() or not first.read_bytes():
        assert time.monotonic() < end
        time.sleep(0.02)
    run.kill()
    run.wait()
    before = first.read_bytes()
    assert run_suites.main(command) == 0
    assert first.read_bytes().startswith(before)
    assert "kept/suites.jsonl.gz: 6 rows" in capfd.readouterr().out
    rows = read_rows(kept)
    assert [(r.suite, r.solver, r.task, r.seed) for r in rows] == [
        ("hackers-delight", "neurosynth", "clear", 0),
        ("hackers-delight", "cvc5", "clear", 0),
        *(("bustle-strings", "neurosynth", f"noise-{i}", seed) for seed in (0, 1) for i in (0, 1)),
    ]
    for row in rows[:2]:
        assert (row.solved, row.held_out and row.held_out.examples, row.extra) == (True, 1, {})
        assert row.programs[0].keys() <= {"text", "size", "logprob", "test_accuracy"}
    again = kept.read_bytes()
    assert run_suites.main(command) == 0
    assert kept.read_bytes() == again


def test_what_stops_a_run_stops_all(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    arguments = ["--tasks", str(folder / "none"), "--out", str(folder / "rows"), "--keep", str(folder / "kept.gz")]
    assert run_suites.main([*arguments, "bustle-strings", "deepcoder-neo"]) == 2
    assert "no such file" in (said := capfd.readouterr()).err
    assert said.out == "== bustle-strings.neurosynth\n"
    assert not (folder / "kept.gz").exists()


def test_a_suite_that_nobody_knows_is_refused(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run_suites.main(["strings"])
    assert "unknown suite 'strings'; known: sygus-strings, " in capfd.readouterr().err
