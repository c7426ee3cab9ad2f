"""Tasks from files; the suffix of a file's name determines the format."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from neurosynth.errors import InputError
from neurosynth.tasks.csv_io import read_csv
from neurosynth.tasks.files import few, read_text
from neurosynth.tasks.json_files import jsonl_names, read_json, read_jsonl
from neurosynth.tasks.sygus_reader import read_sygus
from neurosynth.tasks.task import Task

__all__ = ["SUFFIXES", "load_task", "load_tasks"]

SUFFIXES = (".sl", ".json", ".jsonl", ".csv")


def load_tasks(
    path: str | Path,
    *,
    task: str | None = None,
    inputs: Sequence[str] | None = None,
    output: str | None = None,
    on_error: Callable[[InputError], None] | None = None,
    noise: int | None = None,
) -> list[Task]:
    """All tasks of a file, or the one named ``task``.

    Args:
        path: ``.sl`` (SyGuS-IF, one task), ``.json`` (one), ``.jsonl`` (one per line) or ``.csv`` (one).
        task: the name of the wanted task; others are not checked.
        inputs: the input columns of a CSV file.
        output: the output column of a CSV file.
        on_error: receives the error of each unusable task of a ``.jsonl`` file, which is then left out; by default, the first error is
            raised.
        noise: the number of examples of a task that may be wrong; by default the file's number, or none.

    Raises:
        InputError: for a file, a task or an option that cannot be used, with what was allowed.
    """
    file = Path(path)
    suffix = file.suffix.lower()
    if suffix not in SUFFIXES:
        raise InputError(f"{file}: unknown suffix {file.suffix!r} of a task file; allowed: {', '.join(SUFFIXES)}")
    if suffix != ".csv" and (inputs is not None or output is not None):
        raise InputError(f"{file}: input and output columns are for .csv files; leave them out")
    if suffix == ".jsonl":
        return read_jsonl(file, task=task, on_error=on_error, noise=noise)
    if suffix == ".csv":
        if inputs is None or output is None:
            missing = "output column (--output COL)" if inputs is not None else "input columns (--input COL, for each)"
            raise InputError(f"{file}: a .csv file needs its {missing} named; columns: {_header(file)}")
        found = read_csv(file, inputs=inputs, output=output, noise=noise or 0)
    elif suffix == ".sl":
        found = read_sygus(read_text(file), file, noise=noise or 0)
    else:
        found = read_json(file, noise=noise)
    if task is not None and found.name != task:
        raise InputError(f"{file}: holds one task, {found.name!r}, not {task!r}; leave the name out")
    return [found]


def load_task(
    path: str | Path,
    *,
    task: str | None = None,
    inputs: Sequence[str] | None = None,
    output: str | None = None,
    noise: int | None = None,
) -> Task:
    """Exactly one task of a file; the arguments are those of :func:`load_tasks`.

    Raises:
        InputError: also if the file has several tasks and none is named, with the first names and their number.
    """
    file = Path(path)
    if file.suffix.lower() == ".jsonl" and task is None:
        names = jsonl_names(file)
        if len(names) > 1:
            raise InputError(f"{file}: {len(names)} tasks; name one (--task NAME): {few(names)}")
    (found,) = load_tasks(file, task=task, inputs=inputs, output=output, noise=noise)
    return found


def _header(path: Path) -> str:
    return read_text(path).split("\n", 1)[0].rstrip("\r")
