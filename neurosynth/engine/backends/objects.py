"""The backend of Python objects: the functions of the language compute every candidate, whatever its types."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Generator, Iterator, Sequence
from typing import Any

import numpy as np

from neurosynth.engine.store.banks import Bank, ObjectBank
from neurosynth.engine.store.batch import Batch, Match
from neurosynth.engine.store.value_store import Range, ValueStore
from neurosynth.errors import PrimitiveBug
from neurosynth.language.grammar import Abstraction, Lift, Nonterminal, Production, Unit
from neurosynth.language.primitive import UNDEFINED, Primitive, Undefined
from neurosynth.language.program import Constant, Input, Variable
from neurosynth.work_clock import ON_OBJECTS, STEP, is_counted, spend

__all__ = ["OBJECT_TILE", "ObjectBackend", "ObjectTiles", "Tile", "keep_objects", "object_masks"]

OBJECT_TILE = 32
"""Number of candidates computed between two checks of tables and clock: a function may take a millisecond."""

TESTED = 20
"""Factor for the time of a value that is tested for being part of the goal: the test compares it with all positions in the goal."""

Values = tuple[Any, ...]
Tile = list[tuple[tuple[int, ...], Values]]
"""Candidates with their outputs; undefined ones are left out."""


class ObjectTiles:
    """Computes candidates of a store on Python objects, tile by tile; stores none."""

    def __init__(self, store: ValueStore) -> None:
        self.store = store
        self.cells = 0
        """Number of values computed so far: candidates times columns of their scope; tested ones count :data:`TESTED` times."""

    def leaf(self, production: Production) -> Values:
        """The outputs of an input, a constant or a variable."""
        columns = self.store.columns[production.target.scope]
        match production.head:
            case Input(index):
                return tuple(self.store.inputs[e][index] for e in columns.examples)
            case Constant(value):
                return (value,) * columns.count
            case Variable(index):
                return tuple(v[-1 - index] for v in columns.variables)
        raise AssertionError(production)

    def tiles(
        self,
        production: Production,
        ranges: Sequence[Range],
        triangular: bool = False,
        firsts: np.ndarray | None = None,
    ) -> Iterator[tuple[Tile, int]]:
        """All combinations of entries in ``ranges``: tiles of them, and the number tried for each."""
        evaluate = self.evaluation(production)
        width, quota = self.store.columns[production.target.scope].count, self.store.quota
        if production.target.type in self.store.parts:
            width *= TESTED
        tile: Tile = []
        tried, room = 0, min(OBJECT_TILE, quota.left)
        counting, evaluator = is_counted(), self.store.evaluator
        for entries in _combinations(ranges, triangular) if firsts is None else _continued(firsts, ranges[0]):
            tried += 1
            if counting:
                evaluator.reset()
            values = evaluate(entries)
            if counting:
                spend(ON_OBJECTS + STEP * evaluator.used)
            if values is not None:
                tile.append((entries, values))
            if tried == room:
                self.cells += tried * width
                yield tile, tried
                tile, tried, room = [], 0, min(OBJECT_TILE, quota.left)
        self.cells += tried * width
        yield tile, tried

    def evaluation(self, production: Production) -> Callable[[tuple[int, ...]], Values | None]:
        """``entries -> outputs``, or None if the candidate is to be dropped because it is undefined or not part of the goal."""
        evaluate, test = self._evaluation(production), self.store.parts.get(production.target.type)
        if test is None:
            return evaluate
        columns = self.store.columns[production.target.scope]

        def kept(entries: tuple[int, ...]) -> Values | None:
            values = evaluate(entries)
            return None if values is None else test.kept(values, columns)

        return kept

    def _evaluation(self, production: Production) -> Callable[[tuple[int, ...]], Values | None]:
        store = self.store
        columns = store.columns[production.target.scope]
        arguments = production.arguments
        if isinstance(production.head, Lift):
            examples = columns.examples.tolist()

            def lift(entries: tuple[int, ...]) -> Values:
                values = store.values(arguments[0], entries[0])
                return tuple(values[e] for e in examples)

            return lift
        if isinstance(production.head, Unit):
            return lambda entries: store.values(arguments[0], entries[0])
        primitive = production.head
        assert isinstance(primitive, Primitive)
        call = store.evaluator.caller(primitive)
        keep, lazy = columns.partial, primitive.lazy
        reset = store.evaluator.reset
        readers = [store.reader(a) for a in arguments]

        def evaluate(entries: tuple[int, ...]) -> Values | None:
            try:
                reset()
                rows = [read(e) for read, e in zip(readers, entries, strict=True)]
                if rows and not lazy and not (keep and any(UNDEFINED in row for row in rows)):
                    try:  # defined everywhere, like nearly all: no check of each column
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
                raise bug.within(store.build(production, entries)) from bug.__cause__

        return evaluate

    def outputs(self, production: Production, entries: tuple[int, ...]) -> Values | None:
        """The outputs of one program; None if it is to be dropped as undefined."""
        match production.head:
            case Input() | Constant() | Variable():
                return self.leaf(production)
            case _:
                return self.evaluation(production)(entries)


class ObjectBackend:
    """Fills a store whose banks hold Python objects."""

    def __init__(self, store: ValueStore) -> None:
        self.store = store
        self.objects = ObjectTiles(store)

    def expand(
        self,
        production: Production,
        ranges: Sequence[Range],
        *,
        triangular: bool = False,
        firsts: np.ndarray | None = None,
    ) -> Iterator[Batch]:
        """See :meth:`Backend.expand`."""
        match production.head:
            case Abstraction():
                return
            case Input() | Constant() | Variable():
                yield Batch(1)  # first: a candidate that matches the goal ends the search, and was tried
                yield Batch(matches=self._keep(production, [((), self.objects.leaf(production))]))
            case _:
                for tile, tried in self.objects.tiles(production, ranges, triangular, firsts):
                    yield Batch(tried, self._keep(production, tile))

    def insert(self, production: Production, entries: tuple[int, ...]) -> Generator[Batch, None, int | None]:
        """Store one program at the cost for which its bank is open.

        Returns:
            its entry, or that of an older one with the same outputs; None if it has no outputs.
        """
        values = self.objects.outputs(production, entries)
        if values is None:
            return None
        if self.find(production.target, values) is None:
            yield Batch(1, self._keep(production, [(entries, values)]))
        return self.find(production.target, values)

    def find(self, target: Nonterminal, values: Values) -> int | None:
        """The entry with these outputs, or None."""
        bank = self.store.banks[target]
        assert isinstance(bank, ObjectBank)
        return bank.index.get(values)

    def masks(self, bank: Bank, start: int, end: int) -> np.ndarray:
        """(end - start,) int64: for each of these entries of a goal bank, a bit for each example on which it is right (at most 63)."""
        return object_masks(bank, self.store.goal, start, end)

    @property
    def object_cells(self) -> int:
        """Number of values computed on Python objects so far."""
        return self.objects.cells

    def _keep(self, production: Production, tile: Tile) -> tuple[Match, ...]:
        """Store the new candidates of a tile; yield those that equal the goal."""
        if not tile:
            return ()
        store, target = self.store, production.target
        bank = store.banks[target]
        assert isinstance(bank, ObjectBank)
        return keep_objects(store, bank, production, tile)


def keep_objects(store: ValueStore, bank: ObjectBank, production: Production, tile: Tile) -> tuple[Match, ...]:
    """Store the new candidates of a tile in a bank of objects; yield those that equal the goal."""
    is_goal = production.target in store.goals
    fresh: list[tuple[int, ...]] = []
    matches: list[Match] = []
    for entries, values in tile:
        if is_goal and values == store.goal:
            matches.append((production, entries))
        if values not in bank.index:
            bank.index[values] = len(bank.values)
            bank.values.append(values)
            fresh.append(entries)
            if is_goal:
                share = sum(a == b for a, b in zip(values, store.goal, strict=True)) / len(store.goal)
                if share > store.best[0]:
                    store.best = (share, production, entries)
    if fresh:
        store.memory.take(len(fresh) * (200 + 60 * len(tile[-1][1])))
        bank.record(store.numbers[production], np.array(fresh, np.int32).reshape(len(fresh), -1))
    return tuple(matches)


def object_masks(bank: Bank, goal: Values, start: int, end: int) -> np.ndarray:
    """The columns in which some entries equal the goal, as bit masks."""
    rows = (zip(bank.decode(i), goal, strict=True) for i in range(start, end))
    return np.array([sum((a == b) << bit for bit, (a, b) in enumerate(row)) for row in rows], np.int64)


def _combinations(ranges: Sequence[Range], triangular: bool) -> Iterator[tuple[int, ...]]:
    if triangular:
        (start, end), (other, stop) = ranges
        for i in range(start, end):
            for j in range(max(i, other), stop):
                yield i, j
    else:
        yield from itertools.product(*(range(a, b) for a, b in ranges))


def _continued(firsts: np.ndarray, last: Range) -> Iterator[tuple[int, ...]]:
    for row in firsts.tolist():
        for entry in range(*last):
            yield (*row, entry)


def _one(call: Callable[..., Any], lazy: bool, column: Values) -> Any:
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
