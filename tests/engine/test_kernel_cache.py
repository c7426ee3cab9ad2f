"""What is on disk of compiled loops, and what a search makes of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from neurosynth.engine.kernels import cache as loop_cache
from neurosynth.engine.kernels.cache import compiled_before
from neurosynth.language.load import load_language
from neurosynth.search.base import Limits, SearchRequest
from neurosynth.search.bottom_up.search import BottomUp
from neurosynth.search.config import PortfolioConfig
from neurosynth.search.passes import patient
from neurosynth.tasks.grammar import task_grammar
from neurosynth.tasks.task import Task, example

LISTS = load_language("lists")
POLICY = PortfolioConfig()
TASK = Task([example([i, 3, 7], output=[i * 7919 % 101, 977]) for i in range(4)], "none")


def test_compiled_before_needs_a_loop_and_what_loops_share(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache, engine = tmp_path / "cache", tmp_path / "engine"
    (cache / "__pycache__").mkdir(parents=True)
    (engine / "store" / "__pycache__").mkdir(parents=True)
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    monkeypatch.setattr(loop_cache, "cache_folder", lambda: cache)
    monkeypatch.setattr(loop_cache, "ENGINE", engine)
    assert not compiled_before()
    (cache / "__pycache__" / "neurosynth_kernels_0123.cells-6.py311.nbi").touch()
    assert not compiled_before()
    (engine / "store" / "__pycache__" / "tables.fill-25.py311.nbi").touch()
    assert compiled_before()


def test_compiled_before_looks_where_numba_was_told_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    (tmp_path / "engine_1").mkdir()
    (tmp_path / "kernels_2").mkdir()
    assert not compiled_before()
    (tmp_path / "engine_1" / "tables.fill-25.py311.nbi").touch()
    assert not compiled_before()
    (tmp_path / "kernels_2" / "neurosynth_kernels_0123.cells-6.py311.nbi").touch()
    assert compiled_before()


@pytest.mark.parametrize(
    ("before", "imported", "times"),
    [(True, True, 1), (True, False, POLICY.unloaded), (False, True, POLICY.cold), (False, False, POLICY.cold)],
)
def test_a_first_search_stays_on_objects_longer(
    before: bool, imported: bool, times: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("neurosynth.search.passes.compiled_before", lambda: before)
    monkeypatch.setattr("neurosynth.search.passes.ready", lambda: imported)
    limits = Limits(seconds=60, max_programs=40_000)
    request = SearchRequest(task=TASK, grammar=task_grammar(TASK, LISTS), limits=limits)
    assert patient(600, POLICY) == times * 600
    levels = [(row["compiled"], row["cost"]) for row in BottomUp(object_cells=600).run(request).trace]
    last = max([cost for compiled, cost in levels if not compiled], default=0)
    assert last == {1: 0, POLICY.unloaded: 1, POLICY.cold: 2}[times]
    assert any(compiled for compiled, _ in levels)
