"""Reading and writing task files as text: encodings, and what all formats have in common."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from neurosynth.errors import InputError, nearest
from neurosynth.writing import write_whole

__all__ = ["few", "pick", "read_text", "write_text"]

_SHOWN = 5


def read_text(path: Path) -> str:
    """The text of a UTF-8 file, without a byte-order mark.

    Raises:
        InputError: if the file cannot be read or is not UTF-8, with the line and the byte.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        folder = path.parent
        names = [p.name for p in folder.iterdir()] if folder.is_dir() else []
        raise InputError(f"{path}: no such file{nearest(path.name, names)}") from None
    except IsADirectoryError:
        raise InputError(f"{path}: a folder; give one of the task files in it") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror or error}") from None
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise InputError(f"{path}, line 1, byte 0: a UTF-16 byte-order mark; task files are UTF-8: save it as UTF-8")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError(
            f"{path}, line {line}: byte 0x{data[error.start]:02x} at offset {error.start} is not UTF-8; "
            "save the file as UTF-8"
        ) from None


def write_text(path: Path, text: str) -> None:
    """Write a whole UTF-8 file, or leave the old one: see :func:`~neurosynth.writing.whole_file`.

    Raises:
        InputError: if the file cannot be written, or the text has no UTF-8 form.
    """
    try:
        data = text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise InputError(
            f"{path}: {error.object[error.start]!r} is half of a surrogate pair, which UTF-8 cannot encode"
        ) from None
    write_whole(path, data)


def few(names: Sequence[str]) -> str:
    """The first few names, and the number of others."""
    shown = ", ".join(names[:_SHOWN])
    return f"{shown}, … ({len(names) - _SHOWN} more)" if len(names) > _SHOWN else shown


def pick(path: Path, wanted: str, names: Mapping[str, Sequence[int]]) -> int:
    """The one line of the task ``wanted`` among ``names`` (name → its lines).

    Raises:
        InputError: for an unknown name (with the most similar ones), or one on several lines.
    """
    lines = names.get(wanted, ())
    if not lines:
        raise InputError(f"{path}: no task {wanted!r} among {len(names)}: {few(list(names))}{nearest(wanted, names)}")
    if len(lines) > 1:
        shown = ", ".join(map(str, lines))
        raise InputError(f"{path}: {len(lines)} tasks are named {wanted!r}, on lines {shown}; rename all but one")
    return lines[0]
