"""The benchmark of the runner compares like with like: both ways try the same candidates."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.bench_runner import both, noise, small


@pytest.mark.parametrize("together", [True, False])
def test_the_runner_does_what_a_loop_does(tmp_path: Path, together: bool) -> None:
    row = both([small(0), noise(0), small(7)], 1_000, 1, tmp_path, together=together)
    assert row["loop_candidates"] == row["runner_candidates"] > 1_000
    assert row["tasks"] == 3
    assert row["overhead"] == round(row["overhead"], 4)
    assert row["tasks_per_minute"] > 0
