"""Macros: primitives whose meaning is a program. This module makes and expands them, and finds where one applies. A macro's body is a
program over one :class:`~neurosynth.language.program.Input` for each parameter. Expanding replaces each macro by its body; rewriting
does the reverse wherever that makes a program cheaper.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Literal

from neurosynth.language.calls import is_call
from neurosynth.language.evaluate import Evaluator
from neurosynth.language.primitive import UNDEFINED, Primitive, Undefined
from neurosynth.language.program import Apply, Constant, Input, Lambda, Program, Variable
from neurosynth.language.undoing import inverses_of
from neurosynth.values.types import Arrow, Type, unify

__all__ = ["abstracted", "macro", "rewritten", "uses", "written_out"]


def macro(name: str, t: Type, body: Program, **more: Any) -> Primitive:
    """A primitive that means ``body``, which reads one input for each parameter.

    Args:
        name: of the primitive.
        t: its type; type variables stand for any type, as everywhere.
        body: may contain nodes whose types have the same variables.
        more: further fields of :class:`~neurosynth.language.primitive.Primitive`.
    """
    # A partial of a module's function instead of a closure, because tasks are sent to other processes.
    function = partial(_expand, name, body)
    missing: Literal["", "seen"] = (
        "seen" if any(isinstance(p, Apply) and p.primitive.missing for p in body.subprograms()) else ""
    )
    arity = len(t.parameters) if isinstance(t, Arrow) else 0
    inverse = inverses_of(body, arity)
    return Primitive(name=name, type=t, function=function, macro=body, missing=missing, inverse=inverse, **more)


def _expand(name: str, body: Program, *values: Any) -> Any:
    found = Evaluator().run(body, values)
    if found is UNDEFINED:
        raise Undefined(name)
    return found


def written_out(program: Program, keep: Callable[[Primitive], bool] = lambda primitive: False) -> Program:
    """The program with each macro replaced by its body, except those for which ``keep`` is true."""
    match program:
        case Lambda(parameters, body):
            return Lambda(parameters, written_out(body, keep))
        case Apply(primitive, arguments):
            given = tuple(written_out(a, keep) for a in arguments)
            if primitive.macro is None or keep(primitive):
                return Apply(primitive, given, program.type)
            bindings: dict[str, Type | int] = {}
            for parameter, argument in zip((*primitive.parameters, primitive.result), (*given, program), strict=True):
                unify(parameter, argument.type, bindings)
            return _filled(written_out(primitive.macro.at(bindings), keep), given, 0)
    return program


def _filled(body: Program, given: tuple[Program, ...], depth: int) -> Program:
    """A body with arguments instead of its inputs, under ``depth`` more variables."""
    match body:
        case Input(index):
            return _shifted(given[index], depth)
        case Lambda(parameters, inner):
            return Lambda(parameters, _filled(inner, given, depth + len(parameters)))
        case Apply(primitive, arguments):
            filled = tuple(_filled(a, given, depth) for a in arguments)
            if is_call(primitive) and isinstance(filled[0], Lambda):
                return _opened(filled[0].body, filled[1:], 0)
            return Apply(primitive, filled, body.type)
    return body


def _opened(body: Program, arguments: Sequence[Program], depth: int) -> Program:
    """The body of a lambda with arguments in the place of its variables, ``depth`` variables further in."""
    count = len(arguments)
    match body:
        case Variable(index) if index >= depth + count:
            return replace(body, index=index - count)
        case Variable(index) if index >= depth:
            return _shifted(arguments[depth + count - 1 - index], depth)
        case Lambda(parameters, inner):
            return Lambda(parameters, _opened(inner, arguments, depth + len(parameters)))
        case Apply(primitive, parts):
            return Apply(primitive, tuple(_opened(p, arguments, depth) for p in parts), body.type)
    return body


def _shifted(program: Program, by: int, bound: int = 0) -> Program:
    """The program with its free variables shifted by ``by``; ``bound`` variables are its own."""
    if not by:
        return program
    match program:
        case Variable(index) if index >= bound:
            return replace(program, index=index + by)
        case Lambda(parameters, body):
            return Lambda(parameters, _shifted(body, by, bound + len(parameters)))
        case Apply(primitive, arguments):
            return Apply(primitive, tuple(_shifted(a, by, bound) for a in arguments), program.type)
    return program


def uses(program: Program, name: str) -> int:
    """How often a program applies the primitive of a name."""
    return sum(isinstance(p, Apply) and p.primitive.name == name for p in program.subprograms())


Cost = Callable[[Program], float]
"""The cost of a node without its arguments."""


def rewritten(program: Program, macros: Iterable[Primitive], cost: Cost = lambda node: 1.0) -> Program:
    """The cheapest program that applies the macros where their bodies occur, one macro after the other.

    The costs of nodes add up; of programs of one cost the one with fewer applications of the macro is taken.
    """
    for primitive in macros:
        program = _Rewriter(primitive, cost).best(program)[0]
    return program


class _Rewriter:
    """Applies one macro; the best form of a subprogram is computed once."""

    def __init__(self, primitive: Primitive, cost: Cost) -> None:
        self.primitive, self.cost = primitive, cost
        self.known: dict[Program, tuple[Program, float]] = {}

    def best(self, program: Program) -> tuple[Program, float]:
        """The cheapest form of a program, and what it costs."""
        found = self.known.get(program)
        if found is None:
            found = self.known[program] = self._best(program)
        return found

    def _best(self, program: Program) -> tuple[Program, float]:
        kept, total = program, self.cost(program)
        match program:
            case Lambda(parameters, body):
                inner, price = self.best(body)
                kept, total = Lambda(parameters, inner), total + price
            case Apply(primitive, arguments):
                parts = [self.best(a) for a in arguments]
                kept = Apply(primitive, tuple(p for p, _ in parts), program.type)
                total += sum(price for _, price in parts)
        found: dict[int, Program] = {}
        if isinstance(program, (Apply, Constant)) and _matches(self.primitive.macro, program, (), found):
            parts = [self.best(found[i]) for i in range(self.primitive.arity)]
            applied = self._applied(tuple(p for p, _ in parts), program.type)
            if applied is not None:
                price = self.cost(applied) + sum(price for _, price in parts)
                if price < total:
                    return applied, price
        return kept, total

    def _applied(self, arguments: tuple[Program, ...], result: Type) -> Program | None:
        """The macro applied, if the types allow that."""
        bindings: dict[str, Type | int] = {}
        wanted = zip(
            (*self.primitive.parameters, self.primitive.result), (*(a.type for a in arguments), result), strict=True
        )
        if all(unify(parameter, t, bindings) for parameter, t in wanted):
            return Apply(self.primitive, arguments, result)
        return None


def _matches(pattern: Program, program: Program, scope: tuple[Type, ...], found: dict[int, Program]) -> bool:
    """Whether a program is the pattern with its inputs replaced by programs, which are stored in ``found``. ``scope`` has the types of
    the variables bound within the pattern; the replacements cannot read them, except those that the pattern calls an input with.
    """
    match pattern, program:
        case Input(index), _:
            if _reads(program, len(scope)):
                return False
            outer = _shifted(program, -len(scope))
            return found.setdefault(index, outer) == outer
        case Apply(primitive, (Input(index), *given)), _ if is_call(primitive):
            variables = [v.index for v in given if isinstance(v, Variable)]
            function = abstracted(program, variables, scope)
            return function is not None and found.setdefault(index, function) == function
        case Variable(index), Variable(other):
            return index == other
        case Constant(value), Constant(other):
            return value == other and type(value) is type(other) and pattern.type == program.type
        case Lambda(parameters, body), Lambda(others, inner):
            return len(parameters) == len(others) and _matches(body, inner, (*scope, *others), found)
        case Apply(primitive, arguments), Apply(other, given):
            return (
                primitive.name == other.name
                and primitive.sizes == other.sizes
                and all(_matches(a, b, scope, found) for a, b in zip(arguments, given, strict=True))
            )
    return False


def abstracted(program: Program, variables: Sequence[int], scope: Sequence[Type]) -> Lambda | None:
    """The function of some variables that a program is; None where it reads others of ``scope``, the types of those around it.

    What is bound outside of ``scope`` is then bound outside of the function.
    """
    depth, count = len(scope), len(variables)
    if any(_reads_one(program, v) for v in range(depth) if v not in variables):
        return None

    def inside(p: Program, bound: int) -> Program:
        match p:
            case Variable(index) if index >= bound + depth:
                return replace(p, index=index - depth + count)
            case Variable(index) if index >= bound:
                return replace(p, index=count - 1 - variables.index(index - bound) + bound)
            case Lambda(parameters, body):
                return Lambda(parameters, inside(body, bound + len(parameters)))
            case Apply(primitive, arguments):
                return Apply(primitive, tuple(inside(a, bound) for a in arguments), p.type)
        return p

    return Lambda(tuple(scope[-1 - v] for v in variables), inside(program, 0))


def _reads_one(program: Program, variable: int) -> bool:
    """Whether a program reads the variable of an index, seen from where it stands."""
    match program:
        case Variable(index):
            return index == variable
        case Lambda(parameters, body):
            return _reads_one(body, variable + len(parameters))
        case Apply(_, arguments):
            return any(_reads_one(a, variable) for a in arguments)
    return False


def _reads(program: Program, below: int, bound: int = 0) -> bool:
    """Whether a program reads a variable that one of the ``below`` innermost lambdas around it binds."""
    match program:
        case Variable(index):
            return bound <= index < bound + below
        case Lambda(parameters, body):
            return _reads(body, below, bound + len(parameters))
        case Apply(_, arguments):
            return any(_reads(a, below, bound) for a in arguments)
    return False
