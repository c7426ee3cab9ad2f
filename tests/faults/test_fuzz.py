"""A few cases of each class of the fuzzer; ``NEUROSYNTH_FUZZ=20000`` in the environment asks for more."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.faults.fuzz import CLASSES, PROCESSES, Fuzzer, Tally

CASES = int(os.environ.get("NEUROSYNTH_FUZZ", "600"))


@pytest.mark.parametrize("name", [pytest.param(n, marks=pytest.mark.slow if n in PROCESSES else ()) for n in CLASSES])
def test_no_traceback_nothing_late_nothing_lost(name: str, tmp_path: Path) -> None:
    tally = Tally()
    cases = round(CLASSES[name][1] * CASES / (3 if name in ("fill", "apply", "export") else 1))  # these take longer
    Fuzzer(tmp_path, seed=int(os.environ.get("NEUROSYNTH_FUZZ_SEED", "0"))).run(name, max(3, cases), tally)
    assert not tally.failed, "\n".join(tally.shown)
