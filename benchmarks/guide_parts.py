"""Tasks of programs of the parts that a language declares as usual: what a guide of those parts is trained on.

A program is drawn as a sequence of operations, each of which reads earlier values, as in DeepCoder (Balog et al., ICLR 2017), and
then written as one expression.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from random import Random
from typing import Any

from neurosynth.language.compile import compile_grammar
from neurosynth.language.evaluate import Evaluator
from neurosynth.language.grammar import Production
from neurosynth.language.language import Language
from neurosynth.language.primitive import UNDEFINED, Primitive
from neurosynth.language.program import Input, Program
from neurosynth.language.usual import usual_functions, usual_primitives
from neurosynth.tasks.task import Example, Task
from neurosynth.training.drawn import presentable
from neurosynth.values.registry import domain_of
from neurosynth.values.types import Arrow, Type, TypeConstructor, parse_type

__all__ = ["usual_tasks"]

_LIST, _INT = parse_type("list int"), parse_type("int")
REQUESTS: tuple[tuple[Type, ...], ...] = (
    *((_LIST,),) * 3, *((_LIST, _LIST),) * 3, (_LIST, _INT), (_INT, _LIST), (_LIST, _LIST, _LIST),
)  # fmt: skip
"""Types of inputs, those that are more frequent several times."""
STEPS = (1, 2, 2, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 6)
"""Numbers of operations of a program, those that are more frequent several times."""
RANGES = (5, 10, 20, 50, 100, 256)
LENGTHS = (5, 6, 10, 20)
WORDS = range(-256, 256)
"""The numbers of DeepCoder's language."""
_PATIENCE = 10
"""Draws of one operation before its program is given up."""

Row = tuple[Any, ...]


def usual_tasks(language: Language, rng: Random, *, most: int = 6) -> Iterator[tuple[Task, Program]]:
    """Tasks of 2 to ``most`` examples with their programs, without end."""
    functions: dict[Type, list[Program]] = {}
    for function in usual_functions(language):
        functions.setdefault(function.type, []).append(function)
    names, grammar = usual_primitives(language), compile_grammar(language, parse_type("list int -> int -> list int"))
    operations = [
        p for p in grammar.productions
        if isinstance(p.head, Primitive) and p.head.name in names and not p.target.scope
        and all(not isinstance(a.type, Arrow) or a.type in functions for a in p.arguments)
    ]  # fmt: skip
    while True:
        inputs = rng.choice(REQUESTS)
        chain = _Chain(inputs, _rows(inputs, rng, rng.randint(2, most)), rng)
        if all(chain.extend(operations, functions) for _ in range(rng.choice(STEPS))) and chain.whole:
            yield chain.task(language), chain.programs[-1]


def _rows(inputs: Sequence[Type], rng: Random, count: int) -> list[Row]:
    """Inputs of a task's examples: lists of similar lengths, numbers of one range each, small ones where positions may be meant."""
    spans = [rng.choice(RANGES) for _ in inputs]
    lowest = [rng.choice((0, -1)) for _ in inputs]
    longest, alike = rng.choice(LENGTHS), rng.random() < 0.5
    rows = []
    for _ in range(count):
        row: list[Any] = []
        for t, span, low in zip(inputs, spans, lowest, strict=True):
            if t == _INT:
                row.append(rng.randint(0, min(span, longest)))
            else:
                length = longest if alike else rng.randint(1, longest)
                row.append(tuple(rng.randint(low * span, span) for _ in range(length)))
        rows.append(tuple(row))
    return rows


class _Chain:
    """A program in the making: the values of all examples, the program of each, and whether it was read."""

    def __init__(self, inputs: Sequence[Type], rows: Sequence[Row], rng: Random) -> None:
        self.inputs, self.rows, self.rng = inputs, rows, rng
        self.types = list(inputs)
        self.programs: list[Program] = [Input(i, t) for i, t in enumerate(inputs)]
        self.columns: list[Row] = [tuple(row[i] for row in rows) for i in range(len(inputs))]
        self.read = [False] * len(inputs)
        self.small = rng.random() < 0.6
        """Whether all values are of :data:`WORDS`."""

    @property
    def whole(self) -> bool:
        """Whether each input and each value but the last was read."""
        return all(self.read[:-1]) and len(self.read) > len(self.inputs)

    def extend(self, operations: Sequence[Production], functions: Mapping[Type, Sequence[Program]]) -> bool:
        """Apply one more operation that gives new values; False if none was found."""
        for _ in range(_PATIENCE):
            operation = self.rng.choice(operations)
            chosen = [
                self.rng.choice(functions[a.type]) if isinstance(a.type, Arrow) else self._value(a.type)
                for a in operation.arguments
            ]
            if None not in chosen and self._applied(operation, [c for c in chosen if c is not None]):
                return True
        return False

    def _value(self, wanted: Type) -> int | None:
        """The position of a value of a type, mostly of one that was not read yet."""
        there = [i for i, t in enumerate(self.types) if t == wanted]
        fresh = [i for i in there if not self.read[i]]
        return self.rng.choice(fresh if fresh and self.rng.random() < 0.8 else there) if there else None

    def _applied(self, operation: Production, chosen: Sequence[Program | int]) -> bool:
        given = [Input(c, self.types[c]) if isinstance(c, int) else c for c in chosen]
        call = Evaluator().function(operation.build(given))
        column = tuple(call(values) for values in zip(*self.columns, strict=True))
        result = operation.target.type
        assert isinstance(result, TypeConstructor)
        domain = domain_of(result)
        if any(v is UNDEFINED or not presentable(domain, v) for v in column) or column in self.columns:
            return False
        if self.small and not all(x in WORDS for v in column for x in (v if isinstance(v, tuple) else (v,))):
            return False
        if len(set(column)) < min(len(column), 3) - 1 or sum(v == () for v in column) > len(column) // 3:
            return False
        for c in chosen:
            if isinstance(c, int):
                self.read[c] = True
        self.types.append(result)
        self.programs.append(operation.build([self.programs[c] if isinstance(c, int) else c for c in chosen]))
        self.columns.append(column)
        self.read.append(False)
        return True

    def task(self, language: Language) -> Task:
        """The task of the value computed last."""
        examples = [Example(row, value) for row, value in zip(self.rows, self.columns[-1], strict=True)]
        result = self.types[-1]
        assert isinstance(result, TypeConstructor)
        return Task(examples, "", language=language.name, type=Arrow(tuple(self.inputs), result))
