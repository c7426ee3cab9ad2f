"""The rival of ``bench_engine.py``: bottom-up enumeration as anyone would write it in Python, without the engine."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import combinations_with_replacement, islice, product
from types import FunctionType
from typing import Any

from neurosynth.engine.store.lambda_samples import columns_of
from neurosynth.engine.store.splits import splits
from neurosynth.language.grammar import Abstraction, Grammar, Lift, Nonterminal, Production, Unit
from neurosynth.language.primitive import Primitive, Undefined
from neurosynth.language.program import Apply, Constant, Input, Program, Variable
from neurosynth.tasks.task import Task
from neurosynth.values.types import INT, STRING, TypeConstructor

__all__ = ["Plain"]

Columns = tuple[Any, ...]


class Plain:
    """Bottom-up enumeration with sets of output tuples; bodies of lambdas are told apart on the engine's sample points.

    A candidate with an undefined value anywhere is dropped (the engine also keeps partly undefined ones where there is a
    conditional or a lambda, which costs it more).
    """

    def __init__(self, grammar: Grammar, task: Task) -> None:
        self.grammar = grammar
        self.inputs = [e.inputs for e in task.examples]
        goal = [e.output for e in task.examples]
        self.limit = 200
        scopes = {n.scope for n in grammar.nonterminals}
        self.columns = {s: columns_of(s, self.inputs, goal, partial=False) for s in scopes}
        self.bodies = {p.target: p.arguments[0] for p in grammar.productions if isinstance(p.head, Abstraction)}
        self.order = [n for n in grammar.levels() if n not in self.bodies]
        self.seen: dict[Nonterminal, set[Columns]] = {n: set() for n in self.order}
        self.values: dict[Nonterminal, dict[int, list[Columns]]] = {n: {} for n in self.order}
        self.texts: dict[Nonterminal, dict[int, list[str]]] = {n: {} for n in self.order}
        self.functions: dict[Nonterminal, dict[int, list[Columns]]] = {n: {} for n in self.order}
        self.names: dict[str, Any] = {}
        heads = [p.head for p in grammar.productions if isinstance(p.head, Primitive)]
        self.undefined: tuple[type[Exception], ...] = tuple(
            {Undefined, *(error for head in heads for error in head.raises)}
        )
        self.raw = {p: self._raw(p.head) for p in grammar.productions if isinstance(p.head, Primitive)}
        self.tried = 0

    def _raw(self, primitive: Primitive) -> Callable[..., Any]:
        """The primitive's own function; where it takes sizes, with them as defaults, which costs nothing."""
        if primitive.kernel == "select":
            return lambda condition, then, otherwise: then if condition else otherwise
        if primitive.macro is not None:
            names = ", ".join(f"x{i}" for i in range(primitive.arity))
            found: Callable[..., Any] = eval(f"lambda {names}: {self._text(primitive.macro)}", self.names)
            return found
        function = primitive.function
        if isinstance(function, partial):
            inner = function.func
            function = FunctionType(inner.__code__, inner.__globals__, inner.__name__, None, inner.__closure__)
            function.__kwdefaults__ = dict(primitive.sizes)
        size, limit = primitive.size, self.limit
        if size is None or INT not in primitive.parameters or primitive.result == STRING:
            return function

        def bounded(*values: Any) -> Any:  # a number sets the length: without a bound, memory ends the run
            if size(*values) > limit:
                raise Undefined
            return function(*values)

        return bounded

    def _name(self, value: Any) -> str:
        name = f"v{len(self.names)}"
        self.names[name] = value
        return name

    def _text(self, p: Program) -> str:
        """The Python expression of a macro's body."""
        if isinstance(p, Apply):
            parts = [self._text(a) for a in p.arguments]
            if p.primitive.kernel == "select":
                return f"({parts[1]} if {parts[0]} else {parts[2]})"
            return f"{self._name(self._raw(p.primitive))}({', '.join(parts)})"
        return f"x{p.index}" if isinstance(p, Input) else self._name(p.value) if isinstance(p, Constant) else str(p)

    def run(self, seconds: float) -> int:
        """Candidates tried."""
        self.deadline = time.perf_counter() + seconds
        for cost in range(1, 100):
            for target in self.order:
                self.values[target][cost], self.texts[target][cost], self.functions[target][cost] = [], [], []
                for production in self.grammar.by_target[target]:
                    if time.perf_counter() > self.deadline:
                        return self.tried
                    self._expand(production, cost)
        return self.tried

    def _expand(self, production: Production, cost: int) -> None:
        head, arguments = production.head, [self.bodies.get(a, a) for a in production.arguments]
        columns = self.columns[production.target.scope]
        if not arguments:
            if production.cost != cost:
                return
            match head:
                case Input(index):
                    values, text = tuple(self.inputs[e][index] for e in columns.examples), ""
                case Constant(value):
                    values, text = (value,) * columns.count, ""
                case Variable(index):
                    values, text = (
                        tuple(v[-1 - index] for v in columns.variables),
                        "ab"[: len(columns.variables[0])][-1 - index],
                    )
                case _:  # a primitive without arguments
                    values, text = (self.raw[production](),) * columns.count, ""
            self._keep(production.target, cost, iter([values]), iter([text]))
            return
        for split in splits(
            cost - production.cost, [sorted(c for c, b in self.values[a].items() if b) for a in arguments]
        ):
            if isinstance(head, Unit | Lift):
                rows = self.values[arguments[0]][split[0]]
                if isinstance(head, Lift):
                    rows = [tuple([row[e] for e in columns.examples]) for row in rows]
                texts = (f"{self._name(row)}[e]" for row in self.values[arguments[0]][split[0]])
                self._keep(production.target, cost, iter(rows), texts if production.target.scope else None)
            else:
                self._apply(production, arguments, cost, split)

    def _apply(self, production: Production, arguments: list[Nonterminal], cost: int, split: tuple[int, ...]) -> None:
        head = production.head
        assert isinstance(head, Primitive)
        f, listed = self.raw[production], isinstance(head.result, TypeConstructor) and head.result.name == "list"
        twin = head.commutative and arguments[0] == arguments[1]
        if twin and split[0] > split[1]:
            return
        stores = [self.functions if a in self.bodies else self.values for a in production.arguments]
        banks = [s[a][c] for s, a, c in zip(stores, arguments, split, strict=True)]
        half = twin and split[0] == split[1]

        def combined(parts: list[list[Any]]) -> Iterator[tuple[Any, ...]]:
            return combinations_with_replacement(parts[0], 2) if half else product(*parts)

        combinations = combined(banks)
        if not production.target.scope:
            while batch := list(islice(combinations, 2048)):
                self._outer(production.target, cost, f, listed, batch)
                if time.perf_counter() > self.deadline:
                    return
            return
        texts = combined([self.texts[a][c] for a, c in zip(arguments, split, strict=True)])
        name = self._name(f)
        for combination, parts in zip(combinations, texts, strict=True):
            self.tried += 1
            try:
                row = tuple(map(f, *combination))
            except self.undefined:
                continue
            if row not in self.seen[production.target]:
                self._keep_body(production.target, cost, row, _call(name, head, parts))
            if self.tried & 255 == 0 and time.perf_counter() > self.deadline:
                return

    def _outer(self, target: Nonterminal, cost: int, f: Callable[..., Any], listed: bool, batch: list[Any]) -> None:
        """The loop that counts."""
        seen, kept, undefined = self.seen[target], self.values[target][cost], self.undefined
        self.tried += len(batch)
        for combination in batch:
            try:
                row = tuple(map(tuple, map(f, *combination))) if listed else tuple(map(f, *combination))
            except undefined:
                continue
            if row not in seen:
                seen.add(row)
                kept.append(row)

    def _keep(self, target: Nonterminal, cost: int, rows: Iterator[Columns], texts: Iterator[str] | None) -> None:
        for row in rows:
            self.tried += 1
            text = next(texts) if texts is not None else ""
            if row not in self.seen[target]:
                if target.scope:
                    self._keep_body(target, cost, row, text)
                else:
                    self.seen[target].add(row)
                    self.values[target][cost].append(row)

    def _keep_body(self, target: Nonterminal, cost: int, row: Columns, text: str) -> None:
        self.seen[target].add(row)
        self.values[target][cost].append(row)
        self.texts[target][cost].append(text)
        if target in self.bodies.values():
            make = eval(f"lambda e: lambda {', '.join('ab'[: len(target.scope)])}: {text}", self.names)
            self.functions[target][cost].append(tuple(make(e) for e in range(len(self.inputs))))


def _call(name: str, head: Primitive, parts: tuple[str, ...]) -> str:
    if head.kernel == "select":
        return f"({parts[1]} if {parts[0]} else {parts[2]})"
    return f"{name}({', '.join(parts)})"
