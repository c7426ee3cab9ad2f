"""Files that are written whole or not at all."""

from __future__ import annotations

import errno
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from neurosynth.errors import InputError

__all__ = ["whole_file", "write_whole"]


@contextmanager
def whole_file(path: Path, remedy: str = "give another file") -> Iterator[BinaryIO]:
    """A file to write into, which takes the place of ``path`` when all of it is on the disk.

    It stands beside ``path`` until then, and is gone after an exception.  A link stays a link: the file it leads to is replaced.
    What is not an ordinary file (a device, a pipe) is written to directly, since a rename would put a file in its place.

    Raises:
        InputError: when ``path`` cannot be written (a folder, no such folder, read-only, disk full), with the cause and the
            remedy; what was there stays as it was.
    """
    if not path.name:
        raise InputError(f"{str(path)!r} names no file; {remedy}")
    kept = ""
    try:
        if _is_device(path):
            with path.open("wb") as file:
                yield file
            return
        target = Path(os.path.realpath(path))
        if target.is_symlink():  # only a link that leads back to itself is left
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
        if target.exists():
            kept = "; the old file is unchanged"
            if target.is_dir():
                raise IsADirectoryError(None, "it is a folder")
            if not os.access(target, os.W_OK):
                raise PermissionError(None, "it is read-only")
        with _beside(target) as file:
            yield file
    except OSError as error:
        raise InputError(f"{path}: cannot be written: {error.strerror or error}{kept}; {remedy}") from None


def write_whole(path: Path, data: bytes, remedy: str = "give another file") -> None:
    """Write a whole file or leave what was there; see :func:`whole_file`.

    Raises:
        InputError: when it cannot be written.
    """
    with whole_file(path, remedy) as file:
        file.write(data)


def _is_device(path: Path) -> bool:
    """Whether a path leads to something that is not an ordinary file; names below /dev and /proc stand for such things, too."""
    named = path.absolute().parts[1:2] in (("dev",), ("proc",)) and path.exists()
    return not path.is_dir() and (named or (path.exists() and not path.is_file()))


@contextmanager
def _beside(target: Path) -> Iterator[BinaryIO]:
    """A temporary file in the target's folder that takes its place, flushed to the disk, with its permissions."""
    temporary = target.with_name(f".{target.name[:100]}.{os.getpid()}-{threading.get_ident()}.tmp")
    try:
        with temporary.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            temporary.chmod(target.stat().st_mode & 0o7777)
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)  # or the rename may be lost with the power
    finally:
        os.close(folder)
