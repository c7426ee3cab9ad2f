"""The clock of the machine may jump, and files may be of the future: limits and rows do not depend on either.

Limits are counted on a clock that never jumps. The time of day is only written down.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from neurosynth.bench.rows import read_rows
from tests.commands import status_of

TABLE = "name,s\nAda Lovelace,Ada\nAlan Turing,Alan\nGrace Hopper,\n"
TASKS = [
    {"name": "doubled", "language": "lists", "examples": [{"inputs": [[1, 2]], "output": [2, 4]}, {"inputs": [[5]], "output": [10]}]},
    {"name": "nobody's", "language": "lists", "examples": [{"inputs": [[i, 3]], "output": [i * 7919 % 101]} for i in range(4)]},
]  # fmt: skip
DAY = 86_400.0

real = time.time


class _Jumping:
    """A clock that moves by ``step`` at each look."""

    def __init__(self, step: float) -> None:
        self.now, self.step = real(), step

    def __call__(self) -> float:
        self.now += self.step
        return self.now


CLOCKS: dict[str, Callable[[], Callable[[], float]]] = {
    "it stands": lambda: _Jumping(0.0),
    "forward by a day": lambda: _Jumping(DAY),
    "back by a day": lambda: _Jumping(-DAY),
    "back by a second": lambda: _Jumping(-1.0),
    "its first second": lambda: lambda: 0.0,
    "before its first second": lambda: lambda: -3600.5,
    "a century on": lambda: lambda: real() + 36_525 * DAY,
}
DEEDS: dict[str, list[str]] = {
    "fill": ["fill", "t.csv", "--output", "s", "--seconds", "5", "--write", "out.csv"],
    "solve": ["solve", "suite.jsonl", "--task", "nobody's", "--seconds", "1"],
    "bench run": ["bench", "run", "suite.jsonl", "--seconds", "20", "--max-programs", "20000", "--out", "rows.jsonl"],
}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "t.csv").write_text(TABLE)
    (tmp_path / "suite.jsonl").write_text("".join(json.dumps(task) + "\n" for task in TASKS))
    return tmp_path


LONG = [pytest.param("bench run", marks=pytest.mark.slow)]


@pytest.mark.parametrize("clock", CLOCKS.values(), ids=CLOCKS.keys())
@pytest.mark.parametrize("deed", ["fill", "solve", *LONG])
def test_limits_hold_while_the_clock_jumps(
    deed: str,
    clock: Callable[[], Callable[[], float]],
    here: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    begun = time.thread_time()
    monkeypatch.setattr(time, "time", clock())
    status = status_of(*DEEDS[deed])
    monkeypatch.undo()
    os.chdir(here)
    printed = capsys.readouterr()
    assert "Traceback" not in printed.err
    assert time.thread_time() - begun < 20
    if deed == "fill":
        assert (status, Path("out.csv").read_text()) == (0, TABLE.replace("Hopper,", "Hopper,Grace"))
    elif deed == "solve":
        assert status == 1
    else:
        rows = {row.task: row for row in read_rows(Path("rows.jsonl"))}
        assert {name: row.solved for name, row in rows.items()} == {"doubled": True, "nobody's": False}
        assert status == 0


@pytest.mark.parametrize(
    "seconds", [0, 1, 4_102_444_800, 7_258_118_400], ids=["1970", "a second later", "2100", "2200"]
)
@pytest.mark.parametrize("deed", ["fill", "solve", *LONG])
def test_files_of_any_time(deed: str, seconds: int, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for file in ("t.csv", "suite.jsonl"):
        os.utime(here / file, (seconds, seconds))
    assert status_of(*DEEDS[deed]) == (1 if deed == "solve" else 0)
    assert "Traceback" not in capsys.readouterr().err
