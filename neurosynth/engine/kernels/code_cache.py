"""numba's cache of compiled code, with digests: a damaged entry is deleted and compiled again. numba trusts the files on disk: a
truncated file ends in an exception, and a flipped bit in a crash or in wrong results. Here, both files of a function, the index
(``.nbi``) and the code (``.nbc``), begin with a digest of the rest. A problem with them is logged once, and costs a compilation, never
a search.
"""

from __future__ import annotations

import functools
import hashlib
import inspect
import os
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numba
from numba.core.caching import FunctionCache, IndexDataCacheFile, NullCache
from numba.core.dispatcher import Dispatcher

from neurosynth.engine.kernels.folders import distrust, mention

__all__ = ["njit"]

_MAGIC = b"neurosynth code 1\n"
_DIGEST = 32
"""Bytes of a digest (SHA-256)."""


def njit(function: Callable[..., Any] | None = None, /, *, cache: bool = False, **options: Any) -> Any:
    """``numba.njit``; with ``cache``, compiled code is kept on disk with digests."""
    make = numba.njit(**options)

    def decorated(plain: Callable[..., Any]) -> Any:
        compiled = make(plain)
        if cache and isinstance(compiled, Dispatcher):  # with NUMBA_DISABLE_JIT it is the function itself
            vars(compiled)["_cache"] = _cache_of(plain)
        return compiled

    return decorated if function is None else decorated(function)


def _cache_of(function: Callable[..., Any]) -> Any:
    try:
        cache = _Cache(function)
        _check(cache.cache_path, os.stat(inspect.getfile(function)).st_uid)
    except (RuntimeError, OSError, Distrusted) as error:  # numba: "no locator available": no folder is writable
        mention("cache", "compiled code is not kept on disk: %s", error)
        return NullCache()
    return cache


class Damaged(Exception):
    """A file of the cache whose content is not what was written to it."""


class Distrusted(Exception):
    """A folder into which another user may have put code."""


@functools.cache
def _check(folder: str, owner: int) -> None:
    """Check that only this user, or the owner of the source, can have put code there.

    Raises:
        Distrusted: otherwise.
        OSError: if the folder cannot be read.
    """
    if os.path.isdir(folder) and (reason := distrust(Path(folder), also=owner)):
        raise Distrusted(f"{folder}: {reason}")


class _Files(IndexDataCacheFile):
    """The index and the code of one function."""

    _source_stamp: Any
    _version: str
    _index_path: str
    _cache_path: str

    def save(self, key: Any, data: Any) -> None:
        """Keep the code of a key in a file that is named after it.

        numba counts the files of a function. Two processes that compile it for different types at the same time then choose the same
        name, and the index of the one names the code of the other. With a name of its own, the worst that a race costs is a compilation.
        """
        name = self._data_name(self._number(key))  # type: ignore[no-untyped-call]  # numba has no types
        self._save_data(name, data)
        fresh, overloads = self._index()
        if not fresh:
            for old in overloads.values():
                Path(self._cache_path, old).unlink(missing_ok=True)
            overloads = {}
        self._save_index(overloads | {key: name})

    def _number(self, key: Any) -> int:
        """A number that differs between versions of a source, types of arguments, and processors."""
        text = repr((self._version, self._source_stamp, key))
        return int.from_bytes(hashlib.sha256(text.encode()).digest()[:6])

    def _load_index(self) -> dict[Any, str]:
        fresh, overloads = self._index()
        return overloads if fresh else {}

    def _index(self) -> tuple[bool, dict[Any, str]]:
        """Whether the index is of this source, and the names of its files."""
        try:
            version, stamp, overloads = pickle.loads(_read(self._index_path))
        except FileNotFoundError:
            return True, {}
        except Exception as error:  # unpickling raises whatever exception the bytes cause
            self._drop(self._index_path, error)
            return True, {}
        return version == self._version and stamp == self._source_stamp, dict(overloads)

    def _save_index(self, overloads: dict[Any, str]) -> None:
        self._write(self._index_path, pickle.dumps((self._version, self._source_stamp, overloads)))

    def _load_data(self, name: str) -> Any:
        path = os.path.join(self._cache_path, name)
        try:
            return pickle.loads(_read(path))
        except FileNotFoundError:
            return None
        except Exception as error:  # as above
            self._drop(path, error)
            return None

    def _save_data(self, name: str, data: Any) -> None:
        self._write(os.path.join(self._cache_path, name), self._dump(data))  # type: ignore[no-untyped-call]  # numba has no types

    def _write(self, path: str, payload: bytes) -> None:
        with self._open_for_write(path) as file:
            file.write(_MAGIC + _digest(path, payload) + payload)

    def _drop(self, path: str, error: Exception) -> None:
        mention("cache", "compiled code is damaged and made anew: %s (%s: %s)", path, type(error).__name__, error)
        try:
            os.unlink(path)
        except OSError as why:  # a folder of that name, or another user's file
            mention("cache", "%s cannot be removed: %s", path, why)


class _Cache(FunctionCache):
    """The cache of one function, which never ends a search."""

    _impl: Any
    _cache_path: str

    def __init__(self, function: Callable[..., Any]) -> None:
        super().__init__(function)  # type: ignore[no-untyped-call]
        self._cache_file = _Files(  # type: ignore[no-untyped-call]
            cache_path=self._cache_path,
            filename_base=self._impl.filename_base,
            source_stamp=self._impl.locator.get_source_stamp(),
        )

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        try:
            return super().load_overload(sig, target_context)  # type: ignore[no-untyped-call]
        except Exception as error:  # undamaged, but from another llvmlite or for another processor
            mention("cache", "compiled code in %s cannot be used and is made anew: %r", self._cache_path, error)
            return None

    def save_overload(self, sig: Any, data: Any) -> None:
        try:
            super().save_overload(sig, data)  # type: ignore[no-untyped-call]
        except (OSError, pickle.PicklingError) as error:  # the disk is full, the folder is gone
            mention("cache", "compiled code is not kept in %s: %s", self._cache_path, error)


def _read(path: str) -> bytes:
    """The content of a file after its digest.

    Raises:
        OSError: if it cannot be read.
        Damaged: if the digest does not match the rest.
    """
    with open(path, "rb") as file:
        whole = file.read()
    start = len(_MAGIC) + _DIGEST
    payload = whole[start:]
    if whole[:start] != _MAGIC + _digest(path, payload):
        raise Damaged(f"{len(whole)} bytes, which are not those that were written")
    return payload


def _digest(path: str, payload: bytes) -> bytes:
    """The digest includes the file's name, so that one function's code is never taken for another's."""
    return hashlib.sha256(os.path.basename(path).encode() + b"\0" + payload).digest()
