"""Files of tasks in JSON: one per file (``.json``) or one per line (``.jsonl``)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from neurosynth.errors import InputError
from neurosynth.tasks.files import pick, read_text, write_text
from neurosynth.tasks.json_io import task_from_json, task_to_json
from neurosynth.tasks.task import Task
from neurosynth.values import exact_json

__all__ = ["jsonl_names", "read_json", "read_jsonl", "write_jsonl"]


def read_json(path: Path, *, noise: int | None = None) -> Task:
    """The one task of a ``.json`` file; ``noise`` replaces its own.

    Raises:
        InputError: if it is not JSON (with line and column), or a task that cannot be used (with the field or the example).
    """
    value = _parse(read_text(path), f"{path}", 1, "; a file with one task per line must be named .jsonl")
    if isinstance(value, list):
        raise InputError(
            f"{path}: a list of {len(value)} values; one task was expected; write several tasks to a .jsonl file, one object per line"
        )
    return task_from_json(value, f"{path}", default_name=path.stem, noise=noise)


def read_jsonl(
    path: Path,
    *,
    task: str | None,
    on_error: Callable[[InputError], None] | None = None,
    noise: int | None = None,
) -> list[Task]:
    """The tasks of a ``.jsonl`` file, or the one named ``task``; blank lines are skipped; ``noise`` replaces their own.

    Raises: InputError: like :func:`read_json`, with the line. If ``on_error`` is given, it receives the errors of unusable tasks
    instead.

    """
    rows = _rows(path)
    wanted = None if task is None else pick(path, task, _lines_by_name(path, rows))
    tasks = []
    for row in rows:
        if wanted not in (None, row.line):
            continue
        try:
            value = _parse(row.text, f"{path}", row.line, _ONE_A_LINE)
            tasks.append(task_from_json(value, row.where(path), default_name=row.name(path), noise=noise))
        except InputError as error:
            if on_error is None:
                raise
            on_error(error)
    return tasks


def jsonl_names(path: Path) -> list[str]:
    """Names of the tasks of a ``.jsonl`` file, in order, without checking the tasks.

    Raises:
        InputError: for a line that is not JSON.
    """
    rows = _rows(path)
    return [name for name, lines in _lines_by_name(path, rows).items() for _ in lines]


@dataclass(frozen=True, slots=True)
class _Row:
    line: int
    text: str

    def where(self, path: Path) -> str:
        return f"{path}, line {self.line}"

    def name(self, path: Path) -> str:
        return f"{path.stem}:{self.line}"


_ONE_A_LINE = "; a .jsonl file holds one whole task a line"


def _rows(path: Path) -> list[_Row]:
    # Not splitlines(): it also splits at U+2028 and others, which JSON strings may contain.
    rows = [_Row(i, line) for i, line in enumerate(read_text(path).split("\n"), 1) if line.strip()]
    if not rows:
        raise InputError(f"{path}: no tasks; a file of tasks has one JSON object per line")
    return rows


def _lines_by_name(path: Path, rows: Iterable[_Row]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for row in rows:
        value = _parse(row.text, f"{path}", row.line, _ONE_A_LINE)
        name = value.get("name") if isinstance(value, dict) else None
        found.setdefault(name if isinstance(name, str) else row.name(path), []).append(row.line)
    return found


def _parse(text: str, path: str, first_line: int, hint: str) -> Any:
    def refuse(name: str) -> Any:
        raise InputError(f"{path}: {name} is not a JSON value; allowed: integers, strings, true, false, lists")

    try:
        return exact_json.loads(text, parse_constant=refuse)
    except json.JSONDecodeError as error:
        line = first_line + error.lineno - 1
        raise InputError(f"{path}, line {line}, column {error.colno}: invalid JSON: {error.msg}{hint}") from None
    except RecursionError:
        raise InputError(f"{path}, line {first_line}: lists nested too deeply to read") from None
    except ValueError as error:  # an integer with more digits than Python converts
        raise InputError(f"{path}, line {first_line}: a number cannot be read: {error}") from None


def write_jsonl(path: str | Path, tasks: Iterable[Task]) -> None:
    """Write tasks, one per line, to a complete new file or not at all (a temporary file, then a rename).

    Raises:
        InputError: if the file cannot be written, or a field of ``extra`` has no JSON form.
    """
    lines = []
    for task in tasks:
        try:
            lines.append(exact_json.dumps(task_to_json(task), allow_nan=False))
        except (TypeError, ValueError) as error:
            raise InputError(f"task {task.name!r}: a field of extra has no JSON form: {error}") from None
    write_text(Path(path), "".join(line + "\n" for line in lines))
