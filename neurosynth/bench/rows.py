"""Rows: the record of a task that was run, as one JSON object per line, and the file to which they are appended.

A row is self-contained: the task, its settings and limits, its result, the machine and the versions. Files are only appended to, so
that a killed run loses at most the line that it was writing.
"""

from __future__ import annotations

import fcntl
import gzip
import json
import os
import zlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, NamedTuple

from neurosynth.errors import InputError, nearest, shortened
from neurosynth.search.base import Limits, StopReason

__all__ = ["FAILED", "SCHEMA", "STOPS", "TERMINATIONS", "HeldOut", "Key", "Row", "RowFile", "read_rows"]

SCHEMA = 1
"""Version of the content of a row; a reader refuses others."""

FAILED = ("crashed", "killed", "error", "wrong")
"""Stop values that say nothing about the difficulty of the task; such a row has a ``reason``."""

STOPS = (*(reason.value for reason in StopReason), "cpu", *FAILED)
"""All values of ``stop``."""

TERMINATIONS = (
    "ended", "late", "walltime", "cputime", "memory", "signal", "exit", "exception", "wrong", "lost", "unknown",
)  # fmt: skip
"""# All values of ``termination``: by itself, by itself after a limit, stopped at a limit, or by what; ``unknown`` in older rows."""


class Key(NamedTuple):
    """The key of a row: a run has one row for each."""

    suite: str
    task: str
    solver: str
    language: str
    guide: str
    """As requested."""
    search: str
    """As requested."""
    seed: int
    repeat: int


@dataclass(frozen=True, slots=True)
class HeldOut:
    """The scores of the first program on the examples not shown."""

    examples: int
    right: int

    @property
    def all_right(self) -> bool:
        """Whether it is right on all of them."""
        return self.right == self.examples


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One task, run once.  :meth:`to_json` and :meth:`from_json` are inverse."""

    suite: str
    task: str
    language: str
    solver: str
    """``neurosynth``, ``cvc5``, or the name of a command."""
    guide: str
    """The name in the result."""
    search: str
    """The name in the result."""
    settings: Mapping[str, str]
    """``guide`` and ``search`` as requested."""
    seed: int
    repeat: int
    """The number of the run among those with the same seed, from 0."""
    limits: Limits
    cpu_seconds: float | None = None
    """The limit on processor time; None for none."""
    examples: int
    """Number of examples that the solver was shown."""
    show: int | None
    """Maximum number of examples to show; None for all."""
    stop: str
    """One of :data:`STOPS`."""
    termination: str = "unknown"
    """How the task ended, one of :data:`TERMINATIONS`."""
    reason: str = ""
    """The problem, if ``stop`` is one of :data:`FAILED` or the answer came too late."""
    solved: bool
    programs: tuple[Mapping[str, Any], ...] = ()
    """Best first, in the form of ``solve --json``."""
    held_out: HeldOut | None = None
    """None without a program, or if every example was shown."""
    stats: Mapping[str, Any]
    """In the form of ``solve --json``."""
    wall: float
    """Seconds in the task's process."""
    cpu: float
    """Seconds of processor time of that process and those that it started."""
    peak_memory_mb: float
    closest_share: float = 0.0
    """Share of the examples on which the best program is right, 0 to 1."""
    versions: Mapping[str, str]
    commit: str | None
    machine: Mapping[str, Any]
    noise: Mapping[str, Any] = field(default_factory=dict)
    """The other load of the machine, from :func:`neurosynth.bench.facts.noise`."""
    started: str
    """ISO time, with the zone."""
    extra: Mapping[str, Any] = field(default_factory=dict)
    """Fields without a meaning here, which are kept."""

    @property
    def key(self) -> Key:
        """The key of this row among those of a run."""
        return Key(
            self.suite,
            self.task,
            self.solver,
            self.language,
            self.settings["guide"],
            self.settings["search"],
            self.seed,
            self.repeat,
        )

    @property
    def failed(self) -> bool:
        """Whether it ended in a way that says nothing about the difficulty of the task."""
        return self.stop in FAILED

    def to_json(self) -> dict[str, Any]:
        """The JSON object of its line."""
        found: dict[str, Any] = {"schema": SCHEMA}
        for name in _FIELDS:
            found[name] = getattr(self, name)
        found["settings"] = dict(self.settings)
        found["limits"] = limits_to_json(self.limits)
        found["programs"] = [dict(p) for p in self.programs]
        if self.held_out is not None:
            found["held_out"] = {"examples": self.held_out.examples, "right": self.held_out.right}
        found.update(self.extra)
        return found

    @staticmethod
    def from_json(value: Any, where: str = "row") -> Row:
        """A row from its decoded line.

        Args:
            value: the result of ``json.loads``.
            where: the file and line, for messages.

        Raises:
            InputError: for another schema, or a missing or wrong field; the message says which, and what was allowed.
        """
        if not isinstance(value, dict):
            raise InputError(f"{where}: not an object; a row is an object with the fields {', '.join(_FIELDS)}")
        if value.get("schema") != SCHEMA:
            shown = json.dumps(value.get("schema"))
            raise InputError(
                f"{where}: schema {shortened(shown)}; allowed: {SCHEMA}, what 'neurosynth bench run' writes"
            )
        given: dict[str, Any] = {}
        for name, allowed in _FIELDS.items():
            if name in _LATER and name not in value:
                continue
            if name not in value:
                raise InputError(f"{where}: no field {name!r}; fields there: {', '.join(value)}{nearest(name, value)}")
            given[name] = _checked(value[name], name, allowed, where)
        for name, words in (("stop", STOPS), ("termination", TERMINATIONS)):
            if given.get(name, "unknown") not in (*words, "unknown"):
                raise InputError(f"{where}: {name} is {given[name]!r}; allowed: {', '.join(words)}")
        for name in ("guide", "search"):
            _checked(given["settings"].get(name), f"settings.{name}", (str,), where)
        given["limits"] = _limits(given["limits"], where)
        given["programs"] = tuple(_checked(p, "programs", (dict,), where) for p in given["programs"])
        if given["held_out"] is not None:
            parts = {
                n: _checked(given["held_out"].get(n), f"held_out.{n}", (int,), where) for n in ("examples", "right")
            }
            given["held_out"] = HeldOut(**parts)
        extra = {k: v for k, v in value.items() if k != "schema" and k not in _FIELDS}
        return Row(**given, extra=extra)


_OPTIONAL = type(None)
_NUMBER = (int, float)
_KINDS: dict[str, tuple[type, ...]] = {
    "str": (str,), "int": (int,), "bool": (bool,), "float": _NUMBER, "tuple": (list,), "Mapping": (dict,), "Limits": (dict,),
    "HeldOut": (dict,), "None": (_OPTIONAL,),
}  # fmt: skip
_FIELDS = {
    f.name: tuple(kind for part in str(f.type).split(" | ") for kind in _KINDS[part.split("[")[0]])
    for f in fields(Row)
    if f.name != "extra"
}
"""The fields of a line in order, and the JSON values allowed in each."""
_LATER = ("termination", "cpu_seconds", "noise")
"""Fields that older rows lack."""

_WORDS = {
    str: "a string", int: "an integer", float: "a number", bool: "true or false", dict: "an object", list: "a list",
    _OPTIONAL: "null",
}  # fmt: skip


def _checked(value: Any, name: str, allowed: tuple[type, ...], where: str) -> Any:
    if type(value) not in allowed:
        words = " or ".join(_WORDS[t] for t in allowed if not (t is int and float in allowed))
        raise InputError(f"{where}: {name} is {json.dumps(value)[:60]}; allowed: {words}")
    return value


def limits_to_json(limits: Limits) -> dict[str, Any]:
    """The ``limits`` object of a row."""
    return {name: getattr(limits, name) for name in _LIMITS}


_LIMITS: dict[str, tuple[type, ...]] = {"seconds": _NUMBER, "max_memory": _NUMBER, "max_programs": (int, _OPTIONAL)}


def _limits(value: Mapping[str, Any], where: str) -> Limits:
    checked = {name: _checked(value.get(name), f"limits.{name}", kinds, where) for name, kinds in _LIMITS.items()}
    try:
        return Limits(**checked)
    except InputError as error:
        raise InputError(f"{where}: limits: {error}") from None


_GZIP = b"\x1f\x8b"
"""The first bytes of a file that gzip compressed."""


def read_rows(path: str | Path, *, on_torn: Callable[[str], None] | None = None) -> list[Row]:
    """The rows of a file, possibly compressed by gzip, in order; blank lines are skipped.

    Args:
        path: the file.
        on_torn: receives a message if the last line is incomplete, as after a killed run; the line is then left out. By default that is
            an error.

    Raises:
        InputError: for a file that cannot be read, or a line that is not a row, with its number.

    """
    file = Path(path)
    try:
        data = file.read_bytes()
    except FileNotFoundError:
        names = [p.name for p in file.parent.iterdir()] if file.parent.is_dir() else []
        raise InputError(f"{file}: no such file{nearest(file.name, names)}") from None
    except OSError as error:
        raise InputError(f"{file}: cannot be read: {error.strerror or error}") from None
    if data.startswith(_GZIP):
        try:
            data = gzip.decompress(data)
        except (EOFError, OSError, zlib.error) as error:
            raise InputError(
                f"{file}: the compressed file is damaged: {error}; copy it again, or run the suite again"
            ) from None
    whole, torn = _whole_lines(data)
    rows = [
        Row.from_json(_decoded(line, f"{file}, line {i}"), f"{file}, line {i}")
        for i, line in enumerate(whole.split(b"\n"), 1)
        if line.strip()
    ]
    if torn:
        message = f"{file}: the last line is torn after {len(torn)} bytes, as a killed run leaves it"
        if on_torn is None:
            raise InputError(f"{message}; continue the run (bench run --resume), or remove that line")
        on_torn(message)
    return rows


def _whole_lines(data: bytes) -> tuple[bytes, bytes]:
    """The complete lines, and the text after the last of them, which is empty unless a write was cut off."""
    end = data.rfind(b"\n") + 1
    return data[:end], data[end:]


def _decoded(line: bytes, where: str) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError) as error:  # also bytes that are not UTF-8
        raise InputError(f"{where}: invalid JSON: {error}; a rows file has one JSON object per line") from None


class RowFile:
    """The file to which a run appends its rows; no other process may while it is open.

    Args:
        path: created if necessary.
        resume: continue a file that has rows, which are in :attr:`rows`. An incomplete last line is cut off.
        on_torn: receives a message about that.

    Raises:
        InputError: if the file has rows and ``resume`` is not set, another run writes to it, or it cannot be written.
    """

    def __init__(self, path: str | Path, *, resume: bool, on_torn: Callable[[str], None]) -> None:
        self.path = Path(path)
        self.rows: list[Row] = []
        """The rows that the file had."""
        self.added = 0
        """Number of appended rows."""
        try:
            self._file = self.path.open("ab", buffering=0)
        except OSError as error:
            raise InputError(f"{self.path}: cannot be written: {error.strerror or error}") from None
        try:
            self._begin(resume, on_torn)
        except BaseException:
            self._file.close()
            raise

    def _begin(self, resume: bool, on_torn: Callable[[str], None]) -> None:
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InputError(f"{self.path}: another run is writing to it; wait for it, or give another --out") from None
        if not self.path.stat().st_size:
            return
        if not resume:
            raise InputError(f"{self.path}: already has rows; continue the run (--resume), or give another --out")
        data = self.path.read_bytes()
        if data.startswith(_GZIP):
            raise InputError(
                f"{self.path}: compressed; rows are appended to plain files: unpack it, or give another --out"
            )
        self.rows = read_rows(self.path, on_torn=on_torn)
        self._file.truncate(len(_whole_lines(data)[0]))

    def append(self, row: Row) -> None:
        """Write one row; the operating system has it when this returns, whatever happens to this process.

        Raises:
            InputError: if it cannot be written; the file then ends with the previous row.
        """
        data = json.dumps(row.to_json(), ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n"
        left = memoryview(data)
        try:
            while left:
                left = left[self._file.write(left) :]
        except OSError as error:
            with suppress(OSError):  # if it is not a file that can be truncated, its reader finds an incomplete line
                self._file.truncate(os.fstat(self._file.fileno()).st_size - (len(data) - len(left)))
            rows = len(self.rows) + self.added
            raise InputError(
                f"{self.path}: cannot be written: {error.strerror or error}; it has {rows:,} rows, and the same command with --resume "
                "continues the run once there is room"
            ) from None
        self.added += 1

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def __enter__(self) -> RowFile:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
