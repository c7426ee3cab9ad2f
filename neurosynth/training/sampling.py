"""Sampling training tasks: into a list, or into a file that a killed run continues.

    tasks = sample_tasks("lists", count=1000, seed=0)
    write_sample("tasks.jsonl", "lists", count=100_000, seed=0)

Each task keeps its program in ``extra["program"]``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple, TypeVar

from neurosynth.errors import InputError
from neurosynth.language.language import Language
from neurosynth.language.load import load_language
from neurosynth.tasks.files import write_text
from neurosynth.tasks.json_io import task_to_json
from neurosynth.tasks.task import Task
from neurosynth.training.chunks import CHUNK, SamplingConfig, draw_chunk
from neurosynth.training.processes import in_order

if TYPE_CHECKING:
    from neurosynth.guides.base import RuleGuide

__all__ = ["meta_path", "sample_tasks", "write_sample"]

T = TypeVar("T")

_BARREN = 8
"""Number of consecutive chunks without a new task after which there are assumed to be no more."""
_FORMAT = 2
"""Version of the file's description; increased when the same options begin to give other tasks."""


def sample_tasks(
    language: Language | str,
    *,
    count: int,
    seed: int = 0,
    types: Sequence[str] | None = None,
    sizes: tuple[int, int] = (1, 5),
    examples: tuple[int, int] = (4, 8),
    test_examples: int = 0,
    prior: RuleGuide | None = None,
    inputs_from: Sequence[Task] | None = None,
    raised: float = 0.0,
    workers: int = 2,
) -> list[Task]:
    """``count`` tasks with different behaviour; the same for the same arguments, whatever ``workers``.

    Args:
        language: an object or the name of a plugin.
        count: the number of tasks.
        seed: determines the tasks.
        types: request types, ``"list int -> int"``; one given twice is drawn twice as often.  By default those of ``inputs_from``, or
            else those that suit the language.
        sizes: minimum and maximum number of primitive applications of a program; sizes are equally frequent as long as there are
            programs.
        examples: minimum and maximum number of examples of a task.
        test_examples: held-out examples of each task.
        prior: probabilities of productions; by default a plain distribution.
        inputs_from: tasks to take inputs and constants from, instead of generating them.
        raised: how strongly rarely applied primitives are favoured, 0 to 1.
        workers: number of processes.

    Raises:
        InputError: for an option out of range, a type for which the language has no program, or if there are not as many tasks with
            different behaviour.
    """
    chosen = load_language(language) if isinstance(language, str) else language
    sampling = SamplingConfig(
        seed=seed,
        types=tuple(types or ()),
        sizes=sizes,
        examples=examples,
        test_examples=test_examples,
        prior=prior,
        inputs_from=tuple(inputs_from or ()),
        raised=raised,
    )
    _check(chosen, sampling, count, workers)
    found: list[Task] = []
    seen: set[str] = set()
    with closing(in_order(partial(_tasks, chosen, sampling), 0, _useful(workers, count))) as chunks:
        for new in _new(chunks, seen, count, _behaviour_of_task):
            found.extend(new)
            if len(found) >= count:
                break
    return found


def write_sample(
    path: str | Path,
    language: Language | str,
    sampling: SamplingConfig | None = None,
    *,
    count: int,
    workers: int = 2,
    progress: Callable[[int], None] | None = None,
) -> int:
    """Write ``count`` tasks to a ``.jsonl`` file, one per line, as they are sampled; returns how many of them this call wrote.

    The settings are in a second file (:func:`meta_path`). Called again with the same arguments, or a larger ``count``, it continues
    after the last complete line, and ends with the same file as an uninterrupted run.

    Args:
        path: the file.
        language: an object or the name of a plugin.
        sampling: the settings.
        count: the number of tasks in the file.
        workers: processes; any number gives the same file.
        progress: called with the number of tasks in the file whenever it has grown.

    Raises:
        InputError: like :func:`sample_tasks`; also if the file has other arguments (named), is not a sample, or cannot be written. Its
            content is kept, and the same call continues it.
    """
    chosen = load_language(language) if isinstance(language, str) else language
    options = sampling or SamplingConfig()
    _check(chosen, options, count, workers)
    file = Path(path)
    if file.suffix != ".jsonl":
        raise InputError(f"{file}: suffix {file.suffix!r}; samples are written to .jsonl files, one task per line")
    _claim(file, _description(chosen, options))
    try:
        with file.open("r+b" if file.exists() else "w+b") as out:
            return _append(out, file, chosen, options, count, workers, progress)
    except OSError as error:
        raise InputError(
            f"{file}: cannot be written: {error.strerror or error}; "
            "the tasks already there are kept, and the same command continues with them"
        ) from None


def meta_path(path: Path) -> Path:
    """The file with the description of a sample: ``tasks.jsonl.meta.json``."""
    return path.with_name(f"{path.name}.meta.json")


class _SampledLine(NamedTuple):
    """A task in the form of the file."""

    behaviour: str
    text: bytes


def _lines(language: Language, sampling: SamplingConfig, index: int) -> list[_SampledLine]:
    """A chunk as lines, made where it is sampled, so that only text is sent between processes."""
    return [
        _SampledLine(s.behaviour, json.dumps(task_to_json(s.task), ensure_ascii=False).encode() + b"\n")
        for s in draw_chunk(language, sampling, index)
    ]


def _tasks(language: Language, sampling: SamplingConfig, index: int) -> list[Task]:
    return [s.task for s in draw_chunk(language, sampling, index)]


def _behaviour_of_task(task: Task) -> str:
    return str(task.extra["behaviour"])


def _behaviour_of_line(line: _SampledLine) -> str:
    return line.behaviour


def _new(chunks: Iterable[list[T]], seen: set[str], count: int, behaviour_of: Callable[[T], str]) -> Iterator[list[T]]:
    """The tasks of each chunk with new behaviour, until there are ``count`` behaviours."""
    barren = 0
    for chunk in chunks:
        new: list[T] = []
        for item in chunk:
            key = behaviour_of(item)
            if len(seen) < count and key not in seen:
                seen.add(key)
                new.append(item)
        barren = 0 if new else barren + 1
        if barren == _BARREN:
            raise InputError(
                f"only {len(seen)} tasks of different behaviour found, {count} wanted: "
                "ask for fewer, for larger sizes or for more types"
            )
        yield new


def _append(
    out: BinaryIO,
    file: Path,
    language: Language,
    sampling: SamplingConfig,
    count: int,
    workers: int,
    progress: Callable[[int], None] | None,
) -> int:
    seen, start, end = _written(out, file)
    before = len(seen)
    if progress is not None and before:
        progress(before)
    out.truncate(end)  # half a line from a killed run
    out.seek(end)
    if before >= count:
        return 0
    wanted = _useful(workers, count - before)
    with closing(in_order(partial(_lines, language, sampling), start, wanted)) as chunks:
        for new in _new(chunks, seen, count, _behaviour_of_line):
            out.write(b"".join(line.text for line in new))
            out.flush()
            if progress is not None:
                progress(len(seen))
            if len(seen) >= count:
                break
    return len(seen) - before


def _written(out: BinaryIO, file: Path) -> tuple[set[str], int, int]:
    """The behaviours in the file, the chunk of its last line, and the end of its last complete line."""
    seen: set[str] = set()
    chunk = end = 0
    for number, line in enumerate(out, 1):
        if not line.endswith(b"\n"):
            break
        try:
            row = json.loads(line)
            seen.add(row["behaviour"])
            chunk = row["chunk"]
        except (ValueError, KeyError, TypeError, RecursionError):
            raise InputError(
                f"{file}, line {number}: not a sampled task; correct or remove the line, or write to another file"
            ) from None
        end += len(line)
    return seen, chunk, end


def _description(language: Language, sampling: SamplingConfig) -> dict[str, Any]:
    """Everything that the tasks depend on, except their number."""
    given = "\n".join(json.dumps(task_to_json(t), ensure_ascii=False) for t in sampling.inputs_from)
    return {
        "format": _FORMAT,
        "language": language.name,
        "fingerprint": language.fingerprint,
        "seed": sampling.seed,
        "types": [str(t) for t in sampling.requests(language)],
        "sizes": list(sampling.sizes),
        "examples": list(sampling.examples),
        "test_examples": sampling.test_examples,
        "prior": sampling.prior.name if sampling.prior is not None else None,
        "raised": sampling.raised,
        "inputs_from": hashlib.sha256(given.encode()).hexdigest()[:16] if given else None,
    }


def _claim(file: Path, description: dict[str, Any]) -> None:
    """Create the file, or check that it belongs to this sample.

    Raises:
        InputError: if it is something else.
    """
    meta = meta_path(file)
    if not file.exists():
        write_text(meta, json.dumps(description) + "\n")
        return
    try:
        known = json.loads(meta.read_text(encoding="utf-8"))
        changed = [k for k in description if known[k] != description[k]]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        raise InputError(
            f"{file}: exists, but the description of its sampling is missing ({meta.name}); "
            "name another file, or remove this one"
        ) from None
    if changed:
        was = ", ".join(f"{k} {known[k]} (now {description[k]})" for k in changed)
        raise InputError(
            f"{file}: was sampled with other options: {was}; use those, name another file, or remove this one"
        )


def _check(language: Language, sampling: SamplingConfig, count: int, workers: int) -> None:
    if count < 1:
        raise InputError(f"count is {count}; allowed: a positive number of tasks")
    if workers < 1:
        raise InputError(f"workers is {workers}; allowed: a positive number of processes")
    if sampling.curriculum:
        raise InputError(
            f"curriculum {sampling.curriculum}: a sample made beforehand has no steps; leave it out, or train on a stream (without "
            "--tasks and --count)"
        )
    sampling.requests(language)


def _useful(workers: int, count: int) -> int:
    """No more processes than there are chunks; starting one takes as long as sampling many tasks."""
    return min(workers, -(-count * 3 // (2 * CHUNK)))
