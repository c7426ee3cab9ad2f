"""Functional arguments with inverse semantics: where they stand, the calls that they must answer, and the grammar of their bodies.

From the goal and known values, the inverse of ``map``, ``zipwith``, ``scan``, ``filter`` … gives the calls of the function (Feser, Chaudhuri
and Dillig, PLDI 2015, λ²; Osera and Zdancewic, PLDI 2015). Its body is then a task of its own, whose inputs are the parameters and known
values of the whole task.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from neurosynth.language.grammar import Grammar, Nonterminal, Production
from neurosynth.language.primitive import UNDEFINED, Primitive
from neurosynth.language.program import Apply, Constant, Input, Lambda, Program, Variable
from neurosynth.ranking.agreement import cases
from neurosynth.values.frozen import freeze
from neurosynth.values.registry import domain_of
from neurosynth.values.types import Arrow, Type

__all__ = ["Call", "LambdaPlace", "body_grammar", "calls_of", "in_place", "places", "spelled_out"]

LEAST = 3
"""Minimum number of calls of a table; with fewer, nearly anything answers them."""

Call = tuple[int, tuple[Any, ...], Any]
"""An example's number, the arguments there, and the required result."""


@dataclass(frozen=True, slots=True)
class LambdaPlace:
    """A production with a functional argument whose inverse is known."""

    production: Production
    position: int
    inverse: Callable[..., Any]
    scope: tuple[Type, ...]
    result: Type

    @property
    def others(self) -> list[Nonterminal]:
        """The other arguments of the production."""
        return [n for i, n in enumerate(self.production.arguments) if i != self.position]


def places(grammar: Grammar, target: Nonterminal) -> list[LambdaPlace]:
    """The places where a value of the non-terminal may be the result of a function over known values."""
    found = []
    for p in grammar.by_target[target]:
        head = p.head
        if not isinstance(head, Primitive) or head.inverse is None:
            continue
        for position, inverse in enumerate(head.inverse):
            t = head.parameters[position]
            if inverse is not None and isinstance(t, Arrow):
                found.append(LambdaPlace(p, position, inverse, t.parameters, t.result))
    return found


def calls_of(place: LambdaPlace, goal: Sequence[Any], columns: Sequence[Sequence[Any]]) -> tuple[Call, ...] | None:
    """The calls that the function must answer, each once.

    Args:
        place: the place of the function.
        goal: the wanted value on each example.
        columns: the values of the other arguments on each example.

    Returns:
        None if no function, or nearly every one, produces the goal from these values.
    """
    calls: list[Call] = []
    for example, wanted in enumerate(goal):
        row = [column[example] for column in columns]
        if any(v is UNDEFINED or v is None for v in (wanted, *row)):
            return None
        table = next(iter(place.inverse(wanted, *row)), None)
        if table is None:
            return None
        calls += [(example, arguments, freeze(result)) for arguments, result in table]
    distinct = dict.fromkeys(calls)
    answers = {(example, arguments): result for example, arguments, result in distinct}
    if len(distinct) < LEAST or len(answers) < len(distinct):
        return None
    return tuple(distinct)


def body_grammar(grammar: Grammar, scope: Sequence[Type], result: Type, given: Sequence[tuple[Type, int]]) -> Grammar:
    """First-order programs over the parameters, the constants of ``grammar`` and known values.

    Parameters, of the types of ``scope``, and then known values are inputs; ``given`` has the type and the cost of each known value.
    There are no primitives that make lists: lists made inside a body are rarely useful, and there are many.
    """
    types = [n.type for n in grammar.nonterminals if not n.scope and not isinstance(n.type, Arrow)]
    names = {t: Nonterminal(str(t), t) for t in dict.fromkeys([*scope, result, *types])}
    productions = [Production(names[t], Input(i, t)) for i, t in enumerate(scope)]
    for i, (t, cost) in enumerate(given):
        productions.append(Production(names[t], Input(len(scope) + i, t), cost=max(1, cost)))
    for p in grammar.productions:
        if p.target.scope or p.target.type not in names:
            continue
        if isinstance(p.head, Constant):
            productions.append(Production(names[p.target.type], p.head, cost=p.cost))
        elif isinstance(p.head, Primitive) and p.arguments and _makes_words(p):
            arguments = tuple(names[a.type] for a in p.arguments)
            productions.append(Production(names[p.target.type], p.head, arguments, p.cost))
    inputs = tuple(p.head for p in productions if isinstance(p.head, Input))
    return Grammar(names[result], tuple(dict.fromkeys(productions)), inputs).trimmed()


def _makes_words(p: Production) -> bool:
    """Whether a production makes something else than a list, from values alone."""
    t = p.target.type
    return domain_of(t).element is None and not any(isinstance(a.type, Arrow) for a in p.arguments)


def spelled_out(body: Program, calls: int) -> bool:
    """Whether a body has so many cases, or is so large, that it could answer nearly any calls."""
    told_apart = cases(body)
    return body.size >= 2 * calls or (told_apart > 1 and 2 * told_apart**2 > calls)


def in_place(place: LambdaPlace, body: Program, closed: Sequence[Program], others: Sequence[Program]) -> Program:
    """The program of the place's production from the body of its function and its other arguments.

    ``closed`` are the programs that the inputs of the body after its parameters stand for.
    """
    inner = Lambda(place.scope, _opened(body, len(place.scope), closed))
    arguments = list(others)
    arguments.insert(place.position, inner)
    return place.production.build(arguments)


def _opened(body: Program, parameters: int, closed: Sequence[Program]) -> Program:
    """The body, with its inputs replaced by variables, as many as it has parameters, and closed programs."""
    match body:
        case Input(index, t):
            return Variable(parameters - 1 - index, t) if index < parameters else closed[index - parameters]
        case Apply(primitive, arguments, t):
            return Apply(primitive, tuple(_opened(a, parameters, closed) for a in arguments), t)
    return body
