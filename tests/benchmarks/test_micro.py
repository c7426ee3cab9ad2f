"""The micro-benchmarks do what they say, each once and untimed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
def test_every_micro_benchmark_runs() -> None:
    pytest.importorskip("torch", reason="guides and training need torch")
    command = [sys.executable, "-m", "pytest", "benchmarks/micro", "--benchmark-disable", "-p", "no:cacheprovider"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-4000:]
    assert " passed in " in done.stdout
    assert "skipped" not in done.stdout
