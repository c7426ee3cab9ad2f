"""Inputs and training data of value guides: values of parts of programs, with the goal and the missing bits.

Letters: ``N`` values, ``R`` roles (the output, then the value), ``F`` answers about one role.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from neurosynth.guides.encoding import Sample, encode_examples
from neurosynth.guides.model_config import Value
from neurosynth.guides.signatures import MOST_EXAMPLES, Signatures
from neurosynth.language.evaluate import Budget, Evaluator
from neurosynth.language.language import Language
from neurosynth.language.primitive import UNDEFINED
from neurosynth.language.program import Apply, Lambda, Program
from neurosynth.tasks.task import Example, Task
from neurosynth.values.registry import domain_of
from neurosynth.values.types import Arrow, Type, TypeConstructor, unify

__all__ = ["JudgedValue", "judged_values", "program_bits", "value_sample"]

_BUDGET = Budget(steps=50_000, size=1000, bits=62)
"""The values of one part of a program on all examples."""


@dataclass(frozen=True, slots=True)
class JudgedValue:
    """The value of a part of some program on a task's examples, with its targets."""

    type: TypeConstructor
    values: tuple[Any, ...]
    """One value for each example."""
    part: bool
    """Whether it is a part of the task's program."""
    bits: float
    """The missing bits of the program given this value; all of its bits if it is not a part."""


@lru_cache(maxsize=4096)
def _choices(language: Language, primitives: int, t: Type) -> float:
    """The bits that identify a primitive, input or constant among those of its type, all being equally likely."""
    found = sum(unify(_result(p.type), t, {}) for p in language.primitives.values())
    return math.log2(found + 2)


def _result(t: Type) -> Type:
    return t.result if isinstance(t, Arrow) else t


def program_bits(program: Program, language: Language) -> float:
    """The size of a program in bits: each primitive, input and constant is chosen evenly among those of its type."""
    if isinstance(program, Lambda):
        return program_bits(program.body, language)
    own = _choices(language, len(language.primitives), program.type)
    if isinstance(program, Apply):
        return own + sum(program_bits(a, language) for a in program.arguments)
    return own


def judged_values(pairs: Sequence[tuple[Task, Program]], language: Language, wrong: int) -> list[list[JudgedValue]]:
    """For each task, values of parts of its program, and up to ``wrong`` times as many values of parts of other programs. Those run on
    the task's own inputs; a part that behaves like one of the right program, or is undefined somewhere, is left out."""
    parts = [list(_parts(program)) for _, program in pairs]
    found = []
    for i, (task, program) in enumerate(pairs):
        total = program_bits(program, language)
        shown = task.examples[:MOST_EXAMPLES]
        own: dict[tuple[Type, tuple[Any, ...]], JudgedValue] = {}
        for part in sorted(parts[i], key=lambda p: -p.size):
            column = _column(part, shown)
            if column is not None and isinstance(part.type, TypeConstructor):
                left = total - program_bits(part, language)
                own.setdefault((part.type, column), JudgedValue(part.type, column, True, left))
        others: dict[tuple[Type, tuple[Any, ...]], JudgedValue] = {}
        goal = (task.output_type, tuple(e.output for e in shown))
        for k in range(1, len(pairs)):
            if len(others) >= wrong * max(len(own), 1):
                break
            j = (i + k) % len(pairs)
            if pairs[j][0].parameters != task.parameters:
                continue
            for part in parts[j]:
                column = _column(part, shown)
                if column is None or not isinstance(part.type, TypeConstructor):
                    continue
                key = (part.type, column)
                if key not in own and key != goal:
                    others.setdefault(key, JudgedValue(part.type, column, False, total))
        found.append([*own.values(), *list(others.values())[: wrong * max(len(own), 1)]])
    return found


def _parts(program: Program) -> Iterator[Program]:
    """The applications inside a program that are under no lambda, without the program itself."""
    stack = list(program.arguments) if isinstance(program, Apply) else []
    while stack:
        part = stack.pop()
        if isinstance(part, Apply):
            yield part
            stack += part.arguments


def _column(part: Program, examples: Sequence[Example]) -> tuple[Any, ...] | None:
    function = Evaluator(_BUDGET).function(part)
    found = tuple(function(e.inputs) for e in examples)
    return None if UNDEFINED in found else found


def value_sample(
    task: Task, t: TypeConstructor, values: Sequence[Any], config: Value, signatures: Signatures | None
) -> Sample:
    """A value with the goal as numbers: as the input of a task with the same outputs."""
    shown = task.examples[: len(values)]
    if signatures is not None:
        output, outputs = domain_of(task.output_type), [e.output for e in shown]
        answers = (
            signatures.of_values(output, outputs),
            signatures.of_input(domain_of(t), values, output, outputs),
        )
        return Sample(((),), (), (), answers)
    beside = [Example((value,), e.output) for value, e in zip(values, shown, strict=True)]
    return Sample(encode_examples(beside, (t, task.output_type), config), (), (), ())
