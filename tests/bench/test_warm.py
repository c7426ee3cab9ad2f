"""What a fork loaded is loaded again where it came from; and what hands out tasks loads little."""

from __future__ import annotations

import pickle
import subprocess
import sys
from pathlib import Path

import pytest
from numba import types

from neurosynth.bench import warm
from neurosynth.bench.lessons import from_json, to_json
from neurosynth.engine.codegen import Loop

SOLVING = """
import pickle, sys
from neurosynth.bench.warm import Known
from neurosynth.search.base import Limits
from neurosynth.synthesize import synthesize
from tests.bench.evil import unsolved
import neurosynth.search.auto, numba
known = Known()
for item in list(known.beyond()):
    known.add(item)
assert not list(known.beyond())
for _ in range(2):
    synthesize(unsolved("noise"), guide="uniform", search="bottom-up", limits=Limits(seconds=60, max_programs=50_000))
lessons = list(known.beyond())
for item in lessons:
    known.add(item)
assert not list(known.beyond())
sys.stdout.buffer.write(pickle.dumps(lessons))
"""
LEARNING = """
import pickle, sys
from neurosynth.bench.warm import Known, learn
import neurosynth.search.auto, numba
known = Known()
for item in list(known.beyond()):
    known.add(item)
lessons = pickle.loads(sys.stdin.buffer.read())
for item in lessons:
    known.add(item)
    learn(item)
assert all(item in known for item in lessons)
from neurosynth.engine.loop_cache import load
made = [item.contents for item in lessons if item.contents is not None]
assert made and all(load(contents).__name__ in sys.modules for contents in made)
functions = [i for i in lessons if i.function]
assert functions and all(i.signature in getattr(sys.modules[i.module], i.function).signatures for i in functions)
"""


@pytest.mark.slow
def test_what_one_process_loaded_another_learns() -> None:
    root = Path(__file__).parents[2]
    told = subprocess.run([sys.executable, "-c", SOLVING], cwd=root, capture_output=True)
    assert told.returncode == 0, told.stderr.decode()
    lessons = pickle.loads(told.stdout)
    assert len(lessons) > 10
    assert from_json(to_json(lessons)) == lessons  # nothing is lost on disk
    heard = subprocess.run([sys.executable, "-c", LEARNING], cwd=root, input=told.stdout, capture_output=True)
    assert heard.returncode == 0, heard.stderr.decode()


def test_the_process_that_hands_out_tasks_loads_no_numpy() -> None:
    modules = (
        "cli.bench, neurosynth.bench.local, neurosynth.bench.runner, neurosynth.bench.solvers, neurosynth.bench.rows"
    )
    code = f"import sys, neurosynth.{modules}; print(*(m for m in ('numpy', 'numba', 'torch') if m in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert not done.stdout.split()


def test_what_is_kept_from_run_to_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warm, "cache_folder", lambda: tmp_path)
    assert warm.recall("a run") == []
    lessons = [warm.Loaded(f"module{i}") for i in range(5)]
    warm.remember("a run", lessons)
    assert warm.recall("a run") == lessons
    assert warm.recall("another") == []
    many = [warm.Loaded(f"other{i}") for i in range(warm.KEPT)]
    warm.remember("a run", [*lessons, *many])
    assert warm.recall("a run") == many
    (kept,) = tmp_path.iterdir()
    kept.write_bytes(kept.read_bytes()[:-10])
    assert warm.recall("a run") == []


def test_code_that_is_no_longer_on_disk_is_not_recalled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warm, "cache_folder", lambda: tmp_path)
    loop = Loop("neurosynth.engine.hashing:never_there", "w", "w")
    warm.remember("a run", [warm.Loaded("plain"), warm.Loaded("gone", contents=loop)])
    assert warm.recall("a run") == [warm.Loaded("plain")]  # the other cannot be made any more
    uncompiled = Loop("=a0", "w", "w")
    warm.remember("a run", [warm.Loaded("plain"), warm.Loaded("neurosynth_kernels_x", contents=uncompiled)])
    assert warm.recall("a run") == [warm.Loaded("plain")]


def test_what_was_kept_under_another_engine_is_not_recalled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warm, "cache_folder", lambda: tmp_path)
    warm.remember("a run", [warm.Loaded("neurosynth.engine.tables", "a_function_of_then", (types.int64,))])
    assert len(warm.recall("a run")) == 1
    monkeypatch.setattr(warm, "engine_stamp", lambda: "another")
    assert warm.recall("a run") == []


def test_a_module_that_breaks_when_imported_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "breaks_at_once.py").write_text("raise ValueError('no')")
    monkeypatch.syspath_prepend(tmp_path)
    warm.learn(warm.Loaded("breaks_at_once", "f", ("int64",)))
    assert "breaks_at_once" not in sys.modules
