"""Several processes that compile into one folder at the same time: each computes what it should, and the cache is whole afterwards."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.faults.test_code_cache import fresh

_FORK = multiprocessing.get_context("fork")
_TOGETHER = 4
"""Processes at a time."""


def _entries(folder: Path, suffix: str) -> list[Path]:
    return sorted((folder / "__pycache__").glob(f"*{suffix}"))


def _cut(folder: Path, suffix: str) -> None:
    for path in _entries(folder, suffix):
        path.write_bytes(path.read_bytes()[:40])


def _remove(folder: Path, suffix: str) -> None:
    for path in _entries(folder, suffix):
        path.unlink()


def _file_for_folder(folder: Path) -> None:
    shutil.rmtree(folder / "__pycache__")
    (folder / "__pycache__").write_text("")


def _exchange(folder: Path) -> None:
    first, second = _entries(folder, ".nbc")[:2]
    kept = first.read_bytes()
    first.write_bytes(second.read_bytes())
    second.write_bytes(kept)


def _left_over(folder: Path) -> None:
    for path in _entries(folder, ".nbi"):
        path.with_name(f"{path.name}.tmp.0123456789abcdef").write_bytes(path.read_bytes()[:7])


def _other_source(folder: Path) -> None:
    with (folder / "plain_module.py").open("a") as file:
        file.write("#\n")


BEFORE: dict[str, Callable[[Path], object]] = {
    # what the processes find, made from a whole cache
    "no cache": lambda folder: shutil.rmtree(folder / "__pycache__"),
    "a whole cache": lambda folder: None,
    "no index": lambda folder: _remove(folder, ".nbi"),
    "no code": lambda folder: _remove(folder, ".nbc"),
    "a cut index": lambda folder: _cut(folder, ".nbi"),
    "cut code": lambda folder: _cut(folder, ".nbc"),
    "the code of other types": _exchange,
    "files of a process that was killed": _left_over,
    "code of an older source": _other_source,
    "a file in place of the folder": _file_for_folder,
}
MEANWHILE: dict[str, Callable[[Path], object]] = {
    # what happens again and again while they compile
    "nothing": lambda folder: None,
    "the cache is deleted": lambda folder: shutil.rmtree(folder / "__pycache__", ignore_errors=True),
    "the source grows": _other_source,
}


def _work(folder: Path, barrier: Any, number: int) -> None:
    """Computes with several types, in another order in each process; the status says whether all was right."""
    barrier.wait(60)
    given: list[tuple[Any, Any]] = [(21, 42), (1.5, 3.0), (2j, 4j), (True, 2)]
    twice = fresh(folder)
    for value, wanted in given[number:] + given[:number]:
        found = twice(value)
        if found != wanted:
            os._exit(3)
    os._exit(0)


def _together(folder: Path, meanwhile: Callable[[Path], object]) -> list[int | None]:
    barrier = _FORK.Barrier(_TOGETHER)
    processes = [_FORK.Process(target=_work, args=(folder, barrier, number)) for number in range(_TOGETHER)]
    for process in processes:
        process.start()
    while any(process.is_alive() for process in processes):
        meanwhile(folder)
        time.sleep(0.01)
    return [process.exitcode for process in processes]


def _check(folder: Path, before: str, meanwhile: str) -> None:
    for value in (21, 1.5):
        fresh(folder)(value)
    BEFORE[before](folder)
    assert _together(folder, MEANWHILE[meanwhile]) == [0] * _TOGETHER
    after = fresh(folder)
    assert (after(21), after(1.5), after(2j), after(True)) == (42, 3.0, 4j, 2)


def test_two_processes_that_compile_for_different_types_do_not_mix_them_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The smallest case: both read the index before either has written it."""
    first, second = fresh(tmp_path), fresh(tmp_path)
    with monkeypatch.context() as patch:
        files = type(vars(first)["_cache"]._cache_file)
        patch.setattr(files, "_load_index", lambda _: {})
        patch.setattr(files, "_index", lambda _: (True, {}), raising=False)
        assert first(21) == 42
        assert second(1.5) == 3.0
    third = fresh(tmp_path)
    assert third(1.5) == 3.0
    assert third.stats.cache_hits
    assert third(21) == 42


@pytest.mark.parametrize("before", ["no cache", "the code of other types"])
def test_processes_side_by_side(before: str, tmp_path: Path) -> None:
    _check(tmp_path, before, "nothing")


@pytest.mark.slow
@pytest.mark.parametrize("meanwhile", MEANWHILE)
@pytest.mark.parametrize("before", BEFORE)
def test_processes_side_by_side_whatever_they_find(before: str, meanwhile: str, tmp_path: Path) -> None:
    _check(tmp_path, before, meanwhile)


def test_code_of_an_older_source_is_removed(tmp_path: Path) -> None:
    fresh(tmp_path)(21)
    old = _entries(tmp_path, ".nbc")
    _other_source(tmp_path)
    fresh(tmp_path)(21)
    assert _entries(tmp_path, ".nbc") != old
    assert len(_entries(tmp_path, ".nbc")) == 1
