"""Abstractions that call functions: what solutions have in common where they differ in what they do with the variables of a lambda.

Stitch's holes stand for values that read no variable of the abstraction's own lambdas.  ``map`` has one that does: "double all" and "negate
all" have ``(rec_list x0 empty (lambda (a b c) (cons … c)))`` in common, and in the place of the dots a function of ``a``.  The least general
pattern of two programs with holes that are functions of distinct variables is unique (Miller, Logic and Computation 1991; Pfenning, LICS 1991).
The patterns of all pairs of subprograms of different tasks are tried, and the one that makes the solutions shortest is taken, its own
body counted; then again, with the solutions rewritten.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from neurosynth.errors import NeurosynthError
from neurosynth.language.calls import CALLS, is_call, with_calls
from neurosynth.language.generalise import parse_body
from neurosynth.language.language import Language
from neurosynth.language.macros import abstracted, macro, rewritten, uses
from neurosynth.language.primitive import Primitive
from neurosynth.language.program import Apply, Constant, Input, Lambda, Program, Variable
from neurosynth.library.naming import TakenNames, name_of
from neurosynth.library.stitch import cost_of, node_cost
from neurosynth.library.typed import usable_function
from neurosynth.values.types import Arrow, Type

__all__ = ["calling_functions", "common_pattern", "pattern_of", "typed_macro"]

_PAIRS = 20_000
"""Pairs of subprograms that are compared at most."""
_SIZE = 40
"""Nodes of a subprogram that is compared, at most."""
_TRIED = 24
"""Patterns that the programs are rewritten with, those of most tasks and the largest first."""
_MOST_VARIABLES = len(CALLS)
"""That a hole may be a function of."""


def calling_functions(
    solutions: Sequence[tuple[str, Program]], language: Language, *, count: int, arity: int, least_tasks: int
) -> list[Primitive]:
    """Macros that call a functional argument, in the order in which they were found; later ones may use earlier ones.

    Args:
        solutions: programs with the tasks they solve; of the programs of a task the shortest counts.
        language: of the programs.
        count: macros at most.
        arity: arguments of one at most.
        least_tasks: whose programs must use one.
    """
    grown = with_calls(language)
    if any(grown.get(p.name) != p for p in CALLS):
        return []  # the language has other primitives of these names
    found: list[Primitive] = []
    programs = list(solutions)
    while len(found) < count:
        best = _best(programs, grown, arity, least_tasks)
        if best is None:
            break
        found.append(best)
        grown = grown.with_primitives([best])
        programs = [(key, rewritten(program, [best], node_cost)) for key, program in programs]
    return found


def _best(
    programs: Sequence[tuple[str, Program]], language: Language, arity: int, least_tasks: int
) -> Primitive | None:
    """The macro that makes the programs shortest, its body counted; None where none does."""
    before = _costs(programs)
    heads = [{node.head for node in program.subprograms()} for _, program in programs]
    best, most = None, 0.0
    for body in _likely(programs):
        primitive = typed_macro(body, language, arity)
        if primitive is None:
            continue
        after = [
            (key, rewritten(p, [primitive], node_cost) if body.head in known else p)
            for (key, p), known in zip(programs, heads, strict=True)
        ]
        if len({key for key, p in after if uses(p, primitive.name)}) < least_tasks:
            continue
        costs = _costs(after)
        saved = sum(before[key] - costs[key] for key in before) - _body_cost(body)
        if saved > most:
            best, most = primitive, saved
    return best


def _costs(programs: Sequence[tuple[str, Program]]) -> dict[str, float]:
    """What the shortest program of each task costs."""
    found: dict[str, float] = {}
    for key, program in programs:
        cost = cost_of(program)
        found[key] = min(cost, found.get(key, cost))
    return found


def _body_cost(body: Program) -> float:
    """What a body costs; a call is an application without a primitive."""
    leaf = node_cost(Constant(0, body.type))
    return cost_of(body) - leaf * sum(isinstance(p, Apply) and is_call(p.primitive) for p in body.subprograms())


def typed_macro(body: Program, language: Language, arity: int) -> Primitive | None:
    """A pattern as a macro of the most general type; None for one that the language cannot use."""
    try:
        general, t = parse_body(str(body), language)
    except NeurosynthError:  # it has the types of two programs, which may be wider than their text says
        return None
    parameters = t.parameters if isinstance(t, Arrow) else ()
    functions = [p for p in parameters if isinstance(p, Arrow)]
    if len(parameters) > arity or not all(map(usable_function, functions)):
        return None
    return macro(name_of(general, TakenNames(language)), t, general)


def _likely(programs: Sequence[tuple[str, Program]]) -> list[Program]:
    """Patterns of two tasks' closed subprograms with lambdas: those that may save most."""
    nodes: dict[tuple[str, Program], None] = {}
    for key, program in programs:
        for node in program.subprograms():
            looping = isinstance(node, Apply) and any(isinstance(a, Lambda) for a in node.arguments)
            if looping and node.size <= _SIZE and _closed(node, 0):
                nodes.setdefault((key, node))
    pairs = [
        (one, two) for one, two in itertools.combinations(nodes, 2) if one[0] != two[0] and one[1].head == two[1].head
    ]
    tasks: dict[Program, set[str]] = {}
    for one, two in pairs[:: -(-len(pairs) // _PAIRS) or 1]:
        pattern = pattern_of(one[1], two[1])
        if pattern is not None:
            tasks.setdefault(pattern, set()).update((one[0], two[0]))
    return sorted(tasks, key=lambda p: (-len(tasks[p]) * _body_cost(p), p))[:_TRIED]


def _closed(program: Program, bound: int) -> bool:
    """Whether no variable of a lambda around the program stands in it."""
    match program:
        case Variable(index):
            return index < bound
        case Lambda(parameters, body):
            return _closed(body, bound + len(parameters))
    return all(_closed(child, bound) for child in program.children)


def common_pattern(a: Program, b: Program) -> Program | None:
    """The least general pattern of two programs; None where there is none."""
    try:
        return _Common().of(a, b, ())
    except _NothingShared:
        return None


def pattern_of(a: Program, b: Program) -> Program | None:
    """The least general pattern of two programs, with calls of functional inputs; None where there is none, or it has no call."""
    found = common_pattern(a, b)
    if found is None:
        return None
    calls = [p for p in found.subprograms() if isinstance(p, Apply) and is_call(p.primitive)]
    return found if calls and not _only_calls(found) else None


def _only_calls(pattern: Program) -> bool:
    """Whether a pattern is a primitive by another name: its lambdas only call."""
    lambdas = [child for child in pattern.children if isinstance(child, Lambda)]
    others = [child for child in pattern.children if not isinstance(child, (Lambda, Input))]
    return not others and all(
        isinstance(f.body, Apply) and is_call(f.body.primitive) and len(f.body.arguments) == len(f.parameters) + 1
        for f in lambdas
    )


class _NothingShared(Exception):
    """Two programs with no pattern in common."""


@dataclass(slots=True)
class _Common:
    """Holds the holes of one pattern: the same two parts have the same hole."""

    holes: dict[tuple[Program, Program], Input] = field(default_factory=dict)

    def of(self, a: Program, b: Program, scope: tuple[Type, ...]) -> Program:
        """The pattern of two programs below lambdas with variables of these types."""
        match a, b:
            case Lambda(parameters, body), Lambda(others, inner):
                if parameters != others:
                    raise _NothingShared
                return Lambda(parameters, self.of(body, inner, (*scope, *parameters)))
            case Apply(primitive, given), Apply(other, arguments) if _same(a, b):
                parts = tuple(self.of(x, y, scope) for x, y in zip(given, arguments, strict=True))
                return Apply(primitive, parts, a.type)
            case Variable(index), Variable(other) if index == other:
                return a
            case Constant(), Constant() if a == b:
                return a
        return self._hole(a, b, scope)

    def _hole(self, a: Program, b: Program, scope: tuple[Type, ...]) -> Program:
        """What stands for two parts: an input, or a call of one with the variables that either reads."""
        if a.type != b.type or isinstance(a.type, Arrow):
            raise _NothingShared
        depth = len(scope)
        reads = sorted({*_read(a, depth, 0), *_read(b, depth, 0)}, reverse=True)
        if len(reads) > _MOST_VARIABLES:
            raise _NothingShared
        one, other = abstracted(a, reads, scope), abstracted(b, reads, scope)
        if one is None or other is None:
            raise AssertionError(a, b)  # they read nothing else
        if not reads:
            return self.holes.setdefault((one, other), Input(len(self.holes), a.type))
        function = self.holes.setdefault((one, other), Input(len(self.holes), one.type))
        variables = tuple(Variable(v, scope[-1 - v]) for v in reads)
        return Apply(CALLS[len(reads) - 1], (function, *variables), a.type)


def _same(a: Apply, b: Apply) -> bool:
    """Whether two applications are of one primitive at the same types."""
    return (
        a.primitive.name == b.primitive.name
        and a.primitive.sizes == b.primitive.sizes
        and a.type == b.type
        and all(x.type == y.type for x, y in zip(a.arguments, b.arguments, strict=True))
    )


def _read(program: Program, depth: int, bound: int) -> Iterator[int]:
    """Which of the ``depth`` innermost variables around it a program reads."""
    match program:
        case Variable(index) if bound <= index < bound + depth:
            yield index - bound
        case Lambda(parameters, body):
            yield from _read(body, depth, bound + len(parameters))
        case Apply(_, arguments):
            for argument in arguments:
                yield from _read(argument, depth, bound)
