"""Solutions, and what a library's file says of a learned primitive: savings, users and examples, from solutions that apply it."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from neurosynth.language.evaluate import Evaluator
from neurosynth.language.language import Language
from neurosynth.language.learned import LearnedAbstraction, example_of
from neurosynth.language.macros import uses
from neurosynth.language.primitive import UNDEFINED, Primitive
from neurosynth.language.program import Apply, Input, Program, Variable
from neurosynth.tasks.task import Task
from neurosynth.values.types import INT, Arrow, substitute, type_variables

__all__ = ["Solved", "described"]


@dataclass(frozen=True, slots=True)
class Solved:
    """A program that is right on a task."""

    key: str
    """``suite/task``; a task may have several programs."""
    task: Task
    program: Program


def _bits(language: Language) -> float:
    """Bits of a token: one of all tokens of a language."""
    return math.log2(len(language.primitives) + len(language.constants) + 8)


_EXAMPLES = 3
_SHOWN = 80
"""Maximum number of characters of a readable example."""


def described(
    primitives: Sequence[Primitive], programs: Sequence[Solved], language: Language, number: int
) -> list[LearnedAbstraction]:
    """The entries of a library's file for macros, from programs that apply them: savings, users, and examples."""
    return [_abstraction(p, programs, _bits(language), number) for p in primitives]


def _abstraction(primitive: Primitive, after: Sequence[Solved], bits: float, number: int) -> LearnedAbstraction:
    """The entry of one."""
    users = [s for s in after if uses(s.program, primitive.name)]
    applied = sum(uses(s.program, primitive.name) for s in users)
    body: Program = primitive.macro
    saved = sum(_saved(s.program, primitive) for s in users) - body.size
    return LearnedAbstraction(
        name=primitive.name,
        type=str(primitive.type),
        body=str(body),
        round=number,
        uses=applied,
        tasks=tuple(dict.fromkeys(s.task.name for s in users))[:5],
        bits=round(saved * bits, 1),
        examples=tuple(_examples(primitive, users)),
    )


def _saved(program: Program, primitive: Primitive) -> int:
    """The number of tokens by which applications of a macro shorten a program."""
    total = 0
    for node in program.subprograms():
        if isinstance(node, Apply) and node.primitive.name == primitive.name:
            arguments = [a.size for a in node.arguments]
            written = sum(arguments[n.index] if isinstance(n, Input) else 1 for n in primitive.macro.subprograms())
            total += written - node.size
    return total


def _examples(primitive: Primitive, users: Sequence[Solved]) -> list[Mapping[str, Any]]:
    """Its values where solutions apply it: short ones first, each result once."""
    if any(isinstance(t, Arrow) for t in primitive.parameters):
        return []
    evaluator = Evaluator()
    found: dict[str, Mapping[str, Any]] = {}
    for solved in users[:20]:
        for node in solved.program.subprograms():
            if not isinstance(node, Apply) or node.primitive.name != primitive.name:
                continue
            if any(isinstance(p, Variable) for a in node.arguments for p in a.subprograms()):
                continue
            for example in solved.task.examples[:4]:
                values = [evaluator.run(a, example.inputs) for a in node.arguments]
                if UNDEFINED in values or node.primitive.type != primitive.type:
                    continue
                shown = _example(primitive, node, values)
                if shown is not None:
                    found.setdefault(json.dumps(shown.get("output")), shown)
    return sorted(found.values(), key=lambda e: len(json.dumps(e)))[:_EXAMPLES]


def _example(primitive: Primitive, node: Apply, values: Sequence[Any]) -> Mapping[str, Any] | None:
    if [str(a.type) for a in node.arguments] != [str(t) for t in _ints(primitive)]:
        return None  # examples of a polymorphic macro are over ints, because others would not parse back
    shown = example_of(primitive.macro, primitive.parameters, values)
    return shown if shown is not None and len(json.dumps(shown)) <= _SHOWN * 2 else None


def _ints(primitive: Primitive) -> list[Any]:
    return [substitute(t, dict.fromkeys(type_variables(primitive.type), INT)) for t in primitive.parameters]
