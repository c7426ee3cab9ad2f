"""Suites: the meaning of a name, a file or a folder on the command line, and the choice of the examples that are shown."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from neurosynth.errors import InputError, nearest
from neurosynth.plugins import available, load
from neurosynth.tasks.files import read_text
from neurosynth.tasks.json_io import value_from_json
from neurosynth.tasks.load import load_tasks
from neurosynth.tasks.task import Example, Task
from neurosynth.values import exact_json

__all__ = ["SAMPLED", "Suite", "find_suite", "held_out", "sampled", "spread", "with_tests"]

FILES = (".sl", ".json", ".jsonl")
"""Suffixes of task files; a .csv file does not determine its output column."""
SAMPLED = 5
"""Default number of examples in a sample."""


@dataclass(frozen=True)
class Suite:
    """Tasks under a name; their own names are distinct."""

    name: str
    tasks: tuple[Task, ...]
    left_out: int = 0
    """Number of tasks that could not be read."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "tasks", _distinct(self.tasks))


def _distinct(tasks: Iterable[Task]) -> tuple[Task, ...]:
    """If several tasks have one name, the second becomes ``name #2`` and so on, because rows use names."""
    found: dict[str, Task] = {}
    for task in tasks:
        name, number = task.name, 1
        while name in found:
            number += 1
            name = f"{task.name} #{number}"
        found[name] = task if number == 1 else replace(task, name=name)
    return tuple(found.values())


def find_suite(argument: str, on_error: Callable[[InputError], None]) -> Suite:
    """The suite of a plugin's name, a task file, or a folder.

    In a folder, the .sl files count, including those in subfolders; if there are none, the .jsonl files.

    Args:
        argument: the argument on the command line. The name of a plugin takes precedence, ``./name`` is always a path, and
            ``name=path`` is a path whose suite has that name.
        on_error: receives the error of each task that cannot be read, which is left out.

    Raises:
        InputError: for anything else, with the known names, and for a suite without a readable task.
    """
    given, equals, rest = argument.partition("=")
    named = given if equals and rest and not Path(argument).exists() else None
    path = Path(rest if named else argument)
    if argument in available("suites"):
        suite = _plugin(argument)
    elif path.is_dir():
        suite = _read(named or path.resolve().name, _files(path), on_error)
    elif path.suffix.lower() in FILES:
        suite = _read(named or path.stem, [path], on_error)
    elif path.exists():
        hint = "; write its rows to a .jsonl file" if path.suffix.lower() == ".csv" else ""
        raise InputError(
            f"suite {argument}: unknown suffix {path.suffix!r} of a suite; allowed: {', '.join(FILES)}, or a folder{hint}"
        )
    else:
        known = available("suites")
        raise InputError(
            f"unknown suite {argument!r}: no such file or folder, and no plugin of that name; "
            f"known: {', '.join(known) or 'none'}{nearest(argument, known)}"
        )
    if not suite.tasks:
        left = f"; {suite.left_out} left out, as said above" if suite.left_out else ""
        raise InputError(f"suite {argument}: no tasks{left}")
    return suite


def _plugin(name: str) -> Suite:
    loaded = load("suites", name)
    if callable(loaded) and not isinstance(loaded, Suite):
        loaded = loaded()
    if isinstance(loaded, Suite):
        return replace(loaded, name=name)
    tasks = tuple(loaded) if isinstance(loaded, Iterable) else (loaded,)
    for task in tasks:
        if not isinstance(task, Task):
            raise InputError(
                f"plugin {name!r} (suites) gives a {type(task).__name__}; it must give a neurosynth.bench.suites.Suite, or a "
                "function that returns tasks"
            )
    return Suite(name, tasks)


def _files(folder: Path) -> list[Path]:
    found = sorted(folder.rglob("*.sl")) or sorted(folder.glob("*.jsonl"))
    if not found:
        raise InputError(f"suite {folder}: a folder without .sl files (also in folders below) and without .jsonl files")
    return found


def _read(name: str, files: Sequence[Path], on_error: Callable[[InputError], None]) -> Suite:
    left_out = 0

    def leave_out(error: InputError) -> None:
        nonlocal left_out
        left_out += 1
        on_error(error)

    tasks: list[Task] = []
    for file in files:
        try:
            tasks += load_tasks(file, on_error=leave_out)
        except InputError as error:
            if len(files) == 1 and (not file.exists() or file.suffix.lower() == ".jsonl"):
                raise  # an error of the file as a whole
            leave_out(error)
    return Suite(name, tuple(tasks), left_out)


def spread(tasks: Sequence[Task], limit: int | None) -> list[Task]:
    """At most ``limit`` tasks, evenly spread."""
    if limit is None or len(tasks) <= limit:
        return list(tasks)
    return [tasks[i * len(tasks) // limit] for i in range(limit)]


def held_out(task: Task, show: int | None) -> Task:
    """The task with its first ``show`` examples; the others become test examples."""
    if show is None or len(task.examples) <= show:
        return task
    return replace(task, examples=task.examples[:show], test_examples=(*task.examples[show:], *task.test_examples))


def sampled(tasks: Iterable[Task], shown: int, count: int) -> list[Task]:
    """Each task ``count`` times with ``shown`` of its examples, drawn at random; the others become test examples.

    This shows the effect of a change better than one choice of examples. Tasks with fewer than three other examples are left out, and
    of tasks with the same examples, all but the first.
    """
    found, met = [], set()
    for task in tasks:
        once = list({e.inputs: e for e in task.examples}.values())
        if len(once) < shown + 3 or frozenset(once) in met:
            continue
        met.add(frozenset(once))
        for n in range(count):
            drawn = random.Random(f"{task.name} {n}").sample(once, len(once))
            found.append(replace(task, name=f"{task.name} {n}", examples=drawn[:shown], test_examples=drawn[shown:]))
    return found


def with_tests(tasks: Sequence[Task], path: str | Path) -> tuple[list[Task], int]:
    """The tasks with the test examples that a .jsonl file has for them by name, and the number of tasks for which it has some.

    A line is ``{"name", "test_examples": [{"inputs": [...], "output": ...}]}``; other fields are ignored. Types are those of the task.

    Raises:
        InputError: for a line that is not such an object, or an example that does not fit its task.
    """
    file = Path(path)
    held: dict[str, tuple[Any, str]] = {}
    for number, line in enumerate(read_text(file).split("\n"), 1):
        if line.strip():
            where = f"{file}, line {number}"
            name, examples = _line(line, where)
            held[name] = examples, where
    found = [replace(t, test_examples=_examples(t, *held[t.name])) if t.name in held else t for t in tasks]
    return found, sum(t.name in held for t in tasks)


def _line(line: str, where: str) -> tuple[str, list[Any]]:
    try:
        value = exact_json.loads(line)
    except ValueError as error:
        raise InputError(f"{where}: invalid JSON: {error}") from None
    match value:
        case {"name": str(name), "test_examples": list(examples)}:
            return name, examples
    raise InputError(f'{where}: no test examples; a line is {{"name": "…", "test_examples": [{{"inputs", "output"}}]}}')


def _examples(task: Task, rows: list[Any], where: str) -> tuple[Example, ...]:
    found = []
    for i, row in enumerate(rows, 1):
        here = f"{where}, test example {i}"
        if not isinstance(row, Mapping) or not isinstance(row.get("inputs"), list) or "output" not in row:
            raise InputError(f'{here}: allowed: {{"inputs": [...], "output": ...}}')
        if len(row["inputs"]) != task.arity:
            raise InputError(f"{here}: {len(row['inputs'])} inputs; task {task.name!r} has {task.arity}")
        values = [value_from_json(v, t, here) for v, t in zip(row["inputs"], task.parameters, strict=True)]
        found.append(Example(tuple(values), value_from_json(row["output"], task.output_type, here)))
    return tuple(found)
