"""The store a bottom-up search fills: the banks of every non-terminal of a grammar, the columns they are over, the goal.

With ``compiled=False`` all values are Python objects: for small tasks. With ``compiled=True`` words, strings and lists of words live in
arrays, for compiled loops to read and write. A backend (:mod:`neurosynth.engine.backends`) fills a store, which knows no backend. Its
content can be read as programs and values.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np

from neurosynth.engine.kernels.cache import PATIENCE
from neurosynth.engine.kernels.choice import kind_of
from neurosynth.engine.limits import Memory, Quota
from neurosynth.engine.store.banks import Arena, Bank, Columns, ObjectBank, SequenceBank, WordBank
from neurosynth.engine.store.lambda_samples import columns_of
from neurosynth.engine.store.parts import part_tests
from neurosynth.language.evaluate import Budget, Evaluator
from neurosynth.language.grammar import Abstraction, Grammar, Nonterminal, Production, Unit
from neurosynth.language.primitive import UNDEFINED, Primitive, Undefined
from neurosynth.language.program import Constant, Program
from neurosynth.values.registry import domain_of
from neurosynth.values.types import Type

__all__ = ["Range", "ValueStore"]

Range = tuple[int, int]
"""Entries of a bank: the first, and the end (exclusive)."""


class ValueStore:
    """Banks of a grammar on some examples, and the limits for filling them. ``memory`` is asked before memory is allocated, and raises
    if none is left. No backend tries more candidates at a time than ``quota`` has left. ``others`` are further goals, whose parts are
    stored, too. A production runs on Python objects until ``patience`` decides that compiling its loop pays off.
    """

    def __init__(
        self,
        grammar: Grammar,
        inputs: Sequence[tuple[Any, ...]],
        goal: Sequence[Any],
        *,
        others: Sequence[Sequence[Any]] = (),
        compiled: bool,
        max_length: int,
        memory: Memory | None = None,
        quota: Quota | None = None,
        patience: int = PATIENCE,
    ) -> None:
        self.grammar, self.inputs, self.goal = grammar, tuple(inputs), tuple(goal)
        self.others = tuple(map(tuple, others))
        self.compiled, self.max_length, self.patience = compiled, max_length, patience
        self.memory, self.quota = memory or Memory(), quota or Quota()
        self.evaluator = Evaluator(Budget(steps=10_000, size=max_length, bits=62))
        self.numbers = {p: i for i, p in enumerate(grammar.productions)}
        self.goals = goal_targets(grammar)
        self.bodies = {p.target: p.arguments[0] for p in grammar.productions if isinstance(p.head, Abstraction)}
        self.columns = self._columns()
        self.parts = part_tests(grammar.hints, [self.goal, *self.others])
        self.arenas: dict[str, Arena] = {}
        self.banks: dict[Nonterminal, Bank] = {n: self._bank(n) for n in grammar.nonterminals if n not in self.bodies}
        self.best: tuple[float, Production | None, tuple[int, ...]] = (-1.0, None, ())
        self._known: dict[Nonterminal, dict[int, tuple[Any, ...]]] = {n: {} for n in grammar.nonterminals}
        """Outputs as Python objects, for the entries that were asked for."""

    def _columns(self) -> dict[tuple[Type, ...], Columns]:
        lazy = any(isinstance(p.head, Primitive) and p.head.lazy for p in self.grammar.productions)
        scopes = {n.scope for n in self.grammar.nonterminals}
        hints = self.grammar.hints
        return {s: columns_of(s, self.inputs, self.goal, partial=lazy, hints=hints) for s in sorted(scopes, key=str)}

    def _bank(self, target: Nonterminal) -> Bank:
        columns = self.columns[target.scope]
        arity = max((len(p.arguments) for p in self.grammar.by_target[target]), default=0)
        kind = kind_of(target.type) if self.compiled else "o"
        if kind in ("w", "u"):
            return WordBank(target, columns, arity, self.memory, kind)
        if kind in ("c", "i"):
            return SequenceBank(target, columns, arity, self.memory, kind, self.arena(kind))
        return ObjectBank(target, columns, arity, self.memory)

    def arena(self, kind: str) -> Arena:
        """The arena of a representation, made on first use."""
        if kind not in self.arenas:
            dtype: Any = np.int64
            if kind == "c":
                dtype = np.uint8 if self._all_ascii() else np.int32
            self.arenas[kind] = Arena(dtype, self.memory)
        return self.arenas[kind]

    def _all_ascii(self) -> bool:
        constants = [p.head for p in self.grammar.productions if isinstance(p.head, Constant)]
        texts = [domain_of(c.type).encode(c.value) for c in constants if domain_of(c.type).machine == "text"]
        values = itertools.chain(texts, *self.inputs, self.goal, *self.others)
        return all(v.isascii() for v in values if isinstance(v, str))

    # --- reading ------------------------------------------------------------------------------------------------

    def bank(self, target: Nonterminal) -> Bank:
        """The bank of a non-terminal; a non-terminal of functions shares its body's."""
        return self.banks[self.bodies.get(target, target)]

    def program(self, target: Nonterminal, entry: int) -> Program:
        """The program of an entry."""
        production = self.production_of(target, entry)
        bank = self.bank(target)
        if target in self.bodies:
            abstraction = self.grammar.by_target[target][0]
            return abstraction.build((self.program(self.bodies[target], entry),))
        children = bank.children[entry, : len(production.arguments)].tolist()
        return self.build(production, tuple(children))

    def production_of(self, target: Nonterminal, entry: int) -> Production:
        """The production of an entry (that of the body, for functions)."""
        return self.grammar.productions[int(self.bank(target).productions[entry])]

    def build(self, production: Production, entries: Sequence[int]) -> Program:
        """The program of a production over entries of its arguments."""
        return production.build(tuple(self.program(a, e) for a, e in zip(production.arguments, entries, strict=True)))

    def cost_of(self, production: Production, entries: Sequence[int]) -> int:
        """The cost of that program."""
        known = zip(production.arguments, entries, strict=True)
        return production.cost + sum(self.bank(a).cost_of(e) for a, e in known)

    def values(self, target: Nonterminal, entry: int) -> tuple[Any, ...]:
        """Outputs of an entry in all columns, as Python objects; for functions, callables."""
        return self.reader(target)(entry)

    def reader(self, target: Nonterminal) -> Callable[[int], tuple[Any, ...]]:
        """``entry -> outputs`` of one non-terminal."""
        if target not in self.bodies and isinstance(bank := self.banks[target], ObjectBank):
            return bank.values.__getitem__
        known = self._known[target]
        make = partial(self._callables, target) if target in self.bodies else self.banks[target].decode

        def read(entry: int) -> tuple[Any, ...]:
            values = known.get(entry)
            if values is None:
                values = known[entry] = make(entry)
            return values

        return read

    def _callables(self, target: Nonterminal, entry: int) -> tuple[Any, ...]:
        body = self.evaluator.closure(self.program(self.bodies[target], entry))
        columns = self.columns[target.scope]
        inner = self.bodies[target]
        if not target.scope and all(self.grammar.hints.points_of(t) is not None for t in inner.scope):
            return self._looked_up(inner, entry, body)
        return tuple(
            (lambda *arguments, row=self.inputs[e], scope=scope: body(row, scope + arguments))
            for e, scope in zip(columns.examples.tolist(), columns.variables, strict=True)
        )

    def _looked_up(self, inner: Nonterminal, entry: int, body: Callable[..., Any]) -> tuple[Any, ...]:
        """Functions with known calls: one for each example, which looks its values up."""
        columns = self.columns[inner.scope]
        tables: list[dict[tuple[Any, ...], Any]] = [{} for _ in self.inputs]
        for e, at, value in zip(columns.examples.tolist(), columns.variables, self.values(inner, entry), strict=True):
            tables[e][at] = value

        def make(row: tuple[Any, ...], table: dict[tuple[Any, ...], Any]) -> Callable[..., Any]:
            def look_up(*arguments: Any) -> Any:
                value = table.get(arguments, table)  # the table itself represents what is not in it
                if value is UNDEFINED:
                    raise Undefined
                return body(row, arguments) if value is table else value

            return look_up

        return tuple(map(make, self.inputs, tables))

    @property
    def kept(self) -> int:
        """Number of entries of all banks."""
        return sum(bank.size for bank in self.banks.values())


def goal_targets(grammar: Grammar) -> frozenset[Nonterminal]:
    """The start symbol, and all non-terminals that reach it by unit productions: their programs are programs of the start symbol."""
    found = {grammar.start}
    grown = True
    while grown:
        grown = False
        for p in grammar.productions:
            if isinstance(p.head, Unit) and p.target in found and p.arguments[0] not in found:
                found.add(p.arguments[0])
                grown = True
    return frozenset(found)
