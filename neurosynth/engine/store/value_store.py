"""The space a bottom-up search fills: banks for every non-terminal of a grammar, and how a production extends them.

Two representations under one interface.  With ``compiled=False`` all values are Python objects and nothing is compiled:
for small tasks.  With ``compiled=True`` words, strings and lists of words live in arrays and productions whose primitive
has a kernel run in compiled loops; the others call the Python function.  Both give the same banks in the same order.
"""

from __future__ import annotations

import itertools
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from neurosynth.engine.kernels.cache import PATIENCE
from neurosynth.engine.kernels.choice import kind_of
from neurosynth.engine.store.banks import Arena, Bank, Columns, Grow, ObjectBank, SequenceBank, WordBank
from neurosynth.engine.store.lambda_samples import columns_of
from neurosynth.errors import PrimitiveBug
from neurosynth.language.evaluate import Budget, Evaluator
from neurosynth.language.grammar import Abstraction, Grammar, Lift, Nonterminal, Production, Unit
from neurosynth.language.primitive import UNDEFINED, Primitive, Undefined
from neurosynth.language.program import Constant, Input, Program, Variable
from neurosynth.values.registry import domain_of
from neurosynth.values.types import Type

if TYPE_CHECKING:
    from neurosynth.engine.backends.compiled import CompiledBackend

__all__ = ["OBJECT_TILE", "Range", "ValueStore"]

Range = tuple[int, int]
OBJECT_TILE = 32
"""Candidates the object path collects before it asks the tables and looks at the clock: a function may take a millisecond."""

Hit = Callable[[Production, tuple[int, ...]], None]
Tick = Callable[[int], None]


class ValueStore:
    """Banks of a grammar on some examples.

    ``tick(n)`` is called after every tile with the number of candidates tried, ``hit(production, entries)`` for every
    candidate of a goal non-terminal whose outputs equal ``goal``, ``grow(bytes)`` before memory is taken; each may raise
    to end the search.  No tile has more candidates than ``left()`` says, so that a limit stops compiled code and objects
    at the same candidate.  A production runs on Python objects until ``patience`` says that compiling its loop pays.
    """

    def __init__(
        self,
        grammar: Grammar,
        inputs: Sequence[tuple[Any, ...]],
        goal: Sequence[Any],
        *,
        compiled: bool,
        max_length: int,
        tick: Tick,
        hit: Hit,
        grow: Grow,
        left: Callable[[], int] = lambda: sys.maxsize,
        patience: int = PATIENCE,
    ) -> None:
        self.grammar, self.inputs, self.goal = grammar, tuple(inputs), tuple(goal)
        self.compiled, self.max_length, self.patience = compiled, max_length, patience
        self.tick, self.hit, self.grow, self.left = tick, hit, grow, left
        self.evaluator = Evaluator(Budget(steps=10_000, size=max_length, bits=62))
        self.numbers = {p: i for i, p in enumerate(grammar.productions)}
        self.goals = goal_targets(grammar)
        self.bodies = {p.target: p.arguments[0] for p in grammar.productions if isinstance(p.head, Abstraction)}
        self.columns = self._columns()
        self.arenas: dict[str, Arena] = {}
        self.banks: dict[Nonterminal, Bank] = {n: self._bank(n) for n in grammar.nonterminals if n not in self.bodies}
        self.best: tuple[float, Production | None, tuple[int, ...]] = (-1.0, None, ())
        self.object_cells = 0
        """Values the object path computed: candidates times columns of their scope."""
        self._known: dict[Nonterminal, dict[int, tuple[Any, ...]]] = {n: {} for n in grammar.nonterminals}
        """Outputs as Python objects of the entries that were asked for."""
        self.loops: CompiledBackend | None = None
        if compiled:
            from neurosynth.engine.backends.compiled import CompiledBackend

            self.loops = CompiledBackend(self)

    def _columns(self) -> dict[tuple[Type, ...], Columns]:
        lazy = any(isinstance(p.head, Primitive) and p.head.lazy for p in self.grammar.productions)
        scopes = {n.scope for n in self.grammar.nonterminals}
        return {s: columns_of(s, self.inputs, self.goal, partial=lazy) for s in sorted(scopes, key=str)}

    def _bank(self, target: Nonterminal) -> Bank:
        columns = self.columns[target.scope]
        arity = max((len(p.arguments) for p in self.grammar.by_target[target]), default=0)
        kind = kind_of(target.type) if self.compiled else "o"
        if kind in ("w", "u"):
            return WordBank(target, columns, arity, self.grow, kind)
        if kind in ("c", "i"):
            return SequenceBank(target, columns, arity, self.grow, kind, self.arena(kind))
        return ObjectBank(target, columns, arity, self.grow)

    def arena(self, kind: str) -> Arena:
        """The arena of a representation, made when first asked for."""
        if kind not in self.arenas:
            dtype: Any = np.int64
            if kind == "c":
                dtype = np.uint8 if self._all_ascii() else np.int32
            self.arenas[kind] = Arena(dtype, self.grow)
        return self.arenas[kind]

    def _all_ascii(self) -> bool:
        constants = [p.head for p in self.grammar.productions if isinstance(p.head, Constant)]
        texts = [domain_of(c.type).encode(c.value) for c in constants if domain_of(c.type).machine == "text"]
        values = itertools.chain(texts, *self.inputs, self.goal)
        return all(v.isascii() for v in values if isinstance(v, str))

    def close(self) -> None:
        """Give all memory back at once; the space is of no use any more.

        A space and its loops refer to each other and would stay until the collector runs.  Running it looks at every object
        of the process: 0.6 s where a notebook, or a long test run, holds some millions.
        """
        if self.loops is not None:
            vars(self.loops).clear()
        vars(self).clear()

    # --- reading ------------------------------------------------------------------------------------------------

    def bank(self, target: Nonterminal) -> Bank:
        """The bank of a non-terminal; a non-terminal of functions shares its body's."""
        return self.banks[self.bodies.get(target, target)]

    def program(self, target: Nonterminal, entry: int) -> Program:
        """The program an entry stands for."""
        production = self.production_of(target, entry)
        bank = self.bank(target)
        if target in self.bodies:
            abstraction = self.grammar.by_target[target][0]
            return abstraction.build((self.program(self.bodies[target], entry),))
        children = bank.children[entry, : len(production.arguments)].tolist()
        return self.build(production, tuple(children))

    def production_of(self, target: Nonterminal, entry: int) -> Production:
        """The production an entry was made by (of the body, for functions)."""
        return self.grammar.productions[int(self.bank(target).productions[entry])]

    def build(self, production: Production, entries: Sequence[int]) -> Program:
        """The program of a production over entries of its arguments."""
        return production.build(tuple(self.program(a, e) for a, e in zip(production.arguments, entries, strict=True)))

    def values(self, target: Nonterminal, entry: int) -> tuple[Any, ...]:
        """Outputs of an entry in all columns, as Python objects; for functions, callables."""
        return self._reader(target)(entry)

    def _reader(self, target: Nonterminal) -> Callable[[int], tuple[Any, ...]]:
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
        return tuple(
            (lambda *arguments, row=self.inputs[e], scope=scope: body(row, scope + arguments))
            for e, scope in zip(columns.examples.tolist(), columns.variables, strict=True)
        )

    @property
    def kept(self) -> int:
        """Entries of all banks."""
        return sum(bank.size for bank in self.banks.values())

    # --- extending ----------------------------------------------------------------------------------------------

    def expand(self, production: Production, ranges: Sequence[Range], *, triangular: bool = False) -> None:
        """Try the production on every combination of entries in ``ranges``; keep what is new.

        ``triangular`` skips combinations whose second entry comes before the first (commutative primitives).
        """
        match production.head:
            case Abstraction():
                return
            case Input() | Constant() | Variable():
                self.tick(1)  # first: what is the goal ends the search, and was tried
                self._keep_objects(production, [((), self._leaf(production))])
            case Unit() | Lift() if self.loops is not None and self.bank(production.target).kind != "o":
                self.loops.copy(production, ranges[0])
            case Primitive() if self.loops is not None and self.loops.should_compile(production, ranges):
                self.loops.expand(production, ranges, triangular)
            case _:
                self._expand_objects(production, ranges, triangular)

    def probe(self, production: Production, ranges: Sequence[Range], *, triangular: bool = False) -> None:
        """Like :meth:`expand` for a production of a goal non-terminal, but only look for the goal: nothing is kept."""
        if (
            self.loops is not None
            and isinstance(production.head, Primitive)
            and self.loops.should_compile(production, ranges)
        ):
            self.loops.probe(production, ranges, triangular)
        else:
            self._expand_objects(production, ranges, triangular, keep=False)

    def _leaf(self, production: Production) -> tuple[Any, ...]:
        columns = self.columns[production.target.scope]
        match production.head:
            case Input(index):
                return tuple(self.inputs[e][index] for e in columns.examples)
            case Constant(value):
                return (value,) * columns.count
            case Variable(index):
                return tuple(v[-1 - index] for v in columns.variables)
        raise AssertionError(production)

    def _combinations(
        self, production: Production, ranges: Sequence[Range], triangular: bool
    ) -> Iterator[tuple[int, ...]]:
        if triangular:
            (start, end), (other, stop) = ranges
            for i in range(start, end):
                for j in range(max(i, other), stop):
                    yield i, j
        else:
            yield from itertools.product(*(range(a, b) for a, b in ranges))

    def _expand_objects(
        self, production: Production, ranges: Sequence[Range], triangular: bool, keep: bool = True
    ) -> None:
        evaluate = self.evaluation(production)
        width = self.columns[production.target.scope].count
        batch: list[tuple[tuple[int, ...], tuple[Any, ...]]] = []
        tried, room = 0, min(OBJECT_TILE, self.left())
        for entries in self._combinations(production, ranges, triangular):
            tried += 1
            values = evaluate(entries)
            if values is not None:
                batch.append((entries, values))
            if tried == room:
                self.object_cells += tried * width
                self._finish(production, batch, tried, keep)
                batch, tried, room = [], 0, min(OBJECT_TILE, self.left())
        self.object_cells += tried * width
        self._finish(production, batch, tried, keep)

    def _finish(
        self, production: Production, batch: list[tuple[tuple[int, ...], tuple[Any, ...]]], tried: int, keep: bool
    ) -> None:
        if keep:
            self._keep_objects(production, batch)
        else:
            for entries, values in batch:
                if values == self.goal:
                    self.hit(production, entries)
        self.tick(tried)

    def evaluation(self, production: Production) -> Callable[[tuple[int, ...]], tuple[Any, ...] | None]:
        """``entries -> outputs``, or None when the candidate is to be dropped as undefined."""
        columns = self.columns[production.target.scope]
        arguments = production.arguments
        if isinstance(production.head, Lift):
            examples = columns.examples.tolist()

            def lift(entries: tuple[int, ...]) -> tuple[Any, ...]:
                values = self.values(arguments[0], entries[0])
                return tuple(values[e] for e in examples)

            return lift
        if isinstance(production.head, Unit):
            return lambda entries: self.values(arguments[0], entries[0])
        primitive = production.head
        assert isinstance(primitive, Primitive)
        call = self.evaluator.caller(primitive)
        keep, lazy = columns.partial, primitive.lazy
        reset = self.evaluator.reset
        readers = [self._reader(a) for a in arguments]

        def evaluate(entries: tuple[int, ...]) -> tuple[Any, ...] | None:
            try:
                reset()
                rows = [read(e) for read, e in zip(readers, entries, strict=True)]
                if rows and not lazy and not (keep and any(UNDEFINED in row for row in rows)):
                    try:  # defined everywhere, as nearly all are: without a look at each column
                        return tuple(map(call, *rows))
                    except Undefined:
                        if not keep:
                            return None
                        reset()
                cells = zip(*rows, strict=True) if rows else [()] * columns.count
                values = tuple(_one(call, lazy, column) for column in cells)
                undefined = sum(v is UNDEFINED for v in values)
                return None if undefined == len(values) or (undefined and not keep) else values
            except PrimitiveBug as bug:
                raise bug.within(self.build(production, entries)) from bug.__cause__

        return evaluate

    def _keep_objects(self, production: Production, batch: list[tuple[tuple[int, ...], tuple[Any, ...]]]) -> None:
        if not batch:
            return
        target = production.target
        bank = self.banks[target]
        if not isinstance(bank, ObjectBank):
            assert self.loops is not None
            self.loops.keep_objects(production, batch)
            return
        is_goal = target in self.goals
        fresh = []
        for entries, values in batch:
            if is_goal and values == self.goal:
                self.hit(production, entries)
            if values not in bank.index:
                bank.index[values] = len(bank.values)
                bank.values.append(values)
                fresh.append(entries)
                if is_goal:
                    share = sum(a == b for a, b in zip(values, self.goal, strict=True)) / len(self.goal)
                    if share > self.best[0]:
                        self.best = (share, production, entries)
        if fresh:
            self.grow(len(fresh) * (200 + 60 * len(values)))
            bank.record(self.numbers[production], np.array(fresh, np.int32).reshape(len(fresh), -1))


def _one(call: Callable[..., Any], lazy: bool, column: tuple[Any, ...]) -> Any:
    try:
        if lazy:
            return call(*[_thunk(v) for v in column])
        if any(v is UNDEFINED for v in column):
            return UNDEFINED
        return call(*column)
    except Undefined:
        return UNDEFINED


def _thunk(value: Any) -> Callable[[], Any]:
    def force() -> Any:
        if value is UNDEFINED:
            raise Undefined
        return value

    return force


def goal_targets(grammar: Grammar) -> frozenset[Nonterminal]:
    """The start symbol and all that reach it by unit productions: their programs are programs of the start."""
    found = {grammar.start}
    grown = True
    while grown:
        grown = False
        for p in grammar.productions:
            if isinstance(p.head, Unit) and p.target in found and p.arguments[0] not in found:
                found.add(p.arguments[0])
                grown = True
    return frozenset(found)
