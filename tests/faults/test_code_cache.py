"""Compiled code on disk that is damaged, planted or cannot be written: made anew, said once, never the end of a search."""

from __future__ import annotations

import importlib.util
import logging
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from neurosynth.engine.kernels import cache as loop_cache
from neurosynth.engine.kernels import folders
from neurosynth.engine.kernels.choice import Loop
from neurosynth.engine.kernels.folders import cache_folder, distrust
from neurosynth.engine.kernels.source import source_of

TEXT = """from neurosynth.engine.kernels.code_cache import njit

@njit(cache=True)
def twice(x):
    return x * 2
"""


def fresh(folder: Path) -> Any:
    """The compiled function of a module in ``folder``, as a new process would have it."""
    path = folder / "plain_module.py"
    if not path.exists():
        path.write_text(TEXT)
    spec = importlib.util.spec_from_file_location("plain_module", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    exec(compile(TEXT, str(path), "exec"), vars(module))
    return module.twice


@pytest.fixture(autouse=True)
def _first_mention(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "_mentioned", set())


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What numba's cache of the module holds, by name."""
    folder = tmp_path_factory.mktemp("kept")
    assert fresh(folder)(21) == 42
    return {p.name: p.read_bytes() for p in (folder / "__pycache__").iterdir() if p.suffix in (".nbi", ".nbc")}


def _flip(data: bytes, at: float) -> bytes:
    place = min(int(len(data) * at), len(data) - 1)
    return data[:place] + bytes([data[place] ^ 4]) + data[place + 1 :]


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda data: b"",
    "one byte": lambda data: data[:1],
    "cut in the middle": lambda data: data[: len(data) // 2],
    "cut by one byte": lambda data: data[:-1],
    "a bit of the first bytes": lambda data: _flip(data, 0.0),
    "a bit of the digest": lambda data: data[:20] + bytes([data[20] ^ 1]) + data[21:],
    "a bit in the middle": lambda data: _flip(data, 0.5),
    "a bit of the last byte": lambda data: _flip(data, 1.0),
    "a byte too many": lambda data: data + b"\0",
    "zeros": lambda data: bytes(len(data)),
    "noise": lambda data: random.Random(0).randbytes(len(data)),
    "twice": lambda data: data + data,
    "a pickle of something else": lambda data: b"\x80\x04N.",
    "numba's own": lambda data: data[50:],
}


@pytest.mark.parametrize("suffix", [".nbi", ".nbc"])
@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_file_is_made_anew(
    damage: str, suffix: str, kept: dict[str, bytes], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "__pycache__"
    folder.mkdir()
    for name, data in kept.items():
        (folder / name).write_bytes(DAMAGES[damage](data) if name.endswith(suffix) else data)
    function = fresh(tmp_path)
    with caplog.at_level(logging.INFO):
        assert function(21) == 42
    assert not function.stats.cache_hits
    first, *others = caplog.records
    assert first.levelno == logging.WARNING
    assert "damaged and made anew" in first.getMessage()
    assert not [r for r in others if r.levelno >= logging.WARNING]
    healed = fresh(tmp_path)
    assert healed(21) == 42
    assert healed.stats.cache_hits


def test_code_of_another_function_is_not_taken(kept: dict[str, bytes], tmp_path: Path) -> None:
    folder = tmp_path / "__pycache__"
    folder.mkdir()
    for name, data in kept.items():
        (folder / name).write_bytes(data)
    (code,) = (n for n in kept if n.endswith(".nbc"))
    (index,) = (n for n in kept if n.endswith(".nbi"))
    (folder / code).write_bytes(kept[index])
    function = fresh(tmp_path)
    assert function(21) == 42
    assert not function.stats.cache_hits


def test_a_folder_where_a_file_should_be(tmp_path: Path, kept: dict[str, bytes]) -> None:
    for name in kept:
        (tmp_path / "__pycache__" / name).mkdir(parents=True)
    assert fresh(tmp_path)(21) == 42


def test_whole_entries_are_used(kept: dict[str, bytes], tmp_path: Path) -> None:
    folder = tmp_path / "__pycache__"
    folder.mkdir()
    for name, data in kept.items():
        (folder / name).write_bytes(data)
    function = fresh(tmp_path)
    assert function(21) == 42
    assert function.stats.cache_hits


def test_code_that_cannot_be_kept_is_used_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    function = fresh(tmp_path)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(type(vars(function)["_cache"]._cache_file), "_write", full)
    assert function(21) == 42
    assert "No space left" in caplog.text


def test_no_folder_to_write_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from numba.core.caching import FunctionCache

    def nowhere(*_: object) -> None:
        raise RuntimeError("cannot cache function: no locator available")

    monkeypatch.setattr(FunctionCache, "__init__", nowhere)
    function = fresh(tmp_path)
    assert function(21) == 42
    assert function.stats.cache_path is None


# --- generated modules --------------------------------------------------------------------------------------------------

LOOP = Loop("=a0 + a1 * 3", "ww", "w")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache folder."""
    monkeypatch.setattr(loop_cache, "cache_folder", lambda: tmp_path)
    return tmp_path


def _loaded() -> Any:
    """The module of the loop, as a new process would load it."""
    text = source_of(LOOP)
    module = loop_cache._load(text, [])
    del sys.modules[module.__name__]
    return module


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_generated_module_is_written_anew(damage: str, folder: Path) -> None:
    path = Path(_loaded().__file__)
    whole = path.read_bytes()
    path.write_bytes(DAMAGES[damage](whole))
    assert hasattr(_loaded(), "cells")
    assert path.read_bytes() == whole


@pytest.mark.parametrize("planted", ["import os; os._exit(9)", "raise SystemExit(9)", "cells = None", "def cells(:"])
def test_a_planted_module_never_runs(planted: str, folder: Path) -> None:
    path = Path(_loaded().__file__)
    path.write_text(planted)
    assert callable(_loaded().cells)


@pytest.mark.parametrize("damage", DAMAGES)
def test_bytecode_beside_a_generated_module_is_not_looked_at(damage: str, folder: Path) -> None:
    path = Path(_loaded().__file__)
    bytecode = Path(importlib.util.cache_from_source(str(path)))
    bytecode.parent.mkdir(exist_ok=True)
    bytecode.write_bytes(DAMAGES[damage](b"\xa7\r\r\n" + bytes(40)))
    assert callable(_loaded().cells)


def test_a_full_disk_costs_the_file_only(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tempfile, "NamedTemporaryFile", full)
    assert callable(_loaded().cells)


# --- the folder -----------------------------------------------------------------------------------------------------------


def _plain(folder: Path) -> Path:
    folder.mkdir(mode=0o700)
    return folder


def _open_to(mode: int) -> Callable[[Path], Path]:
    def made(folder: Path) -> Path:
        folder.mkdir()
        folder.chmod(mode)
        return folder

    return made


def _link(folder: Path) -> Path:
    (folder.parent / "real").mkdir(mode=0o700)
    folder.symlink_to(folder.parent / "real")
    return folder


def _file(folder: Path) -> Path:
    folder.write_text("")
    return folder


FOLDERS: list[tuple[str, Callable[[Path], Path], str]] = [
    ("one's own", _plain, ""),
    ("one's own that others may read", _open_to(0o755), ""),
    ("one's own behind one's own link", _link, ""),
    ("open to all", _open_to(0o777), "others may write"),
    ("open to all, sticky", _open_to(0o1777), "others may write"),
    ("open to a group", _open_to(0o770), "others may write"),
    ("open to a group, setgid", _open_to(0o2775), "others may write"),
    ("open to others but not the group", _open_to(0o702), "others may write"),
    ("a file", _file, "not a folder"),
]


@pytest.mark.parametrize(("name", "make", "reason"), FOLDERS, ids=[f[0] for f in FOLDERS])
def test_which_folders_are_trusted(name: str, make: Callable[[Path], Path], reason: str, tmp_path: Path) -> None:
    said = distrust(make(tmp_path / "cache"))
    assert reason in said
    assert bool(said) == bool(reason)


def test_a_folder_of_another_user_is_not_trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    owner = os.getuid()
    monkeypatch.setattr(os, "getuid", lambda: owner + 1)
    assert f"user {owner}" in distrust(_plain(tmp_path / "cache"))
    assert not distrust(tmp_path / "cache", also=owner)


@pytest.mark.skipif(os.getuid() != 0, reason="only root can make a link of another user")
def test_a_link_of_another_user_is_not_trusted(tmp_path: Path) -> None:
    folder = _link(tmp_path / "cache")
    os.lchown(folder, 12345, 12345)
    assert "a link that user 12345 made" in distrust(folder)
    (tmp_path / "real" / "below").mkdir()
    assert "a link that user 12345 made" in distrust(folder / "below")


@pytest.mark.parametrize("make", [f[1] for f in FOLDERS if f[2]], ids=[f[0] for f in FOLDERS if f[2]])
def test_a_folder_that_is_not_trusted_is_not_used(
    make: Callable[[Path], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    stated = make(tmp_path / "cache")
    monkeypatch.setenv("NEUROSYNTH_CACHE", str(stated))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr("neurosynth.engine.kernels.folders.cache_folder", cache_folder)
    cache_folder.cache_clear()
    try:
        used = cache_folder()
    finally:
        cache_folder.cache_clear()
    assert used == tmp_path / f"neurosynth-{os.getuid()}"
    assert used.stat().st_mode & 0o777 == 0o700
    assert caplog.text.count("is not used") == 1


def test_where_the_temporary_folder_has_a_planted_one_a_private_one_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    planted = tmp_path / f"neurosynth-{os.getuid()}"
    planted.mkdir()
    planted.chmod(0o777)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("NEUROSYNTH_CACHE", str(planted))
    cache_folder.cache_clear()
    try:
        used = cache_folder()
    finally:
        cache_folder.cache_clear()
    assert used.parent == tmp_path
    assert used != planted
    assert used.stat().st_mode & 0o777 == 0o700


# --- a whole process ------------------------------------------------------------------------------------------------------------

SEARCH = """
import neurosynth as ns
from neurosynth.search.bottom_up.search import BottomUp
task = ns.Task([ns.example([i, 3, 7], output=[i * 7919 % 101, 977]) for i in range(4)], "none")
result = ns.synthesize(task, "lists", search=BottomUp(object_cells=100), guide="uniform",
                       limits=ns.Limits(seconds=100, max_programs=200_000))
assert result.trace[-1]["compiled"]
print(result.stop.value, result.stats.programs_tried)
"""


@pytest.mark.slow
@pytest.mark.parametrize("suffix", [".nbi", ".nbc", ".py", ".pyc", ".met"])
@pytest.mark.parametrize("damage", ["empty", "cut in the middle", "a bit in the middle", "noise"])
def test_a_search_over_a_damaged_cache(
    damage: str, suffix: str, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    base = tmp_path_factory.getbasetemp() / "warm"
    environment = {**os.environ, "NEUROSYNTH_CACHE": str(base / "ours"), "NUMBA_CACHE_DIR": str(base / "numba")}
    if not base.exists():
        subprocess.run([sys.executable, "-c", SEARCH], env=environment, check=True, capture_output=True)
    for file in base.rglob(f"*{suffix}"):
        file.write_bytes(DAMAGES[damage](file.read_bytes() or b"\0"))
    done = subprocess.run([sys.executable, "-c", SEARCH], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["programs", "200000"]
    assert done.stderr.count("\n") <= 1
