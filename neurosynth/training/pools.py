"""Programs of a wanted size, drawn from a grammar, with their outputs on given rows.

A pool contains the programs of one non-terminal and size (number of primitive applications) drawn so far, with their outputs. A new
program is one production over programs from pools, so drawing one costs one application for each row. A pool accepts only programs with
new behaviour, so that programs have no dead parts: ``(+ x 0)``, a constant condition, or a lambda that ignores its parameters are
rejected when they arise.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from neurosynth.language.evaluate import Budget, Closure, Evaluator
from neurosynth.language.grammar import Abstraction, Lift, Nonterminal, Production, Unit
from neurosynth.language.primitive import UNDEFINED, Primitive, Undefined
from neurosynth.language.program import Apply, Constant, Input, Lambda, Program, Variable
from neurosynth.training.inputs import Row
from neurosynth.training.shapes import Shapes
from neurosynth.values.reading import has_type
from neurosynth.values.registry import domain_of
from neurosynth.values.types import Type

__all__ = ["BUDGET", "DrawnProgram", "Pools"]

_POOL = 40
"""Number of programs kept for a non-terminal and size; further ones are only results."""
_POINTS = 14
"""Number of values of a lambda's parameters on which its body is tried."""
_UNDEFINED_SHARE = 0.15
"""Maximum share of rows on which a program may be undefined."""
_CONSTANT_SHARE = 0.2
"""Share of constant closed subprograms that are kept: some lists and numbers are written like this."""
BUDGET = Budget(steps=200_000, size=200, bits=62)
"""Budget of each subprogram on all rows; integers as in search."""

Column = tuple[Any, ...]


@dataclass(slots=True, eq=False)
class DrawnProgram:
    """A program, its number of primitive applications, its outputs, and what it reads."""

    program: Program
    operations: int
    column: Column
    """Outputs on the rows; for programs under lambdas, on the points of their scope."""
    inputs: int
    """Bit ``i``: reads input ``i``."""
    variables: int
    """Bit ``i``: reads the variable of de Bruijn index ``i``."""
    functions: tuple[Callable[..., Any], ...] = ()
    """For a lambda: its function on each row."""
    parts: tuple[DrawnProgram, ...] = ()
    """Direct subprograms."""
    closed: bool = False
    """Whether its column contains outputs on the rows."""

    def rivals(self) -> Iterator[Column]:
        """Outputs on the rows of its subprograms of the same type."""
        stack = list(self.parts)
        while stack:
            part = stack.pop()
            stack += part.parts
            if part.closed and part.program.type == self.program.type:
                yield part.column


class _Memo(dict[Any, Any]):
    """A function of one argument with a cache (for a lambda that reads no input)."""

    __slots__ = ("body",)

    def __init__(self, body: Closure) -> None:
        self.body = body

    def __missing__(self, argument: Any) -> Any:
        value = self[argument] = self.body((), (argument,))
        return value


class Pools:
    """Draws programs of a grammar by size, and keeps some of them as parts of larger ones. Args: shapes: the grammar's shapes, up to
    the largest size wanted. rows: (R,) inputs on which the programs run; the first ``checked`` decide whether a program is kept. rng:
    the only source of randomness.
    """

    def __init__(self, shapes: Shapes, rows: Sequence[Row], *, checked: int, rng: Random) -> None:
        self.shapes, self.rows, self.checked, self.rng = shapes, rows, checked, rng
        self.evaluator = Evaluator(BUDGET)
        self._callers: dict[Primitive, Callable[..., Any]] = {}
        cells = len(shapes.choices)
        self._pools: list[list[DrawnProgram]] = [[] for _ in range(cells)]
        self._misses = [0] * cells
        self._tried: set[tuple[int | DrawnProgram, ...]] = set()
        """Productions, by identity, with their parts so far."""
        self._seen: dict[tuple[Type, tuple[Type, ...]], set[Column]] = {}
        self._points: dict[tuple[Type, ...], _Points] = {(): _Points(tuple(range(len(rows))), ((),) * len(rows))}
        self._leaves: dict[int, DrawnProgram] = {}
        """By the identity of their production."""
        # Known first, so that nothing is kept that equals an input, a parameter or a constant.
        for production in shapes.grammar.productions:
            if isinstance(production.head, (Input, Constant, Variable)):
                leaf = self._leaves[id(production)] = self._leaf(production)
                self._known(production.target).add(self._shown(leaf.column, production.target))

    def draw(self, operations: int, *, inputs: int = 0) -> DrawnProgram | None:
        """A program of this size with new behaviour, or None if this attempt made none.

        Args:
            operations: the size.
            inputs: bit ``i`` says that the program must read input ``i``.
        """
        return self._attempt(self.shapes.cell(self.shapes.grammar.start, operations), inputs)

    def _part(self, cell: int) -> DrawnProgram | None:
        """A program from the pool, or a new one if the pool has few."""
        choices = self.shapes.choices[cell]
        if choices is None:
            return None
        if choices.leaves:
            return self._leaves[id(choices.choose(self.rng)[0])]
        pool = self._pools[cell]
        if len(pool) < _POOL and self._misses[cell] < _POOL + 4 * len(pool):
            found = self._attempt(cell)
            if found is not None:
                return found
            self._misses[cell] += 1
        return self.rng.choice(pool) if pool else None

    def _attempt(self, cell: int, inputs: int = 0) -> DrawnProgram | None:
        choices = self.shapes.choices[cell]
        if choices is None:
            return None
        production, cells = choices.choose(self.rng)
        leaf = self._leaves.get(id(production))
        if leaf is not None:
            return leaf
        parts = []
        for argument in cells:
            part = self._part(argument)
            if part is None:
                return None
            parts.append(part)
            inputs &= ~part.inputs
        key: tuple[int | DrawnProgram, ...] = (id(production), *parts)
        if inputs or key in self._tried:
            return None
        self._tried.add(key)
        found = self._build(production, parts)
        if found is not None and len(self._pools[cell]) < _POOL:
            self._pools[cell].append(found)
        return found

    def _known(self, nonterminal: Nonterminal) -> set[Column]:
        return self._seen.setdefault((nonterminal.type, nonterminal.scope), set())

    def _shown(self, column: Column, nonterminal: Nonterminal) -> Column:
        """The key of a program: its behaviour where it is checked, so that tasks can distinguish programs."""
        return column if nonterminal.scope else column[: self.checked]

    def _scope(self, scope: tuple[Type, ...]) -> _Points:
        found = self._points.get(scope)
        if found is None:
            found = self._points[scope] = _draw_points(self.rng, scope, self.rows)
        return found

    def _leaf(self, production: Production) -> DrawnProgram:
        points, closed = self._scope(production.target.scope), not production.target.scope
        match production.head:
            case Input(index) as head:
                return DrawnProgram(
                    head, 0, tuple(self.rows[r][index] for r in points.rows), 1 << index, 0, closed=closed
                )
            case Variable(index) as head:
                return DrawnProgram(head, 0, tuple(values[-1 - index] for values in points.values), 0, 1 << index)
            case Constant(value) as head:
                return DrawnProgram(head, 0, (value,) * len(points.rows), 0, 0, closed=closed)
        raise AssertionError(production)

    def _build(self, production: Production, parts: list[DrawnProgram]) -> DrawnProgram | None:
        match production.head:
            case Abstraction(parameters):
                return self._lambda(production.target.scope, parameters, parts[0])
            case Unit():
                return parts[0]
            case Lift():
                points, inner = self._scope(production.target.scope), parts[0]
                column = tuple(inner.column[r] for r in points.rows)
                return DrawnProgram(inner.program, inner.operations, column, inner.inputs, 0, parts=(inner,))
            case Primitive() as primitive:
                return self._apply(production, primitive, parts)
        raise AssertionError(production)

    def _lambda(
        self, around: tuple[Type, ...], parameters: tuple[Type, ...], body: DrawnProgram
    ) -> DrawnProgram | None:
        own = (1 << len(parameters)) - 1
        if body.variables & own != own:
            return None  # a parameter that it ignores: a smaller function does the same
        program = Lambda(parameters, body.program)
        inner = self.evaluator.closure(body.program)
        if around:  # on each point of the enclosing lambdas
            points = self._scope(around)
            on = zip(points.rows, points.values, strict=True)
            functions = tuple(_within(inner, self.rows[r], values) for r, values in on)
            outer = body.variables >> len(parameters)
            return DrawnProgram(program, body.operations, body.column, body.inputs, outer, functions, (body,))
        if not body.inputs:
            function = _Memo(inner).__getitem__ if len(parameters) == 1 else _closed(inner)
            functions = (function,) * len(self.rows)
        else:
            functions = tuple(_bound(inner, row) for row in self.rows)
        return DrawnProgram(program, body.operations, body.column, body.inputs, 0, functions, (body,))

    def _apply(self, production: Production, primitive: Primitive, parts: list[DrawnProgram]) -> DrawnProgram | None:
        same = len(production.arguments) == 2 and production.arguments[0] == production.arguments[1]
        if primitive.commutative and same and parts[1].program < parts[0].program:
            parts.reverse()  # one order of each pair, as in search
        column = self._column(primitive, parts, production.target)
        if column is None:
            return None
        inputs = variables = 0
        for part in parts:
            inputs |= part.inputs
            variables |= part.variables
        program = Apply(primitive, tuple(p.program for p in parts), production.target.type)
        operations = 1 + sum(p.operations for p in parts)
        closed = not production.target.scope
        return DrawnProgram(program, operations, column, inputs, variables, parts=tuple(parts), closed=closed)

    def _column(self, primitive: Primitive, parts: list[DrawnProgram], target: Nonterminal) -> Column | None:
        """The outputs, or None if they are undefined too often, all equal, or those of a known program."""
        call = self._callers.get(primitive)
        if call is None:
            call = self._callers[primitive] = self.evaluator.caller(primitive)
        self.evaluator.reset()
        run = _run_lazy if primitive.lazy else _run
        columns = [p.functions or p.column for p in parts]
        total = len(self._scope(target.scope).rows)
        checked = self.checked if not target.scope else total
        arguments: Iterator[tuple[Any, ...]] = zip(*columns, strict=True) if columns else iter(((),) * total)
        found = run(call, itertools.islice(arguments, checked), int(checked * _UNDEFINED_SHARE))
        if found is None:
            return None
        if found.count(found[0]) == len(found) and (target.scope or self.rng.random() > _CONSTANT_SHARE):
            return None
        known, shown = self._known(target), tuple(found)
        if shown in known:
            return None
        known.add(shown)
        return shown if checked == total else (*shown, *(run(call, arguments, total) or ()))


def _closed(inner: Closure) -> Callable[..., Any]:
    return lambda *arguments: inner((), arguments)


def _bound(inner: Closure, row: Row) -> Callable[..., Any]:
    return lambda *arguments: inner(row, arguments)


def _within(inner: Closure, row: Row, around: tuple[Any, ...]) -> Callable[..., Any]:
    return lambda *arguments: inner(row, (*around, *arguments))


def _run(call: Callable[..., Any], arguments: Iterator[tuple[Any, ...]], allowed: int) -> list[Any] | None:
    """Values of a strict primitive; None if more than ``allowed`` are undefined."""
    found = []
    for values in arguments:
        if UNDEFINED in values:
            value = UNDEFINED
        else:
            try:
                value = call(*values)
            except Undefined:
                value = UNDEFINED
        if value is UNDEFINED:
            allowed -= 1
            if allowed < 0:
                return None
        found.append(value)
    return found


def _run_lazy(call: Callable[..., Any], arguments: Iterator[tuple[Any, ...]], allowed: int) -> list[Any] | None:
    """Values of a primitive whose arguments are functions without parameters."""
    return _run(call, ((*map(_thunk, values),) for values in arguments), allowed)


def _thunk(value: Any) -> Callable[[], Any]:
    def thunk() -> Any:
        if value is UNDEFINED:
            raise Undefined("argument")
        return value

    return thunk


@dataclass(frozen=True, slots=True)
class _Points:
    """The points on which programs under lambdas are tried: a row for each, and values of the parameters, outermost first."""

    rows: tuple[int, ...]
    values: tuple[tuple[Any, ...], ...]


def _draw_points(rng: Random, scope: tuple[Type, ...], rows: Sequence[Row]) -> _Points:
    chosen = tuple(rng.randrange(len(rows)) for _ in range(_POINTS))
    columns = []
    for t in scope:
        found = [v for r in chosen for value in rows[r] for v in _values_of(t, value)]
        spare = domain_of(t).landmarks if len(set(found)) < 4 else ()
        known = [*found, *spare]
        columns.append([rng.choice(known) for _ in range(_POINTS)] if known else [()] * _POINTS)
    return _Points(chosen, tuple(zip(*columns, strict=True)))


def _values_of(t: Type, value: Any) -> Iterator[Any]:
    """The parts of an input that are values of a type; no empty lists."""
    if value != () and has_type(value, t):
        yield value
    if isinstance(value, tuple):
        for v in value:
            yield from _values_of(t, v)
