"""Sampled tasks from columns that a language samples itself (:mod:`neurosynth.language.drawn`)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

from neurosynth.language.drawn import DrawnColumn
from neurosynth.language.evaluate import Evaluator
from neurosynth.language.language import Language
from neurosynth.language.primitive import UNDEFINED
from neurosynth.language.program import Apply, Program
from neurosynth.tasks.task import Example, Task
from neurosynth.values.domain import Domain
from neurosynth.values.registry import domain_of
from neurosynth.values.types import Arrow, TypeConstructor

__all__ = ["CHUNK", "Sampled", "draw_from_language", "presentable"]

CHUNK = 512
"""Number of tasks in a chunk; fewer if a type has no more programs of a size."""
_PATIENCE = 20
"""Number of failed draws for each wanted task, after which a chunk is complete."""
_SPARE_ROWS = 12
"""Number of rows drawn beyond those that a task shows: some are undefined, or equal."""
_LONGEST_LIST = 40
_LONGEST_TEXT = 100
_LARGEST = 100_000
"""Maximum length of outputs that one would write as examples."""


@dataclass(frozen=True, slots=True)
class Sampled:
    """A sampled task and its program."""

    task: Task
    """Its ``extra`` has the ``program`` as text, its ``operations`` and ``behaviour``."""
    program: Program

    @property
    def behaviour(self) -> str:
        """16 hex digits; equal for programs that are assumed to behave alike."""
        return str(self.task.extra["behaviour"])


def draw_from_language(
    language: Language, examples: tuple[int, int], tests: int, rng: Random, chunk: int
) -> Iterator[Sampled]:
    """The tasks of a chunk, each with another program; different programs are assumed to behave differently."""
    assert language.draws is not None
    seen: set[str] = set()
    misses = 0
    while len(seen) < CHUNK and misses < _PATIENCE * CHUNK:
        sampled = _sampled(language, language.draws(rng), examples, tests, rng, chunk)
        if sampled is None or sampled.behaviour in seen:
            misses += 1
            continue
        seen.add(sampled.behaviour)
        yield sampled


def _sampled(
    language: Language, column: DrawnColumn, examples: tuple[int, int], tests: int, rng: Random, chunk: int
) -> Sampled | None:
    """A task from a drawn column; None if too few rows carry information."""
    result = column.program.type
    assert isinstance(result, TypeConstructor)
    domain, function = domain_of(result), Evaluator().function(column.program)
    wanted = rng.randint(*examples) + tests
    rows: dict[tuple[Any, ...], Any] = {}
    for _ in range(wanted + _SPARE_ROWS):
        row = column.row(rng)
        value = function(row)
        if value is not UNDEFINED and presentable(domain, value):
            rows.setdefault(row, value)
        if len(rows) == wanted:
            break
    shown = [Example(row, value) for row, value in rows.items()]
    if len(shown) < examples[0] + tests or len({e.output for e in shown[tests:]}) < 2:
        return None
    if any(all(e.inputs[i] == e.output for e in shown[tests:]) for i in range(len(column.inputs))):
        return None
    behaviour = hashlib.blake2b(str(column.program).encode(), digest_size=8).hexdigest()
    task = Task(
        shown[tests:],
        f"{language.name}-{chunk}-{behaviour[:6]}",
        language=language.name,
        type=Arrow(column.inputs, result),
        test_examples=shown[:tests],
        extra={
            "program": str(column.program),
            "operations": sum(isinstance(p, Apply) for p in column.program.subprograms()),
            "behaviour": behaviour,
            "chunk": chunk,
        },
    )
    return Sampled(task, column.program)


def presentable(domain: Domain, value: Any) -> bool:
    """Whether a value is neither too long nor too large to show."""
    if value is None:
        return True
    if domain.element is not None:
        return len(value) <= _LONGEST_LIST and all(presentable(domain.element, v) for v in value)
    if domain.machine == "text":
        return len(value) <= _LONGEST_TEXT and value.isprintable()
    return not domain.counts or -_LARGEST <= value <= _LARGEST
