"""The folder of generated modules and their compiled code. It must belong to this user only, because its content is executed."""

from __future__ import annotations

import atexit
import logging
import os
import shutil
import stat
import tempfile
from functools import lru_cache
from pathlib import Path

__all__ = ["cache_folder", "distrust", "mention"]

_log = logging.getLogger(__name__)
_mentioned: set[str] = set()


def mention(what: str, message: str, *parts: object) -> None:
    """Log a problem of the cache: the first of its kind as a warning, the others at a lower level. A damaged folder has hundreds of
    files, and none of them changes the result of a search.
    """
    level = logging.INFO if what in _mentioned else logging.WARNING
    _mentioned.add(what)
    _log.log(level, message, *parts)


@lru_cache(maxsize=1)
def cache_folder() -> Path:
    """The folder of generated modules: ``NEUROSYNTH_CACHE``, or else the user's cache folder, or else a private temporary one.

    A folder that another user owns, or that others may write to, or that is reached by another user's link, is not used; the
    log says so once.
    """
    for folder in _wanted():
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            reason = distrust(folder)
            if not reason:
                with tempfile.TemporaryFile(dir=folder):
                    return folder
        except OSError as error:
            reason = f"cannot be written: {error.strerror or error}"
        _log.warning("the cache folder %s is not used: %s; name another in NEUROSYNTH_CACHE", folder, reason)
    private = Path(tempfile.mkdtemp(prefix="neurosynth-"))
    atexit.register(_remove, private, os.getpid())
    return private


def _wanted() -> list[Path]:
    """The folders to try, in order; the last is the one in the temporary folder that later processes find again."""
    found = []
    if stated := os.environ.get("NEUROSYNTH_CACHE"):
        found.append(Path(stated))
    else:
        from platformdirs import user_cache_path

        folder = user_cache_path("neurosynth", appauthor=False)
        if folder.is_absolute():
            found.append(folder)
        else:
            _log.info("no home folder is known; the cache goes to the temporary folder")
    return [*found, Path(tempfile.gettempdir()) / f"neurosynth-{os.getuid()}"]


def distrust(folder: Path, *, also: int | None = None) -> str:
    """Why the content of a folder may be another user's; empty if it can only be this user's, or that of the user ``also``.

    Raises:
        OSError: if it cannot be read.
    """
    mine = {os.getuid(), os.getuid() if also is None else also}
    whole = Path(os.path.abspath(folder))
    for part in (*reversed(whole.parents), whole):
        found = os.lstat(part)
        if stat.S_ISLNK(found.st_mode) and found.st_uid not in {*mine, 0}:
            return f"{part} is a link that user {found.st_uid} made"
    found = os.stat(whole)
    if not stat.S_ISDIR(found.st_mode):
        return "it is not a folder"
    if found.st_uid not in mine:
        return f"user {found.st_uid} owns it"
    if found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        return "others may write to it (chmod go-w it)"
    return ""


def _remove(folder: Path, process: int) -> None:
    if os.getpid() == process:  # not in a fork that ends
        shutil.rmtree(folder, ignore_errors=True)
