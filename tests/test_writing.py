"""Files that are written whole or not at all: what was there stays, links and devices stay what they are."""

from __future__ import annotations

import errno
import os
import stat
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from neurosynth.errors import InputError
from neurosynth.writing import whole_file, write_whole


def test_what_was_there_is_replaced_with_its_permissions(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(b"old")
    path.chmod(0o640)
    write_whole(path, b"new")
    assert (path.read_bytes(), stat.S_IMODE(path.stat().st_mode)) == (b"new", 0o640)
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_stays_one(tmp_path: Path) -> None:
    path, link = tmp_path / "t.csv", tmp_path / "link.csv"
    path.write_bytes(b"old")
    link.symlink_to(path.name)
    write_whole(link, b"new")
    assert link.is_symlink()
    assert path.read_bytes() == b"new"


def test_a_pipe_is_written_to(tmp_path: Path) -> None:
    pipe, read = tmp_path / "pipe", []
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()
    write_whole(pipe, b"rows")
    reader.join()
    assert read == [b"rows"]
    assert pipe.is_fifo()


def test_a_device_stays_one(tmp_path: Path) -> None:
    full = tmp_path / "full"
    try:
        os.mknod(full, stat.S_IFCHR | 0o666, os.makedev(1, 7))
        full.open("wb").close()
    except OSError:
        pytest.skip("only root may make a device, and this account may not")
    with pytest.raises(InputError, match="cannot be written: No space left on device; give another file"):
        write_whole(full, b"rows")
    assert stat.S_ISCHR(full.stat().st_mode)


def _gone(path: Path) -> Path:
    return path.parent / "no" / path.name


def _folder(path: Path) -> Path:
    path.unlink()
    path.mkdir()
    return path


def _below_a_file(path: Path) -> Path:
    return path / "t.csv"


def _loop(path: Path) -> Path:
    link = path.with_name("loop")
    link.symlink_to(link)
    return link


def _long_loop(path: Path) -> Path:
    a, b = path.with_name("a"), path.with_name("b")
    a.symlink_to(b)
    b.symlink_to(a)
    return a


def _long(path: Path) -> Path:
    return path.with_name("x" * 300)


@pytest.mark.parametrize(
    ("place", "message"),
    [
        (_gone, "cannot be written: No such file or directory; ask another"),
        (_folder, "cannot be written: it is a folder; the old file is unchanged; ask another"),
        (_below_a_file, "cannot be written: Not a directory; ask another"),
        (_long, "cannot be written: File name too long; ask another"),
        (lambda path: Path(), "'.' names no file; ask another"),
        (_loop, "cannot be written: Too many levels of symbolic links; ask another"),
        (_long_loop, "cannot be written: Too many levels of symbolic links; ask another"),
    ],
)
def test_what_cannot_be_written_is_said(tmp_path: Path, place: object, message: str) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(b"old")
    assert callable(place)
    with pytest.raises(InputError) as error:
        write_whole(place(path), b"new", "ask another")
    assert message in str(error.value)


def _written(path: Path, then: Callable[[], None]) -> None:
    with whole_file(path) as file:
        file.write(b"new")
        then()


@pytest.mark.parametrize("failing", ["fsync", "write", "replace", "chmod"])
def test_a_full_disk_keeps_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: str) -> None:
    def full(*arguments: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    path = tmp_path / "t.csv"
    path.write_bytes(b"old")
    if failing != "write":
        monkeypatch.setattr(os if failing == "fsync" else Path, failing, full)
    with pytest.raises(InputError, match="No space left on device; the old file is unchanged"):
        _written(path, full if failing == "write" else lambda: None)
    monkeypatch.undo()
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_read_only_files_are_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(b"old")
    monkeypatch.setattr(os, "access", lambda *_: False)  # whoever runs the tests as root may write everything
    with pytest.raises(InputError, match="cannot be written: it is read-only; the old file is unchanged"):
        write_whole(path, b"new")
    assert path.read_bytes() == b"old"


def test_what_goes_wrong_on_the_way_leaves_nothing(tmp_path: Path) -> None:
    def wrong() -> None:
        raise InputError("line 7 is not a row")

    with pytest.raises(InputError, match="line 7"):
        _written(tmp_path / "t.csv", wrong)
    assert list(tmp_path.iterdir()) == []


def test_many_threads_and_one_file(tmp_path: Path) -> None:
    """Whoever is last wins; what stands there is whole at any moment, and nothing is left beside it."""
    path = tmp_path / "t.csv"
    texts = [bytes([65 + i]) * 50_000 for i in range(8)]
    with ThreadPoolExecutor(8) as pool:
        for written in [pool.submit(write_whole, path, text) for text in texts * 4]:
            written.result()
            assert path.read_bytes() in texts
    assert list(tmp_path.iterdir()) == [path]
